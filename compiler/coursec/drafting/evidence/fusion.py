"""Two rankings to one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from coursec.drafting.evidence.chunk import Hit

K = 60
"""The constant of reciprocal rank fusion (Cormack, Clarke and Büttcher 2009)."""


ALONE = 0.75
"""Share of its ranking's best score that a hit must have which only one ranking knows."""


def fused(by_words: Sequence[Hit], by_meaning: Sequence[Hit], most: int) -> list[Hit]:
    """Return the hits of two rankings, best first, by the sum of their reciprocal ranks.

    Both rankings hold only what is above their floors; what only one of them has must be good
    there. A score is 1 for what leads both.
    """
    hits: dict[str, Hit] = {}
    sums: dict[str, float] = {}
    in_both = {hit.chunk.id for hit in by_words} & {hit.chunk.id for hit in by_meaning}
    for ranking in (by_words, by_meaning):
        best = max((hit.score for hit in ranking), default=0.0)
        for rank, hit in enumerate(ranking, 1):
            if hit.chunk.id not in in_both and hit.score < ALONE * best:
                continue
            known = hits.get(hit.chunk.id)
            hits[hit.chunk.id] = replace(known, why=(*known.why, *hit.why)) if known else hit
            sums[hit.chunk.id] = sums.get(hit.chunk.id, 0.0) + 1 / (K + rank)
    first = 2 / (K + 1)
    ranked = sorted(sums, key=lambda id_: (-sums[id_], id_))
    return [replace(hits[id_], score=round(sums[id_] / first, 4)) for id_ in ranked[:most]]
