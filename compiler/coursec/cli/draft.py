"""`coursec draft`."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field, replace
from datetime import datetime
from fnmatch import fnmatchcase
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from coursec.cli.course import Report, find_course, format_option, output_option
from coursec.cli.ingest import course_option
from coursec.diagnostics import Diagnostics, Severity, Span
from coursec.model.numbers import counted

if TYPE_CHECKING:
    from coursec.drafting.drafts import ByRules
    from coursec.drafting.evidence.chunk import Chunk
    from coursec.drafting.evidence.request import Request
    from coursec.drafting.evidence.retrieve import Retrieved
    from coursec.drafting.evidence.store import Index
    from coursec.drafting.ollama.client import Host
    from coursec.drafting.ollama.faults import OllamaError
    from coursec.drafting.ollama.session import Session
    from coursec.drafting.run import Job, Run, Work, Workers
    from coursec.model.quiz import Bank

_UNCOUNTED = 8
"""Items that are drafted by rules where nobody says how many."""
_PROPOSALS = 12
"""Proposals of a rule that are tried for one slot."""
_STOPPED = 130
"""Exit code of a run that was interrupted, as shells have it."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What the command line says."""

    quiz: str
    request: str | None
    items: tuple[str, ...]
    drafter: str | None
    model: str | None
    seed: int | None
    pull: bool
    timeout: float
    dask: str | None
    assignment: bool
    tasks: int | None


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

    root = find_course(course)
    drafting = Drafting(root, Choices(**choices), style, output)  # type: ignore[arg-type]
    with needs_draft_extra():
        sys.exit(drafting.run())


@dataclass(slots=True)
class Drafting:
    """One call of the command."""

    root: Path
    choices: Choices
    style: str
    output: Path | None
    sink: Diagnostics = field(default_factory=Diagnostics)
    place: Span = field(default_factory=lambda: Span("course.yaml"))
    exit: int = 0
    found: Retrieved | None = None
    ruled: bool = False
    """Whether rules draft, not a model."""
    client: Any = None
    """Of a Dask cluster, where one drafts."""

    def run(self) -> int:
        """Draft; return the exit code."""
        from coursec.source.course import read_course

        said = Diagnostics()
        bank = read_course(self.root, said)
        if said.errors:
            self.sink.report(
                "E953",
                f"The course has {counted(said.errors, 'error')} of its own.",
                next(d.span for d in said),
                hint="Run `coursec check` and mend it first.",
            )
            return self.end(None)
        asked = self.request(bank)
        if asked and self.choices.assignment:
            from coursec.cli.draft_assignment import draft_assignment

            return draft_assignment(self, bank, asked)
        if asked is None:
            return self.end(None)
        if self.choices.dask:
            return self.on_cluster(self.choices.dask, bank, asked)
        return self.items(bank, asked)

    def on_cluster(self, address: str, bank: Bank, asked: Request) -> int:
        """Draft with a Dask cluster."""
        from coursec.drafting.cluster import ClusterError, connected

        try:
            with connected(address, bank.course.drafting) as self.client:
                return self.items(bank, asked)
        except ClusterError as error:
            self.sink.report("E955", str(error), self.place, hint=error.hint)
            self.exit = 3
            return self.end(None)

    def items(self, bank: Bank, asked: Request) -> int:
        """Draft items; return the exit code."""
        run = self.prepared(bank, asked)
        if run is None:
            return self.end(None)
        if run.open:
            self.draft(run, bank)
            self.check(run)
        else:
            run.there.extend(job.name for job in run.jobs)
        return self.end(run)

    # What is asked

    def request(self, bank: Bank) -> Request | None:
        """Return the request: the quiz's own, or what the command line says in its place."""
        from coursec.cli.retrieve import request_of
        from coursec.importing.names import is_kebab

        choices = self.choices
        if not is_kebab(choices.quiz):
            raise click.UsageError(
                f"{choices.quiz} is no name of a quiz: use small letters, digits and hyphens."
            )
        spec = None if choices.assignment else bank.quizzes.get(choices.quiz)
        if choices.assignment and choices.request is None:
            raise click.UsageError('Say what the assignment is about: --request "…".')
        if spec is None and choices.request is None:
            known = ", ".join(bank.quizzes) or "none"
            raise click.UsageError(
                f"No quiz is called {choices.quiz}. Quizzes here: {known}. "
                'Or say what is asked: --request "…".'
            )
        if spec is not None:
            self.place = (spec.draft.span if spec.draft else spec.span) or self.place
        items = tuple(map(_count, choices.items))
        if choices.request is None:
            found = request_of(choices.quiz, (), bank, self.sink)
        else:
            lectures = spec.draft.lectures if spec and spec.draft else ()
            found = request_of(choices.request, lectures, bank, self.sink)
            if found and spec and spec.draft:
                own = tuple((kind, count) for kind, count in spec.draft.items if count)
                found = replace(found, items=own, bloom=spec.draft.bloom)
        return replace(found, items=items) if found and items else found

    def prepared(self, bank: Bank, asked: Request) -> Run | None:
        """Return the run: what is planned, and what of it stands in the course already."""
        from coursec.cli.retrieve import coverage_findings
        from coursec.drafting.entry import Stamp
        from coursec.drafting.evidence.course_index import open_index
        from coursec.drafting.evidence.coverage import plan
        from coursec.drafting.evidence.retrieve import retrieve
        from coursec.drafting.judge import Judge
        from coursec.drafting.run import Run, jobs_of, own_chunks

        spread = None
        if self.client is not None:
            from coursec.drafting.cluster import Spread

            spread = partial(Spread, self.client)
        index = open_index(self.root, bank, self.sink, spread)
        if index is None:
            self.exit = 3 if any(d.code == "E934" for d in self.sink) else 1
            return None
        found = self.found = retrieve(asked, index)
        if not asked.items and self.choices.drafter == "extractive":
            items = self.by_rules(bank).supported(self.chunks, _UNCOUNTED)
            asked = replace(asked, items=items)
        planned = plan(asked, found)
        coverage_findings(found, planned, bool(asked.items), self.sink)
        head = (self.root / "course.yaml").read_bytes()
        today = datetime.now().astimezone().date()
        stamp = Stamp("", today.isoformat())
        judge = Judge.of(self.choices.quiz, head, bank, stamp)
        jobs = jobs_of(self.choices.quiz, planned.slots, own_chunks)
        run = Run(self.root, judge, jobs)
        if any(job.name not in bank.items for job in jobs) and self.choices.drafter != "extractive":
            run.jobs = self.with_neighbours(jobs, index, asked.lectures)
        return run

    def with_neighbours(
        self, jobs: list[Job], index: Index, lectures: tuple[str, ...]
    ) -> list[Job]:
        from coursec.drafting.neighbours import neighbours

        of = neighbours(index, lectures)
        return [replace(job, chunks=tuple(of(job.slot))) for job in jobs]

    # Who drafts

    def draft(self, run: Run, bank: Bank) -> None:
        """Let the drafter that was chosen, or that is there, draft the open slots."""
        if self.choices.drafter == "extractive":
            return self.without_model(run, bank)
        session = self.session(run, bank)
        if session is None:
            return None
        if self.choices.drafter is None and session.replay(run.open, run.known):
            fault = session.answers()
            if fault is not None and fault.fault.code == "E940":
                message = f"{fault.message} The items are drafted by rules, from the text alone."
                self.sink.report("N951", message, self.place, hint=fault.hint)
                return self.without_model(run, bank)
        if self.client is not None:
            from coursec.drafting.cluster import Cluster

            spread = Cluster(self.client, session)
            return self.go(run, spread.workers, spread.work)
        return self.go(run, session.workers, session.work)

    def session(self, run: Run, bank: Bank) -> Session | None:
        """Return what asks the model; None, and a finding, where a host may not be asked."""
        from coursec.drafting.hosts import hosts_of
        from coursec.drafting.ollama.client import Model, Patience
        from coursec.drafting.ollama.prompting import CONTEXT, Settings
        from coursec.drafting.ollama.replies import FOLDER, Replies
        from coursec.drafting.ollama.session import DEFAULT_MODEL, Session, stamped

        options = bank.course.drafting
        addresses = hosts_of(options, self.sink)
        if self.sink.errors:
            return None
        replies = Replies(self.root / FOLDER)
        name = self.choices.model or options.model or DEFAULT_MODEL
        seed = self.choices.seed if self.choices.seed is not None else options.seed
        settings = Settings(
            model=replies.model(name) or Model(name, ""),
            course=bank.course.title,
            language=bank.course.language,
            context=options.context or CONTEXT,
            seed=1 if seed is None else seed,
        )
        timeout = self.choices.timeout
        return Session(
            settings=settings,
            judge=stamped(run.judge, settings),
            replies=replies,
            addresses=addresses,
            patience=Patience(stall=min(Patience().stall, timeout), total=timeout),
            lost=self.lost if len(addresses) > 1 else lambda host, error: None,
            pull=self.pull if self.choices.pull else None,
        )

    def without_model(self, run: Run, bank: Bank) -> None:
        """Draft by rules over the text: of each slot's proposals the best that stands."""
        from coursec.drafting.drafters import WITHOUT_MODEL
        from coursec.drafting.drafts import Draft, Known, Unfilled
        from coursec.drafting.run import Result, own_chunks
        from coursec.drafting.workers import one_by_one

        self.ruled = True
        chosen = self.by_rules(bank)
        stamp = replace(run.judge.stamp, drafter=WITHOUT_MODEL)
        judge = replace(run.judge, stamp=stamp)

        def work(job: Job, known: Known) -> Result:
            chunks = tuple(dict.fromkeys((*own_chunks(job.slot), *self.chunks)))
            made: Draft | Unfilled | None = None
            refused = ""
            for draft in islice(chosen.proposals(job.slot, chunks, known), _PROPOSALS):
                verdict = judge.verdict(draft, job.slot, chunks, known)
                if not verdict.problems:
                    made = draft
                    break
                refused = refused or verdict.problems[0]
            if made is None and refused:
                made = Unfilled(refused)
            made = made or chosen.draft(job.slot, chunks, known)
            return Result(replace(job, chunks=chunks), made, stamp)

        self.go(run, one_by_one(work), work)

    @property
    def chunks(self) -> list[Chunk]:
        """Every chunk that was found, the best first."""
        return [hit.chunk for hit in self.found.hits] if self.found else []

    def by_rules(self, bank: Bank) -> ByRules:
        """Return the drafter that needs no model."""
        from coursec.drafting import drafters

        return drafters.drafter(drafters.WITHOUT_MODEL, bank.course.language)

    def go(self, run: Run, workers: Workers, again: Work) -> None:
        """Run; whatever ends it early is said, and what is finished is kept."""
        from coursec.cli.draft_progress import shown
        from coursec.drafting.ollama.faults import OllamaError

        try:
            with shown(len(run.open), self.style) as progress:
                run.run(workers, again, progress)
        except KeyboardInterrupt:
            self.stopped()
        except OllamaError as error:
            self.failed(error)
        except OSError as error:
            self.unwritten(error)

    def check(self, run: Run) -> None:
        """Take over what the whole course's check says of the new items."""
        from coursec.cli.compile import compile_course

        said = Diagnostics()
        if run.written:
            compile_course(self.root, said)
        for d in said:
            if d.item in run.written and d.severity is not Severity.NOTE:
                self.sink.report(d.code, d.message, d.span, hint=d.hint, item=d.item)

    # What is said

    def lost(self, host: Host, error: OllamaError) -> None:
        message = f"{error.message} The host is left out; its work goes to the others."
        self.sink.report("W952", message, self.place, hint=error.hint)

    def stopped(self) -> None:
        """Remember that the run was interrupted."""
        self.exit = _STOPPED
        click.echo("Interrupted. The same command goes on: nothing is asked twice.", err=True)

    def failed(self, error: OllamaError) -> None:
        self.sink.report(error.fault.code, error.message, self.place, hint=error.hint)
        if error.fault.fatal:
            self.exit = 3

    def unwritten(self, error: OSError) -> None:
        name = Path(error.filename).as_posix() if error.filename else self.root.as_posix()
        message = f"{name} could not be written: {error.strerror}."
        hint = "What is finished is kept: make room and run the same command again."
        self.sink.report("E604", message, self.place, hint=hint)

    def pull(self, host: Host, name: str) -> None:
        from coursec.cli.draft_progress import pulling

        with pulling(name, self.style) as progress:
            host.pull(name, progress)

    def end(self, run: Run | None) -> int:
        """Tell everything; return the exit code."""
        from coursec.drafting.bankfile import file_of

        if run is not None:
            self.tell(run)
        report = Report(self.root, self.sink, self.style, self.output)
        report.findings()
        if run is None:
            report.verdict(f"Nothing was drafted: {report.counts()}.")
            return self.exit or 1
        planned, new = len(run.jobs), len(run.written)
        for name in run.written:
            report.say(f"  {name}")
        parts = [f"Drafted {new} of {counted(planned, 'item')}"]
        if new:
            parts.append(f" into {report.path(file_of(self.choices.quiz))}")
        if run.there:
            verb = "stands" if len(run.there) == 1 else "stand"
            parts.append(f"; {len(run.there)} {verb} in the course already")
        asked = f", {counted(run.requests, 'request')}" if run.requests else ""
        report.verdict(f"{''.join(parts)}: {report.counts()}{asked}.")
        if new:
            self.name_quiz(run, report)
            report.say(f"`coursec review {self.choices.quiz}` shows them for a decision.")
        return self.exit or (1 if self.sink.errors or (planned and not new + len(run.there)) else 0)

    def name_quiz(self, run: Run, report: Report) -> None:
        """Say how the quiz is to name its drafts, where it does not."""
        quiz = self.choices.quiz
        spec = run.judge.bank.quizzes.get(quiz)
        if spec is None:
            how = (
                f"There is no quiz `{quiz}` yet: write quizzes/{quiz}.yaml when items are approved"
            )
        elif any(section.pool for section in spec.sections) or any(
            fnmatchcase(run.written[0], reference.pattern)
            for section in spec.sections
            for reference in section.items
        ):
            return
        else:
            how = f"No section of the quiz `{quiz}` names them yet"
        report.say(f'{how}; `items: ["{quiz}-*"]` takes all that are approved.')

    def tell(self, run: Run) -> None:
        """Say which slots stay empty, and why."""
        from coursec.drafting.ollama.faults import OllamaError

        for job, reason in run.unfilled:
            where = job.slot.spans[0].chunk.reference
            kind = job.slot.type
            message = f"No {kind} on `{where}` was drafted: {reason}"
            hint = (
                "Another --seed gives other drafts; or write the item yourself."
                if not self.ruled
                else "A model drafts more; or write the item yourself."
            )
            self.sink.report("W950", message, self.place, hint=hint, item=job.name)
        for _, error in run.faults:
            if isinstance(error, OllamaError):
                self.failed(error)
            elif isinstance(error, OSError):
                self.unwritten(error)
            else:
                raise error


def _count(text: str) -> tuple[str, int]:
    from coursec.source.schema import item_types

    kind, _, number = text.partition("=")
    if kind not in item_types() or not number.isdecimal() or not 0 < int(number) <= 1_000:
        raise click.UsageError(
            f"--items takes a type and a number, such as single_choice=4, not {text}."
        )
    return kind, int(number)
