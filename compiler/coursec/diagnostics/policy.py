"""What a course wants said: levels of its own, and findings that it answers with a reason."""

from __future__ import annotations

from typing import NamedTuple

from coursec.diagnostics.codes import CODES
from coursec.diagnostics.diagnostic import Diagnostic
from coursec.diagnostics.span import Span

GROUPS: dict[str, tuple[str, ...]] = {
    "accessibility": ("W32", "N32"),
    "item-writing": ("W8", "N8"),
}
"""Groups of codes that a course can set together: what their codes begin with."""

_BY_NAME = {code.name: number for number, code in CODES.items()}


class Ignore(NamedTuple):
    """An author's answer to a finding: it is known, and stays unsaid at one place."""

    code: str
    reason: str
    span: Span
    """Where the answer stands."""
    item: str | None = None
    """Id of the item whose findings are meant; None means those that begin in `lines`."""
    lines: tuple[int, int] = (0, 0)
    """First and last line meant, in the file of `span`."""
    head: int | None = None
    """The line of the id of the item around them: what is said of the whole item stands there."""

    def hides(self, d: Diagnostic) -> bool:
        """Tell whether a finding is the one meant."""
        if d.code != self.code:
            return False
        if self.item is not None:
            return d.item == self.item
        if d.span.path != self.span.path:
            return False
        return self.lines[0] <= d.span.line <= self.lines[1] or d.span.line == self.head


def code_of(word: str) -> str | None:
    """Return the code that a number or a name stands for, in any case; None when none does."""
    if word.upper() in CODES:
        return word.upper()
    return _BY_NAME.get(word.lower())


def codes_of(word: str) -> list[str]:
    """Return the codes that a number, a name or a group stands for."""
    if word.lower() in GROUPS:
        return [code for code in CODES if code.startswith(GROUPS[word.lower()])]
    code = code_of(word)
    return [code] if code else []


def known_words() -> list[str]:
    """Return everything that `codes_of` understands, for hints."""
    return [*CODES, *_BY_NAME, *GROUPS]
