"""The gaps of a cloze in Moodle's own notation (rule 60)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import assert_never

from coursec.model.items import (
    ChoiceGap,
    Cloze,
    ClozeGap,
    NumberAnswer,
    NumberGap,
    TextAnswer,
    TextGap,
)
from coursec.model.numbers import decimal_text
from coursec.model.scoring import choice_weight, gap_marks
from coursec.model.text import RichText
from coursec.text.html import words
from coursec.text.plain import plain_text

_SIGNS = re.compile(r"[&<>\"'~=}{#\\%*]")


def gap_codes(item: Cloze, shuffle: bool, line: Callable[[RichText | None], str]) -> dict[str, str]:
    """Return the code of each gap by name; `line` writes feedback as HTML."""
    writer = _GapWriter(shuffle, line)
    return {
        gap.name: f"{{{mark}:{writer.code(gap)}}}"
        for gap, mark in zip(item.gaps, gap_marks(item), strict=True)
    }


class _GapWriter:
    def __init__(self, shuffle: bool, line: Callable[[RichText | None], str]) -> None:
        self.shuffle = shuffle
        self.line = line

    def code(self, gap: ClozeGap) -> str:
        match gap:
            case ChoiceGap():
                # A menu holds no markup; its entries are HTML all the same.
                rows = (
                    (choice_weight(c), _encoded(words(plain_text(c.text))), c.feedback)
                    for c in gap.choices
                )
                moves = self.shuffle and not any(choice.fixed for choice in gap.choices)
                return ("MCS:" if moves else "MC:") + self.answers(rows)
            case TextGap():
                texts: Iterable[TextAnswer] = sorted(gap.answers, key=lambda a: -a.weight)
                # A star stands for any characters, a star behind a backslash for itself.
                typed = (
                    (a.weight, _encoded(a.text.replace("*", "\\*")), a.feedback) for a in texts
                )
                return ("SAC:" if gap.case_sensitive else "SA:") + self.answers(typed)
            case NumberGap():
                numbers = sorted(gap.answers, key=lambda a: (-a.weight, a.high - a.low))
                return "NM:" + self.answers((a.weight, _number(a), a.feedback) for a in numbers)
        assert_never(gap)

    def answers(self, rows: Iterable[tuple[Decimal, str, RichText | None]]) -> str:
        out = []
        for weight, text, feedback in rows:
            said = f"#{_encoded(self.line(feedback))}" if feedback else ""
            mark = "=" if weight == 1 else f"%{_percent(weight)}%" if weight else ""
            out.append(mark + text + said)
        return "~".join(out)


def _percent(weight: Decimal) -> str:
    return decimal_text(weight * 100)


def _number(answer: NumberAnswer) -> str:
    return f"{decimal_text(answer.model)}:{decimal_text((answer.high - answer.low) / 2)}"


def _encoded(text: str) -> str:
    """Return a text with every sign that has a meaning in a gap as an entity.

    Moodle decodes the entities first, and takes a backslash before `}` and `#` away then.
    """
    kept = text.replace("\\}", "\\\\}").replace("\\#", "\\\\#")
    return _SIGNS.sub(lambda sign: f"&#{ord(sign[0])};", kept)
