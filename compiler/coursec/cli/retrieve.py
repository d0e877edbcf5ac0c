"""`coursec retrieve`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from coursec.cli.course import Report, find_course
from coursec.cli.ingest import course_option
from coursec.diagnostics import Diagnostics, Span
from coursec.diagnostics.renderers.records import record
from coursec.model.numbers import counted

if TYPE_CHECKING:
    from coursec.drafting.evidence.coverage import Plan
    from coursec.drafting.evidence.request import Request
    from coursec.drafting.evidence.retrieve import Found, Retrieved
    from coursec.model.quiz import Bank


@click.command()
@click.argument("request", metavar='"REQUEST"|QUIZ')
@course_option
@click.option(
    "--lecture",
    "lectures",
    multiple=True,
    metavar="NAME",
    help="Only this lecture; may be repeated.",
)
@click.option(
    "--most",
    type=click.IntRange(1, 50),
    default=10,
    show_default=True,
    help="Slides per topic at most.",
)
@click.option("--full", "whole", is_flag=True, help="Show all of each text.")
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How the result is printed.",
)
def retrieve(
    request: str, course: Path | None, lectures: tuple[str, ...], most: int, whole: bool, style: str
) -> None:
    """Show what the slides say of a request: what a model would see.

    REQUEST is plain words, such as "a quiz on tokenization and embeddings"; QUIZ is the name of
    a quiz whose `draft` says what is asked. Each topic's slides are shown with their scores and
    references, and how many items they can carry.
    """
    from coursec.cli.draft_extra import needs_draft_extra
    from coursec.drafting.evidence.course_index import open_index
    from coursec.drafting.evidence.coverage import plan
    from coursec.drafting.evidence.retrieve import retrieve as search
    from coursec.source.course import read_course

    root = find_course(course)
    bank = read_course(root, Diagnostics())
    sink = Diagnostics()
    asked = request_of(request, lectures, bank, sink)
    if asked is None:
        _end(root, sink, style, None)
        sys.exit(1)
    with needs_draft_extra():
        index = open_index(root, bank, sink)
        if index is None:
            _end(root, sink, style, None)
            sys.exit(3 if any(d.code == "E934" for d in sink) else 1)
        found = search(asked, index, most)
    planned = plan(asked, found)
    coverage_findings(found, planned, bool(asked.items), sink)
    if style == "json":
        _end(root, sink, style, _data(found, planned))
    else:
        _show(found, planned, whole, bool(asked.items))
        _end(root, sink, style, None)


def request_of(
    text: str, lectures: tuple[str, ...], bank: Bank, sink: Diagnostics
) -> Request | None:
    """Return what a quiz, or a request in plain words, asks for; None where that is nothing."""
    from dataclasses import replace

    from coursec.drafting.evidence.request import (
        request_of_quiz,
        request_of_text,
        unknown_lectures,
    )

    quiz = bank.quizzes.get(text)
    where = Span("course.yaml")
    if quiz is not None:
        where = (quiz.draft.span if quiz.draft else quiz.span) or where
        if quiz.draft is None:
            message = f"The quiz `{text}` does not say what is to be drafted."
            sink.report("E933", message, where, hint="Give it a `draft:` with topics.")
            return None
        asked = request_of_quiz(quiz.draft, bank.lectures)
    else:
        asked = request_of_text(text)
    if lectures:
        asked = replace(asked, lectures=lectures)
    for name in unknown_lectures(asked, bank.lectures):
        known = ", ".join(bank.lectures) or "none"
        message = f"This course has no lecture or slide `{name}`."
        sink.report("W936", message, where, hint=f"Lectures here: {known}.")
    if not asked.topics:
        hint = 'Name topics, such as "tokenization and embeddings", or a quiz that has a `draft`.'
        sink.report("E933", "This request names no topic.", where, hint=hint)
        return None
    return asked


def coverage_findings(
    found: Retrieved, planned: Plan, counted_items: bool, sink: Diagnostics
) -> None:
    """Say of which topics the slides say nothing, or too little."""
    place = Span("course.yaml")
    for one, cover in zip(found.found, planned.coverage, strict=True):
        if one.searched != one.topic:
            message = f"No slide has a word of “{one.topic}”: “{one.searched}” was searched."
            sink.report("N932", message, place)
        if not one.hits:
            sink.report(
                "W930",
                f"No slide says anything of “{one.topic}”.",
                place,
                hint="Ingest the lecture that does, or ask for another topic.",
            )
        elif counted_items and cover.granted < cover.asked:
            message = (
                f"“{one.topic}” has {counted(cover.spans, 'span')} of evidence for "
                f"{counted(cover.asked, 'item')}: {cover.granted} can be drafted."
            )
            hint = "Ask for fewer items, or ingest a lecture that says more."
            sink.report("W931", message, place, hint=hint)


def _show(found: Retrieved, planned: Plan, whole: bool, counted_items: bool) -> None:
    for one, cover in zip(found.found, planned.coverage, strict=True):
        click.echo(
            f"{one.topic}: {counted(len(one.hits), 'slide')}, {counted(cover.spans, 'span')}"
        )
        _hits(one, whole)
        click.echo()
    if counted_items:
        click.echo(f"Items that can be drafted: {len(planned.slots)}.")
    for kind, count in planned.unfilled if counted_items else ():
        click.echo(f"  without evidence: {count} {kind}")


def _hits(found: Found, whole: bool) -> None:
    for hit in found.hits:
        click.echo(f"  {hit.score:.2f}  {hit.chunk.reference}  {hit.chunk.title}")
        if whole:
            click.echo("".join(f"        {line}\n" for line in hit.text.split("\n")), nl=False)
        else:
            line = " ".join(hit.text.split())
            click.echo(f"        {line if len(line) <= 90 else line[:89] + '…'}")


def _data(found: Retrieved, planned: Plan) -> dict[str, Any]:
    covered = {cover.topic: cover for cover in planned.coverage}
    return {
        "request": found.request.text,
        "lectures": list(found.request.lectures),
        "topics": [
            {
                "topic": one.topic,
                "searched": one.searched,
                "asked": covered[one.topic].asked,
                "spans": covered[one.topic].spans,
                "granted": covered[one.topic].granted,
                "slides": [
                    {
                        "reference": hit.chunk.reference,
                        "id": hit.chunk.id,
                        "title": hit.chunk.title,
                        "score": hit.score,
                        "why": list(hit.why),
                        "aliases": list(hit.chunk.aliases),
                        "text": hit.text,
                    }
                    for hit in one.hits
                ],
            }
            for one in found.found
        ],
    }


def _end(root: Path, sink: Diagnostics, style: str, data: dict[str, Any] | None) -> None:
    """Print findings: beside JSON they are part of it, else they follow the result."""
    report = Report(root, sink, "full")
    if style == "json":
        whole = {**(data or {}), "findings": [record(d, report.path) for d in sink]}
        click.echo(json.dumps(whole, ensure_ascii=False, indent=2))
    else:
        report.findings()
