"""What choices are worth: the one place that says what `correct`, `weight` and `scoring` mean."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import gcd, lcm
from typing import assert_never

from coursec.model.items import (
    ONE,
    ZERO,
    Choice,
    ChoiceGap,
    Cloze,
    ClozeGap,
    Essay,
    FileUpload,
    Item,
    Matching,
    MultipleChoice,
    NumberAnswer,
    Numeric,
    Ordering,
    ShortAnswer,
    SingleChoice,
    TextAnswer,
    TextItem,
    TrueFalse,
)


def choice_weight(choice: Choice) -> Decimal:
    """Return what a choice earns where a student picks one, as a share of the points."""
    if choice.weight is not None:
        return choice.weight
    return ONE if choice.correct else ZERO


def gap_weights(gap: ClozeGap) -> list[Decimal]:
    """Return what the choices or answers of a gap earn, as shares of its points."""
    if isinstance(gap, ChoiceGap):
        return [choice_weight(choice) for choice in gap.choices]
    return [answer.weight for answer in gap.answers]


def multiple_shares(item: MultipleChoice) -> list[Fraction]:
    """Return what each choice earns or costs where a student picks any number.

    The shares of the choices picked add up, and the sum is never below 0 nor above 1. Where
    the author gives no weight, each right choice earns its share and each wrong one costs
    the same.
    """
    shares = _written(item)
    total = right_total(item)
    if not adds_up(item):
        return shares
    return [share / total if share > 0 else share for share in shares]


def _written(item: MultipleChoice) -> list[Fraction]:
    right = sum(choice.correct for choice in item.choices) or 1
    return [
        Fraction(1 if choice.correct else -1, right)
        if choice.weight is None
        else Fraction(choice.weight)
        for choice in item.choices
    ]


def right_total(item: MultipleChoice) -> Fraction:
    """Return what all right choices earn together, as written."""
    shares = zip(_written(item), item.choices, strict=True)
    return sum((share for share, choice in shares if choice.correct), Fraction(0))


def adds_up(item: MultipleChoice) -> bool:
    """Tell whether the right choices are meant to earn everything together.

    0.33, 0.33 and 0.33 are meant to be thirds: each share may be off by 0.005.
    """
    right = sum(choice.correct for choice in item.choices) or 1
    return abs(right_total(item) - 1) <= Fraction(5, 1000) * right


def weighted(choices: Sequence[Choice]) -> bool:
    """Tell whether the author gave any choice a weight."""
    return any(choice.weight is not None for choice in choices)


def gap_marks(item: Cloze) -> list[int]:
    """Return what the gaps of a cloze are worth to each other, in whole numbers.

    Points that are whole stay as they are; others become the smallest whole numbers in the same
    proportion.
    """
    points = [gap.points for gap in item.gaps]
    if all(point % 1 == 0 for point in points):
        return [int(point) for point in points]
    least = Fraction(min(points))
    # A share such as 1/3 was rounded to 28 digits.
    ratios = [(Fraction(point) / least).limit_denominator(1000) for point in points]
    scale = lcm(*(ratio.denominator for ratio in ratios))
    marks = [int(ratio * scale) for ratio in ratios]
    return [mark // gcd(*marks) for mark in marks]


def can_be_partly_right(item: Item) -> bool:
    """Tell whether some response earns a part of the points, more than none and less than all."""
    match item:
        case SingleChoice():
            return any(0 < choice_weight(choice) < 1 for choice in item.choices)
        case MultipleChoice():
            if item.scoring == "all_or_nothing":
                return False
            shares = multiple_shares(item)
            costs = any(-1 < share < 0 for share in shares)
            return any(0 < share < 1 or (share == 1 and costs) for share in shares)
        case ShortAnswer() | Numeric():
            return any(0 < answer.weight < 1 for answer in item.answers)
        case Matching():
            return len(item.pairs) > 1
        case Ordering():
            return len(item.sequence) > 2
        case Cloze():
            return len(item.gaps) > 1 or any(
                0 < weight < 1 for gap in item.gaps for weight in gap_weights(gap)
            )
        case TrueFalse() | TextItem():
            return False
        case Essay() | FileUpload():
            return True
        case _:
            assert_never(item)


def answers_that_count(answers: Sequence[NumberAnswer]) -> tuple[NumberAnswer, ...]:
    """Return the answers that some number gets: those that better ones do not cover whole."""
    kept: list[NumberAnswer] = []
    for answer in sorted(answers, key=lambda answer: -answer.weight):
        if not _covered(answer, kept):
            kept.append(answer)
    return tuple(answer for answer in answers if any(answer is one for one in kept))


def _covered(answer: NumberAnswer, better: Sequence[NumberAnswer]) -> bool:
    reached = answer.low
    for other in sorted(better, key=lambda other: other.low):
        if other.low <= reached <= other.high:
            if other.high >= answer.high:
                return True
            reached = other.high
    return False


def folded(text: str, case_sensitive: bool) -> str:
    """Return a text as engines compare it: they know small letters, and no folding of `ß`."""
    return text.strip() if case_sensitive else text.strip().lower()


def distinct_positions(answers: Sequence[TextAnswer], *, case_sensitive: bool) -> list[int]:
    """Return where the answers stand that can win: of equal ones, the first of the best."""
    best: dict[str, int] = {}
    for position, answer in enumerate(answers):
        key = folded(answer.text, case_sensitive)
        if key not in best or answers[best[key]].weight < answer.weight:
            best[key] = position
    return list(best.values())


def distinct_answers(
    answers: Sequence[TextAnswer], *, case_sensitive: bool = False
) -> tuple[TextAnswer, ...]:
    """Return the answers of which each is typed otherwise: of equal ones, the first of the best."""
    positions = distinct_positions(answers, case_sensitive=case_sensitive)
    return tuple(answers[position] for position in positions)
