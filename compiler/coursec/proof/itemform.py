"""An item as a table of its fields, equal for two items that ask, show and score the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import assert_never

from coursec.model.items import (
    Choice,
    ChoiceGap,
    Cloze,
    ClozeGap,
    Criterion,
    Essay,
    FileUpload,
    Item,
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
from coursec.model.scoring import choice_weight, multiple_shares
from coursec.proof.textform import Form, form

Fields = dict[str, object]
"""(what a person calls a field, its value) in the order of the language."""

_GRAIN = 100_000
"""Shares are compared in this many parts: formats write 33.33333 for a third."""
_DIGITS = 12
"""Significant digits of a number that survive binary floats."""


def item_fields(item: Item, language: str) -> Fields:
    """Return an item's fields; `language` is the course's."""
    fields: Fields = {
        "type": item.kind,
        "title": item.name,
        "stem": form(item.stem),
        "points": None if isinstance(item, TextItem) else _number(item.points),
        "tags": sorted(set(item.tags)),
        "outcomes": sorted(set(item.outcomes)),
        "Bloom level": item.bloom,
        "difficulty": item.difficulty,
    }
    fields.update((f"hint {n}", form(hint)) for n, hint in enumerate(item.hints, 1))
    for name in ("general", "correct", "partial", "incorrect"):
        fields[f"feedback {name}"] = form(getattr(item.feedback, name))
    fields["shuffle"] = item.shuffle
    fields["language"] = item.language or language
    fields["stimulus"] = item.stimulus
    fields.update(_own(item))
    return fields


def _number(number: Decimal | Fraction | int) -> str:
    """Return a number as its first digits, so that float noise does not count."""
    return f"{float(number) + 0:.{_DIGITS}g}"


def _share(share: Decimal | Fraction) -> Fraction:
    return Fraction(round(Fraction(share) * _GRAIN), _GRAIN)


def _own(item: Item) -> Iterator[tuple[str, object]]:
    """Yield the fields that a type has of its own."""
    match item:
        case SingleChoice():
            yield from _choices(item.choices, [choice_weight(c) for c in item.choices])
        case MultipleChoice():
            yield "scoring", item.scoring
            partial = item.scoring == "partial"
            shares = multiple_shares(item) if partial else [Fraction(0) for _ in item.choices]
            yield from _choices(item.choices, shares)
        case TrueFalse():
            yield "key", item.answer
            yield "feedback of true", form(item.feedback_true)
            yield "feedback of false", form(item.feedback_false)
        case ShortAnswer():
            yield "case", item.case_sensitive
            yield from _typed(item.answers)
        case Numeric():
            yield "unit", item.unit
            yield from _numbers(item.answers)
        case Matching():
            for number, pair in enumerate(item.pairs, 1):
                yield f"premise {number}", form(pair.premise)
                yield f"key of premise {number}", form(pair.response)
            yield "distractors", sorted(map(form, item.distractors), key=repr)
        case Ordering():
            yield from ((f"entry {n}", form(entry)) for n, entry in enumerate(item.sequence, 1))
        case Cloze():
            places = {gap.name: str(number) for number, gap in enumerate(item.gaps, 1)}
            yield "text", _numbered(form(item.text), places)
            for gap in item.gaps:
                place = places[gap.name]
                yield from ((f"{name} of gap {place}", value) for name, value in _gap(gap))
        case Essay():
            yield "lines", item.lines
            yield "least words", item.min_words
            yield "most words", item.max_words
            yield "template", form(item.template)
            yield "sample answer", form(item.sample_answer)
            yield "rubric", _rubric(item.rubric)
        case FileUpload():
            yield "accepted files", sorted(set(item.accept))
            yield "most files", item.max_files
            yield "rubric", _rubric(item.rubric)
        case TextItem():
            return
        case _:
            assert_never(item)


def _choices(
    choices: Sequence[Choice], shares: Sequence[Decimal | Fraction]
) -> Iterator[tuple[str, object]]:
    for number, (choice, share) in enumerate(zip(choices, shares, strict=True), 1):
        yield f"choice {number}", form(choice.text)
        yield f"key of choice {number}", choice.correct
        yield f"weight of choice {number}", _share(share)
        yield f"feedback of choice {number}", form(choice.feedback)
        yield f"place of choice {number}", choice.fixed


def _typed(answers: Sequence[TextAnswer]) -> Iterator[tuple[str, object]]:
    """Yield the answers in an order of their own: the best one that matches counts."""
    for number, answer in enumerate(sorted(answers, key=lambda a: (-a.weight, a.text)), 1):
        yield f"answer {number}", answer.text.strip()
        yield f"weight of answer {number}", _share(answer.weight)
        yield f"feedback of answer {number}", form(answer.feedback)


def _numbers(answers: Sequence[NumberAnswer]) -> Iterator[tuple[str, object]]:
    for number, answer in enumerate(sorted(answers, key=_order), 1):
        widest = max(abs(answer.low), abs(answer.high))
        ends = (_end(answer.low, widest), _end(answer.high, widest))
        yield f"answer {number}", (ends[0], "to", ends[1])
        yield f"weight of answer {number}", _share(answer.weight)
        yield f"feedback of answer {number}", form(answer.feedback)


def _order(answer: NumberAnswer) -> tuple[Decimal, ...]:
    """Return what orders ranges that count the same; the noise of formats does not change it."""
    size = max(abs(answer.low), abs(answer.high))
    parts = (size, answer.high - answer.low, answer.high + answer.low)
    return (-answer.weight, *(Decimal(_end(part, size)) for part in parts))


def _end(number: Decimal, widest: Decimal) -> str:
    """Return an end of a range; formats that write its middle have it up to its size only."""
    return "0" if abs(number) < widest.scaleb(-_DIGITS) else _number(number)


def _gap(gap: ClozeGap) -> Iterator[tuple[str, object]]:
    yield "points", _number(gap.points)
    match gap:
        case ChoiceGap():
            yield "kind", "choices"
            yield from _choices(gap.choices, [choice_weight(c) for c in gap.choices])
        case TextGap():
            yield "kind", "answers"
            yield "case", gap.case_sensitive
            yield from _typed(gap.answers)
        case NumberGap():
            yield "kind", "number"
            yield from _numbers(gap.answers)
        case _:
            assert_never(gap)


def _numbered(value: Form, places: dict[str, str]) -> Form:
    """Return a text's form with its gaps named by their places: formats have no other names."""
    if len(value) == 2 and value[0] == "gap":
        return ("gap", places.get(str(value[1]), str(value[1])))
    return tuple(_numbered(v, places) if isinstance(v, tuple) else v for v in value)


def _rubric(rubric: Sequence[Criterion]) -> Form:
    return tuple(
        (
            c.criterion,
            None if c.points is None else _number(c.points),
            *(
                (lv.label, None if lv.points is None else _number(lv.points), lv.description)
                for lv in c.levels
            ),
        )
        for c in rubric
    )
