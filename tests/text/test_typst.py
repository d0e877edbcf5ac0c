"""Rich text as Typst: what an author wrote is shown, and nothing of it is obeyed."""

from __future__ import annotations

import json
import string as ascii_characters
from io import BytesIO

import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

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
    LineBreak,
    Link,
    Math,
    OrderedList,
    Paragraph,
    Quote,
    RichText,
    Rule,
    Strong,
    Table,
    Text,
    plain,
)
from coursec.text.typst import Renderer, escape, language, pixels, string

# What the fonts inside Typst have, and what Typst gives a meaning.
LETTERS = "azAZ09 éßłŧſπΩжЯיא–—„“…€±×÷∑∞≤→ﬁ\u00a0\u200b\u2028\u0085"
HOSTILE = (
    "#let x = 1", "#read(\"/etc/passwd\")", "#eval(\"1\")", "#import \"@preview/a:0.1.0\"", "$x$",
    "*b*", "_e_", "`r`", "= h", "- l", "+ e", "/ t: d", "<label>", "@ref", "//", "/*", "*/", "\\",
    "~", "--", "---", "...", "'", '"', "]", "[", "}", "{", "#", "https://example.org", "#[",
    "\\u{41}", ";", "#;", "1.", "-?", "-5",
)  # fmt: skip
texts = st.lists(
    st.one_of(st.sampled_from(HOSTILE), st.sampled_from(LETTERS + ascii_characters.punctuation)),
    max_size=12,
).map("".join)


def shown(markup: str) -> str:
    """Set markup and return its text without any space."""
    pdf = typst.compile(
        f"#set page(width: 90cm, height: auto)\n{markup}\n".encode(), ignore_system_fonts=True
    )
    return bare("".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages))


def bare(text: str) -> str:
    """Leave out what has no width of its own, and what a font joins."""
    joined = text.replace("ﬁ", "fi").replace("ﬀ", "ff").replace("ﬂ", "fl").replace("ﬃ", "ffi")
    return "".join(joined.replace("\u200b", "").split()).replace("‐", "-")


def render(*blocks: Block, level: int = 2) -> str:
    return Renderer().blocks(RichText(blocks), level=level)


@settings(max_examples=80, deadline=None)
@given(st.lists(texts, min_size=1, max_size=8))
def test_any_text_comes_back_as_it_was(written: list[str]) -> None:
    # Letters between the texts: a mark alone at the end of a line may be anything to a reader.
    markup = "".join(f"x{escape(text)}x #strong[{escape(text)}] " for text in written)
    wanted = "".join(f"x{text}x{text}" for text in written)
    if not any("\u05d0" <= c <= "\u05ea" for c in wanted):  # A reader turns Hebrew around.
        assert shown(markup) == bare(wanted)


@settings(max_examples=60, deadline=None)
@given(texts)
def test_any_string_comes_back_as_it_was(written: str) -> None:
    assert json.loads(typst.eval(b"", string(written))) == written


def test_every_mark_is_escaped_and_a_text_stays_on_one_line() -> None:
    assert escape("#let [x]\n\n= y") == r"\#let \[x\]  \= y"
    assert all(escape(mark) == f"\\{mark}" for mark in ascii_characters.punctuation)
    assert string('a"b\\c\nd') == r'"a\"b\\c\nd"'


def test_headings_skip_no_level_whatever_the_author_skips() -> None:
    headings = (Heading(level, (Text("h"),)) for level in (2, 4, 3, 6, 1, 2))
    markup = render(*headings, level=4)
    assert [line[:18] for line in markup.split("\n\n")] == [
        f"#heading(level: {level}" + ")" for level in (4, 5, 5, 6, 4, 5)
    ]


@pytest.mark.parametrize(
    ("blocks", "markup"),
    [
        ((Paragraph((Text("a"), LineBreak(), Text("b"))),), "a#linebreak()b"),
        ((Paragraph((Emphasis((Text("a"),)), Strong((Text("b"),)))),), "#emph[a]#strong[b]"),
        ((Paragraph((Code('x"#'),)),), r'#raw("x\"#")'),
        ((CodeBlock("a\n  b", "python"),), r'#raw(block: true, "a\n  b")'),
        ((Quote((Paragraph((Text("a"),)),)),), "#quote(block: true)[a]"),
        ((BulletList((plain("a").blocks, plain("b").blocks)),), "#list(tight: true, [a], [b])"),
        ((OrderedList((plain("a").blocks,), 3, False),), "#enum(start: 3, tight: false, [a])"),
        ((Rule(),), "#line(length: 100%, stroke: 0.5pt)"),
        ((Paragraph((Gap("x"),)),), ""),
        (
            (Table(((Text("h"),), ()), (((Text("a"),), (Text("b"),)),), ("", "right")),),
            "#table(columns: 2, align: (start, right,),\ntable.header([h], []),\n[a], [b]\n)",
        ),
    ],
)
def test_markup(blocks: tuple[Block, ...], markup: str) -> None:
    assert render(*blocks) == markup


def test_a_link_shows_its_address_unless_it_already_does() -> None:
    href = "https://example.org/a_b"
    there = '#link("https://example.org/a_b")'
    address = escape(href)
    assert render(Paragraph((Link(href, (Text("here"),)),))) == f"{there}[here \\({address}\\)]"
    assert render(Paragraph((Link(href, (Text(href),)),))) == f"{there}[{address}]"
    assert "mailto" not in render(Paragraph((Link("mailto:a@b.c", (Text("me"),)),)))[20:]


def test_math_has_its_source_as_alternative_text() -> None:
    markup = render(Paragraph((Math(r"\frac{a}{b}", display=True),)))
    assert markup.startswith(r'#math.equation(alt: "\\frac{a}{b}", block: true, $')
    assert shown(markup) != ""


def test_images_are_named_by_their_content() -> None:
    renderer = Renderer()
    image = Image(Asset("media/a.svg", "image/svg+xml", b"<svg/>"), 'An "a"')
    once = renderer.blocks(RichText((Paragraph((image,)),)), level=2)
    inline = renderer.blocks(RichText((Paragraph((Text("x"), image)),)), level=2)
    [name] = renderer.images
    assert once == f'#picture(image("{name}", alt: "An \\"a\\""), none)'
    assert inline == f'x#inline-picture(image("{name}", alt: "An \\"a\\""), none)'
    assert name.endswith(".svg")


def test_the_size_of_an_image_is_in_its_header() -> None:
    png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\2\0\0\0\7"
    gif = b"GIF89a\2\1\7\0"
    app, frame = b"\xff\xe0\0\4ab", b"\xff\xc2\0\x0b\x08\0\7\1\2\1\0\0\0"
    assert pixels(Asset("a", "image/png", png)) == (258, 7)
    assert pixels(Asset("a", "image/gif", gif)) == (258, 7)
    assert pixels(Asset("a", "image/jpeg", b"\xff\xd8" + app + frame)) == (258, 7)
    assert pixels(Asset("a", "image/jpeg", b"\xff\xd8" + app)) is None
    assert pixels(Asset("a", "image/svg+xml", b"<svg/>")) is None


@pytest.mark.parametrize(
    ("tag", "arguments"),
    [
        ("en", 'lang: "en", region: none'),
        ("de-CH", 'lang: "de", region: "CH"'),
        ("zh-Hant-TW", 'lang: "zh", region: "TW"'),
        ("es-419", 'lang: "es", region: none'),
        ("x-klingon", 'lang: "en", region: none'),
    ],
)
def test_languages(tag: str, arguments: str) -> None:
    assert language(tag) == arguments
    typst.compile(f"#set text({arguments})".encode(), ignore_system_fonts=True)
