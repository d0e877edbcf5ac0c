"""A run of drafting: slots in, items in the file of drafts out, in the order of the plan.

Slots are drafted side by side and settled in order, so that the same slots give the same file
however many hosts share the work, and however often the run was interrupted.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from coursec.drafting.bankfile import Entry, file_of, with_items
from coursec.drafting.drafts import Draft, Known, Unfilled
from coursec.drafting.entry import Stamp, entry
from coursec.drafting.evidence.chunk import Chunk
from coursec.drafting.evidence.coverage import Slot
from coursec.drafting.identity import item_id
from coursec.drafting.judge import Judge, Verdict
from coursec.drafting.repetition import asked_by
from coursec.engine.files import write_all

_FLUSH = 1.0
"""Seconds between two writings of the file."""


@dataclass(frozen=True, slots=True)
class Job:
    """A slot to be drafted."""

    name: str
    """Id of its item."""
    slot: Slot
    chunks: tuple[Chunk, ...]
    """The slot's own first, then others on its topic."""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a job."""

    job: Job
    made: Draft | Unfilled | Exception
    stamp: Stamp
    """What its provenance says beside its evidence."""
    requests: int = 0
    """How often a model was asked for it."""


Work = Callable[[Job, Known], Result]
"""Drafts one slot; faults come back as the result's exception."""
Workers = Callable[[Sequence[Job], Known], Iterator[Result]]
"""Drafts slots, several at once; results come in any order."""
Progress = Callable[[Result, int, int], None]
"""Is told of each result, how many are done, and of how many."""


@dataclass(slots=True)
class Run:
    """The drafting of one quiz."""

    root: Path
    judge: Judge
    jobs: Sequence[Job]
    """All planned slots, in order; those whose items stand in the course are left alone."""
    written: list[str] = field(default_factory=list)
    """Ids of the items that are new in the file."""
    there: list[str] = field(default_factory=list)
    """Ids of planned items that stood in the course already."""
    unfilled: list[tuple[Job, str]] = field(default_factory=list)
    """Slots that stay empty, and why."""
    faults: list[tuple[Job, Exception]] = field(default_factory=list)
    requests: int = 0
    _new: dict[str, Entry] = field(default_factory=dict)
    _flushed: float = 0.0

    @property
    def open(self) -> list[Job]:
        """The slots whose items do not stand in the course."""
        return [job for job in self.jobs if job.name not in self.judge.bank.items]

    @property
    def known(self) -> Known:
        """What the course asks beside the planned items themselves."""
        planned = {job.name for job in self.jobs}
        return Known(tuple(one for one in self.judge.asked.asked if one.item not in planned))

    def run(self, workers: Workers, again: Work, progress: Progress) -> None:
        """Draft every open slot and write what is accepted.

        `again` drafts one slot anew where another of the run asks the same. Whatever ends the
        run early, what is settled is written. Raises OSError where it cannot be.
        """
        bank, known = self.judge.bank.items, self.known
        open_ = self.open
        results: dict[str, Result] = {}
        waiting = list(self.jobs)
        self._flushed = time.monotonic()
        settled = known
        try:
            for result in workers(open_, known):
                results[result.job.name] = result
                self.requests += result.requests
                progress(result, len(results), len(open_))
                while waiting and (waiting[0].name in results or waiting[0].name in bank):
                    settled = self._settle(waiting.pop(0), results, settled, again)
                if time.monotonic() - self._flushed > _FLUSH:
                    self.flush()
            for job in waiting:  # nothing came of some: an interrupted cluster
                if job.name in results or job.name in bank:
                    settled = self._settle(job, results, settled, again)
        except BaseException:
            # What was done out of turn is kept too: its replies are there, it asks nothing.
            for job in waiting:
                if job.name in results and isinstance(results[job.name].made, Draft):
                    settled = self._settle(job, results, settled, None)
            self.flush()
            raise
        self.flush()

    def _settle(
        self, job: Job, results: Mapping[str, Result], known: Known, again: Work | None
    ) -> Known:
        """Take a result, or say why not; return what is known now."""
        standing = self.judge.bank.items.get(job.name)
        if standing is not None:
            self.there.append(job.name)
            return known.with_item(standing, asked_by(standing))
        result = results[job.name]
        job = result.job  # a drafter may have looked at more slides
        judge = replace(self.judge, stamp=result.stamp)
        verdict = Verdict([])
        if isinstance(result.made, Draft):
            verdict = judge.verdict(result.made, job.slot, job.chunks, known)
            if verdict.problems and again is not None:
                result = again(job, known)
                job = result.job
                self.requests += result.requests
                if isinstance(result.made, Draft):
                    verdict = judge.verdict(result.made, job.slot, job.chunks, known)
        match result.made:
            case Draft() as draft if verdict.item is not None:
                self._new[job.name] = entry(job.name, draft, result.stamp)
                return known.with_item(verdict.item, asked_by(verdict.item))
            case Draft():
                self.unfilled.append((job, verdict.problems[0]))
            case Unfilled(reason):
                self.unfilled.append((job, reason))
            case error:
                self.faults.append((job, error))
        return known

    def flush(self) -> None:
        """Write what is new. Raises OSError."""
        self._flushed = time.monotonic()
        if not self._new:
            return
        order = [job.name for job in self.jobs]
        quiz = self.judge.quiz
        for path in _files(self.root, quiz):
            before = _read(path)
            after = with_items(before, self._new, order, quiz)
            if after is not None:
                write_all([(path, after.encode())], within=self.root)
                break
        self.written.extend(self._new)
        self._new.clear()


def jobs_of(
    quiz: str, slots: Sequence[Slot], chunks: Callable[[Slot], Sequence[Chunk]]
) -> list[Job]:
    """Return the jobs of a plan, each with the chunks that its drafter may see."""
    found: dict[str, Job] = {}
    for slot in slots:
        name = item_id(quiz, slot)
        found.setdefault(name, Job(name, slot, tuple(chunks(slot))))
    return list(found.values())


def own_chunks(slot: Slot) -> list[Chunk]:
    """Return the chunks that a slot's evidence stands in, each once."""
    return list({span.chunk.id: span.chunk for span in slot.spans}.values())


def _files(root: Path, quiz: str) -> Iterator[Path]:
    """Yield the files that may take drafts: the usual one, and others where it takes none."""
    first = root / file_of(quiz)
    yield first
    for number in range(2, 1_000):
        yield first.with_name(f"{quiz}-drafts-{number}.yaml")


def _read(path: Path) -> str | None:
    try:
        return path.read_bytes().decode()
    except FileNotFoundError:
        return None
