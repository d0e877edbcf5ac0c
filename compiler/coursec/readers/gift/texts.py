"""Texts of a question in the format that each begins with."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

from coursec.diagnostics import Span
from coursec.model.text import NO_TEXT, Asset, Gap, RichText, walk
from coursec.model.text import plain as rich
from coursec.readers.element import squeezed
from coursec.readers.gift.piece import TRIMMED, Piece, plain
from coursec.readers.markup import Element, TextReader
from coursec.source.fields import visible
from coursec.source.workspace import CONTROL

_FORMAT = re.compile(r"\[(html|markdown|plain|moodle)\]")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<!--(?:(?!<!--|-->).)*-->", re.DOTALL)
_ENTITY = re.compile(r"&[A-Za-z0-9#]{1,8};")
_CUT = re.compile(r"<(?=\S)")
GAP = "gap"
"""The name of a question's only gap."""


class Texts:
    """Reads the texts of one question; `style` is the format of its own text."""

    def __init__(self, tell: Callable[[str, str, int], None], place: Callable[[int], Span]) -> None:
        """Begin; `tell` takes (code, message, line of the question), `place` a line."""
        self.style = "moodle"
        self.line = 0
        self._tell = tell
        self._place = place
        self._mark = "coursec-gap"
        self.reader = TextReader(self._image, self._say, gap=self._gap)

    def _say(self, code: str, message: str) -> None:
        self._tell(code, message, self.line)

    def tell(self, code: str, message: str, piece: Piece) -> None:
        """Report something about a part of the question."""
        self._tell(code, message, piece.line)

    def place(self, piece: Piece) -> Span:
        """Return the place of a part."""
        return self._place(piece.trimmed().line)

    def _image(self, address: str) -> Asset | None:
        """Rule 47: a GIFT file holds no files."""
        message = f"The file `{address[:80]}` is not here: a GIFT file holds no images."
        self._tell("W709", message, self.line)
        return None

    def _gap(self, element: Element) -> str | None:
        return GAP if element.name == self._mark else None

    def split(self, piece: Piece) -> tuple[str, Piece]:
        """Return (the format that a part begins with, the rest); rules 14 and 15."""
        piece = piece.trimmed()
        match = _FORMAT.match(piece.text)
        return (match[1], piece.after(match.end())) if match else (self.style, piece)

    def text(self, piece: Piece) -> RichText:
        """Return a part as rich text."""
        style, rest = self.split(piece)
        return self.formatted(plain(rest.text), style, piece)

    def shown(self, piece: Piece) -> RichText:
        """Return a part as rich text; one in which Moodle shows nothing as it is written."""
        text = self.text(piece)
        style, rest = self.split(piece)
        if not visible(text) and style in ("moodle", "markdown"):
            words = plain(rest.text)
            message = f"Moodle shows nothing for `{words[:40]}`: it is imported as it is written."
            self.tell("W708", message, piece)
            return self._plain(words)
        return text

    def optional(self, piece: Piece | None) -> RichText | None:
        """Return a part as rich text, or None where it is empty."""
        return (self.text(piece) or None) if piece is not None else None

    def formatted(self, text: str, style: str, piece: Piece) -> RichText:
        """Return a text in a format; `piece` is its place."""
        self.line = piece.line
        if not text:
            return NO_TEXT
        match style:
            case "html":
                return self.reader.html(text)
            case "markdown":
                return self.reader.markdown(text)
            case "plain":
                return self._plain(text)
            case _:
                return self.reader.auto(text)

    def _plain(self, text: str) -> RichText:
        """Return a text without markup and formulas: its lines are lines."""
        reader = TextReader(self._image, self._say, tex=False, gap=self._gap)
        root = Element("body")
        for paragraph in re.split(r"\n[ \t]*(?:\n[ \t]*)+", text):
            lines: list[Element | str] = []
            for number, line in enumerate(paragraph.split("\n")):
                if number:
                    lines.append(Element("br"))
                lines += self._with_gaps(line)
            root.children.append(Element("p", {}, lines))
        return reader.element(root)

    def _with_gaps(self, line: str) -> list[Element | str]:
        before, mark, after = line.partition(self._tag)
        return [before, Element(self._mark), after] if mark else [line]

    @property
    def _tag(self) -> str:
        return f"<{self._mark}></{self._mark}>"

    def with_gap(self, before: Piece, after: Piece) -> RichText | None:
        """Return a text around a gap; None where the gap cannot stand (within a formula, say)."""
        while self._mark in before.text or self._mark in after.text:
            self._mark += "-"
        text = self.text(Piece(f"{before.text}{self._tag}{after.text}", before.line))
        gaps = sum(isinstance(node, Gap) for node in walk(text))
        return text if gaps == 1 else None

    def name(self, text: str, piece: Piece) -> str:
        """Return a name: tags are stripped; Moodle cuts it at any other `<` (rule 19)."""
        words = " ".join(CONTROL.sub("", self._stripped(text, "name", piece)).split())
        if len(words) > 250:
            self.tell("W708", "The name is longer than Moodle takes: it is cut.", piece)
            words = words[:249].rstrip() + "…"
        return words

    def entry(self, piece: Piece) -> RichText:
        """Return an entry of a menu: plain text, with tags stripped (rule 17)."""
        stripped = self._stripped(plain(piece.text), "response", piece)
        # Moodle shows an ampersand as itself where no whole entity follows.
        text = _ENTITY.sub(lambda entity: unescape(entity[0]), stripped)
        return rich(squeezed(CONTROL.sub("", text)).strip(TRIMMED))

    def _stripped(self, text: str, what: str, piece: Piece) -> str:
        stripped = _TAG.sub("", text)
        if _CUT.search(stripped):
            shown = " ".join(stripped.split())[:40]
            message = f"Moodle cuts the {what} `{shown}` at `<`: it is imported whole."
            self.tell("W708", message, piece)
        return stripped
