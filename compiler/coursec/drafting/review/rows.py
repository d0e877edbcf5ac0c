"""Lines of a terminal as pieces with a style, so that what shows them chooses the colours."""

from __future__ import annotations

from collections.abc import Callable

Piece = tuple[str, str]
"""(text, style); styles are `head`, `key`, `place`, `faint`, `quote`, `added`, `removed`, ``."""
Row = tuple[Piece, ...]
"""One line."""


def row(text: str, style: str = "") -> Row:
    """Return a line in one style."""
    return ((text, style),)


def rows(lines: list[str], style: str = "", margin: str = "") -> list[Row]:
    """Return lines in one style, each behind a margin."""
    return [row(f"{margin}{line}".rstrip(), style) for line in lines]


def painted(lines: list[Row], paint: Callable[[str, str], str]) -> str:
    """Return lines as text, one below the other."""
    return "\n".join(
        "".join(paint(text, style) if style else text for text, style in line) for line in lines
    )
