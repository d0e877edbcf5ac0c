"""Texts of a question in the format that each begins with."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape

from coursec.model.text import NO_TEXT, Asset, Gap, RichText, walk
from coursec.readers.gift.block import TRIMMED, plain
from coursec.readers.markup import Element, TextReader

_FORMAT = re.compile(r"\[(html|markdown|plain|moodle)\]")
# A name ends at the next sign that begins a tag, so that a broken one costs no time.
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_BLANK_LINES = re.compile(r"\n\s*\n")
_INDENTED = re.compile(r"(?m)^[ \t]+")
_GAP = "gift-gap"


class RefusedError(Exception):
    """A question that Moodle or the language refuses; the message says why."""


class Texts:
    """Reads the texts of one question; `style` is the format of its own text (rules 14, 15)."""

    def __init__(self, tell: Callable[[str, str], None]) -> None:
        self.tell = tell
        self.style = "moodle"
        self.reader = TextReader(self.image, tell, gap=_gap)
        self.without_math = TextReader(self.image, tell, tex=False)

    def image(self, address: str) -> Asset | None:
        """Rule 47: a GIFT file holds no files."""
        self.tell("W709", f"The file `{address[:80]}` is not in the bank.")
        return None

    def split(self, text: str) -> tuple[str, str]:
        """Return (the format that a protected text begins with, the rest)."""
        text = text.strip(TRIMMED)
        match = _FORMAT.match(text)
        return (match[1], text[match.end() :]) if match else (self.style, text)

    def empty(self, protected: str) -> bool:
        """Tell whether a text has no characters besides its format."""
        return not plain(self.split(protected)[1])

    def text(self, protected: str) -> RichText:
        """Return a protected text as rich text."""
        style, rest = self.split(protected)
        return self.formatted(plain(rest), style)

    def optional(self, protected: str) -> RichText | None:
        """Return a text, or None where it is empty."""
        return self.text(protected) or None

    def formatted(self, text: str, style: str) -> RichText:
        """Return a text in a format."""
        if not text:
            return NO_TEXT
        match style:
            case "html":
                return self.reader.html(text)
            case "markdown":
                return self.reader.markdown(text)
            case "plain":
                return self.without_math.html(lines_as_html(text))
            case _:
                return self.reader.auto(text)

    def with_gap(self, name: str, before: str, after: str) -> RichText | None:
        """Return a text around a gap; None where no gap can stand there."""
        style, rest = self.split(before)
        first = plain(rest) + (" " if before[-1:] in (" ", "\t", "\n") else "")
        last = (" " if after[:1] in (" ", "\t", "\n") else "") + plain(after)
        if style == "plain":
            style, first, last = "html", escape(first), escape(last)
        text = self.formatted(f'{first}<{_GAP} name="{name}"></{_GAP}>{last}', style)
        gaps = [node.name for node in walk(text) if isinstance(node, Gap)]
        return text if gaps == [name] else None


def _gap(element: Element) -> str | None:
    return element.attributes.get("name") if element.name == _GAP else None


def lines_as_html(text: str) -> str:
    """Return plain text as HTML that shows its lines, their indentation and blank lines."""
    paragraphs = []
    for part in _BLANK_LINES.split(text):
        shown = _INDENTED.sub(lambda blanks: "\u00a0" * len(blanks[0]), escape(part, quote=False))
        paragraphs.append(f"<p>{'<br>'.join(shown.splitlines())}</p>")
    return "".join(paragraphs)


def without_tags(text: str) -> str:
    """Return a name or a menu entry as Moodle has it: tags stripped, on one line."""
    return " ".join(_TAG.sub("", text).split())
