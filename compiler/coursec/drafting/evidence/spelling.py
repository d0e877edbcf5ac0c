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
        if len(term) < _SHORTEST or not term.isalpha() or frequency(term):
            continue
        known = vocabulary() if known is None else known
        most = 2 if len(term) >= _LONG else 1
        near = [
            (distance, -count, word)
            for word, count in known.items()
            if word[0] == term[0]
            and abs(len(word) - len(term)) <= most
            and (distance := slips(term, word)) <= most
        ]
        if near:
            out = _replaced(out, term, min(near)[2])
    return out


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
