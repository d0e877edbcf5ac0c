"""Replies that are kept in a course may come from anybody: a course is cloned, or sent by mail."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("ollama")
pytest.importorskip("llama_index.core")

from courses import read
from drafting.ollama_server import Server
from drafting.slides import DRAFTS, course, drafted

MODEL = "qwen2.5:7b-instruct"
SECOND_ITEM = """2026-11-25

  - id: evil
    type: true_false
    stem: A key that nobody has seen stands in the bank.
    answer: true
    status: approved"""
STATUS = "2026-11-25\n    status: approved"


@pytest.fixture
def folder(server: Server, tmp_path: Path) -> Path:
    """A course whose replies are kept and whose drafts are gone."""
    made = course(tmp_path / "course", server.url, "{single_choice: 1}")
    drafted(made)
    (made / DRAFTS).unlink()
    return made


def kept(folder: Path) -> list[Path]:
    return sorted((folder / ".coursec/replies").glob("*/*.json"))


def changed(path: Path, change: Callable[[Any], object]) -> None:
    data = json.loads(path.read_text())
    change(data)
    path.write_text(json.dumps(data))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("day", SECOND_ITEM), ("day", STATUS), ("day", [1]), ("day", 5), ("day", "2026-13-40"),
        ("prompt_tokens", "many"), ("prompt_tokens", float("nan")), ("tokens", {}),
        ("text", None), ("done", 1), ("other", 1),
    ],
)  # fmt: skip
def test_a_kept_reply_writes_nothing_but_a_checked_draft(
    folder: Path, field: str, value: object
) -> None:
    """One that we could not have kept counts as none: the model is asked again."""
    for path in kept(folder):
        changed(path, lambda data: data["reply"].update({field: value}))
    result = drafted(folder)
    assert "Drafted 1 of 1" in result.output, result.output
    assert "3 requests" in result.output
    bank, _, sink = read(folder)
    assert not sink.errors
    assert len(bank.items) == 2
    assert [item.status for item in bank.items.values() if item.id != "first"] == ["draft"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", 5), ("name", "another\x1b[31m"), ("name", "\ud800"), ("digest", 5),
        ("digest", "x: {}\n- evil"), ("context", "wide"), ("context", -5), ("context", 0.5),
        ("thinks", "aloud"),
    ],
)  # fmt: skip
def test_a_model_that_is_remembered_wrongly_is_asked_for(
    folder: Path, field: str, value: object
) -> None:
    models = folder / ".coursec/replies/models.json"
    changed(models, lambda data: data[MODEL].update({field: value}))
    result = drafted(folder)
    assert "Drafted 1 of 1" in result.output, result.output
    assert json.loads(models.read_text())[MODEL]["name"] == MODEL


@pytest.mark.parametrize("text", ["[" * 200_000, "[]", "5", '{"reply": []}', "\x00", ""])
def test_files_that_are_no_replies_count_as_none(folder: Path, text: str) -> None:
    for path in [*kept(folder), folder / ".coursec/replies/models.json"]:
        path.write_text(text)
    assert "Drafted 1 of 1" in drafted(folder).output


def test_a_pipe_in_the_place_of_a_reply_is_not_waited_for(folder: Path) -> None:
    for path in [*kept(folder), folder / ".coursec/replies/models.json"]:
        path.unlink()
        os.mkfifo(path)
    code = "from coursec.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "draft", "tokenization", "--course", str(folder)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "Drafted 1 of 1" in done.stdout, done.stdout + done.stderr


@pytest.mark.parametrize("name", [".coursec/replies", "items"])
def test_drafts_and_replies_do_not_leave_the_course_by_a_link(
    folder: Path, tmp_path: Path, name: str
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    place = folder / name
    if place.exists():
        place.rename(tmp_path / "away") if any(place.iterdir()) else place.rmdir()
    place.symlink_to(outside)
    result = drafted(folder)
    assert result.exit_code == 1
    assert "error[E604]" in result.output
    assert "a link leads out of the course" in " ".join(result.output.split())
    assert not list(outside.iterdir())


@pytest.mark.parametrize("digest", ["", "x", "0123456789ab\n- evil", "Z" * 64])
def test_a_server_whose_models_have_no_digest_is_no_ollama(
    server: Server, tmp_path: Path, digest: str
) -> None:
    server.set(models={MODEL: digest})
    result = drafted(course(tmp_path, server.url, "{single_choice: 1}"))
    assert result.exit_code == 3
    assert ("E945" if digest else "E941") in result.output
