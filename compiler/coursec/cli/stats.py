"""`coursec stats`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from coursec.cli.course import course_argument, find_course, on_terminal, show
from coursec.model.numbers import counted


@click.command()
@course_argument
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json", "html"]),
    default="text",
    show_default=True,
    help="A table for the terminal, JSON for programs, a page to look at and to print.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write into this file instead of printing.",
)
def stats(course: Path | None, style: str, out: Path | None) -> None:
    """Show what the bank and each quiz cover, and what they leave out.

    COURSE is the folder that holds course.yaml; without it ./content, or this folder. Approved
    questions are counted by outcome, Bloom level, difficulty, type, lecture and tag. What no
    question tests is marked.
    """
    from coursec.diagnostics import Diagnostics
    from coursec.source.course import read_course
    from coursec.stats.survey import survey

    root = find_course(course)
    sink = Diagnostics()
    blueprint = survey(read_course(root, sink))
    if style == "json":
        from coursec.stats.record import json_text

        made = json_text(blueprint)
    elif style == "html":
        from coursec.stats.page import page

        made = page(blueprint)
    else:
        from coursec.stats.terminal import text

        painted = out is None and on_terminal()
        made = text(blueprint, _paint if painted else lambda words, style: words)
    if out is None:
        show(made) if style == "text" else click.echo(made, nl=False)
    else:
        _write(out, made)
    if sink.errors:
        name = (root / "course.yaml").parent.as_posix()
        click.echo(
            f"The course has {counted(sink.errors, 'mistake')}; what has mistakes is not "
            f"counted. Run coursec check {name}.",
            err=True,
        )
        sys.exit(1)


def _write(path: Path, made: str) -> None:
    from coursec.engine.files import write_all

    try:
        write_all([(path, made.encode())])
    except OSError as error:
        raise click.FileError(str(path), error.strerror or "") from error
    click.echo(f"Wrote {path.as_posix()}.", err=True)


_COLOURS = {"head": None, "gap": "red", "bar": "cyan"}


def _paint(words: str, style: str) -> str:
    return click.style(words, fg=_COLOURS[style], bold=style == "head")
