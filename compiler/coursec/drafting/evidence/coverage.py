"""How much evidence there is for how many items: the plan that drafting follows.

Pure: a request and what was retrieved give slots, and nothing is asked for that has no evidence.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle

from coursec.drafting.evidence.chunk import Chunk
from coursec.drafting.evidence.excerpt import is_about, names
from coursec.drafting.evidence.request import Request
from coursec.drafting.evidence.retrieve import Found, Retrieved
from coursec.drafting.evidence.words import TOKEN, terms

DEFAULT_ITEMS = (("single_choice", 5),)
"""What is drafted where a request gives no numbers."""
GROUPED = {"matching": 3, "ordering": 3}
"""Item types that need several spans of one slide, and how many."""
_FEWEST_WORDS = 3
_NUMBER = re.compile(r"(?<![\w.-])\d")
_SENTENCE = re.compile(r"(?<=[.!?])[\"”’)]?\s+(?=[A-ZÀ-Þ“\"(])")
_ENTRY = re.compile(r"\s*(?:[-*+]|(\d+)[.)])\s+(.*)")
_ROW = re.compile(r"\s*\|(.*)\|\s*$")
_RULE = re.compile(r"[\s|:-]+$")
_BLOOM = ("remember", "understand")


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of a chunk, word for word, that an item can rest on."""

    chunk: Chunk
    text: str
    """Exactly as it stands in the chunk."""
    kind: str
    """`sentence`, `entry`, `step` (of a numbered list) or `row` (of a table)."""

    @property
    def key(self) -> tuple[str, str]:
        """What makes two spans the same evidence."""
        return self.chunk.reference, " ".join(TOKEN.findall(self.text.casefold()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One item to be drafted."""

    number: int
    """Counts from 1."""
    topic: str
    type: str
    bloom: str
    spans: tuple[Span, ...]
    """Its evidence: one span, or a group for matching and ordering."""
    asks: str = ""
    """What is asked of it, where rules know that beforehand: a row may bear several items."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How well a topic is covered."""

    topic: str
    asked: int
    spans: int
    """Spans of evidence."""
    granted: int
    """Items that will be drafted."""
    unfilled: tuple[tuple[str, int], ...]
    """(item type, how many of it are asked for here and have no evidence)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What will be drafted, and why not more."""

    slots: tuple[Slot, ...]
    coverage: tuple[Coverage, ...]

    @property
    def unfilled(self) -> tuple[tuple[str, int], ...]:
        """(item type, how many of it are asked for and have no evidence)."""
        counts: Counter[str] = Counter()
        for one in self.coverage:
            counts.update(dict(one.unfilled))
        return tuple(counts.items())

    @property
    def short(self) -> bool:
        """Whether fewer items are drafted than were asked for."""
        return any(c.granted < c.asked for c in self.coverage)


def plan(request: Request, retrieved: Retrieved) -> Plan:
    """Return a plan in which every item has a span of its own.

    Items are shared among the topics as evenly as they go. A topic that has too few spans gets
    fewer items; they do not go to other topics, which were not asked for so often.
    """
    items = request.items or DEFAULT_ITEMS
    wanted = [kind for kind, count in items for _ in range(count)]
    found = retrieved.found
    asked = shares(len(wanted), len(found))
    spans = [spans_of(one) for one in found]
    queue = in_turn(wanted, asked)
    levels = cycle(request.bloom or _BLOOM)
    used: set[tuple[str, str]] = set()
    slots: list[Slot] = []
    granted = [0] * len(found)
    unfilled: list[Counter[str]] = [Counter() for _ in found]
    for topic, kind in queue:
        chosen = _choose(kind, spans[topic], used)
        if not chosen:
            unfilled[topic][kind] += 1
            continue
        used.update(span.key for span in chosen)
        granted[topic] += 1
        slots.append(
            Slot(
                number=len(slots) + 1,
                topic=found[topic].topic,
                type=kind,
                bloom=next(levels),
                spans=tuple(chosen),
            )
        )
    return Plan(
        slots=tuple(slots),
        coverage=tuple(
            Coverage(topic=one.topic, asked=a, spans=len(s), granted=g, unfilled=tuple(u.items()))
            for one, a, s, g, u in zip(found, asked, spans, granted, unfilled, strict=True)
        ),
    )


def shares(items: int, topics: int) -> list[int]:
    """Return how many of some items each topic gets: as evenly as they go."""
    if not topics:
        return []
    return [items // topics + (number < items % topics) for number in range(topics)]


def in_turn(wanted: Sequence[str], asked: Sequence[int]) -> list[tuple[int, str]]:
    """Return (topic, item type) of every item: types in the order asked, topics in turn.

    Types that need a group of spans come first, before others use these up.
    """
    left = list(asked)
    if not left:
        return []
    queue: list[tuple[int, str]] = []
    topic = 0
    for kind in sorted(wanted, key=lambda kind: kind not in GROUPED):
        while not left[topic % len(left)]:
            topic += 1
        left[topic % len(left)] -= 1
        queue.append((topic % len(left), kind))
        topic += 1
    return queue


def _choose(kind: str, spans: Sequence[Span], used: set[tuple[str, str]]) -> list[Span]:
    free = [span for span in spans if span.key not in used]
    least = GROUPED.get(kind)
    if kind == "numeric":
        free = [span for span in free if _NUMBER.search(span.text)]
    if least is None:
        return free[:1]
    fitting = ("step",) if kind == "ordering" else ("row", "entry")
    groups: dict[tuple[str, str], list[Span]] = {}
    for span in free:
        if span.kind in fitting:
            groups.setdefault((span.chunk.id, span.kind), []).append(span)
    whole = (_beside(group[0], used) for group in groups.values())
    return next((g for g in (*groups.values(), *whole) if len(g) >= least), [])


def _beside(span: Span, used: set[tuple[str, str]]) -> list[Span]:
    """Return a span with those of its slide that are of its kind.

    A list of terms is matched as a whole, though a topic is one of its entries alone.
    """
    return [
        other for other in _spans(span.chunk) if other.kind == span.kind and other.key not in used
    ]


def spans_of(found: Found) -> list[Span]:
    """Return the spans of what was found for a topic, the best chunk's first.

    Of a chunk whose title names the topic every span counts; of another one those that name it
    or, where none does alone, those of the words that were found.
    """
    out: dict[tuple[str, str], Span] = {}
    wanted = terms(" , ".join((found.searched, *found.also)))
    for hit in found.hits:
        spans = list(_spans(hit.chunk))
        if not is_about(hit, wanted):
            near = [span for span in spans if names(span.text, wanted)]
            spans = near or (spans if hit.why == ("meaning",) else [])
        for span in spans:
            out.setdefault(span.key, span)
    return list(out.values())


def _spans(chunk: Chunk) -> Iterator[Span]:
    """Yield the spans of a chunk, in order; headings and code are none."""
    paragraph: list[str] = []
    fence = ""
    header = True
    for line in [*chunk.text.split("\n"), ""]:
        mark = re.match(r"\s*(`{3,}|~{3,}|\$\$)", line)
        if mark:
            fence = "" if fence and mark[1].startswith(fence) else fence or mark[1]
            continue
        if fence:
            continue
        entry, row = _ENTRY.match(line), _ROW.match(line)
        if entry or row or not line.strip() or line.lstrip().startswith(("#", ">")):
            yield from _sentences(chunk, "\n".join(paragraph))
            paragraph = []
        if row:
            if _RULE.fullmatch(line):
                header = False
            elif not header:
                yield Span(chunk=chunk, text=line.strip(), kind="row")
            continue
        header = True
        if entry:
            kind = "step" if entry[1] else "entry"
            if len(TOKEN.findall(entry[2])) >= _FEWEST_WORDS:
                yield Span(chunk=chunk, text=entry[2].strip(), kind=kind)
        elif line.strip() and not line.lstrip().startswith(("#", ">")):
            paragraph.append(line)


def _sentences(chunk: Chunk, text: str) -> Iterator[Span]:
    for sentence in _SENTENCE.split(text):
        if len(TOKEN.findall(sentence)) >= _FEWEST_WORDS + 1:
            yield Span(chunk=chunk, text=sentence.strip(), kind="sentence")
