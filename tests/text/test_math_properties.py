"""Laws of the math room: what `parse` accepts, every pass converts, and nothing becomes code."""

from __future__ import annotations

import string
from pathlib import Path

import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from test_math import GOOD, NO_SCHEMA, SCHEMA, compile_typst, compiler, schema

from coursec.text.math import Formula, MathError, parse, to_mathml2, to_text, to_typst

SYMBOLS = r"""
    \alpha \Gamma \varGamma \infty \partial \nabla \hbar \ell \emptyset \forall \neg \top \bot
    \times \cdot \pm \cup \otimes \star \circ \le \ne \in \notin \to \Rightarrow \mapsto \iff \mid
    \perp \approx \colon \ldots \cdots \dots \vdots \sin \log \lim \max \Pr \argmax \sum \prod \int
    \bigcup \langle \rangle \lfloor \rceil \{ \} \| | \, \; \! \  \quad ~ \% \$ \# \_ \& \prime
    \mathstrut \surd \bmod \lvert \rVert \uparrow \Box \perp \coloneqq \not\in \square \ulcorner
""".split()
WRAPPERS = r"""
    \sqrt \hat \bar \vec \tilde \dot \ddot \widehat \widetilde \overline \underline \overbrace
    \underbrace \overrightarrow \underrightarrow \overparen \mathbf \mathrm \mathcal \mathscr
    \mathbb \mathfrak \mathsf \mathtt \boldsymbol \operatorname \operatorname* \mathop \mathbin
    \mathrel \boxed \cancel \xcancel \bcancel \phantom \hphantom \vphantom \pmod \xrightarrow
    \xleftarrow \bra \ket \set \Set \fbox \cramped \displaystyle \textstyle \scriptstyle \smash
    \mathord \mathclose \utilde \overbracket \textcolor{red} \color{#x} \ddddot \mathring
""".split()
PAIRS = r"\frac \dfrac \cfrac \binom \overset \underset \stackrel \genfrac[]{0pt}{}".split()
TEXTS = r"\text \textbf \textit \texttt \mbox \textsf \textsc \emph \textrm \tag \ce".split()
FENCES = r"( ) [ ] \{ \} | \| . \langle \rangle \lfloor \rceil / \uparrow < \lVert".split()
TABLES = """
    matrix pmatrix bmatrix vmatrix Bmatrix Vmatrix smallmatrix cases rcases aligned align* gather
    gathered equation split multline alignedat{2} array{c|c} array{|l|r|} array{r:l} eqnarray
""".split()

words = st.text(
    st.one_of(st.sampled_from(string.printable[:95]), st.characters(codec="utf-8")), max_size=8
)
atoms = st.one_of(
    st.sampled_from([*string.ascii_letters, *string.digits, *"+-=<>!,;:/'.()[]*@?\"`"]),
    st.sampled_from(SYMBOLS).map(lambda symbol: symbol + " "),
    st.characters(min_codepoint=0xA1, max_codepoint=0x2FFF, exclude_categories=("Cs", "Cn")),
    st.builds(lambda text, word: rf"{text}{{{word}}}", st.sampled_from(TEXTS), words),
)


def _grown(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Formulas one level deeper than `parts`."""
    rows = st.lists(st.lists(parts, min_size=1, max_size=3).map(" & ".join), max_size=3)
    return st.one_of(
        st.lists(parts, max_size=4).map("".join),
        st.builds(lambda f, x: rf"{f}{{{x}}}", st.sampled_from(WRAPPERS), parts),
        st.builds(lambda f, x, y: rf"{f}{{{x}}}{{{y}}}", st.sampled_from(PAIRS), parts, parts),
        st.builds(lambda x, y: rf"{{{x}}}_{{{y}}}", parts, parts),
        st.builds(lambda x, y, z: rf"{x}^{{{y}}}_{{{z}}}", parts, parts, parts),
        st.builds(lambda x, y: rf"\sqrt[{x}]{{{y}}}", parts, parts),
        st.builds(lambda x, y: rf"\xrightarrow[{x}]{{{y}}}", parts, parts),
        st.builds(lambda x, y: rf"\text{{if ${x}$ }}{y}", parts, parts),
        st.builds(lambda x, y: rf"\sum_{{\substack{{{x} \\ {y}}}}}", parts, parts),
        st.builds(lambda x, y: rf"\sideset{{_{{{x}}}}}{{^{{{y}}}}}\prod", parts, parts),
        st.builds(
            lambda left, x, right: rf"\left{left} {x} \middle| {x} \right{right} ",
            st.sampled_from(FENCES),
            parts,
            st.sampled_from(FENCES),
        ),
        st.builds(
            lambda size, fence, x: rf"\{size}{fence} {x}",
            st.sampled_from(["big", "Bigl", "biggr", "Biggm"]),
            st.sampled_from(FENCES),
            parts,
        ),
        st.builds(_table, st.sampled_from(TABLES), rows, st.booleans()),
    )


def _table(name: str, rows: list[str], lined: bool) -> str:
    """A table of the rows, with lines between them or not."""
    environment, brace, columns = name.partition("{")
    line = r"\hline " if lined else ""
    body = rf" \\ {line}".join(rows)
    return rf"\begin{{{environment}}}{brace}{columns} {line}{body} \end{{{environment}}}"


formulas = st.recursive(atoms, _grown, max_leaves=12)
NOISE = [*r"\{}$&%#^_~[]()|'", r"\left", r"\right", r"\begin{cases}", r"\end{cases}", r"\\", "\n"]


@st.composite
def mangled(draw: st.DrawFn) -> str:
    """A formula of the corpus, cut short, with something put into it, or run into another."""
    latex = draw(st.sampled_from(GOOD))
    start = draw(st.integers(0, len(latex)))
    end = draw(st.integers(start, len(latex)))
    inserted = draw(st.one_of(st.sampled_from(["", *NOISE]), words, st.sampled_from(GOOD)))
    return draw(
        st.sampled_from(
            [latex[:start] + inserted + latex[end:], latex[start:end], latex[:start] + inserted]
        )
    )


def accepted(latex: str, *, display: bool) -> Formula | None:
    """The formula, None when it is refused in the way a refusal must have."""
    try:
        return parse(latex, display=display)
    except MathError as error:
        refused = error
    assert refused.message.endswith(".")
    assert "\n" not in refused.message
    assert refused.hint
    assert refused.offset is None or 0 <= refused.offset <= len(latex)
    return None


def converted(formula: Formula) -> Formula:
    """The formula, when MathML and text are as they must be."""
    math = to_mathml2(formula)
    # Embedding must be safe: it reads back, and the reader's limits are not near.
    assert etree.fromstring(etree.tostring(math)).tag == math.tag
    valid = schema()
    assert valid is None or valid.validate(math), valid.error_log
    assert to_text(formula).strip()
    assert "\n" not in to_text(formula)
    return formula


def check(sources: list[str], *, display: bool) -> None:
    """Everything that must hold of some sources, with one run of Typst for all of them."""
    kept = [formula for source in sources if (formula := accepted(source, display=display))]
    markup = [to_typst(converted(formula)) for formula in kept]
    try:
        _compile("".join(f"${written}$\n\n" for written in markup))
    except typst.TypstError as error:
        for formula, written in zip(kept, markup, strict=True):
            try:
                _compile(f"${written}$")
            except typst.TypstError:
                pytest.fail(f"{formula.latex!r} became {written!r}: {error}")
        raise


def _compile(source: str) -> None:
    compiler().compile(input=source.encode(), format="pdf")


@settings(deadline=None, max_examples=60)
@given(st.lists(formulas, min_size=10, max_size=30), st.booleans())
def test_what_is_accepted_converts(sources: list[str], display: bool) -> None:
    check(sources, display=display)


@settings(deadline=None, max_examples=60)
@given(st.lists(mangled(), min_size=10, max_size=30), st.booleans())
def test_mangled_corpus_is_refused_or_converts(sources: list[str], display: bool) -> None:
    check(sources, display=display)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.text(max_size=30), min_size=10, max_size=30), st.booleans())
def test_any_text_is_refused_or_converts(sources: list[str], display: bool) -> None:
    check(sources, display=display)


HOSTILE = [
    '#read("secret.txt")',
    '$ #read("secret.txt") $',
    '"); #read("secret.txt"); ("',
    '"#read("secret.txt")"',
    r'\"#read("secret.txt")',
    '[#read("secret.txt")]',
    '$] #panic("x") [$',
    "*/ #panic() /*",
    "//",
    "\\u{23}panic()",
    '``` #panic("x")',
    '@import "x": *',
    '<script>alert("x")</script>',
    "&lt;!ENTITY x SYSTEM 'file:///etc/passwd'>",
    "]]>",
]


@pytest.mark.parametrize("payload", HOSTILE)
def test_hostile_text_stays_text(payload: str, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    escaped = payload.replace("\\", r"\textbackslash ")
    for character in "{}#$%&_":
        escaped = escaped.replace(character, "\\" + character)
    sources = [
        rf"{text}{{{escaped}}}" for text in (r"\text", r"\textbf", r"\operatorname", r"\tag")
    ]
    sources += [payload, escaped, rf"\color{{{payload}}} x", rf"\begin{{{payload}}}x"]
    sources += [rf"\hspace{{{payload}}}x", rf"\begin{{array}}{{{payload}}}x\end{{array}}"]
    for source in sources:
        formula = accepted(source, display=False)
        if formula is None:
            continue
        converted(formula)
        # A formula that could run code would read the file, or fail to.
        compile_typst([formula])
        math = to_mathml2(formula)
        assert {element.tag.rpartition("}")[2] for element in math.iter()} <= TAGS
    text = parse(rf"\text{{{escaped}}}", display=False)
    shown = "".join(to_mathml2(text).itertext()).replace("\u00a0", " ")
    for printed, written in (("“", "``"), ("‘", "`"), ("”", '"'), ("’", "'")):
        shown = shown.replace(printed, written)
    assert shown == payload


TAGS = set(
    """
    math mrow mstyle mi mn mo mtext mspace mfrac msqrt mroot msub msup msubsup munder mover
    munderover mmultiscripts mprescripts mphantom mpadded menclose mtable mtr mtd
    """.split()
)


@pytest.mark.skipif(not SCHEMA.exists(), reason=NO_SCHEMA)
def test_properties_validate() -> None:
    """Say so when the properties above ran without the schema."""
    assert schema() is not None
