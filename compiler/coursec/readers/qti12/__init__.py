"""QTI 1.2 in Canvas's dialect, and as other tools write it."""

from __future__ import annotations

from posixpath import dirname

from lxml.etree import _Element

from coursec.diagnostics import Diagnostics, Span
from coursec.model.text import Asset
from coursec.readers.manifest import HEAD, xml_kind
from coursec.readers.markup import FindImage
from coursec.readers.media import asset
from coursec.readers.package import Package, open_package
from coursec.readers.qti12.assessment import read_document
from coursec.readers.qti12.files import file_path
from coursec.readers.reading import Reading
from coursec.readers.xml import local, parse_xml

__all__ = ["read"]

_META = "assessment_meta.xml"
_XML = (".xml", ".qti", ".dat")


def read(name: str, data: bytes, sink: Diagnostics) -> list[Reading]:
    """Read a package or a single file: a quiz for each assessment and each bank."""
    if not data.startswith(b"PK"):
        root = parse_xml(name, data, sink)
        return [] if root is None else _readings(root, name, sink, _no_files(name, sink), None)
    package = open_package(name, data, sink)
    if package is None:
        return []
    found: list[Reading] = []
    for member in package.names():
        if not member.lower().endswith(_XML):
            continue
        if xml_kind(package.read_start(member, HEAD)) != "qti12":
            continue
        place = package.place(member).path
        content = package.read(member)
        root = None if content is None else parse_xml(place, content, sink)
        if root is not None:
            meta = _meta(package, member, sink)
            found += _readings(root, place, sink, _files(package, member, sink), meta)
    return found


def _readings(
    root: _Element, place: str, sink: Diagnostics, image: FindImage, meta: _Element | None
) -> list[Reading]:
    if local(root) != "questestinterop":
        message = f"The file begins with `{local(root)}`: it is no QTI 1.2."
        sink.report("E702", message, Span(place))
        return []
    return read_document(root, place, sink, image, meta)


def _meta(package: Package, member: str, sink: Diagnostics) -> _Element | None:
    """Return Canvas's settings, which lie beside a quiz."""
    name = package.find(_META, member)
    if name is None or dirname(name) != dirname(member):
        return None
    data = package.read(name)
    return None if data is None else parse_xml(package.place(name).path, data, sink)


def _no_files(name: str, sink: Diagnostics) -> FindImage:
    def image(address: str) -> Asset | None:
        sink.report("W709", f"The file holds no `{address[:80]}`.", Span(name))
        return None

    return image


def _files(package: Package, member: str, sink: Diagnostics) -> FindImage:
    def image(address: str) -> Asset | None:
        path = file_path(address)
        found = package.find(path, member) or package.find(f"web_resources/{path}")
        data = None if found is None else package.read(found)
        if found is None or data is None:
            message = f"The package holds no `{address[:80]}`."
            sink.report("W709", message, package.place(member))
            return None
        made = asset(found, data)
        if made is None:
            message = f"`{found[:80]}` is no image that can be shown everywhere."
            sink.report("W707", message, package.place(member))
        return made

    return image
