"""The drafter without a model: it chooses among what the slides support."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from coursec.drafting.drafts import Draft, Known
from coursec.drafting.evidence.chunk import Chunk
from coursec.drafting.extractive import english
from coursec.drafting.extractive.candidate import Candidate
from coursec.drafting.extractive.contested import contested
from coursec.drafting.extractive.definitions import from_definitions, from_openings
from coursec.drafting.extractive.matter import Matter, matter_of
from coursec.drafting.extractive.orders import from_orders
from coursec.drafting.extractive.repetition import MOST_KNOWN, is_known
from coursec.drafting.extractive.tables import from_headed_tables, from_tables
from coursec.drafting.extractive.termlists import from_term_lists
from coursec.drafting.extractive.verdicts import from_verdicts

_UNKNOWN = "und"
"""BCP 47's tag for a language that nobody names."""


def is_english(language: str) -> bool:
    """Tell whether a BCP 47 tag is English's."""
    return language.partition("-")[0].casefold() == "en"


def candidates_of(matter: Matter, others: Sequence[Matter], language: str) -> Iterator[Candidate]:
    """Yield every item that a chunk supports; `others` give wrong answers where some are needed.

    Outside of English only gaps and matchings are made, from what needs no words but the
    slide's own: a first sentence that begins with a stressed term, a table under its headers.
    """
    if not is_english(language):
        yield from from_headed_tables(matter)
        yield from from_openings(matter)
        return
    if english.tells_errors(matter.title):
        return
    yield from chain(
        from_tables(matter),
        from_verdicts(matter, others),
        from_term_lists(matter),
        from_orders(matter),
        from_definitions(matter),
    )


class Extractive:
    """Drafts items by rules over the words of the slides; it never says more than they do."""

    name = "extractive"

    def __init__(self, language: str = "en") -> None:
        self.language = language
        self._read: dict[tuple[str, ...], list[Candidate]] = {}

    def drafts(self, kind: str, chunks: Sequence[Chunk]) -> list[Candidate]:
        """Return every item of a type that chunks support, in their order."""
        key = tuple(chunk.id for chunk in chunks)
        if key not in self._read:
            matters = [matter_of(chunk) for chunk in chunks]
            spoken = self._languages(chunks)
            doubtful = contested(matters)
            self._read[key] = [
                candidate
                for matter in matters
                for candidate in candidates_of(matter, matters, spoken[matter.chunk.lecture])
                if doubtful.isdisjoint(candidate.facts)
            ]
        return [candidate for candidate in self._read[key] if candidate.type == kind]

    def _languages(self, chunks: Sequence[Chunk]) -> dict[str, str]:
        """Return the language of each lecture: the course's, unless its words say otherwise."""
        texts: dict[str, list[str]] = {}
        for chunk in chunks:
            texts.setdefault(chunk.lecture, []).append(f"{chunk.title}\n{chunk.text}")
        return {
            lecture: _UNKNOWN
            if is_english(self.language) and english.reads_otherwise("\n".join(parts))
            else self.language
            for lecture, parts in texts.items()
        }

    def repeats(self, draft: Draft, known: Known, taken: Sequence[Draft]) -> bool:
        """Tell whether one of its drafts asks what is known, or what others of its drafts ask."""
        assert isinstance(draft, Candidate)
        facts = {fact for one in taken if isinstance(one, Candidate) for fact in one.facts}
        again = sum(fact in facts for fact in draft.facts)
        return (again > 0 and again >= MOST_KNOWN * len(draft.facts)) or is_known(draft, known)

    def reason(self, kind: str, *, said: bool) -> str:
        """Say in one sentence why no item of a type can be drafted any more, or of any (empty)."""
        if said:
            of = f" for an item of type {kind}" if kind else ""
            return f"All that these slides say{of} is asked already."
        if kind and not is_english(self.language) and kind not in ("cloze", "matching"):
            return f"Items of type {kind} are made from English slides only, without a model."
        return f"These slides say nothing that {kind or 'an item'} can be made of without a model."
