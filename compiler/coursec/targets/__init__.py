"""The targets: each turns an assembled quiz into output files, without I/O."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import cast

from coursec.model.artifact import Output
from coursec.model.quiz import Quiz

Emit = Callable[[Quiz], Sequence[Output]]

TARGETS: dict[str, str] = {
    "gift": "coursec.targets.gift:emit",
    "moodle": "coursec.targets.moodle:emit",
    "qti21": "coursec.targets.qti21:emit",
    "canvas": "coursec.targets.canvas:emit",
    "pdf": "coursec.targets.pdf:emit",
}
"""Every target and the function that emits it, imported when it is needed."""


def emitter(target: str) -> Emit:
    """Return the function that emits a target."""
    module, _, function = TARGETS[target].partition(":")
    return cast("Emit", getattr(import_module(module), function))
