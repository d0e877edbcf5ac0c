"""How many tokens a text has: at most, to size a prompt, and at least, to see that it was read."""

from __future__ import annotations

import re

PER_MESSAGE = 16
"""Tokens around a message that the model's own template adds, generously."""
_PLAIN = re.compile(r"[A-Za-z \n]")


def at_most(*texts: str) -> int:
    """Return more tokens than a tokenizer in use makes of some messages.

    Latin letters come in threes or more; every other character may be a token of its own, and
    one beyond ASCII two.
    """
    total = 0.0
    for text in texts:
        plain = len(_PLAIN.findall(text))
        other = sum(1 for character in text if not character.isascii())
        total += plain / 3 + (len(text) - plain - other) + 2 * other + PER_MESSAGE
    return round(total)


def at_least(*texts: str) -> int:
    """Return fewer tokens than any tokenizer makes: one a word."""
    return sum(len(text.split()) for text in texts)
