"""The fractions of a mark that Moodle takes (rule 33), and the nearest one to a share."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import cache

from coursec.model.items import MultipleChoice
from coursec.model.scoring import multiple_shares

MOODLE_FRACTIONS: tuple[Decimal, ...] = tuple(
    sorted(
        (
            *map(Decimal, (0, 5, 10, 20, 25, 30, 40, 50, 60, 70, 75, 80, 90, 100)),
            *map(Decimal, ("11.11111", "12.5", "14.28571", "16.66667")),
            *map(Decimal, ("33.33333", "66.66667", "83.33333")),
        )
    )
)
"""Percentages that Moodle takes; it refuses the file for any other."""
_PARTS = tuple(fraction for fraction in MOODLE_FRACTIONS if 0 < fraction < 100)
_NEAR = Fraction(1, 1000)
"""Per cent by which a fraction may be off, for Moodle itself."""


@cache
def is_moodle_fraction(weight: Decimal | Fraction) -> bool:
    """Tell whether Moodle takes a share as it is, to a thousandth of a per cent."""
    size = abs(Fraction(weight)) * 100
    return any(abs(Fraction(f) - size) < _NEAR for f in MOODLE_FRACTIONS)


@cache
def nearest_percent(weight: Decimal | Fraction) -> Decimal:
    """Return a share from -1 to 1 as the nearest percentage that Moodle takes.

    What earns a part must not become what earns nothing or everything: that is the key.
    """
    size = abs(Fraction(weight)) * 100
    parts = MOODLE_FRACTIONS if is_moodle_fraction(weight) else _PARTS
    nearest = min(parts, key=lambda fraction: abs(Fraction(fraction) - size))
    return -nearest if weight < 0 else nearest


def choice_percents(item: MultipleChoice) -> list[Decimal]:
    """Return what each choice earns in per cent; the right ones together earn everything.

    Where rounding takes a part of the points away, the right choices that were rounded down most
    are raised until a fully right response earns all.
    """
    shares = multiple_shares(item)
    percents = [nearest_percent(share) for share in shares]
    right = [n for n, choice in enumerate(item.choices) if choice.correct]
    while right and sum(percents[n] for n in right) < Decimal("99.999"):
        short = [n for n in right if percents[n] < 100]
        lowest = max(short, key=lambda n: (Fraction(shares[n]) * 100 - Fraction(percents[n]), -n))
        percents[lowest] = next(f for f in MOODLE_FRACTIONS if f > percents[lowest])
    return percents
