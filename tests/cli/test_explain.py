"""`coursec explain`: what a finding means, told to a person."""

from __future__ import annotations

import os
import pty
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from coursec.cli import main
from coursec.diagnostics import CODES
from coursec.diagnostics.codes import STAGES, stage, staged
from coursec.diagnostics.page import read_page
from coursec.diagnostics.reference import reference

PAGE = Path(__file__).parents[2] / "docs/findings.md"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["explain", *arguments])


@pytest.mark.parametrize("code", CODES)
def test_every_code_is_explained(code: str) -> None:
    result = run(code)
    assert result.exit_code == 0
    assert result.output.startswith(f"# {code} {CODES[code].name}\n")
    assert CODES[code].summary in result.output
    assert read_page(code).lead in result.output
    assert "\n## Repair\n" in result.output
    assert result.output.endswith("\n")


def test_names_and_small_letters_will_do() -> None:
    expected = run("E401").output
    assert run("e401").output == run("no-right-answer").output == expected
    assert run("No-Right-Answer").output == expected


def test_several_are_explained_one_after_the_other_and_once() -> None:
    output = run("E401", "E306", "no-right-answer").output
    assert output == f"{run('E401').output}\n{run('E306').output}"


def test_all_are_listed_by_stage() -> None:
    result = run()
    assert result.exit_code == 0
    rows = result.output.splitlines()
    for code, row in CODES.items():
        (line,) = [line for line in rows if line.startswith(f"  {code} ")]
        assert line.split() == [code, row.severity.value, row.name, *row.summary.split()]
    assert [line for line in rows if line in STAGES.values()] == list(staged())
    assert rows[-1] == "`coursec explain CODE` says more of each."


def test_each_code_belongs_to_the_stage_of_its_first_digits() -> None:
    assert sorted(code for codes in staged().values() for code in codes) == sorted(CODES)
    assert stage("E101") == "Files and YAML"
    assert stage("W321") == "Accessibility" != stage("E311")


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("W401", "Did you mean `E401`? "),
        ("no-rigth-answer", "Did you mean `no-right-answer`? "),
        ("E000", ""),
        ("\x1b[31m", ""),
    ],
)
def test_an_unknown_finding_is_wrong_usage(word: str, hint: str) -> None:
    result = run(word)
    assert result.exit_code == 2
    assert f"{hint}`coursec explain` lists all." in result.output
    assert "\x1b" not in result.output


def test_on_a_terminal_a_page_is_set(capfd: pytest.CaptureFixture[str]) -> None:
    status = pty.spawn([sys.executable, "-m", "coursec", "explain", "W601"])
    assert os.waitstatus_to_exitcode(status) == 0
    shown = capfd.readouterr().out
    assert "warning[W601]" in shown
    assert "```" not in shown
    assert "items/cells.yaml" in shown


def test_the_reference_is_made_from_the_pages(request: pytest.FixtureRequest) -> None:
    if request.config.getoption("force_regen"):
        PAGE.write_text(reference(), "utf-8")
    assert PAGE.read_text("utf-8") == reference()


def test_the_links_of_the_reference_lead_to_its_headings() -> None:
    text = reference()
    for code, row in CODES.items():
        assert f"[{code}](#{code.lower()}-{row.name})" in text
        assert f"\n### {code} {row.name}\n" in text
