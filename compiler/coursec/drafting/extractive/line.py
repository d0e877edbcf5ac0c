"""A line of Markdown as it is written and as it is read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from coursec.model.slides import normalised
from coursec.model.text import Asset, Code, Inline, Paragraph, RichText, Text
from coursec.source.markdown import markdown_parser
from coursec.text.markdown import markdown_text

_HARD = frozenset({"math_inline", "image", "html_inline", "gap"})
_BREAKS = frozenset({"softbreak", "hardbreak"})


def _no_image(asset: Asset) -> str:
    raise AssertionError(f"a line holds no image: {asset.path}")


@dataclass(frozen=True)
class Line:
    """A heading, a sentence, an entry of a list or a cell of a table."""

    raw: str
    """The Markdown as it stands on the slide, blanks squeezed."""

    @staticmethod
    def of(raw: str) -> Line:
        """Return a line of Markdown."""
        return Line(" ".join(raw.split()))

    @cached_property
    def _read(self) -> tuple[list[Text | Code], list[tuple[int, int]], bool, bool]:
        """(what is shown, stretches that are stressed, holds math or images, holds code)."""
        shown: list[Text | Code] = []
        marked: list[tuple[int, int]] = []
        hard = code = False
        at = depth = start = 0
        for token in markdown_parser(False).parseInline(self.raw)[0].children or ():
            if token.type in ("strong_open", "em_open"):
                start = at if not depth else start
                depth += 1
            elif token.type in ("strong_close", "em_close"):
                depth -= 1
                if not depth and at > start:
                    marked.append((start, at))
            elif token.type in _HARD:
                hard = True
            elif token.type == "code_inline":
                code = True
                shown.append(Code(token.content))
                at += len(token.content)
            elif token.type in _BREAKS or token.type == "text":
                text = " " if token.type in _BREAKS else token.content
                shown.append(Text(text))
                at += len(text)
        return shown, marked, hard, code

    @property
    def plain(self) -> str:
        """What is read, without markup."""
        return "".join(node.text for node in self._read[0])

    @property
    def marked(self) -> list[tuple[int, int]]:
        """Stretches of `plain` that are stressed, as (start, end)."""
        return self._read[1]

    @property
    def hard(self) -> bool:
        """Whether it holds a formula, an image or markup that is no text."""
        return self._read[2]

    @property
    def code(self) -> bool:
        """Whether it holds code."""
        return self._read[3]

    @property
    def markdown(self) -> str:
        """The Markdown of what is read, nothing stressed."""
        return written(self._read[0])


def written(nodes: Sequence[Inline]) -> str:
    """Return inline nodes as Markdown."""
    joined: list[Inline] = []
    for node in nodes:
        if isinstance(node, Text) and joined and isinstance(joined[-1], Text):
            joined[-1] = Text(joined[-1].text + node.text)
        else:
            joined.append(node)
    return markdown_text(RichText((Paragraph(tuple(joined)),)), _no_image)


def escaped(text: str) -> str:
    """Return plain text as Markdown that shows it."""
    return written([Text(" ".join(text.split()))])


def key(text: str) -> str:
    """Return the words of a text, folded: what two texts have in common that say the same."""
    return " ".join(re.findall(r"[^\W_]+", normalised(text).casefold()))
