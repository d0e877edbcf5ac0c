"""Drafting with Ollama, from kept replies as far as they go, then from the hosts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from coursec.drafting.drafts import Drafter, Known
from coursec.drafting.judge import Judge
from coursec.drafting.ollama.connection import Connection
from coursec.drafting.ollama.drafter import DRAFTER, OllamaDrafter, model_used
from coursec.drafting.ollama.faults import OllamaError
from coursec.drafting.ollama.prompting import Settings
from coursec.drafting.ollama.replies import Asker, MissingReplyError
from coursec.drafting.run import Job, Result
from coursec.drafting.workers import threads


class ModelDrafter(Drafter, Protocol):
    """A drafter that knows when its last reply was given."""

    day: str


@dataclass(slots=True)
class Session:
    """Drafts slots with a model."""

    connection: Connection
    unstamped: Judge
    make: Callable[[Settings, Asker, Judge], ModelDrafter] = OllamaDrafter
    """Makes what drafts one slot."""
    held: list[Result] = field(default_factory=list)
    """What the last replay gave."""

    @property
    def judge(self) -> Judge:
        """A judge of drafts that come from the model."""
        settings, judge = self.connection.settings, self.unstamped
        stamp = replace(judge.stamp, drafter=DRAFTER, model=model_used(settings))
        return replace(judge, stamp=stamp)

    def replay(self, jobs: Sequence[Job], known: Known) -> list[Job]:
        """Draft from kept replies alone; return the jobs for which a host must be asked."""
        self.held = []
        if not self.connection.digest:
            return list(jobs)
        missing: list[Job] = []
        kept = self.connection.kept
        for job in jobs:
            result = self._work(job, known, kept)
            if isinstance(result.made, MissingReplyError):
                missing.append(job)
            else:
                self.held.append(result)
        return missing

    def workers(self, jobs: Sequence[Job], known: Known) -> Iterator[Result]:
        """Draft slots: those for which all replies are kept at once, the others on the hosts."""
        missing = self.replay(jobs, known)
        if missing:
            digest = self.connection.digest
            try:
                self.connection.connect()
            except OllamaError:
                yield from self.held
                raise
            if self.connection.digest != digest:
                self.held, missing = [], list(jobs)
        yield from self.held
        if missing:
            yield from threads(self.work, self.connection.size)(missing, known)

    def work(self, job: Job, known: Known) -> Result:
        """Draft one slot; what goes wrong is in the result."""
        return self._work(job, known, self.connection.asker)

    def _work(self, job: Job, known: Known, asker_on: Callable[[str], Asker]) -> Result:
        judge = self.judge
        stamp = judge.stamp
        asker = asker_on(stamp.drafted)
        drafter = self.make(self.connection.settings, asker, judge)
        try:
            made = drafter.draft(job.slot, job.chunks, known)
        except (OllamaError, MissingReplyError, OSError) as error:
            return Result(job, error, stamp, asker.requests)
        stamp = replace(stamp, drafted=drafter.day or stamp.drafted)
        return Result(job, made, stamp, asker.requests)
