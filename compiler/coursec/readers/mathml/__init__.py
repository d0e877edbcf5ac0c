"""MathML to LaTeX: what a formula looks like, written as an author would write it.

Only what is shown counts. Words beside the formula may say something else: an alternative text is
never asked, an annotation only where the formula itself cannot be written.
"""

from __future__ import annotations

import re
from contextlib import suppress

from coursec.readers.element import Element, visible
from coursec.readers.mathml import nodes
from coursec.readers.mathml.signs import UnwritableError
from coursec.readers.mathml.style import Style
from coursec.text.math import MathError, parse

MAX_ELEMENTS = 5_000
"""Elements of a formula; one of so many is longer than any that is accepted."""
MAX_DEPTH = 60
"""Elements within elements of a formula; `parse` refuses what nests more deeply."""

_CHILDREN = {
    **dict.fromkeys(("mfrac", "mroot", "msub", "msup", "munder", "mover"), 2),
    **dict.fromkeys(("msubsup", "munderover"), 3),
}
"""How many children an element has; one with others says nothing."""
_COMMAND_BLANK = re.compile(r"(\\[A-Za-z]+) +(?![A-Za-z0-9 \\])")
_SMALL_SCRIPT = re.compile(r"(?<!\\)([_^])\{([A-Za-z0-9])\}(?![A-Za-z0-9])")


def to_latex(math: Element) -> str | None:
    """Return a `math` element as LaTeX that a formula may hold; None where that cannot be."""
    display = is_display(math)
    for latex in _candidates(math, display):
        try:
            parse(latex, display=display)
        except MathError:
            continue
        return latex
    return None


def is_display(math: Element) -> bool:
    """Tell whether a `math` element stands on a line of its own."""
    return math.get("display") == "block" or math.get("mode") == "display"


def _candidates(math: Element, display: bool) -> list[str]:
    found: list[str] = []
    annotations: list[str] = []
    count = deepest = 0
    whole = True
    todo = [(math, 1)]
    while todo:
        node, depth = todo.pop()
        count, deepest = count + 1, max(deepest, depth)
        whole = whole and len(node.elements) == _CHILDREN.get(node.name, len(node.elements))
        if node.name == "annotation" and "tex" in node.get("encoding").lower():
            annotations.append(visible(Element("annotated", {}, node.children)))
        todo.extend((child, depth + 1) for child in node.elements)
    if whole and count <= MAX_ELEMENTS and deepest <= MAX_DEPTH:
        displayed = {"true": True, "false": False}.get(math.get("displaystyle"), display)
        style = Style.DISPLAY if displayed else Style.TEXT
        with suppress(UnwritableError):
            found.append(_tidied(nodes.inside(math.elements, style)))
    return [latex for latex in found + annotations if latex]


def _tidied(latex: str) -> str:
    """Return LaTeX without blanks and braces that say nothing."""
    latex = _COMMAND_BLANK.sub(r"\1", " ".join(latex.split()))
    return _SMALL_SCRIPT.sub(r"\1\2", latex)
