"""Proving an output: it is read back, and every difference that is not announced is an error."""

from __future__ import annotations

from itertools import groupby

from coursec.diagnostics import Diagnostics, Span
from coursec.model.quiz import Quiz
from coursec.proof.compare import Difference, compare
from coursec.proof.expected import EXPECTED, expected_of, expected_reading
from coursec.readers import reader
from coursec.targets.capability import NAMES

_MOST = 5
"""Differences of one item that are named: the first says enough to find the others."""


def can_be_read(target: str) -> bool:
    """Tell whether a target's outputs can be read back to the model."""
    return target in EXPECTED


def output_path(target: str, quiz: Quiz) -> str:
    """Return the output of a quiz that is read back, as a path below the output folder."""
    return expected_of(target).path.format(quiz.id)


def prove(quiz: Quiz, target: str, data: bytes, sink: Diagnostics) -> None:
    """Report everything that an output says otherwise than its author, as errors."""
    path = output_path(target, quiz)
    said = Diagnostics()
    readings = reader(expected_of(target).format)(path, data, said)
    for finding in said:
        message = f"{path}:{finding.span.line} cannot be read back: {finding.message}"
        _report(message, finding.item, quiz, sink)
    if len(readings) != 1:
        _report(f"{path} holds {len(readings)} quizzes, not one.", None, quiz, sink)
        return
    differences = compare(expected_reading(quiz, target), readings[0], quiz)
    for name, group in groupby(differences, key=lambda difference: difference.item):
        rows = list(group)
        for row in rows[:_MOST]:
            _report(_sentence(row, path, target), name, quiz, sink)
        if len(rows) > _MOST:
            more = f"{path} differs from what the author wrote in {len(rows) - _MOST} more fields"
            _report(f"{more} of `{name or quiz.id}`.", name, quiz, sink)


def _sentence(row: Difference, path: str, target: str) -> str:
    what = f"item `{row.item}`, {row.field}" if row.item else row.field
    return (
        f"{NAMES[target]} does not say what was written: {what}: "
        f"{row.written} was written, {row.read} is read in {path}."
    )


def _report(message: str, item_id: str | None, quiz: Quiz, sink: Diagnostics) -> None:
    items = (*quiz.items, *quiz.stimuli.values())
    item = next((item for item in items if item.id == item_id), None)
    span = (item and item.span) or quiz.span or Span("course.yaml")
    hint = "Do not hand this file out. It is a fault of coursec: please report it with this item."
    sink.report("E611", message, span, hint=hint, item=item_id)
