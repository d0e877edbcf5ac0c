"""Names that the language allows, made from those that a file has."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container

_OTHER = re.compile(r"[^a-z0-9]+")
_LONGEST = 60
_KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th"})


def is_kebab(name: str) -> bool:
    """Tell whether a name is an id of the language."""
    return len(name) <= 80 and _KEBAB.fullmatch(name) is not None


def kebab(name: str) -> str:
    """Return a name in kebab-case, accents taken off; empty when nothing of it is left."""
    folded = unicodedata.normalize("NFKD", name.casefold().translate(_LETTERS))
    ascii_only = "".join(c for c in folded if not unicodedata.combining(c))
    return _OTHER.sub("-", ascii_only).strip("-")[:_LONGEST].strip("-")


def free(name: str, taken: Container[str]) -> str:
    """Return the name, or one of `name-2`, `name-3` … that is not taken and follows one that is."""
    if name not in taken:
        return name
    # In steps that double, then between the last two: thousands of one name must not take long.
    low, high = 1, 2
    while f"{name}-{high}" in taken:
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if f"{name}-{middle}" in taken else (low, middle)
    return f"{name}-{high}"
