"""Workflow commands: GitHub Actions shows them as annotations on the lines of a change."""

from __future__ import annotations

from coursec.diagnostics.codes import Severity
from coursec.diagnostics.diagnostic import Diagnostic
from coursec.diagnostics.renderers import Run, sentence

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


def render(run: Run) -> str:
    """Return a command a line: `::error file=…,line=…,endLine=…,col=…,endColumn=…,title=…::…`."""
    return "".join(_command(d, run.path(d.span.path)) for d in run.found)


def _command(d: Diagnostic, path: str) -> str:
    span = d.span
    fields = {"file": path, "line": span.line, "endLine": span.end_line}
    if span.line == span.end_line:  # columns of a range of lines are refused
        fields |= {"col": span.column, "endColumn": span.end_column}
    fields["title"] = f"{d.code} {d.name}"
    properties = ",".join(f"{key}={str(v).translate(_PROPERTY)}" for key, v in fields.items())
    return f"::{_COMMANDS[d.severity]} {properties}::{sentence(d).translate(_DATA)}\n"
