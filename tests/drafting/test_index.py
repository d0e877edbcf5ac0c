"""Every index does the same: the embedded one, and PostgreSQL with pgvector."""

from __future__ import annotations

import math
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from coursec.drafting.evidence.chunk import Chunk, chunks_of
from coursec.drafting.evidence.embedded import Embedded
from coursec.drafting.evidence.store import Index, Query, sync
from coursec.model.quiz import Lecture, Slide
from coursec.model.slides import digest_of


class Words:
    """An embedder for tests: texts that share words are alike."""

    name = "words-of-tests"

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def embed(self, texts: Sequence[str], *, query: bool = False) -> list[list[float]]:
        if not query:
            self.embedded += texts
        return [self._vector(text) for text in texts]

    def _vector(self, text: str) -> list[float]:
        vector = [0.0] * 64
        for word in re.findall(r"\w+", text.casefold()):
            vector[zlib.crc32(word[:5].encode()) % 64] += 1.0
        size = math.sqrt(sum(v * v for v in vector)) or 1.0
        return [v / size for v in vector]


SLIDES = {
    "leaves": (
        ("light", "The light reactions", "Light splits water and sets oxygen free."),
        ("calvin", "The Calvin cycle", "Rubisco fixes carbon dioxide in the stroma."),
        ("stomata", "Stomata", "Pores let carbon dioxide in and water vapour out."),
    ),
    "rocks": (
        ("granite", "Granite", "Granite cools slowly deep below the ground."),
        ("basalt", "Basalt", "Basalt cools fast where lava meets water."),
    ),
}


def chunks() -> list[Chunk]:
    return chunks_of(
        Lecture(
            name=name,
            title=name,
            slides=tuple(Slide(id=i, title=t, text=x) for i, t, x in slides),
        )
        for name, slides in SLIDES.items()
    )


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    pgserver = pytest.importorskip("pgserver")
    pytest.importorskip("llama_index.vector_stores.postgres")
    folder = tmp_path_factory.mktemp("pg")
    server = pgserver.get_server(folder, cleanup_mode="stop")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(params=["memory", "file", "hybrid", "postgres"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Index]:
    match request.param:
        case "memory":
            yield Embedded(None)
        case "file":
            with Embedded(tmp_path / ".coursec" / "index.sqlite") as made:
                yield made
        case "hybrid":
            pytest.importorskip("numpy")
            with Embedded(tmp_path / "index.sqlite", embedder=Words()) as made:
                yield made
        case _:
            address = request.getfixturevalue("database")
            from coursec.drafting.evidence.postgres import Postgres

            made = Postgres(address, f"T {tmp_path.name}", Words())
            yield made
            made.close()


def references(index: Index, text: str, lectures: tuple[str, ...] = ()) -> list[str]:
    return [hit.chunk.reference for hit in index.query(Query(text, lectures))]


def test_what_is_asked_for_comes_first(index: Index) -> None:
    sync(index, chunks())
    assert references(index, "Calvin cycle")[0] == "leaves#calvin"
    assert references(index, "granite")[0] == "rocks#granite"


def test_nothing_is_found_where_nothing_is_said(index: Index) -> None:
    sync(index, chunks())
    assert references(index, "quaternions") == []
    assert references(index, "") == []
    assert references(index, "the and of") == []


def test_lectures_and_slides_can_be_chosen(index: Index) -> None:
    sync(index, chunks())
    assert set(references(index, "water")) >= {"leaves#light", "rocks#basalt"}
    assert references(index, "water", ("rocks",)) == ["rocks#basalt"]
    assert references(index, "water", ("leaves#stomata",)) == ["leaves#stomata"]
    assert references(index, "water", ("no-such-lecture",)) == []
    assert references(index, "water", ("'); DROP TABLE chunks; --",)) == []


def test_chunks_come_back_as_they_went_in(index: Index) -> None:
    given = [replace(c, aliases=("x#y",)) for c in chunks()]
    sync(index, given)
    found = {hit.chunk.id: hit.chunk for hit in index.query(Query("carbon dioxide water granite"))}
    for chunk in found.values():
        assert chunk in given


def test_an_edited_slide_replaces_the_old_one(index: Index) -> None:
    first = chunks()
    assert sync(index, first).added == 5
    assert sync(index, first).kept == 5
    slide = Slide(id="granite", title="Granite", text="Granite holds feldspar and quartz.")
    new = Chunk(
        lecture="rocks",
        slide="granite",
        title="Granite",
        text=slide.text,
        digest=digest_of(slide),
    )
    edited = [new if c.slide == "granite" else c for c in first]
    done = sync(index, edited)
    assert (done.added, done.removed, done.kept) == (1, 1, 4)
    assert index.stats().chunks == 5
    assert references(index, "feldspar") == ["rocks#granite"]
    assert "rocks#granite" not in references(index, "slowly deep ground")


def test_what_is_deleted_is_gone(index: Index) -> None:
    sync(index, chunks())
    index.delete([c.id for c in chunks() if c.lecture == "rocks"])
    index.delete(["unknown"])
    assert index.stats().lectures == 1
    assert references(index, "granite basalt") == []
    assert len(index.ids()) == 3


def test_adding_twice_is_adding_once(index: Index) -> None:
    index.add(chunks())
    index.add(chunks())
    assert index.stats().chunks == 5
    assert references(index, "granite").count("rocks#granite") == 1


def test_scores_fall_and_stay_within_one(index: Index) -> None:
    sync(index, chunks())
    scores = [hit.score for hit in index.query(Query("carbon dioxide and water"))]
    assert scores
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1 for score in scores)


def test_words_of_a_query_are_no_syntax(index: Index) -> None:
    sync(index, chunks())
    for text in (
        '"',
        "AND OR NOT NEAR(",
        "title:*",
        "a* -b ^c",
        "water' OR '1'='1",
        "%_\\",
        "(" * 50,
    ):
        index.query(Query(text))
    assert references(index, "granite AND basalt OR water")


def test_a_text_is_embedded_once(tmp_path: Path) -> None:
    pytest.importorskip("numpy")
    words = Words()
    for _ in range(2):
        with Embedded(tmp_path / "i.sqlite", embedder=words) as made:
            sync(made, chunks())
            made.embed_missing(chunks())
            assert made.stats().vectors == 5
    assert len(words.embedded) == 5


def test_an_index_without_vectors_gets_them_later(tmp_path: Path) -> None:
    pytest.importorskip("numpy")
    with Embedded(tmp_path / "i.sqlite") as made:
        sync(made, chunks())
    with Embedded(tmp_path / "i.sqlite", embedder=Words()) as made:
        sync(made, chunks())
        made.embed_missing(chunks())
        assert made.stats().vectors == 5
        hits = made.query(Query("granite"))
        assert hits[0].why == ("granite", "meaning")


def test_a_broken_index_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "i.sqlite"
    path.write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
    with Embedded(path) as made:
        sync(made, chunks())
        assert made.stats().chunks == 5
    with Embedded(path, language="de") as made:
        assert made.stats().chunks == 0
        sync(made, chunks())
        assert references(made, "granite") == ["rocks#granite"]


def test_the_index_is_kept_out_of_version_control(tmp_path: Path) -> None:
    with Embedded(tmp_path / ".coursec" / "index.sqlite"):
        assert (tmp_path / ".coursec" / ".gitignore").read_text() == "*\n"
