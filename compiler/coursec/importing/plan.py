"""From what the readers found to the files of a course: nothing here touches the disk."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields, is_dataclass, replace
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any, cast

from coursec.diagnostics import Diagnostics, Span
from coursec.importing.names import free, is_kebab, kebab
from coursec.model.items import ONE, Cloze, Item, ShortAnswer, TextGap, TextItem
from coursec.model.quiz import Bank, Section
from coursec.model.scoring import distinct_answers
from coursec.model.text import Asset, Image, RichText, plain, walk
from coursec.proof.compare import compare_items
from coursec.readers.reading import Reading
from coursec.text.markdown import normal

_SUFFIX = re.compile(r"\.(gift\.txt|txt|gift|xml|zip)$", re.IGNORECASE)


@dataclass(slots=True)
class Imported:
    """One quiz of a file, with names of the course."""

    name: str
    """The quiz's id, and the name of its files."""
    reading: Reading
    items: list[Item] = field(default_factory=list)
    """The items that are new to the course, in order."""
    new: set[str] = field(default_factory=set)
    """The ids of these."""
    sections: list[Section] = field(default_factory=list)
    """Sections with all items of the quiz, new and known."""
    media: dict[str, Asset] = field(default_factory=dict)
    """By path in the course."""


class Planner:
    """Gives names to what was read; a name that the course has is never given again."""

    def __init__(self, bank: Bank | None, language: str, sink: Diagnostics) -> None:
        self.known: dict[str, Item] = {} if bank is None else dict(bank.items)
        self.taken: set[str] = set(self.known) | set(() if bank is None else bank.unsound)
        self.quizzes: set[str] = set(() if bank is None else bank.quizzes)
        self.language = language
        self.sink = sink
        self.assets: dict[bytes, Asset] = {}

    def quiz(self, file: str, reading: Reading, alone: bool) -> Imported:
        """Return a quiz of a file under names of the course; `alone` is the file's only quiz."""
        stem = _SUFFIX.sub("", PurePosixPath(file.replace("\\", "/")).name)
        wanted = reading.name if is_kebab(reading.name) else ""
        wanted = wanted or (kebab(stem) if alone else kebab(reading.title or reading.name))
        name = free(wanted or kebab(stem) or "imported", self.quizzes)
        self.quizzes.add(name)
        quiz = Imported(name, replace(reading, instructions=self.text(reading.instructions)))
        here: dict[str, str] = {}
        number = 0
        for section in reading.sections:
            ids = []
            for item in section.items:
                number += 1
                if (one := self.item(item, quiz, number, here)) is not None:
                    ids.append(one)
            if ids:
                quiz.sections.append(replace(section, items=tuple(ids)))
        self.media(quiz)
        _shuffled_together(quiz)
        return quiz

    def item(self, item: Item, quiz: Imported, number: int, here: dict[str, str]) -> Item | None:
        """Return an item under a name of the course; None when it stands in the quiz already."""
        item = cast("Item", self.texts(item))
        item = self.mended(item)
        own = item.id if is_kebab(item.id) else kebab(item.id)
        wanted = own or kebab(item.title or "") or f"{quiz.name}-{number}"
        title = item.title or (item.id if item.id and item.id != wanted else None)
        item = replace(item, id=wanted, title=None if title == wanted else title)
        if (twin := self.known.get(wanted)) is not None and not _differ(item, twin, self.language):
            if wanted in here:
                self.say(
                    "W708", f"The question `{wanted}` stands twice: it is imported once.", item
                )
                return None
            if twin.id not in quiz.new:
                self.say("N710", f"The item `{wanted}` is in the course already.", item)
            here[wanted] = wanted
            return twin
        name = free(wanted, self.taken)
        if name != wanted and own:
            message = f"The id `{wanted}` is taken by another item: this one becomes `{name}`."
            self.say("W708", message, item)
        item = replace(item, id=name)
        self.taken.add(name)
        self.known[name] = item
        here[name] = name
        quiz.items.append(item)
        quiz.new.add(name)
        return item

    def mended(self, item: Item) -> Item:
        """Return an item with what the language demands of every item."""
        if not item.stem and not isinstance(item, Cloze) and item.title:
            self.say("W708", "The question has no text: its name stands there.", item)
            item = replace(item, stem=plain(item.title))
        if item.points <= 0 and not isinstance(item, TextItem):
            self.say("W708", "The question has no points: it gets 1.", item)
            item = replace(item, points=ONE)
            if isinstance(item, Cloze):
                share = ONE / Decimal(len(item.gaps) or 1)
                item = replace(item, gaps=tuple(replace(g, points=share) for g in item.gaps))
        item = _accepted_once(item)
        if isinstance(item, TextItem):
            item = replace(item, points=ONE)  # a text has none, whatever the file says
        if item.language == self.language:
            item = replace(item, language=None)
        return item

    def text(self, text: RichText) -> RichText:
        """Return a text as Markdown can write it, with one asset for the same bytes."""
        return cast("RichText", self.texts(normal(text)))

    def texts(self, value: object) -> object:
        """Return a model value with every text in it made as Markdown can write it."""
        return _mapped(value, normal)

    def media(self, quiz: Imported) -> None:
        """Give every image of a quiz a path in the course."""
        taken: set[str] = set()

        def placed(asset: Asset) -> Asset:
            if known := self.assets.get(asset.data):
                return known
            base = PurePosixPath(asset.path)
            stem = kebab(base.stem) or "image"
            name = free(stem, taken)
            taken.add(name)
            path = f"media/{quiz.name}/{name}{base.suffix.lower()}"
            made = Asset(path, asset.media_type, asset.data)
            self.assets[asset.data] = made
            return made

        quiz.reading = replace(
            quiz.reading,
            instructions=cast("RichText", _with_assets(quiz.reading.instructions, placed)),
        )
        renamed = {id(item): cast("Item", _with_assets(item, placed)) for item in quiz.items}
        quiz.items = [renamed[id(item)] for item in quiz.items]
        for index, section in enumerate(quiz.sections):
            items = tuple(renamed.get(id(item), item) for item in section.items)
            quiz.sections[index] = replace(section, items=items)
        for new in renamed.values():
            self.known[new.id] = new
        for text in (quiz.reading.instructions, *(t for i in quiz.items for t in _texts(i))):
            for node in walk(text):
                if isinstance(node, Image):
                    quiz.media[node.asset.path] = node.asset

    def say(self, code: str, message: str, item: Item) -> None:
        """Report something about an item at its place in the file."""
        self.sink.report(code, message, item.span or Span(""), item=item.id or None)


def _accepted_once(item: Item) -> Item:
    """Return an item whose typed answers differ in more than capitals where these do not count."""
    if isinstance(item, ShortAnswer):
        return replace(
            item, answers=distinct_answers(item.answers, case_sensitive=item.case_sensitive)
        )
    if isinstance(item, Cloze):
        gaps = tuple(
            replace(gap, answers=distinct_answers(gap.answers, case_sensitive=gap.case_sensitive))
            if isinstance(gap, TextGap)
            else gap
            for gap in item.gaps
        )
        return replace(item, gaps=gaps)
    return item


def _shuffled_together(quiz: Imported) -> None:
    """Say once for the quiz what all its items say of being shuffled."""
    if quiz.reading.shuffle_choices is not None:
        return
    said = {item.shuffle for section in quiz.sections for item in section.items} - {None}
    known = {item.id for section in quiz.sections for item in section.items}
    if len(said) != 1 or known != {item.id for item in quiz.items}:
        return
    quiz.reading = replace(quiz.reading, shuffle_choices=said.pop())
    plain_items = {item.id: replace(item, shuffle=None) for item in quiz.items}
    quiz.items = list(plain_items.values())
    quiz.sections = [
        replace(section, items=tuple(plain_items[item.id] for item in section.items))
        for section in quiz.sections
    ]


def _differ(item: Item, other: Item, language: str) -> bool:
    return any(True for _ in compare_items(item, other, language))


def _mapped(value: object, change: Callable[[RichText], RichText]) -> object:
    """Return a model value with every rich text in it changed."""
    if isinstance(value, RichText):
        return change(value)
    if isinstance(value, tuple) and not isinstance(value, Span):
        return tuple(_mapped(part, change) for part in value)
    if is_dataclass(value) and not isinstance(value, type):
        new = {f.name: _mapped(getattr(value, f.name), change) for f in fields(value)}
        return replace(cast("Any", value), **new)
    return value


def _with_assets(value: object, placed: Callable[[Asset], Asset]) -> object:
    def change(node: object) -> object:
        if isinstance(node, Image):
            return Image(placed(node.asset), node.alt)
        if isinstance(node, tuple) and not isinstance(node, Span):
            return tuple(change(part) for part in node)
        if is_dataclass(node) and not isinstance(node, type | Asset):
            new = {f.name: change(getattr(node, f.name)) for f in fields(node)}
            return replace(cast("Any", node), **new)
        return node

    return change(value)


def _texts(value: object) -> Iterator[RichText]:
    if isinstance(value, RichText):
        yield value
    elif isinstance(value, tuple) and not isinstance(value, Span):
        for part in value:
            yield from _texts(part)
    elif is_dataclass(value) and not isinstance(value, type):
        for f in fields(value):
            yield from _texts(getattr(value, f.name))
