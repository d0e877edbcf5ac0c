"""The four requests of the log: from the raw log to files for an LMS, without a model."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from coursec.cli import main
from coursec.diagnostics import Diagnostics
from coursec.drafting.drafts import Asked, Draft, Known
from coursec.drafting.evidence.course_index import open_index
from coursec.drafting.evidence.coverage import plan
from coursec.drafting.evidence.request import request_of_text
from coursec.drafting.evidence.retrieve import retrieve
from coursec.drafting.extractive import Extractive
from coursec.drafting.extractive.line import key
from coursec.drafting.extractive.refusals import telling
from coursec.model.slides import normalised
from coursec.source.course import read_course
from courses import write_course
from drafting.measures import SEED, requests

MOST = 5
TARGETS = ("gift", "moodle", "qti21", "canvas")


def run(*arguments: str) -> str:
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    return result.output


def asked_by(name: str, draft: Draft) -> Asked:
    """What a draft asks, as far as the drafter looks at it."""
    fields = draft.fields
    keys = [c["text"] for c in fields.get("choices", ()) if c.get("correct")]  # type: ignore[attr-defined]
    keys += [f"{p['premise']} {p['response']}" for p in fields.get("pairs", ())]  # type: ignore[attr-defined]
    keys += [" ".join(fields.get("sequence", ()))]  # type: ignore[arg-type]
    keys += list(fields.get("answers", ()))  # type: ignore[call-overload]
    keys += fields["gaps"]["term"]["answers"] if "gaps" in fields else []  # type: ignore[index]
    text = str(fields.get("stem") or fields.get("text"))
    words = frozenset(word for part in (text, *keys) for word in telling(part))
    return Asked(name, frozenset(filter(None, map(key, keys))), words, key(text))


def drafted(
    root: Path, quiz: str, request: str, known: Known
) -> tuple[list[dict[str, object]], Known]:
    """The items that the slides support for a request."""
    bank = read_course(root, Diagnostics())
    index = open_index(root, bank, Diagnostics())
    assert index is not None
    asked = request_of_text(request)
    found = retrieve(asked, index)
    chunks = [hit.chunk for hit in found.hits]
    drafter = Extractive(bank.course.language)
    items: list[dict[str, object]] = []
    for slot in plan(asked.with_items(drafter.supported(chunks, MOST)), found).slots:
        draft = drafter.draft(slot, chunks, known)
        if not isinstance(draft, Draft):
            continue
        name = f"{quiz}-{len(items) + 1}"
        known = known.and_(asked_by(name, draft))
        evidence = [{"slide": q.slide, "digest": q.digest, "quote": q.text} for q in draft.quotes]
        items.append(
            {
                "id": name,
                **draft.fields,
                "source": sorted({quote.slide for quote in draft.quotes}),
                "status": "draft",
                "provenance": {"drafter": drafter.name, "evidence": evidence},
            }
        )
    return items, known


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with the log's lecture, and for each request a quiz of its drafts."""
    root = tmp_path_factory.mktemp("seed") / "content"
    write_course(root, {"course.yaml": "course: AI-602\ntitle: Large Language Models\n"})
    run("ingest", str(SEED), "--lecture", "log", "--course", str(root))
    known = Known()
    for number, request in enumerate(requests(), 1):
        items, known = drafted(root, f"q{number}", request, known)
        assert items, request
        lines = json.dumps({"items": items}, indent=1, ensure_ascii=False)
        quiz = f"quiz: q{number}\ntitle: Request {number}\nsections:\n  - items: [q{number}-*]\n"
        write_course(
            root,
            {
                "course.yaml": (root / "course.yaml").read_text("utf-8"),
                f"items/q{number}-drafts.yaml": lines,
                f"quizzes/q{number}.yaml": quiz,
            },
        )
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
