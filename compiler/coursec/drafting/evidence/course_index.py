"""The index of a course, brought up to date: embedded, or in a database outside."""

from __future__ import annotations

from collections.abc import Callable
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
    if not (root / FOLDER).resolve().is_relative_to(root.resolve()):
        message = f"The folder {FOLDER} is a link that leads out of the course's folder."
        hint = "Delete the link: the folder is made anew."
        sink.report("E934", message, Span(FOLDER), hint=hint)
        return None
    try:
        index = Embedded(root / FOLDER / INDEX, bank.course.language, embedder)
    except OSError as error:
        message = f"The index cannot be written: {error.strerror}."
        sink.report("E934", message, Span(f"{FOLDER}/{INDEX}"))
        return None
    try:
        sync(index, chunks)
        index.embed_missing(chunks)
    except UnreachableError as error:
        index.close()
        _say_lexical(error, sink)
        index = Embedded(root / FOLDER / INDEX, bank.course.language)
        sync(index, chunks)
    return index


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
