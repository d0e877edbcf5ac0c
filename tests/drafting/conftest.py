"""The loopback server of the drafting tests: one process for each module, fresh for each test."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from drafting.ollama_server import Server


@pytest.fixture(scope="module")
def _server() -> Iterator[Server]:
    pytest.importorskip("ollama")
    with Server() as server:
        yield server


@pytest.fixture
def server(_server: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    """A server that has forgotten what it was asked and has no faults."""
    for name in list(os.environ):
        if name.upper().endswith("_PROXY") or name.startswith("OLLAMA"):
            monkeypatch.delenv(name)
    _server.reset()
    return _server
