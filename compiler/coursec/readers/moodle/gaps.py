"""Texts with gaps: embedded answers, and words to be chosen or dragged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from coursec.model.items import (
    ZERO,
    Choice,
    ChoiceGap,
    Cloze,
    ClozeGap,
    Feedback,
    Item,
    NumberGap,
    TextGap,
)
from coursec.model.text import NO_TEXT, Gap, RichText, walk
from coursec.readers.markup import outer_language
from coursec.readers.moodle.marks import MENUS, Answer, Mark, find_marks, find_places
from coursec.readers.moodle.question import Question
from coursec.readers.moodle.refused import RefusedError
from coursec.readers.moodle.shares import picked_once
from coursec.readers.moodle.source import HTML, menu
from coursec.readers.moodle.typed import Typed, number_answers, text_answers

_MOST_CHOICES: Final = 20_000
"""Choices of all gaps of a text together."""


def read_cloze(question: Question) -> Item:
    """Return a text with answers embedded in it (rule 60). Raises RefusedError."""
    source = question.source
    marked, marks = find_marks(source.raw(question.node.find("questiontext")))
    gaps = [_gap(question, mark) for mark in marks]
    if any(mark.kind.startswith(("MCV", "MCH")) for mark in marks):
        source.tell("W708", "Choices that stand open in the text become a menu.")
    menus = [mark.kind for mark in marks if mark.kind in MENUS]
    shuffle = any(kind.endswith("S") for kind in menus) if menus else None
    # The marks of the gaps make the question's, whatever it says itself.
    fields = {**question.common(), "points": sum((gap.points for gap in gaps), ZERO)}
    return _cloze(question, marked, gaps, question.general(), {**fields, "shuffle": shuffle})


def _gap(question: Question, mark: Mark) -> ClozeGap:
    tell = question.source.tell
    if mark.kind.startswith("MR"):
        raise RefusedError("a gap takes several answers at once")
    if not any(answer.share >= 1 for answer in mark.answers):
        raise RefusedError("a gap has no answer that earns all its points")
    if mark.kind in MENUS:
        if len(mark.answers) < 2:
            raise RefusedError("a menu has fewer than two choices")
        choices = [
            Choice(text=_html(question, answer.text), feedback=_said(question, answer))
            for answer in mark.answers
        ]
        if not all(choice.text for choice in choices):
            raise RefusedError("a choice of a menu shows nothing that the language has")
        shares = [answer.share for answer in mark.answers]
        picked = picked_once(choices, shares, tell)
        return ChoiceGap(name=mark.name, choices=picked, points=mark.points)
    if mark.kind == "NM":
        numbers, other = number_answers([_number(question, a) for a in mark.answers], tell)
        gap: ClozeGap = NumberGap(name=mark.name, answers=numbers, points=mark.points)
    else:
        exact = mark.kind == "SAC"
        rows = [Typed(a.text, a.share, _said(question, a)) for a in mark.answers]
        texts, other = text_answers(rows, exact, tell)
        gap = TextGap(name=mark.name, answers=texts, case_sensitive=exact, points=mark.points)
    if other:
        tell("W707", "What a gap says to any other answer is left out.")
    return gap


def _number(question: Question, answer: Answer) -> Typed:
    value, _, margin = answer.text.partition(":")
    margin = margin.strip() or "0"
    return Typed(value.strip(), answer.share, _said(question, answer), margin)


def _said(question: Question, answer: Answer) -> RichText | None:
    return (_html(question, answer.feedback) or None) if answer.feedback else None


def _html(question: Question, html: str) -> RichText:
    """Return what a gap shows: it is HTML whatever the text around it is."""
    return question.source.reader(question.node.find("questiontext")).html(html)


def read_words(question: Question) -> Item:
    """Return a text with words to be chosen or dragged: each `[[n]]` takes the n-th of the list.

    Raises RefusedError.
    """
    source, node = question.source, question.node
    dragged = question.kind == "ddwtos"
    options = [
        (source.raw(word), (word.findtext("group") or "1").strip())
        for word in node.iterfind("dragbox" if dragged else "selectoption")
    ]
    marked, places = find_places(source.raw(node.find("questiontext")))
    if len(places) * len(options) > _MOST_CHOICES:
        raise RefusedError("it has more words to choose from than any question")
    gaps: list[ClozeGap] = []
    for place, number in enumerate(places, 1):
        if not 1 <= number <= len(options):
            raise RefusedError(f"`[[{number}]]` names a word that is not there")
        word, group = options[number - 1]
        words = dict.fromkeys(text for text, other in options if other == group and text)
        if len(words) < 2:
            message = f"For `[[{number}]]` there is one word to choose from: here all words are."
            source.tell("W708", message)
            words = dict.fromkeys(text for text, _ in options if text)
        if len(words) < 2:
            raise RefusedError(f"there is nothing to choose from for `[[{number}]]`")
        choices = tuple(
            Choice(text=_html(question, text) if dragged else menu(text), correct=text == word)
            for text in words
        )
        if not all(choice.text for choice in choices):
            raise RefusedError("one of its words shows nothing that the language has")
        gaps.append(ChoiceGap(name=f"gap{place}", choices=choices))
    fields = question.common()
    shared = [replace(gap, points=fields["points"] / len(gaps)) for gap in gaps]
    fields["shuffle"] = source.flag("shuffleanswers", default=True)
    if dragged:
        source.tell("W708", "The words are chosen from menus instead of being dragged.")
    return _cloze(question, marked, shared, question.feedback(), fields)


def _cloze(
    question: Question,
    marked: str,
    gaps: Sequence[ClozeGap],
    feedback: Feedback,
    fields: dict[str, Any],
) -> Item:
    """Return the item of a text in which gaps are marked."""
    if not gaps:
        raise RefusedError("its text has no gap")
    source, node = question.source, question.node.find("questiontext")
    language = None
    if source.format_of(node) == HTML:
        language, root = outer_language(marked)
        text = source.reader(node, gaps=True).element(root)
    else:
        text = source.text(node, marked)
    shown = [part.name for part in walk(text) if isinstance(part, Gap)]
    if shown != [gap.name for gap in gaps]:
        raise RefusedError("a gap stands where none can")
    return Cloze(
        text=text, gaps=tuple(gaps), stem=NO_TEXT, language=language, feedback=feedback, **fields
    )
