"""What stands between the braces: choices, pairs, entries to be ordered."""

from __future__ import annotations

import re
from decimal import Decimal

from coursec.model.items import ONE, ZERO, Choice, Pair
from coursec.model.text import RichText
from coursec.model.text import plain as plain_rich
from coursec.readers.gift.block import only_backslashes, plain
from coursec.readers.gift.texts import RefusedError, Texts, without_tags
from coursec.readers.gift.typed import PERCENT, split_feedback
from coursec.readers.weights import multiple_choices, single_choices

_ORDER = re.compile(r">\s*([0-9]+)[ \t]*([^\n]*)")
_BY_PLACE = frozenset("ABSOLUTE_POSITION ABSOLUTE ABS".split())
_ALL = frozenset("ALL EXACT".split())
_LOOKS = frozenset("HORIZONTAL HORI H 123 abc ABCD iii IIII".split())
_ORDER_WORDS = (
    _BY_PLACE
    | _ALL
    | _LOOKS
    | frozenset("RANDOM REL CONTIGUOUS CONTIG VERTICAL VERT V none".split())
    | frozenset("ALL_OR_NOTHING RELATIVE RELATIVE_TO_CORRECT".split())
    | frozenset("RELATIVE_NEXT_EXCLUDE_LAST RELATIVE_NEXT_INCLUDE_LAST".split())
    | frozenset("RELATIVE_ONE_PREVIOUS_AND_NEXT RELATIVE_ALL_PREVIOUS_AND_NEXT".split())
    | frozenset("LONGEST_ORDERED_SUBSET LONGEST_CONTIGUOUS_SUBSET".split())
    | frozenset("SHOW TRUE YES HIDE FALSE NO 1 0".split())
)


def choices(body: str, texts: Texts) -> tuple[tuple[Choice, ...], bool]:
    """Return (choices, whether one is picked): rules 30 and 31. Raises RefusedError."""
    single = "=" in body
    rows: list[tuple[Choice, Decimal]] = []
    for part in body.replace("=", "~=").split("~"):
        part = part.strip()
        share = ZERO
        percent = PERCENT.match(part.removeprefix("=").strip())
        if part.startswith("="):
            share, part = ONE, part[1:].strip()
            if percent:
                part = _without_percent(part, percent, texts)
        elif percent:
            share, part = Decimal(percent[1]) / 100, part[percent.end() :]
        answer, feedback = split_feedback(part)
        if texts.empty(answer):
            continue  # rule 38: Moodle drops it
        said = texts.optional(feedback) if feedback else None
        rows.append((Choice(text=texts.text(answer), feedback=said), share))
    if len(rows) < 2:
        raise RefusedError("it has fewer than two choices.")
    found, shares = [choice for choice, _ in rows], [share for _, share in rows]
    return (single_choices if single else multiple_choices)(found, shares), single


def _without_percent(part: str, percent: re.Match[str], texts: Texts) -> str:
    """Rule 31: behind `=` a percentage is part of the text."""
    if Decimal(percent[1]) != 100:
        message = f"`={percent[0]}` is worth all the points, and `{percent[0]}` part of its text."
        texts.tell("W708", message)
        return part
    message = f"In Moodle `{percent[0]}` behind `=` is part of the text: here it is left out."
    texts.tell("W708", message)
    return part[percent.end() :]


def pairs(body: str, texts: Texts) -> tuple[tuple[Pair, ...], tuple[RichText, ...]]:
    """Return (pairs, distractors): rule 42. Raises RefusedError."""
    found: list[Pair] = []
    others: dict[RichText, None] = {}
    rows = [part for part in body.split("=") if part.strip()]
    if len(rows) < 2:
        raise RefusedError("it has fewer than two pairs.")
    for part in rows:
        premise, arrow, response = part.partition("->")
        answer = plain_rich(without_tags(plain(response)))
        if not arrow or not answer:
            raise RefusedError(f"`{plain(part)[:40]}` is no pair.")
        if texts.empty(premise):
            others[answer] = None
        else:
            found.append(Pair(premise=texts.text(premise), response=answer))
    used = {pair.response for pair in found}
    return tuple(found), tuple(text for text in others if text not in used)


def is_ordering(body: str) -> bool:
    """Tell whether answers are entries to be ordered."""
    return _ORDER.match(body) is not None


def entries(body: str, texts: Texts) -> tuple[RichText, ...]:
    """Return the entries to be ordered, one a line: rule 44."""
    head = _ORDER.match(body)
    assert head is not None, "asked only where `is_ordering`"
    words = head[2].split()
    known: set[str] = set()
    while words and words[0] in _ORDER_WORDS:
        known.add(words.pop(0))
    lines = [" ".join(words), *(line.strip() for line in body[head.end() :].split("\n"))]
    lines = [line for line in lines if line]
    if not known & _BY_PLACE:
        message = "The order is marked by the place of each entry, not as it was in Moodle."
        texts.tell("W708", message)
    count = int(head[1][:9])
    if not known & _ALL and 0 < count < len(lines):
        texts.tell("W708", f"Moodle asks for {count} of the entries: here all are.")
    if known & _LOOKS:
        texts.tell("W707", "How the entries stand and are numbered is left out.")
    return tuple(_entry(line, texts) for line in lines)


def _entry(line: str, texts: Texts) -> RichText:
    text = only_backslashes(line)
    if (meant := plain(text)) != text:
        message = "Moodle undoes no escape in an entry to be ordered: here it is undone."
        texts.tell("W708", message)
    return texts.formatted(meant, "moodle")
