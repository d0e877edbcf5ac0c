"""Markdown to rich text: every mistake in a text is reported at its place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from coursec.diagnostics import Diagnostics
from coursec.model.text import (
    Paragraph,
    RichText,
    Text,
)
from coursec.source.nodes import Scalar
from coursec.source.places import locate
from coursec.source.workspace import SourceFile, Workspace

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

MAX_NESTING = 20
"""Deepest level of a token; the parser itself is told to stop only well behind it, where it
would begin to drop text."""
MAX_TEXT = 50_000
"""Longest text of one field in characters."""

# A line in which Markdown finds nothing but words: no markup character, no marker of a
# block at its beginning, no blank at an end. Most choices of a bank are such lines, and
# the parser would take most of the time of a build for them.
WORDS = re.compile(
    r"(?![-+=>#~|:\s])(?![0-9]{1,9}[.)](?:\s|\Z))[^\n\\`*_\[\]!<&${|~\t\r\f\v]*(?<!\s)\Z"
)


@cache
def markdown_parser(gaps: bool) -> MarkdownIt:
    """Return the parser of the language's Markdown, or of a cloze text's; made once."""
    from coursec.source.markdown_rules import parser

    return parser(gaps=gaps)


@dataclass(slots=True)
class MarkdownReader:
    """Reads the texts of one file."""

    workspace: Workspace
    file: SourceFile
    sink: Diagnostics
    item: str | None = None
    """Id of the item whose texts are read."""

    def read(self, scalar: Scalar, *, gaps: bool = False) -> RichText:
        """Parse a field of rich text; mistakes are reported, what is left is returned."""
        source = scalar.value.strip("\n")
        if WORDS.match(source):
            return RichText((Paragraph((Text(source),)),) if source else (), scalar.span)
        if len(source) > MAX_TEXT:
            self.sink.report(
                "E108",
                f"This text has {len(source):,} characters; {MAX_TEXT:,} are the limit.",
                scalar.span,
                item=self.item,
            )
            return RichText((), scalar.span)
        # The parser takes a third of the start-up of `check`: only texts with markup need it.
        from coursec.source.markdown_tree import TreeBuilder

        env: dict[str, Any] = {}
        tokens = markdown_parser(gaps).parse(scalar.value, env)
        builder = TreeBuilder(self, scalar, gaps=gaps)
        for token in tokens:
            inner = max((child.level for child in token.children or ()), default=0)
            if token.level > MAX_NESTING or inner > MAX_NESTING:
                self.sink.report(
                    "E107",
                    "Lists, quotes or stressed texts are nested too deeply here.",
                    locate(self.file, scalar, builder.begin(token.map[0] if token.map else 0)),
                    item=self.item,
                )
                return RichText((), scalar.span)
        text = RichText(tuple(builder.blocks(tokens)), scalar.span)
        builder.definitions(env)
        return text

    def plain(self, scalar: Scalar) -> str:
        """Read a field of plain text: the characters as written, on one line."""
        return " ".join(scalar.value.split())
