"""The page of a code: what it means, why it matters, an example that trips it, the repair.

A page is a Markdown file in `pages/`, shipped with the program. `coursec explain` shows it,
`docs/findings.md` and the rules of the SARIF form are made from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_FOLDER = Path(__file__).with_name("pages")
SECTIONS = ("Why it matters", "Example", "Repair")
"""The headings of a page, in their order."""


class Page(NamedTuple):
    """The parts of a page, each as Markdown without its heading."""

    lead: str
    """What the finding means: one paragraph."""
    why: str
    """What goes wrong, and for whom."""
    example: str
    """Files that give the finding."""
    repair: str
    """The same files, mended."""


def read_page(code: str) -> Page:
    """Return the page of a code; every code of `CODES` has one."""
    return split_page((_FOLDER / f"{code}.md").read_text("utf-8"))


def split_page(text: str) -> Page:
    """Take a page apart; raises ValueError for one that does not have its three sections."""
    parts = [""]
    headings = []
    for line, inside in _lines(text):
        if line.startswith("## ") and not inside:
            headings.append(line[3:].strip())
            parts.append("")
        else:
            parts[-1] += line
    if tuple(headings) != SECTIONS:
        raise ValueError(f"a page has the sections {SECTIONS}, not {headings}")
    return Page(*(part.strip() + "\n" for part in parts))


def shown_page(code: str, heading: str = "##") -> str:
    """Return a page as it is shown: each file of its examples below its path."""
    lead, *sections = read_page(code)
    titled = zip(SECTIONS, sections, strict=True)
    return "\n".join([lead, *(f"{heading} {title}\n\n{_named(part)}" for title, part in titled)])


def _named(part: str) -> str:
    out = ""
    for line, inside in _lines(part):
        mark = None if inside else re.fullmatch(r"(`{3,}\S+) (\S+)\n", line)
        out += f"`{mark[2]}`:\n\n{mark[1]}\n" if mark else line
    return out


def _lines(text: str) -> Iterator[tuple[str, bool]]:
    """Yield each line, and whether it stands inside a fence."""
    fence = ""
    for line in text.splitlines(keepends=True):
        inside = bool(fence)
        if mark := re.match("`{3,}", line):
            fence = "" if mark[0] == fence else fence or mark[0]
        yield line, inside
