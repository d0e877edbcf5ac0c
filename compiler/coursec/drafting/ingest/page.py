"""What every format is read into: pages of blocks, still plain text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; a line end in its text stays one."""

    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a list."""

    text: str
    depth: int = 0
    number: int | None = None
    """Its number in a numbered list."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list; its entries' depths make its levels."""

    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: rows of cells, the first of which is its header."""

    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Code:
    """Code, set as it is written."""

    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """An image."""

    data: bytes
    suffix: str
    """`.png`, `.jpg` or `.gif`."""
    alt: str = ""
    """What the file says of it for those who cannot see it; empty where it says nothing."""


@dataclass(frozen=True, slots=True)
class Formed:
    """Text that is Markdown already; it holds no heading of the second level."""

    markdown: str
    pictures: tuple[tuple[str, Picture], ...] = ()
    """(the address that stands in the Markdown, the image) of its images."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a slide."""

    text: str
    level: int = 3


Block = Paragraph | Listing | Grid | Code | Picture | Formed | Heading


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page, slide or section of a file."""

    number: int
    """Counts from 1: the page in the file."""
    title: str = ""
    blocks: tuple[Block, ...] = ()
    notes: str = ""
    """What the speaker says, as Markdown or plain paragraphs."""
    kinds: frozenset[str] = frozenset()
    """`agenda`, `title`, `section`: structure without matter."""
    id: str = ""
    """The id that the file fixes; empty where it fixes none."""

    @property
    def text(self) -> str:
        """The visible words, without the title: lines of plain text."""
        return "\n".join(text for block in self.blocks for text in texts(block))


@dataclass(frozen=True, slots=True, kw_only=True)
class Deck:
    """What a file came to."""

    title: str = ""
    number: int | None = None
    language: str = ""
    abstract: str = ""
    pages: tuple[Page, ...] = ()
    shared: int = 0
    """Pages that were left out because they stood there already."""
    dropped: tuple[str, ...] = ()
    """Running headers and footers that were left out."""
    codec: str = ""
    """The table that was undone for the file's text; empty where it was sound."""
    restored: tuple[tuple[int, str, str], ...] = ()
    """(line, before, after) of every line whose encoding was repaired."""


def texts(block: Block) -> Iterator[str]:
    """Yield the texts of a block."""
    match block:
        case Paragraph() | Heading():
            yield block.text
        case Listing():
            yield from (entry.text for entry in block.entries)
        case Grid():
            for row in block.rows:
                yield from row
        case Code():
            yield block.text
        case Formed():
            yield block.markdown
        case Picture():
            yield block.alt


def changed(block: Block, change: Callable[[str], str]) -> Block:
    """Return a block with its prose changed; code and what is Markdown already stay."""
    match block:
        case Paragraph() | Heading():
            return replace(block, text=change(block.text))
        case Listing():
            return Listing(tuple(replace(e, text=change(e.text)) for e in block.entries))
        case Grid():
            return Grid(tuple(tuple(map(change, row)) for row in block.rows))
        case _:
            return block


def with_prose(page: Page, change: Callable[[str], str]) -> Page:
    """Return a page with its title and its prose changed, line by line."""

    def by_lines(text: str) -> str:
        return "\n".join(map(change, text.split("\n")))

    return replace(
        page,
        title=change(page.title),
        blocks=tuple(changed(block, by_lines) for block in page.blocks),
    )
