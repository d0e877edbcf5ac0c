"""Runs the cells of an assignment in a process of its own; imports nothing of coursec.

It is started as a script: the job comes on standard input as JSON, events go line by line into
the file that the only argument names.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import ctypes
import json
import linecache
import os
import socket
import sys
import traceback
import types
from typing import Any, TextIO

_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000
_NO_NETWORK = "there is no network while an assignment is checked"


def main() -> None:
    """Read a job, run it, and tell of each cell what became of it."""
    job = json.load(sys.stdin)
    with open(sys.argv[1], "w", encoding="utf-8") as events:
        deny_network()
        limit_memory(job["memory"])
        sys.path.insert(0, os.getcwd())
        Runner(job, events).run()
        tell(events, {"event": "done"})
        # What the code registered to run at the end, and threads of its own, are none of ours.
        os._exit(0)


def tell(events: TextIO, event: dict[str, Any]) -> None:
    """Write an event at once, for the time limit may come at any moment."""
    events.write(json.dumps(event) + "\n")
    events.flush()


class Runner:
    """Runs cells one after another in one namespace, as a notebook does."""

    def __init__(self, job: dict[str, Any], events: TextIO) -> None:
        self.path = job["path"]
        self.steps = job["steps"]
        self.events = events
        module = types.ModuleType("__main__")
        sys.modules["__main__"] = module
        self.space = module.__dict__
        self.space["__builtins__"] = builtins
        self.space["__coursec_gap__"] = gap
        lines = job["lines"]
        # Tracebacks and `inspect` find the code under the name of its file.
        linecache.cache[self.path] = (len(lines), None, [f"{line}\n" for line in lines], self.path)

    def run(self) -> None:
        """Run the steps.

        A step `cell` is run where the others were; it ends the run when it fails and is not
        marked `goes_on`. A step `trial` runs its cells in a copy of the namespace, all of them.
        """
        for step in self.steps:
            if "trial" in step:
                copy = dict(self.space)
                for cell in step["trial"]:
                    self.cell(cell, copy)
            elif not self.cell(step["cell"], self.space) and not step["goes_on"]:
                return

    def cell(self, cell: dict[str, Any], space: dict[str, Any]) -> bool:
        """Run a cell; return whether it came to its end."""
        tell(self.events, {"event": "begin", "line": cell["line"]})
        try:
            exec(self.compiled(cell), space)  # noqa: S102 - it is what this process is for
        except BaseException as error:
            tell(self.events, {"event": "failed", "line": cell["line"], **self.told(error)})
            return False
        tell(self.events, {"event": "passed", "line": cell["line"]})
        return True

    def compiled(self, cell: dict[str, Any]) -> types.CodeType:
        """Return a cell as code whose lines are those of the file; gaps marked `...` raise."""
        tree = ast.parse("\n" * (cell["line"] - 1) + cell["code"], self.path)
        places = {(line + cell["line"] - 1, column) for line, column in cell["gaps"]}
        if places:
            tree = ast.fix_missing_locations(_Gaps(places).visit(tree))
        code = compile(tree, self.path, "exec", dont_inherit=True)
        assert isinstance(code, types.CodeType)
        return code

    def told(self, error: BaseException) -> dict[str, Any]:
        """Return what an exception says, and the lines of the file that it came through."""
        frames = traceback.extract_tb(error.__traceback__)
        lines = [frame.lineno for frame in frames if frame.filename == self.path]
        if isinstance(error, SyntaxError) and error.filename == self.path:
            lines.append(error.lineno)
        message = ""
        with contextlib.suppress(Exception):
            message = str(error)[:500]
        return {
            "type": type(error).__name__,
            "message": message,
            "lines": lines,
            "innermost": bool(frames) and frames[-1].filename in (self.path, __file__),
            "module": str(error.name) if isinstance(error, ModuleNotFoundError) else None,
        }


def gap() -> None:
    """Stand in the place of a gap marked `...`."""
    raise NotImplementedError("this is not written yet")


class _Gaps(ast.NodeTransformer):
    def __init__(self, places: set[tuple[int, int]]) -> None:
        self.places = places

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        if node.value is ... and (node.lineno, node.col_offset) in self.places:
            call = ast.Call(ast.Name("__coursec_gap__", ast.Load()), [], [])
            return ast.copy_location(call, node)
        return node


def limit_memory(size: int) -> None:
    """Limit the memory of this process and of what it starts, where the system can."""
    try:
        import resource
    except ImportError:
        return
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (size, size))
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def deny_network() -> None:
    """Leave the network where the system allows it; everywhere, refuse its addresses."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            libc = ctypes.CDLL(None, use_errno=True)
            if libc.unshare(_NEW_NETWORK) != 0:
                libc.unshare(_NEW_USER | _NEW_NETWORK)

    def refuse(event: str, arguments: tuple[Any, ...]) -> None:
        if event in ("socket.getaddrinfo", "socket.gethostbyname"):
            raise OSError(_NO_NETWORK)
        if event in ("socket.connect", "socket.sendto") and arguments[0].family in (
            socket.AF_INET,
            socket.AF_INET6,
        ):
            raise OSError(_NO_NETWORK)

    sys.addaudithook(refuse)


if __name__ == "__main__":
    main()
