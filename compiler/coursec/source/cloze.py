"""Cloze items: a text, its gaps, and whether the two agree."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from coursec.diagnostics import Span
from coursec.model.items import (
    ONE,
    ZERO,
    ChoiceGap,
    Cloze,
    ClozeGap,
    Item,
    NumberGap,
    TextGap,
)
from coursec.model.text import NO_TEXT, Gap, walk
from coursec.source.answers import read_choices, read_number, read_text_answers
from coursec.source.fields import Fields, decimal
from coursec.source.nodes import Mapping, Node, Scalar, one_of
from coursec.source.places import locate


def _gap(name: str, fields: Fields, points: Decimal | None) -> ClozeGap | None:
    keys = fields.node.entries
    given = [key for key in ("choices", "answers", "answer", "range") if key in keys]
    span = fields.node.head
    if not given:
        fields.report(
            "E401",
            f"The gap `{name}` has no answer.",
            span,
            "Add `choices:`, `answers:`, or `answer:` with `tolerance:`.",
        )
        return None
    if len(given) > 1 and set(given) != {"answer", "range"}:
        fields.report(
            "E409",
            f"The gap `{name}` has `{given[0]}` and `{given[1]}`: only one of them can be meant.",
            fields.node.key_span(given[1]),
            "Delete one of them.",
        )
        return None
    share = ONE if points is None else points
    if given[0] == "choices":
        return ChoiceGap(name=name, choices=read_choices(fields), points=share, span=span)
    if given[0] == "answers":
        return TextGap(
            name=name,
            answers=read_text_answers(fields),
            case_sensitive=fields.flag("case_sensitive", False),
            points=share,
            span=span,
        )
    answer = read_number(fields, scored=False)
    if answer is None:
        return None
    return NumberGap(name=name, answers=(answer,), points=share, span=span)


def read_cloze(fields: Fields) -> Callable[..., Item]:
    """Return what builds a cloze from its common fields."""
    scalar = fields.scalar("text")
    text = fields.text(scalar, "`text`", gaps=True) if scalar else NO_TEXT
    node = fields.get("gaps")
    gaps: dict[str, ClozeGap | None] = {}
    given: dict[str, Decimal] = {}
    if isinstance(node, Mapping):
        for name, definition in node.entries.items():
            gaps[name] = None
            if isinstance(definition, Mapping) and id(definition) not in fields.bad:
                inner = fields.within(definition)
                own = inner.number("points")
                if own is not None:
                    given[name] = own
                gaps[name] = _gap(name, inner, own)
    used = [part.name for part in walk(text) if isinstance(part, Gap)]
    _check_gaps(fields, used, gaps, node)
    points = _cloze_points(fields, given, list(gaps))
    in_text = [gaps[name] for name in dict.fromkeys(used) if name in gaps]
    found = tuple(gap for gap in in_text if gap is not None)
    if not given and found:
        # No gap says what it is worth: all are worth the same.
        share = points / len(found)
        found = tuple(replace(gap, points=share) for gap in found)
    return lambda **common: Cloze(text=text, gaps=found, points=points, **common)


def _cloze_points(fields: Fields, given: dict[str, Decimal], names: list[str]) -> Decimal:
    """Return an item's points: the sum of its gaps' where these are given.

    A gap that says nothing counts one point beside gaps that do.
    """
    if not given:
        return fields.points
    total = sum((given.get(name, ONE) for name in names), ZERO)
    own = fields.node.entries.get("points")
    if isinstance(own, Scalar) and id(own) not in fields.bad and decimal(own) != total:
        fields.report(
            "E408",
            f"The item has {own.value} points, its gaps have {total}.",
            own.span,
            "Delete the item's points, or make the gaps' points add up to them.",
        )
    return total


def _check_gaps(
    fields: Fields, used: list[str], gaps: dict[str, ClozeGap | None], node: Node | None
) -> None:
    span = fields.span("text")
    for name in dict.fromkeys(used):
        if name not in gaps and isinstance(node, Mapping):
            hint = one_of(name, list(gaps)) if gaps else ""
            where = _gap_span(fields, name) or span
            fields.report(
                "E405", f"The gap `{{{{{name}}}}}` is not defined under `gaps`.", where, hint
            )
    for name in {name for name in used if used.count(name) > 1}:
        where = _gap_span(fields, name) or span
        fields.report(
            "E409",
            f"The gap `{{{{{name}}}}}` stands more than once in the text.",
            where,
            "Give each gap a name of its own.",
        )
    for name in gaps:
        if name not in used and isinstance(node, Mapping):
            fields.report(
                "E406",
                f"The gap `{name}` is defined but does not stand in the text.",
                node.key_span(name),
                f"Write {{{{{name}}}}} into the text, or delete the definition.",
            )


def _gap_span(fields: Fields, name: str) -> Span | None:
    scalar = fields.scalar("text")
    if scalar is None:
        return None
    match = re.search(r"\{\{\s*" + re.escape(name) + r"\s*\}\}", scalar.value)
    return locate(fields.markdown.file, scalar, match.start(), match.end()) if match else None
