"""The inlines of one paragraph, gathered as browsers lay them out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from coursec.model.text import Inline, LineBreak, SoftBreak, Text

BLANKS = re.compile(r"[ \t\n\r\f]+")
"""What HTML holds to be blank: not the no-break space."""


@dataclass(frozen=True, slots=True, eq=False)
class Wrap:
    """An element around inlines, such as `em`; each is different from all others."""

    make: Callable[[tuple[Inline, ...]], Inline]


Wraps = tuple[Wrap, ...]


@dataclass(slots=True)
class Run:
    """Words, blanks and marks in a row, each with the elements around it."""

    leaves: list[tuple[Wraps, Inline]] = field(default_factory=list)

    def text(self, text: str, wraps: Wraps) -> None:
        """Add characters; blanks are squeezed, and left out at the beginning of a line."""
        at = 0
        for blank in BLANKS.finditer(text):
            self._words(text[at : blank.start()], wraps)
            self._blank("\n" in blank[0] or "\r" in blank[0], wraps)
            at = blank.end()
        self._words(text[at:], wraps)

    def add(self, node: Inline, wraps: Wraps) -> None:
        """Add anything that is not made of words."""
        if isinstance(node, LineBreak):
            self._drop_blank()
            if not self.leaves:
                return
        self.leaves.append((wraps, node))

    def take(self) -> tuple[Inline, ...]:
        """Return what was gathered as a tree and begin again."""
        while self.leaves and isinstance(self.leaves[-1][1], SoftBreak | LineBreak):
            self.leaves.pop()
        self._drop_blank()
        while self.leaves and isinstance(self.leaves[-1][1], LineBreak):
            self.leaves.pop()
        leaves, self.leaves = self.leaves, []
        return _tree(leaves)

    def _words(self, words: str, wraps: Wraps) -> None:
        if not words:
            return
        if self.leaves and self.leaves[-1][0] == wraps and isinstance(self.leaves[-1][1], Text):
            self.leaves[-1] = (wraps, Text(self.leaves[-1][1].text + words))
        else:
            self.leaves.append((wraps, Text(words)))

    def _blank(self, line_end: bool, wraps: Wraps) -> None:
        last = self.leaves[-1][1] if self.leaves else None
        if last is None or isinstance(last, SoftBreak | LineBreak):
            return
        if isinstance(last, Text) and last.text.endswith(" "):
            return
        if line_end:
            self.leaves.append((wraps, SoftBreak()))
        else:
            self._words(" ", wraps)

    def _drop_blank(self) -> None:
        """Take back the blank at the end of a line."""
        if not self.leaves:
            return
        wraps, last = self.leaves[-1]
        if isinstance(last, SoftBreak):
            self.leaves.pop()
        elif isinstance(last, Text) and last.text.endswith(" "):
            self.leaves.pop()
            self._words(last.text.removesuffix(" "), wraps)


def _tree(leaves: Iterable[tuple[Wraps, Inline]]) -> tuple[Inline, ...]:
    """Return leaves as a tree: neighbours in the same element come into one node."""
    levels: list[tuple[Wrap | None, list[Inline]]] = [(None, [])]

    def close() -> None:
        wrap, children = levels.pop()
        assert wrap is not None
        levels[-1][1].append(wrap.make(tuple(children)))

    for wraps, node in leaves:
        shared = 0
        while shared < min(len(wraps), len(levels) - 1) and levels[shared + 1][0] is wraps[shared]:
            shared += 1
        while len(levels) > shared + 1:
            close()
        levels.extend((wrap, []) for wrap in wraps[shared:])
        siblings = levels[-1][1]
        if isinstance(node, Text) and siblings and isinstance(siblings[-1], Text):
            siblings[-1] = Text(siblings[-1].text + node.text)
        else:
            siblings.append(node)
    while len(levels) > 1:
        close()
    return tuple(levels[0][1])
