"""MathML of any shape: what has too few or too many parts is no formula, and never a crash."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from coursec.readers.markup import Element
from coursec.readers.mathml import to_latex

NAMES = (
    "mrow mi mn mo mtext mspace mfrac msqrt mroot msub msup msubsup munder mover munderover "
    "mmultiscripts mprescripts none mtable mtr mtd mstyle mpadded menclose mphantom semantics "
    "annotation mfenced merror svg"
).split()
SIGNS = [
    "x",
    "sin",
    "lim sup",
    "\u2061",
    "(",
    ")",
    "|",
    "{",
    "∑",
    "→",
    "ˆ",
    "⏟",
    "",
    "′",
    "\\",
    "$",
]
ATTRIBUTES = st.dictionaries(
    st.sampled_from(
        ["stretchy", "mathvariant", "linethickness", "notation", "columnalign", "open"]
    ),
    st.sampled_from(["true", "false", "bold", "0", "box", "left right", "{", ""]),
    max_size=2,
)
leaves = st.builds(Element, st.sampled_from(["mi", "mn", "mo", "mtext"]), ATTRIBUTES,
                   st.lists(st.sampled_from(SIGNS), max_size=1))  # fmt: skip
trees = st.recursive(
    leaves,
    lambda inner: st.builds(
        Element, st.sampled_from(NAMES), ATTRIBUTES, st.lists(inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.lists(trees, max_size=3))
@settings(max_examples=300, deadline=None)
def test_any_tree_is_a_formula_or_none(children: list[Element]) -> None:
    latex = to_latex(Element("math", {}, list(children)))
    assert latex is None or latex.strip()


def test_a_fraction_without_its_parts_is_none() -> None:
    assert to_latex(Element("math", {}, [Element("mfrac")])) is None
