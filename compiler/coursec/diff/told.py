"""The sentences that every form of a comparison shares."""

from __future__ import annotations

from coursec.diff.changes import KINDS, CourseDiff, Fault, ItemChange, QuizChange, Touch
from coursec.model.numbers import counted


def summary(diff: CourseDiff) -> str:
    """Return what changed as one sentence, changed keys first."""
    parts = []
    keys = sum(item.effect == "key" for item in diff.items)
    scores = sum(item.effect == "score" for item in diff.items)
    if keys:
        parts.append(counted(keys, "key") + " changed")
    if scores:
        parts.append(counted(scores, "item") + " scored otherwise")
    for kind in KINDS:
        number = sum(item.kind == kind for item in diff.items)
        if number:
            parts.append(f"{counted(number, 'item')} {kind}")
    for kind in (*KINDS, "touched"):
        number = sum(quiz.kind == kind for quiz in diff.quizzes)
        if number:
            parts.append(f"{counted(number, 'quiz', 'quizzes')} {kind}")
    for kind in KINDS:
        number = sum(assignment.kind == kind for assignment in diff.assignments)
        if number:
            parts.append(f"{counted(number, 'assignment')} {kind}")
    if diff.lectures:
        parts.append(counted(len(diff.lectures), "lecture") + " changed")
    if diff.course:
        parts.append("the course changed")
    return ", ".join(parts) or "nothing changed"


def where(item: ItemChange) -> str:
    """Return where an item is or was, and where it came from."""
    came = f", from {item.old_path}" if item.old_path is not None else ""
    return f"{item.path}:{item.line}{came}"


def touched(touches: tuple[Touch, ...]) -> str:
    """Return the quizzes that hold an item."""
    return ", ".join(t.quiz + (" (drawn)" if t.drawn else "") for t in touches)


def fault(found: Fault) -> str:
    """Return what is wrong with a file."""
    more = f" (and {counted(found.more, 'further mistake')})" if found.more else ""
    return f"{found.path}:{found.line}: {found.message}{more}"


def lists(quiz: QuizChange) -> list[tuple[str, str]]:
    """Return what a quiz gains, loses and holds that changed, each with its name."""
    rows = (
        ("gains", quiz.gained),
        ("loses", quiz.lost),
        ("changed keys", quiz.keys),
        ("changed items", tuple(name for name in quiz.items if name not in quiz.keys)),
    )
    return [(what, ", ".join(names)) for what, names in rows if names]


SIGNS = {
    "added": "+",
    "removed": "-",
    "renamed": ">",
    "moved": ">",
    "changed": "~",
    "touched": " ",
}
"""The sign of each kind, as tools that compare have them."""
