"""Tables of a PDF page: what rules enclose."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from coursec.drafting.ingest.page import Grid
from coursec.drafting.ingest.pdf_lines import Char, Line
from coursec.drafting.ingest.pdf_rules import Rule, rules_of

_NEAR = 3.0
"""Points within which two rules are one."""
_MOSTLY = 0.4
"""Share of a table that a rule runs along: a shorter one belongs to a drawing."""
_MOST_CELLS = 2_000
_MOST_CROSSINGS = 1_000_000
_COLUMN_GAP = 1.1
"""Width of the gap between columns, in sizes of the text."""


@dataclass(slots=True)
class Region:
    """A part of a page that rules enclose; distances from the page's top left."""

    left: float
    top: float
    right: float
    bottom: float
    xs: tuple[float, ...]
    """Places of vertical rules."""
    ys: tuple[float, ...]
    """Places of horizontal rules."""
    grid: Grid | None = None

    def holds(self, line: Line) -> bool:
        """Tell whether a line stands inside."""
        x, y = (line.left + line.right) / 2, (line.top + line.bottom) / 2
        return self.left - _NEAR < x < self.right + _NEAR and self.top - 1 < y < self.bottom + 1


def regions_of(page: Any, width: float, height: float) -> list[Region]:
    """Return the parts of a page that may be tables."""
    across, down = rules_of(page, width, height)
    return _boxed(across, down) or _banded(across)


def _boxed(across: Sequence[Rule], down: Sequence[Rule]) -> list[Region]:
    """Return the regions of rules in both directions: of those that touch one another."""
    if len(across) * len(down) > _MOST_CROSSINGS:
        return []
    regions = []
    for rows, columns in _touching(across, down):
        left, right = min(rule[1] for rule in rows), max(rule[2] for rule in rows)
        top, bottom = min(rule[1] for rule in columns), max(rule[2] for rule in columns)
        xs = _places(columns, _MOSTLY * (bottom - top))
        ys = _places(rows, _MOSTLY * (right - left))
        if len(xs) < 3 or len(ys) < 3 or (len(xs) - 1) * (len(ys) - 1) > _MOST_CELLS:
            continue
        regions.append(Region(xs[0], ys[0], xs[-1], ys[-1], xs, ys))
    return regions


def _touching(
    across: Sequence[Rule], down: Sequence[Rule]
) -> Iterator[tuple[list[Rule], list[Rule]]]:
    """Yield (rules across, rules down) that are joined with one another by touching."""
    left = set(range(len(down)))
    waiting = list(range(len(across)))
    while waiting:
        todo = [waiting.pop()]
        rows: list[Rule] = []
        columns: list[Rule] = []
        while todo:
            row = across[todo.pop()]
            rows.append(row)
            for number in sorted(n for n in left if _touch(row, down[n])):
                left.discard(number)
                columns.append(down[number])
                more = [n for n in waiting if _touch(across[n], down[number])]
                todo += more
                waiting = [n for n in waiting if n not in more]
        if columns:
            yield rows, columns


def _touch(row: Rule, column: Rule) -> bool:
    return (
        row[1] - _NEAR <= column[0] <= row[2] + _NEAR
        and column[1] - _NEAR <= row[0] <= column[2] + _NEAR
    )


def _banded(across: Sequence[Rule]) -> list[Region]:
    """Return the regions between rules of one width, as in booktabs."""
    groups: dict[tuple[int, int], list[float]] = {}
    for y, left, right in across:
        groups.setdefault((round(left / _NEAR), round(right / _NEAR)), []).append(y)
    regions = []
    for (left, right), places in groups.items():
        ys = _places([(y, 0.0, 1.0) for y in places])
        if len(ys) >= 3:
            regions.append(Region(left * _NEAR, ys[0], right * _NEAR, ys[-1], (), ys))
    return regions


def _places(rules: Sequence[Rule], least: float = 0.0) -> tuple[float, ...]:
    """Return the places of rules; those near one another are one, if together long enough."""
    groups: list[list[Rule]] = []
    for rule in sorted(rules):
        if not groups or rule[0] - groups[-1][0][0] > _NEAR:
            groups.append([])
        groups[-1].append(rule)
    return tuple(group[0][0] for group in groups if _length(group) >= least)


def _length(rules: Sequence[Rule]) -> float:
    """Return how much rules of one place cover."""
    length, end = 0.0, float("-inf")
    for _, start, stop in sorted(rules, key=lambda rule: rule[1]):
        length += max(0.0, stop - max(start, end))
        end = max(end, stop)
    return length


def table_of(region: Region, lines: Sequence[Line]) -> Grid | None:
    """Return the table of a region; None where its text makes none."""
    chars = [char for line in lines if region.holds(line) for char in line.chars]
    if not any(char.text.strip() for char in chars):
        return None
    rows = [row for row in _by_gaps(region, lines) if any(row)]
    if len(region.xs) > 2:
        ruled = [row for row in _by_rules(region, chars) if any(row)]
        rows = rows if _is_finer(rows, ruled) else ruled
    filled = sum(bool(cell) for row in rows for cell in row)
    width = max((len(row) for row in rows), default=0)
    if len(rows) < 2 or width < 2 or filled * 3 < len(rows) * width:
        return None
    if sum(sum(map(bool, row)) > 1 for row in rows) < max(2, len(rows) / 2):
        return None  # a frame around other things, or a line with a number at its end
    if len(region.xs) > 2 and _cuts_words(region, lines):
        return None
    return Grid(tuple(tuple(row) for row in rows))


def _is_finer(gaps: Sequence[Sequence[str]], ruled: Sequence[Sequence[str]]) -> bool:
    """Tell whether gaps divide a table further than its rules do, which stand only here and there.

    Then nearly every row has its words in every column.
    """
    if not gaps or not ruled or len(gaps[0]) <= len(ruled[0]) or len(gaps) < len(ruled):
        return False
    full = sum(all(row) for row in gaps)
    return full * 4 >= len(gaps) * 3


def _cuts_words(region: Region, lines: Sequence[Line]) -> bool:
    """Tell whether rules run through words in more than a quarter of the lines: a drawing's do.

    A cell that reaches over several columns has its words cut too, in a line or two.
    """
    held = [line for line in lines if region.holds(line)]
    cut = sum(any(_is_cut(line, place) for place in region.xs[1:-1]) for line in held)
    return cut * 4 > len(held)


def _is_cut(line: Line, place: float) -> bool:
    return any(
        first.text.strip()
        and second.text.strip()
        and (first.left + first.right) / 2 < place < (second.left + second.right) / 2
        and second.left - first.right < 0.2 * line.size
        for first, second in itertools.pairwise(line.chars)
    )


def _by_rules(region: Region, chars: Sequence[Char]) -> list[list[str]]:
    cells: dict[tuple[int, int], list[Char]] = {}
    for char in chars:
        column = _slot((char.left + char.right) / 2, region.xs)
        row = _slot((char.top + char.bottom) / 2, region.ys)
        if column is not None and row is not None:
            cells.setdefault((row, column), []).append(char)
    return [
        [_text(cells.get((row, column), ())) for column in range(len(region.xs) - 1)]
        for row in range(len(region.ys) - 1)
    ]


def _slot(place: float, edges: Sequence[float]) -> int | None:
    for number, (low, high) in enumerate(itertools.pairwise(edges)):
        if low - 1 <= place <= high + 1:
            return number
    return None


def _text(chars: Sequence[Char]) -> str:
    """Return the words of a cell, line by line."""
    out = ""
    last: Char | None = None
    for char in chars:
        if last is not None and char.text.strip():
            below = char.top > last.top + 0.6 * last.size
            if below and not out.endswith((" ", "-")):
                out += " "
        out += char.text
        if char.text.strip():
            last = char
    return " ".join(out.split())


def _by_gaps(region: Region, lines: Sequence[Line]) -> list[list[str]]:
    """Return rows of cells that gaps divide: lines of one height are one row."""
    pieces = [piece for line in lines if region.holds(line) for piece in _pieces(line)]
    columns: list[tuple[float, float]] = []
    for left, right, _, _, _ in sorted(pieces):
        if columns and left < columns[-1][1] + 1:
            columns[-1] = columns[-1][0], max(columns[-1][1], right)
        else:
            columns.append((left, right))
    if len(columns) < 2:
        return []
    rows: list[tuple[float, list[str]]] = []
    for left, _, top, size, text in sorted(pieces, key=lambda p: (p[2], p[0])):
        column = next(n for n, (low, high) in enumerate(columns) if low - 1 <= left <= high + 1)
        if not rows or abs(rows[-1][0] - top) > 0.6 * size:
            rows.append((top, [""] * len(columns)))
        cells = rows[-1][1]
        cells[column] = f"{cells[column]} {text}".strip()
    return _continued([cells for _, cells in rows])


def _pieces(line: Line) -> list[tuple[float, float, float, float, str]]:
    """Return (left, right, top, size, text) of the parts of a line between wide gaps."""
    parts: list[list[Char]] = [[]]
    last: Char | None = None
    for char in line.chars:
        if (
            last is not None
            and char.text.strip()
            and char.left - last.right > _COLUMN_GAP * line.size
        ):
            parts.append([])
        parts[-1].append(char)
        if char.text.strip():
            last = char
    out = []
    for part in parts:
        shown = [char for char in part if char.text.strip()]
        if shown:
            left, right = min(c.left for c in shown), max(c.right for c in shown)
            text = " ".join("".join(c.text for c in part).split())
            out.append((left, right, min(c.top for c in shown), line.size, text))
    return out


def _continued(rows: list[list[str]]) -> list[list[str]]:
    """Join rows without a first cell to the row above: they are its further lines."""
    out: list[list[str]] = []
    for row in rows:
        if out and not row[0] and len(out) > 1:
            out[-1] = [f"{a} {b}".strip() for a, b in zip(out[-1], row, strict=True)]
        else:
            out.append(row)
    return out
