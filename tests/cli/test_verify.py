"""`coursec verify` and `build --verify`: a file that says something else is found."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from coursec.cli import main
from coursec.targets.package import pack
from courses import PNG, write_course

BANK = """\
items:
  - id: mean
    type: numeric
    stem: What is the mean of $2$ and $4$?
    answer: 3
    tolerance: 0.25
    points: 2
  - id: dot
    type: single_choice
    stem: "Which colour? ![A grey dot](../media/dot.png)"
    choices: [{text: grey, correct: true, feedback: Right.}, red, blue]
  - id: word
    type: short_answer
    stem: Name the first letter of the Greek alphabet.
    answers: [alpha]
"""
QUIZ = "quiz: q\ntitle: Q\nsections:\n  - items: [mean, dot, word]\n"


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


@pytest.fixture
def course(tmp_path: Path) -> Path:
    files = {"items/bank.yaml": BANK, "quizzes/q.yaml": QUIZ, "media/dot.png": PNG}
    return write_course(tmp_path / "content", files)


def test_what_was_built_is_proven(course: Path) -> None:
    assert run("build", course).exit_code == 0
    result = run("verify", course)
    assert result.exit_code == 0
    assert result.output.count("read back") == 4
    assert result.output.count("by digest") == 2
    assert "Verified 6 files: 1 warning." in result.output  # GIFT knows no points


def test_build_proves_before_it_writes(course: Path) -> None:
    result = run("build", course, "--verify")
    assert result.exit_code == 0
    assert "Built and verified 6 files" in result.output


def in_zip(path: Path, old: str, new: str) -> None:
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    hits = sum(data.count(old.encode()) for data in files.values())
    assert hits, f"{old} is not in {path.name}"
    changed = {name: data.replace(old.encode(), new.encode()) for name, data in files.items()}
    path.write_bytes(pack("imsmanifest.xml", changed))


TAMPERED = [
    ("gift/q.gift.txt", ":0.25", ":0.5", "`mean`, answer 1"),
    ("gift/q.gift.txt", "=%100%[plain]alpha", "=%100%[plain]beta", "`word`, answer 1"),
    ("gift/q.gift.txt", "grey#[html]Right.", "grey", "`dot`, feedback of choice 1"),
    ("moodle/q.xml", "<tolerance>0.25<", "<tolerance>2.5<", "`mean`, answer 1"),
    ("moodle/q.xml", "<defaultgrade>2<", "<defaultgrade>3<", "`mean`, points"),
    ("moodle/q.xml", 'fraction="100" format="html"', 'fraction="50" format="html"', "`dot`"),
    ("moodle/q.xml", "(2\\)", "(5\\)", "`mean`, stem"),
    ("moodle/q.xml", "iVBORw0K", "iVBORw0L", "`dot`"),
    ("qti21/q.zip", ">3.25<", ">3.2<", "`mean`, answer 1"),
    ("qti21/q.zip", "<mn>4</mn>", "<mn>9</mn>", "`mean`, stem"),
    ("qti21/q.zip", 'mapKey="alpha"', 'mapKey="gamma"', "`word`"),
    ("canvas/q.zip", ">3.25<", ">3.5<", "`mean`, answer 1"),
    ("canvas/q.zip", ">1001</varequal>", ">1002</varequal>", "`dot`, key of choice 1"),
    ("canvas/q.zip", 'ident="word"', 'ident="other"', "`word`, item"),
    ("canvas/q.zip", "images/dot", "images/not", "`dot`"),
]


@pytest.mark.parametrize(("path", "old", "new", "named"), TAMPERED)
def test_a_file_that_says_something_else_is_an_error(
    course: Path, path: str, old: str, new: str, named: str
) -> None:
    assert run("build", course).exit_code == 0
    file = course.parent / "build" / path
    if file.suffix == ".zip":
        if old == "images/dot":  # the file is there under another name
            data = file.read_bytes()
            with zipfile.ZipFile(BytesIO(data)) as archive:
                names = archive.namelist()
                image = next(name for name in names if name.startswith(old))
                files = {n.replace(image, "images/x.png"): archive.read(n) for n in names}
            file.write_bytes(pack("imsmanifest.xml", files))
        else:
            in_zip(file, old, new)
    else:
        text = file.read_text("utf-8")
        assert old in text
        file.write_text(text.replace(old, new), "utf-8")
    result = run("verify", course)
    assert result.exit_code == 1
    assert "error[E611]" in result.output
    assert named in result.output
    assert re.search(r"content/(items/bank|quizzes/q)\.yaml:\d+", result.output)
    assert "Not verified" in result.output


@pytest.mark.parametrize("path", ["gift/q.gift.txt", "moodle/q.xml", "qti21/q.zip", "canvas/q.zip"])
@pytest.mark.parametrize("kept", [0, 0.3, 0.9])
def test_a_file_that_is_cut_off_is_an_error(course: Path, path: str, kept: float) -> None:
    assert run("build", course).exit_code == 0
    file = course.parent / "build" / path
    data = file.read_bytes()
    file.write_bytes(data[: int(len(data) * kept)])
    result = run("verify", course)
    assert result.exit_code == 1
    assert "error[E611]" in result.output


def test_a_file_that_is_not_there_is_an_error(course: Path) -> None:
    assert run("build", course).exit_code == 0
    (course.parent / "build/moodle/q.xml").unlink()
    result = run("verify", course)
    assert result.exit_code == 1
    assert "error[E612]" in result.output
    assert "build/moodle/q.xml cannot be read" in result.output


def test_a_paper_of_other_sources_is_an_error(course: Path) -> None:
    assert run("build", course).exit_code == 0
    bank = course / "items/bank.yaml"
    bank.write_text(bank.read_text().replace("the first letter", "the letter"))
    result = run("verify", course, "--target", "pdf")
    assert result.exit_code == 1
    assert "pdf/q.pdf was not made from these sources" in result.output


def test_a_course_with_mistakes_is_not_verified(course: Path) -> None:
    (course / "items/bank.yaml").write_text(BANK.replace("answer: 3", "answer: three"))
    result = run("verify", course)
    assert result.exit_code == 1
    assert "Nothing was verified" in result.output


def test_nothing_is_written_that_is_not_proven(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from coursec.targets import gift

    monkeypatch.setattr(gift, "decimal_text", lambda number: "7")
    result = run("build", course, "--verify", "--target", "gift")
    assert result.exit_code == 1
    assert "error[E611]" in result.output
    assert not (course.parent / "build").exists()
