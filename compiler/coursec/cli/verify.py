"""`coursec verify`."""

from __future__ import annotations

import sys
from pathlib import Path

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


@click.command()
@course_argument
@out_option
@target_option
@quiz_option
@format_option
@output_option
@strict_option
def verify(
    course: Path | None,
    out: Path | None,
    targets: tuple[str, ...],
    globs: tuple[str, ...],
    style: str,
    output: Path | None,
    strict: bool,
) -> None:
    """Prove that the files in the output folder mean what the course says.

    Each import file is read back by a reader that shares nothing with the writer, and compared
    with the course: stems, choices, keys, weights, tolerances, points, feedback, math, images.
    A difference that the table of targets does not announce is an error. Papers are checked by
    their digests. Nothing is written.
    """
    from coursec.cli.compile import compile_course
    from coursec.engine.verify import verify as run

    root = find_course(course)
    out = out or default_out(root)
    sink = Diagnostics()
    compiled = compile_course(root, sink, targets, globs)
    report = Report(root, sink, style, output, strict, compiled.bank.sources)
    if sink.errors:
        report.findings()
        report.verdict(f"Nothing was verified: {report.counts()}.")
        sys.exit(1)
    done = run(compiled.works, compiled.targets, out, sink)
    report.findings()
    for path in done.read:
        report.say(f"  read back  {(out / path).as_posix()}")
    for path in done.sealed:
        report.say(f"  by digest  {(out / path).as_posix()}")
    count = len(done.read) + len(done.sealed)
    verdict = "Not verified" if sink.errors else f"Verified {count} files"
    report.verdict(f"{verdict}: {report.counts()}.")
    sys.exit(1 if sink.errors or (strict and sink.warnings) else 0)
