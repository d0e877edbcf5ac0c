"""One question of the file: its metadata, its texts and its feedback."""

from __future__ import annotations

import re
from html import escape

from lxml.etree import _Element, tostring

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
from coursec.readers.xml import line_of, local

_LOOKS_LIKE_HTML = re.compile(r"</?[A-Za-z][A-Za-z0-9]*(\s[^<>]*)?/?>|&(#?\w+);")


class Source:
    """Access to a question's element; what is lost is told at its line."""

    def __init__(self, item: _Element, place: str, sink: Diagnostics, image: FindImage) -> None:
        self.item = item
        self.sink = sink
        self.image = image
        line = line_of(item)
        self.span = Span(place, line, 1, line, 1)
        self.id = (item.get("ident") or "").strip()
        self.title = " ".join((item.get("title") or "").split())
        self.metadata = metadata(item)

    @property
    def label(self) -> str:
        """What a person finds the question by."""
        return self.title or self.id or "without a name"

    def tell(self, code: str, message: str) -> None:
        """Report something about the question."""
        self.sink.report(code, message, self.span, item=self.id or None)

    def leave_out(self, why: str) -> None:
        """Say why the question is left out."""
        self.tell("W706", f"The question `{self.label}` is left out: {why}")

    def reader(self) -> TextReader:
        """Return a reader of texts in which gaps are elements of our own."""
        return TextReader(self.image, self.tell, gap=marked_gap)

    def html(self, node: _Element | None) -> str:
        """Return what a node shows, but for its responses, as HTML."""
        return "" if node is None else "".join(_html(node))

    def text(self, html: str) -> RichText:
        """Return HTML as rich text."""
        return self.reader().html(html) if html.strip() else NO_TEXT

    def marked_text(self, html: str) -> tuple[str | None, RichText]:
        """Return (the language that all of a text is marked with, the text)."""
        language, root = outer_language(html)
        return language, self.reader().element(root)

    def feedback(self) -> dict[str, RichText]:
        """Return the feedback texts by identifier."""
        found = {}
        for node in self.item.iterfind("{*}itemfeedback"):
            text = self.text(self.html(node))
            if text:
                found[str(node.get("ident") or "")] = text
        return found


def metadata(node: _Element) -> dict[str, str]:
    """Return the fields of metadata: those of tools and those of the standard."""
    found: dict[str, str] = {}
    for field in node.iterfind("{*}itemmetadata//{*}qtimetadatafield"):
        label = (field.findtext("{*}fieldlabel") or "").strip()
        found.setdefault(label, (field.findtext("{*}fieldentry") or "").strip())
    for name in ("qmd_itemtype", "qmd_weighting", "bbmd_questiontype"):
        written = node.findtext(f"{{*}}itemmetadata/{{*}}{name}")
        if written:
            found.setdefault(name, written.strip())
    return found


_SKIPPED = frozenset(
    "response_lid response_str response_num response_xy response_grp render_choice render_fib "
    "response_label qticomment itemmetadata".split()
)


def _html(node: _Element) -> list[str]:
    """Return the pieces of HTML in a node, in order; what is to be answered is left out."""
    out: list[str] = []
    todo = list(reversed([child for child in node if isinstance(child.tag, str)]))
    while todo:
        child = todo.pop()
        name = local(child)
        if name == "mattext" or name == "matemtext":
            out.append(_mattext(child))
        elif name == "matimage":
            alt = escape((child.get("label") or child.text or "").strip())
            out.append(f'<img src="{escape(child.get("uri") or "")}" alt="{alt}">')
        elif name == "matbreak":
            out.append("<br>")
        elif name in ("mataudio", "matvideo", "matapplet", "matapplication"):
            out.append(f'<object data="{escape(child.get("uri") or "")}"></object>')
        elif name not in _SKIPPED:
            todo.extend(reversed([inner for inner in child if isinstance(inner.tag, str)]))
    return out


def _mattext(node: _Element) -> str:
    if len(node):  # markup that is not escaped
        return (escape(node.text or "") if node.text else "") + "".join(
            tostring(child, encoding="unicode", method="html") for child in node
        )
    text = node.text or ""
    if (node.get("texttype") or "text/plain").lower() == "text/html":
        return text
    # Canvas takes plain text for HTML too; others mean what they write.
    if _LOOKS_LIKE_HTML.search(text):
        return text
    return "<br>".join(escape(line) for line in text.strip().split("\n"))


def characters(html: str) -> str:
    """Return HTML's characters on one line."""
    return visible(parse_html(html))
