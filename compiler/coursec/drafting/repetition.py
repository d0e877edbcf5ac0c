"""Whether two items ask the same: the same key about the same thing, whatever the words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import assert_never

from coursec.drafting.drafts import Asked, Known
from coursec.drafting.evidence.words import EMPTY, GENERIC
from coursec.model.items import (
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
)
from coursec.model.numbers import decimal_text
from coursec.model.slides import normalised
from coursec.text.plain import plain_text

ALIKE = 0.6
"""Share of their words that two questions with one key have in common to ask the same."""
SAME = 0.85
"""The same for questions without a key, and for statements."""
_WORD = re.compile(r"[^\W_]+")
_QUESTION = frozenset("which what following word complete sentence true false statement".split())


def asked_by(item: Item) -> Asked:
    """Return what an item asks."""
    texts = [plain_text(item.stem), *_parts(item)]
    return Asked(
        item=item.id,
        answers=frozenset(key for key in map(_key, answers_of(item)) if key),
        words=frozenset(word for text in texts for word in _telling(text)),
        stem=_key(plain_text(item.text) if isinstance(item, Cloze) else plain_text(item.stem)),
    )


def known_of(items: Iterable[Item]) -> Known:
    """Return what items ask; retired ones count too: they were asked once, or rejected."""
    return Known(tuple(asked_by(item) for item in items if not isinstance(item, TextItem)))


def repeated(one: Asked, known: Known) -> Asked | None:
    """Return what is known that an item asks again; None where it is new."""
    for other in known.asked:
        if other.item == one.item:
            continue
        if one.stem and one.stem == other.stem and one.answers == other.answers:
            return other
        if one.answers and other.answers:
            shared = one.answers & other.answers
            if 2 * len(shared) > min(len(one.answers), len(other.answers)) and (
                _common(one.words, other.words) >= ALIKE
            ):
                return other
        elif not one.answers and not other.answers and _common(one.words, other.words) >= SAME:
            return other
    return None


def answers_of(item: Item) -> list[str]:
    """Return the key of an item as plain texts; none where a person marks it."""
    match item:
        case SingleChoice() | MultipleChoice():
            return [plain_text(choice.text) for choice in item.choices if choice.correct]
        case TrueFalse() | Essay() | FileUpload() | TextItem():
            return []
        case ShortAnswer():
            return [answer.text for answer in item.answers]
        case Numeric():
            return [decimal_text(answer.model) for answer in item.answers]
        case Matching():
            return [f"{plain_text(p.premise)} {plain_text(p.response)}" for p in item.pairs]
        case Ordering():
            return [" ".join(plain_text(entry) for entry in item.sequence)]
        case Cloze():
            return [answer for gap in item.gaps for answer in _gap(gap)]
    assert_never(item)


def _gap(gap: ChoiceGap | TextGap | NumberGap) -> list[str]:
    match gap:
        case ChoiceGap():
            return [plain_text(choice.text) for choice in gap.choices if choice.correct]
        case TextGap():
            return [answer.text for answer in gap.answers]
        case NumberGap():
            return [decimal_text(answer.model) for answer in gap.answers]
    assert_never(gap)


def _parts(item: Item) -> list[str]:
    """Return the texts beside the stem that say what an item is about."""
    found = answers_of(item)
    if isinstance(item, Cloze):
        found.append(plain_text(item.text))
    return found


def _telling(text: str) -> list[str]:
    words = _WORD.findall(normalised(text).casefold())
    return [w for w in words if w not in EMPTY | GENERIC | _QUESTION and len(w) > 1] or words


def _key(text: str) -> str:
    return " ".join(_WORD.findall(normalised(text).casefold()))


def _common(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / min(len(one), len(other)) if one and other else 0.0
