"""What holds for every form: it is made of any finding, and is the same each time."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given

from coursec.diagnostics import CODES, Span
from coursec.diagnostics.renderers import FOR_PEOPLE, RENDERERS, Run, render
from coursec.diagnostics.renderers.fingerprint import fingerprinted
from findings import finding, runs


@pytest.mark.parametrize("form", RENDERERS)
@given(run=runs())
def test_any_finding_is_rendered(form: str, run: Run) -> None:
    text = render(form, run)
    assert text == render(form, run)
    assert all(d.code in text for d in run.found)


@pytest.mark.parametrize("form", RENDERERS)
@pytest.mark.parametrize("code", CODES)
def test_every_code_is_rendered(form: str, code: str) -> None:
    assert code in render(form, Run((finding(code),)))


@pytest.mark.parametrize("form", FOR_PEOPLE)
@given(run=runs())
def test_nothing_in_a_message_moves_the_terminal(form: str, run: Run) -> None:
    assert all(c.isprintable() or c == "\n" for c in render(form, run))


@given(run=runs())
def test_concise_is_a_line_each(run: Run) -> None:
    rows = render("concise", run).splitlines()
    assert len(rows) == len(tuple(run.found))
    for row, d in zip(rows, run.found, strict=True):
        assert re.match(r".+:\d+:\d+: (error|warning|note)\[[EWN]\d{3}\] ", row)
        assert row.startswith(f"{d.span.path}:{d.span.line}:{d.span.column}: {d.severity.value}")


@given(run=runs())
def test_json_holds_everything(run: Run) -> None:
    report = json.loads(render("json", run))
    rows = report.pop("diagnostics")
    assert [(r["code"], r["message"], r["hint"], r["item"]) for r in rows] == [
        (d.code, d.message, d.hint, d.item) for d in run.found
    ]
    assert sum(report.values()) == len(rows)
    assert list(report) == ["errors", "warnings", "notes"]


@given(run=runs())
def test_no_two_findings_have_the_same_fingerprint(run: Run) -> None:
    found = [fingerprint for _, fingerprint in fingerprinted(run)]
    assert len(set(found)) == len(found)


def test_a_fingerprint_survives_moved_lines_and_moved_items() -> None:
    def of(*found: object) -> list[str]:
        return [fingerprint for _, fingerprint in fingerprinted(Run(found))]  # type: ignore[arg-type]

    said = "The id `one` is already used in items/a.yaml, line {}."
    here = finding("E404", said.format(4), item="one")
    moved = finding("E404", said.format(40), item="one", span=Span("items/b.yaml", 9, 1, 9, 2))
    assert of(here) == of(moved)
    assert of(here, here)[0] == of(here)[0] != of(here, here)[1]
    other = finding("E404", said.format(4), item="two")
    assert of(here) != of(other)
    assert of(finding("E103"))[0] != of(finding("E103", span=Span("items/b.yaml")))[0]


def test_full_shows_a_note_like_the_others() -> None:
    d = finding("N710", "The item `one` is in the course already.")
    lines = ["items:", "", "", "  - id: a b one", ""]
    text = render("full", Run((d,), lines=lambda path: lines))
    assert text == (
        "note[N710] The item `one` is in the course already.\n"
        " --> items/a.yaml:4:11\n  |\n4 |   - id: a b one\n  |           ^^^^\n"
    )
