"""Slots drafted side by side on this machine."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator, Sequence

from coursec.drafting.drafts import Known
from coursec.drafting.entry import Stamp
from coursec.drafting.run import Job, Result, Work, Workers

_NO_STAMP = Stamp("", "")


def threads(work: Work, count: int) -> Workers:
    """Return workers that draft `count` slots at once.

    They are daemons: an interrupted program does not wait for a model that is still writing.
    """

    def run(jobs: Sequence[Job], known: Known) -> Iterator[Result]:
        todo: queue.SimpleQueue[Job] = queue.SimpleQueue()
        done: queue.SimpleQueue[Result] = queue.SimpleQueue()
        stop = threading.Event()
        for job in jobs:
            todo.put(job)

        def worker() -> None:
            while not stop.is_set():
                try:
                    job = todo.get_nowait()
                except queue.Empty:
                    return
                try:
                    done.put(work(job, known))
                except Exception as error:  # a mistake of ours must not leave the run waiting
                    done.put(Result(job, error, _NO_STAMP))

        for _ in range(min(count, len(jobs))):
            threading.Thread(target=worker, daemon=True).start()
        try:
            for _ in jobs:
                yield done.get()
        finally:
            stop.set()

    return run


def one_by_one(work: Work) -> Workers:
    """Return a worker that drafts slots in order, in this thread."""

    def run(jobs: Sequence[Job], known: Known) -> Iterator[Result]:
        for job in jobs:
            yield work(job, known)

    return run
