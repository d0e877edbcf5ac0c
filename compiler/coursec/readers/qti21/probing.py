"""Responses tried out on an item's rules, and how the scores compare with those of the model."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction
from typing import Final

from coursec.model.items import ONE
from coursec.model.numbers import decimal_text
from coursec.readers.qti21.processing import Processor, Variables
from coursec.readers.qti21.source import ItemSource
from coursec.readers.qti21.values import Value

TOLERANCE: Final = Fraction(1, 100_000)
"""How far a share may be off because a file rounds it."""
_PLACES: Final = 5
"""Decimals of a share that is no round number."""


@dataclass(frozen=True, slots=True)
class Probe:
    """A response tried out."""

    picks: frozenset[str]
    """What was chosen or matched, by names of the reader's own."""
    score: Fraction
    variables: Variables
    empty: bool
    """Whether nothing was answered."""


class Prober:
    """Tries responses and remembers what came of them."""

    def __init__(self, processor: Processor) -> None:
        """Begin with none."""
        self.processor = processor
        self._runs: dict[tuple[tuple[str, Value], ...], tuple[Fraction, Variables]] = {}

    def probe(self, responses: Mapping[str, Value], picks: Iterable[str] = ()) -> Probe:
        """Return what comes of a response; `picks` says what it stands for."""
        key = tuple(sorted(responses.items(), key=lambda pair: pair[0]))
        if key not in self._runs:
            variables = self.processor.run(responses)
            self._runs[key] = Fraction(self.processor.score_of(variables)), variables
        score, variables = self._runs[key]
        empty = all(value is None for value in responses.values())
        return Probe(frozenset(picks), score, variables, empty)


def near(left: Fraction, right: Fraction) -> bool:
    """Tell whether two shares are equal but for rounding."""
    return abs(left - right) <= TOLERANCE


def decimal(number: Fraction, places: int = _PLACES) -> Decimal:
    """Return a number as written if it is a decimal one, else rounded to decimal places."""
    with localcontext() as context:
        context.prec = 80
        quotient = Decimal(number.numerator) / Decimal(number.denominator)
        if Fraction(quotient) != number and quotient.adjusted() < 30:
            quotient = quotient.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN)
        return Decimal(decimal_text(quotient))


def shown(number: Fraction) -> str:
    """Return a number for a message."""
    return decimal_text(decimal(number, 3))


def maximum(source: ItemSource, best: Fraction) -> Fraction:
    """Return the points of a fully right response: as stated, or as the best one earns.

    Where the two differ, the response that earns most counts as fully right.
    """
    stated = source.processor.maximum
    if stated is None:
        return best if best > 0 else Fraction(1)
    points = Fraction(stated)
    if best <= 0 or near(best / points, Fraction(1)):
        return points
    source.say(
        "W708",
        f"The best response earns {shown(best)} of the {shown(points)} points stated; "
        f"here the item has {shown(best)}.",
    )
    return best


def item_points(points: Fraction) -> Decimal:
    """Return an item's points."""
    return decimal(points, 6) if points > 0 else ONE


def compare(
    source: ItemSource,
    probes: Iterable[Probe],
    whole: Fraction,
    share: Callable[[Probe], Fraction],
    describe: Callable[[Probe], str],
) -> bool:
    """Tell whether the model scores as the file does; if not, say where the first difference is."""
    for probe in probes:
        here = share(probe)
        if not near(probe.score / whole, here):
            source.say(
                "W708",
                f"The score is counted in another way: {describe(probe)} earns "
                f"{shown(probe.score)} of {shown(whole)} points in the file, "
                f"{shown(here * whole)} here.",
            )
            return False
    return True


def agrees(probes: Iterable[Probe], whole: Fraction, share: Callable[[Probe], Fraction]) -> bool:
    """Tell whether the model scores as the file does."""
    return all(near(probe.score / whole, share(probe)) for probe in probes)


def simple_weight(share: Fraction, usual: Fraction) -> Decimal | None:
    """Return a weight, None where it is what the model takes for granted."""
    return None if near(share, usual) else decimal(max(min(share, Fraction(1)), Fraction(-1)))
