"""A comparison as text for a terminal of 80 columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from textwrap import wrap

from coursec.diagnostics.columns import clean, cut, width
from coursec.diff.changes import (
    AssignmentChange,
    Change,
    CourseDiff,
    Fault,
    ItemChange,
    LectureChange,
    QuizChange,
)
from coursec.diff.told import SIGNS, fault, lists, summary, touched, where
from coursec.diff.words import excerpt

_WIDTH = 80
_NAME = 14
"""Columns of the names of changes."""
Paint = Callable[[str, str], str]
"""(text, style) to styled text; styles are `added`, `removed`, `changed`, `key` and `head`."""
_STYLES = {"added": "added", "removed": "removed"}


def text(diff: CourseDiff, old: str, new: str, paint: Paint) -> str:
    """Return everything that changed; `old` and `new` name the revisions."""
    parts = [paint(clean(f"{old} → {new}"), "head")]
    if diff.old_faults or diff.new_faults:
        parts.append("\n".join(_faults(diff, old, new, paint)))
    if diff.course:
        parts.append("\n".join([paint("Course", "head"), *_changes(diff.course, paint)]))
    keys = [item for item in diff.items if item.effect == "key"]
    rest = [item for item in diff.items if item.effect != "key"]
    for title, items in (("Keys changed: grades are affected", keys), ("Items", rest)):
        if items:
            style = "key" if items is keys else "head"
            rows = [line for item in items for line in _item(item, paint)]
            parts.append("\n".join([paint(title, style), *rows]))
    if diff.quizzes:
        rows = [line for quiz in diff.quizzes for line in _quiz(quiz, paint)]
        parts.append("\n".join([paint("Quizzes", "head"), *rows]))
    if diff.assignments:
        rows = [line for assignment in diff.assignments for line in _assignment(assignment, paint)]
        parts.append("\n".join([paint("Assignments", "head"), *rows]))
    if diff.lectures:
        rows = [line for lecture in diff.lectures for line in _lecture(lecture, paint)]
        parts.append("\n".join([paint("Lectures", "head"), *rows]))
    said = summary(diff)
    parts.append("\n".join(_wrapped(said[0].upper() + said[1:] + ".", "")))
    return "\n\n".join(parts) + "\n"


def _faults(diff: CourseDiff, old: str, new: str, paint: Paint) -> Iterator[str]:
    yield paint("Not compared, because of mistakes", "key")
    sides: tuple[tuple[str, tuple[Fault, ...]], ...] = (
        (old, diff.old_faults),
        (new, diff.new_faults),
    )
    for name, faults in sides:
        for found in faults:
            yield from _wrapped(f"{name}: {fault(found)}", "  ")
    if diff.unread:
        yield from _wrapped("Items: " + ", ".join(diff.unread), "  ")


def _head(kind: str, name: str, title: str, right: str, paint: Paint) -> Iterator[str]:
    sign = SIGNS[kind]
    label = f"{name}" if title == name else f"{name}  {title}"
    line = f"  {sign} {clean(label)}"
    style = _STYLES.get(kind, "changed")
    tail = f"  {clean(right)}"
    if width(line + tail) <= _WIDTH:
        yield paint(line, style) + tail
    else:
        yield paint(cut(line, _WIDTH), style)
        yield from _wrapped(right, " " * 6)


def _item(item: ItemChange, paint: Paint) -> Iterator[str]:
    right = f"{item.kind}, {item.type}" if item.kind in ("added", "removed") else item.kind
    yield from _head(item.kind, item.id, item.name, f"{right}, {where(item)}", paint)
    if item.old_id is not None:
        yield from _row("id", f"{item.old_id} → {item.id}")
    yield from _changes(item.changes, paint)
    if item.touches:
        yield from _row("quizzes", touched(item.touches))


def _quiz(quiz: QuizChange, paint: Paint) -> Iterator[str]:
    yield from _head(quiz.kind, quiz.id, quiz.title, f"{quiz.kind}, {quiz.path}", paint)
    if quiz.old_id is not None:
        yield from _row("name", f"{quiz.old_id} → {quiz.id}")
    if quiz.broken:
        yield from _row("cannot be built", quiz.broken)
    yield from _changes(quiz.changes, paint)
    for what, names in lists(quiz):
        yield from _row(what, names)


def _assignment(assignment: AssignmentChange, paint: Paint) -> Iterator[str]:
    right = f"{assignment.kind}, {assignment.path}"
    yield from _head(assignment.kind, assignment.name, assignment.title, right, paint)
    yield from _changes(assignment.changes, paint)


def _lecture(lecture: LectureChange, paint: Paint) -> Iterator[str]:
    yield from _head(lecture.kind, lecture.name, lecture.title, lecture.kind, paint)
    yield from _changes(lecture.changes, paint)
    if lecture.items:
        yield from _row("items on these", ", ".join(lecture.items))


def _changes(changes: Iterable[Change], paint: Paint) -> Iterator[str]:
    for change in changes:
        old, new = change.old, change.new
        name = change.what
        room = _WIDTH - 8
        before, after = excerpt(old or "", new or "", 3 * room)
        effect = {"key": "key", "score": "changed"}.get(change.effect)
        pair = f"{before if old is not None else '(none)'} → {after if new else '(none)'}"
        lead = "      " + clean(name).ljust(_NAME)
        if width(lead + pair) + 2 <= _WIDTH:
            yield (paint(lead, effect) if effect else lead) + "  " + clean(pair)
            continue
        yield paint(lead.rstrip(), effect) if effect else lead.rstrip()
        for sign, style, words, there in (
            ("-", "removed", before, old),
            ("+", "added", after, new),
        ):
            if there is not None:
                for number, line in enumerate(wrap(clean(words), room - 2) or [""]):
                    yield "      " + paint(f"  {sign if number == 0 else ' '} {line}", style)


def _row(name: str, words: str) -> Iterator[str]:
    lead = "      " + name.ljust(_NAME) + "  "
    first, *rest = wrap(clean(words), _WIDTH - len(lead)) or [""]
    yield lead + first
    yield from (" " * len(lead) + line for line in rest)


def _wrapped(words: str, indent: str) -> list[str]:
    return wrap(clean(words), _WIDTH, initial_indent=indent, subsequent_indent=indent + "  ") or [
        indent
    ]
