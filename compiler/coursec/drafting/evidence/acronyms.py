"""Short forms and long forms: `MoE` is found where `mixture of experts` stands, and the reverse."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from coursec.drafting.evidence.words import TOKEN

_SHORT = r"[A-Z][A-Za-z]{0,5}[A-Z]s?"
_LONG_SHORT = re.compile(rf"((?:[\w’'-]+\s+){{1,6}}?[\w’'-]+|\w+-[\w-]+)\**\s*\(\**({_SHORT})\**\)")
_SHORT_LONG = re.compile(rf"\b({_SHORT})\**\s*\(\**([^()\n]{{5,60}}?)\**\)")
_SMALL = frozenset("of for the and in a an to on with by".split())


def learned(texts: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the other forms of the short and long forms that texts explain, all folded.

    Only what stands in brackets counts, and only where the letters fit.
    """
    pairs: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for text in texts:
        if "(" not in text:
            continue
        for match in _LONG_SHORT.finditer(text):
            _keep(match[2], match[1], pairs, at_end=True)
        for match in _SHORT_LONG.finditer(text):
            _keep(match[1], match[2], pairs, at_end=False)
    return {form: tuple(others) for form, others in pairs.items()}


def _keep(short: str, long: str, pairs: defaultdict[str, dict[str, None]], *, at_end: bool) -> None:
    letters = short.rstrip("s").casefold()
    words = TOKEN.findall(long.casefold())
    for count in range(1, len(words) + 1):
        part = words[-count:] if at_end else words[:count]
        if stands_for(letters, part):
            phrase = " ".join(part)
            pairs[letters][phrase] = None
            pairs[phrase][letters] = None
            return


def stands_for(short: str, words: list[str]) -> bool:
    """Tell whether letters are the first ones of words, small words counted or not."""
    initials = "".join(word[0] for word in words)
    telling = "".join(word[0] for word in words if word not in _SMALL)
    return len(words) > 1 and short in (initials, telling)


def initials(topic: str) -> str:
    """Return the short form that a phrase would have; nothing for a single word."""
    words = [w for w in TOKEN.findall(topic.casefold()) if w not in _SMALL]
    return "".join(word[0] for word in words) if len(words) > 1 else ""
