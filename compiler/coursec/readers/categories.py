"""Moodle's categories as the sections of a quiz."""

from __future__ import annotations

import re
from collections.abc import Sequence

from coursec.model.items import Item
from coursec.model.quiz import Section

_ROOTS = re.compile(r"\$(course|system|module|coursecat|cat[0-9]*)[^/$]*\$", re.IGNORECASE)
_PART = re.compile(r"(?<!/)/(?!/)")
_TAG = re.compile(r"</?[A-Za-z][^>]*>")


def untagged(text: str) -> str:
    """Return a name without the tags in it."""
    # Behind the last `>` no tag ends, and nobody looks for one from each `<` on.
    head, end, rest = text.rpartition(">")
    return _TAG.sub("", head + end) + rest


def path_parts(path: str) -> tuple[str, ...]:
    """Return the parts of a category's path; `//` is a slash, tags and roots are left out."""
    parts = [untagged(part).replace("//", "/").strip() for part in _PART.split(path)]
    if parts and _ROOTS.fullmatch(parts[0]):
        parts = parts[1:]
    if parts and parts[0] == "top":
        parts = parts[1:]
    return tuple(part for part in parts if part)


def as_sections(
    found: Sequence[tuple[tuple[str, ...], Sequence[Item]]],
) -> tuple[str | None, tuple[Section, ...]]:
    """Return (the title of all, a section for each category that holds items).

    `found` are (path, items) in the file's order. What all paths begin with names the whole; the
    rest of a path names its section.
    """
    rows = [(path, items) for path, items in found if items]
    paths = [path for path, _ in rows]
    common: tuple[str, ...] = paths[0] if paths else ()
    for path in paths:
        while path[: len(common)] != common:
            common = common[:-1]
    sections = tuple(
        Section(
            id=f"section-{number}",
            title="/".join(path[len(common) :]) or None,
            items=tuple(items),
        )
        for number, (path, items) in enumerate(rows, 1)
    )
    return (common[-1] if common else None), sections
