"""Formulas: one parser for all targets, and a pass to each language a target speaks.

`parse` reads LaTeX and refuses what is not good; whatever it accepts, `to_mathml2` (QTI, HTML),
`to_typst` (paper) and `to_text` (places that hold no math) convert without an exception. Only
`parse` is loaded with the package: the passes, and lxml with them, come when first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coursec.text.math.formula import Formula, MathError
from coursec.text.math.reader import parse

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["Formula", "MathError", "parse", "to_mathml2", "to_text", "to_typst"]


def to_mathml2(formula: Formula) -> _Element:
    """The formula as a new `math` element of presentation MathML 2, as QTI 2.1 wants it."""
    from coursec.text.math.mathml2 import mathml2

    return mathml2(formula)


def to_typst(formula: Formula) -> str:
    """The formula as Typst math markup, to be put between dollar signs; it holds no user code.

    The markup uses the names of Typst's own math functions, so the document around it must not
    define a variable of such a name (`frac`, `mat`, `attach`).
    """
    from coursec.text.math.typst_markup import typst_markup

    return typst_markup(formula)


def to_text(formula: Formula) -> str:
    """The formula on one line of plain Unicode text, never empty: `x² + y₁`, `(a + b)/c`."""
    from coursec.text.math.linear import linear_text

    return linear_text(formula)
