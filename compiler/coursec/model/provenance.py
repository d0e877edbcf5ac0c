"""Where an item comes from: the words that it rests on, what drafted it, who decided on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from coursec.diagnostics import Span

Decision = Literal["accepted", "edited", "rejected"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Words of a slide that an item rests on."""

    slide: str
    """Reference such as `04-tokenization#bpe`."""
    digest: str
    """Digest of the slide (`coursec.model.slides`) when the item was written or reviewed."""
    quote: str = ""
    """The words as they stand there, blanks squeezed; empty where the slide as a whole counts."""
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelUsed:
    """The language model that drafted an item."""

    name: str
    digest: str | None = None
    options: tuple[tuple[str, str], ...] = ()
    """(option, value as written), such as seed and temperature."""
    prompt: str | None = None
    """Version of the prompt's template."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """The last decision of a person on an item."""

    decision: Decision
    by: str
    at: str
    """ISO 8601, with a time zone."""
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where an item comes from; one that a person wrote may have a review only."""

    drafter: str | None = None
    """`ollama` or `extractive`; None where a person wrote the item."""
    evidence: tuple[Evidence, ...] = ()
    model: ModelUsed | None = None
    drafted: str | None = None
    """Day, ISO 8601."""
    review: Review | None = None
