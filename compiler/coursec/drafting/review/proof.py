"""The evidence of an item: its quotes in what the slide says, and what has changed since."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from coursec.checks.provenance import Outdated, outdated
from coursec.diagnostics.columns import clean, width
from coursec.drafting.review.rows import Piece, Row, row, rows
from coursec.model.items import Item
from coursec.model.provenance import Evidence
from coursec.model.quiz import Bank
from coursec.model.slides import Slides, normalised, shown
from coursec.text.terminal import wrapped

_RULE = re.compile(r"[\s|:-]+")
_ENDS = (".", "!", "?", ":")
_AROUND = 1
"""Lines of the slide that are shown before and behind a quote."""
_FEWEST_WORDS = 3
"""Words of a quote that must still stand there for a passage to be what it has become."""


def evidence(item: Item, slides: Slides, bank: Bank, columns: int) -> list[Row]:
    """Return an item's quotes, each in the words around it, and marks where a slide has changed."""
    if item.provenance is None or not item.provenance.evidence:
        return rows([f"Source: {', '.join(item.source)}"]) if item.source else []
    old = {id(one.evidence): one for one in outdated(item, slides, bank)}
    by_slide: dict[str, list[Evidence]] = {}
    for one in item.provenance.evidence:
        by_slide.setdefault(one.slide, []).append(one)
    found: list[Row] = []
    for reference, quoted in by_slide.items():
        changed = next((old[id(one)] for one in quoted if id(one) in old), None)
        found += _of_slide(reference, quoted, changed, slides, columns)
    return found


def _of_slide(
    reference: str, quoted: list[Evidence], old: Outdated | None, slides: Slides, columns: int
) -> list[Row]:
    now = reference if old is None else old.now
    slide = slides.get(now) if now else None
    title = f"  {clean(slide.title)}" if slide else ""
    found: list[Row] = [((reference, "place"), (title, "")), *_changed(old)]
    quotes = [one.quote for one in quoted if one.quote]
    if slide is None:
        return found + [line for quote in quotes for line in _quoted(quote, columns)]
    lines = [line for line in shown(slide.text).split("\n") if line.strip()]
    lines = [slide.title, *(line for line in lines if not _RULE.fullmatch(line))]
    places = [place for quote in quotes if (place := _find(quote, lines))]
    found += _passages(lines, places, columns)
    for quote in quotes:
        if not _find(quote, lines):
            found += [*_quoted(quote, columns), *_become(quote, " ".join(lines[1:]), columns)]
    return found


def _quoted(quote: str, columns: int) -> list[Row]:
    return rows(wrapped(clean(quote), columns, "  Quoted: ", "    "))


def _changed(old: Outdated | None) -> list[Row]:
    if old is None:
        return []
    said = {
        "changed": "The slide has changed since the item was written.",
        "moved": f"The slide is now {old.now}.",
        "gone": "The slide is gone.",
    }
    return [row(f"  STALE: {said[old.how]}", "removed")]


Place = tuple[tuple[int, int], tuple[int, int]]
"""(line, word) of the first and of the last word of a quote."""


def _find(quote: str, lines: Sequence[str]) -> Place | None:
    """Return where a quote stands, word for word; its ends may lie inside of words."""
    wanted = normalised(quote).split()
    words = [
        (number, at, word)
        for number, line in enumerate(lines)
        for at, word in enumerate(normalised(line).split())
    ]
    size = len(wanted)
    if not size:
        return None
    for start in range(len(words) - size + 1):
        there = [word for _, _, word in words[start : start + size]]
        if there == wanted or (
            there[0].endswith(wanted[0])
            and there[-1].startswith(wanted[-1])
            and there[1:-1] == wanted[1:-1]
        ):
            return words[start][:2], words[start + size - 1][:2]
    return None


def _passages(lines: Sequence[str], places: Sequence[Place], columns: int) -> list[Row]:
    """Return the lines of quotes, their words marked, and the lines around them."""
    near = {
        number
        for (first, _), (last, _) in places
        for number in range(first - _AROUND, last + _AROUND + 1)
        if 0 < number < len(lines) or (number == 0 and first == 0)
    }
    found: list[Row] = []
    before = min(near, default=0)
    for number in sorted(near):
        if number > before + 1:
            found.append(row("    …", "faint"))
        before = number
        words = normalised(clean(lines[number])).split()
        marks = [any(_holds(place, (number, at)) for place in places) for at in range(len(words))]
        marked = [
            (word, "quote" if mark else "faint") for word, mark in zip(words, marks, strict=True)
        ]
        found += _filled(marked, columns, "  > " if any(marks) else "    ", "    ")
    return found


def _holds(place: Place, word: tuple[int, int]) -> bool:
    return place[0] <= word <= place[1]


def _become(quote: str, text: str, columns: int) -> list[Row]:
    """Return what has become of a quote: words that are gone, words that are new."""
    old, new = normalised(quote).split(), normalised(text).split()
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    blocks = [block for block in matcher.get_matching_blocks() if block.size]
    longest = max(blocks, key=lambda block: block.size, default=None)
    if longest is None or longest.size < min(_FEWEST_WORDS, len(old)):
        return [row("  None of it stands there now.", "removed")]
    begin = max(longest.b - longest.a, 0)
    end = longest.b + longest.size
    while end < min(len(new), begin + 2 * len(old)) and not new[end - 1].endswith(_ENDS):
        end += 1
    region = new[begin:end]
    pieces: list[Piece] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, region, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces += [(word, "") for word in old[a:b]]
            continue
        if a < b:
            pieces.append((f"[-{' '.join(old[a:b])}-]", "removed"))
        if c < d:
            pieces.append((f"{{+{' '.join(region[c:d])}+}}", "added"))
    words = [(word, style) for text, style in pieces for word in clean(text).split()]
    return _filled(words, columns, "  Now:    ", "    ")


def _filled(words: list[Piece], columns: int, first: str, later: str) -> list[Row]:
    """Break words with styles into lines; neighbours of one style are one piece."""
    found: list[Row] = []
    line: list[Piece] = [(first, "")]
    used = width(first)
    for text, style in words:
        if used + width(text) > columns and len(line) > 1:
            found.append(tuple(line))
            line, used = [(later, "")], width(later)
        if len(line) > 1:
            last, last_style = line[-1]
            line[-1] = (last + " ", last_style)
            if last_style == style:
                line[-1] = (f"{last} {text}", style)
                used += width(text) + 1
                continue
        line.append((text, style))
        used += width(text) + 1
    return [*found, tuple(line)]
