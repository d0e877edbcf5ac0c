"""Why a question is left out."""

from __future__ import annotations


class RefusedError(Exception):
    """A question that Moodle refuses or misreads, or that the language cannot say.

    The message says why, as the end of a sentence.
    """

    def __init__(self, why: str, hint: str = "") -> None:
        super().__init__(why)
        self.hint = hint
