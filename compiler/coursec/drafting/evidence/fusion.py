"""Two rankings to one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from coursec.drafting.evidence.chunk import Hit

K = 60
"""The constant of reciprocal rank fusion (Cormack, Clarke and Büttcher 2009)."""


def fused(by_words: Sequence[Hit], by_meaning: Sequence[Hit], most: int) -> list[Hit]:
    """Return the hits of two rankings, best first, by the sum of their reciprocal ranks.

    Both rankings hold only what is above their floors. A score is 1 for what leads both.
    """
    hits: dict[str, Hit] = {}
    sums: dict[str, float] = {}
    for ranking in (by_words, by_meaning):
        for rank, hit in enumerate(ranking, 1):
            known = hits.get(hit.chunk.id)
            hits[hit.chunk.id] = replace(known, why=(*known.why, *hit.why)) if known else hit
            sums[hit.chunk.id] = sums.get(hit.chunk.id, 0.0) + 1 / (K + rank)
    best = 2 / (K + 1)
    ranked = sorted(sums, key=lambda id_: (-sums[id_], id_))
    return [replace(hits[id_], score=round(sums[id_] / best, 4)) for id_ in ranked[:most]]
