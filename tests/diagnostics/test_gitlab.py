"""The code quality report has the members that GitLab documents, and no others."""

from __future__ import annotations

import json
import re

from hypothesis import given

from coursec.diagnostics.renderers import Run, render
from findings import finding, runs


@given(run=runs())
def test_the_report_is_as_documented(run: Run) -> None:
    rows = json.loads(render("gitlab", run))
    assert len(rows) == len(tuple(run.found))
    assert len({row["fingerprint"] for row in rows}) == len(rows)
    for row, d in zip(rows, run.found, strict=True):
        assert set(row) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert row["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert row["location"] == {"path": d.span.path, "lines": {"begin": d.span.line}}
        assert row["check_name"] == d.name
        assert re.fullmatch("[0-9a-f]{32}", row["fingerprint"])


def test_a_run_without_findings_is_an_empty_list() -> None:
    assert json.loads(render("gitlab", Run(()))) == []


def test_severities_differ() -> None:
    rows = json.loads(render("gitlab", Run((finding("E401"), finding("W601"), finding("N710")))))
    assert [row["severity"] for row in rows] == ["major", "minor", "info"]
