"""A place in a source file."""

from __future__ import annotations

from typing import NamedTuple


class Span(NamedTuple):
    """A range of characters in one file of the course.

    Lines and columns count from 1; columns count Unicode characters; the end is exclusive.
    A tuple, because a bank of 1,000 items makes some 20,000 of them.
    """

    path: str
    """Path relative to the course folder, with forward slashes."""
    line: int = 1
    column: int = 1
    end_line: int = 1
    end_column: int = 1
