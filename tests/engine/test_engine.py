"""Drafting before a real llama.cpp engine with random weights: `make test-engine`.

Opt-in: llama-cpp-python is compiled when it is installed, which takes minutes.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

if "COURSEC_ENGINE" not in os.environ:
    pytest.skip("set COURSEC_ENGINE to test before an engine", allow_module_level=True)

from courses import read
from drafting.lies import crafts_course
from drafting.ollama_server import Server
from drafting.slides import drafted
from engine.measure import FAULTS, KINDS, with_faults

COUNT = int(os.environ.get("COURSEC_ENGINE") or 1_000)


@pytest.fixture
def engine() -> Iterator[Server]:
    with Server(mind="engine") as server:
        yield server


def test_every_reply_keeps_its_schema_with_faults_on_the_way() -> None:
    outcome = with_faults(COUNT)
    print(outcome)
    assert outcome.valid == outcome.drafts == COUNT, outcome.failures
    assert outcome.hangs == 0
    assert outcome.repaired > 0, "no fault was met"


def test_nothing_that_random_weights_say_gets_past_the_checks(
    engine: Server, tmp_path: Path
) -> None:
    engine.faults(*FAULTS[:6])
    folder = crafts_course(tmp_path, engine.url, dict.fromkeys(KINDS[:8], 2), facts=40)
    result = drafted(folder, quiz="crafts")
    assert "Traceback" not in result.output
    bank, _, sink = read(folder)
    assert not sink.errors
    assert [item for item in bank.items.values() if item.status == "draft"] == []
