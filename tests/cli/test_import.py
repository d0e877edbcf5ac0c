"""`coursec import`: a bank of another tool becomes a course that builds."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from coursec.cli import main
from coursec.importing.names import free, kebab
from coursec.model.items import Item
from coursec.proof.compare import compare_items
from coursec.targets import emitter
from courses import PNG, read, write_course

GOLDEN = Path(__file__).parents[1] / "golden/course"
READABLE = {"gift": ".gift.txt", "moodle": ".xml", "qti21": ".zip", "canvas": ".zip"}
GIFT = """\
$CATEGORY: Physics/Motion

// [id:Q 1] [tag:easy]
::Speed::What is speed?{=distance per time ~mass ~=}

::Gravity::[html]<p>How large is <b>g</b>?</p>{#9.81:0.01}

::Broken::No answers follow{
"""


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    return result


def course_of(folder: Path) -> dict[str, Item]:
    bank, quizzes, sink = read(folder)
    assert [d.message for d in sink if d.code[0] == "E"] == []
    assert quizzes
    return bank.items


def test_a_bank_becomes_a_course_that_builds(tmp_path: Path) -> None:
    bank = tmp_path / "Über uns.txt"
    bank.write_text(GIFT, "utf-8")
    result = run("import", bank, "--into", tmp_path / "content")
    assert result.exit_code == 0
    assert (
        "warning[W706] The question `Broken` is left out: its braces do not match." in result.output
    )
    assert "Über uns.txt:8:1" in result.output
    assert "Imported 2 items and 1 quiz: 1 warning." in result.output
    items = course_of(tmp_path / "content")
    assert list(items) == ["q-1", "gravity"]
    assert items["q-1"].tags == ("easy",)
    assert (tmp_path / "content/quizzes/uber-uns.yaml").exists()
    assert run("build", tmp_path / "content", "--target", "moodle", "--verify").exit_code == 0


@pytest.mark.parametrize("target", READABLE)
def test_import_build_import_gives_the_same_items(tmp_path: Path, target: str) -> None:
    (artifact,) = emitter(target)(read(GOLDEN)[1][0])
    first = tmp_path / f"sink{READABLE[target]}"
    first.write_bytes(artifact.data)  # type: ignore[union-attr]
    assert run("import", first, "--into", tmp_path / "one/content").exit_code == 0
    once = course_of(tmp_path / "one/content")
    assert run("build", tmp_path / "one/content", "--target", target).exit_code == 0
    again = next((tmp_path / "one/build" / target).iterdir())
    assert run("import", again, "--into", tmp_path / "two/content").exit_code == 0
    twice = course_of(tmp_path / "two/content")
    assert len(once) > 20
    assert set(once) <= set(twice)
    for name, item in once.items():
        assert list(compare_items(item, twice[name], "en")) == [], name


def test_what_is_there_already_stays_and_is_said(tmp_path: Path) -> None:
    bank = tmp_path / "bank.txt"
    bank.write_text("// [id:a]\n::A::True?{T}\n\n// [id:b]\n::B::True?{T}\n", "utf-8")
    assert run("import", bank, "--into", tmp_path / "c").exit_code == 0
    before = (tmp_path / "c/items/bank.yaml").read_bytes()
    bank.write_text("// [id:a]\n::A::True?{T}\n\n// [id:b]\n::B::False?{F}\n", "utf-8")
    result = run("import", bank, "--into", tmp_path / "c")
    assert result.exit_code == 0
    assert "note[N710] The item `a` is in the course already." in result.output
    assert "The id `b` is taken by another item: this one becomes `b-2`." in result.output
    assert (tmp_path / "c/items/bank.yaml").read_bytes() == before
    items = course_of(tmp_path / "c")
    assert list(items) == ["b-2", "a", "b"] or set(items) == {"a", "b", "b-2"}
    assert "bank-2" in read(tmp_path / "c")[0].quizzes


def test_the_courses_defaults_do_not_change_what_is_imported(tmp_path: Path) -> None:
    defaults = "course: T\ntitle: T\ndefaults: {points: 5, tags: [old], case_sensitive: true}\n"
    write_course(tmp_path / "c", {"course.yaml": defaults})
    bank = tmp_path / "bank.txt"
    bank.write_text("// [id:a]\n::A::Say.{=x}\n", "utf-8")
    assert run("import", bank, "--into", tmp_path / "c").exit_code == 0
    item = course_of(tmp_path / "c")["a"]
    assert (item.points, item.tags, item.case_sensitive) == (1, (), False)  # type: ignore[union-attr]


def test_images_come_along(tmp_path: Path) -> None:
    (artifact,) = emitter("canvas")(read(GOLDEN)[1][0])
    bank = tmp_path / "sink.zip"
    bank.write_bytes(artifact.data)  # type: ignore[union-attr]
    result = run("import", bank, "--into", tmp_path / "c")
    assert "media/ (1 file)" in result.output
    (image,) = (tmp_path / "c/media/sink").iterdir()
    assert image.read_bytes() == PNG


def test_nothing_is_written_unless_every_file_can_be_read(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.txt", tmp_path / "bad.xml"
    good.write_text("::A::True?{T}\n", "utf-8")
    bad.write_text("<quiz><question type='truefalse'>", "utf-8")
    result = run("import", good, bad, "--into", tmp_path / "c")
    assert result.exit_code == 1
    assert "error[E701]" in result.output
    assert "Nothing was written: 1 error." in result.output
    assert not (tmp_path / "c").exists()


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.txt", b"just words", "E702"),
        ("a.docx", b"PK\x03\x04", "E701"),
        ("a.xml", b"<html/>", "E702"),
        ("a.xml", b"<quiz/>", "E705"),
        ("a.txt", "::A::B{T}".encode("utf-16"), "E70"),
        ("a.txt", b"::A::caf\xe9{T}", "E701"),
        ("a.xml", b'<!DOCTYPE quiz [<!ENTITY x "y">]><quiz>&x;</quiz>', "E704"),
    ],
)
def test_a_file_that_is_no_bank_is_named(tmp_path: Path, name: str, data: bytes, code: str) -> None:
    file = tmp_path / name
    file.write_bytes(data)
    result = run("import", file, "--into", tmp_path / "c")
    assert result.exit_code == 1
    assert f"error[{code}" in result.output
    assert name in result.output
    assert not (tmp_path / "c").exists()


def test_an_archive_that_leads_out_writes_nothing(tmp_path: Path) -> None:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("imsmanifest.xml", "<manifest/>")
        archive.writestr("../../evil.yaml", "x")
    (tmp_path / "in/deep").mkdir(parents=True)
    file = tmp_path / "in/deep/a.zip"
    file.write_bytes(buffer.getvalue())
    result = run("import", file, "--into", tmp_path / "in/deep/c")
    assert result.exit_code == 1
    assert "error[E703]" in result.output
    assert [p.name for p in tmp_path.rglob("*") if p.is_file()] == ["a.zip"]


def test_a_folder_of_other_things_is_not_made_a_course(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("x")
    bank = tmp_path / "bank.txt"
    bank.write_text("::A::True?{T}\n", "utf-8")
    result = run("import", bank, "--into", tmp_path)
    assert result.exit_code == 2
    assert "holds no course.yaml and is not empty" in result.output


def test_names_become_ids() -> None:
    assert kebab("Größe & Maß (1)") == "grosse-mass-1"
    assert kebab("漢字") == ""
    assert free("a", {"a", "a-2"}) == "a-3"
