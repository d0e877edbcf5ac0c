"""One question of the file: its values, its texts and its files."""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error
from decimal import Decimal, InvalidOperation
from html import unescape
from urllib.parse import unquote

from lxml.etree import _Element

from coursec.diagnostics import Diagnostics, Span
from coursec.model.text import NO_TEXT, Asset, Paragraph, RichText, Text, plain
from coursec.readers.categories import untagged
from coursec.readers.element import squeezed
from coursec.readers.markup import TextReader, marked_gap
from coursec.readers.media import asset

_PLUGIN_FILE = re.compile(r"@@PLUGINFILE@@/", re.IGNORECASE)
_FORMATS = {"0": "moodle_auto_format", "1": "html", "2": "plain_text", "4": "markdown"}
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
_LONGEST_NUMBER = 400
_LARGEST_EXPONENT = 308


class Source:
    """Access to a question's element; what is lost is told at its line."""

    def __init__(self, node: _Element, name: str, sink: Diagnostics) -> None:
        self.node = node
        self.sink = sink
        line = int(str(node.sourceline or 1))
        self.span = Span(name, line, 1, line, 1)
        self.id = (node.findtext("idnumber") or "").strip()
        self.title = without_tags(node.findtext("name/text") or "")
        self.default_format = self.format_of(node.find("questiontext"))

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

    def format_of(self, node: _Element | None) -> str:
        """Return the format of a text."""
        given = "" if node is None else (node.get("format") or "")
        return _FORMATS.get(given, given) or getattr(self, "default_format", "html")

    def value(self, name: str) -> str:
        """Return a value that is no text; empty where there is none."""
        node = self.node.find(name)
        if node is None:
            return ""
        inner = node.find("text")
        return ((node.text if inner is None else inner.text) or "").strip()

    def flag(self, name: str, default: bool = False) -> bool:
        """Return a value that is 1 or 0, true or false; an empty element is true."""
        if self.node.find(name) is None:
            return default
        return self.value(name).lower() not in ("0", "false")

    def number(self, name: str, default: str) -> Decimal:
        """Return a number; the default where there is none."""
        return decimal(self.value(name)) or Decimal(default)

    def whole(self, name: str) -> int | None:
        """Return a whole number; None where there is none."""
        written = self.value(name)
        return int(written) if re.fullmatch(r"-?[0-9]{1,9}", written) else None

    def raw(self, node: _Element | None) -> str:
        """Return the characters of a text element."""
        return "" if node is None else trimmed(node.findtext("text") or "")

    def reader(self, node: _Element | None) -> TextReader:
        """Return a reader that finds the files beside a text."""
        files = {} if node is None else _files(node)

        def image(address: str) -> Asset | None:
            name = unquote(_PLUGIN_FILE.sub("", address)).lstrip("/")
            data = files.get(name.rpartition("/")[2])
            if data is None:
                self.tell("W709", f"The file `{name[:80]}` is not in the question.")
                return None
            found = asset(name, data)
            if found is None:
                self.tell("W707", f"`{name[:80]}` is not a PNG, JPEG, GIF or plain SVG.")
            return found

        return TextReader(image, self.tell, gap=marked_gap)

    def text(self, node: _Element | None, source: str | None = None) -> RichText:
        """Return a text element as rich text; `source` stands for its characters."""
        written = self.raw(node) if source is None else source
        if not written:
            return NO_TEXT
        reader = self.reader(node)
        match self.format_of(node):
            case "plain_text":
                return plain_lines(written)
            case "markdown":
                return reader.markdown(written)
            case "moodle_auto_format":
                return reader.auto(written)
            case _:
                return reader.html(written)

    def optional(self, node: _Element | None) -> RichText | None:
        """Return a text, or None where it is empty."""
        return self.text(node) or None


def _files(node: _Element) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for file in node.iterfind("file"):
        try:
            data = b64decode("".join((file.text or "").split()), validate=True)
        except (Error, ValueError):
            continue
        files.setdefault(file.get("name") or "", data)
    return files


def trimmed(text: str) -> str:
    """Return a text without blanks at its ends, of which a no-break space is none for Moodle."""
    return text.strip(" \t\n\r\0\x0b")


def plain_lines(text: str) -> RichText:
    """Return plain text as paragraphs."""
    parts = (" ".join(part.split()) for part in re.split(r"\n\s*\n", text))
    return RichText(tuple(Paragraph((Text(part),)) for part in parts if part))


def without_tags(text: str) -> str:
    """Return a name or a menu entry as Moodle shows it: on one line, tags stripped."""
    return squeezed(untagged(text))


def menu(text: str) -> RichText:
    """Return a menu entry as a text; entities are decoded where it is shown."""
    return plain(unescape(without_tags(text)))


def decimal(written: str) -> Decimal | None:
    """Return a number in Moodle's notation; None for anything else."""
    if len(written) > _LONGEST_NUMBER or not _NUMBER.fullmatch(written):
        return None
    try:
        number = Decimal(written)
    except InvalidOperation:
        return None
    # What is larger is infinite to Moodle, and what is smaller is nothing.
    return number if not number or abs(number.adjusted()) <= _LARGEST_EXPONENT else None
