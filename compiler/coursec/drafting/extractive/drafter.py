"""The drafter without a model: it chooses among what the slides support."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from coursec.drafting.drafts import Draft, Known, Unfilled
from coursec.drafting.evidence.chunk import Chunk
from coursec.drafting.evidence.coverage import Slot
from coursec.drafting.extractive.candidate import Candidate
from coursec.drafting.extractive.definitions import from_definitions, from_openings
from coursec.drafting.extractive.matter import Matter, matter_of
from coursec.drafting.extractive.orders import from_orders
from coursec.drafting.extractive.repetition import is_known
from coursec.drafting.extractive.tables import from_headed_tables, from_tables
from coursec.drafting.extractive.termlists import from_term_lists
from coursec.drafting.extractive.verdicts import from_verdicts


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
        matters = [self._matter(chunk) for chunk in chunks]
        found = [
            candidate
            for matter in matters
            for candidate in candidates_of(matter, matters, self.language)
            if candidate.type == slot.type
        ]
        fresh = [candidate for candidate in found if not is_known(candidate, known)]
        if not fresh:
            return Unfilled(self._reason(slot, bool(found)))
        own = {span.chunk.reference for span in slot.spans}
        words = [" ".join(span.text.split()) for span in slot.spans]
        best = min(
            fresh,
            key=lambda c: (
                -sum(any(w in q.text or q.text in w for q in c.quotes) for w in words),
                c.quotes[0].slide not in own,
            ),
        )
        return Draft(best.fields, best.quotes)

    def _matter(self, chunk: Chunk) -> Matter:
        if chunk.id not in self._read:
            self._read[chunk.id] = matter_of(chunk)
        return self._read[chunk.id]

    def _reason(self, slot: Slot, any_found: bool) -> str:
        kind = slot.type.replace("_", " ")
        if any_found:
            return f"Everything that the slides support as {kind} is asked already."
        if not is_english(self.language) and slot.type not in ("cloze", "matching"):
            return f"Without a model, {kind} items are made from English slides only."
        return f"These slides say nothing that a {kind} can be made of without a model."
