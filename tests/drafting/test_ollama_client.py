"""Every fault of an Ollama host is one exception with a sentence and a way out; nothing hangs."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

pytest.importorskip("ollama")

from coursec.drafting.ollama.client import Ask, Host, Patience
from coursec.drafting.ollama.faults import Fault, OllamaError
from coursec.drafting.ollama.pool import Pool
from drafting.ollama_server import Server

QUICK = Patience(connect=2, stall=0.6, total=1.5)
MODEL = "qwen2.5:7b-instruct"
ASK = Ask(
    model=MODEL,
    system="You answer.",
    prompt="<<<QUESTION x>>>\nIs it so?\n<<<END x>>>",
    schema={"type": "object", "properties": {"answer": {"type": "string", "enum": ["yes"]}}},
    options={"seed": 1, "temperature": 0.0, "num_ctx": 2048, "num_predict": 64},
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def failed(host: Host, ask: Ask = ASK) -> OllamaError:
    begun = time.monotonic()
    with pytest.raises(OllamaError) as caught:
        host.chat(ask)
    assert time.monotonic() - begun < 4, "it hangs"
    return caught.value


def test_a_host_that_is_well(server: Server) -> None:
    host = Host(server.url, QUICK)
    assert host.version() == "0.32.9"
    model = host.model(MODEL)
    assert (model.name, model.context, model.thinks, len(model.digest)) == (
        MODEL,
        131072,
        False,
        64,
    )
    reply = host.chat(ASK)
    assert (reply.text, reply.done) == ('{"answer": "yes"}', "stop")
    assert reply.prompt_tokens
    body = server.log()[0]["body"]
    assert body["format"] == ASK.schema
    assert body["options"] == ASK.options
    assert [m["role"] for m in body["messages"]] == ["system", "user"]


FAULTS: list[tuple[dict[str, Any], Fault, str]] = [
    ({"kind": "http", "code": 500}, Fault.FAILED, "runner process has terminated"),
    ({"kind": "http", "code": 503, "text": "server busy"}, Fault.BUSY, "too much to do"),
    ({"kind": "http", "code": 429}, Fault.BUSY, "too much to do"),
    ({"kind": "http", "code": 400, "text": "bad option"}, Fault.REFUSED, "bad option"),
    ({"kind": "http", "code": 500, "text": {"a": ["\x1b[31m"]}}, Fault.FAILED, "fails: "),
    ({"kind": "reset"}, Fault.BROKEN_OFF, "broke off the connection"),
    ({"kind": "silent", "seconds": 5}, Fault.SLOW, "within 0.6 seconds"),
    ({"kind": "stall", "seconds": 5}, Fault.SLOW, "within 0.6 seconds"),
    ({"kind": "disconnect"}, Fault.BROKEN_OFF, "broke off the connection"),
    ({"kind": "error"}, Fault.FAILED, "an error was encountered"),
    ({"kind": "unfinished"}, Fault.BROKEN_OFF, "broke off"),
    ({"kind": "flood"}, Fault.ENDLESS, "does not end"),
    ({"kind": "raw", "text": "<html>"}, Fault.STRANGER, "is no Ollama"),
    ({"kind": "raw", "text": "[]"}, Fault.STRANGER, "is no Ollama"),
    ({"kind": "raw", "text": '"yes"'}, Fault.STRANGER, "is no Ollama"),
    ({"kind": "raw", "text": "{}"}, Fault.STRANGER, "is no Ollama"),
    ({"kind": "raw", "text": ""}, Fault.BROKEN_OFF, "broke off"),
    ({"kind": "raw", "text": "gone", "code": 404}, Fault.STRANGER, "is no Ollama"),
    ({"kind": "raw", "text": "\0\xff", "code": 502}, Fault.FAILED, "fails"),
]


@pytest.mark.parametrize(("fault", "kind", "words"), FAULTS)
def test_a_fault_is_one_exception(
    server: Server, fault: dict[str, Any], kind: Fault, words: str
) -> None:
    server.faults(fault)
    error = failed(Host(server.url, QUICK))
    assert error.fault is kind
    assert words in error.message
    assert error.message.endswith(".")
    assert error.message.isprintable()


def test_a_reply_that_drips_for_ever_ends(server: Server) -> None:
    server.set(mind="chatty")
    server.faults({"kind": "drip", "seconds": 0.4})
    error = failed(Host(server.url, QUICK), replace(ASK, options={"num_ctx": 2048}))
    assert error.fault is Fault.SLOW
    assert "1.5 seconds" in error.message


def test_nobody_listens() -> None:
    error = failed(Host(f"http://127.0.0.1:{free_port()}", QUICK))
    assert error.fault is Fault.NOT_RUNNING
    assert "ollama serve" in error.hint
    assert "--drafter extractive" in error.hint


@pytest.fixture
def deaf() -> Iterator[str]:
    """A port that takes connections and never says a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_somebody_listens_and_says_nothing(deaf: str) -> None:
    assert failed(Host(deaf, QUICK)).fault is Fault.SLOW


def test_the_model_is_not_pulled(server: Server) -> None:
    host = Host(server.url, QUICK)
    with pytest.raises(OllamaError) as caught:
        host.model("llama3.1:8b")
    assert caught.value.fault is Fault.NO_MODEL
    assert "ollama pull llama3.1:8b" in caught.value.hint
    said: list[str] = []
    host.pull("llama3.1:8b", lambda status, done, total: said.append(f"{status} {done}/{total}"))
    assert said[0] == "pulling manifest 0/0"
    assert "pulling aaaa 50/100" in said
    assert host.model("llama3.1:8b").digest


def test_a_model_that_no_library_has(server: Server) -> None:
    with pytest.raises(OllamaError, match="has no model `missing-one`") as caught:
        Host(server.url, QUICK).pull("missing-one", lambda status, done, total: None)
    assert caught.value.fault is Fault.NO_MODEL


@pytest.mark.parametrize("name", ["qwen2.5:7b-instruct", "plain"])
def test_a_name_without_a_tag_is_the_latest(server: Server, name: str) -> None:
    server.set(models={"plain:latest": "ab" * 32, MODEL: "cd" * 32})
    assert Host(server.url, QUICK).model(name).digest in ("ab" * 32, "cd" * 32)


@pytest.mark.parametrize(
    ("version", "old"), [("0.4.9", True), ("0.5.0", False), ("0.32.9-rc1", False)]
)
def test_a_version_that_keeps_to_no_schema(server: Server, version: str, old: bool) -> None:
    server.set(version=version)
    host = Host(server.url, QUICK)
    if not old:
        assert host.version() == version
        return
    with pytest.raises(OllamaError, match="is too old") as caught:
        host.version()
    assert caught.value.fault is Fault.TOO_OLD


@pytest.mark.parametrize("answer", ['{"version": 5}', "[]", "<html>", '{"other": 1}'])
def test_what_is_no_ollama_has_no_version(server: Server, answer: str) -> None:
    server.faults({"kind": "raw", "text": answer, "path": "/api/version"})
    with pytest.raises(OllamaError, match="is no Ollama"):
        Host(server.url, QUICK).version()


# Nothing of the environment counts, and nothing leads elsewhere


def test_a_redirect_is_not_followed(server: Server) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        other.settimeout(0.3)
        to = f"http://127.0.0.1:{other.getsockname()[1]}/"
        server.faults({"kind": "redirect", "to": to}, {"kind": "redirect", "to": to})
        error = failed(Host(server.url, QUICK))
        assert error.fault is Fault.STRANGER
        assert "not followed" in error.message
        with pytest.raises(TimeoutError):
            other.accept()


def test_the_environment_names_no_host_no_key_and_no_proxy(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = f"http://127.0.0.1:{free_port()}"
    for name in ("OLLAMA_HOST", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, elsewhere)
    monkeypatch.setenv("OLLAMA_API_KEY", "secret-key")
    assert Host(server.url, QUICK).chat(ASK).done == "stop"
    assert "secret-key" not in str(server.log(None))


# A pool


def test_a_busy_host_is_asked_again_later(server: Server) -> None:
    server.faults({"kind": "http", "code": 503, "times": 2}, {"kind": "http", "times": 1})
    lost: list[str] = []
    pool = Pool.of([Host(server.url, QUICK)], lambda host, error: lost.append(host.address), 0.01)
    assert pool(ASK).done == "stop"
    assert len(server.log()) == 4
    assert lost == []


def test_a_host_that_stays_busy_is_given_up(server: Server) -> None:
    server.faults({"kind": "http", "code": 503, "times": 99})
    lost: list[str] = []
    pool = Pool.of([Host(server.url, QUICK)], lambda host, error: lost.append(host.address), 0.01)
    for _ in range(3):
        with pytest.raises(OllamaError, match="too much to do"):
            pool(ASK)
    assert len(server.log()) == 12
    assert lost == [server.url]
    with pytest.raises(OllamaError) as caught:
        pool(ASK)
    assert caught.value.fault.fatal
    assert len(server.log()) == 12


def test_what_a_request_is_to_blame_for_is_not_tried_again(server: Server) -> None:
    server.faults({"kind": "http", "code": 400, "text": "bad option", "times": 9})
    pool = Pool.of([Host(server.url, QUICK)], lambda host, error: None, 0.01)
    with pytest.raises(OllamaError, match="bad option"):
        pool(ASK)
    assert len(server.log()) == 1


def test_a_dead_hosts_work_goes_to_the_others(server: Server) -> None:
    dead = Host(f"http://127.0.0.1:{free_port()}", QUICK)
    lost: list[str] = []
    pool = Pool.of([dead, Host(server.url, QUICK)], lambda host, e: lost.append(host.address), 0.01)
    assert [pool(ASK).done for _ in range(5)] == ["stop"] * 5
    assert lost == [dead.address]
    assert len(server.log()) == 5


def test_two_hosts_share_the_work(server: Server) -> None:
    with Server() as second:
        pool = Pool.of([Host(server.url, QUICK), Host(second.url, QUICK)], lambda h, e: None, 0.01)
        for _ in range(10):
            pool(ASK)
        assert (len(server.log()), len(second.log())) == (5, 5)
