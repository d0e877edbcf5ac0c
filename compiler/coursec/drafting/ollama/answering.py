"""A second reading: the item without its key, answered from the slides, in two orders.

What it is about: `Question` is what the model sees, and `agrees` compares its answer to the key.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from string import ascii_uppercase
from typing import Any, TypeVar, assert_never

from coursec.assembly.draw import disorder, permutation
from coursec.drafting.ollama.schemas import Schema, chosen_schema, letters_schema, typed_schema
from coursec.model.items import (
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
    TextGap,
    TextItem,
    TrueFalse,
)
from coursec.model.text import RichText
from coursec.text.markdown import markdown_text
from coursec.text.plain import plain_text

_T = TypeVar("_T")

TURNS = 2
"""How often an item is answered."""
_NONE = "none"
"""What a model answers when no choice is right, or more than one."""
_ONE = "`answer` is the letter of the right choice, or `none` where none or several are right."
_ALL = "`answers` are the letters of all right choices."
_TYPED = (
    "`answer` is the answer in as few words as the slides have for it; empty if they have none."
)
_NUMBER = "`answer` is the number alone, without its unit; empty where the slides do not say it."
_JUDGE = "`answer` is the letter of what is right by the slides."
_PAIRS = "Each number gets the letter of what belongs to it."
_ORDER = "Each place gets the letter of the entry that stands there, `place1` the first."
_GAPS = "Each gap gets the words that stand there by the slides; empty where they do not say it."
_MARKED = "`answer` is `yes` where the slides hold what a full answer needs, else `no`."


@dataclass(frozen=True, slots=True)
class Question:
    """An item as it is answered in one turn."""

    text: str
    rules: str
    schema: Schema
    agrees: Callable[[Mapping[str, Any]], bool]
    """Whether an answer that keeps to the schema is the key."""


def question(item: Item, turn: int) -> Question:
    """Return an item without its key; each turn has another order."""
    match item:
        case SingleChoice():
            return _single(item, turn)
        case MultipleChoice():
            return _multiple(item, turn)
        case TrueFalse():
            return _judged(item, turn)
        case ShortAnswer():
            schema = typed_schema(["answer"])
            return Question(_of(item), _TYPED, schema, lambda a: _typed(item.answers, a["answer"]))
        case Numeric():
            unit = f" (in {item.unit})" if item.unit else ""
            schema = typed_schema(["answer"])
            return Question(
                _of(item) + unit, _NUMBER, schema, lambda a: _number(item.answers, a["answer"])
            )
        case Matching():
            return _matching(item, turn)
        case Ordering():
            return _ordering(item, turn)
        case Cloze():
            return _cloze(item)
        case Essay() | FileUpload():
            schema = letters_schema(["answer"], _turned(["yes", "no"], turn))
            return Question(_of(item), _MARKED, schema, lambda a: a["answer"] == "yes")
        case TextItem():
            return Question(_of(item), _MARKED, letters_schema(["answer"], ["yes"]), lambda a: True)
    assert_never(item)


def _orders(count: int, item: Item) -> list[tuple[int, ...]]:
    """Return two orders of an item's choices in which none keeps its place.

    A model that always takes the first is found out.
    """
    first = permutation(count, "answer", item.id)
    shift = 1 + permutation(count - 1, "again", item.id)[0] if count > 1 else 0
    return [first, first[shift:] + first[:shift]]


def _lettered(texts: Sequence[RichText], order: Sequence[int]) -> str:
    shown = zip(ascii_uppercase, order, strict=False)
    return "\n".join(f"{letter}. {_text(texts[at])}" for letter, at in shown)


def _single(item: SingleChoice, turn: int) -> Question:
    order = _orders(len(item.choices), item)[turn]
    key = next(ascii_uppercase[at] for at, n in enumerate(order) if item.choices[n].correct)
    letters = [*ascii_uppercase[: len(order)], _NONE]
    text = f"{_of(item)}\n\n{_lettered([c.text for c in item.choices], order)}"
    schema = letters_schema(["answer"], letters)
    return Question(text, _ONE, schema, lambda a: a["answer"] == key)


def _multiple(item: MultipleChoice, turn: int) -> Question:
    order = _orders(len(item.choices), item)[turn]
    keys = {ascii_uppercase[at] for at, n in enumerate(order) if item.choices[n].correct}
    text = f"{_of(item)}\n\n{_lettered([c.text for c in item.choices], order)}"
    schema = chosen_schema(ascii_uppercase[: len(order)])
    return Question(text, _ALL, schema, lambda a: set(a["answers"]) == keys)


def _judged(item: TrueFalse, turn: int) -> Question:
    said = _turned(["The statement is true.", "The statement is false."], turn)
    key = "AB"[said.index(f"The statement is {str(item.answer).lower()}.")]
    lines = "\n".join(f"{letter}. {line}" for letter, line in zip("AB", said, strict=True))
    text = f"Statement: {_of(item)}\n\n{lines}"
    return Question(
        text, _JUDGE, letters_schema(["answer"], ["A", "B", _NONE]), lambda a: a["answer"] == key
    )


def _matching(item: Matching, turn: int) -> Question:
    responses = item.responses
    order = _orders(len(responses), item)[turn]
    places = {responses[at]: ascii_uppercase[place] for place, at in enumerate(order)}
    premises = _turned(list(item.pairs), turn)
    names = [f"number{n}" for n in range(1, len(premises) + 1)]
    keys = {name: places[pair.response] for name, pair in zip(names, premises, strict=True)}
    numbered = "\n".join(f"{n}. {_text(p.premise)}" for n, p in enumerate(premises, 1))
    text = f"{_of(item)}\n\n{numbered}\n\n{_lettered(responses, order)}"
    schema = letters_schema(names, ascii_uppercase[: len(responses)])
    return Question(text, _PAIRS, schema, lambda a: all(a[n] == k for n, k in keys.items()))


def _ordering(item: Ordering, turn: int) -> Question:
    count = len(item.sequence)
    order = [disorder(count, "answer", item.id), disorder(count, "again", item.id)][turn]
    names = [f"place{n}" for n in range(1, count + 1)]
    keys = {f"place{n + 1}": ascii_uppercase[place] for place, n in enumerate(order)}
    text = f"{_of(item)}\n\n{_lettered(item.sequence, order)}"
    schema = letters_schema(names, ascii_uppercase[:count])
    return Question(text, _ORDER, schema, lambda a: all(a[n] == k for n, k in keys.items()))


def _cloze(item: Cloze) -> Question:
    lead = f"{_text(item.stem)}\n\n" if item.stem else ""
    names = [gap.name for gap in item.gaps]
    text = lead + _text(item.text)
    for gap in item.gaps:
        if isinstance(gap, ChoiceGap):
            text += f"\n{gap.name}: " + " / ".join(plain_text(c.text) for c in gap.choices)

    def agrees(answer: Mapping[str, Any]) -> bool:
        return all(_gap(gap, answer[gap.name]) for gap in item.gaps)

    return Question(text, _GAPS, typed_schema(names), agrees)


def _gap(gap: ClozeGap, said: str) -> bool:
    if isinstance(gap, TextGap):
        return _typed(gap.answers, said)
    if isinstance(gap, ChoiceGap):
        right = [plain_text(choice.text) for choice in gap.choices if choice.correct]
        return _plain(said) in map(_plain, right)
    return _number(gap.answers, said)


def _typed(answers: Sequence[TextAnswer], said: str) -> bool:
    return bool(_plain(said)) and any(_plain(said) == _plain(answer.text) for answer in answers)


def _number(answers: Sequence[NumberAnswer], said: str) -> bool:
    try:
        number = Decimal(said.strip())
    except InvalidOperation:
        return False
    return number.is_finite() and any(a.low <= number <= a.high for a in answers)


def _plain(text: str) -> str:
    """Return an answer as students' answers are compared: case, blanks and end marks aside."""
    return " ".join(text.casefold().split()).strip(" .,;:!?`*\"'\u201c\u201d")


def _turned(entries: list[_T], turn: int) -> list[_T]:
    return entries if turn == 0 else entries[::-1]


def _of(item: Item) -> str:
    return _text(item.stem)


def _text(text: RichText) -> str:
    # An underscore needs no escape for a reader: a blank is to look like one.
    return markdown_text(text, lambda asset: asset.path).replace("\\_", "_")
