"""What `coursec draft` says: of what goes wrong on the way, and of what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coursec.cli.asking import coverage_findings, place_of, topics_line
from coursec.cli.course import Report
from coursec.diagnostics import Diagnostics, Span
from coursec.diagnostics.renderers import FOR_PEOPLE
from coursec.model.numbers import counted

if TYPE_CHECKING:
    from coursec.drafting.evidence.coverage import Plan
    from coursec.drafting.evidence.request import Request
    from coursec.drafting.evidence.retrieve import Retrieved
    from coursec.drafting.ollama.client import Host
    from coursec.drafting.ollama.faults import OllamaError
    from coursec.drafting.ruled import Empty
    from coursec.drafting.run import Run
    from coursec.model.quiz import QuizSpec

_STOPPED = 130
"""Exit code of a run that was interrupted, as shells have it."""
_NOTHING = "Nothing was drafted"


@dataclass(slots=True)
class Said:
    """Findings of one call, and how it ends."""

    root: Path
    quiz: str
    style: str
    output: Path | None
    sink: Diagnostics = field(default_factory=Diagnostics)
    request: str = ""
    """What is asked on the command line; empty where the quiz itself says it."""
    spec: QuizSpec | None = None
    """The quiz, where it says what is asked."""
    ruled: bool = False
    """Whether rules draft, not a model."""
    exit: int = 0
    requests: int = 0
    """How often a host was asked, beside what a run counts itself."""

    @property
    def place(self) -> Span:
        """Where hosts and models are chosen."""
        return Span("course.yaml")

    @property
    def asked(self) -> Span:
        """Where it stands what is asked."""
        return place_of(self.request, self.spec)

    def _report(self) -> Report:
        return Report(self.root, self.sink, self.style, self.output, typed=self.request)

    def topics(self, asked: Request, by: str) -> None:
        """Say of which topics a request in plain words is, where somebody had to look."""
        if by:
            click.echo(topics_line(asked, by), err=self.style not in FOR_PEOPLE)

    def lost(self, host: Host, error: OllamaError) -> None:
        """Say that a host is left out."""
        message = f"{error.message} The host is left out; its work goes to the others."
        self.sink.report("W952", message, self.place, hint=error.hint)

    def pull(self, host: Host, name: str) -> None:
        """Fetch a model, and show how far it is."""
        from coursec.cli.draft_progress import pulling

        with pulling(name, self.style) as progress:
            host.pull(name, progress)

    def stopped(self) -> None:
        """Remember that the run was interrupted."""
        self.exit = _STOPPED
        click.echo("Interrupted. The same command goes on: nothing is asked twice.", err=True)

    def failed(self, error: OllamaError) -> None:
        """Say what Ollama does not do."""
        self.sink.report(error.fault.code, error.message, self.place, hint=error.hint)
        if error.fault.fatal:
            self.exit = 3

    def by_rules(self, error: OllamaError) -> None:
        """Say that rules draft, because no model is there."""
        self.ruled = True
        message = f"{error.message} The items are drafted by rules, from the text alone."
        self.sink.report("N951", message, self.place, hint=error.hint)

    def unwritten(self, error: OSError) -> None:
        """Say which file could not be written."""
        name = Path(error.filename).as_posix() if error.filename else self.root.as_posix()
        message = f"{name} could not be written: {error.strerror}."
        hint = "What is finished is kept: make room and run the same command again."
        self.sink.report("E604", message, self.place, hint=hint)

    def coverage(self, found: Retrieved, planned: Plan | None) -> None:
        """Say of which topics the slides say nothing, or too little for the items of a plan."""
        coverage_findings(found, planned, self.spec, self.sink)

    def empty(self, run: Run) -> None:
        """Say which slots stay empty, and why."""
        from coursec.drafting.ollama.faults import OllamaError

        for job, reason in run.unfilled:
            where = job.slot.spans[0].chunk.reference
            message = f"No {job.slot.type} on `{where}` was drafted: {reason}"
            hint = "Another --seed gives other drafts; or write the item yourself."
            place = self._topic([job.slot.topic])
            self.sink.report("W950", message, place, hint=hint, item=job.name)
        for _, error in run.faults:
            if isinstance(error, OllamaError):
                self.failed(error)
            elif isinstance(error, OSError):
                self.unwritten(error)
            else:
                raise error

    def _topic(self, topics: Sequence[str]) -> Span:
        """Return where a topic is asked for; where several are, the whole request."""
        return place_of(self.request, self.spec, topics[0] if len(set(topics)) == 1 else "")

    def nothing(self) -> int:
        """Say that nothing was drafted; return the exit code."""
        report = self._report()
        report.findings()
        report.verdict(f"{_NOTHING}: {report.counts()}.")
        return self.exit or 1

    def items(self, run: Run, asked: int, unruled: Sequence[Empty] = ()) -> int:
        """Say which of the items that were asked for were drafted; return the exit code.

        `asked` is 0 where nobody counted; `unruled` are places for which rules have nothing.
        """
        from coursec.drafting.bankfile import file_of

        for (kind, reason), topics in _together(unruled).items():
            on = ", ".join(f"“{topic}”" for topic in dict.fromkeys(topics))
            what = (
                f"{len(topics)} of type {kind} on {on} could not"
                if kind
                else f"Nothing on {on} could"
            )
            message = f"{what} be drafted: {reason}"
            hint = "A model drafts more; or write the item yourself."
            self.sink.report("W950", message, self._topic(topics), hint=hint)
        self.empty(run)
        report = self._report()
        report.findings()
        planned = asked or len(run.jobs)
        new = len(run.written)
        for name in run.written:
            report.say(f"  {name}")
        parts = [f"Drafted {new} of {counted(planned, 'item')}" if planned else _NOTHING]
        if new:
            parts.append(f" into {report.path(file_of(self.quiz))}")
        if run.there:
            verb = "stands" if len(run.there) == 1 else "stand"
            parts.append(f"; {len(run.there)} {verb} in the course already")
        report.verdict(f"{''.join(parts)}: {report.counts()}{self._requests(run)}.")
        if new:
            self._name_quiz(run, report)
            report.say(f"`coursec review {self.quiz}` shows them for a decision.")
        return self.exit or int(bool(self.sink.errors) or not new + len(run.there))

    def _requests(self, run: Run) -> str:
        count = self.requests + run.requests
        return f", {counted(count, 'request')}" if count else ""

    def _name_quiz(self, run: Run, report: Report) -> None:
        """Say how the quiz is to name its drafts, where it does not."""
        quiz = self.quiz
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

    def assignment(self, run: Run, path: str, tasks: int) -> int:
        """Say what came of an assignment; return the exit code."""
        self.empty(run)
        report = self._report()
        report.findings()
        asked = self._requests(run)
        if run.written:
            report.verdict(
                f"Drafted {tasks} of {counted(len(run.jobs), 'task')} into {report.path(path)}: "
                f"{report.counts()}{asked}."
            )
            report.say("Read its code, set `status: approved`, and run it: coursec check --run")
            return self.exit or (1 if self.sink.errors else 0)
        report.verdict(f"{_NOTHING}: {report.counts()}{asked}.")
        return self.exit or 1


def _together(places: Sequence[Empty]) -> dict[tuple[str, str], list[str]]:
    """Return the topics of places that stay empty, by item type and reason."""
    found: dict[tuple[str, str], list[str]] = {}
    for place in places:
        found.setdefault((place.type, place.reason), []).append(place.topic)
    return found
