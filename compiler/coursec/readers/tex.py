r"""Formulas in running text, as MathJax finds them: `\(..\)`, `\[..\]`, `$$..$$`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_OPENING = re.compile(r"\\\(|\\\[|\$\$")
_CLOSING = {"\\(": "\\)", "\\[": "\\]", "$$": "$$"}
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_TRIES = 20
"""Closing marks inside braces that are passed over."""


@dataclass(frozen=True, slots=True)
class Tex:
    """A formula in a text."""

    latex: str
    display: bool


def formulas(text: str) -> Iterator[str | Tex]:
    """Yield the parts of a text in order: words and formulas."""
    done = at = 0
    without_end: set[str] = set()
    while found := _OPENING.search(text, at):
        mark = found[0]
        end = -1 if mark in without_end else _end(text, found.end(), _CLOSING[mark])
        if end < 0:
            without_end.add(mark)
        latex = text[found.end() : end] if end >= 0 else ""
        if not latex.strip():
            at = found.end()
            continue
        if found.start() > done:
            yield text[done : found.start()]
        yield Tex(latex, mark != "\\(")
        done = at = end + 2
    if done < len(text):
        yield text[done:]


def _end(text: str, start: int, mark: str) -> int:
    """Return where a formula ends: at the first mark outside of braces, else at the first."""
    first = end = text.find(mark, start)
    depth, counted = 0, start
    for _ in range(_TRIES):
        if end < 0:
            break
        for sign in _BRACE.finditer(text, counted, end):
            depth += (sign[0] == "{") - (sign[0] == "}")
        if depth <= 0:
            return end
        counted = end + len(mark)
        end = text.find(mark, counted)
    return first
