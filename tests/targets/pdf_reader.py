"""What readers of a PDF find in it: its text, and the tree that screen readers walk."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any, NamedTuple

from pypdf import PdfReader

from coursec.model.quiz import Quiz
from coursec.targets.pdf import emit, typeset


class Tag(NamedTuple):
    """A node of the structure tree."""

    role: str
    node: Any

    def attribute(self, name: str) -> Any:
        found = self.node.get("/A", [])
        for entry in found if isinstance(found, list) else [found]:
            entry = entry.get_object()
            if name in entry:
                return entry[name]
        return None


def pdfs(quiz: Quiz) -> dict[str, bytes]:
    """Set everything a quiz makes, by the files' names."""
    return {paper.path.removeprefix("pdf/"): typeset(paper) for paper in emit(quiz)}


def reader(pdf: bytes) -> PdfReader:
    return PdfReader(BytesIO(pdf))


def pages(pdf: bytes) -> list[str]:
    """Return each page's text, on one line, with one space between words."""
    return [" ".join(page.extract_text().split()) for page in reader(pdf).pages]


def text(pdf: bytes) -> str:
    return " ".join(pages(pdf))


def paper_text(quiz: Quiz) -> str:
    return text(typeset(emit(quiz)[0]))


def key_text(quiz: Quiz) -> str:
    return text(typeset(emit(quiz)[1]))


def tags(pdf: bytes) -> Iterator[Tag]:
    """Yield the structure tree, parents before children, in reading order."""
    root = reader(pdf).trailer["/Root"]["/StructTreeRoot"]  # type: ignore[index]
    todo = [root.get_object()]
    while todo:
        node = todo.pop()
        if "/S" in node:
            yield Tag(node["/S"], node)
        kids = node.get("/K", [])
        kids = [kid.get_object() for kid in (kids if isinstance(kids, list) else [kids])]
        todo.extend(kid for kid in reversed(kids) if isinstance(kid, dict))


def wide(pdf: bytes) -> tuple[float, float]:
    """Return the width and height of the first page in millimetres."""
    box = reader(pdf).pages[0].mediabox
    return float(box.width) / 72 * 25.4, float(box.height) / 72 * 25.4
