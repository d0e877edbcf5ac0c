"""The levels of headings, without the gaps that an author leaves between them."""

from __future__ import annotations


def rank(written: int, above: list[int]) -> int:
    """Return how deep a heading stands, from 1; `above` are the levels of those it stands under.

    It is added to them. No heading is more than one deeper than that before it.
    """
    while above and above[-1] >= written:
        above.pop()
    above.append(written)
    return len(above)
