"""Texts in the columns of a terminal."""

from __future__ import annotations

import unicodedata


def clean(text: str) -> str:
    """Return a text with a blank for each character that would move a terminal or end a line."""
    return text if text.isprintable() else "".join(c if c.isprintable() else " " for c in text)


def width(text: str) -> int:
    """Return how many columns a text takes."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def cut(text: str, columns: int) -> str:
    """Return a text on one line, cut to a number of columns."""
    shown = clean(text)
    if width(shown) <= columns:
        return shown
    end, used = 0, 1
    while used + width(shown[end]) <= columns:
        used += width(shown[end])
        end += 1
    return shown[:end].rstrip() + "…"


def padded(text: str, columns: int) -> str:
    """Return a text in exactly so many columns."""
    shown = cut(text, columns)
    return shown + " " * (columns - width(shown))
