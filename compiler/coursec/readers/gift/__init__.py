"""GIFT, as Moodle reads it. Rule numbers are those of Moodle's reader as observed."""

from __future__ import annotations

import re

from coursec.diagnostics import Diagnostics, Span
from coursec.model.items import Item
from coursec.readers.categories import as_sections, path_parts
from coursec.readers.gift.block import Block, blocks_of
from coursec.readers.gift.question import read_question
from coursec.readers.reading import Reading

__all__ = ["read"]

_CATEGORY = re.compile(r"\$CATEGORY:\s*(.*)", re.DOTALL)


def read(name: str, data: bytes, sink: Diagnostics) -> list[Reading]:
    """Read a file of questions: one quiz, its categories as sections."""
    text = decoded(name, data, sink)
    if text is None:
        return []
    found: list[tuple[tuple[str, ...], list[Item]]] = [((), [])]
    for block in blocks_of(text, name):
        if category := _CATEGORY.match(block.text):
            line, *rest = category[1].split("\n")
            found.append((path_parts(line.strip()), []))
            if rest:  # rule 3: no blank line stands between them
                message = "The text right below a category belongs to no question in Moodle."
                hint = "Put a blank line below the category."
                sink.report("W706", message, block.span, hint=hint)
            continue
        if item := _read(block, sink):
            found[-1][1].append(item)
    title, sections = as_sections(found)
    return [Reading(name="", title=title, sections=sections, span=Span(name))]


def _read(block: Block, sink: Diagnostics) -> Item | None:
    return read_question(block, sink)


def decoded(name: str, data: bytes, sink: Diagnostics) -> str | None:
    """Return a file's text; None, and a finding, where it is not UTF-8 (rule 5)."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        sink.report(
            "E701",
            "The file is not UTF-8 text.",
            Span(name, line, 1, line, 1),
            hint="Save it as UTF-8.",
        )
        return None
    if "\0" in text:
        sink.report("E701", "The file is not text.", Span(name), hint="Save it as UTF-8.")
        return None
    return text.replace("\r\n", "\n").replace("\r", "\n")
