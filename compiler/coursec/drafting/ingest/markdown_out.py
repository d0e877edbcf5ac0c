"""Pages to the Markdown of a lecture."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from coursec.drafting.ingest.page import (
    Block,
    Code,
    Entry,
    Formed,
    Grid,
    Heading,
    Listing,
    Page,
    Paragraph,
    Picture,
)
from coursec.model import text as rich
from coursec.source.workspace import CONTROL
from coursec.text.markdown import markdown_text, normal
from coursec.text.markdown.inlines import inline_line

MediaName = Callable[[Picture], str]
"""The path under which a lecture shows an image."""

_LANGUAGE = re.compile(r"[A-Za-z0-9+#._-]{1,40}")


@dataclass(frozen=True, slots=True)
class Section:
    """A slide as it is written."""

    id: str
    title: str
    kinds: frozenset[str]
    body: str
    """Markdown, without the heading."""

    @property
    def heading(self) -> str:
        """The heading with its attributes."""
        marks = " ".join((f"#{self.id}", *(f".{kind}" for kind in sorted(self.kinds))))
        return f"## {self.title} {{{marks}}}"


def lecture_text(
    title: str, number: int | None, language: str, abstract: str, sections: Sequence[Section]
) -> str:
    """Return the text of a lecture's file."""
    head = [f"title: {json.dumps(clean(title), ensure_ascii=False)}"]
    head += [f"number: {number}"] if number is not None else []
    head += [f"language: {language}"] if language else []
    parts = ["---\n" + "\n".join(head) + "\n---", abstract]
    parts += [f"{section.heading}\n\n{section.body}" for section in sections]
    return "\n\n".join(part.strip("\n") for part in parts if part.strip()) + "\n"


def clean(text: str) -> str:
    """Return a text without characters that no file of a course may hold."""
    return CONTROL.sub("", text)


def one_line(text: str) -> str:
    """Return the Markdown that shows a plain text in one line."""
    words = " ".join(clean(text).split())
    return inline_line((rich.Text(words),), lambda asset: "") if words else ""


def title_text(page: Page) -> str:
    """Return a slide's title as Markdown; a page without one is named by its number."""
    return one_line(page.title) or f"Page {page.number}"


def body(page: Page, media: MediaName) -> str:
    """Return the Markdown of a page below its heading, speaker notes at the end."""
    parts = [found for block in page.blocks if (found := _block(block, media))]
    if page.notes.strip():
        lines = clean(page.notes).strip().split("\n")
        parts.append("\n".join(["> [!NOTE]", *(f"> {line}".rstrip() for line in lines)]))
    return "\n\n".join(parts)


def _block(block: Block, media: MediaName) -> str:
    match block:
        case Formed():
            text = clean(block.markdown).strip("\n")
            for address, picture in block.pictures:
                text = text.replace(address, media(picture))
            return text
        case Picture():
            alt = one_line(block.alt).replace("[", "\\[").replace("]", "\\]")
            return f"![{alt}]({media(block)})"
        case Grid():
            return _grid(block)
        case Code():
            language = block.language if _LANGUAGE.fullmatch(block.language) else ""
            return _written(rich.CodeBlock(clean(block.text).rstrip("\n"), language))
        case Heading():
            level = min(max(block.level, 3), 6)
            return _written(rich.Heading(level, (rich.Text(clean(block.text)),)))
        case Paragraph():
            return "\n\n".join(
                _written(rich.Paragraph((rich.Text(part),)))
                for part in re.split(r"\n\s*\n", clean(block.text))
                if part.strip()
            )
        case Listing():
            return _written(_list(block.entries, 0)) if block.entries else ""


def _written(block: rich.Block) -> str:
    return markdown_text(normal(rich.RichText((block,))), lambda asset: asset.path)


def _grid(grid: Grid) -> str:
    width = max((len(row) for row in grid.rows), default=0)
    if not width:
        return ""
    header, *rows = (
        tuple(_cell(cell) for cell in (*row, *[""] * (width - len(row)))) for row in grid.rows
    )
    plain: rich.Alignment = ""
    return _written(rich.Table(header, tuple(rows), (plain,) * width))


def _cell(text: str) -> tuple[rich.Inline, ...]:
    words = " ".join(clean(text).split())
    return (rich.Text(words),) if words else ()


def _list(entries: Sequence[Entry], depth: int) -> rich.BulletList | rich.OrderedList:
    """Return the list that entries make, all of them at least so deep."""
    out: list[tuple[rich.Block, ...]] = []
    at = 0
    while at < len(entries):
        end = at + 1
        while end < len(entries) and entries[end].depth > entries[at].depth:
            end += 1
        text = rich.Paragraph((rich.Text(" ".join(clean(entries[at].text).split())),))
        inner = entries[at + 1 : end]
        out.append((text, _list(inner, depth + 1)) if inner else (text,))
        at = end
    first = entries[0].number
    if first is not None and all(
        e.number is not None for e in entries if e.depth <= entries[0].depth
    ):
        return rich.OrderedList(tuple(out), start=first)
    return rich.BulletList(tuple(out))
