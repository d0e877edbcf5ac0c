"""`coursec init`."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Callable, Iterable
from pathlib import Path

import click

from coursec.model.numbers import counted

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--ci",
    type=click.Choice(["github", "gitlab"]),
    help="Also write the workflow that checks and builds the course on every push.",
)
@click.option("--title", help="The course's title.  [default: from the name of DIR]")
@click.option("--code", help="The course's code.  [default: the name of DIR]")
@click.option(
    "--language",
    default="en",
    show_default=True,
    help="The course's language, as a BCP 47 tag.",
)
def init(folder: Path, ci: str | None, title: str | None, code: str | None, language: str) -> None:
    """Make a new course in DIR: sample files to change, editor settings, a hook, a README.

    It builds at once. DIR may hold other files; none of them is changed: when one of the new
    files is there already, nothing is written.
    """
    from coursec.engine.files import write_new
    from coursec.scaffold import SCHEMAS, new_course

    _demand(title, "--title", _is_line, "must be one line of printable text")
    _demand(code, "--code", _is_line, "must be one line of printable text")
    _demand(language, "--language", _LANGUAGE.fullmatch, "must be a tag such as en or de-CH")
    name = "".join(c for c in folder.absolute().resolve().name if c.isprintable()).strip()
    code = code or name or "course"
    title = title or re.sub(r"[\s_-]+", " ", name).strip().capitalize() or code
    files = new_course(title, code, language, ci)
    taken = _taken(folder, files)
    if taken:
        raise click.UsageError(
            f"Nothing was written. {'This is' if len(taken) == 1 else 'These are'} there already: "
            f"{', '.join(taken)}. Name another folder, or move what is there."
        )
    try:
        write_new((folder / path, data) for path, data in files.items())
    except OSError as error:
        where = Path(error.filename or folder).as_posix()
        raise click.UsageError(f"{where} could not be written: {error.strerror}.") from None
    for path in files:
        if not path.startswith(SCHEMAS):
            click.echo(f"  {(folder / path).as_posix()}")
    schemas = sum(path.startswith(SCHEMAS) for path in files)
    click.echo(f"  {(folder / SCHEMAS).as_posix()}/ ({counted(schemas, 'file')})")
    click.echo(f"Made the course {code}: {title}. Its README.md says what is where.")
    outer = _repository_above(folder)
    if outer is not None:
        click.echo(
            f"{folder.as_posix()} lies inside the git repository {outer.as_posix()}. Hooks and "
            "workflows are read at a repository's root only: move them there, or make the course "
            "a repository of its own with `git init`."
        )
    click.echo("Next:")
    if folder.absolute() != Path.cwd():
        click.echo(f"  cd {shlex.quote(folder.as_posix())}")
    click.echo("  coursec check\n  coursec build")


def _is_line(text: str) -> bool:
    return text.isprintable() and bool(text.strip())


def _demand(value: str | None, option: str, holds: Callable[[str], object], rule: str) -> None:
    if value is not None and not holds(value):
        raise click.UsageError(f"{option} {rule}, not {value!r}.")


def _taken(folder: Path, paths: Iterable[str]) -> list[str]:
    """Return what stands in the way of new files: files, and whatever is no folder but must be."""
    found: dict[str, None] = {}
    for path in map(Path, paths):
        for part in [*reversed(path.parents[:-1]), path]:
            there = folder / part
            if os.path.lexists(there) and (part == path or not there.is_dir()):
                found[there.as_posix()] = None
                break
    return list(found)


def _repository_above(folder: Path) -> Path | None:
    """Return the git repository whose subfolder a folder is; None where it is one itself."""
    here = folder.resolve()
    if (here / ".git").exists():
        return None
    return next((above for above in here.parents if (above / ".git").exists()), None)
