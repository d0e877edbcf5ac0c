"""What an item takes from elsewhere: texts of other files, and images written as objects."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Final

from lxml.etree import Element, _Element

from coursec.readers.qti21.names import put_in_place, rename, take_out
from coursec.readers.xml import line_of, local, text_of

Find = Callable[[str, int], _Element | None]
"""(address, line) to the root of another XML file, whose images have addresses from the top."""

_MOST_FILES: Final = 8
"""Files that one item may take in."""
_MOST_ELEMENTS: Final = 20_000
"""Elements of a file that is taken in."""
_IMAGES = (".png", ".jpg", ".jpeg", ".gif", ".svg")


def take_in(item: _Element, find: Find) -> None:
    """Put the texts of other files where an item names them; `find` says what is not there."""
    body = item.find("{*}itemBody")
    if body is None:
        return
    left = _MOST_FILES
    for node in list(item.iterchildren("{*}assessmentStimulusRef")):
        root = find(node.get("href", ""), line_of(node)) if left else None
        left = max(left - 1, 0)
        if root is not None and _fits(root):
            stimulus = Element("div", {"class": "stimulus"})
            stimulus.extend(_content(root))
            body.insert(0, stimulus)
            stimulus.tail, body.text = body.text, None
    for node in list(body.iter("{*}include")):
        root = find(node.get("href", ""), line_of(node)) if left else None
        left = max(left - 1, 0)
        if root is None or not _fits(root):
            take_out(node)
        else:
            put_in_place(node, _content(root))


def _fits(root: _Element) -> bool:
    return sum(1 for _ in root.iter()) <= _MOST_ELEMENTS


def _content(root: _Element) -> list[_Element]:
    """Return a copy of what a file shows; what it takes in itself is left out."""
    copy = deepcopy(root)
    rename(copy)
    for node in list(copy.iter("{*}include")):
        take_out(node)
    if local(copy) == "assessmentStimulus":
        inner = copy.find("{*}stimulusBody")
        if inner is None:
            return []
        copy = inner
        copy.tag = "div"
    elif local(copy) in {"html", "body"}:
        found = copy.find(".//{*}body")
        copy = copy if found is None else found
        copy.tag = "div"
    copy.tail = None
    return [copy]


def objects_as_images(root: _Element) -> None:
    """Make each object that is an image an `img`; what it shows instead is its alternative."""
    for node in list(root.iter("{*}object")):
        address = node.get("data", "")
        kind = node.get("type", "")
        if not (kind.startswith("image/") or address.lower().endswith(_IMAGES)):
            continue
        parent = node.getparent()
        if parent is not None and local(parent).endswith(("Interaction", "Stage")):
            continue  # the picture that an interaction works on
        image = Element("img", src=address, alt=" ".join(text_of(node).split()))
        put_in_place(node, [image])
