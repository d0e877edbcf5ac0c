"""Rich text as QTI's XHTML: every construct in the form that QTI 2.1 allows."""

from __future__ import annotations

import pytest
from lxml import etree

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
from coursec.text.xhtml import QTI, Xhtml

XHTML = Xhtml(lambda asset: asset.path)
A = (Text("a"),)


def stripped(element: etree._Element) -> str:
    """Return an element's inside without namespaces; of a formula only its kind."""
    for math in list(element.iter("{http://www.w3.org/1998/Math/MathML}math")):
        name = f"{QTI}math-{math.get('display', 'inline')}"
        marker = etree.Element(name, nsmap={None: QTI[1:-1]})
        marker.tail = math.tail
        math.getparent().replace(math, marker)
    text = etree.tostring(element, encoding="unicode")
    text = text.replace(f' xmlns="{QTI[1:-1]}"', "")
    return text.removeprefix("<div>").removesuffix("</div>").removesuffix("<div/>")


def blocks(*content: Block) -> str:
    root = etree.Element(QTI + "div", nsmap={None: QTI[1:-1]})
    XHTML.blocks(root, RichText(content))
    return stripped(root)


def flow(*content: Block) -> str:
    root = etree.Element(QTI + "div", nsmap={None: QTI[1:-1]})
    XHTML.flow(root, RichText(content))
    return stripped(root)


@pytest.mark.parametrize(
    ("inlines", "expected"),
    [
        ((Text("a < b & c"),), "a &lt; b &amp; c"),
        ((Text("a"), SoftBreak(), Text("b")), "a\nb"),
        ((Text("a"), LineBreak(), Text("b")), "a<br/>b"),
        ((Code(" x  y "), Text(" z")), "<code> x  y </code> z"),
        ((Emphasis((Text("a"), Strong(A))),), "<em>a<strong>a</strong></em>"),
        ((Link("https://x.org/?a&b", A), Text("!")), '<a href="https://x.org/?a&amp;b">a</a>!'),
        (
            (Image(Asset("a.png", "image/png", b""), 'say "a"'),),
            '<img src="a.png" alt="say &quot;a&quot;"/>',
        ),
        ((Text("so "), Math("x"), Text(" is")), "so <math-inline/> is"),
    ],
)
def test_inlines(inlines: tuple[Inline, ...], expected: str) -> None:
    assert blocks(Paragraph(inlines)) == f"<p>{expected}</p>"
    assert flow(Paragraph(inlines)) == expected


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (CodeBlock("a\n  <b>\n", "c++"),
         '<pre><code class="language-c++">a\n  &lt;b&gt;\n</code></pre>'),
        (CodeBlock("a"), "<pre><code>a</code></pre>"),
        (Rule(), "<hr/>"),
        (Quote((Paragraph(A),)), "<blockquote><p>a</p></blockquote>"),
        (BulletList(((Paragraph(A), BulletList(((Paragraph(A),),))),)),
         "<ul><li>a<ul><li>a</li></ul></li></ul>"),
        (BulletList(((Paragraph(A), Paragraph(A)), ()), tight=False),
         "<ul><li><p>a</p><p>a</p></li><li/></ul>"),
        (OrderedList(((Paragraph(A),),)), "<ol><li>a</li></ol>"),
        (OrderedList(((Paragraph(A),), (CodeBlock("b"),)), start=7),
         "<dl><dt>7.</dt><dd>a</dd><dt>8.</dt><dd><pre><code>b</code></pre></dd></dl>"),
        (Table((A, (Code("b"),)), ((A, ()),), ("right", "")),
         '<table><thead><tr><th scope="col" align="right">a</th>'
         '<th scope="col"><code>b</code></th></tr></thead>'
         '<tbody><tr><td align="right">a</td><td/></tr></tbody></table>'),
        (Table((A,), (), ("",)),
         '<table><tbody><tr><th scope="col">a</th></tr></tbody></table>'),
    ],
)  # fmt: skip
def test_blocks(block: Block, expected: str) -> None:
    assert blocks(block) == expected
    assert flow(block) == expected


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("https://x.org/a%20b?c=d&e#f", "https://x.org/a%20b?c=d&e#f"),
        ("https://x.org/ä b/[1]", "https://x.org/%C3%A4%20b/%5B1%5D"),
        ("https://x.org/100%#a#b", "https://x.org/100%25#a%23b"),
        ("https://[::1]:80/[", "https://[::1]:80/%5B"),
        ("mailto:a@b.org?subject=%zz", "mailto:a@b.org?subject=%25zz"),
    ],
)
def test_addresses_become_uris(href: str, expected: str) -> None:
    root = etree.fromstring(blocks(Paragraph((Link(href, A),))))
    assert root.xpath("a/@href") == [expected]


def test_several_paragraphs_flow_as_blocks() -> None:
    assert flow(Paragraph(A), Paragraph(A)) == "<p>a</p><p>a</p>"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ([1], [3]),
        ([3, 3], [3, 3]),
        ([2, 6, 4, 2], [3, 4, 4, 3]),
        ([4, 2], [3, 3]),
        ([1, 2, 3, 4, 5, 6], [3, 4, 5, 6, 6, 6]),
        ([1, 4, 3], [3, 4, 4]),
    ],
)
def test_headings_begin_at_h3_and_never_skip_a_level(
    written: list[int], expected: list[int]
) -> None:
    text = blocks(*(Heading(level, A) for level in written))
    assert text == "".join(f"<h{level}>a</h{level}>" for level in expected)


def test_heading_levels_begin_anew_with_each_text() -> None:
    assert blocks(Heading(1, A), Heading(2, A)) == blocks(Heading(1, A), Heading(2, A))


def test_a_displayed_formula_gets_a_paragraph_of_its_own() -> None:
    formula = Math("x", display=True)
    inlines = (Text("a"), SoftBreak(), formula, SoftBreak(), Text("b"), formula)
    assert blocks(Paragraph(inlines)) == (
        "<p>a</p><p><math-block/></p><p>b</p><p><math-block/></p>"
    )
    assert flow(Paragraph((formula,))) == "<p><math-block/></p>"
    tight = BulletList(((Paragraph(inlines[:3]),),))
    assert blocks(tight) == "<ul><li><p>a</p><p><math-block/></p></li></ul>"


def test_a_gap_is_written_by_the_one_who_asks() -> None:
    def write(parent: etree._Element, gap: Gap) -> etree._Element:
        return etree.SubElement(parent, QTI + "gap-" + gap.name)

    root = etree.Element(QTI + "div", nsmap={None: QTI[1:-1]})
    text = RichText((Paragraph((Text("a "), Emphasis((Gap("x"),)), Text(" b"))),))
    Xhtml(lambda asset: asset.path, write).blocks(root, text)
    assert stripped(root) == "<p>a <em><gap-x/></em> b</p>"


def test_a_gap_elsewhere_is_a_bug() -> None:
    with pytest.raises(ValueError, match="outside"):
        blocks(Paragraph((Gap("x"),)))
