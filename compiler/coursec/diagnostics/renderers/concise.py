"""One line each, in the form that editors' problem matchers know."""

from __future__ import annotations

from coursec.diagnostics.columns import clean
from coursec.diagnostics.renderers import Run, sentence


def render(run: Run) -> str:
    """Return a line for each finding: `path:line:column: severity[code] message hint`."""
    rows = []
    for d in run.found:
        place = f"{clean(run.path(d.span.path))}:{d.span.line}:{d.span.column}"
        rows.append(f"{place}: {d.severity.value}[{d.code}] {sentence(d)}\n")
    return "".join(rows)
