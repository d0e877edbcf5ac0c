"""Tables of MathML Core, whose layout is CSS on each cell, as MathML tables with attributes."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element

from coursec.text.math.units import css

_NO_SPACE, _PAIR_SPACE, _COLUMN_SPACE, _SMALL_SPACE = "0em", "2em", "1em", "0.3333em"


def tidy_table(table: Element) -> Element:
    r"""`mtable` with alignment, spacing and lines in attributes, its cells without any.

    A small table (`\substack`, `smallmatrix`) comes in an `mstyle` of script size.
    """
    style = css(table)
    rows = [[cell for cell in row if not _is_double_line(cell)] for row in table]
    looks = [[css(cell) for cell in row] for row in rows]
    sides = [side for side in ("left", "top") if f"border-{side}" in style]
    if len(rows) > 1 and not any(len(cell) for cell in rows[-1]):
        # What stands after the last line break is a row without cells, or the last line.
        sides += ["bottom"] if any("border-top" in look for look in looks[-1]) else []
        rows.pop(), looks.pop()
    width = max(len(row) for row in rows)
    if any(len(row) == width and "border-right" in row[-1] for row in looks):
        sides.append("right")
    tidy = Element("mtable")
    tidy.extend(_row(row) for row in rows)
    is_small = table.get("scriptlevel") == "1"
    aligns = _column_aligns(looks, width)
    tidy.set("columnalign", " ".join(aligns))
    if width > 1:
        tidy.set("columnspacing", " ".join(_spaces(table, looks, aligns, is_small)))
    _set_lines(tidy, looks, width)
    if sides:
        tidy.set("frame", " ".join(sides))
    if table.get("displaystyle") == "true":
        tidy.set("displaystyle", "true")
    if is_small:
        small = Element("mstyle", displaystyle="false", scriptlevel="1")
        small.append(tidy)
        return small
    return tidy


def _is_double_line(cell: Element) -> bool:
    """Whether this is the narrow cell that stands for the gap of a `||` between columns."""
    return not len(cell) and css(cell).get("padding-left") == "0.1em"


def _row(cells: Sequence[Element]) -> Element:
    """`mtr` with at least one cell, as MathML 2 asks."""
    row = Element("mtr")
    for cell in cells:
        cell.attrib.clear()
    row.extend(cells or (Element("mtd"),))
    return row


def _column_aligns(looks: Sequence[Sequence[dict[str, str]]], width: int) -> list[str]:
    """left, center or right for each column: all cells of a column are aligned alike."""
    aligns = ["center"] * width
    for row in looks:
        for column, look in enumerate(row):
            align = look.get("text-align")
            if align in ("left", "right"):
                aligns[column] = align
    return aligns


def _spaces(
    table: Element,
    looks: Sequence[Sequence[dict[str, str]]],
    aligns: Sequence[str],
    is_small: bool,
) -> list[str]:
    """The space between each two columns, as LaTeX sets it for the environment."""
    gaps = len(aligns) - 1
    pads = [look for row in looks for look in row if look.get("padding-right") == "0"]
    if is_small:
        return [_SMALL_SPACE] * gaps
    if pads and aligns[0] == "right":
        # aligned: the two sides of a relation touch, the next pair stands apart.
        return [_PAIR_SPACE if gap % 2 else _NO_SPACE for gap in range(gaps)]
    pairs = [("left", "right")[column % 2 == 0] for column in range(len(aligns))]
    has_lines = any("border-right" in look for row in looks for look in row)
    if table.get("displaystyle") == "true" and list(aligns) == pairs and not has_lines:
        # alignedat: nothing between the pairs but what the author puts there.
        return [_NO_SPACE] * gaps
    return [_COLUMN_SPACE] * gaps


def _set_lines(tidy: Element, looks: Sequence[Sequence[dict[str, str]]], width: int) -> None:
    """`columnlines` and `rowlines` for the lines between the cells, if there are any."""
    columns, rows = ["none"] * (width - 1), ["none"] * (len(looks) - 1)
    for number, row in enumerate(looks):
        for column, look in enumerate(row):
            if column < width - 1 and "border-right" in look:
                columns[column] = _line(look["border-right"])
            if number and "border-top" in look:
                rows[number - 1] = _line(look["border-top"])
    for name, lines in (("columnlines", columns), ("rowlines", rows)):
        if any(line != "none" for line in lines):
            tidy.set(name, " ".join(lines))


def _line(border: str) -> str:
    """`solid` or `dashed`, from a CSS border."""
    return "dashed" if "dashed" in border else "solid"
