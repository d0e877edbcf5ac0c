"""Addresses of files as Canvas writes them."""

from __future__ import annotations

import re

_BASE = re.compile(r"(\$|%24)(IMS-CC-FILEBASE|CANVAS_COURSE_REFERENCE)(\$|%24)/?", re.IGNORECASE)


def file_path(address: str) -> str:
    """Return an address without the mark that stands for the package's files."""
    path = _BASE.sub("", address)
    return path.partition("?")[0] if path != address else path
