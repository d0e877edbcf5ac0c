"""Words of a request that the slides do not have: the nearest that they have."""

from __future__ import annotations

import unicodedata
from collections import Counter

from coursec.drafting.evidence.store import Index
from coursec.drafting.evidence.words import TOKEN, terms

_SHORTEST = 5
"""Letters from which a word may be misspelt."""
_LONG = 8
"""Letters from which two slips may be in a word."""


def respelled(topic: str, index: Index) -> str:
    """Return a topic with words that no slide has replaced by the nearest that one has."""
    frequency = getattr(index, "frequency", None)
    vocabulary = getattr(index, "vocabulary", None)
    if frequency is None or vocabulary is None:
        return topic
    out = topic
    known: Counter[str] | None = None
    for term in terms(topic):
        if not _may_be_wrong(term) or frequency(term):
            continue
        known = vocabulary() if known is None else known
        near = [
            (distance, -count, word)
            for word, count in known.items()
            if (distance := misspelt(term, word)) is not None
        ]
        if near:
            out = _replaced(out, term, min(near)[2])
    return out


def misspelt(term: str, word: str) -> int | None:
    """Return how many slips of the pen make one word of the other; None where they are others."""
    most = 2 if len(term) >= _LONG else 1
    if not _may_be_wrong(term) or word[:1] != term[0] or abs(len(word) - len(term)) > most:
        return None
    distance = slips(term, word)
    return distance if distance <= most else None


def _may_be_wrong(term: str) -> bool:
    return len(term) >= _SHORTEST and term.isalpha()


def _replaced(text: str, term: str, word: str) -> str:
    folded = unicodedata.normalize("NFKC", text)
    for match in TOKEN.finditer(folded):
        if match[0].casefold() == term:
            return folded[: match.start()] + word + folded[match.end() :]
    return text


def slips(one: str, two: str) -> int:
    """Return how many letters must be put in, left out, changed or swapped to make two alike."""
    before: list[int] = []
    row = list(range(len(two) + 1))
    for i, a in enumerate(one, 1):
        last, before, row = before, row, [i] + [0] * len(two)
        for j, b in enumerate(two, 1):
            row[j] = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == two[j - 2] and one[i - 2] == b:
                row[j] = min(row[j], last[j - 2] + 1)
    return row[-1]
