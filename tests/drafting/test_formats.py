"""Every format becomes slides: titles, lists, tables, code, notes, images, structure."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursec.diagnostics import Diagnostics
from coursec.drafting.ingest import formats, pdf, source_file
from coursec.drafting.ingest.markdown_out import body
from coursec.drafting.ingest.page import Deck
from coursec.drafting.ingest.pdf_lines import Char, is_elsewhere
from drafting import decks
from drafting.measures import SEED


def read(name: str, data: bytes, folder: Path | None = None) -> tuple[Deck | None, Diagnostics]:
    sink = Diagnostics()
    return formats.read(name, data, sink, folder=folder), sink


def codes(sink: Diagnostics) -> list[str]:
    return [d.code for d in sink]


def slide(deck: Deck | None, title: str) -> str:
    assert deck
    page = next(p for p in deck.pages if p.title == title)
    return body(page, lambda picture: "image" + picture.suffix)


def kinds(deck: Deck | None) -> dict[str, list[str]]:
    assert deck
    return {p.title: sorted(p.kinds) for p in deck.pages if p.kinds}


# PDF


def test_a_pdf_keeps_its_titles_lists_tables_and_code() -> None:
    pytest.importorskip("pypdfium2")
    deck, sink = read("a.pdf", decks.pdf())
    assert codes(sink) == []
    assert slide(deck, "The light reactions") == (
        "- Light splits water and sets oxygen free, and the electrons pass along a chain of "
        "proteins that pumps protons across the membrane.\n"
        "  - Protons flow back through an enzyme\n- ATP and NADPH carry the energy"
    )
    assert slide(deck, "The Calvin cycle").startswith(
        "1. Rubisco fixes carbon dioxide\n2. ATP and NADPH are used\n3. Sugar leaves the cycle\n\n"
        "The cycle needs no light itself, but it stops soon after dark because it runs out of ATP"
    )
    assert "| Calvin cycle    | stroma of the chloroplast | No          |" in slide(
        deck, "Comparison"
    )
    assert slide(deck, "Measuring") == (
        "```\ndef rate(before, after):\n    difference = before - after\n"
        "    return difference / 60\n```\n\n![](image.png)"
    )
    assert "| Wheat | C3   | 25   |" in slide(deck, "Booktabs")
    assert kinds(deck) == {"Lecture 2: Photosynthesis": ["title"], "Agenda": ["agenda"]}


def test_running_footers_and_page_numbers_of_a_pdf_are_left_out_and_said() -> None:
    pytest.importorskip("pypdfium2")
    deck, _ = read("a.pdf", decks.pdf())
    assert deck
    assert deck.dropped == ("Plants 101 Institute of Leaves 1",)
    assert not any("Institute of Leaves" in page.text for page in deck.pages)


def _typst(source: str) -> bytes:
    return decks.pdf(source)


THEME = r"""
#set page(width: 16cm, height: 9cm, margin: 0cm)
#set text(size: 11pt)
#let slide(number, title, body) = {
  place(rect(width: 100%, height: 100%, fill: rgb("f4f4f4")))
  place(rect(width: 100%, height: 1.2cm, fill: navy))
  place(dy: 1.2cm, rect(width: 3cm * number, height: 1pt, fill: red))
  place(dx: 5mm, dy: 3mm, text(size: 16pt, fill: white, title))
  place(dx: 1cm, dy: 2cm, body)
  if number > 0 { place(dx: 14.5cm, dy: 8.4cm, text(size: 7pt)[#number]) }
  pagebreak(weak: true)
}
"""
"""Slides with a theme's panels: a background, a bar behind the title, one that grows."""


def test_panels_of_a_theme_are_no_tables() -> None:
    pytest.importorskip("pypdfium2")
    source = THEME + (
        "#slide(1, [Osmosis])[- Water crosses a membrane\n- Solutes stay behind]\n"
        "#slide(2, [Turgor])[- Pressure of the water on the wall\n- Plants wilt without]\n"
        "#slide(3, [Rates])[#table(columns: 2, [Plant], [Rate], [Maize], [40], [Wheat], [25])]"
    )
    deck, _ = read("theme.pdf", _typst(source))
    assert slide(deck, "Osmosis") == "- Water crosses a membrane\n- Solutes stay behind"
    assert slide(deck, "Turgor").startswith("- Pressure of the water on the wall")
    assert "| Maize | 40   |" in slide(deck, "Rates")


def test_boxes_and_axes_of_a_drawing_are_no_table() -> None:
    pytest.importorskip("pypdfium2")
    source = r"""
#set page(width: 16cm, height: 9cm, margin: 1cm)
= Cells in a chain
Every cell hands its result to the next one, which waits for it.
#let box(x, y, name) = place(dx: x, dy: y, rect(width: 2.6cm, height: 1cm, name))
#box(1cm, 1cm, [input one]) #box(5cm, 1cm, [core one]) #box(9cm, 1cm, [output one])
#box(2cm, 3cm, [input two]) #box(6cm, 3cm, [core two]) #box(10cm, 3cm, [output two])
#place(dx: 3.6cm, dy: 1.5cm, line(length: 1.4cm))
#place(dx: 1cm, dy: 5.5cm, line(length: 11cm))
#for i in range(9) { place(dx: 1cm + i * 1cm, dy: 5.3cm, line(length: 3mm, angle: 90deg)) }
"""
    deck, _ = read("drawing.pdf", _typst(source))
    assert deck
    text = slide(deck, "Cells in a chain")
    assert "|" not in text
    assert text.startswith("Every cell hands its result to the next one, which waits for it.")


def test_a_slide_that_is_built_up_is_kept_once_with_all_of_it() -> None:
    pytest.importorskip("pypdfium2")
    points = ("- Roots take up water", "- Stems carry it", "- Leaves lose it")
    steps = [f"#slide(0, [Transport])[{chr(10).join(points[:n])}]" for n in (1, 2, 3)]
    other = "#slide(0, [Transport])[- Sugar moves in the phloem\n- Leaves lose it]"
    deck, _ = read("steps.pdf", _typst(THEME + "\n".join((*steps[1:], other))))
    assert deck
    assert [body(page, lambda _: "") for page in deck.pages] == [
        "\n".join(points), "- Sugar moves in the phloem\n- Leaves lose it",
    ]  # fmt: skip
    assert deck.shared == 1


def test_the_columns_of_a_slide_are_read_one_after_the_other() -> None:
    pytest.importorskip("pypdfium2")
    source = THEME + (
        "#slide(0, [Two kinds])[#grid(columns: (6cm, 6cm), gutter: 1cm, "
        "[- Monocots have one leaf\n- Maize is one], [- Dicots have two leaves\n- Peas are such])]"
    )
    deck, _ = read("columns.pdf", _typst(source))
    assert slide(deck, "Two kinds") == (
        "- Monocots have one leaf\n- Maize is one\n\n- Dicots have two leaves\n- Peas are such"
    )


def test_the_header_of_a_table_is_no_title() -> None:
    pytest.importorskip("pypdfium2")
    source = (
        "#set page(width: 16cm, height: 9cm)\n#set text(size: 10pt)\n"
        "#table(columns: 2, text(14pt)[Plant], text(14pt)[Rate], [Maize], [40], [Wheat], [25])\n"
        "Rates differ between plants, and so do their needs for water and for light."
    )
    deck, _ = read("t.pdf", _typst(source))
    assert deck
    assert [page.title for page in deck.pages] != ["Plant Rate"]
    assert "| Plant | Rate |" in body(deck.pages[0], lambda _: "")


NOTES = r"""
#set page(width: 12cm, height: 16cm, margin: 1.5cm, numbering: "1")
#set text(size: 10pt)
#let head(words) = block(text(size: 14pt, words))
#let entry(words, page) = [#words #box(width: 1fr, repeat[. ]) #page \\ ]
#head[Contents]
#entry([Leaves], 2) #entry([Veins], 2) #entry([Roots], 3)
#pagebreak()
#head[Leaves]
#lorem(150)
#head[Veins of leaves]
#lorem(120)
#table(columns: 2, text(14pt)[Plant], text(14pt)[Rate], [Maize], [40])
#head[Roots]
#lorem(300)
#head[Stems]
#lorem(40)
"""


def test_notes_become_sections_whatever_page_they_stand_on() -> None:
    pytest.importorskip("pypdfium2")
    deck, _ = read("notes.pdf", _typst(NOTES))
    assert deck
    titles = [page.title for page in deck.pages]
    assert titles == ["Contents", "Leaves", "Veins of leaves", "Roots", "Stems"]
    assert kinds(deck) == {"Contents": ["agenda"]}
    assert "| Maize | 40   |" in slide(deck, "Veins of leaves")
    roots = slide(deck, "Roots")  # it goes over two pages, whose numbers are left out
    assert len(roots.split()) >= 300
    assert not any(character.isdigit() for character in roots)


def test_a_text_without_headings_stays_in_pages() -> None:
    pytest.importorskip("pypdfium2")
    source = NOTES[: NOTES.index("#let")] + "#text(16pt)[A letter]\n\n#lorem(700)"
    deck, _ = read("letter.pdf", _typst(source))
    assert deck
    assert [page.number for page in deck.pages] == list(range(1, len(deck.pages) + 1))
    assert len(deck.pages) > 2


def test_a_sign_further_left_and_further_down_begins_a_line() -> None:
    """PDFium says nothing of it on some pages that are far wider than high."""
    end = Char("?", left=157, top=10, right=164, bottom=26, size=16)
    assert is_elsewhere(end, Char("•", left=31, top=24, right=34, bottom=36, size=12))
    assert not is_elsewhere(end, Char("2", left=165, top=18, right=168, bottom=27, size=9))


def test_a_scan_says_that_it_must_be_recognised() -> None:
    pytest.importorskip("pypdfium2")
    deck, sink = read("scan.pdf", _typst('#image("leaf.png", width: 100%)'))
    assert deck is None
    assert codes(sink) == ["E903"]


def test_a_scanned_page_among_others_is_named() -> None:
    pytest.importorskip("pypdfium2")
    source = '= One\nWords are here.\n#pagebreak()\n#image("leaf.png", width: 90%)'
    deck, sink = read("part.pdf", _typst(source))
    assert deck
    assert codes(sink) == ["W918"]
    assert "Page 2 of the file" in next(iter(sink)).message


def test_a_protected_pdf_says_so() -> None:
    pytest.importorskip("pypdfium2")
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(decks.pdf())))
    writer.encrypt("secret", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    deck, sink = read("locked.pdf", out.getvalue())
    assert deck is None
    assert codes(sink) == ["E902"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.md", "# A\n\n" + "".join(f"## S{n}\n\n- a **b** c {n}\n\n" for n in range(8_000))),
        ("a.html", "".join(f"<h2>T{n}</h2><p>w{n}</p>" for n in range(30_000))),
    ],
)
def test_a_text_of_far_too_many_slides_is_soon_refused(name: str, text: str) -> None:
    begin = process_time()
    sink = Diagnostics()
    assert formats.read(name, text.encode(), sink, titles=[]) is None
    assert codes(sink) == ["E904"]
    assert process_time() - begin < 6


def test_a_crowded_page_takes_no_long_time() -> None:
    begin = process_time()
    deck = formats.read("a.pdf", decks.crowded(4_000), Diagnostics(), titles=[])
    assert process_time() - begin < 4
    assert deck
    assert "word3999" in body(deck.pages[0], lambda _: "")


@pytest.mark.parametrize("size", [12, 400, 3000])
def test_a_broken_pdf_says_so(size: int) -> None:
    pytest.importorskip("pypdfium2")
    deck, sink = read("cut.pdf", decks.pdf()[:size])
    assert deck is None
    assert codes(sink) == ["E901"]


def test_a_pdf_of_too_many_pages_or_too_slow_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pypdfium2")
    monkeypatch.setattr(pdf, "MOST_PAGES", 3)
    deck, sink = read("long.pdf", decks.pdf())
    assert deck is None
    assert codes(sink) == ["E904"]
    monkeypatch.undo()
    monkeypatch.setattr(pdf, "LONGEST", -1.0)
    deck, sink = read("slow.pdf", decks.pdf())
    assert "W912" in codes(sink)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_damaged_pdf_gives_findings_and_never_a_traceback(data: st.DataObject) -> None:
    pytest.importorskip("pypdfium2")
    whole = bytearray(_PDF)
    for _ in range(data.draw(st.integers(1, 20))):
        at = data.draw(st.integers(8, len(whole) - 1))
        whole[at] = data.draw(st.integers(0, 255))
    deck, sink = read("d.pdf", bytes(whole))
    assert deck is not None or sink.errors


_PDF = decks.pdf("= One\n- Words\n- More")


# PowerPoint


def test_a_deck_keeps_levels_notes_tables_charts_code_and_images() -> None:
    pytest.importorskip("pptx")
    deck, sink = read("b.pptx", decks.pptx())
    assert deck
    assert deck.title == "Plants"
    assert slide(deck, "The light reactions") == (
        "- Light splits water\n  - Oxygen is set free\n- ATP & NADPH carry \\<energy>\n\n"
        "> [!NOTE]\n> Ask for examples.\n> Second line."
    )
    assert "| Calvin   | stroma    |" in slide(deck, "Comparison")
    assert slide(deck, "Measuring") == (
        "```\ndef rate(a, b):\n    return a - b\n```\n\n![](image.png)\n\n"
        "![A leaf in light](image.png)"
    )
    assert "| Maize | 40   |" in slide(deck, "Rates")
    assert kinds(deck) == {"Photosynthesis": ["title"], "Part two": ["section"]}
    assert [d.message for d in sink] == ["Slide 7 is hidden: it is left out."]


def _zip(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize("suffix", ["pptx", "docx"])
def test_an_archive_that_is_a_bomb_is_not_opened(suffix: str) -> None:
    inner = "ppt/presentation.xml" if suffix == "pptx" else "word/document.xml"
    bomb = _zip({inner: b"<x/>", "big.xml": b"\0" * (8 * 1024 * 1024)})
    deck, sink = read(f"bomb.{suffix}", bomb)
    assert deck is None
    assert codes(sink) == ["E904"]


@pytest.mark.parametrize("suffix", ["pptx", "docx"])
def test_entities_in_an_office_file_are_refused(suffix: str) -> None:
    inner = "ppt/presentation.xml" if suffix == "pptx" else "word/document.xml"
    evil = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
    deck, sink = read(f"e.{suffix}", _zip({inner: evil}))
    assert deck is None
    assert codes(sink) == ["E901"]


@pytest.mark.parametrize(("name", "make"), [("b.pptx", decks.pptx), ("c.docx", decks.docx)])
def test_a_broken_office_file_says_so(name: str, make: object) -> None:
    pytest.importorskip("docx")
    whole = make()  # type: ignore[operator]
    for data in (whole[: len(whole) // 2], _zip({"ppt/presentation.xml": b"<x/>"}),
                 _zip({"word/document.xml": b"not xml"})):  # fmt: skip
        deck, sink = read(name, data)
        assert deck is None
        assert codes(sink) == ["E901"]


def test_an_old_or_protected_office_file_says_what_to_do() -> None:
    deck, sink = read("old.ppt", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    assert deck is None
    (finding,) = sink
    assert finding.code == "E905"
    assert finding.hint == "Save it as PPTX or DOCX without a password."


# Word, HTML, notebooks


def test_a_word_file_becomes_slides_by_its_headings() -> None:
    pytest.importorskip("docx")
    deck, sink = read("c.docx", decks.docx())
    assert deck
    assert (deck.title, deck.abstract) == ("Photosynthesis", "What leaves do.")
    assert slide(deck, "The light reactions") == "- Light splits water.\n- Oxygen is set free."
    calvin = slide(deck, "The Calvin cycle")
    assert calvin.startswith("1. Rubisco fixes carbon dioxide.\n2. Sugar leaves.\n\n| Reaction")
    assert calvin.endswith("### Details\n\n![](image.png)")
    assert codes(sink) == []


def test_html_becomes_slides_and_nothing_of_it_runs(tmp_path: Path) -> None:
    (tmp_path / "leaf.png").write_bytes(decks.png())
    deck, sink = read("d.html", decks.HTML.encode(), tmp_path)
    assert deck
    assert (deck.title, deck.language) == ("Photosynthesis", "en")
    calvin = slide(deck, "The Calvin cycle")
    assert "1. Rubisco fixes CO$_{2}$\n2. Sugar leaves" in calvin
    assert "### Code\n\n```python\nx = 1 < 2\n```" in calvin
    assert "![A leaf](image.png)![](image.png)" in calvin
    whole = "".join(slide(deck, page.title) for page in deck.pages)
    assert "alert" not in whole
    assert "example.org" not in whole
    assert codes(sink) == ["W912", "W912"]


def test_a_reveal_deck_has_a_slide_for_each_section() -> None:
    deck, _ = read("e.html", decks.REVEAL.encode())
    assert deck
    assert [page.title for page in deck.pages] == ["Leaves", "Light", "Calvin", "Sugar"]
    assert slide(deck, "Light").endswith("> [!NOTE]\n> Say it slowly.")


def test_a_notebook_keeps_code_results_and_images() -> None:
    pytest.importorskip("nbformat")
    deck, _ = read("f.ipynb", decks.notebook().encode())
    assert deck
    assert (deck.title, deck.abstract) == ("Leaves", "What they do.")
    assert slide(deck, "Rates") == (
        "- Maize is fast\n- $r = 1$\n\n```python\nprint(40 - 25)\n```\n\n```text\n15\n```\n\n"
        "![](image.png)\n\n```text\nshown\n```\n\nWords below."
    )
    assert slide(deck, "Next") == "More."


@pytest.mark.parametrize("text", ["{", '{"cells": 3, "nbformat": 4}', "[]", "null", "{}"])
def test_a_broken_notebook_says_so(text: str) -> None:
    pytest.importorskip("nbformat")
    deck, sink = read("f.ipynb", text.encode())
    assert deck is None
    assert codes(sink) in (["E901"], ["E903"])


# Markdown


REMARK = r"""<!DOCTYPE html><html lang="en"><head><title>Leaves</title></head><body>
<textarea id="source">
class: center, inverse

# Leaves

---
layout: true
.footer[Botany]

---

# Light &amp; water

.pull-left[
* Light splits water

--

![:scale 50%](leaf.svg)

* The rate is `\(r = 2\)`, see [the notes](https://example.org/[a])
]
???
Say it slowly.

---
# Code

```r
x.list[1]
---
```
</textarea><script src="remark.js"></script></body></html>"""


def test_slides_of_remark_are_read_from_their_markdown() -> None:
    deck, sink = read("r.html", REMARK.encode())
    assert deck
    assert codes(sink) == ["W912"]  # the image is not beside the file
    assert (deck.title, deck.language) == ("Leaves", "en")
    assert [page.title for page in deck.pages] == ["Leaves", "Light & water", "Code"]
    assert slide(deck, "Light & water") == (
        "* Light splits water\n\n* The rate is $r = 2$, see [the notes](https://example.org/[a])"
        "\n\n> [!NOTE]\n> Say it slowly."
    )
    assert slide(deck, "Code") == "```r\nx.list[1]\n---\n```"


def test_slides_of_reveal_are_read_from_their_markdown() -> None:
    html = """<html><body><div class="slides">
<section data-markdown><script type="text/template">
  ## Light

  - Light splits water
</script></section>
<section data-markdown><textarea data-template>
## Sugar &amp; starch
Sugar leaves.
---
## Starch
It stays.
</textarea></section></div></body></html>"""
    deck, _ = read("r.html", html.encode())
    assert deck
    assert [page.title for page in deck.pages] == ["Light", "Sugar & starch", "Starch"]
    assert slide(deck, "Light") == "- Light splits water"


def test_a_list_of_terms_keeps_each_term_beside_its_text() -> None:
    html = (
        "<h2>Words</h2><dl><dt>leaf</dt><dd><p>a thin organ</p><p>It is green.</p></dd>"
        "<dt><em>root</em></dt><dd>what holds a plant</dd></dl>"
    )
    deck, _ = read("w.html", f"<html><body>{html}</body></html>".encode())
    assert slide(deck, "Words") == (
        "- **leaf**: a thin organ\n\n  It is green.\n\n- **_root_**: what holds a plant"
    )


def test_links_of_headings_to_themselves_are_left_out() -> None:
    html = (
        '<h2 id="a">Leaves<a class="headerlink" href="#a">¶</a></h2><p>Thin.</p>'
        '<h3 id="b">Veins<a href="#b">#</a></h3><p>See <a href="#a">leaves</a>.</p>'
    )
    deck, _ = read("w.html", f"<html><body>{html}</body></html>".encode())
    assert slide(deck, "Leaves").startswith("Thin.\n\n### Veins\n\nSee")


def test_text_between_the_sections_of_a_page_is_kept() -> None:
    html = (
        "<html><body><section><h1>Plants</h1><p>What plants are.</p>"
        "<section><h2>Leaves</h2><p>Leaves are thin.</p>"
        "<section><h3>Veins</h3><p>Veins carry water.</p></section>"
        "<section><h3>Pores</h3><p>Pores open.</p></section></section>"
        "<section><h2>Roots</h2><p>Roots hold.</p></section></section></body></html>"
    )
    deck, _ = read("p.html", html.encode())
    assert deck
    assert deck.abstract == "What plants are."
    assert [page.title for page in deck.pages] == ["Leaves", "Roots"]
    assert slide(deck, "Leaves") == (
        "Leaves are thin.\n\n### Veins\n\nVeins carry water.\n\n### Pores\n\nPores open."
    )


@pytest.mark.parametrize("level", ["3", "[2, 3]"])
def test_the_front_matter_says_which_headings_begin_slides(level: str) -> None:
    text = (
        f"---\nmarp: true\nheadingDivider: {level}\n---\n# Plants\n\nBotany\n\n## Leaves\n\n"
        "Thin.\n\n### Veins\n\nVeins carry water.\n\n### Pores\n\n#### Guards\n\nThey open.\n"
    )
    deck, _ = read("m.md", text.encode())
    assert deck
    assert [page.title for page in deck.pages] == ["Leaves", "Veins", "Pores"]
    assert slide(deck, "Pores") == "#### Guards\n\nThey open."


MYST = r"""# Leaves

(leaves)=

## Light {#light}

+++

Leaves use {ref}`light <light>`, see {func}`~plants.rate`, at {math}`r = 2`.

:::{admonition} A **thin** organ
:class: tip

Leaves are thin.
:::

::: {.columns}
Two columns.
:::

```{note}
Veins carry water.
```

```{code-cell}
:tags: [hide-input]

print("{ref}`kept`")
```

```{toctree}
roots
```

```
:::kept
```
"""


def test_marks_of_myst_and_pandoc_are_read_for_their_words() -> None:
    deck, _ = read("m.md", MYST.encode())
    assert [line for line in slide(deck, "Light").split("\n") if line.strip()] == [
        "Leaves use light, see `plants.rate`, at $r = 2$.", "**A thin organ**",
        "Leaves are thin.", "Two columns.", "Veins carry water.",
        "```python", 'print("{ref}`kept`")', "```", "```", ":::kept", "```",
    ]  # fmt: skip


def test_a_long_section_is_divided_at_its_own_headings() -> None:
    words = "Leaves turn light into sugar all day long. " * 20
    text = (
        f"# Plants\n\n## Leaves\n\nThin.\n\n### Veins\n\n{words}\n\n```\n### no heading\n```\n\n"
        f"### *Pores*\n\n{words}\n\n## Roots\n\nShort.\n\n### Hairs\n\nThey are thin.\n"
    )
    deck, _ = read("m.md", text.encode())
    assert deck
    assert [page.title for page in deck.pages] == ["Leaves", "Veins", "Pores", "Roots"]
    assert slide(deck, "Leaves") == "Thin."
    assert slide(deck, "Veins").endswith("### no heading\n```")
    assert slide(deck, "Roots") == "Short.\n\n### Hairs\n\nThey are thin."


def test_what_students_are_to_learn_is_structure() -> None:
    text = (
        "# Plants\n\n## Learning objectives\n\nAt the end you can:\n\n- Explain leaves\n"
        "- Draw roots\n\n## Leaves\n\nLeaves are thin.\n"
    )
    deck, _ = read("m.md", text.encode())
    assert kinds(deck) == {"Learning objectives": ["agenda"]}


def test_markdown_keeps_ids_kinds_math_and_loses_html(tmp_path: Path) -> None:
    (tmp_path / "leaf.png").write_bytes(decks.png())
    text = (
        "---\ntitle: Leaves\nnumber: 3\ntheme: gaia\n---\n\nWhat they do.\n\n"
        "## Light {#l .section}\n\n## Rates\n\n$r = 1$ and `<b>` <b>bold</b>\n\n"
        "<script>alert(1)</script>\n\n<!-- hidden -->\n\n![A leaf](leaf.png)\n\n"
        "![Away](https://example.org/x.png)\n\n### Deeper\n\n```html\n<i>kept</i>\n```\n"
    )
    deck, sink = read("g.md", text.encode(), tmp_path)
    assert deck
    assert (deck.title, deck.number, deck.abstract) == ("Leaves", 3, "What they do.")
    assert [(p.id, p.title, sorted(p.kinds)) for p in deck.pages] == [
        ("l", "Light", ["section"]), ("", "Rates", []),
    ]  # fmt: skip
    rates = slide(deck, "Rates")
    assert "$r = 1$ and `<b>` bold" in rates
    assert "alert" not in rates
    assert "hidden" not in rates
    assert "![A leaf](image.png)" in rates
    assert rates.endswith("Away\n\n### Deeper\n\n```html\n<i>kept</i>\n```")
    assert codes(sink) == ["W912"]


def test_slides_between_rules_keep_their_notes() -> None:
    text = (
        "---\nmarp: true\n---\n\n# Leaves\n\nSpring 2025\n\n---\n\n## Light\n\n- Splits water\n\n"
        "<!-- Say it slowly. -->\n\n---\n\n<!-- _class: lead -->\n\n# Sugar\n\n## Below\n\n"
        "It leaves.\n"
    )
    deck, _ = read("marp.md", text.encode())
    assert deck
    assert [page.title for page in deck.pages] == ["Leaves", "Light", "Sugar"]
    assert slide(deck, "Light") == "- Splits water\n\n> [!NOTE]\n> Say it slowly."
    assert slide(deck, "Sugar") == "### Below\n\nIt leaves."


def test_a_lecture_of_the_course_is_read_as_it_is() -> None:
    for path in sorted((Path(__file__).parents[2] / "content" / "lectures").glob("*.md")):
        deck, sink = read(path.name, path.read_bytes(), path.parent)
        assert deck
        assert codes(sink) == []
        assert all(page.id for page in deck.pages)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400), st.sampled_from(["x.md", "x.html", "x.ipynb", "x.txt"]))
def test_any_text_gives_slides_or_a_finding(text: str, name: str) -> None:
    pytest.importorskip("nbformat")
    deck, sink = read(name, text.encode("utf-8", "replace"))
    assert deck is not None or sink.errors


# What is no deck at all


def test_other_files_are_named_for_what_they_are() -> None:
    for data, word in (
        (decks.png(), "a PNG image"), (b"\x1f\x8b\x08", "a compressed file"),
        (_zip({"a.txt": b"x"}), "an archive"), (b"{\\rtf1 x}", "rich text"),
    ):  # fmt: skip
        deck, sink = read("wrong.pdf", data)
        assert deck is None
        (finding,) = sink
        assert finding.code == "E905"
        assert word in finding.message


def test_the_content_decides_and_not_the_name() -> None:
    pytest.importorskip("pypdfium2")
    deck, _ = read("slides.md", decks.pdf())
    assert deck
    assert any(page.title == "Agenda" for page in deck.pages)
    deck, _ = read("log.md", SEED.read_bytes())
    assert deck
    assert deck.restored


def test_empty_and_huge_files_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert codes(read("e.md", b"  \n")[1]) == ["E901"]
    monkeypatch.setattr(formats, "MOST_CHARACTERS", 10)
    assert codes(read("h.md", b"x" * 11)[1]) == ["E904"]
    monkeypatch.setattr(formats, "MOST_BYTES", 10)
    assert codes(read("h.md", b"x" * 11)[1]) == ["E904"]


def test_a_text_that_is_not_utf8_is_read_and_that_is_said() -> None:
    deck, sink = read("w.md", "## Größe\n\nEin Wort mehr.".encode("cp1252"))
    assert deck
    assert deck.pages[0].title == "Größe"
    assert codes(sink) == ["W917"]


def test_images_are_looked_for_beside_the_file_only(tmp_path: Path) -> None:
    folder = tmp_path / "deck" / "text"
    folder.mkdir(parents=True)
    (tmp_path / "secret.png").write_bytes(decks.png())
    (tmp_path / "deck" / "leaf.png").write_bytes(decks.png())
    (folder / "link.png").symlink_to(tmp_path / "secret.png")
    source = source_file.Source("x.md", b"", Diagnostics(), folder)
    assert source.beside("../leaf.png", "A leaf")
    away = ("../../secret.png", "/etc/passwd", "file:///etc/passwd", "..%2F..%2Fsecret.png",
            "n.png", "link.png")  # fmt: skip
    for address in away:
        assert source.beside(address, "") is None
    assert [d.code for d in source.sink] == ["W912"] * len(away)


def test_alternative_texts_that_say_nothing_are_none() -> None:
    source = source_file.Source("x.md", b"", Diagnostics())
    for alt in ("image.png", "Picture 3", "IMG_2024 (1).JPG", " "):
        picture = source.picture(decks.png(), alt, "x")
        assert picture
        assert picture.alt == ""
    kept = source.picture(decks.png(), "A  leaf", "x")
    assert kept
    assert kept.alt == "A leaf"
