"""Findings for programs: nothing beside them on standard output, or in a file of their own."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from lxml import etree

from coursec.cli import main
from coursec.diagnostics.renderers import FOR_PEOPLE, RENDERERS
from courses import write_course

GUIDE = Path(__file__).parents[2] / "docs/guide.md"
FILES: dict[str, str | bytes] = {
    "course.yaml": "course: T-1\ntitle: Test\ntargets: [gift]\n",
    "items/a: b.yaml": """items:
  - id: one
    type: true_false
    stem: The sea is blue.
    answer: true
    points: 2
  - id: two
    type: true_false
    stem: "The sea is $x"
    answer: maybe
""",
    "quizzes/q.yaml": "quiz: q\ntitle: Quiz\nsections:\n  - items: [one]\n",
}
PROGRAMS = [form for form in RENDERERS if form not in FOR_PEOPLE]


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return write_course(tmp_path / "content", FILES)


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    return result


def places(form: str, text: str) -> list[str]:
    """Return the paths of a report."""
    match form:
        case "json":
            return [row["path"] for row in json.loads(text)["diagnostics"]]
        case "gitlab":
            return [row["location"]["path"] for row in json.loads(text)]
        case "sarif":
            results = json.loads(text)["runs"][0]["results"]
            found = [row["locations"][0]["physicalLocation"] for row in results]
            return [place["artifactLocation"]["uri"].replace("%3A%20", ": ") for place in found]
        case "junit":
            suites = etree.fromstring(text.encode())
            return [case.get("classname") for case in suites.iter("testcase") if len(case)]
        case _:
            files = re.findall("^::.*?file=(.*?),", text, re.MULTILINE)
            return [file.replace("%3A", ":") for file in files]


@pytest.mark.parametrize("form", PROGRAMS)
@pytest.mark.parametrize("command", ["check", "build", "verify"])
def test_a_report_stands_alone_on_standard_output(course: Path, command: str, form: str) -> None:
    result = run(command, "--format", form)
    assert result.exit_code == 1
    assert places(form, result.stdout) == ["content/items/a: b.yaml", "content/quizzes/q.yaml"]
    assert "1 error and 1 warning." in result.stderr
    assert "explain" not in result.stderr


@pytest.mark.parametrize("form", PROGRAMS)
def test_paths_are_those_of_the_current_folder_however_the_course_is_named(
    course: Path, form: str
) -> None:
    expected = run("check", "--format", form).stdout
    for name in (course, "./content/", "content/../content"):
        assert run("check", name, "--format", form).stdout == expected


@pytest.mark.parametrize("form", PROGRAMS)
def test_a_file_takes_the_report_and_the_terminal_shows_it_in_full(course: Path, form: str) -> None:
    full = run("check").stdout
    result = run("check", "--format", form, "--output", "out/findings")
    assert result.exit_code == 1
    written = Path("out/findings").read_text("utf-8")
    assert written == run("check", "--format", form).stdout
    assert result.stdout.replace("Wrote the findings to out/findings.\n", "") == full
    assert result.stderr == ""


def test_a_report_that_cannot_be_written_is_wrong_usage_after_the_findings(course: Path) -> None:
    Path("file").write_text("")
    result = run("check", "--format", "sarif", "--output", "file/findings.sarif")
    assert result.exit_code == 2
    assert "file/findings.sarif cannot be written: " in result.stderr
    assert "error[E203]" in result.stdout
    assert sorted(path.name for path in Path().iterdir()) == ["content", "file"]


def test_an_import_has_reports_as_well(course: Path) -> None:
    Path("old.txt").write_text("::One::Which?{=a ~b}\n\n::Two::Torn{\n")
    result = run("import", "old.txt", "--into", "new", "--format", "github")
    assert result.exit_code == 0
    assert result.stdout.startswith("::warning file=old.txt,line=3,")
    assert "Imported 1 item" in result.stderr


def test_the_end_of_a_run_says_once_where_to_read_more(course: Path) -> None:
    result = run("check")
    assert result.stdout.endswith(
        "Checked 1 item and 1 quiz: 1 error and 1 warning.\n`coursec explain E203` says more.\n"
    )
    assert result.stdout.count("coursec explain") == 1
    assert "explain" not in run("check", "--format", "concise").output
    write_course(course, {"items/a: b.yaml": "items:\n  - {id: one, type: text, stem: Read.}\n"})
    assert "explain" not in run("check").output


def test_notes_are_counted(course: Path) -> None:
    Path("old.txt").write_text("::One::Which?{=a ~b}\n")
    run("import", "old.txt", "--into", "new")
    output = run("import", "old.txt", "--into", "new").output
    assert "no errors, no warnings, 1 note." in output
    assert output.endswith("`coursec explain N710` says more.\n")


def test_the_problem_matcher_of_the_guide_reads_concise(course: Path) -> None:
    block = re.search(r'"problemMatcher": (\{.*?\n      \})', GUIDE.read_text("utf-8"), re.DOTALL)
    assert block
    pattern = json.loads(block[1])["pattern"]
    lines = run("check", "--format", "concise").output.splitlines()
    read = [match for line in lines if (match := re.search(pattern["regexp"], line))]
    fields = [{key: m[n] for key, n in pattern.items() if key != "regexp"} for m in read]
    assert [(f["file"], f["line"], f["column"], f["severity"], f["code"]) for f in fields] == [
        ("content/items/a: b.yaml", "10", "13", "error", "E203"),
        ("content/quizzes/q.yaml", "1", "7", "warning", "W601"),
    ]
    assert fields[0]["message"] == "`answer` must be true or false, not `maybe`."


@pytest.mark.skipif(not shutil.which("vim"), reason="needs vim")
def test_the_errorformat_of_the_guide_reads_concise(course: Path) -> None:
    setting = re.search(r"^set errorformat=.*$", GUIDE.read_text("utf-8"), re.MULTILINE)
    assert setting
    Path("said").write_text(run("check", "--format", "concise").output, "utf-8")
    Path("script.vim").write_text(
        f"{setting[0]}\ncgetfile said\n"
        "call writefile(map(getqflist(), "
        '\'bufname(v:val.bufnr) . "|" . v:val.lnum . "|" . v:val.col . "|" . v:val.type\'),'
        " 'read')\nqall!\n"
    )
    subprocess.run(["vim", "-es", "-N", "-u", "NONE", "-S", "script.vim"], check=True, timeout=30)
    read = Path("read").read_text("utf-8").splitlines()
    assert read[:2] == ["content/items/a: b.yaml|10|13|e", "content/quizzes/q.yaml|1|7|w"]
