"""What a question shows and asks, in its order."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from typing import Literal

from lxml.etree import _Element

from coursec.model.text import RichText
from coursec.readers.qti12.material import RESPONSES, piece
from coursec.readers.qti12.source import LeftOutError, Source
from coursec.readers.xml import local

Kind = Literal["choice", "order", "text", "number", "group", "place"]

_MOST_LABELS = 500
_MOST_RESPONSES = 200
_SKIPPED = frozenset(("response_extension", "itemproc_extension", "qticomment"))


@dataclass(frozen=True, slots=True)
class Label:
    """One choice."""

    ident: str
    html: str
    node: _Element = field(repr=False)

    @property
    def fixed(self) -> bool:
        """Whether it keeps its place."""
        return (self.node.get("rshuffle") or "Yes").lower() == "no"


@dataclass(slots=True)
class Response:
    """Something that is to be answered."""

    ident: str
    kind: Kind
    node: _Element = field(repr=False)
    several: bool = False
    """Whether several choices can be made."""
    html: str = ""
    """What stands before its choices or its field."""
    labels: list[Label] = field(default_factory=list)
    shuffle: bool | None = None
    numeric: bool = False
    """Whether a number is to be typed."""
    lines: int | None = None
    extended: bool = False
    """Whether it is shown in a way that the standard does not know."""
    texts: dict[str, RichText] = field(default_factory=dict, repr=False)
    """Texts of its choices as far as they were read."""

    def label(self, ident: str) -> Label:
        """Return the choice of an identifier."""
        return next(label for label in self.labels if label.ident == ident)


@dataclass(slots=True)
class Presentation:
    """What a question shows."""

    pieces: list[str | Response] = field(default_factory=list)
    """HTML, and what is to be answered between it."""
    rights: list[str] = field(default_factory=list)
    """The right sides of pairs where they stand apart."""

    @property
    def responses(self) -> list[Response]:
        """All that is to be answered."""
        return [piece for piece in self.pieces if isinstance(piece, Response)]

    @property
    def html(self) -> str:
        """All that is shown."""
        return "".join(piece for piece in self.pieces if isinstance(piece, str))

    @property
    def within(self) -> bool:
        """Whether text stands behind something that is to be answered."""
        asked = False
        for part in self.pieces:
            if isinstance(part, Response):
                asked = True
            elif asked and shows(part):
                return True
        return False


def shows(html: str) -> bool:
    """Tell whether a piece of HTML shows anything."""
    bare = html.replace("<div>", "").replace("</div>", "").replace("<br>", "")
    return bool(bare.strip())


def read_presentation(source: Source, *, pairs: bool) -> Presentation:
    """Return what a question shows; `pairs` says that premises stand beside their responses."""
    found = Presentation()
    node = source.item.find("{*}presentation")
    if node is not None:
        _walk(node, source, found, pairs)
    if len(found.responses) > _MOST_RESPONSES:
        raise LeftOutError(f"it asks for more than {_MOST_RESPONSES} things")
    return found


def _walk(node: _Element, source: Source, found: Presentation, pairs: bool) -> None:
    for child in node:
        if not isinstance(child.tag, str):
            continue
        name = local(child)
        if name in RESPONSES:
            found.pieces.append(_response(child, name, source))
        elif name == "flow":
            block = (child.get("class") or "").upper()
            if pairs and block == "RIGHT_MATCH_BLOCK":
                found.rights += [source.html(right) for right in child.iterchildren("{*}flow")]
                continue
            inner = Presentation()
            _walk(child, source, inner, pairs)
            if pairs and block == "RESPONSE_BLOCK":
                found.pieces += inner.responses
            else:
                found.pieces += ["<div>", *inner.pieces, "</div>"] if inner.pieces else []
            found.rights += inner.rights
        elif name not in _SKIPPED:
            html = "".join(piece(child, source.tell))
            found.pieces += [html] if html else []


_KINDS: dict[str, Kind] = {
    "response_lid": "choice",
    "response_str": "text",
    "response_num": "number",
    "response_grp": "group",
    "response_xy": "place",
}
_NUMERIC = frozenset(("integer", "decimal", "scientific"))


_TEXT_ONLY = frozenset(
    ("fill_in_multiple_blanks_question", "multiple_dropdowns_question", "matching_question")
)
"""Canvas's questions whose labels are texts, in which a tag is no tag."""


def _label_html(node: _Element, source: Source) -> str:
    if source.canvas in _TEXT_ONLY:
        texts = list(node.iter("{*}mattext"))
        if [(text.get("texttype") or "").lower() for text in texts] == ["text/plain"]:
            return escape(texts[0].text or "")
    return source.html(node)


def _response(node: _Element, name: str, source: Source) -> Response:
    cardinality = (node.get("rcardinality") or "Single").lower()
    kind = _KINDS[name]
    labels = [
        Label((n.get("ident") or "").strip(), _label_html(n, source), n)
        for n in node.iter("{*}response_label")
    ]
    if len(labels) > _MOST_LABELS:
        raise LeftOutError(f"it has more than {_MOST_LABELS} choices")
    if kind == "group" and labels and cardinality == "single":
        kind = "choice"  # a row of pairs
    render = next(node.iter("{*}render_choice"), None)
    fib = next(node.iter("{*}render_fib"), None)
    if kind == "choice" and cardinality == "ordered":
        kind = "order"
    if kind == "choice" and fib is not None and not labels:
        kind = "text"
    written = None if render is None else render.get("shuffle")
    fibtype = "" if fib is None else (fib.get("fibtype") or "").lower()
    rows = "" if fib is None else (fib.get("rows") or "").strip()
    return Response(
        ident=(node.get("ident") or node.get("respident") or "").strip(),
        kind=kind,
        node=node,
        several=cardinality == "multiple",
        html=source.html(node),
        labels=labels,
        shuffle=None if written is None else written.lower() == "yes",
        numeric=kind == "number" or fibtype in _NUMERIC,
        lines=int(rows) if rows.isdecimal() and 1 < int(rows[:4]) <= 200 else None,
        extended=next(node.iter("{*}render_extension", "{*}render_slider"), None) is not None,
    )
