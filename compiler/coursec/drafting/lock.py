"""One run of drafting at a time in a course: two would write the same items twice."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EXDEV
from pathlib import Path

_FILE = ".coursec/draft.lock"


@contextmanager
def alone(root: Path) -> Iterator[bool]:
    """Tell whether no other run is at work in a course, and keep others out. Raises OSError.

    SQLite's own lock is used: every system has it, and it ends with the process that holds it,
    however that ends.
    """
    path = root / _FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.parent.resolve().is_relative_to(root.resolve()):
        raise OSError(EXDEV, "a link leads out of the course's folder", str(path))
    held = _held(path)
    try:
        yield held is not None
    finally:
        if held is not None:
            held.close()


def _held(path: Path) -> sqlite3.Connection | None:
    try:
        connection = sqlite3.connect(path, timeout=0, isolation_level=None)
    except sqlite3.Error as error:
        raise OSError(None, str(error), str(path)) from error
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.Error as error:
        connection.close()
        if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
            return None
        raise OSError(None, str(error), str(path)) from error
    return connection
