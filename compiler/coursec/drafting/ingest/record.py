"""What an ingest did to a lecture, kept beside it: what is shown, and what can be taken back."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import Any

VERSION = 1
FOLDER = ".ingest"


@dataclass(frozen=True, slots=True)
class Repaired:
    """A text of a slide, as it was extracted and as it was repaired; both as Markdown."""

    slide: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """How a lecture came about."""

    source: str
    """Name of the file that was ingested."""
    source_digest: str
    written: str
    """Digest of the lecture as it was written: another one has been edited since."""
    codec: str = ""
    restored: tuple[tuple[int, str, str], ...] = ()
    """(line, before, after) of the source's lines whose encoding was repaired."""
    repairs: tuple[Repaired, ...] = ()
    refused: tuple[Repaired, ...] = ()
    """Repairs that were taken back: they are not made again."""
    dropped: tuple[str, ...] = ()
    """Running headers and footers that were left out."""
    copies: int = 0
    """Slides that were left out because they stand there already."""
    media: tuple[str, ...] = field(default=())
    """Images that were written, by path in the course."""

    def text(self) -> str:
        """Return the record as JSON."""
        data = {"version": VERSION, **asdict(self)}
        return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def digest(data: bytes) -> str:
    """Return the digest of a file."""
    return sha256(data).hexdigest()


def path_of(lecture: str) -> str:
    """Return where a lecture's record is kept, by path in the course."""
    return f"lectures/{FOLDER}/{lecture}.json"


def read_record(data: bytes) -> Record | None:
    """Return a record; None where a file is none."""
    try:
        raw: Any = json.loads(data)
        if not isinstance(raw, dict) or raw.pop("version", None) != VERSION:
            return None
        for key in ("repairs", "refused"):
            raw[key] = tuple(Repaired(**{k: str(v) for k, v in r.items()}) for r in raw[key])
        raw["restored"] = tuple((int(n), str(b), str(a)) for n, b, a in raw["restored"])
        for key in ("dropped", "media"):
            raw[key] = tuple(map(str, raw[key]))
        return Record(**raw)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
