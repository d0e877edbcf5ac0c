"""The differences between what a reader found and what it must find."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from coursec.model.items import Item
from coursec.model.quiz import Quiz, Section
from coursec.proof.itemform import item_fields
from coursec.proof.textform import form, shown
from coursec.readers.reading import Reading


class Difference(NamedTuple):
    """One thing that an output does not say as the author wrote it."""

    item: str | None
    """Id of the item; None for the quiz itself."""
    field: str
    """What a person calls it."""
    written: str
    read: str


def compare(expected: Reading, found: Reading, quiz: Quiz) -> Iterator[Difference]:
    """Yield every difference, in the order of the file."""
    for name, written, read in (
        ("title", expected.title, found.title),
        ("instructions", form(expected.instructions), form(found.instructions)),
        ("time limit", expected.time_limit, found.time_limit),
        ("attempts", expected.attempts, found.attempts),
        ("shuffled items", expected.shuffle_items, found.shuffle_items),
        ("shuffled choices", expected.shuffle_choices, found.shuffle_choices),
        ("number of sections", len(expected.sections), len(found.sections)),
    ):
        if written != read:
            yield Difference(None, name, _say(written), _say(read))
    sections = zip(expected.sections, found.sections, strict=False)
    for number, (wanted, got) in enumerate(sections, 1):
        yield from _section(f"section {number}", wanted, got, quiz)


def _section(name: str, wanted: Section, got: Section, quiz: Quiz) -> Iterator[Difference]:
    if wanted.title != got.title:
        yield Difference(None, f"title of {name}", _say(wanted.title), _say(got.title))
    if wanted.pick != got.pick:
        yield Difference(None, f"draw of {name}", _say(wanted.pick), _say(got.pick))
    ids, found = [item.id for item in wanted.items], [item.id for item in got.items]
    if ids != found:
        missing = [name for name in ids if name not in found]
        extra = [name for name in found if name not in ids]
        for one in missing:
            yield Difference(one, "item", "there", "missing")
        for one in extra:
            yield Difference(None, f"item in {name}", "nothing", one or "an item without an id")
        if not missing and not extra:
            yield Difference(None, f"order of {name}", ", ".join(ids), ", ".join(found))
    by_id = {item.id: item for item in got.items}
    for item in wanted.items:
        if item.id in by_id:
            yield from compare_items(item, by_id[item.id], quiz.course.language)


def compare_items(wanted: Item, got: Item, language: str) -> Iterator[Difference]:
    """Yield the differences between two items; `language` is the course's."""
    written, read = item_fields(wanted, language), item_fields(got, language)
    if wanted.kind != got.kind:
        yield Difference(wanted.id, "type", wanted.kind, got.kind)
        return
    for name in (*written, *(name for name in read if name not in written)):
        if written.get(name) != read.get(name):
            yield Difference(wanted.id, name, _say(written.get(name)), _say(read.get(name)))


def _say(value: object) -> str:
    return str(value) if isinstance(value, bool) or value is None else shown(value)
