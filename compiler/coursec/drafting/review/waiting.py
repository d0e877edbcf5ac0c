"""Which items wait for a decision, and why."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase

from coursec.assembly.assemble import fits
from coursec.checks.provenance import is_stale
from coursec.model.items import Item
from coursec.model.quiz import Bank, QuizSpec
from coursec.model.slides import Slides


def reasons(item: Item, slides: Slides, bank: Bank) -> list[str]:
    """Return why an item waits: `draft`, `stale`, `unreviewed`, `rejected`; none if it does not."""
    found = []
    if item.status == "draft":
        found.append("draft")
    if is_stale(item, slides, bank):
        found.append("stale")
    provenance = item.provenance
    if item.status == "approved" and provenance is not None:
        if provenance.review is None and provenance.drafter is not None:
            found.append("unreviewed")
        elif provenance.review is not None and provenance.review.decision == "rejected":
            found.append("rejected")
    return found


def waiting(bank: Bank) -> list[Item]:
    """Return the items of a course that wait for a decision, in the order of their files."""
    slides = Slides(bank.lectures)
    return [item for item in bank.items.values() if reasons(item, slides, bank)]


def drafted_for(items: Iterable[Item], quiz: str) -> list[Item]:
    """Return those items that were drafted for a quiz, which need not be there yet."""
    drafts = f"items/{quiz}-drafts.yaml"
    return [item for item in items if item.span and item.span.path == drafts]


def of_quiz(items: Iterable[Item], spec: QuizSpec) -> list[Item]:
    """Return those items that a quiz names or draws from, and its drafts, whatever their status."""
    items = list(items)
    drafts = drafted_for(items, spec.id)
    return [
        item
        for item in items
        if item in drafts
        or any(
            any(fnmatchcase(item.id, reference.pattern) for reference in section.items)
            or (section.pool is not None and fits(item, section.pool))
            for section in spec.sections
        )
    ]
