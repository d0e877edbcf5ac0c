"""HTML, XHTML and Markdown to rich text: what every reader reads its texts with."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from coursec.model.text import RichText
from coursec.readers.blocks import Blocks
from coursec.readers.context import Context, FindGap, FindImage, Tell
from coursec.readers.element import Element, from_lxml, parse_html, parse_limited, visible

__all__ = [
    "Element",
    "FindImage",
    "Tell",
    "TextReader",
    "from_lxml",
    "gap_mark",
    "gap_name",
    "marked_gap",
    "outer_language",
    "parse_html",
    "visible",
]

LONGEST = 2_000_000
"""Characters of one text, images inside it aside; no question has more."""
LONGEST_WITH_IMAGES = 32_000_000
"""Characters of one text with the images inside it."""
_INSIDE_IMAGE = re.compile(r"data:image/[a-z+.-]{1,20};base64,[A-Za-z0-9+/=]+", re.IGNORECASE)


class TextReader:
    r"""Reads texts; what the language cannot say is told.

    `image` finds the file of an address, `gap` names the gap that an element stands for; `tex` says
    whether `\(..\)`, `\[..\]` and `$$..$$` are formulas.
    """

    def __init__(
        self, image: FindImage, tell: Tell, *, tex: bool = True, gap: FindGap | None = None
    ) -> None:
        self.image = image
        self.tell = tell
        self.tex = tex
        self.gap = gap

    def html(self, source: str) -> RichText:
        """Return what a piece of HTML says."""
        source = self._limited(source)
        root, whole = parse_limited(source)
        if not whole:
            self.tell("W707", "Elements are nested too deeply: their nesting is lost.")
        return self.element(root)

    def element(self, root: Element) -> RichText:
        """Return what the children of an element say."""
        context = Context(self.image, self.tell, self.tex, self.gap)
        blocks = Blocks(context).read(root.children)
        context.end()
        return RichText(blocks)

    def markdown(self, source: str) -> RichText:
        """Return what CommonMark with tables says."""
        return self.html(_markdown().render(self._limited(source)))

    def auto(self, source: str) -> RichText:
        """Return what a text in Moodle's auto format says: its lines are lines, HTML is allowed."""
        return self.html(source.strip().replace("\r\n", "\n").replace("\n", "<br>"))

    def _limited(self, source: str) -> str:
        """Return a text, or its beginning where it is longer than any question."""
        limit = LONGEST
        if len(source) > limit and len(source) <= LONGEST_WITH_IMAGES:
            limit += sum(len(image[0]) for image in _INSIDE_IMAGE.finditer(source))
        if len(source) <= limit:
            return source
        self.tell("W707", f"A text has more than {LONGEST:,} characters: the rest is left out.")
        return source[:LONGEST]


@cache
def _markdown() -> Any:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").enable("table")


def outer_language(source: str) -> tuple[str | None, Element]:
    """Return (the language that a `div` around all of a text names, what stands in it)."""
    root = parse_html(source)
    inside = [c for c in root.children if not (isinstance(c, str) and not c.strip())]
    if len(inside) == 1 and isinstance(inside[0], Element) and inside[0].name == "div":
        language = inside[0].get("lang")
        if language:
            return language, inside[0]
    return None, root


_GAP = "coursec-gap"
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_-]+")


def gap_mark(name: str) -> str:
    """Return the element that stands for a gap which a reader found in the characters of a text."""
    return f'<{_GAP} name="{name}"></{_GAP}>'


def gap_name(wanted: str, taken: set[str]) -> str:
    """Return a gap's name, as near to a wanted one as the language allows, and take it."""
    name = _NOT_IN_NAMES.sub("-", wanted).strip("-") or "gap"
    if not name[0].isalpha():
        name = f"gap{name}"
    unique, number = name, 1
    while unique in taken:
        number += 1
        unique = f"{name}-{number}"
    taken.add(unique)
    return unique


def marked_gap(element: Element) -> str | None:
    """Return the name of the gap that such an element stands for; None if it is another."""
    return element.attributes.get("name") if element.name == _GAP else None
