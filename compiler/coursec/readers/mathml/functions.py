"""Functions such as `log` and `max`: their limits, and what they are applied to."""

from __future__ import annotations

from collections.abc import Sequence

from coursec.readers.element import Element, visible
from coursec.readers.mathml import nodes, rows, scripts, signs
from coursec.readers.mathml.signs import characters, function_name
from coursec.readers.mathml.style import Style


def is_function(node: Element) -> bool:
    """Tell whether a node is the name of a function, with scripts or without."""
    return function_name(rows.core(node)) is not None


def is_application(node: Element) -> bool:
    """Tell whether a node is a function and what it is applied to."""
    children = node.elements
    return (
        node.name == "mrow"
        and len(children) > 2
        and children[1].name == "mo"
        and not characters(children[1])
        and bool(visible(children[1]))
    )


_SCRIPTED = frozenset(("msub", "msup", "msubsup", "munder", "mover", "munderover"))
"""Elements of which the first child carries the others."""


def application(node: Element, style: Style) -> str:
    """Return a function and what it is applied to."""
    name, _, *rest = node.elements
    out = function(name, style)
    for part in rest:
        if part.name == "mrow" and (_is_bracketed(part) or _begins_large(part)):
            out += rows.row(part.elements, style)
        else:
            out += nodes.node(part, style)
    return out


def beside(this: Element, following: Element | None, style: Style, *, called: bool) -> str:
    """Return a function's name that no mark applies to what follows.

    `called` tells whether the space of a function stands before it. Without one, a word that is
    no function of LaTeX is nothing but letters.
    """
    base = rows.core(this)
    if base.name == "mi" and not called and not _is_known(base):
        return nodes.node(this, style)
    applied = following is not None and base.name == "mi" and _may_be_argument(following)
    if style is Style.DISPLAY and function_name(base) in signs.LIMITS:
        applied = False
    return function(this, style, standing=not applied)


def _is_known(node: Element) -> bool:
    return function_name(node) in signs.FUNCTIONS | signs.LIMITS


def _may_be_argument(node: Element) -> bool:
    if node.name == "mo":
        return characters(node) in signs.OPENING
    return node.name != "mspace"


def function(node: Element, style: Style, *, standing: bool = True) -> str:
    """Return a function with its scripts; not `standing`, it is no function of what follows."""
    if node.name in ("mi", "mo"):
        return signs.function(node)
    if node.name not in _SCRIPTED:
        return nodes.node(node, style)
    base, *attached = node.elements
    below = node.name in ("munder", "munderover", "mover")
    if base.name not in ("mi", "mo") or (below and not standing):
        return nodes.node(node, style)
    name = function_name(base) or characters(base)
    own = name in signs.LIMITS or (below and name not in signs.FUNCTIONS)
    written = signs.function(base, limits=below).rstrip()
    moves = style is Style.DISPLAY or base.get("movablelimits") == "true"
    if below and not (own and moves):
        written += r"\limits"
    elif not below and own and style is Style.DISPLAY:
        written += r"\nolimits"
    return written + scripts.attached(node.name, attached)


def _is_bracketed(node: Element) -> bool:
    """Tell whether brackets that do not grow stand around all of a row."""
    children = node.elements
    if len(children) < 2 or children[0].get("stretchy") == "true":
        return False
    depth = 0
    for index, part in enumerate(children):
        depth += _opens(part)
        if depth == 0:
            return index == len(children) - 1
    return False


def _opens(part: Element) -> int:
    """Return 1 for an opening bracket, -1 for a closing one, else 0."""
    base = rows.core(part)
    if base.name != "mo":
        return 0
    sign = characters(base)
    bars = {"prefix": 1, "postfix": -1}.get(base.get("form"), 0) if sign in ("|", "‖") else 0
    return bars or (sign in signs.OPENING) - (sign in signs.CLOSING)


def _begins_large(node: Element) -> bool:
    children: Sequence[Element] = node.elements
    return bool(children) and characters(rows.core(children[0])) in signs.LARGE
