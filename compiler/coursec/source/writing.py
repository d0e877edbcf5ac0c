"""Items and quizzes to the language's YAML: what is written is read as equal items."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import assert_never

from coursec.diagnostics import Span
from coursec.model.items import (
    ONE,
    Choice,
    ChoiceGap,
    Cloze,
    ClozeGap,
    Criterion,
    Essay,
    Feedback,
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
from coursec.model.numbers import decimal_text
from coursec.model.provenance import Provenance
from coursec.model.text import Asset, RichText
from coursec.source.answers import around
from coursec.source.layout import Prose, Short, Value, bank, document
from coursec.source.nodes import Scalar
from coursec.source.provenance import provenance_fields
from coursec.text.markdown import markdown_text

ImageName = Callable[[Asset], str]
Fields = dict[str, Value]

_MOST = Decimal(10_000)
"""Most points that an item may name."""


def bank_text(items: Sequence[Item], image: ImageName, always: Collection[str] = ()) -> str:
    """Return a bank of items as YAML.

    `image` names the file of an image as the bank is to name it. `always` are keys that are
    written even where they have their default, because the course's defaults say otherwise.
    The items' texts are as `coursec.text.markdown.normal` leaves them.
    """
    writer = _Writer(image, frozenset(always))
    return bank([writer.item(item) for item in items])


def quiz_text(
    *,
    id: str,  # noqa: A002
    title: str,
    instructions: RichText,
    time_limit: int | None,
    attempts: int | None,
    shuffle_items: bool,
    shuffle_choices: bool,
    sections: Sequence[tuple[str | None, Sequence[str], int | None]],
    image: ImageName,
) -> str:
    """Return a quiz spec as YAML; sections are (title, ids of items, how many are picked)."""
    out: Fields = {"quiz": Prose(id, strict=True), "title": _line(title)}
    if instructions:
        out["instructions"] = Prose(markdown_text(instructions, image))
    if time_limit:
        hours, minutes = divmod(time_limit, 60)
        parts = [f"{hours} h"] * bool(hours) + [f"{minutes} min"] * bool(minutes)
        out["time_limit"] = " ".join(parts)
    if attempts is not None:
        out["attempts"] = str(attempts) if attempts else "unlimited"
    if shuffle_items and shuffle_choices:
        out["shuffle"] = "true"
    elif shuffle_items or shuffle_choices:
        out["shuffle"] = Short({"items" if shuffle_items else "choices": "true"})
    out["sections"] = [_section(*section) for section in sections]
    return document(out)


def _section(title: str | None, ids: Sequence[str], pick: int | None) -> Fields:
    out: Fields = {}
    if title:
        out["title"] = _line(title)
    if pick is not None:
        out["pick"] = str(pick)
    out["items"] = Short([Prose(name, strict=True) for name in ids])
    return out


def course_text(code: str, title: str, language: str) -> str:
    """Return the head of a course as YAML."""
    return document(
        {
            "course": _line(code),
            "title": _line(title),
            "language": Prose(language, strict=True),
        }
    )


@dataclass(frozen=True, slots=True)
class _Writer:
    """Turns items into fields, in the order of the author's guide."""

    image: ImageName
    always: frozenset[str]

    def item(self, item: Item) -> Fields:
        out: Fields = {"id": Prose(item.id, strict=True), "type": item.kind}
        if item.title is not None:
            out["title"] = _line(item.title)
        if item.stem:
            out["stem"] = self.text(item.stem)
        out.update(self.own(item))
        out.update(self.common(item))
        return out

    def text(self, text: RichText) -> Prose:
        return Prose(markdown_text(text, self.image))

    def texts(self, given: dict[str, RichText | None]) -> Fields:
        """Return those of some texts that are there."""
        return {key: self.text(text) for key, text in given.items() if text is not None}

    def flag(self, key: str, value: bool) -> Fields:
        """Return a flag that is false by default."""
        return {key: "true" if value else "false"} if value or key in self.always else {}

    def words(self, key: str, words: Sequence[str], *, strict: bool = False) -> Fields:
        if not words and key not in self.always:
            return {}
        return {key: Short([_line(word, strict=strict) for word in words])}

    # What every type has

    def common(self, item: Item) -> Fields:
        out: Fields = {}
        if (item.points != ONE or "points" in self.always) and not _gaps_have_points(item):
            out["points"] = decimal_text(item.points)
        out |= self.words("tags", item.tags)
        out |= self.words("outcomes", item.outcomes)
        if item.bloom is not None:
            out["bloom"] = item.bloom
        if item.difficulty is not None:
            out["difficulty"] = decimal_text(item.difficulty)
        if item.hints:
            out["hints"] = [self.text(hint) for hint in item.hints]
        out |= self.feedback(item.feedback)
        if item.shuffle is not None:
            out["shuffle"] = "true" if item.shuffle else "false"
        out |= self.words("source", item.source, strict=True)
        if item.status != "approved" or "status" in self.always:
            out["status"] = item.status
        if item.language is not None:
            out["language"] = Prose(item.language, strict=True)
        if item.stimulus is not None:
            out["stimulus"] = Prose(item.stimulus, strict=True)
        if item.notes is not None:
            out["notes"] = Prose(item.notes)
        if item.provenance is not None and item.provenance != Provenance():
            out["provenance"] = provenance_fields(item.provenance)
        return out

    def feedback(self, feedback: Feedback) -> Fields:
        given = self.texts(
            {
                "general": feedback.general,
                "correct": feedback.correct,
                "partial": feedback.partial,
                "incorrect": feedback.incorrect,
            }
        )
        if not given:
            return {}
        return {"feedback": given["general"] if list(given) == ["general"] else given}

    # What a type has of its own

    def own(self, item: Item) -> Fields:
        match item:
            case SingleChoice():
                return {"choices": [self.choice(choice) for choice in item.choices]}
            case MultipleChoice():
                out: Fields = {"choices": [self.choice(choice) for choice in item.choices]}
                if item.scoring != "partial" or "scoring" in self.always:
                    out = {"scoring": item.scoring, **out}
                return out
            case TrueFalse():
                return {
                    "answer": "true" if item.answer else "false",
                    **self.texts(
                        {
                            "feedback_true": item.feedback_true,
                            "feedback_false": item.feedback_false,
                        }
                    ),
                }
            case ShortAnswer():
                return {
                    "answers": [self.typed(answer) for answer in item.answers],
                    **self.flag("case_sensitive", item.case_sensitive),
                }
            case Numeric():
                unit: Fields = {} if item.unit is None else {"unit": _line(item.unit)}
                return {**self.numbers(item.answers), **unit}
            case Matching():
                pairs: list[Value] = [
                    Short({"premise": self.text(p.premise), "response": self.text(p.response)})
                    for p in item.pairs
                ]
                others: list[Value] = [self.text(text) for text in item.distractors]
                return {"pairs": pairs, **({"distractors": Short(others)} if others else {})}
            case Ordering():
                return {"sequence": [self.text(entry) for entry in item.sequence]}
            case Cloze():
                return {"text": self.text(item.text), "gaps": self.gaps(item)}
            case Essay():
                return self.essay(item)
            case FileUpload():
                files: Fields = {} if item.max_files == 1 else {"max_files": str(item.max_files)}
                return {
                    **self.words("accept", item.accept, strict=True),
                    **files,
                    **_rubric(item.rubric),
                }
            case TextItem():
                return {}
        assert_never(item)

    def essay(self, item: Essay) -> Fields:
        numbers = {
            "lines": item.lines,
            "min_words": item.min_words,
            "max_words": item.max_words,
        }
        return {
            **{key: str(number) for key, number in numbers.items() if number is not None},
            **self.texts({"template": item.template, "sample_answer": item.sample_answer}),
            **_rubric(item.rubric),
        }

    def choice(self, choice: Choice) -> Value:
        more: Fields = {"correct": "true"} if choice.correct else {}
        if choice.weight is not None:
            more["weight"] = decimal_text(choice.weight)
        more |= self.texts({"feedback": choice.feedback})
        if choice.fixed:
            more["fixed"] = "true"
        text = self.text(choice.text)
        return {"text": text, **more} if more else text

    def typed(self, answer: TextAnswer) -> Value:
        more = self.scored(answer)
        text = _line(answer.text)
        return Short({"text": text, **more}) if more else text

    def scored(self, answer: TextAnswer | NumberAnswer) -> Fields:
        more: Fields = {} if answer.weight == ONE else {"weight": decimal_text(answer.weight)}
        return more | self.texts({"feedback": answer.feedback})

    def numbers(self, answers: Sequence[NumberAnswer]) -> Fields:
        if len(answers) == 1 and not self.scored(answers[0]):
            return _number(answers[0])
        entries: list[Value] = []
        for answer in answers:
            fields = {**_number(answer), **self.scored(answer)}
            entries.append(fields["answer"] if list(fields) == ["answer"] else Short(fields))
        return {"answers": entries}

    # Gaps

    def gaps(self, item: Cloze) -> Fields:
        told = _gaps_have_points(item)
        out: Fields = {}
        for gap in item.gaps:
            fields = self.gap(gap)
            if told and gap.points != ONE:
                fields["points"] = decimal_text(gap.points)
            out[gap.name] = Short(fields)
        return out

    def gap(self, gap: ClozeGap) -> Fields:
        match gap:
            case ChoiceGap():
                return {"choices": Short([self.choice(choice) for choice in gap.choices])}
            case TextGap():
                return {
                    "answers": Short([self.typed(answer) for answer in gap.answers]),
                    **self.flag("case_sensitive", gap.case_sensitive),
                }
            case NumberGap():
                return _number(gap.answers[0])
        assert_never(gap)


def _line(text: str, *, strict: bool = False) -> Prose:
    """Return a plain text, which is read with its blanks squeezed."""
    return Prose(" ".join(text.split()), strict)


def _gaps_have_points(item: Item) -> bool:
    """Tell whether gaps say what they are worth: they do unless all are worth the same."""
    if not isinstance(item, Cloze):
        return False
    share = item.points / len(item.gaps)
    return item.points > _MOST or any(gap.points != share for gap in item.gaps)


def _number(answer: NumberAnswer) -> Fields:
    """Return a number with its tolerance, or a range where it says no more than that."""
    if answer.value is not None:
        fields: Fields = {"answer": decimal_text(answer.value)}
        tolerance = None
        if answer.tolerance is not None:
            by_percent = answer.percent is not None
            tolerance = f"{answer.percent:f}%" if by_percent else decimal_text(answer.tolerance)
            fields["tolerance"] = tolerance
        margin = None if tolerance is None else Scalar(tolerance, Span(""))
        read = around(answer.value, margin, ONE, None, Span(""))
        if (read.low, read.high) == (answer.low, answer.high):
            return fields
    return {"range": Short([decimal_text(answer.low), decimal_text(answer.high)])}


def _rubric(criteria: Sequence[Criterion]) -> Fields:
    entries: list[Value] = []
    for criterion in criteria:
        fields: Fields = {"criterion": _line(criterion.criterion)}
        if criterion.points is not None:
            fields["points"] = decimal_text(criterion.points)
        if criterion.levels:
            fields["levels"] = [_level(level) for level in criterion.levels]
        entries.append(fields)
    return {"rubric": entries} if entries else {}


def _level(level: Level) -> Value:
    fields: Fields = {"label": _line(level.label)}
    if level.points is not None:
        fields["points"] = decimal_text(level.points)
    if level.description is not None:
        fields["description"] = _line(level.description)
    return Short(fields) if len(fields) > 1 else fields["label"]
