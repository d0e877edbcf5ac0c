"""The index that needs nothing: SQLite's FTS5 in a file of the course."""

from __future__ import annotations

import json
import math
import os
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from coursec.drafting.evidence.acronyms import initials, learned
from coursec.drafting.evidence.chunk import Chunk, Hit
from coursec.drafting.evidence.fusion import fused
from coursec.drafting.evidence.scoring import GENERIC_WEIGHT, above_floor, score
from coursec.drafting.evidence.store import Query, Stats
from coursec.drafting.evidence.vectors import Embedder, Vectors
from coursec.drafting.evidence.words import GENERIC, TOKEN, searchable, spellings, terms

FOLDER = ".coursec"
VERSION = "2"
_TITLE_WEIGHT, _BODY_WEIGHT = 2.0, 1.0
_CANDIDATES = 30
_COMMON = 0.08
"""Share of all chunks from which a word tells nothing, if the topic has others."""
_LARGE = 5_000
"""Chunks from which that saves time worth having."""
_MANY = 8_000
"""Chunks above which those are ranked only that have a word in their title."""
_MOST_READ = 20_000
"""Chunks that are read to find the word that was meant."""
_SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT);
CREATE TABLE IF NOT EXISTS chunks (
    rowid INTEGER PRIMARY KEY, id TEXT UNIQUE, lecture TEXT, slide TEXT, title TEXT, text TEXT,
    digest TEXT, part INTEGER, aliases TEXT);
CREATE INDEX IF NOT EXISTS lectures ON chunks (lecture);
CREATE VIRTUAL TABLE IF NOT EXISTS fts USING fts5 (title, body, content='', tokenize="{tokenize}");
CREATE VIRTUAL TABLE IF NOT EXISTS vocabulary USING fts5vocab (fts, 'row');
"""
_TABLES = ("vocabulary", "fts", "chunks", "meta")


class Embedded:
    """An index in SQLite: words by BM25, and meanings where there is an embedding model."""

    def __init__(
        self, path: Path | None, language: str = "en", embedder: Embedder | None = None
    ) -> None:
        """Open an index; `path` None keeps it in memory."""
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            ignore = path.parent / ".gitignore"
            if not os.path.lexists(ignore):
                ignore.write_text("*\n", "utf-8")
        stem = "porter " if language.partition("-")[0] == "en" else ""
        self._tokenize = f"{stem}unicode61 remove_diacritics 2"
        self._db = self._opened(path)
        self._vectors = Vectors(self._db, embedder) if embedder else None
        self._sizes: dict[str, int] = {}
        self._forms: dict[str, tuple[str, ...]] | None = None

    def _opened(self, path: Path | None) -> sqlite3.Connection:
        """Return the database; one of another version, or a broken one, begins anew."""
        name = ":memory:" if path is None else str(path)
        for fresh in (False, True):
            try:
                db = sqlite3.connect(name, timeout=30, isolation_level=None)
                db.execute("PRAGMA trusted_schema=OFF")
                db.execute("PRAGMA journal_mode=WAL")
                db.execute("PRAGMA synchronous=NORMAL")
                db.executescript(
                    "CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT)"
                )
                made = dict(db.execute("SELECT key, value FROM meta"))
                mine = {"version": VERSION, "tokenize": self._tokenize}
                if made != mine:
                    for table in _TABLES:
                        db.execute(f"DROP TABLE IF EXISTS {table}")
                    db.executescript(_SCHEMA.format(tokenize=self._tokenize))
                    db.executemany("INSERT INTO meta VALUES (?, ?)", mine.items())
                for table in ("chunks", "fts", "vocabulary"):
                    db.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone()  # noqa: S608
                db.execute(
                    "CREATE VIRTUAL TABLE temp.probe "
                    f'USING fts5 (word, tokenize="{self._tokenize}")'
                )
                db.execute("CREATE VIRTUAL TABLE temp.stems USING fts5vocab (temp, probe, 'row')")
                return db
            except sqlite3.DatabaseError:
                if fresh or path is None:
                    raise
                for suffix in ("", "-wal", "-shm"):
                    Path(name + suffix).unlink(missing_ok=True)
        raise AssertionError("unreachable")

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def __enter__(self) -> Embedded:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")
        self._sizes.clear()
        self._forms = None

    def ids(self) -> set[str]:
        """Return the ids of all chunks."""
        return {row[0] for row in self._db.execute("SELECT id FROM chunks")}

    def add(self, chunks: Sequence[Chunk]) -> None:
        """Take chunks in; those whose ids it has are replaced."""
        with self._transaction():
            self._delete(self.ids() & {chunk.id for chunk in chunks})
            first = self._db.execute("SELECT coalesce(max(rowid), 0) FROM chunks").fetchone()[0]
            numbered = list(enumerate(chunks, first + 1))
            self._db.executemany(
                "INSERT INTO chunks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    (n, c.id, c.lecture, c.slide, c.title, c.text, c.digest, c.part,
                     json.dumps(c.aliases))
                    for n, c in numbered
                ),
            )  # fmt: skip
            self._db.executemany(
                "INSERT INTO fts (rowid, title, body) VALUES (?, ?, ?)",
                ((n, searchable(c.title), searchable(c.text)) for n, c in numbered),
            )
        if self._vectors:
            self._vectors.add(chunks)

    def embed_missing(self, chunks: Sequence[Chunk]) -> None:
        """Embed the chunks that have no vector of the model yet."""
        if self._vectors and (missing := self._vectors.missing(chunks)):
            self._vectors.add(missing)

    def delete(self, ids: Collection[str]) -> None:
        """Take chunks out, by id; unknown ids are no matter."""
        with self._transaction():
            self._delete(ids)
            if self._vectors:
                self._vectors.forget_unused()

    def _delete(self, ids: Collection[str]) -> None:
        for id_ in ids:
            row = self._db.execute(
                "SELECT rowid, title, text FROM chunks WHERE id = ?", (id_,)
            ).fetchone()
            if row:
                number, title, text = row
                self._db.execute(
                    "INSERT INTO fts (fts, rowid, title, body) VALUES ('delete', ?, ?, ?)",
                    (number, searchable(title), searchable(text)),
                )
                self._db.execute("DELETE FROM chunks WHERE rowid = ?", (number,))

    def agrees(self, chunks: Sequence[Chunk]) -> bool:
        """Tell whether it holds some chunks as they are, and does nothing of its own.

        Only which slides say the same may differ: that is brought up to date.
        """
        made = "SELECT count(*) FROM sqlite_master WHERE type IN ('trigger', 'view')"
        if self._db.execute(made).fetchone()[0]:
            return False
        rows = self._db.execute(
            "SELECT id, lecture, slide, title, text, digest, part, aliases FROM chunks"
        )
        kept = {id_: (fields, aliases) for id_, *fields, aliases in rows}
        if len(kept) != len(chunks):
            return False
        other: list[tuple[str, str]] = []
        for c in chunks:
            fields, aliases = kept.get(c.id, ([], ""))
            if fields != [c.lecture, c.slide, c.title, c.text, c.digest, c.part]:
                return False
            if aliases != json.dumps(c.aliases):
                other.append((json.dumps(c.aliases), c.id))
        self._db.executemany("UPDATE chunks SET aliases = ? WHERE id = ?", other)
        return True

    def stats(self) -> Stats:
        """Return how much it holds."""
        chunks, lectures = self._db.execute(
            "SELECT count(*), count(DISTINCT lecture) FROM chunks"
        ).fetchone()
        return Stats(chunks, self._vectors.count() if self._vectors else 0, lectures)

    def query(self, query: Query) -> list[Hit]:
        """Return what was found, the best first; nothing where nothing is good enough."""
        if not terms(query.text):
            return []
        by_words = self.by_words(query)
        if not self._vectors:
            return by_words[: query.most]
        rows = self._rows(query.lectures)
        by_meaning = self._vectors.query(query.text, rows, _CANDIDATES)
        meant = [
            Hit(chunk=chunk, score=score, why=("meaning",))
            for number, score in by_meaning
            if (chunk := self._chunk(number))
        ]
        return fused(by_words, meant, query.most)

    def by_words(self, query: Query) -> list[Hit]:
        """Return what was found by words alone, above the floors."""
        weights = self._weights(terms(query.text))
        if not weights:
            return []
        if not any(weights.values()):
            weights = dict.fromkeys(weights, 1.0)
        rare = {term: weight for term, weight in weights.items() if weight > 0}
        match = " OR ".join(map(_phrase, rare))
        if max(map(self.frequency, rare)) > _MANY:
            match = f"title : ({match})"  # a word that stands everywhere is the topic of a title
        rows = self._matching(match, query.lectures, _CANDIDATES)
        if not rows:
            return []
        found = defaultdict[int, list[str]](list)
        for term in rare:
            for number in self._having(term, [n for n, _ in rows]):
                found[number].append(term)
        best = max(-rank for _, rank in rows)
        hits: list[Hit] = []
        for number, rank in rows:
            chunk = self._chunk(number)
            strength = -rank / best if best > 0 else 1.0
            if chunk is None:
                continue
            mark = score(chunk, found[number], weights, max(strength, 0.0))
            if mark > 0:
                hits.append(Hit(chunk=chunk, score=mark, why=tuple(found[number])))
        return above_floor(hits)

    def _weights(self, words: Sequence[str]) -> dict[str, float]:
        """Return how rare each word is; one that the index does not have is the rarest."""
        total = max(1, self._db.execute("SELECT count(*) FROM chunks").fetchone()[0])
        weights = {}
        for word in words:
            count = self.frequency(word)
            share = count / total
            weights[word] = math.log(1 + total / (max(count, 1) + 0.5))
            if word in GENERIC and not GENERIC.issuperset(words):
                weights[word] *= GENERIC_WEIGHT
            if share > _COMMON and total > _LARGE:
                weights[word] = 0.0
        return weights

    def frequency(self, word: str) -> int:
        """Return in how many chunks a word stands, in any of its spellings."""
        if word not in self._sizes:
            stem = self._stem(word)
            if stem:
                row = self._db.execute(
                    "SELECT doc FROM vocabulary WHERE term = ?", (stem,)
                ).fetchone()
            else:
                row = self._db.execute(
                    "SELECT count(*) FROM fts WHERE fts MATCH ?", (_phrase(word),)
                ).fetchone()
            self._sizes[word] = row[0] if row else 0
        return self._sizes[word]

    def _stem(self, word: str) -> str:
        """Return a word as the index stems it; nothing where it is not one word there.

        The table of its words knows how often each occurs; counting takes fifty times as long.
        """
        self._db.execute("DELETE FROM temp.probe")
        self._db.execute("INSERT INTO temp.probe VALUES (?)", (word,))
        stems = self._db.execute("SELECT term FROM temp.stems").fetchall()
        return stems[0][0] if len(stems) == 1 and len(spellings(word)) == 1 else ""

    def vocabulary(self) -> Counter[str]:
        """Return how often each word stands in the chunks, folded; compounds are joined."""
        rows = self._db.execute("SELECT title, text FROM chunks LIMIT ?", (_MOST_READ,))
        return Counter(
            word.casefold()
            for title, text in rows
            for word in TOKEN.findall(searchable(f"{title}\n{text}"))
        )

    def other_forms(self, topic: str) -> tuple[str, ...]:
        """Return the long form of a short one, and the reverse, where the slides have both."""
        if self._forms is None:
            rows = self._db.execute("SELECT title, text FROM chunks LIMIT ?", (_MOST_READ,))
            self._forms = learned(f"{title}\n{text}" for title, text in rows)
        key = " ".join(TOKEN.findall(topic.casefold()))
        found = self._forms.get(key) or self._forms.get(key.removesuffix("s")) or ()
        short = initials(topic)
        if not found and len(short) > 2 and self.frequency(short):
            return (short,)
        return found

    def _matching(
        self, match: str, lectures: tuple[str, ...], most: int
    ) -> list[tuple[int, float]]:
        where, values = _filter(lectures)
        join = "JOIN chunks ON chunks.rowid = fts.rowid" if where else ""
        return self._db.execute(
            f"SELECT fts.rowid, bm25(fts, {_TITLE_WEIGHT}, {_BODY_WEIGHT}) AS rank FROM fts {join} "  # noqa: S608 -- values are bound
            f"WHERE fts MATCH ? {where} ORDER BY rank, fts.rowid LIMIT ?",
            (match, *values, most),
        ).fetchall()

    def _having(self, word: str, rows: Sequence[int]) -> list[int]:
        """Return those of some rows in which a word stands."""
        match = _phrase(word)
        return [
            row
            for row in rows
            if self._db.execute(
                "SELECT 1 FROM fts WHERE fts MATCH ? AND rowid = ?", (match, row)
            ).fetchone()
        ]

    def _rows(self, lectures: tuple[str, ...]) -> list[tuple[int, str]]:
        """Return (row, digest of the text) of every chunk that counts."""
        where, values = _filter(lectures)
        return self._db.execute(
            f"SELECT rowid, id FROM chunks WHERE 1 {where} ORDER BY rowid",  # noqa: S608
            values,
        ).fetchall()

    def _chunk(self, number: int) -> Chunk | None:
        row = self._db.execute(
            "SELECT lecture, slide, title, text, digest, part, aliases FROM chunks WHERE rowid = ?",
            (number,),
        ).fetchone()
        if row is None:
            return None
        lecture, slide, title, text, digest, part, aliases = row
        return Chunk(
            lecture=lecture,
            slide=slide,
            title=title,
            text=text,
            digest=digest,
            part=part,
            aliases=tuple(json.loads(aliases)),
        )

    def by_title(self, lectures: tuple[str, ...]) -> list[Chunk]:
        """Return every chunk that counts, in order."""
        return [c for number, _ in self._rows(lectures) if (c := self._chunk(number))]


def _filter(lectures: tuple[str, ...]) -> tuple[str, list[str]]:
    """Return (a condition on chunks, its values): names of lectures, or slide references."""
    if not lectures:
        return "", []
    slides = [tuple(name.split("#", 1)) for name in lectures if "#" in name]
    whole = [name for name in lectures if "#" not in name]
    parts = ["chunks.lecture = ?"] * len(whole)
    parts += ["(chunks.lecture = ? AND chunks.slide = ?)"] * len(slides)
    return f"AND ({' OR '.join(parts)})", [*whole, *(v for pair in slides for v in pair)]


def _phrase(term: str) -> str:
    """Return a term as FTS5 is asked for it: any spelling, quoted."""
    ways = ['"' + way.replace('"', " ") + '"' for way in spellings(term)]
    return ways[0] if len(ways) == 1 else f"({' OR '.join(ways)})"
