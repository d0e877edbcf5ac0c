"""The paper: what students get."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from coursec.model.artifact import Typesetting
from coursec.model.items import (
    Choice,
    ChoiceGap,
    Cloze,
    ClozeGap,
    Essay,
    FileUpload,
    Item,
    Matching,
    MultipleChoice,
    NumberGap,
    Numeric,
    Ordering,
    ShortAnswer,
    SingleChoice,
    TextGap,
    TextItem,
    TrueFalse,
)
from coursec.model.text import RichText
from coursec.targets.pdf.document import Document, phrase
from coursec.targets.pdf.sheet import Passage, Question, Sheet

ESSAY_LINES = 12
"""Lines to write an essay on where its author names no number."""

# Widths of a typed gap by the length of its longest answer: few of them, so that they do not
# tell the length.
_GAP_WIDTHS = ((8, "5em"), (18, "9em"))
_WIDEST_GAP = "14em"
_LETTER_GAP = "2.6em"


def paper(sheet: Sheet, path: str) -> Typesetting:
    """Return the paper of one version."""
    document = Document(sheet, is_key=False)
    if sheet.quiz.instructions:
        document.write(f"#framed({document.rich(sheet.quiz.instructions, None)})")
    for part in sheet.parts:
        document.section(part.title)
        for entry in part.entries:
            if isinstance(entry, Passage):
                _passage(document, entry)
            else:
                _question(document, entry)
    return document.typesetting(path)


def _passage(document: Document, passage: Passage) -> None:
    words = document.words
    label = note = None
    if passage.number is not None:
        label = words.passage.format(number=passage.number)
        form = words.for_one if len(passage.questions) == 1 else words.for_many
        note = form.format(questions=_enumerated(passage.questions, words.and_))
    # Instructions have no heading, so their own headings stand where it would.
    depth = 0 if label is None else 1
    body = document.rich(passage.item.stem, passage.item, depth=depth)
    document.block("passage", passage, phrase(label), phrase(note), body)


def _enumerated(numbers: Iterable[int], and_: str) -> str:
    """Return ascending numbers in words: 3–5, 8 and 9."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    shown = [
        part
        for run in runs
        for part in ([f"{run[0]}–{run[-1]}"] if len(run) > 2 else [str(n) for n in run])
    ]
    return f" {and_} ".join(filter(None, (", ".join(shown[:-1]), shown[-1])))


def _question(document: Document, question: Question) -> None:
    words, item = document.words, question.item
    note = ""
    if question.passage is not None:
        number, before = question.passage
        note = _ask(words.see_passage.format(number=number, question=before))
    body = (f"#written{document.rich(item.stem, item)}\n" if item.stem else "") + _answer(
        document, question
    )
    document.block(
        "question",
        question,
        phrase(words.question.format(number=question.number)),
        document.points(item.points),
        f"[{note}{body}]",
    )


def _ask(text: str) -> str:
    return f"#ask{phrase(text)}\n"


def _answer(document: Document, question: Question) -> str:
    """Return what a student answers in."""
    words, item, sheet = document.words, question.item, document.sheet
    space = document.quiz.print.answer_space
    match item:
        case SingleChoice():
            marks = "rings" if space else "letters"
            return _list(document, item, marks, _texts(sheet.choices(item, item.choices)))
        case MultipleChoice():
            marks = "squares" if space else "letters"
            texts = _texts(sheet.choices(item, item.choices))
            return _ask(words.mark_all) + _list(document, item, marks, texts)
        case TrueFalse():
            return f"#true-false({_flag(space)}, {phrase(words.true)}, {phrase(words.false)})"
        case ShortAnswer():
            return f"#rule({phrase(words.answer)}, 65%, none)" if space else ""
        case Numeric():
            if space:
                return f"#rule({phrase(words.answer)}, 9em, {phrase(item.unit)})"
            return "" if item.unit is None else f"#written{phrase(f'… {item.unit}')}"
        case Matching():
            premises = _array(document, item, (pair.premise for pair in item.pairs))
            responses = _array(document, item, sheet.responses(item))
            ask = _ask(words.match) if space else ""
            return f"{ask}#matching({_flag(space)}, {premises}, {responses})"
        case Ordering():
            ask = _ask(words.order) if space else ""
            return ask + _list(
                document, item, "blanks" if space else "letters", sheet.entries(item)
            )
        case Cloze():
            return _cloze(document, item)
        case Essay():
            return _essay(document, item)
        case FileUpload():
            upload = words.count(words.upload, item.max_files)
            if item.accept:
                upload += " " + words.upload_types.format(types=", ".join(item.accept))
            return _ask(upload)
        case TextItem():
            return ""
        case _:
            assert_never(item)


def _flag(value: bool) -> str:
    return "true" if value else "false"


def _texts(choices: Iterable[Choice]) -> Iterable[RichText]:
    return (choice.text for choice in choices)


def _list(document: Document, item: Item, marks: str, texts: Iterable[RichText]) -> str:
    return f"#{marks}({', '.join(document.rich(text, item) for text in texts)})"


def _array(document: Document, item: Item, texts: Iterable[RichText]) -> str:
    return f"({''.join(document.rich(text, item) + ', ' for text in texts)}\n)"


def _cloze(document: Document, item: Cloze) -> str:
    """Return the text with numbered gaps, and below it what the drop-down gaps offer."""
    numbers = {gap.name: number for number, gap in enumerate(item.gaps, 1)}
    written = document.rich(
        item.text, item, lambda name: f"#gap({numbers[name]}, {_width(item.gap(name))})"
    )
    rows = [
        f"({numbers[gap.name]}, {_array(document, item, _texts(choices))})"
        for gap in item.gaps
        if isinstance(gap, ChoiceGap)
        for choices in [document.sheet.choices(item, gap.choices, gap.name)]
    ]
    if not rows:
        return f"#written{written}"
    return f"#written{written}\n{_ask(document.words.choose)}#gap-choices({', '.join(rows)})"


def _width(gap: ClozeGap) -> str:
    match gap:
        case ChoiceGap():
            return _LETTER_GAP
        case TextGap():
            longest = max(len(answer.text) for answer in gap.answers)
        case NumberGap():
            longest = max(len(f"{answer.model:f}") for answer in gap.answers)
        case _:
            assert_never(gap)
    return next((width for length, width in _GAP_WIDTHS if longest <= length), _WIDEST_GAP)


def _essay(document: Document, item: Essay) -> str:
    words = document.words
    parts = []
    if item.min_words is not None and item.max_words is not None:
        parts.append(_ask(words.words_between.format(low=item.min_words, high=item.max_words)))
    elif item.min_words is not None:
        parts.append(_ask(words.words_at_least.format(low=item.min_words)))
    elif item.max_words is not None:
        parts.append(_ask(words.words_at_most.format(high=item.max_words)))
    if item.template:
        parts.append(_ask(words.begin))
        parts.append(f"#written{document.rich(item.template, item)}\n")
    if document.quiz.print.answer_space:
        lines = ESSAY_LINES if item.lines is None else item.lines
        parts.append(f"#ruled({lines})")
    return "".join(parts)
