"""The parts of a slide that are about a topic."""

from __future__ import annotations

import re
from collections.abc import Sequence

from coursec.drafting.evidence.chunk import Hit
from coursec.drafting.evidence.words import GENERIC, named

_ROW = re.compile(r"\s*\|.*\|\s*$")
_ENTRY = re.compile(r"(\s*)(?:[-*+]|\d+[.)])\s+")
_FENCE = re.compile(r"\s*(`{3,}|~{3,}|\$\$)")


def excerpt(hit: Hit, wanted: Sequence[str]) -> str:
    """Return the blocks of a chunk that name a topic, word for word; nothing where all do.

    Of a table the header and the rows that name it are taken, of a list the entries with what
    stands above and below them. A slide whose title names the topic is taken whole.
    """
    if is_about(hit, wanted) or hit.why == ("meaning",):
        return ""
    kept: list[str] = []
    for block in re.split(r"\n{2,}", hit.chunk.text):
        lines = block.split("\n")
        if _FENCE.match(block):
            part = lines if names(block, wanted) else []
        elif all(map(_ROW.match, lines)):
            part = _rows(lines, wanted)
        elif _ENTRY.match(block):
            part = _entries(lines, wanted)
        else:
            part = lines if names(block, wanted) else []
        if part:
            kept.append("\n".join(part))
    text = "\n\n".join(kept)
    return "" if text == hit.chunk.text else text


def merged(one: Hit, two: Hit) -> str:
    """Return the parts of one chunk that either of two hits shows; nothing where that is all."""
    if not one.excerpt or not two.excerpt:
        return ""
    parts = [set(hit.excerpt.split("\n")) for hit in (one, two)]
    lines = [line for line in one.chunk.text.split("\n") if not line or line in parts[0] | parts[1]]
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")
    return "" if text == one.chunk.text else text


def _rows(lines: Sequence[str], wanted: Sequence[str]) -> list[str]:
    head, rows = list(lines[:2]), [line for line in lines[2:] if names(line, wanted)]
    if rows:
        return head + rows
    return list(lines) if names(lines[0], wanted) else []


def _entries(lines: Sequence[str], wanted: Sequence[str]) -> list[str]:
    """Return the entries that name a topic, with the entries they belong to and their own."""
    depths = [len(match[1]) if (match := _ENTRY.match(line)) else None for line in lines]
    keep: set[int] = set()
    for at, line in enumerate(lines):
        if not names(line, wanted):
            continue
        keep.add(at)
        depth = depths[at]
        if depth is None:
            continue
        for below in range(at + 1, len(lines)):
            inner = depths[below]
            if inner is not None and inner <= depth:
                break
            keep.add(below)
        for above in range(at - 1, -1, -1):
            outer = depths[above]
            if outer is not None and outer < depth:
                keep.add(above)
                depth = outer
    return [line for at, line in enumerate(lines) if at in keep]


def is_about(hit: Hit, wanted: Sequence[str]) -> bool:
    """Tell whether a whole chunk is about a topic: its title names it, or another slide does."""
    return names(hit.chunk.title, wanted) or any(why.startswith("named by ") for why in hit.why)


def names(text: str, wanted: Sequence[str]) -> bool:
    """Tell whether a text names a topic: one of its words, those that say little aside."""
    telling = [term for term in wanted if term not in GENERIC] or wanted
    return bool(named(text, telling))
