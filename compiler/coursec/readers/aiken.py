"""Aiken: a question, its choices on lines of their own, and `ANSWER: B`."""

from __future__ import annotations

import re

from coursec.diagnostics import Diagnostics, Span
from coursec.model.items import Choice, SingleChoice
from coursec.model.quiz import Section
from coursec.model.text import RichText
from coursec.readers.gift import decoded
from coursec.readers.gift.texts import plain_lines
from coursec.readers.reading import Reading

_CHOICE = re.compile(r"([A-Z])[.)]\s+(.*)")
_ANSWER = re.compile(r"ANSWER:\s*([A-Z])\b.*", re.IGNORECASE)


def read(name: str, data: bytes, sink: Diagnostics) -> list[Reading]:
    """Read a file of single choice questions."""
    text = decoded(name, data, sink)
    if text is None:
        return []
    items: list[SingleChoice] = []
    stem: list[str] = []
    choices: list[tuple[str, str]] = []
    began = 1
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw.strip()
        if not line:
            continue
        if answer := _ANSWER.fullmatch(line):
            item = _item(stem, choices, answer[1].upper(), Span(name, began, 1, began, 1), sink)
            items += [item] if item else []
            stem, choices = [], []
        elif (choice := _CHOICE.fullmatch(line)) and stem:
            choices.append((choice[1], choice[2]))
        else:
            if choices:
                _leave_out(stem, "it has no `ANSWER:`.", Span(name, began, 1, began, 1), sink)
                stem, choices = [], []
            if not stem:
                began = number
            stem.append(line)
    if stem:
        _leave_out(stem, "it has no `ANSWER:`.", Span(name, began, 1, began, 1), sink)
    section = Section(id="section-1", title=None, items=tuple(items))
    return [Reading(name="", sections=(section,), span=Span(name))]


def _item(
    stem: list[str], choices: list[tuple[str, str]], key: str, span: Span, sink: Diagnostics
) -> SingleChoice | None:
    if not any(letter == key for letter, _ in choices):
        _leave_out(stem, f"it has no choice {key}.", span, sink)
        return None
    found = tuple(Choice(text=_text(text), correct=letter == key) for letter, text in choices)
    return SingleChoice(id="", stem=_text(" ".join(stem)), choices=found, span=span)


def _text(text: str) -> RichText:
    return plain_lines(text)


def _leave_out(stem: list[str], why: str, span: Span, sink: Diagnostics) -> None:
    label = " ".join(stem)[:40]
    sink.report("W706", f"The question `{label}` is left out: {why}", span)
