"""How tall a piece of markup gets at most.

Typst lets what is kept on one page and is too tall for it run off the page without a word, and
measuring it takes as long again as setting it. So the papers measure only what might be too tall,
and by far the most certainly is not. This counts the lines that letters, brackets, line ends and
fractions can make at worst; it relies on how the targets and `coursec.text.typst` write markup.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_EM = 3.9
"""Millimetres; the widest Latin letters are a little narrower."""
_LINE = 5.6
"""Millimetres from line to line, with something to spare."""
_PICTURE = 0.45
"""The share of a page's height, margins and all, that the template grants to a picture."""
_BODY = 0.825
"""The share of a page's height inside the margins."""
_PIXEL = 0.2646
"""Millimetres of a pixel on paper."""
_ROW = 1.6
"""Lines that a table's row takes when its cells are empty."""
_RULED = 1.5
"""Lines that a ruled line takes."""
_NESTED = 6
"""Lists and quotations in one piece up to which nesting cannot make lines much shorter."""

_TABLE = re.compile(r"#table\(columns: (\d+)(.*?)\n\)", re.DOTALL)
_MATCHING = re.compile(r"#matching\(\w+, \((.*)\n\), \((.*)\n\)\)", re.DOTALL)
_STRING = r'"(?:[^"\\]|\\.)*"'
_PIXELS = re.compile(rf"picture\(image\({_STRING}, alt: {_STRING}\), (?:\(\d+, (\d+)\)|none)\)")
_SOURCE = re.compile(rf"alt: {_STRING}")
_LINES = re.compile(r"#ruled\((\d+)\)")


@dataclass(frozen=True, slots=True)
class Extent:
    """What a page holds."""

    columns: float
    """Letters in a line, were all of them as wide as the widest."""
    lines: float

    @classmethod
    def of(cls, width: int, height: int) -> Extent:
        """Return what a page of this size in millimetres holds inside the template's margins."""
        return cls(width * 0.78 / _EM, height * _BODY / _LINE)

    def surely_holds(self, markup: str, share: float = 1) -> bool:
        """Tell whether markup certainly fits on a share of a page."""
        if markup.count("tight: ") + markup.count("#quote(") > _NESTED:
            return False
        lines = 0.0
        if "picture(" in markup:
            lines += sum(self._picture(height) for height in _PIXELS.findall(markup))
        if "#table(" in markup:
            lines += sum(self._table(int(count), rows) for count, rows in _TABLE.findall(markup))
            markup = _TABLE.sub("", markup)
        if "#ruled(" in markup:
            lines += sum(int(count) * _RULED for count in _LINES.findall(markup))
        if "#matching(" in markup:
            for sides in _MATCHING.findall(markup):
                lines += max(2 * self._text(side) for side in sides)
            markup = _MATCHING.sub("", markup)
        return lines + self._text(markup) < self.lines * share

    def _text(self, markup: str) -> float:
        """Return the lines of what flows in full width."""
        lines = 0.0
        if "#math" in markup:
            markup = _SOURCE.sub("", markup)
            lines += 0.5 * markup.count("(") + markup.count(";") + markup.count("\\ ")
        lines += len(markup.encode()) / self.columns + 2 * markup.count("[")
        return lines + markup.count("\n") + markup.count("\\n") + markup.count("#linebreak")

    def _picture(self, height: str) -> float:
        """Return the lines of a picture of this height in pixels, where that is known."""
        tallest = self.lines * _PICTURE / _BODY
        return 2 + (min(tallest, int(height) * _PIXEL / _LINE) if height else tallest)

    def _table(self, columns: int, rows: str) -> float:
        """Return the lines of a table: each row at most as tall as all its text in one cell."""
        if "#math" in rows or "picture(" in rows:
            return self.lines
        letters = len(rows.encode()) * columns
        return letters / self.columns + _ROW * rows.count("\n") + rows.count("#linebreak")
