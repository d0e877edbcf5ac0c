"""A course with a fault of each kind: one run of `check` finds all, each at its line, and no more.

`expected.txt` has a line for each: `path:line code name`. `--force-regen` rewrites it; read the
diff against the course.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from coursec.cli.compile import compile_course
from coursec.diagnostics import CODES, Diagnostics

HERE = Path(__file__).parent

# Codes that no text of a course trips: they are about files beside it, or other commands.
ELSEWHERE = {
    "E101": "a file that cannot be read",
    "E108": "a file of many megabytes",
    "E565": "code that is run",
    "E566": "code that is run",
    "E567": "code that is run",
    "E568": "code that is run",
    "E569": "code that is run",
    "W602": "GIFT alone leaves items out, and it loses much else of this course",
}


def test_one_run_finds_each_fault_at_its_line(request: pytest.FixtureRequest) -> None:
    sink = Diagnostics()
    compile_course(HERE / "course", sink)
    found = "".join(f"{d.span.path}:{d.span.line} {d.code} {d.name}\n" for d in sink)
    if request.config.getoption("force_regen"):
        (HERE / "expected.txt").write_text(found, "utf-8")
    assert found == (HERE / "expected.txt").read_text("utf-8")


def test_every_kind_of_fault_stands_in_the_course_once() -> None:
    codes = [line.split()[1] for line in (HERE / "expected.txt").read_text("utf-8").splitlines()]
    assert len(codes) >= 60
    twice = [code for code, times in Counter(codes).items() if times > 1]
    assert twice == ["E103"], "a tab and a quotation mark are two kinds of bad YAML"
    checked = {code for code in CODES if code[1] in "123458" or code == "W601"}
    assert set(codes) == checked - set(ELSEWHERE)
