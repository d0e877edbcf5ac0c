"""`coursec review`."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coursec.cli.course import Report, find_course
from coursec.cli.ingest import course_option
from coursec.diagnostics import Diagnostics
from coursec.diagnostics.columns import clean
from coursec.model.numbers import counted

if TYPE_CHECKING:
    from coursec.drafting.review.desk import Desk
    from coursec.model.items import Item


@click.command()
@click.argument("names", nargs=-1, metavar="[QUIZ|ID...]")
@course_option
@click.option("--accept", "decision", flag_value="accept", help="Approve the items ID... here.")
@click.option("--reject", "decision", flag_value="reject", help="Retire the items ID... here.")
@click.option("--reason", metavar="TEXT", help="Why they are rejected.")
@click.option("--list", "decision", flag_value="list", help="List what waits, decide nothing.")
@click.option("--all", "everything", is_flag=True, help="Not only what waits for a decision.")
@click.option("--by", metavar="NAME", help="Who decides.  [default: git's user.name]")
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How --list is printed.",
)
def review(
    names: tuple[str, ...],
    course: Path | None,
    decision: str | None,
    reason: str | None,
    everything: bool,
    by: str | None,
    style: str,
) -> None:
    """Look drafts over beside their slides, and decide on them.

    Shows each item that waits for a decision: drafts, stale items, and approved ones that nobody
    has reviewed; with QUIZ those of a quiz, with ID (or a pattern such as "bpe-*") those items.
    Accepted items are built from then on. Who decided and when is kept with the item.

    Without a terminal: --list, --accept ID..., --reject ID... --reason TEXT.
    """
    from coursec.drafting.review.desk import Desk

    if reason and decision != "reject":
        raise click.UsageError("--reason goes with --reject.")
    if decision == "reject" and not (reason and reason.strip()):
        raise click.UsageError("Say why: --reject ID... --reason TEXT.")
    if decision in ("accept", "reject") and not names:
        raise click.UsageError(f"Name the items: coursec review --{decision} ID...")
    if decision is None and not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise click.UsageError(
            "There is no terminal to ask in. Use coursec review --list, --accept ID..., or "
            "--reject ID... --reason TEXT."
        )
    root = find_course(course)
    desk = Desk(root)
    if decision in ("accept", "reject"):
        items = _decided_on(desk, names, decision)
        _decide(desk, items, decision, " ".join(clean(reason or "").split()), _who(by, root))
        return
    items = _queue(desk, names, everything)
    if decision == "list":
        _list(desk, items, style)
        return
    from coursec.cli.reviewing import Session

    sys.exit(Session(desk, items, _who(by, root), now).run())


def now() -> str:
    """Return the present time, or that of SOURCE_DATE_EPOCH."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    time = datetime.fromtimestamp(int(epoch), UTC) if epoch.isdigit() else datetime.now(UTC)
    return time.isoformat(timespec="seconds")


def _who(by: str | None, root: Path) -> str:
    """Return the name that decisions are kept under."""
    name = " ".join((by or "").split()) or _git_name(root)
    if not name or not name.isprintable():
        raise click.UsageError("Say who decides: --by NAME, or git config user.name NAME.")
    return name


def _git_name(root: Path) -> str:
    import subprocess

    try:
        found = subprocess.run(
            ["git", "config", "user.name"],  # noqa: S607 -- the git of the user
            cwd=root,
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
        )
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return ""
    return " ".join(found.stdout.split())


def _queue(desk: Desk, names: tuple[str, ...], everything: bool) -> list[Item]:
    """Return the items to be looked at; one named by its id is, whether it waits or not."""
    from coursec.drafting.review.waiting import drafted_for, of_quiz, waiting

    chosen = list(desk.bank.items.values()) if everything else waiting(desk.bank)
    if not names:
        return chosen
    found: dict[str, Item] = {}
    for name in names:
        if name in desk.bank.quizzes:
            found |= {item.id: item for item in of_quiz(chosen, desk.bank.quizzes[name])}
        elif drafted_for(desk.bank.items.values(), name):  # before anybody has written the quiz
            found |= {item.id: item for item in drafted_for(chosen, name)}
        else:
            found |= {item.id: item for item in _named(desk, (name,))}
    return list(found.values())


def _named(desk: Desk, names: tuple[str, ...]) -> list[Item]:
    """Return the items of some ids or patterns."""
    from fnmatch import fnmatchcase

    from coursec.diagnostics.nearest import did_you_mean

    found: dict[str, Item] = {}
    for name in names:
        matched = [item for item in desk.bank.items.values() if fnmatchcase(item.id, name)]
        if not matched:
            if name in desk.bank.unsound:
                raise click.UsageError(f"The item {name} has mistakes: see coursec check.")
            known = [*desk.bank.items, *desk.bank.quizzes]
            hint = did_you_mean(name, known).replace("`", "")
            raise click.UsageError(f"No item or quiz is called {name}. {hint}".strip())
        found |= {item.id: item for item in matched}
    return list(found.values())


def _decided_on(desk: Desk, names: tuple[str, ...], decision: str) -> list[Item]:
    """Return the items that a decision is on; a pattern never takes back what was decided.

    It accepts only what waits, and rejects only what is not rejected yet; an id means its item.
    """
    from coursec.drafting.review.waiting import waiting

    if decision == "accept":
        there = {item.id for item in waiting(desk.bank)}
    else:
        there = {item.id for item in desk.bank.items.values() if item.status != "retired"}
    named = _named(desk, names)
    return [item for item in named if item.id in there or item.id in names]


def _decide(desk: Desk, items: list[Item], decision: str, reason: str, by: str) -> None:
    sink = Diagnostics()
    done = []
    for item in items:
        if decision == "accept":
            fault = desk.accept(item.id, by, now())
        else:
            fault = desk.reject(item.id, by, now(), reason)
        if fault is None:
            done.append(item.id)
        else:
            sink.report(fault.code, fault.message, fault.span, hint=fault.hint, item=fault.item)
    report = Report(desk.root, sink, "full")
    report.findings()
    verb = "Accepted" if decision == "accept" else "Rejected"
    names = f": {', '.join(done)}" if done else ""
    click.echo(f"{verb} {counted(len(done), 'item')} of {len(items)}{names}.")
    sys.exit(1 if sink.errors else 0)


def _list(desk: Desk, items: list[Item], style: str) -> None:
    from coursec.drafting.review.listing import records, table

    if style == "json":
        import json

        click.echo(json.dumps(records(desk, items), indent=2, ensure_ascii=False))
        return
    report = Report(desk.root, desk.sink, "full")
    for line in table(desk, items, report.path):
        click.echo(line)
    mistaken = len(desk.bank.unsound)
    more = f"; {counted(mistaken, 'name')} with mistakes left out" if mistaken else ""
    click.echo(f"{counted(len(items), 'item')} to decide on{more}.")
