"""What drafting items and drafting an assignment share: the request, the plan, the model."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from coursec.cli.draft_said import Said
from coursec.diagnostics import Diagnostics
from coursec.model.numbers import counted

if TYPE_CHECKING:
    from coursec.cli.asking import TopicFinder
    from coursec.drafting.evidence.coverage import Plan
    from coursec.drafting.evidence.request import Request
    from coursec.drafting.evidence.retrieve import Retrieved
    from coursec.drafting.evidence.store import Index
    from coursec.drafting.judge import Judge
    from coursec.drafting.ollama.connection import Connection
    from coursec.drafting.ollama.session import Session
    from coursec.drafting.run import Job, Run
    from coursec.model.quiz import Bank


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


@dataclass(slots=True)
class Drafting:
    """One call of the command."""

    root: Path
    choices: Choices
    said: Said
    connection: Connection | None = None
    """To the model; None where rules draft."""
    client: Any = None
    """Of a Dask cluster, where one drafts."""
    index: Index | None = None

    @staticmethod
    def of(root: Path, choices: Choices, style: str, output: Path | None) -> Drafting:
        """Return a call that has not begun."""
        return Drafting(root, choices, Said(root, choices.quiz, style, output))

    @property
    def today(self) -> str:
        """ISO 8601."""
        return datetime.now().astimezone().date().isoformat()

    def run(self, drafted: Callable[[Drafting, Bank, Request], int]) -> int:
        """Find out what is asked and have it drafted; return the exit code."""
        from coursec.drafting.lock import alone

        with ExitStack() as held:
            try:
                free = held.enter_context(alone(self.root))
            except OSError as error:
                self.said.unwritten(error)
                return self.said.nothing()
            if free:
                return self._alone(drafted)
        message = "Another `coursec draft` is at work in this course."
        hint = "Wait until it is done; several hosts can share one run: `drafting: {hosts: […]}`."
        self.said.sink.report("E957", message, self.said.place, hint=hint)
        return self.said.nothing()

    def _alone(self, drafted: Callable[[Drafting, Bank, Request], int]) -> int:
        from coursec.source.course import read_course

        own = Diagnostics()
        bank = read_course(self.root, own)
        if own.errors:
            self.said.sink.report(
                "E953",
                f"The course has {counted(own.errors, 'error')} of its own.",
                next(d.span for d in own),
                hint="Run `coursec check` and mend it first.",
            )
            return self.said.nothing()
        self._meant(bank)
        asked = self._asked(bank)
        return drafted(self, bank, asked) if asked else self.said.nothing()

    # What is asked

    def _meant(self, bank: Bank) -> None:
        """Refuse a command that cannot be meant. Raises click.UsageError."""
        from coursec.importing.names import is_kebab

        choices = self.choices
        if not is_kebab(choices.quiz):
            raise click.UsageError(
                f"{choices.quiz} is no name of a quiz: use small letters, digits and hyphens."
            )
        if choices.request is None and choices.assignment:
            raise click.UsageError('Say what the assignment is about: --request "…".')
        if choices.request is None and choices.quiz not in bank.quizzes:
            known = ", ".join(bank.quizzes) or "none"
            raise click.UsageError(
                f"No quiz is called {choices.quiz}. Quizzes here: {known}. "
                'Or say what is asked: --request "…".'
            )
        if choices.request is None:
            self.said.spec = bank.quizzes[choices.quiz]
        else:
            self.said.request = choices.request

    def _asked(self, bank: Bank) -> Request | None:
        """Return the request with its topics; None, and a finding, where there is none."""
        from coursec.cli.asking import TopicFinder

        if self.choices.drafter != "extractive":
            self.connection = self._connection(bank)
            if self.connection is None:
                return None
        finder = TopicFinder(self.connection, self.today)
        try:
            asked = self._request(bank, finder)
        except KeyboardInterrupt:
            self.said.stopped()
            return None
        if asked is None or not self._goes_on(finder):
            return None
        self.said.requests += finder.requests
        self.said.topics(asked, finder.by)
        return asked

    def _connection(self, bank: Bank) -> Connection | None:
        from coursec.cli.asking import connection_of
        from coursec.drafting.ollama.client import Patience

        choices, said = self.choices, self.said
        patience = Patience(
            stall=min(Patience().stall, choices.timeout), total=float(choices.timeout)
        )
        made = connection_of(
            self.root, bank, said.sink, patience, model=choices.model, seed=choices.seed
        )
        if made is not None:
            made.pull = said.pull if choices.pull else None
            if len(made.addresses) > 1:
                made.lost = said.lost
        return made

    def _request(self, bank: Bank, finder: TopicFinder) -> Request | None:
        """Return the quiz's own request, or what the command line says in its place."""
        from coursec.cli.asking import request_of

        choices, sink = self.choices, self.said.sink
        items = tuple(map(_count, choices.items))
        spec = None if choices.assignment else bank.quizzes.get(choices.quiz)
        if choices.request is None:
            found = request_of(choices.quiz, (), bank, sink, finder)
        else:
            lectures = spec.draft.lectures if spec and spec.draft else ()
            found = request_of(choices.request, lectures, bank, sink, finder)
            if found and spec and spec.draft:
                own = tuple((kind, count) for kind, count in spec.draft.items if count)
                found = replace(found, items=own, bloom=spec.draft.bloom)
        return replace(found, items=items) if found and items else found

    def _goes_on(self, finder: TopicFinder) -> bool:
        """Tell whether drafting goes on after the request was read, and say what went wrong."""
        from coursec.drafting.ollama.faults import Fault, OllamaError

        fault, said = finder.fault, self.said
        if isinstance(fault, OSError):
            said.unwritten(fault)
            return False
        absent = isinstance(fault, OllamaError) and fault.fault is Fault.NOT_RUNNING
        if isinstance(fault, OllamaError) and fault.fault.fatal and not self.choices.dask:
            if not absent or self.choices.drafter or self.choices.assignment:
                said.failed(fault)
                return False
            said.by_rules(fault)
        else:
            finder.say(said.sink, said.asked)
        return True

    # What is planned

    def search(self, bank: Bank, asked: Request) -> Retrieved | None:
        """Return what the slides say of a request; None, and a finding, without an index."""
        from coursec.drafting.evidence.course_index import open_index
        from coursec.drafting.evidence.retrieve import retrieve

        spread = None
        if self.client is not None:
            from coursec.drafting.cluster import Spread

            spread = partial(Spread, self.client)
        sink = self.said.sink
        self.index = open_index(self.root, bank, sink, spread)
        if self.index is None:
            self.said.exit = 3 if any(d.code == "E934" for d in sink) else 1
            return None
        return retrieve(asked, self.index)

    def planned(self, bank: Bank, found: Retrieved) -> tuple[Run, Plan]:
        """Return what a model is to draft, and what of it stands in the course already."""
        from coursec.drafting.evidence.coverage import plan
        from coursec.drafting.run import Run, jobs_of, own_chunks

        assert self.index is not None
        made = plan(found.request, found)
        jobs = jobs_of(self.choices.quiz, made.slots, own_chunks)
        run = Run(self.root, self.judge(bank), jobs)
        if run.open:
            run.jobs = _with_neighbours(jobs, self.index, found.request.lectures)
        return run, made

    def judge(self, bank: Bank) -> Judge:
        """Return who judges drafts for the quiz."""
        from coursec.drafting.entry import Stamp
        from coursec.drafting.judge import Judge

        head = (self.root / "course.yaml").read_bytes()
        return Judge.of(self.choices.quiz, head, bank, Stamp("", self.today))

    def session(self, run: Run) -> Session:
        """Return what asks the model for drafts."""
        from coursec.drafting.ollama.session import Session

        assert self.connection is not None
        return Session(self.connection, run.judge)


def _with_neighbours(jobs: list[Job], index: Index, lectures: tuple[str, ...]) -> list[Job]:
    from coursec.drafting.neighbours import neighbours

    of = neighbours(index, lectures)
    return [replace(job, chunks=tuple(of(job.slot))) for job in jobs]


def _count(text: str) -> tuple[str, int]:
    from coursec.source.schema import item_types

    kind, _, number = text.partition("=")
    if kind not in item_types() or not number.isdecimal() or not 0 < int(number) <= 1_000:
        raise click.UsageError(
            f"--items takes a type and a number, such as single_choice=4, not {text}."
        )
    return kind, int(number)
