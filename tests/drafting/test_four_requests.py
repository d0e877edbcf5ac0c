"""The four requests of the log, from the raw log to a build, with the double as the model."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

pytest.importorskip("ollama")
pytest.importorskip("llama_index.core")

from coursec.cli import main
from courses import read, write_course
from drafting.measures import SEED, requests
from drafting.ollama_server import Server
from drafting.slides import COURSE, drafted

ITEMS = ("single_choice=3", "true_false=2", "matching=1", "cloze=2")
NAMES = ("tokenization", "business", "efficiency")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments), catch_exceptions=False)


@pytest.fixture
def folder(server: Server, tmp_path: Path) -> Path:
    made = write_course(tmp_path / "content", {"course.yaml": COURSE.replace("{url}", server.url)})
    result = run("ingest", str(SEED), "--course", str(made))
    assert result.exit_code == 0, result.output
    return made


def test_the_quizzes_of_the_log(server: Server, folder: Path, tmp_path: Path) -> None:
    """Drafts are grounded in the log's slides; approved, they are built and proven."""
    options = [part for count in ITEMS for part in ("--items", count)]
    for name, request in zip(NAMES, requests(), strict=False):
        result = drafted(folder, "--request", request, *options, quiz=name)
        assert result.exit_code == 0, result.output
    bank, _, sink = read(folder)
    assert not sink.errors
    assert len(bank.items) >= 9
    slides = {
        f"{lecture.name}#{slide.id}": " ".join(f"{slide.title} {slide.text}".split())
        for lecture in bank.lectures.values()
        for slide in lecture.slides
    }
    for item in bank.items.values():
        assert item.provenance is not None
        for evidence in item.provenance.evidence:
            assert evidence.quote in slides[evidence.slide]
    for name in NAMES:
        path = folder / f"items/{name}-drafts.yaml"
        if path.exists():
            path.write_text(path.read_text().replace("status: draft", "status: approved"))
            quiz = f"quiz: {name}\ntitle: {name}\nsections: [{{items: ['{name}-*']}}]\n"
            write_course(folder, {f"quizzes/{name}.yaml": quiz, "course.yaml": _head(folder)})
    out = tmp_path / "build"
    result = run("build", str(folder), "--out", str(out), "--verify", "--target", "gift",
                 "--target", "moodle", "--target", "qti21")  # fmt: skip
    assert result.exit_code == 0, result.output
    assert len(list(out.rglob("tokenization*"))) == 3


def _head(folder: Path) -> str:
    return (folder / "course.yaml").read_text()


def test_the_assignment_of_the_log(server: Server, folder: Path) -> None:
    result = drafted(folder, "--assignment", "--request", requests()[3], quiz="word2vec")
    assert result.exit_code == 0, result.output
    path = folder / "assignments/word2vec.md"
    path.write_text(path.read_text().replace("status: draft", "status: approved"))
    checked = run("check", str(folder), "--run")
    assert checked.exit_code == 0, checked.output
    assert "ran  word2vec" in checked.output
