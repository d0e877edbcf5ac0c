"""The talk of `coursec review` with a person at a terminal."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field

import click

from coursec.cli.course import Report, paint
from coursec.diagnostics import Diagnostic, Diagnostics, Severity
from coursec.diagnostics.columns import clean
from coursec.drafting.review.desk import Desk, Trial
from coursec.drafting.review.proof import evidence
from coursec.drafting.review.rows import Row, painted, row
from coursec.drafting.review.sheet import key, sheet
from coursec.drafting.review.waiting import reasons
from coursec.model.items import Item, TextItem
from coursec.model.numbers import counted, decimal_text
from coursec.model.quiz import Bank
from coursec.model.slides import Slides
from coursec.text.terminal import wrapped

_WIDEST = 100
_STYLES = {
    "head": {"bold": True},
    "key": {"fg": "green", "bold": True},
    "place": {"fg": "blue", "bold": True},
    "faint": {"dim": True},
    "quote": {"bold": True},
    "added": {"fg": "green"},
    "removed": {"fg": "red"},
}
_CHOICES = "accept, edit, reject, skip, back, quit"
_HELP = """\
  a, accept   approve the item: it is built from now on
  e, edit     open its lines in your editor ($VISUAL or $EDITOR), then decide
  r, reject   retire it with a reason: it is kept, and built no more
  s, skip     leave it as it is (so does Enter)
  b, back     go back to the item before
  q, quit     stop; what is decided is kept"""
_MARK = "#:"
"""Begins the lines of the edited text that only tell something."""


class Stop(Exception):  # noqa: N818
    """The person wants to go; what is decided is kept."""


def _paint(text: str, style: str) -> str:
    import os
    import sys

    if "NO_COLOR" in os.environ or not sys.stdout.isatty():
        return text
    return click.style(text, **_STYLES[style])  # type: ignore[arg-type]


@dataclass
class Session:
    """One sitting: a queue of items, a person, and what has been decided."""

    desk: Desk
    queue: list[Item]
    by: str
    now: Callable[[], str]
    decided: dict[str, str] = field(default_factory=dict)
    """`accepted`, `edited` or `rejected` by id."""

    def run(self) -> int:
        """Go through the queue; return the exit code."""
        if not self.queue:
            click.echo("Nothing waits for a decision.")
            return 0
        names = [item.id for item in self.queue]
        at, code = 0, 0
        try:
            while at < len(names):
                at = self._at(names, at)
        except Stop:
            pass
        except KeyboardInterrupt:
            click.echo()
            code = 130
        self._summary(len(names))
        return code

    def _summary(self, count: int) -> None:
        done = list(self.decided.values())
        said = [f"{done.count(word)} {word}" for word in ("accepted", "edited", "rejected")]
        parts = [part for part in said if not part.startswith("0 ")] or ["none decided"]
        click.echo(f"{counted(count, 'item')}: {', '.join(parts)}, {count - len(done)} left.")

    def _at(self, names: list[str], at: int) -> int:
        """Show an item and take a decision; return the number of the next one."""
        item = self.desk.bank.items.get(names[at])
        if item is None:
            click.echo(f"The item {names[at]} is gone, or has mistakes now: see coursec check.")
            return at + 1
        self._show(item, self.desk.bank, self.desk.findings(item.id), f"{at + 1} of {len(names)}")
        while True:
            answer = self._ask(f"{_CHOICES} (? for help)").casefold()
            match answer[:1]:
                case "a":
                    if self._kept(item.id, self.desk.accept(item.id, self.by, self.now())):
                        self.decided[item.id] = "accepted"
                        return at + 1
                    return at
                case "r":
                    reason = " ".join(clean(self._ask("Why? (empty: do not reject)")).split())
                    if not reason:
                        continue
                    fault = self.desk.reject(item.id, self.by, self.now(), reason)
                    if self._kept(item.id, fault):
                        self.decided[item.id] = "rejected"
                        return at + 1
                    return at
                case "e":
                    name = self._edit(item)
                    if name is None:
                        return at
                    names[at] = name
                    return at + 1
                case "s" | "":
                    return at + 1
                case "b":
                    return max(at - 1, 0)
                case "q":
                    raise Stop
                case _:
                    click.echo(_HELP)

    def _ask(self, question: str) -> str:
        try:
            return input(f"{question}: ").strip()
        except EOFError:
            click.echo()
            raise Stop from None

    def _kept(self, name: str, fault: Diagnostic | None) -> bool:
        """Tell whether a decision was written; if not, say why."""
        if fault is None:
            return True
        self.decided.pop(name, None)
        self._tell([fault])
        return False

    # Showing

    def _show(self, item: Item, bank: Bank, findings: list[Diagnostic], count: str) -> None:
        columns = min(shutil.get_terminal_size().columns, _WIDEST)
        slides = Slides(bank.lectures)
        stimulus = bank.items.get(item.stimulus or "")
        text = stimulus if isinstance(stimulus, TextItem) else None
        lines: list[Row] = [row("")]
        lines += self._head(item, slides, bank, columns, count)
        lines += [row(""), *sheet(item, text, columns), row(""), *key(item, columns)]
        proof = evidence(item, slides, bank, columns)
        if proof:
            lines += [row(""), row("Evidence", "head"), *proof]
        click.echo(painted(lines, _paint))
        if findings:
            click.echo("\n" + _paint("Findings", "head"))
            self._tell(findings)
        click.echo()

    def _head(self, item: Item, slides: Slides, bank: Bank, columns: int, count: str) -> list[Row]:
        why = reasons(item, slides, bank) or [item.status]
        points = "" if isinstance(item, TextItem) else f", {decimal_text(item.points)} p."
        head = f"{count}  {item.id}  ({item.kind}{points}, {', '.join(why)})"
        lines: list[Row] = [row("─" * columns, "faint"), row(clean(head), "head")]
        if item.title:
            lines.append(row(f"Title: {clean(item.title)}", "faint"))
        if item.span:
            place = Report(self.desk.root, Diagnostics(), "full").path(item.span.path)
            lines.append(row(f"{place}:{item.span.line}", "faint"))
        last = item.provenance.review if item.provenance else None
        if last:
            reason = f": {last.reason}" if last.reason else ""
            said = clean(f"Last review: {last.decision} by {last.by}, {last.at}{reason}")
            lines += [row(line, "faint") for line in wrapped(said, columns, "", "  ")]
        return lines

    def _tell(self, findings: list[Diagnostic]) -> None:
        columns = min(shutil.get_terminal_size().columns, _WIDEST)
        for found in findings:
            level = found.severity.value
            said = clean(f"{found.message} {found.hint}".strip())
            first = f"  {level}[{found.code}] "
            lines = wrapped(first + said, columns, "", "    ")
            head = f"{level}[{found.code}]"
            lines[0] = "  " + lines[0].lstrip().replace(head, paint(head, level), 1)
            click.echo("\n".join(lines))

    # Editing

    def _edit(self, item: Item) -> str | None:
        """Edit an item until it is taken or given up; return its id where it was taken."""
        own = self.desk.text_to_edit(item.id)
        if own is None:
            click.echo("This item does not stand on lines of its own: edit its file by hand.")
            return None
        original, told = own, _told(item, self.desk.findings(item.id))
        while True:
            edited = _in_editor(told + own)
            if edited is None:
                click.echo("The editor was left without saving: nothing has changed.")
                return None
            own = edited
            if own == original:
                click.echo("Nothing has changed.")
                return None
            trial = self.desk.try_out(item.id, own)
            if isinstance(trial, str):
                click.echo(trial)
                told = _comments([trial])
                sound = False
            else:
                sound = trial.sound
                told = _comments([f"{d.code}: {d.message} {d.hint}" for d in trial.findings])
                if sound and trial.item:
                    self._show(trial.item, trial.bank, list(trial.findings), "as edited")
                else:
                    self._tell([d for d in trial.findings if d.severity is Severity.ERROR])
            taken = self._after_edit(trial, sound)
            if taken == "taken" and isinstance(trial, Trial):
                self.decided.pop(item.id, None)
                self.decided[trial.name] = "edited"
                return trial.name
            if taken == "given up":
                return None

    def _after_edit(self, trial: Trial | str, sound: bool) -> str:
        """Return `taken`, `given up` or `again`."""
        choices = "accept, edit again, discard" if sound else "edit again, discard"
        while True:
            answer = self._ask(choices).casefold()[:1]
            if answer == "a" and sound and isinstance(trial, Trial):
                fault = self.desk.take(trial, self.by, self.now())
                return "taken" if self._kept(trial.name, fault) else "given up"
            if answer == "e":
                return "again"
            if answer == "d":
                return "given up"


def _in_editor(text: str) -> str | None:
    """Return the text as somebody edited it, without lines that only tell something."""
    try:
        edited = click.edit(text, extension=".yaml")
    except click.ClickException as error:
        click.echo(f"{error.format_message()} Set VISUAL or EDITOR to an editor that there is.")
        return None
    except UnicodeDecodeError:
        click.echo("What the editor saved is not UTF-8 text: nothing has changed.")
        return None
    except FileNotFoundError:
        click.echo("The editor took the file away: nothing has changed.")
        return None
    except ValueError as error:
        click.echo(f"VISUAL or EDITOR is no command: {error}.")
        return None
    if edited is None:
        return None
    kept = [line for line in edited.splitlines() if not line.startswith(_MARK)]
    return "\n".join(kept).strip("\n") + "\n"


def _told(item: Item, findings: list[Diagnostic]) -> str:
    quotes = item.provenance.evidence if item.provenance else ()
    return _comments(
        [
            f"Lines that begin with {_MARK} are left out. Save and close to go on.",
            *(f"{one.slide}: {one.quote}" for one in quotes if one.quote),
            *(f"{d.code}: {d.message} {d.hint}" for d in findings),
        ]
    )


def _comments(lines: list[str]) -> str:
    return "".join(f"{_MARK} {' '.join(clean(line).split())}\n" for line in lines)
