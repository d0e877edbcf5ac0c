"""Brackets that grow with what stands between them."""

from __future__ import annotations

from collections.abc import Sequence

from coursec.readers.element import Element
from coursec.readers.mathml import nodes, rows, signs, tables
from coursec.readers.mathml.signs import characters
from coursec.readers.mathml.style import Style


def is_growing(node: Element) -> bool:
    """Tell whether a delimiter grows with what stands beside it."""
    return (
        node.name == "mo"
        and node.get("stretchy") == "true"
        and signs.sized(node) is None
        and characters(node) in signs.DELIMITERS
    )


def is_fence(children: Sequence[Element]) -> bool:
    """Tell whether a row stands between brackets that grow with it."""
    if len(children) < 2:
        return False
    first, last = children[0], children[-1]
    if is_growing(first) or is_growing(last):
        return True
    # MathML lets every bracket grow that does not say otherwise.
    return (
        first.name == last.name == "mo"
        and not (first.get("stretchy") or last.get("stretchy"))
        and signs.sized(first) is None is signs.sized(last)
        and characters(first) in signs.OPENING
        and characters(last) in signs.CLOSING
        and any(part.name in ("mfrac", "mtable", "munderover") for part in children)
    )


def fence(children: Sequence[Element], style: Style) -> str:
    """Return a row between brackets that grow: by its name where LaTeX has one."""
    told = is_growing(children[0]) or is_growing(children[-1])
    opens = is_growing(children[0]) or not told
    closes = is_growing(children[-1]) or not told
    opening = signs.delimiter(children[0]) if opens else "."
    closing = signs.delimiter(children[-1]) if closes else "."
    inner = list(children[opens : len(children) - closes])
    if len(inner) == 1:
        if inner[0].name == "mtable" and (
            named := tables.fenced(opening.strip(), inner[0], closing.strip(), style)
        ):
            return named
        if (opening, closing) == ("(", ")") and (binomial := _binomial(inner[0], style)):
            return binomial
    out: list[str] = []
    run: list[Element] = []
    for part in inner:
        if is_growing(part):
            out += [rows.row(run, style), rf"\middle{signs.delimiter(part)} "]
            run = []
        else:
            run.append(part)
    return rf"\left{opening} {''.join(out)}{rows.row(run, style)} \right{closing} "


def _binomial(node: Element, style: Style) -> str | None:
    command = "binom"
    if node.name == "mstyle" and len(node.elements) == 1 and not node.get("scriptlevel"):
        displayed = node.get("displaystyle")
        command = {"true": "dbinom", "false": "tbinom"}.get(displayed, "")
        style = Style.DISPLAY if displayed == "true" else Style.TEXT
        node = node.elements[0]
    if node.name != "mfrac" or not command or signs.length(node.get("linethickness")) != 0:
        return None
    above, below = node.elements
    return rf"\{command}{nodes.group(above, style.fraction)}{nodes.group(below, style.fraction)}"


def mfenced(node: Element, style: Style) -> str:
    """Return `mfenced`: brackets with separators between what they hold."""
    ends = [
        signs.delimiter(Element("mo", {}, [node.attributes.get(side, default).strip()]))
        for side, default in (("open", "("), ("close", ")"))
    ]
    separators = "".join(node.attributes.get("separators", ",").split())
    inside = ""
    for index, child in enumerate(node.elements):
        if index and separators:
            mark = Element("mo", {}, [separators[min(index, len(separators)) - 1]])
            inside += signs.operator(mark)
        inside += nodes.node(child, style)
    return rf"\left{ends[0]} {inside} \right{ends[1]} "
