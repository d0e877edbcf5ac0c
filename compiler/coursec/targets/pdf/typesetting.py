"""Setting a document with Typst: the one place that needs the `typst` package."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from coursec.model.artifact import Typesetting

if TYPE_CHECKING:
    import typst

_STANDARDS: list[typst.PDFStandard] = ["ua-1", "a-2a"]
_TIMESTAMP = 946_684_800
"""Seconds: the start of the year 2000. PDF/A wants a date, and the same input the same bytes."""

_PLACE = re.compile(r"\.typ:(\d+):\d+")
_GLYPH = re.compile(r'the text `"(.*?)"` could not be displayed')


class TypesettingError(Exception):
    """A document cannot be set."""

    def __init__(self, message: str, item_id: str | None) -> None:
        super().__init__(message)
        self.message = message
        """One sentence for the author."""
        self.item_id = item_id
        """The item at fault; None when it is none, or not known."""


def typeset(paper: Typesetting) -> bytes:
    """Return a document as a tagged PDF, the same bytes for the same document everywhere.

    Raises TypesettingError where Typst refuses the document or warns of anything.
    """
    import typst

    # Typst reads files below its root; a folder of our own holds nothing but the images.
    with TemporaryDirectory(prefix="coursec-") as root:
        for name, data in paper.files:
            Path(root, name).write_bytes(data)
        try:
            # A compiler serves one thread only; the fonts are what takes time, and they are kept.
            compiler = typst.Compiler(root=root, font_paths=_fonts(), ignore_system_fonts=True)
            pdf, warnings = compiler.compile_with_warnings(
                paper.source.encode(),
                format="pdf",
                pdf_standards=_STANDARDS,
                timestamp=_TIMESTAMP,
            )
        except typst.TypstError as error:
            raise _error(paper, error.message, error.diagnostic, error.trace) from error
    for warning in warnings:
        raise _error(paper, warning.message, warning.diagnostic, warning.trace)
    if not isinstance(pdf, bytes):
        raise TypesettingError("Typst made no document.", None)
    return pdf


@cache
def _fonts() -> typst.Fonts:
    """Return the fonts inside the package: with those of the machine, papers would differ."""
    import typst

    return typst.Fonts(include_system_fonts=False)


def _error(paper: Typesetting, message: str, diagnostic: str, trace: list[str]) -> TypesettingError:
    """Return Typst's complaint with the item it is about, and all characters that have no font."""
    found = _GLYPH.findall(diagnostic)
    if not found:
        return TypesettingError(f"Typst: {message.strip()}", _item(paper, [diagnostic, *trace]))
    # Typst goes on to look for more characters without a font; tell those of the first item.
    complaints = diagnostic.split("\nerror: ")
    item = _item(paper, complaints[:1])
    characters = {
        glyph: None
        for complaint in complaints
        for glyph in _GLYPH.findall(complaint)
        if _item(paper, [complaint]) == item
    }
    shown = ", ".join(f"“{glyph}” ({_codes(glyph)})" for glyph in characters)
    return TypesettingError(f"No font of the paper has {shown}.", item)


def _codes(glyph: str) -> str:
    return " ".join(f"U+{ord(character):04X}" for character in glyph)


def _item(paper: Typesetting, places: list[str]) -> str | None:
    """Return the item on the first line named that belongs to one."""
    lines = [line for line, _ in paper.items]
    for line in (int(place) for text in places for place in _PLACE.findall(text)):
        position = bisect_right(lines, line) - 1
        if position >= 0 and paper.items[position][1]:
            return paper.items[position][1]
    return None
