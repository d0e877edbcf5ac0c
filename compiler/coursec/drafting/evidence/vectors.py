"""Meanings: vectors by content, kept beside the words, compared exactly."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Protocol

from coursec.drafting.evidence.chunk import Chunk

if TYPE_CHECKING:
    import numpy as np

FLOOR = 0.4
"""Cosine below which two texts have nothing to do with each other."""
_BATCH = 32


class Embedder(Protocol):
    """Turns texts into vectors."""

    @property
    def name(self) -> str:
        """The model's name and, where known, its digest: vectors of two models never mix."""
        ...

    def embed(self, texts: Sequence[str], *, query: bool = False) -> list[list[float]]:
        """Return a vector of each text; `query` for what is asked, not for what is found."""
        ...


class Vectors:
    """The vectors of an index's chunks."""

    def __init__(self, db: sqlite3.Connection, embedder: Embedder) -> None:
        self._db = db
        self._embedder = embedder
        self._matrix: tuple[list[str], np.ndarray] | None = None
        db.execute(
            "CREATE TABLE IF NOT EXISTS vectors (text TEXT, model TEXT, vector BLOB, "
            "PRIMARY KEY (text, model))"
        )
        db.execute("CREATE TABLE IF NOT EXISTS embedded (id TEXT PRIMARY KEY, text TEXT)")

    def add(self, chunks: Sequence[Chunk]) -> None:
        """Embed chunks; a text that was embedded before is not embedded again.

        Each batch is kept as soon as it is there: an interrupted run goes on where it was.
        """
        keys = {chunk.id: _key(_text(chunk)) for chunk in chunks}
        texts = {keys[chunk.id]: _text(chunk) for chunk in chunks}
        known = {
            row[0]
            for row in self._db.execute(
                "SELECT text FROM vectors WHERE model = ?", (self._embedder.name,)
            )
        }
        todo = [key for key in texts if key not in known]
        for at in range(0, len(todo), _BATCH):
            batch = todo[at : at + _BATCH]
            vectors = self._embedder.embed([texts[key] for key in batch])
            self._db.executemany(
                "INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)",
                [
                    (key, self._embedder.name, _packed(vector))
                    for key, vector in zip(batch, vectors, strict=True)
                ],
            )
        self._db.executemany("INSERT OR REPLACE INTO embedded VALUES (?, ?)", keys.items())
        self._matrix = None

    def missing(self, chunks: Sequence[Chunk]) -> list[Chunk]:
        """Return the chunks that have no vector of this model."""
        there = {
            row[0]
            for row in self._db.execute(
                "SELECT id FROM embedded JOIN vectors USING (text) WHERE model = ?",
                (self._embedder.name,),
            )
        }
        return [chunk for chunk in chunks if chunk.id not in there]

    def forget_unused(self) -> None:
        """Forget the chunks that the index no longer has; their vectors stay for a while."""
        self._db.execute("DELETE FROM embedded WHERE id NOT IN (SELECT id FROM chunks)")
        self._matrix = None

    def count(self) -> int:
        """Return how many chunks have a vector of this model."""
        (count,) = self._db.execute(
            "SELECT count(*) FROM embedded JOIN vectors USING (text) WHERE model = ?",
            (self._embedder.name,),
        ).fetchone()
        return int(count)

    def query(
        self, text: str, rows: Sequence[tuple[int, str]], most: int
    ) -> list[tuple[int, float]]:
        """Return (row, cosine) of what means most nearly the same, above the floor."""
        import numpy as np

        ids, matrix = self._all()
        if not ids or not rows:
            return []
        (asked,) = self._embedder.embed([text], query=True)
        vector = np.asarray(asked, dtype=np.float32)
        if vector.shape[0] != matrix.shape[1]:
            return []
        vector /= np.linalg.norm(vector) or 1.0
        scores = matrix @ vector
        number = {id_: row for row, id_ in rows}
        counting = np.fromiter((id_ in number for id_ in ids), dtype=bool, count=len(ids))
        scores = np.where(counting, scores, -1.0)
        top = np.argsort(-scores, kind="stable")[:most]
        return [(number[ids[i]], round(float(scores[i]), 4)) for i in top if scores[i] >= FLOOR]

    def _all(self) -> tuple[list[str], np.ndarray]:
        import numpy as np

        if self._matrix is None:
            rows = self._db.execute(
                "SELECT id, vector FROM embedded JOIN vectors USING (text) WHERE model = ? "
                "ORDER BY id",
                (self._embedder.name,),
            ).fetchall()
            ids = [row[0] for row in rows]
            data = b"".join(row[1] for row in rows)
            matrix = np.frombuffer(data, dtype=np.float32)
            self._matrix = ids, matrix.reshape(len(ids), -1) if ids else matrix.reshape(0, 0)
        return self._matrix


def _text(chunk: Chunk) -> str:
    return f"{chunk.title}\n{chunk.text}"


def _key(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:24]


def _packed(vector: Sequence[float]) -> bytes:
    """Return a vector of length 1 as bytes."""
    import numpy as np

    array = np.asarray(vector, dtype=np.float32)
    norm = float(np.linalg.norm(array))
    data: bytes = (array / norm if norm > 0 else array).tobytes()
    return data
