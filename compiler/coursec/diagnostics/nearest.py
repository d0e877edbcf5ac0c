"""The word that was probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_MOST = 40
"""Candidates that are compared letter by letter: a bank may know thousands of ids."""


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word most like `word`; None when none is like it."""
    folded = {name.casefold(): name for name in known}
    wanted = word.casefold()[:80]
    if wanted in folded:
        return folded[wanted]
    ends = (wanted[:1], wanted[-1:])
    likely = [
        name
        for name in folded
        if abs(len(name) - len(wanted)) <= 3 and (name[:1] == ends[0] or name[-1:] == ends[1])
    ]
    close = get_close_matches(wanted, likely[:_MOST], 1, 0.6)
    return folded[close[0]] if close else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a hint that names the word probably meant; empty when none is like it."""
    found = nearest(word, known)
    return f"Did you mean `{found}`?" if found else ""
