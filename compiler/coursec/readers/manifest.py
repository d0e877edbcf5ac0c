"""The manifest of a content package: what its files are."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final, Literal

from lxml.etree import _Element

from coursec.diagnostics import Diagnostics, Span
from coursec.readers.package import Package
from coursec.readers.xml import line_of, local, parse_xml

MANIFEST: Final = "imsmanifest.xml"

Kind = Literal["qti21", "qti12"]
"""The reader that a package or an XML file is for."""

_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_QTI2_TYPE = re.compile(
    r"imsqti_(item|test|assessment|section|outcomes|rptemplate|stimulus)_xmlv[23]", re.IGNORECASE
)
_QTI1_TYPE = re.compile(r"(ims)?qti\w*_?xmlv1|assessment/x-bb-qti|webcontent/qti", re.IGNORECASE)
_ROOT = re.compile(
    rb"<(?:[\w.-]+:)?"
    rb"(questestinterop|assessment(?:Item|Test|Section)|qti-assessment-(?:item|test|section))"
    rb"[\s/>]"
)
_RENAMED = {
    "qti-assessment-item": "assessmentItem",
    "qti-assessment-test": "assessmentTest",
    "qti-assessment-section": "assessmentSection",
}
HEAD: Final = 64 * 1024
"""Bytes at the start of a file among which its root element is looked for."""


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource of a package; its addresses are names of members."""

    identifier: str
    type: str
    href: str | None
    """Its main file; None where it names none, or one that the package does not hold."""
    files: tuple[str, ...]
    """All files it names, the main one too, as far as the package holds them."""
    dependencies: tuple[str, ...]
    """Identifiers of other resources."""
    element: _Element = field(compare=False, repr=False)
    """The resource as written, for its metadata."""
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a package says of itself."""

    member: str
    """The manifest's own name in the package."""
    identifier: str
    schema: str
    """Such as `QTIv2.1 Package`; empty where it says none."""
    resources: tuple[Resource, ...]
    root: _Element = field(compare=False, repr=False)

    def resource(self, identifier: str) -> Resource | None:
        """Return the resource of an identifier."""
        return next((r for r in self.resources if r.identifier == identifier), None)


def read_manifest(package: Package, sink: Diagnostics) -> Manifest | None:
    """Return a package's manifest, at its root or deeper; None where there is none to read.

    W709 for each file it names that is not there.
    """
    member = _manifest_name(package)
    data = package.read(member) if member is not None else None
    if member is None or data is None:
        return None
    root = parse_xml(package.place(member).path, data, sink)
    if root is None:
        return None
    base = _base(member, root)
    schema = ""
    resources: list[Resource] = []
    for node in root.iter("{*}schema", "{*}resources"):
        if local(node) == "schema":
            schema = schema or (node.text or "").strip()
            continue
        inner = _base(base, node)
        for child in node.iterchildren("{*}resource"):
            resources.append(_resource(child, inner, package, member, sink))
    return Manifest(member, root.get("identifier", ""), schema, tuple(resources), root)


def kind(package: Package) -> Kind | None:
    """Tell which reader a package is for; None where it holds no QTI at all."""
    silent = Diagnostics()
    manifest = read_manifest(package, silent)
    if manifest is not None:
        types = [resource.type for resource in manifest.resources]
        if any(_QTI2_TYPE.match(written) for written in types):
            return "qti21"
        if any(_QTI1_TYPE.match(written) for written in types):
            return "qti12"
    for member in package.names():
        if member.lower().endswith((".xml", ".qti", ".dat")):
            found = xml_kind(package.read_start(member, HEAD))
            if found is not None:
                return found
    return None


def xml_kind(data: bytes) -> Kind | None:
    """Tell which reader a single XML file is for, by its first bytes."""
    root = xml_root(data)
    if root is None:
        return None
    return "qti12" if root == "questestinterop" else "qti21"


def xml_root(data: bytes) -> str | None:
    """Return the root of a QTI document by its first bytes, under its name in QTI 1 or 2."""
    head = data[:HEAD]
    if head[:2] in {b"\xff\xfe", b"\xfe\xff"} or head[:2] in {b"<\x00", b"\x00<"}:
        head = head.replace(b"\x00", b"")
    found = _ROOT.search(head)
    if found is None:
        return None
    name = found[1].decode("ascii")
    return _RENAMED.get(name, name)


def _manifest_name(package: Package) -> str | None:
    """Return the manifest that stands highest."""
    named = [n for n in package.names() if n.rpartition("/")[2].lower() == MANIFEST]
    return min(named, key=lambda name: (name.count("/"), name), default=None)


def _base(outer: str, node: _Element) -> str:
    """Return the place that addresses inside an element start from."""
    written = node.get(_BASE, "")
    return outer if not written else f"{outer.rpartition('/')[0]}/{written}".lstrip("/")


def _resource(
    node: _Element, outer: str, package: Package, member: str, sink: Diagnostics
) -> Resource:
    base = _base(outer, node)
    span = package.place(member, line_of(node))

    def found(href: str | None) -> str | None:
        if not href:
            return None
        name = package.find(href, base)
        # An address on the web is no file that could be missing.
        if name is None and "://" not in href:
            sink.report("W709", f"The package holds no `{href}`, which its manifest names.", span)
        return name

    href = found(node.get("href"))
    files = [found(child.get("href")) for child in node.iterchildren("{*}file")]
    named = dict.fromkeys(name for name in (href, *files) if name is not None)
    return Resource(
        node.get("identifier", ""),
        node.get("type", ""),
        href,
        tuple(named),
        tuple(n.get("identifierref", "") for n in node.iterchildren("{*}dependency")),
        node,
        span,
    )
