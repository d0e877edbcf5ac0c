"""Rich text in the one form that says the same in every format.

HTML shows a line end in the source as a blank, gives every displayed formula a line of its own
and knows no names of media files. Two texts that differ in such things only show a student the
same; everything else counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, assert_never
from urllib.parse import unquote

from coursec.model.text import (
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
from coursec.text.math import MathError, parse, to_mathml2

if TYPE_CHECKING:
    from lxml.etree import _Element

Form = tuple[object, ...]
"""A nested tuple that is equal for texts that say the same."""

_BLANKS = re.compile(r"[ \t\n\r\f]+")
_BREAK = ("break",)
_DEEPEST = 4
"""Headings of a lower rank look alike: h6 is the last that HTML has."""


def form(text: RichText | None) -> Form:
    """Return a text's form; empty for a text that is absent."""
    return () if text is None else _blocks(text.blocks, [])


def _blocks(blocks: Iterable[Block], ranks: list[int]) -> Form:
    """Return blocks in their order; `ranks` are the levels of the headings above."""
    return tuple(part for block in blocks for part in _block(block, ranks))


def _block(block: Block, ranks: list[int]) -> Iterator[Form]:
    match block:
        case Paragraph():
            for run in _split(block.children):
                if inline := _inlines(run):
                    yield ("paragraph", inline)
        case Heading():
            yield ("heading", min(rank(block.level, ranks), _DEEPEST), _inlines(block.children))
        case CodeBlock():
            # An empty line at the end is not seen, and some formats end code with a line end.
            yield ("code block", block.language, block.text.rstrip("\n"))
        case Quote():
            yield ("quote", _blocks(block.children, ranks))
        case BulletList():
            yield ("list", _loose(block), *(_blocks(entry, ranks) for entry in block.entries))
        case OrderedList():
            entries = (_blocks(entry, ranks) for entry in block.entries)
            yield ("numbers", block.start, _loose(block), *entries)
        case Table():
            rows = tuple(tuple(map(_inlines, row)) for row in (block.header, *block.rows))
            yield ("table", block.alignments, rows)
        case Rule():
            yield ("rule",)
        case _:
            assert_never(block)


def rank(written: int, ranks: list[int]) -> int:
    """Return how deep a heading stands, and add its level to those above."""
    while ranks and ranks[-1] >= written:
        ranks.pop()
    ranks.append(written)
    return len(ranks)


def _loose(block: BulletList | OrderedList) -> bool:
    """Tell whether paragraphs stand apart; a displayed formula stands apart in any list."""
    begins = any(entry and isinstance(entry[0], Paragraph) for entry in block.entries)
    paragraphs = [b for entry in block.entries for b in entry if isinstance(b, Paragraph)]
    displayed = any(_is_display(node) for b in paragraphs for node in b.children)
    return not block.tight and begins and not displayed


def _is_display(node: Inline) -> bool:
    return isinstance(node, Math) and node.display


def _split(children: Sequence[Inline]) -> Iterator[Sequence[Inline]]:
    """Yield the parts of a paragraph: displayed formulas stand alone."""
    run: list[Inline] = []
    for node in children:
        if _is_display(node):
            yield run
            yield [node]
            run = []
        else:
            run.append(node)
    yield run


def _inlines(children: Sequence[Inline]) -> Form:
    """Return inlines with their blanks squeezed, as a line shows them."""
    parts = [part for part in _merged(_inline_parts(children)) if part != ""]
    while parts and parts[0] in (_BREAK, " "):
        del parts[0]
    while parts and parts[-1] in (_BREAK, " "):
        del parts[-1]
    if parts and isinstance(parts[0], str):
        parts[0] = parts[0].removeprefix(" ")
    if parts and isinstance(parts[-1], str):
        parts[-1] = parts[-1].removesuffix(" ")
    return tuple(part for part in parts if part != "")


def _merged(parts: Iterable[object]) -> list[object]:
    out: list[object] = []
    for part in parts:
        if isinstance(part, str) and out and isinstance(out[-1], str):
            out[-1] = _BLANKS.sub(" ", out[-1] + part)
        elif isinstance(part, str):
            text = _BLANKS.sub(" ", part)
            # The blank at the beginning of a line is not shown.
            out.append(text.removeprefix(" ") if out and out[-1] == _BREAK else text)
        else:
            if part == _BREAK and out and isinstance(out[-1], str):
                out[-1] = out[-1].removesuffix(" ")
            out.append(part)
    return out


def _inline_parts(children: Sequence[Inline]) -> Iterator[object]:
    for node in children:
        match node:
            case Text():
                yield node.text
            case SoftBreak():
                yield " "
            case LineBreak():
                yield _BREAK
            case Code():
                yield ("code", _BLANKS.sub(" ", node.text))
            case Math():
                yield ("math", node.display, formula(node.latex, node.display))
            case Image():
                yield ("image", sha256(node.asset.data).hexdigest()[:16], node.alt)
            case Emphasis():
                yield ("emphasis", *_merged(_inline_parts(node.children)))
            case Strong():
                yield ("strong", *_merged(_inline_parts(node.children)))
            case Link():
                yield ("link", unquote(node.href), *_merged(_inline_parts(node.children)))
            case Gap():
                yield ("gap", node.name)
            case _:
                assert_never(node)


@lru_cache(maxsize=65536)
def formula(latex: str, display: bool) -> object:
    """Return what a formula shows: its signs and how they stand to each other.

    Distances and the growth of delimiters are left out: MathML says them in many ways.
    """
    try:
        return _shown(to_mathml2(parse(latex.strip(), display=display)))
    except MathError:
        return latex.strip()


_ROWS = frozenset("math mrow mstyle mpadded mtd".split())
_INVISIBLE = frozenset("\u2061\u2062\u2063\u2064")
_COUNTING = ("mathvariant", "notation", "linethickness", "mathcolor", "columnlines", "rowlines")


def _shown(node: _Element) -> object:
    name = str(node.tag).rpartition("}")[2]
    if len(node) == 0 and name not in _ROWS:
        variant = node.get("mathvariant")
        words = "".join(c for c in node.text or "" if c not in _INVISIBLE)
        return (words, variant) if variant else words
    parts: list[object] = []
    for child in node:
        part = _shown(child)
        if isinstance(part, tuple) and part[:1] == ("row",) and name in _ROWS | {"msqrt"}:
            parts.extend(part[1:])  # a row in a row is that row
        elif part not in ("", ("row",)) or name not in _ROWS:
            parts.append(part)
    looks = tuple(node.get(key, "") for key in _COUNTING)
    if name in _ROWS and not node.get("mathcolor"):
        return parts[0] if len(parts) == 1 else ("row", *parts)
    return (name, *(looks if any(looks) else ()), *parts)


_SHOWN = 120


def shown(value: object) -> str:
    """Return a form, or a part of one, as words for a message; cut where it grows long."""
    text = " ".join(_words(value))
    text = _BLANKS.sub(" ", text).strip()
    if not text:
        return "nothing"
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _signs(formula: object) -> Iterator[str]:
    if isinstance(formula, str):
        yield formula
    elif isinstance(formula, tuple):
        for part in formula[1:]:
            yield from _signs(part)


_KINDS = {"paragraph", "code block", "heading", "quote", "list", "numbers", "table", "emphasis"}


def _words(value: object) -> Iterator[str]:
    match value:
        case ("image", _, str(alt)):
            yield f"[image: {alt}]"
        case ("math", bool(), formula):
            yield "$" + "".join(_signs(formula)) + "$"
        case tuple() | list():
            for number, part in enumerate(value):
                if number == 0 and part in _KINDS:
                    continue
                yield from _words(part)
        case bool() | None:
            return
        case _:
            yield str(value)
