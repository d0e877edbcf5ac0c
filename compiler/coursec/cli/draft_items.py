"""`coursec draft` of items: by a model, on a cluster, or by rules."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from coursec.diagnostics import Diagnostics, Severity

if TYPE_CHECKING:
    from coursec.cli.draft_run import Drafting
    from coursec.drafting.drafts import Known
    from coursec.drafting.evidence.request import Request
    from coursec.drafting.evidence.retrieve import Retrieved
    from coursec.drafting.run import Job, Run, Work, Workers
    from coursec.model.quiz import Bank


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


def _items(drafting: Drafting, bank: Bank, asked: Request) -> int:
    from coursec.drafting.ollama.faults import Fault

    found = drafting.search(bank, asked)
    if found is None:
        return drafting.said.nothing()
    if drafting.connection is None or drafting.said.ruled:
        return _by_rules(drafting, bank, found)
    run, planned = drafting.planned(bank, found)
    session = drafting.session(run)
    if run.open and drafting.choices.drafter is None and session.replay(run.open, run.known):
        fault = session.connection.answers()
        if fault is not None and fault.fault is Fault.NOT_RUNNING:
            drafting.said.by_rules(fault)
            return _by_rules(drafting, bank, found)
    drafting.said.coverage(found, planned)
    if not run.open:
        run.there.extend(job.name for job in run.jobs)
    elif drafting.client is not None:
        from coursec.drafting.cluster import Cluster

        spread = Cluster(drafting.client, session)
        _go(drafting, run, spread.workers, spread.work)
    else:
        _go(drafting, run, session.workers, session.work)
    return drafting.said.items(run, asked.count)


def _by_rules(drafting: Drafting, bank: Bank, found: Retrieved) -> int:
    """Draft by rules over the text; return the exit code."""
    from coursec.drafting import drafters
    from coursec.drafting.ruled import ruled
    from coursec.drafting.run import Result, Run
    from coursec.drafting.workers import one_by_one

    drafting.said.ruled = True
    drafting.said.coverage(found, None)
    judge = drafting.judge(bank)
    rules = drafters.drafter(drafters.WITHOUT_MODEL, bank.course.language)
    made = ruled(found, rules, judge)
    stamp = replace(judge.stamp, drafter=drafters.WITHOUT_MODEL)
    run = Run(drafting.root, judge, made.jobs)

    def work(job: Job, _known: Known) -> Result:
        return Result(job, made.drafts[job.name], stamp)

    if run.open:
        _go(drafting, run, one_by_one(work), work)
    else:
        run.there.extend(job.name for job in run.jobs)
    return drafting.said.items(run, found.request.count, made.empty)


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
    _check(drafting, run)


def _check(drafting: Drafting, run: Run) -> None:
    """Take over what the whole course's check says of the new items."""
    from coursec.cli.compile import compile_course

    whole = Diagnostics()
    if run.written:
        compile_course(drafting.root, whole)
    for d in whole:
        if d.item in run.written and d.severity is not Severity.NOTE:
            drafting.said.sink.report(d.code, d.message, d.span, hint=d.hint, item=d.item)
