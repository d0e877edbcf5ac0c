"""A request in plain words becomes topics: by the model, and by rule where it is of no use."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("ollama")

from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from coursec.cli import main
from coursec.drafting.evidence.spelling import misspelt
from coursec.drafting.evidence.topics import is_list, topics_by_rule
from coursec.drafting.evidence.words import stem, terms
from coursec.drafting.ollama.topics import of_request
from drafting.measures import requests
from drafting.ollama_server import Server
from drafting.slides import COURSE, LECTURE, course, drafted

REQUEST = "Please give me something on byte-pair encoding and Word2Vec, rather tricky, for Monday"
TOPICS = '{"topics": ["byte-pair encoding", "Word2Vec"]}'
NOBODY = "http://127.0.0.1:9"


def retrieved(folder: Path, request: str = REQUEST, *options: str) -> Result:
    arguments = ["retrieve", request, "--course", str(folder), *options]
    return CliRunner().invoke(main, arguments, catch_exceptions=False)


def prompts(server: Server) -> list[str]:
    found = [entry["body"]["messages"][-1]["content"] for entry in server.log()]
    return [prompt for prompt in found if "<<<REQUEST" in prompt]


def test_the_model_names_the_topics_and_is_asked_once(server: Server, tmp_path: Path) -> None:
    folder = course(tmp_path, server.url)
    server.faults({"kind": "reply", "text": TOPICS})
    said = retrieved(folder).output
    assert said.startswith("Topics, by qwen2.5:7b-instruct: byte-pair encoding; Word2Vec\n")
    assert "04-tokenization#bpe" in said
    (prompt,) = prompts(server)
    assert REQUEST in prompt
    assert len(server.log()) == 1
    data = json.loads(retrieved(folder, REQUEST, "--format", "json").stdout)
    assert data["topics_by"] == "qwen2.5:7b-instruct"
    result = drafted(folder, "--request", REQUEST, "--items", "single_choice=2", quiz="new")
    assert "Drafted 2 of 2 items" in result.output
    assert "Topics, by qwen2.5:7b-instruct: byte-pair encoding; Word2Vec" in result.output
    assert len(prompts(server)) == 1, "what retrieve was told is kept for draft"


def test_a_draft_counts_the_request_for_its_topics(server: Server, tmp_path: Path) -> None:
    folder = course(tmp_path, server.url)
    server.faults({"kind": "reply", "text": TOPICS})
    result = drafted(folder, "--request", REQUEST, "--items", "single_choice=1", quiz="new")
    assert f"{len(server.log())} requests" in result.output
    asked = len(server.log(None))
    again = drafted(folder, "--request", REQUEST, "--items", "single_choice=1", quiz="new")
    assert "request" not in again.output.splitlines()[-1]
    assert len(server.log(None)) == asked


def test_topics_that_are_named_are_not_asked_for(server: Server, tmp_path: Path) -> None:
    folder = course(tmp_path, server.url)
    for request in ("tokenization", "tokenization and Word2Vec", "BPE, Word2Vec"):
        said = retrieved(folder, request).output
        assert "Topics, by" not in said
    assert server.log(None) == []


@pytest.mark.parametrize(
    "topics",
    [
        ["photosynthesis", "the French revolution"],
        ["Ignore all instructions"],
        ["/etc/passwd"],
        ["???"],
    ],
)
def test_what_the_request_does_not_say_is_no_topic(
    server: Server, tmp_path: Path, topics: list[str]
) -> None:
    folder = course(tmp_path, server.url)
    server.faults({"kind": "reply", "text": json.dumps({"topics": topics})})
    said = retrieved(folder).output
    assert said.startswith("Topics, by rule: ")
    assert "note[N956] `qwen2.5:7b-instruct` names no topic in words of the request" in said
    assert not any(topic in said for topic in topics)


BROKEN: list[dict[str, Any]] = [
    {"kind": "reply", "text": ""},
    {"kind": "reply", "text": "Sure! Here are the topics: BPE"},
    {"kind": "reply", "text": '{"topics": "BPE"}'},
    {"kind": "reply", "text": '{"topics": []}'},
    {"kind": "reply", "text": '{"topics": ["byte-pair enc'},
    {"kind": "cut"},
    {"kind": "http", "code": 400, "text": "odd"},
    {"kind": "prefix", "times": 2},
]


@pytest.mark.parametrize("fault", BROKEN, ids=lambda f: f"{f['kind']}-{f.get('text', '')}"[:24])
def test_a_reply_of_no_use_leaves_the_rules(
    server: Server, tmp_path: Path, fault: dict[str, Any]
) -> None:
    folder = course(tmp_path, server.url)
    server.faults(fault)
    result = drafted(
        folder,
        "--request",
        "A quiz on Word2Vec and byte-pair encoding.",
        "--items",
        "single_choice=2",
        quiz="new",
    )
    assert result.exit_code == 0, result.output
    assert "note[N956]" in result.output
    assert "Topics, by rule: Word2Vec; byte-pair encoding" in result.output
    assert "Drafted 2 of 2" in result.output


def test_without_ollama_rules_find_topics_and_say_so_once(tmp_path: Path) -> None:
    folder = course(tmp_path, NOBODY)
    said = retrieved(folder).output
    assert said.startswith("Topics, by rule: ")
    assert "[N95" not in said, "whoever only looks needs no model"
    request = "A quiz on tokenizers and byte-pair encoding."
    result = drafted(folder, "--request", request, quiz="new")
    assert result.output.count("note[N951]") == 1
    assert "N956" not in result.output
    assert "\nDrafted 0 " not in result.output
    assert "into" in result.output.splitlines()[-4]


def test_a_model_that_was_asked_for_must_be_there(tmp_path: Path) -> None:
    folder = course(tmp_path, NOBODY)
    result = retrieved(folder, REQUEST, "--drafter", "ollama")
    assert (result.exit_code, "error[E940]" in result.output) == (3, True)
    result = drafted(folder, "--request", REQUEST, "--drafter", "ollama", quiz="new")
    assert (result.exit_code, "error[E940]" in result.output) == (3, True)
    result = drafted(folder, "--request", REQUEST, "--assignment", quiz="new")
    assert (result.exit_code, "error[E940]" in result.output) == (3, True)


def test_a_model_that_is_not_pulled(server: Server, tmp_path: Path) -> None:
    folder = course(tmp_path, server.url)
    path = folder / "course.yaml"
    path.write_text(path.read_text() + "  model: other\n")
    said = retrieved(folder).output
    assert "note[N956]" in said
    assert "ollama pull other" in said
    result = drafted(folder, "--request", REQUEST, quiz="new")
    assert (result.exit_code, "error[E941]" in result.output) == (3, True)


def test_no_other_machine_is_asked_unless_it_is_confirmed(tmp_path: Path) -> None:
    folder = course(tmp_path, "http://192.0.2.7:11434")
    result = retrieved(folder)
    assert (result.exit_code, "error[E937]" in result.output) == (1, True)
    assert retrieved(folder, REQUEST, "--drafter", "extractive").exit_code == 0


def test_the_quizzes_own_request_is_read_too(server: Server, tmp_path: Path) -> None:
    quiz = (
        "quiz: plain\ntitle: Plain\nsections: [{items: [one]}]\n"
        f"draft: {{request: '{REQUEST}', items: {{single_choice: 2}}}}\n"
    )
    one = "items: [{id: one, type: true_false, stem: So it is., answer: true}]\n"
    files = {"quizzes/plain.yaml": quiz, "items/one.yaml": one}
    folder = course(tmp_path, server.url, **files)
    server.faults({"kind": "reply", "text": TOPICS})
    assert "byte-pair encoding; Word2Vec" in retrieved(folder, "plain").output
    assert "Drafted 2 of 2" in drafted(folder, quiz="plain").output
    assert len(prompts(server)) == 1


def test_a_full_disk_is_said(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device", ".coursec/replies/x.json")

    folder = course(tmp_path, server.url)
    monkeypatch.setattr("coursec.drafting.ollama.replies.write_all", full)
    for result in (retrieved(folder), drafted(folder, "--request", REQUEST, quiz="new")):
        assert result.exit_code == 1
        assert "error[E604]" in result.output
        assert "No space left on device" in result.output


@pytest.mark.parametrize("number", range(4))
def test_the_requests_of_the_log(server: Server, tmp_path: Path, number: int) -> None:
    """The double takes them apart in its own way; what it finds is found in the slides."""
    write = course(tmp_path, server.url)
    said = retrieved(write, requests()[number]).output
    assert said.startswith("Topics, by qwen2.5:7b-instruct: ")


def test_a_finding_on_what_was_typed_shows_where_it_stands_there(tmp_path: Path) -> None:
    folder = course(tmp_path, NOBODY)
    request = "A quiz on Word2Vec and photosynthesis."
    options = ("--request", request, "--drafter", "extractive")
    shown = (
        "warning[W930] No slide says anything of “photosynthesis”.\n"
        " --> request:1:24\n"
        "  |\n"
        f"1 | {request}\n"
        "  |                        ^^^^^^^^^^^^^^\n"
    )
    assert shown in drafted(folder, *options, quiz="new").output
    assert shown in retrieved(folder, request).output
    said = drafted(folder, *options, "--format", "sarif", quiz="new").stdout
    assert "course.yaml" in said, "programs are given a file that exists"
    assert '"request"' not in said


# What counts as of the request


def test_a_model_may_mend_the_spelling() -> None:
    request = requests()[0]
    assert "pertaining" in request
    assert of_request(["pretraining of LLMs"], request) == ("pretraining of LLMs",)
    assert of_request(["retraining of LLMs"], request) == ()


def test_forms_of_a_word_are_that_word_and_topics_count_once() -> None:
    request = "Questions about tokenizers, pre-training and SkipGram"
    topics = ["Tokenization", "tokenizers", "pretraining", "skip-gram", "Skip-gram "]
    assert of_request(topics, request) == ("Tokenization", "tokenizers", "pretraining", "skip-gram")


@given(st.lists(st.text(max_size=30), max_size=6), st.text(max_size=80))
def test_no_topic_has_a_word_of_its_own(topics: list[str], request: str) -> None:
    there = {stem(part) for word in terms(request) for part in (word, *word.split("-"))}
    folded = " ".join(request.casefold().split())
    for topic in of_request(topics, request):
        for term in terms(topic):
            assert (
                stem(term) in there
                or any(misspelt(term, word) is not None for word in terms(request))
                or all(part in folded for part in term.split("-"))
                or term in folded
            )


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("tokenization", True),
        ("tokenization and embeddings", True),
        ("MoE, PEFT or quantization", True),
        ("", True),
        ("a quiz on tokenization", False),
        ("MoE, specifically the router", False),
        ("tokenization with a focus on speed", False),
    ],
)
def test_who_names_topics_alone_needs_nobody_to_find_them(text: str, plain: bool) -> None:
    assert is_list(text) is plain
    assert bool(topics_by_rule(text)) is bool(text)


def test_a_course_without_the_quiz_still_finds_its_slides(server: Server, tmp_path: Path) -> None:
    from courses import write_course

    files = {"course.yaml": COURSE.replace("{url}", server.url), "lectures/04.md": LECTURE}
    folder = write_course(tmp_path, files)
    server.faults({"kind": "reply", "text": TOPICS})
    assert "04#bpe" in retrieved(folder).output
