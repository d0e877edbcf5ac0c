"""What a response earns: scoring as the language defines it, for every type a machine marks."""

from __future__ import annotations

from collections.abc import Mapping as MappingType
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import assert_never

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
from coursec.model.scoring import choice_weight, folded, multiple_shares
from coursec.model.text import RichText

GapResponse = int | str | None
"""The position of the chosen choice, or what was typed; None is a gap left empty."""
Response = (
    None
    | bool
    | int
    | str
    | frozenset[int]
    | Sequence[int]
    | Sequence[RichText | None]
    | MappingType[str, GapResponse]
)
"""A student's response; None is a blank one.

A single choice takes the position of a choice, a multiple choice the set of them, true or false a
boolean, typed answers a text, matching the response given to each premise in turn, ordering the
positions of the model's entries in the order given, a cloze what stands in each gap by name.
"""

_ALL = Fraction(1)
_NOTHING = Fraction(0)


def award(item: Item, response: Response) -> Fraction | None:
    """Return what a response earns in points; None where a person marks."""
    share = _share(item, response)
    return None if share is None else share * Fraction(item.points)


def _share(item: Item, response: Response) -> Fraction | None:
    match item:
        case SingleChoice():
            return _chosen(item.choices, response)
        case MultipleChoice():
            return _ticked(item, frozenset() if response is None else response)
        case TrueFalse():
            return Fraction(response is item.answer)
        case ShortAnswer():
            return _typed(item.answers, item.case_sensitive, response)
        case Numeric():
            return _number(item.answers, response)
        case Matching():
            given = [] if response is None else list(_sequence(response))
            pairs = zip(item.pairs, given, strict=False)
            right = sum(pair.response == answer for pair, answer in pairs)
            return Fraction(right, len(item.pairs))
        case Ordering():
            given = [] if response is None else list(_sequence(response))
            right = sum(place == entry for place, entry in enumerate(given))
            return Fraction(right, len(item.sequence))
        case Cloze():
            assert response is None or isinstance(response, MappingType)
            earned = sum(
                (Fraction(g.points) * _gap(g, (response or {}).get(g.name)) for g in item.gaps),
                _NOTHING,
            )
            return earned / Fraction(item.points)
        case Essay() | FileUpload() | TextItem():
            return None
        case _:
            assert_never(item)


def _sequence(response: Response) -> Sequence[object]:
    assert isinstance(response, Sequence)
    assert not isinstance(response, str)
    return response


def _chosen(choices: Sequence[Choice], response: object) -> Fraction:
    if response is None:
        return _NOTHING
    assert isinstance(response, int)
    return Fraction(choice_weight(choices[response]))


def _ticked(item: MultipleChoice, response: object) -> Fraction:
    assert isinstance(response, frozenset)
    right = {position for position, choice in enumerate(item.choices) if choice.correct}
    if item.scoring == "all_or_nothing" or not right:
        return Fraction(response == right)
    shares = multiple_shares(item)
    return min(_ALL, max(_NOTHING, sum((shares[p] for p in response), _NOTHING)))


def _typed(answers: Sequence[TextAnswer], case_sensitive: bool, response: object) -> Fraction:
    if response is None:
        return _NOTHING
    given = folded(str(response), case_sensitive)
    earned = (Fraction(a.weight) for a in answers if folded(a.text, case_sensitive) == given)
    return max(earned, default=_NOTHING)


def _number(answers: Sequence[NumberAnswer], response: object) -> Fraction:
    try:
        number = Decimal(str(response))
    except InvalidOperation:
        return _NOTHING
    earned = (Fraction(a.weight) for a in answers if a.low <= number <= a.high)
    return max(earned, default=_NOTHING)


def _gap(gap: ClozeGap, response: GapResponse) -> Fraction:
    match gap:
        case ChoiceGap():
            return _chosen(gap.choices, response)
        case TextGap():
            return _typed(gap.answers, gap.case_sensitive, response)
        case NumberGap():
            return _number(gap.answers, response)
    assert_never(gap)
