"""A comparison as Markdown for a merge request.

Whatever an author wrote stands in code, where it can be no markup, no mention and no command of
the platform.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import ndiff
from typing import NamedTuple

from coursec.diagnostics.columns import clean
from coursec.diff.changes import (
    AssignmentChange,
    Change,
    CourseDiff,
    ItemChange,
    LectureChange,
    QuizChange,
)
from coursec.diff.told import fault, lists, summary, touched, where
from coursec.diff.words import excerpt, one_line

_SHORT = 60
"""Longest text, in characters, that is told on a line; longer ones are folded."""
_HARMLESS = frozenset(" ,;()-+=?%'")


def markdown(diff: CourseDiff, old: str, new: str) -> str:
    """Return everything that changed; `old` and `new` name the revisions."""
    said = summary(diff)
    parts = [
        f"### Course: {_code(old)} → {_code(new)}",
        f"{said[0].upper()}{said[1:]}.",
    ]
    if diff.old_faults or diff.new_faults:
        rows = [
            f"- {_code(name)}: {_code(fault(found))}"
            for name, faults in ((old, diff.old_faults), (new, diff.new_faults))
            for found in faults
        ]
        if diff.unread:
            rows.append("- Items: " + ", ".join(map(_code, diff.unread)))
        parts += ["#### Not compared, because of mistakes", "\n".join(rows)]
    keys = [item for item in diff.items if item.effect == "key"]
    rest = [item for item in diff.items if item.effect != "key"]
    for title, entries in (
        ("The course", [_entry("- **changed**", "", diff.course)] if diff.course else []),
        ("⚠ Keys changed: grades are affected", list(map(_item, keys))),
        ("Items", list(map(_item, rest))),
        ("Quizzes", list(map(_quiz, diff.quizzes))),
        ("Assignments", list(map(_assignment, diff.assignments))),
        ("Lectures", list(map(_lecture, diff.lectures))),
    ):
        if entries:
            parts += [f"#### {title}", "\n".join(line for e in entries for line in e.lines)]
            parts += [fold for entry in entries for fold in entry.folds]
    return "\n\n".join(parts) + "\n"


class _Entry(NamedTuple):
    """An entry of a tight list, and the long texts that are folded below the list."""

    lines: list[str]
    folds: list[str]


def _item(item: ItemChange) -> _Entry:
    was = f" (before: {_code(item.old_id)})" if item.old_id is not None else ""
    title = f" {_code(item.name)}" if item.name != item.id else ""
    head = f"- **{item.kind}** {_code(item.id)}{title}{was}, {_code(where(item))}"
    rows = [f"  - quizzes: {_code(touched(item.touches))}"] if item.touches else []
    return _entry(head, item.id, item.changes, rows)


def _quiz(quiz: QuizChange) -> _Entry:
    was = f" (before: {_code(quiz.old_id)})" if quiz.old_id is not None else ""
    rows = [f"  - {what}: {_code(names)}" for what, names in lists(quiz)]
    if quiz.broken:
        rows.insert(0, f"  - cannot be built: {_code(quiz.broken)}")
    head = f"- **{quiz.kind}** {_code(quiz.id)} {_code(quiz.title)}{was}"
    return _entry(head, quiz.id, quiz.changes, rows)


def _assignment(assignment: AssignmentChange) -> _Entry:
    head = f"- **{assignment.kind}** {_code(assignment.name)} {_code(assignment.title)}"
    return _entry(f"{head}, {_code(assignment.path)}", assignment.name, assignment.changes)


def _lecture(lecture: LectureChange) -> _Entry:
    rows = [f"  - items on these: {_code(', '.join(lecture.items))}"] if lecture.items else []
    head = f"- **{lecture.kind}** {_code(lecture.name)} {_code(lecture.title)}"
    return _entry(head, lecture.name, lecture.changes, rows)


def _entry(head: str, name: str, changes: Iterable[Change], rows: Iterable[str] = ()) -> _Entry:
    lines, folds = [head], []
    for change in changes:
        mark = {"key": "**", "score": "*"}.get(change.effect, "")
        before, after = change.old or "", change.new or ""
        if max(len(before), len(after)) > _SHORT or "\n" in before + after:
            folds.append(_fold(change, name))
            before, after = excerpt(before, after, _SHORT)
        old = "none" if change.old is None else _code(before)
        new = "none" if change.new is None else _code(after)
        lines.append(f"  - {mark}{_escaped(change.what)}{mark}: {old} → {new}")
    return _Entry([*lines, *rows], folds)


def _fold(change: Change, name: str) -> str:
    old, new = (change.old or "").splitlines(), (change.new or "").splitlines()
    body = [line.rstrip() for line in ndiff(old, new) if not line.startswith("? ")]
    longest = max((len(run) for line in body for run in re.findall("`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    summary = f"{_escaped(change.what)} of {_escaped(name)}" if name else _escaped(change.what)
    head = f"<details><summary>{summary}</summary>"
    return "\n".join([head, "", f"{fence}diff", *body, fence, "", "</details>"])


def _code(words: str) -> str:
    return f"<code>{_escaped(words)}</code>"


def _escaped(words: str) -> str:
    """Return a text of one line of which nothing is markup."""
    line = one_line(clean(words))
    return "".join(
        c if c.isalnum() or c in _HARMLESS or ord(c) > 127 else f"&#{ord(c)};" for c in line
    )
