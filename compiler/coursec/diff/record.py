"""A comparison as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from coursec.diff.changes import CourseDiff

VERSION = 1
"""Rises when a reader of the JSON must know."""


def json_text(diff: CourseDiff, old: str, new: str) -> str:
    """Return a JSON object with everything that changed; `old` and `new` name the revisions."""
    record: dict[str, Any] = {"version": VERSION, "old": old, "new": new, **asdict(diff)}
    for item, change in zip(record["items"], diff.items, strict=True):
        item["effect"] = change.effect
    return json.dumps(record, indent=2, ensure_ascii=False) + "\n"
