"""The answer key: what a marker needs beside the paper of the same version."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import assert_never

from coursec.model.artifact import Typesetting
from coursec.model.items import (
    ONE,
    Choice,
    ChoiceGap,
    Cloze,
    ClozeGap,
    Criterion,
    Essay,
    FileUpload,
    Item,
    Level,
    Matching,
    MultipleChoice,
    NumberAnswer,
    NumberGap,
    Numeric,
    Ordering,
    ShortAnswer,
    SingleChoice,
    TextAnswer,
    TextGap,
    TextItem,
    TrueFalse,
)
from coursec.model.text import RichText
from coursec.targets.pdf.document import Document, phrase
from coursec.targets.pdf.sheet import Question, Sheet, letter
from coursec.targets.pdf.words import Words
from coursec.text.typst import escape


def key(sheet: Sheet, path: str) -> Typesetting:
    """Return the answer key of one version."""
    document = Document(sheet, is_key=True)
    for part in sheet.parts:
        document.section(part.title)
        for entry in part.entries:
            if isinstance(entry, Question):
                _entry(document, entry)
    words = document.words
    total = words.count(words.points, sheet.points)
    document.write(f"#total({phrase(words.total)}, {phrase(total)})")
    return document.typesetting(path)


def _entry(document: Document, question: Question) -> None:
    words, item = document.words, question.item
    document.block(
        "entry",
        question,
        phrase(words.question.format(number=question.number)),
        phrase(item.title),
        document.points(item.points),
        phrase(_meta(words, item)),
        "[" + "\n".join([*_answer(document, item), *_notes(document, item)]) + "]",
    )


def _meta(words: Words, item: Item) -> str:
    """Return the small print: where the item comes from and what it is for."""
    parts = [item.id]
    if item.source:
        parts.append(f"{words.slides}: {', '.join(item.source)}")
    if item.outcomes:
        parts.append(f"{words.outcomes}: {', '.join(item.outcomes)}")
    if item.bloom is not None:
        parts.append(f"{words.bloom}: {item.bloom}")
    if item.difficulty is not None:
        parts.append(f"{words.difficulty}: {words.number(item.difficulty)}")
    if item.tags:
        parts.append(f"{words.tags}: {', '.join(item.tags)}")
    return " · ".join(parts)


def _fact(label: str, content: str) -> str:
    """Return a line: what it tells in bold, then content."""
    return f"#fact{phrase(label)}{content}"


def _told(document: Document, label: str, text: RichText | None, item: Item) -> list[str]:
    return [_fact(label, document.rich(text, item))] if text else []


def _notes(document: Document, item: Item) -> list[str]:
    """Return the hints and the feedback that belong to the whole item."""
    words, feedback = document.words, item.feedback
    return [
        *(line for hint in item.hints for line in _told(document, words.hint, hint, item)),
        *_told(document, words.feedback, feedback.general, item),
        *_told(document, words.if_right, feedback.correct, item),
        *_told(document, words.if_partial, feedback.partial, item),
        *_told(document, words.if_wrong, feedback.incorrect, item),
    ]


def _answer(document: Document, item: Item) -> list[str]:
    """Return the right answers, what else earns points, and how."""
    words, sheet = document.words, document.sheet
    match item:
        case SingleChoice():
            return _choices(document, item, sheet.choices(item, item.choices))
        case MultipleChoice():
            choices = sheet.choices(item, item.choices)
            return [*_choices(document, item, choices), _scoring(words, item)]
        case TrueFalse():
            return [
                _fact(words.answer, phrase(words.true if item.answer else words.false)),
                *_if_chosen(document, item, words.true, item.feedback_true),
                *_if_chosen(document, item, words.false, item.feedback_false),
            ]
        case ShortAnswer():
            accepted = _accepted(words, item.answers)
            return [accepted, *_case(words, item), *_answers(document, item, item.answers)]
        case Numeric():
            accepted = _accepted(words, item.answers, item.unit)
            return [accepted, *_answers(document, item, item.answers)]
        case Matching():
            places = {text: letter(i) for i, text in enumerate(sheet.responses(item))}
            rows = (
                f"[#strong[{places[pair.response]}\\.] {document.rich(pair.response, item)[1:-1]}]"
                for pair in item.pairs
            )
            return [_numbered("1.", rows), _note(words.each_pair)]
        case Ordering():
            places = {text: letter(i) for i, text in enumerate(sheet.entries(item))}
            order = ", ".join(places[text] for text in item.sequence)
            rows = (document.rich(text, item) for text in item.sequence)
            return [
                _fact(words.right_order, phrase(order)),
                _numbered("1.", rows),
                _note(words.each_position),
            ]
        case Cloze():
            return _cloze(document, item)
        case Essay():
            sample = _told(document, words.sample_answer, item.sample_answer, item)
            return [_note(words.by_hand), *sample, *rubric_table(words, item.rubric)]
        case FileUpload():
            return [_note(words.by_hand), *rubric_table(words, item.rubric)]
        case TextItem():
            return []
        case _:
            assert_never(item)


def _note(text: str) -> str:
    return f"#scoring-note{phrase(text)}"


def _case(words: Words, asked: ShortAnswer | TextGap) -> list[str]:
    return [_note(words.case_sensitive)] if asked.case_sensitive else []


def _numbered(pattern: str, rows: Iterable[str]) -> str:
    return f'#numbered("{pattern}", {", ".join(rows)})'


def _scoring(words: Words, item: MultipleChoice) -> str:
    if any(choice.weight is not None for choice in item.choices):
        return _note(words.by_weight)
    if item.scoring == "all_or_nothing":
        return _note(words.all_or_nothing)
    return _note(words.each_right_less_wrong)


def _choices(
    document: Document, item: Item, choices: Sequence[Choice], behind: str = ""
) -> list[str]:
    """Return the right choices with their letters, then weights and feedback by letter."""
    words = document.words
    right = [(i, choice) for i, choice in enumerate(choices) if choice.correct]
    weighed = [
        f"{letter(i)} {words.share(choice.weight)}"
        for i, choice in enumerate(choices)
        if choice.weight is not None
    ]
    lines = []
    if len(right) == 1:
        [(place, choice)] = right
        text = document.rich(choice.text, item)[1:-1]
        lines.append(_fact(words.answer, f"[#strong[{letter(place)}\\.] {text}{behind}]"))
    else:
        letters = ", ".join(letter(i) for i, _ in right) or "–"
        lines.append(_fact(words.answer, f"[#strong{phrase(letters)}{behind}]"))
        rows = [f"enum.item({i + 1}){document.rich(choice.text, item)}" for i, choice in right]
        if rows:
            lines.append(_numbered("A.", rows))
    if weighed:
        lines.append(_fact(words.shares, phrase(", ".join(weighed))))
    for i, choice in enumerate(choices):
        lines += _if_chosen(document, item, letter(i), choice.feedback)
    return lines


def _if_chosen(document: Document, item: Item, answer: str, feedback: RichText | None) -> list[str]:
    return _told(document, document.words.if_chosen.format(answer=answer), feedback, item)


def _accepted(
    words: Words,
    answers: Sequence[TextAnswer | NumberAnswer],
    unit: str | None = None,
    behind: str = "",
) -> str:
    """Return the line of all answers that earn something, each with its share unless it is all."""
    measure = "" if unit is None else f" {unit}"
    shown = [
        f"#strong{phrase(_value(words, answer) + measure)}"
        + ("" if answer.weight == ONE else escape(f" ({words.share(answer.weight)})"))
        for answer in answers
    ]
    label = words.answer if len(shown) == 1 else words.accepted
    return _fact(label, "[" + escape(f" {words.or_} ").join(shown) + f"{behind}]")


def _value(words: Words, answer: TextAnswer | NumberAnswer) -> str:
    """Return what counts as an answer: `BPE`, `3.14 ± 0.01`, `3.0 – 3.2`."""
    if isinstance(answer, TextAnswer):
        return answer.text
    if answer.value is None:
        return f"{words.number(answer.low)} – {words.number(answer.high)}"
    if answer.percent is not None:
        return f"{words.number(answer.value)} ± {words.share(answer.percent / 100)}"
    if answer.tolerance:
        return f"{words.number(answer.value)} ± {words.number(answer.tolerance)}"
    return words.number(answer.value)


def _answers(
    document: Document, item: Item, answers: Sequence[TextAnswer | NumberAnswer]
) -> list[str]:
    return [
        line
        for answer in answers
        for line in _if_chosen(document, item, _value(document.words, answer), answer.feedback)
    ]


def _cloze(document: Document, item: Cloze) -> list[str]:
    return [_numbered("(1)", (f"[{_gap(document, item, gap)}]" for gap in item.gaps))]


def _gap(document: Document, item: Cloze, gap: ClozeGap) -> str:
    """Return what fills a gap and what that earns."""
    words = document.words
    points = "#aside" + phrase(words.count(words.points, gap.points))
    match gap:
        case ChoiceGap():
            choices = document.sheet.choices(item, gap.choices, gap.name)
            lines = _choices(document, item, choices, points)
        case TextGap():
            lines = [
                _accepted(words, gap.answers, behind=points),
                *_case(words, gap),
                *_answers(document, item, gap.answers),
            ]
        case NumberGap():
            lines = [
                _accepted(words, gap.answers, behind=points),
                *_answers(document, item, gap.answers),
            ]
        case _:
            assert_never(gap)
    return "\n".join(lines)


def rubric_table(
    words: Words, rubric: Sequence[Criterion], widths: Sequence[str] | None = None
) -> list[str]:
    """Return a rubric as a table in markup; nothing for none. `widths` are Typst's, of columns."""
    if not rubric:
        return []
    rows = []
    for criterion in rubric:
        points = "" if criterion.points is None else words.number(criterion.points)
        levels = "#linebreak()".join(escape(_level(words, level)) for level in criterion.levels)
        rows.append([phrase(criterion.criterion), phrase(points), f"[{levels}]"])
    columns = 3 if any(criterion.levels for criterion in rubric) else 2
    header = ", ".join(phrase(word) for word in words.rubric[:columns])
    lines = ["align: (start, end, start)", f"table.header({header})"]
    lines += [", ".join(row[:columns]) for row in rows]
    shape = f"({', '.join(widths[:columns])})" if widths else columns
    return [f"#table(columns: {shape}, " + ",\n".join(lines) + "\n)"]


def _level(words: Words, level: Level) -> str:
    """Return a level of a criterion: `good (2 points): names both causes`."""
    points = "" if level.points is None else f" ({words.count(words.points, level.points)})"
    description = "" if level.description is None else f": {level.description}"
    return f"{level.label}{points}{description}"
