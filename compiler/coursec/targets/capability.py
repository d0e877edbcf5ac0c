"""What each target carries: the one table that targets, warnings and documentation read.

A feature is something of an item or a quiz that an author can write. For each target it is
carried, carried differently (and how), or lost. What a target loses is a warning wherever
an author uses it; what it carries differently is told in the documentation only, because a
student is asked, shown and marked the same.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from coursec.diagnostics import Diagnostics, Span
from coursec.model.items import Cloze, FileUpload, Item, Numeric, Ordering, ShortAnswer
from coursec.model.quiz import Quiz
from coursec.targets.features import FEATURES, QUIZ_FEATURES
from coursec.targets.gift import unsayable


class Carry(Enum):
    """How much of a feature arrives."""

    CARRIED = "carried"
    DIFFERENTLY = "differently"
    LOST = "lost"


class Support(NamedTuple):
    """A cell of the table."""

    carry: Carry
    how: str = ""
    """How it is carried differently, or what happens instead of it."""


def _differently(how: str) -> Support:
    return Support(Carry.DIFFERENTLY, how)


def _lost(how: str = "") -> Support:
    return Support(Carry.LOST, how)


CARRIED = Support(Carry.CARRIED)

TYPES: dict[str, dict[str, Support]] = {
    "gift": {
        Cloze.kind: _differently("one gap: a missing-word question; several gaps: left out"),
        FileUpload.kind: _lost("GIFT has no question that takes files"),
        Ordering.kind: _differently(
            "the form that Moodle 4.4 and later read; an order that is left as it stands is marked "
            "as it stands"
        ),
    },
    "moodle": {
        Cloze.kind: _differently("a question of Moodle's type *embedded answers*"),
        Ordering.kind: _differently("an order that is left as it stands is marked as it stands"),
    },
    "qti21": {
        ShortAnswer.kind: _differently("blanks around the answer count, unless a player cuts them"),
        Cloze.kind: _differently("blanks around a typed word count, unless a player cuts them"),
    },
    "canvas": {
        Ordering.kind: _differently("a matching of the entries with their places"),
        Cloze.kind: _differently("drop-downs, or blanks"),
        Numeric.kind: _differently("Canvas Classic takes text that is no number for 0"),
    },
    "pdf": {FileUpload.kind: _differently("a note that files are handed in electronically")},
}
"""Item types that a target does not simply carry."""

SUPPORT: dict[str, dict[str, Support]] = {
    "gift": {
        "points": _lost("Moodle gives every GIFT question 1 mark"),
        "tiny_numbers": _lost("Moodle takes every number within about 1e-28 for right"),
        "hints": _lost(),
        "one_try_hints": _lost(),
        "text_feedback": _lost(),
        "result_feedback": _lost(),
        "typed_result_feedback": _lost(),
        "cloze_result_feedback": _lost(),
        "partial_feedback": _lost(),
        "typed_partial_feedback": _lost(),
        "cloze_partial_feedback": _lost(),
        "marked_feedback": _lost(),
        "uneven_weights": _lost("the nearest fraction that Moodle knows is written"),
        "uneven_gap_weights": _lost("the nearest fraction that Moodle knows is written"),
        "all_or_nothing": _lost("each right choice earns its share"),
        "gap_points": _lost("Moodle gives every GIFT question 1 mark"),
        "case": _lost("GIFT's typed answers never mind capitals"),
        "unit": _differently("shown in brackets behind the question"),
        "shuffle": _lost("the Moodle site decides"),
        "fixed": _lost("the choice moves with the others when Moodle shuffles"),
        "gap_fixed": _lost("the choice moves with the others when Moodle shuffles"),
        "stimulus": _differently("repeated above each question that rests on it"),
        "language": _lost(),
        "response_markup": _differently("plain text"),
        "response_math": _differently("plain text with Unicode signs"),
        "response_image": _lost("its alternative text stands there"),
        "response_signs": _differently("a blank stands behind `<`, and between `&&`"),
        "lead_in": _differently("the beginning of the text"),
        "essay_lines": _lost("the answer field has 15 lines"),
        "essay_words": _lost(),
        "template": _lost(),
        "sample_answer": _lost(),
        "rubric": _lost(),
        "accept": _lost(),
        "max_files": _lost(),
        "outcomes": _differently("tags such as outcome:NAME"),
        "bloom": _differently("a tag such as bloom:apply"),
        "difficulty": _differently("a tag such as difficulty:0.4"),
        "title_signs": _differently("a blank stands behind `<` and in `&&`; cut at 250 characters"),
        "tag_signs": _differently("an apostrophe stands for each"),
        "instructions": _differently("a description before the first question"),
        "time_limit": _lost("set it in the Moodle activity"),
        "attempts": _lost("set them in the Moodle activity"),
        "shuffle_items": _lost("set it in the Moodle activity"),
        "shuffle_choices": _lost("the Moodle site decides"),
        "sections": _differently("a category each"),
        "pick": _lost("the whole pool is a category of its own: add random questions from it"),
    },
    "moodle": {
        "tiny_numbers": _lost("Moodle takes every number within about 1e-28 for right"),
        "one_try_hints": _lost("questions of this type have no second try in Moodle"),
        "text_feedback": _differently("general feedback of the description"),
        "typed_result_feedback": _differently("feedback of the answers, and of any other one"),
        "typed_partial_feedback": _differently("feedback of the answers of less weight"),
        "cloze_result_feedback": _lost(),
        "cloze_partial_feedback": _lost(),
        "marked_feedback": _lost(),
        "uneven_weights": _lost("the nearest fraction that Moodle knows is written"),
        "all_or_nothing": _lost("each right choice earns its share, a wrong one costs everything"),
        "unit": _differently("shown in brackets behind the question, and known to Moodle"),
        "fixed": _differently("the choices of such an item are not shuffled"),
        "gap_fixed": _differently("the choices of such a gap are not shuffled"),
        "stimulus": _differently("repeated above each question that rests on it"),
        "language": _differently("the question's text is marked as in that language"),
        "response_markup": _differently("plain text"),
        "response_math": _differently("plain text with Unicode signs"),
        "response_image": _lost("its alternative text stands there"),
        "response_signs": _differently("a blank stands behind `<`"),
        "drop_down_markup": _differently("plain text"),
        "drop_down_math": _differently("plain text with Unicode signs"),
        "drop_down_image": _lost("its alternative text stands there"),
        "lead_in": _differently("the beginning of the text"),
        "gap_points": _lost("Moodle's marks are whole: the question is worth more there"),
        "sample_answer": _differently("information for graders"),
        "rubric": _differently("information for graders"),
        "outcomes": _differently("tags such as outcome:NAME"),
        "bloom": _differently("a tag such as bloom:apply"),
        "difficulty": _differently("a tag such as difficulty:0.4"),
        "title_signs": _differently("a blank stands behind `<`; cut at 250 characters"),
        "tag_signs": _differently("an apostrophe stands for each"),
        "instructions": _differently("a description before the first question"),
        "time_limit": _lost("set it in the Moodle activity"),
        "attempts": _lost("set them in the Moodle activity"),
        "shuffle_items": _lost("set it in the Moodle activity"),
        "shuffle_choices": _differently("written for each question"),
        "sections": _differently("a category each"),
        "pick": _lost("the whole pool is a category of its own: add random questions from it"),
    },
    "qti21": {
        "hints": _lost(),
        "one_try_hints": _lost(),
        "text_feedback": _lost(),
        "result_feedback": _differently("shown by the score"),
        "typed_result_feedback": _differently("shown by the score"),
        "cloze_result_feedback": _differently("shown by the score"),
        "partial_feedback": _differently("shown by the score"),
        "typed_partial_feedback": _differently("shown by the score"),
        "cloze_partial_feedback": _differently("shown by the score"),
        "marked_feedback": _lost("no engine knows the result"),
        "unit": _differently("text behind the answer field"),
        "shuffle": _differently("matching responses and entries to order are always shuffled"),
        "stimulus": _differently("repeated above each item that rests on it"),
        "lead_in": _differently("the beginning of the text"),
        "drop_down_markup": _differently("plain text"),
        "drop_down_math": _differently("plain text with Unicode signs"),
        "drop_down_image": _lost("its alternative text stands there"),
        "essay_words": _differently("a pattern that limits what may be handed in"),
        "template": _differently("plain lines in the answer field"),
        "sample_answer": _differently("a rubric for scorers"),
        "rubric": _differently("a rubric for scorers"),
        "accept": _differently("named above the upload field"),
        "max_files": _differently("an upload field for each file"),
        "tags": _differently("keywords in the manifest"),
        "outcomes": _differently("keywords such as outcome:NAME in the manifest"),
        "bloom": _differently("a keyword such as bloom:apply in the manifest"),
        "difficulty": _differently("a keyword such as difficulty:0.4 in the manifest"),
        "attempts": _differently("attempts at each item; Canvas takes them for the quiz's"),
    },
    "canvas": {
        "hints": _lost(),
        "one_try_hints": _lost(),
        "text_feedback": _lost(),
        "partial_feedback": _lost(),
        "typed_partial_feedback": _lost(),
        "cloze_partial_feedback": _lost(),
        "marked_feedback": _lost(),
        "gap_feedback": _lost(),
        "choice_weights": _lost("the right choice or choices share the points equally"),
        "answer_weights": _lost("only answers that earn everything count"),
        "gap_weights": _lost("only answers that earn everything count"),
        "all_or_nothing": _lost("Canvas gives a part for a part; set it in New Quizzes"),
        "uneven_gaps": _lost("all gaps are worth the same"),
        "mixed_gaps": _differently("all gaps are typed; the choices stand in brackets behind"),
        "number_gaps": _lost("the number must be typed as it is written"),
        "pool_points": _lost("each question of a group is worth their mean"),
        "case": _lost("typed answers never mind capitals"),
        "unit": _differently("shown in brackets behind the question"),
        "shuffle": _lost("the quiz decides for all its questions"),
        "fixed": _lost("the choice moves with the others when Canvas shuffles"),
        "gap_fixed": _lost("the choice moves with the others when Canvas shuffles"),
        "stimulus": _differently("repeated above each question that rests on it"),
        "language": _differently("the question's text is marked as in that language"),
        "response_markup": _differently("plain text"),
        "response_math": _differently("plain text with Unicode signs"),
        "response_image": _lost("its alternative text stands there"),
        "response_signs": _differently("a blank stands behind `<`"),
        "lead_in": _differently("the beginning of the text"),
        "drop_down_markup": _differently("plain text"),
        "drop_down_math": _differently("plain text with Unicode signs"),
        "drop_down_image": _lost("its alternative text stands there"),
        "essay_lines": _lost(),
        "essay_words": _lost(),
        "template": _lost(),
        "sample_answer": _differently("the question's solution"),
        "rubric": _lost("make it in Canvas"),
        "accept": _differently("named behind the question"),
        "max_files": _lost("Canvas takes one file for a question"),
        "tags": _lost(),
        "outcomes": _lost(),
        "bloom": _lost(),
        "difficulty": _lost(),
        "instructions": _differently("the quiz's description"),
        "shuffle_items": _lost("Canvas asks questions in their order, but for groups"),
        "sections": _differently("a text with the title before the section's questions"),
        "pick": _differently("a question group"),
    },
    "pdf": {
        "hints": _differently("in the answer key only"),
        "one_try_hints": _differently("in the answer key only"),
        "text_feedback": _lost(),
        "general_feedback": _differently("in the answer key only"),
        "result_feedback": _differently("in the answer key only"),
        "typed_result_feedback": _differently("in the answer key only"),
        "cloze_result_feedback": _differently("in the answer key only"),
        "partial_feedback": _differently("in the answer key only"),
        "typed_partial_feedback": _differently("in the answer key only"),
        "cloze_partial_feedback": _differently("in the answer key only"),
        "marked_feedback": _differently("in the answer key only"),
        "choice_feedback": _differently("in the answer key only"),
        "gap_feedback": _differently("in the answer key only"),
        "all_or_nothing": _differently("told in the answer key"),
        "case": _differently("told in the answer key"),
        "stimulus": _differently("printed once in a frame; later questions refer to it"),
        "sample_answer": _differently("in the answer key only"),
        "rubric": _differently("in the answer key only"),
        "tags": _differently("in the answer key only"),
        "outcomes": _differently("in the answer key only"),
        "bloom": _differently("in the answer key only"),
        "difficulty": _differently("in the answer key only"),
        "title": _differently("in the answer key only: it may give the answer away"),
        "attempts": _differently("a paper is handed in once"),
        "pick": _differently("drawn with the seed for each version"),
    },
}
"""Features that a target does not simply carry."""

NAMES = {
    "gift": "GIFT",
    "moodle": "Moodle XML",
    "qti21": "QTI 2.1",
    "canvas": "Canvas",
    "pdf": "PDF",
}
"""What the targets are called in sentences."""


def support(target: str, feature: str) -> Support:
    """Return how a target carries a feature."""
    return SUPPORT[target].get(feature, CARRIED)


def left_out(target: str, item: Item) -> str | None:
    """Return why a target cannot carry an item at all; None when it can."""
    return unsayable(item) if target == "gift" else None


def report_losses(quiz: Quiz, target: str, sink: Diagnostics) -> None:
    """Warn of everything in a quiz that a target loses, one warning a feature."""
    span = quiz.span or Span("")
    name = NAMES[target]
    reasons: dict[str, list[str]] = {}
    kept = []
    for item in quiz.items:
        if reason := left_out(target, item):
            reasons.setdefault(reason, []).append(item.id)
        else:
            kept.append(item)
    for reason, ids in reasons.items():
        sink.report(
            "W602",
            f"{name} leaves out {_listed(ids)} of quiz `{quiz.id}`: {reason}.",
            span,
            hint="Build another target for that.",
            item=ids[0] if len(ids) == 1 else None,
        )
    for key, feature in FEATURES.items():
        cell = support(target, key)
        if cell.carry is not Carry.LOST:
            continue
        ids = [item.id for item in kept if feature.used(item, quiz)]
        if ids:
            sink.report(
                "W601",
                f"{name} cannot carry {feature.title}: quiz `{quiz.id}`, {_some(ids)}.",
                span,
                hint=cell.how and f"Instead: {cell.how}.",
                item=ids[0] if len(ids) == 1 else None,
            )
    for key, row in QUIZ_FEATURES.items():
        cell = support(target, key)
        if cell.carry is Carry.LOST and row.used(quiz):
            sink.report(
                "W601",
                f"{name} cannot carry {row.title}: quiz `{quiz.id}`.",
                span,
                hint=cell.how and f"Instead: {cell.how}.",
            )


_NAMED = 4
"""Items that a loss names; where a whole course's are meant, the names would be a wall."""


def _listed(ids: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in ids)


def _some(ids: list[str]) -> str:
    if len(ids) <= _NAMED:
        return _listed(ids)
    return f"{_listed(ids[: _NAMED - 1])} and {len(ids) - _NAMED + 1} more"
