"""The four styles of a formula's parts, of which three set spaces and limits differently."""

from __future__ import annotations

from enum import Enum


class Style(Enum):
    """How large a part of a formula is set."""

    DISPLAY = "display"
    """On a line of its own: limits stand below and above."""
    TEXT = "text"
    SCRIPT = "script"
    """Raised, lowered or in a fraction: without spaces around operators."""

    @property
    def fraction(self) -> Style:
        """The style of what stands in a fraction."""
        return Style.TEXT if self is Style.DISPLAY else Style.SCRIPT
