"""`coursec ingest`."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coursec.cli.course import Report, find_course, format_option, output_option
from coursec.diagnostics import Diagnostics, Span
from coursec.model.numbers import counted

if TYPE_CHECKING:
    from coursec.drafting.ingest.page import Deck

course_option = click.option(
    "--course",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="The folder that holds course.yaml.  [default: as in build]",
)


@click.command()
@click.argument("files", nargs=-1, metavar="FILE...", type=click.Path(path_type=Path))
@click.option("--lecture", metavar="NAME", help="The lecture's name.  [default: the file's]")
@course_option
@click.option("--no-repair", is_flag=True, help="Take over every word as it is in the file.")
@click.option(
    "--report",
    "report_file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write every repair, before and after, into a file.",
)
@click.option(
    "--undo",
    metavar="LECTURE[#SLIDE]",
    help="Take back repairs of a lecture, or of a slide, that an ingest made.",
)
@click.option(
    "--only",
    multiple=True,
    type=int,
    metavar="N",
    help="With --undo: this repair; may be repeated.",
)
@click.option("--dask", metavar="ADDRESS", help="Read the files on this Dask cluster.")
@format_option
@output_option
def ingest(
    files: tuple[Path, ...],
    lecture: str | None,
    course: Path | None,
    no_repair: bool,
    report_file: Path | None,
    undo: str | None,
    only: tuple[int, ...],
    dask: str | None,
    style: str,
    output: Path | None,
) -> None:
    """Turn slides into lectures of a course.

    FILEs are PDF, PPTX, DOCX, HTML, Markdown, Jupyter notebooks and retrieval logs. Each becomes
    lectures/NAME.md with one slide per section; its images go into media/NAME/. What was
    repaired or left out is said, and kept in lectures/.ingest/NAME.json.
    """
    from coursec.cli.draft_extra import needs_draft_extra

    if bool(files) == bool(undo):
        raise click.UsageError("Name files to ingest, or a lecture to --undo.")
    if lecture and len(files) != 1:
        raise click.UsageError("--lecture names one lecture: give one FILE with it.")
    root = find_course(course)
    with needs_draft_extra():
        if undo:
            _undo(root, undo, only, style, output)
        else:
            _ingest(root, files, lecture, not no_repair, report_file, dask, style, output)


def _ingest(
    root: Path,
    files: tuple[Path, ...],
    lecture: str | None,
    repair: bool,
    report_file: Path | None,
    dask: str | None,
    style: str,
    output: Path | None,
) -> None:
    from coursec.drafting.ingest.report import report_text
    from coursec.drafting.ingest.run import Course, Ingested, ingest
    from coursec.engine.files import write_all
    from coursec.importing.names import is_kebab

    if lecture and not is_kebab(lecture):
        raise click.UsageError(
            f"{lecture} is no name of a lecture: use small letters, digits and hyphens."
        )
    sink = Diagnostics()
    done: list[Ingested] = []
    read = [(path, data) for path in files if (data := read_file(path, sink)) is not None]
    decks = _on_cluster(root, read, dask, sink) if dask else {}
    for path, data in read:
        deck = decks.get(path.as_posix())
        if deck is None and path.as_posix() in decks:
            continue
        # Read anew each time: a lecture just written lends its words to the next.
        found = ingest(
            path.as_posix(),
            data,
            Course.read(root),
            sink,
            lecture=lecture or "",
            folder=path.parent,
            repair=repair,
            deck=deck,
        )
        if found is None:
            continue
        try:
            _write(root, found.files)
        except OSError as error:
            name = Path(error.filename or root).as_posix()
            sink.report("E604", f"{name} could not be written: {error.strerror}.", Span(name))
            continue
        done.append(found)
    if report_file:
        try:
            write_all([(report_file, report_text([d.record for d in done]).encode())])
        except OSError as error:
            name = report_file.as_posix()
            sink.report("E604", f"{name} could not be written: {error.strerror}.", Span(name))
    report = Report(root, sink, style, output)
    report.findings()
    for found in done:
        marked = f", {found.structural} of them structure" if found.structural else ""
        report.say(f"  {(root / found.path).as_posix()} ({counted(found.slides, 'slide')}{marked})")
    summary = f"Ingested {counted(len(done), 'file')} of {len(files)}"
    repairs = sum(len(found.record.repairs) for found in done)
    restored = sum(len(found.record.restored) for found in done)
    parts = [counted(repairs, "text") + " repaired"] if repairs else []
    parts += [counted(restored, "line") + " restored"] if restored else []
    report.say(f"{summary}: {', '.join([*parts, report.counts()])}.")
    sys.exit(1 if sink.errors else 0)


def _on_cluster(
    root: Path, files: list[tuple[Path, bytes]], address: str, sink: Diagnostics
) -> dict[str, Deck | None]:
    """Read files of pages on a Dask cluster; exit code 3 where it cannot be used.

    Text formats are read here: they name images of their folder, and take no time.
    """
    from coursec.drafting.cluster import ClusterError, connected, read_decks
    from coursec.drafting.ingest.formats import BINARY, detect
    from coursec.drafting.ingest.run import Course

    course = Course.read(root)
    paged = [(path.as_posix(), data) for path, data in files if detect(data) in BINARY]
    found: dict[str, Deck | None] = {}
    try:
        with connected(address, course.bank.course.drafting) as client:
            for name, deck, said in read_decks(client, paged, course.titles()):
                found[name] = deck
                for d in said:
                    sink.report(d.code, d.message, d.span, hint=d.hint, item=d.item)
    except ClusterError as error:
        sink.report("E955", str(error), Span("course.yaml"), hint=error.hint)
        Report(root, sink, "full").findings()
        sys.exit(3)
    return found


def _undo(root: Path, undo: str, only: tuple[int, ...], style: str, output: Path | None) -> None:
    from coursec.drafting.ingest.undo import take_back

    sink = Diagnostics()
    name, _, slide = undo.partition("#")
    found = take_back(root, name, slide, only, sink)
    if found is not None:
        try:
            _write(root, found.files)
        except OSError as error:
            path = Path(error.filename or root).as_posix()
            sink.report("E604", f"{path} could not be written: {error.strerror}.", Span(path))
    report = Report(root, sink, style, output)
    report.findings()
    count = found.count if found else 0
    report.say(f"Took back {counted(count, 'repair')}: {report.counts()}.")
    sys.exit(1 if sink.errors else 0)


def _write(root: Path, files: Mapping[str, bytes]) -> None:
    """Write files of the course, all or none. Raises OSError."""
    from coursec.engine.files import write_all

    write_all([(root / name, content) for name, content in files.items()], within=root)


def read_file(path: Path, sink: Diagnostics) -> bytes | None:
    """Return a file's bytes; None, and a finding, where it cannot be read."""
    from coursec.drafting.ingest.source_file import MOST_BYTES

    name = path.as_posix()
    try:
        if path.is_char_device() or path.is_block_device() or path.is_fifo():
            sink.report("E101", f"{name} cannot be read: it is a device.", Span(name))
            return None
        if path.stat().st_size > MOST_BYTES:
            message = f"The file is larger than {MOST_BYTES // 1024**2} MiB."
            sink.report("E904", message, Span(name))
            return None
        return path.read_bytes()
    except OSError as error:
        sink.report("E101", f"{name} cannot be read: {error.strerror}.", Span(name))
        return None
