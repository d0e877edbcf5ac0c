"""`coursec draft` as a person runs it: what it writes, says and asks; what happens when it ends."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("ollama")
pytest.importorskip("llama_index.core")

from click.testing import CliRunner

from coursec.cli import main
from coursec.diagnostics import CODES
from courses import read
from drafting.ollama_server import Server
from drafting.slides import DRAFTS, ITEMS, LECTURE, course, drafted

MODEL = "qwen2.5:7b-instruct"


def files(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and ".coursec" not in p.parts
    }


def command(folder: Path, *options: str, **environment: str) -> subprocess.Popen[str]:
    code = "from coursec.cli import main; main()"
    return subprocess.Popen(
        [sys.executable, "-c", code, "draft", "tokenization", "--course", str(folder), *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, **environment},
    )


def wait_for_requests(server: Server, count: int) -> None:
    until = time.monotonic() + 30
    while sum(entry.get("done", False) for entry in server.log()) < count:
        assert time.monotonic() < until
        time.sleep(0.02)


def test_a_quiz_is_drafted(server: Server, tmp_path: Path) -> None:
    result = drafted(course(tmp_path, server.url))
    assert result.exit_code == 0, result.output
    assert "Drafted 9 of 9 items into" in result.output
    assert "coursec review tokenization" in result.output
    bank, _, sink = read(tmp_path)
    assert not list(sink)
    items = [item for item in bank.items.values() if item.id != "first"]
    kinds = [item.kind for item in items]
    wanted = "matching ordering multiple_choice true_false cloze short_answer".split()
    assert sorted(kinds) == sorted([*wanted, *["single_choice"] * 3])
    for item in items:
        assert item.status == "draft"
        assert item.source
        assert item.provenance is not None
        assert item.provenance.drafter == "ollama"
        assert item.provenance.model is not None
        assert item.provenance.model.name == MODEL
        assert dict(item.provenance.model.options)["seed"] == "1"
        assert item.provenance.model.prompt == "1"
        assert item.provenance.evidence
        for evidence in item.provenance.evidence:
            assert evidence.quote.replace("\n", " ") in " ".join(LECTURE.split())


def test_a_second_run_asks_nothing_and_changes_nothing(server: Server, tmp_path: Path) -> None:
    folder = course(tmp_path, server.url)
    drafted(folder)
    before, asked = files(folder), len(server.log(None))
    assert asked > 20
    result = drafted(folder)
    assert "Drafted 0 of 9 items; 9 stand in the course already" in result.output
    assert result.exit_code == 0
    (folder / DRAFTS).unlink()
    result = drafted(folder)
    assert "Drafted 9 of 9" in result.output
    assert files(folder) == before
    assert len(server.log(None)) == asked


def test_without_a_server_the_replies_are_enough(server: Server, tmp_path: Path) -> None:
    with Server() as other:
        folder = course(tmp_path, other.url)
        drafted(folder)
    before = files(folder)
    (folder / DRAFTS).unlink()
    assert "Drafted 9 of 9" in drafted(folder).output
    assert files(folder) == before


def test_another_seed_gives_other_requests(server: Server, tmp_path: Path) -> None:
    folder = course(tmp_path, server.url, "{single_choice: 1}")
    drafted(folder)
    (folder / DRAFTS).unlink()
    drafted(folder, "--seed", "7")
    seeds = [entry["body"]["options"]["seed"] for entry in server.log()]
    assert seeds == [1, 1, 2, 7, 7, 8]


def test_what_people_wrote_stays(server: Server, tmp_path: Path) -> None:
    folder = course(tmp_path, server.url, "{single_choice: 2}")
    drafted(folder)
    path = folder / DRAFTS
    text = path.read_text().replace("status: draft", "status: approved # good", 1)
    text = text.replace("items:\n", "items:\n  # mine\n", 1) + "# the end\n"
    path.write_text(text)
    quiz = folder / "quizzes/tokenization.yaml"
    quiz.write_text(quiz.read_text().replace("single_choice: 2", "single_choice: 4"))
    result = drafted(folder)
    assert "2 stand in the course already" in result.output
    now = path.read_text()
    for line in text.splitlines():
        assert line in now.splitlines()
    bank, _, sink = read(folder)
    assert not sink.errors
    assert sorted(item.status for item in bank.items.values()) == ["approved"] * 2 + ["draft"] * 3


def test_a_file_in_braces_is_left_alone(server: Server, tmp_path: Path) -> None:
    folder = course(tmp_path, server.url, "{single_choice: 1}")
    own = 'items: [{id: mine, type: true_false, stem: "So it is.", answer: true}]\n'
    (folder / "items").mkdir()
    (folder / DRAFTS).write_text(own)
    assert drafted(folder).exit_code == 0
    assert (folder / DRAFTS).read_text() == own
    assert (folder / "items/tokenization-drafts-2.yaml").exists()


# Killed, interrupted, out of room


def test_killed_at_any_point_it_goes_on(server: Server, tmp_path: Path) -> None:
    whole = course(tmp_path / "whole", server.url)
    drafted(whole)
    total = len(server.log())
    folder = course(tmp_path / "killed", server.url)
    for count in (2, 4, 9, 14, 19):
        server.reset()
        server.set(delay=0.05)
        process = command(folder)
        try:
            wait_for_requests(server, 2 if count > 2 else 1)
        finally:
            process.kill()
            process.communicate()
        half = list((folder / ".coursec").rglob("*.json"))
        assert all(path.read_text().endswith("}\n") for path in half)
    server.reset()
    result = drafted(folder)
    assert result.exit_code == 0
    assert len(server.log()) < total - 5
    assert files(folder)[DRAFTS] == files(whole)[DRAFTS]


def test_interrupted_it_keeps_what_is_finished(server: Server, tmp_path: Path) -> None:
    folder = course(tmp_path, server.url)
    server.set(delay=0.2)
    process = command(folder)
    wait_for_requests(server, 7)
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=10)
    assert process.returncode == 130
    assert "Interrupted. The same command goes on" in said
    assert "Traceback" not in said
    bank, _, sink = read(folder)
    assert not sink.errors
    assert 2 <= len(bank.items) < 10
    server.set(delay=0)
    before = sum(entry.get("done", False) for entry in server.log())
    assert drafted(folder).exit_code == 0
    assert len(server.log()) <= 27 + 2, before


def test_a_full_disk_keeps_what_is_finished(server: Server, tmp_path: Path) -> None:
    """A limit on the size of files stands for the disk: writing fails as it does on a full one."""
    folder = course(tmp_path, server.url)
    code = (
        "import resource, signal\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "from coursec.engine import files\n"
        "real = files._stage\n"
        "count = [0]\n"
        "def stage(path, data):\n"
        "    count[0] += 1\n"
        "    if count[0] == 12:\n"
        "        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))\n"
        "    return real(path, data)\n"
        "files._stage = stage\n"
        "from coursec.cli import main\n"
        f"main(['draft', 'tokenization', '--course', {str(folder)!r}])\n"
    )
    assert resource.RLIMIT_FSIZE
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1
    assert "E604" in done.stdout
    assert "make room and run the same command again" in done.stdout
    assert "Traceback" not in done.stderr + done.stdout
    assert not [p for p in folder.rglob(".*.json.*") if p.is_file()]
    _, _, sink = read(folder)
    assert not sink.errors
    asked = len(server.log())
    assert drafted(folder).exit_code == 0
    assert len(server.log()) - asked <= 27 - 9
    bank, _, _ = read(folder)
    assert len(bank.items) == 10


# Faults on the way

PASSING: list[dict[str, Any]] = [
    {"kind": "http", "code": 500, "times": 2},
    {"kind": "http", "code": 503, "times": 3},
    {"kind": "reset"},
    {"kind": "disconnect"},
    {"kind": "error"},
    {"kind": "unfinished"},
    {"kind": "cut"},
    {"kind": "control", "times": 99},
    {"kind": "reply", "text": "", "times": 1},
    {"kind": "reply", "text": '{"quote": "no such words", "stem": "x"}', "times": 2},
    {"kind": "prefix", "times": 1},
]


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coursec.drafting.ollama.pool.time.sleep", lambda seconds: None)


@pytest.mark.parametrize("fault", PASSING, ids=lambda fault: str(fault["kind"]))
@pytest.mark.usefixtures("hurried")
def test_a_fault_that_passes_is_not_noticed(
    server: Server, tmp_path: Path, fault: dict[str, Any]
) -> None:
    server.faults(fault)
    result = drafted(course(tmp_path, server.url, "{single_choice: 2, cloze: 1}"))
    assert "Drafted 3 of 3" in result.output, result.output
    assert result.exit_code == 0


@pytest.mark.usefixtures("hurried")
def test_a_host_that_fails_for_one_item_does_not_end_the_run(
    server: Server, tmp_path: Path
) -> None:
    server.faults({"kind": "http", "times": 4})
    result = drafted(course(tmp_path, server.url, "{single_choice: 3}"))
    assert "error[E943]" in result.output
    assert "Drafted 2 of 3" in result.output
    assert result.exit_code == 1


def test_a_model_that_only_writes_nonsense(server: Server, tmp_path: Path) -> None:
    server.faults({"kind": "reply", "text": '{"quote": "no"}', "times": 999})
    folder = course(tmp_path, server.url, "{single_choice: 2}")
    result = drafted(folder)
    assert result.exit_code == 1
    assert result.output.count("W950") >= 1
    assert "3 attempts failed" in result.output
    assert len(server.log()) == 6
    server.faults()
    again = drafted(folder)  # the replies are kept: nothing is asked, the same is said
    assert len(server.log()) == 6
    assert "3 attempts failed" in again.output


def test_what_fails_goes_back_with_the_reason(server: Server, tmp_path: Path) -> None:
    bad = '{"quote": "It is not there at all", "stem": "What is it about?", "key": "a", '
    bad += '"distractors": ["b", "c"]}'
    server.faults({"kind": "reply", "text": bad})
    drafted(course(tmp_path, server.url, "{single_choice: 1}"))
    prompt = server.log()[1]["body"]["messages"][-1]["content"]
    assert "It is not there at all" in prompt
    assert "`quote`" in prompt
    assert "Write the item again" in prompt
    assert server.log()[1]["body"]["options"]["seed"] == 2


def test_the_compilers_findings_go_back(server: Server, tmp_path: Path) -> None:
    server.set(mind="hostile", hostile={"field": "stem", "words": "What is <b>this</b> about?"})
    drafted(course(tmp_path, server.url, "{single_choice: 1}"))
    prompt = server.log()[1]["body"]["messages"][-1]["content"]
    assert "[E302]" in prompt


# Hosts


def test_two_hosts_share_a_run_and_give_the_same_file(server: Server, tmp_path: Path) -> None:
    one = course(tmp_path / "one", server.url)
    drafted(one)
    server.reset()
    with Server() as second:
        two = course(tmp_path / "two", server.url)
        hosts(two, server.url, second.url)
        for each in (server, second):
            each.set(delay=0.03)
        assert drafted(two).exit_code == 0
        shares = (len(server.log()), len(second.log()))
    assert min(shares) >= 6
    assert sum(shares) == 27
    assert files(two)[DRAFTS] == files(one)[DRAFTS]


def hosts(folder: Path, *urls: str) -> None:
    path = folder / "course.yaml"
    head = path.read_text().partition("drafting:")[0]
    path.write_text(f"{head}drafting:\n  hosts: [{', '.join(urls)}]\n")


@pytest.mark.usefixtures("hurried")
def test_a_host_that_dies_gives_its_work_up(server: Server, tmp_path: Path) -> None:
    with Server() as second:
        folder = course(tmp_path, server.url)
        hosts(folder, second.url, server.url)
        server.set(delay=0.02)
        second.set(delay=0.02)
        second.faults({"kind": "reset", "times": 999, "after": 5})
        result = drafted(folder)
    assert "warning[W952]" in result.output
    assert second.url in result.output
    assert "Drafted 9 of 9" in result.output


def test_a_host_with_another_model_of_that_name_is_left_out(server: Server, tmp_path: Path) -> None:
    with Server() as second:
        second.set(models={MODEL: "0" * 64})
        folder = course(tmp_path, server.url, "{single_choice: 1}")
        hosts(folder, server.url, second.url)
        result = drafted(folder)
        assert second.log() == []
    assert "is another model of that name" in " ".join(result.output.split())
    assert "Drafted 1 of 1" in result.output


# What a user did wrong, or does not have


def test_no_ollama_and_one_is_asked_for(tmp_path: Path) -> None:
    folder = course(tmp_path, "http://127.0.0.1:9")
    result = drafted(folder, "--drafter", "ollama")
    assert result.exit_code == 3
    assert "error[E940] No Ollama answers at http://127.0.0.1:9." in result.output
    assert "ollama serve" in result.output
    assert not (folder / "items").exists()


def test_no_ollama_and_none_is_asked_for(tmp_path: Path) -> None:
    """The rules draft, and say so; their drafts stand the same checks."""
    folder = course(tmp_path, "http://127.0.0.1:9", "{single_choice: 1, essay: 1}")
    result = drafted(folder)
    assert result.exit_code == 0, result.output
    assert "note[N951]" in result.output
    assert "ollama serve" in result.output
    assert "Drafted 1 of 2" in result.output
    assert "without a model" in result.output
    assert "--seed" not in result.output
    bank, _, sink = read(folder)
    assert not sink.errors
    items = [item for item in bank.items.values() if item.id != "first"]
    assert [item.kind for item in items] == ["single_choice"]
    for item in items:
        assert item.status == "draft"
        assert item.provenance is not None
        assert item.provenance.drafter == "extractive"
        assert item.provenance.model is None
        assert item.bloom == "remember"
    before = files(folder)
    assert "1 stands in the course already" in drafted(folder, "--drafter", "extractive").output
    assert files(folder) == before


def test_rules_draft_what_the_slides_support_where_nobody_counts(tmp_path: Path) -> None:
    folder = course(tmp_path, "http://127.0.0.1:9")
    asked = ("--request", "A quiz on tokenizers and byte-pair encoding.")
    result = drafted(folder, *asked, "--drafter", "extractive", quiz="new")
    assert result.exit_code == 0, result.output
    assert "There is no quiz `new` yet" in result.output
    bank, _, sink = read(folder)
    assert not sink.errors
    assert [name for name in bank.items if name.startswith("new-")], "a table supports an item"


def test_a_review_approves_what_was_drafted(server: Server, tmp_path: Path) -> None:
    folder = course(tmp_path, server.url, "{single_choice: 2}")
    drafted(folder)
    names = [name for name in read(folder)[0].items if name != "first"]
    arguments = ["review", "--accept", *names, "--by", "course team", "--course", str(folder)]
    said = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert said.exit_code == 0, said.output
    bank, _, sink = read(folder)
    assert not list(sink)
    assert [bank.items[name].status for name in names] == ["approved"] * 2
    before = files(folder)
    assert "2 stand in the course already" in drafted(folder).output
    assert files(folder) == before


def test_the_model_is_not_there(server: Server, tmp_path: Path) -> None:
    folder = course(tmp_path, server.url, "{single_choice: 1}")
    result = drafted(folder, "--model", "llama3.1:8b")
    assert result.exit_code == 3
    assert "error[E941]" in result.output
    assert "ollama pull llama3.1:8b" in result.output
    result = drafted(folder, "--model", "llama3.1:8b", "--pull")
    assert "Fetching llama3.1:8b" in result.output
    assert "Drafted 1 of 1" in result.output


def test_a_model_that_nobody_has(server: Server, tmp_path: Path) -> None:
    folder = course(tmp_path, server.url, "{single_choice: 1}")
    result = drafted(folder, "--model", "missing-one", "--pull")
    assert result.exit_code == 3
    assert "library has no model `missing-one`" in result.output


def test_an_old_ollama(server: Server, tmp_path: Path) -> None:
    server.set(version="0.3.14")
    result = drafted(course(tmp_path, server.url))
    assert result.exit_code == 3
    assert "error[E942] Ollama 0.3.14" in result.output


def test_something_else_listens(server: Server, tmp_path: Path) -> None:
    server.faults({"kind": "raw", "text": "<html>", "path": "/api/version", "times": 9})
    result = drafted(course(tmp_path, server.url))
    assert result.exit_code == 3
    assert "error[E945]" in result.output


def test_a_stalled_reply(server: Server, tmp_path: Path) -> None:
    server.faults({"kind": "stall", "seconds": 9, "times": 2})
    begun = time.monotonic()
    result = drafted(course(tmp_path, server.url, "{single_choice: 2}"), "--timeout", "1")
    assert time.monotonic() - begun < 8
    assert "error[E943]" in result.output
    assert "Drafted 1 of 2" in result.output


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"longest": 512}, "has 512"),
        ({"context": 300}, "it cut the prompt"),
        ({"context": 300, "overflow": "error"}, "longer than the context"),
    ],
)
def test_a_context_that_is_too_small_is_never_silent(
    server: Server, tmp_path: Path, settings: dict[str, Any], words: str
) -> None:
    server.set(**settings)
    folder = course(tmp_path, server.url, "{single_choice: 2}")
    result = drafted(folder)
    assert result.exit_code == 1
    assert "error[E944]" in result.output
    assert words in " ".join(result.output.split())
    assert not (folder / DRAFTS).exists()


def test_a_context_of_course_yaml_that_is_too_small(server: Server, tmp_path: Path) -> None:
    folder = course(tmp_path, server.url, "{single_choice: 1}")
    path = folder / "course.yaml"
    path.write_text(path.read_text() + "  context: 600\n")
    result = drafted(folder)
    assert "error[E944]" in result.output
    assert "600 are set" in result.output
    assert "drafting: {context: " in result.output
    assert server.log() == []


def test_the_slots_own_slide_is_always_whole(server: Server, tmp_path: Path) -> None:
    """Slides beside it give way where the context is small."""
    folder = course(tmp_path, server.url)
    asked = ("--request", "A quiz on byte-pair encoding.", "--items", "single_choice=1")
    drafted(folder, *asked)
    (wide,) = prompts(server)
    server.reset()
    (folder / DRAFTS).unlink()
    path = folder / "course.yaml"
    path.write_text(path.read_text() + "  context: 2450\n")
    assert drafted(folder, *asked).exit_code == 0
    (narrow,) = prompts(server)
    assert slides_in(narrow) < slides_in(wide) == 3
    assert "4. Repeat until the vocabulary is large enough" in narrow


def prompts(server: Server) -> list[str]:
    found = [entry["body"]["messages"][-1]["content"] for entry in server.log()]
    return [prompt for prompt in found if "<<<EVIDENCE" in prompt]


def slides_in(prompt: str) -> int:
    return prompt.count("[04-tokenization#")


@pytest.mark.parametrize("host", ["http://192.0.2.7:11434", "http://example.org", "ftp://x", "x y"])
def test_another_machine_must_be_confirmed(tmp_path: Path, host: str) -> None:
    folder = course(tmp_path, f'"{host}"')
    result = drafted(folder)
    assert result.exit_code == 1
    assert "error[E937]" in result.output


def test_a_course_with_mistakes(server: Server, tmp_path: Path) -> None:
    folder = course(tmp_path, server.url, **{"items/x.yaml": "items: [{id: x, type: y}]"})
    result = drafted(folder)
    assert result.exit_code == 1
    assert "error[E953]" in result.output
    assert server.log(None) == []


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["none"], "No quiz is called none"),
        (["No Name"], "is no name of a quiz"),
        (["tokenization", "--items", "foo=3"], "--items takes a type"),
        (["tokenization", "--items", "cloze=x"], "--items takes a type"),
        (["tokenization", "--timeout", "0"], "--timeout"),
        (["tokenization", "--drafter", "gpt"], "--drafter"),
    ],
)
def test_a_command_that_cannot_be_meant(tmp_path: Path, options: list[str], words: str) -> None:
    folder = course(tmp_path, "http://127.0.0.1:9")
    name, *rest = options
    result = drafted(folder, *rest, quiz=name)
    assert result.exit_code == 2
    assert words in result.output


def test_a_request_in_plain_words(server: Server, tmp_path: Path) -> None:
    folder = course(tmp_path, server.url)
    result = drafted(
        folder,
        "--request",
        "Generate a quiz on Word2Vec and byte-pair encoding.",
        "--items",
        "single_choice=2",
        quiz="word2vec",
    )
    assert "Drafted 2 of 2" in result.output, result.output
    assert (folder / "items/word2vec-drafts.yaml").exists()


def test_a_topic_that_no_slide_has(server: Server, tmp_path: Path) -> None:
    folder = course(tmp_path, server.url)
    result = drafted(folder, "--request", "A quiz on photosynthesis.", quiz="leaves")
    assert result.exit_code == 1
    assert "W930" in result.output
    assert "Nothing was drafted: 1 warning, 1 request." in result.output
    assert len(server.log()) == 1, "the model is asked for the topics, and for nothing else"


def test_the_share_of_a_topic_that_no_slide_has_is_missed(server: Server, tmp_path: Path) -> None:
    folder = course(tmp_path, server.url)
    asked = ("--request", "byte-pair encoding, photosynthesis", "--items", "single_choice=3")
    result = drafted(folder, *asked, quiz="leaves")
    said = "No slide says anything of “photosynthesis”: 1 item asked of it cannot be drafted."
    assert said in result.output
    assert "Drafted 2 of 3 items" in result.output


def test_json_for_programs(server: Server, tmp_path: Path) -> None:
    import json

    result = drafted(course(tmp_path, server.url, "{single_choice: 1}"), "--format", "json")
    json.loads(result.stdout)
    assert "Drafted 1 of 1" in result.stderr


def test_nothing_of_drafting_is_loaded_by_a_build(tmp_path: Path) -> None:
    folder = course(tmp_path, "http://127.0.0.1:9")
    code = (
        "import sys; from coursec.cli import main\n"
        f"try: main(['check', {str(folder)!r}])\n"
        "except SystemExit: pass\n"
        "print([m for m in sys.modules if m.partition('.')[0] in "
        "('ollama', 'httpx', 'llama_index', 'distributed') or m.startswith('coursec.drafting')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_help_says_what_there_is() -> None:
    said = CliRunner().invoke(main, ["draft", "--help"]).output
    for option in ("--request", "--drafter", "--pull", "--dask", "--seed", "--timeout", "--items"):
        assert option in said
    assert {"E940", "E941", "E942", "E943", "E944", "E945", "W950", "N951", "W952", "E953"} <= set(
        CODES
    )
    assert ITEMS
