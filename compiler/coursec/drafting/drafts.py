"""What a drafter proposes, and what it may not propose again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from coursec.drafting.evidence.chunk import Chunk
from coursec.drafting.evidence.coverage import Slot
from coursec.model.items import Item


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a slide that an item rests on, exactly as they stand there (blanks normalised)."""

    slide: str
    """Reference such as `04-tokenization#bpe`."""
    digest: str
    """Digest of the slide (`Chunk.digest`)."""
    text: str


@dataclass(frozen=True, slots=True)
class Draft:
    """An item as a drafter proposes it: not yet checked."""

    fields: Mapping[str, object]
    """The item's fields as they stand in YAML, without id, status, source, provenance.

    Texts are Markdown; numbers are written as texts, true and false are booleans.
    """
    quotes: tuple[Quote, ...]
    """At least one."""


@dataclass(frozen=True, slots=True)
class Unfilled:
    """Why a slot stays empty."""

    reason: str
    """One sentence."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What one item asks: enough to see that another asks the same."""

    item: str
    """Its id."""
    answers: frozenset[str]
    """Its key, normalised: see `repetition.key_words`."""
    words: frozenset[str]
    """The telling words of all its texts."""
    stem: str
    """Its question, normalised."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the bank and this run hold already, so that nothing is asked twice."""

    asked: tuple[Asked, ...] = ()
    fresh: tuple[Item, ...] = ()
    """Items of this run that were taken already."""

    @property
    def answers(self) -> frozenset[str]:
        """Every key that is asked for."""
        return frozenset(answer for one in self.asked for answer in one.answers)

    @property
    def stems(self) -> frozenset[str]:
        """Every question, normalised."""
        return frozenset(one.stem for one in self.asked)

    def and_(self, other: Asked) -> Known:
        """Return what is known when one item more is."""
        return Known((*self.asked, other), self.fresh)

    def with_item(self, item: Item, asked: Asked) -> Known:
        """Return what is known when an item of this run is taken."""
        return Known((*self.asked, asked), (*self.fresh, item))


class Drafter(Protocol):
    """Drafts items: a local model, or rules over the text."""

    name: str
    """`ollama` or `extractive`; it stands in an item's provenance."""

    def draft(self, slot: Slot, chunks: Sequence[Chunk], known: Known) -> Draft | Unfilled:
        """Return an item for a slot.

        `chunks` are the slot's own first, then others on its topic. The result is not trusted.
        """
        ...


class ByRules(Protocol):
    """A drafter that needs no model: it knows all that it could draft."""

    name: str
    """As of a `Drafter`."""

    def drafts(self, kind: str, chunks: Sequence[Chunk]) -> Sequence[Draft]:
        """Return every item of a type that chunks support, in their order."""
        ...

    def repeats(self, draft: Draft, known: Known, taken: Sequence[Draft]) -> bool:
        """Tell whether one of its drafts asks what is known, or what others of its drafts ask."""
        ...

    def reason(self, kind: str, *, said: bool) -> str:
        """Say in one sentence why no item of a type can be drafted any more, or of any (empty).

        `said` tells whether the slides support one at all.
        """
        ...
