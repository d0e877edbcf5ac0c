"""A zip archive whose bytes depend on its contents only."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

MANIFEST: Final = "imsmanifest.xml"
"""The name of the manifest, at the root of the package."""

_FILE_MODE = 0o100644
_UNIX = 3
_LEVEL = 1
"""On files of some kilobytes the higher levels save a tenth and cost a fifth more time."""


def pack(first: str, files: Mapping[str, bytes]) -> bytes:
    """Return an archive of files by name: one first, then the others sorted."""
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
        for name in (first, *sorted(files.keys() - {first})):
            info = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = ZIP_DEFLATED
            info.create_system = _UNIX  # otherwise the bytes would tell Windows from Unix
            info.external_attr = _FILE_MODE << 16
            archive.writestr(info, files[name])
    return buffer.getvalue()
