"""One finding, and the sink that every stage reports to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from coursec.diagnostics.codes import CODES, Severity
from coursec.diagnostics.span import Span

if TYPE_CHECKING:
    from coursec.diagnostics.policy import Ignore


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
    level: Severity | None = None
    """The severity that the course gives it; None leaves it to the code."""

    @property
    def name(self) -> str:
        """The code's readable name, such as `duplicate-id`."""
        return CODES[self.code].name

    @property
    def severity(self) -> Severity:
        """How grave it is."""
        return self.level or CODES[self.code].severity


class Diagnostics:
    """The sink: collects findings of all stages and never raises."""

    def __init__(self) -> None:
        self._found: dict[Diagnostic, None] = {}
        self.levels: Mapping[str, Severity | None] = {}
        """The course's own severities by code, None for never; `settle` gives them."""
        self.ignores: list[Ignore] = []
        """The findings that authors have answered."""
        self.ignored: list[tuple[Diagnostic, Ignore]] = []
        """What `settle` has left out, and the answer to each."""

    def report(
        self, code: str, message: str, span: Span, *, hint: str = "", item: str | None = None
    ) -> None:
        """Add one finding; the same finding twice is kept once."""
        if code not in CODES:
            raise KeyError(f"unregistered diagnostic code {code}")
        self._found[Diagnostic(code, message, span, hint, item)] = None

    def settle(self, *, complete: bool = True) -> None:
        """Leave out what authors have answered, and give the rest the course's severities.

        To be called when all rules have run; `complete` is False where some could not, so
        that nobody can say which answers are idle. Errors cannot be answered: what is built
        on them would be wrong.
        """
        answers: dict[str, list[Ignore]] = {}
        for ignore in self.ignores:
            answers.setdefault(ignore.code, []).append(ignore)
        used: set[Ignore] = set()
        found, self._found = self._found, {}
        for d in found:
            hidden = [ignore for ignore in answers.get(d.code, ()) if ignore.hides(d)]
            if hidden:
                used.update(hidden)
                self.ignored.append((d, hidden[0]))
                continue
            level = self.levels.get(d.code, d.severity)
            if level is not None:
                self._found[d if level is d.severity else replace(d, level=level)] = None
        unsure = {d.span.path for d in self._found if d.severity is Severity.ERROR}
        for ignore in self.ignores if complete else ():
            # Rules over items leave out what has errors: there it may come back. Nobody knows
            # what rules that are switched off would find.
            off = self.levels.get(ignore.code, Severity.NOTE) is None
            if ignore not in used and ignore.span.path not in unsure and not off:
                self.report(
                    "N521",
                    f"There is no {ignore.code} here that could be ignored.",
                    ignore.span,
                    hint="Delete the ignore.",
                    item=ignore.item,
                )

    def __iter__(self) -> Iterator[Diagnostic]:
        """Yield all findings, ordered by place and then by code."""
        return iter(sorted(self._found, key=lambda d: (d.span, d.code, d.message)))

    def __len__(self) -> int:
        return len(self._found)

    def count(self, severity: Severity) -> int:
        """Return how many findings have this severity."""
        return sum(d.severity is severity for d in self._found)

    @property
    def notes(self) -> int:
        """Number of notes."""
        return self.count(Severity.NOTE)

    @property
    def errors(self) -> int:
        """Number of errors."""
        return self.count(Severity.ERROR)

    @property
    def warnings(self) -> int:
        """Number of warnings."""
        return self.count(Severity.WARNING)
