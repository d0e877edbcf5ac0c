"""Formulas node by node."""

from __future__ import annotations

import re
from collections.abc import Sequence

from coursec.readers.element import Element
from coursec.readers.mathml import brackets, functions, rows, scripts, signs, tables
from coursec.readers.mathml.signs import UnwritableError, characters, is_space
from coursec.readers.mathml.style import Style

_ROWS = frozenset("math mrow mpadded mtd merror".split())
_ENCLOSURES = {
    "box": "boxed", "roundedbox": "boxed", "updiagonalstrike": "cancel",
    "downdiagonalstrike": "bcancel", "top": "overline", "bottom": "underline",
}  # fmt: skip
_STYLES = {
    ("true", "0"): ("displaystyle", Style.DISPLAY),
    ("false", "0"): ("textstyle", Style.TEXT),
    ("false", "1"): ("scriptstyle", Style.SCRIPT),
    ("false", "2"): ("scriptscriptstyle", Style.SCRIPT),
}
_COLOURS = {
    "#ff0000": "red", "#0000ff": "blue", "#000000": "black", "#ffffff": "white",
    "#808080": "gray", "#008000": "green", "#ff8001": "orange", "#800080": "violet",
}  # fmt: skip


def group(node: Element, style: Style = Style.SCRIPT) -> str:
    """Return a node in braces."""
    return f"{{{inside([node], style).strip()}}}"


def inside(children: Sequence[Element], style: Style) -> str:
    """Return what stands between braces; a row that is all of it needs none of its own."""
    while len(children) == 1:
        only = children[0]
        if only.name in ("semantics", "maction"):
            children = only.elements[:1]
        elif only.name == "mrow" and _is_plain(only):
            children = only.elements
        else:
            break
    return rows.row(children, style)


def option(latex: str) -> str:
    """Return LaTeX as it may stand between square brackets."""
    return f"{{{latex}}}" if "]" in latex else latex


def _is_plain(node: Element) -> bool:
    """Tell whether a row is no more than its children."""
    return not (
        functions.is_application(node)
        or brackets.is_fence(node.elements)
        or _has_margins(node, 0.2778)
        or _has_margins(node, 0.2222)
        or _is_modulus(node)
    )


def node(this: Element, style: Style) -> str:
    """Return a node, whatever stands beside it."""
    match this.name, this.elements:
        case "mi", _:
            return _identifier(this)
        case "mn", _:
            return signs.number(this)
        case "mo", _:
            if brackets.is_growing(this):
                return rf"\left{signs.delimiter(this)}\right."
            return signs.function(this) if signs.function_name(this) else signs.operator(this)
        case "mtext", _:
            return signs.words(this)
        case "ms", _:
            return signs.words(Element("mtext", {}, ["“", *this.children, "”"]))
        case "mspace", _:
            return signs.space(signs.length(this.get("width")) or 0.0)
        case (("none" | "mprescripts" | "annotation" | "annotation-xml" | "maligngroup"), _):
            return ""
        case (("semantics" | "maction"), [first, *_]):
            return node(first, style)
        case "mstyle", _:
            return _styled(this, style)
        case "mphantom", children:
            return rf"\phantom{{{inside(children, style)}}}"
        case "mpadded", [hidden] if hidden.name == "mphantom" and this.get("height") == "0em":
            return rf"\hphantom{{{inside(hidden.elements, style)}}}"
        case "mpadded", [hidden] if hidden.name == "mphantom" and this.get("width") == "0em":
            return rf"\vphantom{{{inside(hidden.elements, style)}}}"
        case name, _ if name in _ROWS:
            return _row(this, style)
        case "mfenced", _:
            return brackets.mfenced(this, style)
        case "mfrac", [above, below]:
            return _fraction(this, above, below, style)
        case "msqrt", children:
            return rf"\sqrt{{{inside(children, style)}}}"
        case "mroot", [radicand, degree]:
            return rf"\sqrt[{option(inside([degree], Style.SCRIPT))}]{group(radicand, style)}"
        case (("msub" | "msup"), [_, _]) | ("msubsup", [_, _, _]):
            return scripts.scripted(this, style)
        case (("munder" | "mover"), [_, _]) | ("munderover", [_, _, _]):
            return scripts.over_and_under(this, style)
        case "mmultiscripts", [_, *_]:
            return scripts.multiscripts(this, style)
        case "menclose", _:
            return _enclosed(this, style)
        case "mtable", _:
            return tables.plain(this, style)
        case _:
            raise UnwritableError(this.name)


def _identifier(this: Element) -> str:
    if signs.function_name(this) in signs.FUNCTIONS | signs.LIMITS:
        return signs.function(this)
    return signs.identifier(this)


def _styled(this: Element, style: Style) -> str:
    """Return `mstyle`: a size, a colour, or both."""
    displayed, level = this.get("displaystyle"), this.get("scriptlevel")
    children = this.elements
    if colour := this.get("mathcolor").strip().lower():
        return _coloured(colour, inside(children, style))
    only = children[0] if len(children) == 1 else None
    if only is not None and only.name == "mfrac" and not only.get("linethickness"):
        own = Style.DISPLAY if displayed == "true" else Style.TEXT
        above, below = (group(part, own.fraction) for part in only.elements)
        if displayed and not level:
            return rf"\{'d' if displayed == 'true' else 't'}frac{above}{below}"
        if (displayed, level) == ("true", "0"):
            return rf"\cfrac{above}{below}"
    if only is not None and only.name == "mtable" and (displayed, level) == ("false", "1"):
        small = tables.small(only)
        if small is not None:
            return small
    if not level and displayed and (displayed == "true") != (style is Style.DISPLAY):
        level = "0"
    command, inner = _STYLES.get((displayed, level), (None, style))
    within = inside(children, inner)
    return within if command is None else rf"{{\{command} {within}}}"


def _coloured(colour: str, within: str) -> str:
    """Return LaTeX in a colour; one that has no name here is left as it is."""
    if name := _COLOURS.get(colour) or (colour if colour in _COLOURS.values() else None):
        return rf"\textcolor{{{name}}}{{{within}}}"
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    if not re.fullmatch(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", colour):
        return within
    return rf"{{\color[HTML]{{{digits.upper()}}} {within}}}"


def _row(this: Element, style: Style) -> str:
    children = this.elements
    if functions.is_application(this):
        return functions.application(this, style)
    if brackets.is_fence(children):
        return brackets.fence(children, style)
    if (spaced := _spaced(this, style)) is not None:
        return spaced
    written = rows.row(children, style)
    return f"{{{written}}}" if this.name == "mrow" else written


def _spaced(this: Element, style: Style) -> str | None:
    """Return a row with spaces at its ends as what makes them: an arrow, a relation, a modulus."""
    children = this.elements
    if _has_margins(this, 0.2778):
        if (said := rows.phrase(children) or scripts.long_arrow(children[1])) is not None:
            return said
        if style is not Style.SCRIPT:
            return rf"\mathrel{group(children[1], style)}"
    if _has_margins(this, 0.2222):
        if (said := rows.phrase(children)) is not None:
            return said
        if style is not Style.SCRIPT:
            return rf"\mathbin{group(children[1], style)}"
    return rf"\pmod{{{rows.row(children[4:-1], style)}}}" if _is_modulus(this) else None


def _has_margins(this: Element, width: float) -> bool:
    """Tell whether a node stands alone between spaces of a width."""
    children = this.elements
    if len(children) != 3 or children[1].name == "mspace":
        return False
    return is_space(children[0], width) and is_space(children[2], width)


def _is_modulus(this: Element) -> bool:
    children = this.elements
    return (
        len(children) > 4
        and is_space(children[0], 0.4444, 1.0)
        and [characters(child) for child in (*children[1:3], children[-1])] == ["(", "mod", ")"]
        and is_space(children[3], 0.3333)
    )


def _fraction(this: Element, above: Element, below: Element, style: Style) -> str:
    if this.get("bevelled") == "true":
        return f"{group(above, style)}/{group(below, style)}"
    if signs.length(this.get("linethickness")) == 0:
        parts = (inside([part], style.fraction) for part in (above, below))
        return rf"{{{next(parts)} \atop {next(parts)}}}"
    return rf"\frac{group(above, style.fraction)}{group(below, style.fraction)}"


def _enclosed(this: Element, style: Style) -> str:
    if (framed := tables.sides(this)) is not None:
        return tables.plain(framed[0], style, framed[1])
    children = this.elements
    within = inside(children, style)
    for notation in this.get("notation").split() or ["longdiv"]:
        if notation == "horizontalstrike" and [child.name for child in children] == ["mtext"]:
            within = rf"\text{{\sout{{{signs.escaped(children[0])}}}}}"
        elif (command := _ENCLOSURES.get(notation)) is not None:
            within = rf"\{command}{{{within}}}"
        else:
            raise UnwritableError(notation)
    return within
