"""The reference page of all findings, from the table of codes and their pages."""

from __future__ import annotations

from coursec.diagnostics.codes import CODES, staged
from coursec.diagnostics.page import shown_page

_INTRODUCTION = """\
# Findings

This page is made from the table that the compiler itself reads; `coursec explain CODE` shows one
entry of it. A test builds each example and each repair.

An **error** fails the run and nothing is built. A **warning** fails it with `--strict`. A **note**
never does. A code never changes its meaning.
"""


def reference() -> str:
    """Return the Markdown of `docs/findings.md`."""
    rows = [
        f"- {title}: " + ", ".join(f"[{code}](#{_anchor(code)})" for code in codes)
        for title, codes in staged().items()
    ]
    parts = [_INTRODUCTION, "\n".join(rows) + "\n"]
    for title, codes in staged().items():
        parts += [f"## {title}\n", *map(_entry, codes)]
    return "\n".join(parts)


def _entry(code: str) -> str:
    row = CODES[code]
    heading = f"### {code} {row.name}\n\n**{row.severity.value}**: {row.summary}\n\n"
    return heading + shown_page(code, "####")


def _anchor(code: str) -> str:
    return f"{code} {CODES[code].name}".lower().replace(" ", "-")
