"""Moodle XML, as Moodle reads it."""

from __future__ import annotations

from lxml.etree import _Element

from coursec.diagnostics import Diagnostics, Span
from coursec.model.items import Item
from coursec.readers.categories import as_sections, path_parts
from coursec.readers.moodle.question import QuestionReader
from coursec.readers.reading import Reading
from coursec.readers.xml import parse_xml

__all__ = ["read"]


def read(name: str, data: bytes, sink: Diagnostics) -> list[Reading]:
    """Read a file of questions: one quiz, its categories as sections."""
    root = parse_xml(name, data, sink)
    if root is None:
        return []
    if root.tag != "quiz":
        message = f"The file begins with `{root.tag}`, not with `quiz`: it is no Moodle XML."
        sink.report("E702", message, Span(name))
        return []
    found: list[tuple[tuple[str, ...], list[Item]]] = [((), [])]
    for node in root:
        if node.tag != "question":
            continue
        if node.get("type") == "category":
            path = node.findtext("category/text") or ""
            found.append((path_parts(path.strip()), []))
        elif item := _question(node, name, sink):
            found[-1][1].append(item)
    title, sections = as_sections(found)
    return [Reading(name="", title=title, sections=sections, span=Span(name))]


def _question(node: _Element, name: str, sink: Diagnostics) -> Item | None:
    return QuestionReader(node, name, sink).item()
