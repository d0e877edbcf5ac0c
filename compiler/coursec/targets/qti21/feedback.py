"""The feedback texts of an item, each under the name by which a rule shows it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, assert_never

from lxml.etree import SubElement, _Element

from coursec.model.items import (
    Choice,
    ChoiceGap,
    Cloze,
    Essay,
    FileUpload,
    Item,
    Matching,
    MultipleChoice,
    NumberAnswer,
    NumberGap,
    Numeric,
    Ordering,
    ShortAnswer,
    SingleChoice,
    TextAnswer,
    TextGap,
    TextItem,
    TrueFalse,
)
from coursec.model.text import RichText
from coursec.targets.qti21.naming import (
    answer_feedback,
    choice_feedback,
    choice_names,
    gap_prefix,
)
from coursec.targets.qti21.responses import FEEDBACK, GENERAL_FEEDBACK, RESULT_FEEDBACK
from coursec.targets.qti21.scoring import marked_by_person
from coursec.targets.qti21.shares import best_texts
from coursec.text.xhtml import QTI, Xhtml

_MODAL = QTI + "modalFeedback"


class FeedbackText(NamedTuple):
    """A text that is shown when the outcome holds the name."""

    outcome: str
    name: str
    text: RichText


def feedback_texts(item: Item) -> list[FeedbackText]:
    """Return all feedback of an item that can ever be shown."""
    if isinstance(item, TextItem):  # without a response nothing is processed
        return []
    texts = [FeedbackText(FEEDBACK, name, text) for name, text in _answers(item) if text]
    whole = item.feedback
    named = [(GENERAL_FEEDBACK, "general_fb", whole.general)]
    if not marked_by_person(item):
        named += [
            (RESULT_FEEDBACK, "correct_fb", whole.correct),
            (RESULT_FEEDBACK, "partial_fb", whole.partial),
            (RESULT_FEEDBACK, "incorrect_fb", whole.incorrect),
        ]
    texts += [FeedbackText(outcome, name, text) for outcome, name, text in named if text]
    return texts


def append_feedback(root: _Element, texts: list[FeedbackText], xhtml: Xhtml) -> None:
    """Append the elements that show the texts, in blocks as Canvas wants them."""
    for outcome, name, text in texts:
        attributes = {"outcomeIdentifier": outcome, "identifier": name, "showHide": "show"}
        xhtml.blocks(SubElement(root, _MODAL, attributes), text)


_Texts = Iterator[tuple[str, RichText | None]]


def _answers(item: Item) -> _Texts:
    """Yield the name and the text of each feedback on a choice or an answer."""
    match item:
        case SingleChoice() | MultipleChoice():
            yield from _choices("", item.choices)
        case TrueFalse():
            yield choice_feedback("", "true"), item.feedback_true
            yield choice_feedback("", "false"), item.feedback_false
        case ShortAnswer():
            yield from _texts("", item.answers, item.case_sensitive)
        case Numeric():
            yield from _numbers("", item.answers)
        case Cloze():
            for position, gap in enumerate(item.gaps):
                yield from _gap(gap_prefix(position), gap)
        case Matching() | Ordering() | Essay() | FileUpload() | TextItem():
            return
        case _:
            assert_never(item)


def _gap(prefix: str, gap: ChoiceGap | TextGap | NumberGap) -> _Texts:
    match gap:
        case ChoiceGap():
            yield from _choices(prefix, gap.choices)
        case TextGap():
            yield from _texts(prefix, gap.answers, gap.case_sensitive)
        case NumberGap():
            yield from _numbers(prefix, gap.answers)
        case _:
            assert_never(gap)


def _choices(prefix: str, choices: tuple[Choice, ...]) -> _Texts:
    for name, choice in zip(choice_names(), choices, strict=False):
        yield choice_feedback(prefix, name), choice.feedback


def _texts(prefix: str, answers: tuple[TextAnswer, ...], case_sensitive: bool) -> _Texts:
    for position, answer in best_texts(answers, case_sensitive).items():
        yield answer_feedback(prefix, position), answer.feedback


def _numbers(prefix: str, answers: tuple[NumberAnswer, ...]) -> _Texts:
    for position, answer in enumerate(answers):
        yield answer_feedback(prefix, position), answer.feedback
