"""The capability table as a page of the documentation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from coursec.model.items import ITEM_TYPES
from coursec.targets import TARGETS
from coursec.targets.capability import CARRIED, NAMES, TYPES, Carry, Support, support
from coursec.targets.features import FEATURES, QUIZ_FEATURES

_HEAD = """\
# What each target carries

This page is made from the table that the compiler itself reads: it decides what `coursec check`
and `coursec build` warn of, and what `coursec verify` accepts as a difference. A test builds an
item for each cell and reads it back.

- **●** carried: read back as it was written.
- **◐** carried differently: a student is asked, shown and marked the same; how is said below.
- **○** lost: `coursec check` warns wherever a quiz uses it.
"""

_SIGNS = {Carry.CARRIED: "●", Carry.DIFFERENTLY: "◐", Carry.LOST: "○"}


def page() -> str:
    """Return the page as Markdown."""
    types = {kind.kind: kind.kind.replace("_", " ") for kind in ITEM_TYPES}
    parts = [
        _HEAD,
        "## Item types\n",
        *_table(types, lambda target, key: TYPES[target].get(key, CARRIED)),
        "## What an item can have\n",
        *_table({key: row.title for key, row in FEATURES.items()}, support),
        "## What a quiz can have\n",
        *_table({key: row.title for key, row in QUIZ_FEATURES.items()}, support),
        "## How, and what happens instead\n",
        *(part for target in TARGETS for part in _notes(target, types)),
    ]
    return "\n".join(parts)


def _table(rows: dict[str, str], cell: Callable[[str, str], Support]) -> Iterator[str]:
    names = [NAMES[target] for target in TARGETS]
    lines = ["| | " + " | ".join(names) + " |", "|---" + "|:-:" * len(names) + "|"]
    for key, title in rows.items():
        signs = (_SIGNS[cell(target, key).carry] for target in TARGETS)
        lines.append(f"| {_first_up(title)} | " + " | ".join(signs) + " |")
    yield "\n".join(lines) + "\n"


def _notes(target: str, types: dict[str, str]) -> Iterable[str]:
    titles = {key: row.title for key, row in FEATURES.items()}
    titles |= {key: row.title for key, row in QUIZ_FEATURES.items()}
    cells: list[tuple[str, Support]] = [(types[k], c) for k, c in TYPES[target].items()]
    cells += [(titles[key], support(target, key)) for key in titles]
    lines = [
        f"- {_SIGNS[cell.carry]} {_first_up(title)}: {cell.how}."
        for title, cell in cells
        if cell.how
    ]
    if lines:
        yield f"### {NAMES[target]}\n"
        yield "\n".join(lines) + "\n"


def _first_up(text: str) -> str:
    return text[:1].upper() + text[1:]
