"""What an image file really is, and whether it is safe to hand on.

Content is hostile until checked: an image goes unchanged into files that students open.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    from lxml.etree import _Element

_PNG = b"\x89PNG\r\n\x1a\n"
_SVG = "{http://www.w3.org/2000/svg}"
_XLINK = "{http://www.w3.org/1999/xlink}href"
# Drawing only: nothing that runs, embeds, loads or changes other elements over time.
_DRAWING = frozenset(
    "svg g defs symbol use title desc metadata path rect circle ellipse line polyline polygon text "
    "tspan textPath image linearGradient radialGradient stop pattern clipPath mask marker filter "
    "feBlend feColorMatrix feComponentTransfer feComposite feDropShadow feFlood feFuncA feFuncB "
    "feFuncG feFuncR feGaussianBlur feMerge feMergeNode feMorphology feOffset feTile style".split()
)
_OWN = re.compile(r"#|data:image/(png|jpeg|gif);base64,", re.IGNORECASE)
_LOADS = re.compile(r"@import|url\(\s*[\"']?\s*(?!#)|expression\(|javascript:|\\", re.IGNORECASE)


def media_type(name: str, data: bytes) -> str | None:
    """Return an image's media type; None when it is broken, unsafe or not what its name says."""
    suffix = name.lower().rpartition(".")[2]
    if suffix == "png" and _sound_png(data):
        return "image/png"
    if suffix in ("jpg", "jpeg") and data[:3] == b"\xff\xd8\xff" and b"\xff\xd9" in data[-1024:]:
        return "image/jpeg"
    if suffix == "gif" and data[:6] in (b"GIF87a", b"GIF89a") and data.rstrip(b"\0")[-1:] == b";":
        return "image/gif"
    if suffix == "svg" and _plain_svg(data):
        return "image/svg+xml"
    return None


def _sound_png(data: bytes) -> bool:
    """Tell whether every chunk is whole, from the header to the end."""
    if not data.startswith(_PNG):
        return False
    at, seen = len(_PNG), []
    while at + 12 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        body = data[at + 4 : at + 8 + size]
        if int.from_bytes(data[at + 8 + size : at + 12 + size], "big") != crc32(body):
            return False
        seen.append(body[:4])
        at += 12 + size
        if seen[-1] == b"IEND":
            return seen[0] == b"IHDR" and b"IDAT" in seen
    return False


def _plain_svg(data: bytes) -> bool:
    """Tell whether an SVG only draws."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        return False
    if root.getroottree().docinfo.internalDTD is not None or root.tag != f"{_SVG}svg":
        return False
    around = [root.getprevious(), root.getnext()]
    if any(node is not None and node.tag is etree.ProcessingInstruction for node in around):
        return False
    for node in root.iter():
        if not isinstance(node.tag, str):
            if node.tag is not etree.Comment:
                return False
            continue
        own = node.tag.startswith(_SVG)
        if own and node.tag.removeprefix(_SVG) not in _DRAWING:
            return False
        if not own and not _inside_metadata(node):
            return False
        for key, value in node.attrib.items():
            words = str(value).strip()
            if str(key).lower().startswith("on") or _LOADS.search(words):
                return False
            if str(key) in ("href", _XLINK) and not _OWN.match(words):
                return False
        if node.tag == f"{_SVG}style" and _LOADS.search("".join(map(str, node.itertext()))):
            return False
    return True


def _inside_metadata(node: _Element) -> bool:
    """Elements of other vocabularies stand in many drawings' metadata, where nothing shows them."""
    parent = node.getparent()
    while parent is not None and parent.tag != f"{_SVG}metadata":
        parent = parent.getparent()
    return parent is not None
