"""HTML, XHTML and Markdown as rich text: what a browser shows is there, what is lost is said."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, field
from time import monotonic

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from coursec.model.text import (
    Asset,
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
    SoftBreak,
    Strong,
    Table,
    Text,
    walk,
)
from coursec.proof.textform import form
from coursec.readers.markup import (
    Element,
    TextReader,
    from_lxml,
    gap_mark,
    marked_gap,
    parse_html,
    visible,
)
from coursec.readers.media import asset, data_uri
from coursec.text.html import HtmlWriter
from coursec.text.markdown import markdown_text, normal
from coursec.text.xhtml import QTI, Xhtml
from courses import PNG
from richtexts import IMAGES, rich_texts

DOT = Asset("media/dot.png", "image/png", PNG)
PNG_ADDRESS = f"data:image/png;base64,{b64encode(PNG).decode()}"


@dataclass
class Desk:
    """Reads texts and keeps what was told."""

    tex: bool = True
    told: list[tuple[str, str]] = field(default_factory=list)

    def reader(self) -> TextReader:
        files = {"dot.png": DOT, **{asset.path: asset for asset in IMAGES}}
        return TextReader(
            files.get,
            lambda code, message: self.told.append((code, message)),
            tex=self.tex,
            gap=marked_gap,
        )


def html(source: str) -> RichText:
    """Read HTML of which nothing is lost."""
    desk = Desk()
    text = desk.reader().html(source)
    assert desk.told == []
    return text


def one_line(*children: object) -> RichText:
    return RichText((Paragraph(tuple(children)),))  # type: ignore[arg-type]


# What browsers show


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("a", one_line(Text("a"))),
        ("  a \t b  ", one_line(Text("a b"))),
        ("<p>a\n  b</p>", one_line(Text("a"), SoftBreak(), Text("b"))),
        ("a&nbsp; b", one_line(Text("a\u00a0 b"))),
        ("a <b> b</b>", one_line(Text("a "), Strong((Text("b"),)))),
        ("<em>a</em><i>b</i>", one_line(Emphasis((Text("a"),)), Emphasis((Text("b"),)))),
        ("a<br>\nb<br>", one_line(Text("a"), LineBreak(), Text("b"))),
        ("a<!-- x -->b&amp;&lt;", one_line(Text("ab&<"))),
        ("<q>a</q>", one_line(Text("“a”"))),
        ("<code>a  b</code>", one_line(Code("a  b"))),
        ("<code>a<span></span>b</code>", one_line(Code("ab"))),
        ("<code>a<br>b</code>", one_line(Code("a"), LineBreak(), Code("b"))),
        (
            '<a href="https://e.org/a b">x<b>y</b></a>',
            one_line(Link("https://e.org/a%20b", (Text("x"), Strong((Text("y"),))))),
        ),
        (f"a {gap_mark('g')}", one_line(Text("a "), Gap("g"))),
        (f"<code>a {gap_mark('g')}</code>", one_line(Code("a "), Gap("g"))),
        ('<img src="dot.png" alt=" A  dot ">', one_line(Image(DOT, "A dot"))),
        (
            '<code>a<img src="dot.png" alt="A dot"></code>',
            one_line(Code("a"), Image(DOT, "A dot")),
        ),
        (
            '<span style="font-weight: 700">a</span><span style="font-style:italic">b</span>',
            one_line(Strong((Text("a"),)), Emphasis((Text("b"),))),
        ),
    ],
)
def test_a_line(source: str, text: RichText) -> None:
    assert html(source) == text


def paragraph(text: str) -> Paragraph:
    return Paragraph((Text(text),))


@pytest.mark.parametrize(
    ("source", "blocks"),
    [
        ("<p>a</p><div>b</div>c", (paragraph("a"), paragraph("b"), paragraph("c"))),
        ("<p></p><p><br></p> <p>a</p>", (paragraph("a"),)),
        ("<b>a<p>b</p></b>", (
            Paragraph((Strong((Text("a"),)),)), Paragraph((Strong((Text("b"),)),)))),
        ("<h1>a</h1><h4>b</h4><h6>c</h6>", (
            Heading(1, (Text("a"),)), Heading(2, (Text("b"),)), Heading(4, (Text("c"),)))),
        ("a<hr>b", (paragraph("a"), Rule(), paragraph("b"))),
        ("<blockquote>a<p>b</p></blockquote>", (Quote((paragraph("a"), paragraph("b"))),)),
        ("<pre>a\n  b\n</pre>", (CodeBlock("a\n  b"),)),
        ("<pre><code class='x language-c++'>\na</code></pre>", (CodeBlock("\na", "c++"),)),
        ("<pre class='lang-py'>a<br>b <i>c</i></pre>", (CodeBlock("a\nb c", "py"),)),
        ("<ul><li>a</li> <li>b<ul><li>c</ul></ul>", (
            BulletList(((paragraph("a"),), (paragraph("b"), BulletList(((paragraph("c"),),))))),)),
        ("<ol start='3'><li><p>a</p></li></ol>", (
            OrderedList(((paragraph("a"),),), 3, tight=False),)),
        ("<ol><li value='7'>a<li>b</ol>", (
            OrderedList(((paragraph("a"),), (paragraph("b"),)), 7),)),
        # What stands in a list but in no entry belongs to the one before it.
        ("<ul><li>a</li>b<ul><li>c</li></ul></ul>", (
            BulletList(((paragraph("a"), paragraph("b"), BulletList(((paragraph("c"),),))),)),)),
        ("<dl><dt>3.</dt><dd>a</dd><dt>4.</dt><dd>b</dd></dl>", (
            OrderedList(((paragraph("a"),), (paragraph("b"),)), 3),)),
        ("<table><tr><th>a<th align='right'>b<tr><td>c<td style='text-align:right'>d</table>", (
            Table(((Text("a"),), (Text("b"),)), (((Text("c"),), (Text("d"),)),), ("", "right")),)),
    ],
)  # fmt: skip
def test_blocks(source: str, blocks: tuple[object, ...]) -> None:
    assert html(source).blocks == blocks


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (r"a \(x^2\)", "a $x^2$"),
        (r"\[x\] and $$y$$", "$$x$$ and $$y$$"),
        (r"\(a &lt; b\) costs $5", r"$a < b$ costs \$5"),
        (r"\( \text{\(x\)} \)", r"`\text{\(x\)}`"),
        ("\\<span></span>(x\\<span></span>)", r"\\(x\\)"),
        (r"<code>\(x\)</code>", r"`\(x\)`"),
        (r"\(x <b>y</b>\)", r"\\(x **y**\\)"),
        (r"\(x", r"\\(x"),
        ('<math display="block"><mi>x</mi></math>', "$$x$$"),
        ('<img class="equation_image" data-equation-content="x^2" src="y.png">', "$x^2$"),
        ('<img class="equation_image" src="/equation_images/%255Cfrac12" alt="z">', r"$\frac12$"),
        ("H<sub>2</sub>O", "H$_{2}$O"),
        ("5<sup>th</sup>", r"5$^{\text{th}}$"),
    ],
)
def test_formulas(source: str, shown: str) -> None:
    text = Desk().reader().html(source)
    assert markdown_text(normal(text), lambda asset: asset.path) == shown


def test_text_without_tex_stays_text() -> None:
    assert Desk(tex=False).reader().html(r"\(x\)") == one_line(Text(r"\(x\)"))


def test_tables_are_made_even() -> None:
    source = (
        "<table><thead><tr><th>a<th>b<th>c</thead>"
        "<tr><td colspan=2>d<td rowspan=2>e<tr><td>f<td>g<tr><th>h<td><p>i</p></table>"
    )
    (table,) = Desk().reader().html(source).blocks
    assert isinstance(table, Table)
    shown = [[visible_text(cell) for cell in row] for row in (table.header, *table.rows)]
    assert shown == [["a", "b", "c"], ["d", "", "e"], ["f", "g", ""], ["h", "i", ""]]


def visible_text(cell: tuple[object, ...]) -> str:
    nodes = walk(RichText((Paragraph(cell),)))  # type: ignore[arg-type]
    return "".join(node.text for node in nodes if isinstance(node, Text))


# What is lost is said


@pytest.mark.parametrize(
    ("source", "shown", "code", "words"),
    [
        ("<u>a</u> <font color='red'>b</font>", "a b", "W707", "underlining, fonts or colours"),
        ("<p style='text-align: center'>a</p>", "a", "W707", "alignment"),
        ("<script>alert(1)</script>a", "a", "W707", "script"),
        ("<style>p {}</style>a", "a", "W707", "style sheet"),
        ("a<p hidden>b</p>", "a", "W707", "not shown"),
        ("a<span style='display: none'>b</span>", "a", "W707", "not shown"),
        ("<audio src='x.mp3'>words</audio>", "words", "W707", "`x.mp3`"),
        ("<video><source src='x.mp4'></video>a", "a", "W707", "`x.mp4`"),
        ("<iframe src='https://e.org'></iframe>a", "a", "W707", "https://e.org"),
        ("a <input value='x'>", "a", "W707", "form field"),
        ("<a href='javascript:x'>a</a>", "a", "W707", "javascript:x"),
        ("<a href='#top'>a</a>", "a", "W707", "#top"),
        ("a\x07", "a", "W707", "cannot be shown"),
        ("x<sup><img src='dot.png' alt='q'></sup>", "x![q](media/dot.png)", "", ""),
        ("<sup>a, b</sup>", "a, b", "W707", "raised and lowered text"),
        ("H<sub>2</sub>", "H$_{2}$", "W708", "formulas"),
        (r"\(\foo\)", r"`\foo`", "W708", "Unknown command"),
        ("<math><mlongdiv><mn>1</mn></mlongdiv></math>", "`1`", "W708", "MathML"),
        ("<img src='https://e.org/a.png'>", "[a.png](https://e.org/a.png)", "W708", "network"),
        ("<img src='data:image/png;base64,AAAA' alt='a'>", "a", "W707", "not a PNG"),
        ("<img src='dot.png'>", "![dot.png](media/dot.png)", "W708", "no alternative text"),
        ("<img alt='a'>", "a", "W707", "names no file"),
        ("<ol start='-2'><li>a</ol>", "1. a", "W708", "`-2`"),
        ("<ol type='a'><li>a</ol>", "1. a", "W707", "letters"),
        ("<ol><li>a<li value='9'>b</ol>", "1. a\n2. b", "W708", "numbers of its own"),
        ("<dl><dt>a<dd>b</dl>", "**a**\n\nb", "W708", "terms"),
        ("<table><tr><td><p>a</p></table>", "a", "W708", "one cell"),
        ("<table><tr><td>a<td>b</table>", "| a   | b   |\n| --- | --- |", "W708", "no header"),
        ("<table><caption>c</caption><tr><th>ab</table>", "c\n\n| ab  |\n| --- |", "W708",
         "caption"),
        ("<table><tr><th>a<br>b</table>", "| a b |\n| --- |", "W708", "Line breaks"),
        ("<table><tr><th><p>a</p><p>b</p></table>", "| a b |\n| --- |", "W708", "joined"),
        ("<pre>a\n<img src='dot.png' alt='q'></pre>", "`a`\\\n![q](media/dot.png)", "W708", "Code"),
    ],
)  # fmt: skip
def test_what_is_lost_is_said(source: str, shown: str, code: str, words: str) -> None:
    desk = Desk()
    text = desk.reader().html(source)
    assert markdown_text(normal(text), lambda asset: asset.path) == shown
    if code:
        ((told, message),) = desk.told
        assert (told, words in message) == (code, True), message
        assert message.endswith(".")


def test_the_look_is_said_once() -> None:
    desk = Desk()
    desk.reader().html("<u>a</u><p><u>b</u> <s>c</s></p><ul><li><u>d</u></ul>")
    assert [message for _, message in desk.told] == [
        "The look of the text is lost: underlining, striking out."
    ]


# Other ways in


def test_markdown_is_read_as_html() -> None:
    text = Desk().reader().markdown("# a\n\n| b |\n|---|\n| *c* |\n\n<b>d</b> \\\\(x\\\\)")
    assert text.blocks == (
        Heading(1, (Text("a"),)),
        Table(((Text("b"),),), (((Emphasis((Text("c"),)),),),), ("",)),
        Paragraph((Strong((Text("d"),)), Text(" "), Math("x"))),
    )


def test_the_auto_format_keeps_lines() -> None:
    text = Desk().reader().auto(" a\r\nb <b>c</b>\n")
    assert text == one_line(Text("a"), LineBreak(), Text("b "), Strong((Text("c"),)))


def test_elements_of_lxml() -> None:
    source = (
        '<x:div xmlns:x="urn:x" xml:lang="de" x:a="1">a<!-- b --> c<?d e?><x:p>f</x:p>g</x:div>'
    )
    root = from_lxml(etree.fromstring(source))
    assert root == Element("div", {"lang": "de", "a": "1"}, ["a c", Element("p", {}, ["f"]), "g"])


def test_visible_characters() -> None:
    assert visible(parse_html("<p> a<b>b</b></p><p>c&nbsp;<br>d</p><script>e</script>")) == (
        "ab c\u00a0 d"
    )


# Images


def test_an_image_is_what_its_content_is() -> None:
    assert asset("x/y.png", PNG) == Asset("x/y.png", "image/png", PNG)
    assert asset("x/y.jpg", PNG) == Asset("x/y.jpg.png", "image/png", PNG)
    assert asset("x/y", b"<svg xmlns='http://www.w3.org/2000/svg'/>") == Asset(
        "x/y.svg", "image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg'/>"
    )
    assert asset("x.png", b"no image") is None
    assert asset("x.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>") is None


def test_images_inside_an_address() -> None:
    found = data_uri(PNG_ADDRESS)
    assert found is not None
    assert (found.data, found.media_type) == (PNG, "image/png")
    assert found == data_uri(PNG_ADDRESS.replace("png;", "jpeg;"))
    assert data_uri("data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E") is not None
    for broken in ("data:image/png;base64,A", "data:image/png", "data:,x", "dot.png"):
        assert data_uri(broken) is None


def test_large_images_inside_a_text_do_not_count_as_text() -> None:
    # PNG ignores what stands behind its last chunk, and so do browsers.
    large = b64encode(PNG + bytes(2_000_000)).decode()
    (block,) = html(f'<img src="data:image/png;base64,{large}" alt="A dot">').blocks
    assert isinstance(block, Paragraph)
    assert isinstance(block.children[0], Image)


# Laws


def same(first: RichText, second: RichText) -> bool:
    return form(first) == form(second)


@given(rich_texts(gaps=True))
@settings(max_examples=200, deadline=None)
def test_html_that_is_written_is_read(text: RichText) -> None:
    made = normal(text)
    written = HtmlWriter(lambda asset: PNG_ADDRESS, gap_mark).text(made)
    assert same(html(written), made), written


@given(rich_texts())
@settings(max_examples=200, deadline=None)
def test_xhtml_that_is_written_is_read(text: RichText) -> None:
    made = normal(text)
    root = etree.Element(f"{QTI}itemBody", nsmap={None: QTI[1:-1]})  # type: ignore[dict-item]
    Xhtml(lambda asset: PNG_ADDRESS).blocks(root, made)
    sent = etree.fromstring(etree.tostring(root))
    desk = Desk(tex=False)
    assert same(desk.reader().element(from_lxml(sent)), made), etree.tostring(root)


pieces = st.sampled_from(
    "<p>|</p>|<b>|</b>|<ul>|<li>|</ul>|<ol start=9>|<table>|<tr>|<td colspan=3>|<th>|</table>|"
    "<pre>|</pre>|<code>|</code>|<a href=http://e.org>|</a>|<br>|<hr>|<img src=x>|<h3>|</h3>|"
    "<img src=dot.png>|<blockquote>|<dl>|<dt>|<dd>|<sub>|</sub>|<math>|<mi>|<mfrac>|</math>|<svg>|"
    "<script>|</script>|<style>|<!--|-->|<![CDATA[|&amp;|&#0;|&#x110000;|\\(|\\)|\\[|$$|"
    "<div hidden>|<center>|<select>|<option>|<textarea>|<template>|<frameset>|<form>|<input>|"
    "</body>|"
    "<font color=red>|<span style='font-weight:bold;color:x'>|<coursec-gap name=g>|"
    "a|1.|'|\"|<|>|&|\x00|\ud800|\u2028|\n".split("|")
)


@given(st.lists(st.one_of(pieces, st.text(max_size=3)), max_size=20).map("".join), st.booleans())
@settings(max_examples=500, deadline=None)
def test_anything_is_read(source: str, tex: bool) -> None:
    for read in (TextReader.html, TextReader.auto, TextReader.markdown):
        text = read(Desk(tex=tex).reader(), source)
        # What is read can be written and read once more.
        made = normal(text)
        assert normal(made) == made
        markdown_text(made, lambda asset: asset.path)


@pytest.mark.parametrize(
    "source",
    [
        "<div>" * 300_000,
        "<b>" * 300_000,
        "".join(f"<p><font size={n}>x" for n in range(20_000)),
        "<ul><li>" * 100_000,
        "<table><tr><td>" * 50_000,
        "<table><tr>" + "<td colspan=1000 rowspan=1000>x" * 50_000,
        "\\(" * 900_000,
        "\\({" + "\\)" * 900_000,
        "$$" * 900_000,
        "<math>" + "<mrow>" * 200_000,
        "<a " * 500_000,
        "&lt;" * 450_000,
        " <b> </b>" * 200_000,
        "x" * 5_000_000,
    ],
    ids=lambda source: source[:12],
)
def test_nothing_takes_long(source: str) -> None:
    began = monotonic()
    Desk().reader().html(source)
    assert monotonic() - began < 30
