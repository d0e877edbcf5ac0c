"""The body of an assignment: Markdown cut into headings, code, callouts, rubrics and prose."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from coursec.diagnostics import Diagnostics, Span
from coursec.source.markdown import markdown_parser
from coursec.source.nodes import Scalar, one_of
from coursec.source.workspace import SourceFile

if TYPE_CHECKING:
    from markdown_it.token import Token

MARKS = ("starter", "solution", "test")
CALLOUTS = ("hint", "question", "solution", "note")
_CALLOUT = re.compile(r"\[!([^\]\n]*)\][ \t]*")
_QUOTE = re.compile(r" {0,3}> ?")
_PYTHON = ("python", "py", "python3")
# A line that is meant to begin a block that students must not see.
_MEANT = re.compile(
    r"[ \t>]*(?:[-+*]|[0-9]+[.)])?[ \t>]*"
    r"(?:(?:`{3,}|~{3,})(?:[ \t]*[^\s`]+[ \t]+[^\s`]|[^`]*\b(?:starter|solution|test)\b)"
    r"|\[!(?:solution|note)\])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the body, with the lines of the file that it takes."""

    kind: Literal["heading", "code", "callout", "table", "prose"]
    first: int
    """First line, from 1."""
    last: int
    """Last line."""
    word: str = ""
    """The mark of code, the kind of a callout, the tag of a heading."""
    content: str = ""
    """The words of a heading, the text of code."""
    hidden: bool = False
    """Whether a test is hidden."""


def lines_of(file: SourceFile, first: int, last: int) -> Scalar:
    """Return lines of a file as a text that knows its place."""
    start = file.starts[first - 1]
    end = file.starts[last] - 1 if last < len(file.starts) else len(file.text)
    return _scalar(file, file.text[start:end], list(range(start, end + 1)), first, last)


def callout_text(file: SourceFile, piece: Piece) -> Scalar:
    """Return the text of a callout without its quote marks and its kind."""
    text: list[str] = []
    offsets: list[int] = []
    for number in range(piece.first, piece.last + 1):
        start = file.starts[number - 1]
        line = file.text[start:].partition("\n")[0]
        skip = len(mark[0]) if (mark := _QUOTE.match(line)) else 0
        if number == piece.first and (kind := _CALLOUT.match(line, skip)):
            skip = kind.end()
        text.append(line[skip:])
        offsets.extend(range(start + skip, start + len(line) + 1))
    return _scalar(file, "\n".join(text), offsets, piece.first, piece.last)


def _scalar(file: SourceFile, text: str, offsets: list[int], first: int, last: int) -> Scalar:
    end = file.starts[last] - file.starts[last - 1] if last < len(file.starts) else 2
    span = Span(file.path, first, 1, last, max(end, 2))
    return Scalar(text, span, "|", offsets)


def pieces(file: SourceFile, first: int, sink: Diagnostics) -> list[Piece]:
    """Cut the body that begins in the line behind `first`; what is not understood is reported."""
    cutter = _Cutter(file, first, sink)
    found = list(cutter.pieces())
    cutter.meant(found)
    return list(_joined(_settled(found)))


def is_rubric(piece: Piece) -> bool:
    """Tell whether a heading announces a rubric."""
    return piece.word == "h3" and piece.content.strip().casefold() == "rubric"


def _settled(found: list[Piece]) -> Iterator[Piece]:
    """Make prose of other headings than those of tasks and rubrics, and of other tables."""
    for before, piece in pairwise([None, *found]):
        assert piece is not None
        other = (piece.word == "h3" and not is_rubric(piece)) or (
            piece.kind == "table" and not (before and is_rubric(before))
        )
        yield Piece("prose", piece.first, piece.last) if other else piece


def _joined(found: Iterator[Piece]) -> Iterator[Piece]:
    """Make one piece of prose that is interrupted by nothing."""
    waiting: Piece | None = None
    for piece in found:
        if waiting and piece.kind == "prose":
            waiting = Piece("prose", waiting.first, piece.last)
            continue
        if waiting:
            yield waiting
            waiting = None
        if piece.kind == "prose":
            waiting = piece
        else:
            yield piece
    if waiting:
        yield waiting


@dataclass(slots=True)
class _Cutter:
    file: SourceFile
    before: int
    """Lines of the front matter."""
    sink: Diagnostics
    reported: set[int] = field(default_factory=set)
    """Lines of which something has been said."""

    def pieces(self) -> Iterator[Piece]:
        lines = self.file.text.split("\n")
        tokens = markdown_parser(False).parse("\n".join(lines[self.before :]))
        for token, following in pairwise([*tokens, None]):
            assert token is not None
            if token.level > 0:
                self._inner(token)
            elif token.map:
                yield self._piece(token, following, tokens)

    def _piece(self, token: Token, following: Token | None, tokens: Sequence[Token]) -> Piece:
        assert token.map
        first, last = token.map[0] + self.before + 1, token.map[1] + self.before
        if token.type == "heading_open" and token.tag in ("h2", "h3"):
            words = following.content if following else ""
            return Piece("heading", first, last, token.tag, words)
        if token.type == "fence":
            return self._fence(token, first, last)
        if token.type == "table_open":
            return Piece("table", first, last)
        if token.type == "blockquote_open":
            # A quote's map may end behind empty lines that do not belong to it.
            lines = self.file.text.split("\n")
            while last > first and not lines[last - 1].strip():
                last -= 1
            if (kind := self._callout(first)) is not None:
                return Piece("callout", first, last, self._known_callout(kind, first))
        return Piece("prose", first, last)

    def _line(self, number: int) -> str:
        return self.file.text[self.file.starts[number - 1] :].partition("\n")[0]

    def _report(self, message: str, number: int, hint: str, word: str = "") -> None:
        self.reported.add(number)
        line = self._line(number)
        at = max(line.find(word), 0) if word else len(line) - len(line.lstrip())
        size = len(word) or len(line.strip()) or 1
        span = Span(self.file.path, number, at + 1, number, at + size + 1)
        self.sink.report("E558", message, span, hint=hint)

    def _callout(self, number: int) -> str | None:
        """Return the kind that a quote's first line names."""
        line = self._line(number)
        mark = _QUOTE.match(line)
        kind = _CALLOUT.match(line, mark.end()) if mark else None
        return kind[1] if kind else None

    def _known_callout(self, word: str, number: int) -> str:
        kind = word.strip().casefold()
        if kind not in CALLOUTS:
            known = [name.upper() for name in CALLOUTS]
            self._report(
                f"`[!{word}]` is no block of an assignment.",
                number,
                one_of(word.upper(), known),
                f"[!{word}]",
            )
        return kind

    def _fence(self, token: Token, first: int, last: int) -> Piece:
        words = token.info.split()
        marks = self._marks(words, first)
        if not marks:
            return Piece("prose", first, last)
        if words[0].casefold() not in _PYTHON:
            self._report(
                f"A block marked `{marks[0]}` must be Python, not `{words[0]}`.",
                first,
                "Notebooks and starter files are made for Python; leave the mark out to show it.",
                words[0],
            )
        content = token.content.removesuffix("\n")
        return Piece("code", first, last, marks[0], content, hidden=marks[1:] == ["hidden"])

    def _marks(self, words: list[str], number: int) -> list[str]:
        """Return the marks behind a fence's language; report those that are not known."""
        if not words:
            return []
        if _holds_mark(words[:1]):
            self._report(
                f"The fence says `{words[0]}` where its language belongs.",
                number,
                "Write the language first, then the mark, as in `python solution`.",
                words[0],
            )
            return []
        marks = [word.strip("{}").casefold() for word in words[1:]]
        if not marks:
            return []
        if marks[0] not in MARKS:
            message = f"`{words[1]}` is no mark of a block of code."
            self._report(message, number, one_of(marks[0], list(MARKS)), words[1])
            return []
        rest = marks[1:]
        if rest and not (marks[0] == "test" and rest == ["hidden"]):
            self._report(
                f"`{words[2]}` behind `{words[1]}` is not understood.",
                number,
                "Only a test has a second mark: `test hidden`.",
                words[2],
            )
        return marks

    def _inner(self, token: Token) -> None:
        """Report blocks that count only at the left margin: inside others they would be shown."""
        if not token.map:
            return
        number = token.map[0] + self.before + 1
        if token.type == "fence":
            words = token.info.split()
            for word in words[:1] if _holds_mark(words[:1]) else words[1:]:
                self._report(
                    f"A block marked `{word}` stands inside a list or a quote.",
                    number,
                    "Put it at the left margin, with an empty line before it.",
                    word,
                )
                return
        if token.type == "inline" and "[!" in token.content:
            for down, line in enumerate(token.content.split("\n")):
                kind = _CALLOUT.match(line)
                if kind is None or kind[1].strip().casefold() not in CALLOUTS:
                    continue
                if not self._begins_callout(number + down, kind[1]):
                    self._report(
                        f"`[!{kind[1]}]` does not begin a quote at the left margin.",
                        number + down,
                        f"Write `> [!{kind[1]}]` at the left margin, with an empty line before it.",
                        f"[!{kind[1]}]",
                    )

    def meant(self, found: Sequence[Piece]) -> None:
        """Report lines that look like the beginning of a block and begin none.

        A fence that is not closed, or a wrong indentation, would else show what is not to be seen.
        """
        begun = {piece.first for piece in found if piece.kind in ("code", "callout")}
        for piece in found:
            if piece.word in ("solution", "note") or piece.hidden:
                begun.update(range(piece.first, piece.last + 1))
        for number in range(self.before + 1, len(self.file.starts) + 1):
            if number in begun or number in self.reported:
                continue
            if _MEANT.match(self._line(number)):
                self._report(
                    "This line begins no block where it stands.",
                    number,
                    "Close the code before it, and begin a block at the left margin behind an "
                    "empty line.",
                )

    def _begins_callout(self, number: int, kind: str) -> bool:
        """Tell whether this line is the first of a callout at the left margin."""
        return self._callout(number) == kind and (
            number == self.before + 1 or not _QUOTE.match(self._line(number - 1))
        )


def _holds_mark(words: list[str]) -> bool:
    """Tell whether a mark hides in a fence's first word, as in `{.solution}`."""
    return any(part in MARKS for word in words for part in re.split("[^a-z]+", word.casefold()))
