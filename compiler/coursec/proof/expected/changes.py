"""The ways in which targets carry something differently, or lose it, done to the model.

Each is what a cell of the capability table says in words; several targets share most of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, cast

from coursec.model.items import (
    NO_FEEDBACK,
    ChoiceGap,
    Cloze,
    ClozeGap,
    Feedback,
    Item,
    Matching,
    MultipleChoice,
    Numeric,
    ShortAnswer,
    SingleChoice,
    TextGap,
)
from coursec.model.quiz import Quiz
from coursec.model.scoring import distinct_answers
from coursec.model.text import (
    NO_TEXT,
    Block,
    BulletList,
    Heading,
    OrderedList,
    Paragraph,
    Quote,
    RichText,
    Text,
    plain,
)
from coursec.proof.textform import rank
from coursec.text.plain import plain_text

Change = Callable[[Item, Quiz], Item]
"""(an item as written, its quiz) to the item as a target carries it."""


def changed(item: Item, **fields: object) -> Item:
    """Return an item with other fields."""
    return replace(item, **cast("Any", fields))


def without(*fields: str) -> Change:
    """Return the change that takes away fields that may be None."""
    return lambda item, quiz: changed(item, **dict.fromkeys(fields))


def no_hints(item: Item, quiz: Quiz) -> Item:
    """Hints are lost."""
    return changed(item, hints=())


def no_rubric(item: Item, quiz: Quiz) -> Item:
    """The rubric is lost."""
    return changed(item, rubric=())


def no_feedback(item: Item, quiz: Quiz) -> Item:
    """All feedback on the whole is lost."""
    return changed(item, feedback=NO_FEEDBACK)


def no_result_feedback(item: Item, quiz: Quiz) -> Item:
    """Only feedback that does not depend on the result is left."""
    return changed(item, feedback=Feedback(general=item.feedback.general))


def no_partial_feedback(item: Item, quiz: Quiz) -> Item:
    """Feedback for a partly right response is lost."""
    return changed(item, feedback=replace(item.feedback, partial=None))


def any_case(item: Item, quiz: Quiz) -> Item:
    """Typed answers do not mind capitals."""
    match item:
        case Cloze():
            gaps = (
                replace(gap, case_sensitive=False, answers=distinct_answers(gap.answers))
                if isinstance(gap, TextGap)
                else gap
                for gap in item.gaps
            )
            return replace(item, gaps=tuple(gaps))
        case ShortAnswer():
            return replace(item, case_sensitive=False, answers=distinct_answers(item.answers))
        case _:
            raise AssertionError("only typed answers mind capitals")


def no_fixed(item: Item, quiz: Quiz) -> Item:
    """No choice keeps its place."""
    assert isinstance(item, SingleChoice | MultipleChoice)
    return replace(item, choices=tuple(replace(c, fixed=False) for c in item.choices))


def no_gap_fixed(item: Item, quiz: Quiz) -> Item:
    """No choice of a drop-down keeps its place."""
    assert isinstance(item, Cloze)
    return replace(item, gaps=tuple(map(_loose, item.gaps)))


def _loose(gap: ClozeGap) -> ClozeGap:
    if not isinstance(gap, ChoiceGap):
        return gap
    return replace(gap, choices=tuple(replace(c, fixed=False) for c in gap.choices))


def partial_scoring(item: Item, quiz: Quiz) -> Item:
    """Each right choice earns its share."""
    assert isinstance(item, MultipleChoice)
    return replace(item, scoring="partial")


def unit_in_stem(item: Item, quiz: Quiz) -> Item:
    """The unit stands in brackets behind the question."""
    assert isinstance(item, Numeric)
    line = Paragraph((Text(f"[{item.unit}]"),))
    return replace(item, unit=None, stem=RichText((*item.stem.blocks, line)))


def joined(*texts: RichText | None) -> RichText:
    """Return texts one behind the other; the headings of each keep their ranks among themselves."""
    return RichText(tuple(block for text in texts if text for block in _ranked(text.blocks, [])))


def _ranked(blocks: tuple[Block, ...], ranks: list[int]) -> Iterator[Block]:
    """Count the levels of headings from one; `ranks` are the levels of the headings above."""
    for block in blocks:
        match block:
            case Heading():
                yield replace(block, level=rank(block.level, ranks))
            case Quote():
                yield replace(block, children=tuple(_ranked(block.children, ranks)))
            case BulletList() | OrderedList():
                entries = tuple(tuple(_ranked(entry, ranks)) for entry in block.entries)
                yield replace(block, entries=entries)
            case _:
                yield block


def stimulus_above(item: Item, quiz: Quiz) -> Item:
    """The stimulus stands above the question."""
    stimulus = quiz.stimulus(item)
    assert stimulus is not None
    if isinstance(item, Cloze):
        text = joined(stimulus.stem, item.stem, item.text)
        return replace(item, stimulus=None, stem=NO_TEXT, text=text)
    return changed(item, stimulus=None, stem=joined(stimulus.stem, item.stem))


def lead_in_joined(item: Item, quiz: Quiz) -> Item:
    """The stem of a cloze is the beginning of its text."""
    assert isinstance(item, Cloze)
    return replace(item, stem=NO_TEXT, text=joined(item.stem, item.text))


def each_response(item: Item, change: Callable[[RichText], RichText]) -> Item:
    """Change each response of a matching item."""
    assert isinstance(item, Matching)
    pairs = (replace(pair, response=change(pair.response)) for pair in item.pairs)
    return replace(item, pairs=tuple(pairs), distractors=tuple(map(change, item.distractors)))


def plain_responses(item: Item, quiz: Quiz) -> Item:
    """The responses of a matching item are plain text."""
    return each_response(item, _plain)


def plain_drop_downs(item: Item, quiz: Quiz) -> Item:
    """The choices of drop-down gaps are plain text."""
    assert isinstance(item, Cloze)
    return replace(item, gaps=tuple(map(_plain_gap, item.gaps)))


def _plain_gap(gap: ClozeGap) -> ClozeGap:
    if not isinstance(gap, ChoiceGap):
        return gap
    return replace(gap, choices=tuple(replace(c, text=_plain(c.text)) for c in gap.choices))


def _plain(text: RichText) -> RichText:
    return plain(plain_text(text))
