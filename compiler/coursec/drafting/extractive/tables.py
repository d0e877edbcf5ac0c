"""Matching, choices and statements from tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from coursec.drafting.extractive import english
from coursec.drafting.extractive.candidate import Candidate, Fact, candidate
from coursec.drafting.extractive.line import Line, escaped, key
from coursec.drafting.extractive.matter import Grid, Matter
from coursec.drafting.extractive.refusals import (
    betrayed,
    distinct,
    given_away,
    is_absolute,
    is_question,
    is_vague,
    share,
)
from coursec.drafting.extractive.spellings import abbreviates

FEWEST, MOST = 3, 7
"""Pairs of a matching."""
CHOICES = 4
LONGEST_CELL = 110
"""Characters of a cell that can be an answer."""
_NUMBERED = re.compile(r"^\(?\d+[.)]\s+")
_VERDICT = re.compile(r"(yes|no|sometimes|partly|partially|n/a|–|-|✓|✗|x)", re.IGNORECASE)
_SUM = re.compile(r"(sum|total|none|other|others|average|all)\b", re.IGNORECASE)
_AMOUNT = re.compile(r"(?P<number>\d[\d,]*(?:\.\d+)?)\s*(?P<unit>[^\W\d_]*)")
_UNITS = {
    "minute": 60, "hour": 3600, "day": 86400, "week": 604800, "month": 2.6e6, "year": 3.2e7,
    "kb": 1e3, "mb": 1e6, "gb": 1e9, "tb": 1e12,
}  # fmt: skip
_ARTICLE = re.compile(r"(an?|the)\s", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Cell:
    """What a table says of a thing: its row's, or its column's where the corner is empty."""

    name: str
    """The thing."""
    text: Line
    raw: tuple[str, ...]
    """The lines that say so."""

    @property
    def plain(self) -> str:
        """What the cell shows."""
        return self.text.plain.strip()

    @property
    def shown(self) -> str:
        """The cell as Markdown."""
        return self.text.markdown.strip()


@dataclass(frozen=True, slots=True)
class Series:
    """What a table says of several things in one respect."""

    kind: str
    """What the things are; empty where the table does not say."""
    respect: str
    cells: tuple[Cell, ...]
    across: bool = False
    """Whether the things are columns."""


def series_of(table: Grid) -> Iterator[Series]:
    """Yield what a table says, respect by respect; cells that hold formulas are left out."""
    header = [cell.plain.strip() for cell in table.header.cells]
    if not header or not table.rows:
        return
    if header[0] and _usable(table.header.cells[0]):
        names = [_name(row.cells[0]) for row in table.rows]
        if all(names) and len({key(name) for name in names}) == len(names):
            for at, respect in enumerate(header[1:], 1):
                if respect and _usable(table.header.cells[at]):
                    cells = [
                        Cell(name, row.cells[at], (row.raw,))
                        for name, row in zip(names, table.rows, strict=True)
                        if not _SUM.match(name)
                    ]
                    yield Series(header[0], respect, tuple(cells))
    elif not header[0] and len(header) > 2 and all(map(_usable, table.header.cells[1:])):
        for row in table.rows:
            respect = row.cells[0].plain.strip().rstrip(":")
            if respect and _usable(row.cells[0]):
                cells = [
                    Cell(name, cell, (table.header.raw, row.raw))
                    for name, cell in zip(header[1:], row.cells[1:], strict=True)
                ]
                yield Series("", respect, tuple(cells), across=True)


def _usable(line: Line) -> bool:
    return not line.hard and not line.code and bool(re.search(r"[^\W\d_]", line.plain))


def _name(cell: Line) -> str:
    """Return a row's name without its number; empty where it has none that can be said."""
    name = _NUMBERED.sub("", cell.plain.strip()).strip(" .:")
    fits = _usable(cell) and len(name) <= 80 and not is_question(name)
    return name if fits and re.search(r"[^\W\d_]{2}", name) else ""


def _alone(cells: Sequence[Cell]) -> list[Cell]:
    """Return the cells that can be asked for one by one: a single word says too little."""
    if all(_is_name(cell.plain) for cell in cells):
        return _answers(cells)
    return [cell for cell in _answers(cells) if len(cell.plain.split()) > 1]


def _answers(cells: Sequence[Cell]) -> list[Cell]:
    """Return the cells that can be answers."""
    return [
        cell
        for cell in cells
        if not cell.text.hard
        and re.search(r"[^\W\d_]{2}", cell.plain)
        and len(cell.plain) <= LONGEST_CELL
        and not _VERDICT.fullmatch(cell.plain)
        and sum(c.isdigit() for c in cell.plain) * 3 < len(cell.plain)
    ]


def from_tables(matter: Matter) -> Iterator[Candidate]:
    """Yield the candidates of a chunk's tables, in English."""
    if english.is_practice(matter.title):
        return
    for table in matter.tables:
        for series in series_of(table):
            yield from _matching(matter, series)
            yield from _choices(matter, series)
            yield from _statements(matter, series)
        yield from _classes(matter, table)


def from_headed_tables(matter: Matter) -> Iterator[Candidate]:
    """Yield matchings that need no words but a table's own: its headers ask, in any language."""
    for table in matter.tables:
        for series in series_of(table):
            if pairs := _pairs(series):
                heads = " – ".join(filter(None, (series.kind, series.respect)))
                title = f"{matter.title}: {series.respect}"
                yield matching_of(matter, title, escaped(f"{matter.title}: {heads}"), pairs)


def _matching(matter: Matter, series: Series) -> Iterator[Candidate]:
    pairs = _pairs(series)
    if not pairs or _is_contrast(matter.title, series):
        return
    respect = english.lowered(series.respect)
    if english.is_noun(series.respect):
        respect = f"its {respect}" if not respect.startswith(("its ", "the ")) else respect
    elif not english.is_what(series.respect):
        return
    what = english.kind_of(series.kind)
    if what and not english.is_noun(series.kind):
        return
    about = english.subject(matter.title, series.kind)
    ask = f"match each {what or 'of the following'} with {respect}."
    stem = english.asked(about, ask)
    yield matching_of(matter, f"{matter.title}: {series.respect}", escaped(stem), pairs)


def _is_contrast(title: str, series: Series) -> bool:
    """Tell whether a table sets its columns against each other, as in `Stack vs. heap`."""
    versus = re.search(r"\b(vs|versus|compared|or)\b", title, re.IGNORECASE)
    return bool(versus) and share(series.kind, title) and share(series.respect, title)


def matching_of(matter: Matter, title: str, stem: str, pairs: Sequence[Cell]) -> Candidate:
    """Return a matching of names and what is said of them."""
    return candidate(
        matter.chunk,
        "matching",
        title,
        {
            "stem": stem,
            "pairs": [{"premise": escaped(p.name), "response": p.shown} for p in pairs],
        },
        [raw for pair in pairs for raw in pair.raw],
        [Fact.of(pair.name, pair.plain) for pair in pairs],
    )


def fitting(pairs: Sequence[Cell]) -> list[Cell]:
    """Return pairs none of which is given away or can be taken for another; none if too few."""
    kept, before = list(pairs), len(pairs) + 1
    while len(kept) < before:  # what many share betrays none; of the few that are left it may
        before = len(kept)
        kept = _unbetrayed(kept)
        kept = kept if len(kept) < before else kept[:MOST]
    if len(kept) < FEWEST or not distinct([pair.plain for pair in kept]):
        return []
    return kept


def _unbetrayed(pairs: Sequence[Cell]) -> list[Cell]:
    return [
        pair
        for pair in pairs
        if not given_away(pair.name, pair.plain, [p.plain for p in pairs if p is not pair])
        and not spells_out(pair)
        and not any(p is not pair and key(p.plain) == key(pair.plain) for p in pairs)
    ]


def spells_out(pair: Cell) -> bool:
    """Tell whether what is said begins with the words that the name is the initials of."""
    words = pair.plain.split()
    return any(abbreviates(pair.name, " ".join(words[:n])) for n in range(2, len(words) + 1))


def _pairs(series: Series) -> list[Cell]:
    return fitting(_answers(series.cells))


def _choices(matter: Matter, series: Series) -> Iterator[Candidate]:
    """Yield for each thing the question which of the answers belongs to it."""
    cells = _alone(series.cells)
    if len(cells) < FEWEST or not english.is_noun(series.respect):
        return
    if series.kind and not english.is_noun(series.kind):
        return
    for cell in cells:
        others = [c for c in cells if c is not cell and key(c.plain) != key(cell.plain)]
        wrong = nearest(cell, others)
        texts = [cell.plain, *(c.plain for c in wrong)]
        if (
            len(wrong) < FEWEST - 1
            or not distinct(texts)
            or betrayed(cell.plain, texts[1:])
            or given_away(cell.name, cell.plain, texts[1:])
        ):
            continue
        thing = english.named(series.kind, cell.name)
        about = english.subject(matter.title, f"{thing} {series.respect}", series.kind)
        stem = english.asked(about, _question(series.respect, thing, texts))
        chosen = [c for c in cells if c is cell or c in wrong]
        yield choice_of(
            matter,
            f"{series.respect}: {cell.name}",
            escaped(stem),
            [(c.shown, c is cell) for c in chosen],
            cell.raw,
            Fact.of(cell.name, cell.plain),
        )


def _question(respect: str, thing: str, answers: Sequence[str]) -> str:
    """Return the question for an answer, in a form that suits the answers."""
    noun, several = english.lowered(respect), english.is_plural(respect)
    if all(map(is_question, answers)):
        return f"which {noun} {'belong' if several else 'belongs'} to {thing}?"
    if all(map(_is_name, answers)):
        return f"which {noun} {'fit' if several else 'fits'} {thing}?"
    if any(map(english.is_degree, answers)):
        return f"which holds for the {noun} of {thing}?"
    return f"what {'are' if several else 'is'} the {noun} of {thing}?"


def _is_name(answer: str) -> bool:
    return answer[:1].isupper() and len(answer.split()) <= 4


def choice_of(
    matter: Matter,
    title: str,
    stem: str,
    choices: Sequence[tuple[str, bool]],
    raw: Sequence[str],
    fact: Fact,
) -> Candidate:
    """Return a single choice; `choices` are (Markdown, whether it is right)."""
    if all(_AMOUNT.fullmatch(text) for text, _ in choices):
        choices = sorted(choices, key=lambda choice: _amount(choice[0]))
    own = {
        "stem": stem,
        "choices": [{"text": t, "correct": True} if right else {"text": t} for t, right in choices],
    }
    return candidate(matter.chunk, "single_choice", title, own, raw, [fact])


def _amount(text: str) -> float:
    """Return how much a number and a unit are: `12 hours` are less than `5 days`."""
    match = _AMOUNT.fullmatch(text)
    number = float(match["number"].replace(",", "")) if match else 0.0
    return number * _UNITS.get(match["unit"].casefold().rstrip("s") if match else "", 1)


def nearest(cell: Cell, others: Sequence[Cell]) -> list[Cell]:
    """Return the wrong answers that are most like the right one in length."""
    unique = list({key(other.plain): other for other in others}.values())
    order = sorted(unique, key=lambda c: (abs(len(c.plain) - len(cell.plain)), others.index(c)))
    return order[: CHOICES - 1]


def _statements(matter: Matter, series: Series) -> Iterator[Candidate]:
    """Yield for each thing a statement, true or with the answer of another thing."""
    cells = [
        cell
        for cell in _alone(series.cells)
        if not is_absolute(cell.plain)
        and not is_vague(cell.plain)
        and not is_question(cell.plain)
        and not re.search(r"[;:.]|,\s*and\b|\band\b.*\band\b", cell.plain)
    ]
    if len(cells) < FEWEST or not english.is_noun(series.respect):
        return
    if series.kind and not english.is_noun(series.kind):
        return
    texts = [cell.plain for cell in cells]
    if len({key(text) for text in texts}) < len(texts):
        return
    for at, cell in enumerate(cells):
        true = sum(map(ord, cell.name + series.respect)) % 2 == 0
        other = cells[(at + 1) % len(cells)]
        if not true and (share(cell.plain, other.plain) or share(cell.name, other.plain)):
            true = True
        if true and share(cell.name, cell.plain):
            continue
        said = cell if true else other
        thing = english.named(series.kind, cell.name)
        respect = english.lowered(series.respect)
        verb = "are" if english.is_plural(series.respect) else "is"
        if _ARTICLE.match(said.plain):
            stem = f"the {respect} of {thing} {verb} {said.plain}."
        else:
            stem = f"the {respect} of {thing} {verb} “{said.plain}”."
        if all(map(_is_name, texts)):
            fits = "fit" if verb == "are" else "fits"
            stem = f"the {respect} that {fits} {thing} {verb} {said.plain}."
        about = english.subject(matter.title, f"{thing} {series.respect}", series.kind)
        stem = english.asked(about, stem)
        yield candidate(
            matter.chunk,
            "true_false",
            f"{series.respect}: {cell.name}",
            {"stem": escaped(stem), "answer": true},
            [*cell.raw, *(() if true else other.raw)],
            [Fact.of(cell.name, cell.plain)],
        )


def _classes(matter: Matter, table: Grid) -> Iterator[Candidate]:
    """Yield a matching of descriptions with two or three things that a table compares."""
    rows = [s for s in series_of(table) if s.across and len(_answers(s.cells)) == len(s.cells)]
    if len(rows) < FEWEST or len(rows[0].cells) > 2:
        return
    names = [cell.name for cell in rows[0].cells]
    picked = []
    for number, series in enumerate(rows[:6]):
        cell = series.cells[number % len(names)]
        other = series.cells[1 - number % len(names)]
        if any(share(name, cell.plain + " " + series.respect) for name in names):
            continue
        if not distinct([cell.plain, other.plain]):
            continue
        picked.append((series.respect, cell))
    if len(picked) < FEWEST or len({cell.name for _, cell in picked}) < 2:
        return
    about = matter.title if matter.title.endswith("?") else f"{matter.title}."
    yield candidate(
        matter.chunk,
        "matching",
        f"{matter.title}: which is which",
        {
            "stem": escaped(f"{about} Match each description with “{names[0]}” or “{names[1]}”."),
            "pairs": [
                {"premise": f"{escaped(respect)}: {cell.shown}", "response": escaped(cell.name)}
                for respect, cell in picked
            ],
        },
        [raw for _, cell in picked for raw in cell.raw],
        [Fact.of(f"{cell.name}", f"{cell.plain}") for _, cell in picked],
    )
