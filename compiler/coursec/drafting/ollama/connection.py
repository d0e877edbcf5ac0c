"""The hosts that have a course's model, and the replies that are kept of it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from coursec.drafting.ollama.client import Ask, Host, Model, Patience, Reply
from coursec.drafting.ollama.faults import Fault, OllamaError
from coursec.drafting.ollama.pool import PAUSE, Pool
from coursec.drafting.ollama.prompting import Settings
from coursec.drafting.ollama.prompts import VERSION
from coursec.drafting.ollama.replies import Asker, Replies

DEFAULT_MODEL = "qwen2.5:7b-instruct"
"""A model of 7 billion parameters: 4.7 GB to fetch, about 8 GB of memory to run."""

Pull = Callable[[Host, str], None]
Said = Callable[[Host, OllamaError], None]


@dataclass(slots=True)
class Connection:
    """Asks one model, on one host or several."""

    settings: Settings
    """Its model is the one last seen; what the hosts have replaces it."""
    replies: Replies
    addresses: Sequence[str]
    patience: Patience
    lost: Said
    """Is told of a host that is left out, and why."""
    pull: Pull | None = None
    """Fetches a model that a host does not have; None asks the user to."""
    pause: float = PAUSE
    _pool: Pool | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def digest(self) -> str:
        """Digest of the model; empty where it has never been seen."""
        return self.settings.model.digest

    @property
    def size(self) -> int:
        """How many requests can be answered at once."""
        return self._pool.size if self._pool else 0

    def kept(self, day: str) -> Asker:
        """Return what gives kept replies, and asks nobody."""
        return Asker(self.digest, VERSION, self.replies, None, day)

    def asker(self, day: str) -> Asker:
        """Return what gives kept replies, and asks a host for others; `day` is ISO 8601."""
        return Asker(self.digest, VERSION, self.replies, self._answer, day)

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
            self.found(model)
            self._pool = Pool.of(same, self.lost, self.pause)

    def found(self, model: Model) -> None:
        """Take the model that the hosts have, and remember it for a later run."""
        self.replies.remember(model)
        self.settings = replace(self.settings, model=model)

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

    def _answer(self, ask: Ask) -> Reply:
        self.connect()
        assert self._pool is not None
        return self._pool(ask)
