"""The four requests of the log: from the raw log to files for an LMS, without a model."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from coursec.cli import main
from coursec.diagnostics import Diagnostics
from coursec.model.slides import normalised
from coursec.source.course import read_course
from courses import write_course
from drafting.measures import SEED, requests

RULES = ("--drafter", "extractive")
FEW = ("--items", "short_answer=1", "--items", "ordering=1")
"""Of the first request: the fourth asks for items on embeddings too, and none is asked twice."""
TARGETS = ("gift", "moodle", "qti21", "canvas")


def run(*arguments: str) -> str:
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with the log's lecture, and for each request a quiz of its drafts."""
    root = tmp_path_factory.mktemp("seed") / "content"
    write_course(root, {"course.yaml": "course: AI-602\ntitle: Large Language Models\n"})
    run("ingest", str(SEED), "--lecture", "log", "--course", str(root))
    for number, request in enumerate(requests(), 1):
        few = FEW if number == 1 else ()
        there = ("--course", str(root))
        said = run("draft", f"q{number}", "--request", request, *RULES, *few, *there)
        assert f"There is no quiz `q{number}` yet" in said
        quiz = f"quiz: q{number}\ntitle: Request {number}\nsections:\n  - items: [q{number}-*]\n"
        (root / "quizzes").mkdir(exist_ok=True)
        (root / f"quizzes/q{number}.yaml").write_text(quiz)
    return root


def test_each_request_gets_items_that_are_grounded_and_asked_once(course: Path) -> None:
    bank = read_course(course, Diagnostics())
    assert len(bank.items) >= 8
    texts = {
        f"log#{slide.id}": normalised(f"{slide.title}\n{slide.text}")
        for slide in bank.lectures["log"].slides
    }
    for item in bank.items.values():
        assert item.bloom == "remember"
        assert item.provenance
        for evidence in item.provenance.evidence:
            assert normalised(evidence.quote) in texts[evidence.slide]
    stems = [str(item.stem) for item in bank.items.values() if item.kind != "cloze"]
    assert len(set(stems)) == len(stems)


def test_nothing_is_built_before_somebody_decides_and_all_of_it_after(
    course: Path, tmp_path: Path
) -> None:
    root = tmp_path / "content"
    shutil.copytree(course, root)
    there = ("--course", str(root))
    names = sorted(read_course(root, Diagnostics()).items)
    refused = CliRunner().invoke(main, ["build", str(root), "--target", "gift"])
    assert refused.exit_code == 1
    assert "No approved item matches `q1-*`." in refused.output
    listed = json.loads(run("review", "--list", "--format", "json", *there))
    assert sorted(row["id"] for row in listed) == names
    run("review", "--accept", *names, "--by", "course team", *there)
    assert json.loads(run("review", "--list", "--format", "json", *there)) == []
    targets = [word for target in TARGETS for word in ("--target", target)]
    said = run("build", str(root), "--verify", *targets)
    assert "Built and verified 16 files: " in said
    gift = "".join(p.read_text("utf-8") for p in (tmp_path / "build/gift").iterdir())
    assert all(f"[id:{name}]" in gift for name in names if "ordering" not in name)
