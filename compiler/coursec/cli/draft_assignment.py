"""`coursec draft --assignment`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from coursec.diagnostics import Span

if TYPE_CHECKING:
    from coursec.cli.draft_run import Drafting
    from coursec.drafting.drafts import Draft
    from coursec.drafting.entry import Stamp
    from coursec.drafting.evidence.request import Request
    from coursec.drafting.run import Run
    from coursec.model.quiz import Bank

_MOST_TASKS = 5
"""Tasks of an assignment whose number nobody names."""


def draft_assignment(drafting: Drafting, bank: Bank, asked: Request) -> int:
    """Draft an assignment with a model; return the exit code."""
    choices = drafting.choices
    if choices.drafter == "extractive" or choices.dask or choices.items:
        raise click.UsageError(
            "An assignment is drafted by a model, on the hosts of course.yaml: leave out "
            "--drafter extractive, --dask and --items."
        )
    path = f"assignments/{choices.quiz}.md"
    if (drafting.root / path).exists():
        click.echo(f"{(drafting.root / path).as_posix()} stands there already: it is left alone.")
        return 0
    count = choices.tasks or min(_MOST_TASKS, max(1, len(asked.topics)))
    found = drafting.search(bank, replace(asked, items=(("file_upload", count),)))
    if found is None:
        return drafting.said.nothing()
    run, planned = drafting.planned(bank, found)
    drafting.said.coverage(found, planned)
    tasks = _drafted(drafting, run, asked)
    if tasks:
        _write(drafting, run, path, tasks, asked)
    return drafting.said.assignment(run, path, len(tasks))


def _drafted(drafting: Drafting, run: Run, asked: Request) -> list[tuple[Draft, Stamp]]:
    """Return the tasks that stood all checks, in the order of the plan."""
    from coursec.cli.draft_progress import shown
    from coursec.drafting.assignments import Plan
    from coursec.drafting.drafts import Draft, Known, Unfilled
    from coursec.drafting.ollama.faults import OllamaError
    from coursec.drafting.ollama.tasks import TaskDrafter
    from coursec.drafting.run import Result

    said, session = drafting.said, drafting.session(run)
    plan = Plan(name=drafting.choices.quiz, title=_title(asked), request=asked.text)
    session.make = lambda settings, ask, judge: TaskDrafter(settings, ask, judge, plan)
    results: dict[str, Result] = {}
    try:
        with shown(len(run.jobs), said.style) as progress:
            for result in session.workers(run.jobs, Known()):
                results[result.job.name] = result
                run.requests += result.requests
                progress(result, len(results), len(run.jobs))
    except KeyboardInterrupt:
        said.stopped()
        return []
    except OllamaError as error:
        said.failed(error)
        return []
    except OSError as error:
        said.unwritten(error)
        return []
    tasks: list[tuple[Draft, Stamp]] = []
    for job in run.jobs:
        result = results[job.name]
        match result.made:
            case Draft() as made:
                tasks.append((made, result.stamp))
            case Unfilled(reason):
                run.unfilled.append((job, reason))
            case Exception() as fault:
                run.faults.append((job, fault))
    return tasks


def _write(
    drafting: Drafting, run: Run, path: str, tasks: list[tuple[Draft, Stamp]], asked: Request
) -> None:
    from coursec.drafting.assignments import Plan, assignment_text, compiled_faults
    from coursec.engine.files import write_all

    name = drafting.choices.quiz
    text = assignment_text(Plan(name=name, title=_title(asked), request=asked.text), tasks)
    faults = compiled_faults(text, name, run.judge.head, run.judge.bank)
    if faults:
        message = f"The assignment was not written: {faults[0]}"
        drafting.said.sink.report("W950", message, Span(path))
        return
    try:
        write_all([(drafting.root / path, text.encode())], within=drafting.root)
    except OSError as error:
        drafting.said.unwritten(error)
        return
    run.written.append(path)


def _title(asked: Request) -> str:
    topics = [topic[:1].upper() + topic[1:] for topic in asked.topics[:3]]
    return ", ".join(topics[:-1]) + (" and " if len(topics) > 1 else "") + topics[-1]
