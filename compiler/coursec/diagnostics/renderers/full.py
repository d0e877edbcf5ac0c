"""The source line with a caret, the message above it and the way out below."""

from __future__ import annotations

from itertools import groupby

from coursec.diagnostics.columns import clean, width
from coursec.diagnostics.diagnostic import Diagnostic
from coursec.diagnostics.renderers import Run, sentence
from coursec.diagnostics.span import Span

_WIDEST = 100


def render(run: Run) -> str:
    """Return a block for each place, as a person reads it.

    Findings about the same place share its line: a quiz that a target cannot carry whole
    is one block, not twenty.
    """
    groups = groupby(run.found, key=lambda d: d.span)
    return "\n".join(_group(list(group), run) for _, group in groups)


def _group(group: list[Diagnostic], run: Run) -> str:
    first = group[0]
    span = first.span
    paint = run.paint
    out = ""
    for d in group:
        level = d.severity.value
        said = sentence(d) if len(group) > 1 else clean(d.message)
        out += paint(f"{level}[{d.code}]", level) + f" {said}\n"
    number = str(span.line)
    margin = " " * len(number)
    place = f"{clean(run.path(span.path))}:{span.line}:{span.column}"
    out += paint(f"{margin}--> ", "place") + f"{place}\n"
    source = run.lines(span.path)
    whole = span == Span(span.path)  # of a file as such no line is shown
    if not whole and span.line <= len(source) and source[span.line - 1].strip():
        text, caret = _excerpt(source[span.line - 1], first)
        bar = paint("|", "place")
        out += f"{margin} {bar}\n"
        out += f"{paint(number, 'place')} {bar} {text}\n"
        out += f"{margin} {bar} {paint(caret, first.severity.value)}\n"
    if first.hint and len(group) == 1:
        out += f"{margin} {paint('= help:', 'help')} {clean(first.hint)}\n"
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
    shown = clean(line)
    start, end = start - cut, min(end - cut, len(shown) + 1)
    before, under = shown[:start], shown[start:end] or " "
    prefix, suffix = ("…" if cut else ""), ("…" if cut + len(shown) < cut + len(line) else "")
    pad = " " * (width(before) + len(prefix))
    return prefix + shown + suffix, pad + "^" * max(width(under), 1)
