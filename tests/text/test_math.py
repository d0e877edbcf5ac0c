"""The math room: what it reads, what it refuses and how it says so, and what each pass writes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest
import typst
from lxml import etree

from coursec.text.math import Formula, MathError, parse, to_mathml2, to_text, to_typst

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SHARED = Path(os.environ.get("COURSEC_SHARED", ROOT.parent / "shared"))
SCHEMA = SHARED / "qti-xsd" / "w3" / "mathml2" / "mathml2.xsd"
NO_SCHEMA = f"the MathML 2 schema is not at {SCHEMA}; set COURSEC_SHARED"
MATHML = "{http://www.w3.org/1998/Math/MathML}"

_LINES = (HERE / "formulas.txt").read_text(encoding="utf-8").splitlines()
GOOD = [line for line in _LINES if line and line[0] not in "#!"]
BAD = [line[1:] for line in _LINES if line.startswith("!")]


@cache
def schema() -> etree.XMLSchema | None:
    """The MathML 2 schema, None where it is not at hand."""
    return etree.XMLSchema(etree.parse(str(SCHEMA))) if SCHEMA.exists() else None


@cache
def compiler() -> typst.Compiler:
    """One compiler for all tests; making one costs more than most compilations."""
    return typst.Compiler(ignore_system_fonts=True)


def compile_typst(formulas: Sequence[Formula]) -> None:
    """Compile formulas as one tagged document, as the paper target does; raises TypstError."""
    written = []
    for formula in formulas:
        block = "true" if formula.display else "false"
        written.append(f'#math.equation(block: {block}, alt: "x", ${to_typst(formula)}$)\n\n')
    source = '#set document(title: "x")\n#set page(height: auto)\n' + "".join(written)
    compiler().compile(input=source.encode(), format="pdf", pdf_standards=["ua-1"])


def refusal(latex: str) -> MathError:
    """The error that `parse` raises for `latex`."""
    with pytest.raises(MathError) as caught:
        parse(latex, display=False)
    return caught.value


# The corpus


def test_corpus_is_whole() -> None:
    assert (len(GOOD), len(BAD)) == (175, 9)


@pytest.mark.parametrize("display", [True, False])
@pytest.mark.parametrize("latex", GOOD)
def test_good_formula_converts(latex: str, display: bool) -> None:
    formula = parse(latex, display=display)
    math = to_mathml2(formula)
    assert math.get("alttext") == latex
    assert math.get("display") == ("block" if display else None)
    assert to_typst(formula)
    assert to_text(formula)


@pytest.mark.parametrize("latex", BAD)
def test_malformed_formula_is_refused(latex: str) -> None:
    error = refusal(latex)
    assert error.offset is not None
    assert 0 <= error.offset < len(latex)
    assert error.message.endswith(".")
    assert error.hint.endswith(".")


@pytest.mark.skipif(not SCHEMA.exists(), reason=NO_SCHEMA)
@pytest.mark.parametrize("latex", GOOD)
def test_mathml_is_valid(latex: str) -> None:
    valid = schema()
    assert valid is not None
    for display in (True, False):
        math = to_mathml2(parse(latex, display=display))
        assert valid.validate(math), valid.error_log


def test_corpus_compiles_to_a_tagged_pdf() -> None:
    # The last formula has Chinese in it, for which the fonts that come with Typst have no glyphs.
    for display in (True, False):
        compile_typst([parse(latex, display=display) for latex in GOOD if "漢" not in latex])


# MathML 2


def markup(latex: str, *, display: bool = False) -> str:
    """The inside of the `math` element."""
    math = to_mathml2(parse(latex, display=display))
    text = "".join(etree.tostring(child, encoding="unicode") for child in math)
    return text.replace(' xmlns="http://www.w3.org/1998/Math/MathML"', "")


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        ("x", "<mi>x</mi>"),
        (r"\overline{B}", '<mover accent="true"><mi>B</mi><mo stretchy="true">¯</mo></mover>'),
        (
            r"\left.\frac{x}{y}\right|",
            '<mrow><mfrac><mi>x</mi><mi>y</mi></mfrac><mo stretchy="true">|</mo></mrow>',
        ),
        (
            r"\dfrac12",
            '<mstyle displaystyle="true"><mfrac><mn>1</mn><mn>2</mn></mfrac></mstyle>',
        ),
        (r"\textbf{a}", '<mtext mathvariant="bold">a</mtext>'),
        (r"\textcolor{red}{x}", '<mstyle mathcolor="#ff0000"><mi>x</mi></mstyle>'),
        (r"\mathcal{L} \perp x", "<mi>ℒ</mi><mo>⊥</mo><mi>x</mi>"),
        (r"a\!b", '<mi>a</mi><mspace width="-0.1667em"/><mi>b</mi>'),
        (
            r"\xcancel{x}",
            '<menclose notation="downdiagonalstrike"><menclose notation="updiagonalstrike">'
            "<mi>x</mi></menclose></menclose>",
        ),
        (
            r"\begin{array}{r|l} 1 & 2 \\ \hline 3 & 4 \end{array}",
            '<mtable columnalign="right left" columnspacing="1em" columnlines="solid"'
            ' rowlines="solid" rowspacing="0.3em"><mtr><mtd><mn>1</mn></mtd><mtd><mn>2</mn></mtd>'
            "</mtr><mtr><mtd><mn>3</mn></mtd><mtd><mn>4</mn></mtd></mtr></mtable>",
        ),
        (
            r"\begin{aligned} a &= b \\ &= c \end{aligned}",
            '<mtable columnalign="right left" columnspacing="0em" displaystyle="true"'
            ' rowspacing="0.3em"><mtr><mtd><mi>a</mi></mtd><mtd><mo>=</mo><mi>b</mi></mtd></mtr>'
            "<mtr><mtd/><mtd><mo>=</mo><mi>c</mi></mtd></mtr></mtable>",
        ),
    ],
)
def test_mathml(latex: str, expected: str) -> None:
    assert markup(latex) == expected


@pytest.mark.parametrize("latex", GOOD)
def test_mathml_has_no_css(latex: str) -> None:
    for element in to_mathml2(parse(latex, display=True)).iter():
        assert isinstance(element.tag, str)
        assert element.tag.startswith(MATHML)
        assert not {"style", "class"} & set(element.attrib)
        assert not any("rem" in value for value in element.attrib.values() if value[:1].isdigit())


def test_mathml_is_new_each_time() -> None:
    formula = parse("x", display=False)
    first = to_mathml2(formula)
    first.clear()
    assert len(to_mathml2(formula)) == 1


def test_alttext_is_one_line() -> None:
    assert to_mathml2(parse("a\n +\tb", display=True)).get("alttext") == "a + b"


# Typst


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        ("x+1", r"x\+1"),
        ("xy", "x y"),
        (r"\frac{a}{b}", "frac(a, b)"),
        (r"\mathrm{ab}x", '"ab"x'),
        (r"\binom{n}{k}", "binom(n, k)"),
        (r"x_i^2", "attach(x, br: i, tr: 2)"),
        (r"\sum_i", r"attach(limits(inline: #false, \∑), b: i)"),
        (r"\text{a \_ \# \$ b}", '"a _ # $ b"'),
        (r"\text{/* \} // #x}".replace("#", r"\#"), '"/* } // #x"'),
        (r"\hat{x}", r'accent(x, #"\u{0302}")'),
        (r"\sqrt[3]{x}", "root(3, x)"),
        (r"\left(x\right)", r"lr(\(x\))"),
        # A semicolon right behind code would end the code and not the row.
        (r"{a\quad \atop b}", "mat(delim: #none, row-gap: #0.2em, a#h(1em) ; b)"),
        (r"x\;=\;y", 'x/**/class("normal", ""#h(0.2778em))\\=class("normal", ""#h(0.2778em))y'),
    ],
)
def test_typst(latex: str, expected: str) -> None:
    assert to_typst(parse(latex, display=False)) == expected


def test_typst_text_cannot_be_code() -> None:
    quoted = parse(r"\text{“}\text{\textbackslash}\unicode{x2211}", display=False)
    assert to_typst(quoted) == r'"“""\\"\∑'


# Plain text


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        ("x^2 + y_1", "x² + y₁"),
        (r"\frac{a+b}{c}", "(a + b)/c"),
        (r"\frac{a}{bc}", "a/(bc)"),
        (r"\frac{\partial f}{\partial x}", "∂f/∂x"),
        (r"2^{2^n}", "2^(2ⁿ)"),
        (r"x^{ab+cd}", "x^(ab+cd)"),
        (r"\sqrt{x}", "√x"),
        (r"\sqrt{x+1}", "√(x + 1)"),
        (r"\sqrt[3]{8}", "∛8"),
        (r"\sqrt[n]{x}", "ⁿ√x"),
        (r"\alpha \le \beta \to \infty", "α ≤ β → ∞"),
        (r"\sum_{i=1}^n i", "∑_(i=1)^n i"),
        (r"\mathbb{R}^n", "ℝⁿ"),
        (r"\mathcal{O}(n \log n)", "O(n log n)"),
        (r"\hat{y}", "ŷ"),
        (r"-x = -(-1)", "−x = −(−1)"),
        (r"f'(x)", "f′(x)"),
        (r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}", "(a, b; c, d)"),
        (r"a \xrightarrow{f} b", "a →[f] b"),
        (r"\text{if } x > 0", "if x > 0"),
        (r"\phantom{x}", r"\phantom{x}"),
        (r"\vphantom{x}\sqrt{}", "√()"),
        (r"\ce{SO4^2-}", "SO₄²⁻"),
        (r"\cancel{x}", "x̶"),
        (r"1{,}000", "1,000"),
        (r"x \not\in A", "x ∉ A"),
    ],
)
def test_text(latex: str, expected: str) -> None:
    assert to_text(parse(latex, display=True)) == expected


# What it refuses


@pytest.mark.parametrize(
    ("latex", "offset", "message"),
    [
        ("", None, "The formula is empty."),
        (" \n", 0, "The formula is empty."),
        ("{}", None, "The formula shows nothing."),
        (r"\quad", None, "The formula shows nothing."),
        (r"x + \undefinedmacro y", 4, r"Unknown command \undefinedmacro."),
        (r"\begin{bogus}x\end{bogus}", 6, "Unknown environment bogus."),
        ("a{b", 1, "The brace { is never closed."),
        ("ab}", 2, "The brace } closes nothing."),
        (r"a \left( b", 2, r"\left is never closed."),
        (r"{\left( b}", 1, r"\left is not closed before }."),
        (r"a \right) b", 2, r"\right closes nothing."),
        (
            r"\begin{matrix} a \end{cases}",
            17,
            r"\end{cases} closes nothing.",
        ),
        (r"\begin{matrix} a", 0, r"\begin{matrix} is never closed."),
        (r"a \\ b", 2, r"The line break \\ has no effect outside of an environment."),
        ("x^2^3", 3, "A second subscript or superscript follows the first."),
        ("a & b", 2, "The column separator & stands outside of a table."),
        ("50% of x", 2, "A bare % begins a comment, and LaTeX drops the rest of the line."),
        ("x \\", 2, "The formula ends with a single backslash."),
        ("item #1", 5, "A # stands in the formula."),
        ("a $ b", 2, "A dollar sign stands inside a formula."),
        (r"\frac{1}", 8, "A command lacks its argument."),
        (r"\hat\pmod\hat x", 4, r"\pmod lacks its argument."),
        (r"\text{if $x}", 9, r"The $ inside \text{…} is never closed."),
        ("a\x00b", 1, "The formula holds the control character U+0000."),
        ("a\u202eb", 1, "The formula holds the control character U+202E."),
        ("a\ud800b", 1, "The formula holds the control character U+D800."),
        ("x" * 10_001, 10_000, "The formula has 10,001 characters, more than 10,000."),
        ("{" * 33 + "x" + "}" * 33, 32, "The formula nests more than 32 levels deep."),
        (r"\hat" * 60 + "{x}", None, "The formula nests too deeply."),
        (r"\sqrt " * 201 + "x", None, "The formula has more than 200 commands with an argument."),
        ("(" * 17, None, "Too many brackets are opened and never closed."),
        ("(" * 9 + "x" * 2000, None, "Too many brackets are opened and never closed."),
        ("()" * 151, None, "The formula has more than 300 brackets."),
        (r"x \input{/etc/passwd}", 2, r"The command \input cannot be used in a formula."),
        (r"\href{javascript:x}{y}", 0, r"The command \href cannot be used in a formula."),
        (r"\def\x{y}\x", 0, r"The command \def cannot be used in a formula."),
        (r"\(x\)", 0, r"The command \( cannot be used in a formula."),
        (r"\color{nocolour} x", 6, "Unknown colour nocolour."),
        (r"\unicode{x41}", 0, r"\unicode{x41} is no printable character beyond ASCII."),
        (r"\unicode{x202E}", 0, r"\unicode{x202E} is no printable character beyond ASCII."),
        (r"\ce{A->[x]B!}", 11, r"\ce{…} does not know what '!' means here."),
        (r"\newcommand{\frac}{x} y", 12, r"The command \frac cannot be given another meaning."),
        (r"\newcommand{\alpha}{x} y", 12, r"The command \alpha exists already."),
        (r"\newcommand{\a}{\a} \a", 16, r"The command \a expands without end."),
        (r"\newcommand{x}{y}", 0, r"\newcommand does not name a command to define."),
        (r"\newcommand{\q}[1]{#2} \q{x}", 19, r"#2 stands for an argument that \q does not have."),
    ],
)
def test_refusal(latex: str, offset: int | None, message: str) -> None:
    error = refusal(latex)
    assert (error.message, error.offset) == (message, offset)
    assert error.hint.endswith(".")
    assert str(error) == message


def test_message_is_one_short_line() -> None:
    error = refusal(r"\begin{a" + "\n" * 50 + "b" * 200 + "}")
    assert error.message == rf"\begin{{a {'b' * 37}…}} is never closed."


def test_offset_is_the_author_s() -> None:
    # Everything before the mistake is rewritten, and gets longer or shorter by it.
    latex = r"\substack{a \\ b} \tag{1} \text{if $x$} \notag \ce{H2O} \oops"
    assert refusal(latex).offset == latex.index(r"\oops")


def test_offset_in_a_definition() -> None:
    latex = r"\newcommand{\q}{\oops} x + \q"
    assert refusal(latex).offset == latex.index(r"\oops")


@pytest.mark.parametrize(
    "latex",
    [
        "(x" * 4000,
        r"\bigl]" * 1000,
        r"\frac" * 1900,
        "{" * 9999,
        "x]" * 4999,
        r"\Eta[" * 1900,
        "{{(} }" * 30,
        r"{(\relax\notag}" * 30,
    ],
)
def test_input_that_would_exhaust_the_parser_is_refused(latex: str) -> None:
    refusal(latex)


@pytest.mark.parametrize(
    "latex",
    ["(" * 10, r"[0, 1) \cup " * 40 + "A", r"\begin{matrix}" + "(x & " * 40 + r"\end{matrix}"],
)
def test_brackets_without_a_partner_are_mathematics_too(latex: str) -> None:
    parse(latex, display=True)


# What it rewrites


@pytest.mark.parametrize(
    ("latex", "same"),
    [
        (r"\newcommand{\R}{\mathbb{R}} x \in \R^n", r"x \in \mathbb{R}^n"),
        (r"\newcommand\pair[2]{(#1, #2)} \pair{a}b", "(a, b)"),
        (r"\renewcommand{\phi}{\varphi} \phi", r"\varphi"),
        (r"\providecommand{\alpha}{x} \alpha", r"\alpha"),
        (r"\DeclareMathOperator{\Tr}{Tr} \Tr A", r"\operatorname{Tr} A"),
        (r"\DeclareMathOperator*{\best}{best} \best_x", r"\operatorname*{best}_x"),
        (r"\newcommand{\al}{\alpha}\newcommand{\x}{x} \al\x", r"\alpha x"),
        (r"\unicode{x263A}", "☺"),
        (r"\unicode{9786}", "☺"),
        (
            r"\ce{2H2 + O2 -> 2H2O}",
            r"{2\,\mathrm{H}_2 + \mathrm{O}_2 \to 2\,\mathrm{H}_2\mathrm{O}}",
        ),
        (r"\ce{Na+}", r"\mathrm{Na}^+"),
        (r"\ce{(NH4)2SO4}", r"{(\mathrm{NH}_4)_2\mathrm{SO}_4}"),
        (r"\text{if $x$}", r"{\text{if }x}"),
        (r"\mbox{a}", r"\text{a}"),
        (r"a\notag", "a"),
        (r"\label{eq}a", "a"),
        (r"\alpha*x", r"\alpha *x"),
        (r"\begin{align*}a&=b\\[2pt]c&=d\end{align*}", r"\begin{aligned}a&=b\\c&=d\end{aligned}"),
        (r"\begin{aligned}[t]a&=b\end{aligned}", r"\begin{aligned}a&=b\end{aligned}"),
        (r"a, \dotsc, b", r"a, \ldots, b"),
        (r"\pmod 12", r"\pmod{1}2"),
        (r"\bra{\mbox{a}}", r"\bra{\text{a}}"),
    ],
)
def test_rewriting(latex: str, same: str) -> None:
    assert markup(latex) == markup(same)


# How it loads


def test_parse_needs_neither_lxml_nor_typst() -> None:
    code = (
        "import sys; from coursec.text.math import parse; parse('x^2', display=False);"
        "sys.exit(bool({'lxml', 'typst', 'xml.etree.ElementTree'} & set(sys.modules)))"
    )
    paths = os.pathsep.join((str(ROOT / "compiler"), *filter(None, sys.path)))
    command = [sys.executable, "-c", code]
    assert subprocess.run(command, env={**os.environ, "PYTHONPATH": paths}).returncode == 0


def test_parse_is_cached() -> None:
    assert parse(r"\alpha", display=True) is parse(r"\alpha", display=True)
    assert parse(r"\alpha", display=True) != parse(r"\alpha", display=False)
