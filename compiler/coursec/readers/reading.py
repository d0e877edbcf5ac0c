"""What a reader returns: the quizzes of a file, in the model's own words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, get_args

from coursec.diagnostics import Span
from coursec.model.items import Bloom, Item
from coursec.model.quiz import Section
from coursec.model.text import NO_TEXT, RichText


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A quiz, or a bank that says nothing of a quiz, as a file has it.

    Items carry the file's own ids (any text, empty where there is none) and the places of the
    file they were read from. None means that the file says nothing.
    """

    name: str
    """The file's own identifier of the quiz; empty where it has none."""
    title: str | None = None
    instructions: RichText = NO_TEXT
    time_limit: int | None = None
    """Minutes."""
    attempts: int | None = None
    """Allowed attempts; 0 is any number."""
    shuffle_items: bool | None = None
    shuffle_choices: bool | None = None
    sections: tuple[Section, ...] = ()
    """In the file's order; one without a title where the file has no sections."""
    span: Span | None = field(default=None, compare=False, repr=False)

    @property
    def items(self) -> tuple[Item, ...]:
        """All items in order."""
        return tuple(item for section in self.sections for item in section.items)


_DECIMAL = re.compile(r"[0-9]+(\.[0-9]+)?")


def from_labels(labels: Iterable[str]) -> dict[str, Any]:
    """Return the item fields that labels stand for: `tags`, `outcomes`, `bloom`, `difficulty`.

    A label such as `outcome:LO1`, `bloom:apply` or `difficulty:0.4` is what platforms that
    know only tags are given; everything else is a tag.
    """
    fields: dict[str, Any] = {"bloom": None, "difficulty": None}
    tags: list[str] = []
    outcomes: list[str] = []
    for label in labels:
        kind, _, value = label.partition(":")
        if kind == "outcome" and value:
            outcomes.append(value)
        elif kind == "bloom" and value in get_args(Bloom) and fields["bloom"] is None:
            fields["bloom"] = value
        elif (
            kind == "difficulty"
            and fields["difficulty"] is None
            and _DECIMAL.fullmatch(value)
            and Decimal(value) <= 1
        ):
            fields["difficulty"] = Decimal(value)
        else:
            tags.append(label)
    fields["tags"] = tuple(dict.fromkeys(tags))
    fields["outcomes"] = tuple(dict.fromkeys(outcomes))
    return fields
