"""The inlines of one paragraph, gathered as browsers lay them out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import groupby

from coursec.model.text import Inline, LineBreak, SoftBreak, Text

BLANKS = re.compile(r"[ \t\n\r\f]+")
"""What HTML holds to be blank: not the no-break space."""
_LINE_END = re.compile(r"[\n\r]")


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
        squeezed = BLANKS.sub(lambda blank: "\n" if _LINE_END.search(blank[0]) else " ", text)
        for number, line in enumerate(squeezed.split("\n")):
            if number:
                self._blank(True, wraps)
            if line.startswith(" "):
                self._blank(False, wraps)
            self._words(line.removeprefix(" "), wraps)

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
        if words:
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
        levels[-1][1].append(wrap.make(merged(children)))

    for wraps, node in leaves:
        shared = 0
        while shared < min(len(wraps), len(levels) - 1) and levels[shared + 1][0] is wraps[shared]:
            shared += 1
        while len(levels) > shared + 1:
            close()
        levels.extend((wrap, []) for wrap in wraps[shared:])
        levels[-1][1].append(node)
    while len(levels) > 1:
        close()
    return merged(levels[0][1])


def merged(nodes: Iterable[Inline]) -> tuple[Inline, ...]:
    """Return inlines in which no two texts stand side by side."""
    out: list[Inline] = []
    for is_text, group in groupby(nodes, key=lambda node: isinstance(node, Text)):
        if is_text:
            out.append(Text("".join(node.text for node in group if isinstance(node, Text))))
        else:
            out.extend(group)
    return tuple(out)
