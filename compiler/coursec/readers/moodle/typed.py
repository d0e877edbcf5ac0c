"""Words and numbers to be typed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext
from typing import Final

from coursec.model.items import ZERO, Item, NumberAnswer, Numeric, ShortAnswer, TextAnswer
from coursec.model.numbers import decimal_text
from coursec.model.text import RichText
from coursec.readers.moodle.question import Question
from coursec.readers.moodle.refused import RefusedError
from coursec.readers.moodle.shares import Tell, best_is_whole, share_of
from coursec.readers.moodle.source import decimal

_WILDCARD = re.compile(r"(?<!\\)\*")
_ANY: Final = "*"
_EXACT: Final = 1_500
"""Digits that the ends of a range may have: a sum of two numbers that Moodle can hold."""


@dataclass(frozen=True, slots=True)
class Typed:
    """An answer as the file has it."""

    text: str
    share: Decimal
    feedback: RichText | None
    margin: str = "0"
    """The tolerance of a number."""


# ------------------------------------------------------------------------------------------- words


def read_short(question: Question) -> Item:
    """Return a question with words to be typed. Raises RefusedError."""
    source = question.source
    rows = [Typed(source.raw(n), share, question.said(n)) for n, share in question.answers()]
    exact = source.flag("usecase", default=False)
    answers, other = text_answers(rows, exact, source.tell)
    return ShortAnswer(
        answers=answers,
        case_sensitive=exact,
        feedback=replace(question.general(), incorrect=other),
        **question.asked(),
    )


def text_answers(
    rows: Sequence[Typed], exact: bool, tell: Tell
) -> tuple[tuple[TextAnswer, ...], RichText | None]:
    """Return (accepted texts, what any other answer is told). Raises RefusedError.

    The first answer that fits is the one that counts (rules 37, 40 and 41).
    """
    found: dict[str, TextAnswer] = {}
    other: RichText | None = None
    for row in rows:
        if row.text == _ANY:
            other = _any_other(row, tell) or other
        elif (text := _accepted(row.text, tell)) is not None:
            weight = _not_below_zero(row, tell)
            answer = TextAnswer(text=text, weight=weight, feedback=row.feedback)
            first = found.setdefault(text if exact else text.casefold(), answer)
            if first.weight != weight:
                tell("W708", f"The answer `{text[:40]}` stands twice: the first counts.")
    if not found:
        raise RefusedError("it has no answer that could be typed")
    answers = tuple(found.values())
    weights = best_is_whole([answer.weight for answer in answers], tell)
    return tuple(replace(a, weight=w) for a, w in zip(answers, weights, strict=True)), other


def _accepted(written: str, tell: Tell) -> str | None:
    r"""Return the text that an answer accepts: `\*` is a star; None where it is left out."""
    shown = " ".join(written.split())[:40]
    if _WILDCARD.search(written):
        message = f"For a star in `{shown}` any characters may stand in Moodle: here none may."
        tell("W708", message)
        written = _WILDCARD.sub("", written)
    text = written.replace("\\*", "*")
    if "\n" in text:
        tell("W707", f"The answer `{shown}` is left out: nobody can type a line end.")
        return None
    words = " ".join(text.split())
    if words != text.strip():
        message = f"Blanks in the answer `{shown}` count in Moodle; here each run of them is one."
        tell("W708", message)
    if not words:
        tell("W707", "An answer without a text is left out.")
    return words or None


def _any_other(row: Typed, tell: Tell) -> RichText | None:
    """Return what every other answer is told; what it earns is lost."""
    if row.share:
        percent = decimal_text(row.share * 100)
        tell("W707", f"That any other answer earns {percent} % is left out.")
    return row.feedback


def _not_below_zero(row: Typed, tell: Tell) -> Decimal:
    if row.share < 0:
        tell("W708", f"The answer `{row.text[:40]}` costs points: here it earns nothing.")
    return max(row.share, ZERO)


# ----------------------------------------------------------------------------------------- numbers


def read_numeric(question: Question) -> Item:
    """Return a question with numbers to be typed. Raises RefusedError."""
    source, rows = question.source, []
    for node, share in question.answers():
        old = (node.findtext("fraction") or "").strip()
        if old and (part := decimal(old)) is not None:  # as files of Moodle 1 have it
            share = share_of(decimal_text(part * 100), source.tell)
        margin = (node.findtext("tolerance") or "").strip() or "0"
        rows.append(Typed(source.raw(node), share, question.said(node), margin))
    answers, other = number_answers(rows, source.tell)
    unit = question.unit()
    units = len(question.node.findall("units/unit"))
    if units > 1 or (units and not unit):
        source.tell("W707", "Other units are left out: students type the number alone.")
    if units and source.value("unitgradingtype") not in ("", "0"):
        source.tell("W707", "That the unit must be right is left out.")
    return Numeric(
        answers=answers,
        unit=unit,
        feedback=replace(question.general(), incorrect=other),
        **question.asked(),
    )


def number_answers(
    rows: Sequence[Typed], tell: Tell
) -> tuple[tuple[NumberAnswer, ...], RichText | None]:
    """Return (accepted numbers, what any other number is told). Raises RefusedError."""
    found: list[NumberAnswer] = []
    shares: list[Decimal] = []
    other: RichText | None = None
    for row in rows:
        if row.text == _ANY:
            other = _any_other(row, tell) or other
            continue
        found.append(_number(row))
        shares.append(_not_below_zero(row, tell))
    if not found:
        raise RefusedError("it has no number, so that any number is right or none")
    weights = best_is_whole(shares, tell)
    answers = [replace(answer, weight=w) for answer, w in zip(found, weights, strict=True)]
    _say_order(answers, tell)
    return tuple(answers), other


def _number(row: Typed) -> NumberAnswer:
    value, distance = decimal(row.text), decimal(row.margin)
    if value is None or distance is None:
        wrong = row.text if value is None else row.margin
        hint = "Write numbers like -1.5e3, with a point and without a unit."
        raise RefusedError(f"`{wrong[:40]}` is no number in Moodle's notation", hint)
    distance = abs(distance)
    with localcontext() as context:
        context.prec = _EXACT
        low, high = value - distance, value + distance
    tolerance = distance or None
    return NumberAnswer(low=low, high=high, value=value, tolerance=tolerance, feedback=row.feedback)


def _say_order(answers: Sequence[NumberAnswer], tell: Tell) -> None:
    """Say where Moodle takes the first answer that fits and the language the best."""
    for number, answer in enumerate(answers):
        for earlier in answers[:number]:
            overlap = earlier.low <= answer.high and answer.low <= earlier.high
            if overlap and earlier.weight < answer.weight:
                tell("W708", "Moodle takes the first answer that fits: here the best one counts.")
                return
