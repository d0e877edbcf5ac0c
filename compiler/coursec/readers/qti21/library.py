"""The documents of a package: tests, sections and items, each read once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lxml.etree import _Element

from coursec.diagnostics import Diagnostics, Span
from coursec.model.items import Item
from coursec.model.quiz import Section
from coursec.model.text import Asset, RichText
from coursec.readers.manifest import HEAD, Manifest, Resource, read_manifest, xml_root
from coursec.readers.markup import TextReader, from_lxml
from coursec.readers.media import asset
from coursec.readers.package import Package
from coursec.readers.qti21.item import read_item
from coursec.readers.qti21.names import rename
from coursec.readers.qti21.processing import Budget
from coursec.readers.qti21.quiz import read_test
from coursec.readers.qti21.source import OUR_TOOL
from coursec.readers.reading import Reading
from coursec.readers.xml import line_of, local, parse_xml, text_of

_TESTS = {"assessmentTest", "qti-assessment-test"}
_ITEMS = {"assessmentItem", "qti-assessment-item"}
_SECTIONS = {"assessmentSection", "qti-assessment-section"}


@dataclass(slots=True)
class PackageLibrary:
    """The documents of one package."""

    package: Package
    sink: Diagnostics
    budget: Budget = field(default_factory=Budget)
    manifest: Manifest | None = None
    resources: dict[str, Resource] = field(default_factory=dict)
    """By the member that each names first."""
    _items: dict[str, Item | None] = field(default_factory=dict)
    _images: dict[str, Asset | None] = field(default_factory=dict)
    _included: dict[str, _Element | None] = field(default_factory=dict)
    _roots: dict[str, _Element | None] = field(default_factory=dict)

    def documents(self) -> dict[str, str]:
        """Return the names of the roots of tests and items by member, in the manifest's order."""
        self.manifest = read_manifest(self.package, self.sink)
        for resource in self.manifest.resources if self.manifest else ():
            if resource.href is not None:
                self.resources.setdefault(resource.href, resource)
        named = self._documents(self.resources)
        return named or self._documents(self.package.names())

    def _documents(self, members: Iterable[str]) -> dict[str, str]:
        found = {}
        for member in members:
            if member.lower().endswith((".xml", ".qti")):
                root = xml_root(self.package.read_start(member, HEAD))
                if root in {"assessmentTest", "assessmentItem"}:
                    found[member] = root
        return found

    def root(self, member: str) -> _Element | None:
        """Return a document's root, parsed once; None where it is broken."""
        if member not in self._roots:
            data = self.package.read(member)
            place = self.package.place(member).path
            self._roots[member] = None if data is None else parse_xml(place, data, self.sink)
        return self._roots[member]

    def knows(self, member: str) -> bool:
        """Tell whether an item was asked for already."""
        return member in self._items

    def item_of(self, member: str) -> Item | None:
        """Return the item in a member, read once; None where it is left out."""
        if member not in self._items:
            root = self.root(member)
            self._roots.pop(member, None)
            self._items[member] = None
            if root is not None and local(root) in _ITEMS:
                self._items[member] = read_item(
                    self.package.place(member).path,
                    root,
                    labels(self.resources.get(member)),
                    _Beside(self, member),
                    self.sink,
                    self.budget,
                )
        return self._items[member]

    def image(self, address: str, member: str, line: int) -> Asset | None:
        """Return the image that an address in a member means."""
        found = self.package.find(address, member)
        if found is None:
            message = f"The package holds no `{address[:80]}`."
            self.sink.report("W709", message, self.package.place(member, line))
            return None
        if found not in self._images:
            data = self.package.read(found)
            self._images[found] = None if data is None else asset(found, data)
            if data is not None and self._images[found] is None:
                message = f"`{found[:80]}` is no image that can be shown everywhere."
                self.sink.report("W707", message, self.package.place(member, line))
        return self._images[found]

    def document(self, address: str, member: str, line: int) -> _Element | None:
        """Return the root of an XML file that an item takes in, its images named from the top."""
        found = self.package.find(address, member)
        if found is None:
            message = f"The package holds no `{address[:80]}`."
            self.sink.report("W709", message, self.package.place(member, line))
            return None
        if found not in self._included:
            data = self.package.read(found)
            place = self.package.place(found).path
            root = None if data is None else parse_xml(place, data, self.sink)
            for node in () if root is None else root.iter("{*}img", "{*}object"):
                for name in ("src", "data"):
                    inner = self.package.find(node.get(name, ""), found)
                    if inner is not None:
                        node.set(name, "/" + inner)
            self._included[found] = root
        return self._included[found]

    # ------------------------------------------------------------------- what a test refers to

    def item(self, href: str, member: str) -> Item | None:
        """Return the item of an address that stands in a test."""
        found = self.package.find(href, member)
        if found is None:
            message = f"The package holds no `{href[:80]}`, which a test asks for."
            self.sink.report("W709", message, self.package.place(member))
            return None
        return self.item_of(found)

    def section(self, href: str, member: str) -> tuple[str, _Element] | None:
        """Return the member of an address and its section."""
        found = self.package.find(href, member)
        root = self.root(found) if found is not None else None
        if found is None or root is None or local(root) not in _SECTIONS:
            return None
        rename(root)
        return found, root

    def text(self, member: str, node: _Element) -> RichText:
        """Return what is in an element of a test."""
        line = line_of(node)
        reader = TextReader(
            lambda address: self.image(address, member, line),
            lambda code, message: self.say(code, message, member, line),
            tex=node.getroottree().getroot().get("toolName") != OUR_TOOL
            and next(node.iter("{*}math"), None) is None,
        )
        return reader.element(from_lxml(node))

    def say(self, code: str, message: str, member: str, line: int) -> None:
        """Report something about a member."""
        self.sink.report(code, message, self.package.place(member, line))


@dataclass(frozen=True, slots=True)
class _Beside:
    """The files beside one item of a package."""

    library: PackageLibrary
    member: str

    def image(self, address: str, line: int) -> Asset | None:
        return self.library.image(address, self.member, line)

    def document(self, address: str, line: int) -> _Element | None:
        return self.library.document(address, self.member, line)


def read_documents(library: PackageLibrary) -> list[Reading]:
    """Return a reading for each test, and one for the items that no test asks for."""
    documents = library.documents()
    readings = []
    for member in (m for m, root in documents.items() if root == "assessmentTest"):
        root = library.root(member)
        if root is not None:
            path = library.package.place(member).path
            readings.append(read_test(library, member, root, path))
    rest = [m for m, root in documents.items() if root == "assessmentItem" and not library.knows(m)]
    found = [library.item_of(member) for member in rest]
    items = tuple(item for item in found if item is not None)
    if items:
        readings.append(_bank(library, items, bool(readings)))
    return readings


def _bank(library: PackageLibrary, items: tuple[Item, ...], beside: bool) -> Reading:
    """Return items that stand in no test."""
    title = None
    if library.manifest is not None and not beside:
        titles = (text_of(n).strip() for n in _metadata(library.manifest.root, "title"))
        title = next((text for text in titles if text), None)
    section = Section(id="items", title=None, items=items)
    return Reading(name="", title=title, sections=(section,), span=Span(library.package.name))


def _metadata(root: _Element, name: str) -> Iterator[_Element]:
    """Yield elements of a document's own metadata."""
    for metadata in root.iterchildren("{*}metadata"):
        yield from metadata.iter(f"{{*}}{name}")


def labels(resource: Resource | None) -> list[str]:
    """Return the keywords of a resource."""
    if resource is None:
        return []
    texts = []
    for keyword in _metadata(resource.element, "keyword"):
        parts = [text_of(child) for child in keyword] or [text_of(keyword)]
        texts += [" ".join(part.split()) for part in parts]
    return [text for text in texts if text]


def read_single(name: str, root: _Element, sink: Diagnostics) -> list[Reading]:
    """Return the reading of one file: an item, or a test whose items are elsewhere."""
    alone = _Alone(name, sink)
    if local(root) in _TESTS:
        return [read_test(alone, name, root, name)]
    if local(root) not in _ITEMS:
        message = f"The file is no item and no test: it begins with `{local(root)}`."
        sink.report("E702", message, Span(name))
        return []
    item = read_item(name, root, [], alone, sink, Budget())
    if item is None:
        return []
    return [
        Reading(name="", sections=(Section(id="items", title=None, items=(item,)),), span=item.span)
    ]


@dataclass(frozen=True, slots=True)
class _Alone:
    """A file without a package around it: nothing it refers to is there."""

    name: str
    sink: Diagnostics

    def image(self, address: str, line: int) -> Asset | None:
        self.say("W709", f"The file names `{address[:80]}`, which is not in it.", self.name, line)
        return None

    def document(self, address: str, line: int) -> _Element | None:
        self.say("W709", f"The file names `{address[:80]}`, which is not in it.", self.name, line)
        return None

    def item(self, href: str, member: str) -> Item | None:
        self.say("W709", f"The test asks for `{href[:80]}`, which is not in this file.", member, 1)
        return None

    def section(self, href: str, member: str) -> tuple[str, _Element] | None:
        return None

    def text(self, member: str, node: _Element) -> RichText:
        line = line_of(node)
        reader = TextReader(
            lambda address: self.image(address, line),
            lambda code, message: self.say(code, message, member, line),
        )
        return reader.element(from_lxml(node))

    def say(self, code: str, message: str, member: str, line: int) -> None:
        self.sink.report(code, message, Span(member, line, 1, line, 1))
