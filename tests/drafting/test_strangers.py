"""A course may come from a stranger, and two people may work in it: caches, links, other runs."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("ollama")
pytest.importorskip("llama_index.core")

from click.testing import CliRunner

from coursec.cli import main
from courses import read
from drafting.ollama_server import Server
from drafting.slides import DRAFTS, course, drafted

MODEL = "qwen2.5:7b-instruct"
FEW = "{single_choice: 2}"


@pytest.mark.parametrize(
    "kept",
    [
        {"name": MODEL, "digest": 5, "context": None, "thinks": False},
        {"name": MODEL, "digest": "a b", "context": None, "thinks": False},
        {"name": MODEL, "digest": "aa", "context": "8192", "thinks": False},
        {"name": MODEL, "digest": "aa", "context": -3, "thinks": False},
        {"name": MODEL, "digest": "aa", "context": 8192, "thinks": []},
        {"name": "other", "digest": "aa", "context": 8192, "thinks": False},
        [],
        "x",
    ],
)
def test_a_kept_model_that_is_none_is_asked_for_anew(
    server: Server, tmp_path: Path, kept: object
) -> None:
    folder = course(tmp_path, server.url, FEW)
    path = folder / ".coursec/replies/models.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({MODEL: kept}))
    assert "Drafted 2 of 2" in drafted(folder).output


@pytest.mark.parametrize(
    "change",
    [
        {"prompt_tokens": "abc"},
        {"prompt_tokens": [1]},
        {"prompt_tokens": -1},
        {"prompt_tokens": True},
        {"tokens": {}},
        {"day": 5},
        {"day": "2026-01-01\nstatus: approved"},
        {"day": "x" * 5_000},
        {"done": None},
        {"text": 7},
        {"more": 1},
    ],
)
def test_a_kept_reply_that_is_none_is_asked_for_anew(
    server: Server, tmp_path: Path, change: dict[str, Any]
) -> None:
    folder = course(tmp_path, server.url, FEW)
    drafted(folder)
    first = (folder / DRAFTS).read_bytes()
    (folder / DRAFTS).unlink()
    for path in (folder / ".coursec/replies").glob("*/*.json"):
        kept = json.loads(path.read_text())
        kept["reply"] |= change
        path.write_text(json.dumps(kept))
    server.forget()
    assert drafted(folder).exit_code == 0
    assert (folder / DRAFTS).read_bytes() == first
    assert len(server.log()) == 6


def test_a_kept_reply_writes_nothing_but_a_checked_draft(server: Server, tmp_path: Path) -> None:
    folder = course(tmp_path, server.url, FEW)
    drafted(folder)
    (folder / DRAFTS).unlink()
    for path in (folder / ".coursec/replies").glob("*/*.json"):
        kept = json.loads(path.read_text())
        kept["reply"]["text"] = json.dumps(
            {
                "quote": "Not there",
                "stem": "Which one is it?",
                "key": "a",
                "distractors": ["b", "c"],
            }
        )
        path.write_text(json.dumps(kept))
    server.set(mind="chatty")
    result = drafted(folder)
    assert result.exit_code == 1
    assert not (folder / DRAFTS).exists()


@pytest.mark.parametrize("name", [".coursec", "items"])
def test_nothing_is_written_through_a_link_that_leads_away(
    server: Server, tmp_path: Path, name: str
) -> None:
    folder = course(tmp_path / "course", server.url, FEW)
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "index.sqlite").write_text("somebody's own")
    os.symlink(outside, folder / name)
    result = drafted(folder)
    assert result.exit_code in (1, 3)
    assert "out of the course's folder" in result.output
    assert {p.name for p in outside.iterdir()} == {"index.sqlite"}
    assert (outside / "index.sqlite").read_text() == "somebody's own"
    if name == ".coursec":
        arguments = ["retrieve", "tokenization", "--course", str(folder)]
        assert CliRunner().invoke(main, arguments).exit_code == 3
        assert (outside / "index.sqlite").read_text() == "somebody's own"


def test_of_two_runs_at_once_one_drafts(server: Server, tmp_path: Path) -> None:
    folder = course(tmp_path, server.url, "{single_choice: 3, true_false: 1, cloze: 1}")
    server.set(delay=0.05)
    code = "from coursec.cli import main; main()"
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", code, "draft", "tokenization", "--course", str(folder)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for _ in range(3)
    ]
    said = [run.communicate(timeout=100)[0] for run in runs]
    assert sum("Drafted 5 of 5" in text for text in said) >= 1
    for run, text in zip(runs, said, strict=True):
        busy = "error[E957] Another `coursec draft` is at work" in text
        assert run.returncode == (1 if busy else 0), text
        assert busy or "5 of 5" in text or "5 stand in the course already" in text
    ids = re.findall(r"- id: (\S+)", (folder / DRAFTS).read_text())
    assert len(ids) == len(set(ids)) == 5
    assert [p.name for p in (folder / "items").iterdir()] == [Path(DRAFTS).name]
    _, _, sink = read(folder)
    assert not sink.errors


def test_a_run_that_was_killed_leaves_no_lock(server: Server, tmp_path: Path) -> None:
    folder = course(tmp_path, server.url, FEW)
    hold = (
        "import sys, time; from pathlib import Path; from coursec.drafting.lock import alone\n"
        "with alone(Path(sys.argv[1])) as free:\n    print(free, flush=True); time.sleep(60)"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", hold, str(folder)], stdout=subprocess.PIPE, text=True
    )
    assert other.stdout is not None
    assert other.stdout.readline() == "True\n"
    assert "error[E957]" in drafted(folder).output
    other.kill()
    other.wait()
    other.stdout.close()
    assert "Drafted 2 of 2" in drafted(folder).output


POISON = [
    "UPDATE chunks SET text = 'CBOW predicts the weather from its context.'",
    "UPDATE chunks SET title = 'Elsewhere'",
    "UPDATE chunks SET lecture = 'other', slide = 'other'",
    "UPDATE chunks SET text = NULL",
    "UPDATE chunks SET aliases = 'no JSON'",
    "UPDATE chunks SET part = 'x'",
    "DROP TABLE fts",
    "DROP TABLE vocabulary",
    "DROP TABLE chunks; CREATE TABLE chunks (rowid INTEGER PRIMARY KEY, id TEXT)",
    "DELETE FROM chunks; CREATE TRIGGER evil AFTER INSERT ON chunks "
    "BEGIN UPDATE chunks SET text = 'evil'; END",
    "DELETE FROM chunks; CREATE TRIGGER evil AFTER INSERT ON chunks "
    "BEGIN SELECT raise(ABORT, 'evil'); END",
]


@pytest.mark.parametrize("poison", POISON)
def test_an_index_of_a_stranger_says_only_what_slides_say(tmp_path: Path, poison: str) -> None:
    folder = course(tmp_path, "http://127.0.0.1:9")
    assert drafted(folder, "--drafter", "extractive").exit_code == 0
    clean = (folder / DRAFTS).read_bytes()
    (folder / DRAFTS).unlink()
    with sqlite3.connect(folder / ".coursec/index.sqlite") as db:
        db.executescript(poison)
    db.close()
    assert drafted(folder, "--drafter", "extractive").exit_code == 0
    assert (folder / DRAFTS).read_bytes() == clean
