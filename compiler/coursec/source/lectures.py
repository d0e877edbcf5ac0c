"""Lectures: front matter and slides, each with a stable reference."""

from __future__ import annotations

import re
import unicodedata

from coursec.diagnostics import Diagnostics, Span
from coursec.model.quiz import Lecture, Slide
from coursec.source.fields import Fields
from coursec.source.markdown import MarkdownReader
from coursec.source.nodes import Mapping, compose
from coursec.source.schema import check
from coursec.source.workspace import SourceFile, Workspace

_HEADING = re.compile(r"##(?!#)\s+(?P<title>.*?)\s*(?:\{(?P<attributes>[^{}]*)\})?\s*#*\s*")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_ID = re.compile(r"[A-Za-z0-9][\w.-]*")
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
    slides: dict[str, Slide] = {}
    body: list[str] = []
    abstract = ""
    open_slide: Slide | None = None
    fence = ""

    def close() -> None:
        nonlocal abstract
        text = "\n".join(body).strip("\n")
        if open_slide is None:
            abstract = text
        elif open_slide.id in slides:
            earlier = slides[open_slide.id].span
            assert open_slide.span
            assert earlier
            sink.report(
                "E506",
                f"`{name}#{open_slide.id}` is already the slide of line {earlier.line}.",
                open_slide.span,
                hint="Fix another id behind the heading, such as {#" + open_slide.id + "-2}.",
            )
        else:
            slides[open_slide.id] = Slide(
                id=open_slide.id,
                title=open_slide.title,
                kinds=open_slide.kinds,
                text=text,
                span=open_slide.span,
            )
        body.clear()

    for number, line in enumerate(lines[first:], first + 1):
        mark = _FENCE.match(line)
        if mark and not fence:
            fence = mark[1]
        elif fence and line.strip().startswith(fence) and not line.strip().strip(fence[0]):
            fence = ""
        heading = None if fence else _HEADING.fullmatch(line)
        if heading is None:
            body.append(line)
            continue
        close()
        span = Span(file.path, number, 1, number, len(line) + 1)
        open_slide = _slide(heading["title"], heading["attributes"] or "", span, sink)
    close()
    return abstract, tuple(slides.values())


def _slide(title: str, attributes: str, span: Span, sink: Diagnostics) -> Slide:
    own_id = ""
    kinds = set()
    for word in attributes.split():
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
    return Slide(id=own_id or slug(title), title=title, kinds=frozenset(kinds), span=span)


def slug(title: str) -> str:
    """Return a heading's words as an id: lower case, joined by hyphens."""
    folded = unicodedata.normalize("NFKD", title).casefold()
    words = re.findall(r"[^\W_]+", "".join(c for c in folded if not unicodedata.combining(c)))
    return "-".join(words) or "slide"
