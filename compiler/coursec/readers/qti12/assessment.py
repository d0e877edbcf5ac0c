"""Assessments and banks: their sections, their draws and their settings."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final, Protocol

from lxml.etree import _Element

from coursec.diagnostics import Diagnostics, Span
from coursec.model.items import Cloze, Item, TextItem
from coursec.model.quiz import Section
from coursec.model.text import NO_TEXT, RichText
from coursec.readers.markup import FindImage, TextReader
from coursec.readers.qti12.budget import Budget
from coursec.readers.qti12.item import read_item
from coursec.readers.qti12.material import html_of
from coursec.readers.qti12.source import decimal
from coursec.readers.reading import Reading
from coursec.readers.xml import line_of, local

_ROOT: Final = "root_section"
"""Canvas's name of the section that is none."""
_DURATION = re.compile(
    r"P?(?:([0-9]+)D)?T?(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+)(?:\.[0-9]+)?S)?", re.IGNORECASE
)
_SHORT_DURATION = re.compile(r"([HM])([0-9]+)", re.IGNORECASE)


class Library(Protocol):
    """What a document can refer to beside itself."""

    @property
    def budget(self) -> Budget:
        """What is left of the work that the file is worth."""

    def item(self, ident: str) -> tuple[_Element, str, FindImage] | None:
        """Return (a question, the place of its file, its images)."""

    def bank(self, ident: str) -> tuple[_Element, str, FindImage] | None:
        """Return (a bank, the place of its file, its images)."""


@dataclass(slots=True)
class _Walk:
    """Gathers the questions of a document in its order."""

    path: str
    sink: Diagnostics
    image: FindImage
    library: Library
    sections: list[_Gathered] = field(default_factory=list)
    shuffled: list[bool] = field(default_factory=list)
    banks: frozenset[str] = frozenset()
    """The banks that are being drawn from: one that draws from itself ends there."""

    def tell(self, code: str, message: str, node: _Element) -> None:
        line = line_of(node)
        self.sink.report(code, message, Span(self.path, line, 1, line, 1))

    def text(self, html: str, node: _Element) -> RichText:
        """Return HTML of the quiz itself as rich text."""
        if not html.strip():
            return NO_TEXT
        tell: Callable[[str, str], None] = lambda code, message: self.tell(code, message, node)  # noqa: E731
        return TextReader(self.image, tell).html(html)

    def shown(self, node: _Element) -> RichText:
        """Return the material of an element."""
        return self.text(html_of(node, lambda code, message: self.tell(code, message, node)), node)


@dataclass(slots=True)
class _Gathered:
    title: str | None
    items: list[Item] = field(default_factory=list)
    pick: int | None = None
    drawn: bool = False


def read_document(
    root: _Element,
    path: str,
    sink: Diagnostics,
    image: FindImage,
    library: Library,
    meta: _Element | None,
) -> list[Reading]:
    """Return a reading for each assessment and each bank, and one of all loose questions."""
    found = []
    for node in root.iterchildren("{*}assessment", "{*}objectbank"):
        walk = _Walk(path, sink, image, library)
        _members(walk, node, None)
        found.append(_reading(walk, node, meta if local(node) == "assessment" else None))
    walk = _Walk(path, sink, image, library)
    for node in root.iterchildren("{*}section", "{*}item"):
        _member(walk, node, None)
    if walk.sections:
        found.append(Reading(name="", sections=_numbered(walk), span=Span(path)))
    return found


def _numbered(walk: _Walk) -> tuple[Section, ...]:
    kept = [one for one in walk.sections if one.items]
    return tuple(
        Section(id=f"section-{number}", title=one.title, items=tuple(one.items), pick=one.pick)
        for number, one in enumerate(kept, 1)
    )


# ------------------------------------------------------------------------------------- the settings


def _reading(walk: _Walk, node: _Element, meta: _Element | None) -> Reading:
    settings = _settings(node)
    title = _title(node) or settings.get("bank_title") or None
    instructions = _instructions(walk, node)
    line = line_of(node)
    reading = Reading(
        name=(node.get("ident") or "").strip(),
        title=title,
        instructions=instructions,
        time_limit=_whole(settings.get("qmd_timelimit")) or _minutes(node),
        attempts=_attempts(
            settings.get("cc_maxattempts") or settings.get("wct_attempt_attemptsallowed")
        ),
        shuffle_items=any(walk.shuffled) or None if walk.shuffled else None,
        sections=_numbered(walk),
        span=Span(walk.path, line, 1, line, 1),
    )
    if meta is None:
        return reading
    said = {local(child): (child.text or "").strip() for child in meta if not len(child)}
    shuffle = said.get("shuffle_answers")
    return replace(
        reading,
        title=" ".join(said.get("title", "").split()) or title,
        instructions=walk.text(said.get("description", ""), meta) or instructions,
        time_limit=_whole(said.get("time_limit")) or reading.time_limit,
        attempts=_attempts(said.get("allowed_attempts")),
        shuffle_choices=None if not shuffle else shuffle.lower() == "true",
    )


def _title(node: _Element) -> str:
    return " ".join((node.get("title") or "").split())


def _settings(node: _Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for metadata in node.iterchildren("{*}qtimetadata", "{*}assessmentmetadata"):
        for label in metadata.iter("{*}fieldlabel"):
            parent = label.getparent()
            entry = None if parent is None else parent.findtext("{*}fieldentry")
            found.setdefault((label.text or "").strip().lower(), (entry or "").strip())
        for child in metadata:
            if isinstance(child.tag, str) and not len(child):
                found.setdefault(local(child).lower(), (child.text or "").strip())
    return found


def _instructions(walk: _Walk, node: _Element) -> RichText:
    """Return what stands above all questions."""
    blocks = [
        block
        for part in node.iterchildren("{*}presentation_material", "{*}rubric", "{*}objectives")
        if (part.get("view") or "All").lower() in ("all", "candidate")
        for block in walk.shown(part).blocks
    ]
    return RichText(tuple(blocks)) if blocks else NO_TEXT


def _whole(written: str | None) -> int | None:
    number = decimal((written or "")[:12])
    return int(number) if number is not None and 1 <= number < 10**6 else None


def _minutes(node: _Element) -> int | None:
    """Return the time limit that an ISO duration says, or its short form."""
    written = (node.findtext("{*}duration") or "").strip()
    if short := _SHORT_DURATION.fullmatch(written):
        return int(short[2][:6]) * (60 if short[1].upper() == "H" else 1) or None
    match = _DURATION.fullmatch(written)
    if match is None or not written:
        return None
    days, hours, minutes, seconds = (int((part or "0")[:6]) for part in match.groups())
    total = days * 86_400 + hours * 3_600 + minutes * 60 + seconds
    return -(-total // 60) or None


def _attempts(written: str | None) -> int | None:
    if not written:
        return None
    if written.lower() in ("unlimited", "-1"):
        return 0
    return _whole(written)


# ------------------------------------------------------------------------------------- the sections


def _members(walk: _Walk, node: _Element, title: str | None) -> None:
    for child in node:
        if isinstance(child.tag, str):
            _member(walk, child, title)


def _member(walk: _Walk, node: _Element, title: str | None) -> None:
    """Add an item, or the items of a section."""
    match local(node):
        case "item":
            _add(walk, _item(walk, node, walk.path, walk.image), title)
        case "itemref":
            _referred(walk, node, title)
        case "section":
            _section(walk, node, title)
        case "sectionref":
            walk.tell("W706", "A section that stands in another file is left out.", node)
        case "selection_ordering":
            order = node.find("{*}order")
            if order is not None:
                walk.shuffled.append((order.get("order_type") or "").lower() == "random")
        case _:
            pass


def _item(walk: _Walk, node: _Element, path: str, image: FindImage) -> Item | None:
    if not walk.library.budget.take_question():
        message = "The file holds more questions than are read: the rest is left out."
        walk.sink.report("W706", message, Span(walk.path))
        return None
    return read_item(node, path, walk.sink, image, walk.library.budget)


def _referred(walk: _Walk, node: _Element, title: str | None) -> None:
    ident = (node.get("linkrefid") or "").strip()
    found = walk.library.item(ident)
    if found is None:
        message = f"The question `{ident[:60]}`, which stands in another file, is left out."
        walk.tell("W706", message, node)
        return
    _add(walk, _item(walk, *found), title)


def _section(walk: _Walk, node: _Element, title: str | None) -> None:
    name = _title(node) or None
    if node.get("ident") == _ROOT or name == (node.get("ident") or "").strip():
        name = None
    selection = node.find("{*}selection_ordering/{*}selection")
    pick = None if selection is None else _whole(selection.findtext("{*}selection_number"))
    if selection is not None and pick is not None:
        _draw(walk, node, selection, name or title, pick)
        return
    above = _instructions(walk, node)
    if above:
        walk.tell("W708", "The text above a section becomes a text between the questions.", node)
        _add(walk, TextItem(id="", title=name, stem=above), name or title)
    _members(walk, node, name or title)


def _add(walk: _Walk, item: Item | None, title: str | None) -> None:
    """Add an item to the section at hand, or begin one."""
    if item is None:
        return
    last = walk.sections[-1] if walk.sections else None
    if last is None or last.drawn or last.title != title:
        last = _Gathered(title)
        walk.sections.append(last)
    last.items.append(item)


def _draw(walk: _Walk, node: _Element, selection: _Element, title: str | None, pick: int) -> None:
    """Add a group: what each question is worth stands once for all of them."""
    inner = _Walk(walk.path, walk.sink, walk.image, walk.library, banks=walk.banks)
    _members(inner, node, None)
    bank = (selection.findtext("{*}sourcebank_ref") or "").strip()
    items = [item for one in inner.sections for item in one.items]
    if any(one.pick is not None for one in inner.sections):
        walk.tell("W707", "A draw within a draw is left out: all its questions stand there.", node)
    if bank and not items:
        items = _bank_items(inner, bank)
    if not items:
        message = f"A draw of {pick} questions is left out: the file does not hold them."
        walk.tell("W706", message, node)
        return
    points = decimal(selection.findtext("{*}selection_extension/{*}points_per_item"))
    if points is not None and points > 0:
        items = [_worth(item, points) for item in items]
    whole = pick if pick < len(items) else None
    walk.sections.append(_Gathered(title, items, whole, drawn=True))


def _bank_items(walk: _Walk, ident: str) -> list[Item]:
    found = None if ident in walk.banks else walk.library.bank(ident)
    if found is None:
        return []
    node, path, image = found
    inner = _Walk(path, walk.sink, image, walk.library, banks=walk.banks | {ident})
    _members(inner, node, None)
    return [item for one in inner.sections for item in one.items]


def _worth(item: Item, points: Decimal) -> Item:
    if isinstance(item, TextItem) or item.points == points:
        return item
    if isinstance(item, Cloze):
        gaps = tuple(replace(g, points=points * g.points / item.points) for g in item.gaps)
        return replace(item, points=points, gaps=gaps)
    return replace(item, points=points)
