"""One JSON object, with each finding as it is."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from coursec.diagnostics.codes import Severity
from coursec.diagnostics.diagnostic import Diagnostic
from coursec.diagnostics.renderers import Run


def record(d: Diagnostic, path: Callable[[str], str]) -> dict[str, Any]:
    """Return a finding as the JSON form has it."""
    return {
        "code": d.code,
        "name": d.name,
        "severity": d.severity.value,
        "message": d.message,
        "hint": d.hint,
        "path": path(d.span.path),
        "line": d.span.line,
        "column": d.span.column,
        "end_line": d.span.end_line,
        "end_column": d.span.end_column,
        "item": d.item,
    }


def render(run: Run) -> str:
    """Return an object with all findings and their counts by severity."""
    rows = list(run.found)
    counts = {f"{s.value}s": sum(d.severity is s for d in rows) for s in Severity}
    found = [record(d, run.path) for d in rows]
    return json.dumps({"diagnostics": found, **counts}, indent=2, ensure_ascii=False) + "\n"
