"""Whether a candidate asks what is asked already: the same answer about the same thing."""

from __future__ import annotations

from coursec.drafting.drafts import Asked, Known
from coursec.drafting.extractive.candidate import Candidate, Fact
from coursec.drafting.extractive.line import key
from coursec.drafting.extractive.refusals import telling

MOST_KNOWN = 0.5
"""Share of a candidate's facts that may be known."""
_ALIKE = 0.85
"""Share of its telling words that a statement may have in common with another."""


def is_known(candidate: Candidate, known: Known) -> bool:
    """Tell whether half of what a candidate asks, or more, is asked already."""
    stem = key(str(candidate.fields.get("stem") or candidate.fields.get("text")))
    if candidate.type == "true_false":
        words = set(telling(stem))
        for one in known.asked:
            common = len(words & one.words)
            if not one.answers and common >= _ALIKE * min(len(words), len(one.words)):
                return True
    count = sum(any(_asks(one, fact) for one in known.asked) for fact in candidate.facts)
    return count > 0 and count >= MOST_KNOWN * len(candidate.facts)


def _asks(one: Asked, fact: Fact) -> bool:
    if (
        f"{fact.concept} {fact.answer}" in one.answers
        or f"{fact.answer} {fact.concept}" in one.answers
    ):
        return True
    if fact.answer not in one.answers:
        return False
    words = telling(fact.concept)
    return fact.concept == fact.answer or 2 * sum(w in one.words for w in words) >= len(words)
