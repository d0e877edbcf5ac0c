"""`coursec draft`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from coursec.cli.course import find_course, format_option, output_option
from coursec.cli.ingest import course_option


@click.command()
@click.argument("quiz")
@click.option("--request", metavar='"…"', help="What is asked for, in plain words.")
@click.option(
    "--items",
    multiple=True,
    metavar="TYPE=N",
    help="How many items of a type; may be repeated.  [default: as the quiz says]",
)
@course_option
@click.option(
    "--drafter",
    type=click.Choice(["ollama", "extractive"]),
    help="A model, or rules over the text.  [default: ollama if it answers]",
)
@click.option("--model", metavar="NAME", help="The model.  [default: as course.yaml says]")
@click.option(
    "--seed",
    type=click.IntRange(0, 2**31 - 10),
    help="Another number gives other drafts.  [default: as course.yaml says]",
)
@click.option("--pull", is_flag=True, help="Fetch the model where a host does not have it.")
@click.option(
    "--timeout",
    type=click.FloatRange(1, 86_400),
    default=900,
    show_default=True,
    metavar="SECONDS",
    help="How long one reply of a model may take.",
)
@click.option("--dask", metavar="ADDRESS", help="Draft on the Dask cluster with this scheduler.")
@click.option("--assignment", is_flag=True, help="Draft a programming assignment of that name.")
@click.option(
    "--tasks",
    type=click.IntRange(1, 12),
    help="How many tasks an assignment gets.  [default: one a topic]",
)
@format_option
@output_option
def draft(course: Path | None, style: str, output: Path | None, **choices: object) -> None:
    """Draft items for a quiz from the course's slides.

    QUIZ is the name of a quiz whose `draft` says what is asked, or a new name with --request.
    Items go into items/QUIZ-drafts.yaml with the status draft: none is built before a person
    approves it. What stands there stays as it is; what was asked once is not asked again.

    With --assignment a model drafts assignments/QUIZ.md: tasks with starter code, solutions, tests
    and rubrics. Nothing of it is run before a person approves it.
    """
    from coursec.cli.draft_extra import needs_draft_extra
    from coursec.cli.draft_run import Choices, Drafting

    root = find_course(course)
    chosen = Choices(**choices)  # type: ignore[arg-type]
    with needs_draft_extra():
        drafting = Drafting.of(root, chosen, style, output)
        if chosen.assignment:
            from coursec.cli.draft_assignment import draft_assignment as drafted
        else:
            from coursec.cli.draft_items import draft_items as drafted
        sys.exit(drafting.run(drafted))
