"""The manifest: what was built from what.

`manifest.json` in the output folder names every output with the digest of what it was made
from and of its own bytes. It holds no time and no path of the machine, so that two builds
of the same course have the same manifest.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any

NAME = "manifest.json"
_VERSION = 1


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


@dataclass(slots=True)
class Manifest:
    """All outputs by path, and what they were made from."""

    outputs: dict[str, Entry] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    """Digest of every file of the course that was read, by path."""
    diagnostics: list[dict[str, Any]] = field(default_factory=list)

    @staticmethod
    def read(folder: Path) -> Manifest:
        """Read the manifest of an output folder; a missing or broken one counts as empty."""
        try:
            data = json.loads((folder / NAME).read_bytes())
            if data["version"] != _VERSION:
                return Manifest()
            outputs = {path: Entry(**entry) for path, entry in data["outputs"].items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return Manifest()
        return Manifest(outputs)

    def text(self) -> str:
        """Return the manifest as JSON."""
        return (
            json.dumps(
                {
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
