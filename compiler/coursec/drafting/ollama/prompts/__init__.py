"""The prompts: templates of one version, filled with data that cannot leave its marks."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from string import Template

VERSION = "1"
"""Stands in every item's provenance; another wording is another version."""

LEVELS = {
    "remember": "recall a fact",
    "understand": "say what something means, or why it is so",
    "apply": "use it in a case that the student has not seen",
    "analyze": "take something apart: causes, parts, differences",
    "evaluate": "judge by reasons",
    "create": "make something new of it",
}
"""What a Bloom level asks of a student."""


@cache
def template(name: str) -> Template:
    """Return a template by its name, such as `draft` or `types/cloze`."""
    path = Path(__file__).parent / VERSION / f"{name}.md"
    return Template(path.read_text("utf-8").rstrip("\n"))


def system() -> str:
    """Return what the model is told of its task."""
    return template("system").substitute()


def filled(name: str, parts: Sequence[str], **values: str) -> str:
    """Return a template filled with values; `$mark` is a word that stands in none of `parts`.

    The marks say where data begins and ends. They depend on the data, so that no slide can
    hold the end mark and go on as if it were us.
    """
    return template(name).substitute(values, mark=mark_for(parts))


def mark_for(parts: Sequence[str]) -> str:
    """Return eight hex digits that stand in none of some texts."""
    whole = "\n".join(parts)
    for salt in range(1_000):
        mark = sha256(f"{salt}\n{whole}".encode()).hexdigest()[:8]
        if mark not in whole:
            return mark
    raise ValueError("a text that holds every mark")
