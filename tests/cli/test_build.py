"""`coursec build` and `coursec check` as a user meets them: what is said, written and left."""

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

from coursec.cli import main
from coursec.engine.manifest import digest
from courses import COURSE, PNG, write_course

ITEM = """items:
  - id: one
    type: single_choice
    stem: Which? ![A dot](../media/dot.png)
    choices: [{text: "$x$", correct: true}, B]
"""
QUIZ = "quiz: q\ntitle: Quiz\nsections:\n  - items: [one]\n"
FILES: dict[str, str | bytes] = {
    "items/a.yaml": ITEM,
    "quizzes/q.yaml": QUIZ,
    "media/dot.png": PNG,
}
OUTPUTS = [
    "canvas/q.zip",
    "gift/q.gift.txt",
    "manifest.json",
    "moodle/q.xml",
    "pdf/q-key.pdf",
    "pdf/q.pdf",
    "qti21/q.zip",
]


@pytest.fixture
def course(tmp_path: Path) -> Path:
    return write_course(tmp_path / "content", FILES)


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(main, [str(a) for a in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def written(folder: Path) -> dict[str, str]:
    """Return the digest of every file in a folder."""
    return {
        p.relative_to(folder).as_posix(): sha256(p.read_bytes()).hexdigest()
        for p in sorted(folder.rglob("*"))
        if p.is_file()
    }


def test_build_writes_every_target_beside_the_course(course: Path) -> None:
    result = run("build", course)
    assert result.exit_code == 0
    assert list(written(course.parent / "build")) == OUTPUTS
    assert "q: 1 items, 1 points" in result.output
    assert "build/gift/q.gift.txt" in result.output


def test_the_course_is_found_in_content_or_here(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(course.parent)
    assert run("build").exit_code == 0
    assert list(written(Path("build"))) == OUTPUTS
    shutil.rmtree("build")
    monkeypatch.chdir(course)
    assert run("build").exit_code == 0
    assert list(written(course.parent / "build")) == OUTPUTS
    monkeypatch.chdir(course / "items")
    result = run("check")
    assert result.exit_code == 2
    assert "There is no course here" in result.output


def test_targets_and_quizzes_can_be_chosen(course: Path, tmp_path: Path) -> None:
    write_course(course, {"quizzes/r.yaml": QUIZ.replace("quiz: q", "quiz: r")})
    result = run("build", course, "--target", "gift", "--quiz", "r*", "--out", tmp_path / "o")
    assert result.exit_code == 0
    assert list(written(tmp_path / "o")) == ["gift/r.gift.txt", "manifest.json"]
    result = run("build", course, "--quiz", "nothing")
    assert result.exit_code == 2
    assert "Quizzes here: q, r." in result.output


def test_a_mistake_leaves_the_old_outputs_untouched(course: Path) -> None:
    out = course.parent / "build"
    run("build", course)
    before = written(out)
    write_course(course, {"items/a.yaml": ITEM.replace("correct: true", "correct: false")})
    result = run("build", course)
    assert result.exit_code == 1
    assert "Nothing was written: 1 error." in result.output
    assert written(out) == before


def test_a_paper_that_cannot_be_set_leaves_everything_untouched(course: Path) -> None:
    out = course.parent / "build"
    run("build", course)
    before = written(out)
    write_course(course, {"items/a.yaml": ITEM.replace("Which?", "Which 漢字?")})
    result = run("build", course, "--format", "concise")
    assert result.exit_code == 1
    assert "items/a.yaml:2:9: error[E603] No font of the paper has" in result.output
    assert written(out) == before
    assert run("build", course, "--target", "gift").exit_code == 0


def test_an_output_that_cannot_be_written_is_reported(course: Path) -> None:
    out = course.parent / "build"
    out.mkdir()
    (out / "qti21").write_text("a file where a folder should be")
    result = run("build", course, "--format", "concise")
    assert result.exit_code == 1
    assert "error[E604]" in result.output
    assert "build/qti21 could not be written" in result.output
    assert "Nothing was written" in result.output
    assert list(written(out)) == ["qti21"]
    assert not [p for p in out.rglob("*") if p.name.startswith(".")]


def test_two_quizzes_cannot_make_the_same_file(course: Path) -> None:
    write_course(course, {"quizzes/r.yaml": QUIZ.replace("quiz: q", "quiz: q-key")})
    result = run("build", course, "--format", "concise")
    assert result.exit_code == 1
    assert "[E507] The quizzes `q` and `q-key` both make pdf/q-key.pdf." in result.output
    assert not (course.parent / "build").exists()


@pytest.mark.parametrize("path", ["../victim.txt", "gift/../../victim.txt", "/victim", "a\0b"])
def test_a_manifest_that_was_tampered_with_removes_nothing(course: Path, path: str) -> None:
    out = course.parent / "build"
    run("build", course)
    victim = course.parent / "victim.txt"
    victim.write_bytes(b"precious")
    manifest = json.loads((out / "manifest.json").read_text())
    entry = {"target": "gift", "quiz": "q", "key": "x", "digest": digest(b"precious")}
    manifest["outputs"][path] = entry
    (out / "manifest.json").write_text(json.dumps(manifest))
    assert run("build", course).exit_code == 0
    assert victim.read_bytes() == b"precious"


def test_the_manifest_of_another_tool_is_not_overwritten(course: Path) -> None:
    out = course.parent / "build"
    out.mkdir()
    (out / "manifest.json").write_text('{"name": "site"}')
    result = run("build", course)
    assert result.exit_code == 1
    assert "not coursec's" in result.output
    assert list(written(out)) == ["manifest.json"]


def test_a_target_that_the_course_gives_up_is_removed(course: Path) -> None:
    out = course.parent / "build"
    run("build", course)
    write_course(course, {"course.yaml": COURSE + "targets: [gift]\n"})
    run("build", course)
    assert list(written(out)) == ["gift/q.gift.txt", "manifest.json"]


def test_the_output_stands_beside_the_course_however_it_is_named(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(course / "items")
    assert run("build", "..", "--target", "gift").exit_code == 0
    assert (course.parent / "build/gift/q.gift.txt").is_file()


def test_mistakes_are_told_before_a_missing_typesetter(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    write_course(course, {"items/a.yaml": ITEM.replace("type:", "typ:")})
    result = run("build", course)
    assert result.exit_code == 1
    assert "E202" in result.output


def test_nothing_is_written_again_that_has_not_changed(course: Path) -> None:
    out = course.parent / "build"
    run("build", course)
    stamps = {p: p.stat().st_mtime_ns for p in out.rglob("*") if p.is_file()}
    result = run("build", course)
    assert result.output.count("(unchanged)") == len(OUTPUTS) - 1
    assert {p: p.stat().st_mtime_ns for p in out.rglob("*") if p.is_file()} == stamps


def test_a_paper_is_not_set_again_when_it_has_not_changed(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("build", course)
    monkeypatch.setattr("coursec.targets.pdf.typeset", lambda paper: pytest.fail("set again"))
    assert run("build", course).exit_code == 0


def test_a_damaged_output_is_made_again(course: Path) -> None:
    out = course.parent / "build"
    run("build", course)
    before = written(out)
    (out / "pdf/q.pdf").write_bytes(b"damaged")
    (out / "gift/q.gift.txt").unlink()
    (out / "manifest.json").write_text("{")
    assert run("build", course).exit_code == 0
    assert written(out) == before


def test_outputs_of_a_quiz_that_is_gone_are_removed_but_not_what_others_wrote(
    course: Path,
) -> None:
    out = course.parent / "build"
    write_course(course, {"quizzes/r.yaml": QUIZ.replace("quiz: q", "quiz: r")})
    run("build", course)
    (out / "gift/r.gift.txt").write_text("changed by hand")
    (out / "gift/notes.txt").write_text("mine")
    (course / "quizzes/r.yaml").unlink()
    result = run("build", course)
    left = list(written(out))
    assert "removed" in result.output
    assert "qti21/r.zip" not in left
    assert {"gift/r.gift.txt", "gift/notes.txt"} <= set(left)


def test_building_one_target_keeps_the_others(course: Path) -> None:
    out = course.parent / "build"
    run("build", course)
    run("build", course, "--target", "gift")
    outputs = json.loads((out / "manifest.json").read_text())["outputs"]
    assert sorted([*outputs, "manifest.json"]) == OUTPUTS


def test_strict_makes_warnings_fail(course: Path) -> None:
    write_course(course, {"items/a.yaml": ITEM.replace("stem:", "points: 2\n    stem:")})
    assert run("build", course, "--target", "gift").exit_code == 0
    result = run("build", course, "--target", "gift", "--strict", "--out", course / "o")
    assert result.exit_code == 1
    assert not (course / "o").exists()
    assert run("check", course, "--strict").exit_code == 1
    assert run("check", course).exit_code == 0


def test_json_is_one_object_on_standard_output(course: Path) -> None:
    write_course(course, {"items/a.yaml": ITEM.replace("type:", "typ:")})
    result = run("check", course, "--format", "json")
    report = json.loads(result.stdout)
    assert (report["errors"], report["warnings"]) == (1, 0)
    (d,) = report["diagnostics"]
    assert d == {
        "code": "E202",
        "name": "missing-key",
        "severity": "error",
        "message": "The key `type` is missing.",
        "hint": d["hint"],
        "path": f"{course.as_posix()}/items/a.yaml",
        "line": 2,
        "column": 5,
        "end_line": 2,
        "end_column": 7,
        "item": "one",
    }
    assert "Checked 0 items" in result.stderr


def test_full_shows_the_line_with_a_caret(course: Path) -> None:
    write_course(course, {"items/a.yaml": ITEM.replace("choices:", "choises:")})
    result = run("check", course)
    where = f"{course.as_posix()}/items/a.yaml"
    assert result.output == (
        "error[E202] The key `choices` is missing.\n"
        f" --> {where}:2:5\n"
        "  |\n"
        "2 |   - id: one\n"
        "  |     ^^\n"
        "\n"
        "error[E201] The key `choises` is not known here.\n"
        f" --> {where}:5:5\n"
        "  |\n"
        '5 |     choises: [{text: "$x$", correct: true}, B]\n'
        "  |     ^^^^^^^\n"
        "  = help: Did you mean `choices`?\n"
        "\n"
        "Checked 0 items and 1 quiz: 2 errors.\n"
        "`coursec explain E202` says more.\n"
    )


def test_wrong_usage_is_exit_2(course: Path) -> None:
    assert run("build", course / "nowhere").exit_code == 2
    assert run("build", course / "items").exit_code == 2
    assert run("build", course, "--target", "word").exit_code == 2
    assert run("schema", "nothing").exit_code == 2


def test_a_missing_typesetter_is_exit_3(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    result = run("build", course)
    assert result.exit_code == 3
    assert "pip install typst" in result.output
    assert run("build", course, "--target", "gift").exit_code == 0


def test_schemas_are_printed_and_written(tmp_path: Path) -> None:
    assert "item/cloze" in run("schema").output.split()
    assert json.loads(run("schema", "bank").output)["title"].startswith("coursec: item bank")
    run("schema", "--out", tmp_path / "s")
    assert (tmp_path / "s/item/essay.schema.json").is_file()


def test_two_builds_are_the_same_bytes(tmp_path: Path) -> None:
    """In different folders, with different hash seeds and time zones."""
    sink = Path(__file__).parents[1] / "golden/course"
    found = []
    for seed, zone in (("1", "UTC"), ("2", "Asia/Karachi")):
        folder = tmp_path / f"place-{seed}" / ("deeper" * int(seed))
        shutil.copytree(sink, folder / "content")
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone}
        subprocess.run(
            [sys.executable, "-m", "coursec", "build", "--format", "concise"],
            cwd=folder,
            env=environment,
            check=True,
            capture_output=True,
        )
        found.append(written(folder / "build"))
    assert found[0] == found[1]
    assert len(found[0]) == 9


ALLOWED = {
    "click",
    "coursec",
    "yaml",
    "_yaml",
    "jsonschema_rs",
    "math_core",
    "markdown_it",
    "mdurl",
}


def test_check_imports_little_and_help_less(course: Path) -> None:
    """Start-up is what a pre-commit hook costs; heavy packages stay out of it."""
    script = (
        "import sys; before = set(sys.modules)\n"
        "from coursec.cli import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit: pass\n"
        "new = {name.partition('.')[0] for name in set(sys.modules) - before}\n"
        "print(*sorted(new - set(sys.stdlib_module_names)), file=sys.stderr)"
    )

    def imported(*arguments: str) -> set[str]:
        done = subprocess.run(
            [sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=True
        )
        names = done.stderr.split("\n")[-2].split()
        return {name for name in names if "cython" not in name}

    assert imported("--help") == {"click", "coursec"}
    write_course(course, {"items/a.yaml": ITEM.replace("type:", "typ:")})
    assert imported("check", str(course)) <= ALLOWED


def test_no_progress_in_a_pipe(course: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "coursec", "build", str(course)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    assert "\x1b" not in done.stdout


def test_a_link_in_the_output_folder_leads_nowhere(course: Path) -> None:
    """Nothing outside of --out is written or removed through a symlinked folder."""
    out = course.parent / "build"
    run("build", course)
    other = course.parent / "other"
    shutil.move(out / "pdf", other)
    (out / "pdf").symlink_to(other)
    before = written(other)
    (course / "quizzes/q.yaml").unlink()
    run("build", course)
    assert written(other) == before
    write_course(course, {"quizzes/q.yaml": QUIZ, "items/a.yaml": ITEM.replace("Which", "What")})
    result = run("build", course, "--format", "concise")
    assert result.exit_code == 1
    assert "E604" in result.output
    assert written(other) == before
