"""An item that the words of a slide support."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from coursec.drafting.drafts import Draft, Quote
from coursec.drafting.evidence.chunk import Chunk
from coursec.drafting.extractive.line import key
from coursec.model.slides import normalised

SHORTEST_QUOTE = 12
"""Characters of a quote: a shorter one is no evidence."""
LONGEST_TITLE = 80
"""Characters of an item's title."""


@dataclass(frozen=True, slots=True)
class Fact:
    """What is asked about what: two items with one fact are one item."""

    concept: str
    answer: str

    @staticmethod
    def of(concept: str, answer: str) -> Fact:
        """Return a fact whatever its letters' case and its punctuation."""
        return Fact(key(concept), key(answer))


@dataclass(frozen=True, slots=True)
class Candidate(Draft):
    """An item that could be drafted."""

    facts: tuple[Fact, ...]

    @property
    def type(self) -> str:
        """The item's type."""
        return str(self.fields["type"])


def candidate(
    chunk: Chunk,
    kind: str,
    title: str,
    own: Mapping[str, object],
    quotes: Iterable[str],
    facts: Iterable[Fact],
) -> Candidate:
    """Return a candidate that rests on a chunk; `own` are the fields of its type."""
    whole = normalised(f"{chunk.title}\n{chunk.text}")
    words = dict.fromkeys(_long_enough(" ".join(text.split()), whole) for text in quotes)
    return Candidate(
        {"type": kind, "title": shortened(title), **own, "bloom": "remember"},
        tuple(Quote(chunk.reference, chunk.digest, text) for text in words),
        tuple(facts),
    )


def _long_enough(quote: str, whole: str) -> str:
    """Return a quote with so many of the words behind it that it cannot stand just anywhere."""
    at = whole.find(normalised(quote))
    end = at + len(normalised(quote))
    if at < 0 or end - at >= SHORTEST_QUOTE:
        return quote
    while end - at < SHORTEST_QUOTE and end < len(whole):
        end = whole.find(" ", end + 1) if " " in whole[end + 1 :] else len(whole)
    while end - at < SHORTEST_QUOTE and at > 0:
        at = whole.rfind(" ", 0, max(at - 1, 0)) + 1
    return whole[at:end].strip()


def shortened(text: str, most: int = LONGEST_TITLE) -> str:
    """Return a text cut between words."""
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    return text[: most - 1].rpartition(" ")[0].rstrip(",;:") + "…"
