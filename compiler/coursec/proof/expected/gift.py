"""What GIFT carries."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from coursec.model.items import (
    ONE,
    Choice,
    ChoiceGap,
    Cloze,
    ClozeGap,
    Item,
    MultipleChoice,
    Numeric,
    ShortAnswer,
    SingleChoice,
    TextItem,
)
from coursec.model.quiz import Quiz, Section
from coursec.model.text import RichText, plain
from coursec.proof.expected import Expected
from coursec.proof.expected.changes import (
    any_case,
    changed,
    each_response,
    lead_in_joined,
    no_feedback,
    no_fixed,
    no_gap_fixed,
    no_hints,
    no_result_feedback,
    no_rubric,
    partial_scoring,
    plain_responses,
    stimulus_above,
    unit_in_stem,
    without,
)
from coursec.readers.reading import Reading
from coursec.targets.fractions import MOODLE_FRACTIONS, choice_percents
from coursec.text.plain import plain_text, squeezed

_OPEN_TAG = re.compile(r"<(?=\S)")
_PLACEHOLDER = re.compile(r"&&(?=[0-9]{3})")
_IN_MENUS = re.compile(r"&&(?=[0-9]{3})(?![A-Za-z0-9]{1,40};)")
"""The same where what looks like an entity is protected already."""


def nearest_weights(item: Item, quiz: Quiz) -> Item:
    """Weights are the nearest that Moodle knows."""
    match item:
        case SingleChoice():
            return replace(item, choices=tuple(map(_nearest_choice, item.choices)))
        case MultipleChoice():
            pairs = zip(item.choices, choice_percents(item), strict=True)
            return replace(
                item, choices=tuple(replace(c, weight=percent / 100) for c, percent in pairs)
            )
        case ShortAnswer() | Numeric():
            answers = tuple(replace(a, weight=_nearest(a.weight)) for a in item.answers)
            return changed(item, answers=answers)
        case Cloze():
            return replace(item, gaps=tuple(map(_nearest_gap, item.gaps)))
        case _:
            raise AssertionError("no other type has weights")


def _nearest(weight: Decimal | Fraction) -> Decimal:
    """Return a share as Moodle has it; a part stays a part."""
    wanted = abs(Fraction(weight))
    best = min(MOODLE_FRACTIONS, key=lambda f: abs(Fraction(f) / 100 - wanted))
    if best in (0, 100) and abs(Fraction(best) / 100 - wanted) > Fraction(1, 100_000):
        best = Decimal(5) if best == 0 else Decimal(90)
    return (best if weight >= 0 else -best) / 100


def _nearest_choice(choice: Choice) -> Choice:
    return replace(choice, weight=_nearest(choice.weight)) if choice.weight else choice


def _nearest_gap(gap: ClozeGap) -> ClozeGap:
    if isinstance(gap, ChoiceGap):
        return replace(gap, choices=tuple(map(_nearest_choice, gap.choices)))
    return replace(gap, answers=tuple(replace(a, weight=_nearest(a.weight)) for a in gap.answers))  # type: ignore[arg-type]


def spaced_responses(item: Item, quiz: Quiz) -> Item:
    """A blank stands behind each `<` of a response, which would begin a tag."""
    return each_response(item, _spaced)


def _spaced(text: RichText) -> RichText:
    return plain(_OPEN_TAG.sub("< ", plain_text(text)))


def _gift_responses(item: Item, quiz: Quiz) -> Item:
    """In GIFT a blank stands also in what Moodle's reader uses inside itself."""
    return each_response(item, lambda text: _apart(_spaced(text)))


def _apart(text: RichText) -> RichText:
    return plain(_IN_MENUS.sub("& &", plain_text(text)))


def _gift_title(item: Item, quiz: Quiz) -> Item:
    return changed(item, title=_PLACEHOLDER.sub("& &", short(item.name)))


def spaced_title(item: Item, quiz: Quiz) -> Item:
    """A blank stands behind each `<` of a title, and it is cut at 250 characters."""
    return changed(item, title=short(item.name))


def short(text: str) -> str:
    """Return a title in which nothing looks like a tag, cut at 250 characters."""
    return _OPEN_TAG.sub("< ", squeezed(text))[:250]


def quoted_tags(item: Item, quiz: Quiz) -> Item:
    """An apostrophe stands for each sign that Moodle does not take in a tag."""
    return _with_tags(item, r"[<>`]")


def _gift_tags(item: Item, quiz: Quiz) -> Item:
    """In GIFT a backslash before the bracket that ends a tag would keep it open."""
    return _with_tags(item, r"[<>`]|\\(?=\]|\Z)")


def _with_tags(item: Item, signs: str) -> Item:
    return changed(
        item,
        tags=tuple("'0'" if tag == "0" else re.sub(signs, "'", tag) for tag in item.tags),
        outcomes=tuple(re.sub(signs, "'", outcome) for outcome in item.outcomes),
    )


def _always(item: Item, quiz: Quiz) -> Item:
    item = changed(item, shuffle=None)
    if isinstance(item, Cloze):
        return replace(item, points=ONE, gaps=(replace(item.gaps[0], points=ONE),))
    return item


def in_categories(quiz: Quiz, sections: tuple[Section, ...]) -> Reading:
    """Sections are categories; a description before the first question holds the instructions."""
    if quiz.instructions:
        first = TextItem(id="", title=short(quiz.title), stem=quiz.instructions)
        sections = (replace(sections[0], items=(first, *sections[0].items)), *sections[1:])
    named = len(quiz.sections) > 1 or quiz.sections[0].pick is not None
    titled = tuple(
        replace(section, title=short(section.title or section.id) if named else None, pick=None)
        for section in sections
        if section.items  # all of it may be left out
    )
    # A category stands with its questions only.
    title = short(quiz.title) if titled else None
    return Reading(name="", title=title, sections=titled)


EXPECTED = Expected(
    format="gift",
    path="gift/{}.gift.txt",
    changes={
        "points": lambda item, quiz: changed(item, points=ONE),
        "gap_points": None,
        "tiny_numbers": None,
        "hints": no_hints,
        "one_try_hints": no_hints,
        "text_feedback": no_feedback,
        "result_feedback": no_result_feedback,
        "typed_result_feedback": no_result_feedback,
        "cloze_result_feedback": no_result_feedback,
        "partial_feedback": no_result_feedback,
        "typed_partial_feedback": no_result_feedback,
        "cloze_partial_feedback": no_result_feedback,
        "marked_feedback": no_result_feedback,
        "uneven_weights": nearest_weights,
        "uneven_gap_weights": nearest_weights,
        "all_or_nothing": partial_scoring,
        "case": any_case,
        "unit": unit_in_stem,
        "shuffle": None,
        "fixed": no_fixed,
        "gap_fixed": no_gap_fixed,
        "lead_in": lead_in_joined,
        "stimulus": stimulus_above,
        "language": without("language"),
        "response_markup": plain_responses,
        "response_math": plain_responses,
        "response_image": plain_responses,
        "response_signs": _gift_responses,
        "essay_lines": without("lines"),
        "essay_words": without("min_words", "max_words"),
        "template": without("template"),
        "sample_answer": without("sample_answer"),
        "rubric": no_rubric,
        "accept": None,
        "max_files": None,
        "outcomes": None,
        "bloom": None,
        "difficulty": None,
        "title_signs": _gift_title,
        "tag_signs": _gift_tags,
    },
    always=_always,
    arrange=in_categories,
)
