"""Moodle's notation of gaps inside a text: `{2:SA:=cat~%50%kitten#nearly}`."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal, localcontext
from html import unescape
from typing import Final, NamedTuple

from coursec.model.items import (
    ONE,
    ZERO,
    Choice,
    ChoiceGap,
    ClozeGap,
    NumberAnswer,
    NumberGap,
    TextAnswer,
    TextGap,
)
from coursec.model.text import RichText
from coursec.readers.markup import gap_mark
from coursec.readers.moodle.source import decimal, trimmed
from coursec.readers.weights import near, single_choices

_HEAD = re.compile(r"\{([0-9]*):([A-Z_]+):")
_SHARE = re.compile(r"%(-?[0-9]+(?:\.[0-9]*)?)%")
# A sign behind a backslash is itself, and `#` behind `&` begins an entity's number.
_END = re.compile(r"(?<!\\)\}")
_NEXT = re.compile(r"(?<!\\)~")
_FEEDBACK = re.compile(r"(?<!\\)(?<!&)#")
_MENUS = frozenset("MC MCS MCV MCVS MCH MCHS".split())
_KINDS = _MENUS | frozenset("SA SAC NM MR MRS MRH MRHS".split())
_LONG = {
    "MULTICHOICE": "MC", "MULTICHOICE_S": "MCS", "MULTICHOICE_V": "MCV", "MULTICHOICE_VS": "MCVS",
    "MULTICHOICE_H": "MCH", "MULTICHOICE_HS": "MCHS", "SHORTANSWER": "SA", "MW": "SA",
    "SHORTANSWER_C": "SAC", "MWC": "SAC", "NUMERICAL": "NM", "MULTIRESPONSE": "MR",
    "MULTIRESPONSE_H": "MRH", "MULTIRESPONSE_S": "MRS", "MULTIRESPONSE_HS": "MRHS",
}  # fmt: skip


MOST: Final = 1_000
"""Choices, answers, pairs, entries or gaps that a question may have."""
TOO_MANY: Final = f"it has more than {MOST:,} answers."
_LONGEST_POINTS: Final = 9


class Refused(Exception):  # noqa: N818
    """A gap that the language cannot say; the message says why."""


class Gaps(NamedTuple):
    """The gaps of a text."""

    source: str
    """The text with an element of our own in the place of each gap."""
    gaps: tuple[ClozeGap, ...]
    shuffled: bool | None
    """Whether drop-downs are shuffled; None where there are none."""


def read_gaps(
    source: str, html: Callable[[str], RichText], tell: Callable[[str, str], None]
) -> Gaps:
    """Find the gaps of a text. Raises Refused."""
    out: list[str] = []
    gaps: list[ClozeGap] = []
    shuffled: list[bool] = []
    at = 0
    while head := _HEAD.search(source, at):
        kind = _LONG.get(head[2], head[2])
        if kind not in _KINDS:
            out.append(source[at : head.end()])
            at = head.end()
            continue
        end = _END.search(source, head.end())
        if end is None:  # nor does any gap behind it end
            break
        out.append(source[at : head.start()])
        name = f"gap{len(gaps) + 1}"
        out.append(gap_mark(name))
        if len(gaps) >= MOST or len(head[1]) > _LONGEST_POINTS:
            raise Refused("it has more gaps or points than any question.")
        points = Decimal(head[1] or 1)
        body = source[head.end() : end.start()]
        gaps.append(_gap(name, kind, points, _answers(body), html, tell))
        if kind in _MENUS:
            shuffled.append(kind.endswith("S"))
        at = end.end()
    out.append(source[at:])
    return Gaps("".join(out), tuple(gaps), any(shuffled) if shuffled else None)


class _Answer(NamedTuple):
    share: Decimal
    text: str
    feedback: str


def _answers(body: str) -> list[_Answer]:
    found = []
    parts = _NEXT.split(body.removeprefix("~"))
    if len(parts) > MOST:
        raise Refused(TOO_MANY)
    for part in parts:
        part = part.strip()
        share = ZERO
        if part.startswith("="):
            share, part = ONE, part[1:]
        elif match := _SHARE.match(part):
            percent = decimal(match[1])
            if percent is None:
                raise Refused(f"`{match[1][:40]}` is no percentage.")
            share, part = percent / 100, part[match.end() :].removeprefix("=")
        answer, *feedback = _FEEDBACK.split(part, maxsplit=1)
        found.append(_Answer(share, _plain(answer), _plain(feedback[0]) if feedback else ""))
    return [answer for answer in found if answer.text]


def _plain(text: str) -> str:
    """Return an answer: entities are decoded first, then two signs lose their backslash."""
    return trimmed(unescape(text).replace("\\}", "}").replace("\\#", "#"))


def _gap(
    name: str,
    kind: str,
    points: Decimal,
    answers: list[_Answer],
    html: Callable[[str], RichText],
    tell: Callable[[str, str], None],
) -> ClozeGap:
    if kind.startswith("MR"):
        raise Refused("a gap takes several answers at once.")
    if not answers:
        raise Refused("a gap has no answer.")

    def said(answer: _Answer) -> RichText | None:
        return html(answer.feedback) or None if answer.feedback else None

    if kind in _MENUS:
        choices = [Choice(text=html(a.text), feedback=said(a)) for a in answers]
        shares = [a.share for a in answers]
        return ChoiceGap(name=name, choices=single_choices(choices, shares), points=points)
    kept = []
    for answer in answers:
        if answer.text == "*":
            if answer.feedback or answer.share:
                tell("W707", "What a gap says to any other answer is left out.")
        elif answer.share < 0:
            tell("W707", f"The answer `{answer.text[:40]}` of a gap that costs points is left out.")
        else:
            kept.append(answer)
    if kind == "NM":
        return NumberGap(name=name, answers=tuple(_number(a, said(a)) for a in kept), points=points)
    texts = tuple(
        TextAnswer(text=literal(a.text, tell), weight=whole(a.share), feedback=said(a))
        for a in kept
    )
    return TextGap(name=name, answers=texts, case_sensitive=kind == "SAC", points=points)


def _number(answer: _Answer, feedback: RichText | None) -> NumberAnswer:
    value, _, margin = answer.text.partition(":")
    return number_answer(value.strip(), margin.strip() or "0", answer.share, feedback)


def number_answer(
    value: str, margin: str, share: Decimal, feedback: RichText | None
) -> NumberAnswer:
    """Return the numbers around a value. Raises Refused for what Moodle misreads."""
    number, distance = decimal(value), decimal(margin)
    if number is None or distance is None:
        wrong = value if number is None else margin
        raise Refused(f"`{wrong[:40]}` is not a number in Moodle's notation.")
    distance = abs(distance)
    with localcontext() as context:
        context.prec = 1_500
        low, high = number - distance, number + distance
    return NumberAnswer(
        low=low,
        high=high,
        value=number,
        tolerance=distance or None,
        weight=whole(share),
        feedback=feedback,
    )


def whole(share: Decimal) -> Decimal:
    """Return a share, 1 where it is nearly that."""
    return ONE if near(share, 1) else share


def literal(text: str, tell: Callable[[str, str], None]) -> str:
    r"""Return a typed answer: `\*` is a star, a bare one stands for any characters."""
    if re.search(r"(?<!\\)\*", text):
        tell(
            "W708", f"In the answer `{text[:40]}` a star stands for any characters: here it is one."
        )
    return " ".join(text.replace("\\*", "*").split())
