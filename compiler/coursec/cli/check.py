"""`coursec check`."""

from __future__ import annotations

import sys
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
from coursec.model.numbers import counted


@click.command()
@course_argument
@format_option
@output_option
@strict_option
def check(course: Path | None, style: str, output: Path | None, strict: bool) -> None:
    """Report every mistake of a course; write nothing.

    COURSE is the folder that holds course.yaml; without it ./content, or this folder.
    """
    from coursec.cli.compile import compile_course

    root = find_course(course)
    sink = Diagnostics()
    compiled = compile_course(root, sink)
    report = Report(root, sink, style, output, strict, compiled.bank.sources)
    report.findings()
    items, quizzes = len(compiled.bank.items), len(compiled.bank.quizzes)
    checked = f"{counted(items, 'item')} and {counted(quizzes, 'quiz', 'quizzes')}"
    report.verdict(f"Checked {checked}: {report.counts()}.")
    sys.exit(1 if sink.errors or (strict and sink.warnings) else 0)
