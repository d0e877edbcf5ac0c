"""Rich text as Typst markup.

Nothing an author wrote can become Typst code: in text every ASCII punctuation mark is escaped,
in strings the quote and the backslash are. The document's template defines `picture` and
`inline-picture`, called with an image and its size in pixels, or `none`; all else is Typst's own.
"""

from __future__ import annotations

import string as ascii_characters
from collections.abc import Callable, Sequence
from functools import lru_cache
from hashlib import sha256
from typing import assert_never

from coursec.model.text import (
    Asset,
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
from coursec.text.math import parse, to_typst

# What Typst takes for a line end; a blank line in the middle of a text would end a paragraph.
_LINE_ENDS = "\n\r\v\f\x85\u2028\u2029"
_TEXT = str.maketrans(
    {mark: "\\" + mark for mark in ascii_characters.punctuation} | dict.fromkeys(_LINE_ENDS, " ")
)
_STRING = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})
_SUFFIXES = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/svg+xml": "svg"}


def escape(text: str) -> str:
    """Return markup that shows `text`; line ends become spaces."""
    return text.translate(_TEXT)


def string(text: str) -> str:
    """Return a Typst string literal, quotes included."""
    return f'"{text.translate(_STRING)}"'


def language(tag: str) -> str:
    """Return the arguments of Typst's `text` that a BCP 47 tag stands for.

    Typst knows two- and three-letter languages and two-letter regions; the rest is left out.
    """
    primary, *subtags = tag.lower().split("-")
    if not (primary.isascii() and primary.isalpha() and len(primary) in (2, 3)):
        return 'lang: "en", region: none'
    regions = (part for part in subtags if len(part) == 2 and part.isascii() and part.isalpha())
    region = next(regions, None)
    return f'lang: "{primary}", region: ' + ("none" if region is None else f'"{region.upper()}"')


@lru_cache(maxsize=4096)
def formula(latex: str, display: bool) -> str:
    """Return an equation, with its LaTeX source as what is spoken in its place."""
    body = to_typst(parse(latex, display=display))
    block = "true" if display else "false"
    return f"#math.equation(alt: {string(latex)}, block: {block}, ${body}$)"


def pixels(asset: Asset) -> tuple[int, int] | None:
    """Return the width and height that an image's own header tells; None for a drawing."""
    data = asset.data
    match asset.media_type:
        case "image/png" if len(data) >= 24:
            return int.from_bytes(data[16:20]), int.from_bytes(data[20:24])
        case "image/gif" if len(data) >= 10:
            return int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little")
        case "image/jpeg":
            return _jpeg_pixels(data)
        case _:
            return None


def _jpeg_pixels(data: bytes) -> tuple[int, int] | None:
    """Find a JPEG's frame header: segments of a marker and a length lead to it."""
    place = 2
    while place + 9 <= len(data) and data[place] == 0xFF:
        marker = data[place + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = data[place + 5 : place + 7], data[place + 7 : place + 9]
            return int.from_bytes(width), int.from_bytes(height)
        place += 2 + int.from_bytes(data[place + 2 : place + 4])
    return None


class Renderer:
    """Writes rich texts of one document and gathers the images that they name."""

    def __init__(self, *, highlighted: bool = False) -> None:
        self.highlighted = highlighted
        """Whether code is coloured by its language."""
        self.images: dict[str, bytes] = {}
        """Bytes of the images by the names that the markup uses."""

    def blocks(self, text: RichText, *, level: int, gap: Callable[[str], str] | None = None) -> str:
        """Return a text whose own headings begin at `level`; `gap` writes the gaps by name."""
        return _Writer(self, level, gap).blocks(text.blocks)

    def keep(self, asset: Asset) -> str:
        """Keep an image and return its name, which its content alone decides."""
        suffix = _SUFFIXES[asset.media_type]
        name = f"{sha256(asset.data).hexdigest()[:20]}.{suffix}"
        self.images[name] = asset.data
        return name


class _Writer:
    """Writes one rich text."""

    def __init__(self, renderer: Renderer, level: int, gap: Callable[[str], str] | None) -> None:
        self.renderer = renderer
        self.level = level
        self.gap = gap
        self.headings: list[int] = []

    def blocks(self, blocks: Sequence[Block], *, tight: bool = False) -> str:
        parts = [self.block(block) for block in blocks]
        if tight and not any(isinstance(block, Paragraph) for block in blocks[1:]):
            return "\n".join(parts)
        return "\n\n".join(parts)

    def block(self, block: Block) -> str:
        match block:
            case Paragraph((Image() as image,)):
                return self.picture("picture", image)
            case Paragraph():
                return self.inlines(block.children)
            case Heading():
                level = self.depth(block.level)
                return f"#heading(level: {level})[{self.inlines(block.children)}]"
            case CodeBlock():
                coloured = self.renderer.highlighted and block.language
                lang = f"lang: {string(block.language.lower())}, " if coloured else ""
                return f"#raw(block: true, {lang}{string(block.text)})"
            case Quote():
                return f"#quote(block: true)[{self.blocks(block.children)}]"
            case BulletList():
                return f"#list({self.entries(block)})"
            case OrderedList():
                return f"#enum(start: {block.start}, {self.entries(block)})"
            case Table():
                return self.table(block)
            case Rule():
                return "#line(length: 100%, stroke: 0.5pt)"
            case _:
                assert_never(block)

    def depth(self, written: int) -> int:
        """Return the level a heading gets: a document may not skip one, an author may."""
        while self.headings and self.headings[-1] >= written:
            self.headings.pop()
        self.headings.append(written)
        return self.level + len(self.headings) - 1

    def entries(self, block: BulletList | OrderedList) -> str:
        tight = block.tight
        entries = ", ".join(f"[{self.blocks(entry, tight=tight)}]" for entry in block.entries)
        return f"tight: {'true' if tight else 'false'}, {entries}"

    def table(self, table: Table) -> str:
        """One line for each row; only a table ends with a bracket at the start of a line."""
        sides = ", ".join(side or "start" for side in table.alignments)
        header, *rows = (
            ", ".join(f"[{self.inlines(cell)}]" for cell in row)
            for row in (table.header, *table.rows)
        )
        lines = [f"align: ({sides},)", f"table.header({header})", *rows]
        return f"#table(columns: {len(table.header)}, " + ",\n".join(lines) + "\n)"

    def inlines(self, children: Sequence[Inline]) -> str:
        return "".join([self.inline(child) for child in children])

    def inline(self, inline: Inline) -> str:
        match inline:
            case Text():
                return escape(inline.text)
            case SoftBreak():
                return " "
            case LineBreak():
                return "#linebreak()"
            case Code():
                return f"#raw({string(inline.text)})"
            case Math():
                return formula(inline.latex, inline.display)
            case Image():
                return self.picture("inline-picture", inline)
            case Emphasis():
                return f"#emph[{self.inlines(inline.children)}]"
            case Strong():
                return f"#strong[{self.inlines(inline.children)}]"
            case Link():
                return self.link(inline)
            case Gap():
                return "" if self.gap is None else self.gap(inline.name)
            case _:
                assert_never(inline)

    def link(self, link: Link) -> str:
        """Show the address too: nobody can follow a link on paper."""
        address = link.href.removeprefix("mailto:")
        shown = self.inlines(link.children)
        if shown.strip() != escape(address):
            shown = f"{shown} \\({escape(address)}\\)"
        return f"#link({string(link.href)})[{shown}]"

    def picture(self, function: str, image: Image) -> str:
        name = self.renderer.keep(image.asset)
        size = pixels(image.asset)
        shown = "none" if size is None else f"({size[0]}, {size[1]})"
        return f"#{function}(image({string(name)}, alt: {string(image.alt)}), {shown})"
