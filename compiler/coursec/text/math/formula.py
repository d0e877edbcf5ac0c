"""The values of the math room: a formula that was understood, and what is wrong with another."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Formula:
    """One formula that every pass of the room can convert.

    Made by `coursec.text.math.parse` only: the passes rely on what it refuses.

    `latex` is the author's source as it was written; `display` is true for a formula that
    stands on its own line; `core` is MathML Core, one well-formed `math` element without a
    namespace, as math-core 0.9 writes it.
    """

    latex: str
    display: bool
    core: str


class MathError(ValueError):
    """A formula is not good LaTeX, or says what some target cannot carry.

    `message` is one plain sentence for a teacher; `hint` says what to do; `offset` is the
    0-based character of the author's LaTeX where the mistake is, None when it is nowhere in
    particular.
    """

    def __init__(self, message: str, offset: int | None = None, hint: str = "") -> None:
        message = " ".join(message.split())
        super().__init__(message)
        self.message = message
        self.offset = offset
        self.hint = hint


def clip(quoted: str) -> str:
    """The author's words for use in a message: on one line, and cut where they grow long."""
    line = " ".join(quoted.split())
    return line if len(line) <= 40 else line[:39] + "…"
