"""Texts of a question in the format that each begins with."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape

from coursec.model.text import NO_TEXT, Asset, Paragraph, RichText, Text
from coursec.readers.gift.block import plain
from coursec.readers.markup import Element, TextReader

_FORMAT = re.compile(r"\[(html|markdown|plain|moodle)\]")
_TAG = re.compile(r"</?[A-Za-z][^>]*>")


class Texts:
    """Reads the texts of one question; `style` is the format of its own text."""

    def __init__(self, tell: Callable[[str, str], None]) -> None:
        self.tell = tell
        self.style = "moodle"
        self.reader = TextReader(self.image, tell, gap=_gap)

    def image(self, address: str) -> Asset | None:
        """Rule 47: a GIFT file holds no files."""
        self.tell("W709", f"The file `{address[:80]}` is not in the bank.")
        return None

    def split(self, text: str) -> tuple[str, str]:
        """Return (the format that a protected text begins with, the rest)."""
        text = text.strip(" \t\n\r\0\x0b")
        match = _FORMAT.match(text)
        return (match[1], text[match.end() :]) if match else (self.style, text)

    def text(self, protected: str, style: str | None = None) -> RichText:
        """Return a protected text as rich text."""
        own, rest = self.split(protected)
        return self.formatted(plain(rest), style or own)

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
                return plain_lines(text)
            case _:
                return self.reader.auto(text)

    def with_gap(self, before: str, after: str) -> RichText:
        """Return a text around a gap."""
        style, rest = self.split(before)
        mark = '<coursec-gap name="gap"></coursec-gap>'
        first = plain(rest) + (" " if before[-1:] in (" ", "\n") else "")
        last = (" " if after[:1] in (" ", "\n") else "") + plain(after)
        if style == "plain":
            return self.reader.html(f"<p>{escape(first)}{mark}{escape(last)}</p>")
        if style == "markdown":
            self.tell("W708", "The Markdown around the gap is read as text with line breaks.")
            style = "moodle"
        joined = f"{first}{mark}{last}"
        return self.reader.html(joined) if style == "html" else self.reader.auto(joined)


def _gap(element: Element) -> str | None:
    return element.attributes.get("name") if element.name == "coursec-gap" else None


def plain_lines(text: str) -> RichText:
    """Return plain text as paragraphs."""
    parts = (" ".join(part.split()) for part in re.split(r"\n\s*\n", text))
    return RichText(tuple(Paragraph((Text(part),)) for part in parts if part))


def without_tags(text: str) -> str:
    """Return a name or a menu entry as Moodle has it: tags stripped, on one line."""
    return " ".join(_TAG.sub("", text).split())
