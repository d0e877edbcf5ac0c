"""The changes of assignments: their settings, and what their tasks ask, hand out and reward."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from coursec.diff.answers import rubric_changes
from coursec.diff.changes import AssignmentChange, Change, Effect, Side
from coursec.diff.words import number_words
from coursec.model.assignment import Assignment, CodeCell, Due, Part, Prose, Task

_PROSE = {"text": "text", "hint": "hint", "question": "question", "answer": "model answer"}
_CODE = {"starter": "starter code", "solution": "solution", "test": "tests"}
_HIDDEN = "hidden tests"


def assignment_changes(old: Side, new: Side) -> Iterator[AssignmentChange]:
    """Yield every assignment that changed; of one that cannot be read nothing is said."""
    faulty = {fault.path for fault in (*old.faults, *new.faults)}
    before, after = old.bank.assignments, new.bank.assignments
    for name in dict.fromkeys([*after, *before]):
        a, b = before.get(name), after.get(name)
        there = b or a
        assert there
        path = there.span.path if there.span else ""
        if path in faulty:
            continue
        changes = tuple(_changes(a, b)) if a and b else ()
        if a and b and not changes:
            continue
        yield AssignmentChange(
            kind="added" if a is None else "removed" if b is None else "changed",
            name=name,
            title=there.title,
            path=path,
            changes=changes,
        )


def _changes(old: Assignment, new: Assignment) -> Iterator[Change]:
    for field, what, before, after in (
        ("title", "title", old.title, new.title),
        ("status", "status", old.status, new.status),
        ("due", "due", _due(old.due), _due(new.due)),
        ("outcomes", "outcomes", _listed(old.outcomes), _listed(new.outcomes)),
        ("lectures", "lectures", _listed(old.lectures), _listed(new.lectures)),
        ("requirements", "packages", _listed(old.requirements), _listed(new.requirements)),
        ("accept", "accepted files", _listed(old.accept), _listed(new.accept)),
        ("max_files", "most files", number_words(old.max_files), number_words(new.max_files)),
        ("language", "language", old.language, new.language),
        ("targets", "targets", _listed(old.targets or ()), _listed(new.targets or ())),
    ):
        if before != after:
            yield Change(field, what, before, after)
    files = ({f.name: f.data for f in old.files}, {f.name: f.data for f in new.files})
    if files[0] != files[1]:
        names = _listed(list(files[0])), _listed(list(files[1]))
        changed = _listed([n for n in files[0] if n in files[1] and files[0][n] != files[1][n]])
        if names[0] != names[1]:
            yield Change("files", "files", *names)
        if changed:
            yield Change("files", "contents of", changed, changed)
    yield from _parts("", old.intro, new.intro, "the introduction")
    yield from _tasks(old.tasks, new.tasks)


def _tasks(old: Sequence[Task], new: Sequence[Task]) -> Iterator[Change]:
    a, b = {task.id: task for task in old}, {task.id: task for task in new}
    for name in dict.fromkeys([*b, *a]):
        first, second = a.get(name), b.get(name)
        if first is None or second is None:
            yield Change(name, "task", _task(first), _task(second), "score")
        else:
            yield from _task_changes(first, second)
    kept = [name for name in a if name in b]
    if kept != [name for name in b if name in a]:
        yield Change("tasks", "order of tasks", ", ".join(a), ", ".join(b))


def _task(task: Task | None) -> str | None:
    if task is None:
        return None
    return f"{task.title} ({number_words(task.points)} points)"


def _task_changes(old: Task, new: Task) -> Iterator[Change]:
    of = f"task {new.id}"
    if old.title != new.title:
        yield Change(new.id, f"title of {of}", old.title, new.title)
    if old.points != new.points:
        points = number_words(old.points), number_words(new.points)
        yield Change(new.id, f"points of {of}", *points, "score")
    yield from _parts(new.id, old.parts, new.parts, of)
    for change in rubric_changes(old.rubric, new.rubric):
        what = f"{change.what}, {of}"
        yield Change(new.id, what, change.old, change.new, change.effect)


def _parts(field: str, old: Sequence[Part], new: Sequence[Part], of: str) -> Iterator[Change]:
    """Yield what changed in the parts of a task, those of one role together."""
    a, b = _by_role(old), _by_role(new)
    for role in (*_PROSE.values(), *_CODE.values(), _HIDDEN):
        before, after = a.get(role), b.get(role)
        if before != after:
            effect: Effect = "score" if role in (_CODE["test"], _HIDDEN) else ""
            yield Change(field or "intro", f"{role} of {of}", before, after, effect)
    if a == b and list(map(_role, old)) != list(map(_role, new)):
        orders = ", ".join(map(_role, old)), ", ".join(map(_role, new))
        yield Change(field or "intro", f"order of the parts of {of}", *orders)


def _by_role(parts: Sequence[Part]) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for part in parts:
        words = part.code if isinstance(part, CodeCell) else "\n".join(part.lines).strip()
        found.setdefault(_role(part), []).append(words)
    return {role: "\n\n".join(words) for role, words in found.items()}


def _role(part: Part) -> str:
    if isinstance(part, Prose):
        return _PROSE[part.role]
    return _HIDDEN if part.hidden else _CODE[part.role]


def _due(due: Due | None) -> str | None:
    if due is None:
        return None
    return due.day.isoformat() + (f" {due.time.isoformat('minutes')}" if due.time else "")


def _listed(words: Sequence[str]) -> str | None:
    return ", ".join(words) or None
