"""Rich text: a closed tree of blocks and inlines, the same for every target.

The tree says what the author meant, not how it was written: adjacent texts are one
`Text`, a formula is its LaTeX, an image carries its bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from coursec.diagnostics import Span


@dataclass(frozen=True, slots=True)
class Asset:
    """A media file of the course."""

    path: str
    """Path relative to the course folder, with forward slashes."""
    media_type: str
    """Such as `image/png`."""
    data: bytes = field(repr=False)
    """The file's bytes."""


@dataclass(frozen=True, slots=True)
class Text:
    """Characters to be shown as they are; never markup."""

    text: str


@dataclass(frozen=True, slots=True)
class SoftBreak:
    """A line end in the source that shows as a space."""


@dataclass(frozen=True, slots=True)
class LineBreak:
    """A forced line end."""


@dataclass(frozen=True, slots=True)
class Code:
    """Code inside a line."""

    text: str


@dataclass(frozen=True, slots=True)
class Math:
    """A formula that `coursec.text.math.parse` accepts."""

    latex: str
    display: bool = False


@dataclass(frozen=True, slots=True)
class Image:
    """An image with its alternative text."""

    asset: Asset
    alt: str


@dataclass(frozen=True, slots=True)
class Emphasis:
    """Stressed text."""

    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Strong:
    """Strongly stressed text."""

    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """A link to an http, https or mailto address."""

    href: str
    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """The place of a cloze item's gap."""

    name: str


Inline = Text | SoftBreak | LineBreak | Code | Math | Image | Emphasis | Strong | Link | Gap


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph."""

    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a text; `level` is 1 to 6 as written."""

    level: int
    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """Code on lines of its own, without the final newline; `language` may be empty."""

    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    """A block quote."""

    children: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class BulletList:
    """A list without numbers; each entry is a sequence of blocks.

    A tight list shows its paragraphs without space between them.
    """

    entries: tuple[tuple[Block, ...], ...]
    tight: bool = True


@dataclass(frozen=True, slots=True)
class OrderedList:
    """A list numbered from `start`."""

    entries: tuple[tuple[Block, ...], ...]
    start: int = 1
    tight: bool = True


Alignment = Literal["", "left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with one header row; every row has as many cells as the header."""

    header: tuple[tuple[Inline, ...], ...]
    rows: tuple[tuple[tuple[Inline, ...], ...], ...]
    alignments: tuple[Alignment, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A thematic break."""


Block = Paragraph | Heading | CodeBlock | Quote | BulletList | OrderedList | Table | Rule


@dataclass(frozen=True, slots=True)
class RichText:
    """A text of the course, with the place it was written at."""

    blocks: tuple[Block, ...] = ()
    span: Span | None = field(default=None, compare=False, repr=False)

    def __bool__(self) -> bool:
        return bool(self.blocks)

    @property
    def inline(self) -> tuple[Inline, ...] | None:
        """The children of the only paragraph; None when the text is anything else."""
        if len(self.blocks) == 1 and isinstance(self.blocks[0], Paragraph):
            return self.blocks[0].children
        return None


NO_TEXT = RichText()


def plain(text: str) -> RichText:
    """Return a rich text of one paragraph that shows `text`; empty for empty text."""
    return RichText((Paragraph((Text(text),)),)) if text else RichText()


def walk(text: RichText | None) -> Iterator[Block | Inline]:
    """Yield every block and inline of a text, parents before children, in order."""
    if text is None:
        return
    todo: list[Block | Inline] = list(reversed(text.blocks))
    while todo:
        node = todo.pop()
        yield node
        match node:
            case Paragraph() | Heading() | Emphasis() | Strong() | Link() | Quote():
                todo.extend(reversed(node.children))
            case BulletList() | OrderedList():
                todo.extend(b for entry in reversed(node.entries) for b in reversed(entry))
            case Table():
                rows = (node.header, *node.rows)
                todo.extend(
                    i for row in reversed(rows) for cell in reversed(row) for i in reversed(cell)
                )
            case _:
                pass
