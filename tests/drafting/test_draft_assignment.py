"""Assignments drafted by a model: nothing of what it wrote is run before a person approves it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

pytest.importorskip("ollama")
pytest.importorskip("llama_index.core")

from coursec.cli import main
from coursec.drafting.assignments import starter_of, task_faults
from coursec.drafting.drafts import Draft, Quote
from coursec.drafting.evidence.chunk import Chunk
from drafting.ollama_server import Server
from drafting.slides import course, drafted

REQUEST = (
    "Generate an assignment exploring the basic Word2Vec framework using CBOW and SkipGram by "
    "coding it using pytorch."
)
PATH = "assignments/word2vec.md"


def assignment(folder: Path, *options: str) -> Result:
    return drafted(folder, "--assignment", "--request", REQUEST, *options, quiz="word2vec")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments), catch_exceptions=False)


def test_an_assignment_is_drafted_checked_and_run_when_it_is_approved(
    server: Server, tmp_path: Path
) -> None:
    folder = course(tmp_path / "course", server.url)
    result = assignment(folder)
    assert result.exit_code == 0, result.output
    assert "Drafted 2 of 2 tasks into" in result.output
    text = (folder / PATH).read_text()
    assert "status: draft" in text
    assert "CBOW predicts a word from its context." in text
    assert text.count("raise NotImplementedError") == 2
    checked = run("check", str(folder), "--run")
    assert "1 assignment" in checked.output
    assert "ran" not in checked.output, "the code of a draft is not run"
    run("build", str(folder), "--out", str(tmp_path / "out"))
    assert not list((tmp_path / "out").rglob("*word2vec*"))
    (folder / PATH).write_text(text.replace("status: draft", "status: approved"))
    checked = run("check", str(folder), "--run")
    assert "ran  word2vec: 2 cells of the solution, 2 proven" in " ".join(
        checked.output.replace("tests ", "").split()
    ).replace("ran word2vec", "ran  word2vec")
    assert checked.exit_code == 0, checked.output
    run("build", str(folder), "--out", str(tmp_path / "out"), "--target", "notebook")
    assert list((tmp_path / "out").rglob("*word2vec*"))


def test_again_it_asks_nothing(server: Server, tmp_path: Path) -> None:
    folder = course(tmp_path, server.url)
    assignment(folder)
    before, count = (folder / PATH).read_bytes(), len(server.log())
    assert "is left alone" in assignment(folder).output
    (folder / PATH).unlink()
    assert assignment(folder).exit_code == 0
    assert (folder / PATH).read_bytes() == before
    assert len(server.log()) == count


def test_it_needs_a_model_and_a_request(server: Server, tmp_path: Path) -> None:
    folder = course(tmp_path, server.url)
    assert assignment(folder, "--drafter", "extractive").exit_code == 2
    assert assignment(folder, "--dask", "tcp://127.0.0.1:1").exit_code == 2
    assert drafted(folder, "--assignment").exit_code == 2
    away = course(tmp_path / "away", "http://127.0.0.1:9")
    result = assignment(away)
    assert result.exit_code == 3
    assert "E940" in result.output
    assert not (away / "assignments").exists()


CHUNK = Chunk(lecture="l", slide="s", title="T", text="CBOW predicts a word.", digest="0" * 12)
GOOD = {
    "title": "Predict a word",
    "text": "Complete `predict`, which returns the most frequent word of a context.",
    "solution": 'def predict(words: list[str]) -> str:\n    """Say."""\n    return max(words)',
    "tests": 'assert predict(["a", "b"]) == "b"',
    "rubric": [{"criterion": "Finds the word", "points": "2"}],
}


def faults(**changes: str) -> list[str]:
    quote = Quote("l#s", "0" * 12, changes.pop("quote", "CBOW predicts a word."))
    return task_faults(Draft({**GOOD, **changes}, (quote,)), [CHUNK])


def test_a_sound_task_has_no_faults() -> None:
    assert faults() == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"quote": "CBOW predicts two words."}, "word for word"),
        ({"text": "First.\n\n## Another task {#x points=99}\n\nSecond."}, "heading"),
        ({"text": "First.\n\n```python solution\nprint(1)\n```"}, "heading"),
        ({"text": "First.\n> [!SOLUTION]\n> It is 1."}, "heading"),
        ({"text": "| a | b |\n|---|---|"}, "heading"),
        ({"title": "# Title"}, "no plain title"),
        ({"solution": "def predict(:"}, "no Python"),
        ({"solution": "x = " + "(" * 500}, "no Python"),
        ({"solution": "x = 1"}, "no function"),
        ({"solution": "def f():\n    return '''\n```\n'''"}, "fence"),
        ({"solution": "import os\ndef predict(w): return os.listdir()"}, "imports `os`"),
        ({"solution": "from subprocess import run\ndef predict(w): pass"}, "imports `subprocess`"),
        ({"solution": "import urllib.request\ndef predict(w): pass"}, "imports `urllib`"),
        ({"solution": "def predict(w):\n    return open('/etc/passwd').read()"}, "uses `open`"),
        ({"solution": "def predict(w):\n    return eval(w)"}, "uses `eval`"),
        ({"solution": "def predict(w):\n    return ().__class__.__bases__"}, "uses `__"),
        ({"tests": "print(predict([]))"}, "no `assert`"),
        ({"tests": "assert 1 == 1"}, "nothing of the solution"),
        ({"tests": "import socket\nassert predict([])"}, "imports `socket`"),
    ],
)
def test_a_task_that_is_not_taken(changes: dict[str, str], words: str) -> None:
    assert words in " ".join(faults(**changes))


@pytest.mark.parametrize(
    ("solution", "starter"),
    [
        ("def f(x):\n    return x", "def f(x):\n    raise NotImplementedError"),
        (
            'def f(x):\n    """Say."""\n    y = x\n    return y\n\nA = 1',
            'def f(x):\n    """Say."""\n    raise NotImplementedError\n\nA = 1',
        ),
        (
            'class A:\n    """Is."""\n\n    def f(self):\n        return 1\n\n    def g(self):\n'
            "        # why\n        return 2",
            'class A:\n    """Is."""\n\n    def f(self):\n        raise NotImplementedError\n\n'
            "    def g(self):\n        # why\n        raise NotImplementedError",
        ),
        ("def f(x): return x", "def f(x): raise NotImplementedError"),
        (
            "def f(\n    x: int,\n) -> int:\n    return x",
            "def f(\n    x: int,\n) -> int:\n    raise NotImplementedError",
        ),
        ("def f(\n    x): return x", "def f(\n    x): raise NotImplementedError"),
        (
            'def f(x: dict[str, int] = {"a": 1}) -> str: return "a: b"',
            'def f(x: dict[str, int] = {"a": 1}) -> str: raise NotImplementedError',
        ),
    ],
)
def test_a_starter_is_the_solution_without_its_bodies(solution: str, starter: str) -> None:
    assert starter_of(solution) == starter
    compile(starter_of(solution), "starter", "exec")


def test_what_a_hostile_model_writes_is_not_written(server: Server, tmp_path: Path) -> None:
    server.set(
        mind="hostile",
        hostile={"field": "solution", "words": "import os; os.system('touch /tmp/x')"},
    )
    folder = course(tmp_path, server.url)
    result = assignment(folder)
    assert result.exit_code == 1
    assert "W950" in result.output
    assert not (folder / "assignments").exists()
