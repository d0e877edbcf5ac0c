"""From an offset inside a scalar's text to its place in the file."""

from __future__ import annotations

from coursec.diagnostics import Span
from coursec.source.nodes import Scalar
from coursec.source.workspace import SourceFile

_HEX = {"x": 2, "u": 4, "U": 8}


def locate(file: SourceFile, scalar: Scalar, start: int, end: int | None = None) -> Span:
    """Return the span of the characters `start` to `end` of a scalar's value."""
    if scalar.offsets is None:
        scalar.offsets = _offsets(file, scalar)
    offsets = scalar.offsets
    last = len(offsets) - 1
    first = offsets[min(start, last)]
    if end is None or end <= start:
        return file.span(first)
    return file.span(first, offsets[min(end, last) - 1] + 1)


def _offsets(file: SourceFile, scalar: Scalar) -> list[int]:
    """Return for each character of the value, and its end, its offset in the file."""
    span = scalar.span
    begin = file.offset(span.line, span.column)
    end = file.offset(span.end_line, span.end_column)
    if scalar.style in ("|", ">"):
        # The block begins in the line after its indicator.
        begin = file.text.find("\n", begin, end) + 1 or end
    elif scalar.style:
        begin += 1
    raw = file.text
    offsets: list[int] = []
    at = begin
    for character in scalar.value:
        at = _seek(raw, at, end, character, scalar.style)
        offsets.append(min(at, max(end - 1, begin)))
        at += _width(raw, at, scalar.style)
    offsets.append(min(at, end))
    return offsets


def _seek(raw: str, at: int, end: int, character: str, style: str) -> int:
    """Return where `character` of the value stands at or after `at`."""
    if character in " \n":
        # Folding turns line ends into spaces and indentation into nothing.
        if at < end and raw[at] in " \n\t":
            return at
        return at
    while at < end and raw[at] != character:
        if style == '"' and raw[at] == "\\" and at + 1 < end and raw[at + 1] != "\n":
            return at
        if raw[at] not in " \n\t\\'":
            return at
        at += 1
    return at


def _width(raw: str, at: int, style: str) -> int:
    """Return how many characters of the file one character of the value takes there."""
    if at >= len(raw):
        return 0
    if style == '"' and raw[at] == "\\" and at + 1 < len(raw):
        return 2 + _HEX.get(raw[at + 1], 0)
    if style == "'" and raw.startswith("''", at):
        return 2
    if raw[at] == "\n":
        # A line end swallows the indentation of the next line.
        after = at + 1
        while after < len(raw) and raw[after] in " \t" and style not in ("|",):
            after += 1
        return after - at
    return 1
