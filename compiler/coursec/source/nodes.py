"""YAML as nodes that know their place.

PyYAML's own composer recurses in C and falls over on deep input, resolves `No` to a
boolean and drops duplicate keys. This one is a loop over libyaml's events: it keeps every
scalar as written, limits depth and alias expansion, and reports instead of raising.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from coursec.diagnostics import Diagnostics, Span
from coursec.diagnostics.nearest import did_you_mean
from coursec.source.workspace import CONTROL, SourceFile, describe

MAX_DEPTH = 32
MAX_ALIASED = 10_000
"""Nodes that aliases may add to a file; a long text counts as one for each 64 characters."""

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"[-+]?[0-9]{1,400}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,4})?")


@dataclass(slots=True, eq=False)
class Scalar:
    """A text as written, `plain` when it has no quotes and is no block."""

    value: str
    span: Span
    style: str = ""
    """`` (plain), `'`, `"`, `|` or `>`."""
    offsets: list[int] | None = None
    """Where each character of the value stands in the file, once `places` has found out."""


@dataclass(slots=True, eq=False)
class Sequence:
    """A list."""

    span: Span
    entries: list[Node] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Mapping:
    """A mapping; of a key that stands twice the first value counts."""

    span: Span
    entries: dict[str, Node] = field(default_factory=dict)
    keys: dict[str, Scalar] = field(default_factory=dict)

    def key_span(self, key: str) -> Span:
        """Return the place of a key, or of the mapping when it has none of that name."""
        return self.keys[key].span if key in self.keys else self.head

    @property
    def head(self) -> Span:
        """The place of the first key: a short place for findings about the whole."""
        return next((key.span for key in self.keys.values()), self.span)


Node = Scalar | Sequence | Mapping


class _Composer:
    """Builds nodes from events, without recursion."""

    def __init__(self, file: SourceFile, sink: Diagnostics, line_offset: int) -> None:
        self.file = file
        self.sink = sink
        self.line_offset = line_offset
        self.anchors: dict[str, tuple[Node, int, int]] = {}
        """(node, its size, its depth) by name."""
        self.open: list[tuple[Sequence | Mapping, str | None]] = []
        self.key: list[Scalar | None] = []
        self.sizes: list[int] = []
        self.depths: list[int] = []
        """Depth of what each open node holds so far."""
        self.aliased = 0

    def span(self, event: Any) -> Span:
        start, end = event.start_mark, event.end_mark
        down = self.line_offset + 1
        return Span(
            self.file.path, start.line + down, start.column + 1, end.line + down, end.column + 1
        )

    def compose(self, text: str) -> Node | None:
        root: Node | None = None
        documents = 0
        events: Iterator[Any] = iter(yaml.parse(text, Loader=_LOADER))
        for event in events:
            kind = event.__class__.__name__
            if kind == "ScalarEvent":
                node: Node = self.scalar(event)
                self.remember(event, node, 1 + len(event.value) // 64)
            elif kind == "MappingStartEvent" or kind == "SequenceStartEvent":
                if self.too_deep(event, 1):
                    return None
                self.check_tag(event)
                node = (Mapping if kind == "MappingStartEvent" else Sequence)(self.span(event))
                self.open.append((node, event.anchor))
                self.key.append(None)
                self.sizes.append(1)
                self.depths.append(0)
                continue
            elif kind == "MappingEndEvent" or kind == "SequenceEndEvent":
                node, anchor = self.open.pop()
                self.key.pop()
                size, depth = self.sizes.pop(), self.depths.pop() + 1
                node.span = node.span._replace(
                    end_line=event.end_mark.line + self.line_offset + 1,
                    end_column=event.end_mark.column + 1,
                )
                if anchor:
                    self.anchors[anchor] = (node, size, depth)
                self.grow(size, depth)
            elif kind == "AliasEvent":
                known = self.anchors.get(event.anchor)
                if known is None:
                    self.sink.report(
                        "E103",
                        f"The alias `*{event.anchor}` names nothing that ends before it.",
                        self.span(event),
                        hint="Write the value out.",
                    )
                    return None
                node, size, depth = known
                if self.too_deep(event, depth):
                    return None
                self.aliased += size
                if self.aliased > MAX_ALIASED:
                    self.sink.report(
                        "E106",
                        f"Aliases in this file expand to more than {MAX_ALIASED:,} values.",
                        self.span(event),
                        hint="Write the values out instead of repeating aliases.",
                    )
                    return None
                self.grow(size, depth)
            else:
                if kind == "DocumentStartEvent":
                    documents += 1
                    if documents > 1:
                        self.sink.report(
                            "E111",
                            "A second YAML document begins here; it would be lost.",
                            self.span(event),
                            hint="Delete the line `---`, or put the rest into a file of its own.",
                        )
                        break
                continue
            if self.open:
                self.attach(node, event)
            else:
                root = node
        if root is None:
            self.sink.report(
                "E109",
                "This file holds nothing but comments.",
                self.file.whole,
                hint="Fill or delete it.",
            )
        return root

    def scalar(self, event: Any) -> Scalar:
        span = self.span(event)
        self.check_tag(event)
        value: str = event.value
        if bad := CONTROL.search(value):
            self.sink.report(
                "E110",
                f"This text holds a character that cannot be shown ({describe(bad[0])}).",
                span,
                hint="Delete it: no learning platform can show it.",
            )
            value = CONTROL.sub("", value)
        style = event.style or ""
        return Scalar(value, span, "" if style == "\0" else style)

    def check_tag(self, event: Any) -> None:
        if event.tag is not None and event.tag != "!":
            self.sink.report(
                "E105",
                f"The YAML tag `{event.tag}` is not part of the language.",
                self.span(event),
                hint="Delete the tag.",
            )

    def remember(self, event: Any, node: Node, size: int) -> None:
        if event.anchor:
            self.anchors[event.anchor] = (node, size, 0)
        self.grow(size, 0)

    def grow(self, size: int, depth: int) -> None:
        if self.sizes:
            self.sizes[-1] += size
            self.depths[-1] = max(self.depths[-1], depth)

    def too_deep(self, event: Any, depth: int) -> bool:
        """Report a node of this depth where it would be nested too deeply, through aliases too."""
        if len(self.open) + depth <= MAX_DEPTH:
            return False
        self.sink.report(
            "E107",
            f"Lists and mappings are nested more than {MAX_DEPTH} deep here.",
            self.span(event),
        )
        return True

    def attach(self, node: Node, event: Any) -> None:
        parent = self.open[-1][0]
        if isinstance(parent, Sequence):
            parent.entries.append(node)
            return
        key = self.key[-1]
        if key is None:
            if not isinstance(node, Scalar):
                self.sink.report(
                    "E112",
                    "A key must be a simple word.",
                    self.span(event),
                    hint="Put a text that begins with [ or { in quotes.",
                )
                node = Scalar("", node.span, "complex")
            self.key[-1] = node
            return
        self.key[-1] = None
        name = key.value
        if key.style == "complex":
            return
        if name == "<<" and not key.style:
            self.sink.report(
                "E105",
                "Merge keys (`<<`) are not part of the language.",
                key.span,
                hint="Write the fields out, or set them in course.yaml under `defaults`.",
            )
        elif name in parent.entries:
            first = parent.keys[name].span
            self.sink.report(
                "E104",
                f"The key `{name}` stands twice here; the first is in line {first.line}.",
                key.span,
                hint="Delete one of them.",
            )
        else:
            parent.entries[name] = node
            parent.keys[name] = key


def compose(
    file: SourceFile, sink: Diagnostics, text: str | None = None, *, line_offset: int = 0
) -> Node | None:
    """Parse YAML; mistakes are reported, and a syntax error gives None.

    `text` is a part of the file (its front matter) that begins `line_offset` lines down.
    """
    try:
        return _Composer(file, sink, line_offset).compose(file.text if text is None else text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        if "quoted scalar" in str(getattr(error, "context", "")):
            # The end of the file is where it was noticed, the quotation mark where it began.
            mark = getattr(error, "context_mark", None) or mark
        line = (mark.line if mark else 0) + line_offset + 1
        column = (mark.column if mark else 0) + 1
        message, hint = _explain(error, file, line, column)
        sink.report("E103", message, Span(file.path, line, column, line, column + 1), hint=hint)
        return None


def _explain(error: yaml.YAMLError, file: SourceFile, line: int, column: int) -> tuple[str, str]:
    """Return a sentence and a way out for a syntax error."""
    problem = str(getattr(error, "problem", None) or error)
    lines = file.text.split("\n")
    here = lines[line - 1] if line <= len(lines) else ""
    if "tab" in problem or "\t" in here[: len(here) - len(here.lstrip())]:
        return "A tab is used to indent.", "Indent with spaces."
    if "mapping values are not allowed" in problem:
        return (
            "A colon with a space stands where YAML does not expect one.",
            "Put the text in quotes, or write it as a block after `|`.",
        )
    if "cannot start any token" in problem:
        return (
            f"The sign {here[column - 1 : column]} stands where YAML does not expect it.",
            "Put the text in quotes.",
        )
    if "unexpected end of stream" in problem or "quoted scalar" in problem:
        return "A quotation mark is opened but not closed.", "Close it, or use a block after `|`."
    return f"This is not well-formed YAML: {problem}.", "Look at the indentation here and above."


def data(node: Node) -> Any:
    """Return a node as plain data for the schema check.

    Plain scalars follow YAML's core schema without its surprises: only `true` and `false`
    are booleans, only decimal numbers are numbers. Whatever a field of text finds in here,
    it takes the scalar as written instead.
    """
    if isinstance(node, Mapping):
        return {key: data(value) for key, value in node.entries.items()}
    if isinstance(node, Sequence):
        return [data(entry) for entry in node.entries]
    value = node.value
    if node.style:
        return value
    if value in ("true", "True", "TRUE"):
        return True
    if value in ("false", "False", "FALSE"):
        return False
    if value in ("", "~", "null", "Null", "NULL"):
        return None
    if value[0] in "-+.0123456789":
        if _INTEGER.fullmatch(value):
            number = int(value)
            return number if abs(number) < 1 << 62 else float(number) if len(value) < 300 else value
        if _FLOAT.fullmatch(value):
            real = float(value)
            return real if abs(real) < 1e300 else value
    return value


def children(node: Node) -> Iterator[Node]:
    """Yield a node's direct children."""
    if isinstance(node, Mapping):
        yield from node.entries.values()
    elif isinstance(node, Sequence):
        yield from node.entries


def one_of(word: str, known: list[str]) -> str:
    """Return a hint that names the known word most like `word`, or lists them all."""
    return did_you_mean(word, known) or (
        "Known here: " + ", ".join(f"`{name}`" for name in sorted(known)) + "."
    )
