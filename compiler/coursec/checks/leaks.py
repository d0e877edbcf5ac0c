"""What of a solution stands in what students are given.

A line of a solution counts as its own unless it is trivial, or stands in the starter that the
solution replaces: there its author has given it away on purpose.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from keyword import iskeyword
from typing import NamedTuple

from coursec.model.assignment import Assignment, CodeCell, Part, Prose
from coursec.model.handout import replaced, starter

_NAMES = 3
"""Names and numbers that a line of code needs for being more than what anybody would write."""
_WORDS = 5
"""Words that a line of prose needs."""
_WORD = re.compile(r"\w+")
_COMMENT = re.compile(r"\s+#.*$")
_IMPORT = re.compile(r"(import|from)\s")
_INLINE = re.compile(r"(`+)(.+?)\1")


class Line(NamedTuple):
    """A line with the place it stands at."""

    text: str
    """Without indentation, with single blanks, without a comment at its end."""
    number: int
    """Line of the file."""
    column: int = 1
    """Where it begins, where that is known."""


class Leak(NamedTuple):
    """A line of a solution that stands in what students are given."""

    line: Line
    task: str
    """Title of the task that it solves."""
    solution: int
    """Line of the file at which the solution holds it."""


def squeezed(line: str) -> str:
    """Return a line of code as it is compared."""
    return _COMMENT.sub("", " ".join(line.split()))


def telling(line: str) -> bool:
    """Tell whether a line of code says more than what anybody would write.

    Imports, brackets and keywords do not; nor does a line of fewer than three names and numbers,
    such as `return loss` or `optimizer.step()`.
    """
    if _IMPORT.match(line):
        return False
    return sum(not iskeyword(word) for word in _WORD.findall(line)) >= _NAMES


def own_lines(assignment: Assignment) -> dict[str, tuple[str, int]]:
    """Return every telling line that only the solution holds, with (title of the task, line)."""
    found: dict[str, tuple[str, int]] = {}
    for task in assignment.tasks:
        pairs = replaced(task.parts)
        for place, part in enumerate(task.parts):
            if isinstance(part, CodeCell) and part.role == "solution":
                other = task.parts[pairs[place]] if place in pairs else None
                given = {line.text for line in _lines(other)} if other else set()
                for line in _lines(part):
                    if telling(line.text) and line.text not in given:
                        found.setdefault(line.text, (task.title, line.number))
            elif isinstance(part, Prose) and part.role == "answer":
                for line in _lines(part):
                    if len(_WORD.findall(line.text)) >= _WORDS:
                        found.setdefault(line.text, (task.title, line.number))
    return found


def leaks(assignment: Assignment) -> Iterator[Leak]:
    """Yield each line of a solution that stands in a starter, a text, a test or a data file."""
    own = own_lines(assignment)
    if not own:
        return
    for _, parts in starter(assignment).sections:
        for part in parts:
            for line in _shown(part):
                if line.text in own:
                    yield Leak(line, *own[line.text])


def leaking_files(assignment: Assignment) -> Iterator[tuple[str, Leak]]:
    """Yield (name, leak) for each data file that holds a line of a solution."""
    own = own_lines(assignment)
    for file in assignment.files:
        text = file.data.decode("utf-8", "replace")
        for number, row in enumerate(text.splitlines(), 1):
            line = squeezed(row)
            if line in own:
                yield file.name, Leak(Line(line, number), *own[line])
                break


def _lines(part: Part) -> Iterator[Line]:
    rows: Iterable[str] = part.code.split("\n") if isinstance(part, CodeCell) else part.lines
    for number, row in enumerate(rows, part.line):
        indent = len(row) - len(row.lstrip()) if isinstance(part, CodeCell) else 0
        yield Line(squeezed(row), number, indent + 1)


def _shown(part: Part) -> Iterator[Line]:
    """Yield the lines of a part, and the code inside the lines of a text."""
    for line in _lines(part):
        yield line
        if isinstance(part, Prose):
            for match in _INLINE.finditer(line.text):
                yield Line(squeezed(match[2]), line.number)
