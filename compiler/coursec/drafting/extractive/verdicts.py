"""Statements and choices from cells that say yes or no, and from what makes up a subject."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from coursec.drafting.extractive import english
from coursec.drafting.extractive.candidate import Candidate, Fact, candidate
from coursec.drafting.extractive.line import escaped, key
from coursec.drafting.extractive.matter import Grid, Matter
from coursec.drafting.extractive.refusals import share
from coursec.drafting.extractive.tables import Cell, Series, series_of

_BRACKETS = re.compile(r"\s*\([^()]*\)")
_YES, _NO = frozenset({"yes", "✓", "✔", "x"}), frozenset({"no", "✗", "✘"})
_LONGEST_MEMBER = 4
"""Words of the name of a part."""


def from_verdicts(matter: Matter, others: Sequence[Matter]) -> Iterator[Candidate]:
    """Yield the candidates of yes and no, and of what belongs to a subject and what does not."""
    for table in matter.tables:
        for series in series_of(table):
            verdicts = [
                (cell, found) for cell in series.cells if (found := _verdict(cell)) is not None
            ]
            if len(verdicts) >= 3 and series.kind and _is_field(series.respect):
                yield from _apply(matter, series, verdicts)
    yield from _members(matter, others)


def _is_field(respect: str) -> bool:
    bare = _BRACKETS.sub("", respect).strip()
    return english.is_noun(bare) and english.is_noun(respect) and not english.is_verb(bare)


def _verdict(cell: Cell) -> bool | None:
    """Return what a cell says; None where it is neither yes nor no, such as `sometimes`."""
    word = cell.plain.casefold()
    return True if word in _YES else False if word in _NO else None


def _bare(name: str) -> str:
    return _BRACKETS.sub("", name).strip()


def _apply(
    matter: Matter, series: Series, verdicts: Sequence[tuple[Cell, bool]]
) -> Iterator[Candidate]:
    field = english.lowered(_bare(series.respect))
    yes = [cell for cell, found in verdicts if found]
    no = [cell for cell, found in verdicts if not found]
    for cell, found in verdicts:
        if share(_bare(cell.name), field):
            continue
        yield candidate(
            matter.chunk,
            "true_false",
            f"{_bare(cell.name)}: {series.respect}",
            {"stem": escaped(f"{_bare(cell.name)} applies to {field}."), "answer": found},
            cell.raw,
            [Fact.of(_bare(cell.name), f"{field} {found}")],
        )
    if not yes or not no:
        return
    kind = english.lowered(series.kind)
    several = len(yes) > 1
    if several and len(verdicts) > 6:
        return
    kept = [cell for cell in series.cells if cell in yes or cell in no]
    if not several:
        kept = [cell for cell in kept if cell in yes or cell in no[:3]]
    if len(kept) < 3 or any(share(_bare(cell.name), field) for cell in kept):
        return
    noun = english.plural(kind)
    ask = f"Which of these {noun} {'apply' if several else 'applies'} to {field}?"
    yield candidate(
        matter.chunk,
        "multiple_choice" if several else "single_choice",
        f"{english.capital(noun)} for {field}",
        {
            "stem": escaped(ask + (" Choose all that apply." if several else "")),
            "choices": [
                {"text": escaped(_bare(cell.name)), "correct": True}
                if cell in yes
                else {"text": escaped(_bare(cell.name))}
                for cell in kept
            ],
        },
        [raw for cell in kept for raw in cell.raw],
        [Fact.of(_bare(cell.name), f"{field} {cell in yes}") for cell in kept],
    )


def _sets(matter: Matter) -> Iterator[tuple[str, Grid, list[Cell]]]:
    """Yield (kind, table, members) of what makes up the slide's subject."""
    if not english.subject(matter.title) or ":" in matter.title:
        return
    for table in matter.tables:
        series = next(series_of(table), None)
        if series is None or series.across or series.kind.casefold() not in english.MEMBERS:
            continue
        short = [cell for cell in series.cells if len(cell.name.split()) <= _LONGEST_MEMBER]
        if len(short) == len(series.cells) >= 3:
            yield series.kind, table, short


def _members(matter: Matter, others: Sequence[Matter]) -> Iterator[Candidate]:
    """Yield the question what belongs to a subject, among parts of another."""
    for kind, _, cells in _sets(matter):
        strange = [
            cell.name
            for other in others
            if other.chunk.reference != matter.chunk.reference
            and other.chunk.lecture == matter.chunk.lecture
            for _, _, foreign in _sets(other)
            for cell in foreign
        ]
        strange = [
            name
            for name in dict.fromkeys(strange)
            if not any(share(name, cell.name) for cell in cells) and not share(name, matter.title)
        ]
        own = [cell for cell in cells if not share(cell.name, matter.title)]
        if len(strange) < 2 or len(own) < 2:
            continue
        right = own[:: max(1, len(own) // 3)][:3]
        wrong = strange[:: max(1, len(strange) // 2)][:2]
        if any(share(one, two) for one in wrong for two in wrong if one != two):
            continue
        texts = [*((cell.name, True) for cell in right), *((name, False) for name in wrong)]
        texts.sort(key=lambda text: key(text[0]))
        noun = english.lowered(english.plural(kind))
        yield candidate(
            matter.chunk,
            "multiple_choice",
            f"{english.capital(noun)} of {matter.title}",
            {
                "stem": escaped(f"{matter.title}: which of these are {noun} of it?"),
                "choices": [
                    {"text": escaped(name), "correct": True} if fits else {"text": escaped(name)}
                    for name, fits in texts
                ],
            },
            [raw for cell in cells for raw in cell.raw],
            [Fact.of(f"{matter.title} {kind}", cell.name) for cell in right],
        )
