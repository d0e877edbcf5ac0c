"""What the look of an element says: stress that counts, and what is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator

from coursec.model.text import Alignment
from coursec.readers.element import Element

_DECLARATION = re.compile(r"\s*([a-z-]+)\s*:\s*([^;]*)", re.IGNORECASE)

_LOST_TAGS = {
    "u": "underlining",
    "ins": "underlining",
    "s": "striking out",
    "strike": "striking out",
    "del": "striking out",
    "mark": "highlighting",
    "font": "fonts or colours",
    "big": "sizes",
    "small": "sizes",
    "center": "alignment",
}


def style(element: Element) -> dict[str, str]:
    """Return an element's CSS declarations, names and values in lower case."""
    source = element.get("style")
    if not source:
        return {}
    parts = (_DECLARATION.match(part) for part in source.split(";"))
    return {m[1].lower(): m[2].strip().lower() for m in parts if m}


def hidden(element: Element) -> bool:
    """Tell whether an element is not shown."""
    if "hidden" in element.attributes:
        return True
    css = style(element)
    return css.get("display") == "none" or css.get("visibility") == "hidden"


def strong(css: dict[str, str]) -> bool:
    """Tell whether a style makes text bold."""
    weight = css.get("font-weight", "")
    return weight in ("bold", "bolder") or (weight.isdigit() and int(weight[:4]) >= 600)


def stressed(css: dict[str, str]) -> bool:
    """Tell whether a style makes text italic."""
    return css.get("font-style", "").startswith(("italic", "oblique"))


def alignment(element: Element) -> Alignment:
    """Return the alignment of a cell."""
    match style(element).get("text-align") or element.get("align").lower():
        case "left" | "start":
            return "left"
        case "center" | "middle":
            return "center"
        case "right" | "end":
            return "right"
        case _:
            return ""


def lost(element: Element, css: dict[str, str]) -> Iterator[str]:
    """Yield the names of what an element's look says and rich text cannot."""
    if name := _LOST_TAGS.get(element.name):
        yield name
    if not css and not (element.get("align") or element.get("bgcolor") or element.get("color")):
        return
    if any(key in css for key in ("color", "background", "background-color")):
        if css.get("color", "inherit") not in ("inherit", "black", "#000000", "#000") or any(
            css.get(key, "none") not in ("none", "inherit", "transparent", "white", "#ffffff")
            for key in ("background", "background-color")
        ):
            yield "colours"
    elif element.get("bgcolor") or (element.get("color") and element.name != "font"):
        yield "colours"
    if css.get("font-size", "inherit") not in ("inherit", "medium", "1em", "100%", "1rem"):
        yield "sizes"
    if "font-family" in css or "font" in css:
        yield "fonts"
    decoration = css.get("text-decoration", "") + css.get("text-decoration-line", "")
    if "underline" in decoration:
        yield "underlining"
    if "line-through" in decoration:
        yield "striking out"
    if element.name not in ("td", "th", "table", "img"):
        align = css.get("text-align") or element.get("align").lower()
        if align in ("center", "right", "justify"):
            yield "alignment"
