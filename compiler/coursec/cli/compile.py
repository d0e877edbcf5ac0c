"""The front half of `build` and `check`: from a folder to assembled quizzes."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

import click

from coursec.assembly import assemble
from coursec.checks import check_course, check_writing
from coursec.diagnostics import Diagnostics
from coursec.model.quiz import Bank, Quiz
from coursec.source.course import read_course
from coursec.targets import TARGETS


class Compiled(NamedTuple):
    """What a course came to."""

    bank: Bank
    quizzes: list[Quiz]
    """The chosen quizzes that could be assembled."""
    targets: list[str]


def compile_course(
    root: Path, sink: Diagnostics, targets: tuple[str, ...] = (), globs: tuple[str, ...] = ()
) -> Compiled:
    """Read, check and assemble a course; mistakes go into the sink.

    `targets` and `globs` choose; without them the course's targets and all quizzes count.
    """
    bank = read_course(root, sink)
    check_course(bank, sink)
    quizzes = [quiz for spec in bank.quizzes.values() if (quiz := assemble(spec, bank, sink))]
    check_writing(bank, quizzes, sink)
    for pattern in globs:
        if not any(fnmatchcase(name, pattern) for name in bank.quizzes) and not sink.errors:
            known = ", ".join(bank.quizzes) or "none"
            raise click.UsageError(f"No quiz is called {pattern}. Quizzes here: {known}.")
    if globs:
        quizzes = [q for q in quizzes if any(fnmatchcase(q.id, pattern) for pattern in globs)]
    chosen = targets or bank.course.targets or tuple(TARGETS)
    ordered = [target for target in TARGETS if target in chosen]
    if quizzes:
        from coursec.targets.capability import report_losses

        for target in ordered:
            for quiz in quizzes:
                report_losses(quiz, target, sink)
    sink.settle(complete=not (globs or targets))
    return Compiled(bank, quizzes, ordered)
