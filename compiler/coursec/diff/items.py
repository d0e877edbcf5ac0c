"""The changes between two forms of one item, field by field."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest
from typing import Any

from coursec.diff.answers import (
    answer_changes,
    case_words,
    choice_changes,
    extra_changes,
    gap_changes,
    pair_changes,
    rubric_changes,
    sequence_changes,
    text_change,
)
from coursec.diff.changes import Change, Effect
from coursec.diff.words import number_words
from coursec.model.items import Feedback, Item, ItemFields, TextItem
from coursec.model.text import RichText

Compare = Callable[[Any, Any], Iterator[Change]]
"""Two values of a field that are not equal to the changes that count."""


def item_changes(old: Item, new: Item, skipped: frozenset[str] = frozenset()) -> list[Change]:
    """Return what changed in an item, but for its id and its place; `skipped` names fields.

    Of an item whose type changed, only the fields that every type has are compared.
    """
    found: list[Change] = []
    shared: type[ItemFields] = type(new)
    if type(old) is not type(new):
        found.append(Change("type", "type", old.kind, new.kind, "key"))
        shared = ItemFields
    for field in dataclasses.fields(shared):
        name = field.name
        if not field.compare or name == "id" or name in skipped:
            continue
        if name == "points" and isinstance(new, TextItem):
            continue
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            found.extend(COMPARE[name](before, after))
    return found


def _words(field: str, what: str, effect: Effect = "") -> Compare:
    """Compare short plain texts."""

    def compare(old: str | None, new: str | None) -> Iterator[Change]:
        yield Change(field, what, old, new, effect)

    return compare


def _number(field: str, what: str, effect: Effect = "") -> Compare:
    def compare(old: Any, new: Any) -> Iterator[Change]:
        yield Change(field, what, number_words(old), number_words(new), effect)

    return compare


def _text(field: str, what: str, effect: Effect = "") -> Compare:
    def compare(old: RichText | None, new: RichText | None) -> Iterator[Change]:
        yield from text_change(field, what, old, new, effect)

    return compare


def _set(field: str, what: str) -> Compare:
    """Compare lists of words whose order means nothing."""

    def compare(old: Sequence[str], new: Sequence[str]) -> Iterator[Change]:
        if set(old) != set(new):
            yield Change(field, what, ", ".join(old) or None, ", ".join(new) or None)

    return compare


def _one_of(field: str, what: str, words: dict[Any, str], effect: Effect = "") -> Compare:
    def compare(old: Any, new: Any) -> Iterator[Change]:
        yield Change(field, what, words[old], words[new], effect)

    return compare


def _hints(old: Sequence[RichText], new: Sequence[RichText]) -> Iterator[Change]:
    for number, (before, after) in enumerate(zip_longest(old, new), 1):
        yield from text_change("hints", f"hint {number}", before, after)


_FEEDBACK = {
    "general": "feedback",
    "correct": "feedback for right responses",
    "partial": "feedback for partly right responses",
    "incorrect": "feedback for wrong responses",
}


def _feedback(old: Feedback, new: Feedback) -> Iterator[Change]:
    for name, what in _FEEDBACK.items():
        yield from text_change("feedback", what, getattr(old, name), getattr(new, name))


COMPARE: dict[str, Compare] = {
    "title": _words("title", "title"),
    "stem": _text("stem", "stem"),
    "points": _number("points", "points", "score"),
    "tags": _set("tags", "tags"),
    "outcomes": _set("outcomes", "outcomes"),
    "bloom": _words("bloom", "Bloom level"),
    "difficulty": _number("difficulty", "difficulty"),
    "hints": _hints,
    "feedback": _feedback,
    "shuffle": _one_of("shuffle", "shuffle", {None: "as the quiz says", True: "yes", False: "no"}),
    "source": _set("source", "source"),
    "status": _words("status", "status"),
    "language": _words("language", "language"),
    "stimulus": _words("stimulus", "stimulus"),
    "notes": _words("notes", "notes"),
    "choices": choice_changes,
    "scoring": _one_of(
        "scoring",
        "scoring",
        {"partial": "partial", "all_or_nothing": "all or nothing"},
        "score",
    ),
    "answer": _one_of("answer", "key", {True: "true", False: "false"}, "key"),
    "feedback_true": _text("feedback_true", "feedback for “true”"),
    "feedback_false": _text("feedback_false", "feedback for “false”"),
    "answers": answer_changes,
    "case_sensitive": _one_of(
        "case_sensitive", "capitals", {on: case_words(on) for on in (True, False)}, "key"
    ),
    "unit": _words("unit", "unit"),
    "pairs": pair_changes,
    "distractors": extra_changes,
    "sequence": sequence_changes,
    "text": _text("text", "text"),
    "gaps": gap_changes,
    "lines": _number("lines", "lines to answer in"),
    "min_words": _number("min_words", "least words"),
    "max_words": _number("max_words", "most words"),
    "template": _text("template", "template"),
    "sample_answer": _text("sample_answer", "sample answer"),
    "rubric": rubric_changes,
    "accept": _set("accept", "accepted files"),
    "max_files": _number("max_files", "most files"),
}
"""How each field of an item is compared; a test holds that none is missing."""
