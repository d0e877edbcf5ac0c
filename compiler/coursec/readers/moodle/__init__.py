"""Moodle XML, as Moodle reads it; rule numbers are those of its reader as observed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from lxml.etree import _Element

from coursec.diagnostics import Diagnostics, Span
from coursec.model.items import Item
from coursec.readers.categories import as_sections, path_parts
from coursec.readers.moodle.choices import read_choice, read_true_false
from coursec.readers.moodle.essays import read_description, read_essay
from coursec.readers.moodle.gaps import read_cloze, read_words
from coursec.readers.moodle.pairs import read_matching, read_ordering
from coursec.readers.moodle.question import Question
from coursec.readers.moodle.refused import RefusedError
from coursec.readers.moodle.typed import read_numeric, read_short
from coursec.readers.reading import Reading
from coursec.readers.xml import parse_xml

__all__ = ["read"]

_READERS: Final[dict[str, Callable[[Question], Item]]] = {
    "multichoice": read_choice,
    "truefalse": read_true_false,
    "shortanswer": read_short,
    "numerical": read_numeric,
    "matching": read_matching,
    "match": read_matching,
    "ordering": read_ordering,
    "essay": read_essay,
    "description": read_description,
    "cloze": read_cloze,
    "multianswer": read_cloze,
    "gapselect": read_words,
    "ddwtos": read_words,
}


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
    for node in root.iterchildren("question"):
        if node.get("type") == "category":
            path = node.findtext("category/text") or ""
            found.append((path_parts(path.strip()), []))
        elif item := _item(node, name, sink):
            found[-1][1].append(item)
    title, sections = as_sections(found)
    return [Reading(name="", title=title, sections=sections, span=Span(name))]


def _item(node: _Element, name: str, sink: Diagnostics) -> Item | None:
    """Return the item of a question; None, and W706, where it is left out."""
    question = Question(node, name, sink)
    read_type = _READERS.get(question.kind)
    if read_type is None:
        kind = f"`{question.kind[:40]}` is no type that the language has"
        question.source.leave_out(kind if question.kind else "it has no type")
        return None
    if question.source.value("hidden") == "1":
        question.source.leave_out("it is hidden in Moodle")
        return None
    try:
        question.refuse_too_many()
        return read_type(question)
    except RefusedError as refused:
        question.source.leave_out(str(refused), refused.hint)
        return None
