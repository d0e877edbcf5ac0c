"""The drafter without a model: it chooses among what the slides support."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from coursec.drafting.drafts import Draft, Known, Unfilled
from coursec.drafting.evidence.chunk import Chunk
from coursec.drafting.evidence.coverage import Slot
from coursec.drafting.extractive.candidate import Candidate, Fact
from coursec.drafting.extractive.definitions import from_definitions, from_openings
from coursec.drafting.extractive.matter import Matter, matter_of
from coursec.drafting.extractive.orders import from_orders
from coursec.drafting.extractive.repetition import is_known
from coursec.drafting.extractive.tables import from_headed_tables, from_tables
from coursec.drafting.extractive.termlists import from_term_lists
from coursec.drafting.extractive.verdicts import from_verdicts

_TURNS = (
    "matching", "single_choice", "cloze", "ordering", "multiple_choice", "short_answer",
    "true_false",
)  # fmt: skip


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
        self._read: dict[str, Matter] = {}

    def draft(self, slot: Slot, chunks: Sequence[Chunk], known: Known) -> Draft | Unfilled:
        """Return the best item of the slot's type that is not known yet.

        What rests on the slot's own spans comes first, then the slot's slides, then others.
        """
        proposed = next(self.proposals(slot, chunks, known), None)
        return proposed or Unfilled(self._reason(slot, chunks))

    def proposals(self, slot: Slot, chunks: Sequence[Chunk], known: Known) -> Iterator[Draft]:
        """Yield every item for a slot that is not known yet, the best first."""
        own = {span.chunk.reference for span in slot.spans}
        words = [" ".join(span.text.split()) for span in slot.spans]

        def place(candidate: Candidate) -> tuple[int, bool]:
            quoted = [quote.text for quote in candidate.quotes]
            near = sum(any(word in text or text in word for text in quoted) for word in words)
            return -near, candidate.quotes[0].slide not in own

        for candidate in sorted(self._of_type(slot.type, chunks), key=place):
            if not is_known(candidate, known):
                yield Draft(candidate.fields, candidate.quotes)

    def supported(self, chunks: Sequence[Chunk], most: int) -> tuple[tuple[str, int], ...]:
        """Return (item type, how many) for a request that names none: at most so many in all.

        Types take turns, so that no type fills the quiz while another could be asked.
        """
        matters = [self._matter(chunk) for chunk in chunks]
        facts: set[Fact] = set()
        left: dict[str, int] = dict.fromkeys(_TURNS, 0)
        for matter in matters:
            for candidate in candidates_of(matter, matters, self.language):
                if not facts.intersection(candidate.facts):
                    left[candidate.type] += 1
                    facts.update(candidate.facts)
        granted: dict[str, int] = {}
        while sum(granted.values()) < most and any(left.values()):
            for kind in _TURNS:
                if left[kind] and sum(granted.values()) < most:
                    left[kind] -= 1
                    granted[kind] = granted.get(kind, 0) + 1
        return tuple(granted.items())

    def _of_type(self, kind: str, chunks: Sequence[Chunk]) -> list[Candidate]:
        matters = [self._matter(chunk) for chunk in chunks]
        return [
            candidate
            for matter in matters
            for candidate in candidates_of(matter, matters, self.language)
            if candidate.type == kind
        ]

    def _matter(self, chunk: Chunk) -> Matter:
        if chunk.id not in self._read:
            self._read[chunk.id] = matter_of(chunk)
        return self._read[chunk.id]

    def _reason(self, slot: Slot, chunks: Sequence[Chunk]) -> str:
        if self._of_type(slot.type, chunks):
            return f"All that these slides say for an item of type {slot.type} is asked already."
        if not is_english(self.language) and slot.type not in ("cloze", "matching"):
            return f"Items of type {slot.type} are made from English slides only, without a model."
        return f"These slides say nothing that {slot.type} can be made of without a model."
