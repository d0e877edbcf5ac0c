"""Percentages: what choices and answers earn (rules 30 to 37)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from coursec.model.items import ONE, ZERO, Choice
from coursec.model.numbers import decimal_text
from coursec.readers.gift.piece import Piece
from coursec.readers.gift.refused import RefusedError
from coursec.readers.gift.texts import Texts
from coursec.readers.weights import multiple_choices, near, single_choices

_PERCENT = re.compile(r"%(-?[0-9]{1,2}\.?[0-9]{0,20})%")
_TAKEN: Final = tuple(
    Fraction(text)
    for text in "0 5 10 11.11111 12.5 14.28571 16.66667 20 25 30 33.33333 40 50 60 66.66667 70 75 "
    "80 83.33333 90 100".split()
)
_CLOSE = Fraction(1, 1000)
_ALMOST = Decimal("0.99")
"""What a second choice earns that earns everything in the file."""


class Share(NamedTuple):
    """What an answer earns, and the rest of it."""

    share: Decimal
    rest: Piece


def take_share(piece: Piece, usual: Decimal, texts: Texts) -> Share:
    """Take the percentage off an answer's beginning; `usual` is what it earns without one."""
    piece = piece.trimmed()
    match = _PERCENT.match(piece.text)
    if match is None:
        return Share(usual, piece)
    percent = Decimal(match[1])
    if not any(abs(abs(Fraction(percent)) - taken) <= _CLOSE for taken in _TAKEN):
        message = f"Moodle takes no share of {decimal_text(percent)} %, and refuses the file."
        texts.tell("W708", message, piece)
    share = max(min(percent / 100, ONE), -ONE)
    return Share(ONE if near(share, 1) else share, piece.after(match.end()))


def picked_once(
    choices: Sequence[Choice], shares: Sequence[Decimal], texts: Texts, piece: Piece
) -> tuple[Choice, ...]:
    """Return choices of which one is picked."""
    if not any(near(share, 1) for share in shares):
        raise RefusedError("one choice is to be picked, and none earns everything")
    found = list(single_choices(choices, shares))
    for number, choice in enumerate(found):
        if not choice.correct and choice.weight is not None and choice.weight >= 1:
            found[number] = replace(choice, weight=_ALMOST)
    if any(choice.weight == _ALMOST for choice in found):
        message = f"Several choices earn everything: here the first does, the others {_ALMOST}."
        texts.tell("W708", message, piece)
    return tuple(found)


def picked_together(
    choices: Sequence[Choice], shares: Sequence[Decimal], texts: Texts, piece: Piece
) -> tuple[Choice, ...]:
    """Return choices of which any number is picked; the right ones earn everything together."""
    right = [share for share in shares if share > 0]
    total = sum(map(Fraction, right), Fraction(0))
    if not right:
        raise RefusedError("no choice earns points, so none is right")
    if abs(total - 1) > Fraction(5, 1000) * len(right):
        message = (
            f"The right choices earn {float(total) * 100:.7g} % "
            "together: here they share all the points."
        )
        texts.tell("W708", message, piece)
        shares = [share if share <= 0 else round(share / sum(right, ZERO), 7) for share in shares]
    return multiple_choices(choices, shares)


def best_is_whole(shares: Sequence[Decimal], texts: Texts, piece: Piece) -> list[Decimal]:
    """Return shares of which the best is everything, as the language demands."""
    best = max(shares)
    if best >= 1:
        return list(shares)
    if best <= 0:
        raise RefusedError("no answer earns points")
    message = f"The best answer earns {decimal_text(best * 100)} %: here it earns everything."
    texts.tell("W708", message, piece)
    return [round(share / best, 7) if share < best else ONE for share in shares]
