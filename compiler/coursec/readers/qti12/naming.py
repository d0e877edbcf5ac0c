"""Names in the dialects of QTI 1.2: the two words of a judgement, and blanks."""

from __future__ import annotations

import re
from collections.abc import Container
from typing import Any

from coursec.model.items import Choice, TrueFalse
from coursec.readers.qti12.responses import Response
from coursec.readers.qti12.source import characters

_TRUE = frozenset(("true", "wahr", "vrai", "verdadero", "vero", "waar", "verdadeiro"))
_FALSE = frozenset(("false", "falsch", "faux", "falso", "onwaar"))
_BLANK = re.compile(r"[^A-Za-z0-9_-]+")


def judgement_of(
    response: Response, choices: tuple[Choice, ...], common: dict[str, Any]
) -> TrueFalse | None:
    """Return a choice between true and false as the judgement that it is."""
    words = [characters(label.html).casefold() for label in response.labels]
    if len(words) != 2 or any(choice.weight for choice in choices):
        return None
    if words[0] in _TRUE and words[1] in _FALSE:
        yes, no = choices
    elif words[0] in _FALSE and words[1] in _TRUE:
        no, yes = choices
    else:
        return None
    fields = {key: value for key, value in common.items() if key != "shuffle"}
    return TrueFalse(
        answer=yes.correct, feedback_true=yes.feedback, feedback_false=no.feedback, **fields
    )


def gap_name(blank: str, taken: Container[str]) -> str:
    """Return the name of a gap that the language allows, for a blank's own name."""
    name = _BLANK.sub("-", blank).strip("-") or "gap"
    if not name[0].isascii() or not name[0].isalpha():
        name = f"gap{name}"
    unique, count = name, 1
    while unique in taken:
        count += 1
        unique = f"{name}-{count}"
    return unique
