"""One process that runs cells: what it is given, its limits, and what it tells."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import site
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from coursec.model.assignment import CodeCell, DataFile

_DRIVER = Path(__file__).with_name("driver.py")
_KEPT = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "LANG")
_KEPT_GROUPS = ("LC_", "OMP_", "MKL_", "OPENBLAS_")
_MOST_EVENTS = 16 * 1024 * 1024
"""Bytes of events that are read: the code may write into that file too."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a process may use."""

    seconds: float = 120
    memory: int = 4 * 1024**3
    """Bytes of address space, where the system can limit it."""


@dataclass(frozen=True, slots=True)
class Step:
    """A cell to be run, or cells to be tried in a copy of the namespace."""

    cells: tuple[CodeCell, ...]
    trial: bool = False
    goes_on: bool = False
    """Whether the run goes on when the cell fails."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An exception that ended a cell."""

    cell: int
    """Line at which the cell begins."""
    type: str
    message: str
    lines: tuple[int, ...]
    """Lines of the file that it came through, from the cell to where it was raised."""
    own: bool
    """Whether the file's own code raised it, not a package."""
    module: str | None
    """Name of the module that could not be found, where that is why."""

    @property
    def words(self) -> str:
        """The exception as the last line of a traceback has it."""
        message = " ".join(self.message.split())
        return f"{self.type}: {message}" if message else self.type


@dataclass(slots=True)
class Told:
    """What became of a run."""

    passed: list[int] = field(default_factory=list)
    """Lines at which the cells begin that came to their end."""
    failures: list[Failure] = field(default_factory=list)
    running: int | None = None
    """Line of the cell that was running when the process ended; None when it was done."""
    done: bool = False
    late: bool = False
    """Whether the time limit ended it."""
    status: int = 0
    """Exit status; below 0 the number of a signal."""
    last_words: str = ""
    """The last line on standard error."""


def run(path: str, steps: Sequence[Step], files: Sequence[DataFile], limits: Limits) -> Told:
    """Run steps in a fresh process whose folder holds nothing but the data files."""
    with TemporaryDirectory(prefix="coursec-run-", ignore_cleanup_errors=True) as outer:
        folder = Path(outer, "work")
        folder.mkdir()
        for file in files:
            (folder / file.name).write_bytes(file.data)
        events, errors = Path(outer, "events"), Path(outer, "errors")
        with errors.open("wb") as stderr:
            process = subprocess.Popen(  # noqa: S603 - running the course's code is asked for
                [sys.executable, "-P", str(_DRIVER), str(events)],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=stderr,
                cwd=folder,
                env=_environment(folder),
                start_new_session=True,
            )
            told = Told()
            try:
                process.communicate(_job(path, steps, limits).encode(), timeout=limits.seconds)
            except subprocess.TimeoutExpired:
                told.late = True
            finally:
                _kill(process)
            told.status = process.returncode or 0
        _read(events, told)
        told.last_words = _last_line(errors)
    return told


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End a process and everything that it started and left."""
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    if process.poll() is None:
        process.kill()
    process.wait()


def _environment(folder: Path) -> dict[str, str]:
    """Return an environment that says nothing of the user."""
    kept = {
        key: value
        for key, value in os.environ.items()
        if key in _KEPT or key.startswith(_KEPT_GROUPS)
    }
    return {
        # One thread gives the same sums on every machine, and does not wait for other processes.
        **dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1"),
        **kept,
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "MPLBACKEND": "Agg",
        "MPLCONFIGDIR": str(folder),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONUSERBASE": site.getuserbase(),
        "PYTHONUTF8": "1",
    }


def _job(path: str, steps: Sequence[Step], limits: Limits) -> str:
    lines: dict[int, str] = {}
    for step in steps:
        for cell in step.cells:
            lines.update(enumerate(cell.code.split("\n"), cell.line))
    found: list[dict[str, Any]] = []
    for step in steps:
        cells = [{"line": c.line, "code": c.code, "gaps": c.gaps} for c in step.cells]
        if step.trial:
            found.append({"trial": cells})
        else:
            found += [{"cell": cell, "goes_on": step.goes_on} for cell in cells]
    source = [lines.get(number, "") for number in range(1, max(lines, default=0) + 1)]
    return json.dumps({"path": path, "lines": source, "memory": limits.memory, "steps": found})


def _read(events: Path, told: Told) -> None:
    """Read the events; what is none is passed over."""
    try:
        with events.open("rb") as file:
            text = file.read(_MOST_EVENTS).decode("utf-8", "replace")
    except OSError:
        return
    for row in text.splitlines():
        try:
            event = json.loads(row)
            kind = event["event"]
            if kind == "done":
                told.done = True
                continue
            line = int(event["line"])
            if kind == "begin":
                told.running = line
                continue
            told.running = None
            if kind == "passed":
                told.passed.append(line)
            else:
                told.failures.append(
                    Failure(
                        line,
                        str(event["type"]),
                        str(event["message"]),
                        tuple(int(number) for number in event["lines"]),
                        bool(event["innermost"]),
                        None if event["module"] is None else str(event["module"]),
                    )
                )
        except (ValueError, KeyError, TypeError, RecursionError):
            continue


def _last_line(errors: Path) -> str:
    try:
        with errors.open("rb") as file:
            file.seek(max(errors.stat().st_size - 4096, 0))
            lines = file.read().decode("utf-8", "replace").split("\n")
    except OSError:
        return ""
    return next((line.strip()[:200] for line in reversed(lines) if line.strip()), "")
