"""`coursec check`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from coursec.cli.course import (
    Report,
    course_argument,
    find_course,
    format_option,
    output_option,
    strict_option,
)
from coursec.diagnostics import Diagnostics
from coursec.model.assignment import Assignment
from coursec.model.numbers import counted


@click.command()
@course_argument
@format_option
@output_option
@strict_option
@click.option(
    "--run",
    "runs",
    is_flag=True,
    help="Run the code of the assignments too: the course's own code, in processes with limits.",
)
@click.option(
    "--time-limit",
    type=click.FloatRange(min=1),
    default=120,
    show_default=True,
    metavar="SECONDS",
    help="What each process of --run may take.",
)
@click.option(
    "--memory",
    type=click.IntRange(min=64),
    default=4096,
    show_default=True,
    metavar="MIB",
    help="The memory that each process of --run may use.",
)
def check(
    course: Path | None,
    style: str,
    output: Path | None,
    strict: bool,
    runs: bool,
    time_limit: float,
    memory: int,
) -> None:
    """Report every mistake of a course; write nothing.

    COURSE is the folder that holds course.yaml; without it ./content, or this folder.

    With --run, the solution of each assignment must run and pass its tests, the starter must run
    up to its first gap, and each test must fail where its task is not solved.
    """
    from coursec.cli.compile import compile_course

    root = find_course(course)
    sink = Diagnostics()
    compiled = compile_course(root, sink)
    proven = _run(compiled.works.assignments, time_limit, memory, sink) if runs else []
    report = Report(root, sink, style, output, strict, compiled.bank.sources)
    report.findings()
    for line in proven:
        report.say(line)
    items, quizzes = len(compiled.bank.items), len(compiled.bank.quizzes)
    parts = [counted(items, "item"), counted(quizzes, "quiz", "quizzes")]
    if works := len(compiled.bank.assignments):
        parts.append(counted(works, "assignment"))
    report.verdict(f"Checked {', '.join(parts[:-1])} and {parts[-1]}: {report.counts()}.")
    sys.exit(1 if sink.errors or (strict and sink.warnings) else 0)


def _run(
    assignments: Sequence[Assignment], time_limit: float, memory: int, sink: Diagnostics
) -> list[str]:
    """Run assignments; return a line about each. A course with mistakes is not run."""
    from coursec.proof.running import Limits, prove_assignment

    if sink.errors:
        return ["Nothing was run: the course has mistakes."]
    limits = Limits(time_limit, memory * 1024**2)
    lines = []
    for work in assignments:
        ran = prove_assignment(work, limits, sink)
        cells, tests = counted(ran.cells, "cell"), counted(ran.tests, "test")
        lines.append(f"  ran  {work.name}: {cells} of the solution, {tests} proven")
    return lines
