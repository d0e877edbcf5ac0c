"""Parts of a question that know in which of its lines they begin."""

from __future__ import annotations

from typing import NamedTuple

TRIMMED = " \t\n\r\0\x0b"
"""What is taken off at both ends of a text: not the no-break space."""

# Rule 9: the seven escapes become placeholders, so that the signs they stand for divide nothing.
# A text that holds such a placeholder itself is changed as well (rule 12).
_PLACEHOLDERS = {
    "\\:": "&&058;",
    "\\#": "&&035;",
    "\\=": "&&061;",
    "\\{": "&&123;",
    "\\}": "&&125;",
    "\\~": "&&126;",
    "\\n": "&&010",
}
_BACKSLASH = "&&092;"


def protected(text: str) -> str:
    """Return a text in which each escaped sign is a placeholder, and two backslashes are one."""
    text = text.replace("\\\\", _BACKSLASH)
    for escape, placeholder in _PLACEHOLDERS.items():
        text = text.replace(escape, placeholder)
    return text.replace(_BACKSLASH, "\\")


def plain(text: str) -> str:
    """Return a protected text with its signs, trimmed."""
    for escape, placeholder in _PLACEHOLDERS.items():
        text = text.replace(placeholder, "\n" if escape == "\\n" else escape[1])
    return text.strip(TRIMMED)


def placeholder_in(text: str) -> str | None:
    """Return a placeholder that a text holds as it is written; None where it holds none."""
    found = (p for p in (*_PLACEHOLDERS.values(), _BACKSLASH) if p in text)
    return next(found, None)


class Piece(NamedTuple):
    """A part of a protected text."""

    text: str
    line: int
    """How many line ends of the question stand before it."""

    def split(self, mark: str) -> list[Piece]:
        """Return the parts between marks."""
        found, line = [], self.line
        for text in self.text.split(mark):
            found.append(Piece(text, line))
            line += text.count("\n")
        return found

    def partition(self, mark: str) -> tuple[Piece, Piece | None]:
        """Return (what stands before the first mark, what behind it); None where there is none."""
        before, found, after = self.text.partition(mark)
        rest = Piece(after, self.line + before.count("\n")) if found else None
        return Piece(before, self.line), rest

    def rpartition(self, mark: str) -> tuple[Piece, Piece | None]:
        """Return (what stands before the last mark, what behind it); None where there is none."""
        at = self.text.rfind(mark)
        if at < 0:
            return self, None
        return Piece(self.text[:at], self.line), self.after(at + len(mark))

    def after(self, start: int) -> Piece:
        """Return the part from a character on."""
        return Piece(self.text[start:], self.line + self.text.count("\n", 0, start))

    def trimmed(self) -> Piece:
        """Return the part without the blanks at its ends."""
        start = len(self.text) - len(self.text.lstrip(TRIMMED))
        piece = self.after(start)
        return Piece(piece.text.rstrip(TRIMMED), piece.line)
