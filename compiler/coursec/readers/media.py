"""Image files out of packages and out of `data:` addresses."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error
from hashlib import blake2b
from urllib.parse import unquote_to_bytes

from coursec.model.text import Asset
from coursec.source.images import media_type
from coursec.source.workspace import MAX_IMAGE

_KINDS = ("png", "jpg", "gif", "svg")
_SUFFIXES = {
    "image/png": ("png",),
    "image/jpeg": ("jpg", "jpeg"),
    "image/gif": ("gif",),
    "image/svg+xml": ("svg",),
}


def asset(path: str, data: bytes) -> Asset | None:
    """Return an image file whose content is PNG, JPEG, GIF or plain SVG; None for anything else.

    What the content is decides, not the name; a name of another kind gets the right ending.
    """
    if len(data) > MAX_IMAGE:
        return None
    for kind in _KINDS:
        if found := media_type(f"image.{kind}", data):
            suffix = path.lower().rpartition(".")[2]
            named = path if suffix in _SUFFIXES[found] else f"{path}.{kind}"
            return Asset(named, found, data)
    return None


def data_uri(source: str) -> Asset | None:
    """Return the image that a `data:` address holds; its path is `image-<digest>.<ext>`."""
    head, comma, body = source.partition(",")
    if not comma or not head.strip().lower().startswith("data:"):
        return None
    data = unquote_to_bytes(body)
    if head.lower().rstrip().endswith(";base64"):
        try:
            data = b64decode(b"".join(data.split()) + b"==")
        except (Error, ValueError):
            return None
    name = f"image-{blake2b(data, digest_size=8).hexdigest()}"
    return asset(name, data)
