"""What is to be answered: choices, and fields to type into."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml.etree import _Element

from coursec.readers.qti12.source import Source
from coursec.readers.xml import local


@dataclass(frozen=True, slots=True)
class Label:
    """One choice."""

    ident: str
    html: str


@dataclass(frozen=True, slots=True)
class Response:
    """One response of a question."""

    ident: str
    kind: str
    """`choice`, `ordered`, `text` or `number`; anything else cannot be read."""
    several: bool = False
    head: str = ""
    """What stands before its choices, as HTML."""
    labels: list[Label] = field(default_factory=list)
    shuffle: bool | None = None


def responses_of(item: _Element, source: Source) -> list[Response]:
    """Return a question's responses in their order."""
    presentation = item.find("{*}presentation")
    if presentation is None:
        return []
    names = ("{*}response_lid", "{*}response_str", "{*}response_num", "{*}response_grp")
    return [_response(node, source) for node in presentation.iter(*names, "{*}response_xy")]


def _response(node: _Element, source: Source) -> Response:
    ident = (node.get("ident") or "").strip()
    cardinality = (node.get("rcardinality") or "Single").lower()
    match local(node):
        case "response_lid":
            kind = "ordered" if cardinality == "ordered" else "choice"
        case "response_str":
            kind = "text"
        case "response_num":
            kind = "number"
        case other:
            kind = other
    labels = []
    for label in node.iter("{*}response_label"):
        html = source.html(label)
        if html.strip() or kind == "choice":
            name = (label.get("ident") or "").strip()
            labels.append(Label(name, html))
    render = node.find("{*}render_choice")
    written = None if render is None else render.get("shuffle")
    shuffle = None if written is None else written.lower() == "yes"
    head = "".join(source.html(child) for child in [node]) if kind == "choice" else ""
    return Response(ident, kind, cardinality == "multiple", head, labels, shuffle)
