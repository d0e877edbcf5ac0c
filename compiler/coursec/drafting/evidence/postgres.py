"""An index in PostgreSQL with pgvector, through llama-index's adapter."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlsplit

from coursec.drafting.evidence.chunk import Chunk, Hit
from coursec.drafting.evidence.fusion import fused
from coursec.drafting.evidence.scoring import GENERIC_WEIGHT, above_floor, score
from coursec.drafting.evidence.store import Query, Stats
from coursec.drafting.evidence.vectors import FLOOR, Embedder
from coursec.drafting.evidence.words import GENERIC, named, searchable, spellings, terms
from coursec.drafting.hosts import is_loopback

_CANDIDATES = 30
_BATCH = 64
_NAME = re.compile(r"[\w.-]+(#[\w.-]+)?")
"""Lectures and slides that may stand in a filter: the adapter writes them into its SQL."""


class StoreError(Exception):
    """The database cannot be used."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


class Postgres:
    """An index in a table of its own for each course and embedding model."""

    def __init__(self, address: str, course: str, embedder: Embedder, remote: bool = False) -> None:
        """Connect to a database and make its table. Raises StoreError and UnreachableError."""
        from llama_index.vector_stores.postgres import PGVectorStore
        from sqlalchemy import create_engine
        from sqlalchemy.exc import ArgumentError, SQLAlchemyError

        _confirm(address, remote)
        self._embedder = embedder
        size = len(embedder.embed(["dimension"])[0])
        key = sha256(f"{course} {embedder.name} {size}".encode()).hexdigest()[:12]
        plain = re.sub(r"[^a-z0-9]+", "_", course.casefold()).strip("_")[:24]
        table = f"coursec_{plain}_{key}"
        tail = address.partition("://")[2]
        try:
            self._engine = create_engine(f"postgresql+psycopg2://{tail}", pool_pre_ping=True)
            self._store = PGVectorStore.from_params(
                connection_string=f"postgresql+psycopg2://{tail}",
                async_connection_string=f"postgresql+asyncpg://{tail}",
                table_name=table,
                embed_dim=size,
                hybrid_search=True,
                text_search_config="english",
                use_jsonb=True,
            )
            self._table = f"data_{table}"
            self._store.get_nodes(node_ids=["none"])  # makes the table
        except (ArgumentError, SQLAlchemyError, OSError) as error:
            raise StoreError(
                f"The database cannot be used: {_reason(error)}.",
                "Look at `drafting: {store: …}`; the database needs the extension pgvector.",
            ) from error

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()
        engine = getattr(self._store, "_engine", None)
        if engine is not None:
            engine.dispose()

    def add(self, chunks: Sequence[Chunk]) -> None:
        """Take chunks in; those whose ids it has are replaced."""
        from coursec.drafting.evidence.llama import text_node

        self.delete([chunk.id for chunk in chunks])
        for at in range(0, len(chunks), _BATCH):
            batch = chunks[at : at + _BATCH]
            vectors = self._embedder.embed([f"{c.title}\n{c.text}" for c in batch])
            nodes: list[Any] = []
            for chunk, vector in zip(batch, vectors, strict=True):
                node = text_node(chunk)
                node.metadata["shown"] = chunk.text
                node.set_content(searchable(f"{chunk.title}\n{chunk.text}"))
                node.embedding = vector
                nodes.append(node)
            self._store.add(nodes)

    def delete(self, ids: Collection[str]) -> None:
        """Take chunks out, by id; unknown ids are no matter."""
        for at in range(0, len(ids), 1_000):
            self._store.delete_nodes(list(ids)[at : at + 1_000])

    def ids(self) -> set[str]:
        """Return the ids of all chunks."""
        return {str(row[0]) for row in self._select("node_id")}

    def stats(self) -> Stats:
        """Return how much it holds."""
        ((chunks, lectures),) = self._select("count(*), count(DISTINCT metadata_->>'lecture')")
        return Stats(int(chunks), int(chunks), int(lectures))

    def _select(self, columns: str) -> list[Any]:
        from sqlalchemy import text

        with self._engine.connect() as connection:
            # Columns and table are names of this module's own.
            statement = text(f"SELECT {columns} FROM {self._table}")  # noqa: S608
            return list(connection.execute(statement))

    def query(self, query: Query) -> list[Hit]:
        """Return what was found, the best first; nothing where nothing is good enough."""
        filters = _filters(query.lectures)
        if filters is False or not terms(query.text):
            return []
        return fused(self._by_words(query, filters), self._by_meaning(query, filters), query.most)

    def _by_meaning(self, query: Query, filters: Any) -> list[Hit]:
        from llama_index.core.vector_stores.types import VectorStoreQuery, VectorStoreQueryMode

        (vector,) = self._embedder.embed([query.text], query=True)
        result = self._store.query(
            VectorStoreQuery(
                query_embedding=vector,
                similarity_top_k=_CANDIDATES,
                mode=VectorStoreQueryMode.DEFAULT,
                filters=filters,
            )
        )
        pairs = zip(result.nodes or (), result.similarities or (), strict=True)
        return [
            Hit(chunk=_chunk(node), score=round(float(cosine), 4), why=("meaning",))
            for node, cosine in pairs
            if cosine >= FLOOR
        ]

    def _by_words(self, query: Query, filters: Any) -> list[Hit]:
        from llama_index.core.vector_stores.types import VectorStoreQuery, VectorStoreQueryMode

        wanted = terms(query.text)
        words = " ".join(way for term in wanted for way in spellings(term))
        result = self._store.query(
            VectorStoreQuery(
                query_str=words,
                similarity_top_k=_CANDIDATES,
                sparse_top_k=_CANDIDATES,
                mode=VectorStoreQueryMode.SPARSE,
                filters=filters,
            )
        )
        generic = GENERIC.issuperset(wanted)
        weights = {t: GENERIC_WEIGHT if t in GENERIC and not generic else 1.0 for t in wanted}
        pairs = list(zip(result.nodes or (), result.similarities or (), strict=True))
        best = max((float(rank) for _, rank in pairs), default=0.0)
        hits = []
        for node, rank in pairs:
            chunk = _chunk(node)
            found = named(f"{chunk.title}\n{chunk.text}", wanted)
            mark = score(chunk, found, weights, float(rank) / best if best > 0 else 1.0)
            if mark > 0:
                hits.append(Hit(chunk=chunk, score=mark, why=tuple(found)))
        return above_floor(hits)


def _chunk(node: Any) -> Chunk:
    from coursec.drafting.evidence.llama import chunk_of

    node.set_content(str(node.metadata.get("shown", "")))
    return chunk_of(node)


def _filters(lectures: tuple[str, ...]) -> Any:
    """Return a filter by lectures or slides; None for all, False where no name can be one."""
    from llama_index.core.vector_stores.types import (
        FilterCondition,
        FilterOperator,
        MetadataFilter,
        MetadataFilters,
    )

    if not lectures:
        return None
    sound = [name for name in lectures if _NAME.fullmatch(name)]
    if not sound:
        return False
    by = {
        "lecture": [name for name in sound if "#" not in name],
        "reference": [name for name in sound if "#" in name],
    }
    return MetadataFilters(
        filters=[
            MetadataFilter(key=key, value=names, operator=FilterOperator.IN)
            for key, names in by.items()
            if names
        ],
        condition=FilterCondition.OR,
    )


def _confirm(address: str, remote: bool) -> None:
    """Refuse a database on another machine that course.yaml has not confirmed."""
    try:
        parts = urlsplit(address)
        hosts = parse_qs(parts.query).get("host", [parts.hostname or "localhost"])
    except ValueError:
        raise StoreError(
            "The address of the store is none.", "Write postgresql://user@localhost/name."
        ) from None
    away = [host for host in hosts if not host.startswith("/") and not is_loopback(host)]
    if away and not remote:
        raise StoreError(
            f"`{away[0]}` is another machine: the text of the slides would be sent to it.",
            "Confirm it with `remote: true` under `drafting`, if that is meant.",
        )


def _reason(error: BaseException) -> str:
    """Return an error's first line, without an address that may hold a password."""
    line = str(getattr(error, "orig", None) or error).strip().split("\n")[0]
    return re.sub(r"://\S+", "://…", line)[:200] or type(error).__name__
