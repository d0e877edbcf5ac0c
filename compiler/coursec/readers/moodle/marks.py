"""Moodle's notation of gaps inside a text: `{2:SA:=cat~%50%kitten#nearly}` (rule 60)."""

from __future__ import annotations

import re
from decimal import Decimal
from html import unescape
from typing import Final, NamedTuple

from coursec.model.items import ONE, ZERO
from coursec.readers.markup import gap_mark
from coursec.readers.moodle.refused import RefusedError, refuse_more
from coursec.readers.moodle.shares import whole
from coursec.readers.moodle.source import decimal, trimmed

MENUS: Final = frozenset("MC MCS MCV MCVS MCH MCHS".split())
_KINDS = MENUS | frozenset("SA SAC NM MR MRS MRH MRHS".split())
_LONG = {
    "MULTICHOICE": "MC", "MULTICHOICE_S": "MCS", "MULTICHOICE_V": "MCV", "MULTICHOICE_VS": "MCVS",
    "MULTICHOICE_H": "MCH", "MULTICHOICE_HS": "MCHS", "SHORTANSWER": "SA", "MW": "SA",
    "SHORTANSWER_C": "SAC", "MWC": "SAC", "NUMERICAL": "NM", "MULTIRESPONSE": "MR",
    "MULTIRESPONSE_H": "MRH", "MULTIRESPONSE_S": "MRS", "MULTIRESPONSE_HS": "MRHS",
}  # fmt: skip
_HEAD = re.compile(r"\{([0-9]*):([A-Z_]+):")
_SHARE = re.compile(r"%(-?[0-9]+(?:[.,][0-9]*)?)%")
# A sign behind a backslash is itself, and `#` behind `&` begins an entity's number.
_ANSWER_END = re.compile(r"(?<!\\)(?<!&)(?<!&amp;)[~#}]")
_FEEDBACK_END = re.compile(r"(?<!\\)[~}]")
_BLANKS = frozenset(" \t\n\v\f\r")
"""What Moodle passes over before an answer; a no-break space is a part of it."""
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{0,31});")
_MOST_DIGITS: Final = 9


class Answer(NamedTuple):
    """An answer of a gap: what it earns, says and is told."""

    share: Decimal
    text: str
    feedback: str


class Mark(NamedTuple):
    """A gap as it stands in a text."""

    name: str
    kind: str
    """In its short form: `MC` and its kin, `SA`, `SAC`, `NM`, `MR` and its kin."""
    points: Decimal
    answers: list[Answer]


def find_marks(source: str) -> tuple[str, list[Mark]]:
    """Return (a text with an element in the place of each gap, the gaps). Raises RefusedError."""
    out: list[str] = []
    marks: list[Mark] = []
    at = 0
    while head := _HEAD.search(source, at):
        kind = _LONG.get(head[2], head[2])
        if kind not in _KINDS:
            out.append(source[at : head.end()])
            at = head.end()
            continue
        answers: list[Answer] = []
        end = _read_answers(source, head.end(), answers)
        if end is None:  # nor does any gap behind it end
            break
        refuse_more(len(marks) + 1, "gaps")
        name = f"gap{len(marks) + 1}"
        marks.append(Mark(name, kind, _points(head[1]), answers))
        out += [source[at : head.start()], gap_mark(name)]
        at = end
    out.append(source[at:])
    return "".join(out), marks


def _points(digits: str) -> Decimal:
    if len(digits) > _MOST_DIGITS:
        raise RefusedError("a gap counts more points than any question")
    points = Decimal(digits or 1)
    if not points:
        raise RefusedError("a gap counts no points")
    return points


def _read_answers(source: str, at: int, answers: list[Answer]) -> int | None:
    """Add a gap's answers; return where it ends, None where it does not."""
    while True:
        share, at = _share(source, at)
        end = _ANSWER_END.search(source, at)
        text = "" if end is None else source[at : end.start()]
        feedback = ""
        if end is not None and end[0] == "#":
            at = end.end()
            end = _FEEDBACK_END.search(source, at)
            feedback = "" if end is None else source[at : end.start()]
        if end is None:
            return None
        if (decoded := _decoded(text)) != "":
            answers.append(Answer(share, decoded, _decoded(feedback)))
            refuse_more(len(answers), "answers")
        at = end.end()
        if end[0] == "}":
            return at


def _share(source: str, at: int) -> tuple[Decimal, int]:
    """Return (what an answer earns, where its text begins)."""
    while source[at : at + 1] in _BLANKS:
        at += 1
    if source.startswith("=", at):
        return ONE, at + 1
    if match := _SHARE.match(source, at):
        percent = decimal(match[1].replace(",", "."))
        if percent is None:
            raise RefusedError(f"`{match[1][:40]}` is no percentage")
        return whole(max(min(percent / 100, ONE), -ONE)), match.end()
    return ZERO, at


def _decoded(text: str) -> str:
    """Return an answer: entities are decoded first, then two signs lose their backslash."""
    decoded = _ENTITY.sub(lambda entity: unescape(entity[0]), text)
    return trimmed(decoded.replace("\\}", "}").replace("\\#", "#"))


_PLACE = re.compile(r"\[\[([0-9]{1,3})\]\]")


def find_places(source: str) -> tuple[str, list[int]]:
    """Return (a text with an element in the place of each `[[n]]`, the numbers)."""
    numbers: list[int] = []

    def mark(place: re.Match[str]) -> str:
        numbers.append(int(place[1]))
        refuse_more(len(numbers), "gaps")
        return gap_mark(f"gap{len(numbers)}")

    return _PLACE.sub(mark, source), numbers
