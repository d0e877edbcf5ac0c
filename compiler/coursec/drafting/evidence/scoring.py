"""How good a chunk is for a topic, and what is not good enough.

The numbers were chosen on the four requests of a retrieval log (tests/drafting/gold), at the end
of the range in which no slide on topic is lost.
"""

from __future__ import annotations

from collections.abc import Sequence

from coursec.drafting.evidence.chunk import Chunk, Hit
from coursec.drafting.evidence.words import GENERIC, TOKEN, named, spellings

_FLOOR_OF_TOPIC = 0.5
"""Share of a topic's words, by how rare they are, that must stand in a chunk."""
_FLOOR_OF_LONG_TOPIC = 0.34
_FLOOR_IN_TITLE = 0.25
_LONG_TOPIC = 4
"""Words from which a topic is a description, of which a chunk need not have half."""
_FLOOR_OF_BEST = 0.5
"""Share of the best chunk's score below which nothing is taken."""
GENERIC_WEIGHT = 0.3
"""What a word that every subject has counts for, as a share of another one."""
_BASE, _STRENGTH, _TITLE, _EXACT = 0.3, 0.3, 0.25, 0.15
"""What a score is made of; they add up to 1."""


def above_floor(hits: Sequence[Hit]) -> list[Hit]:
    """Return hits, the best first, without those far behind the best."""
    ranked = sorted(hits, key=lambda hit: (-hit.score, hit.chunk.id))
    return [hit for hit in ranked if hit.score >= _FLOOR_OF_BEST * ranked[0].score]


def score(chunk: Chunk, found: Sequence[str], weights: dict[str, float], strength: float) -> float:
    """Return how good a chunk is for a topic: 0 below the floor, 1 at best.

    What counts is how much of the topic stands there, how often (BM25), whether the title says
    it, and whether it stands there in the very form that was asked.
    """
    total = sum(weights.values())

    def part(terms: Sequence[str]) -> float:
        return sum(weights[term] for term in terms) / total

    share, title = part(found), named(chunk.title, found)
    # A slide is about a word of its title, even where the topic has rarer ones.
    if title and share >= _FLOOR_IN_TITLE and not GENERIC.issuperset(title):
        pass
    elif share < (_FLOOR_OF_TOPIC if len(weights) < _LONG_TOPIC else _FLOOR_OF_LONG_TOPIC):
        return 0.0
    text = f" {' '.join(TOKEN.findall(f'{chunk.title} {chunk.text}'.casefold()))} "
    exact = [t for t in found if any(f" {way} " in text for way in spellings(t))]
    return round(
        share * (_BASE + _STRENGTH * strength) + _TITLE * part(title) + _EXACT * part(exact), 4
    )
