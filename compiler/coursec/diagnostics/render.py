"""Renderers: one finding, several forms.

Pure functions from findings to text; `path` turns a course path into the one the user
would type, `lines` gives the lines of a source file.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterable
from itertools import groupby
from typing import Any

from coursec.diagnostics.codes import Severity
from coursec.diagnostics.diagnostic import Diagnostic

Path = Callable[[str], str]
Lines = Callable[[str], list[str]]
Paint = Callable[[str, str], str]
"""(text, style) to styled text; styles are the severities' values, `place` and `help`."""

_WIDEST = 100


def concise(found: Iterable[Diagnostic], path: Path) -> str:
    """One line each: `path:line:column: severity[code] message hint`."""
    rows = []
    for d in found:
        place = f"{path(d.span.path)}:{d.span.line}:{d.span.column}"
        hint = f" {d.hint}" if d.hint else ""
        rows.append(f"{place}: {d.severity.value}[{d.code}] {d.message}{hint}\n")
    return "".join(rows)


def full(found: Iterable[Diagnostic], path: Path, lines: Lines, paint: Paint) -> str:
    """The source line with a caret, the message above it and the way out below.

    Findings about the same place share its line: a quiz that a target cannot carry whole
    is one block, not twenty.
    """
    groups = groupby(found, key=lambda d: d.span)
    return "\n".join(_group(list(group), path, lines, paint) for _, group in groups)


def _group(group: list[Diagnostic], path: Path, lines: Lines, paint: Paint) -> str:
    first = group[0]
    span = first.span
    out = ""
    for d in group:
        level = d.severity.value
        hint = f" {d.hint}" if d.hint and len(group) > 1 else ""
        out += paint(f"{level}[{d.code}]", level) + f" {d.message}{hint}\n"
    number = str(span.line)
    margin = " " * len(number)
    out += paint(f"{margin}--> ", "place") + f"{path(span.path)}:{span.line}:{span.column}\n"
    source = lines(span.path)
    if span.line <= len(source) and source[span.line - 1].strip():
        text, caret = _excerpt(source[span.line - 1], first)
        bar = paint("|", "place")
        out += f"{margin} {bar}\n"
        out += f"{paint(number, 'place')} {bar} {text}\n"
        out += f"{margin} {bar} {paint(caret, first.severity.value)}\n"
    if first.hint and len(group) == 1:
        out += f"{margin} {paint('= help:', 'help')} {first.hint}\n"
    return out


def _excerpt(line: str, d: Diagnostic) -> tuple[str, str]:
    """Return the part of a line around a finding, and carets below it."""
    span = d.span
    start = min(span.column - 1, len(line))
    end = span.end_column - 1 if span.end_line == span.line else len(line)
    end = max(min(end, len(line)), start + 1)
    cut = 0
    if len(line) > _WIDEST:
        cut = max(0, min(start - 20, len(line) - _WIDEST))
        line = line[cut : cut + _WIDEST]
    shown = "".join(" " if c == "\t" or not c.isprintable() else c for c in line)
    start, end = start - cut, min(end - cut, len(shown) + 1)
    before, under = shown[:start], shown[start:end] or " "
    prefix, suffix = ("…" if cut else ""), ("…" if cut + len(shown) < cut + len(line) else "")
    pad = " " * (_width(before) + len(prefix))
    return prefix + shown + suffix, pad + "^" * max(_width(under), 1)


def _width(text: str) -> int:
    """Columns that a text takes on a terminal."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def record(d: Diagnostic, path: Path) -> dict[str, Any]:
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


def json_text(found: Iterable[Diagnostic], path: Path) -> str:
    """A JSON object with all findings and their counts."""
    rows = list(found)
    counts = {s: sum(d.severity is s for d in rows) for s in Severity}
    return (
        json.dumps(
            {
                "diagnostics": [record(d, path) for d in rows],
                "errors": counts[Severity.ERROR],
                "warnings": counts[Severity.WARNING],
            },
            indent=2,
            ensure_ascii=False,
        )
        + "\n"
    )
