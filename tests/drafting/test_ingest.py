"""`coursec ingest`: lectures that check clean, keep their ids, and say what was done to them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from coursec.cli import main
from coursec.drafting.ingest import undo
from coursec.drafting.ingest.record import digest, path_of, read_record
from courses import read, write_course
from drafting import decks
from drafting.measures import CONTENT, SEED, requests

LEAVES = """---
title: Leaves
---

## Light

- Light splits water

## Sugar

Sugar leaves the cycle.
"""


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(main, ["ingest", *map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    return result


@pytest.fixture
def course(tmp_path: Path) -> Path:
    return write_course(tmp_path / "course", {"media/.keep": ""})


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    shutil.copytree(CONTENT, tmp_path / "content", ignore=shutil.ignore_patterns(".*"))
    return tmp_path / "content"


def source(folder: Path, name: str, data: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


# The log of the seed


def test_the_log_becomes_a_lecture_that_checks_clean(sample: Path) -> None:
    result = run(SEED, "--course", sample, "--format", "concise")
    assert result.exit_code == 0
    assert "194 damaged lines of retrieval-log.txt were restored" in result.output
    assert "26 slides, 6 of them structure" in result.output
    for code in ("N913", "N914", "N915", "N916"):
        assert f"note[{code}]" in result.output
    bank, _, sink = read(sample)
    assert not sink.errors
    lecture = bank.lectures["retrieval-log"]
    assert {s.title: sorted(s.kinds) for s in lecture.slides if s.kinds} == {
        "Lecture 4: Tokenization, Embedding and Pre-Training of LLM": ["title"],
        "Lecture 3: Business Problem & Dataset Engineering for LLMs": ["title"],
        "Agenda": ["agenda"],
        "TOPICS": ["agenda"],
        "BERT Pre-training Tasks": ["section"],
    }
    texts = {s.id: s.text for s in lecture.slides}
    assert "| MoE (Mixture of Experts) | Yes | Sometimes | No" in texts["conclusion"]
    assert "      4. Model size\n4. Compare 16-bit vs. 4-bit" in texts["lab-introduction"]
    assert "The king is wearing a crown" in texts["word2vec-training"]
    assert "Spring 2025" not in texts["example"]
    assert not any("Problem Solving" in text for text in texts.values())


def test_the_requests_of_the_log_are_read_too() -> None:
    assert [text.split()[0] for text in requests()] == ["Generate", "Generate", "Make", "Generate"]


def test_every_repair_is_reported_before_and_after(sample: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.md"
    run(SEED, "--course", sample, "--report", report)
    text = report.read_text("utf-8")
    assert "## Encoding: 194 lines (UTF-8 read as mac_roman)" in text
    assert "    - T okenization\n    + Tokenization\n" in text
    record = read_record((sample / path_of("retrieval-log")).read_bytes())
    assert record
    assert len(record.restored) == 194
    assert f"## Words: {len(record.repairs)} texts" in text
    assert len(record.repairs) > 30


def test_repairs_that_are_taken_back_give_the_words_as_they_were(
    sample: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    shutil.copytree(sample, other)
    run(SEED, "--course", sample)
    run(SEED, "--course", other, "--no-repair")
    result = run("--undo", "retrieval-log", "--course", sample)
    assert result.exit_code == 0
    name = "lectures/retrieval-log.md"
    lines = [(root / name).read_text("utf-8").split("\n") for root in (sample, other)]
    # Ids are promises: they stay as the repaired titles made them.
    words = [[line.rpartition(" {#")[0] or line for line in text] for text in lines]
    assert words[0] == words[1]
    assert "Thekin giswe ar in ga cr o wn" in "\n".join(lines[0])


def test_a_repair_that_was_taken_back_is_not_made_again(sample: Path) -> None:
    run(SEED, "--course", sample)
    path = sample / "lectures/retrieval-log.md"
    assert "Zero Optimization" in path.read_text("utf-8")
    record = read_record((sample / path_of("retrieval-log")).read_bytes())
    assert record
    number = next(n for n, r in enumerate(record.repairs, 1) if r.after == "Zero Optimization")
    result = run("--undo", "retrieval-log", "--only", number, "--course", sample)
    assert "Took back 1 repair" in result.output
    assert "ZeroOptimization" in path.read_text("utf-8")
    assert run(SEED, "--course", sample).exit_code == 0
    assert "ZeroOptimization" in path.read_text("utf-8")


def test_what_cannot_be_taken_back_is_said(sample: Path) -> None:
    run(SEED, "--course", sample)
    path = sample / "lectures/retrieval-log.md"
    edited = path.read_text("utf-8").replace("Zero Optimization", "ZeRO")
    path.write_text(edited, "utf-8")
    result = run("--undo", "retrieval-log#agenda-267", "--course", sample, "--format", "concise")
    assert "W919" in result.output
    for name, more in (("nobody", []), ("retrieval-log", ["--only", "999"])):
        failed = run("--undo", name, *more, "--course", sample)
        assert failed.exit_code == 1
        assert "E907" in failed.output


# Ids, and what people have written


def test_ids_stay_when_a_file_is_ingested_again(course: Path, tmp_path: Path) -> None:
    path = source(tmp_path, "leaves.md", LEAVES)
    run(path, "--course", course)
    lecture = course / "lectures/leaves.md"
    assert "## Light {#light}" in lecture.read_text("utf-8")
    longer = LEAVES.replace("## Light", "## Sunlight").replace(
        "## Sugar", "## Light\n\nAnother slide about light here.\n\n## Sugar"
    )
    source(tmp_path, "leaves.md", longer)
    run(path, "--course", course)
    text = lecture.read_text("utf-8")
    assert "## Sunlight {#light}" in text  # its words are those of the slide that had the id
    assert "## Light {#light-2}" in text
    assert "## Sugar {#sugar}" in text


def test_slides_of_one_title_have_their_page_behind_it(course: Path, tmp_path: Path) -> None:
    text = "## Rates\n\nMaize is fast.\n\n## Rates\n\nWheat is slow.\n"
    run(source(tmp_path, "r.md", text), "--course", course)
    made = (course / "lectures/r.md").read_text("utf-8")
    assert "{#rates}" in made
    assert "{#rates-2}" in made


def test_ingesting_twice_changes_nothing(course: Path, tmp_path: Path) -> None:
    pytest.importorskip("pptx")
    path = source(tmp_path, "plants.pptx", decks.pptx())
    run(path, "--course", course)
    files = {p: p.read_bytes() for p in course.rglob("*") if p.is_file()}
    run(path, "--course", course)
    assert {p: p.read_bytes() for p in course.rglob("*") if p.is_file()} == files
    assert sum(p.suffix == ".png" for p in files) == 2


def test_an_edited_lecture_is_left_alone(course: Path, tmp_path: Path) -> None:
    path = source(tmp_path, "leaves.md", LEAVES)
    run(path, "--course", course)
    lecture = course / "lectures/leaves.md"
    lecture.write_text(lecture.read_text("utf-8") + "\nMy own words.\n", "utf-8")
    result = run(path, "--course", course)
    assert result.exit_code == 1
    assert "lectures/leaves.md has been edited since it was ingested" in result.output
    assert "My own words." in lecture.read_text("utf-8")
    assert run(path, "--course", course, "--lecture", "leaves-2").exit_code == 0


def test_a_lecture_that_a_person_wrote_is_left_alone(sample: Path, tmp_path: Path) -> None:
    path = source(tmp_path, "04-tokenization.md", LEAVES)
    before = (sample / "lectures/04-tokenization.md").read_bytes()
    result = run(path, "--course", sample)
    assert result.exit_code == 1
    assert "was not made by an ingest" in result.output
    assert (sample / "lectures/04-tokenization.md").read_bytes() == before


def test_bad_files_are_said_and_the_others_go_on(course: Path, tmp_path: Path) -> None:
    pytest.importorskip("pypdfium2")
    good = source(tmp_path, "leaves.md", LEAVES)
    bad = source(tmp_path, "broken.pdf", b"%PDF-1.7\nnothing")
    result = run(bad, tmp_path / "missing.pptx", tmp_path, good, "--course", course)
    assert result.exit_code == 1
    assert "E901" in result.output
    assert result.output.count("E101") == 2
    assert "Ingested 1 file of 4" in result.output
    assert (course / "lectures/leaves.md").exists()


def test_a_full_disk_leaves_the_old_lecture(
    course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = source(tmp_path, "leaves.md", LEAVES)
    run(path, "--course", course)
    before = (course / "lectures/leaves.md").read_bytes()
    source(tmp_path, "leaves.md", LEAVES + "\n## More\n\nWords.\n")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device", "leaves.md")

    monkeypatch.setattr("coursec.engine.files.write_all", full)
    result = run(path, "--course", course)
    assert result.exit_code == 1
    assert "No space left on device" in result.output
    assert (course / "lectures/leaves.md").read_bytes() == before


def test_a_link_that_leads_out_of_the_course_is_not_followed(course: Path, tmp_path: Path) -> None:
    (tmp_path / "away").mkdir()
    (course / "lectures").symlink_to(tmp_path / "away")
    result = run(source(tmp_path, "leaves.md", LEAVES), "--course", course)
    assert result.exit_code == 1
    assert "a link leads out of the course" in result.output
    assert not list((tmp_path / "away").iterdir())


def test_wrong_usage_is_told(course: Path, tmp_path: Path) -> None:
    path = source(tmp_path, "leaves.md", LEAVES)
    for arguments in ((), (path, "--undo", "x"), (path, path, "--lecture", "x"),
                      (path, "--lecture", "Not A Name")):  # fmt: skip
        assert run(*arguments, "--course", course).exit_code == 2
    assert run(path, "--course", tmp_path / "nowhere").exit_code == 2


def test_images_come_into_media_with_a_word_about_missing_ones(
    course: Path, tmp_path: Path
) -> None:
    (tmp_path / "leaf.png").write_bytes(decks.png())
    run(source(tmp_path, "d.html", decks.HTML), "--course", course)
    text = (course / "lectures/d.md").read_text("utf-8")
    (name,) = [p.name for p in (course / "media/d").iterdir()]
    assert f"![A leaf](../media/d/{name})![](../media/d/{name})" in text
    again = run(tmp_path / "d.html", "--course", course, "--format", "json")
    found = json.loads(again.stdout)["diagnostics"]
    (missing,) = [d for d in found if d["code"] == "W911"]
    assert "![](" in text.split("\n")[missing["line"] - 1]


@pytest.mark.parametrize("name", ["pdf", "pptx", "docx", "html", "ipynb"])
def test_every_format_gives_a_lecture_that_checks_clean(
    course: Path, tmp_path: Path, name: str
) -> None:
    for package in ("pypdfium2", "pptx", "docx", "mammoth", "nbformat"):
        pytest.importorskip(package)
    make = {
        "pdf": decks.pdf, "pptx": decks.pptx, "docx": decks.docx,
        "html": lambda: decks.HTML.encode(), "ipynb": lambda: decks.notebook().encode(),
    }  # fmt: skip
    result = run(source(tmp_path, f"deck.{name}", make[name]()), "--course", course)
    assert result.exit_code == 0, result.output
    bank, _, sink = read(course)
    assert not sink.errors
    assert len(bank.lectures["deck"].slides) > 1


def test_a_record_of_something_else_is_none() -> None:
    for data in (b"", b"[]", b"{}", b'{"version": 1}', b'{"version": 1, "repairs": 3}', b"\xff"):
        assert read_record(data) is None
    assert undo.take_back  # a lecture without a record cannot be undone: see above
    assert digest(b"") != digest(b" ")


def test_titles_in_any_script_become_references_that_check(course: Path) -> None:
    text = "# Μαθήματα\n\n## Μέθοδος µ\n\n- πρώτο\n\n## 词嵌入\n\n- 一\n\n## Слова\n\n- один\n"
    result = run(source(course.parent, "greek.md", text), "--course", course)
    assert result.exit_code == 0
    bank, _, sink = read(course)
    assert bank
    assert [d.code for d in sink if d.severity.value == "error"] == []
    assert len(bank.lectures["greek"].slides) == 3
