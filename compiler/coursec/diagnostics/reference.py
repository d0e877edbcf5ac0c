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
    out = [_INTRODUCTION]
    for title, codes in staged().items():
        out.append(f"- {title}: " + ", ".join(f"[{code}](#{_anchor(code)})" for code in codes))
    for title, codes in staged().items():
        out.append(f"\n## {title}")
        out += [_entry(code) for code in codes]
    return "\n".join(out)


def _entry(code: str) -> str:
    row = CODES[code]
    page = shown_page(code, "####")
    return (
        f"\n### {code} {row.name}\n\n**{row.severity.value}**: {row.summary}\n\n{page}".rstrip()
        + "\n"
    )


def _anchor(code: str) -> str:
    return f"{code} {CODES[code].name}".lower().replace(" ", "-")
