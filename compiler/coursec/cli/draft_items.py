"""`coursec draft` of items: by a model, on a cluster, or by rules."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from coursec.diagnostics import Diagnostics, Severity

if TYPE_CHECKING:
    from coursec.cli.draft_run import Drafting
    from coursec.drafting.drafts import ByRules
    from coursec.drafting.evidence.request import Request
    from coursec.drafting.run import Job, Run, Work, Workers
    from coursec.model.quiz import Bank

_PROPOSALS = 12
"""Proposals of a rule that are tried for one slot."""


def draft_items(drafting: Drafting, bank: Bank, asked: Request) -> int:
    """Draft items; return the exit code."""
    address = drafting.choices.dask
    if not address:
        return _items(drafting, bank, asked)
    from coursec.drafting.cluster import ClusterError, connected

    said = drafting.said
    try:
        with connected(address, bank.course.drafting) as drafting.client:
            return _items(drafting, bank, asked)
    except ClusterError as error:
        said.sink.report("E955", str(error), said.place, hint=error.hint)
        said.exit = 3
        return said.nothing()


def without_model(bank: Bank) -> ByRules:
    """Return the drafter that needs no model."""
    from coursec.drafting import drafters

    return drafters.drafter(drafters.WITHOUT_MODEL, bank.course.language)


def _items(drafting: Drafting, bank: Bank, asked: Request) -> int:
    run = drafting.prepared(bank, asked)
    if run is None:
        return drafting.said.nothing()
    if run.open:
        _draft(drafting, run, bank)
        _check(drafting, run)
    else:
        run.there.extend(job.name for job in run.jobs)
    return drafting.said.items(run)


def _draft(drafting: Drafting, run: Run, bank: Bank) -> None:
    """Let the drafter that was chosen, or that is there, draft the open slots."""
    if drafting.connection is None or drafting.said.ruled:
        return _by_rules(drafting, run, bank)
    session = drafting.session(run)
    if drafting.choices.drafter is None and session.replay(run.open, run.known):
        fault = session.connection.answers()
        if fault is not None and fault.fault.code == "E940":
            drafting.said.by_rules(fault)
            return _by_rules(drafting, run, bank)
    if drafting.client is not None:
        from coursec.drafting.cluster import Cluster

        spread = Cluster(drafting.client, session)
        return _go(drafting, run, spread.workers, spread.work)
    return _go(drafting, run, session.workers, session.work)


def _by_rules(drafting: Drafting, run: Run, bank: Bank) -> None:
    """Draft by rules over the text: of each slot's proposals the best that stands."""
    from coursec.drafting.drafters import WITHOUT_MODEL
    from coursec.drafting.drafts import Draft, Known, Unfilled
    from coursec.drafting.run import Result, own_chunks
    from coursec.drafting.workers import one_by_one

    drafting.said.ruled = True
    rules = without_model(bank)
    stamp = replace(run.judge.stamp, drafter=WITHOUT_MODEL)
    judge = replace(run.judge, stamp=stamp)

    def work(job: Job, known: Known) -> Result:
        chunks = tuple(dict.fromkeys((*own_chunks(job.slot), *drafting.chunks)))
        made: Draft | Unfilled | None = None
        refused = ""
        for draft in islice(rules.proposals(job.slot, chunks, known), _PROPOSALS):
            verdict = judge.verdict(draft, job.slot, chunks, known)
            if not verdict.problems:
                made = draft
                break
            refused = refused or verdict.problems[0]
        if made is None and refused:
            made = Unfilled(refused)
        made = made or rules.draft(job.slot, chunks, known)
        return Result(replace(job, chunks=chunks), made, stamp)

    _go(drafting, run, one_by_one(work), work)


def _go(drafting: Drafting, run: Run, workers: Workers, again: Work) -> None:
    """Run; whatever ends it early is said, and what is finished is kept."""
    from coursec.cli.draft_progress import shown
    from coursec.drafting.ollama.faults import OllamaError

    said = drafting.said
    try:
        with shown(len(run.open), said.style) as progress:
            run.run(workers, again, progress)
    except KeyboardInterrupt:
        said.stopped()
    except OllamaError as error:
        said.failed(error)
    except OSError as error:
        said.unwritten(error)


def _check(drafting: Drafting, run: Run) -> None:
    """Take over what the whole course's check says of the new items."""
    from coursec.cli.compile import compile_course

    whole = Diagnostics()
    if run.written:
        compile_course(drafting.root, whole)
    for d in whole:
        if d.item in run.written and d.severity is not Severity.NOTE:
            drafting.said.sink.report(d.code, d.message, d.span, hint=d.hint, item=d.item)
