"""The chart of a blueprint: for each outcome a bar, a part of it for each Bloom level."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from coursec.diagnostics.columns import cut
from coursec.model.numbers import counted
from coursec.stats.blueprint import LEVELS, Cross, Matrix
from coursec.stats.survey import number
from coursec.stats.tags import tag

if TYPE_CHECKING:
    from lxml.etree import _Element

# All sizes are units of the drawing; the page scales it to its width.
_WIDE = 720
_LEFT = 120
_RIGHT = 40
_ROW = 26
_BAR = 18
_TOP = 34
_NAMES = (*LEVELS, "no level")


def chart(matrix: Matrix) -> _Element:
    """Return a drawing with a title and a description; the matrix is its text."""
    most = max((row.total.items for row in matrix.rows), default=Fraction(0)) or Fraction(1)
    shown = [place for place, count in enumerate(matrix.columns) if count.items]
    height = _TOP + _ROW * len(matrix.rows) + 6
    gaps = [row.name for row in matrix.rows if row.gap]
    about = "; ".join(
        f"{row.name or 'no outcome'}: {counted(number(row.total.items), 'question')}"
        for row in matrix.rows
    )
    return tag(
        "svg",
        tag("title", "Questions by outcome, and by Bloom level within each", id="chart-title"),
        tag(
            "desc",
            about + (f". Gaps: {', '.join(gaps)}." if gaps else "."),
            id="chart-about",
        ),
        *_legend(shown),
        *(part for n, row in enumerate(matrix.rows) for part in _row(n, row, most)),
        class_="chart",
        viewBox=f"0 0 {_WIDE} {height}",
        role="img",
        aria_labelledby="chart-title chart-about",
    )


def _legend(shown: list[int]) -> list[_Element]:
    parts = []
    at = _LEFT
    for place in shown:
        name = _NAMES[place]
        parts.append(
            tag("rect", class_=f"level-{place}", x=str(at), y="6", width="12", height="12", rx="2")
        )
        parts.append(tag("text", name, x=str(at + 17), y="16"))
        at += 30 + 7 * len(name)
    return parts


def _row(number_: int, row: Cross, most: Fraction) -> list[_Element]:
    top = _TOP + _ROW * number_
    base = str(top + 13)
    name = cut(row.name or "none given", 16)
    parts = [tag("text", name, class_="name", x=str(_LEFT - 10), y=base, text_anchor="end")]
    if not row.total.items:
        words = "no question" if row.gap else "0"
        return [*parts, tag("text", words, class_="none", x=str(_LEFT), y=base)]
    room = _WIDE - _LEFT - _RIGHT
    at = Fraction(_LEFT)
    for place, count in enumerate(row.cells):
        if not count.items:
            continue
        width = count.items / most * room
        parts.append(
            tag(
                "rect",
                class_=f"level-{place}",
                x=number(at),
                y=str(top),
                width=number(max(width - 2, Fraction(1))),
                height=str(_BAR),
                rx="2",
            )
        )
        words = number(count.items)
        if width > 9 * len(words) + 4:
            middle = number(at + width / 2 - 1)
            parts.append(
                tag("text", words, class_=f"in-{place}", x=middle, y=base, text_anchor="middle")
            )
        at += width
    total = number(row.total.items)
    return [*parts, tag("text", total, class_="total", x=number(at + 6), y=base)]
