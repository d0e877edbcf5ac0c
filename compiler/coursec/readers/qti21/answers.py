"""Typed answers: which texts and which numbers earn what, found by trying them."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Final

from lxml.etree import _Element

from coursec.readers.qti21.expressions import Expression, compile_expression, rounded
from coursec.readers.qti21.processing import Processor, Variables
from coursec.readers.qti21.values import (
    Declaration,
    UnsupportedError,
    Value,
    members,
)
from coursec.readers.xml import local

NONSENSE: Final = "\N{SYMBOL FOR SUBSTITUTE}?!"
"""What nobody's key holds."""
FARTHEST: Final = Fraction(10**12)
"""Where a range ends that has no end."""

_MOST_TEXTS: Final = 2_000
_MOST_NUMBERS: Final = 300
_LITERAL = re.compile(r"[^\\^$.|?*+()\[\]{}]*")

Score = Callable[[Value], Fraction]
"""What a response earns, everything else being equal."""


# ----------------------------------------------------------------------------------------- texts


def text_candidates(processor: Processor, declared: Declaration) -> list[str]:
    """Return the texts that the file names as answers, in its order."""
    found: list[object] = []
    if declared.mapping is not None:
        found += [key for key, _, _ in declared.mapping.entries]
    found += members(declared.correct)
    for comparison in processor.compared(declared.identifier):
        if local(comparison) == "patternMatch":
            found += _alternatives(comparison.get("pattern", ""))
        for child in comparison:
            found += members(processor.constant(child))
    texts = (text.strip() for text in found if isinstance(text, str))
    return list(dict.fromkeys(text for text in texts if text))[:_MOST_TEXTS]


def _alternatives(pattern: str) -> list[str]:
    """Return the texts that a simple pattern lists."""
    bare = pattern.strip().removeprefix("^").removesuffix("$")
    bare = bare.removeprefix("(").removesuffix(")")
    parts = bare.split("|")
    return parts if all(_LITERAL.fullmatch(part) for part in parts) else []


def other_case(text: str) -> str | None:
    """Return a text in which only the case of letters differs; None where none has one."""
    swapped = "".join(
        other if len(other := c.swapcase()) == 1 and other.lower() == c.lower() else c for c in text
    )
    return swapped if swapped != text else None


@dataclass(frozen=True, slots=True)
class TextKey:
    """The texts that earn something, and how they are compared."""

    scores: dict[str, Fraction]
    case_sensitive: bool
    mixed: bool
    """Whether the case counts for some texts and not for others."""
    parts: bool
    """Whether a text that only contains an answer earns as much."""


def text_key(processor: Processor, declared: Declaration, score: Score) -> TextKey:
    """Return what each text that the file names earns."""
    scores = {text: score(text) for text in text_candidates(processor, declared)}
    listed = {key for key, _, _ in declared.mapping.entries} if declared.mapping else set()
    kept = {text: earned for text, earned in scores.items() if earned or text in listed}
    sensitive: list[bool] = []
    for text, earned in kept.items():
        other = other_case(text)
        # The same word with other letters may be an answer of its own.
        if earned and other is not None and other not in scores:
            sensitive.append(score(other) != earned)
    best = max(kept, key=lambda text: kept[text], default=None)
    parts = best is not None and kept[best] > 0 and score(f"x {best} x") == kept[best]
    return TextKey(
        kept,
        case_sensitive=all(sensitive) if sensitive else _written_sensitive(declared),
        mixed=any(sensitive) and not all(sensitive),
        parts=parts,
    )


def _written_sensitive(declared: Declaration) -> bool:
    """Tell what the file says of case where no letter shows it."""
    entries = declared.node.iterfind("{*}mapping/{*}mapEntry")
    written = [entry.get("caseSensitive") for entry in entries]
    return bool(written) and all(value == "true" for value in written)


# --------------------------------------------------------------------------------------- numbers


@dataclass(frozen=True, slots=True)
class Range:
    """Numbers from `low` to `high` and what they earn."""

    low: Fraction
    high: Fraction
    score: Fraction
    open: bool
    """Whether an end does not count in the file."""


class NumberLine:
    """The numbers at which a score can change, and one between each two of them."""

    def __init__(self, points: list[Fraction]) -> None:
        """Place the samples; `points` ascend."""
        self.samples = [Fraction(0)]
        """All numbers to be tried, ascending: points stand at the odd places."""
        if points:
            self.samples = [points[0] - 1]
            for left, right in zip(points, [*points[1:], points[-1] + 2], strict=True):
                self.samples += [left, (left + right) / 2]

    def runs(self, holds: Callable[[Fraction], bool]) -> Iterable[tuple[int, int]]:
        """Yield the first and last place of each run of samples for which something holds."""
        start: int | None = None
        for place, sample in enumerate(self.samples):
            if holds(sample):
                start = place if start is None else start
            elif start is not None:
                yield start, place - 1
                start = None
        if start is not None:
            yield start, len(self.samples) - 1

    def ends(self, first: int, last: int) -> tuple[Fraction, Fraction, bool]:
        """Return a run's low and high end, and whether one of them is outside the run."""
        low = -FARTHEST if first == 0 else self.samples[first - (first % 2 == 0)]
        top = len(self.samples) - 1
        high = FARTHEST if last == top else self.samples[last + (last % 2 == 0)]
        return low, high, first % 2 == 0 or last % 2 == 0


def number_line(processor: Processor, declared: Declaration) -> NumberLine:
    """Return the numbers at which the score of a response can change."""
    points: set[Fraction] = set()
    if declared.mapping is not None:
        points |= {Fraction(k) for k, _, _ in declared.mapping.entries if not isinstance(k, str)}
    points |= _numbers(declared.correct)
    for comparison in processor.compared(declared.identifier):
        constants: set[Fraction] = set()
        for child in comparison:
            constants |= _numbers(processor.constant(child))
        for constant in constants:
            points |= _around(processor, comparison, constant)
    return NumberLine(sorted(points)[:_MOST_NUMBERS])


def _numbers(value: Value) -> set[Fraction]:
    return {Fraction(one) for one in members(value) if isinstance(one, Fraction | float)}


def _around(processor: Processor, comparison: _Element, constant: Fraction) -> set[Fraction]:
    """Return where a comparison with a number changes its result."""
    found = {constant}
    if local(comparison) == "equal":
        mode = comparison.get("toleranceMode", "exact")
        below, above = processor.tolerances(comparison) if mode != "exact" else (0, 0)
        for distance in (Fraction(below), Fraction(above)):
            if mode == "relative":
                share = distance / 100
                found |= {constant * (1 - share), constant * (1 + share)}
                found |= {constant / (1 + s) for s in (share, -share) if s != -1}
            else:
                found |= {constant - distance, constant + distance}
    roundings = [comparison, *comparison.iterdescendants()]
    for node in roundings:
        if local(node) in {"equalRounded", "roundTo"}:
            middle, unit = _rounded(node, constant)
            found |= {middle - unit / 2, middle + unit / 2}
        elif local(node) == "round":
            found |= {constant - Fraction(1, 2), constant + Fraction(1, 2)}
        elif local(node) == "truncate":
            found |= {constant - 1, constant + 1}
    return found


def _rounded(node: _Element, constant: Fraction) -> tuple[Fraction, Fraction]:
    """Return a number as a rounding leaves it, and the unit it is rounded to."""
    mode = node.get("roundingMode", "significantFigures")
    written = node.get("figures", "0").strip()
    figures = int(written) if written.isdecimal() and len(written) < 3 else 0
    middle = Fraction(rounded(constant, mode, figures))
    if mode == "decimalPlaces" or not middle:
        return middle, Fraction(10) ** -figures
    size = math.floor(math.log10(abs(float(middle))))
    return middle, Fraction(10) ** (size + 1 - figures)


def ranges(
    processor: Processor, declared: Declaration, line: NumberLine, score: Score
) -> list[Range]:
    """Return ranges that together earn what the file gives, where the best that fits counts.

    First the ranges that the rules name are tried, since they carry feedback; where these do
    not give the same scores, the ranges are read off the scores alone.
    """
    scores = {sample: score(sample) for sample in line.samples}
    named = _named(processor, declared, line, scores)
    if _same_scores(named, scores):
        return named
    found: list[Range] = []
    for level in sorted({earned for earned in scores.values() if earned > 0}, reverse=True):
        for first, last in line.runs(lambda sample, level=level: scores[sample] >= level):  # type: ignore[misc]
            low, high, is_open = line.ends(first, last)
            if not any(r.low == low and r.high == high for r in found):
                found.append(Range(low, high, level, is_open))
    return found


def best_range(found: list[Range], number: Fraction) -> int | None:
    """Return the place of the range that counts for a number: the first of the best."""
    inside = [place for place, r in enumerate(found) if r.low <= number <= r.high]
    return max(inside, key=lambda place: found[place].score, default=None)


def _same_scores(found: list[Range], scores: dict[Fraction, Fraction]) -> bool:
    for number, earned in scores.items():
        place = best_range(found, number)
        if (found[place].score if place is not None else Fraction(0)) != earned:
            return False
    return True


def _named(
    processor: Processor, declared: Declaration, line: NumberLine, scores: dict[Fraction, Fraction]
) -> list[Range]:
    """Return the ranges for which conditions of the rules hold, with what they earn at least."""
    places: dict[tuple[int, int], None] = {}
    for condition in _conditions(processor, declared):
        for first, last in line.runs(condition):
            if first > 0 and last < len(line.samples) - 1:
                places[first, last] = None
    keys = _numbers(declared.correct)
    if declared.mapping is not None:
        keys |= {Fraction(k) for k, _, _ in declared.mapping.entries if not isinstance(k, str)}
    samples = line.samples
    for place, sample in enumerate(samples):
        if sample in keys and place % 2 and not places:
            places[place, place] = None
    found = []
    for first, last in places:
        low, high, is_open = line.ends(first, last)
        earned = min(scores[sample] for sample in samples[first : last + 1])
        found.append(Range(low, high, earned, is_open))
    return found


def _conditions(
    processor: Processor, declared: Declaration
) -> Iterable[Callable[[Fraction], bool]]:
    """Yield the conditions of the rules that this response alone decides."""
    processing = processor.item.find("{*}responseProcessing")
    if processing is None:
        return
    start = processor.start
    for branch in processing.iter("{*}responseIf", "{*}responseElseIf"):
        condition = next(iter(branch), None)
        if condition is None:
            continue
        used = {node.get("identifier", "") for node in condition.iter("{*}variable")}
        if used != {declared.identifier}:
            continue
        try:
            expression = compile_expression(condition, processor.declared, processor.number)
        except UnsupportedError:
            continue
        yield partial(_holds, expression, start, declared.identifier)


def _holds(expression: Expression, start: Variables, name: str, number: Fraction) -> bool:
    """Tell whether a condition holds for a number; one that does not work out never does."""
    try:
        return expression({**start, name: number}) is True
    except (UnsupportedError, ArithmeticError, ValueError, IndexError):
        return False
