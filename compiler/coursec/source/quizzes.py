"""Quiz specs: from positioned nodes to the model."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

from coursec.model.quiz import ItemReference, Plan, Pool, PrintOptions, QuizSpec, SectionSpec
from coursec.model.text import NO_TEXT
from coursec.source.fields import Fields, decimal
from coursec.source.items import Found, read_item
from coursec.source.markdown import MarkdownReader
from coursec.source.nodes import Mapping, Node, Scalar, Sequence
from coursec.source.schema import check

_TIME = re.compile(r"(?:(\d+)\s*h(?:ours?)?)?\s*(?:(\d+)\s*min(?:utes?)?)?")


@dataclass(slots=True)
class QuizReader:
    """Reads the quiz spec of one file."""

    markdown: MarkdownReader
    defaults: Mapping
    found: list[Found] = field(default_factory=list)
    """Every item written in place."""

    def read(self, node: Node) -> tuple[str | None, QuizSpec | None]:
        """Return (name, spec); the spec is None when its own shape is wrong."""
        sink = self.markdown.sink
        before = sink.errors
        bad = check(_without_items(node), "quiz.schema.json", sink)
        if not isinstance(node, Mapping):
            return None, None
        fields = Fields(node, bad, self.markdown)
        name = fields.word("quiz")
        shuffled = fields.get("shuffle")
        if isinstance(shuffled, Mapping):
            inner = fields.within(shuffled)
            shuffle = inner.flag("items", False), inner.flag("choices", False)
        else:
            shuffle = (fields.flag("shuffle", False),) * 2
        minutes = _minutes(fields.word("time_limit"))
        if minutes == 0:
            fields.report(
                "E205", "`time_limit` leaves no time.", fields.span("time_limit"), "Delete it."
            )
        instructions = fields.rich("instructions") or NO_TEXT
        own_errors = sink.errors
        sections = tuple(
            self._section(fields.within(entry))
            for entry in fields.entries("sections")
            if isinstance(entry, Mapping)
        )
        if name is None or own_errors > before:
            return name, None
        return name, QuizSpec(
            id=name,
            title=fields.plain("title") or name,
            instructions=instructions,
            time_limit=minutes,
            attempts=_attempts(fields.word("attempts")),
            shuffle_items=shuffle[0],
            shuffle_choices=shuffle[1],
            print=_print(fields),
            sections=sections,
            draft=_plan(fields),
            span=fields.span("quiz"),
        )

    def _section(self, fields: Fields) -> SectionSpec:
        references = []
        for entry in fields.entries("items"):
            if isinstance(entry, Scalar):
                references.append(ItemReference(pattern=entry.value, span=entry.span))
                continue
            found = read_item(entry, self.markdown, self.defaults)
            self.found.append(found)
            if found.id:
                references.append(ItemReference(pattern=found.id, span=found.span))
        pool = fields.get("from")
        return SectionSpec(
            title=fields.plain("title"),
            items=tuple(references),
            pick=fields.whole("pick"),
            pool=_pool(fields.within(pool)) if isinstance(pool, Mapping) else None,
            span=fields.node.head,
            pick_span=fields.span("pick"),
        )


def _without_items(node: Node) -> Node:
    """Return the node without the items written in place, which are checked by their type."""
    sections = node.entries.get("sections") if isinstance(node, Mapping) else None
    if not isinstance(node, Mapping) or not isinstance(sections, Sequence):
        return node
    stripped: list[Node] = []
    for section in sections.entries:
        items = section.entries.get("items") if isinstance(section, Mapping) else None
        if isinstance(section, Mapping) and isinstance(items, Sequence):
            kept: list[Node] = [
                Scalar("in-place", entry.span) if isinstance(entry, Mapping) else entry
                for entry in items.entries
            ]
            entries = {**section.entries, "items": Sequence(items.span, kept)}
            stripped.append(Mapping(section.span, entries, section.keys))
        else:
            stripped.append(section)
    entries = {**node.entries, "sections": Sequence(sections.span, stripped)}
    return Mapping(node.span, entries, node.keys)


def _pool(fields: Fields) -> Pool:
    ends = [decimal(e) for e in fields.entries("difficulty") if isinstance(e, Scalar)]
    if len(ends) == 2 and ends[0] > ends[1]:
        fields.report(
            "E407",
            f"The range begins at {ends[0]} and ends at {ends[1]}.",
            fields.span("difficulty"),
            f"Write [{ends[1]}, {ends[0]}].",
        )
    return Pool(
        tags=fields.words("tags"),
        outcomes=fields.words("outcomes"),
        bloom=fields.words("bloom"),
        types=fields.words("type"),
        items=fields.words("items"),
        source=fields.words("source"),
        difficulty=(ends[0], ends[1]) if len(ends) == 2 else None,
        span=fields.node.head,
    )


def _plan(fields: Fields) -> Plan | None:
    node = fields.get("draft")
    if not isinstance(node, Mapping):
        return None
    inner = fields.within(node)
    wanted = inner.get("items")
    counts = inner.within(wanted) if isinstance(wanted, Mapping) else None
    return Plan(
        request=inner.plain("request"),
        topics=inner.words("topics"),
        lectures=inner.words("lectures"),
        items=tuple((kind, counts.whole(kind) or 0) for kind in counts.node.entries)
        if counts
        else (),
        bloom=inner.words("bloom"),
        span=fields.span("draft"),
    )


def _print(fields: Fields) -> PrintOptions:
    node = fields.get("print")
    if not isinstance(node, Mapping):
        return PrintOptions()
    inner = fields.within(node)
    return PrintOptions(
        paper=inner.word("paper") or "a4",
        variants=inner.whole("variants") or 1,
        seed=inner.whole("seed") or 0,
        answer_space=inner.flag("answer_space", True),
    )


def _minutes(text: str | None) -> int | None:
    if text is None:
        return None
    match = _TIME.fullmatch(text)
    if match is None:
        return int(Decimal(text))
    return int(match[1] or 0) * 60 + int(match[2] or 0)


def _attempts(text: str | None) -> int | None:
    return None if text is None else 0 if text == "unlimited" else int(Decimal(text))
