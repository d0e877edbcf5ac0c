"""The numbers that conditions accept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext
from typing import Final

from coursec.model.items import ONE, ZERO, NumberAnswer
from coursec.readers.qti12.rules import Rule, Test
from coursec.readers.qti12.source import LeftOutError, Source, decimal

_MOST: Final = 200
"""Numbers that a question may accept."""
_LOWER = frozenset(("vargte", "vargt"))
_UPPER = frozenset(("varlte", "varlt"))


@dataclass(frozen=True, slots=True)
class Range:
    """Numbers from `low` to `high`."""

    low: Decimal | None
    high: Decimal | None
    value: Decimal | None = None
    percent: Decimal | None = None
    """The tolerance in per cent of the value, where it is written so."""
    open: bool = False
    """Whether an end does not belong to it."""

    def within(self, other: Range) -> Range:
        """Return the numbers that are in both."""
        lows = [low for low in (self.low, other.low) if low is not None]
        highs = [high for high in (self.high, other.high) if high is not None]
        low, high = max(lows, default=None), min(highs, default=None)
        return Range(low, high, self.value, self.percent, self.open or other.open)


def numbers_of(rule: Rule, response: str, source: Source) -> list[NumberAnswer]:
    """Return the numbers that a rule accepts for a response; weights are left at 1."""
    found: list[NumberAnswer] = []
    for accepted in _ranges(rule.test, response, source):
        low, high = accepted.low, accepted.high
        if low is None or high is None:
            source.tell("W707", "A range of numbers without an end is left out.")
        elif low <= high:
            if accepted.open:
                source.tell("W708", "The end of a range belongs to it here, and not in the file.")
            found.append(_answer(low, high, accepted))
    return found


def _answer(low: Decimal, high: Decimal, accepted: Range) -> NumberAnswer:
    value = accepted.value
    with localcontext() as context:
        context.prec = 700
        middle = value is not None and value - low == high - value
        margin = (high - low) / 2
    if value is None or not middle:
        return NumberAnswer(low=low, high=high)
    tolerance = margin or None
    return NumberAnswer(
        low=low, high=high, value=value, tolerance=tolerance, percent=accepted.percent
    )


def _ranges(test: Test, response: str, source: Source) -> list[Range]:
    """Return the ranges of a condition; what says nothing about the response has none."""
    match test.op:
        case "and":
            return _together(test.parts, response, source)
        case "or":
            return _apart(test.parts, response, source)
        case "varequal" if test.response == response:
            return list(_exactly(test, source))
        case op if test.response == response and op in _LOWER | _UPPER:
            bound = decimal(test.value)
            if bound is None:
                source.tell("W707", f"The bound `{test.value[:40]}` is no number: it is left out.")
                return []
            opened = op in ("vargt", "varlt")
            low, high = (bound, None) if op in _LOWER else (None, bound)
            return [Range(low, high, open=opened)]
        case "not" if any(part.response == response for part in test.all()):
            source.tell("W707", "That some numbers are not accepted is left out.")
    return []


def _exactly(test: Test, source: Source) -> Iterator[Range]:
    value = decimal(test.value)
    if value is None:
        source.tell("W707", f"The answer `{test.value[:40]}` is left out: it is no number.")
        return
    written = decimal(None if test.node is None else test.node.get("margin"))
    kind = "" if test.node is None else (test.node.get("margintype") or "absolute").lower()
    with localcontext() as context:
        context.prec = 700
        margin = abs(written or ZERO)
        percent = margin if kind == "percent" and margin else None
        if percent is not None:
            margin = abs(value) * percent / 100
        yield Range(value - margin, value + margin, value, percent)


def _together(parts: Sequence[Test], response: str, source: Source) -> list[Range]:
    """Return what all parts accept; a number beside bounds is their middle."""
    groups = [found for part in parts if (found := _ranges(part, response, source))]
    exact = [g for g in groups if len(g) == 1 and g[0].value is not None]
    bounds = [g for g in groups if g not in exact]
    if bounds and exact:
        value = exact[0][0].value
        inner = _all(bounds)
        return [replace(one, value=value) for one in inner]
    return _all(groups)


def _all(groups: Sequence[list[Range]]) -> list[Range]:
    found = groups[0] if groups else []
    for group in groups[1:]:
        found = [one.within(other) for one in found for other in group][:_MOST]
    return found


def _apart(parts: Sequence[Test], response: str, source: Source) -> list[Range]:
    """Return what any part accepts; a number and the range around it are one."""
    found: list[Range] = []
    for part in parts:
        found += _ranges(part, response, source)
        if len(found) > _MOST:
            raise LeftOutError(f"it accepts more than {_MOST} ranges of numbers")
    exact = [one for one in found if one.value is not None]
    kept = []
    for one in found:
        if one.value is None and one.low is not None and one.high is not None:
            around = next((e for e in exact if one.low <= (e.value or ZERO) <= one.high), None)
            if around is not None:
                exact = [e for e in exact if e is not around]
                found = [f for f in found if f is not around]
                kept.append(replace(one, value=around.value, percent=around.percent))
                continue
            kept.append(one)
    return [*(e for e in exact), *kept]


def weighted(answers: Sequence[tuple[NumberAnswer, Decimal]]) -> tuple[NumberAnswer, ...]:
    """Return answers with what they earn of the best."""
    best = max(worth for _, worth in answers)
    return tuple(
        replace(answer, weight=ONE if worth == best else round(worth / best, 7))
        for answer, worth in answers
    )
