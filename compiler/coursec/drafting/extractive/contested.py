"""What slides say in two ways: nobody can be asked which is right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from coursec.drafting.extractive import english
from coursec.drafting.extractive.candidate import Fact
from coursec.drafting.extractive.line import key
from coursec.drafting.extractive.matter import Matter
from coursec.drafting.extractive.tables import series_of

_BRIEF = 3
"""Words of a cell that is a value; longer ones may say one thing in two ways."""


def contested(matters: Sequence[Matter]) -> frozenset[Fact]:
    """Return the facts of tables that give one thing several values in one respect."""
    said: dict[tuple[str, str], set[str]] = defaultdict(set)
    for matter in matters:
        for table in matter.tables:
            for series in series_of(table):
                for cell in series.cells:
                    if len(cell.plain.split()) <= _BRIEF:
                        said[series.respect, key(cell.name)].add(key(cell.plain))
    found: set[Fact] = set()
    for (respect, name), values in said.items():
        if len(values) > 1:
            found |= {Fact.of(name, value) for value in values}
            field = english.lowered(respect)
            found |= {Fact.of(name, f"{field} {verdict}") for verdict in (True, False)}
    return frozenset(found)
