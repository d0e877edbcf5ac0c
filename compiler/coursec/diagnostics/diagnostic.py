"""One finding, and the sink that every stage reports to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from coursec.diagnostics.codes import CODES, Severity
from coursec.diagnostics.span import Span


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """Something an author should know: what is wrong, where, and the way out."""

    code: str
    """Stable code, a key of `CODES`."""
    message: str
    """One sentence that says what is wrong."""
    span: Span
    """Where."""
    hint: str = ""
    """One sentence that says what to do; empty when the message says it all."""
    item: str | None = None
    """Id of the item concerned, if it is one."""

    @property
    def name(self) -> str:
        """The code's readable name, such as `duplicate-id`."""
        return CODES[self.code].name

    @property
    def severity(self) -> Severity:
        """How grave it is."""
        return CODES[self.code].severity


class Diagnostics:
    """The sink: collects findings of all stages and never raises."""

    def __init__(self) -> None:
        self._found: dict[Diagnostic, None] = {}

    def report(
        self, code: str, message: str, span: Span, *, hint: str = "", item: str | None = None
    ) -> None:
        """Add one finding; the same finding twice is kept once."""
        if code not in CODES:
            raise KeyError(f"unregistered diagnostic code {code}")
        self._found[Diagnostic(code, message, span, hint, item)] = None

    def __iter__(self) -> Iterator[Diagnostic]:
        """Yield all findings, ordered by place and then by code."""
        return iter(sorted(self._found, key=lambda d: (d.span, d.code, d.message)))

    def __len__(self) -> int:
        return len(self._found)

    def count(self, severity: Severity) -> int:
        """Return how many findings have this severity."""
        return sum(d.severity is severity for d in self._found)

    @property
    def errors(self) -> int:
        """Number of errors."""
        return self.count(Severity.ERROR)

    @property
    def warnings(self) -> int:
        """Number of warnings."""
        return self.count(Severity.WARNING)
