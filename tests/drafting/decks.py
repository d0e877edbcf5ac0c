"""Decks in every format, made for tests."""

from __future__ import annotations

import io
import json
import struct
import zlib
from typing import Any


def png(width: int = 60, height: int = 60, shade: int = 128) -> bytes:
    """A grey picture."""
    rows = b"".join(b"\0" + bytes([shade]) * width for _ in range(height))

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


SLIDES = r"""
#set page(width: 16cm, height: 9cm, margin: (x: 1cm, top: 0.8cm, bottom: 1.2cm),
  footer: text(size: 7pt)[
    Plants 101 #h(1fr) Institute of Leaves #h(1fr)
    #context counter(page).display()])
#set text(size: 11pt)
#let slide(title, body) = [
  #text(size: 20pt, weight: "bold")[#title]
  #v(2mm) #body #pagebreak(weak: true)]

#slide("Lecture 2: Photosynthesis")[Botany Institute \ Spring 2025]
#slide("Agenda")[- The light reactions
- The Calvin cycle
- Comparison]
#slide("The light reactions")[
- Light splits water and sets oxygen free, and the electrons pass along
  a chain of proteins that pumps protons across the membrane.
  - Protons flow back through an enzyme
- ATP and NADPH carry the energy]
#slide("The Calvin cycle")[
+ Rubisco fixes carbon dioxide
+ ATP and NADPH are used
+ Sugar leaves the cycle

The cycle needs no light itself, but it stops soon after dark because it runs out of ATP and of
NADPH within seconds.]
#slide("Comparison")[#table(columns: 3, [Reaction], [Place], [Needs light],
  [Light reactions], [thylakoid membrane], [Yes],
  [Calvin cycle], [stroma of the chloroplast], [No])]
#slide("Measuring")[
```python
def rate(before, after):
    difference = before - after
    return difference / 60
```
#image("leaf.png", width: 2cm, alt: "A leaf")
]
#slide("Booktabs")[
#table(columns: 3, stroke: none, column-gutter: 1cm, table.hline(), [Plant], [Type], [Rate],
 table.hline(), [Maize], [C4], [40], [Wheat], [C3], [25], table.hline())]
"""


def pdf(source: str = SLIDES) -> bytes:
    """The deck as PDF, set by Typst."""
    import tempfile
    from pathlib import Path

    import typst

    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "leaf.png").write_bytes(png())
        (Path(folder) / "main.typ").write_text(source, "utf-8")
        made = typst.compile(str(Path(folder) / "main.typ"))
        assert isinstance(made, bytes)
        return made


def crowded(count: int) -> bytes:
    """A PDF of one page with so many words, each in a place of its own, and strokes between."""
    import random

    chance = random.Random(1)
    ops = []
    for number in range(count):
        x, y = chance.uniform(0, 600), chance.uniform(0, 780)
        ops.append(f"BT /F1 8 Tf 1 0 0 1 {x:.3f} {y:.3f} Tm (word{number}) Tj ET")
        ops.append(f"{x:.2f} {y:.2f} m {chance.uniform(0, 600):.2f} {y:.2f} l S")
    stream = "\n".join(ops).encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, value in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, value)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"xref\n0 6\n0000000000 65535 f \n%strailer << /Size 6 /Root 1 0 R >>\n" % table
    return out + end + b"startxref\n%d\n%%%%EOF" % len(out)


def pptx() -> bytes:
    """A deck with everything that slides hold."""
    from pptx import Presentation
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE
    from pptx.util import Inches, Pt

    deck = Presentation()
    deck.core_properties.title = "Plants"

    def slide(layout: int, title: str) -> Any:
        made = deck.slides.add_slide(deck.slide_layouts[layout])
        made.shapes.title.text = title
        return made

    first = slide(0, "Photosynthesis")
    first.placeholders[1].text = "Botany Institute, 2025"
    second = slide(1, "The light reactions")
    frame = second.placeholders[1].text_frame
    frame.text = "Light splits water"
    for text, level in (("Oxygen is set free", 1), ("ATP & NADPH carry <energy>", 0)):
        paragraph = frame.add_paragraph()
        paragraph.text, paragraph.level = text, level
    second.notes_slide.notes_text_frame.text = "Ask for examples.\nSecond line."
    third = slide(5, "Comparison")
    table = third.shapes.add_table(3, 2, Inches(1), Inches(2), Inches(6), Inches(2)).table
    for r, row in enumerate((("Reaction", "Place"), ("Light", "thylakoid"), ("Calvin", "stroma"))):
        for c, text in enumerate(row):
            table.cell(r, c).text = text
    fourth = slide(5, "Measuring")
    box = fourth.shapes.add_textbox(Inches(1), Inches(2), Inches(5), Inches(2)).text_frame
    for number, line in enumerate(("def rate(a, b):", "    return a - b")):
        paragraph = box.paragraphs[0] if number == 0 else box.add_paragraph()
        run = paragraph.add_run()
        run.text, run.font.name, run.font.size = line, "Courier New", Pt(12)
    fourth.shapes.add_picture(io.BytesIO(png(shade=90)), Inches(1), Inches(4))
    described = fourth.shapes.add_picture(io.BytesIO(png(shade=30)), Inches(4), Inches(4))
    described._element._nvXxPr.cNvPr.set("descr", "A leaf in light")
    fifth = slide(5, "Rates")
    data = CategoryChartData()
    data.categories = ["Maize", "Wheat"]
    data.add_series("Rate", (40, 25))
    fifth.shapes.add_chart(
        XL_CHART_TYPE.COLUMN_CLUSTERED, Inches(1), Inches(2), Inches(5), Inches(3), data
    )
    slide(2, "Part two")
    hidden = slide(1, "Hidden")
    hidden._element.set("show", "0")
    out = io.BytesIO()
    deck.save(out)
    return out.getvalue()


def docx() -> bytes:
    """A handout."""
    from docx import Document

    made = Document()
    made.add_heading("Photosynthesis", 0)
    made.add_paragraph("What leaves do.")
    made.add_heading("The light reactions", 1)
    made.add_paragraph("Light splits water.", style="List Bullet")
    made.add_paragraph("Oxygen is set free.", style="List Bullet")
    made.add_heading("The Calvin cycle", 1)
    made.add_paragraph("Rubisco fixes carbon dioxide.", style="List Number")
    made.add_paragraph("Sugar leaves.", style="List Number")
    table = made.add_table(2, 2)
    for r, row in enumerate((("Reaction", "Place"), ("Calvin", "stroma"))):
        for c, text in enumerate(row):
            table.cell(r, c).text = text
    made.add_heading("Details", 2)
    made.add_picture(io.BytesIO(png()))
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


HTML = """<!DOCTYPE html><html lang="en"><head><title>Leaves &amp; light</title>
<style>p {color: red}</style><script>alert(1)</script></head><body>
<nav><a href="/">home</a></nav><h1>Photosynthesis</h1><p>What leaves do.</p>
<h2>The light reactions</h2><ul><li>Light splits <b>water</b><ul><li>Oxygen is set free</li></ul>
</li></ul><script src="https://example.org/x.js"></script>
<h2>The Calvin cycle</h2><ol><li>Rubisco fixes CO<sub>2</sub></li><li>Sugar leaves</li></ol>
<table><tr><th>Reaction</th><th>Place</th></tr><tr><td>Calvin</td><td>stroma</td></tr></table>
<h3>Code</h3><pre><code class="language-python">x = 1 &lt; 2</code></pre>
<p><img src="leaf.png" alt="A leaf"><img src="leaf.png">
<img src="https://example.org/p.png"></p>
<iframe src="https://example.org"></iframe></body></html>"""

REVEAL = """<html><body><div class="reveal"><div class="slides">
<section><h1>Leaves</h1><p>Spring 2025</p></section>
<section><h2>Light</h2><ul><li>Light splits water</li></ul>
<aside class="notes">Say it slowly.</aside></section>
<section><section><h2>Calvin</h2><p>Rubisco fixes it.</p></section>
<section><h2>Sugar</h2><p>Sugar leaves the cycle.</p></section></section>
</div></div></body>
</html>"""


def notebook() -> str:
    """A notebook with text, code, results and an image."""
    import base64

    image = base64.b64encode(png()).decode()
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": "# Leaves\n\nWhat they do."},
        {"cell_type": "markdown", "metadata": {},
         "source": "## Rates\n\n- Maize is fast\n- $r = 1$"},
        {
            "cell_type": "code", "execution_count": 1, "metadata": {},
            "source": "print(40 - 25)",
            "outputs": [
                {"output_type": "stream", "name": "stdout", "text": "15\n"},
                {"output_type": "display_data", "metadata": {},
                 "data": {"image/png": image, "text/plain": "<Figure>"}},
                {"output_type": "display_data", "metadata": {},
                 "data": {"text/html": "<script>alert(1)</script>", "text/plain": "shown"}},
            ],
        },
        {"cell_type": "markdown", "metadata": {}, "source": "Words below.\n\n## Next\n\nMore."},
    ]  # fmt: skip
    return json.dumps(
        {"cells": cells, "nbformat": 4, "nbformat_minor": 4,
         "metadata": {"language_info": {"name": "python"}}}
    )  # fmt: skip
