"""What each response earns, in whole units wherever engines would add up fractions.

Engines calculate with binary floats. Sums of whole units are exact, and dividing them once at
the end gives a fully right response exactly its points, so that "fully right" can be tested.
"""

from __future__ import annotations

from decimal import Decimal
from math import lcm

from coursec.model.items import (
    ChoiceGap,
    Cloze,
    MultipleChoice,
    NumberGap,
    TextAnswer,
    TextGap,
)
from coursec.model.scoring import gap_marks, multiple_shares


def multiple_units(item: MultipleChoice) -> tuple[list[str], int]:
    """Return the units that each choice earns, and the units of a fully right response."""
    shares = multiple_shares(item)
    whole = lcm(*(share.denominator for share in shares))
    return [str(share * whole) for share in shares], whole


def best_texts(answers: tuple[TextAnswer, ...], case_sensitive: bool) -> dict[int, TextAnswer]:
    """Return the answers that can win, by position: the first of the best of equal texts."""
    best: dict[str, tuple[int, TextAnswer]] = {}
    for position, answer in enumerate(answers):
        text = answer.text.strip()
        key = text if case_sensitive else text.lower()
        if key not in best or best[key][1].weight < answer.weight:
            best[key] = (position, answer)
    return dict(sorted(best.values(), key=lambda entry: entry[0]))


def gap_wholes(item: Cloze) -> list[int]:
    """Return the units of a right response in each gap, such that every answer earns whole ones.

    They are to each other as the gaps' points are; all together make all points of the item.
    """
    marks = gap_marks(item)
    places = 0
    for gap, mark in zip(item.gaps, marks, strict=True):
        for weight in _weights(gap):
            exponent = (mark * weight).normalize().as_tuple().exponent
            if isinstance(exponent, int):
                places = max(places, -exponent)
    return [mark * 10**places for mark in marks]


def _weights(gap: ChoiceGap | TextGap | NumberGap) -> list[Decimal]:
    if isinstance(gap, ChoiceGap):
        return [choice.weight or Decimal(choice.correct) for choice in gap.choices]
    return [answer.weight for answer in gap.answers]
