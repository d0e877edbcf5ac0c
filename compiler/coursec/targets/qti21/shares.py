"""What each response earns, in whole units wherever engines would add up fractions.

Engines calculate with binary floats. Sums of whole units are exact, and dividing them once at
the end gives a fully right response exactly its points, so that "fully right" can be tested.
"""

from __future__ import annotations

from math import lcm

from coursec.model.items import Cloze, MultipleChoice, TextAnswer
from coursec.model.scoring import distinct_positions, gap_marks, gap_weights, multiple_shares


def multiple_units(item: MultipleChoice) -> tuple[list[str], int]:
    """Return the units that each choice earns, and the units of a fully right response."""
    shares = multiple_shares(item)
    whole = lcm(*(share.denominator for share in shares))
    return [str(share * whole) for share in shares], whole


def best_texts(answers: tuple[TextAnswer, ...], case_sensitive: bool) -> dict[int, TextAnswer]:
    """Return the answers that can win, by position: the first of the best of equal texts."""
    positions = distinct_positions(answers, case_sensitive=case_sensitive)
    return {position: answers[position] for position in sorted(positions)}


def gap_wholes(item: Cloze) -> list[int]:
    """Return the units of a right response in each gap, such that every answer earns whole ones.

    They are to each other as the gaps' points are; all together make all points of the item.
    """
    marks = gap_marks(item)
    places = 0
    for gap, mark in zip(item.gaps, marks, strict=True):
        for weight in gap_weights(gap):
            exponent = (mark * weight).normalize().as_tuple().exponent
            if isinstance(exponent, int):
                places = max(places, -exponent)
    return [mark * 10**places for mark in marks]
