"""What every index of chunks can do, whatever keeps it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from coursec.drafting.evidence.chunk import Chunk, Hit


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked of an index."""

    text: str
    """A topic in plain words."""
    lectures: tuple[str, ...] = ()
    """Names of lectures, or slide references, that count; none is all."""
    most: int = 12
    """Chunks at most; fewer are returned where fewer are good."""


@dataclass(frozen=True, slots=True)
class Stats:
    """How much an index holds."""

    chunks: int
    vectors: int
    lectures: int


class Index(Protocol):
    """An index of chunks."""

    def add(self, chunks: Sequence[Chunk]) -> None:
        """Take chunks in; those whose ids it has are replaced."""

    def delete(self, ids: Collection[str]) -> None:
        """Take chunks out, by id; unknown ids are no matter."""

    def ids(self) -> set[str]:
        """Return the ids of all chunks."""
        ...

    def query(self, query: Query) -> list[Hit]:
        """Return what was found, the best first; nothing where nothing is good enough."""
        ...

    def stats(self) -> Stats:
        """Return how much it holds."""
        ...


@dataclass(frozen=True, slots=True)
class Synced:
    """What bringing an index up to date did."""

    added: int
    removed: int
    kept: int


def sync(index: Index, chunks: Sequence[Chunk]) -> Synced:
    """Make an index hold exactly some chunks; a chunk whose text is the same is left alone."""
    wanted = {chunk.id: chunk for chunk in chunks}
    there = index.ids()
    gone = there - wanted.keys()
    new = [chunk for id_, chunk in wanted.items() if id_ not in there]
    if gone:
        index.delete(gone)
    if new:
        index.add(new)
    return Synced(len(new), len(gone), len(wanted) - len(new))
