"""Blocks of a GIFT file, and the signs in them that stand for themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from coursec.diagnostics import Span

TRIMMED = " \t\n\r\0\x0b"
"""What Moodle takes off the ends of lines and texts."""

_MARK = re.compile(r"\[(id|tag):((?:\\\]|[^\]])*)\]")
_NAMED = re.compile(r"::.*?::")
_CATEGORY = "$CATEGORY:"

# Rule 9: what is undone, in Moodle's order. A text that holds such a placeholder itself is
# changed by Moodle as well (rule 12).
_ESCAPES = {
    "\\\\": "&&092;",
    "\\:": "&&058;",
    "\\#": "&&035;",
    "\\=": "&&061;",
    "\\{": "&&123;",
    "\\}": "&&125;",
    "\\~": "&&126;",
    "\\n": "&&010",
}
_SIGNS = {
    "&&058;": ":",
    "&&035;": "#",
    "&&061;": "=",
    "&&123;": "{",
    "&&125;": "}",
    "&&126;": "~",
    "&&010": "\n",
    "&&092;": "\\",
}


class Line(NamedTuple):
    """A line that is not blank."""

    number: int
    text: str
    """Trimmed: Moodle knows no indentation (rule 1)."""


@dataclass(slots=True)
class Block:
    """A question or a category, its comments apart."""

    span: Span
    lines: list[str] = field(default_factory=list)
    id: str = ""
    tags: list[str] = field(default_factory=list)
    lost_tags: list[str] = field(default_factory=list)
    """Tags that Moodle passes over (rule 22)."""
    joined: bool = False
    """Whether no blank line parts it from what stands above (rule 3)."""

    @property
    def text(self) -> str:
        """The question as it is written; empty where there are comments only."""
        return "\n".join(self.lines)

    @property
    def category(self) -> str | None:
        """The path of a category, protected; None for a question."""
        if self.lines and self.lines[0].startswith(_CATEGORY):
            return protected(self.lines[0][len(_CATEGORY) :])
        return None


def blocks_of(text: str, name: str) -> Iterator[Block]:
    """Yield the blocks of a file: blank lines stand between them, and lines of a bare 0."""
    lines: list[Line] = []
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw.strip(TRIMMED)
        if line not in ("", "0"):
            lines.append(Line(number, line))
        elif lines:
            yield from _parted(lines, name)
            lines = []
    if lines:
        yield from _parted(lines, name)


def _parted(lines: Sequence[Line], name: str) -> Iterator[Block]:
    """Yield the questions of a block: Moodle takes them for one where no blank line parts them."""
    block = Block(_place(name, lines[0]))
    above: list[str] = []
    braces = _Braces(lines)
    for line in lines:
        if line.text.startswith("//"):
            above.append(line.text)
            continue
        if block.lines and (block.category is not None or braces.begins_anew(line)):
            yield block
            block = Block(_place(name, line), joined=True)
            braces.reset()
        if not block.lines:
            block.span = _place(name, line)
        _comments(block, above)
        above = []
        block.lines.append(line.text)
        braces.add(line)
    _comments(block, above)
    yield block


class _Braces:
    """Follows the first pair of braces of a question, to see where the next one begins."""

    def __init__(self, lines: Sequence[Line]) -> None:
        opening = (line.number for line in lines if "{" in protected(line.text))
        self.last = max(opening, default=0)
        """The last line with answers in it."""
        self.reset()

    def reset(self) -> None:
        self.opened = self.closed = self.ended = False

    def begins_anew(self, line: Line) -> bool:
        """Tell whether a line is plainly the first of another question, or a category."""
        if self.opened and not self.closed:
            return False
        if line.text.startswith(_CATEGORY):
            return True
        if not self.closed:
            return False
        return _NAMED.match(line.text) is not None or (self.ended and line.number <= self.last)

    def add(self, line: Line) -> None:
        """Go on by a line of the question."""
        text = protected(line.text)
        self.ended = False
        if self.closed:
            return
        start = 0 if self.opened else text.find("{")
        if start < 0:
            return
        self.opened = True
        end = text.find("}", start)
        self.closed = end >= 0
        self.ended = self.closed and end == len(text) - 1


def _place(name: str, line: Line) -> Span:
    return Span(name, line.number, 1, line.number, 1)


def _comments(block: Block, lines: Sequence[str]) -> None:
    """Rule 20: the first id wins; a bracket in it is written with a backslash."""
    for line in lines:
        for mark in _MARK.finditer(line, 0, line.rfind("]") + 1):
            value = mark[2].replace("\\]", "]").strip(TRIMMED)
            if mark[1] == "id":
                block.id = block.id or value
            elif re.search("[<>`]", value):
                block.lost_tags.append(value)
            elif value:
                block.tags.append(value)


def protected(text: str) -> str:
    """Return a text in which each escaped sign is a placeholder."""
    if "\\" not in text:
        return text
    for escape, placeholder in _ESCAPES.items():
        text = text.replace(escape, placeholder)
    return text


def plain(text: str) -> str:
    """Return a protected text with its signs, trimmed."""
    if "&&" in text:
        for placeholder, sign in _SIGNS.items():
            text = text.replace(placeholder, sign)
    return text.strip(TRIMMED)


def only_backslashes(text: str) -> str:
    """Return a protected text as Moodle has it where it undoes no other escape (rule 44)."""
    return text.replace("&&092;", "\\").strip(TRIMMED)
