"""Retrieval logs: what an assistant was given for its requests, cut into slides again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from coursec.drafting.ingest.flat import blocks_of, is_marked, tidy
from coursec.drafting.ingest.matrix import is_cell
from coursec.drafting.ingest.page import Deck, Page
from coursec.drafting.ingest.source_file import Source
from coursec.drafting.ingest.structure import (
    KNOWN_TITLES,
    LECTURE,
    distinct,
    is_agenda_title,
    marked,
)

_BEGIN = re.compile(r"-{2,}\s*new retrieval\s*-{2,}", re.IGNORECASE)
_END = re.compile(r"-{2,}\s*end retrieval\s*-{2,}", re.IGNORECASE)
_REQUEST = re.compile(r"(?:optimized\s+)?query:\s*(.*)", re.IGNORECASE)
_CONTEXT = re.compile(r"context:\s*", re.IGNORECASE)

_LONGEST_TITLE = 80
_MOST_WORDS = 12
_NARROW = 40
"""Characters below which a line that is broken stands in a narrow box: no title does."""
_PROSE = 35
"""Characters from which a line is prose, and not a label."""
_SAME = 3
"""Lines that must be alike for two places to be the same slide."""
_REPEATS = 3


@dataclass(frozen=True, slots=True)
class Retrieval:
    """A request and what was found for it."""

    request: str
    lines: tuple[str, ...]
    first: int
    """Number of its first line in the file; counts from 1."""


def is_log(text: str) -> bool:
    """Tell whether a text is a retrieval log."""
    return any(_BEGIN.fullmatch(line.strip()) for line in text.split("\n", 40)[:40])


def retrievals(text: str) -> list[Retrieval]:
    """Return the requests of a log with the lines that were found for them."""
    found: list[Retrieval] = []
    request, first, lines, inside = "", 0, list[str](), False
    for number, line in enumerate([*text.split("\n"), "--- End Retrieval ---"], 1):
        bare = line.strip()
        if _BEGIN.fullmatch(bare) or _END.fullmatch(bare):
            if inside and lines:
                found.append(Retrieval(request, tuple(lines), first))
            request, lines, inside = "", [], False
        elif not inside and (match := _REQUEST.fullmatch(bare)):
            request = match[1]
        elif not inside and _CONTEXT.fullmatch(bare):
            inside, first = True, number + 1
        elif inside:
            lines.append(line)
    return found


def read_log(source: Source, text: str) -> Deck:
    """Return the slides of a log, each once."""
    found = retrievals(text)
    running = _running([r.lines for r in found])
    pages: list[Page] = []
    titles = {_key(title) for title in source.titles}
    cutter = _Cutter([r.lines for r in found], running, titles)
    for index, retrieval in enumerate(found):
        for start, lines in cutter.slides(index):
            title, body = tidy(lines[0]), list(lines[1:])
            if not _is_title(lines[0]):
                title, body = "", list(lines)
            pages.append(Page(number=retrieval.first + start, title=title, blocks=blocks_of(body)))
    pages, copies = distinct(marked(pages))
    dropped = tuple(dict.fromkeys(tidy(line) for run in sorted(running) for line in run))
    title = re.sub(r"[-_]+", " ", PurePosixPath(source.name).stem)
    return Deck(title=title, pages=tuple(pages), shared=copies, dropped=dropped)


def _key(line: str) -> str:
    return tidy(line).casefold()


def _running(contexts: Sequence[Sequence[str]]) -> set[tuple[str, ...]]:
    """Return runs of lines that come back in different surroundings: headers and footers."""
    places: dict[tuple[str, ...], list[tuple[int, int]]] = {}
    for c, lines in enumerate(contexts):
        for size in (1, 2, 3, 4):
            for at in range(len(lines) - size + 1):
                run = tuple(lines[at : at + size])
                if not any(is_marked(line) or is_agenda_title(line) for line in run):
                    places.setdefault(run, []).append((c, at))
    found = set()
    for run, spots in places.items():
        if len(spots) < _REPEATS or sum(len(line.split()) > 2 for line in run) == 0:
            continue
        before = {contexts[c][i - 1] if i else None for c, i in spots}
        after = {
            contexts[c][i + len(run)] if i + len(run) < len(contexts[c]) else None for c, i in spots
        }
        if len(before) >= _REPEATS - 1 and len(after) >= _REPEATS:
            found.add(run)
    return {run for run in found if not any(_within(run, other) for other in found)}


def _within(run: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return len(run) < len(other) and any(
        other[at : at + len(run)] == run for at in range(len(other))
    )


class _Cutter:
    """Finds where the slides of a log begin, which no mark says."""

    def __init__(
        self,
        contexts: Sequence[Sequence[str]],
        running: set[tuple[str, ...]],
        known: set[str],
    ) -> None:
        self.contexts: list[list[str]] = []
        self.offsets: list[list[int]] = []
        self.borders: list[set[int]] = []
        for lines in contexts:
            self._strip(lines, running)
        self.known = known
        entries = {
            _key(re.sub(r"^\s*\W*\s*", "", line))
            for lines in self.contexts
            for line in lines
            if is_marked(line)
        }
        self.listed = entries
        self.starts = [self._repeats(c) | self.borders[c] for c in range(len(self.contexts))]
        for c in range(len(self.contexts)):
            self.starts[c] |= self._certain(c)
        self.titles = {
            _key(self.contexts[c][at]) for c, starts in enumerate(self.starts) for at in starts
        }
        for c in range(len(self.contexts)):
            self.starts[c] |= self._likely(c)

    def _strip(self, lines: Sequence[str], running: set[tuple[str, ...]]) -> None:
        kept: list[str] = []
        offsets: list[int] = []
        borders = {0}
        at = 0
        while at < len(lines):
            run = next((r for r in running if tuple(lines[at : at + len(r)]) == r), None)
            if run:
                at += len(run)
                borders.add(len(kept))
                continue
            kept.append(lines[at])
            offsets.append(at)
            at += 1
        self.contexts.append(kept)
        self.offsets.append(offsets)
        self.borders.append({b for b in borders if b < len(kept)})

    def slides(self, c: int) -> list[tuple[int, list[str]]]:
        """Return (offset of the first line, lines) of the slides of a retrieval."""
        lines = self.contexts[c]
        starts = sorted(self.starts[c])
        ends = [*starts[1:], len(lines)]
        return [
            (self.offsets[c][start], lines[start:end])
            for start, end in zip(starts, ends, strict=True)
            if any(tidy(line) for line in lines[start:end])
        ]

    def _repeats(self, c: int) -> set[int]:
        """Return where lines begin, and end, that stand elsewhere too, in other surroundings."""
        lines = self.contexts[c]
        index = self._index()
        found: set[int] = set()
        for at in range(len(lines) - _SAME + 1):
            if not _is_title(lines[at]):
                continue
            for d, other in index.get(tuple(map(_key, lines[at : at + _SAME])), ()):
                if (d, other) == (c, at):
                    continue
                above = lines[at - 1] if at else ""
                if at and other and _key(above) == _key(self.contexts[d][other - 1]):
                    continue
                found.add(at)
                end = self._same_until(c, at, d, other)
                if end < len(lines) and _is_title(lines[end]):
                    found.add(end)
        return found

    def _index(self) -> dict[tuple[str, ...], list[tuple[int, int]]]:
        if not hasattr(self, "_places"):
            self._places: dict[tuple[str, ...], list[tuple[int, int]]] = {}
            for c, lines in enumerate(self.contexts):
                for at in range(len(lines) - _SAME + 1):
                    key = tuple(map(_key, lines[at : at + _SAME]))
                    self._places.setdefault(key, []).append((c, at))
        return self._places

    def _same_until(self, c: int, at: int, d: int, other: int) -> int:
        one, two = self.contexts[c], self.contexts[d]
        size = 0
        while (
            at + size < len(one)
            and other + size < len(two)
            and _key(one[at + size]) == _key(two[other + size])
        ):
            size += 1
        return at + size

    def _certain(self, c: int) -> set[int]:
        """Return where titles stand that slides of any subject have, or that the course knows."""
        lines = self.contexts[c]
        return {
            at
            for at, line in enumerate(lines)
            if _is_title(line)
            and (
                (is_agenda_title(line) and len(line.split()) < 4)
                or _key(line) in KNOWN_TITLES
                or LECTURE.match(line.strip())
                or (_key(line) in self.known and self._is_distinct(lines, at))
            )
        }

    def _is_distinct(self, lines: Sequence[str], at: int) -> bool:
        """Tell whether a line with a title of the course is one here, not a word in a table."""
        below = lines[at + 1] if at + 1 < len(lines) else ""
        return len(lines[at].split()) > 2 or is_marked(below)

    def _likely(self, c: int) -> set[int]:
        lines = self.contexts[c]
        found: set[int] = set()
        questions = False
        """Whether the slide that is being read has questions for subheadings."""
        for at, line in enumerate(lines):
            if at in self.starts[c]:
                questions = False
                continue
            follows_title = at - 1 in self.starts[c] or at - 1 in found
            if not _is_title(line):
                continue
            if line.rstrip().endswith("?") and (follows_title or questions):
                questions = True
                continue
            if follows_title and not self._is_known(line):
                continue
            if self._is_start(lines, at):
                found.add(at)
                questions = False
        return found

    def _is_known(self, line: str) -> bool:
        return _key(line) in self.titles or _key(line) in self.listed

    def _is_start(self, lines: Sequence[str], at: int) -> bool:
        line, above = lines[at], lines[at - 1]
        below = lines[at + 1] if at + 1 < len(lines) else ""
        if self._is_known(line) and not above.endswith(" "):
            return True
        if above != above.rstrip() or not line[:1].isupper():
            return False
        if is_marked(below):
            return True
        if not below:
            return bool(re.search(r"[.!?]$", above.rstrip()))
        prose = below.rstrip()
        return (
            "," not in line
            and len(prose.split()) > 3
            and (prose.endswith(":") or (len(prose) >= _PROSE and prose[0].isupper()))
        )


def _is_title(line: str) -> bool:
    """Tell whether a line can be a slide's title."""
    text = tidy(line)
    if not text or is_marked(line) or len(text) > _LONGEST_TITLE:
        return False
    if line != line.rstrip() and len(text) < _NARROW:
        return False
    if len(text.split()) > _MOST_WORDS or sum(c.isalpha() for c in text) < 3:
        return False
    if is_cell(text):
        return False
    return text[0].isupper() and not re.search(r"[.,;:({\[–—-]$", text)
