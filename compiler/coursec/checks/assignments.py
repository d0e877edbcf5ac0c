"""Rules over one assignment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from coursec.checks.items import Finding
from coursec.checks.leaks import leaking_files, leaks, squeezed
from coursec.diagnostics import Span
from coursec.model.assignment import Assignment, CodeCell, Task
from coursec.model.handout import replaced
from coursec.model.items import Criterion
from coursec.model.numbers import decimal_text


def check_assignment(assignment: Assignment) -> Iterator[Finding]:
    """Yield what is wrong with an assignment."""
    for task in assignment.tasks:
        for rule in RULES:
            yield from rule(task)
    yield from _given_gaps(assignment)
    yield from _leaks(assignment)


def rubrics(task: Task) -> Iterator[Finding]:
    """A task needs a rubric, and its points are the task's."""
    if not task.rubric and task.rubric_span is None:
        yield Finding(
            "W552",
            f"The task `{task.id}` has no rubric.",
            task.span,
            "Write a table with the columns Criterion and Points below a heading ### Rubric.",
        )
        return
    given = [criterion.points for criterion in task.rubric if criterion.points is not None]
    total = sum(given, Decimal(0))
    if given and total != task.points:
        yield Finding(
            "E551",
            f"The rubric's points add up to {decimal_text(total)}; "
            f"the task `{task.id}` has {decimal_text(task.points)}.",
            task.rubric_span or task.span,
            "Make them the same.",
        )
    for criterion in task.rubric:
        yield from _levels(criterion, task)


def _levels(criterion: Criterion, task: Task) -> Iterator[Finding]:
    """The best level of a criterion earns what the criterion earns."""
    scored = [level.points for level in criterion.levels if level.points is not None]
    if scored and criterion.points is not None and max(scored) != criterion.points:
        yield Finding(
            "E551",
            f"The best level of `{criterion.criterion}` earns {decimal_text(max(scored))}; "
            f"the criterion has {decimal_text(criterion.points)}.",
            task.rubric_span or task.span,
            "The best level earns all the points of its criterion.",
        )


def tests(task: Task) -> Iterator[Finding]:
    """A test needs a solution that passes it."""
    cells = [part for part in task.parts if isinstance(part, CodeCell)]
    if not any(cell.role == "solution" for cell in cells):
        for cell in cells:
            if cell.role == "test":
                yield Finding(
                    "E557",
                    f"The task `{task.id}` has a test and no solution.",
                    cell.span,
                    "Add a block marked `solution`, which the test proves.",
                )
                return


def gaps(task: Task) -> Iterator[Finding]:
    """A solution fills the gap that a starter leaves, and a starter leaves something to do."""
    pairs = replaced(task.parts)
    for place, part in enumerate(task.parts):
        if not isinstance(part, CodeCell):
            continue
        if part.role == "starter" and place not in pairs.values():
            yield from _unfilled(part, f"task `{task.id}`")
        if place in pairs:
            other = task.parts[pairs[place]]
            assert isinstance(other, CodeCell)
            if [squeezed(x) for x in part.code.split("\n")] == [
                squeezed(x) for x in other.code.split("\n")
            ]:
                yield Finding(
                    "E555",
                    f"The starter of task `{task.id}` is its solution: nothing is left to do.",
                    other.span,
                    "Put `raise NotImplementedError` in the place of what students write.",
                )


def _unfilled(cell: CodeCell, where: str) -> Iterator[Finding]:
    if cell.gaps and cell.span:
        line = cell.line + cell.gaps[0][0] - 1
        column = cell.gaps[0][1] + 1
        yield Finding(
            "W562",
            f"No solution replaces this starter of {where}, which leaves a gap.",
            Span(cell.span.path, line, column, line, column + 3),
            "A solution replaces the last starter before it in the same task.",
        )


def _given_gaps(assignment: Assignment) -> Iterator[Finding]:
    """Code before the first task is given, so that nothing is left to do in it."""
    for part in assignment.intro:
        if isinstance(part, CodeCell):
            yield from _unfilled(part, "the introduction")


def _leaks(assignment: Assignment) -> Iterator[Finding]:
    path = assignment.span.path if assignment.span else ""
    for leak in leaks(assignment):
        text, number, column = leak.line
        solved = f"line {leak.solution} solves “{leak.task}” with it"
        yield Finding(
            "E555",
            f"Students are given `{_cut(text)}`: {solved}.",
            Span(path, number, column, number, column + len(text)),
            "Take it out here, or put it into the starter that the solution replaces.",
        )
    for name, leak in leaking_files(assignment):
        yield Finding(
            "E555",
            f"Line {leak.line.number} of the data file `{name}` is line {leak.solution}, which "
            f"solves “{leak.task}”.",
            assignment.span,
            "Take it out of the file, which students are given.",
        )


def _cut(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"


RULES: tuple[Callable[[Task], Iterator[Finding]], ...] = (rubrics, tests, gaps)
"""Every rule over one task."""
