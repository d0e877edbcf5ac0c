"""Blocks of a GIFT file, and the signs in them that stand for themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from coursec.diagnostics import Span

_TRIMMED = " \t\n\r\0\x0b"
_MARK = re.compile(r"(?<!\\)\[(id|tag):((?:\\.|[^\]\\])*)\]")

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


@dataclass(slots=True)
class Block:
    """The lines of one question, its comments apart."""

    span: Span
    lines: list[str] = field(default_factory=list)
    id: str = ""
    tags: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The question as it is written."""
        return "\n".join(self.lines)


def blocks_of(text: str, name: str) -> Iterator[Block]:
    """Yield the blocks of a file: blank lines stand between them, and lines of a bare 0."""
    block: Block | None = None
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw.strip(_TRIMMED)
        if line in ("", "0"):
            if block and block.lines:
                yield block
            block = None
            continue
        if block is None:
            block = Block(Span(name, number, 1, number, 1))
        if line.startswith("//"):
            _comment(block, line)
        else:
            if not block.lines:
                block.span = Span(name, number, 1, number, 1)
            block.lines.append(line)
    if block and block.lines:
        yield block


def _comment(block: Block, line: str) -> None:
    """Rule 20: the first id wins; a bracket in it is written with a backslash."""
    for mark in _MARK.finditer(line):
        value = mark[2].replace("\\]", "]").strip()
        if mark[1] == "id":
            block.id = block.id or value
        elif value:
            block.tags.append(value)


def protected(text: str) -> str:
    """Return a text in which each escaped sign is a placeholder."""
    for escape, placeholder in _ESCAPES.items():
        text = text.replace(escape, placeholder)
    return text


def plain(text: str) -> str:
    """Return a protected text with its signs, trimmed."""
    for placeholder, sign in _SIGNS.items():
        text = text.replace(placeholder, sign)
    return text.strip(_TRIMMED)


def only_backslashes(text: str) -> str:
    """Return an entry to be ordered: Moodle undoes no other escape there (rule 44)."""
    return text.replace("&&092;", "\\").strip(_TRIMMED)
