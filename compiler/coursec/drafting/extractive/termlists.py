"""Matching and choices from lists of terms: `Term: text`, **Term.** text, a term with entries."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from coursec.drafting.extractive import english
from coursec.drafting.extractive.candidate import Candidate, Fact, candidate
from coursec.drafting.extractive.line import Line, escaped, key
from coursec.drafting.extractive.matter import Entry, Listing, Matter, sentences_of
from coursec.drafting.extractive.refusals import (
    betrayed,
    distinct,
    given_away,
    is_absolute,
    is_question,
    is_vague,
    share,
    stands_alone,
    telling,
)
from coursec.drafting.extractive.spellings import abbreviates
from coursec.drafting.extractive.tables import (
    FEWEST,
    Cell,
    choice_of,
    fitting,
    matching_of,
    nearest,
    spells_out,
)

LONGEST = 130
"""Characters of a term's description."""
_SHORTEST = 3
"""Words of a description."""
_MARKED = re.compile(
    r"([*_]{1,3})(?P<term>[^*_]+?)(?P<inside>[.:])?\1(?P<outside>\s*[:–—]|\s-\s)?\s*"
)
_PLAIN = re.compile(
    r"(?P<term>[A-Z][\w/+-]*(?:[ -][\w/+-]+){0,3}?)(?:\s*\([^()]*\))?\s*(?::|\s[–—-])\s+"
)
_SAID = 5
"""Words of what is said of a term that can be true or false."""
_NUMBERS = re.compile(r"\d")
_ASIDE = re.compile(r"\([^()]*\)")
_REAL_WORD = re.compile(r"[^\W\d_]{2,}")
_BRACKETED = re.compile(r"(?P<name>[^()]{2,60}) \((?P<text>[^\W\d_]+(?: [^\W\d_]+){0,2})\)\.?")


def from_term_lists(matter: Matter) -> Iterator[Candidate]:
    """Yield the candidates of a chunk's lists of terms, in English."""
    if english.is_practice(matter.title):
        return
    for listing in matter.lists:
        yield from _bracketed(matter, listing)
        terms = _terms(listing)
        if len(terms) == 2 == len(listing.entries):
            yield from _contrast(matter, listing, terms)
        if len(terms) < FEWEST:
            continue
        about, title = _about(matter, listing)
        if english.is_glossary(title):
            about = ""
        elif not about:
            continue
        pairs = fitting([term for term in terms if not _is_short_name(term)])
        noun = english.noun_of_lead(listing.lead.plain if listing.lead else "")
        if pairs:
            stem = f"{about} Match each {noun} with its description."
            yield matching_of(matter, title, escaped(stem.strip()), pairs)
        yield from _choices(matter, about, title, english.plural(noun), terms)


def _is_short_name(term: Cell) -> bool:
    return len(telling(term.name)) == 0


def _about(matter: Matter, listing: Listing) -> tuple[str, str]:
    """Return (what the list is about as a sentence, a title); empty where nothing says it."""
    lead = listing.lead.plain if listing.lead and not listing.lead.hard else ""
    title = matter.title
    if lead.startswith("Example"):
        about = "" if english.is_generic(title) else f"{title}. "
        return f"{about}{lead.rstrip(':. ')}.", title
    if title.endswith("?"):
        return title, title
    if english.is_generic(title) or english.is_technical(title):
        return "", title
    return f"{title}.", title


def _terms(listing: Listing) -> list[Cell]:
    found = [_term(entry) for entry in listing.entries]
    whole = [cell for cell in found if cell is not None]
    if len(whole) * 3 < len(listing.entries) * 2:
        return []
    if len({key(cell.name) for cell in whole}) < len(whole):
        return []
    return [cell for cell in whole if _describes(cell)]


def _term(entry: Entry) -> Cell | None:
    raw = entry.line.raw
    match = _MARKED.match(raw)
    if match and (match["inside"] or match["outside"]):
        return _cell(match["term"], raw[match.end() :], (raw,))
    match = _PLAIN.match(raw)
    if match:
        return _cell(match["term"], raw[match.end() :], (raw,))
    if entry.below and len(entry.line.plain.split()) <= 4 and not is_question(entry.line.plain):
        first = entry.below[0]
        return _cell(entry.line.plain, first.raw, (raw, first.raw))
    return None


def _cell(term: str, text: str, raw: tuple[str, ...]) -> Cell | None:
    name = Line.of(term).plain.strip(" .:–—-")
    text = _description(text)
    if not name or not text or len(name.split()) > 5:
        return None
    return Cell(name, Line.of(text), raw)


def _description(text: str) -> str:
    """Return the first sentence of a description; the second too where the first is short."""
    sentences = sentences_of(text)
    if not sentences:
        return ""
    said = sentences[0]
    if len(said.split()) < 5 and len(sentences) > 1 and not is_question(sentences[1]):
        said = f"{said} {sentences[1]}"
    return said.strip()


def _describes(cell: Cell) -> bool:
    """Tell whether a text can stand for a term: no question, formula or pointer, of good length."""
    text = cell.plain
    return (
        not cell.text.hard
        and not is_question(text)
        and len(_REAL_WORD.findall(_ASIDE.sub(" ", text))) >= _SHORTEST
        and len(text) <= LONGEST
        and (not text.endswith(".") or stands_alone(text) or not text[0].isupper())
        and not text.endswith(":")
        and not _NUMBERS.search(cell.name)
    )


def _contrast(matter: Matter, listing: Listing, terms: Sequence[Cell]) -> Iterator[Candidate]:
    """Yield statements on two terms that stand against each other, or with the other's text."""
    about, title = _about(matter, listing)
    one, other = terms
    if any(len(term.raw) > 1 or len(term.plain.split()) < _SAID for term in terms):
        return  # headings above other entries, and what is said too briefly to be true or false
    texts = [one.plain, other.plain]
    if (
        not about
        or not distinct(texts)
        or any(map(is_absolute, texts))
        or any(map(is_vague, texts))
    ):
        return
    if any(share(term.name, text) for term in terms for text in texts):
        return
    for term, wrong in ((one, other), (other, one)):
        true = sum(map(ord, term.name + title)) % 2 == 0
        said, name = term if true else wrong, escaped(term.name)
        yield candidate(
            matter.chunk,
            "true_false",
            f"{title}: {term.name}",
            {
                "stem": f"{escaped(about)} This describes “{name}”:\n\n> {said.shown}",
                "answer": true,
            },
            [*term.raw, *(() if true else wrong.raw)],
            [Fact.of(term.name, term.plain)],
        )


def _bracketed(matter: Matter, listing: Listing) -> Iterator[Candidate]:
    """Yield a matching of entries such as `Ingredients (left)` with what stands in brackets."""
    found = [_BRACKETED.fullmatch(entry.line.plain) for entry in listing.entries]
    if len(listing.entries) < FEWEST or not all(found) or any(e.line.hard for e in listing.entries):
        return
    cells = [
        Cell(match["name"].strip(), Line.of(escaped(match["text"])), (entry.line.raw,))
        for match, entry in zip(found, listing.entries, strict=True)
        if match and not abbreviates(match["text"], match["name"])
    ]
    about = english.subject(matter.title)
    pairs = fitting(cells)
    if pairs and about:
        noun = english.noun_of_lead(listing.lead.plain if listing.lead else "")
        stem = english.asked(about, f"match each {noun} with the word that belongs to it.")
        yield matching_of(matter, matter.title, escaped(stem), pairs)


def _choices(
    matter: Matter, about: str, title: str, noun: str, terms: Sequence[Cell]
) -> Iterator[Candidate]:
    for term in terms:
        if given_away(term.name, term.plain, []) or not telling(term.name) or spells_out(term):
            continue
        others = [t for t in terms if t is not term]
        if any(given_away(other.name, term.plain, []) for other in others):
            continue
        names = [Cell(t.name, Line.of(escaped(t.name)), t.raw) for t in [term, *others]]
        wrong = nearest(names[0], names[1:])
        texts = [names[0].plain, *(c.plain for c in wrong)]
        if len(wrong) < FEWEST - 1 or not distinct(texts):
            continue
        if betrayed(texts[0], texts[1:]):
            continue
        chosen = {c.name for c in wrong} | {term.name}
        ask = f"{escaped(about)} Which of these {noun} does this describe?".strip()
        stem = f"{ask}\n\n> {term.shown}"
        yield choice_of(
            matter,
            f"{title}: {' '.join(term.plain.split()[:6])} …",
            stem,
            [(escaped(t.name), t is term) for t in terms if t.name in chosen],
            term.raw,
            Fact.of(term.name, term.plain),
        )
