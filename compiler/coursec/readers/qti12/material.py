"""What a file shows, in material elements of many kinds, as HTML."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import escape

from lxml.etree import _Element, tostring

from coursec.readers.xml import local

Tell = Callable[[str, str], None]
"""(code, message) of a finding."""

RESPONSES = frozenset("response_lid response_str response_num response_xy response_grp".split())
"""Elements that ask for something."""

_UNSHOWN = RESPONSES | frozenset(
    "render_choice render_fib render_hotspot render_slider render_extension response_label "
    "response_extension qticomment itemmetadata altmaterial material_table itemproc_extension "
    "solution hint".split()
)
_LOOKS_LIKE_HTML = re.compile(r"</?[A-Za-z][A-Za-z0-9]*(\s[^<>]*)?/?>|&#?\w+;")
_IMAGE_NAME = re.compile(r"\.(png|jpe?g|gif|svg)\s*\Z", re.IGNORECASE)
_BLOCKS = frozenset(("flow", "flow_mat"))
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]+")


def html_of(node: _Element, tell: Tell) -> str:
    """Return what stands in an element as HTML, without what is to be answered."""
    return "".join(_inside(node, tell))


def _inside(node: _Element, tell: Tell) -> Iterator[str]:
    for child in node:
        if isinstance(child.tag, str):
            yield from piece(child, tell)


def piece(node: _Element, tell: Tell) -> Iterator[str]:
    """Yield the HTML of one element."""
    match local(node):
        case "mattext" | "localizable_mattext" | "mat_formattedtext":
            yield _text(node)
        case "matemtext":
            yield f"<em>{_text(node)}</em>"
        case "matbreak":
            yield "<br>"
        case "matimage":
            yield _image(node)
        case "matapplication" | "mataudio" | "matvideo" | "matapplet":
            yield _file(node, tell)
        case "mat_ref" | "matref" | "material_ref":
            tell("W707", "A part of the text that stands elsewhere in the file is left out.")
        case name if name in _BLOCKS:
            inner = html_of(node, tell)
            yield f"<div>{inner}</div>" if inner.strip() else ""
        case name if name not in _UNSHOWN:
            yield from _inside(node, tell)


def _text(node: _Element) -> str:
    if len(node):  # markup that is not escaped
        inner = (tostring(child, encoding="unicode", method="html") for child in node)
        return escape(node.text or "") + "".join(inner)
    text = node.text or ""
    kind = (node.get("texttype") or node.get("type") or "text/plain").lower()
    # Canvas takes plain text for HTML too; others mean what they write.
    if kind not in ("text/html", "html", "text/xhtml") and not _LOOKS_LIKE_HTML.search(text):
        text = "<br>".join(escape(line) for line in text.strip("\n").split("\n"))
    link = (node.get("uri") or "").strip()
    return f'<a href="{escape(link)}">{text or escape(link)}</a>' if link else text


def _image(node: _Element) -> str:
    alt = escape((node.get("label") or "").strip())
    content = (node.text or "").strip()
    if content and (node.get("embedded") or "").lower() == "base64" and _BASE64.fullmatch(content):
        kind = escape((node.get("imagtype") or "image/png").strip())
        return f'<img src="data:{kind};base64,{"".join(content.split())}" alt="{alt}">'
    address = (node.get("uri") or "").strip().removeprefix("%%LINKPATH%%")
    return f'<img src="{escape(address)}" alt="{alt}">'


def _file(node: _Element, tell: Tell) -> str:
    """Return a file that is shown: an image is one whatever its element is called."""
    address = (node.get("uri") or "").strip()
    label = (node.get("label") or "").strip()
    if not address and not label:
        return ""
    if local(node) == "matapplication" and _IMAGE_NAME.search(address or label):
        return f'<img src="{escape(address or label)}" alt="{escape(label)}">'
    shown = (label or address)[:60]
    tell("W707", f"The file `{shown}` beside the text is left out.")
    return ""
