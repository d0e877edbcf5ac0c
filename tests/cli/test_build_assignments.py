"""`coursec build`, `check` and `verify` with assignments."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from assignment_files import FILES, SOURCE
from coursec.cli import main
from courses import COURSE, write_course

OUTPUTS = [
    "canvas/count-words-hand-in.zip",
    "moodle/count-words-hand-in.xml",
    "notebook/count-words-solution.ipynb",
    "notebook/count-words-starter.ipynb",
    "pdf/count-words-handout.pdf",
    "pdf/count-words-solution.pdf",
    "qti21/count-words-hand-in.zip",
    "starter/count-words.zip",
]
ITEM = "items:\n  - id: one\n    type: true_false\n    stem: Yes.\n    answer: true\n"
QUIZ = "quiz: q\ntitle: Quiz\nsections:\n  - items: [one]\n"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    return write_course(tmp_path / "content", FILES)


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def written(out: Path) -> list[str]:
    return sorted(p.relative_to(out).as_posix() for p in out.rglob("*.*") if p.name[0] != ".")


def test_everything_is_written_and_proven(course: Path) -> None:
    out = course.parent / "build"
    result = run("build", course, "--verify")
    assert result.exit_code == 0
    assert "count-words: 2 tasks, 10 points" in result.output
    assert written(out) == sorted([*OUTPUTS, "manifest.json"])
    result = run("verify", course)
    assert result.exit_code == 0
    assert result.output.count("read back") == 3
    assert result.output.count("by digest") == 5


def test_an_output_that_was_changed_is_found(course: Path) -> None:
    run("build", course)
    (course.parent / "build/notebook/count-words-starter.ipynb").write_text("{}")
    result = run("verify", course, "--format", "concise")
    assert result.exit_code == 1
    assert "[E612] notebook/count-words-starter.ipynb was not made from these sources." in (
        result.output
    )


def test_nothing_is_made_again_that_has_not_changed(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("build", course)
    monkeypatch.setattr("coursec.targets.pdf.typeset", lambda paper: pytest.fail("set again"))
    result = run("build", course)
    assert result.output.count("(unchanged)") == len(OUTPUTS)


def test_data_files_are_sources(course: Path) -> None:
    out = course.parent / "build"
    run("build", course)
    before = (out / "starter/count-words.zip").read_bytes()
    write_course(course, {"assignments/count-words/corpus.txt": "b b\n"})
    run("build", course)
    assert (out / "starter/count-words.zip").read_bytes() != before
    sources = json.loads((out / "manifest.json").read_text())["sources"]
    assert "assignments/count-words/corpus.txt" in sources


def test_what_an_assignment_that_is_gone_has_made_is_removed(course: Path) -> None:
    out = course.parent / "build"
    write_course(course, {"items/a.yaml": ITEM, "quizzes/q.yaml": QUIZ})
    run("build", course)
    (course / "assignments/count-words.md").unlink()
    assert run("build", course).exit_code == 0
    assert not [path for path in written(out) if "count-words" in path]


def test_an_assignment_chooses_its_targets(course: Path) -> None:
    source = SOURCE.replace("points: 10\n", "points: 10\ntargets: [notebook, moodle]\n")
    write_course(course, {"assignments/count-words.md": source})
    run("build", course)
    assert [path.partition("/")[0] for path in written(course.parent / "build")] == [
        "manifest.json",
        "moodle",
        "notebook",
        "notebook",
    ]


def test_so_do_the_course_and_the_command(course: Path, tmp_path: Path) -> None:
    write_course(course, {"course.yaml": COURSE + "targets: [starter]\n"})
    run("build", course)
    assert written(course.parent / "build") == ["manifest.json", "starter/count-words.zip"]
    run("build", course, "--target", "pdf", "--out", tmp_path / "o")
    assert len(written(tmp_path / "o")) == 3


def test_globs_choose_assignments_too(course: Path, tmp_path: Path) -> None:
    write_course(course, {"items/a.yaml": ITEM, "quizzes/q.yaml": QUIZ})
    run("build", course, "--quiz", "count*", "--target", "moodle", "--out", tmp_path / "a")
    assert written(tmp_path / "a") == ["manifest.json", "moodle/count-words-hand-in.xml"]
    run("build", course, "--quiz", "q", "--out", tmp_path / "b")
    assert not [path for path in written(tmp_path / "b") if "count" in path]
    result = run("build", course, "--quiz", "nothing")
    assert result.exit_code == 2
    assert "Quizzes here: q. Assignments: count-words." in result.output


def test_a_quiz_and_an_assignment_cannot_make_the_same_file(course: Path) -> None:
    quiz = QUIZ.replace("quiz: q", "quiz: count-words-hand-in")
    write_course(course, {"items/a.yaml": ITEM, "quizzes/q.yaml": quiz})
    result = run("build", course, "--format", "concise")
    assert result.exit_code == 1
    assert "[E507]" in result.output
    quiz = QUIZ.replace("quiz: q", "quiz: count-words-handout")
    write_course(course, {"quizzes/q.yaml": quiz})
    result = run("build", course, "--format", "concise", "--target", "pdf")
    assert (
        "[E507] `count-words-handout` and the assignment `count-words` both make "
        "pdf/count-words-handout.pdf." in result.output
    )


def test_two_builds_are_the_same_bytes(course: Path, tmp_path: Path) -> None:
    found = []
    for seed, zone in (("1", "UTC"), ("2", "Asia/Karachi")):
        folder = tmp_path / f"place-{seed}"
        shutil.copytree(course, folder / "content")
        subprocess.run(
            [sys.executable, "-m", "coursec", "build", "--format", "concise"],
            cwd=folder,
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone},
            check=True,
            capture_output=True,
        )
        out = folder / "build"
        found.append({p: sha256((out / p).read_bytes()).hexdigest() for p in written(out)})
    assert found[0] == found[1]
    assert len(found[0]) == len(OUTPUTS) + 1


def test_a_leak_is_never_written(course: Path) -> None:
    line = "    return dict(Counter(words).most_common())"
    leaking = SOURCE.replace("an example that is not run", line)
    write_course(course, {"assignments/count-words.md": leaking})
    result = run("build", course)
    assert result.exit_code == 1
    assert "error[E555] Students are given `return dict(Counter(words).most_common())`" in (
        result.output
    )
    assert not (course.parent / "build").exists()


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda path: path.symlink_to("/etc/hostname"), "E304"),
        (lambda path: path.mkdir(), "E554"),
        (lambda path: path.write_bytes(b"x" * (16 * 1024**2 + 1)), "E108"),
        (lambda path: path.symlink_to(path), "E554"),
    ],
)
def test_a_data_file_that_cannot_be_handed_out_is_found(
    course: Path, make: object, code: str
) -> None:
    path = course / "assignments/count-words/corpus.txt"
    path.unlink()
    make(path)  # type: ignore[operator]
    result = run("check", course, "--format", "concise")
    assert f"assignments/count-words.md:7:9: error[{code}] The data file" in result.output


def test_a_folder_of_assignments_may_hold_other_markdown(course: Path) -> None:
    write_course(course, {"assignments/count-words/README.md": "Not an assignment.\n"})
    assert run("check", course).exit_code == 0
