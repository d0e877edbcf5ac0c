"""Slides as evidence: one chunk a slide, each text once, no structure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from zlib import crc32

from coursec.model.quiz import Lecture
from coursec.model.slides import digest_of, shown

LONGEST = 1_600
"""Characters of a chunk; a longer slide becomes several, cut between blocks."""
NEARLY_ALL = 0.9
"""Share of their word sequences that two chunks have in common to be one."""

_WORD = re.compile(r"[^\W_]+")
_SHINGLE = 4
_SKETCH = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """A slide, or a part of a long one, that items can rest on."""

    lecture: str
    """Name of the lecture."""
    slide: str
    """Id of the slide."""
    title: str
    text: str
    """Markdown that students see: no speaker notes, no images."""
    digest: str
    """First 12 hex digits of the SHA-256 of the slide's normalised text: another one is stale."""
    part: int = 0
    """Counts the parts of a long slide from 1; 0 where there is one."""
    aliases: tuple[str, ...] = ()
    """References of slides that say the same."""

    @property
    def reference(self) -> str:
        """The slide's reference, such as `04-tokenization#bpe`."""
        return f"{self.lecture}#{self.slide}"

    @property
    def id(self) -> str:
        """Stable id: it changes when the text does."""
        return f"{self.reference}@{self.digest}" + (f"/{self.part}" if self.part else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A chunk that was found."""

    chunk: Chunk
    score: float
    """0 to 1; 1 is the best that the topic can have."""
    excerpt: str = ""
    """The parts of the chunk's text that are about the topic, word for word; empty is all."""
    why: tuple[str, ...] = ()
    """Words of the topic that stand in it; `meaning` where an embedding found it."""

    @property
    def text(self) -> str:
        """What a model sees of the chunk, below its title."""
        return self.excerpt or self.chunk.text


def chunks_of(lectures: Iterable[Lecture]) -> list[Chunk]:
    """Return the chunks of lectures, in order.

    Slides that hold structure, or no text, are none; a text that stands there already, or
    nearly, is an alias of the first.
    """
    return _distinct(chunk for lecture in lectures for chunk in _of_lecture(lecture))


def _of_lecture(lecture: Lecture) -> Iterator[Chunk]:
    for slide in lecture.slides:
        if slide.kinds:
            continue
        text = shown(slide.text)
        if not _WORD.search(text):
            continue
        pieces = _pieces(text)
        for number, piece in enumerate(pieces, 1):
            yield Chunk(
                lecture=lecture.name,
                slide=slide.id,
                title=slide.title,
                text=piece,
                digest=digest_of(slide),
                part=number if len(pieces) > 1 else 0,
            )


def _pieces(text: str) -> list[str]:
    """Cut a long text between blocks; fenced code and tables stay whole."""
    if len(text) <= LONGEST:
        return [text]
    pieces: list[str] = []
    for block in _blocks(text):
        if pieces and len(pieces[-1]) + len(block) + 2 <= LONGEST:
            pieces[-1] += "\n\n" + block
        else:
            pieces.append(block)
    return pieces


def _blocks(text: str) -> list[str]:
    blocks: list[str] = []
    fence = ""
    for part in text.split("\n\n"):
        inside = bool(fence)
        for line in part.split("\n"):
            mark = re.match(r"\s*(`{3,}|~{3,})", line)
            if mark and not fence:
                fence = mark[1]
            elif mark and mark[1].startswith(fence) and not line.strip(" `~"):
                fence = ""
        if inside and blocks:
            blocks[-1] += "\n\n" + part
        elif part.strip():
            blocks.append(part)
    return blocks


def _distinct(chunks: Iterable[Chunk]) -> list[Chunk]:
    kept: list[Chunk] = []
    exact: dict[str, int] = {}
    near: defaultdict[int, list[int]] = defaultdict(list)
    shingles: list[frozenset[int]] = []
    for chunk in chunks:
        words = _WORD.findall(chunk.text.casefold())
        key = " ".join(words)
        twin = exact.get(key)
        own = _shingles(words)
        sketch = sorted(own)[:_SKETCH]
        if twin is None:
            twin = _near_twin(own, sketch, near, shingles)
        if twin is not None:
            if chunk.reference != kept[twin].reference:
                aliases = (*kept[twin].aliases, chunk.reference)
                kept[twin] = replace(kept[twin], aliases=tuple(dict.fromkeys(aliases)))
            continue
        exact[key] = len(kept)
        for value in sketch:
            near[value].append(len(kept))
        shingles.append(own)
        kept.append(chunk)
    return kept


def _shingles(words: list[str]) -> frozenset[int]:
    size = min(_SHINGLE, len(words))
    return frozenset(
        crc32(" ".join(words[at : at + size]).encode()) for at in range(len(words) - size + 1)
    )


def _near_twin(
    own: frozenset[int],
    sketch: list[int],
    near: dict[int, list[int]],
    shingles: list[frozenset[int]],
) -> int | None:
    if len(own) < _SHINGLE:
        return None
    for value in sketch[:4]:
        for candidate in near.get(value, ())[:50]:
            other = shingles[candidate]
            if len(own & other) >= NEARLY_ALL * len(own | other):
                return candidate
    return None
