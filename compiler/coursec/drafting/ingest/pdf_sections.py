"""Notes in pages of text: their headings begin sections, whatever page they stand on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from coursec.drafting.ingest.pdf_lines import Line

_UPRIGHT = 1.1
"""How much higher than wide a page of text is."""
_LARGER = 1.12
"""How much larger than the text a heading is."""
_LONGEST_HEADING = 90
_FEWEST, _SPREAD = 2, 0.25
"""Pages with headings, and their share, that notes have at least."""
_CLOSE = 1.8
"""Sizes between two lines of one heading."""


@dataclass(slots=True)
class Sheet:
    """A page: its size, its lines in the order of reading, and those that stand in tables."""

    number: int
    width: float
    height: float
    lines: Sequence[Line]
    tabled: Sequence[Line]


@dataclass(slots=True)
class Section:
    """A heading and what stands below it, page by page."""

    number: int
    """The page on which it begins."""
    heading: list[Line] = field(default_factory=list)
    parts: list[tuple[int, list[Line]]] = field(default_factory=list)
    """(number of a page, lines)."""

    @property
    def title(self) -> str:
        """The words of its heading."""
        return " ".join(" ".join(line.text for line in self.heading).split())

    def add(self, page: int, line: Line) -> None:
        """Add a line of a page."""
        if not self.parts or self.parts[-1][0] != page:
            self.parts.append((page, []))
        self.parts[-1][1].append(line)


def sections_of(sheets: Sequence[Sheet]) -> list[Section]:
    """Return the sections of notes; none of slides, and of a text without headings."""
    upright = sum(sheet.height > _UPRIGHT * sheet.width for sheet in sheets)
    if upright * 2 <= len(sheets):
        return []
    sizes: Counter[float] = Counter()
    for sheet in sheets:
        for line in sheet.lines:
            sizes[round(line.size, 1)] += len(line.text)
    if not sizes:
        return []
    usual = sizes.most_common(1)[0][0]
    found = list(_sections(sheets, _LARGER * usual))
    pages = {section.number for section in found if section.heading}
    return found if len(pages) >= max(_FEWEST, len(sheets) * _SPREAD) else []


def _sections(sheets: Sequence[Sheet], least: float) -> Iterator[Section]:
    section = Section(sheets[0].number)
    for sheet in sheets:
        for line in sheet.lines:
            if line in sheet.tabled or not _is_heading(line, least):
                section.add(sheet.number, line)
            elif section.heading and not section.parts and _goes_on(section.heading[-1], line):
                section.heading.append(line)
            else:
                if section.heading or section.parts:
                    yield section
                section = Section(sheet.number, [line])
    yield section


def _is_heading(line: Line, least: float) -> bool:
    short = line.has_words and len(line.text) <= _LONGEST_HEADING
    return line.size >= least and short and not line.mono and not re.search(r"[.;,:]$", line.text)


def _goes_on(last: Line, line: Line) -> bool:
    return abs(last.size - line.size) < 0.5 and 0 < line.top - last.top < _CLOSE * line.size
