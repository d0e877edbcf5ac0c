"""Lengths and CSS declarations as math-core writes them."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

_LENGTH = re.compile(r"(-?(?:\d+\.?\d*|\.\d+)(?:[eE]-?\d+)?)([a-z%]*)")

# One rem is the 10 pt of a LaTeX page; an ex is what it is in Computer Modern.
_EM = {"em": 1.0, "rem": 1.0, "ex": 0.43, "": 1.0}

MAX_EM = 100.0
"""No space in a formula is longer, whichever way it points."""


def em(length: str) -> float:
    """A CSS length in em, 0 when it is none; `em`, `rem` and `ex` are what math-core writes."""
    match = _LENGTH.fullmatch(length.strip())
    if match is None:
        return 0.0
    value = float(match[1]) * _EM.get(match[2], 0.0)
    return max(-MAX_EM, min(MAX_EM, value))


def css(element: Element) -> dict[str, str]:
    """The declarations of an element's `style` attribute."""
    style = element.get("style")
    if not style:
        return {}
    pairs = (declaration.partition(":") for declaration in style.split(";"))
    return {name.strip(): value.strip() for name, _, value in pairs if value}
