"""The command line. Commands are imported when they are called, not before."""

from __future__ import annotations

import gc
import sys
from importlib import import_module
from io import TextIOWrapper

import click

from coursec import __version__

COMMANDS: dict[str, tuple[str, str]] = {
    "init": ("coursec.cli.init:init", "Make a new course that builds at once."),
    "build": ("coursec.cli.build:build", "Compile a course into import files and papers."),
    "check": ("coursec.cli.check:check", "Report every mistake of a course; write nothing."),
    "verify": ("coursec.cli.verify:verify", "Prove that the output files mean what was written."),
    "import": ("coursec.cli.import_:import_", "Turn banks of other tools into a course."),
    "explain": ("coursec.cli.explain:explain", "Say what a finding means and how to mend it."),
    "diff": ("coursec.cli.diff:diff", "Say what changed between two git revisions."),
    "stats": ("coursec.cli.stats:stats", "Show what the bank covers, and the gaps."),
    "ingest": ("coursec.cli.ingest:ingest", "Turn slides into lectures of a course."),
    "retrieve": ("coursec.cli.retrieve:retrieve", "Show what the slides say of a request."),
    "draft": ("coursec.cli.draft:draft", "Draft items from slides, for a person to review."),
    "review": ("coursec.cli.review:review", "Look drafts over beside their slides, and decide."),
    "schema": ("coursec.cli.schema:schema", "Print the JSON Schemas of the language."),
}
"""Every command, where it lives, and what `--help` says of it."""


class _Lazy(click.Group):
    """A group whose help needs no command's imports."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        command = getattr(import_module(module), name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, help_) for name, (_, help_) in COMMANDS.items()])


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="coursec")
def main() -> None:
    """Compile a course's questions for Moodle, Canvas and paper.

    Exit codes: 0 clean, 1 mistakes in the content, 2 wrong usage, 3 something missing on
    the machine.
    """
    for stream in (sys.stdout, sys.stderr):
        # A console that lacks a character, or a file name that is no text, is no reason to stop.
        if isinstance(stream, TextIOWrapper) and stream.errors in ("strict", "surrogateescape"):
            stream.reconfigure(errors="backslashreplace")
    # A bank is hundreds of thousands of objects that all live until the end: looking for
    # cycles among them over and over takes a seventh of a build and finds none.
    gc.set_threshold(100_000, 50, 50)
