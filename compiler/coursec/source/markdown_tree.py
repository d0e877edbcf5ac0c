"""Markdown's tokens to the blocks of a rich text, with a finding for whatever is lost or wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from coursec.diagnostics import Diagnostics, Span
from coursec.model.text import (
    Alignment,
    Block,
    BulletList,
    Code,
    CodeBlock,
    Emphasis,
    Gap,
    Heading,
    Inline,
    LineBreak,
    Math,
    OrderedList,
    Paragraph,
    Quote,
    Rule,
    SoftBreak,
    Strong,
    Table,
    Text,
)
from coursec.source.accessibility import header_fault, heading_fault
from coursec.source.markdown_links import read_image, read_link
from coursec.source.markdown_rules import GAP, escapedSplit
from coursec.source.nodes import Scalar
from coursec.source.places import locate
from coursec.source.workspace import CONTROL, SourceFile, Workspace, describe
from coursec.text.math import MathError, parse

if TYPE_CHECKING:
    from markdown_it.token import Token

_ANSWER = re.compile(r"<!--[ \t]*coursec:[^>]*-->")
_LANGUAGE = re.compile(r"[A-Za-z0-9+#._-]{1,40}")


class Reader(Protocol):
    """Whose texts are read: the file, and where findings go."""

    workspace: Workspace
    file: SourceFile
    sink: Diagnostics
    item: str | None


@dataclass(slots=True)
class TreeBuilder:
    """Turns the tokens of one scalar into blocks."""

    reader: Reader
    scalar: Scalar
    gaps: bool = False
    """Whether the text is a cloze's."""
    line: int = 0
    """First line of the block at hand, counted from 0 within the scalar."""
    starts: list[int] = field(default_factory=list)
    searched: dict[str, int] = field(default_factory=dict)
    """Where to go on looking for a piece of markup that occurs more than once."""
    tags: set[str] = field(default_factory=set)
    """Names of the HTML elements that have been reported."""
    level: int | None = None
    """Level of the heading before the one at hand."""

    def report(self, code: str, message: str, span: Span, hint: str = "") -> None:
        self.reader.sink.report(code, message, span, hint=hint, item=self.reader.item)

    def place(self, *markups: str, inner: int = 0, length: int | None = None) -> Span:
        """Return the span of the first of some pieces of markup that the block at hand has.

        Inline tokens carry no position: the markup is looked for in the source from the
        block's first line on, behind the last piece of the same text. Of the piece, the
        span holds `length` characters from `inner` on.
        """
        value = self.scalar.value
        base = self.begin(self.line)
        for markup in markups:
            at = value.find(markup, max(base, self.searched.get(markup, 0)))
            if at >= 0:
                self.searched[markup] = at + len(markup)
                size = len(markup) - inner if length is None else length
                return locate(self.reader.file, self.scalar, at + inner, at + inner + size)
        return locate(self.reader.file, self.scalar, base)

    def begin(self, line: int) -> int:
        """Return where a line of the value begins."""
        if not self.starts:
            self.starts = [0, *(m.end() for m in re.finditer("\n", self.scalar.value))]
        return self.starts[min(line, len(self.starts) - 1)]

    def definitions(self, env: dict[str, Any]) -> None:
        """Report link definitions that no link uses: they are shown nowhere."""
        for label, definition in env.get("references", {}).items():
            uses = re.findall(re.escape(f"[{label}]"), self.scalar.value, re.IGNORECASE)
            if len(uses) < 2:
                self.line = definition["map"][0]
                self.report(
                    "W312",
                    f"The line that begins with [{label}]: is a link definition: it shows nothing.",
                    self.place(f"[{label}]", f"[{label.lower()}]", f"[{label.title()}]"),
                    f"Write \\[{label}] if it is meant to be read.",
                )

    # Blocks

    def blocks(self, tokens: list[Token]) -> list[Block]:
        stream = iter(tokens)
        return list(self.until(stream, None))

    def until(self, stream: Iterator[Token], closing: str | None) -> Iterator[Block]:
        for token in stream:
            if token.type == closing:
                return
            if token.map:
                self.line = token.map[0]
            yield from self.block(token, stream)

    def block(self, token: Token, stream: Iterator[Token]) -> Iterator[Block]:
        match token.type:
            case "paragraph_open":
                children = self.inlines(next(stream))
                next(stream)
                if children:
                    yield Paragraph(children)
            case "heading_open":
                children = self.inlines(next(stream))
                next(stream)
                if children:
                    yield self.heading(int(token.tag[1]), children)
            case "fence":
                word = token.info.split()[0] if token.info.strip() else ""
                language = word if _LANGUAGE.fullmatch(word) else ""
                yield CodeBlock(token.content.removesuffix("\n"), language)
            case "code_block":
                yield CodeBlock(token.content.removesuffix("\n"))
            case "math_block":
                if formula := self.math_block(token.content):
                    yield Paragraph((formula,))
            case "blockquote_open":
                yield Quote(tuple(self.until(stream, "blockquote_close")))
            case "bullet_list_open":
                entries, tight = self.entries(stream, "bullet_list_close")
                yield BulletList(entries, tight)
            case "ordered_list_open":
                entries, tight = self.entries(stream, "ordered_list_close")
                start = token.attrGet("start")
                yield OrderedList(entries, 1 if start is None else int(start), tight)
            case "table_open":
                yield self.table(stream)
            case "hr":
                yield Rule()
            case "html_block":
                self.html(token.content.strip().split("\n")[0])
            case other:
                raise AssertionError(f"no rule for Markdown token {other}")

    def heading(self, level: int, children: tuple[Inline, ...]) -> Heading:
        if fault := heading_fault(level, self.level):
            self.report("W323", fault[0], self.place("#" * level), fault[1])
        self.level = level
        return Heading(level, children)

    def entries(
        self, stream: Iterator[Token], closing: str
    ) -> tuple[tuple[tuple[Block, ...], ...], bool]:
        entries: list[tuple[Block, ...]] = []
        tight = True
        for token in stream:
            if token.type == closing:
                break
            blocks: list[Block] = []
            for inner in stream:
                if inner.type == "list_item_close":
                    break
                if inner.map:
                    self.line = inner.map[0]
                if inner.type == "paragraph_open" and not inner.hidden:
                    tight = False
                blocks.extend(self.block(inner, stream))
            entries.append(tuple(blocks))
        return tuple(entries), tight

    def table(self, stream: Iterator[Token]) -> Table:
        rows: list[list[tuple[Inline, ...]]] = []
        alignments: list[Alignment] = []
        first = self.line
        for token in stream:
            if token.type == "table_close":
                break
            if token.type == "tr_open":
                rows.append([])
                if token.map:
                    self.line = token.map[0]
                    self.surplus(len(alignments))
            elif token.type in ("th_open", "td_open"):
                if token.type == "th_open":
                    alignments.append(_alignment(str(token.attrGet("style") or "")))
                rows[-1].append(self.inlines(next(stream)))
        header, *body = (tuple(row) for row in rows)
        if fault := header_fault(header, body):
            self.line = first
            self.report("W322", fault[0], self.place(), fault[1])
        return Table(header, tuple(body), tuple(alignments))

    def surplus(self, columns: int) -> None:
        """Report a row with more cells than the header: the parser drops them."""
        start = self.begin(self.line)
        row = self.scalar.value[start:].partition("\n")[0].lstrip(" >\t")
        cells = escapedSplit(row.strip())
        found = len(cells) - (not cells[0].strip()) - (len(cells) > 1 and not cells[-1].strip())
        if columns and found > columns:
            self.report(
                "E311",
                f"This row has {found} cells, the header {columns}: the rest would be lost.",
                locate(self.reader.file, self.scalar, start, start + len(row)),
                "Write \\| for a bar inside a cell, and \\mid for one inside a formula.",
            )

    # Inlines

    def inlines(self, token: Token) -> tuple[Inline, ...]:
        if token.map:
            self.line = token.map[0]
        return self.span(iter(token.children or ()), None)

    def span(self, stream: Iterator[Token], closing: str | None) -> tuple[Inline, ...]:
        out: list[Inline] = []
        for token in stream:
            kind = token.type
            if kind == closing:
                break
            if kind == "text":
                if not token.content:
                    continue
                self.words(token.content)
                if out and isinstance(out[-1], Text):
                    out[-1] = Text(out[-1].text + token.content)
                else:
                    out.append(Text(token.content))
            elif kind in _WRAPPERS:
                end, wrap = _WRAPPERS[kind]
                out.append(wrap(self.span(stream, end)))
            elif made := self.inline(token, stream):
                out.append(made)
        return tuple(out)

    def inline(self, token: Token, stream: Iterator[Token]) -> Inline | None:
        match token.type:
            case "softbreak":
                return SoftBreak()
            case "hardbreak":
                return LineBreak()
            case "code_inline":
                return Code(token.content)
            case "math_inline":
                return self.math(token.content, display=token.markup == "$$")
            case "image":
                return read_image(self, token)
            case "gap":
                return Gap(token.content)
            case "html_inline":
                self.html(token.content)
                return None
            case "link_open":
                return read_link(self, token, self.span(stream, "link_close"))
            case other:
                raise AssertionError(f"no rule for Markdown token {other}")

    def words(self, text: str) -> None:
        """Report what cannot stand in prose."""
        if bad := CONTROL.search(text):
            self.report(
                "E110",
                f"An entity here stands for a character that cannot be shown ({describe(bad[0])}).",
                self.place("&#"),
                "Delete it.",
            )
        if not self.gaps and "{{" in text and (gap := GAP.search(text)):
            self.report(
                "W313",
                f"{gap[0]} stands outside of a cloze's text: it will be shown as it is.",
                self.place(gap[0]),
                "Put it in backquotes if it is meant to be read.",
            )

    def math_block(self, latex: str) -> Math | None:
        """Read a formula on lines of its own."""

        def place(offset: int | None) -> Span:
            at = self.scalar.value.find(latex, self.begin(self.line))
            if at < 0 or offset is None:
                return self.place("$$")
            return locate(self.reader.file, self.scalar, at + offset, at + offset + 1)

        return self.formula(latex, True, place)

    def math(self, latex: str, *, display: bool) -> Math | None:
        """Read a formula inside a paragraph."""

        def place(offset: int | None) -> Span:
            mark = "$$" if display else "$"
            size = len(latex) if offset is None else 1
            return self.place(f"{mark}{latex}", inner=len(mark) + (offset or 0), length=size)

        return self.formula(latex, display, place)

    def formula(
        self, latex: str, display: bool, place: Callable[[int | None], Span]
    ) -> Math | None:
        """Return a formula, or report at `place(offset of the mistake)` what is wrong with it."""
        inside = latex.strip()
        before = len(latex) - len(latex.lstrip())
        try:
            parse(inside, display=display)
        except MathError as error:
            offset = None if error.offset is None else error.offset + before
            self.report("E301", str(error), place(offset), error.hint)
            return None
        return Math(inside, display)

    def html(self, markup: str) -> None:
        # An answer to a finding, in a file that is Markdown: `read_markdown_ignores` has read it.
        if _ANSWER.fullmatch(markup) and self.reader.file.path.endswith(".md"):
            return
        name = re.sub(r"[^a-z0-9]+", " ", markup.lower()).split(" ")
        if markup.startswith("</") and name[1] in self.tags:
            return  # its beginning has been reported
        self.tags.add(name[1] if len(name) > 1 else "")
        self.report(
            "E302",
            f"Raw HTML (`{markup[:40]}`) is not part of the language.",
            self.place(markup),
            "Use Markdown; write `\\<` for a less-than sign, or put code in backquotes.",
        )


_WRAPPERS: dict[str, tuple[str, Callable[[tuple[Inline, ...]], Inline]]] = {
    "em_open": ("em_close", Emphasis),
    "strong_open": ("strong_close", Strong),
}


def _alignment(style: str) -> Alignment:
    match style.removeprefix("text-align:"):
        case "left":
            return "left"
        case "center":
            return "center"
        case "right":
            return "right"
        case _:
            return ""
