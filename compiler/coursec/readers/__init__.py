"""The readers: each turns a file of another tool, or of our own, into what it means.

They know nothing of the writers: they share the model with them and nothing else. So what a
target writes can be read back and compared (`verify`), and a bank by anyone becomes a course
(`import`).
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import cast

from coursec.diagnostics import Diagnostics
from coursec.readers.reading import Reading

Read = Callable[[str, bytes, Diagnostics], list[Reading]]
"""(name of the file, its bytes, the sink) to the quizzes or banks in it."""

READERS: dict[str, str] = {
    "gift": "coursec.readers.gift:read",
    "aiken": "coursec.readers.aiken:read",
    "moodle": "coursec.readers.moodle:read",
    "qti21": "coursec.readers.qti21:read",
    "qti12": "coursec.readers.qti12:read",
}
"""Every format that can be read and the function that reads it, imported when it is needed."""


def reader(name: str) -> Read:
    """Return the function that reads a format."""
    module, _, function = READERS[name].partition(":")
    return cast("Read", getattr(import_module(module), function))
