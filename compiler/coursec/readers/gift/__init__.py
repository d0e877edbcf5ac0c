"""GIFT, as Moodle reads it. Rule numbers are those of Moodle's reader as observed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Final

from coursec.diagnostics import Diagnostics, Span
from coursec.model.items import Item
from coursec.readers.categories import as_sections, path_parts
from coursec.readers.gift.block import Block, blocks_of
from coursec.readers.gift.lines import decoded
from coursec.readers.gift.question import read_question
from coursec.readers.reading import Reading

__all__ = ["read"]

_MOST: Final = 50_000
"""Questions of one file."""
_CATEGORY = "$CATEGORY:"
_BEGINNINGS = ("::", _CATEGORY)


def read(name: str, data: bytes, sink: Diagnostics) -> list[Reading]:
    """Return what is in a file as one quiz, its categories as sections.

    A question that Moodle would refuse or misread is left out and said; the others stay.
    """
    text = decoded(name, data, sink)
    if text is None:
        return []
    found: list[tuple[tuple[str, ...], list[Item]]] = [((), [])]
    blocks = list(blocks_of(text, name))
    if len(blocks) > _MOST:
        message = f"The file holds more than {_MOST:,} questions: the rest is left out."
        sink.report("W706", message, blocks[_MOST].span(), hint="Split it.")
        del blocks[_MOST:]
    at = 0
    while at < len(blocks):
        block = blocks[at]
        if block.lines[0].startswith(_CATEGORY):
            path = _category(block, sink)
            if path != found[-1][0]:
                found.append((path, []))
        elif pieces := _torn(blocks, at):
            _say_torn(blocks[at : at + pieces], sink)
            at += pieces - 1
        elif item := read_question(block, sink):
            found[-1][1].append(item)
        at += 1
    title, sections = as_sections(found)
    return [Reading(name="", title=title, sections=sections, span=Span(name))]


def _category(block: Block, sink: Diagnostics) -> tuple[str, ...]:
    """Return the parts of a category's path (rule 23)."""
    if len(block.lines) > 1:
        message = "The text right below a category is left out: Moodle makes it the category's."
        hint = "Put a blank line below the category."
        sink.report("W706", message, block.span(1), hint=hint)
    return path_parts(block.lines[0].removeprefix(_CATEGORY).strip())


def _torn(blocks: Sequence[Block], at: int) -> int:
    """Return how many blocks a question fills whose braces hold blank lines; 0 if it is whole."""
    text = blocks[at].piece.text
    if "{" not in text or "}" in text:
        return 0
    for number, block in enumerate(islice(blocks, at + 1, None), 2):
        text = block.piece.text
        if block.lines[0].startswith(_BEGINNINGS):
            return 0
        opened, closed = text.find("{"), text.find("}")
        if closed >= 0 and not 0 <= opened < closed:
            return number
        if opened >= 0:
            return 0
    return 0


def _say_torn(blocks: Sequence[Block], sink: Diagnostics) -> None:
    """Rules 2 and 4: a blank line, or a line that is just 0, ends a question."""
    first, last = blocks[0], blocks[-1]
    lines = f"{first.numbers[0]} to {last.numbers[-1]}"
    message = f"Lines {lines} are left out: a blank line, or just 0, stands inside the answers."
    hint = "Delete the blank line, or write it as \\n."
    sink.report("W706", message, first.span(), hint=hint, item=first.id or None)
