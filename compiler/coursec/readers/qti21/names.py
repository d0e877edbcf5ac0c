"""QTI 3 under the names of QTI 2: the newer version is the older one renamed."""

from __future__ import annotations

import re

from lxml.etree import _Element

from coursec.readers.xml import local

_DASHED = re.compile(r"-([a-z0-9])")
_IRREGULAR = {"durationLt": "durationLT", "durationGte": "durationGTE"}
_FREE = ("data-", "aria-")


def rename(root: _Element) -> None:
    """Give the elements and attributes of QTI 3 the names that QTI 2 has for them."""
    for node in root.iter():
        if not local(node).startswith("qti-"):
            continue
        name = _camel(local(node).removeprefix("qti-"))
        name = _IRREGULAR.get(name, name)
        namespace = str(node.tag).rpartition("}")[0]
        node.tag = f"{namespace}}}{name}" if namespace else name
        for key, value in list(node.attrib.items()):
            key = str(key)
            if "-" in key and not key.startswith(("{", *_FREE)):
                del node.attrib[key]
                node.set(_camel(key), str(value))
    for node in list(root.iter("{*}contentBody")):
        unwrap(node)


def _camel(dashed: str) -> str:
    return _DASHED.sub(lambda found: found[1].upper(), dashed)


def take_out(node: _Element) -> None:
    """Take an element out of its parent; the text behind it stays."""
    put_in_place(node, [])


def put_in_place(node: _Element, others: list[_Element]) -> None:
    """Put elements in the place of another; the text behind it stays behind them."""
    parent = node.getparent()
    if parent is None:
        return
    tail = node.tail
    node.tail = None
    at = parent.index(node)
    parent.remove(node)
    for offset, other in enumerate(others):
        parent.insert(at + offset, other)
    _append_text(parent, at + len(others), tail)


def unwrap(node: _Element) -> None:
    """Put what is in an element in its place."""
    parent = node.getparent()
    if parent is None:
        return
    at = parent.index(node)
    _append_text(parent, at, node.text)
    node.text = None
    put_in_place(node, list(node))


def _append_text(parent: _Element, at: int, text: str | None) -> None:
    """Append a text in front of the child at a position."""
    if not text:
        return
    if at == 0:
        parent.text = (parent.text or "") + text
    else:
        before = parent[at - 1]
        before.tail = (before.tail or "") + text
