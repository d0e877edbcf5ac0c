"""Drafting with Ollama, from kept replies as far as they go, then from the hosts."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from coursec.drafting.drafts import Drafter, Known
from coursec.drafting.judge import Judge
from coursec.drafting.ollama.client import Ask, Host, Model, Patience, Reply
from coursec.drafting.ollama.drafter import DRAFTER, OllamaDrafter, model_used
from coursec.drafting.ollama.faults import Fault, OllamaError
from coursec.drafting.ollama.pool import PAUSE, Pool
from coursec.drafting.ollama.prompting import Settings
from coursec.drafting.ollama.prompts import VERSION
from coursec.drafting.ollama.replies import Asker, MissingReplyError, Replies
from coursec.drafting.run import Job, Result
from coursec.drafting.workers import threads

DEFAULT_MODEL = "qwen2.5:7b-instruct"
"""A model of 7 billion parameters: 4.7 GB to fetch, about 8 GB of memory to run."""

Pull = Callable[[Host, str], None]
Said = Callable[[Host, OllamaError], None]


class ModelDrafter(Drafter, Protocol):
    """A drafter that knows when its last reply was given."""

    day: str


@dataclass(slots=True)
class Session:
    """Drafts slots with a model on one host or several."""

    settings: Settings
    """Its model is the one last seen; what the hosts have replaces it."""
    judge: Judge
    replies: Replies
    addresses: Sequence[str]
    patience: Patience
    lost: Said
    """Is told of a host that is left out, and why."""
    pull: Pull | None = None
    """Fetches a model that a host does not have; None asks the user to."""
    pause: float = PAUSE
    make: Callable[[Settings, Asker, Judge], ModelDrafter] = OllamaDrafter
    """Makes what drafts one slot."""
    _pool: Pool | None = None
    held: list[Result] = field(default_factory=list)
    """What the last replay gave."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def replay(self, jobs: Sequence[Job], known: Known) -> list[Job]:
        """Draft from kept replies alone; return the jobs for which a host must be asked."""
        self.held = []
        if not self.settings.model.digest:
            return list(jobs)
        missing: list[Job] = []
        for job in jobs:
            result = self._work(job, known, None)
            if isinstance(result.made, MissingReplyError):
                missing.append(job)
            else:
                self.held.append(result)
        return missing

    def answers(self) -> OllamaError | None:
        """Return None when a host answers, else why the last of them does not."""
        error = None
        for address in self.addresses:
            try:
                Host(address, self.patience).version()
            except OllamaError as fault:
                error = fault
                if fault.fault is not Fault.NOT_RUNNING:
                    return fault
            else:
                return None
        return error

    def connect(self) -> None:
        """Find the hosts that have the model. Raises OllamaError where none has.

        Hosts whose model is another one of the same name are left out: one quiz is drafted by
        one model.
        """
        with self._lock:
            if self._pool is not None:
                return
            found: list[tuple[Host, Model]] = []
            errors: list[OllamaError] = []
            for address in self.addresses:
                host = Host(address, self.patience)
                try:
                    found.append((host, self._model(host)))
                except OllamaError as error:
                    errors.append(error)
                    if len(self.addresses) > 1:
                        self.lost(host, error)
            if not found:
                raise next((e for e in errors if e.fault is not Fault.NOT_RUNNING), errors[0])
            model = found[0][1]
            same = [host for host, other in found if other.digest == model.digest]
            for host, other in found:
                if other.digest != model.digest:
                    message = f"`{model.name}` at {host.address} is another model of that name."
                    hint = f"Run `ollama pull {model.name}` on every host."
                    self.lost(host, OllamaError(Fault.NO_MODEL, message, hint))
            self.replies.remember(model)
            if model.digest != self.settings.model.digest:
                self.held = []
            self.settings = replace(self.settings, model=model)
            self.judge = stamped(self.judge, self.settings)
            self._pool = Pool.of(same, self.lost, self.pause)

    def _model(self, host: Host) -> Model:
        host.version()
        name = self.settings.model.name
        try:
            return host.model(name)
        except OllamaError as error:
            if error.fault is not Fault.NO_MODEL or self.pull is None:
                raise
            self.pull(host, name)
            return host.model(name)

    def workers(self, jobs: Sequence[Job], known: Known) -> Iterator[Result]:
        """Draft slots: those for which all replies are kept at once, the others on the hosts."""
        missing = self.replay(jobs, known)
        if missing:
            kept, digest = self.held, self.settings.model.digest
            try:
                self.connect()
            except OllamaError:
                yield from kept
                raise
            if self.settings.model.digest != digest:
                missing = list(jobs)
        yield from self.held
        if missing:
            assert self._pool is not None
            yield from threads(self.work, self._pool.size)(missing, known)

    def work(self, job: Job, known: Known) -> Result:
        """Draft one slot; what goes wrong is in the result."""
        return self._work(job, known, self._answer)

    def _answer(self, ask: Ask) -> Reply:
        self.connect()
        assert self._pool is not None
        return self._pool(ask)

    def _work(self, job: Job, known: Known, answer: Callable[[Ask], Reply] | None) -> Result:
        stamp = self.judge.stamp
        asker = Asker(self.settings.model.digest, VERSION, self.replies, answer, stamp.drafted)
        drafter = self.make(self.settings, asker, self.judge)
        try:
            made = drafter.draft(job.slot, job.chunks, known)
        except (OllamaError, MissingReplyError, OSError) as error:
            return Result(job, error, stamp, asker.requests)
        stamp = replace(stamp, drafted=drafter.day or stamp.drafted)
        return Result(job, made, stamp, asker.requests)


def stamped(judge: Judge, settings: Settings) -> Judge:
    """Return a judge whose drafts come from a model."""
    stamp = replace(judge.stamp, drafter=DRAFTER, model=model_used(settings))
    return replace(judge, stamp=stamp)
