"""Drafting with one's own Ollama and a real model: `make test-ollama`.

Opt-in: `COURSEC_OLLAMA` names the model (empty: the default), `COURSEC_OLLAMA_HOST` the host.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

if "COURSEC_OLLAMA" not in os.environ:
    pytest.skip("set COURSEC_OLLAMA to test with your own Ollama", allow_module_level=True)

from courses import read
from drafting.slides import DRAFTS, ITEMS, course, drafted

HOST = os.environ.get("COURSEC_OLLAMA_HOST", "http://127.0.0.1:11434")
MODEL = os.environ["COURSEC_OLLAMA"]
OPTIONS = ("--drafter", "ollama", *(("--model", MODEL) if MODEL else ()))


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
