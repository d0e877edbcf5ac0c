"""What an author can write that some target treats differently from another."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from coursec.model.items import (
    Choice,
    ChoiceGap,
    Cloze,
    Essay,
    FileUpload,
    Item,
    Matching,
    MultipleChoice,
    NumberGap,
    Numeric,
    Ordering,
    ShortAnswer,
    SingleChoice,
    TextGap,
    TextItem,
    TrueFalse,
    labels,
    max_points,
)
from coursec.model.quiz import Quiz
from coursec.model.scoring import gap_weights, multiple_shares
from coursec.model.text import Image, Math, RichText, Text, walk
from coursec.targets.fractions import is_moodle_fraction
from coursec.targets.naming import LONGEST_TITLE
from coursec.text.plain import plain_text


class Feature(NamedTuple):
    """A row of the table: something that an author can write."""

    title: str
    """As the documentation and the warnings call it."""
    used: Callable[[Item, Quiz], bool]
    """Tells whether an item of a quiz uses it."""


class QuizFeature(NamedTuple):
    """Something that an author can write in a quiz spec."""

    title: str
    used: Callable[[Quiz], bool]


def _plain(text: RichText) -> bool:
    inline = text.inline
    return inline is not None and all(isinstance(node, Text) for node in inline)


def _drop_downs(item: Item) -> list[RichText]:
    if not isinstance(item, Cloze):
        return []
    gaps = [gap for gap in item.gaps if isinstance(gap, ChoiceGap)]
    return [choice.text for gap in gaps for choice in gap.choices]


def _responses(item: Item) -> tuple[RichText, ...]:
    return item.responses if isinstance(item, Matching) else ()


def _markup(text: RichText) -> bool:
    return not _plain(text) and not _images(text) and not _math(text)


def _gap_feedback(item: Item) -> bool:
    if not isinstance(item, Cloze):
        return False
    return any(
        part.feedback
        for gap in item.gaps
        for part in (gap.choices if isinstance(gap, ChoiceGap) else gap.answers)
    )


def _text_case(item: Item) -> bool:
    match item:
        case ShortAnswer():
            return item.case_sensitive
        case Cloze():
            return any(isinstance(gap, TextGap) and gap.case_sensitive for gap in item.gaps)
        case _:
            return False


def _right_wrong(item: Item) -> bool:
    return bool(item.feedback.correct or item.feedback.incorrect)


def _result_feedback(item: Item) -> bool:
    given = item.feedback
    return bool(given.correct or given.partial or given.incorrect)


def _uneven_weights(item: Item) -> bool:
    """Tell whether an item has a weight that Moodle refuses."""
    match item:
        case SingleChoice():
            return not all(is_moodle_fraction(c.weight) for c in item.choices if c.weight)
        case MultipleChoice():
            return not all(is_moodle_fraction(share) for share in multiple_shares(item))
        case ShortAnswer() | Numeric():
            return not all(is_moodle_fraction(answer.weight) for answer in item.answers)
        case _:
            return False


def _uneven_gap_weights(item: Item) -> bool:
    """Tell whether a gap has a weight that Moodle refuses in GIFT."""
    return isinstance(item, Cloze) and not all(
        is_moodle_fraction(weight) for gap in item.gaps for weight in gap_weights(gap)
    )


def _choice_weights(item: Item) -> bool:
    """Tell whether a weight says other than that the right choices share the points."""
    match item:
        case SingleChoice():
            return any(c.weight and not c.correct for c in item.choices)
        case MultipleChoice():
            plain = replace(item, choices=tuple(replace(c, weight=None) for c in item.choices))
            return multiple_shares(item) != multiple_shares(plain)
        case _:
            return False


def _answer_weights(item: Item) -> bool:
    return isinstance(item, ShortAnswer | Numeric) and any(a.weight < 1 for a in item.answers)


def _gap_weights(item: Item) -> bool:
    if not isinstance(item, Cloze):
        return False
    return any(
        bool(part.weight) and not part.correct if isinstance(part, Choice) else part.weight < 1
        for gap in item.gaps
        for part in (gap.choices if isinstance(gap, ChoiceGap) else gap.answers)
    )


def _tiny(item: Item) -> bool:
    """Tell whether an answer is so near to zero that a float does not tell them apart."""
    match item:
        case Numeric():
            answers = item.answers
        case Cloze():
            answers = tuple(a for g in item.gaps if isinstance(g, NumberGap) for a in g.answers)
        case _:
            return False
    return any(0 < max(abs(a.low), abs(a.high)) < _TINIEST for a in answers)


def _mixed(item: Item) -> bool:
    if not isinstance(item, Cloze):
        return False
    menus = [isinstance(gap, ChoiceGap) for gap in item.gaps]
    return any(menus) and not all(menus)


def _images(text: RichText | None) -> bool:
    return any(isinstance(node, Image) for node in walk(text))


def _fixed(item: Item) -> bool:
    return isinstance(item, SingleChoice | MultipleChoice) and any(c.fixed for c in item.choices)


def _gap_fixed(item: Item) -> bool:
    if not isinstance(item, Cloze):
        return False
    return any(c.fixed for gap in item.gaps if isinstance(gap, ChoiceGap) for c in gap.choices)


def _choices_feedback(item: Item) -> bool:
    match item:
        case SingleChoice() | MultipleChoice():
            return any(choice.feedback for choice in item.choices)
        case TrueFalse():
            return bool(item.feedback_true or item.feedback_false)
        case ShortAnswer() | Numeric():
            return any(answer.feedback for answer in item.answers)
        case _:
            return False


SHUFFLED = (SingleChoice, MultipleChoice, Matching, Ordering, Cloze)
"""The types that have something to shuffle."""

_CHOSEN = (SingleChoice, MultipleChoice, Matching, Ordering)
_TYPED = (ShortAnswer, Numeric, TrueFalse)
_ONE_TRY = (TrueFalse, Essay, FileUpload, TextItem)
# What Moodle takes for a tag, and in GIFT for a sign of its own.
_MARKS = re.compile(r"<(?=\S)|&&[0-9]{3}")
_TAG_SIGNS = re.compile(r"[<>`]|\\(\]|\Z)|\A0\Z")
_TINIEST = Decimal("1e-27")
"""Distance below which Moodle takes every number for the same."""

FEATURES: dict[str, Feature] = {
    "points": Feature(
        "points other than 1", lambda i, q: not isinstance(i, TextItem) and i.points != 1
    ),
    "hints": Feature("hints", lambda i, q: bool(i.hints) and not isinstance(i, _ONE_TRY)),
    "one_try_hints": Feature(
        "hints of what is answered once",
        lambda i, q: bool(i.hints) and isinstance(i, _ONE_TRY),
    ),
    "general_feedback": Feature(
        "general feedback", lambda i, q: bool(i.feedback.general) and not isinstance(i, TextItem)
    ),
    "text_feedback": Feature(
        "feedback of a text item",
        lambda i, q: isinstance(i, TextItem) and (bool(i.feedback.general) or _result_feedback(i)),
    ),
    "result_feedback": Feature(
        "feedback for right and wrong responses",
        lambda i, q: _right_wrong(i) and isinstance(i, _CHOSEN),
    ),
    "typed_result_feedback": Feature(
        "feedback for right and wrong typed answers and judgements",
        lambda i, q: _right_wrong(i) and isinstance(i, _TYPED),
    ),
    "cloze_result_feedback": Feature(
        "feedback for right and wrong responses to a cloze",
        lambda i, q: _right_wrong(i) and isinstance(i, Cloze),
    ),
    "partial_feedback": Feature(
        "feedback for partly right responses",
        lambda i, q: bool(i.feedback.partial) and isinstance(i, _CHOSEN),
    ),
    "typed_partial_feedback": Feature(
        "feedback for partly right typed answers",
        lambda i, q: bool(i.feedback.partial) and isinstance(i, _TYPED),
    ),
    "cloze_partial_feedback": Feature(
        "feedback for partly right responses to a cloze",
        lambda i, q: bool(i.feedback.partial) and isinstance(i, Cloze),
    ),
    "marked_feedback": Feature(
        "feedback for the result of what a person marks",
        lambda i, q: _result_feedback(i) and isinstance(i, Essay | FileUpload),
    ),
    "choice_feedback": Feature(
        "feedback of a choice or an answer", lambda i, q: _choices_feedback(i)
    ),
    "gap_feedback": Feature("feedback inside a gap", lambda i, q: _gap_feedback(i)),
    "uneven_weights": Feature("weights outside Moodle's list", lambda i, q: _uneven_weights(i)),
    "uneven_gap_weights": Feature(
        "weights outside Moodle's list in gaps", lambda i, q: _uneven_gap_weights(i)
    ),
    "choice_weights": Feature("weights of choices", lambda i, q: _choice_weights(i)),
    "answer_weights": Feature("answers that earn a part", lambda i, q: _answer_weights(i)),
    "gap_weights": Feature("answers in gaps that earn a part", lambda i, q: _gap_weights(i)),
    "all_or_nothing": Feature(
        "all-or-nothing scoring",
        lambda i, q: isinstance(i, MultipleChoice) and i.scoring == "all_or_nothing",
    ),
    "gap_points": Feature(
        "points of gaps that are not whole",
        lambda i, q: isinstance(i, Cloze) and any(gap.points % 1 for gap in i.gaps),
    ),
    "uneven_gaps": Feature(
        "gaps that are worth more than others",
        lambda i, q: isinstance(i, Cloze) and len({gap.points for gap in i.gaps}) > 1,
    ),
    "mixed_gaps": Feature("drop-down gaps beside typed ones", lambda i, q: _mixed(i)),
    "number_gaps": Feature(
        "numbers in gaps",
        lambda i, q: isinstance(i, Cloze) and any(isinstance(g, NumberGap) for g in i.gaps),
    ),
    "tiny_numbers": Feature("numbers next to zero", lambda i, q: _tiny(i)),
    "pool_points": Feature(
        "points of drawn items that differ",
        lambda i, q: any(
            s.pick is not None
            and any(i.id == j.id for j in s.items)
            and len({max_points(j) for j in s.items}) > 1
            for s in q.sections
        ),
    ),
    "case": Feature("case-sensitive answers", lambda i, q: _text_case(i)),
    "unit": Feature("units", lambda i, q: isinstance(i, Numeric) and bool(i.unit)),
    "shuffle": Feature(
        "an item's own `shuffle`", lambda i, q: i.shuffle is not None and isinstance(i, SHUFFLED)
    ),
    "fixed": Feature("choices that keep their place", lambda i, q: _fixed(i)),
    "gap_fixed": Feature("drop-down choices that keep their place", lambda i, q: _gap_fixed(i)),
    "stimulus": Feature("a shared stimulus", lambda i, q: i.stimulus is not None),
    "language": Feature(
        "an item's own language",
        lambda i, q: q.language(i) != q.course.language,
    ),
    "response_markup": Feature(
        "markup in matching responses", lambda i, q: any(map(_markup, _responses(i)))
    ),
    "response_math": Feature(
        "math in matching responses", lambda i, q: any(map(_math, _responses(i)))
    ),
    "response_image": Feature(
        "images in matching responses", lambda i, q: any(map(_images, _responses(i)))
    ),
    "response_signs": Feature(
        "`<` and `&&` in matching responses",
        lambda i, q: any(_MARKS.search(plain_text(r)) for r in _responses(i)),
    ),
    "lead_in": Feature("stem of a cloze", lambda i, q: isinstance(i, Cloze) and bool(i.stem)),
    "drop_down_markup": Feature(
        "markup in drop-down gaps", lambda i, q: any(map(_markup, _drop_downs(i)))
    ),
    "drop_down_math": Feature(
        "math in drop-down gaps", lambda i, q: any(map(_math, _drop_downs(i)))
    ),
    "drop_down_image": Feature(
        "images in drop-down gaps", lambda i, q: any(map(_images, _drop_downs(i)))
    ),
    "essay_lines": Feature(
        "lines of an essay", lambda i, q: isinstance(i, Essay) and i.lines is not None
    ),
    "essay_words": Feature(
        "word limits of an essay",
        lambda i, q: isinstance(i, Essay) and bool(i.min_words or i.max_words),
    ),
    "template": Feature(
        "template of an essay", lambda i, q: isinstance(i, Essay) and bool(i.template)
    ),
    "sample_answer": Feature(
        "sample answer of an essay", lambda i, q: isinstance(i, Essay) and bool(i.sample_answer)
    ),
    "rubric": Feature("rubric", lambda i, q: isinstance(i, Essay | FileUpload) and bool(i.rubric)),
    "accept": Feature(
        "file kinds to be handed in", lambda i, q: isinstance(i, FileUpload) and bool(i.accept)
    ),
    "max_files": Feature(
        "several files to be handed in", lambda i, q: isinstance(i, FileUpload) and i.max_files > 1
    ),
    "tags": Feature("tags", lambda i, q: bool(i.tags)),
    "outcomes": Feature("outcomes", lambda i, q: bool(i.outcomes)),
    "bloom": Feature("Bloom level", lambda i, q: i.bloom is not None),
    "difficulty": Feature("difficulty", lambda i, q: i.difficulty is not None),
    "title": Feature("title", lambda i, q: i.title is not None),
    "title_signs": Feature(
        "`<` and `&&` in titles, and titles of more than 250 characters",
        lambda i, q: bool(_MARKS.search(i.name)) or len(i.name) > LONGEST_TITLE,
    ),
    "tag_signs": Feature(
        "`<`, `>`, backquotes and last backslashes in tags, and a bare 0",
        lambda i, q: any(_TAG_SIGNS.search(tag) for tag in labels(i)),
    ),
}
"""Every feature of an item that some target treats differently from another."""

QUIZ_FEATURES: dict[str, QuizFeature] = {
    "instructions": QuizFeature("instructions", lambda q: bool(q.instructions)),
    "time_limit": QuizFeature("time limit", lambda q: q.time_limit is not None),
    "attempts": QuizFeature("allowed attempts", lambda q: q.attempts is not None),
    "shuffle_items": QuizFeature("shuffled items", lambda q: q.shuffle_items),
    "shuffle_choices": QuizFeature("shuffled choices", lambda q: q.shuffle_choices),
    "sections": QuizFeature("sections", lambda q: len(q.sections) > 1),
    "pick": QuizFeature("drawn items", lambda q: any(s.pick is not None for s in q.sections)),
}
"""Every feature of a quiz spec."""


def _math(text: RichText) -> bool:
    return any(isinstance(node, Math) for node in walk(text))
