"""Lectures: front matter and slides, each with a stable reference."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

from coursec.diagnostics import Diagnostics, Span
from coursec.model.quiz import Lecture, Slide
from coursec.source.fields import Fields
from coursec.source.markdown import MarkdownReader, markdown_parser
from coursec.source.nodes import Mapping, compose
from coursec.source.schema import check
from coursec.source.workspace import SourceFile, Workspace

_ID = re.compile(r"[^\W_][\w.-]*")
KINDS = ("agenda", "title", "section")
"""Classes of slides that hold structure and no matter."""


def front_matter(file: SourceFile, sink: Diagnostics) -> tuple[str, int] | None:
    """Return (the YAML between the `---` lines, first line of the rest); None if there is none."""
    lines = file.text.split("\n")
    if lines[0].rstrip() != "---":
        sink.report(
            "E202",
            "This file has no front matter.",
            file.whole,
            hint="Begin it with a line `---`, then `title: …`, then a line `---`.",
        )
        return None
    for number, line in enumerate(lines[1:], 1):
        if line.rstrip() in ("---", "..."):
            return "\n".join(lines[1:number]), number + 1
    sink.report(
        "E103", "The front matter has no end.", file.whole, hint="Close it with a line `---`."
    )
    return None


def read_lecture(name: str, file: SourceFile, workspace: Workspace) -> Lecture | None:
    """Read a lecture; `name` is what slide references begin with."""
    sink = workspace.sink
    before = sink.errors
    head = front_matter(file, sink)
    if head is None:
        return None
    node = compose(file, sink, head[0], line_offset=1) or Mapping(file.whole)
    bad = check(node, "lecture.schema.json", sink)
    if not isinstance(node, Mapping):
        return None
    fields = Fields(node, bad, MarkdownReader(workspace, file, sink))
    abstract, slides = _slides(name, file, head[1], sink)
    if sink.errors > before:
        return None
    return Lecture(
        name=name,
        title=fields.plain("title") or name,
        number=fields.whole("number"),
        abstract=abstract,
        slides=slides,
    )


def _slides(
    name: str, file: SourceFile, first: int, sink: Diagnostics
) -> tuple[str, tuple[Slide, ...]]:
    lines = file.text.split("\n")
    headings = [
        (opening.map, inline.content)
        for opening, inline in pairwise(markdown_parser(False).parse("\n".join(lines[first:])))
        if opening.type == "heading_open" and opening.tag == "h2" and opening.level == 0
    ]
    starts = [span[0] + first for span, _ in headings if span] + [len(lines)]
    slides: dict[str, Slide] = {}
    for (extent, words), end in zip(headings, starts[1:], strict=True):
        assert extent
        number = extent[0] + first + 1
        span = Span(file.path, number, 1, number, len(lines[number - 1]) + 1)
        slide = _slide(words, "\n".join(lines[extent[1] + first : end]).strip("\n"), span, sink)
        if slide.id not in slides:
            slides[slide.id] = slide
            continue
        earlier = slides[slide.id].span
        assert earlier
        sink.report(
            "E506",
            f"`{name}#{slide.id}` is already the slide of line {earlier.line}.",
            span,
            hint="Fix another id behind the heading, such as {#" + slide.id + "-2}.",
        )
    return "\n".join(lines[first : starts[0]]).strip("\n"), tuple(slides.values())


def _slide(words: str, text: str, span: Span, sink: Diagnostics) -> Slide:
    title, _, attributes = words.rpartition("{") if words.endswith("}") else (words, "", "")
    own_id = ""
    kinds = set()
    for word in attributes.removesuffix("}").split():
        if word.startswith("#") and _ID.fullmatch(word[1:]):
            own_id = word[1:]
        elif word.startswith(".") and word[1:] in KINDS:
            kinds.add(word[1:])
        else:
            sink.report(
                "E206",
                f"`{word}` behind this heading is not understood.",
                span,
                hint="Write {#id}, {.agenda}, {.title} or {.section}.",
            )
    title = title.strip()
    return Slide(
        id=own_id or slug(title), title=title, kinds=frozenset(kinds), text=text, span=span
    )


def slug(title: str) -> str:
    """Return a heading's words as an id: lower case, joined by hyphens."""
    folded = unicodedata.normalize("NFKD", title).casefold()
    words = re.findall(r"[^\W_]+", "".join(c for c in folded if not unicodedata.combining(c)))
    return "-".join(words) or "slide"
