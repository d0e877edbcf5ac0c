"""The lines of a PDF page, with their places and sizes."""

from __future__ import annotations

import ctypes
import itertools
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

from coursec.drafting.ingest.flat import is_marked, tidy

MOST_CHARACTERS = 60_000
"""Characters of a page that are read."""
_MONO = re.compile(r"consol|courier|mono|menlo|typewriter|cmtt|inconsolata", re.IGNORECASE)
_HYPHENS = "\u0002\ufffe\u00ad"
"""What stands for a hyphen at which a word was broken."""


@dataclass(frozen=True, slots=True)
class Char:
    """A character and its box; distances in points from the page's top left."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A line of text."""

    text: str
    chars: tuple[Char, ...]
    size: float
    """The size of most of its characters, in points."""
    mono: bool
    """Whether all characters are equally wide."""

    @property
    def left(self) -> float:
        """Distance of its first sign."""
        return min(c.left for c in self.chars if c.text.strip())

    @property
    def right(self) -> float:
        """Distance of its last sign."""
        return max(c.right for c in self.chars if c.text.strip())

    @property
    def top(self) -> float:
        """Distance of its top."""
        return min(c.top for c in self.chars)

    @property
    def bottom(self) -> float:
        """Distance of its bottom."""
        return max(c.bottom for c in self.chars)

    @property
    def advance(self) -> float:
        """Mean width of its characters."""
        return (self.right - self.left) / max(1, len(self.text))

    @property
    def is_marked(self) -> bool:
        """Whether it begins with a bullet or a number."""
        return is_marked(self.text)

    @property
    def text_left(self) -> float:
        """Distance at which its words begin, behind a bullet or number."""
        if not self.is_marked:
            return self.left
        shown = [c for c in self.chars if c.text.strip()]
        for before, after in itertools.pairwise(shown):
            if after.left - before.right > 0.25 * self.size:
                return after.left
        return self.left

    @property
    def has_words(self) -> bool:
        """Whether it holds letters."""
        return sum(c.isalpha() for c in self.text) > 1


def lines_of(page: Any, height: float) -> list[Line]:
    """Return the lines of a text page, in the order in which they are read."""
    import pypdfium2.raw as pdfium

    lines: list[Line] = []
    chars: list[Char] = []
    last: Char | None = None  # of those that are shown
    joined = False
    box = pdfium.FS_RECTF()
    for index in range(min(page.count_chars(), MOST_CHARACTERS)):
        code = pdfium.FPDFText_GetUnicode(page, index)
        if 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:
            continue
        text = chr(code)
        if text in "\r\n":
            if chars and not joined:
                lines += _finished(chars, page, index)
                chars, last = [], None
            continue
        joined = text in _HYPHENS
        if joined or code == 0:
            continue
        if not pdfium.FPDFText_GetLooseCharBox(page, index, ctypes.byref(box)):
            continue
        size = pdfium.FPDFText_GetFontSize(page, index)
        scale = box.top - box.bottom
        char = Char(
            text, box.left, height - box.top, box.right, height - box.bottom,
            scale if scale > 0 else size,
        )  # fmt: skip
        if last is not None and is_elsewhere(last, char):
            lines += _finished(chars, page, index)
            chars = []
        chars.append(char)
        last = char if text.strip() else last
    lines += _finished(chars, page, page.count_chars())
    return lines


def is_elsewhere(last: Char, char: Char) -> bool:
    """Tell whether a character stands in another line, though nothing says so."""
    if not char.text.strip():
        return False
    if char.right < last.left and char.top > last.top + 0.6 * last.size:
        return True  # further left and further down
    return char.top > last.bottom + 0.5 * last.size or char.bottom < last.top - 0.5 * last.size


def _finished(chars: list[Char], page: Any, end: int) -> list[Line]:
    text = tidy("".join(char.text for char in chars))
    shown = [char for char in chars if char.text.strip()]
    if not text or not shown:
        return []
    sizes = Counter(round(char.size, 1) for char in shown)
    return [Line(text, tuple(chars), sizes.most_common(1)[0][0], _is_mono(page, end - 1))]


def _is_mono(page: Any, index: int) -> bool:
    import pypdfium2.raw as pdfium

    flags = ctypes.c_int()
    buffer = ctypes.create_string_buffer(128)
    for at in (index - 1, index - 2):
        if at >= 0 and pdfium.FPDFText_GetFontInfo(page, at, buffer, 128, ctypes.byref(flags)):
            return bool(_MONO.search(buffer.value.decode("utf-8", "replace")))
    return False
