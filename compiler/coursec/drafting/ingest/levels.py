"""How deep the entries of a flattened list were."""

from __future__ import annotations

from collections.abc import Sequence

_MOST_TRIES = 4_000
Marked = tuple[str, str, int | None]
"""(bullet, text, number) of an entry; a number's bullet says how it is set."""


def depths(entries: Sequence[Marked]) -> list[int]:
    """Return the depth of each entry.

    A bullet that is new goes one deeper, one that is known goes back to its level. A number
    goes on with the list whose last number was one less; which one, where several fit, is
    tried out: below a colon the deepest first, else the outermost, so that the rest fits too.
    """
    found = _Levels(entries).place(0, ())
    return found if found is not None else [0] * len(entries)


Level = tuple[str, int]
"""(bullet, or `#` for numbers; last number) of a list that is open."""


class _Levels:
    def __init__(self, entries: Sequence[Marked]) -> None:
        self.entries = entries
        self.tries = 0

    def place(self, at: int, levels: tuple[Level, ...]) -> list[int] | None:
        """Return the depths of the entries from `at` on; None where they do not fit."""
        out: list[int] = []
        while at < len(self.entries):
            choices = self._choices(at, levels)
            if len(choices) == 1:
                depth, levels = choices[0]
                out.append(depth)
                at += 1
                continue
            for depth, after in choices:
                self.tries += 1
                if self.tries > _MOST_TRIES:
                    break
                rest = self.place(at + 1, after)
                if rest is not None:
                    return [*out, depth, *rest]
            return None
        return out

    def _choices(self, at: int, levels: tuple[Level, ...]) -> list[tuple[int, tuple[Level, ...]]]:
        mark, _, number = self.entries[at]
        if number is None:
            for depth, (kind, _) in enumerate(levels):
                if kind == mark:
                    return [(depth, levels[: depth + 1])]
            return [(len(levels), (*levels, (mark, 0)))]
        sign = "#" + mark
        if number <= 1 or not any(kind == sign for kind, _ in levels):
            return [(len(levels), (*levels, (sign, number)))]
        fitting = [
            (depth, (*levels[:depth], (sign, number)))
            for depth, (kind, last) in enumerate(levels)
            if kind == sign and last == number - 1
        ]
        below_colon = self._opened(at, levels)
        return fitting[::-1] if below_colon else fitting

    def _opened(self, at: int, levels: tuple[Level, ...]) -> bool:
        """Tell whether the innermost list of numbers began below a colon."""
        number = levels[-1][1] if levels else 0
        first = at - number
        return first > 0 and self.entries[first - 1][1].rstrip().endswith(":")
