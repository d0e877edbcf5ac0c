"""Tables of a PDF page: what rules enclose."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from coursec.drafting.ingest.page import Grid
from coursec.drafting.ingest.pdf_lines import Char, Line

_THIN = 2.5
"""Points up to which a drawn shape is a rule."""
_NEAR = 3.0
"""Points within which two rules are one."""
_SHORTEST = 12.0
_MOST_OBJECTS = 5_000
_MOST_CELLS = 2_000
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


Rule = tuple[float, float, float]
"""(place, from, to)."""


def regions_of(page: Any, height: float) -> list[Region]:
    """Return the parts of a page that may be tables."""
    import pypdfium2.raw as pdfium

    across: list[Rule] = []
    down: list[Rule] = []
    paths = page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH], max_depth=3)
    for number, path in enumerate(paths):
        if number > _MOST_OBJECTS:
            return []
        left, bottom, right, top = path.get_bounds()
        top, bottom = height - top, height - bottom
        wide, high = right - left, bottom - top
        if high <= _THIN and wide >= _SHORTEST:
            across.append(((top + bottom) / 2, left, right))
        elif wide <= _THIN and high >= _SHORTEST / 2:
            down.append(((left + right) / 2, top, bottom))
        elif wide >= _SHORTEST and high >= _SHORTEST / 2:
            across += [(top, left, right), (bottom, left, right)]
            down += [(left, top, bottom), (right, top, bottom)]
    ruled = _boxed(across, down)
    return ruled or _banded(across)


def _boxed(across: Sequence[Rule], down: Sequence[Rule]) -> list[Region]:
    """Return the region of rules in both directions."""
    inner = [rule for rule in down if any(a <= rule[0] + _NEAR and rule[0] <= b + _NEAR
                                          for _, a, b in across)]  # fmt: skip
    xs, ys = _places(inner), _places(across)
    if len(xs) < 3 or len(ys) < 3 or (len(xs) - 1) * (len(ys) - 1) > _MOST_CELLS:
        return []
    return [Region(xs[0], ys[0], xs[-1], ys[-1], xs, ys)]


def _banded(across: Sequence[Rule]) -> list[Region]:
    """Return the regions between rules of one width, as in booktabs."""
    groups: dict[tuple[int, int], list[float]] = {}
    for y, left, right in across:
        groups.setdefault((round(left / _NEAR), round(right / _NEAR)), []).append(y)
    regions = []
    for (left, right), places in groups.items():
        ys = _places([(y, 0.0, 0.0) for y in places])
        if len(ys) >= 3:
            regions.append(Region(left * _NEAR, ys[0], right * _NEAR, ys[-1], (), ys))
    return regions


def _places(rules: Sequence[Rule]) -> tuple[float, ...]:
    places: list[float] = []
    for place in sorted(rule[0] for rule in rules):
        if not places or place - places[-1] > _NEAR:
            places.append(place)
    return tuple(places)


def table_of(region: Region, lines: Sequence[Line]) -> Grid | None:
    """Return the table of a region; None where its text makes none."""
    chars = [char for line in lines if region.holds(line) for char in line.chars]
    if not any(char.text.strip() for char in chars):
        return None
    rows = _by_rules(region, chars) if len(region.xs) > 2 else _by_gaps(region, lines)
    rows = [row for row in rows if any(row)]
    filled = sum(bool(cell) for row in rows for cell in row)
    width = max((len(row) for row in rows), default=0)
    if len(rows) < 2 or width < 2 or filled * 3 < len(rows) * width:
        return None
    return Grid(tuple(tuple(row) for row in rows))


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
