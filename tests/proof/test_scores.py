"""What responses earn, computed from the emitted file alone.

Each item is written by a target, read back by that format's reader, and the item that was read is
scored. Responses are what a student sees and does: words of choices, typed texts, entries in an
order. What they earn was worked out by hand from the language's rules; where a target announces
that it scores otherwise, the other figure stands beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest

from coursec.diagnostics import Diagnostics
from coursec.model.award import Response, award
from coursec.model.items import (
    Choice,
    ChoiceGap,
    Cloze,
    Essay,
    FileUpload,
    Item,
    Matching,
    MultipleChoice,
    NumberAnswer,
    NumberGap,
    Numeric,
    Ordering,
    Pair,
    ShortAnswer,
    SingleChoice,
    TextAnswer,
    TextGap,
    TextItem,
    TrueFalse,
)
from coursec.model.text import Gap, Paragraph, RichText, Text, plain
from coursec.proof.expected import EXPECTED, expected_of
from coursec.readers import reader
from coursec.targets import emitter
from coursec.targets.capability import left_out
from courses import quiz_of

D = Decimal
TARGETS = tuple(EXPECTED)
NO_TARGETS: Mapping[str, Fraction | int] = MappingProxyType({})


class Try(NamedTuple):
    """A response and what it earns of the item's points, for some targets otherwise."""

    response: Any
    share: Fraction | int
    otherwise: Mapping[str, Fraction | int] = NO_TARGETS


def words(text: RichText) -> str:
    """Return the words of a text of one paragraph."""
    return "".join(node.text for node in text.inline or () if isinstance(node, Text)).strip()


def choices(
    *texts: str, right: Sequence[str], weights: Mapping[str, str] = {}
) -> tuple[Choice, ...]:
    return tuple(
        Choice(
            text=plain(text),
            correct=text in right,
            weight=D(weights[text]) if text in weights else None,
        )
        for text in texts
    )


def numbers(*rows: tuple[str, str, str]) -> tuple[NumberAnswer, ...]:
    return tuple(
        NumberAnswer(
            low=D(value) - D(margin),
            high=D(value) + D(margin),
            value=D(value),
            tolerance=D(margin),
            weight=D(weight),
        )
        for value, margin, weight in rows
    )


def gaps(*parts: str | Gap) -> RichText:
    return RichText((Paragraph(tuple(Text(p) if isinstance(p, str) else p for p in parts)),))


HALF, THIRD, NONE = Fraction(1, 2), Fraction(1, 3), Fraction(0)

CASES: list[tuple[Item, list[Try]]] = [
    (
        SingleChoice(
            id="single",
            stem=plain("Which?"),
            points=D(2),
            choices=choices(
                "right",
                "half",
                "minus",
                "wrong",
                right=["right"],
                weights={"half": "0.5", "minus": "-0.25"},
            ),
        ),
        [
            Try("right", 1),
            Try(None, 0),
            Try("half", HALF, {"canvas": 0}),
            Try("minus", Fraction(-1, 4), {"canvas": 0}),
            Try("wrong", 0),
        ],
    ),
    (
        MultipleChoice(
            id="multiple",
            stem=plain("Which two?"),
            points=D(3),
            choices=choices("a", "b", "x", "y", right=["a", "b"]),
        ),
        [
            Try(["a", "b"], 1),
            Try([], 0),
            Try(["a"], HALF),
            Try(["a", "x"], 0),
            Try(["a", "b", "x"], HALF),
            Try(["x", "y"], 0),
            Try(["a", "b", "x", "y"], 0),
        ],
    ),
    (
        MultipleChoice(
            id="all-or-nothing",
            stem=plain("Exactly which?"),
            scoring="all_or_nothing",
            choices=choices("a", "b", "x", right=["a", "b"]),
        ),
        [
            Try(["a", "b"], 1),
            Try([], 0),
            Try(["a"], 0, {"gift": HALF, "moodle": HALF, "canvas": HALF}),
            Try(["a", "b", "x"], 0, {"gift": HALF, "canvas": HALF}),
        ],
    ),
    (
        TrueFalse(id="true", stem=plain("Yes."), answer=True, points=D("1.5")),
        [Try(True, 1), Try(False, 0), Try(None, 0)],
    ),
    (
        TrueFalse(id="false", stem=plain("No."), answer=False),
        [Try(False, 1), Try(True, 0), Try(None, 0)],
    ),
    (
        ShortAnswer(
            id="short",
            stem=plain("Say."),
            answers=(
                TextAnswer(text="skip-gram"),
                TextAnswer(text="a*b"),
                TextAnswer(text="skipgram", weight=D("0.5")),
            ),
        ),
        [
            Try("skip-gram", 1),
            Try("Skip-Gram", 1),
            Try(" skip-gram ", 1),
            Try("a*b", 1),
            Try("axb", 0),
            Try("skipgram", HALF, {"canvas": 0}),
            Try("cbow", 0),
            Try(None, 0),
        ],
    ),
    (
        ShortAnswer(
            id="case",
            stem=plain("Say."),
            case_sensitive=True,
            answers=(TextAnswer(text="NaN"),),
        ),
        [Try("NaN", 1), Try("nan", 0, {"gift": 1, "canvas": 1}), Try(None, 0)],
    ),
    (
        Numeric(
            id="numeric",
            stem=plain("How much?"),
            points=D(4),
            answers=numbers(("9.81", "0.02", "1"), ("10", "0.5", "0.5")),
        ),
        [
            Try("9.81", 1),
            Try("9.79", 1),
            Try("9.83", 1),
            Try("9.84", HALF, {"canvas": 0}),
            Try("10.5", HALF, {"canvas": 0}),
            Try("9.4", 0),
            Try("nothing", 0),
            Try(None, 0),
        ],
    ),
    (
        Numeric(
            id="range",
            stem=plain("Between?"),
            answers=(NumberAnswer(low=D("-0.0015"), high=D(2)),),
        ),
        [
            Try("1", 1),
            Try("-0.0015", 1),
            Try("2", 1),
            Try("2.1", 0),
            Try("-0.002", 0),
            Try(None, 0),
        ],
    ),
    (
        Numeric(id="exact", stem=plain("How many?"), answers=numbers(("294912", "0", "1"))),
        [Try("294912", 1), Try("294913", 0), Try("294911.5", 0), Try(None, 0)],
    ),
    (
        Matching(
            id="matching",
            stem=plain("Match."),
            points=D(3),
            pairs=(
                Pair(premise=plain("one"), response=plain("eins")),
                Pair(premise=plain("two"), response=plain("zwei")),
                Pair(premise=plain("too"), response=plain("zwei")),
            ),
            distractors=(plain("drei"),),
        ),
        [
            Try({"one": "eins", "two": "zwei", "too": "zwei"}, 1),
            Try({}, 0),
            Try({"one": "eins", "two": "eins", "too": "drei"}, THIRD),
            Try({"two": "zwei", "too": "zwei"}, 2 * THIRD),
        ],
    ),
    (
        Ordering(id="ordering", stem=plain("Order."), sequence=tuple(map(plain, "abcd"))),
        [
            Try(["a", "b", "c", "d"], 1),
            Try(None, 0),
            Try(["b", "a", "c", "d"], HALF),
            Try(["d", "a", "b", "c"], 0),
        ],
    ),
    (
        Cloze(
            id="drop-downs",
            text=gaps("The ", Gap("x"), " and the ", Gap("y"), "."),
            points=D(3),
            gaps=(
                ChoiceGap(name="x", choices=choices("cat", "dog", right=["cat"]), points=D(2)),
                ChoiceGap(name="y", choices=choices("tom", "rex", right=["tom"]), points=D(1)),
            ),
        ),
        [
            Try(["cat", "tom"], 1),
            Try([None, None], 0),
            Try(["cat", None], 2 * THIRD, {"canvas": HALF}),
            Try(["dog", "tom"], THIRD, {"canvas": HALF}),
        ],
    ),
    (
        Cloze(
            id="mixed",
            text=gaps("A ", Gap("x"), " of ", Gap("y"), " and ", Gap("z"), "."),
            points=D(3),
            gaps=(
                ChoiceGap(name="x", choices=choices("cat", "dog", right=["cat"]), points=D(1)),
                TextGap(name="y", answers=(TextAnswer(text="grey"),), points=D(1)),
                NumberGap(name="z", answers=numbers(("4.5", "0.5", "1")), points=D(1)),
            ),
        ),
        [
            Try(["cat", "grey", "4.5"], 1),
            Try([None, None, None], 0),
            Try(["cat", "Grey", "7"], 2 * THIRD),
            Try(["dog", "red", "4.9"], THIRD, {"canvas": 0}),
        ],
    ),
    (
        Cloze(
            id="one-gap",
            text=gaps("Paris is in ", Gap("x"), "."),
            gaps=(TextGap(name="x", answers=(TextAnswer(text="France"),)),),
        ),
        [Try(["france"], 1), Try([None], 0), Try(["Spain"], 0)],
    ),
]
BY_PERSON: list[Item] = [
    Essay(id="essay", stem=plain("Discuss."), points=D(5)),
    FileUpload(id="upload", stem=plain("Hand in."), points=D(5)),
    TextItem(id="text", stem=plain("Read.")),
]


def read_back(item: Item, target: str) -> Item:
    """Return an item as the target's reader finds it in the target's file."""
    (artifact,) = emitter(target)(quiz_of(item))
    sink = Diagnostics()
    (reading,) = reader(expected_of(target).format)(artifact.path, artifact.data, sink)
    assert [d.message for d in sink] == []
    (found,) = reading.items
    return found


def response_to(item: Item, what: Any) -> Response:
    """Return what a student does as a response to the item that was read."""
    match item:
        case SingleChoice():
            texts = [words(choice.text) for choice in item.choices]
            return None if what is None else texts.index(what)
        case MultipleChoice():
            texts = [words(choice.text) for choice in item.choices]
            return frozenset(texts.index(word) for word in what)
        case Matching() if what is None or isinstance(what, list):
            # Entries to be ordered: each is matched with its place.
            order = what or []
            places = [str(order.index(words(p.premise)) + 1) if order else None for p in item.pairs]
            return [_response(item, place) for place in places]
        case Matching():
            return [_response(item, what.get(words(pair.premise))) for pair in item.pairs]
        case Ordering():
            texts = [words(entry) for entry in item.sequence]
            return None if what is None else [texts.index(word) for word in what]
        case Cloze():
            return {
                gap.name: _in_gap(gap, typed) for gap, typed in zip(item.gaps, what, strict=True)
            }
        case _:
            return what


def _response(item: Matching, word: str | None) -> RichText | None:
    return next((text for text in item.responses if words(text) == word), None)


def _in_gap(gap: object, typed: str | None) -> Any:
    if typed is None or not isinstance(gap, ChoiceGap):
        return typed
    return [words(choice.text) for choice in gap.choices].index(typed)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize(("item", "tries"), CASES, ids=[item.id for item, _ in CASES])
def test_a_file_scores_as_the_author_meant(item: Item, tries: list[Try], target: str) -> None:
    if left_out(target, item):
        return
    found = read_back(item, target)
    points = 1 if target == "gift" else Fraction(item.points)
    for what, share, otherwise in tries:
        earned = award(found, response_to(found, what))
        assert earned is not None
        wanted = otherwise.get(target, share) * points
        assert abs(earned - wanted) < Fraction(1, 100_000), (what, float(earned), float(wanted))


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("item", BY_PERSON, ids=lambda item: item.id)
def test_a_person_marks_what_a_person_must(item: Item, target: str) -> None:
    if left_out(target, item):
        return
    found = read_back(item, target)
    assert found.kind == item.kind
    assert award(found, None) is None
    if not isinstance(item, TextItem) and target != "gift":
        assert found.points == item.points
