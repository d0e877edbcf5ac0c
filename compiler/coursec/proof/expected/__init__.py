"""What a reader must find in an output: the quiz as the capability table says it arrives.

Where the table says "carried", nothing is changed; where it says "differently" or "lost", the
change it announces is done to the model. What is left must be read back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from importlib import import_module
from typing import cast

from coursec.model.items import ChoiceGap, Cloze, Item
from coursec.model.quiz import Quiz, Section
from coursec.proof.expected.changes import Change
from coursec.readers.reading import Reading
from coursec.targets.capability import left_out
from coursec.targets.features import FEATURES, SHUFFLED


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """How a target carries things, as changes of the model."""

    format: str
    """The reader that reads it."""
    path: str
    """Its file below the output folder, with `{}` for the quiz."""
    changes: Mapping[str, Change | None]
    """By feature, for each that is not simply carried; None where it is read back the same."""
    types: Mapping[str, Change] = field(default_factory=dict)
    """By item type, after the features."""
    always: Change = lambda item, quiz: item
    """For every item, last."""
    arrange: Callable[[Quiz, tuple[Section, ...]], Reading]
    """What the file says of the quiz itself, around the items."""


EXPECTED: dict[str, str] = {
    "gift": "coursec.proof.expected.gift:EXPECTED",
    "moodle": "coursec.proof.expected.moodle:EXPECTED",
    "qti21": "coursec.proof.expected.qti21:EXPECTED",
    "canvas": "coursec.proof.expected.canvas:EXPECTED",
}
"""Every target that can be read back to the model; paper is proven by its source."""


def expected_of(target: str) -> Expected:
    """Return how a target carries things."""
    module, _, name = EXPECTED[target].partition(":")
    return cast("Expected", getattr(import_module(module), name))


def expected_reading(quiz: Quiz, target: str) -> Reading:
    """Return what a reader must find in a target's output of a quiz."""
    expected = expected_of(target)
    sections = tuple(
        Section(
            id=section.id,
            title=section.title,
            items=tuple(
                expected_item(item, quiz, expected)
                for item in section.items
                if not left_out(target, item)
            ),
            pick=section.pick,
        )
        for section in quiz.sections
    )
    return expected.arrange(quiz, sections)


def expected_item(item: Item, quiz: Quiz, expected: Expected) -> Item:
    """Return an item as a target carries it."""
    found = replace(item, shuffle=quiz.shuffles(item) if _has_order(item) else None)
    for key, change in expected.changes.items():
        if change and key in FEATURES and FEATURES[key].used(item, quiz):
            found = change(found, quiz)
    if change := expected.types.get(item.kind):
        found = change(found, quiz)
    return expected.always(found, quiz)


def _has_order(item: Item) -> bool:
    """Tell whether there is something to shuffle; formats say for each such item whether it is."""
    if isinstance(item, Cloze):
        return any(isinstance(gap, ChoiceGap) for gap in item.gaps)
    return isinstance(item, SHUFFLED)
