"""Orders: numbered steps, phases of a table, years in brackets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from coursec.drafting.extractive import english
from coursec.drafting.extractive.candidate import Candidate, Fact, candidate
from coursec.drafting.extractive.line import Line, escaped
from coursec.drafting.extractive.matter import Grid, Listing, Matter
from coursec.drafting.extractive.refusals import distinct, is_question

FEWEST, MOST = 3, 8
LONGEST = 150
"""Characters of an entry."""
_DATED = re.compile(
    r"(?P<name>[A-Z][\w.-]{0,40}(?: [A-Z0-9][\w.-]*){0,4}) "
    r"\((?:[A-Z][\w. &-]*,? )?(?P<year>(?:1[6-9]|20)\d\d)\)"
)
_NUMBER = re.compile(r"^\(?\d+[.)]\s+")


def from_orders(matter: Matter) -> Iterator[Candidate]:
    """Yield the candidates of a chunk's orders, in English."""
    if english.is_practice(matter.title):
        return
    for listing in matter.lists:
        yield from _steps(matter, listing)
    for table in matter.tables:
        yield from _phases(matter, table)
    yield from _years(matter)


def _steps(matter: Matter, listing: Listing) -> Iterator[Candidate]:
    """A numbered list is an order where a word says so, or its entries do."""
    entries = [entry.line for entry in listing.entries]
    if not listing.ordered or not FEWEST <= len(entries) <= MOST:
        return
    lead = listing.lead.plain if listing.lead else ""
    leads = bool(english.IN_ORDER.search(lead)) and not english.LISTING.search(lead)
    said = leads or bool(english.PROCEDURE.search(matter.title))
    said |= matter.title.casefold().startswith("how to ")
    perhaps = any(map(english.PERHAPS.search, (matter.title, lead)))
    begins = english.STEPWISE.match(entries[0].plain)
    goes_on = any(english.REPEATING.search(entry.plain) for entry in entries[1:])
    shown = bool(begins) + goes_on + perhaps > 1
    if any(len(entry.raw) > 2 * LONGEST for entry in entries):
        return  # formulas that nobody reads in a list
    if not (said or shown) or english.is_technical(matter.title):
        return
    if any(len(entry.plain) > LONGEST for entry in entries):
        return
    if any(entry.hard and entry.marked for entry in entries):
        return  # with formulas an entry is shown as it is written, its stress too
    if any(_holds_image(entry) or is_question(entry.plain) for entry in entries) or not distinct(
        [e.plain for e in entries]
    ):
        return
    about = english.subject(matter.title)
    if not about:
        return  # nothing says which steps
    stem = english.asked(about, "put the steps in order.")
    yield _order(matter, stem, [_stated(entry) for entry in entries], [e.raw for e in entries])


def _holds_image(line: Line) -> bool:
    return "![" in line.raw


def _stated(line: Line) -> str:
    return line.raw if line.hard else line.markdown


def _phases(matter: Matter, table: Grid) -> Iterator[Candidate]:
    header = table.header.cells[0].plain.strip()
    cells = [row.cells[0] for row in table.rows]
    numbered = all(_NUMBER.match(cell.plain) for cell in cells)
    if not (numbered or header.casefold() in english.ORDERED) or not FEWEST <= len(cells) <= MOST:
        return
    names = [_NUMBER.sub("", cell.plain.strip()) for cell in cells]
    if any(cell.hard or len(name) < 3 for cell, name in zip(cells, names, strict=True)):
        return
    if not distinct(names) or not english.is_noun(header):
        return
    about = english.subject(matter.title)
    noun = english.lowered(english.plural(header))
    stem = english.asked(about, f"put the {noun} in order.")
    yield _order(matter, stem, [escaped(name) for name in names], [row.raw for row in table.rows])


def _order(matter: Matter, stem: str, entries: Sequence[str], raw: Sequence[str]) -> Candidate:
    return candidate(
        matter.chunk,
        "ordering",
        stem.rstrip("."),
        {"stem": escaped(stem), "sequence": list(entries)},
        raw,
        [Fact.of(f"order {matter.title}", " ".join(entries))],
    )


def _years(matter: Matter) -> Iterator[Candidate]:
    lines = [row.raw for table in matter.tables for row in table.rows]
    lines += [sentence.line.raw for sentence in matter.sentences]
    found: dict[str, tuple[int, str]] = {}
    for raw in lines:
        for match in _DATED.finditer(raw):
            found.setdefault(match["name"], (int(match["year"]), raw))
    years = [year for year, _ in found.values()]
    if not FEWEST <= len(found) <= MOST or len(set(years)) < len(years):
        return
    names = sorted(found, key=lambda name: found[name][0])
    ask = "put these in the order of their years, the earliest first."
    about = english.subject(matter.title)
    stem = english.asked(about, ask)
    if matter.title.endswith("?"):
        stem = f"{matter.title} {english.capital(ask)}"
    yield candidate(
        matter.chunk,
        "ordering",
        f"{matter.title}: years",
        {
            "stem": escaped(stem),
            "sequence": [escaped(name) for name in names],
        },
        [found[name][1] for name in names],
        [Fact.of("years", " ".join(names))],
    )
