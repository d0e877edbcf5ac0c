"""Hypothesis strategies for rich texts: trees that no writer would think of."""

from __future__ import annotations

from hypothesis import strategies as st

from coursec.model.text import (
    Asset,
    Block,
    BulletList,
    Code,
    CodeBlock,
    Emphasis,
    Gap,
    Heading,
    Image,
    Inline,
    LineBreak,
    Link,
    Math,
    OrderedList,
    Paragraph,
    Quote,
    RichText,
    Rule,
    SoftBreak,
    Strong,
    Table,
    Text,
)
from courses import PNG
from strategies import characters, hostile

DOT = Asset("media/dot.png", "image/png", PNG)
IMAGES = (DOT, Asset("media/a (b)/100%20 [ü].png", "image/png", PNG))
"""Where the images of the texts lie; a course that is read must hold them."""

# What begins a block, ends one, or stresses, at the edges where it does.
_markers = st.sampled_from(
    [
        *("- a", "-", "+ ", "* b", "1. x", "12) ", "# t", "###", "> q", "===", "---", "- - -"),
        *("~~~", "```", "|-|", ":-:", "| a | b |", "[a]: b", "[x](y)", "![i](j)", "a_b_c", "**"),
        *("`", "``", "&amp;", "&#32;", "<b>", "<a@b.c>", "\\", "\\\\", "{{x}}", "{", "$", "$$"),
        *(" ", "  ", "\t", "\u00a0", "\u2003", "5", "²", "é", "!", "[", "]", "(", "a #", "#"),
        *("    x", "a  b", "\ufeff", "x * y", "ab_cd", "C:\\new", "\n", "* * *", "_", "*"),
    ]
)
texts = st.one_of(
    _markers,
    st.lists(st.one_of(_markers, hostile, characters), min_size=1, max_size=5).map("".join),
    st.text("ab .,", min_size=1, max_size=10),
)
_formulas = st.sampled_from(
    [
        *("x", "\\frac{a}{b}", "|x|", "5", "a_b^c", "\\text{if $x$}", "\\text{$a$$b$}", "a < b"),
        *("\\{", "a\\ ", "\\$", "x\n+ y", "a\n\n  = b", "[x]", "{{x}}", "*a*", "\\sum\n- 1\n"),
        "x" * 1200,
    ]
)
_addresses = st.sampled_from(
    [
        *("https://example.org/a?b=1&c=2", "http://example.org", "mailto:a@example.org"),
        *("https://example.org/(x", "https://example.org/a b*c_d|e`f<g>\\h", "javascript:x", ""),
        *("https://bücher.example/ü?ö#ä%", "https://example.org/&amp;x", "HTTPS://Example.ORG/%41"),
        *("https://example.org/[x]{y}^$z", "https://example.org:80/a(b)c", "ftp://x"),
    ]
)
_languages = st.sampled_from(["", "python", "c++", "python hl", "no such/", "`"])
_leaves: st.SearchStrategy[Inline] = st.one_of(
    st.builds(Text, texts),
    st.builds(Text, texts),
    st.builds(Code, st.one_of(texts, st.sampled_from(["", " ", "  ", " a ", "`a`", "a ``", "|"]))),
    st.builds(Math, _formulas, st.booleans()),
    st.builds(Image, st.sampled_from(IMAGES), texts),
    st.sampled_from([SoftBreak(), LineBreak()]),
)


def inlines(gaps: bool) -> st.SearchStrategy[tuple[Inline, ...]]:
    """Sequences of inlines; with `gaps`, of a cloze's text."""
    leaves = st.one_of(_leaves, st.builds(Gap, st.sampled_from(["a", "b-1"]))) if gaps else _leaves
    nodes = st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.builds(Emphasis, st.lists(inner, max_size=3).map(tuple)),
            st.builds(Strong, st.lists(inner, max_size=3).map(tuple)),
            st.builds(Link, _addresses, st.lists(inner, max_size=3).map(tuple)),
            st.builds(lambda href: Link(href, (Text(href),)), _addresses),
        ),
        max_leaves=6,
    )
    return st.lists(nodes, max_size=5).map(tuple)


_letters = st.builds(Text, st.text("ab*_` .!$5[\u00a0", min_size=1, max_size=2))
dense_lines: st.SearchStrategy[tuple[Inline, ...]] = st.lists(
    st.recursive(
        st.one_of(
            _letters,
            _letters,
            st.sampled_from([Code("c"), Math("x"), SoftBreak(), LineBreak(), Math("y", True)]),
        ),
        lambda inner: st.one_of(
            st.builds(Emphasis, st.lists(inner, max_size=3).map(tuple)),
            st.builds(Strong, st.lists(inner, max_size=3).map(tuple)),
            st.builds(Link, st.just("http://e.org"), st.lists(inner, max_size=3).map(tuple)),
        ),
        max_leaves=8,
    ),
    max_size=6,
).map(tuple)
"""Lines in which everything touches something."""


@st.composite
def _tables(draw: st.DrawFn, cells: st.SearchStrategy[tuple[Inline, ...]]) -> Table:
    row = st.lists(cells, max_size=3).map(tuple)
    alignments = st.lists(st.sampled_from(["", "left", "center", "right"]), max_size=3)
    return Table(
        draw(row),
        tuple(draw(st.lists(row, max_size=3))),
        tuple(draw(alignments)),  # type: ignore[arg-type]
    )


def blocks(gaps: bool = False) -> st.SearchStrategy[Block]:
    """Blocks of any shape."""
    lines = inlines(gaps)
    leaves: st.SearchStrategy[Block] = st.one_of(
        st.builds(Paragraph, lines),
        st.builds(Paragraph, lines),
        st.builds(Heading, st.integers(0, 7), lines),
        st.builds(CodeBlock, st.lists(texts, max_size=3).map("\n".join), _languages),
        st.just(Paragraph((Math("x\n  = y", display=True),))),
        st.just(Rule()),
        _tables(lines),
    )

    def grown(inner: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
        some = st.lists(inner, max_size=3).map(tuple)
        entries = st.lists(some, max_size=3).map(tuple)
        starts = st.sampled_from([1, 0, 2, 9, 10**9, -1])
        return st.one_of(
            st.builds(Quote, some),
            st.builds(BulletList, entries, st.booleans()),
            st.builds(OrderedList, entries, starts, st.booleans()),
        )

    return st.recursive(leaves, grown, max_leaves=6)


def rich_texts(*, gaps: bool = False) -> st.SearchStrategy[RichText]:
    """Texts of any shape, most of which Markdown cannot write as they are."""
    return st.lists(blocks(gaps), max_size=4).map(lambda found: RichText(tuple(found)))
