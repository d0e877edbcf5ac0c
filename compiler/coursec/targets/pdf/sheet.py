"""One version of a quiz as it is handed out: what is drawn, in which order, under which number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from coursec.assembly.draw import disorder, permutation, sample
from coursec.model.items import Choice, Item, Matching, Ordering, TextItem
from coursec.model.quiz import Quiz, Section
from coursec.model.text import RichText

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """An item with its number."""

    number: int
    item: Item
    passage: tuple[int, int] | None = None
    """The text it rests on and the question that text precedes, unless the text comes just here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A text item where it is printed."""

    item: TextItem
    number: int | None = None
    """Its number where questions rest on it; instructions have none."""
    questions: tuple[int, ...] = ()
    """The numbers of the questions that rest on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A section of a sheet."""

    title: str | None
    entries: tuple[Question | Passage, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One version of a quiz; the paper and the key are two views of it."""

    quiz: Quiz
    version: str
    """`A`, `B`, ...; it is part of the key of every draw."""
    parts: tuple[Part, ...]

    @property
    def questions(self) -> tuple[Question, ...]:
        """Return all questions in order."""
        return tuple(
            entry for part in self.parts for entry in part.entries if isinstance(entry, Question)
        )

    @property
    def points(self) -> Decimal:
        """Return the points of a fully right paper."""
        return sum((question.item.points for question in self.questions), Decimal(0))

    def choices(self, item: Item, choices: Sequence[Choice], *gap: str) -> tuple[Choice, ...]:
        """Return the choices of an item, or of a gap of it, in the order of this version."""
        if not self.quiz.shuffles(item):
            return tuple(choices)
        return _shuffled(choices, [not choice.fixed for choice in choices], *self._key(item), *gap)

    def responses(self, item: Matching) -> tuple[RichText, ...]:
        """Return the responses of a matching item in the order of this version."""
        responses = item.responses
        return tuple(responses[i] for i in permutation(len(responses), *self._key(item)))

    def entries(self, item: Ordering) -> tuple[RichText, ...]:
        """Return the entries of an ordering item in an order that is not the right one."""
        order = disorder(len(item.sequence), *self._key(item))
        return tuple(item.sequence[i] for i in order)

    def _key(self, item: Item) -> tuple[object, ...]:
        return self.quiz.print.seed, self.version, item.id


def letter(position: int) -> str:
    """Return A for 0, Z for 25, AA for 26: as Typst numbers lists."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def sheets(quiz: Quiz) -> Iterator[Sheet]:
    """Yield the versions of a quiz."""
    for position in range(max(quiz.print.variants, 1)):
        yield _sheet(quiz, letter(position))


def _sheet(quiz: Quiz, version: str) -> Sheet:
    drawn = [_drawn(quiz, section, version) for section in quiz.sections]
    numbers: dict[str, list[int]] = {}
    total = 0
    for item in (item for items in drawn for item in items):
        if not isinstance(item, TextItem):
            total += 1
            if item.stimulus is not None:
                numbers.setdefault(item.stimulus, []).append(total)
    passages: dict[str, tuple[int, int]] = {}
    parts = []
    number = 0
    for section, items in zip(quiz.sections, drawn, strict=True):
        entries: list[Question | Passage] = []
        last: str | None = None
        for item in items:
            text = item if isinstance(item, TextItem) else quiz.stimulus(item)
            known = None if text is None else passages.get(text.id)
            if text is not None and known is None:
                questions = tuple(numbers.get(text.id, ()))
                if questions:
                    passages[text.id] = (len(passages) + 1, number + 1)
                passage = len(passages) if questions else None
                entries.append(Passage(item=text, number=passage, questions=questions))
            elif text is item:
                continue  # It stands before an earlier question already.
            if not isinstance(item, TextItem):
                number += 1
                away = known if last != item.stimulus else None
                entries.append(Question(number=number, item=item, passage=away))
            last = None if text is None else text.id
        parts.append(Part(title=section.title, entries=tuple(entries)))
    return Sheet(quiz=quiz, version=version, parts=tuple(parts))


def _drawn(quiz: Quiz, section: Section, version: str) -> tuple[Item, ...]:
    """Return what a version prints of a section; texts are always printed, questions are drawn."""
    key = (quiz.print.seed, version, section.id)
    items = section.items
    if section.pick is not None:
        names = [item.id for item in items if not isinstance(item, TextItem)]
        kept = {names[i] for i in sample(names, section.pick, *key, "pick")}
        items = tuple(item for item in items if isinstance(item, TextItem) or item.id in kept)
    if not quiz.shuffle_items:
        return items
    # Items that share a stimulus move as one, together with the stimulus; other texts stay put.
    groups: dict[str, list[Item]] = {}
    rested_on = {item.stimulus for item in items}
    for item in items:
        name = item.stimulus or item.id
        groups.setdefault(name, []).append(item)
    units = [
        (*(i for i in group if isinstance(i, TextItem)), *_questions(group, *key, name))
        for name, group in groups.items()
    ]
    movable = [not isinstance(unit[0], TextItem) or unit[0].id in rested_on for unit in units]
    return tuple(item for unit in _shuffled(units, movable, *key, "items") for item in unit)


def _questions(group: Sequence[Item], *key: object) -> tuple[Item, ...]:
    questions = tuple(item for item in group if not isinstance(item, TextItem))
    return _shuffled(questions, [True] * len(questions), *key)


def _shuffled(things: Sequence[_T], movable: Sequence[bool], *key: object) -> tuple[_T, ...]:
    """Return the things with the movable ones in a drawn order on the places that those had."""
    places = [i for i, moves in enumerate(movable) if moves]
    shuffled = list(things)
    for place, drawn in zip(places, permutation(len(places), *key), strict=True):
        shuffled[place] = things[places[drawn]]
    return tuple(shuffled)
