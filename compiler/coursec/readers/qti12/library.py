"""The documents of a package: quizzes, banks, questions and images, each found by its name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from posixpath import basename, dirname
from typing import Final
from urllib.parse import unquote

from lxml.etree import _Element

from coursec.diagnostics import Diagnostics, Span
from coursec.model.text import Asset
from coursec.readers.manifest import HEAD, read_manifest, xml_kind
from coursec.readers.markup import FindImage
from coursec.readers.media import asset
from coursec.readers.package import Package
from coursec.readers.qti12.assessment import read_document
from coursec.readers.qti12.budget import Budget
from coursec.readers.reading import Reading
from coursec.readers.xml import local, parse_xml

_META: Final = "assessment_meta.xml"
_FULL: Final = "non_cc_assessments/"
"""Where Canvas puts whole quizzes beside those of the Common Cartridge."""
_XML = (".xml", ".qti", ".dat")
_ROOT: Final = "questestinterop"
_BASE = re.compile(
    r"(?:\$|%24)(?:IMS[-_]CC[-_]FILE[-_]?BASE|CANVAS_COURSE_REFERENCE)(?:\$|%24)/?",
    re.IGNORECASE,
)
_BLACKBOARD = re.compile(r"@X@[^@]*@X@(?:[^/?#]*/)*([^/?#]+)")


@dataclass(slots=True)
class Document:
    """A file of questions."""

    path: str
    """Its place in findings."""
    root: _Element
    image: FindImage
    meta: _Element | None = None
    """Canvas's settings of its quiz."""


@dataclass(slots=True)
class Documents:
    """All files of questions of a package, or one alone."""

    sink: Diagnostics
    documents: list[Document] = field(default_factory=list)
    budget: Budget = field(default_factory=Budget)
    _items: dict[str, tuple[_Element, str, FindImage]] | None = None
    _banks: dict[str, tuple[_Element, str, FindImage]] | None = None

    def readings(self) -> list[Reading]:
        """Return what all documents hold; a quiz that stands there twice is read once."""
        whole = {
            node.get("ident")
            for document in self.documents
            if _FULL in document.path
            for node in document.root.iterchildren("{*}assessment")
        }
        # A document of single questions to which a quiz refers is no bank of its own.
        referred = {
            (node.get("linkrefid") or "").strip()
            for document in self.documents
            for node in document.root.iter("{*}itemref")
        }
        found: list[Reading] = []
        for document in self.documents:
            quiz = document.root.find("{*}assessment")
            if quiz is not None and _FULL not in document.path and quiz.get("ident") in whole:
                continue
            loose = [n.get("ident") for n in document.root.iterchildren("{*}item")]
            if loose and set(loose) <= referred:
                continue
            settings = document.meta if quiz is not None else None
            found += read_document(
                document.root, document.path, self.sink, document.image, self, settings
            )
        return _joined(found)

    def item(self, ident: str) -> tuple[_Element, str, FindImage] | None:
        """Return a question of any document."""
        if self._items is None:
            self._items = self._index("{*}item")
        return self._items.get(ident)

    def bank(self, ident: str) -> tuple[_Element, str, FindImage] | None:
        """Return a bank of any document."""
        if self._banks is None:
            self._banks = self._index("{*}objectbank")
        return self._banks.get(ident)

    def _index(self, name: str) -> dict[str, tuple[_Element, str, FindImage]]:
        found: dict[str, tuple[_Element, str, FindImage]] = {}
        for document in self.documents:
            for node in document.root.iter(name):
                ident = (node.get("ident") or "").strip()
                found.setdefault(ident, (node, document.path, document.image))
        return found


def _joined(readings: list[Reading]) -> list[Reading]:
    """Return readings; single questions of many files become one."""
    loose = [r for r in readings if not r.name and r.title is None and len(r.sections) == 1]
    if len(loose) < 2:
        return readings
    first = loose[0].sections[0]
    items = tuple(item for reading in loose for item in reading.items)
    section = type(first)(id=first.id, title=first.title, items=items)
    joined = Reading(name="", sections=(section,), span=loose[0].span)
    return [joined if r is loose[0] else r for r in readings if r is loose[0] or r not in loose]


def package_documents(package: Package, sink: Diagnostics) -> Documents:
    """Return the documents of a package, in the order of its manifest."""
    found = Documents(sink)
    files = _Files(package, sink)
    for member in _members(package, sink):
        data = package.read(member)
        root = None if data is None else parse_xml(package.place(member).path, data, sink)
        if root is None:
            continue
        roots = [root] if local(root) == _ROOT else list(root.iter(f"{{*}}{_ROOT}"))
        for inner in roots:
            found.documents.append(
                Document(
                    path=package.place(member).path,
                    root=inner,
                    image=files.finder(member),
                    meta=files.settings(member, inner),
                )
            )
    return found


def _members(package: Package, sink: Diagnostics) -> Iterator[str]:
    manifest = read_manifest(package, sink)
    named: list[str] = []
    for resource in manifest.resources if manifest else ():
        named += resource.files
    own = "" if manifest is None else manifest.member
    if manifest is not None and next(manifest.root.iter(f"{{*}}{_ROOT}"), None) is not None:
        yield own
    for member in dict.fromkeys([*named, *package.names()]):
        if member == own or not member.lower().endswith(_XML):
            continue
        if xml_kind(package.read_start(member, HEAD)) == "qti12":
            yield member


class _Files:
    """Images and settings of a package."""

    def __init__(self, package: Package, sink: Diagnostics) -> None:
        self.package = package
        self.sink = sink
        self.images: dict[str, Asset | None] = {}
        self.named: dict[str, list[str]] = {}
        for name in package.names():
            self.named.setdefault(basename(name).lower(), []).append(name)

    def finder(self, member: str) -> FindImage:
        """Return the search for images that a member shows."""

        def image(address: str) -> Asset | None:
            found = self._find(address, member)
            if found is None:
                message = f"The package holds no `{address[:80]}`."
                self.sink.report("W709", message, self.package.place(member))
                return None
            if found not in self.images:
                data = self.package.read(found)
                self.images[found] = None if data is None else asset(found, data)
                if data is not None and self.images[found] is None:
                    message = f"`{found[:80]}` is no image that can be shown everywhere."
                    self.sink.report("W707", message, self.package.place(member))
            return self.images[found]

        return image

    def _find(self, address: str, member: str) -> str | None:
        if blackboard := _BLACKBOARD.search(address):
            address = unquote(blackboard[1])
            if (numbered := self._numbered(address)) is not None:
                return numbered
        path = _BASE.sub("", address)
        if path != address:
            path = path.partition("?")[0]
        for start in ("", "web_resources/"):
            if (found := self.package.find(f"{start}{path}", member)) is not None:
                return found
        # Some files name an image without its folder; one name must mean one file.
        alike = self.named.get(basename(unquote(path.partition("?")[0])).lower(), [])
        return alike[0] if len(alike) == 1 else None

    def _numbered(self, name: str) -> str | None:
        """Return a file that Blackboard stores under its number: `picture__xid-12_1.png`."""
        wanted = f"__{name}.".lower()
        alike = [member for member in self.package.names() if wanted in basename(member).lower()]
        return alike[0] if len(alike) == 1 else None

    def settings(self, member: str, root: _Element) -> _Element | None:
        """Return Canvas's settings of a quiz: beside it, or in the folder of its name."""
        quiz = root.find("{*}assessment")
        if quiz is None:
            return None
        folders = (dirname(member), (quiz.get("ident") or "").strip())
        for folder in folders:
            name = self.package.find(f"{folder}/{_META}" if folder else _META)
            if name is not None and dirname(name) == folder:
                data = self.package.read(name)
                place = self.package.place(name).path
                return None if data is None else parse_xml(place, data, self.sink)
        return None


def single_document(name: str, root: _Element, sink: Diagnostics) -> Documents:
    """Return a file without a package around it: nothing that it names is there."""

    def image(address: str) -> Asset | None:
        sink.report("W709", f"The file holds no `{address[:80]}`.", Span(name))
        return None

    return Documents(sink, [Document(name, root, image)])
