"""Blocks of a GIFT file: the lines between blank ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from coursec.diagnostics import Span
from coursec.readers.gift.piece import TRIMMED, Piece, protected

_ID, _TAG = "[id:", "[tag:"
_LONGEST_ID = 100
_REFUSED_IN_TAGS = frozenset("<>`")


@dataclass(slots=True)
class Block:
    """The lines of one question, its comments apart."""

    path: str
    lines: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    """The number of each line in the file."""
    ids: list[str] = field(default_factory=list)
    """Those that its comments name; the first one counts."""
    tags: list[str] = field(default_factory=list)
    said: list[tuple[str, str, int]] = field(default_factory=list)
    """(code, message, line of the file) of findings about its comments."""

    @property
    def id(self) -> str:
        """The question's identifier; empty where it has none."""
        return self.ids[0] if self.ids else ""

    @property
    def piece(self) -> Piece:
        """The question as it is written, with its escapes protected."""
        return Piece(protected("\n".join(self.lines)), 0)

    def span(self, line: int = 0) -> Span:
        """Return the place of one of its lines; the first is 0."""
        number = self.numbers[min(line, len(self.numbers) - 1)]
        return Span(self.path, number, 1, number, 1)


def blocks_of(text: str, path: str) -> Iterator[Block]:
    """Yield the blocks of a file; a line that is just 0 counts as blank (rules 1, 2, 7)."""
    block = Block(path)
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw.strip(TRIMMED)
        if line in ("", "0"):
            if block.lines:
                yield block
            block = Block(path)
        elif line.startswith("//"):
            _comment(block, line, number)
        else:
            block.lines.append(line)
            block.numbers.append(number)
    if block.lines:
        yield block


def _comment(block: Block, line: str, number: int) -> None:
    """Take the id and the tags of a comment (rules 20 to 22)."""
    at = 0
    while (start := line.find("[", at)) >= 0:
        mark = next((m for m in (_ID, _TAG) if line.startswith(m, start)), None)
        end = -1 if mark is None else _closing(line, start)
        if mark is None or end < 0:
            at = start + 1
            if mark is not None:
                return
            continue
        value = line[start + len(mark) : end].replace("\\]", "]").strip()
        if mark == _ID and value:
            block.ids.append(value)
            if len(value) > _LONGEST_ID:
                message = f"The id `{value[:20]}…` is longer than Moodle takes: {_LONGEST_ID}."
                block.said.append(("W708", message, number))
        elif mark == _TAG:
            _tag(block, value, number)
        at = end + 1


def _closing(line: str, start: int) -> int:
    """Return where a mark in a comment ends; a bracket in it has a backslash before it."""
    end = last = line.find("]", start)
    while end > 0 and line[end - 1] == "\\":
        last = end
        end = line.find("]", end + 1)
    return last if end < 0 else end


def _tag(block: Block, value: str, number: int) -> None:
    tag = " ".join(value.split())
    if not tag:
        block.said.append(("W707", "A tag without a word is left out: Moodle stops there.", number))
        return
    if _REFUSED_IN_TAGS & set(tag):
        message = f"Moodle does not know the tag `{tag[:40]}`: it takes no `<`, `>` and backquote."
        block.said.append(("W708", message, number))
    block.tags.append(tag)
