"""Every reply that a model gave, by what it was asked: nothing is asked twice."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import date
from errno import ENOENT
from hashlib import sha256
from pathlib import Path
from typing import Any

from coursec.drafting.ollama.client import Ask, Model, Reply
from coursec.engine.files import write_all

FOLDER = ".coursec/replies"
"""Where a course keeps them."""


class MissingReplyError(Exception):
    """A reply that is not kept, and nobody to ask."""


def key_of(ask: Ask, digest: str, version: str) -> str:
    """Return the key of a request: everything that a reply depends on."""
    parts = {
        "engine": "ollama",
        "model": digest,
        "prompt": version,
        "messages": ask.messages,
        "schema": ask.schema,
        "options": dict(ask.options),
        "think": ask.think,
    }
    canonical = json.dumps(parts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(slots=True)
class Replies:
    """The replies of a course: one file each, written in one step."""

    folder: Path

    def get(self, key: str) -> Reply | None:
        """Return a kept reply; a file that is damaged counts as none."""
        try:
            kept = json.loads(_text(self._path(key)))
            reply = Reply(**kept["reply"])
        except (OSError, ValueError, KeyError, TypeError, RecursionError, AttributeError):
            return None
        return reply if kept.get("key") == key and _is_reply(reply) else None

    def put(self, key: str, reply: Reply, ask: Ask) -> None:
        """Keep a reply, with what was asked, for a person to read. Raises OSError."""
        kept = {
            "key": key,
            "model": ask.model,
            "options": dict(ask.options),
            "prompt": ask.prompt,
            "reply": asdict(reply),
        }
        self.put_text(key, reply, json.dumps(kept, ensure_ascii=False, indent=1) + "\n")

    def put_text(self, key: str, reply: Reply, text: str) -> None:
        """Write the file of a reply. Raises OSError."""
        self._write(self._path(key), text.encode("utf-8", "replace"))

    def model(self, name: str) -> Model | None:
        """Return a model as it was when it was last asked; None where it never was."""
        try:
            known = json.loads(_text(self.folder / "models.json"))[name]
            model = Model(**known)
        except (OSError, ValueError, KeyError, TypeError, RecursionError, AttributeError):
            return None
        return model if model.name == name and _is_model(model) else None

    def remember(self, model: Model) -> None:
        """Keep what a model is, so that a later run need not ask for it. Raises OSError."""
        path = self.folder / "models.json"
        try:
            known: dict[str, Any] = json.loads(_text(path))
            known[model.name] = asdict(model)
            text = json.dumps(known, indent=1, sort_keys=True)
        except (OSError, ValueError, TypeError, RecursionError):
            text = json.dumps({model.name: asdict(model)}, indent=1)
        self._write(path, f"{text}\n".encode())

    def _write(self, path: Path, data: bytes) -> None:
        write_all([(path, data)], within=self.folder.parents[FOLDER.count("/")])

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key}.json"


def _text(path: Path) -> str:
    """Return the text of a file; a pipe would be waited for without end. Raises OSError."""
    if not path.is_file():
        raise FileNotFoundError(ENOENT, "it is no file", str(path))
    return path.read_text("utf-8")


def _is_reply(reply: Reply) -> bool:
    """Tell whether a kept reply is one: the files may be a stranger's."""
    return (
        isinstance(reply.text, str)
        and isinstance(reply.done, str)
        and _is_count(reply.prompt_tokens)
        and _is_count(reply.tokens)
        and isinstance(reply.day, str)
        and (not reply.day or _is_day(reply.day))
    )


def _is_model(model: Model) -> bool:
    return (
        isinstance(model.digest, str)
        and bool(_DIGEST.fullmatch(model.digest))
        and _is_count(model.context)
        and model.context != 0
        and isinstance(model.thinks, bool)
    )


def _is_count(value: object) -> bool:
    return value is None or (type(value) is int and value >= 0)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


_DIGEST = re.compile(r"[0-9A-Za-z]{0,128}")
Answerer = Callable[[Ask], Reply]


@dataclass(slots=True)
class Asker:
    """Asks a model, and keeps what it says."""

    digest: str
    version: str
    replies: Replies
    answer: Answerer | None
    """Asks a host; None asks nobody."""
    day: str
    """Today, ISO 8601: it is kept with what is asked today."""
    requests: int = 0
    """How often a host was asked."""

    def __call__(self, ask: Ask) -> Reply:
        """Return a reply, kept or new. Raises MissingReplyError, OllamaError, OSError."""
        key = key_of(ask, self.digest, self.version)
        kept = self.replies.get(key)
        if kept is not None:
            return kept
        if self.answer is None:
            raise MissingReplyError(key)
        self.requests += 1
        reply = replace(self.answer(ask), day=self.day)
        self.replies.put(key, reply, ask)
        return reply
