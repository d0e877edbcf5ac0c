"""Rich text as the Markdown that an author would write."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import assert_never

from coursec.model.text import (
    Alignment,
    Block,
    BulletList,
    CodeBlock,
    Heading,
    Inline,
    Math,
    OrderedList,
    Paragraph,
    Quote,
    RichText,
    Rule,
    Table,
)
from coursec.text.markdown.inlines import ImageName, inline_line, inline_lines
from coursec.text.markdown.shape import has_breaks, is_formula, may_be_close

_WIDEST = 100
"""Widest table whose columns are aligned in the source."""
_CLOSING = re.compile(r"((?:^|[ \t])#*)#\Z")


def markdown_text(text: RichText, image: ImageName) -> str:
    """Return the Markdown of a text, without a newline at its end.

    `image` names the file of an image as the text is to name it. Reading what is returned
    gives an equal text for every text that `normal` leaves as it is.
    """
    return "\n".join(_blocks(text.blocks, image))


def _blocks(
    blocks: Sequence[Block], image: ImageName, *, close: bool = False, entry_of: str = ""
) -> list[str]:
    """Return the lines of blocks; `entry_of` is the sign of the list whose entry they are."""
    lines: list[str] = []
    sign = ""
    for index, block in enumerate(blocks):
        if lines and not close:
            lines.append("")
        taken = entry_of if index == 0 else sign
        sign = ""
        match block:
            case Paragraph():
                lines.extend(_paragraph(block, image))
            case Heading():
                lines.extend(_heading(block, image))
            case CodeBlock():
                lines.extend(_code(block))
            case Quote():
                inner = _blocks(block.children, image)
                lines.extend(f"> {line}" if line else ">" for line in inner)
            case BulletList():
                sign = "*" if taken == "-" else "-"
                markers = [sign] * len(block.entries)
                lines.extend(_entries(block, markers, image))
            case OrderedList():
                sign = ")" if taken == "." else "."
                numbers = range(block.start, block.start + len(block.entries))
                lines.extend(_entries(block, [f"{number}{sign}" for number in numbers], image))
            case Table():
                lines.extend(_table(block, image))
            case Rule():
                # Dashes below a line would make a heading of it, beside a dash be a rule with it.
                lines.append("___" if close or (entry_of and index == 0) else "---")
            case _:
                assert_never(block)
    return lines


def _paragraph(block: Paragraph, image: ImageName) -> list[str]:
    formula = block.children[0]
    if is_formula(block) and isinstance(formula, Math):
        lines = formula.latex.split("\n")
        return ["$$", *lines, "$$"] if len(lines) > 1 else [f"$${lines[0]}$$"]
    return inline_lines(block.children, image)


def _heading(block: Heading, image: ImageName) -> list[str]:
    if has_breaks(block.children):
        lines = inline_lines(block.children, image)
        return [*lines, ("=" if block.level == 1 else "-") * min(max(map(len, lines)), 40)]
    line = inline_line(block.children, image)
    # Number signs at the end would be taken for the heading's own.
    return ["#" * block.level + " " + _CLOSING.sub(r"\1\\#", line)]


def _code(block: CodeBlock) -> list[str]:
    longest = max(map(len, re.findall("`+", block.text)), default=0)
    fence = "`" * max(3, longest + 1)
    return [f"{fence}{block.language}", *block.text.split("\n"), fence]


def _entries(
    block: BulletList | OrderedList, markers: Sequence[str], image: ImageName
) -> list[str]:
    close = block.tight and may_be_close(block.entries)
    lines: list[str] = []
    for marker, entry in zip(markers, block.entries, strict=True):
        if lines and not close:
            lines.append("")
        indent = " " * (len(marker) + 1)
        inner = _blocks(entry, image, close=close, entry_of=marker[-1])
        if not inner:
            lines.append(marker)
            continue
        lines.append(f"{marker} {inner[0]}")
        lines.extend(indent + line if line else "" for line in inner[1:])
    return lines


def _table(block: Table, image: ImageName) -> list[str]:
    rows = [[_cell(cell, image) for cell in row] for row in (block.header, *block.rows)]
    widths = [max(3, *map(len, column)) for column in zip(*rows, strict=True)]
    if sum(widths) + 3 * len(widths) + 1 > _WIDEST:
        widths = [3] * len(widths)
    line = [
        (":" if alignment in ("left", "center") else "-")
        + "-" * (width - 2)
        + (":" if alignment in ("right", "center") else "-")
        for alignment, width in zip(block.alignments, widths, strict=True)
    ]
    header, *body = (list(map(_padded, row, widths, block.alignments)) for row in rows)
    return [f"| {' | '.join(row)} |" for row in (header, line, *body)]


def _padded(cell: str, width: int, alignment: Alignment) -> str:
    match alignment:
        case "right":
            return cell.rjust(width)
        case "center":
            return cell.center(width)
        case _:
            return cell.ljust(width)


def _cell(cell: Sequence[Inline], image: ImageName) -> str:
    return inline_line(cell, image).replace("|", "\\|") if cell else ""
