"""Shares that formats write as rounded fractions, as the simplest model that means the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from coursec.model.items import Choice, ClozeGap

NEAR = Fraction(1, 100_000)
"""How far a share may be off: formats write 33.33333 for a third."""


def near(share: Decimal | Fraction, other: Decimal | Fraction | int) -> bool:
    """Tell whether two shares are meant to be the same."""
    return abs(Fraction(share) - Fraction(other)) <= NEAR


def single_choices(choices: Sequence[Choice], shares: Sequence[Decimal]) -> tuple[Choice, ...]:
    """Return choices of which one is picked: the first that earns everything is right."""
    right = next((n for n, share in enumerate(shares) if near(share, 1)), None)
    return tuple(
        replace(choice, correct=True)
        if number == right
        else replace(choice, weight=None if near(share, 0) else share)
        for number, (choice, share) in enumerate(zip(choices, shares, strict=True))
    )


def multiple_choices(choices: Sequence[Choice], shares: Sequence[Decimal]) -> tuple[Choice, ...]:
    """Return choices of which any number is picked: each that earns something is right.

    A choice has a weight only where it differs from the share it has without one.
    """
    right = sum(share > 0 for share in shares) or 1
    default = Fraction(1, right)
    return tuple(
        replace(
            choice,
            correct=share > 0,
            weight=None if near(share, default if share > 0 else -default) else share,
        )
        for choice, share in zip(choices, shares, strict=True)
    )


def evened(gaps: Sequence[ClozeGap], total: Decimal) -> tuple[ClozeGap, ...]:
    """Return gaps that are all worth the same with equal shares of the total, not rounded ones."""
    if len({gap.points for gap in gaps}) > 1:
        return tuple(gaps)
    return tuple(replace(gap, points=total / len(gaps)) for gap in gaps)
