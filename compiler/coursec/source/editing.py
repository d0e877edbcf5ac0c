"""Changing an item where it stands: its own lines change, every other letter of the file stays.

Every change is checked before it is returned: the new text must say what the old one said, but
for what was to be changed. Where that fails (aliases, comments in odd places) the answer is None,
and the author has to do it by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from coursec.diagnostics import Diagnostics
from coursec.source import layout
from coursec.source.layout import Value
from coursec.source.nodes import Mapping as MappingNode
from coursec.source.nodes import Node, Scalar, compose, data
from coursec.source.nodes import Sequence as SequenceNode
from coursec.source.workspace import SourceFile

_DASH = re.compile(r"\s*-\s+")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")

Path = tuple[str | int, ...]
"""Keys and numbers that lead from the root of a file to a node."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an item stands in a file."""

    path: Path
    node: MappingNode


def find_item(text: str, name: str) -> Place | None:
    """Return where a file's only item of an id stands; None where none or several do."""
    root = _root(text)
    found = [place for place in _items(root, ()) if _id(place.node) == name] if root else []
    return found[0] if len(found) == 1 else None


def item_lines(text: str, name: str) -> tuple[int, int] | None:
    """Return the first and last line of an item, counted from 1.

    None where it does not stand on lines of its own.
    """
    place = find_item(text, name)
    if place is None or _is_flow(text, place.node):
        return None
    lines = text.split("\n")
    first = place.node.head.line
    if not _DASH.fullmatch(lines[first - 1][: place.node.head.column - 1]):
        return None
    return first, _last_line(lines, place.node, place.node.head.column)


def own_text(text: str, name: str) -> str | None:
    """Return an item's lines, as far left as they go."""
    span = item_lines(text, name)
    if span is None:
        return None
    lines = text.split("\n")[span[0] - 1 : span[1]]
    margin = len(lines[0]) - len(lines[0].lstrip(" "))
    if any(line[:margin].strip() for line in lines):
        return None
    return "\n".join(line[margin:] for line in lines) + "\n"


def with_own_text(text: str, name: str, own: str) -> str | None:
    """Return a file's text with an item's lines replaced by others; None where it cannot be.

    `own` is as `own_text` gives it. Nothing but that item changes, or the answer is None; whether
    `own` holds a good item, or an item at all, is not asked here.
    """
    span, place = item_lines(text, name), find_item(text, name)
    if span is None or place is None:
        return None
    lines = text.split("\n")
    first = lines[span[0] - 1]
    margin = first[: len(first) - len(first.lstrip(" "))]
    fresh = [margin + line if line else "" for line in own.removesuffix("\n").split("\n")]
    changed = "\n".join([*lines[: span[0] - 1], *fresh, *lines[span[1] :]])
    before, after = _root(text), _root(changed)
    if before is None or after is None:
        return None
    return changed if _without(before, place.path) == _without(after, place.path) else None


def with_fields(text: str, name: str, changes: Mapping[Path, Value]) -> str | None:
    """Return a file's text with fields of an item set; None where that cannot be done.

    `changes` gives values by the path to them inside the item, such as `("status",)`.
    """
    place = find_item(text, name)
    before = _root(text)
    if place is None or before is None:
        return None
    changed: str | None = text
    for path, value in changes.items():
        changed = _set(changed, name, path, value) if changed is not None else None
    after = _root(changed) if changed is not None else None
    if after is None:
        return None
    expected = data(before)
    item = _at(expected, place.path)
    for path, value in changes.items():
        inner = item
        for step in path[:-1]:
            inner = inner.setdefault(step, {}) if isinstance(inner, dict) else inner[step]
        inner[path[-1]] = _meaning(value)
    return changed if data(after) == expected else None


def encoded(text: str, old: bytes) -> bytes:
    """Return a changed text as bytes; lines that did not change keep theirs, their ends too."""
    mark = "\ufeff" if old.startswith(b"\xef\xbb\xbf") else ""
    raw = _LINE.findall(old.decode("utf-8-sig"))
    bare = [line.rstrip("\r\n") for line in raw]
    fresh = text.split("\n")
    ends_bare = fresh[-1] != ""
    fresh = fresh if ends_bare else fresh[:-1]
    head = 0
    while head < min(len(bare), len(fresh)) and bare[head] == fresh[head]:
        head += 1
    tail = 0
    while tail < min(len(bare), len(fresh)) - head and bare[-1 - tail] == fresh[-1 - tail]:
        tail += 1
    ends = [line[len(line.rstrip("\r\n")) :] for line in raw]
    end = next((e for e in ends[head : len(ends) - tail] if e), next(filter(None, ends), "\n"))
    kept_tail = raw[len(raw) - tail :] if tail else []
    kept_head = raw[:head]
    if kept_head and not kept_head[-1].endswith(("\r", "\n")) and len(fresh) > head:
        kept_head[-1] += end
    middle = [line + end for line in fresh[head : len(fresh) - tail]]
    whole = [*kept_head, *middle, *kept_tail]
    if ends_bare and whole:
        whole[-1] = whole[-1].rstrip("\r\n")
    return (mark + "".join(whole)).encode()


# Looking


def _root(text: str) -> Node | None:
    sink = Diagnostics()
    root = compose(SourceFile("", text), sink)
    return root if not sink.errors else None


def _items(node: Node, path: Path) -> Iterator[Place]:
    """Yield everything in a file that is an item: in a bank, or written into a quiz."""
    if isinstance(node, MappingNode):
        if "id" in node.entries and "type" in node.entries:
            yield Place(path, node)
            return
        for key in ("items", "sections"):
            if key in node.entries:
                yield from _items(node.entries[key], (*path, key))
    elif isinstance(node, SequenceNode):
        for number, entry in enumerate(node.entries):
            yield from _items(entry, (*path, number))


def _id(node: MappingNode) -> str | None:
    name = node.entries.get("id")
    return name.value if isinstance(name, Scalar) else None


def _at(value: Any, path: Path) -> Any:
    for step in path:
        value = value[step]
    return value


def _without(root: Node, path: Path) -> Any:
    """Return what a file says but for the node at a path."""
    value = data(root)
    outer = _at(value, path[:-1])
    outer[path[-1]] = None
    return value


def _meaning(value: Value) -> Any:
    """Return what is read of a value that is written."""
    root = _root(layout.document({"x": value}))
    assert isinstance(root, MappingNode)
    return data(root.entries["x"])


# Changing


def _set(text: str, name: str, path: Path, value: Value) -> str | None:
    place = find_item(text, name)
    if place is None:
        return None
    node: Node = place.node
    for number, step in enumerate(path[:-1]):
        inner: Node | None = None
        if isinstance(node, MappingNode) and isinstance(step, str):
            inner = node.entries.get(step)
            if inner is None:
                return _put(text, node, step, _nested(path[number + 1 :], value))
        elif isinstance(node, SequenceNode) and isinstance(step, int):
            inner = node.entries[step]
        if inner is None or not _within(inner, node):
            return None
        node = inner
    key = path[-1]
    if not isinstance(node, MappingNode) or not isinstance(key, str):
        return None
    return _put(text, node, key, value)


def _nested(path: Path, value: Value) -> Value:
    for step in reversed(path):
        value = {str(step): value}
    return value


def _within(inner: Node, outer: Node) -> bool:
    """Tell whether a node is written inside another one, and not brought in by an alias."""
    a, b = inner.span, outer.span
    return (b.line, b.column) <= (a.line, a.column) and (a.end_line, a.end_column) <= (
        b.end_line,
        b.end_column,
    )


def _is_flow(text: str, node: Node) -> bool:
    """Tell whether a mapping or list stands in brackets."""
    file = SourceFile("", text)
    at = file.offset(node.span.line, node.span.column)
    return not isinstance(node, Scalar) and text[at : at + 1] in ("{", "[")


def _put(text: str, node: MappingNode, key: str, value: Value) -> str | None:
    """Return the text with a key of a mapping set."""
    file = SourceFile("", text)
    old = node.entries.get(key)
    if old is None:
        return _added(file, node, key, value)
    if not _within(old, node):
        return None
    start = file.offset(old.span.line, old.span.column)
    in_line = isinstance(old, Scalar) and old.style not in ("|", ">")
    if _is_flow(text, node) or in_line or _is_flow(text, old):
        end = file.offset(old.span.end_line, old.span.end_column)
        return text[:start] + layout.flow(value) + text[end:]
    head = node.keys[key].span
    begin = file.offset(head.line, head.column)
    last = _last_line(text.split("\n"), old, head.column)
    end = file.starts[last - 1] + len(text.split("\n")[last - 1])
    return text[:begin] + _lines(key, value, head.column - 1).lstrip(" ") + text[end:]


def _added(file: SourceFile, node: MappingNode, key: str, value: Value) -> str:
    """Return the text with a key more: at the end, but `status` before the provenance."""
    text = file.text
    if _is_flow(text, node):
        close = file.offset(node.span.end_line, node.span.end_column) - 1
        before = text[:close].rstrip()
        comma = "" if before.endswith(("{", ",")) else ","
        blank = "" if before.endswith("{") else " "
        return f"{before}{comma}{blank}{key}: {layout.flow(value)}{text[len(before) :]}"
    column = node.head.column
    later = node.keys.get("provenance") if key == "status" else None
    if later is not None and later is not next(iter(node.keys.values())):
        at = file.starts[later.span.line - 1]
        return text[:at] + _lines(key, value, column - 1) + "\n" + text[at:]
    lines = text.split("\n")
    last = _last_line(lines, node, column)
    at = file.starts[last - 1] + len(lines[last - 1])
    return text[:at] + "\n" + _lines(key, value, column - 1) + text[at:]


def _lines(key: str, value: Value, indent: int) -> str:
    return "\n".join(layout.mapping({key: value}, indent))


def _last_line(lines: list[str], node: Node, column: int) -> int:
    """Return the last line that a node fills, comments and empty lines behind it left out."""
    keeps = False
    while not isinstance(node, Scalar):
        inner = list(node.entries.values() if isinstance(node, MappingNode) else node.entries)
        first = lines[node.span.line - 1][node.span.column - 1 : node.span.column]
        if not inner or first in ("{", "["):
            break
        node = inner[-1]
    span = node.span
    last = span.end_line - (span.end_column == 1 and span.end_line > span.line)
    if isinstance(node, Scalar) and node.style in ("|", ">"):
        head = lines[span.line - 1][span.column - 1 :].split("#")[0]
        keeps = "+" in head
    while not keeps and last > span.line:
        line = lines[last - 1]
        comment = line.lstrip().startswith("#") and len(line) - len(line.lstrip()) < column
        if line.strip() and not comment:
            break
        last -= 1
    return last
