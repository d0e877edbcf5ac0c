"""Where the blanks between words were: the cheapest way to divide letters."""

from __future__ import annotations

import math
from collections.abc import Container

from coursec.drafting.ingest.vocabulary import Vocabulary

MARGIN = 4.0
"""Nats by which a division must be cheaper than the words as they are."""

_LONGEST_WORD = 32
_MOVED = 0.3
"""What each blank that comes or goes costs: of two readings as good, the one there stays."""
_JOINED = 5.0
"""What it costs to join letters to a word that is not known."""
_CUT = 0.5
"""What it costs to cut a word off from letters that are then no known word."""


def divide(
    letters: str, vocabulary: Vocabulary, ends: Container[int] = (), *, whole: bool = True
) -> tuple[list[str], float]:
    """Return (the cheapest words, what they cost) of letters from which the blanks are taken.

    `ends` are the offsets at which there was a blank. No blank goes into a number, and none
    between two numbers goes away. Unless `whole`, there are at least two words.
    """
    size = len(letters)
    best = [0.0] + [math.inf] * size
    back = [0] * (size + 1)
    for end in range(1, size + 1):
        if end < size and letters[end] in "'’":
            continue
        moved = 0.0
        for start in range(end - 1, max(-1, end - _LONGEST_WORD - 1), -1):
            there = start in ends
            numbers = start > 0 and letters[start - 1].isdigit() and letters[start].isdigit()
            if not whole and end - start == size:
                break
            if best[start] < math.inf and letters[start] not in "'’" and numbers <= there:
                word = letters[start:end]
                # A name is one as it stands; letters that are joined are not taken for one.
                known = vocabulary.knows(word) if not moved else vocabulary.cost(word) is not None
                price = vocabulary.price(word) if known else vocabulary.unknown(word)
                cost = best[start] + price + moved
                cut = not there and start > 0
                cost += _MOVED * cut
                if not known:
                    cost += _JOINED * (moved > 0) + _CUT * cut
                    cost += _CUT * (end < size and end not in ends)
                if cost < best[end]:
                    best[end], back[end] = cost, start
            if there:
                # Numbers stay apart, and so do words with capitals: `Flash Attention`.
                if numbers or (letters[start - 1 : start].islower() and letters[start].isupper()):
                    break
                moved += _MOVED
    if best[size] == math.inf:
        return [letters], math.inf
    pieces: list[str] = []
    at = size
    while at:
        pieces.append(letters[back[at] : at])
        at = back[at]
    return pieces[::-1], best[size]
