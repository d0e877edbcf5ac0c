"""Elements that become one mark in a line: images, formulas, raised and lowered text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import unquote

from coursec.model.text import (
    Block,
    BulletList,
    Code,
    CodeBlock,
    Heading,
    Image,
    Inline,
    Link,
    Math,
    OrderedList,
    Paragraph,
    Quote,
    Rule,
    SoftBreak,
    Table,
    Text,
)
from coursec.readers.context import Context, short
from coursec.readers.element import Element, squeezed, visible
from coursec.readers.media import data_uri
from coursec.readers.run import merged
from coursec.source.workspace import INVISIBLE
from coursec.text.math import MathError, parse

_REMOTE = re.compile(r"(https?:)?//", re.IGNORECASE)
_LINK = re.compile(r"(https?://|mailto:)\S+", re.IGNORECASE)
_NOT_IN_ADDRESS = re.compile(r"[\t\n\r\f]")
_SIMPLE = re.compile(r"[A-Za-z0-9+=(),.*'\u2032/-]{1,20}")
_UPRIGHT = re.compile(r"[A-Za-z]{2,}")
_PLAIN_MARKS = frozenset("b em font i span strong var".split())
_EQUATION = "/equation_images/"


def address(href: str) -> str | None:
    """Return an address that a text may link to; None where it may not."""
    href = _NOT_IN_ADDRESS.sub("", href).strip().replace(" ", "%20")
    return href if _LINK.fullmatch(href) else None


def image(node: Element, context: Context, *, linked: bool) -> list[Inline]:
    """Return what stands for an `img`: an image, a formula, a link, or its words."""
    if (latex := _equation(node)) is not None:
        return [context.formula(latex, False)]
    source = node.get("src").strip() or node.get("data").strip()
    words = squeezed(context.clean(node.get("alt")))
    if not words.strip(INVISIBLE):
        words = ""
    name = _file_name(source)
    if not source:
        context.say("W707", "An image that names no file is left out.")
        return [Text(words)] if words else []
    if _REMOTE.match(source):
        href = address("https:" + source if source.startswith("//") else source)
        context.say(
            "W708", f"The image {short(source)} is on the network: it is imported as a link."
        )
        shown = (Text(words or name),)
        return [*shown] if linked or href is None else [Link(href, shown)]
    if source[:5].lower() == "data:":
        asset = data_uri(source)
        if asset is None:
            context.say(
                "W707",
                "An image inside the text is left out: it is not a PNG, JPEG, GIF or plain SVG.",
            )
    else:
        asset = context.image(source)
    if asset is None:
        return [Text(words)] if words else []
    if not words:
        words = name
        context.say(
            "W708",
            f"The image {short(name)} has no alternative text: the file's name stands there.",
        )
    return [Image(asset, words)]


def _equation(node: Element) -> str | None:
    """Return the LaTeX of an image that is a formula in Canvas."""
    latex = node.get("data-equation-content")
    if latex:
        return latex
    if "equation_image" not in node.get("class").split():
        return None
    source = node.get("src")
    if _EQUATION in source:
        return unquote(unquote(source.partition(_EQUATION)[2].partition("?")[0]))
    title = node.get("title") or node.get("alt").removeprefix("LaTeX:")
    return title.strip() or None


def _file_name(source: str) -> str:
    if source[:5].lower() == "data:":
        return "image"
    path = source.partition("?")[0].partition("#")[0]
    return unquote(path).rstrip("/").rpartition("/")[2] or "image"


def raised(node: Element, *, italic: bool) -> Math | None:
    """Return `sub` or `sup` as a formula where it is a few letters or digits; else None."""
    if any(inner.name not in _PLAIN_MARKS for inner in _descendants(node)):
        return None
    words = visible(node).replace("\u2212", "-").replace("\u2013", "-")
    if not _SIMPLE.fullmatch(words):
        return None
    if not italic:
        words = _UPRIGHT.sub(lambda found: f"\\text{{{found[0]}}}", words)
    latex = f"{'_' if node.name == 'sub' else '^'}{{{words}}}"
    try:
        parse(latex, display=False)
    except MathError:
        return None
    return Math(latex)


def _descendants(node: Element) -> list[Element]:
    found: list[Element] = []
    todo = node.elements
    while todo:
        element = todo.pop()
        found.append(element)
        todo.extend(element.elements)
    return found


def flat(blocks: Sequence[Block]) -> tuple[tuple[Inline, ...], bool]:
    """Return (what blocks say as one line, whether they were more than that)."""
    out: list[Inline] = []
    changed = len(blocks) > 1
    for block in blocks:
        parts, more = _flat_block(block)
        changed = changed or more
        if out and parts:
            out.append(Text(" "))
        out.extend(parts)
    return merged(out), changed


def _flat_block(block: Block) -> tuple[Sequence[Inline], bool]:
    match block:
        case Paragraph():
            return block.children, False
        case Heading():
            return block.children, True
        case CodeBlock():
            lines: list[Inline] = []
            for line in block.text.split("\n"):
                if line.strip():
                    lines += [SoftBreak(), Code(line.strip())] if lines else [Code(line.strip())]
            return lines, True
        case Quote():
            return flat(block.children)[0], True
        case BulletList() | OrderedList():
            return flat([b for entry in block.entries for b in entry])[0], True
        case Table():
            cells = [Paragraph(c) for row in (block.header, *block.rows) for c in row if c]
            return flat(cells)[0], True
        case Rule():
            return (), True
