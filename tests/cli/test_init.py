"""`coursec init`: a new course that builds at once, and nothing that is there is touched."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coursec import __version__, scaffold
from coursec.cli import main
from coursec.resources import schemas
from coursec.scaffold import CIS, new_course, requirement
from coursec.source.markdown import markdown_parser
from courses import read


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    return result


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize("ci", [None, *CIS])
@pytest.mark.parametrize("language", ["en", "de-CH", "ur"])
def test_a_new_course_is_clean_and_builds(tmp_path: Path, ci: str | None, language: str) -> None:
    options = ["--ci", ci] if ci else []
    folder = tmp_path / "stats-1"
    result = run("init", folder, *options, "--language", language)
    assert result.exit_code == 0
    checked = run("check", folder / "content", "--strict")
    assert checked.output == "Checked 7 items and 1 quiz: no errors, no warnings.\n"
    built = run("build", folder / "content", "--strict", "--verify")
    assert built.exit_code == 0
    assert (folder / "build/moodle/averages.xml").exists()
    assert (folder / "build/pdf/averages-b-key.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("target", ["canvas", "qti21"])
def test_what_other_targets_lose_can_be_accepted(tmp_path: Path, target: str) -> None:
    run("init", tmp_path / "new")
    course = tmp_path / "new/content/course.yaml"
    text = course.read_text("utf-8").replace("[moodle, pdf]", f"[{target}, pdf]")
    course.write_text(text, "utf-8")
    assert run("check", course.parent, "--strict").exit_code == 1
    course.write_text(text.replace("# levels:", "levels:"), "utf-8")
    built = run("build", course.parent, "--strict", "--verify")
    assert (built.exit_code, built.output.count(f"  {target} ")) == (0, 1), built.output


def test_what_was_written_is_said_and_no_mark_is_left(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    result = run("init", folder, "--title", "Intro", "--code", "I-1", "--ci", "github")
    files = tree(folder)
    for path in files:
        assert path.startswith(".coursec/") or (folder / path).as_posix() in result.output
    assert "Made the course I-1: Intro. Its README.md says what is where.\n" in result.output
    assert f"Next:\n  cd {folder}\n  coursec check\n  coursec build\n" in result.output
    text = b"".join(data for path, data in files.items() if not path.endswith(".png"))
    assert b"<<" not in text
    assert b"\r" not in text
    assert files["README.md"].startswith(b"# Intro\n")
    assert files["requirements.txt"].endswith(f"\ncoursec=={__version__}\n".encode())


def test_names_come_from_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data_structures-2").mkdir()
    monkeypatch.chdir(tmp_path / "data_structures-2")
    assert run("init", ".").exit_code == 0
    bank, _, _ = read(Path("content"))
    assert (bank.course.code, bank.course.title) == ("data_structures-2", "Data structures 2")
    assert "cd " not in run("init", "--help").output


def test_files_that_are_there_are_never_changed(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("mine")
    (tmp_path / "content").write_text("a file")
    before = tree(tmp_path)
    result = run("init", tmp_path)
    assert result.exit_code == 2
    assert (
        f"Nothing was written. These are there already: {tmp_path}/README.md, {tmp_path}/content. "
        "Name another folder, or move what is there."
    ) in result.output
    assert tree(tmp_path) == before


def test_a_link_that_leads_nowhere_is_there_too(tmp_path: Path) -> None:
    (tmp_path / "README.md").symlink_to(tmp_path / "gone")
    assert "This is there already:" in run("init", tmp_path).output
    assert os.listdir(tmp_path) == ["README.md"]


def test_other_files_of_the_folder_stay(tmp_path: Path) -> None:
    (tmp_path / "LICENSE").write_text("mine")
    (tmp_path / "content/items").mkdir(parents=True)
    assert run("init", tmp_path).exit_code == 0
    assert (tmp_path / "LICENSE").read_text() == "mine"
    again = run("init", tmp_path)
    assert again.exit_code == 2
    assert "content/course.yaml" in again.output


def test_all_or_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that is full half-way leaves neither files nor folders."""
    replaced = []

    def replace(old: str, new: Path) -> None:
        if len(replaced) == 5:
            raise OSError(28, "No space left on device", str(new))
        replaced.append(new)
        os.rename(old, new)

    monkeypatch.setattr("coursec.engine.files.os.replace", replace)
    folder = tmp_path / "deep/new"
    result = run("init", folder)
    assert result.exit_code == 2
    assert "could not be written: No space left on device." in result.output
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["init"], "Missing argument 'DIR'"),
        (["init", "file"], "is a file"),
        (["init", "file/below"], "could not be written: Not a directory."),
        (["init", "new", "--ci", "jenkins"], "'jenkins' is not one of 'github', 'gitlab'."),
        (["init", "new", "--title", " "], "--title must be one line of printable text, not ' '."),
        (["init", "new", "--code", "a\nb"], "--code must be one line of printable text"),
        (["init", "new", "--language", "English!"], "--language must be a tag such as en or de-CH"),
    ],
)
def test_wrong_usage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file").write_text("")
    result = run(*arguments)
    assert result.exit_code == 2
    assert words in result.output
    assert os.listdir() == ["file"]


def test_a_folder_without_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(folder: Path, **_: object) -> None:  # modes do not bind the superuser
        raise PermissionError(13, "Permission denied", str(folder))

    monkeypatch.setattr(Path, "mkdir", refuse)
    result = run("init", tmp_path / "new")
    assert result.exit_code == 2
    assert f"{tmp_path.as_posix()}/new" in result.output
    assert "could not be written: Permission denied." in result.output


def test_a_folder_inside_a_repository_is_told_so(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    assert "lies inside the git repository" in run("init", tmp_path / "new").output
    (tmp_path / "own/.git").mkdir(parents=True)
    assert "lies inside" not in run("init", tmp_path / "own").output


@given(st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), min_size=1).map(str.strip))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_title_is_read_as_it_was_given(tmp_path: Path, title: str) -> None:
    if not title or not title.isprintable():
        return
    files = new_course(title, title, "no")
    content = {p.removeprefix("content/"): d for p, d in files.items() if p.startswith("content/")}
    for path, data in content.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(data)
    bank, _, sink = read(tmp_path)
    assert not list(sink)
    assert (bank.course.title, bank.course.code, bank.course.language) == (title, title, "no")
    opening, words, *_ = markdown_parser(False).parse(files["README.md"].decode())
    assert opening.tag == "h1"
    assert "".join(child.content for child in words.children or []) == title


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        (None, f"coursec=={__version__}"),
        ({"url": "file:///home/me/coursec", "dir_info": {"editable": True}}, None),
        (
            {
                "url": "https://host.example/coursec.git",
                "vcs_info": {"vcs": "git", "commit_id": "0" * 40},
            },
            f"coursec @ git+https://host.example/coursec.git@{'0' * 40}",
        ),
        (
            {"url": "https://host.example/coursec-1.whl", "archive_info": {}},
            "coursec @ https://host.example/coursec-1.whl",
        ),
    ],
)
def test_the_requirement_is_where_this_coursec_came_from(
    monkeypatch: pytest.MonkeyPatch, origin: dict[str, object] | None, expected: str | None
) -> None:
    class Installed:
        def read_text(self, name: str) -> str | None:
            return json.dumps(origin) if origin else None

    monkeypatch.setattr(scaffold, "distribution", lambda name: Installed())
    assert requirement() == (expected or f"coursec=={__version__}")


def test_the_schemas_are_those_of_the_program(tmp_path: Path) -> None:
    run("init", tmp_path / "new")
    run("schema", "--out", tmp_path / "schemas")
    assert tree(tmp_path / "new/.coursec/schemas") == tree(tmp_path / "schemas") == tree(schemas())


def test_the_problem_matcher_reads_concise_findings(tmp_path: Path) -> None:
    run("init", tmp_path / "new")
    source = (tmp_path / "new/.vscode/tasks.json").read_text("utf-8")
    tasks = json.loads(re.sub(r"^\s*//.*$", "", source, flags=re.MULTILINE))["tasks"]
    matcher = tasks[0]["problemMatcher"]["pattern"]
    bank = tmp_path / "new/content/items/averages.yaml"
    bank.write_text(bank.read_text("utf-8").replace("answer: 66", "answr: 66"), "utf-8")
    found = run("check", tmp_path / "new/content", "--format", "concise").output.splitlines()
    hits = [hit for line in found if (hit := re.search(matcher["regexp"], line))]
    assert len(hits) == len(found) - 1 > 0
    hit = next(hit for hit in hits if "answr" in hit.string)
    by = {key: hit[index] for key, index in matcher.items() if key != "regexp"}
    line = bank.read_text("utf-8").splitlines().index("    answr: 66") + 1
    assert (by["file"], by["line"], by["column"]) == (bank.as_posix(), str(line), "5")
    assert (by["severity"], by["code"]) == ("error", "E201")
    assert by["message"] == "The key `answr` is not known here. Did you mean `answer`?"
