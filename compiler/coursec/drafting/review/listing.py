"""What waits for a decision, as a table for people and as records for programs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from coursec.diagnostics.columns import cut, padded, width
from coursec.drafting.review.desk import Desk
from coursec.drafting.review.waiting import reasons
from coursec.model.items import Item


def table(desk: Desk, items: Sequence[Item], path: Callable[[str], str]) -> Iterator[str]:
    """Yield a line for each item: id, type, why it waits, where it stands."""
    slides = desk.slides
    rows = [
        (
            item.id,
            item.kind,
            ", ".join(reasons(item, slides, desk.bank)) or item.status,
            f"{path(item.span.path)}:{item.span.line}" if item.span else "",
        )
        for item in items
    ]
    sizes = [max(map(width, column)) for column in list(zip(*rows, strict=True))[:3]]
    for *cells, place in rows:
        shown = [padded(cell, size) for cell, size in zip(cells, sizes, strict=True)]
        yield "  ".join([*shown, cut(place, 200)]).rstrip()


def records(desk: Desk, items: Sequence[Item]) -> list[dict[str, Any]]:
    """Return an object for each item."""
    slides = desk.slides
    found = []
    for item in items:
        provenance = item.provenance
        made: dict[str, Any] = {
            "id": item.id,
            "type": item.kind,
            "status": item.status,
            "waits": reasons(item, slides, desk.bank),
            "path": item.span.path if item.span else "",
            "line": item.span.line if item.span else 0,
            "source": list(item.source),
            "drafter": provenance.drafter if provenance else None,
            "review": None,
            "findings": [{"code": d.code, "message": d.message} for d in desk.findings(item.id)],
        }
        if provenance and provenance.review:
            last = provenance.review
            made["review"] = {
                "decision": last.decision,
                "by": last.by,
                "at": last.at,
                "reason": last.reason,
            }
        found.append(made)
    return found
