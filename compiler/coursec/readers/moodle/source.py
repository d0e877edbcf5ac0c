"""One question of the file: its values, its texts and its files."""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from html import unescape
from typing import Final
from urllib.parse import unquote

from lxml.etree import _Element, tostring

from coursec.diagnostics import Diagnostics, Span
from coursec.model.text import NO_TEXT, Asset, RichText, plain
from coursec.readers.categories import untagged
from coursec.readers.element import squeezed
from coursec.readers.markup import Element, TextReader, gap_mark, marked_gap
from coursec.readers.media import asset
from coursec.readers.xml import line_of

HTML: Final = "html"
AUTO: Final = "moodle_auto_format"
PLAIN: Final = "plain_text"

_PLUGIN_FILE = re.compile(r"@@PLUGINFILE@@/", re.IGNORECASE)
_FORMATS = frozenset((HTML, AUTO, PLAIN, "markdown", "wiki_like"))
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
_LONGEST_NUMBER: Final = 400
_LONGEST_NAME: Final = 250
_LARGEST_EXPONENT: Final = 308
_PARAGRAPHS = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
_MARK = re.compile(re.escape(gap_mark("\0")).replace("\0", "([A-Za-z0-9]+)"))


class Source:
    """Access to a question's element; what is lost is told at its line, each thing once."""

    def __init__(self, node: _Element, name: str, sink: Diagnostics) -> None:
        self.node = node
        self.sink = sink
        self.said: set[tuple[str, str]] = set()
        line = line_of(node)
        self.span = Span(name, line, 1, line, 1)
        self.id = (node.findtext("idnumber") or "").strip()
        self.title = self._title(without_tags(node.findtext("name/text") or ""))
        self.own_format = HTML
        """The format of the question's text: texts that name none have it too (rule 52)."""
        self.own_format = self.format_of(node.find("questiontext"))

    def _title(self, name: str) -> str:
        """Return a name, cut where it is longer than Moodle takes (rule 19)."""
        if len(name) <= _LONGEST_NAME:
            return name
        self.tell("W708", "The name is longer than Moodle takes: it is cut.")
        return name[: _LONGEST_NAME - 1].rstrip() + "…"

    @property
    def label(self) -> str:
        """What a person finds the question by."""
        return self.title[:80] or self.id or "without a name"

    def tell(self, code: str, message: str, hint: str = "") -> None:
        """Report something about the question."""
        if (code, message) not in self.said:
            self.said.add((code, message))
            self.sink.report(code, message, self.span, hint=hint, item=self.id or None)

    def leave_out(self, why: str, hint: str = "") -> None:
        """Say why the question is left out."""
        self.tell("W706", f"The question `{self.label}` is left out: {why}.", hint)

    # Values

    def value(self, name: str) -> str:
        """Return a value that is no text; empty where there is none."""
        node = self.node.find(name)
        if node is None:
            return ""
        inner = node.find("text")
        return ((node.text if inner is None else inner.text) or "").strip()

    def flag(self, name: str, *, default: bool) -> bool:
        """Return a value that is 1 or 0, true or false; an empty element is false."""
        if self.node.find(name) is None:
            return default
        written = self.value(name)
        if written.lower() == "false" and written != "false":
            self.tell("W708", f"Moodle takes `{written}` in `{name}` for true: here it is false.")
        return written.lower() not in ("", "0", "false")

    def points(self) -> Decimal:
        """Return what the question is worth; 0 where Moodle says so."""
        written = self.value("defaultgrade")
        points = decimal(written)
        if points is None and written:
            self.tell("W708", f"`{written[:40]}` is no mark: here it is 1.")
        return Decimal(1) if points is None else max(points, Decimal(0))

    def whole(self, name: str) -> int | None:
        """Return a whole number; None where there is none."""
        written = self.value(name)
        return int(written) if re.fullmatch(r"-?[0-9]{1,9}", written) else None

    # Texts

    def format_of(self, node: _Element | None) -> str:
        """Return the format of a text; one that Moodle does not know is HTML."""
        given = "" if node is None else (node.get("format") or "").strip()
        if not given:
            return self.own_format
        return given if given in _FORMATS else HTML

    def raw(self, node: _Element | None) -> str:
        """Return the characters of a text element."""
        text = None if node is None else node.find("text")
        if text is None:
            return ""
        inside = text.text or ""
        if len(text):
            self.tell("W708", "A text holds markup that is not escaped: Moodle refuses the file.")
            inside += "".join(tostring(child, encoding="unicode") for child in text)
        return trimmed(inside)

    def reader(self, node: _Element | None, *, tex: bool = True, gaps: bool = False) -> TextReader:
        """Return a reader that finds the files beside a text, and gaps that were marked in it."""
        gap = marked_gap if gaps else None
        return TextReader(self._images(node), self.tell, tex=tex, gap=gap)

    def _images(self, node: _Element | None) -> Callable[[str], Asset | None]:
        files = {} if node is None else _files(node)

        def image(address: str) -> Asset | None:
            path = unquote(_PLUGIN_FILE.sub("", address).partition("?")[0]).lstrip("/")
            data = files.get(path)
            if data is None:
                data = files.get(path.rpartition("/")[2])
            if data is None:
                self.tell("W709", f"The file `{path[:80]}` is not in the question.")
                return None
            found = asset(path, data)
            if found is None:
                self.tell("W707", f"`{path[:80]}` is not a PNG, JPEG, GIF or plain SVG.")
            return found

        return image

    def text(self, node: _Element | None, source: str | None = None) -> RichText:
        """Return a text element as rich text; `source` stands for its characters, gaps marked."""
        gaps = source is not None
        written = self.raw(node) if source is None else source
        if not written:
            return NO_TEXT
        match self.format_of(node):
            case "plain_text":
                return self._plain(node, written, gaps=gaps)
            case "markdown":
                return self.reader(node, gaps=gaps).markdown(written)
            case "moodle_auto_format" | "wiki_like":
                return self.reader(node, gaps=gaps).auto(written)
            case _:
                return self.reader(node, gaps=gaps).html(written)

    def _plain(self, node: _Element | None, text: str, *, gaps: bool) -> RichText:
        """Return a text without markup and formulas: its lines are lines."""
        root = Element("body")
        for paragraph in _PARAGRAPHS.split(text.replace("\r\n", "\n")):
            inside: list[Element | str] = []
            for number, line in enumerate(paragraph.split("\n")):
                if number:
                    inside.append(Element("br"))
                for index, part in enumerate(_MARK.split(line) if gaps else [line]):
                    mark = Element("coursec-gap", {"name": part})
                    inside.append(mark if index % 2 else part)
            root.children.append(Element("p", {}, inside))
        return self.reader(node, tex=False, gaps=gaps).element(root)

    def optional(self, node: _Element | None) -> RichText | None:
        """Return a text, or None where it is empty."""
        return self.text(node) or None


def _files(node: _Element) -> dict[str, bytes]:
    """Return the files beside a text by path, and by name where no other has it."""
    files: dict[str, bytes] = {}
    for file in node.iterfind("file"):
        try:
            data = b64decode("".join((file.text or "").split()), validate=True)
        except (Error, ValueError):
            continue
        name = (file.get("name") or "").strip()
        files.setdefault(f"{(file.get('path') or '/').strip('/')}/{name}".lstrip("/"), data)
        files.setdefault(name, data)
    return files


def trimmed(text: str) -> str:
    """Return a text without blanks at its ends, of which a no-break space is none for Moodle."""
    return text.strip(" \t\n\r\0\x0b")


def without_tags(text: str) -> str:
    """Return a name as Moodle shows it: on one line, tags stripped."""
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
