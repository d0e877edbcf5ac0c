"""What the commands on a course have in common: finding it, reading it, telling of it."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import click

from coursec.diagnostics import Diagnostics
from coursec.diagnostics.render import concise, full, json_text
from coursec.targets import TARGETS

course_argument = click.argument(
    "course", required=False, type=click.Path(path_type=Path), metavar="[COURSE]"
)
format_option = click.option(
    "--format",
    "style",
    type=click.Choice(["full", "concise", "json"]),
    default="full",
    show_default=True,
    help="How findings are printed.",
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
    type=click.Choice(list(TARGETS)),
    help="This target only; may be repeated.",
)
quiz_option = click.option(
    "--quiz",
    "globs",
    multiple=True,
    metavar="GLOB",
    help="The quizzes of this name only; may be repeated.",
)


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
    """Prints findings for a person or a program."""

    root: Path
    sink: Diagnostics
    style: str

    def path(self, name: str) -> str:
        """Return a course path as the user would type it."""
        return (self.root / name).as_posix()

    @cached_property
    def _read(self) -> dict[str, list[str]]:
        return {}

    def lines(self, name: str) -> list[str]:
        """Return the lines of a source file; none where it cannot be read, or is too large."""
        from coursec.source.workspace import MAX_FILE

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
        """Print all findings on standard output."""
        if self.style == "json":
            click.echo(json_text(self.sink, self.path), nl=False)
        elif self.style == "concise":
            click.echo(concise(self.sink, self.path), nl=False)
        elif len(self.sink):
            click.echo(full(self.sink, self.path, self.lines, paint))

    def say(self, text: str) -> None:
        """Print a line of the summary; beside JSON it goes to standard error."""
        click.echo(text, err=self.style == "json")

    def counts(self) -> str:
        """Return how many errors and warnings there are, as words."""
        errors, warnings = self.sink.errors, self.sink.warnings
        parts = [counted(errors, "error")] if errors else []
        parts += [counted(warnings, "warning")] if warnings else []
        said = " and ".join(parts) or "no errors, no warnings"
        if self.sink.notes:
            said += ", " + counted(self.sink.notes, "note")
        if self.sink.ignored:
            said += f", {len(self.sink.ignored)} ignored"
        return said


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun, such as `1 quiz` and `2 quizzes`."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


_COLOURS = {"error": "red", "warning": "yellow", "note": "cyan", "place": "blue", "help": "green"}


def paint(text: str, style: str) -> str:
    """Colour a text on a terminal that wants colours."""
    if "NO_COLOR" in os.environ or not sys.stdout.isatty():
        return text
    return click.style(text, fg=_COLOURS[style], bold=True)
