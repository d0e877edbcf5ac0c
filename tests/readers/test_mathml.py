"""MathML to LaTeX: what is shown comes back, whoever wrote it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from coursec.readers.element import Element, from_lxml, parse_html
from coursec.readers.mathml import to_latex
from coursec.text.math import MathError, parse, to_mathml2

CORPUS = Path(__file__).parent.parent / "text" / "formulas.txt"
GOOD = [
    line
    for line in CORPUS.read_text(encoding="utf-8").splitlines()
    if line and not line.startswith(("#", "!"))
]
ONE_ROW_MORE = {r"\ce{H2O}"}
"""Formulas that are a row in a row: one of them says nothing and is left out."""


def mathml(latex: str, *, display: bool, alttext: str = "") -> etree._Element:
    """A formula as MathML without its source, or with another one."""
    math = to_mathml2(parse(latex, display=display))
    del math.attrib["alttext"]
    if alttext:
        math.set("alttext", alttext)
    return math


def seen(latex: str, *, display: bool) -> str:
    return etree.tostring(mathml(latex, display=display), encoding="unicode")


def back(latex: str, *, display: bool) -> str:
    """What is read of a formula; an alternative text that lies must not matter."""
    read = to_latex(from_lxml(mathml(latex, display=display, alttext=r"\alpha")))
    assert read is not None, latex
    return read


def read(source: str) -> str | None:
    """What is read of a formula in HTML."""
    (math,) = parse_html(source).elements
    return to_latex(math)


@pytest.mark.parametrize("display", [False, True])
@pytest.mark.parametrize("latex", GOOD)
def test_every_formula_of_the_corpus_comes_back(latex: str, display: bool) -> None:
    found = back(latex, display=display)
    if latex in ONE_ROW_MORE:
        found = f"{{{found}}}"
    assert seen(found, display=display) == seen(latex, display=display), found


letters = st.sampled_from(
    r"a b x y n \alpha \theta \Gamma \mathbf{x} \mathbb{R} \mathcal{L} \boldsymbol{\beta} "
    r"\mathrm{d} \mathrm{Var} \text{if} \infty \ell 1 42 3.14 \hat{y} \bar{x} \vec{v} "
    r"\widehat{xy} f' x''".split()
)
OPERATORS = r"+ - = < > \le \in \cdot \times \to \mid , : \subseteq \equiv".split()
FUNCTIONS = r"\log \sin \max \exp \operatorname{ReLU} \lim \det".split()
SHAPES = [
    *(rf"@ {operator} @" for operator in OPERATORS),
    *(rf"{function} @" for function in FUNCTIONS),
    *(rf"{function}(@)" for function in FUNCTIONS),
    *(r"@ @", r"(@)", r"\left[ @ \right)", r"\left\{ @ \;\middle|\; @ \right\}", r"\frac{@}{@}"),
    *(r"\dfrac{@}{@}", r"\binom{@}{@}", r"\sqrt{@}", r"\sqrt[n]{@}", r"x_{@}", r"y^{@}"),
    *(r"\mu_{@}^{@}", r"\sum_{@}^{@} @", r"\int_{@}^{@} @ \,dx", r"\max_{@} @", r"\log_{@} @"),
    *(r"\overset{@}{x}", r"\underbrace{@}_{@}", r"\xrightarrow{@}", r"\text{a b} @"),
    *(r"\begin{pmatrix} @ & @ \\ @ & @ \end{pmatrix}", r"\begin{cases} @ & @ \end{cases}"),
    r"\begin{aligned} @ & @ \\ @ \end{aligned}",
    r"\begin{array}{l|r} @ & @ \\ @ & @ \end{array}",
]
"""Formulas as they stand in courses, `@` for a formula inside."""


@st.composite
def formulas(draw: st.DrawFn) -> str:
    """Formulas of up to some shapes within each other."""
    latex = "@"
    for shape in draw(st.lists(st.sampled_from(SHAPES), max_size=6)):
        places = [at for at, sign in enumerate(latex) if sign == "@"]
        at = draw(st.sampled_from(places))
        latex = latex[:at] + shape + latex[at + 1 :]
    while "@" in latex:
        latex = latex.replace("@", draw(letters), 1)
    return latex


@given(formulas(), st.booleans())
@settings(max_examples=300, deadline=None)
def test_formulas_of_courses_come_back(latex: str, display: bool) -> None:
    try:
        parse(latex, display=display)
    except MathError:
        return
    found = back(latex, display=display)
    assert seen(found, display=display) == seen(latex, display=display), (latex, found)


@pytest.mark.parametrize(
    ("source", "latex"),
    [
        # Other tools mark functions with a sign that prints nothing, or not at all.
        ("<mi>n</mi><mi>log</mi><mo>&ApplyFunction;</mo><mi>n</mi>", r"n\log n"),
        ("<mi>sin</mi><mo>(</mo><mi>x</mi><mo>)</mo>", r"\sin(x)"),
        ("<mi>x</mi><mo>&InvisibleTimes;</mo><mi>y</mi>", "xy"),
        # Brackets grow unless they say otherwise.
        ("<mrow><mo>(</mo><mfrac><mn>1</mn><mi>n</mi></mfrac><mo>)</mo></mrow>",
         r"\left( \frac{1}{n} \right)"),
        ('<mfenced open="[" close=")"><mi>a</mi><mi>b</mi></mfenced>', r"\left[ a,b \right)"),
        # Numbers in other notations.
        ("<mn>3,5</mn>", "3{,}5"),
        ("<mn>1 000</mn>", r"1\,000"),
        # Alphabets by attribute or by letter.
        ('<mi mathvariant="double-struck">R</mi>', r"\mathbb{R}"),
        ("<mi>ℝ</mi><mo>∋</mo><mi>𝐱</mi>", r"\mathbb{R} \ni \mathbf{x}"),
        # Accents without attributes.
        ("<mover><mi>x</mi><mo>^</mo></mover><mover><mi>AB</mi><mo>→</mo></mover>",
         r"\hat{x}\overrightarrow{\mathrm{AB}}"),
        # Wrappers that say nothing.
        ("<semantics><mrow><mi>x</mi><mo>+</mo><mi>y</mi></mrow></semantics>", "x + y"),
        ("<mrow><mo>[</mo><mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>2</mn></mtd></mtr></mtable>"
         "<mo>]</mo></mrow>", r"\begin{bmatrix} 1 & 2 \end{bmatrix}"),
        ('<mi>x</mi><mspace width="thickmathspace"/><mi>y</mi>', r"x\;y"),
        ('<mstyle mathcolor="#12AB00"><mi>x</mi></mstyle>', r"{\color[HTML]{12AB00} x}"),
        ("<mtext>a_b 100%</mtext>", r"\text{a\_b 100\%}"),
    ],
)  # fmt: skip
def test_mathml_of_other_tools(source: str, latex: str) -> None:
    assert read(f"<math>{source}</math>") == latex


def test_words_beside_the_formula_are_not_believed() -> None:
    annotated = "<annotation encoding='application/x-tex'>y^2</annotation>"
    shown = f"<semantics><mi>x</mi>{annotated}</semantics>"
    assert read(f"<math alttext='z'>{shown}</math>") == "x"


def test_an_annotation_stands_for_what_cannot_be_written() -> None:
    annotated = "<annotation encoding='application/x-tex'>y^2</annotation>"
    shown = f"<semantics><mlongdiv><mn>1</mn></mlongdiv>{annotated}</semantics>"
    assert read(f"<math alttext='z'>{shown}</math>") == "y^2"


@pytest.mark.parametrize(
    "source",
    [
        "<math alttext='x^2'><mlongdiv><mn>1</mn></mlongdiv></math>",
        "<math></math>",
        "<math><msub><mi>x</mi></msub></math>",
        "<math><mtable></mtable></math>",
        "<math>" + "<msqrt>" * 90 + "<mi>x</mi></math>",
        "<math>" + "<mi>x</mi>" * 20_000 + "</math>",
    ],
)
def test_what_cannot_be_written_is_none(source: str) -> None:
    assert read(source) is None


names = st.sampled_from(
    "mi mn mo mtext ms mspace mrow mstyle mfrac msqrt mroot msub msup msubsup munder mover "
    "munderover mmultiscripts mprescripts none mtable mtr mtd menclose mphantom mpadded mfenced "
    "semantics annotation foreign".split()
)
attributes = st.dictionaries(
    st.sampled_from("stretchy accent mathvariant width minsize lspace rspace open notation "
                    "displaystyle scriptlevel mathcolor columnalign columnlines".split()),
    st.sampled_from(["", "true", "false", "0", "1", "0.1667em", "1e9em", "bold", "red", "#fff",
                     "left", "solid", "\\", "{"]),
    max_size=3,
)  # fmt: skip
trees = st.recursive(
    st.one_of(
        st.text(max_size=3), st.sampled_from(["(", ")", "|", "∑", "→", "log", "\u2061", "-"])
    ),
    lambda inner: st.builds(Element, names, attributes, st.lists(inner, max_size=4)),
    max_leaves=12,
)


@given(st.lists(trees, max_size=4), st.booleans())
@settings(max_examples=300, deadline=None)
def test_any_tree_is_a_formula_or_none(children: list[Element | str], display: bool) -> None:
    math = Element("math", {"display": "block"} if display else {}, children)
    latex = to_latex(math)
    if latex is not None:
        parse(latex, display=display)
