"""QTI 2.0 to 2.2, and 3.0 under its own names, by anyone: packages, tests and single items."""

from __future__ import annotations

from coursec.diagnostics import Diagnostics, Span
from coursec.readers.package import open_package
from coursec.readers.qti21.library import PackageLibrary, read_documents, read_single
from coursec.readers.reading import Reading
from coursec.readers.xml import parse_xml

__all__ = ["read"]

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")


def read(name: str, data: bytes, sink: Diagnostics) -> list[Reading]:
    """Return the tests of a package, or all its items as one reading; so for a single file."""
    before = sink.errors
    readings: list[Reading] = []
    if data.startswith(_ZIP) or name.lower().endswith(".zip"):
        package = open_package(name, data, sink)
        if package is not None:
            readings = read_documents(PackageLibrary(package, sink))
    else:
        root = parse_xml(name, data, sink)
        if root is not None:
            readings = read_single(name, root, sink)
    if sink.errors == before and not any(reading.items for reading in readings):
        sink.report("E705", "The file holds no question that can be imported.", Span(name))
    return readings
