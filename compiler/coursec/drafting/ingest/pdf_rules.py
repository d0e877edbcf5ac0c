"""The straight rules that are drawn on a PDF page."""

from __future__ import annotations

import ctypes
import itertools
from collections.abc import Iterator
from typing import Any

THIN = 2.5
"""Points up to which a drawn shape is a rule."""
SHORTEST = 12.0
"""Points of the shortest rule that runs across."""
_MOST_OBJECTS = 5_000
_MOST_POINTS = 400
"""Points of the largest shape that is looked at: what has more is a drawing."""
_RECTANGLE = 6
"""Points up to which a straight shape is a line or a rectangle."""
_EDGE = 2.0
"""Points from a page's edge within which a shape runs off the page."""
_SLANT = 0.02
"""Share of a shape's size up to which its lines count as straight."""

Rule = tuple[float, float, float]
"""(place, from, to)."""
Point = tuple[float, float]


def rules_of(page: Any, width: float, height: float) -> tuple[list[Rule], list[Rule]]:
    """Return (rules across, rules down) of a page, in points from its top left.

    What a theme draws is none: shapes that run off the page, as bars, panels and backgrounds
    do, and shapes with curves or slanted lines.
    """
    import pypdfium2.raw as pdfium

    across: list[Rule] = []
    down: list[Rule] = []
    paths = page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH], max_depth=3)
    for number, path in enumerate(paths):
        if number > _MOST_OBJECTS:
            return [], []
        left, bottom, right, top = path.get_bounds()
        top, bottom = height - top, height - bottom
        if left < _EDGE or top < _EDGE or right > width - _EDGE or bottom > height - _EDGE:
            continue
        strokes = _straight(path)
        if strokes is None:
            continue
        if sum(map(len, strokes)) <= _RECTANGLE:
            boxes = [(left, top, right, bottom)]
        else:
            boxes = list(_placed(strokes, (left, top, right, bottom), path.get_matrix().d < 0))
        for box in boxes:
            _add(box, across, down)
    return across, down


def _add(box: tuple[float, float, float, float], across: list[Rule], down: list[Rule]) -> None:
    """Add a line, or the four sides of a rectangle, to the rules."""
    left, top, right, bottom = box
    wide, high = right - left, bottom - top
    if high <= THIN and wide >= SHORTEST:
        across.append(((top + bottom) / 2, left, right))
    elif wide <= THIN and high >= SHORTEST / 2:
        down.append(((left + right) / 2, top, bottom))
    elif wide >= SHORTEST and high >= SHORTEST / 2:
        across += [(top, left, right), (bottom, left, right)]
        down += [(left, top, bottom), (right, top, bottom)]


def _straight(path: Any) -> list[list[Point]] | None:
    """Return the strokes of a path, each as its points; None for a drawing."""
    import pypdfium2.raw as pdfium

    count = pdfium.FPDFPath_CountSegments(path)
    if not 0 < count <= _MOST_POINTS:
        return None
    strokes: list[list[Point]] = []
    x, y = ctypes.c_float(), ctypes.c_float()
    for index in range(count):
        segment = pdfium.FPDFPath_GetPathSegment(path, index)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_BEZIERTO or not pdfium.FPDFPathSegment_GetPoint(
            segment, ctypes.byref(x), ctypes.byref(y)
        ):
            return None
        if kind == pdfium.FPDF_SEGMENT_MOVETO or not strokes:
            strokes.append([])
        strokes[-1].append((x.value, y.value))
    slack = _SLANT * max(_spread(strokes, 0), _spread(strokes, 1))
    for stroke in strokes:
        for (x1, y1), (x2, y2) in itertools.pairwise(stroke):
            if abs(x1 - x2) > slack and abs(y1 - y2) > slack:
                return None
    return strokes


def _spread(strokes: list[list[Point]], axis: int) -> float:
    places = [point[axis] for stroke in strokes for point in stroke]
    return max(places) - min(places)


def _placed(
    strokes: list[list[Point]], box: tuple[float, float, float, float], flipped: bool
) -> Iterator[tuple[float, float, float, float]]:
    """Yield the lines of a shape of many, each as the box that it fills on the page."""
    left, top, right, bottom = box
    xs = [point[0] for stroke in strokes for point in stroke]
    ys = [point[1] for stroke in strokes for point in stroke]
    wide, high = max(xs) - min(xs) or 1.0, max(ys) - min(ys) or 1.0

    def place(point: Point) -> Point:
        along = (point[0] - min(xs)) / wide * (right - left)
        above = (point[1] - min(ys)) / high * (bottom - top)
        return left + along, (top + above if flipped else bottom - above)

    for stroke in strokes:
        for first, second in itertools.pairwise(stroke):
            (x1, y1), (x2, y2) = place(first), place(second)
            yield min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)
