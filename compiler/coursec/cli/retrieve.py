"""`coursec retrieve`."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from coursec.cli.asking import (
    TopicFinder,
    connection_of,
    coverage_findings,
    request_of,
    topics_line,
)
from coursec.cli.course import Report, find_course
from coursec.cli.ingest import course_option
from coursec.diagnostics import Diagnostics, Span
from coursec.diagnostics.renderers.records import record
from coursec.model.numbers import counted

if TYPE_CHECKING:
    from coursec.drafting.evidence.coverage import Plan
    from coursec.drafting.evidence.request import Request
    from coursec.drafting.evidence.retrieve import Found, Retrieved
    from coursec.model.quiz import Bank, QuizSpec


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
@click.option(
    "--drafter",
    type=click.Choice(["ollama", "extractive"]),
    help="Who finds the topics of a request: a model, or rules.  [default: ollama if it answers]",
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
    request: str,
    course: Path | None,
    lectures: tuple[str, ...],
    most: int,
    drafter: str | None,
    whole: bool,
    style: str,
) -> None:
    """Show what the slides say of a request: what a model would see.

    REQUEST is plain words, such as "a quiz on tokenization and embeddings"; QUIZ is the name of
    a quiz whose `draft` says what is asked. Each topic's slides are shown with their scores and
    references, and how many items they can carry.
    """
    from coursec.cli.draft_extra import needs_draft_extra
    from coursec.source.course import read_course

    root = find_course(course)
    bank = read_course(root, Diagnostics())
    report = Report(root, Diagnostics(), "full", typed=request)
    sink = report.sink
    with needs_draft_extra():
        by_rule = drafter == "extractive" or not _is_prose(request, bank)
        finder = _finder(root, bank, sink, by_rule=by_rule)
        asked = request_of(request, lectures, bank, sink, finder) if finder else None
        code = _topics_failed(finder, drafter, sink) if finder and asked else 1
        if finder is None or asked is None or code:
            _end(report, style, None)
            sys.exit(code)
        quiz = bank.quizzes.get(request)
        found, planned = _found(report, style, bank, asked, quiz, most)
    if style == "json":
        _end(report, style, _data(found, planned, finder.by))
        return
    if finder.by:
        click.echo(f"{topics_line(asked, finder.by)}\n")
    _show(found, planned, whole, bool(asked.items))
    _end(report, style, None)


def _is_prose(request: str, bank: Bank) -> bool:
    """Tell whether somebody has to find the topics of a request, or of a quiz of that name."""
    from coursec.drafting.evidence.topics import is_list

    spec = bank.quizzes.get(request)
    if spec is None:
        return not is_list(request)
    asked = spec.draft
    return asked is not None and not asked.topics and not is_list(asked.request or "")


def _finder(root: Path, bank: Bank, sink: Diagnostics, *, by_rule: bool) -> TopicFinder | None:
    """Return who finds topics; None, and a finding, where course.yaml names a wrong host."""
    today = datetime.now().astimezone().date().isoformat()
    if by_rule:
        return TopicFinder(None, today)
    from coursec.drafting.ollama.client import Patience

    connection = connection_of(root, bank, sink, Patience())
    return TopicFinder(connection, today) if connection else None


def _topics_failed(finder: TopicFinder, drafter: str | None, sink: Diagnostics) -> int:
    """Say why the model did not find the topics; return the exit code, 0 where rules did.

    That no Ollama runs is no news: whoever only looks needs none.
    """
    from coursec.drafting.ollama.faults import Fault, OllamaError

    fault, place = finder.fault, Span("course.yaml")
    if isinstance(fault, OSError):
        name = Path(fault.filename).as_posix() if fault.filename else "A reply"
        message = f"{name} could not be written: {fault.strerror}."
        sink.report("E604", message, place, hint="Make room, or let rules find the topics.")
        return 1
    if isinstance(fault, OllamaError) and drafter == "ollama":
        sink.report(fault.fault.code, fault.message, place, hint=fault.hint)
        return 3 if fault.fault.fatal else 1
    if not isinstance(fault, OllamaError) or fault.fault is not Fault.NOT_RUNNING:
        finder.say(sink, place)
    return 0


def _found(
    report: Report, style: str, bank: Bank, asked: Request, quiz: QuizSpec | None, most: int
) -> tuple[Retrieved, Plan]:
    """Search; ends the run where there is no index."""
    from coursec.drafting.evidence.course_index import open_index
    from coursec.drafting.evidence.coverage import plan
    from coursec.drafting.evidence.retrieve import retrieve as search

    index = open_index(report.root, bank, report.sink)
    if index is None:
        _end(report, style, None)
        sys.exit(3 if any(d.code == "E934" for d in report.sink) else 1)
    found = search(asked, index, most)
    planned = plan(asked, found)
    coverage_findings(found, planned, quiz, report.sink)
    return found, planned


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


def _data(found: Retrieved, planned: Plan, by: str) -> dict[str, Any]:
    covered = {cover.topic: cover for cover in planned.coverage}
    return {
        "request": found.request.text,
        "lectures": list(found.request.lectures),
        "topics_by": by or None,
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


def _end(report: Report, style: str, data: dict[str, Any] | None) -> None:
    """Print findings: beside JSON they are part of it, else they follow the result."""
    if style == "json":
        whole = {**(data or {}), "findings": [record(d, report.path) for d in report.sink]}
        click.echo(json.dumps(whole, ensure_ascii=False, indent=2))
    else:
        report.findings()
