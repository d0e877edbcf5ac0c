"""`coursec explain`."""

from __future__ import annotations

import re
import sys

import click

from coursec.cli.course import paint
from coursec.diagnostics import CODES
from coursec.diagnostics.codes import stage, staged
from coursec.diagnostics.nearest import did_you_mean
from coursec.diagnostics.page import shown_page

_WIDEST = 100


@click.command()
@click.argument("findings", nargs=-1, metavar="[CODE|NAME]...")
def explain(findings: tuple[str, ...]) -> None:
    """Say what a finding means, why it matters, and how to mend it.

    A finding has a code, such as E401, and a name, such as no-right-answer. Without one, all of
    them are listed.
    """
    codes = [_code(word) for word in findings]
    if not codes:
        _list()
    for number, code in enumerate(dict.fromkeys(codes)):
        if number:
            click.echo()
        _show(code)


def _list() -> None:
    width = max(len(row.name) for row in CODES.values())
    for title, codes in staged().items():
        click.echo(paint(title, "place"))
        for code in codes:
            name, summary, severity = CODES[code]
            level = paint(f"{severity.value:7}", severity.value)
            click.echo(f"  {code}  {level}  {name:{width}}  {summary}")
        click.echo()
    click.echo("`coursec explain CODE` says more of each.")


def _show(code: str) -> None:
    name, summary, severity = CODES[code]
    page = shown_page(code)
    level = severity.value
    if not sys.stdout.isatty():
        click.echo(f"# {code} {name}\n\n{stage(code)}, {level}: {summary}\n\n{page}", nl=False)
        return
    from rich.console import Console
    from rich.markdown import Markdown

    click.echo(f"{paint(f'{level}[{code}]', level)} {name} ({stage(code)})\n")
    console = Console()
    width = min(console.width, _WIDEST)
    console.print(Markdown(f"**{summary}**\n\n{page}", code_theme="ansi_dark"), width=width)


def _code(word: str) -> str:
    """Return the code that a user names, by number or by name, in capitals or not."""
    wanted = word.casefold()
    digits = re.sub(r"\D", "", word)
    for code, row in CODES.items():
        if wanted in (code.casefold(), row.name):
            return code
    numbers = {code[1:]: code for code in CODES}
    if digits in numbers:
        hint = f"Did you mean `{numbers[digits]}`?"
    else:
        hint = did_you_mean(word, [row.name for row in CODES.values()])
    raise click.UsageError(" ".join(f"There is no finding {word}. {hint} {_ALL}".split()))


_ALL = "`coursec explain` lists all."
