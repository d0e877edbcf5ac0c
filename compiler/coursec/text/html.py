"""Rich text to HTML as learning platforms show it, with math for MathJax."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import assert_never

from coursec.model.text import (
    Asset,
    Block,
    BulletList,
    Code,
    CodeBlock,
    Emphasis,
    Gap,
    Heading,
    Image,
    Inline,
    LineBreak,
    Link,
    Math,
    OrderedList,
    Paragraph,
    Quote,
    RichText,
    Rule,
    SoftBreak,
    Strong,
    Table,
    Text,
)
from coursec.text.headings import rank

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})
_DELIMITER = re.compile(r"\\(?=[()\[\]])|\$(?=\$)")


def escape(text: str) -> str:
    """Return a text with HTML's special characters as entities."""
    return text.translate(_ESCAPES)


def words(text: str) -> str:
    r"""Return the author's words as HTML, kept apart from MathJax's delimiters.

    `\(` in prose or code is prose or code: an empty element between its two characters
    keeps it from becoming a formula, and leaves the text as it was.
    """
    html = text.translate(_ESCAPES)
    if "\\" in html or "$$" in html:
        return _DELIMITER.sub(r"\g<0><span></span>", html)
    return html


class HtmlWriter:
    """Renders texts to HTML.

    `image` gives the address of an image; `gap` the HTML of a cloze gap.
    """

    def __init__(
        self, image: Callable[[Asset], str], gap: Callable[[str], str] | None = None
    ) -> None:
        self.image = image
        self.gap = gap
        self._levels: list[int] = []

    def text(self, text: RichText) -> str:
        """Return a text as blocks; a single paragraph too is a `<p>`."""
        self._levels = []
        return self.blocks(text.blocks)

    def blocks(self, blocks: Sequence[Block]) -> str:
        """Return blocks of a text that was begun."""
        return "\n".join(self.block(block) for block in blocks)

    def line(self, text: RichText) -> str:
        """Return a text without the `<p>` when it is one paragraph, as choices are shown."""
        inline = text.inline
        return self.text(text) if inline is None else self.inlines(inline)

    def inlines(self, children: tuple[Inline, ...]) -> str:
        """Return inlines as HTML."""
        return "".join([self.inline(child) for child in children])

    def inline(self, node: Inline) -> str:
        """Return one inline as HTML."""
        match node:
            case Text():
                return words(node.text)
            case Math():
                formula = escape(node.latex)
                return f"\\[{formula}\\]" if node.display else f"\\({formula}\\)"
            case Code():
                return f"<code>{words(node.text)}</code>"
            case SoftBreak():
                return "\n"
            case Emphasis():
                return f"<em>{self.inlines(node.children)}</em>"
            case Strong():
                return f"<strong>{self.inlines(node.children)}</strong>"
            case LineBreak():
                return "<br>\n"
            case Link():
                return f'<a href="{escape(node.href)}">{self.inlines(node.children)}</a>'
            case Image():
                return f'<img src="{self.image(node.asset)}" alt="{escape(node.alt)}">'
            case Gap():
                assert self.gap, "only cloze texts hold gaps"
                return self.gap(node.name)
        assert_never(node)

    def block(self, node: Block) -> str:
        """Return one block as HTML."""
        match node:
            case Paragraph():
                return f"<p>{self.inlines(node.children)}</p>"
            case CodeBlock():
                kind = f' class="language-{escape(node.language)}"' if node.language else ""
                return f"<pre><code{kind}>{words(node.text)}</code></pre>"
            case BulletList():
                return f"<ul>{self.entries(node.entries, node.tight)}</ul>"
            case OrderedList():
                start = f' start="{node.start}"' if node.start != 1 else ""
                return f"<ol{start}>{self.entries(node.entries, node.tight)}</ol>"
            case Table():
                return self.table(node)
            case Quote():
                return f"<blockquote>{self.blocks(node.children)}</blockquote>"
            case Heading():
                level = self.level(node.level)
                return f"<h{level}>{self.inlines(node.children)}</h{level}>"
            case Rule():
                return "<hr>"
        assert_never(node)

    def level(self, written: int) -> int:
        """Return the level of the next heading, at most one below that of the heading before.

        The platform's page has headings of its own above a question's.
        """
        return min(2 + rank(written, self._levels), 6)

    def entries(self, entries: tuple[tuple[Block, ...], ...], tight: bool) -> str:
        """Return the entries of a list; a tight list's paragraphs stand without `<p>`."""
        return "".join(
            "<li>"
            + "\n".join(
                self.inlines(block.children)
                if tight and isinstance(block, Paragraph)
                else self.block(block)
                for block in entry
            )
            + "</li>"
            for entry in entries
        )

    def table(self, table: Table) -> str:
        """Return a table with a header row whose cells name their columns."""
        styles = [f' style="text-align:{a}"' if a else "" for a in table.alignments]
        head = "".join(
            f'<th scope="col"{style}>{self.inlines(cell)}</th>'
            for style, cell in zip(styles, table.header, strict=True)
        )
        rows = "".join(
            "<tr>"
            + "".join(
                f"<td{style}>{self.inlines(cell)}</td>"
                for style, cell in zip(styles, row, strict=True)
            )
            + "</tr>"
            for row in table.rows
        )
        body = f"<tbody>{rows}</tbody>" if rows else ""
        return f"<table><thead><tr>{head}</tr></thead>{body}</table>"
