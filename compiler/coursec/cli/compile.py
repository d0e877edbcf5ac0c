"""The front half of `build` and `check`: from a folder to assembled quizzes."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

import click

from coursec.assembly import assemble
from coursec.assembly.hand_in import hand_in
from coursec.checks import check_course, check_writing
from coursec.diagnostics import Diagnostics
from coursec.model.handout import with_lectures
from coursec.model.quiz import Bank
from coursec.source.course import read_course
from coursec.targets import ALL_TARGETS, Works


class Compiled(NamedTuple):
    """What a course came to."""

    bank: Bank
    works: Works
    """The chosen quizzes that could be assembled, and the chosen assignments."""
    targets: list[str]


def compile_course(
    root: Path, sink: Diagnostics, targets: tuple[str, ...] = (), globs: tuple[str, ...] = ()
) -> Compiled:
    """Read, check and assemble a course; mistakes go into the sink.

    `targets` and `globs` choose; without them the course's targets, and all quizzes
    and assignments count.
    """
    bank = read_course(root, sink)
    check_course(bank, sink)
    quizzes = [quiz for spec in bank.quizzes.values() if (quiz := assemble(spec, bank, sink))]
    check_writing(bank, quizzes, sink)
    for pattern in globs:
        names = [*bank.quizzes, *bank.assignments]
        if not any(fnmatchcase(name, pattern) for name in names) and not sink.errors:
            known = ", ".join(bank.quizzes) or "none"
            here = f"Quizzes here: {known}."
            if bank.assignments:
                here += f" Assignments: {', '.join(bank.assignments)}."
            raise click.UsageError(f"No quiz is called {pattern}. {here}")
    assignments = [
        with_lectures(work, bank.lectures)
        for work in bank.assignments.values()
        if work.status == "approved"
    ]
    if globs:
        quizzes = [q for q in quizzes if _chosen(q.id, globs)]
        assignments = [work for work in assignments if _chosen(work.name, globs)]
    chosen = targets or bank.course.targets or ALL_TARGETS
    ordered = [target for target in ALL_TARGETS if target in chosen]
    works = Works(
        course=bank.course,
        quizzes=quizzes,
        assignments=assignments,
        hand_ins=[(work, hand_in(work, bank, sink)) for work in assignments],
    )
    if quizzes or assignments:
        from coursec.targets.capability import report_losses

        for target in ordered:
            for quiz in works.quizzes_of(target):
                report_losses(quiz, target, sink)
    sink.settle(complete=not (globs or targets))
    return Compiled(bank, works, ordered)


def _chosen(name: str, globs: tuple[str, ...]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in globs)
