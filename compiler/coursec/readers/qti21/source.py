"""One item of a file while it is read: its parts, its texts, and what is said about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from lxml.etree import _Element

from coursec.diagnostics import Diagnostics, Span
from coursec.model.text import Asset, RichText
from coursec.readers.markup import TextReader, from_lxml, visible
from coursec.readers.qti21.body import GAP, Body, FeedbackText
from coursec.readers.qti21.processing import Processor
from coursec.readers.xml import line_of

OUR_TOOL: Final = "coursec"


@dataclass(slots=True)
class ItemSource:
    """An item as its readers see it.

    What they say is kept back, because an attempt to understand the rules may fail and give
    way to another.
    """

    path: str
    """The file's place in findings."""
    root: _Element
    body: Body
    processor: Processor
    image: Callable[[str, int], Asset | None]
    """(address, line) to the image in the package."""
    feedback: list[FeedbackText] = field(init=False)
    """The feedback that is still to be placed."""
    hints: list[_Element] = field(init=False)
    said: list[tuple[str, str, int]] = field(default_factory=list)
    """(code, message, line) of each finding."""
    _line: int = 1
    _reader: TextReader = field(init=False)

    def __post_init__(self) -> None:
        """Make the text reader."""
        self.feedback = list(self.body.feedback)
        self.hints = list(self.body.hints)
        # Dollars and backslashes are signs like any other where a tool writes MathML.
        math = any(True for _ in self.root.iter("{*}math"))
        self._reader = TextReader(
            lambda address: self.image(address, self._line),
            lambda code, message: self.say(code, message, self._line),
            tex=not (math or self.ours),
            gap=lambda element: element.attributes.get("name") if element.name == GAP else None,
        )

    @property
    def ours(self) -> bool:
        """Whether this compiler wrote the item."""
        return self.root.get("toolName") == OUR_TOOL

    @property
    def identifier(self) -> str:
        """The item's identifier; ours has a sign before an id that begins with a digit."""
        identifier = self.root.get("identifier", "")
        return identifier.removeprefix("_") if self.ours else identifier

    def span(self, node: _Element) -> Span:
        """Return the place of an element."""
        line = line_of(node)
        return Span(self.path, line, 1, line, 1)

    def text(self, node: _Element) -> RichText:
        """Return what is in an element."""
        self._line = line_of(node)
        return self._reader.element(from_lxml(node))

    def plain(self, node: _Element) -> str:
        """Return the characters that an element shows."""
        return visible(from_lxml(node))

    def say(self, code: str, message: str, line: int | None = None) -> None:
        """Keep a finding; without a line it is about the item."""
        self.said.append((code, message, line_of(self.root) if line is None else line))

    def report(self, sink: Diagnostics) -> None:
        """Report what was said."""
        for code, message, line in self.said:
            sink.report(code, message, Span(self.path, line, 1, line, 1), item=self.identifier)


class LeftOutError(Exception):
    """An item cannot be imported; the message says why."""


def joined(texts: list[RichText]) -> RichText | None:
    """Return texts one after the other; None where there is none."""
    blocks = tuple(block for text in texts for block in text.blocks)
    return RichText(blocks) if blocks else None
