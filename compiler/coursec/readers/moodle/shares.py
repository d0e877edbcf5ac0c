"""Percentages: what choices and answers earn (rules 33 to 37)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Final

from coursec.model.items import ONE, ZERO, Choice
from coursec.model.numbers import decimal_text
from coursec.readers.moodle.refused import RefusedError
from coursec.readers.moodle.source import decimal
from coursec.readers.weights import multiple_choices, near, single_choices

Tell = Callable[[str, str], None]

_TAKEN: Final = tuple(
    Fraction(text)
    for text in "0 5 10 11.11111 12.5 14.28571 16.66667 20 25 30 33.33333 40 50 60 66.66667 70 75 "
    "80 83.33333 90 100".split()
)
_CLOSE: Final = Fraction(1, 1000)
"""How far a percentage may be off one that Moodle takes."""
_ROUNDED: Final = Fraction(1, 200)
"""How far one is off that was rounded to hundredths: 33.33 is meant to be a third."""
_ALMOST: Final = Decimal("0.99")
"""What a second choice earns that earns everything in the file."""


def share_of(written: str, tell: Tell) -> Decimal:
    """Return the share of a percentage in the file, from -1 to 1. Raises RefusedError."""
    percent = decimal(written)
    if percent is None:
        raise RefusedError(f"`{written[:40]}` is no percentage", "Write a number like 33.33333.")
    size = abs(Fraction(percent))
    nearest = min(_TAKEN, key=lambda taken: abs(taken - size))
    if abs(nearest - size) > _CLOSE:
        shown = decimal_text(percent)[:20]
        tell("W708", f"Moodle takes no share of {shown} %, and refuses the file.")
        if abs(nearest - size) <= _ROUNDED:
            percent = (Decimal(str(float(nearest)))).copy_sign(percent)
    return whole(max(min(percent / 100, ONE), -ONE))


def whole(share: Decimal) -> Decimal:
    """Return a share, 1 where it is nearly that."""
    return ONE if near(share, 1) else share


def picked_once(
    choices: Sequence[Choice], shares: Sequence[Decimal], tell: Tell
) -> tuple[Choice, ...]:
    """Return choices of which one is picked. Raises RefusedError where none earns everything."""
    if not any(near(share, 1) for share in shares):
        raise RefusedError("no choice earns all the points")
    found = list(single_choices(choices, shares))
    for number, choice in enumerate(found):
        if not choice.correct and choice.weight is not None and near(choice.weight, 1):
            found[number] = replace(choice, weight=_ALMOST)
            message = f"Several choices earn everything: here the first does, others {_ALMOST}."
            tell("W708", message)
    return tuple(found)


def picked_together(
    choices: Sequence[Choice], shares: Sequence[Decimal], tell: Tell
) -> tuple[Choice, ...]:
    """Return choices of which any number is picked; the right ones earn everything together."""
    right = [share for share in shares if share > 0]
    total = sum(map(Fraction, right), Fraction(0))
    if not right:
        raise RefusedError("no choice earns points, so none is right")
    if abs(total - 1) > Fraction(5, 1000) * len(right):
        shown = f"{float(total) * 100:.7g}"
        tell("W708", f"The right choices earn {shown} % together: here they share all the points.")
        whole_sum = sum(right, ZERO)
        shares = [share if share <= 0 else round(share / whole_sum, 7) for share in shares]
    return multiple_choices(choices, shares)


def best_is_whole(shares: Sequence[Decimal], tell: Tell) -> list[Decimal]:
    """Return shares of which the best is everything, as the language demands."""
    best = max(shares)
    if best >= 1:
        return list(shares)
    if best <= 0:
        raise RefusedError("no answer earns points, so none is right")
    tell("W708", f"The best answer earns {decimal_text(best * 100)} %: here it earns everything.")
    return [round(share / best, 7) if share < best else ONE for share in shares]
