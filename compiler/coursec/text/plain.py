"""Rich text to plain text, for menus and names that hold no markup."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import assert_never

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

_BLANKS = re.compile(r"[ \t\n\r\f\v]+")


def plain_text(text: RichText) -> str:
    """Return what a text says on one line, without markup; blanks are squeezed."""
    return squeezed(" ".join(_block(block) for block in text.blocks))


def squeezed(text: str) -> str:
    """Return a text with single blanks, and none at its ends; a no-break space is none of them."""
    return _BLANKS.sub(" ", text).strip(" ")


def _block(node: Block) -> str:
    match node:
        case Paragraph() | Heading():
            return _inlines(node.children)
        case CodeBlock():
            return node.text
        case Quote():
            return " ".join(_block(child) for child in node.children)
        case BulletList():
            return " ".join("• " + " ".join(map(_block, entry)) for entry in node.entries)
        case OrderedList():
            return " ".join(
                f"{number}. " + " ".join(map(_block, entry))
                for number, entry in enumerate(node.entries, node.start)
            )
        case Table():
            rows = (node.header, *node.rows)
            return "; ".join(" | ".join(_inlines(cell) for cell in row) for row in rows)
        case Rule():
            return ""
    assert_never(node)


def _inlines(children: Sequence[Inline]) -> str:
    return "".join(_inline(child) for child in children)


def _inline(node: Inline) -> str:
    match node:
        case Text() | Code():
            return node.text
        case SoftBreak() | LineBreak():
            return " "
        case Math():
            return to_text(parse(node.latex, display=node.display))
        case Image():
            return node.alt
        case Emphasis() | Strong() | Link():
            return _inlines(node.children)
        case Gap():
            return "_____"
    assert_never(node)
