"""Nodes side by side: TeX sets spaces of its own between some, which are not to be set twice."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise

from coursec.readers.element import Element
from coursec.readers.mathml import functions, nodes, signs
from coursec.readers.mathml.signs import characters, is_space
from coursec.readers.mathml.style import Style

_CONNECTIVES = {"⟺": r"\iff ", "⟹": r"\implies ", "⟸": r"\impliedby "}
SCRIPTED = frozenset("msub msup msubsup munder mover munderover mmultiscripts".split())
"""Elements that set something above or below their first child."""


def row(children: Sequence[Element], style: Style) -> str:
    """Return nodes side by side."""
    applied = {id(node) for node, mark in pairwise(children) if _is_nothing(mark)}
    children = [node for node in children if not _is_nothing(node)]
    parts: list[str] = []
    before: Element | None = None
    at = 0
    while at < len(children):
        if (said := phrase(children[at : at + 3])) is not None:
            parts.append(said)
            before = children[at + 1]
            at += 3
            continue
        parts.append(_beside(children, at, before, applied, style))
        before = before if children[at].name == "mspace" else children[at]
        at += 1
    return "".join(parts)


def core(node: Element) -> Element:
    """Return what carries the scripts and accents of a node."""
    while node.name in SCRIPTED and node.elements:
        node = node.elements[0]
    return node


def is_ordinary(node: Element) -> bool:
    """Tell whether TeX sets a space between a node and a function behind it."""
    node = core(node)
    if _has_spaces(node):
        return False
    if node.name != "mo":
        return node.name != "mspace"
    sign = characters(node)
    if sign in signs.RELATIONS | signs.BINARY:
        return node.get("lspace") == "0" == node.get("rspace")
    return sign not in signs.OPENING | signs.LARGE | {",", ";", "…", "⋯"}


def _has_spaces(node: Element) -> bool:
    """Tell whether a row is a relation or an operator with spaces of its own."""
    children = node.elements
    return node.name == "mrow" and bool(children) and is_space(children[0], 0.2222, 0.2778)


def _is_nothing(node: Element) -> bool:
    return node.name == "mo" and bool(node.children) and not characters(node)


def phrase(three: Sequence[Element]) -> str | None:
    """Return what three nodes say together: `mod`, or an arrow between spaces."""
    if len(three) < 3 or three[0].name != "mspace" or three[2].name != "mspace":
        return None
    first, middle, last = three
    if characters(middle) == "mod" and middle.name == "mi":
        if is_space(first, 0.2222) and is_space(last, 0.2222):
            return r"\bmod "
        if is_space(first, 0.6667, 1.0) and is_space(last, 0.3333):
            return r"\mod "
    if middle.name == "mo" and is_space(first, 0.2778) and is_space(last, 0.2778):
        return _CONNECTIVES.get(characters(middle))
    return None


def _beside(
    children: Sequence[Element],
    at: int,
    before: Element | None,
    applied: Collection[int],
    style: Style,
) -> str:
    """Return a node with regard to its neighbours.

    `before` is the last that is no space, `applied` are those that a mark applies to the next.
    """
    this = children[at]
    following = children[at + 1] if at + 1 < len(children) else None
    if this.name == "mspace":
        own = _is_set_by_tex(children, at, before, following)
        return "" if own else nodes.node(this, style)
    touching = children[at - 1] if at else None
    if this.name == "mrow" and functions.is_application(this):
        alone = touching is not None and is_ordinary(touching) and not _makes_room(touching)
        written = nodes.node(this, style)
        return f"{{{written}}}" if alone else written
    if functions.is_function(this):
        spaced = touching is not None and touching.name == "mspace" and before is not None
        called = spaced and before is not None and is_ordinary(before)
        if id(this) in applied:
            return functions.function(this, style)
        return functions.beside(this, following, style, called=called)
    written = nodes.node(this, style)
    if this.name == "mn" and touching is not None and touching.name == "mn":
        return f"{{{written}}}"
    if this.name == "mo":
        if _stands_alone(this, before, following, style):
            return f"{{{written.strip()}}}"
        if characters(this) == "⋯" and not this.get("lspace") and following is not None:
            return r"\dots " if _is_operator(following) else written
        if _is_operator(this) and None not in (before, following) and style is not Style.SCRIPT:
            return written if this.get("lspace") == "0" else f" {written} "
    return written


def _is_set_by_tex(
    children: Sequence[Element], at: int, before: Element | None, following: Element | None
) -> bool:
    """Tell whether a space is one that TeX sets at a function."""
    if following is None or not is_space(children[at], 0.1667):
        return False
    if functions.is_function(following) or functions.is_application(following):
        return before is not None and is_ordinary(before)
    zero = following.name == "mo" and following.get("lspace") == "0"
    return zero and at > 0 and functions.is_function(children[at - 1])


def _makes_room(node: Element) -> bool:
    """Tell whether a row ends with a delimiter that has the space of a function behind it."""
    last = node.elements[-1] if node.name == "mrow" and node.elements else None
    return last is not None and last.get("rspace") == "0.1667em"


def _is_operator(node: Element) -> bool:
    return node.name == "mo" and characters(node) in signs.RELATIONS | signs.BINARY


def _stands_alone(
    this: Element, before: Element | None, following: Element | None, style: Style
) -> bool:
    """Tell whether an operator has no spaces though it stands between two sides."""
    sign = characters(this)
    if this.get("rspace") != "0" or following is None or style is Style.SCRIPT:
        return False
    if sign in (",", ";"):
        return True
    if this.get("lspace") != "0" or before is None:
        return False
    if _has_spaces(before) or _has_spaces(following):
        return False
    if sign in signs.RELATIONS:
        return True
    return sign in signs.BINARY and is_ordinary(before) and _is_operand(following)


def _is_operand(node: Element) -> bool:
    """Tell whether a node may be the right side of an operator."""
    sign = characters(node) if node.name == "mo" else ""
    return sign not in signs.CLOSING | signs.RELATIONS | {",", ";"}
