"""The manifest: what was built from what.

`manifest.json` in the output folder names every output with the digest of what it was made
from and of its own bytes. It holds no time and no path of the machine, so that two builds
of the same course have the same manifest.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any

from coursec.targets import ALL_TARGETS

NAME = "manifest.json"
_TOOL = "coursec"
_VERSION = 1
_NAME = re.compile(r"[a-z0-9-]+(\.[a-z0-9]+)+")


def digest(*parts: bytes) -> str:
    """Return a digest of the parts as hexadecimal digits."""
    state = blake2b(digest_size=16)
    for part in parts:
        state.update(len(part).to_bytes(8, "big"))
        state.update(part)
    return state.hexdigest()


@dataclass(frozen=True, slots=True)
class Entry:
    """One output."""

    target: str
    quiz: str
    key: str
    """Digest of what it was made from."""
    digest: str
    """Digest of its bytes."""


def _ours(path: str, entry: Entry) -> bool:
    folder, _, name = path.partition("/")
    words = (entry.target, entry.quiz, entry.key, entry.digest)
    return (
        all(isinstance(word, str) for word in words)
        and folder == entry.target
        and folder in ALL_TARGETS
        and _NAME.fullmatch(name) is not None
    )


@dataclass(slots=True)
class Manifest:
    """All outputs by path, and what they were made from."""

    outputs: dict[str, Entry] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    """Digest of every file of the course that was read, by path."""
    diagnostics: list[dict[str, Any]] = field(default_factory=list)

    @staticmethod
    def read(folder: Path) -> Manifest | None:
        """Read the manifest of an output folder; None when the file is another tool's.

        A missing or broken one counts as empty. It may have been tampered with: an entry
        counts only when it names a file that coursec could have written there.
        """
        try:
            data = json.loads((folder / NAME).read_bytes())
        except (OSError, ValueError, RecursionError):
            return Manifest()
        if not (isinstance(data, dict) and data.get("tool") == _TOOL):
            return None
        try:
            if data["version"] != _VERSION:
                return Manifest()
            outputs = {path: Entry(**entry) for path, entry in data["outputs"].items()}
        except (KeyError, TypeError, AttributeError):
            return Manifest()
        return Manifest({path: entry for path, entry in outputs.items() if _ours(path, entry)})

    def text(self) -> str:
        """Return the manifest as JSON."""
        return (
            json.dumps(
                {
                    "tool": _TOOL,
                    "version": _VERSION,
                    "sources": self.sources,
                    "outputs": {
                        path: {
                            "target": entry.target,
                            "quiz": entry.quiz,
                            "key": entry.key,
                            "digest": entry.digest,
                        }
                        for path, entry in sorted(self.outputs.items())
                    },
                    "diagnostics": self.diagnostics,
                },
                indent=1,
                ensure_ascii=False,
            )
            + "\n"
        )
