"""One question of the file: its metadata, its texts, and what is said about it."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from lxml.etree import _Element

from coursec.diagnostics import Diagnostics, Span
from coursec.model.text import NO_TEXT, RichText
from coursec.readers.markup import (
    FindImage,
    TextReader,
    marked_gap,
    outer_language,
    parse_html,
    visible,
)
from coursec.readers.qti12.material import html_of
from coursec.readers.xml import line_of, local


class LeftOutError(Exception):
    """A question that the language cannot say; the message says why."""


class Source:
    """Access to a question's element; what is lost is told at its line."""

    def __init__(self, item: _Element, path: str, sink: Diagnostics, image: FindImage) -> None:
        """Begin; `path` is the file's place in findings."""
        self.item = item
        self.path = path
        self.sink = sink
        self.span = self.place(item)
        self.id = (item.get("ident") or "").strip()
        self.title = " ".join((item.get("title") or "").split())
        self.metadata = item_metadata(item)
        self._line = line_of(item)
        self._reader = TextReader(image, self._tell, gap=marked_gap)

    @property
    def label(self) -> str:
        """What a person finds the question by."""
        return (self.title or self.id or "without a name")[:60]

    @property
    def canvas(self) -> str:
        """Canvas's name of the type; empty where another tool wrote the file."""
        return self.metadata.get("question_type", "")

    def place(self, node: _Element) -> Span:
        """Return the place of an element."""
        line = line_of(node)
        return Span(self.path, line, 1, line, 1)

    def _tell(self, code: str, message: str) -> None:
        self.tell(code, message, self._line)

    def tell(self, code: str, message: str, line: int | None = None) -> None:
        """Report something about the question."""
        place = self.span if line is None else Span(self.path, line, 1, line, 1)
        self.sink.report(code, message, place, item=self.id or None)

    def leave_out(self, why: str) -> None:
        """Say why the question is left out."""
        self.tell("W706", f"The question `{self.label}` is left out: {why}.")

    def html(self, node: _Element) -> str:
        """Return what an element shows as HTML."""
        self._line = line_of(node)
        return html_of(node, self._tell)

    def text(self, html: str, node: _Element | None = None) -> RichText:
        """Return HTML as rich text; `node` is where it stands."""
        self._line = line_of(self.item if node is None else node)
        return self._reader.html(html) if html.strip() else NO_TEXT

    def marked_text(self, html: str) -> tuple[str | None, RichText]:
        """Return (the language that all of a text is marked with, the text)."""
        self._line = line_of(self.item)
        language, root = outer_language(html)
        return language, self._reader.element(root)


def item_metadata(node: _Element) -> dict[str, str]:
    """Return metadata by label: the fields of tools and the elements of the standard."""
    found: dict[str, str] = {}
    for field in node.iterfind("{*}itemmetadata//{*}fieldlabel"):
        parent = field.getparent()
        entry = None if parent is None else parent.findtext("{*}fieldentry")
        found.setdefault((field.text or "").strip().lower(), (entry or "").strip())
    for metadata in node.iterfind("{*}itemmetadata"):
        for child in metadata:
            if isinstance(child.tag, str) and not len(child) and child.text:
                found.setdefault(local(child).lower(), child.text.strip())
    return found


def characters(html: str) -> str:
    """Return HTML's characters on one line."""
    return visible(parse_html(html))


def decimal(written: str | None) -> Decimal | None:
    """Return a finite number of a size that numbers of a course can have; None for others."""
    try:
        value = Decimal((written or "").strip()[:400])
    except InvalidOperation:
        return None
    if not value.is_finite() or (value and abs(value.adjusted()) > 308):
        return None
    return value
