"""PowerPoint files to pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from coursec.drafting.ingest.office import broken, is_harmless
from coursec.drafting.ingest.page import (
    Block,
    Code,
    Deck,
    Entry,
    Grid,
    Listing,
    Page,
    Paragraph,
    Picture,
)
from coursec.drafting.ingest.source_file import MOST_PAGES, Source

_MONO = re.compile(r"consol|courier|mono|menlo|code|typewriter", re.IGNORECASE)
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_DGM = "http://schemas.openxmlformats.org/drawingml/2006/diagram"
_EDGE = ("FOOTER", "DATE", "SLIDE_NUMBER", "HEADER")
_BODY = ("BODY", "OBJECT", "VERTICAL_BODY", "VERTICAL_OBJECT")
_DEEPEST = 20
_MOST_CELLS = 4_000


def read_pptx(source: Source) -> Deck | None:
    """Return the slides of a PowerPoint file; None, and a finding, where it cannot be read."""
    if not is_harmless(source):
        return None
    import io

    from pptx import Presentation

    try:
        presentation = Presentation(io.BytesIO(source.data))
        slides = list(presentation.slides)
        title = str(presentation.core_properties.title or "")
    except Exception as error:  # the library raises what it meets inside of a broken file
        broken(source, error)
        return None
    if len(slides) > MOST_PAGES:
        source.refuse("E904", f"The file has {len(slides):,} slides; {MOST_PAGES:,} are the limit.")
        return None
    pages: list[Page] = []
    dropped: dict[str, None] = {}
    for number, slide in enumerate(slides, 1):
        if slide._element.get("show") == "0":
            source.refuse("W912", f"Slide {number} is hidden: it is left out.")
            continue
        try:
            reader = _Slide(source, number)
            pages.append(reader.read(slide))
            dropped.update(dict.fromkeys(reader.edges))
        except Exception as error:  # as above: the other slides go on
            source.refuse("W912", f"Slide {number} is broken ({type(error).__name__}): left out.")
    useful = title.strip() and not re.match(r"powerpoint|pr[äe]sentation|untitled", title, re.I)
    return Deck(
        title=title if useful else "", pages=tuple(pages), dropped=tuple(d for d in dropped if d)
    )


@dataclass(slots=True)
class _Slide:
    source: Source
    number: int
    blocks: list[Block] = field(default_factory=list)
    edges: list[str] = field(default_factory=list)

    def read(self, slide: Any) -> Page:
        title_shape = slide.shapes.title
        title = " ".join(title_shape.text_frame.text.split()) if title_shape is not None else ""
        for shape in slide.shapes:
            if title_shape is None or shape.shape_id != title_shape.shape_id:
                self.shape(shape, 0)
        if not title and self.blocks and isinstance(self.blocks[0], Paragraph):
            first = self.blocks[0].text
            if len(first) <= 80 and "\n" not in first:
                title = first
                self.blocks.pop(0)
        notes = ""
        if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
            notes = slide.notes_slide.notes_text_frame.text.replace("\v", "\n").strip()
        return Page(
            number=self.number,
            title=title,
            blocks=tuple(self.blocks),
            notes=notes,
            kinds=frozenset(_kinds(slide, title_shape)),
        )

    def shape(self, shape: Any, depth: int) -> None:
        if depth > _DEEPEST or _is_decorative(shape):
            return
        if shape.shape_type is not None and shape.shape_type.name == "GROUP":
            for inner in shape.shapes:
                self.shape(inner, depth + 1)
            return
        kind = _placeholder(shape)
        if kind in _EDGE:
            text = " ".join(shape.text_frame.text.split()) if shape.has_text_frame else ""
            self.edges += [text] if any(c.isalpha() for c in text) else []
        elif getattr(shape, "has_table", False):
            self.table(shape.table)
        elif getattr(shape, "has_chart", False):
            self.chart(shape.chart)
        elif hasattr(shape, "image"):
            self.picture(shape)
        elif shape.has_text_frame:
            self.blocks += _text(shape.text_frame, kind in _BODY)
        elif shape._element.tag.endswith("graphicFrame"):
            self.diagram(shape)

    def table(self, table: Any) -> None:
        rows = [
            tuple(
                "" if cell.is_spanned else " ".join(cell.text_frame.text.split())
                for cell in row.cells
            )
            for row in table.rows
        ]
        if rows and len(rows) * len(rows[0]) <= _MOST_CELLS and any(any(row) for row in rows):
            self.blocks.append(Grid(tuple(rows)))

    def chart(self, chart: Any) -> None:
        """A chart is the table it is drawn from."""
        plot = next(iter(chart.plots), None)
        if plot is None:
            return
        series = list(plot.series)
        names = [str(label) for label in plot.categories]
        rows = [("", *(str(s.name) for s in series))]
        rows += [(name, *(_number(s.values, n) for s in series)) for n, name in enumerate(names)]
        if names and series and len(rows) * len(rows[0]) <= _MOST_CELLS:
            self.blocks.append(Grid(tuple(rows)))

    def picture(self, shape: Any) -> None:
        try:
            data = shape.image.blob
        except (ValueError, KeyError, AttributeError):  # an image on the network, or none
            self.source.refuse("W912", f"An image of slide {self.number} is not in the file.")
            return
        alt = " ".join(str(_properties(shape).get("descr") or "").split())
        picture = self.source.picture(data, alt, f"on slide {self.number}")
        if isinstance(picture, Picture):
            self.blocks.append(picture)

    def diagram(self, shape: Any) -> None:
        """A diagram (SmartArt) is the list of its texts."""
        ids = shape._element.find(f".//{{{_DGM}}}relIds")
        if ids is None:
            what = "An object"
            self.source.refuse("W912", f"{what} of slide {self.number} is left out.")
            return
        from lxml import etree

        data = shape.part.related_part(ids.get(f"{_R}dm")).blob
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        root = etree.fromstring(data, parser)
        texts = [
            " ".join("".join(t.text or "" for t in point.iter(f"{_A}t")).split())
            for point in root.iter(f"{{{_DGM}}}pt")
        ]
        entries = tuple(Entry(text) for text in texts if text)
        if entries:
            self.blocks.append(Listing(entries))


def _number(values: Any, at: int) -> str:
    value = values[at] if at < len(values) else None
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _placeholder(shape: Any) -> str:
    if not getattr(shape, "is_placeholder", False):
        return ""
    kind = shape.placeholder_format.type
    return kind.name if kind is not None else ""


def _properties(shape: Any) -> Any:
    return shape._element.xpath(".//p:cNvPr")[0]


def _is_decorative(shape: Any) -> bool:
    return bool(shape._element.xpath("./*/p:cNvPr//*[local-name()='decorative'][@val='1']"))


def _kinds(slide: Any, title: Any) -> Iterator[str]:
    layout = (slide.slide_layout.name or "").casefold()
    if title is not None and _placeholder(title) == "CENTER_TITLE":
        yield "title"
    elif "section header" in layout or "abschnitt" in layout:
        yield "section"


def _text(frame: Any, listed: bool) -> list[Block]:
    """Return the blocks of a text frame; `listed` is one whose paragraphs have bullets."""
    blocks: list[Block] = []
    count: dict[int, int] = {}
    for paragraph in frame.paragraphs:
        text = _words(paragraph)
        if not text.strip():
            continue
        if _is_code(paragraph):
            last = blocks[-1] if blocks else None
            if isinstance(last, Code):
                blocks[-1] = Code(f"{last.text}\n{text}")
            else:
                blocks.append(Code(text))
            continue
        mark = _mark(paragraph)
        if mark == "none" or (not mark and not listed):
            blocks.append(Paragraph(text))
            continue
        number = None
        depth = paragraph.level
        if mark == "number":
            number = count[depth] = count.get(depth, 0) + 1
        else:
            count.pop(depth, None)
        entry = Entry(" ".join(text.split()), depth, number)
        last = blocks[-1] if blocks else None
        if isinstance(last, Listing):
            blocks[-1] = Listing((*last.entries, entry))
        else:
            blocks.append(Listing((entry,)))
    return blocks


def _words(paragraph: Any) -> str:
    """Return a paragraph's text, formulas as their characters."""
    out: list[str] = []
    for node in paragraph._p.iter():
        if node.tag in (f"{_A}t", f"{_M}t"):
            out.append(node.text or "")
        elif node.tag == f"{_A}br":
            out.append("\n")
    return "".join(out).replace("\v", "\n")


def _mark(paragraph: Any) -> str:
    properties = paragraph._p.pPr
    if properties is None:
        return ""
    for tag, mark in (("buNone", "none"), ("buAutoNum", "number"), ("buChar", "bullet")):
        if properties.find(f"{_A}{tag}") is not None:
            return mark
    return ""


def _is_code(paragraph: Any) -> bool:
    runs = [run for run in paragraph.runs if run.text.strip()]
    return bool(runs) and all(run.font.name and _MONO.search(run.font.name) for run in runs)
