"""What an item rests on: whether the slides still say it, and who decided."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from coursec.diagnostics import Diagnostics, Span
from coursec.diagnostics.nearest import did_you_mean
from coursec.model.items import Item
from coursec.model.provenance import Evidence
from coursec.model.quiz import Bank
from coursec.model.slides import Slides, normalised, wording


@dataclass(frozen=True, slots=True)
class Outdated:
    """Evidence whose slide is no longer what it was."""

    evidence: Evidence
    how: Literal["changed", "moved", "gone"]
    now: str | None
    """Reference of the slide that says it today; None where there is none."""


@dataclass(frozen=True, slots=True)
class States:
    """The ids of a course's items by what has been decided on them."""

    draft: tuple[str, ...]
    approved: tuple[str, ...]
    retired: tuple[str, ...]
    stale: tuple[str, ...]
    """Those among the drafts and the approved ones whose slide has changed."""


def states(bank: Bank) -> States:
    """Return in which state every sound item of a course is."""
    slides = Slides(bank.lectures)
    by_status: dict[str, list[str]] = {"draft": [], "approved": [], "retired": []}
    for item in bank.items.values():
        by_status[item.status].append(item.id)
    stale = [item.id for item in bank.items.values() if is_stale(item, slides, bank)]
    return States(
        draft=tuple(by_status["draft"]),
        approved=tuple(by_status["approved"]),
        retired=tuple(by_status["retired"]),
        stale=tuple(stale),
    )


def is_stale(item: Item, slides: Slides, bank: Bank) -> bool:
    """Tell whether a slide that an item rests on has changed; of a retired one nobody asks."""
    return item.status != "retired" and bool(outdated(item, slides, bank))


def outdated(item: Item, slides: Slides, bank: Bank) -> list[Outdated]:
    """Return the evidence of an item whose slide has changed, moved or gone.

    A lecture that has mistakes itself says nothing of its slides.
    """
    if item.provenance is None:
        return []
    found = [_outdated(evidence, slides, bank) for evidence in item.provenance.evidence]
    return [one for one in found if one is not None]


def _outdated(evidence: Evidence, slides: Slides, bank: Bank) -> Outdated | None:
    if evidence.slide.partition("#")[0] in bank.unsound:
        return None
    digest = slides.digest(evidence.slide)
    if digest == evidence.digest:
        return None
    if digest is not None:
        return Outdated(evidence, "changed", evidence.slide)
    moved = slides.with_digest(evidence.digest)
    return Outdated(evidence, "moved" if moved else "gone", moved)


def stands_there(evidence: Evidence, slides: Slides) -> bool:
    """Tell whether a quote stands on its slide word for word; an empty one does."""
    slide = slides.get(evidence.slide)
    return slide is not None and normalised(evidence.quote) in wording(slide)


def check_provenance(item: Item, slides: Slides, bank: Bank, sink: Diagnostics) -> None:
    """Report an item that rests on what no slide says, or that nobody has decided on."""
    provenance = item.provenance
    if provenance is None or item.status == "retired":
        return
    place = item.span or Span("")
    old = {id(one.evidence) for one in outdated(item, slides, bank)}
    for code, message, span, hint in _outdated_findings(item, slides, bank):
        sink.report(code, message, span or place, hint=hint, item=item.id)
    for evidence in provenance.evidence:
        known = slides.get(evidence.slide) is not None
        if known and id(evidence) not in old and not stands_there(evidence, slides):
            sink.report(
                "W972",
                f"The quote does not stand on the slide `{evidence.slide}` word for word.",
                evidence.span or place,
                hint="Copy the words from the slide, or delete the quote.",
                item=item.id,
            )
    if item.status != "approved":
        return
    review = provenance.review
    if review is not None and review.decision == "rejected":
        sink.report(
            "W974",
            f"The item is approved, but its last review rejected it (by {review.by}).",
            place,
            hint=f"Decide again: coursec review --accept {item.id}, or set `status: retired`.",
            item=item.id,
        )
    elif review is None and provenance.drafter is not None:
        sink.report(
            "W973",
            "The item was drafted by a program and is approved, but nobody's review is recorded.",
            place,
            hint=f"Look at it in `coursec review`, or record it: coursec review --accept {item.id}",
            item=item.id,
        )


def _outdated_findings(
    item: Item, slides: Slides, bank: Bank
) -> Iterator[tuple[str, str, Span | None, str]]:
    for one in outdated(item, slides, bank):
        slide = one.evidence.slide
        hint = "Decide again with `coursec review`: it shows the item beside the slide."
        if one.how == "changed":
            message = f"The item is stale: the slide `{slide}` has changed since it was written."
        elif one.how == "moved":
            message = f"The item is stale: the slide `{slide}` is now `{one.now}`."
        else:
            message = f"The item is stale: the slide `{slide}` is gone."
            hint = did_you_mean(slide, list(slides)) or hint
        yield "W971", message, one.evidence.span, hint
