"""What each response earns, in whole units wherever engines would add up fractions.

Engines calculate with binary floats. Sums of whole units are exact, and dividing them once at
the end gives a fully right response exactly its points, so that "fully right" can be tested.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import lcm

from coursec.model.items import (
    ONE,
    ZERO,
    Choice,
    ChoiceGap,
    Cloze,
    MultipleChoice,
    NumberGap,
    TextAnswer,
    TextGap,
)
from coursec.model.numbers import decimal_text


def choice_weight(choice: Choice) -> Decimal:
    """Return a choice's share where a student picks one."""
    if choice.weight is not None:
        return choice.weight
    return ONE if choice.correct else ZERO


def weighted(choices: tuple[Choice, ...]) -> bool:
    """Tell whether the author gave any choice a weight."""
    return any(choice.weight is not None for choice in choices)


def multiple_shares(item: MultipleChoice) -> tuple[list[str], int]:
    """Return the units that each choice earns, and the units of a fully right response."""
    right = sum(choice.correct for choice in item.choices) or 1
    if not weighted(item.choices):
        return ["1" if choice.correct else "-1" for choice in item.choices], right
    shares = [
        Fraction(1 if choice.correct else -1, right)
        if choice.weight is None
        else Fraction(choice.weight)
        for choice in item.choices
    ]
    whole = lcm(*(share.denominator for share in shares))
    return [str(share * whole) for share in shares], whole


def best_texts(answers: tuple[TextAnswer, ...], case_sensitive: bool) -> dict[int, TextAnswer]:
    """Return the answers that can win, by position: the first of the best of equal texts."""
    best: dict[str, tuple[int, TextAnswer]] = {}
    for position, answer in enumerate(answers):
        text = answer.text.strip()
        key = text if case_sensitive else text.lower()
        if key not in best or best[key][1].weight < answer.weight:
            best[key] = (position, answer)
    return dict(sorted(best.values(), key=lambda entry: entry[0]))


def cloze_scale(item: Cloze) -> int:
    """Return how many units make one point, so that every gap earns whole units."""
    places = 0
    for gap in item.gaps:
        for weight in _weights(gap):
            exponent = (gap.points * weight).normalize().as_tuple().exponent
            if isinstance(exponent, int):
                places = max(places, -exponent)
    return int(10**places)


def gap_units(gap: ChoiceGap | TextGap | NumberGap, weight: Decimal, scale: int) -> str:
    """Return the units that an answer of this weight earns in a gap."""
    return decimal_text(gap.points * weight * scale)


def _weights(gap: ChoiceGap | TextGap | NumberGap) -> list[Decimal]:
    if isinstance(gap, ChoiceGap):
        return [choice_weight(choice) for choice in gap.choices]
    return [answer.weight for answer in gap.answers]
