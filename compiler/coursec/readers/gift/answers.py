"""What stands between the braces: choices, and answers to be typed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation, localcontext
from typing import Final, NamedTuple

from coursec.model.items import ONE, ZERO, Choice, NumberAnswer, TextAnswer
from coursec.model.numbers import decimal_text
from coursec.model.text import RichText
from coursec.readers.gift.piece import TRIMMED, Piece, plain
from coursec.readers.gift.refused import RefusedError
from coursec.readers.gift.shares import (
    best_is_whole,
    picked_once,
    picked_together,
    take_share,
)
from coursec.readers.gift.texts import Texts
from coursec.source.workspace import CONTROL

MOST: Final = 1_000
"""Choices, answers, pairs or entries that a question may have."""

_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
_LARGEST_EXPONENT = 308
_FORMAT_HEAD = re.compile(r"\A\[(html|markdown|plain|moodle)\]")
_WILDCARD = re.compile(r"(?<!\\)\*")
_OUTER_WILDCARDS = re.compile(r"\A\*+|(?<!\\)\*+\Z")


def parts(body: Piece, mark: str) -> list[Piece]:
    """Return the answers that a mark begins; what stands before the first is one too."""
    found = body.split(mark)
    if not found[0].text.strip(TRIMMED):
        del found[0]
    if len(found) > MOST:
        raise RefusedError(f"it has more than {MOST:,} answers")
    return found


# ----------------------------------------------------------------------------------------- choices


def choices(body: Piece, texts: Texts) -> tuple[tuple[Choice, ...], bool]:
    """Return (choices, whether one is picked): rules 30, 31 and 38."""
    single = "=" in body.text
    rows: list[tuple[Choice, Decimal]] = []
    for part in parts(Piece(body.text.replace("=", "~="), body.line), "~"):
        part = part.trimmed()
        if part.text.startswith("="):
            share, part = ONE, part.after(1).trimmed()
            written = take_share(part, ONE, texts).rest
            if written.text != part.text:
                shown = plain(part.text)[:40]
                message = f"Behind `=` Moodle shows a percentage as a part of the choice `{shown}`."
                texts.tell("W708", message, part)
        else:
            share, part = take_share(part, ZERO, texts)
        answer, said = part.partition("#")
        if not plain(texts.split(answer)[1].text):
            continue  # an empty choice is none
        place = texts.place(answer)
        row = Choice(text=texts.shown(answer), feedback=texts.optional(said), span=place)
        rows.append((row, share))
    if len(rows) < 2:
        raise RefusedError("it has fewer than two choices, and Moodle stops there")
    pick = picked_once if single else picked_together
    return pick([choice for choice, _ in rows], [share for _, share in rows], texts, body), single


# ------------------------------------------------------------------------------------------- typed


class _Answer(NamedTuple):
    share: Decimal
    text: str
    feedback: RichText | None
    piece: Piece


def _typed(body: Piece, texts: Texts) -> Iterator[_Answer]:
    """Yield typed answers: rule 32."""
    for part in parts(body, "="):
        share, rest = take_share(part, ONE, texts)
        answer, said = rest.partition("#")
        # Rule 15: a format in front of an answer is dropped.
        text = plain(_FORMAT_HEAD.sub("", answer.trimmed().text, count=1))
        yield _Answer(share, text, texts.optional(said), part.trimmed())


def text_answers(body: Piece, texts: Texts) -> tuple[tuple[TextAnswer, ...], RichText | None]:
    """Return (accepted texts, what any other answer is told): rules 37 and 40."""
    found: list[tuple[str, _Answer]] = []
    other: RichText | None = None
    best: dict[str, Decimal] = {}
    known: set[str] = set()
    for answer in _typed(body, texts):
        if answer.text == "*":
            other = _any_other(answer, "answer", texts) or other
            continue
        text = _accepted(answer, texts)
        if text is None:
            continue
        earlier = best.setdefault(text.casefold(), answer.share)
        if text.casefold() in known:
            if earlier != answer.share:
                message = f"The answer `{text[:40]}` stands twice: the first counts."
                texts.tell("W708", message, answer.piece)
            continue
        known.add(text.casefold())
        found.append((text, answer))
    if not found:
        raise RefusedError("it has no answer that could be typed")
    if all(answer.share < 1 for _, answer in found):
        raise RefusedError("no answer earns all the points, and Moodle stops there")
    return (
        tuple(
            TextAnswer(
                text=text,
                weight=_not_below_zero(answer, texts),
                feedback=answer.feedback,
                span=texts.place(answer.piece),
            )
            for text, answer in found
        ),
        other,
    )


def _accepted(answer: _Answer, texts: Texts) -> str | None:
    r"""Return the text that an answer accepts: `\*` is a star; None where it is left out."""
    shown = " ".join(answer.text.split())[:40]
    written = answer.text
    if _WILDCARD.search(written):
        written = _OUTER_WILDCARDS.sub("", written).strip(TRIMMED)
        if _WILDCARD.search(written) or not written:
            message = f"The answer `{shown}` is left out: its star stands for any characters."
            texts.tell("W707", message, answer.piece)
            return None
        message = f"Around `{written[:40]}` any characters may stand in Moodle: here none may."
        texts.tell("W708", message, answer.piece)
    text = written.replace("\\*", "*")
    if "\n" in text or CONTROL.search(text):
        message = f"The answer `{shown}` is left out: nobody can type a line end."
        texts.tell("W707", message, answer.piece)
        return None
    words = " ".join(text.split())
    if words != text:
        message = f"Blanks in the answer `{shown}` count in Moodle; here each run of them is one."
        texts.tell("W708", message, answer.piece)
    if not words:
        texts.tell("W707", "An answer without a text is left out.", answer.piece)
    return words or None


def _any_other(answer: _Answer, noun: str, texts: Texts) -> RichText | None:
    """Return what every other answer is told; what it earns is lost."""
    if answer.share:
        percent = decimal_text(answer.share * 100)
        message = f"That any other {noun} earns {percent} % is left out."
        texts.tell("W707", message, answer.piece)
    return answer.feedback


def _not_below_zero(answer: _Answer, texts: Texts) -> Decimal:
    if answer.share < 0:
        message = f"The answer `{answer.text[:40]}` costs points: here it earns nothing."
        texts.tell("W708", message, answer.piece)
    return max(answer.share, ZERO)


# ----------------------------------------------------------------------------------------- numbers


def number_answers(body: Piece, texts: Texts) -> tuple[tuple[NumberAnswer, ...], RichText | None]:
    """Return (accepted numbers, what any other number is told): rule 41."""
    body, wrong = body.partition("~")
    other = None
    if wrong is not None:
        other = texts.optional(wrong.partition("#")[1])
    found: list[tuple[NumberAnswer, _Answer]] = []
    for answer in _typed(body, texts):
        if answer.text == "*":
            other = _any_other(answer, "number", texts) or other
        else:
            found.append((_number(answer, texts), answer))
    if not found:
        raise RefusedError("it has no number, so that any number is right or Moodle stops there")
    shares = best_is_whole([_not_below_zero(answer, texts) for _, answer in found], texts, body)
    answers = [replace(number, weight=w) for (number, _), w in zip(found, shares, strict=True)]
    _say_order(answers, [answer.piece for _, answer in found], texts)
    return tuple(answers), other


def _number(answer: _Answer, texts: Texts) -> NumberAnswer:
    place = texts.place(answer.piece)
    low, dots, high = answer.text.partition("..")
    if dots and low:
        ends = sorted((_decimal(low), _decimal(high)))
        return NumberAnswer(low=ends[0], high=ends[1], feedback=answer.feedback, span=place)
    value, colon, margin = answer.text.partition(":")
    number = _decimal(value)
    distance = abs(_margin(margin)) if colon else ZERO
    with localcontext() as context:
        context.prec = 700
        return NumberAnswer(
            low=number - distance,
            high=number + distance,
            value=number,
            tolerance=distance or None,
            feedback=answer.feedback,
            span=place,
        )


def _decimal(text: str) -> Decimal:
    number = _as_decimal(text)
    if number is None:
        raise RefusedError(
            f"`{text.strip()[:40]}` is no number to Moodle, which takes any response as right",
            "Write numbers like -1.5e3, with a point and without a unit.",
        )
    return number


def _margin(text: str) -> Decimal:
    number = _as_decimal(text)
    if number is None:
        raise RefusedError(
            f"`{text.strip()[:40]}` is no tolerance, and Moodle stops there",
            "Write a number like 0.01.",
        )
    return number


def _as_decimal(text: str) -> Decimal | None:
    text = text.strip(TRIMMED + "\f")
    if not _NUMBER.fullmatch(text) or len(text) > 400:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:  # an exponent of many digits
        return None
    # What is larger is infinite to Moodle.
    return number if not number or abs(number.adjusted()) <= _LARGEST_EXPONENT else None


def _say_order(answers: Sequence[NumberAnswer], pieces: Sequence[Piece], texts: Texts) -> None:
    """Say where Moodle takes the first answer that fits and the language the best."""
    for number, answer in enumerate(answers):
        for earlier in answers[:number]:
            overlap = earlier.low <= answer.high and answer.low <= earlier.high
            if overlap and earlier.weight < answer.weight:
                message = "Moodle takes the first answer that fits: here the best one counts."
                texts.tell("W708", message, pieces[number])
                return
