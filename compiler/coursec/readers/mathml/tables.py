"""Tables of a formula: matrices, cases, aligned lines, arrays with lines between the cells."""

from __future__ import annotations

from collections.abc import Sequence

from coursec.readers.element import Element
from coursec.readers.mathml import rows
from coursec.readers.mathml.signs import UnwritableError, length
from coursec.readers.mathml.style import Style

_MATRICES = {
    ("(", ")"): "pmatrix",
    ("[", "]"): "bmatrix",
    (r"\{", r"\}"): "Bmatrix",
    ("|", "|"): "vmatrix",
    (r"\|", r"\|"): "Vmatrix",
}
_SIDES = frozenset(("left", "right", "top", "bottom"))
_RULES = {"solid": r"\hline ", "dashed": r"\hdashline ", "none": "", "": ""}
_BARS = {"solid": "|", "dashed": ":", "none": "", "": ""}


def fenced(opening: str, table: Element, closing: str, style: Style) -> str | None:
    """Return a table between delimiters where LaTeX has a name for it; else None."""
    if _lines(table):
        return None
    aligns = set(_aligns(table))
    displayed = table.get("displaystyle") == "true"
    name = _MATRICES.get((opening, closing)) if aligns == {"center"} and not displayed else None
    if aligns == {"left"} and (opening, closing) == (r"\{", "."):
        name = "dcases" if displayed else "cases"
    if aligns == {"left"} and (opening, closing) == (".", r"\}") and not displayed:
        name = "rcases"
    return None if name is None else _environment(name, table, style)


def plain(table: Element, style: Style, sides: frozenset[str] = frozenset()) -> str:
    """Return a table; `sides` are those of its outer lines that are drawn."""
    if table.get("frame") in ("solid", "dashed"):
        sides = _SIDES
    if not sides and not _lines(table):
        aligns = _aligns(table)
        displayed = table.get("displaystyle") == "true"
        pairs = [("right", "left")[column % 2] for column in range(len(aligns))]
        if displayed and aligns == pairs:
            gaps = {length(gap) for gap in table.get("columnspacing").split()[1:]}
            if len(aligns) > 2 and gaps == {0.0}:
                count = (len(aligns) + 1) // 2
                return _environment("alignedat", table, style, f"{{{count}}}")
            return _environment("aligned", table, style)
        if displayed and aligns == ["center"]:
            return _environment("gathered", table, style)
        if set(aligns) == {"center"} and not displayed:
            return _environment("matrix", table, style)
    return _array(table, style, sides)


def small(table: Element) -> str | None:
    """Return a table of the size of scripts; None where it is no plain one."""
    aligns = _aligns(table)
    if set(aligns) != {"center"} or _lines(table):
        return None
    if len(aligns) == 1:
        return rf"\substack{{{_body(table, Style.SCRIPT)}}}"
    return _environment("smallmatrix", table, Style.SCRIPT)


def sides(node: Element) -> tuple[Element, frozenset[str]] | None:
    """Return (the table, the sides drawn) of enclosures around nothing but a table; else None."""
    found: set[str] = set()
    while node.name == "menclose" and len(node.elements) == 1:
        notations = node.get("notation").split()
        if not notations or not _SIDES.issuperset(notations):
            return None
        found.update(notations)
        node = node.elements[0]
    return (node, frozenset(found)) if node.name == "mtable" and found else None


def _environment(name: str, table: Element, style: Style, argument: str = "") -> str:
    return rf"\begin{{{name}}}{argument} {_body(table, style)} \end{{{name}}}"


def _rows(table: Element) -> list[list[Element]]:
    found = []
    for row in table.elements:
        cells = row.elements
        if row.name == "mlabeledtr":
            cells = cells[1:]
        elif row.name != "mtr":
            raise UnwritableError(row.name)
        found.append(cells)
    if not found:
        raise UnwritableError(table.name)
    return found


def _body(table: Element, style: Style) -> str:
    return r" \\ ".join(_cells(row, table, style) for row in _rows(table))


def _cells(row: Sequence[Element], table: Element, style: Style) -> str:
    if table.get("displaystyle") == "true":
        style = Style.DISPLAY
    elif style is Style.DISPLAY:
        style = Style.TEXT
    return " & ".join(rows.row(cell.elements, style) for cell in row)


def _aligns(table: Element) -> list[str]:
    width = max(len(row) for row in _rows(table))
    written = table.get("columnalign").split() or ["center"]
    return [_nth(written, column) for column in range(width)]


def _lines(table: Element) -> bool:
    """Tell whether there are lines between the cells or around them."""
    words = f"{table.get('columnlines')} {table.get('rowlines')} {table.get('frame')}".split()
    return any(word != "none" for word in words)


def _array(table: Element, style: Style, sides: frozenset[str]) -> str:
    bars = table.get("columnlines").split()
    rules = table.get("rowlines").split()
    columns = ""
    for column, align in enumerate(_aligns(table)):
        columns += (_BARS.get(_nth(bars, column - 1), "|") if column else "") + align[:1]
    columns = ("|" if "left" in sides else "") + columns + ("|" if "right" in sides else "")
    lines = [_cells(row, table, style) for row in _rows(table)]
    body = lines[0]
    for number, line in enumerate(lines[1:]):
        body += r" \\ " + _RULES.get(_nth(rules, number), r"\hline ") + line
    top = r"\hline " if "top" in sides else ""
    bottom = r" \\ \hline" if "bottom" in sides else ""
    return rf"\begin{{array}}{{{columns}}} {top}{body}{bottom} \end{{array}}"


def _nth(given: Sequence[str], position: int) -> str:
    """Return the word at a position; the last one holds for all behind it."""
    return given[min(position, len(given) - 1)] if given else ""
