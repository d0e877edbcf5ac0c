"""PDF files to pages: titles by size, lists by their signs, tables by their rules."""

from __future__ import annotations

import ctypes
import io
import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, groupby, pairwise
from typing import Any

from coursec.drafting.ingest.flat import BULLETS, blocks_of
from coursec.drafting.ingest.page import Block, Code, Deck, Page, Picture
from coursec.drafting.ingest.pdf_lines import Line, lines_of
from coursec.drafting.ingest.pdf_sections import Sheet, sections_of
from coursec.drafting.ingest.pdf_tables import Region, regions_of, table_of
from coursec.drafting.ingest.source_file import MOST_PAGES, MOST_PIXELS, Source
from coursec.drafting.ingest.structure import first_of_each, running, shape

LONGEST = 120.0
"""Seconds that one file may take."""
_EDGE = 0.09
"""Share of a page's height at its top and bottom in which headers and footers stand."""
_TITLE_PART = 0.45
"""Share of a page's height, from the top, in which a title stands."""
_LARGER = 1.12
"""How much larger than the text a title is."""
_SMALLEST = 48
"""Pixels of the smaller side of the smallest image that is taken over."""
_MOST_IMAGES = 20
_INDENT = 4.0
"""Points by which the bullets of two levels are apart."""
_PAGE_SIZED = 0.85
_USELESS = re.compile(
    r"^(untitled|powerpoint|slide|microsoft|presentation|document)|\.\w{2,4}$", re.I
)


def read_pdf(source: Source) -> Deck | None:
    """Return the pages of a PDF file; None, and a finding, where it cannot be read."""
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(source.data)
        count = len(document)
    except pdfium.PdfiumError as error:
        _refuse(source, str(error))
        return None
    try:
        if count > MOST_PAGES:
            source.refuse("E904", f"The file has {count:,} pages; {MOST_PAGES:,} are the limit.")
            return None
        return _deck(document, count, source)
    finally:
        document.close()


def _refuse(source: Source, reason: str) -> None:
    if "password" in reason.casefold() or "security" in reason.casefold():
        source.refuse("E902", "The file is protected by a password.", "Save it without one.")
    else:
        hint = "Save or print it as PDF again."
        source.refuse("E901", f"The file is broken or cut off: {reason.rstrip('.')[:120]}.", hint)


@dataclass(slots=True, eq=False)
class _Raw:
    """A page as it was read."""

    number: int
    width: float
    height: float
    lines: list[Line]
    label: str
    """What the file calls the page, such as `iv`; its number where it says nothing."""
    regions: list[Region] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    images: int = 0

    def edges(self) -> list[Line]:
        low, high = self.height * _EDGE, self.height * (1 - _EDGE)
        return [line for line in self.lines if line.top < low * 1.2 or line.bottom > high]

    def tables(self) -> list[Region]:
        """Return the regions that are tables."""
        return [region for region in self.regions if region.grid is not None]

    def tabled(self) -> list[Line]:
        """Return the lines that stand in tables."""
        tables = self.tables()
        return [line for line in self.lines if any(table.holds(line) for table in tables)]

    def texts(self) -> list[str]:
        """Return the words of its lines; those at its edges without their numbers."""
        edges = self.edges()
        return [shape(line.text) if line in edges else line.text for line in self.lines]


def _deck(document: Any, count: int, source: Source) -> Deck | None:
    import pypdfium2 as pdfium

    started = time.monotonic()
    raws: list[_Raw] = []
    for number in range(1, count + 1):
        if time.monotonic() - started > LONGEST:
            source.refuse(
                "W912", f"Reading takes too long: pages from {number} of {count} are left out."
            )
            break
        try:
            page = document[number - 1]
            raws.append(_read(page, number, document.get_page_label(number - 1), source))
            page.close()
        except (pdfium.PdfiumError, ValueError, ctypes.ArgumentError) as error:
            source.refuse("W912", f"Page {number} is broken ({error}): it is left out.")
    steps = [raw for raw, following in pairwise(raws) if _is_step(raw, following)]
    raws = [raw for raw in raws if raw not in steps]
    runs = running([[line.text for line in raw.edges()] for raw in raws])
    dropped: list[str] = []
    without_text = [raw.number for raw in raws if not raw.lines and raw.images]
    for raw in raws:
        gone = [line for line in raw.edges() if runs(line.text)]
        dropped += [line.text for line in gone]
        raw.lines = [line for line in raw.lines if line not in gone]
    pages = _pages(raws)
    if without_text and len(without_text) < len(raws):
        shown = ", ".join(map(str, without_text[:10])) + (" …" if len(without_text) > 10 else "")
        plural = "s" if len(without_text) > 1 else ""
        source.refuse(
            "W918",
            f"Page{plural} {shown} of the file: an image and no text.",
            "A scan must be recognised (OCR) first.",
        )
    if not any(raw.lines for raw in raws):
        source.refuse("E903", "The file holds no text.", "A scan must be recognised (OCR) first.")
        return None
    title = str(document.get_metadata_dict().get("Title") or "").strip()
    useful = title and not _USELESS.search(title)
    return Deck(
        title=title if useful else "",
        pages=tuple(pages),
        dropped=first_of_each(dropped),
        shared=len(steps),
    )


def _is_step(raw: _Raw, following: _Raw) -> bool:
    """Tell whether the next page shows all of a page, and more: slides that are built up.

    The pages of one slide bear one label where the maker gives labels; elsewhere a line
    besides the title must come again too.
    """
    lines, more = raw.texts(), following.texts()
    if not lines or len(raw.pictures) > len(following.pictures):
        return False
    if raw.label != following.label and (len(lines) < 3 or lines[:1] != more[:1]):
        return False
    return not Counter(lines) - Counter(more)


def _read(page: Any, number: int, label: str, source: Source) -> _Raw:
    width, height = page.get_size()
    text = page.get_textpage()
    try:
        lines = lines_of(text, height)
        regions = regions_of(page, width, height)
        raw = _Raw(number, width, height, lines, label, regions)
        for region in regions:
            region.grid = table_of(region, lines)
    finally:
        text.close()
    for picture in _pictures(page, width * height, raw, source):
        raw.pictures.append(picture)
    return raw


def _pictures(page: Any, area: float, raw: _Raw, source: Source) -> Iterator[Picture]:
    import pypdfium2.raw as pdfium

    seen: set[bytes] = set()
    for image in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=4):
        raw.images += 1
        if raw.images > _MOST_IMAGES:
            break
        left, bottom, right, top = image.get_bounds()
        pixels = image.get_px_size()
        if min(pixels) < _SMALLEST or pixels[0] * pixels[1] > MOST_PIXELS:
            continue
        if raw.lines and (right - left) * (top - bottom) > _PAGE_SIZED * area:
            continue  # the background of a slide that has text of its own
        if not raw.lines:
            continue  # a scan: reported with its page
        out = io.BytesIO()
        try:
            image.get_bitmap(render=False).to_pil().convert("RGB").save(out, "PNG")
        except Exception:  # decoders of damaged images raise anything
            source.refuse("W912", f"An image of page {raw.number} is broken: it is left out.")
            continue
        picture = source.picture(out.getvalue(), "", f"of page {raw.number}")
        if picture is not None and picture.data not in seen:
            seen.add(picture.data)
            yield picture


def _pages(raws: Sequence[_Raw]) -> list[Page]:
    """Return the slides of a file: its sections where it is a text, else its pages."""
    sheets = [Sheet(raw.number, raw.width, raw.height, raw.lines, raw.tabled()) for raw in raws]
    sections = sections_of(sheets)
    if not sections:
        return [_page(raw) for raw in raws]
    by_number = {raw.number: raw for raw in raws}
    last = {number: n for n, section in enumerate(sections) for number, _ in section.parts}
    pages = []
    for n, section in enumerate(sections):
        blocks: list[Block] = []
        for number, lines in section.parts:
            blocks += _blocks(lines, by_number[number])
            blocks += by_number[number].pictures if last[number] == n else ()
        pages.append(Page(number=section.number, title=section.title, blocks=tuple(blocks)))
    return pages


def _page(raw: _Raw) -> Page:
    tabled = raw.tabled()
    title = _title([line for line in raw.lines if line not in tabled], raw.height)
    body = [line for line in raw.lines if line not in title]
    return Page(
        number=raw.number,
        title=" ".join(" ".join(line.text for line in title).split()),
        blocks=(*_blocks(body, raw), *raw.pictures),
    )


def _blocks(lines: Sequence[Line], raw: _Raw) -> list[Block]:
    """Return the blocks of some lines of a page, its tables among them."""
    blocks: list[Block] = []
    todo = raw.tables()
    flow: list[Line] = []
    for line in lines:
        region = next((r for r in raw.tables() if r.holds(line)), None)
        if region is None:
            flow.append(line)
        elif region in todo and region.grid is not None:
            blocks += _flow(flow)
            flow = []
            blocks.append(region.grid)
            todo.remove(region)
    return blocks + _flow(flow)


def _title(lines: Sequence[Line], height: float) -> list[Line]:
    """Return the lines of a page's title: the largest ones near its top."""
    part = _TITLE_PART if len(lines) > 2 else 1.0  # a slide of one line is its title
    near = [line for line in lines if line.top < part * height and line.has_words]
    if not near:
        return []
    sizes = sorted(line.size for line in lines)
    usual = sizes[len(sizes) // 2]
    largest = max(line.size for line in near)
    if largest < _LARGER * usual and len(lines) > 2:
        first = min(near, key=lambda line: line.top)
        short = len(first.text) <= 80 and not re.search(r"[.;,:]$", first.text)
        return [first] if short and not first.is_marked else []
    start = next(at for at, line in enumerate(lines) if line in near and line.size == largest)
    title = [lines[start]]
    for line in lines[start + 1 : start + 3]:
        if abs(line.size - largest) > 0.5 or line.top - title[-1].bottom > largest:
            break
        title.append(line)
    return title


def _flow(lines: Sequence[Line]) -> list[Block]:
    """Return the blocks of lines that stand in no table: column by column."""
    return [block for column in _columns(lines) for block in _column(column)]


def _columns(lines: Sequence[Line]) -> list[Sequence[Line]]:
    """Return the columns of lines: two where a gap divides all of them, else one."""
    places = sorted((line.left, line.right, line.top, line.bottom) for line in lines)
    reach = list(accumulate((right for _, right, _, _ in places), max))
    lowest = list(accumulate((bottom for _, _, _, bottom in places), max))
    highest = list(accumulate((top for _, _, top, _ in reversed(places)), min))[::-1]
    for at in range(2, len(places) - 1):
        edge = places[at][0]
        if reach[at - 1] <= edge and highest[at] < lowest[at - 1]:
            return [
                [line for line in lines if line.left < edge],
                [line for line in lines if line.left >= edge],
            ]
    return [lines]


def _column(lines: Sequence[Line]) -> list[Block]:
    blocks: list[Block] = []
    for mono, group in groupby(lines, key=lambda line: line.mono):
        part = list(group)
        if mono and (len(part) > 1 or any(c in part[0].text for c in "=(){};")):
            left = min(line.left for line in part)
            rows = [
                " " * round((line.left - left) / max(line.advance, 1.0)) + line.text
                for line in part
            ]
            blocks.append(Code("\n".join(rows)))
        else:
            blocks += blocks_of(_marked_breaks(part))
    return blocks


def _marked_breaks(lines: Sequence[Line]) -> list[str]:
    """Return lines with a blank at the end of those that go on in the next.

    A line goes on where the next one begins at the same place, or where the words of an entry
    do, is of the same size, and where it ends near the right edge of its column.
    """
    out: list[str] = []
    widest = max((line.right for line in lines), default=0.0)
    levels = _levels(lines)
    for line, following in zip(lines, [*lines[1:], None], strict=True):
        text = line.text
        if _is_bulleted(line):
            level = next(n for n, left in enumerate(levels) if line.left - left < _INDENT)
            text = f"{BULLETS[min(level, len(BULLETS) - 1)]} {text[1:].lstrip()}"
        if following is not None and not following.is_marked:
            same = abs(line.size - following.size) < 0.6
            close = 0 <= following.top - line.top < 1.9 * line.size
            aligned = abs(following.left - line.text_left) < 1.2 * line.size
            full = widest - line.right < 6 * line.size
            sentence = re.search(r"[.!?:]$", text) is not None and following.text[:1].isupper()
            if same and close and aligned and full and not sentence:
                text += " "
        out.append(text)
    return out


def _is_bulleted(line: Line) -> bool:
    return line.is_marked and not line.text[0].isalnum()


def _levels(lines: Sequence[Line]) -> list[float]:
    """Return the places at which bullets stand, from left to right: one for each level."""
    levels: list[float] = []
    for left in sorted(line.left for line in lines if _is_bulleted(line)):
        if not levels or left - levels[-1] >= _INDENT:
            levels.append(left)
    return levels
