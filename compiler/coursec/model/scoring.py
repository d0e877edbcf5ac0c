"""What choices are worth: the one place that says what `correct`, `weight` and `scoring` mean."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from coursec.model.items import ONE, ZERO, Choice, MultipleChoice


def choice_weight(choice: Choice) -> Decimal:
    """Return what a choice earns where a student picks one, as a share of the points."""
    if choice.weight is not None:
        return choice.weight
    return ONE if choice.correct else ZERO


def multiple_shares(item: MultipleChoice) -> list[Fraction]:
    """Return what each choice earns or costs where a student picks any number.

    The shares of the choices picked add up, and the sum is never below 0 nor above 1. Where
    the author gives no weight, each right choice earns its share and each wrong one costs
    the same.
    """
    shares = _written(item)
    total = right_total(item)
    if not adds_up(item):
        return shares
    return [share / total if share > 0 else share for share in shares]


def _written(item: MultipleChoice) -> list[Fraction]:
    right = sum(choice.correct for choice in item.choices) or 1
    return [
        Fraction(1 if choice.correct else -1, right)
        if choice.weight is None
        else Fraction(choice.weight)
        for choice in item.choices
    ]


def right_total(item: MultipleChoice) -> Fraction:
    """Return what all right choices earn together, as written."""
    shares = zip(_written(item), item.choices, strict=True)
    return sum((share for share, choice in shares if choice.correct), Fraction(0))


def adds_up(item: MultipleChoice) -> bool:
    """Tell whether the right choices are meant to earn everything together.

    0.33, 0.33 and 0.33 are meant to be thirds: each share may be off by 0.005.
    """
    right = sum(choice.correct for choice in item.choices) or 1
    return abs(right_total(item) - 1) <= Fraction(5, 1000) * right


def weighted(choices: Sequence[Choice]) -> bool:
    """Tell whether the author gave any choice a weight."""
    return any(choice.weight is not None for choice in choices)
