"""Rubrics as tables: a row for each criterion, a column for each level."""

from __future__ import annotations

import re

from coursec.diagnostics import Diagnostics, Span
from coursec.source.assignment_body import Piece
from coursec.source.markdown import MarkdownReader
from coursec.source.nodes import Mapping, Node, Scalar, Sequence
from coursec.source.workspace import SourceFile
from coursec.text.plain import plain_text

_FIRST = ("criterion", "points")
_SCORED = re.compile(r"(\d+(?:\.\d+)?)(?:(?:\s*[:\u2013\u2014]\s*|\s+-\s+)(.*))?")


def rubric_node(file: SourceFile, piece: Piece, markdown: MarkdownReader) -> Sequence:
    """Return a table as the list of criteria that the schema knows; mistakes are reported."""
    header, rows = _rows(file, piece)
    labels = [_plain(cell, markdown) for cell in header]
    found = Sequence(_span(header, file, piece.first))
    if tuple(label.casefold() for label in labels[:2]) != _FIRST:
        markdown.sink.report(
            "E564",
            "The first two columns of a rubric are `Criterion` and `Points`.",
            found.span,
            hint="Write | Criterion | Points | and then one column for each level.",
        )
        return found
    for number, row in rows:
        _surplus(row, len(labels), number, file, markdown.sink)
        entries: dict[str, Node] = {}
        if row and (words := _plain(row[0], markdown)):
            entries["criterion"] = Scalar(words, row[0].span, '"')
        if len(row) > 1 and (words := _plain(row[1], markdown)):
            entries["points"] = Scalar(words, row[1].span)
        levels = [
            _level(label, words, cell.span)
            for label, cell in list(zip(labels, row, strict=False))[2:]
            if (words := _plain(cell, markdown))
        ]
        if levels:
            entries["levels"] = Sequence(levels[0].span, list(levels))
        keys = {key: Scalar(key, node.span) for key, node in entries.items()}
        found.entries.append(Mapping(_span(row, file, number), entries, keys))
    return found


def _level(label: str, words: str, span: Span) -> Mapping:
    """Return a cell as a level: `2: one cause named`, `2`, or `one cause named`."""
    scored = _SCORED.fullmatch(words)
    entries: dict[str, Node] = {"label": Scalar(label, span, '"')}
    if scored:
        entries["points"] = Scalar(scored[1], span)
    description = (scored[2] or "") if scored else words
    if description:
        entries["description"] = Scalar(description, span, '"')
    return Mapping(span, entries, {key: Scalar(key, span) for key in entries})


def _rows(file: SourceFile, piece: Piece) -> tuple[list[Scalar], list[tuple[int, list[Scalar]]]]:
    """Return the cells of the header, and of each row with its line."""
    header = _cells(file, piece.first)
    return header, [(n, _cells(file, n)) for n in range(piece.first + 2, piece.last + 1)]


def _cells(file: SourceFile, number: int) -> list[Scalar]:
    """Return the cells of a line, each with its place."""
    start = file.starts[number - 1]
    line = file.text[start:].partition("\n")[0]
    cells: list[Scalar] = []
    at = 0
    while at <= len(line):
        raw = _raw(line, at)
        words = raw.strip()
        begin = at + len(raw) - len(raw.lstrip())
        text = words.replace("\\|", "|")
        span = Span(file.path, number, begin + 1, number, max(begin + len(words), begin + 1) + 1)
        offsets = list(range(start + begin, start + begin + len(text) + 1))
        cells.append(Scalar(text, span, "|", offsets))
        at += len(raw) + 1
    if cells and not cells[0].value:
        cells = cells[1:]
    if cells and not cells[-1].value:
        cells = cells[:-1]
    return cells


def _raw(line: str, at: int) -> str:
    """Return a cell as written, from `at` up to the next bar that no backslash stands before."""
    end = at
    while end < len(line) and not (line[end] == "|" and line[end - 1 : end] != "\\"):
        end += 1
    return line[at:end]


def _surplus(
    row: list[Scalar], columns: int, number: int, file: SourceFile, sink: Diagnostics
) -> None:
    if len(row) > columns:
        sink.report(
            "E311",
            f"This row has {len(row)} cells, the header {columns}: the rest would be lost.",
            _span(row, file, number),
            hint="Write \\| for a bar inside a cell, and \\mid for one inside a formula.",
        )


def _span(cells: list[Scalar], file: SourceFile, number: int) -> Span:
    if not cells:
        return Span(file.path, number, 1, number, 2)
    first, last = cells[0].span, cells[-1].span
    return Span(file.path, number, first.column, number, last.end_column)


def _plain(cell: Scalar, markdown: MarkdownReader) -> str:
    return plain_text(markdown.read(cell)) if cell.value else ""
