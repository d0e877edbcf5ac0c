"""What stands on a slide: sentences, lists, tables, each with its own words as evidence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from coursec.drafting.evidence.chunk import Chunk
from coursec.drafting.extractive.line import Line
from coursec.source.markdown import markdown_parser

MOST_ENTRIES = 30
"""Entries of a list, or rows of a table, that are looked at."""
_END = re.compile(r"[.!?][\"”’)*_]*\s+(?=[*_]{0,3}[\"“‘(]?[*_]{0,3}[A-ZÀ-Þ])")
_SHORT = re.compile(r"(?:\b(?:e\.g|i\.e|cf|vs|etc|approx|resp|Fig|Eq|Dr|No|al|[A-Z])\.)[*_]*\s+$")


_TERM_LINE = re.compile(
    r"([*_]{1,3})[^*_:.]{2,60}(?:[.:]\1|\1\s*:)\s+\S"
    r"|[A-Z][\w/+-]*(?:[ -][\w/+-]+){0,3}?(?:\s*\([^()]*\))?\s*:\s+\S"
)
_ASIDE = re.compile(
    r"[*_]{0,3}(notes?|examples?|e\.g|hints?|sources?|credits?|images?|figures?|tables?|remarks?|"
    r"comments?|links?|see|from|data|references?|questions?|answers?|tips?|warning|problem)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a paragraph or of an entry."""

    line: Line
    opening: bool = False
    """Whether it is the first of the slide."""
    listed: bool = False
    """Whether it stands in an entry of a list."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a list."""

    line: Line
    """Its first paragraph."""
    below: tuple[Line, ...] = ()
    """The entries of the list inside it."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list."""

    entries: tuple[Entry, ...]
    ordered: bool
    lead: Line | None = None
    """The sentence right above it."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table."""

    raw: str
    """The line as it stands on the slide."""
    cells: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table."""

    header: Row
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Matter:
    """What a chunk holds."""

    chunk: Chunk
    sentences: tuple[Sentence, ...]
    lists: tuple[Listing, ...]
    tables: tuple[Grid, ...]

    @property
    def title(self) -> str:
        """The slide's title."""
        return Line.of(self.chunk.title).plain


def matter_of(chunk: Chunk) -> Matter:
    """Return what a chunk holds, in order."""
    return _Walk(chunk).matter()


def sentences_of(text: str) -> list[str]:
    """Cut a paragraph's Markdown into sentences."""
    found, start = [], 0
    for mark in _END.finditer(text):
        if _SHORT.search(text[start : mark.end()]) or text[start : mark.end()].count("$") % 2:
            continue
        found.append(text[start : mark.end()].strip())
        start = mark.end()
    return [*found, rest] if (rest := text[start:].strip()) else found


@dataclass(slots=True)
class _Walk:
    chunk: Chunk
    sentences: list[Sentence] = field(default_factory=list)
    lists: list[Listing] = field(default_factory=list)
    tables: list[Grid] = field(default_factory=list)
    lead: Line | None = None

    def matter(self) -> Matter:
        tokens = markdown_parser(False).parse(self.chunk.text)
        lines = self.chunk.text.split("\n")
        run: list[str] = []
        before: Line | None = None
        for block in _blocks(tokens):
            kind = block[0].type
            lead, self.lead = self.lead, None
            terms = _term_lines(block[1].content) if kind == "paragraph_open" else []
            before = before if run else lead
            if not terms:
                self.terms(run, before)
                run = []
            run += terms
            if kind == "paragraph_open":
                self.paragraph(block[1].content)
            elif kind in ("bullet_list_open", "ordered_list_open"):
                self.listing(block, lead)
            elif kind == "table_open":
                self.table(block, lines)
        self.terms(run, before)
        return Matter(self.chunk, tuple(self.sentences), tuple(self.lists), tuple(self.tables))

    def terms(self, lines: Sequence[str], lead: Line | None) -> None:
        """Add paragraphs one after the other that each say `Term: text` as a list."""
        if len(lines) > 2:
            entries = tuple(Entry(Line.of(line)) for line in lines[:MOST_ENTRIES])
            self.lists.append(Listing(entries, False, lead))

    def paragraph(self, text: str) -> None:
        for number, sentence in enumerate(sentences_of(text)):
            first = not number and not self.sentences and not self.lists and not self.tables
            line = Line.of(sentence)
            self.sentences.append(Sentence(line, opening=first))
            self.lead = line

    def listing(self, block: Sequence[Any], lead: Line | None) -> None:
        entries: list[Entry] = []
        for item in _blocks(block[1:-1]):
            inner = list(_blocks(item[1:-1]))
            if not inner or inner[0][0].type != "paragraph_open":
                continue
            text = inner[0][1].content
            below = [part for part in inner[1:] if part[0].type.endswith("_list_open")]
            if len(entries) >= MOST_ENTRIES:
                break
            entries.append(Entry(Line.of(text), tuple(self.below(below, text))))
            self.sentences += [Sentence(Line.of(part), listed=True) for part in sentences_of(text)]
        ordered = block[0].type == "ordered_list_open"
        self.lists.append(Listing(tuple(entries), ordered, lead))

    def below(self, lists: Sequence[Sequence[Any]], text: str) -> Iterator[Line]:
        for block in lists:
            self.listing(block, Line.of(text))
            yield from (entry.line for entry in self.lists[-1].entries)

    def table(self, block: Sequence[Any], lines: Sequence[str]) -> None:
        rows: list[Row] = []
        for number, token in enumerate(block):
            if token.type != "tr_open":
                continue
            cells = []
            for other in block[number:]:
                if other.type == "inline":
                    cells.append(Line.of(other.content))
                elif other.type == "tr_close":
                    break
            rows.append(Row(" ".join(lines[token.map[0]].split()), tuple(cells)))
        if rows:
            self.tables.append(Grid(rows[0], tuple(rows[1 : MOST_ENTRIES + 1])))


def _term_lines(text: str) -> list[str]:
    """Return the entries `Term: text` that make up a paragraph; none where it is another one."""
    lines = text.split("\n")
    if all(map(_is_term_line, lines)):
        return lines
    return [text] if _is_term_line(lines[0]) and not any(map(_is_term_line, lines[1:])) else []


def _is_term_line(line: str) -> bool:
    match = _TERM_LINE.match(line)
    return bool(match) and not _ASIDE.match(line)


def _blocks(tokens: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Yield the blocks that stand side by side, each with what is inside it."""
    start = level = 0
    for at, token in enumerate(tokens):
        if not level:
            start = at
        level += token.nesting
        if not level:
            yield tokens[start : at + 1]
