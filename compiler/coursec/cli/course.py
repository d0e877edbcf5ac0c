"""What the commands on a course have in common: finding it, reading it, telling of it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import click

from coursec.diagnostics import Diagnostics, Severity
from coursec.diagnostics.renderers import FOR_PEOPLE, RENDERERS, Run, render, unpainted
from coursec.model.numbers import counted
from coursec.targets import ALL_TARGETS

course_argument = click.argument(
    "course", required=False, type=click.Path(path_type=Path), metavar="[COURSE]"
)
format_option = click.option(
    "--format",
    "style",
    type=click.Choice(list(RENDERERS)),
    default="full",
    show_default=True,
    help="How findings are told.",
)
output_option = click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the findings in this format into FILE; here they are still told in full.",
)
strict_option = click.option("--strict", is_flag=True, help="Warnings fail the run.")
out_option = click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Output folder.  [default: build, beside COURSE]",
)
target_option = click.option(
    "--target",
    "targets",
    multiple=True,
    type=click.Choice(list(ALL_TARGETS)),
    help="This target only; may be repeated.",
)
quiz_option = click.option(
    "--quiz",
    "globs",
    multiple=True,
    metavar="GLOB",
    help="The quizzes and assignments of this name only; may be repeated.",
)


REQUEST = "request"
"""Stands for a path where a finding is about what was asked on the command line."""


def default_out(root: Path) -> Path:
    """Return the output folder that belongs to a course."""
    return Path(os.path.normpath(root / os.pardir / "build"))


def find_course(course: Path | None) -> Path:
    """Return the folder that holds course.yaml: the one given, `./content`, or this one."""
    if course is not None:
        if not course.is_dir():
            raise click.UsageError(f"{course} is not a folder.")
        if not (course / "course.yaml").exists():
            raise click.UsageError(f"{course} holds no course.yaml.")
        return course
    for folder in (Path("content"), Path()):
        if (folder / "course.yaml").exists():
            return folder
    raise click.UsageError(
        "There is no course here: neither ./content nor this folder holds a course.yaml. "
        "Name the course's folder: coursec build COURSE."
    )


@dataclass
class Report:
    """Tells findings to a person or a program."""

    root: Path
    sink: Diagnostics
    style: str
    """A form, one of `RENDERERS`."""
    output: Path | None = None
    """The file that the form goes into; standard output where there is none."""
    strict: bool = False
    files: Iterable[str] = ()
    """Course paths of the files that were read."""
    typed: str = ""
    """What was asked on the command line: the text of the path `REQUEST`."""

    @property
    def shown(self) -> str:
        """Return the form on standard output."""
        return "full" if self.output else self.style

    def path(self, name: str) -> str:
        """Return a course path as it is named in the current folder, or as the user typed it."""
        if name == REQUEST:  # programs want a file
            if self.shown in FOR_PEOPLE:
                return REQUEST
            name = "course.yaml"
        path = self.root / (name or "course.yaml")
        with suppress(ValueError):
            path = Path(os.path.abspath(path)).relative_to(Path.cwd())
        return path.as_posix().encode("utf-8", "surrogateescape").decode("utf-8", "replace")

    @cached_property
    def _read(self) -> dict[str, list[str]]:
        return {}

    def lines(self, name: str) -> list[str]:
        """Return the lines of a source file; none where it cannot be read, or is too large."""
        from coursec.source.workspace import MAX_FILE

        if name == REQUEST:
            return [self.typed]
        if name not in self._read:
            self._read[name] = []
            path = self.root / name
            with suppress(OSError):
                if not path.is_file() or path.stat().st_size > MAX_FILE:
                    return []
                data = path.read_bytes()
                if b"\0" in data:  # an archive has no lines to show
                    return []
                text = data.decode("utf-8-sig", "replace")
                self._read[name] = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        return self._read[name]

    def findings(self) -> None:
        """Tell all findings, and write the file that was asked for."""
        run = Run(self.sink, tuple(self.files), self.strict, self.path, self.lines, paint)
        if text := render(self.shown, run):
            click.echo(text, nl=self.shown == "full")
        if self.output:
            alone = replace(self, output=None)
            run = replace(run, paint=unpainted, path=alone.path)
            self._write(self.output, render(self.style, run))

    def _write(self, output: Path, text: str) -> None:
        from coursec.engine.files import write_all

        try:
            write_all([(output, text.encode("utf-8", "replace"))])
        except OSError as error:
            raise click.UsageError(f"{output} cannot be written: {error.strerror}.") from None
        self.say(f"Wrote the findings to {output.as_posix()}.")

    def say(self, text: str) -> None:
        """Print a line of the summary; beside a form for programs it goes to standard error."""
        click.echo(text, err=self.shown not in FOR_PEOPLE)

    def verdict(self, text: str) -> None:
        """Print the last line of the summary, and where to read more."""
        self.say(text)
        if self.shown == "full" and len(self.sink):
            gravest = min(self.sink, key=lambda d: list(Severity).index(d.severity))
            self.say(f"`coursec explain {gravest.code}` says more.")

    def counts(self) -> str:
        """Return how many errors, warnings and notes there are, as words."""
        sink = self.sink
        named = [(sink.errors, "error"), (sink.warnings, "warning"), (sink.notes, "note")]
        parts = [counted(number, noun) for number, noun in named if number]
        if not sink.errors and not sink.warnings:
            parts = ["no errors", "no warnings", *parts]
        if sink.ignored:
            parts.append(f"{len(sink.ignored)} ignored")
        if parts[0].startswith("no "):
            return ", ".join(parts)
        return ", ".join(parts[:-1]) + " and " * (len(parts) > 1) + parts[-1]


_COLOURS = {"error": "red", "warning": "yellow", "note": "cyan", "place": "blue", "help": "green"}


def on_terminal() -> bool:
    """Tell whether the output goes to a terminal that wants colours."""
    return "NO_COLOR" not in os.environ and sys.stdout.isatty()


def paint(text: str, style: str) -> str:
    """Colour a text on a terminal that wants colours."""
    return click.style(text, fg=_COLOURS[style], bold=True) if on_terminal() else text


_PLAIN = str.maketrans({"→": ">", "…": "~", "·": ".", "±": "+-", "█": "#", "“": '"', "”": '"'})


def show(text: str) -> None:
    """Print a text; signs that the terminal's encoding does not have become plain ones."""
    encoding = sys.stdout.encoding or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        text = text.translate(_PLAIN).encode(encoding, "replace").decode(encoding)
    click.echo(text, nl=False)
