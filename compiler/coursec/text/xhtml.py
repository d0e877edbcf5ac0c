"""Rich text as the XHTML that QTI 2.1 allows inside its items.

QTI takes a strict part of XHTML: no `style`, no `ol start`, a `table` needs its `tbody`, and
a `blockquote` or the body of an item holds blocks only. Math is presentation MathML 2.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final, assert_never
from urllib.parse import quote

from lxml.etree import SubElement, _Element

from coursec.model.text import (
    Alignment,
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
from coursec.text.math import parse, to_mathml2

QTI: Final = "{http://www.imsglobal.org/xsd/imsqti_v2p1}"
"""The namespace of QTI 2.1, as lxml writes it in front of a name."""

# Written out once, because joining them for each element would cost a tenth of the emitter.
_A: Final = QTI + "a"
_BLOCKQUOTE: Final = QTI + "blockquote"
_BR: Final = QTI + "br"
_CODE: Final = QTI + "code"
_DD: Final = QTI + "dd"
_DL: Final = QTI + "dl"
_DT: Final = QTI + "dt"
_EM: Final = QTI + "em"
_HR: Final = QTI + "hr"
_IMG: Final = QTI + "img"
_LI: Final = QTI + "li"
_OL: Final = QTI + "ol"
_P: Final = QTI + "p"
_PRE: Final = QTI + "pre"
_STRONG: Final = QTI + "strong"
_TABLE: Final = QTI + "table"
_TBODY: Final = QTI + "tbody"
_TD: Final = QTI + "td"
_TH: Final = QTI + "th"
_THEAD: Final = QTI + "thead"
_TR: Final = QTI + "tr"
_UL: Final = QTI + "ul"

_ORIGIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(//[^/?]*)?")
_NOT_IN_URI: Final = re.compile(r"%(?![0-9A-Fa-f]{2})|[^A-Za-z0-9._~:/?@!$&'()*+,;=%-]")

_TOP_HEADING: Final = 3
"""Players put the test's and the item's title above the text as h1 and h2."""


def _no_gap(_parent: _Element, gap: Gap) -> _Element:
    raise ValueError(f"gap {gap.name!r} outside the text of a cloze")


class Xhtml:
    """A writer of rich text into the elements of one document."""

    def __init__(
        self,
        source: Callable[[Asset], str],
        gap: Callable[[_Element, Gap], _Element] = _no_gap,
    ) -> None:
        """Make a writer; `source` gives an image's address, `gap` appends a gap's element."""
        self._source = source
        self._gap = gap
        self._levels: list[int] = []

    def blocks(self, parent: _Element, text: RichText) -> None:
        """Append a text as blocks, for places that hold nothing else."""
        self._levels = []
        self._blocks(parent, text.blocks)

    def flow(self, parent: _Element, text: RichText) -> None:
        """Append a text to an empty element: inline if it is one paragraph, else as blocks."""
        inline = text.inline
        if inline is None or _has_display(inline):
            self.blocks(parent, text)
        else:
            self.inlines(parent, inline)

    def inlines(self, parent: _Element, children: Sequence[Inline]) -> None:
        """Append inlines to an empty element."""
        last: _Element | None = None
        pending = ""
        for node in children:
            if isinstance(node, Text):
                pending += node.text
                continue
            if isinstance(node, SoftBreak):
                pending += "\n"
                continue
            if pending:
                if last is None:
                    parent.text = pending
                else:
                    last.tail = pending
                pending = ""
            last = self._inline(parent, node)
        if pending:
            if last is None:
                parent.text = pending
            else:
                last.tail = pending

    def _inline(
        self,
        parent: _Element,
        node: LineBreak | Code | Math | Image | Emphasis | Strong | Link | Gap,
    ) -> _Element:
        match node:
            case Math():
                element = to_mathml2(parse(node.latex, display=node.display))
                parent.append(element)
            case Code():
                element = SubElement(parent, _CODE)
                element.text = node.text
            case Emphasis():
                element = SubElement(parent, _EM)
                self.inlines(element, node.children)
            case Strong():
                element = SubElement(parent, _STRONG)
                self.inlines(element, node.children)
            case LineBreak():
                element = SubElement(parent, _BR)
            case Image():
                attributes = {"src": self._source(node.asset), "alt": node.alt}
                element = SubElement(parent, _IMG, attributes)
            case Link():
                element = SubElement(parent, _A, {"href": _address(node.href)})
                self.inlines(element, node.children)
            case Gap():
                element = self._gap(parent, node)
            case _:
                assert_never(node)
        return element

    def _blocks(self, parent: _Element, blocks: Sequence[Block]) -> None:
        for block in blocks:
            match block:
                case Paragraph():
                    if _has_display(block.children):
                        self._display(parent, block.children)
                    else:
                        self.inlines(SubElement(parent, _P), block.children)
                case CodeBlock():
                    language = {"class": f"language-{block.language}"} if block.language else None
                    code = SubElement(SubElement(parent, _PRE), _CODE, language)
                    code.text = block.text
                case BulletList():
                    self._list(SubElement(parent, _UL), block)
                case OrderedList(start=1):
                    self._list(SubElement(parent, _OL), block)
                case OrderedList():
                    self._numbered(SubElement(parent, _DL), block)
                case Table():
                    self._table(SubElement(parent, _TABLE), block)
                case Heading():
                    name = f"{QTI}h{self._level(block.level)}"
                    self.inlines(SubElement(parent, name), block.children)
                case Quote():
                    self._blocks(SubElement(parent, _BLOCKQUOTE), block.children)
                case Rule():
                    SubElement(parent, _HR)
                case _:
                    assert_never(block)

    def _level(self, written: int) -> int:
        """Return the level of the next heading, at most one below that of the heading before."""
        return min(_TOP_HEADING - 1 + rank(written, self._levels), 6)

    def _display(self, parent: _Element, children: Sequence[Inline]) -> None:
        """Append a paragraph, giving each displayed formula a paragraph of its own."""
        run: list[Inline] = []
        for node in (*children, None):
            if node is not None and not (isinstance(node, Math) and node.display):
                run.append(node)
                continue
            while run and isinstance(run[0], SoftBreak | LineBreak):
                del run[0]
            while run and isinstance(run[-1], SoftBreak | LineBreak):
                del run[-1]
            if run:
                self.inlines(SubElement(parent, _P), run)
                run = []
            if node is not None:
                self.inlines(SubElement(parent, _P), (node,))

    def _list(self, parent: _Element, block: BulletList | OrderedList) -> None:
        for entry in block.entries:
            self._entry(SubElement(parent, _LI), entry, block.tight)

    def _numbered(self, parent: _Element, block: OrderedList) -> None:
        """Append a list that does not begin at 1 as terms, since `start` is not allowed."""
        for number, entry in enumerate(block.entries, block.start):
            SubElement(parent, _DT).text = f"{number}."
            self._entry(SubElement(parent, _DD), entry, block.tight)

    def _entry(self, parent: _Element, entry: Sequence[Block], tight: bool) -> None:
        first = entry[0] if entry else None
        if tight and isinstance(first, Paragraph) and not _has_display(first.children):
            self.inlines(parent, first.children)
            entry = entry[1:]
        self._blocks(parent, entry)

    def _table(self, parent: _Element, table: Table) -> None:
        if table.rows:
            head, body = SubElement(parent, _THEAD), SubElement(parent, _TBODY)
        else:  # a table must have a body, and a body must have a row
            head = body = SubElement(parent, _TBODY)
        row = SubElement(head, _TR)
        for cell, alignment in zip(table.header, table.alignments, strict=True):
            attributes = {"scope": "col", **_align(alignment)}
            self.inlines(SubElement(row, _TH, attributes), cell)
        for cells in table.rows:
            row = SubElement(body, _TR)
            for cell, alignment in zip(cells, table.alignments, strict=True):
                self.inlines(SubElement(row, _TD, _align(alignment)), cell)


def _address(href: str) -> str:
    """Return an address as a URI, for browsers follow addresses that the schema refuses."""
    place, mark, fragment = href.partition("#")
    origin = _ORIGIN.match(place)
    start = origin.end() if origin else 0
    return place[:start] + _encoded(place[start:]) + mark + _encoded(fragment)


def _encoded(part: str) -> str:
    return _NOT_IN_URI.sub(lambda found: quote(found[0], safe=""), part)


def _align(alignment: Alignment) -> dict[str, str]:
    return {"align": alignment} if alignment else {}


def _has_display(children: Sequence[Inline]) -> bool:
    return any(isinstance(node, Math) and node.display for node in children)
