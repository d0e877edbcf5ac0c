"""`coursec diff`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from coursec.cli.course import find_course, on_terminal, show


@click.command()
@click.argument("revisions", nargs=-1, required=True, metavar="REV [REV]")
@click.option(
    "--course",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="The folder that holds course.yaml.  [default: ./content, or this folder]",
)
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    show_default=True,
    help="Text for the terminal, JSON for programs, Markdown for a merge request.",
)
@click.option("--exit-code", "exits", is_flag=True, help="Exit with 1 where anything changed.")
def diff(revisions: tuple[str, ...], course: Path | None, style: str, exits: bool) -> None:
    """Say what changed between two git revisions of a course, as a teacher would.

    One REV is compared with the files as they are now, two with each other. OLD...NEW compares
    NEW with the commit at which it left OLD: what a merge request brings. Items are told by what
    they ask, show and score: a file that is only written otherwise has not changed.
    """
    from coursec.diff.compare import compare
    from coursec.diff.revisions import GitError, GitMissingError, no_course, read_side, repository

    if len(revisions) > 2:
        raise click.UsageError("Two revisions can be compared; name the folder with --course.")
    now = len(revisions) == 1 and ".." not in revisions[0]
    # A folder of two earlier revisions need not be there any more.
    root = find_course(course) if now or course is None else course
    try:
        repo = repository(root)
        first, second = repo.revisions(revisions)
        old = repo.read(first)
        new = repo.read(second) if second else read_side(root)
    except GitMissingError:
        click.echo("git is missing: it cannot be run. Install git, then try again.", err=True)
        sys.exit(3)
    except GitError as error:
        hint = " Name a folder with --course." if Path(revisions[-1]).is_dir() else ""
        raise click.UsageError(f"{error}{hint}") from None
    names = str(first), str(second) if second else "working tree"
    if old is None and new is None:
        raise click.UsageError(
            f"Neither {names[0]} nor {names[1]} holds {repo.course or '.'}/course.yaml."
        )
    for side, name in ((old, names[0]), (new, names[1])):
        if side is None:
            click.echo(f"There is no course in {repo.course or '.'} in {name}.", err=True)
    found = compare(old or no_course(), new or no_course())
    if style == "json":
        from coursec.diff.record import json_text

        click.echo(json_text(found, *names), nl=False)
    elif style == "markdown":
        from coursec.diff.markdown import markdown

        show(markdown(found, *names))
    else:
        from coursec.diff.terminal import text

        show(text(found, *names, _paint))
    sys.exit(1 if exits and (found or found.unread) else 0)


_COLOURS = {"added": "green", "removed": "red", "changed": "yellow", "key": "red"}


def _paint(text: str, style: str) -> str:
    if not on_terminal():
        return text
    return click.style(text, fg=_COLOURS.get(style), bold=style in ("key", "head"))
