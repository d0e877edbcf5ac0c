"""What Moodle tells graders: a rubric as a list, a sample answer, or other words."""

from __future__ import annotations

import re
from decimal import Decimal

from lxml.etree import _Element

from coursec.model.items import Criterion, Level
from coursec.model.text import NO_TEXT, RichText
from coursec.readers.markup import Element, parse_html, visible
from coursec.readers.moodle.source import Source

_POINTS = re.compile(r"\s*(?:\(([0-9]+(?:\.[0-9]+)?)\))?(?::\s*(.*))?", re.DOTALL)


def read_grader_info(
    source: Source, node: _Element | None
) -> tuple[tuple[Criterion, ...], RichText]:
    """Return (the rubric, the sample answer); other words become the sample answer."""
    written = source.raw(node)
    if not written:
        return (), NO_TEXT
    root = parse_html(written)
    rubric: tuple[Criterion, ...] = ()
    sample: RichText = NO_TEXT
    rest: list[Element | str] = []
    for child in root.children:
        kind = child.get("class") if isinstance(child, Element) else ""
        if isinstance(child, Element) and kind == "rubric":
            rubric = tuple(_criterion(row) for row in child.elements if row.name == "li")
        elif isinstance(child, Element) and kind == "sample-answer":
            sample = source.reader(node).element(child)
        else:
            rest.append(child)
    other = source.reader(node).element(Element("body", {}, rest))
    if other:
        source.tell("W708", "Information for graders is imported as the sample answer.")
        sample = RichText((*other.blocks, *sample.blocks))
    return rubric, sample


def _criterion(row: Element) -> Criterion:
    label, points, _ = _row(row)
    levels = tuple(
        Level(label=name, points=worth, description=description)
        for inner in row.elements
        if inner.name == "ul"
        for name, worth, description in (_row(level) for level in inner.elements)
    )
    return Criterion(criterion=label, points=points, levels=levels)


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
