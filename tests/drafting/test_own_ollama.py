"""Drafting with one's own Ollama and a real model: `make test-ollama`.

Opt-in: `COURSEC_OLLAMA` names the model (empty: the default), `COURSEC_OLLAMA_HOST` the host.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

if "COURSEC_OLLAMA" not in os.environ:
    pytest.skip("set COURSEC_OLLAMA to test with your own Ollama", allow_module_level=True)

from click.testing import CliRunner

from coursec.cli import main
from courses import read
from drafting.measures import requests
from drafting.slides import COURSE, DRAFTS, ITEMS, course, drafted

HOST = os.environ.get("COURSEC_OLLAMA_HOST", "http://127.0.0.1:11434")
MODEL = os.environ["COURSEC_OLLAMA"]
OPTIONS = ("--drafter", "ollama", *(("--model", MODEL) if MODEL else ()))


def retrieved(folder: Path, request: str, *options: str) -> str:
    arguments = ["retrieve", request, "--course", str(folder), *options]
    return CliRunner().invoke(main, arguments, catch_exceptions=False).output


def test_a_real_model_finds_topics(tmp_path: Path) -> None:
    """Of the four requests of the log at most one is left to the rules."""
    folder = course(tmp_path, HOST)
    if MODEL:
        head = COURSE.replace("{url}", HOST) + f"  model: {MODEL}\n"
        (folder / "course.yaml").write_text(head)
    said = [retrieved(folder, request, "--drafter", "ollama") for request in requests()]
    print("\n".join(said))
    assert sum(text.startswith("Topics, by rule") for text in said) <= 1


def test_a_real_model_drafts(tmp_path: Path) -> None:
    """At least a third of the planned items stand all checks, and whatever is written is sound."""
    folder = course(tmp_path, HOST)
    result = drafted(folder, *OPTIONS)
    print(result.output)
    assert result.exit_code == 0, result.output
    bank, _, sink = read(folder)
    assert not sink.errors
    items = [item for item in bank.items.values() if item.status == "draft"]
    print((folder / DRAFTS).read_text())
    assert len(items) >= 3, ITEMS
    assert all(item.provenance and item.provenance.evidence for item in items)

    (folder / DRAFTS).unlink()
    again = drafted(folder, *OPTIONS)
    assert " requests" not in again.output, "the second run asks nothing"
    assert f"Drafted {len(items)} of" in again.output
