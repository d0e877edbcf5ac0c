"""QTI 1.2 in Canvas's dialect, and as other tools write it."""

from __future__ import annotations

from coursec.diagnostics import Diagnostics, Span
from coursec.readers.package import open_package
from coursec.readers.qti12.library import package_documents, single_document
from coursec.readers.reading import Reading
from coursec.readers.xml import local, parse_xml

__all__ = ["read"]

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_ARCHIVES = (".zip", ".imscc")


def read(name: str, data: bytes, sink: Diagnostics) -> list[Reading]:
    """Return a quiz for each assessment and each bank of a package or a single file."""
    if data.startswith(_ZIP) or name.lower().endswith(_ARCHIVES):
        package = open_package(name, data, sink)
        return [] if package is None else package_documents(package, sink).readings()
    root = parse_xml(name, data, sink)
    if root is None:
        return []
    if local(root) != "questestinterop":
        message = f"The file begins with `{local(root)[:40]}`: it is no QTI 1.2."
        sink.report("E702", message, Span(name))
        return []
    return single_document(name, root, sink).readings()
