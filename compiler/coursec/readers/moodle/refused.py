"""Why a question is left out."""

from __future__ import annotations

from typing import Final

MOST: Final = 1_000
"""Choices, answers, pairs, entries or gaps that a question may have."""


class RefusedError(Exception):
    """A question that Moodle refuses or misreads, or that the language cannot say.

    The message says why, as the end of a sentence.
    """

    def __init__(self, why: str, hint: str = "") -> None:
        super().__init__(why)
        self.hint = hint


def refuse_more(count: int, noun: str) -> None:
    """Raise RefusedError for more parts than anybody answers."""
    if count > MOST:
        raise RefusedError(f"it has more than {MOST:,} {noun}")
