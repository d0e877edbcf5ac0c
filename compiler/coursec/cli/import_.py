"""`coursec import`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from coursec.cli.course import Report, find_course, format_option, output_option
from coursec.diagnostics import Diagnostics, Span
from coursec.model.numbers import counted

_LARGEST = 512 * 1024 * 1024
"""Bytes of the largest file that is read."""


@click.command("import")
@click.argument(
    "files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path)
)
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="COURSE",
    help="The course they go into; a new one where there is none.  [default: as in build]",
)
@format_option
@output_option
def import_(files: tuple[Path, ...], into: Path | None, style: str, output: Path | None) -> None:
    """Turn banks of other tools into items, quiz specs and media of a course.

    FILEs are GIFT or Aiken (.txt), Moodle XML (.xml) and QTI 1.2, 2.1 or 2.2 (.zip, .xml). What
    the language cannot carry is said, with its place in the file. No file of the course is
    changed: an item that is there already stays, another one of the same name gets a new name.
    Nothing is written unless every file can be read.
    """
    from coursec.engine.files import write_new
    from coursec.importing.course import plan_import

    root = into or _default()
    try:
        exists = (root / "course.yaml").exists()
        occupied = not exists and root.exists() and any(root.iterdir())
    except OSError as error:
        raise click.UsageError(f"{root} cannot be read: {error.strerror}.") from None
    if occupied:
        raise click.UsageError(
            f"{root} holds no course.yaml and is not empty. Name another folder with --into."
        )
    sink = Diagnostics()
    data = [(path.as_posix(), found) for path in files if (found := _read(path, sink)) is not None]
    plan = None
    if not sink.errors:
        plan = plan_import(data, root if exists else None, sink)
        if not sink.errors:
            try:
                write_new((root / path, content) for path, content in plan.files.items())
            except OSError as error:
                name = Path(error.filename or root).as_posix()
                sink.report("E604", f"{name} could not be written: {error.strerror}.", Span(name))
    report = Report(Path(), sink, style, output, files=[path.as_posix() for path in files])
    report.findings()
    if sink.errors or plan is None:
        report.verdict(f"Nothing was written: {report.counts()}.")
        sys.exit(1)
    for path in plan.files:
        if not path.startswith("media/"):
            report.say(f"  {(root / path).as_posix()}")
    media = sum(path.startswith("media/") for path in plan.files)
    if media:
        report.say(f"  {(root / 'media').as_posix()}/ ({counted(media, 'file')})")
    summary = f"{counted(plan.items, 'item')} and {counted(len(plan.quizzes), 'quiz', 'quizzes')}"
    report.verdict(f"Imported {summary}: {report.counts()}.")


def _default() -> Path:
    try:
        return find_course(None)
    except click.UsageError:
        return Path("content")


def _read(path: Path, sink: Diagnostics) -> bytes | None:
    name = path.as_posix()
    try:
        if path.is_char_device() or path.is_block_device():  # one may never end
            sink.report("E101", f"{name} cannot be read: it is a device.", Span(name))
            return None
        if path.stat().st_size > _LARGEST:
            sink.report("E701", "The file is larger than 512 MiB.", Span(name))
            return None
        return path.read_bytes()
    except OSError as error:
        sink.report("E101", f"{name} cannot be read: {error.strerror}.", Span(name))
        return None
