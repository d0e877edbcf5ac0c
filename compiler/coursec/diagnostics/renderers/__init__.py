"""Renderers: one finding, several forms.

Each form is a module with `render(run) -> str`, a pure function. Forms for programs hold nothing
of the machine and no times: the same findings are the same text everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module

from coursec.diagnostics.codes import Severity
from coursec.diagnostics.columns import clean
from coursec.diagnostics.diagnostic import Diagnostic

RENDERERS: dict[str, str] = {
    "full": "coursec.diagnostics.renderers.full:render",
    "concise": "coursec.diagnostics.renderers.concise:render",
    "json": "coursec.diagnostics.renderers.records:render",
    "sarif": "coursec.diagnostics.renderers.sarif:render",
    "github": "coursec.diagnostics.renderers.github:render",
    "gitlab": "coursec.diagnostics.renderers.gitlab:render",
    "junit": "coursec.diagnostics.renderers.junit:render",
}
"""Every form, and where it is made."""

FOR_PEOPLE = ("full", "concise")
"""Forms that a person reads; the others are read by programs, which want nothing beside them."""


def unpainted(text: str, _style: str) -> str:
    """Return a text as it is, whatever the style that it could have."""
    return text


@dataclass(frozen=True, slots=True)
class Run:
    """What a run of the compiler came to, and how its places are shown."""

    found: Iterable[Diagnostic]
    """Findings in their order; iterated more than once."""
    files: Iterable[str] = ()
    """Course paths of the files that were read, whether anything was found in them or not."""
    strict: bool = False
    """Whether warnings fail the run."""
    path: Callable[[str], str] = str
    """Course path to the path that is shown."""
    lines: Callable[[str], list[str]] = lambda path: []
    """Lines of a source file; none where it has none to show."""
    paint: Callable[[str, str], str] = unpainted
    """(text, style) to styled text; styles are the severities' values, `place` and `help`."""

    def fails(self, finding: Diagnostic) -> bool:
        """Return whether this finding alone fails the run."""
        level = finding.severity
        return level is Severity.ERROR or (self.strict and level is Severity.WARNING)


def render(form: str, run: Run) -> str:
    """Return a run's findings in a form, a key of `RENDERERS`."""
    module, _, name = RENDERERS[form].partition(":")
    made = getattr(import_module(module), name)(run)
    assert isinstance(made, str)
    return made


def sentence(finding: Diagnostic) -> str:
    """Return what is wrong and what to do, on one line, without characters that cannot be shown."""
    hint = f" {finding.hint}" if finding.hint else ""
    return clean(finding.message + hint)
