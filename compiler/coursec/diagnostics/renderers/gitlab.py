"""GitLab's code quality report: a list of findings that a merge request shows."""

from __future__ import annotations

import json

from coursec.diagnostics.codes import Severity
from coursec.diagnostics.renderers import Run, sentence
from coursec.diagnostics.renderers.fingerprint import fingerprinted

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.NOTE: "info"}


def render(run: Run) -> str:
    """Return the report; GitLab counts findings of one fingerprint once."""
    rows = [
        {
            "description": f"{d.code}: {sentence(d)}",
            "check_name": d.name,
            "fingerprint": fingerprint,
            "severity": _SEVERITIES[d.severity],
            "location": {"path": run.path(d.span.path), "lines": {"begin": d.span.line}},
        }
        for d, fingerprint in fingerprinted(run)
    ]
    return json.dumps(rows, indent=2, ensure_ascii=False) + "\n"
