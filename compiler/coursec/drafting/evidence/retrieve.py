"""From a request to evidence: topic by topic, above the floor, each chunk once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from coursec.drafting.evidence.chunk import Chunk, Hit
from coursec.drafting.evidence.excerpt import excerpt, merged
from coursec.drafting.evidence.request import Request
from coursec.drafting.evidence.spelling import respelled
from coursec.drafting.evidence.store import Index, Query
from coursec.drafting.evidence.words import TOKEN, terms

MOST_PER_TOPIC = 10
_FOCUS = 0.6
"""Share of the best lecture's part in a request below which a lecture is not meant."""
_LISTED = 0.75
"""What a slide is worth that a good hit names, as a share of the hit's score."""
_GOOD = 0.6
"""Score of a hit whose list is followed."""
_ENTRY = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+(.*?)\s*$", re.MULTILINE)
_FEWEST_ENTRIES, _LONGEST_ENTRY = 2, 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the slides say of one topic."""

    topic: str
    """As it was asked."""
    searched: str
    """As it was searched: words that the slides do not have are replaced by the nearest."""
    also: tuple[str, ...] = ()
    """Other forms that were searched: the long one of a short one, and the reverse."""
    hits: tuple[Hit, ...]
    """The best first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrieved:
    """What the slides say of a request."""

    request: Request
    found: tuple[Found, ...]

    @property
    def hits(self) -> tuple[Hit, ...]:
        """Every chunk once, with its best score, the best first."""
        best: dict[str, Hit] = {}
        for found in self.found:
            for hit in found.hits:
                known = best.get(hit.chunk.id)
                best[hit.chunk.id] = hit if known is None else _together(known, hit)
        return tuple(sorted(best.values(), key=lambda hit: (-hit.score, hit.chunk.id)))

    @property
    def context(self) -> tuple[Passage, ...]:
        """What a model sees: every slide once, the parts of a long one in order."""
        parts: dict[str, list[Hit]] = {}
        for hit in self.hits:
            parts.setdefault(hit.chunk.reference, []).append(hit)
        return tuple(
            Passage(
                reference=reference,
                title=hits[0].chunk.title,
                text="\n\n".join(h.text for h in sorted(hits, key=lambda h: h.chunk.part)),
                score=hits[0].score,
            )
            for reference, hits in parts.items()
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """What a slide says of a request."""

    reference: str
    title: str
    text: str
    score: float


def _together(one: Hit, two: Hit) -> Hit:
    """Return two hits of one chunk as one: the better score, the parts of both."""
    better = max(one, two, key=lambda hit: hit.score)
    why = tuple(dict.fromkeys((*one.why, *two.why)))
    return replace(better, excerpt=merged(one, two), why=why)


class Titles(Protocol):
    """An index that can list its chunks."""

    def by_title(self, lectures: tuple[str, ...]) -> list[Chunk]:
        """Return every chunk that counts, in order."""
        ...


def retrieve(request: Request, index: Index, most: int = MOST_PER_TOPIC) -> Retrieved:
    """Return the evidence for a request; a topic of which nothing is said has no hits.

    Where a good hit lists other slides' titles, these belong to the topic too. Lectures that
    touch a topic only in passing give way to those that the request is about.
    """
    found = [_found(topic, request.lectures, index, most) for topic in request.topics]
    weights = _weights(found)
    return Retrieved(request=request, found=tuple(_focused(one, weights, most) for one in found))


def _weights(found: Sequence[Found]) -> dict[str, float]:
    """Return how much of a request each lecture answers."""
    weights: dict[str, float] = {}
    for one in found:
        best: dict[str, float] = {}
        for hit in one.hits:
            best[hit.chunk.lecture] = max(best.get(hit.chunk.lecture, 0.0), hit.score)
        for lecture, score in best.items():
            weights[lecture] = weights.get(lecture, 0.0) + score
    return weights


def _focused(found: Found, weights: dict[str, float], most: int) -> Found:
    """Return a topic's hits in the lectures that the request is about."""
    here = {hit.chunk.lecture for hit in found.hits}
    best = max((weights[lecture] for lecture in here), default=0.0)
    kept = [hit for hit in found.hits if weights[hit.chunk.lecture] >= _FOCUS * best]
    return replace(found, hits=tuple(kept[:most]))


def _found(topic: str, lectures: tuple[str, ...], index: Index, most: int) -> Found:
    searched = respelled(topic, index)
    also: tuple[str, ...] = index.other_forms(searched) if hasattr(index, "other_forms") else ()
    best: dict[str, Hit] = {}
    for form in (searched, *also):
        for hit in index.query(Query(form, lectures, 2 * most)):
            if hit.chunk.id not in best or best[hit.chunk.id].score < hit.score:
                best[hit.chunk.id] = hit
    hits = sorted(best.values(), key=lambda hit: (-hit.score, hit.chunk.id))
    listed = _listed(hits, lectures, index) if hits else []
    known = {hit.chunk.id for hit in hits}
    hits = [*hits, *(hit for hit in listed if hit.chunk.id not in known)]
    wanted = terms(" , ".join((searched, *also)))
    hits = [replace(hit, excerpt=excerpt(hit, wanted)) for hit in hits]
    hits = sorted(hits, key=lambda hit: (-hit.score, hit.chunk.id))
    return Found(topic=topic, searched=searched, also=also, hits=tuple(hits))


def _listed(hits: Sequence[Hit], lectures: tuple[str, ...], index: Index) -> list[Hit]:
    """Return the chunks whose titles good hits list."""
    wanted = {
        name: hit
        for hit in reversed(hits)
        if hit.score >= _GOOD * hits[0].score
        for name in _entries(hit.chunk)
    }
    if not wanted or not hasattr(index, "by_title"):
        return []
    lectures = lectures or tuple({hit.chunk.lecture for hit in wanted.values()})
    return [
        Hit(
            chunk=chunk,
            score=round(found.score * _LISTED, 4),
            why=(f"named by {found.chunk.slide}",),
        )
        for chunk in index.by_title(lectures)
        if (found := wanted.get(_head(chunk.title)))
        and found.chunk.reference != chunk.reference
        and found.chunk.lecture == chunk.lecture
    ]


def _entries(chunk: Chunk) -> Iterator[str]:
    entries = [_key(entry) for entry in _ENTRY.findall(chunk.text)]
    short = [entry for entry in entries if 0 < len(entry.split()) <= _LONGEST_ENTRY]
    if len(short) >= _FEWEST_ENTRIES:
        yield from short


def _head(title: str) -> str:
    """Return what a title is about: `AI Canvas: Ingredients` is about the AI Canvas."""
    return _key(re.split(r":| – | - ", title)[0])


def _key(text: str) -> str:
    return " ".join(TOKEN.findall(text.casefold()))
