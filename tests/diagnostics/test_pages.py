"""Every code has a page, and its example and its repair are what the compiler says they are.

A fence whose info string ends in a path is a file of a course; `media/dot.png` and
`media/figure.png` are always there. A fence of one word (`console`, `gift`) only shows something.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from coursec.cli.compile import compile_course
from coursec.diagnostics import CODES, Diagnostics, Severity
from coursec.diagnostics.page import Page, read_page, split_page
from coursec.proof.running import Limits, prove_assignment
from courses import PNG, write_course

PAGES = Path(__file__).parents[2] / "compiler/coursec/diagnostics/pages"
_FENCE = re.compile(r"^(`{3,})([^\n]*)\n(.*?)^\1$", re.MULTILINE | re.DOTALL)

SHOWN = {
    "E101",  # a file that the system does not give
    "E102",  # bytes
    "E108",  # a large file
    "E603",  # `build`
    "E604",
    "E611",  # `verify`
    "E612",
    "E701",  # `import`
    "E702",
    "E703",
    "E704",
    "E705",
    "W706",
    "W707",
    "W708",
    "W709",
    "N710",
    "E975",  # `review`
    "E976",
    "E901",  # `ingest`
    "E902",
    "E903",
    "E904",
    "E905",
    "E906",
    "E907",
    "W911",
    "W912",
    "N913",
    "N914",
    "N915",
    "N916",
    "W917",
    "W918",
    "W919",
    "W930",  # `retrieve`
    "W931",
    "N932",
    "E933",
    "E934",
    "W935",
    "W936",
    "E937",
    "E940",  # `draft`
    "E941",
    "E942",
    "E943",
    "E944",
    "E945",
    "W950",
    "N951",
    "W952",
    "E953",
    "E955",
    "N956",
    "E957",
}
"""Codes that no text of a course trips and mends: their examples show what happens."""


def files(part: str) -> dict[str, str | bytes]:
    found = {}
    for _, info, content in _FENCE.findall(part):
        words = info.split()
        assert words, "a fence names its language"
        if len(words) > 1:
            found[words[-1]] = content
    return found


def findings(folder: Path, course: dict[str, str | bytes]) -> Diagnostics:
    sink = Diagnostics()
    images: dict[str, str | bytes] = {"media/dot.png": PNG, "media/figure.png": PNG}
    compiled = compile_course(write_course(folder, {**images, **course}), sink)
    if not sink.errors:
        for work in compiled.works.assignments:
            prove_assignment(work, Limits(seconds=3), sink)
    return sink


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    assert {path.stem for path in PAGES.iterdir()} == set(CODES)


@pytest.mark.parametrize("code", CODES)
def test_a_page_is_whole(code: str) -> None:
    page = read_page(code)
    assert "\n\n" not in page.lead.strip(), "the lead is one paragraph"
    assert "```" not in page.lead + page.why
    assert page.lead.strip() != CODES[code].summary
    assert min(len(part) for part in page) > 20
    assert _FENCE.search(page.example)
    assert _FENCE.search(page.repair)
    assert bool(files(page.example)) is (code not in SHOWN)
    assert code not in SHOWN or f"[{code}]" in page.example


@pytest.mark.parametrize("code", [code for code in CODES if code not in SHOWN])
def test_the_example_gives_the_code_and_the_repair_does_not(code: str, tmp_path: Path) -> None:
    page = read_page(code)
    said = [d.code for d in findings(tmp_path / "example", files(page.example))]
    assert code in said
    assert files(page.repair)
    sink = findings(tmp_path / "repair", {**files(page.example), **files(page.repair)})
    wrong = [d for d in sink if d.code == code or d.severity is Severity.ERROR]
    assert wrong == []


def test_headings_inside_a_fence_are_part_of_the_example() -> None:
    example = "````markdown lectures/l.md\n## One\n```\n## Two\n```\n````\n"
    text = f"Lead.\n\n## Why it matters\n\nWhy.\n\n## Example\n\n{example}\n## Repair\n\nNone.\n"
    assert split_page(text) == Page("Lead.\n", "Why.\n", example, "None.\n")


@pytest.mark.parametrize("text", ["", "Lead.\n\n## Example\n", "## Repair\n## Example\n"])
def test_a_page_without_its_sections_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="sections"):
        split_page(text)
