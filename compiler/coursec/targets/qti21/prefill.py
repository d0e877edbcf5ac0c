"""Rich text as lines of characters, for what stands in an essay's field at the start."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import assert_never

from coursec.model.text import (
    Block,
    BulletList,
    CodeBlock,
    Heading,
    Inline,
    LineBreak,
    OrderedList,
    Paragraph,
    Quote,
    RichText,
    Rule,
    Table,
)
from coursec.text.plain import plain_text


def prefill(text: RichText) -> str:
    """Return a text's lines, its blocks apart by an empty line; code stays as it is.

    Blanks at the end of a line show nothing: readers drop them.
    """
    lines = _blocks(text.blocks, "\n\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).rstrip()


def _blocks(blocks: Sequence[Block], between: str) -> str:
    return between.join(_block(block) for block in blocks)


def _block(block: Block) -> str:
    match block:
        case Paragraph() | Heading():
            return _lines(block.children)
        case CodeBlock():
            return block.text
        case Quote():
            return _indented("> ", _blocks(block.children, "\n\n"), "> ")
        case BulletList():
            return _list(["- "] * len(block.entries), block)
        case OrderedList():
            last = block.start + len(block.entries)
            return _list([f"{number}. " for number in range(block.start, last)], block)
        case Table():
            rows = (block.header, *block.rows)
            return "\n".join("\t".join(_lines(cell) for cell in row) for row in rows)
        case Rule():
            return "---"
        case _:
            assert_never(block)


def _list(marks: Sequence[str], block: BulletList | OrderedList) -> str:
    between = "\n" if block.tight else "\n\n"
    entries = zip(marks, block.entries, strict=True)
    return between.join(
        _indented(mark, _blocks(entry, between), " " * len(mark)) for mark, entry in entries
    )


def _indented(first: str, text: str, rest: str) -> str:
    return first + text.replace("\n", "\n" + rest)


def _lines(children: Sequence[Inline]) -> str:
    """Return a paragraph's characters; only a forced line end begins a line."""
    runs = groupby(children, key=lambda node: isinstance(node, LineBreak))
    return "\n".join(
        plain_text(RichText((Paragraph(tuple(run)),))) for is_break, run in runs if not is_break
    )
