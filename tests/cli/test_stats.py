"""`coursec stats` as a user calls it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner, Result

from coursec.cli import main
from courses import write_course

CONTENT = Path(__file__).parents[2] / "content"
BANK = "items:\n  - {id: one, type: true_false, stem: One?, answer: true}\n"


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(main, ["stats", *map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def test_the_table_is_plain_in_a_pipe() -> None:
    result = run(CONTENT)
    assert result.exit_code == 0
    assert "! PF4" in result.output
    assert "\x1b" not in result.output


def test_json_and_files(tmp_path: Path) -> None:
    out = tmp_path / "reports/blueprint.json"
    result = run(CONTENT, "--format", "json", "--out", out)
    assert result.exit_code == 0
    assert json.loads(out.read_text("utf-8"))["course"] == "AI-602"
    assert out.read_text("utf-8") == run(CONTENT, "--format", "json").stdout


def test_the_page_is_the_same_everywhere(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "coursec", "stats", str(CONTENT), "--format", "html"]
    made = {
        subprocess.run(
            command, capture_output=True, check=True, cwd=tmp_path,
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "PYTHONUTF8": "1"},
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo"))
    }  # fmt: skip
    assert len(made) == 1


def test_mistakes_are_said_and_fail_the_run(tmp_path: Path) -> None:
    folder = write_course(tmp_path / "c", {"items/a.yaml": BANK, "items/b.yaml": "items: ["})
    result = run(folder)
    assert result.exit_code == 1
    assert "1 approved question" in result.stdout
    assert "has 1 mistake; what has mistakes is not counted" in result.stderr


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    result = run(CONTENT, "--out", tmp_path / "file/page.html")
    assert result.exit_code == 1
    assert "page.html" in result.output


def test_a_terminal_of_few_signs(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "coursec", "stats", str(CONTENT)],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
    )
    assert done.returncode == 0
    assert b"####" in done.stdout
