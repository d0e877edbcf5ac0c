"""Rich text as lines for a terminal, for people who look an item over before students do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import assert_never

from coursec.diagnostics.columns import clean, padded, width
from coursec.model.text import (
    Block,
    BulletList,
    Code,
    CodeBlock,
    Emphasis,
    Gap,
    Heading,
    Image,
    Inline,
    LineBreak,
    Link,
    Math,
    OrderedList,
    Paragraph,
    Quote,
    RichText,
    Rule,
    SoftBreak,
    Strong,
    Table,
    Text,
)
from coursec.text.math import parse, to_text

ShowGap = Callable[[str], str]
"""The name of a gap to what stands in its place."""
_WIDEST_CELL = 40
_DISPLAYED = " " * 4
"""Begins the line of a formula that stands on its own."""


def text_lines(text: RichText, columns: int, gap: ShowGap = lambda name: "_____") -> list[str]:
    """Return a text as lines of at most so many columns; code and tables may be wider.

    No character of the text moves the terminal.
    """
    return [clean(line) for line in _Lines(columns, gap).blocks(text.blocks)]


def line_of(text: RichText, gap: ShowGap = lambda name: "_____") -> str:
    """Return a text that is one paragraph on one line; others are joined by blanks."""
    return " ".join(line.strip() for line in text_lines(text, 10_000, gap) if line.strip())


def wrapped(text: str, columns: int, first: str = "", later: str = "") -> list[str]:
    """Break a text between words; `first` and `later` stand before the lines."""
    lines: list[str] = []
    line, empty = first, True
    for word in text.split():
        if not empty and width(line) + 1 + width(word) > columns:
            lines.append(line)
            line, empty = later, True
        line += word if empty else f" {word}"
        empty = False
    return [*lines, line] if not empty or not lines else lines


class _Lines:
    def __init__(self, columns: int, gap: ShowGap) -> None:
        self.columns = columns
        self.gap = gap

    def blocks(self, blocks: Sequence[Block], *, tight: bool = False) -> list[str]:
        lines: list[str] = []
        for block in blocks:
            if lines and not tight:
                lines.append("")
            lines.extend(self.block(block))
        return lines

    def inside(self, blocks: Sequence[Block], first: str, later: str, tight: bool) -> list[str]:
        """Return blocks with something before each line."""
        inner = _Lines(max(self.columns - width(later), 20), self.gap)
        lines = inner.blocks(blocks, tight=tight) or [""]
        return [(first if n == 0 else later) + line for n, line in enumerate(lines)]

    def block(self, block: Block) -> Iterator[str]:
        match block:
            case Paragraph() | Heading():
                for part in self.inlines(block.children).split("\n"):
                    if part.startswith(_DISPLAYED):
                        yield part
                    elif part.strip():
                        yield from wrapped(part, self.columns)
            case CodeBlock():
                yield from (f"    {line}" for line in block.text.expandtabs(4).split("\n"))
            case Quote():
                yield from self.inside(block.children, "│ ", "│ ", False)
            case BulletList():
                for entry in block.entries:
                    yield from self.inside(entry, "• ", "  ", block.tight)
            case OrderedList():
                for number, entry in enumerate(block.entries, block.start):
                    head = f"{number}. "
                    yield from self.inside(entry, head, " " * len(head), block.tight)
            case Table():
                yield from self.table(block)
            case Rule():
                yield "─" * min(self.columns, 40)
            case _:
                assert_never(block)

    def table(self, table: Table) -> Iterator[str]:
        rows = [
            [" ".join(self.inlines(cell).split()) for cell in row]
            for row in (table.header, *table.rows)
        ]
        sizes = [min(max(map(width, column)), _WIDEST_CELL) for column in zip(*rows, strict=True)]
        for number, row in enumerate(rows):
            cells = [wrapped(cell, size) for cell, size in zip(row, sizes, strict=True)]
            for at in range(max(map(len, cells))):
                parts = [cell[at] if at < len(cell) else "" for cell in cells]
                padded_parts = [padded(p, s) for p, s in zip(parts, sizes, strict=True)]
                yield " │ ".join(padded_parts).rstrip()
            if not number:
                yield "─┼─".join("─" * size for size in sizes)

    def inlines(self, children: Sequence[Inline]) -> str:
        return "".join(map(self.inline, children))

    def inline(self, node: Inline) -> str:
        match node:
            case Text() | Code():
                return node.text
            case SoftBreak():
                return " "
            case LineBreak():
                return "\n"
            case Math():
                shown = to_text(parse(node.latex, display=node.display))
                return f"\n{_DISPLAYED}{shown}\n" if node.display else shown
            case Image():
                return f"[image: {node.alt}]"
            case Emphasis() | Strong():
                return self.inlines(node.children)
            case Link():
                return f"{self.inlines(node.children)} <{node.href}>"
            case Gap():
                return self.gap(node.name)
            case _:
                assert_never(node)
