"""A question's element, and what every type has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from lxml.etree import _Element

from coursec.diagnostics import Diagnostics
from coursec.model.items import Feedback
from coursec.model.text import RichText
from coursec.readers.markup import Element, outer_language, visible
from coursec.readers.moodle.refused import refuse_more
from coursec.readers.moodle.shares import share_of
from coursec.readers.moodle.source import HTML, Source, decimal
from coursec.readers.reading import from_labels

_UNIT = re.compile(r"\[(.*)\]", re.DOTALL)
_PARTS = {
    "answer": "answers",
    "subquestion": "pairs",
    "hint": "hints",
    "selectoption": "words",
    "dragbox": "words",
}


class Question:
    """One question while it is read."""

    def __init__(self, node: _Element, name: str, sink: Diagnostics) -> None:
        self.node = node
        self.source = Source(node, name, sink)

    @property
    def kind(self) -> str:
        """Moodle's name of the type."""
        return (self.node.get("type") or "").strip()

    def refuse_too_many(self) -> None:
        """Raise RefusedError for a question with more parts than anybody answers."""
        for name, noun in _PARTS.items():
            refuse_more(len(self.node.findall(name)), noun)

    def common(self) -> dict[str, Any]:
        """Return the fields that every type has, but for the text."""
        source = self.source
        title = source.title if source.title != source.id else ""
        return {
            "id": source.id,
            "title": title or None,
            "points": source.points(),
            "hints": tuple(filter(None, map(self._hint, self.node.iterfind("hint")))),
            "span": source.span,
            **from_labels(filter(None, map(source.raw, self.node.iterfind("tags/tag")))),
        }

    def asked(self) -> dict[str, Any]:
        """Return the fields that every type has, and the text as the stem."""
        language, stem = self.stem()
        return {**self.common(), "stem": stem, "language": language}

    def _hint(self, node: _Element) -> RichText:
        old = node.find("hintcontent")
        return self.source.text(node if old is None else old)

    def stem(self) -> tuple[str | None, RichText]:
        """Return (the language that the text is marked with, the question text)."""
        node = self.node.find("questiontext")
        if self.source.format_of(node) != HTML:
            return None, self.source.text(node)
        language, root = outer_language(self.source.raw(node))
        return language, self.source.reader(node).element(self._without_unit(root))

    def _without_unit(self, root: Element) -> Element:
        """Return a text without its last paragraph where that only repeats the unit."""
        unit = self.unit()
        elements = root.elements
        if unit and elements and elements[-1].get("class") == "unit":
            match = _UNIT.fullmatch(visible(elements[-1]))
            if match and match[1] == unit:
                root.children.remove(elements[-1])
        return root

    def unit(self) -> str | None:
        """Return the unit of a number: the first whose factor is 1, which is the usual one."""
        for node in self.node.iterfind("units/unit"):
            factor = decimal((node.findtext("multiplier") or "1").strip())
            if factor == 1:
                return " ".join((node.findtext("unit_name") or "").split()) or None
        return None

    def feedback(self) -> Feedback:
        """Return the feedback on the whole."""
        find, optional = self.node.find, self.source.optional
        return Feedback(
            general=optional(find("generalfeedback")),
            correct=optional(find("correctfeedback")),
            partial=optional(find("partiallycorrectfeedback")),
            incorrect=optional(find("incorrectfeedback")),
        )

    def general(self) -> Feedback:
        """Return the feedback of a type that has none for its result."""
        return Feedback(general=self.source.optional(self.node.find("generalfeedback")))

    def answers(self) -> Iterator[tuple[_Element, Decimal]]:
        """Yield (answer, share of the points). Raises RefusedError."""
        for node in self.node.iterfind("answer"):
            written = (node.get("fraction") or "0").strip()
            yield node, share_of(written, self.source.tell)

    def said(self, node: _Element) -> RichText | None:
        """Return the feedback on an answer."""
        return self.source.optional(node.find("feedback"))
