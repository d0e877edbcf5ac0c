"""Reproducible chance: orders and samples that depend on nothing but their key.

Positions are sorted by a digest of the key, so the same key gives the same draw in every
version of Python, and adding one entry to a pool moves no other entry.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256


def _rank(key: Sequence[object], name: object) -> bytes:
    return sha256("\x1f".join(str(part) for part in (*key, name)).encode()).digest()


def permutation(count: int, *key: object) -> tuple[int, ...]:
    """Return the numbers 0 to `count` - 1 in an order drawn by `key`."""
    return tuple(sorted(range(count), key=lambda i: _rank(key, i)))


def disorder(count: int, *key: object) -> tuple[int, ...]:
    """Return an order that is not the right one, for lists whose order is the answer."""
    for attempt in range(64):
        order = permutation(count, *key, attempt)
        if count < 2 or order != tuple(range(count)):
            return order
    return tuple(reversed(range(count)))


def sample(names: Sequence[str], count: int, *key: object) -> tuple[int, ...]:
    """Return the positions of `count` of the names, drawn by `key`, in their own order."""
    drawn = sorted(range(len(names)), key=lambda i: (_rank(key, names[i]), i))
    return tuple(sorted(drawn[:count]))
