"""One Ollama host, through its own client: every fault becomes an OllamaError."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import ollama

from coursec.diagnostics.columns import clean
from coursec.drafting.ollama.door import Door, EndlessError, OverdueError
from coursec.drafting.ollama.faults import Fault, OllamaError

OLDEST = (0, 5, 0)
"""The first version that holds a model to a JSON Schema."""
INSTALL = (
    "Install it from https://ollama.com/download and start it with `ollama serve`; "
    "or draft without a model: --drafter extractive."
)
_PULL_SECONDS = 24 * 3600.0
_LONGEST_NAME = 200
_DIGEST = re.compile(r"[0-9a-f]{12,128}")
_TOO_LONG = re.compile(r"context (length|window|size)|longer than the context", re.IGNORECASE)
_MISSING = re.compile(r"model .*not found|file does not exist|try pulling", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a host is waited for, in seconds."""

    connect: float = 5.0
    stall: float = 240.0
    """Without a sign of life; a large model that must be loaded first takes most of it."""
    total: float = 900.0
    """For a whole reply, however steadily it drips."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One request to a model."""

    model: str
    system: str
    prompt: str
    schema: Mapping[str, Any]
    """JSON Schema that holds the reply."""
    options: Mapping[str, int | float]
    """Such as seed, temperature, num_ctx, num_predict."""
    think: bool | None = None
    """False for a model that would think aloud first; None where it cannot."""

    @property
    def messages(self) -> list[dict[str, str]]:
        """The messages; the evidence stands in the last, which a server drops last."""
        return [
            {"role": "system", "content": self.system},
            {"role": "user", "content": self.prompt},
        ]


@dataclass(frozen=True, slots=True)
class Reply:
    """What a model answered."""

    text: str
    done: str
    """`stop`, or `length` where it was cut off."""
    prompt_tokens: int | None = None
    """Tokens of the prompt that the server says it has read; None where it does not say."""
    tokens: int | None = None
    day: str = ""
    """When it was given, ISO 8601; empty where it was given just now."""


@dataclass(frozen=True, slots=True)
class Model:
    """A model as a host has it."""

    name: str
    digest: str
    context: int | None = None
    """Largest context window in tokens; None where unknown."""
    thinks: bool = False


def is_sound(model: Model) -> bool:
    """Tell whether a model's digest and context are such: they go into items' provenance."""
    context = model.context
    return (
        isinstance(model.digest, str)
        and bool(_DIGEST.fullmatch(model.digest))
        and (context is None or (type(context) is int and context > 0))
        and isinstance(model.thinks, bool)
    )


class Host:
    """An Ollama host."""

    def __init__(self, address: str, patience: Patience = Patience()) -> None:
        self.address = address
        self.patience = patience
        self._client = self._open(patience)

    def _open(self, patience: Patience) -> ollama.Client:
        return ollama.Client(
            host=self.address,  # or the environment's OLLAMA_HOST would count
            timeout=httpx.Timeout(
                connect=patience.connect, read=patience.stall, write=60.0, pool=60.0
            ),
            transport=Door(self.address, patience.total),
            trust_env=False,
            follow_redirects=False,
        )

    def version(self) -> str:
        """Return Ollama's version. Raises OllamaError, also where it is too old."""
        quick = Patience(self.patience.connect, min(10.0, self.patience.stall), 10.0)
        client = self._open(quick)
        with self._faults(quick), client:
            # The client has no method for it; its own request raises what the others do.
            raw: Any = client._request_raw
            answer = raw("GET", "/api/version").json()
            version = answer["version"]
            if not isinstance(version, str):
                raise TypeError("a version is a text")
        numbers = re.match(r"v?(\d+)\.(\d+)(?:\.(\d+))?", version)
        if numbers and tuple(int(n or 0) for n in numbers.groups()) < OLDEST:
            wanted = ".".join(map(str, OLDEST))
            raise OllamaError(
                Fault.TOO_OLD,
                f"Ollama {_shown(version)} at {self.address} is too old: "
                f"{wanted} is the first version that keeps to a schema.",
                "Install the present version from https://ollama.com/download.",
            )
        return version

    def model(self, name: str) -> Model:
        """Return what the host knows of a model. Raises OllamaError."""
        with self._faults(model=name):
            listed = self._client.list().models
            full = name if ":" in name.rpartition("/")[2] else f"{name}:latest"
            digest = next((m.digest for m in listed if m.model in (name, full)), None)
            if not digest:
                raise _no_model(name, self.address)
            shown = self._client.show(name)
            info = shown.modelinfo or {}
            context = next(
                (
                    v
                    for k, v in info.items()
                    if k.endswith(".context_length") and type(v) is int and v > 0
                ),
                None,
            )
            thinks = "thinking" in (shown.capabilities or [])
            model = Model(name, digest.removeprefix("sha256:"), context, thinks)
            if not is_sound(model):
                raise ValueError("no digest of a model")
        return model

    def chat(self, ask: Ask) -> Reply:
        """Return the whole reply to a request. Raises OllamaError; never hangs."""
        parts: list[str] = []
        last: Any = None
        with self._faults(model=ask.model):
            stream = self._client.chat(
                model=ask.model,
                messages=ask.messages,
                format=dict(ask.schema),
                options=dict(ask.options),
                think=ask.think,
                stream=True,
            )
            for part in stream:
                parts.append(part.message.content or "")
                last = part
        if last is None or not last.done or last.done_reason in ("load", "unload"):
            raise OllamaError(
                Fault.BROKEN_OFF,
                f"The reply of `{ask.model}` broke off.",
                "Try again; Ollama's log says why.",
            )
        return Reply(
            "".join(parts), last.done_reason or "stop", last.prompt_eval_count, last.eval_count
        )

    def embed(self, model: str, texts: Sequence[str]) -> list[list[float]]:
        """Return a vector of each text, all of one length. Raises OllamaError."""
        with self._faults(model=model):
            answer = self._client.embed(model=model, input=texts)
            vectors = [list(map(float, vector)) for vector in answer.embeddings]
        sizes = {len(vector) for vector in vectors}
        whole = all(math.isfinite(number) for vector in vectors for number in vector)
        if len(vectors) != len(texts) or len(sizes) != 1 or 0 in sizes or not whole:
            raise OllamaError(
                Fault.REFUSED,
                f"`{model}` gave {len(vectors)} vectors for {len(texts)} texts."
                if whole
                else f"`{model}` gave vectors that are no numbers.",
                "Choose a model that is made for embedding, such as nomic-embed-text.",
            )
        return vectors

    def pull(self, name: str, progress: Callable[[str, int, int], None]) -> None:
        """Fetch a model; `progress` gets (status, bytes done, bytes in all). Raises OllamaError."""
        patience = Patience(self.patience.connect, self.patience.stall, _PULL_SECONDS)
        client = self._open(patience)
        status = ""
        with self._faults(patience, model=name), client:
            for part in client.pull(name, stream=True):
                status = part.status or ""
                progress(status, part.completed or 0, part.total or 0)
        if status != "success":
            raise OllamaError(
                Fault.BROKEN_OFF, f"Fetching `{name}` broke off.", f"Run: ollama pull {name}"
            )

    @contextmanager
    def _faults(self, patience: Patience | None = None, model: str = "") -> Iterator[None]:
        try:
            yield
        except OllamaError:
            raise
        except Exception as error:
            raise self._fault(error, patience or self.patience, model) from error

    def _fault(self, error: Exception, patience: Patience, model: str) -> OllamaError:
        """Return what a client's exception means. Raises it again where it is a mistake of ours."""
        here = self.address
        match error:
            case ollama.ResponseError():
                return self._answered(error, model)
            case EndlessError():
                return OllamaError(Fault.ENDLESS, f"The answer of {here} does not end.")
            case httpx.ConnectTimeout() | httpx.ConnectError() | ConnectionError():
                return OllamaError(Fault.NOT_RUNNING, f"No Ollama answers at {here}.", INSTALL)
            case httpx.TimeoutException():
                seconds = patience.total if isinstance(error, OverdueError) else patience.stall
                return OllamaError(
                    Fault.SLOW,
                    f"Ollama at {here} gives no whole answer within {seconds:g} seconds.",
                    "Allow more with --timeout, or choose a smaller model.",
                )
            case httpx.TransportError():
                return OllamaError(
                    Fault.BROKEN_OFF,
                    f"Ollama at {here} broke off the connection.",
                    "Try again; Ollama's log says why.",
                )
            case (
                httpx.HTTPError()
                | ValueError()
                | TypeError()
                | KeyError()
                | AttributeError()
                | RecursionError()
            ):
                return OllamaError(
                    Fault.STRANGER,
                    f"What answers at {here} is no Ollama.",
                    "Write Ollama's address into course.yaml: `drafting: {host: …}`.",
                )
        raise error

    def _answered(self, error: ollama.ResponseError, model: str) -> OllamaError:
        status, said, here = error.status_code, _shown(str(error.error)), self.address
        if status == 404 and _MISSING.search(said):
            return _no_model(model, here)
        if status == -1 and _MISSING.search(said):
            return OllamaError(
                Fault.NO_MODEL,
                f"Ollama's library has no model `{model}`.",
                "Names of models: https://ollama.com/library.",
            )
        if 300 <= status < 400:
            return OllamaError(
                Fault.STRANGER,
                f"{here} sends us to another address: that is not followed.",
                "Write Ollama's own address into course.yaml: `drafting: {host: …}`.",
            )
        if status == 400 and _TOO_LONG.search(said):
            return OllamaError(
                Fault.CONTEXT,
                f"The prompt is longer than the context that Ollama gives `{model}`.",
                "Set a smaller `context` in course.yaml, or allow Ollama a larger one "
                "(OLLAMA_CONTEXT_LENGTH).",
            )
        if status in (429, 503):
            return OllamaError(
                Fault.BUSY,
                f"Ollama at {here} has too much to do.",
                "Try again later: what is drafted stays.",
            )
        if status in (404, 405):
            return OllamaError(
                Fault.STRANGER,
                f"What answers at {here} is no Ollama.",
                "Write Ollama's address into course.yaml: `drafting: {host: …}`.",
            )
        if status == -1 or status >= 500:
            return OllamaError(
                Fault.FAILED,
                f"Ollama at {here} fails: {said}.",
                "Ollama's log says why; often the model needs more memory than there is.",
            )
        return OllamaError(Fault.REFUSED, f"Ollama at {here} refuses the request: {said}.")


def _no_model(name: str, here: str) -> OllamaError:
    return OllamaError(
        Fault.NO_MODEL,
        f"Ollama at {here} has no model `{name}`.",
        f"Run `ollama pull {name}`, or let --pull do it.",
    )


def _shown(text: str) -> str:
    """Return what a server says as one short line that a terminal can show."""
    line = " ".join(clean(text).split()).rstrip(".")
    return line if len(line) <= _LONGEST_NAME else line[: _LONGEST_NAME - 1] + "\u2026"
