"""`coursec import` of files that nobody means well: no traceback, and nothing half-written."""

from __future__ import annotations

import errno
import os
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from coursec.cli import main
from coursec.importing.names import free

LONG = (
    "<quiz>{}<question type='description'><name><text>Short</text></name>"
    "<questiontext><text>x</text></questiontext></question></quiz>"
)


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    return result


def question(text: str, name: str = "Long") -> str:
    return (
        f"<question type='description'><name><text>{name}</text></name>"
        f"<questiontext format='html'><text>{text}</text></questiontext></question>"
    )


def test_a_text_too_long_for_a_line_is_left_out_and_the_others_stay(tmp_path: Path) -> None:
    bank = tmp_path / "bank.xml"
    bank.write_text(LONG.format(question("word " * 30_000)))
    result = run("import", bank, "--into", tmp_path / "content")
    assert result.exit_code == 0
    assert "`Long` is left out: This line has" in result.output
    assert "bank.xml:1" in result.output
    assert "Imported 1 item and 1 quiz" in result.output


def test_a_file_of_such_texts_alone_writes_nothing(tmp_path: Path) -> None:
    bank = tmp_path / "bank.xml"
    bank.write_text(f"<quiz>{question('word ' * 30_000)}</quiz>")
    result = run("import", bank, "--into", tmp_path / "content")
    assert result.exit_code == 1
    assert "E705" in result.output
    assert not (tmp_path / "content").exists()


def test_thousands_of_one_name_take_no_time() -> None:
    taken: set[str] = {"a"}
    start = time.process_time()
    for _ in range(5_000):
        taken.add(free("a", taken))
    assert time.process_time() - start < 2
    assert taken == {"a", *(f"a-{n}" for n in range(2, 5_002))}


@pytest.mark.parametrize("name", ["con", "aux", "course", "..png", "x" * 200, "Ünï\n"])
def test_odd_names_of_files_stay_in_the_course(tmp_path: Path, name: str) -> None:
    bank = tmp_path / f"{name}.txt"
    bank.write_text("// [id:con]\nWhat?{=a}\n\n// [id:../../up]\nWhere?{=b}\n")
    assert run("import", bank, "--into", tmp_path / "content").exit_code == 0
    written = [p for p in tmp_path.rglob("*") if p.is_file() and p != bank]
    assert all(path.is_relative_to(tmp_path / "content") for path in written)
    assert {p.name for p in written} >= {"course.yaml"}
    assert run("check", tmp_path / "content").exit_code == 0


def test_a_failed_write_leaves_no_folder_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bank = tmp_path / "bank.txt"
    bank.write_text("What?{=a}\n")
    real = os.replace

    def full(*_arguments: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(tmp_path))

    monkeypatch.setattr(os, "replace", full)
    result = run("import", bank, "--into", tmp_path / "a/content")
    assert result.exit_code == 1
    assert "E604" in result.output
    assert list(tmp_path.iterdir()) == [bank]
    monkeypatch.setattr(os, "replace", real)
    assert run("import", bank, "--into", tmp_path / "a/content").exit_code == 0


def test_what_is_no_file_and_no_folder(tmp_path: Path) -> None:
    bank = tmp_path / "bank.txt"
    bank.write_text("What?{=a}\n")
    assert run("import", bank, "--into", tmp_path / ("x" * 300)).exit_code == 2
    assert run("import", bank, "--into", bank / "c").exit_code in (1, 2)
    assert list(tmp_path.iterdir()) == [bank]


def test_a_device_is_named_and_not_read(tmp_path: Path) -> None:
    result = run("import", "/dev/null", "--into", tmp_path / "content")
    assert result.exit_code == 1
    assert "E101" in result.output
    assert "it is a device" in result.output
    assert not (tmp_path / "content").exists()


def test_no_excerpt_of_what_is_no_source(tmp_path: Path) -> None:
    from coursec.cli.course import Report
    from coursec.diagnostics import Diagnostics

    (tmp_path / "large").write_bytes(b"a\n" * (17 * 1024 * 1024))
    (tmp_path / "small").write_bytes(b"a\r\nb")
    (tmp_path / "archive").write_bytes(b"PK\x03\x04\x14\0\0\0")
    report = Report(tmp_path, Diagnostics(), "full")
    assert report.lines("large") == []
    assert report.lines("small") == ["a", "b"]
    assert report.lines("archive") == []
    assert report.lines("/dev/zero") == []
