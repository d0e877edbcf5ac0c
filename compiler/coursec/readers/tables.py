"""Tables as HTML has them to tables with one header row."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from coursec.model.text import Alignment, Inline, Strong, Table
from coursec.readers.element import Element
from coursec.readers.look import alignment

MAX_CELLS = 10_000
"""Cells of one table; what spans more is cut."""
_MAX_SPAN = 100

Cell = Callable[[Element], tuple[Inline, ...]]
"""What a cell says, as one line."""
Say = Callable[[str, str], None]


def rows_of(table: Element) -> tuple[list[Element], int]:
    """Return (the rows of a table but not of those inside it, how many are in its head)."""
    head: list[Element] = []
    body: list[Element] = []
    foot: list[Element] = []
    for child in table.elements:
        match child.name:
            case "tr":
                body.append(child)
            case "thead":
                head += [row for row in child.elements if row.name == "tr"]
            case "tbody":
                body += [row for row in child.elements if row.name == "tr"]
            case "tfoot":
                foot += [row for row in child.elements if row.name == "tr"]
            case _:
                pass
    return head + body + foot, len(head)


def cells_of(row: Element) -> list[Element]:
    """Return the cells of a row."""
    return [cell for cell in row.elements if cell.name in ("td", "th")]


def read_table(table: Element, cell: Cell, say: Say) -> Table | None:
    """Return a table; its first row is the header. None where there are no cells."""
    rows, heads = rows_of(table)
    grid = [row for row in _grid(rows, say) if row]
    if not grid:
        return None
    first = [node for node in grid[0] if node is not None]
    if not heads and not (first and all(node.name == "th" for node in first)):
        say("W708", "A table has no header row: its first row becomes it.")
    elif heads > 1:
        say("W708", "A table has several header rows: the first stays.")
    width = max(map(len, grid))
    texts: list[tuple[tuple[Inline, ...], ...]] = []
    for number, row in enumerate(grid):
        line = [_text(node, number > 0, cell) for node in row]
        texts.append((*line, *(((),) * (width - len(line)))))
    return Table(texts[0], tuple(texts[1:]), tuple(_alignments(grid, width)))


def _grid(rows: list[Element], say: Say) -> Iterator[list[Element | None]]:
    """Yield each row with a place for every column; None where another cell reaches into it."""
    above: dict[int, int] = {}
    total = 0
    for row in rows:
        line: list[Element | None] = []
        below = {column: left - 1 for column, left in above.items() if left > 1}
        for node in cells_of(row):
            while above.get(len(line)):
                line.append(None)
            width, height = _span(node, "colspan"), _span(node, "rowspan")
            if width > 1 or height > 1:
                say("W708", "Cells of a table that span others are imported with empty ones.")
            for column in range(width):
                if height > 1:
                    below[len(line)] = height - 1
                line.append(None if column else node)
        while above.get(len(line)):
            line.append(None)
        above = below
        total += len(line)
        if total > MAX_CELLS:
            say("W707", f"A table has more than {MAX_CELLS:,} cells: the rest is left out.")
            return
        yield line


def _span(node: Element, name: str) -> int:
    written = node.get(name).strip()
    return min(max(int(written), 1), _MAX_SPAN) if written.isdecimal() and len(written) < 6 else 1


def _text(node: Element | None, below_header: bool, cell: Cell) -> tuple[Inline, ...]:
    """Return what a cell says; a header at the beginning of a row is strong."""
    if node is None:
        return ()
    text = cell(node)
    if below_header and node.name == "th" and text:
        return text if len(text) == 1 and isinstance(text[0], Strong) else (Strong(text),)
    return text


def _alignments(grid: list[list[Element | None]], width: int) -> Iterator[Alignment]:
    """Yield the alignment of each column: that of its first cell that has one."""
    for column in range(width):
        cells = (row[column] for row in grid if column < len(row))
        yield next((found for node in cells if node and (found := alignment(node))), "")
