"""What the shape of a text decides: which blocks may follow each other, what fills a line."""

from __future__ import annotations

from itertools import pairwise

from coursec.model.text import (
    Block,
    BulletList,
    CodeBlock,
    Emphasis,
    Heading,
    Inline,
    LineBreak,
    Link,
    Math,
    OrderedList,
    Paragraph,
    Quote,
    Rule,
    SoftBreak,
    Strong,
    Table,
)

BLANKS = " \t"
"""What Markdown drops at the ends of a line."""


def fills_line(node: Inline) -> bool:
    """Tell whether a node that has a line to itself is a block: a displayed formula is."""
    return isinstance(node, Math) and node.display and "$$" not in node.latex


def is_formula(block: Block) -> bool:
    """Tell whether a block is a displayed formula and nothing else."""
    return (
        isinstance(block, Paragraph) and len(block.children) == 1 and fills_line(block.children[0])
    )


def has_breaks(children: tuple[Inline, ...]) -> bool:
    """Tell whether inlines take more than one line."""
    return any(
        isinstance(node, SoftBreak | LineBreak)
        or (isinstance(node, Emphasis | Strong | Link) and has_breaks(node.children))
        for node in children
    )


def is_prose(block: Block) -> bool:
    """Tell whether a block begins as a paragraph does: it never ends one before it."""
    if isinstance(block, Heading):
        return has_breaks(block.children)
    return isinstance(block, Paragraph) and not is_formula(block)


def _open(block: Block) -> bool:
    """Tell whether the next line would be taken as the block's own."""
    match block:
        case Paragraph():
            return not is_formula(block)
        case Quote():
            return _open(block.children[-1])
        case BulletList() | OrderedList():
            last = block.entries[-1]
            return not last or _open(last[-1])
        case Table():
            return True
        case _:
            return False


def _interrupts(block: Block) -> bool:
    """Tell whether a list may end a paragraph without an empty line."""
    assert isinstance(block, BulletList | OrderedList)
    return bool(block.entries[0]) and (isinstance(block, BulletList) or block.start == 1)


def _has_lines(block: Paragraph) -> bool:
    """Tell whether a displayed formula is written on several lines."""
    return any(isinstance(node, Math) and "\n" in node.latex for node in block.children)


def may_touch(first: Block, second: Block) -> bool:
    """Tell whether a block may follow another without an empty line between them."""
    if isinstance(first, Quote) and isinstance(second, Quote):
        return False
    if not _open(first):
        return True
    if is_prose(second):
        return False
    match second:
        case BulletList() | OrderedList():
            return not isinstance(first, Paragraph) or _interrupts(second)
        case Table():
            return isinstance(first, Paragraph)
        case Paragraph():
            # The second line of a formula would be taken as the list's.
            return not isinstance(first, BulletList | OrderedList) or not _has_lines(second)
        case CodeBlock() | Heading() | Quote() | Rule():
            return True


def may_be_close(entries: tuple[tuple[Block, ...], ...]) -> bool:
    """Tell whether the blocks of every entry may follow each other without empty lines."""
    return all(may_touch(first, second) for entry in entries for first, second in pairwise(entry))


def reads_tight(entries: tuple[tuple[Block, ...], ...], tight: bool) -> bool:
    """Tell whether a list is read as tight, however its author would have it.

    Only paragraphs show whether a list is tight; a list of one block has no place for the
    empty line that makes a list loose.
    """
    if not any(isinstance(b, Paragraph) and not is_formula(b) for e in entries for b in e):
        return True
    if tight:
        return may_be_close(entries)
    return len(entries) == 1 and len(entries[0]) == 1
