"""Assessments and banks: their sections, their draws and Canvas's settings."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal, InvalidOperation

from lxml.etree import _Element

from coursec.diagnostics import Diagnostics, Span
from coursec.model.items import Cloze, Item, TextItem
from coursec.model.quiz import Section
from coursec.model.text import NO_TEXT, RichText
from coursec.readers.markup import FindImage, TextReader
from coursec.readers.qti12.question import QuestionReader
from coursec.readers.reading import Reading
from coursec.readers.xml import line_of, local

_ROOT = "root_section"
"""Canvas's name of the section that is none."""


def read_document(
    root: _Element, place: str, sink: Diagnostics, image: FindImage, meta: _Element | None
) -> list[Reading]:
    """Return a reading for each assessment and each bank, or one of all items."""
    found = []
    for node in root.iterchildren("{*}assessment", "{*}objectbank"):
        walk = _Walk(place, sink, image)
        walk.section(node, None)
        found.append(_reading(node, walk, meta))
    walk = _Walk(place, sink, image)
    for node in root.iterchildren("{*}section", "{*}item"):
        walk.node(node, None)
    if walk.sections:
        found.append(Reading(name="", sections=walk.numbered(), span=Span(place)))
    return found


def _reading(node: _Element, walk: _Walk, meta: _Element | None) -> Reading:
    title = " ".join((node.get("title") or "").split()) or None
    settings = _fields(node)
    line = line_of(node)
    reading = Reading(
        name=(node.get("ident") or "").strip(),
        title=title,
        time_limit=_whole(settings.get("qmd_timelimit")),
        attempts=_attempts(settings.get("cc_maxattempts")),
        sections=walk.numbered(),
        span=Span(walk.place, line, 1, line, 1),
    )
    if meta is None:
        return reading
    said = {local(child): (child.text or "").strip() for child in meta if not len(child)}
    shuffle = said.get("shuffle_answers")
    return replace(
        reading,
        title=said.get("title") or title,
        instructions=walk.text(said.get("description", "")),
        time_limit=_whole(said.get("time_limit")) or reading.time_limit,
        attempts=_attempts(said.get("allowed_attempts")),
        shuffle_choices=None if shuffle is None else shuffle.lower() == "true",
    )


def _fields(node: _Element) -> dict[str, str]:
    return {
        (field.findtext("{*}fieldlabel") or "").strip(): (
            field.findtext("{*}fieldentry") or ""
        ).strip()
        for field in node.iterfind("{*}qtimetadata/{*}qtimetadatafield")
    }


def _whole(written: str | None) -> int | None:
    try:
        number = int(Decimal((written or "").strip()[:12]))
    except (InvalidOperation, ValueError, OverflowError):
        return None
    return number if number > 0 else None


def _attempts(written: str | None) -> int | None:
    if not written:
        return None
    if written.lower() in ("unlimited", "-1"):
        return 0
    return _whole(written)


class _Walk:
    """Gathers the items of sections in the file's order."""

    def __init__(self, place: str, sink: Diagnostics, image: FindImage) -> None:
        self.place = place
        self.sink = sink
        self.image = image
        self.sections: list[Section] = []

    def text(self, html: str) -> RichText:
        """Return HTML of the quiz itself as rich text."""
        if not html.strip():
            return NO_TEXT
        tell = lambda code, message: self.sink.report(code, message, Span(self.place))  # noqa: E731
        return TextReader(self.image, tell).html(html)

    def numbered(self) -> tuple[Section, ...]:
        """Return the sections that hold items, with ids of their own."""
        kept = [section for section in self.sections if section.items]
        return tuple(
            replace(section, id=f"section-{number}") for number, section in enumerate(kept, 1)
        )

    def section(self, node: _Element, title: str | None) -> None:
        """Add what stands in a section, a bank or an assessment."""
        for child in node:
            if isinstance(child.tag, str):
                self.node(child, title)

    def node(self, node: _Element, title: str | None) -> None:
        """Add an item, or the items of a section."""
        match local(node):
            case "item":
                if item := QuestionReader(node, self.place, self.sink, self.image).item():
                    self.add(item, title)
            case "section":
                name = " ".join((node.get("title") or "").split()) or None
                if (node.get("ident") or "") == _ROOT:
                    name = None
                pick = _whole(node.findtext(".//{*}selection/{*}selection_number"))
                if pick is not None and node.find("{*}selection_ordering") is not None:
                    self.draw(node, name, pick)
                else:
                    self.section(node, name or title)
            case "itemref" | "sectionref":
                line = line_of(node)
                message = "A question that stands in another file is left out."
                self.sink.report("W706", message, Span(self.place, line, 1, line, 1))
            case _:
                pass

    def add(self, item: Item, title: str | None) -> None:
        """Add an item to the section at hand, or begin one."""
        last = self.sections[-1] if self.sections else None
        if last is not None and last.pick is None and last.title == title:
            self.sections[-1] = replace(last, items=(*last.items, item))
        else:
            self.sections.append(Section(id="", title=title, items=(item,)))

    def draw(self, node: _Element, title: str | None, pick: int) -> None:
        """Add a group: what each question is worth stands once for all of them."""
        inner = _Walk(self.place, self.sink, self.image)
        inner.section(node, None)
        items = [item for section in inner.sections for item in section.items]
        written = node.findtext(".//{*}selection_extension/{*}points_per_item")
        points = _decimal(written)
        if node.find(".//{*}selection/{*}sourcebank_ref") is not None and not items:
            line = line_of(node)
            message = (
                f"A draw of {pick} questions from a bank that the file does not hold is left out."
            )
            self.sink.report("W706", message, Span(self.place, line, 1, line, 1))
        if points is not None:
            items = [_worth(item, points) for item in items]
        whole = None if pick >= len(items) else pick
        self.sections.append(Section(id="", title=title, items=tuple(items), pick=whole))


def _decimal(written: str | None) -> Decimal | None:
    try:
        number = Decimal((written or "").strip()[:40])
    except InvalidOperation:
        return None
    return number if number.is_finite() and number > 0 else None


def _worth(item: Item, points: Decimal) -> Item:
    if isinstance(item, TextItem) or item.points == points:
        return item
    if isinstance(item, Cloze):
        gaps = tuple(replace(g, points=points * g.points / item.points) for g in item.gaps)
        return replace(item, points=points, gaps=gaps)
    return replace(item, points=points)
