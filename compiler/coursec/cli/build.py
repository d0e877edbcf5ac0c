"""`coursec build`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coursec.cli.course import (
    Report,
    course_argument,
    default_out,
    find_course,
    format_option,
    out_option,
    output_option,
    quiz_option,
    strict_option,
    target_option,
)
from coursec.diagnostics import Diagnostics
from coursec.model.items import ZERO
from coursec.model.numbers import counted, decimal_text
from coursec.model.quiz import Quiz, points_of

if TYPE_CHECKING:
    from coursec.engine.build import Progress


@click.command()
@course_argument
@out_option
@target_option
@quiz_option
@click.option(
    "--verify",
    "proven",
    is_flag=True,
    help="Read every import file back and compare it with the course before it is written.",
)
@format_option
@output_option
@strict_option
def build(
    course: Path | None,
    out: Path | None,
    targets: tuple[str, ...],
    globs: tuple[str, ...],
    proven: bool,
    style: str,
    output: Path | None,
    strict: bool,
) -> None:
    """Compile a course into import files for learning platforms and papers to print.

    COURSE is the folder that holds course.yaml; without it ./content, or this folder.
    Nothing is written unless the whole course is sound.
    """
    from coursec.cli.compile import compile_course
    from coursec.engine.build import build as run

    root = find_course(course)
    out = out or default_out(root)
    sink = Diagnostics()
    compiled = compile_course(root, sink, targets, globs)
    written = None
    if not (sink.errors or (strict and sink.warnings)):
        if "pdf" in compiled.targets:
            _require_typst()
        with _progress() as progress:
            written = run(
                compiled.works,
                compiled.targets,
                out,
                sink,
                sources=compiled.bank.sources,
                everything=not (globs or targets),
                proven=proven,
                progress=progress,
            )
    report = Report(root, sink, style, output, strict, compiled.bank.sources)
    report.findings()
    if written is None:
        report.verdict(f"Nothing was written: {report.counts()}.")
        sys.exit(1)
    for quiz in compiled.works.quizzes:
        report.say(_line(quiz))
    for work in compiled.works.assignments:
        tasks = counted(len(work.tasks), "task")
        report.say(f"{work.name}: {tasks}, {decimal_text(work.points)} points")
    width = max((len(target) for target, _, _ in written.outputs), default=0)
    for target, path, changed in written.outputs:
        mark = "" if changed else "  (unchanged)"
        report.say(f"  {target:{width}}  {(out / path).as_posix()}{mark}")
    for path in written.removed:
        report.say(f"  removed  {(out / path).as_posix()}")
    if not (compiled.works.quizzes or compiled.works.assignments):
        report.say("There are no quizzes to build: write one into quizzes/.")
    verdict = "Built and verified" if proven else "Built"
    report.verdict(f"{verdict} {len(written.outputs)} files: {report.counts()}.")


def _line(quiz: Quiz) -> str:
    points = sum((points_of(section) for section in quiz.sections), ZERO)
    count = sum(len(s.items) if s.pick is None else s.pick for s in quiz.sections)
    return f"{quiz.id}: {count} items, {decimal_text(points)} points"


def _require_typst() -> None:
    try:
        import typst  # noqa: F401
    except ImportError:
        click.echo(
            "The typesetter is missing: the Python package `typst` cannot be imported. "
            "Install it with `pip install typst`, or leave the papers out with --target.",
            err=True,
        )
        sys.exit(3)


@contextmanager
def _progress() -> Iterator[Progress]:
    """Show a bar on a terminal; in a pipe and in CI show nothing."""
    if not sys.stderr.isatty():
        yield lambda path, done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bar

    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"))
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("")
        yield lambda path, done, total: bar.update(
            task, description=path, completed=done, total=total
        )
