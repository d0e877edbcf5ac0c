"""The regular tree as presentation MathML 2, valid against the schema that QTI 2.1 imports.

Schema: http://www.w3.org/Math/XMLSchema/mathml2/mathml2.xsd. There is no CSS in it, so MathJax and
the players that came before MathML Core lay it out as well as browsers do.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element

from lxml import etree

from coursec.text.math.formula import Formula
from coursec.text.math.tokens import names
from coursec.text.math.tree import tree

NAMESPACE = "http://www.w3.org/1998/Math/MathML"

_TAGS = {
    name: f"{{{NAMESPACE}}}{name}"
    for name in names(
        """
        math mrow mstyle mi mn mo mtext mspace mfrac msqrt mroot msub msup msubsup munder mover
        munderover mmultiscripts mprescripts mphantom mpadded menclose mtable mtr mtd
        """
    )
}
# Fonts on the web lack the selectors that tell two scripts apart, and MathJax's lack ⟂.
_REPLACED: dict[int, str | None] = {**dict.fromkeys(range(0xFE00, 0xFE10)), ord("⟂"): "⊥"}
# lxml takes None for no prefix; its stubs do not say so.
_PREFIXES: dict[str, str] = {None: NAMESPACE}  # type: ignore[dict-item]
_ROW_SPACING = "0.3em"
_ALL_SIDES = frozenset(("left", "right", "top", "bottom"))


def mathml2(formula: Formula) -> etree._Element:
    """A new `math` element, to be put into any document; `alttext` holds the LaTeX source."""
    math = etree.Element(_TAGS["math"], nsmap=_PREFIXES)
    if formula.display:
        math.set("display", "block")
    math.set("alttext", " ".join(formula.latex.split()))
    for child in tree(formula.core):
        _append(math, child)
    return math


def _append(parent: etree._Element, element: Element) -> None:
    """Add a copy of a tree's element, and of all in it, to `parent`."""
    if element.tag == "mtable":
        _append_table(parent, element)
        return
    copy = etree.SubElement(parent, _TAGS[element.tag], dict(element.attrib))
    text = element.text
    if text:
        copy.text = text if text.isascii() else text.translate(_REPLACED)
    for child in element:
        _append(copy, child)


def _append_table(parent: etree._Element, table: Element) -> None:
    """Add a table, with the lines around it in the way MathML 2 has for them."""
    attributes = dict(table.attrib)
    sides = frozenset(attributes.pop("frame", "").split())
    attributes["rowspacing"] = _ROW_SPACING
    if sides == _ALL_SIDES:
        attributes["frame"] = "solid"
    else:
        for side in sorted(sides):
            parent = etree.SubElement(parent, _TAGS["menclose"], {"notation": side})
    copy = etree.SubElement(parent, _TAGS["mtable"], attributes)
    for row in table:
        _append(copy, row)
