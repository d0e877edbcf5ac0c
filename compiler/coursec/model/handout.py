"""The versions of an assignment that are handed out.

Everything that students get is made from `starter`, which holds nothing of the solution: no
target can hand out what it does not have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from coursec.model.assignment import Assignment, CodeCell, Handout, Part
from coursec.model.quiz import Course, Lecture


def replaced(parts: Sequence[Part]) -> dict[int, int]:
    """Return for each solution the starter that it replaces, as places in the parts.

    That is the last starter before it, unless an earlier solution replaces it already. A starter
    that none replaces is given code, which both versions have.
    """
    pairs: dict[int, int] = {}
    last: int | None = None
    for place, part in enumerate(parts):
        if isinstance(part, CodeCell) and part.role == "starter":
            last = place
        elif isinstance(part, CodeCell) and part.role == "solution" and last is not None:
            pairs[place] = last
            last = None
    return pairs


def starter(assignment: Assignment) -> Assignment:
    """Return an assignment without solutions, model answers and hidden tests."""
    return _with_parts(assignment, lambda parts: [part for part in parts if _is_given(part)])


def with_hidden_tests(assignment: Assignment) -> Assignment:
    """Return the starter with all its tests, for those who mark; it is never handed out."""
    return _with_parts(
        assignment,
        lambda parts: [
            part
            for part in parts
            if _is_given(part) or (isinstance(part, CodeCell) and part.role == "test")
        ],
    )


def solution(assignment: Assignment) -> Assignment:
    """Return an assignment with each solution in the place of the starter that it replaces."""
    return _with_parts(assignment, _solved)


def with_lectures(assignment: Assignment, lectures: Mapping[str, Lecture]) -> Assignment:
    """Return an assignment that names its lectures and slides by their titles."""
    found: dict[str, list[str]] = {}
    for reference in assignment.lectures:
        name, _, slide = reference.partition("#")
        titles = found.setdefault(name, [])
        if slide and name in lectures:
            titles += [s.title for s in lectures[name].slides if s.id == slide]
    rests_on = []
    for name, titles in found.items():
        lecture = lectures.get(name)
        title = lecture.title if lecture else name
        if lecture and lecture.number is not None:
            title = f"{lecture.number}. {title}"
        rests_on.append(f"{title} ({', '.join(titles)})" if titles else title)
    return replace(assignment, rests_on=tuple(rests_on))


def handouts(assignment: Assignment, course: Course) -> tuple[Handout, Handout]:
    """Return the starter and the solution."""
    line = f"{course.code} · {course.title}"
    return (
        Handout(version="starter", course=line, assignment=starter(assignment)),
        Handout(version="solution", course=line, assignment=solution(assignment)),
    )


def _with_parts(
    assignment: Assignment, chosen: Callable[[Sequence[Part]], Sequence[Part]]
) -> Assignment:
    return replace(
        assignment,
        intro=tuple(chosen(assignment.intro)),
        tasks=tuple(replace(task, parts=tuple(chosen(task.parts))) for task in assignment.tasks),
    )


def _is_given(part: Part) -> bool:
    if isinstance(part, CodeCell):
        return part.role == "starter" or (part.role == "test" and not part.hidden)
    return part.role != "answer"


def _solved(parts: Sequence[Part]) -> list[Part]:
    pairs = replaced(parts)
    solutions = {starter: place for place, starter in pairs.items()}

    def each() -> Iterator[Part]:
        for place, part in enumerate(parts):
            if place in solutions:
                yield parts[solutions[place]]
            elif place not in pairs:
                yield part

    return list(each())
