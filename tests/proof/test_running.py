"""`coursec check --run`: what is run, what is said of it, and what it cannot do."""

from __future__ import annotations

import os
import re
import socket
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from coursec.cli import main
from coursec.diagnostics import Diagnostics
from coursec.diagnostics.renderers import Run, render
from coursec.proof.running import Limits, Ran, prove_assignment
from courses import read, write_course

QUICK = Limits(seconds=20, memory=1024**3)
_RUBRIC = "### Rubric\n\n| Criterion | Points |\n|---|--:|\n| Done | 1 |\n"


def task(name: str, *blocks: tuple[str, str]) -> str:
    """Return a task of blocks: (mark, code) each."""
    code = "\n".join(f"```python {mark}\n{text}\n```\n" for mark, text in blocks)
    return f"## {name.title()} {{#{name} points=1}}\n\n{code}\n{_RUBRIC}\n"


def write(folder: Path, *parts: str, head: str = "") -> Path:
    text = f"---\ntitle: T\n{head}---\n\n" + "\n".join(parts)
    return write_course(folder, {"assignments/a.md": text})


def prove(folder: Path, *parts: str, head: str = "", limits: Limits = QUICK) -> tuple[Ran, str]:
    bank, _, sink = read(write(folder, *parts, head=head))
    assert not sink.errors, render("concise", Run(sink))
    found = Diagnostics()
    ran = prove_assignment(bank.assignments["a"], limits, found)
    return ran, render("concise", Run(found))


DOUBLE = task(
    "double",
    ("starter", "def double(x):\n    raise NotImplementedError"),
    ("solution", "def double(x):\n    return x + x"),
    ("test", "assert double(2) == 4"),
)


def test_a_sound_assignment_is_proven(tmp_path: Path) -> None:
    square = task(
        "square",
        ("starter", "def square(x):\n    y: tuple[int, ...] = (x,)\n    return ..."),
        ("solution", "def square(x):\n    return x * double(x) / 2"),
        ("test", "assert square(3) == 9"),
        ("test hidden", "assert square(0) == 0"),
    )
    ran, said = prove(tmp_path, DOUBLE, square)
    assert said == ""
    assert (ran.cells, ran.tests) == (2, 3)


@pytest.mark.parametrize(
    "gap",
    [
        "...",
        "y = ...",
        "y: int = ...",
        "raise NotImplementedError",
        'raise NotImplementedError("Write it.")',
    ],
)
def test_the_starter_runs_up_to_its_first_gap(tmp_path: Path, gap: str) -> None:
    blocks = (
        ("starter", f"x = 1\n{gap}\nprint(y + nothing)"),
        ("solution", "x = 1\ny = 2"),
        ("test", "assert x + y == 3"),
    )
    assert prove(tmp_path, task("one", *blocks))[1] == ""


def test_a_starter_that_stops_before_its_gap_is_found(tmp_path: Path) -> None:
    given = "```python starter\nimport json\ntable = {}\n```\n"
    one = task(
        "one", ("starter", "\nrows = tabel['a']\nraise NotImplementedError"), ("solution", "x = 1")
    )
    assert prove(tmp_path, given, one)[1] == (
        "assignments/a.md:14:1: error[E565] The starter stops before its first gap: NameError: "
        "name 'tabel' is not defined. Students run it before they write anything.\n"
    )


def test_an_error_that_a_package_raises_is_no_gap(tmp_path: Path) -> None:
    code = "import selectors\nselectors.BaseSelector.register(1, 2, 3)"
    one = task("one", ("starter", code + "\n..."), ("solution", "x = 1"))
    assert (
        "[E565] The starter stops before its first gap: NotImplementedError"
        in prove(tmp_path, one)[1]
    )


def test_a_solution_that_stops_is_found_at_the_line_that_raised(tmp_path: Path) -> None:
    one = task(
        "one",
        ("starter", "..."),
        ("solution", "def mean(values):\n    return sum(values) / len(values)\n\nmean([])"),
        ("test", "assert mean([1]) == 1"),
    )
    assert prove(tmp_path, one)[1] == (
        "assignments/a.md:13:5: error[E566] The solution stops: ZeroDivisionError: division by "
        "zero.\n"
    )


def test_a_test_that_the_solution_does_not_pass_is_found_where_it_fails(tmp_path: Path) -> None:
    one = task(
        "one",
        ("starter", "def half(x):\n    ..."),
        ("solution", "def half(x):\n    assert x > 0, 'too small'\n    return x / 2"),
        ("test", "assert half(2) == 1\nassert half(4) == 3"),
        ("test", "assert half(-1) == 0"),
        ("test", "assert half(8) == 4"),
    )
    ran, said = prove(tmp_path, one)
    assert said == (
        "assignments/a.md:20:1: error[E567] The solution does not pass this test of task `one`: "
        "AssertionError.\n"
        "assignments/a.md:24:1: error[E567] The solution does not pass this test of task `one`: "
        "AssertionError: too small. It was raised in line 14.\n"
    )
    assert ran.tests == 0


def test_a_test_that_proves_nothing_is_found(tmp_path: Path) -> None:
    one = task(
        "one",
        ("starter", "def f(x):\n    return ..."),
        ("solution", "def f(x):\n    return x"),
        ("test", "assert callable(f)"),
        ("test", "assert f(1) == 1"),
    )
    assert prove(tmp_path, DOUBLE, one)[1] == (
        "assignments/a.md:41:1: error[E568] This test passes though task `one` is not solved. "
        "Make it ask for what the solution does and the starter does not.\n"
    )


def test_a_test_is_tried_where_all_before_its_task_is_solved(tmp_path: Path) -> None:
    """It fails without the first task, and proves nothing of the second."""
    second = task(
        "second",
        ("starter", "def f(x):\n    ..."),
        ("solution", "def f(x):\n    return double(x)"),
        ("test", "assert double(1) == 2"),
    )
    said = prove(tmp_path, DOUBLE, second)[1]
    assert "[E568] This test passes though task `second` is not solved." in said


def test_the_time_limit_ends_it_with_all_that_it_started(tmp_path: Path) -> None:
    mark = f"coursec{os.getpid()}"
    code = (
        "import subprocess, sys\n"
        f"subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(99)', '{mark}'])\n"
        "while True:\n    pass"
    )
    begin = time.monotonic()
    one = task("one", ("starter", "..."), ("solution", code))
    said = prove(tmp_path, one, limits=Limits(seconds=2, memory=1024**3))[1]
    assert time.monotonic() - begin < 15
    assert said.startswith(
        "assignments/a.md:12:1: error[E569] The solution of `a` was stopped after 2 seconds."
    )
    left = [p for p in Path("/proc").glob("[0-9]*/cmdline") if mark in _read(p)]
    assert not left


def _read(path: Path) -> str:
    try:
        return path.read_text(errors="replace")
    except OSError:
        return ""


def test_a_crash_is_a_finding(tmp_path: Path) -> None:
    code = "import os, sys\nsys.stderr.write('bye\\n')\nsys.stderr.flush()\nos._exit(7)"
    said = prove(tmp_path, task("one", ("starter", "..."), ("solution", code)))[1]
    assert "[E569] The solution of `a` ended with status 7 before it was done: bye." in said
    code = "import ctypes\nctypes.string_at(0)"
    said = prove(tmp_path, task("one", ("starter", "..."), ("solution", code)))[1]
    assert "ended with signal 11" in said


def test_exit_ends_nothing(tmp_path: Path) -> None:
    one = task("one", ("starter", "..."), ("solution", "import sys\nsys.exit(0)"))
    assert "[E566] The solution stops: SystemExit: 0." in prove(tmp_path, one)[1]


@pytest.mark.skipif(os.name != "posix", reason="memory is limited by rlimit")
def test_memory_is_limited(tmp_path: Path) -> None:
    one = task("one", ("starter", "..."), ("solution", "x = bytearray(2 * 1024**3)"))
    assert "[E566] The solution stops: MemoryError." in prove(tmp_path, one)[1]


def test_there_is_no_network(tmp_path: Path) -> None:
    server = socket.create_server(("127.0.0.1", 0))
    port = server.getsockname()[1]
    code = f"import socket\nsocket.create_connection(('127.0.0.1', {port}), timeout=5)"
    said = prove(tmp_path, task("one", ("starter", "..."), ("solution", code)))[1]
    assert "[E566] The solution stops: OSError: there is no network while" in said
    code = "import urllib.request\nurllib.request.urlopen('http://example.org/')"
    said = prove(tmp_path, task("one", ("starter", "..."), ("solution", code)))[1]
    assert "there is no network" in said
    server.close()


def test_the_folder_holds_the_data_files_and_nothing_of_the_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "x")
    write_course(tmp_path, {"assignments/a/words.txt": "a b a", "assignments/a/helper.py": "Z = 3"})
    code = (
        "import os, helper\n"
        "assert sorted(os.listdir('.')) == ['helper.py', 'words.txt'], os.listdir('.')\n"
        "assert 'SECRET_TOKEN' not in os.environ\n"
        "assert os.path.samefile(os.environ['HOME'], '.')\n"
        "open('made.txt', 'w').write(open('words.txt').read() * helper.Z)"
    )
    one = task("one", ("starter", "..."), ("solution", code))
    head = "files: [a/words.txt, a/helper.py]\n"
    assert prove(tmp_path, one, head=head)[1] == ""
    assert sorted(p.name for p in (tmp_path / "assignments/a").iterdir()) == [
        "helper.py",
        "words.txt",
    ]


def test_a_package_that_is_missing_is_said_once_with_what_to_install(tmp_path: Path) -> None:
    given = "```python starter\nimport no_such_package\n```\n"
    head = 'requirements: ["no-such-package>=2", numpy]\n'
    assert prove(tmp_path, given, DOUBLE, head=head)[1] == (
        "assignments/a.md:7:1: error[E569] The module `no_such_package` that `a` imports is not "
        "here. Install what it needs: pip install 'no-such-package>=2' 'numpy'\n"
    )


def test_code_sees_itself_as_a_notebook_does(tmp_path: Path) -> None:
    """Dataclasses, pickles and sources find the code where they look for it."""
    code = (
        "from __future__ import annotations\n"
        "import inspect, pickle\n"
        "from dataclasses import dataclass\n"
        "@dataclass\n"
        "class Pair:\n"
        "    left: int\n"
        "def f():\n"
        "    return 1\n"
        "assert pickle.loads(pickle.dumps(Pair(1))) == Pair(1)\n"
        "assert inspect.getsource(f) == 'def f():\\n    return 1\\n'\n"
        "assert __name__ == '__main__'"
    )
    assert prove(tmp_path, task("one", ("starter", "..."), ("solution", code)))[1] == ""


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def test_nothing_is_run_unless_asked_for(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    one = task("one", ("starter", f"open({str(mark)!r}, 'w')\n..."), ("solution", "x = 1"))
    course = write(tmp_path / "c", one)
    assert run("check", course).exit_code == 0
    assert run("build", course, "--target", "notebook").exit_code == 0
    assert not mark.exists()
    result = run("check", course, "--run")
    assert result.exit_code == 0
    assert mark.exists()
    assert "ran  a: 1 cell of the solution, 0 tests proven" in result.output


def test_a_course_with_mistakes_is_not_run(tmp_path: Path) -> None:
    course = write(tmp_path, task("one", ("test", "assert 1")), head="points: 3\n")
    result = run("check", course, "--run")
    assert result.exit_code == 1
    assert "Nothing was run: the course has mistakes." in result.output


def test_failures_fail_the_run(tmp_path: Path) -> None:
    course = write(tmp_path, task("one", ("starter", "..."), ("solution", "1 / 0")))
    result = run("check", course, "--run", "--time-limit", "20")
    assert result.exit_code == 1
    assert re.search(r"12 \| 1 / 0\n +\| \^+", result.output)
