"""The index of a course, brought up to date: embedded, or in a database outside."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from errno import EXDEV
from pathlib import Path

from coursec.diagnostics import Diagnostics, Span
from coursec.drafting.evidence.chunk import Chunk, chunks_of
from coursec.drafting.evidence.embedded import FOLDER, Embedded
from coursec.drafting.evidence.embedding import OllamaEmbedder, UnreachableError
from coursec.drafting.evidence.store import Index, Stats, sync
from coursec.drafting.evidence.vectors import Embedder
from coursec.drafting.hosts import host_of
from coursec.model.quiz import Bank

INDEX = "index.sqlite"
_NOT_THE_FILE = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
}
"""Errors that another file would have too."""


def open_index(
    root: Path,
    bank: Bank,
    sink: Diagnostics,
    spread: Callable[[Embedder], Embedder] | None = None,
) -> Index | None:
    """Return a course's index, up to date; None, and a finding, where it cannot be reached.

    Without the embedding model that course.yaml names it is an index by words alone, and that
    is said. `spread` may put another embedder, such as a cluster's, before the course's own.
    """
    embedder = _embedder(bank, sink)
    if sink.errors:
        return None
    if embedder is not None and spread is not None:
        embedder = spread(embedder)
    chunks = chunks_of(bank.lectures.values())
    if bank.course.drafting.store != "embedded":
        return _outside(bank, embedder, chunks, sink)
    try:
        return _embedded(root, bank.course.language, embedder, chunks)
    except UnreachableError as error:
        _say_lexical(error, sink)
        return _embedded(root, bank.course.language, None, chunks)
    except (OSError, sqlite3.Error) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        message = f"The index cannot be written: {reason}."
        sink.report("E934", message, Span(f"{FOLDER}/{INDEX}"))
        return None


def _embedded(
    root: Path, language: str, embedder: Embedder | None, chunks: Sequence[Chunk]
) -> Index:
    """Return the index in the course's own folder, up to date.

    One that says what no slide says, or cannot be read, begins anew: it may come with a course
    that somebody else made. Raises OSError, sqlite3.Error and UnreachableError.
    """
    path = root / FOLDER / INDEX
    files = [path.with_name(INDEX + suffix) for suffix in ("", "-wal", "-shm", "-journal")]
    if not all(file.resolve().is_relative_to(root.resolve()) for file in files):
        raise OSError(EXDEV, "a link leads out of the course's folder", str(path))
    for fresh in (False, True):
        index = Embedded(path, language, embedder)
        try:
            sync(index, chunks)
            if index.agrees(chunks):
                index.embed_missing(chunks)
                return index
            index.close()
        except sqlite3.Error as error:
            index.close()
            if fresh or error.sqlite_errorcode in _NOT_THE_FILE:
                raise
        except BaseException:
            index.close()
            raise
        for file in files:
            file.unlink(missing_ok=True)
    raise sqlite3.DatabaseError("it does not keep what is written")


def _embedder(bank: Bank, sink: Diagnostics) -> Embedder | None:
    options = bank.course.drafting
    if not options.embed_model:
        return None
    host = host_of(options, sink)
    return OllamaEmbedder(host, options.embed_model) if host else None


def _say_lexical(error: UnreachableError, sink: Diagnostics) -> None:
    sink.report(
        "W935",
        f"{error} Slides are found by their words alone.",
        Span("course.yaml"),
        hint=error.hint,
    )


def _outside(
    bank: Bank, embedder: Embedder | None, chunks: list[Chunk], sink: Diagnostics
) -> Index | None:
    """Return an index in PostgreSQL."""
    from coursec.drafting.evidence.postgres import Postgres, StoreError

    address = bank.course.drafting.store
    if embedder is None:
        sink.report(
            "E934",
            "A store outside needs an embedding model.",
            Span("course.yaml"),
            hint="Name one as `drafting: {embed_model: …}`, or write `store: embedded`.",
        )
        return None
    try:
        index = Postgres(address, bank.course.code, embedder, bank.course.drafting.remote)
        sync(index, chunks)
    except StoreError as error:
        sink.report("E934", str(error), Span("course.yaml"), hint=error.hint)
        return None
    except UnreachableError as error:
        sink.report(
            "E934", f"{error} A store outside needs it.", Span("course.yaml"), hint=error.hint
        )
        return None
    return index


def stats_line(stats: Stats) -> str:
    """Return how much an index holds, as words."""
    vectors = f", {stats.vectors:,} with a vector" if stats.vectors else ""
    return f"{stats.chunks:,} slides of {stats.lectures:,} lectures{vectors}"
