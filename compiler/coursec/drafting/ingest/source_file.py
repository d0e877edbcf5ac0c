"""A file to ingest, and the files beside it that it shows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from urllib.parse import unquote

from coursec.diagnostics import Diagnostics, Span
from coursec.drafting.ingest.page import Picture

MOST_BYTES = 256 * 1024 * 1024
"""Bytes of the largest file that is read."""
MOST_PAGES = 2_000
"""Pages of the longest file."""
MOST_CHARACTERS = 20_000_000
"""Characters of the longest text file."""
LARGEST_PICTURE = 16 * 1024 * 1024
"""Bytes of the largest image, as the language has it."""
MOST_PIXELS = 40_000_000

_NO_WORDS = re.compile(
    r"[\w .()-]+\.(png|jpe?g|gif|bmp|tiff?|emf|wmf|svg|webp)|"
    r"(picture|image|grafik|bild|figure)\s*\d*",
    re.IGNORECASE,
)
"""Alternative texts that programs write by themselves: they say nothing."""
_ORIGIN = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:|//")


@dataclass(frozen=True, slots=True)
class Source:
    """A file's name, its bytes, and its folder."""

    name: str
    """As the user typed it; findings about the file stand there."""
    data: bytes
    sink: Diagnostics
    folder: Path | None = None
    """Where images that it names are looked for; None where none are."""
    titles: tuple[str, ...] = ()
    """Titles of slides that the course has."""

    def refuse(self, code: str, message: str, hint: str = "") -> None:
        """Report why the file, or a part of it, cannot be taken."""
        self.sink.report(code, message, Span(self.name), hint=hint)

    def beside(self, address: str, alt: str) -> Picture | None:
        """Return the image of an address in the file's folder; None, and a finding, if none is."""
        if self.folder is None or _ORIGIN.match(address) or address.startswith("/"):
            self.refuse("W912", f"The image {_short(address)} is not beside the file: left out.")
            return None
        try:
            path = (self.folder / unquote(address)).resolve()
            # Images often lie in a folder beside that of the file: ../media/leaf.png.
            inside = path.is_relative_to(self.folder.resolve().parent)
            data = path.read_bytes() if inside and path.stat().st_size <= LARGEST_PICTURE else None
        except (OSError, ValueError, RuntimeError):
            data = None
        if data is None:
            self.refuse("W912", f"The image {_short(address)} cannot be read: left out.")
            return None
        return self.picture(data, alt, _short(address))

    def picture(self, data: bytes, alt: str, shown: str) -> Picture | None:
        """Return an image in a kind that every target shows; None, and a finding, if it is none."""
        from coursec.source.images import media_type

        alt = "" if _NO_WORDS.fullmatch(alt.strip()) else " ".join(alt.split())
        for suffix in (".png", ".jpg", ".gif"):
            if len(data) <= LARGEST_PICTURE and media_type("image" + suffix, data):
                return Picture(data, suffix, alt)
        if data.lstrip()[:5] in (b"<?xml", b"<svg ") and media_type("image.svg", data):
            return Picture(data, ".svg", alt)
        converted = _png(data)
        if converted is None:
            self.refuse("W912", f"The image {shown} is of a kind that cannot be shown: left out.")
            return None
        return Picture(converted, ".png", alt)


def address_of(picture: Picture) -> str:
    """Return the address under which Markdown in the making shows an image."""
    return f"coursec-media-{sha256(picture.data).hexdigest()[:16]}"


def _short(address: str) -> str:
    return f"`{address if len(address) <= 60 else address[:59] + '…'}`"


def _png(data: bytes) -> bytes | None:
    """Return an image of another kind as PNG; None where it is no image, or too large."""
    import io
    import warnings

    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(
                io.BytesIO(data), formats=("BMP", "TIFF", "WEBP", "PNG", "JPEG", "GIF")
            ) as image:
                if image.width * image.height > MOST_PIXELS:
                    return None
                out = io.BytesIO()
                image.convert("RGBA" if image.has_transparency_data else "RGB").save(out, "PNG")
    except Exception:  # a decoder of hostile bytes may raise anything
        return None
    return out.getvalue() if len(out.getvalue()) <= LARGEST_PICTURE else None
