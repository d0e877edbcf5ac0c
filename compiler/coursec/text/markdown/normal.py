"""The form of a text in which Markdown can write it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import assert_never

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
from coursec.text.markdown.shape import BLANKS, fills_line, reads_tight

_DEEPEST = 15
"""Deepest level of a block; a quote is one level, a list two. The language allows 20 with what
stands in the block."""
_LONGEST_FORMULA = 990
"""Longest formula inside a line, as the language has it."""
_HIGHEST = 999_999_999
"""Highest number of a list's entry."""
_LANGUAGE = re.compile(r"[A-Za-z0-9+#._-]{1,40}")
_SHOWN = re.compile("[^ \t\n\u00a0\u00ad\u115f\u1160\u200b\u200c\u200d\u2060\u3164\ufeff]")
# What no file of a course may hold.
_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_HOST = re.compile(r"(https?://)([^/?#@]+)(.*)", re.IGNORECASE | re.DOTALL)
_MAIL = re.compile(r"(mailto:)([^/?#@]+@)([^/?#@]+)(.*)", re.IGNORECASE | re.DOTALL)
_NAME = re.compile(r"[A-Za-z0-9._-]+(?::[0-9]+)?")
_ESCAPED = re.compile(r"%(?![0-9A-Fa-f]{2})|[^A-Za-z0-9;/?:@&=+$,_.!~*'()#%-]")

Break = SoftBreak | LineBreak


def normal(text: RichText) -> RichText:
    """Return a text as Markdown can write it; a text that an author wrote well stays as it is.

    - Adjacent texts, pieces of code and stresses of one kind become one.
    - Blanks and breaks at the ends of stressed texts and links go outwards, and away at the ends
      of paragraphs, headings, cells and lines, soft breaks beside forced ones too. Line ends in
      texts are soft breaks, those in code and in formulas of a line are blanks.
    - Stress inside stress of the same kind, links inside links and links to other addresses than
      http, https and mailto leave what they hold. Addresses are written as addresses are.
    - A displayed formula that has a line to itself becomes a paragraph of its own; inside of
      stress and links it joins the line before.
    - A formula of more than 990 characters gets a line to itself, and where there is none it
      becomes code.
    - Breaks become blanks in cells and in headings of the levels 3 to 6.
    - All rows of a table get as many cells as its longest; a code's language is one word.
    - A list is tight when it would be read as tight, loose when its blocks cannot stand close.
    - An image without words gets the name of its file.
    - Inlines, paragraphs, headings, quotes, tables and lists that hold nothing are left out, and
      characters that no file may hold; lists and quotes that are nested too deeply leave what
      they hold.
    """
    return replace(text, blocks=tuple(_blocks(text.blocks, 0)))


# Blocks


def _blocks(blocks: Iterable[Block], depth: int) -> Iterator[Block]:
    for block in blocks:
        match block:
            case Paragraph():
                yield from _paragraphs(block.children)
            case Heading():
                level = min(max(block.level, 1), 6)
                if children := _title(block.children, level):
                    yield Heading(level, children)
            case CodeBlock():
                word, *_ = block.language.split() or [""]
                language = word if _LANGUAGE.fullmatch(word) else ""
                yield CodeBlock(_unix(block.text), language)
            case Quote():
                inner = tuple(_blocks(block.children, depth + 1))
                if depth + 1 > _DEEPEST:
                    yield from inner
                elif inner:
                    yield Quote(inner)
            case BulletList() | OrderedList():
                yield from _list(block, depth)
            case Table():
                yield from _table(block)
            case Rule():
                yield block
            case _:
                assert_never(block)


def _list(block: BulletList | OrderedList, depth: int) -> Iterator[Block]:
    entries = tuple(tuple(_blocks(entry, depth + 2)) for entry in block.entries)
    if depth + 2 > _DEEPEST:
        for entry in entries:
            yield from entry
    elif any(entries):
        tight = reads_tight(entries, block.tight)
        if isinstance(block, BulletList):
            yield BulletList(entries, tight)
        else:
            start = min(max(block.start, 0), _HIGHEST - len(entries))
            yield OrderedList(entries, start, tight)


def _table(block: Table) -> Iterator[Table]:
    rows = [[_flat(cell) for cell in row] for row in (block.header, *block.rows)]
    width = max(map(len, rows))
    if width:
        header, *body = (tuple(row + [()] * (width - len(row))) for row in rows)
        alignments = list(block.alignments[:width])
        while len(alignments) < width:
            alignments.append("")
        yield Table(header, tuple(body), tuple(alignments))


def _paragraphs(children: Sequence[Inline]) -> Iterator[Paragraph]:
    """Yield a paragraph, and displayed formulas that have a line to themselves on their own."""
    prose: list[Inline] = []
    inlines = _trimmed(_with_long_formulas_alone(children))[1]
    for line in (*_lines(inlines), None):
        if line is not None and not _is_formula(line):
            prose.extend(line)
            continue
        if middle := _trimmed(prose)[1]:
            yield Paragraph(_unbroken(middle))
        if line is not None:
            yield Paragraph((line[0],))
        prose = []


def _with_long_formulas_alone(children: Sequence[Inline]) -> list[Inline]:
    out: list[Inline] = []
    for node in _inlines(children, frozenset()):
        if isinstance(node, Math) and len(node.latex) > _LONGEST_FORMULA:
            for part in (SoftBreak(), Math(node.latex, display=True), SoftBreak()):
                _push(out, part)
        else:
            _push(out, node)
    return out


def _title(children: Sequence[Inline], level: int) -> tuple[Inline, ...]:
    inlines = _trimmed(_inlines(children, frozenset()))[1]
    if level > 2 or any(map(_is_formula, _lines(inlines))):
        return _flat(inlines)
    return _unbroken(inlines)


def _is_formula(line: Sequence[Inline]) -> bool:
    """Tell whether a line holds a displayed formula and nothing else."""
    return fills_line(line[0]) and len(line) == 1 + isinstance(line[-1], Break)


def _lines(inlines: Sequence[Inline]) -> Iterator[list[Inline]]:
    """Yield the lines, each with the break that ends it."""
    line: list[Inline] = []
    for node in inlines:
        line.append(node)
        if isinstance(node, Break):
            yield line
            line = []
    if line:
        yield line


# Inlines


def _inlines(children: Iterable[Inline], within: frozenset[type]) -> list[Inline]:
    out: list[Inline] = []
    for child in children:
        for node in _parts(child, within):
            _push(out, node)
    return out


def _parts(node: Inline, within: frozenset[type]) -> Iterator[Inline]:
    """Yield what becomes of a node inside of nodes of some kinds."""
    match node:
        case Text():
            first, *others = _unix(node.text).split("\n")
            yield Text(first)
            for other in others:
                yield SoftBreak()
                yield Text(other)
        case Code():
            yield Code(_unix(node.text).replace("\n", " "))
        case Math():
            yield from _formula(node)
        case Image():
            alt = " ".join(_unix(node.alt).split())
            yield Image(node.asset, alt if _SHOWN.search(alt) else node.asset.path.split("/")[-1])
        case Emphasis() | Strong() | Link():
            yield from _wrapped(node, within)
        case SoftBreak() | LineBreak() | Gap():
            yield node
        case _:
            assert_never(node)


def _formula(node: Math) -> Iterator[Inline]:
    latex = _unix(node.latex).strip()
    if re.search(r"(?<!\\)(?:\\\\)*\\\Z", latex):  # what is left of a blank at the end
        latex = latex[:-1].rstrip()
    if latex:
        yield Math(latex, node.display)


def _wrapped(node: Emphasis | Strong | Link, within: frozenset[type]) -> Iterator[Inline]:
    href = _address(node.href) if isinstance(node, Link) else ""
    if type(node) in within or href is None:
        for child in node.children:
            yield from _parts(child, within)
        return
    before, middle, after = _trimmed(_inlines(node.children, within | {type(node)}))
    yield from before
    if middle:
        children = _beside_formulas(middle)
        yield Link(href, children) if isinstance(node, Link) else type(node)(children)
    yield from after


def _push(out: list[Inline], node: Inline) -> None:
    """Add a node to others; it may become one with the last of them."""
    last = out[-1] if out else None
    if isinstance(node, Text):
        text = node.text.lstrip(BLANKS) if isinstance(last, Break) else node.text
        if isinstance(last, Text):
            out[-1] = Text(last.text + text)
        elif text:
            out.append(Text(text))
    elif isinstance(node, Break):
        if isinstance(last, Text) and last.text[-1] in BLANKS:
            out.pop()
            _push(out, Text(last.text.rstrip(BLANKS)))
            last = out[-1] if out else None
        if isinstance(last, SoftBreak):
            out[-1] = node
        elif not (isinstance(last, LineBreak) and isinstance(node, SoftBreak)):
            out.append(node)
    elif isinstance(node, Code):
        if isinstance(last, Code):
            out[-1] = Code(last.text + node.text)
        elif node.text:
            out.append(node)
    elif isinstance(node, Emphasis | Strong) and type(last) is type(node):
        assert isinstance(last, Emphasis | Strong)
        children = list(last.children)
        for child in node.children:
            _push(children, child)
        out[-1] = type(node)(tuple(children))
    else:
        out.append(node)


def _trimmed(nodes: Sequence[Inline]) -> tuple[list[Inline], list[Inline], list[Inline]]:
    """Return blanks and breaks at the beginning, what is between, and those at the end."""
    middle = list(nodes)
    before: list[Inline] = []
    after: list[Inline] = []
    while middle:
        first = middle[0]
        if isinstance(first, Text) and (rest := first.text.lstrip(BLANKS)):
            before.append(Text(first.text[: len(first.text) - len(rest)]))
            middle[0] = Text(rest)
            break
        if not isinstance(first, Break | Text):
            break
        before.append(middle.pop(0))
    while middle:
        last = middle[-1]
        if isinstance(last, Text) and (rest := last.text.rstrip(BLANKS)):
            after.insert(0, Text(last.text[len(rest) :]))
            middle[-1] = Text(rest)
            break
        if not isinstance(last, Break | Text):
            break
        after.insert(0, middle.pop())
    return before, middle, after


def _beside_formulas(nodes: Sequence[Inline]) -> tuple[Inline, ...]:
    """Return nodes without the break that gives a displayed formula a line to itself."""
    out: list[Inline] = []
    for line in _lines(nodes):
        if out and isinstance(line[-1], Break) and _is_formula(line):
            while isinstance(out[-1], Break):
                out.pop()
            _push(out, Text(" "))
        for node in line:
            _push(out, node)
    return tuple(out)


def _flat(children: Sequence[Inline]) -> tuple[Inline, ...]:
    """Return inlines on one line."""
    flat = _mapped(_inlines(children, frozenset()), _blank)
    return _unbroken(_trimmed(flat)[1])


def _unbroken(nodes: Sequence[Inline]) -> tuple[Inline, ...]:
    """Return nodes whose formulas can stand in a line."""
    return tuple(_mapped(nodes, _in_line))


def _mapped(nodes: Sequence[Inline], change: Callable[[Inline], Inline]) -> list[Inline]:
    out: list[Inline] = []
    for node in nodes:
        if isinstance(node, Emphasis | Strong | Link):
            _push(out, replace(node, children=tuple(_mapped(node.children, change))))
        else:
            _push(out, change(node))
    return out


def _blank(node: Inline) -> Inline:
    return Text(" ") if isinstance(node, Break) else node


def _in_line(node: Inline) -> Inline:
    if not isinstance(node, Math):
        return node
    latex = re.sub(r"[ \t]*\n\s*", " ", node.latex)
    return Math(latex, node.display) if len(latex) <= _LONGEST_FORMULA else Code(latex)


# Characters


def _unix(text: str) -> str:
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _address(href: str) -> str | None:
    """Return an address in the characters that addresses have; None when it is none to link to."""
    href = _unix(href).strip()
    if match := _HOST.fullmatch(href):
        start, host, rest = match.groups()
    elif match := _MAIL.fullmatch(href):
        start, host, rest = match[1] + match[2], match[3], match[4]
    else:
        return None
    host = ".".join(
        part if part.isascii() else f"xn--{part.encode('punycode').decode()}"
        for part in host.split(".")
    )
    if not _NAME.fullmatch(host):
        return None
    return "".join(
        _ESCAPED.sub(lambda m: "".join(f"%{byte:02X}" for byte in m[0].encode()), part)
        for part in (start, host, rest)
    )
