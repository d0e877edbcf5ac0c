"""What stands between the braces: choices, typed answers, numbers, pairs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from coursec.model.items import ONE, ZERO, Choice, NumberAnswer, Pair, TextAnswer
from coursec.model.text import RichText
from coursec.model.text import plain as plain_rich
from coursec.readers.gift.block import only_backslashes, plain
from coursec.readers.gift.texts import Texts, without_tags
from coursec.readers.weights import multiple_choices, near, single_choices

_PERCENT = re.compile(r"%(-?(?:100|[0-9]{1,2})(?:\.[0-9]*)?)%")
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
_STYLE = re.compile(r"\[(html|markdown|plain|moodle)\]")
_ORDER = re.compile(r">\s*([0-9]*)[ \t]*((?:[A-Za-z_]+[ \t]*)*)(?:\n|\Z)", re.DOTALL)


class RefusedError(Exception):
    """A question that Moodle or the language refuses; the message says why."""


class Answer(NamedTuple):
    """One answer, still protected."""

    share: Decimal
    text: str
    feedback: str


def split_feedback(text: str) -> tuple[str, str]:
    """Return (answer, feedback)."""
    answer, _, feedback = text.partition("#")
    return answer.strip(), feedback.strip()


def choices(body: str, texts: Texts) -> tuple[tuple[Choice, ...], bool]:
    """Return (choices, whether one is picked): rules 30 and 31."""
    single = "=" in body
    rows: list[tuple[Choice, Decimal]] = []
    for part in body.replace("=", "~=").split("~"):
        part = part.strip()
        share = ZERO
        if part.startswith("="):
            share, part = ONE, part[1:]
        elif match := _PERCENT.match(part):
            share, part = Decimal(match[1]) / 100, part[match.end() :]
        answer, feedback = split_feedback(part)
        if not plain(texts.split(answer)[1]):
            continue  # rule 38: empty choices are dropped
        said = texts.optional(feedback) if feedback else None
        rows.append((Choice(text=texts.text(answer), feedback=said), share))
    if len(rows) < 2:
        raise RefusedError("it has fewer than two choices.")
    found, shares = [choice for choice, _ in rows], [share for _, share in rows]
    return (single_choices if single else multiple_choices)(found, shares), single


def typed(body: str) -> Iterator[Answer]:
    """Yield typed answers: rule 32."""
    for part in body.split("="):
        part = part.strip()
        if not part:
            continue
        share = ONE
        if match := _PERCENT.match(part):
            share, part = Decimal(match[1]) / 100, part[match.end() :]
        answer, feedback = split_feedback(part)
        yield Answer(share, answer, feedback)


def text_answers(body: str, texts: Texts) -> tuple[tuple[TextAnswer, ...], RichText | None]:
    """Return (accepted texts, what any other answer is told): rule 40."""
    found: list[TextAnswer] = []
    other: RichText | None = None
    for answer in typed(body):
        text = plain(_STYLE.sub("", answer.text, count=1))
        said = texts.optional(answer.feedback) if answer.feedback else None
        if text == "*" and answer.share <= 0:
            other = said
        elif answer.share < 0:
            texts.tell("W707", f"The answer `{text[:40]}` that costs points is left out.")
        elif text:
            if re.search(r"(?<!\\)\*", text):
                message = "a star stands for any characters: here it is one."
                texts.tell("W708", f"In the answer `{text[:40]}` {message}")
            words = " ".join(text.replace("\\*", "*").split())
            weight = ONE if near(answer.share, 1) else answer.share
            found.append(TextAnswer(text=words, weight=weight, feedback=said))
    return tuple(found), other


def number_answers(body: str, texts: Texts) -> tuple[tuple[NumberAnswer, ...], RichText | None]:
    """Return (accepted numbers, what any other number is told): rule 41."""
    other: RichText | None = None
    body, mark, wrong = body.partition("~")
    if mark and wrong.strip().startswith("#"):
        other = texts.optional(wrong.strip()[1:])
    found: list[NumberAnswer] = []
    for answer in typed(body):
        said = texts.optional(answer.feedback) if answer.feedback else None
        text = plain(answer.text)
        if text == "*" and answer.share <= 0:
            other = other or said
            continue
        found.append(_number(text, answer.share, said))
    return tuple(found), other


def _number(text: str, share: Decimal, feedback: RichText | None) -> NumberAnswer:
    weight = ONE if near(share, 1) else share
    low, dots, high = text.partition("..")
    if dots:
        ends = sorted((_decimal(low), _decimal(high)))
        return NumberAnswer(low=ends[0], high=ends[1], weight=weight, feedback=feedback)
    value, _, margin = text.partition(":")
    number = _decimal(value)
    distance = abs(_decimal(margin)) if margin.strip() else ZERO
    return NumberAnswer(
        low=number - distance,
        high=number + distance,
        value=number,
        tolerance=distance or None,
        weight=weight,
        feedback=feedback,
    )


def _decimal(text: str) -> Decimal:
    text = text.strip()
    if not _NUMBER.fullmatch(text):
        raise RefusedError(
            f"`{text[:40]}` is no number, and Moodle would take any answer as right."
        )
    try:
        return Decimal(text)
    except InvalidOperation:
        raise RefusedError(f"`{text[:40]}` is no number.") from None


def pairs(body: str, texts: Texts) -> tuple[tuple[Pair, ...], tuple[RichText, ...]]:
    """Return (pairs, distractors): rule 42."""
    found: list[Pair] = []
    others: dict[RichText, None] = {}
    for part in body.split("="):
        premise, arrow, response = part.partition("->")
        if not part.strip():
            continue
        answer = plain_rich(without_tags(plain(response)))
        if not arrow or not answer:
            raise RefusedError(f"`{plain(part)[:40]}` is no pair.")
        stem = texts.text(premise) if plain(texts.split(premise)[1]) else None
        if stem:
            found.append(Pair(premise=stem, response=answer))
        else:
            others[answer] = None
    used = {pair.response for pair in found}
    return tuple(found), tuple(text for text in others if text not in used)


def entries(body: str, texts: Texts) -> tuple[RichText, ...]:
    """Return the entries to be ordered, one a line: rule 44."""
    head = _ORDER.match(body)
    if head is None:
        raise RefusedError("its first line is not that of an ordering.")
    if words := head[2].split():
        grading = {word.upper() for word in words}
        if not grading & {"ABSOLUTE_POSITION", "ABSOLUTE", "ABS"}:
            message = "The order is marked by the place of each entry, not as it was in Moodle."
            texts.tell("W708", message)
    lines = [line.strip() for line in body[head.end() :].split("\n")]
    return tuple(texts.formatted(only_backslashes(line), "moodle") for line in lines if line)
