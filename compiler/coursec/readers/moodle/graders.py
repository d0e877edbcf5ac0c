"""What Moodle tells graders: a rubric as a list, a sample answer, or other words."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from lxml.etree import _Element

from coursec.model.items import Criterion, Level
from coursec.model.text import NO_TEXT, RichText
from coursec.readers.markup import Element, parse_html, visible
from coursec.readers.moodle.source import HTML, Source

_POINTS = re.compile(r"\s*(?:\(([0-9]+(?:\.[0-9]+)?)\))?(?::\s*(.*))?", re.DOTALL)


class GraderInfo(NamedTuple):
    """Information for graders."""

    rubric: tuple[Criterion, ...] = ()
    sample: RichText = NO_TEXT
    other: RichText = NO_TEXT
    """What is neither."""
    words: str = ""
    """What stands beside the rubric, without markup."""


def read_grader_info(source: Source, node: _Element | None) -> GraderInfo:
    """Return what graders are told."""
    written = source.raw(node)
    if not written:
        return GraderInfo()
    if source.format_of(node) != HTML:
        return GraderInfo(other=source.text(node), words=" ".join(written.split()))
    rubric: tuple[Criterion, ...] = ()
    sample: RichText = NO_TEXT
    rest: list[Element | str] = []
    words = Element("body")
    for child in parse_html(written).children:
        kind = child.get("class") if isinstance(child, Element) else ""
        if isinstance(child, Element) and kind == "rubric" and not rubric:
            rubric = tuple(filter(None, map(_criterion, _entries(child))))
            continue
        words.children.append(child)
        if isinstance(child, Element) and kind == "sample-answer" and not sample:
            sample = source.reader(node).element(child)
        else:
            rest.append(child)
    other = source.reader(node).element(Element("body", {}, rest))
    return GraderInfo(rubric, sample, other, visible(words))


def _entries(node: Element) -> list[Element]:
    return [row for row in node.elements if row.name == "li"]


def _criterion(row: Element) -> Criterion | None:
    label, points, _ = _row(row)
    levels = tuple(
        Level(label=name, points=worth, description=description)
        for inner in row.elements
        if inner.name == "ul"
        for name, worth, description in map(_row, _entries(inner))
        if name
    )
    return Criterion(criterion=label, points=points, levels=levels) if label else None


def _row(row: Element) -> tuple[str, Decimal | None, str | None]:
    """Return (name, points, description) of `<strong>name</strong> (points): description`."""
    parts = [
        child for child in row.children if not (isinstance(child, Element) and child.name == "ul")
    ]
    if parts and isinstance(parts[0], Element) and parts[0].name == "strong":
        rest = visible(Element("x", {}, parts[1:]))
        match = _POINTS.fullmatch(rest)
        if match:
            points = Decimal(match[1]) if match[1] else None
            return visible(parts[0]), points, match[2] or None
    return visible(Element("x", {}, parts)), None, None
