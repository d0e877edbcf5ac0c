"""What Moodle XML carries."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import gcd, lcm

from coursec.model.items import (
    ZERO,
    ChoiceGap,
    Cloze,
    Essay,
    Feedback,
    Item,
    MultipleChoice,
    NumberAnswer,
    Numeric,
    Ordering,
    ShortAnswer,
    TextAnswer,
    TrueFalse,
)
from coursec.model.quiz import Quiz
from coursec.model.text import RichText
from coursec.proof.expected import Expected
from coursec.proof.expected.changes import (
    changed,
    joined,
    lead_in_joined,
    no_fixed,
    no_gap_fixed,
    no_hints,
    no_result_feedback,
    plain_drop_downs,
    plain_responses,
    stimulus_above,
)
from coursec.proof.expected.gift import (
    in_categories,
    nearest_weights,
    quoted_tags,
    spaced_responses,
    spaced_title,
)
from coursec.targets.fractions import choice_percents


def _fixed(item: Item, quiz: Quiz) -> Item:
    """Where a choice keeps its place, none is moved."""
    return replace(no_fixed(item, quiz), shuffle=False)


def _gap_fixed(item: Item, quiz: Quiz) -> Item:
    """A drop-down with a choice that keeps its place is not shuffled."""
    assert isinstance(item, Cloze)
    menus = [gap for gap in item.gaps if isinstance(gap, ChoiceGap)]
    moving = any(not any(c.fixed for c in gap.choices) for gap in menus)
    return replace(no_gap_fixed(item, quiz), shuffle=quiz.shuffles(item) and moving)


def _strict(item: Item, quiz: Quiz) -> Item:
    """Each right choice earns its share, a wrong one costs everything."""
    assert isinstance(item, MultipleChoice)
    pairs = zip(item.choices, choice_percents(item), strict=True)
    choices = (
        replace(c, weight=percent / 100 if c.correct else Decimal(-1)) for c, percent in pairs
    )
    return replace(item, scoring="partial", choices=tuple(choices))


def _on_answers(item: Item, quiz: Quiz) -> Item:
    """Feedback on the result stands behind the feedback of the answers that have it."""
    whole = item.feedback
    kept = Feedback(general=whole.general)
    match item:
        case TrueFalse():
            right, wrong = whole.correct, whole.incorrect
            return replace(
                item,
                feedback=kept,
                feedback_true=_both(item.feedback_true, right if item.answer else wrong),
                feedback_false=_both(item.feedback_false, wrong if item.answer else right),
            )
        case ShortAnswer() | Numeric():
            answers = tuple(replace(a, feedback=_said(a, whole)) for a in item.answers)
            return changed(item, answers=answers, feedback=replace(kept, incorrect=whole.incorrect))
        case _:
            raise AssertionError("only typed answers and judgements")


def _said(answer: TextAnswer | NumberAnswer, whole: Feedback) -> RichText | None:
    """Return what an answer is told: one that earns nothing and has its own words, only these."""
    if answer.feedback and answer.weight <= 0:
        return answer.feedback
    return _both(answer.feedback, _result(answer.weight, whole))


def _result(weight: Decimal, whole: Feedback) -> RichText | None:
    if weight >= 1:
        return whole.correct
    return whole.partial if weight > 0 else whole.incorrect


def _both(own: RichText | None, result: RichText | None) -> RichText | None:
    return joined(own, result) if own and result else own or result


def _whole_marks(item: Item, quiz: Quiz) -> Item:
    """The marks of gaps are the smallest whole numbers in the same proportion."""
    assert isinstance(item, Cloze)
    least = Fraction(min(gap.points for gap in item.gaps))
    ratios = [(Fraction(g.points) / least).limit_denominator(1000) for g in item.gaps]
    scale = lcm(*(ratio.denominator for ratio in ratios))
    marks = [int(ratio * scale) for ratio in ratios]
    divisor = gcd(*marks)
    gaps = tuple(
        replace(gap, points=Decimal(mark // divisor))
        for gap, mark in zip(item.gaps, marks, strict=True)
    )
    return replace(item, gaps=gaps, points=sum((g.points for g in gaps), ZERO))


def _always(item: Item, quiz: Quiz) -> Item:
    """An answer field has 15 lines where nothing is said; entries to order are always mixed."""
    if isinstance(item, Essay):
        return replace(item, lines=item.lines or 15)
    if isinstance(item, Ordering):
        return replace(item, shuffle=True)
    return item


EXPECTED = Expected(
    format="moodle",
    path="moodle/{}.xml",
    changes={
        "one_try_hints": no_hints,
        "text_feedback": no_result_feedback,
        "typed_result_feedback": _on_answers,
        "typed_partial_feedback": _on_answers,
        "cloze_result_feedback": no_result_feedback,
        "cloze_partial_feedback": no_result_feedback,
        "marked_feedback": no_result_feedback,
        "uneven_weights": nearest_weights,
        "all_or_nothing": _strict,
        "unit": None,
        "fixed": _fixed,
        "gap_fixed": _gap_fixed,
        "lead_in": lead_in_joined,
        "stimulus": stimulus_above,
        "language": None,
        "response_markup": plain_responses,
        "response_math": plain_responses,
        "response_image": plain_responses,
        "response_signs": spaced_responses,
        "drop_down_markup": plain_drop_downs,
        "drop_down_math": plain_drop_downs,
        "drop_down_image": plain_drop_downs,
        "gap_points": _whole_marks,
        "tiny_numbers": None,
        "sample_answer": None,
        "rubric": None,
        "outcomes": None,
        "bloom": None,
        "difficulty": None,
        "title_signs": spaced_title,
        "tag_signs": quoted_tags,
    },
    always=_always,
    arrange=in_categories,
)
