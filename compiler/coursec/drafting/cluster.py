"""The same jobs on a Dask cluster: each is done once, and a worker that dies gives its job up.

A job depends on nothing but its arguments, and its replies are kept by what was asked; so it does
not matter which worker does it, nor whether it is begun again. Workers ask the hosts of
course.yaml as these are seen from where they run: 127.0.0.1 is each worker's own Ollama.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any

from coursec.diagnostics import Diagnostic, Diagnostics
from coursec.drafting.drafts import Known
from coursec.drafting.evidence.vectors import Embedder
from coursec.drafting.hosts import may_speak_to
from coursec.drafting.ingest import formats
from coursec.drafting.ingest.page import Deck
from coursec.drafting.judge import Judge
from coursec.drafting.ollama.client import Host, Model, Patience, Reply
from coursec.drafting.ollama.connection import Connection
from coursec.drafting.ollama.faults import Fault, OllamaError
from coursec.drafting.ollama.prompting import Settings
from coursec.drafting.ollama.replies import Replies
from coursec.drafting.ollama.session import Session
from coursec.drafting.run import Job, Result
from coursec.model.quiz import DraftingOptions

_CONNECT = 15
"""Seconds that the scheduler may take to answer."""
_TOKEN = "cluster"  # noqa: S105
_TEXTS = 8
"""Texts that a worker embeds at a time."""
_TRIES = 2
"""How often a job is begun again that ends in an exception."""


class ClusterError(Exception):
    """The cluster cannot be used; the message is a sentence for the user."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Commission:
    """What all jobs of a run have in common; it travels to each worker once."""

    settings: Settings
    judge: Judge
    folder: str
    """Where the course keeps its replies."""
    token: str
    """Stands in a file there: a worker that reads it shares the folder."""
    addresses: tuple[str, ...]
    patience: Patience
    pause: float


@dataclass
class Carried(Replies):
    """Replies that travel back with the result; kept at once too where the folder is shared."""

    shared: bool = False
    new: dict[str, tuple[Reply, str]] = field(default_factory=dict)
    """By key: the reply, and what the file holds."""

    def put_text(self, key: str, reply: Reply, text: str) -> None:
        """Keep a reply for the way back, and in the folder where that is shared."""
        self.new[key] = (reply, text)
        if self.shared:
            super().put_text(key, reply, text)

    def get(self, key: str) -> Reply | None:
        """Return a kept reply."""
        if key in self.new:
            return self.new[key][0]
        return super().get(key) if self.shared else None


@dataclass(slots=True)
class Cluster:
    """A Dask cluster that drafts for a session."""

    client: Any
    """Of `distributed`, whose methods have no types."""
    session: Session
    commission: Any = None
    """A future of the commission, on every worker."""
    able: list[str] = field(default_factory=list)
    """Addresses of the workers that reach a host with the model."""

    def workers(self, jobs: Sequence[Job], known: Known) -> Iterator[Result]:
        """Draft slots on the cluster; those whose replies are all kept need none."""
        missing = self.session.replay(jobs, known)
        digest = self.session.connection.digest
        if missing:
            self._commission()
            if self.session.connection.digest != digest:
                missing = self.session.replay(jobs, known)
        yield from self.session.held
        if missing:
            yield from self._results(missing, known)

    def work(self, job: Job, known: Known) -> Result:
        """Draft one slot on the cluster and wait for it."""
        if not self.session.replay([job], known):
            return self.session.held[0]
        self._commission()
        return next(self._results([job], known))

    def _results(self, jobs: Sequence[Job], known: Known) -> Iterator[Result]:
        distributed: Any = import_module("distributed")

        asked = self.client.scatter(known, broadcast=True)
        futures = {
            self.client.submit(
                _drafted,
                self.commission,
                job,
                asked,
                key=f"draft-{_key(job, self.session, known)}",
                retries=_TRIES,
                workers=self.able,
                allow_other_workers=False,
                pure=True,
            ): job
            for job in jobs
        }
        try:
            for future in distributed.as_completed(futures, loop=self.client.loop):
                job = futures[future]
                try:
                    result, new = future.result()
                except distributed.scheduler.KilledWorker as error:
                    message = f"Every worker that drafted `{job.name}` died ({error.task})."
                    fault = OllamaError(Fault.FAILED, message, "The workers' logs say why.")
                    yield Result(job, fault, self.session.judge.stamp)
                    continue
                for key, (reply, text) in new.items():
                    self.session.connection.replies.put_text(key, reply, text)
                yield result
        finally:
            self.client.cancel([future for future in futures if not future.done()])

    def _commission(self) -> None:
        """Find the workers that reach the model, and send all of them what jobs have in common."""
        if self.commission is not None:
            return
        session, connection = self.session, self.session.connection
        token = secrets.token_hex(16)
        folder = connection.replies.folder.resolve()
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _TOKEN).write_text(token)
        order = Commission(
            connection.settings,
            session.judge,
            str(folder),
            token,
            tuple(connection.addresses),
            connection.patience,
            connection.pause,
        )
        found = self._survey(order)
        models = {at: model for at, model in found.items() if isinstance(model, Model)}
        errors = {at: error for at, error in found.items() if isinstance(error, OllamaError)}
        if not models:
            raise next(iter(errors.values()), _nobody())
        model = next(iter(models.values()))
        for at, error in errors.items():
            connection.lost(Host(at), error)
        self.able = [at for at, other in models.items() if other.digest == model.digest]
        connection.found(model)
        order = replace(order, settings=connection.settings, judge=session.judge)
        self.commission = self.client.scatter(order, broadcast=True)

    def _survey(self, order: Commission) -> dict[str, Model | OllamaError]:
        """Return what each worker reaches, by its address."""
        try:
            found: dict[str, Model | OllamaError] = self.client.run(_surveyed, order)
        except Exception as error:  # whatever a worker without our packages raises
            raise ClusterError(
                f"The workers cannot draft ({type(error).__name__}: {str(error)[:100]}).",
                "Install the same version of `coursec[cluster]` where the workers run.",
            ) from error
        return found


@dataclass(frozen=True, slots=True)
class Spread:
    """An embedder whose texts are shared among the workers of a cluster."""

    client: Any
    embedder: Embedder

    @property
    def name(self) -> str:
        """The model's name: the vectors are those of the embedder itself."""
        return self.embedder.name

    def embed(self, texts: Sequence[str], *, query: bool = False) -> list[list[float]]:
        """Return a vector of each text. Raises what the embedder raises."""
        if query or len(texts) <= _TEXTS:
            return self.embedder.embed(texts, query=query)
        parts = [list(texts[at : at + _TEXTS]) for at in range(0, len(texts), _TEXTS)]
        futures = [
            self.client.submit(
                _embedded,
                self.embedder,
                part,
                key=f"embed-{_digest(self.name, *part)}",
                retries=_TRIES,
                pure=True,
            )
            for part in parts
        ]
        found: list[list[list[float]]] = self.client.gather(futures)
        return [vector for part in found for vector in part]


def _embedded(embedder: Embedder, texts: list[str]) -> list[list[float]]:
    return embedder.embed(texts)


def read_decks(
    client: Any, files: Sequence[tuple[str, bytes]], titles: Sequence[str]
) -> Iterator[tuple[str, Deck | None, list[Diagnostic]]]:
    """Read files of slides on the workers: yields (name, deck or None, findings), in order."""
    futures = [
        client.submit(
            _read,
            name,
            data,
            list(titles),
            key=f"ingest-{_digest(name, *titles)}-{sha256(data).hexdigest()[:32]}",
            retries=_TRIES,
            pure=True,
        )
        for name, data in files
    ]
    for (name, _), future in zip(files, futures, strict=True):
        deck, said = future.result()
        yield name, deck, said


def _read(name: str, data: bytes, titles: list[str]) -> tuple[Deck | None, list[Diagnostic]]:
    sink = Diagnostics()
    return formats.read(name, data, sink, titles=titles), list(sink)


@contextmanager
def connected(address: str, options: DraftingOptions) -> Iterator[Any]:
    """Return a client of the scheduler at an address. Raises ClusterError.

    A scheduler on another machine must be confirmed in course.yaml.
    """
    if not may_speak_to(address, options):
        raise ClusterError(
            f"{address} is on another machine: the text of the slides would be sent to it.",
            "Confirm it with `remote: true` under `drafting`, if that is meant.",
        )
    try:
        distributed: Any = import_module("distributed")
    except ModuleNotFoundError as error:
        raise ClusterError(
            f"The package {error.name} is not installed.",
            "Install what a cluster needs: pip install 'coursec[cluster]'.",
        ) from error
    try:
        client = distributed.Client(address, timeout=_CONNECT, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise ClusterError(
            f"No Dask scheduler answers at {address} ({type(error).__name__}).",
            "Start one with `dask scheduler`, and workers with `dask worker ADDRESS`.",
        ) from error
    try:
        if not client.scheduler_info()["workers"]:
            raise ClusterError(
                f"The Dask scheduler at {address} has no workers.",
                f"Start some: dask worker {address}",
            )
        yield client
    finally:
        client.close()


def _drafted(
    order: Commission, job: Job, known: Known
) -> tuple[Result, dict[str, tuple[Reply, str]]]:
    """Draft a slot on a worker."""
    session, replies = _session(order)
    return session.work(job, known), replies.new


def _surveyed(order: Commission) -> Model | OllamaError:
    """Return the model that a worker reaches, or why it reaches none."""
    session, _ = _session(order)
    try:
        session.connection.connect()
    except OllamaError as error:
        return error
    return session.connection.settings.model


def _session(order: Commission) -> tuple[Session, Carried]:
    folder = Path(order.folder)
    replies = Carried(folder, shared=_shares(folder, order.token))
    connection = Connection(
        settings=order.settings,
        replies=replies,
        addresses=order.addresses,
        patience=order.patience,
        lost=lambda host, error: None,
        pause=order.pause,
    )
    return Session(connection, order.judge), replies


def _shares(folder: Path, token: str) -> bool:
    try:
        return (folder / _TOKEN).read_text() == token
    except OSError:
        return False


def _key(job: Job, session: Session, known: Known) -> str:
    """Return what a job depends on: the same one is not done twice at a time."""
    return _digest(
        job.name, repr(job.slot), repr(job.chunks), repr(session.connection.settings), repr(known)
    )


def _digest(*parts: str) -> str:
    return sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _nobody() -> OllamaError:
    return OllamaError(Fault.NOT_RUNNING, "No worker of the cluster answers.")
