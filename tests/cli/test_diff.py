"""`coursec diff` as a user calls it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from coursec.cli import main
from courses import write_course
from repositories import commit, git

BANK = "items:\n  - {id: one, type: true_false, stem: One is odd., answer: true}\n"
FILES: dict[str, str | bytes] = {
    "items/a.yaml": BANK,
    "quizzes/q.yaml": "quiz: q\ntitle: Q\nsections: [{items: [one]}]\n",
}


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(main, ["diff", *map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = write_course(tmp_path / "content", FILES)
    commit(tmp_path)
    monkeypatch.chdir(tmp_path)
    return folder


def flip(course: Path) -> None:
    write_course(course, {"items/a.yaml": BANK.replace("answer: true", "answer: false")})


def test_one_revision_is_compared_with_the_files_of_now(course: Path) -> None:
    assert "Nothing changed." in run("main").output
    flip(course)
    result = run("main")
    assert result.exit_code == 0
    assert "Keys changed: grades are affected" in result.output
    assert "true → false" in result.output
    assert "→ working tree" in result.output


def test_two_revisions_and_json(course: Path) -> None:
    flip(course)
    commit(course.parent)
    result = run("main~1", "main", "--format", "json")
    found = json.loads(result.output)
    assert found["items"][0]["id"] == "one"
    assert found["items"][0]["touches"] == [{"quiz": "q", "drawn": False}]
    assert json.loads(run("main~1..main", "--format", "json").output)["items"] == found["items"]


def test_markdown(course: Path) -> None:
    flip(course)
    assert "#### ⚠ Keys changed" in run("main", "--format", "markdown").output


def test_the_exit_code_tells_of_a_change_when_asked(course: Path) -> None:
    assert run("main", "--exit-code").exit_code == 0
    flip(course)
    assert run("main").exit_code == 0
    assert run("main", "--exit-code").exit_code == 1


def test_the_folder_of_earlier_revisions_may_be_gone(course: Path) -> None:
    flip(course)
    commit(course.parent)
    git(course.parent, "rm", "-rqf", "content")
    assert "true → false" in run("main~1", "main", "--course", "content").output
    assert run("main", "--course", "content").exit_code == 2


def test_a_course_that_was_not_there_is_all_new(course: Path) -> None:
    write_course(course.parent / "other", FILES)
    result = run("main", "--course", "other")
    assert result.exit_code == 0
    assert "There is no course in other in main" in result.output
    assert "1 item added, 1 quiz added" in result.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nope"], "git knows no revision nope"),
        (["--", "--output=x"], "is not the name of a revision"),
        (["main", "content"], "Name a folder with --course"),
        (["a", "b", "c"], "Two revisions can be compared"),
        (["main", "main", "--course", "elsewhere"], "holds elsewhere/course.yaml"),
        ([], "Missing argument"),
    ],
)
def test_wrong_usage_is_said(arguments: list[str], said: str, course: Path) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert said in " ".join(result.output.split())


def test_outside_of_git(tmp_path: Path) -> None:
    result = run("main", "--course", write_course(tmp_path / "c", FILES))
    assert result.exit_code == 2
    assert "does not lie in a git repository" in result.output


def test_without_git(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(course))
    result = run("main")
    assert result.exit_code == 3
    assert "git is missing" in result.output


def test_mistakes_in_one_file_are_said_and_the_rest_is_compared(course: Path) -> None:
    write_course(course, {"items/a.yaml": BANK + "  - [", "items/b.yaml": BANK.replace("one", "b")})
    result = run("main")
    assert result.exit_code == 0
    assert "Not compared, because of mistakes" in result.output
    assert "items/a.yaml" in result.output
    assert "+ b" in result.output
