"""Elements of a page, built as a tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import html

if TYPE_CHECKING:
    from lxml.etree import _Element


def tag(name: str, /, *content: _Element | str, **attributes: str | None) -> _Element:
    """Return an element; `class_` is `class`, `aria_label` is `aria-label`, None is left out."""
    element: _Element = html.Element(name)
    for key, value in attributes.items():
        if value is not None:
            element.set(key.rstrip("_").replace("_", "-"), value)
    for part in content:
        if not isinstance(part, str):
            element.append(part)
        elif len(element):
            element[-1].tail = (element[-1].tail or "") + part
        else:
            element.text = (element.text or "") + part
    return element
