"""Answers to be typed: words and numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Context, Decimal
from typing import NamedTuple

from coursec.model.items import ONE, ZERO, NumberAnswer, TextAnswer
from coursec.model.text import RichText
from coursec.readers.gift.block import plain
from coursec.readers.gift.texts import RefusedError, Texts
from coursec.readers.weights import near

PERCENT = re.compile(r"%(-?(?:100|[0-9]{1,2})(?:\.[0-9]*)?)%")
"""A share in front of an answer (rules 31 and 32)."""

_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,4})?")
_STAR = re.compile(r"(?<!\\)\*")
_LINE_ENDS = re.compile(r"\s*\n\s*")
_EXACT = Context(prec=2000)
_LONGEST = 300
"""Digits of a number, and of its exponent's power of ten: a float has no more."""
_COMPARED = 100
"""Answers of one question that are compared with each other."""


class Answer(NamedTuple):
    """One answer of a list, without its format."""

    share: Decimal
    text: str
    feedback: RichText | None


def split_feedback(text: str) -> tuple[str, str]:
    """Return (answer, feedback), still protected."""
    answer, _, feedback = text.partition("#")
    return answer.strip(), feedback.strip()


def typed(body: str, texts: Texts) -> Iterator[Answer]:
    """Yield typed answers: rule 32."""
    for part in body.split("="):
        part = part.strip()
        if not part:
            continue
        share = ONE
        if match := PERCENT.match(part):
            share, part = Decimal(match[1]) / 100, part[match.end() :]
        answer, feedback = split_feedback(part)
        text = plain(texts.split(answer)[1])
        share = ONE if near(share, 1) else share
        yield Answer(share, text, texts.optional(feedback) if feedback else None)


def _kept(body: str, texts: Texts) -> tuple[list[Answer], RichText | None]:
    """Return (answers that earn something or tell why not, what any other answer is told)."""
    found: list[Answer] = []
    other: RichText | None = None
    for answer in typed(body, texts):
        if answer.text == "*":
            if answer.share == ONE:
                raise RefusedError("any answer is right.")
            if answer.share:
                texts.tell("W707", "What any other answer earns is left out.")
            other = other or answer.feedback
        elif answer.share < 0:
            texts.tell("W707", f"The answer `{answer.text[:40]}` that costs points is left out.")
        elif answer.text:
            found.append(answer)
    return found, other


def text_answers(body: str, texts: Texts) -> tuple[tuple[TextAnswer, ...], RichText | None]:
    """Return (accepted texts, what any other answer is told): rule 40. Raises RefusedError."""
    answers, other = _kept(body, texts)
    found: dict[str, TextAnswer] = {}
    for answer in answers:
        text = answer.text
        if _STAR.search(text):
            message = "a star stands for any characters: here it is one."
            texts.tell("W708", f"In the answer `{text[:40]}` {message}")
        if "\n" in text:
            text = _LINE_ENDS.sub(" ", text)
            message = "nobody can type its line end: a blank stands there."
            texts.tell("W708", f"In the answer `{text[:40]}` {message}")
        text = text.replace("\\*", "*")
        # Capitals do not count, and the first of two that are the same is the one that does.
        key = text.casefold()
        if key not in found:
            found[key] = TextAnswer(text=text, weight=answer.share, feedback=answer.feedback)
    if not found:
        raise RefusedError("it has no answer.")
    if all(answer.weight < 1 for answer in found.values()):
        raise RefusedError("no answer earns all the points, and Moodle stops there.")
    return tuple(found.values()), other


def number_answers(body: str, texts: Texts) -> tuple[tuple[NumberAnswer, ...], RichText | None]:
    """Return (accepted numbers, what any other is told): rule 41. Raises RefusedError."""
    body, _, wrong = body.partition("~")
    feedback = split_feedback(wrong)[1]
    said = texts.optional(feedback) if feedback else None
    answers, other = _kept(body, texts)
    found = tuple(_number(answer) for answer in answers)
    if not found:
        raise RefusedError("it has no number, and Moodle stops there.")
    if _first_is_not_best(found):
        message = "Where several answers fit, Moodle takes the first of them: here the best counts."
        texts.tell("W708", message)
    return found, other or said


def _first_is_not_best(answers: Sequence[NumberAnswer]) -> bool:
    some = answers[:_COMPARED]
    return any(
        first.weight < later.weight and first.low <= later.high and later.low <= first.high
        for place, first in enumerate(some)
        for later in some[place + 1 :]
    )


def _number(answer: Answer) -> NumberAnswer:
    low, dots, high = answer.text.partition("..")
    if dots:
        ends = sorted((_decimal(low), _decimal(high)))
        return NumberAnswer(
            low=ends[0], high=ends[1], weight=answer.share, feedback=answer.feedback
        )
    value, colon, margin = answer.text.partition(":")
    number = _decimal(value)
    distance = abs(_decimal(margin)) if colon else ZERO
    return NumberAnswer(
        low=_EXACT.subtract(number, distance),
        high=_EXACT.add(number, distance),
        value=number,
        tolerance=distance or None,
        weight=answer.share,
        feedback=answer.feedback,
    )


def _decimal(text: str) -> Decimal:
    text = text.strip()
    if not _NUMBER.fullmatch(text):
        shown = text[:40] or " "
        raise RefusedError(f"`{shown}` is no number, and Moodle would take any answer as right.")
    number = Decimal(text)
    if len(text) > _LONGEST or abs(number.adjusted()) > _LONGEST:
        raise RefusedError(f"`{text[:40]}` is too long or too large a number.")
    return number
