"""A comparison as Markdown for a merge request.

Whatever an author wrote stands in code, where it can be no markup, no mention and no command of
the platform.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import ndiff

from coursec.diff.changes import Change, CourseDiff, ItemChange, LectureChange, QuizChange
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
    if diff.course:
        parts += ["#### The course", *_entry("", diff.course)]
    keys = [item for item in diff.items if item.effect == "key"]
    rest = [item for item in diff.items if item.effect != "key"]
    if keys:
        parts.append("#### ⚠ Keys changed: grades are affected")
        parts += [part for item in keys for part in _item(item)]
    if rest:
        parts.append("#### Items")
        parts += [part for item in rest for part in _item(item)]
    if diff.quizzes:
        parts.append("#### Quizzes")
        parts += [part for quiz in diff.quizzes for part in _quiz(quiz)]
    if diff.lectures:
        parts.append("#### Lectures")
        parts += [part for lecture in diff.lectures for part in _lecture(lecture)]
    return "\n\n".join(parts) + "\n"


def _item(item: ItemChange) -> Iterator[str]:
    was = f" (before: {_code(item.old_id)})" if item.old_id is not None else ""
    title = f" {_code(item.name)}" if item.name != item.id else ""
    head = f"- **{item.kind}** {_code(item.id)}{title}{was}, {_code(where(item))}"
    rows = [f"  - quizzes: {_code(touched(item.touches))}"] if item.touches else []
    yield from _entry(head, item.changes, rows)


def _quiz(quiz: QuizChange) -> Iterator[str]:
    was = f" (before: {_code(quiz.old_id)})" if quiz.old_id is not None else ""
    rows = [f"  - {what}: {_code(names)}" for what, names in lists(quiz)]
    if quiz.broken:
        rows.insert(0, f"  - cannot be built: {_code(quiz.broken)}")
    yield from _entry(
        f"- **{quiz.kind}** {_code(quiz.id)} {_code(quiz.title)}{was}", quiz.changes, rows
    )


def _lecture(lecture: LectureChange) -> Iterator[str]:
    rows = [f"  - items on these: {_code(', '.join(lecture.items))}"] if lecture.items else []
    yield from _entry(
        f"- **{lecture.kind}** {_code(lecture.name)} {_code(lecture.title)}", lecture.changes, rows
    )


def _entry(head: str, changes: Iterable[Change], rows: Iterable[str] = ()) -> Iterator[str]:
    """Yield a list's entry with short changes below it, and the long ones folded."""
    lines = [head] if head else []
    indent = "  " if head else ""
    folded = []
    for change in changes:
        mark = {"key": "**", "score": "*"}.get(change.effect, "")
        name = f"{mark}{_escaped(change.what)}{mark}"
        before, after = change.old or "", change.new or ""
        if max(len(before), len(after)) <= _SHORT and "\n" not in before + after:
            lines.append(f"{indent}- {name}: {_value(change.old)} → {_value(change.new)}")
        else:
            a, b = excerpt(before, after, _SHORT)
            told = _value(a if change.old is not None else None)
            lines.append(
                f"{indent}- {name}: {told} → {_value(b if change.new is not None else None)}"
            )
            folded.append(change)
    lines += rows
    yield "\n".join(lines)
    yield from (_details(change, indent) for change in folded)


def _details(change: Change, indent: str) -> str:
    old, new = (change.old or "").splitlines(), (change.new or "").splitlines()
    body = [line.rstrip() for line in ndiff(old, new) if not line.startswith("? ")]
    longest = max((len(run) for line in body for run in re.findall("`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    lines = [
        f"<details><summary>{_escaped(change.what)}, in full</summary>",
        "",
        f"{fence}diff",
        *body,
        fence,
        "",
        "</details>",
    ]
    return "\n".join((indent + line).rstrip() for line in lines)


def _value(words: str | None) -> str:
    return "none" if words is None else _code(words)


def _code(words: str) -> str:
    return f"<code>{_escaped(words)}</code>"


def _escaped(words: str) -> str:
    """Return a text of one line of which nothing is markup."""
    line = one_line("".join(c if c.isprintable() else " " for c in words))
    return "".join(
        c if c.isalnum() or c in _HARMLESS or ord(c) > 127 else f"&#{ord(c)};" for c in line
    )
