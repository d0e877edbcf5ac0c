"""The file of a quiz's drafts: new items take their places, nothing that is there is touched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from coursec.diagnostics import Diagnostics
from coursec.source.layout import Value, bank
from coursec.source.nodes import Mapping as MappingNode
from coursec.source.nodes import Scalar, compose, data
from coursec.source.nodes import Sequence as SequenceNode
from coursec.source.workspace import SourceFile

Entry = dict[str, Value]


def file_of(quiz: str) -> str:
    """Return the course path of a quiz's drafts."""
    return f"items/{quiz}-drafts.yaml"


def with_items(
    text: str | None, new: Mapping[str, Entry], order: Sequence[str], quiz: str
) -> str | None:
    """Return a file's text with new items in it; `text` None is a file that is not there.

    `order` names the ids of all items that were planned: a new one is put before the next of
    them that stands there, else at the end, so that a run that was interrupted and went on
    leaves the same file as one that was not. What people wrote stays as it is, letter by
    letter. None where that cannot be done: the file is no bank, or is laid out in braces.
    """
    if text is None or not text.strip():
        head = (
            f"# Drafts for the quiz `{quiz}`, by `coursec draft`. None is built before a person\n"
            f"# approves it: coursec review {quiz}\n"
        )
        return head + bank([new[name] for name in _sorted(new, order)])
    ends = "\r\n" if "\r\n" in text else "\n"
    whole = text.replace("\r\n", "\n")
    for name in reversed(_sorted(new, order)):
        changed = _put(whole, new[name], name, order)
        if changed is None or not _only_added(whole, changed, name):
            return None
        whole = changed
    return whole.replace("\n", ends)


def _sorted(new: Mapping[str, Entry], order: Sequence[str]) -> list[str]:
    places = {name: at for at, name in enumerate(order)}
    return sorted(new, key=lambda name: places.get(name, len(places)))


def _put(text: str, entry: Entry, name: str, order: Sequence[str]) -> str | None:
    items = _items(text)
    if items is None:
        return None
    lines = text.rstrip("\n").split("\n")
    later = set(order[order.index(name) + 1 :]) if name in order else set()
    before = next((line for other, line in items if other in later), None)
    indent = _indent(lines, items)
    if indent is None:
        return None
    block = [" " * indent + line[2:] if line else "" for line in bank([entry]).split("\n")[1:-1]]
    if before is None:
        if lines == ["items: []"]:
            lines = ["items:"]
        return "\n".join([*lines, *([""] if items else []), *block]) + "\n"
    at = before - 1
    while at > 0 and lines[at - 1].lstrip().startswith("#"):
        at -= 1  # a comment above an item belongs to it
    if at == 0:
        return None
    return "\n".join([*lines[:at], *block, "", *lines[at:]]) + "\n"


def _indent(lines: Sequence[str], items: Sequence[tuple[str, int]]) -> int | None:
    """Return the column of the dashes; None where an item has none of its own."""
    if not items:
        return 2
    found = {
        len(line) - len(line.lstrip(" "))
        for line in (lines[number - 1] for _, number in items)
        if line.lstrip(" ").startswith("- ")
    }
    whole = all(lines[number - 1].lstrip(" ").startswith("- ") for _, number in items)
    return found.pop() if whole and len(found) == 1 else None


def _items(text: str) -> list[tuple[str, int]] | None:
    """Return (id, line of its dash) of each item; None where the text is no bank."""
    root = _root(text)
    if root is None:
        return None
    entries = root.entries["items"]
    if isinstance(entries, Scalar) and not entries.value.strip():
        return []
    if not isinstance(entries, SequenceNode) or list(root.entries)[-1] != "items":
        return None
    found = []
    for entry in entries.entries:
        if not isinstance(entry, MappingNode):
            return None
        name = entry.entries.get("id")
        found.append((name.value if isinstance(name, Scalar) else "", entry.head.line))
    return found


def _root(text: str) -> MappingNode | None:
    root = compose(SourceFile("drafts.yaml", text), Diagnostics())
    return root if isinstance(root, MappingNode) and "items" in root.entries else None


def _only_added(before: str, after: str, name: str) -> bool:
    """Tell whether a text says what it said before, and one item more."""
    old, new = _root(before), _root(after)
    if old is None or new is None:
        return False
    was: Any = data(old)
    now: Any = data(new)
    rest = [item for item in now["items"] or [] if item.get("id") != name]
    return {**now, "items": rest} == {**was, "items": was["items"] or []} and any(
        item.get("id") == name for item in now["items"]
    )
