"""The prose of a course: the words that its authors use."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from coursec.model.quiz import Bank
from coursec.model.text import RichText, Text, walk


def prose_of(bank: Bank, without: str = "") -> Iterator[str]:
    """Yield the texts of a course's lectures and items, those of one lecture left out."""
    yield bank.course.title
    for lecture in bank.lectures.values():
        if lecture.name == without:
            continue
        yield lecture.title
        yield lecture.abstract
        for slide in lecture.slides:
            yield slide.title
            yield slide.text
    for item in bank.items.values():
        yield from _texts(item)


def _texts(value: Any) -> Iterator[str]:
    """Yield the words of all rich texts in a value."""
    todo = [value]
    while todo:
        one = todo.pop()
        if isinstance(one, RichText):
            yield " ".join(node.text for node in walk(one) if isinstance(node, Text))
        elif is_dataclass(one) and not isinstance(one, type):
            todo.extend(getattr(one, f.name) for f in fields(one) if f.name != "span")
        elif isinstance(one, list | tuple):
            todo.extend(one)
        elif isinstance(one, dict):
            todo.extend(one.values())
