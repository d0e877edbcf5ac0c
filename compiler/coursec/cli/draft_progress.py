"""What is shown while items are drafted: a bar on a terminal, lines elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from coursec.diagnostics.renderers import FOR_PEOPLE

if TYPE_CHECKING:
    from coursec.drafting.run import Progress, Result


@contextmanager
def shown(total: int, style: str) -> Iterator[Progress]:
    """Show each slot as it is done: (result, how many are done, of how many)."""
    if not sys.stderr.isatty():

        def line(result: Result, done: int, total: int) -> None:
            text = f"[{done}/{total}] {result.job.name}: {_outcome(result)}"
            click.echo(text, err=style not in FOR_PEOPLE)

        yield line
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (
        BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("{task.description}")
    )  # fmt: skip
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("asking the model", total=total)

        def advance(result: Result, done: int, total: int) -> None:
            text = f"{result.job.name}: {_outcome(result)}"
            bar.update(task, completed=done, total=total, description=text)

        yield advance


def _outcome(result: Result) -> str:
    from coursec.drafting.drafts import Draft, Unfilled

    match result.made:
        case Draft():
            return "drafted"
        case Unfilled():
            return "stays empty"
        case _:
            return "failed"


@contextmanager
def pulling(name: str, style: str) -> Iterator[Callable[[str, int, int], None]]:
    """Show how far a model is fetched: (status, bytes done, bytes in all)."""
    if not sys.stderr.isatty():
        click.echo(f"Fetching {name} …", err=style not in FOR_PEOPLE)
        yield lambda status, done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, TextColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(name, total=None)

        def advance(status: str, done: int, total: int) -> None:
            bar.update(task, description=f"{name}: {status}", completed=done, total=total or None)

        yield advance
