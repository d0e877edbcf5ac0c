"""Archives by anyone: what is refused before anything is read, and how files are found."""

from __future__ import annotations

import io
import random
import resource
import stat
import struct
import time
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursec.diagnostics import Diagnostic, Diagnostics
from coursec.readers import package as module
from coursec.readers.manifest import kind, read_manifest, xml_kind
from coursec.readers.package import Package, open_package


def packed(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def info_packed(*infos: zipfile.ZipInfo) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for info in infos:
            archive.writestr(info, b"data")
    return buffer.getvalue()


def refused(data: bytes) -> Diagnostic:
    sink = Diagnostics()
    assert open_package("bank.zip", data, sink) is None
    found = list(sink)
    assert len(found) == 1
    assert found[0].span.path == "bank.zip"
    return found[0]


def opened(data: bytes) -> tuple[Package, Diagnostics]:
    sink = Diagnostics()
    package = open_package("bank.zip", data, sink)
    assert package is not None, [d.message for d in sink]
    return package, sink


def unreadable(data: bytes, member: str) -> Diagnostic:
    """Return the finding of a member that can be seen but not read."""
    package, sink = opened(data)
    assert package.read(member) is None
    found = list(sink)
    assert len(found) == 1
    assert found[0].span.path == f"bank.zip/{member}"
    return found[0]


# ------------------------------------------------------------------------------ hostile names


@pytest.mark.parametrize(
    "name",
    [
        "../evil.xml",
        "a/../../evil.xml",
        "a/..",
        "..\\evil.xml",
        "/etc/passwd",
        "\\\\server\\share",
        "C:\\evil.xml",
        "c:evil.xml",
        "a\nb.xml",
        "a\x7f.xml",
        "n" * 1001,
    ],
)
def test_names_that_lead_out_or_deceive_are_refused(name: str) -> None:
    info = zipfile.ZipInfo("x")
    info.filename = name
    found = refused(info_packed(info))
    assert found.code == "E703"
    assert "name" in found.message or "leads out" in found.message


def test_a_name_that_ends_early_is_refused() -> None:
    data = packed({"good.xml_.exe": b"x"}).replace(b"good.xml_.exe", b"good.xml\x00.exe")
    assert refused(data).code == "E703"


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("second", ["a.xml", "./a.xml", "b/.//../a.xml", "\\a.xml"])
def test_a_name_given_twice_is_refused(second: str) -> None:
    first, again = zipfile.ZipInfo("a.xml"), zipfile.ZipInfo("x")
    again.filename = second
    assert refused(info_packed(first, again)).code == "E703"


def test_names_are_decoded_and_normalised() -> None:
    windows, dotted, old = (zipfile.ZipInfo("x") for _ in range(3))
    windows.filename = "media\\dot.png"
    dotted.filename = "./a//b.xml"
    old.filename = "Übung.xml"
    folder = zipfile.ZipInfo("media/")
    data = info_packed(windows, dotted, folder)
    assert opened(data)[0].names() == ("media/dot.png", "a/b.xml")
    # The flag that says UTF-8 is left out by some tools, which write it all the same.
    plain = bytearray(info_packed(old))
    for start in (plain.index(b"PK\x03\x04") + 6, plain.index(b"PK\x01\x02") + 8):
        plain[start + 1] &= ~0x08 & 0xFF
    package, _ = opened(bytes(plain))
    assert package.names() == ("Übung.xml",)
    assert package.read("Übung.xml") == b"data"


def test_files_of_operating_systems_are_passed_over() -> None:
    data = packed({"__MACOSX/._imsmanifest.xml": b"", "a/.DS_Store": b"", "a.xml": b""})
    assert opened(data)[0].names() == ("a.xml",)


# ------------------------------------------------------------------------------ hostile members


@pytest.mark.parametrize(
    ("mode", "word"),
    [
        (stat.S_IFLNK | 0o777, "link"),
        (stat.S_IFCHR | 0o666, "not a file"),
        (stat.S_IFBLK | 0o666, "not a file"),
        (stat.S_IFIFO | 0o666, "not a file"),
        (stat.S_IFSOCK | 0o666, "not a file"),
    ],
)
def test_links_and_devices_are_refused(mode: int, word: str) -> None:
    info = zipfile.ZipInfo("media/a.png")
    info.external_attr = mode << 16
    found = refused(info_packed(info))
    assert found.code == "E703"
    assert "`media/a.png`" in found.message
    assert word in found.message


@pytest.mark.parametrize("flag", [0x01, 0x40, 0x2000])
def test_encrypted_members_are_refused(flag: int) -> None:
    data = bytearray(packed({"a.xml": b"<a/>"}))
    start = data.index(b"PK\x01\x02") + 8
    data[start : start + 2] = struct.pack("<H", flag)
    found = refused(bytes(data))
    assert (found.code, "encrypted" in found.message) == ("E703", True)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_rare_ways_of_packing_are_refused(method: int) -> None:
    found = refused(packed({"a.xml": b"<a/>" * 100}, method))
    assert (found.code, "`a.xml`" in found.message) == ("E703", True)


def test_too_many_members_are_refused_before_they_are_listed() -> None:
    entry = struct.pack(
        "<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0
    )
    data = (entry + b"x") * 1_000_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    found = refused(
        data + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 65535, 65535, len(data), 0, 0)
    )
    assert (found.code, "20,000" in found.message) == ("E703", True)
    assert time.process_time() - start < 2
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 * 1024


def test_a_bomb_is_refused_before_it_is_inflated() -> None:
    found = refused(packed({"a.xml": b"<a/>", "bomb.xml": b" " * (100 * 1024 * 1024)}))
    assert found.code == "E703"
    assert "`bomb.xml`" in found.message
    # What is small does no harm, however well it is packed.
    assert opened(packed({"a.xml": b" " * 1_000_000}))[0].read("a.xml") == b" " * 1_000_000


def test_a_member_that_is_too_large_is_refused() -> None:
    assert (
        "128 MB" in refused(forged(b"x" * 100, declared=129 << 20, packed_size=128 << 20)).message
    )


def test_members_that_are_too_large_together_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    files = {f"{n}.bin": bytes(1000) for n in range(11)}
    opened(packed(files))
    monkeypatch.setattr(module, "MOST_BYTES", 10_999)
    found = refused(packed(files))
    assert (found.code, "`10.bin`" in found.message) == ("E703", True)


def forged(content: bytes, declared: int, packed_size: int | None = None) -> bytes:
    """Return an archive of one deflated member whose headers state another size."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = deflate.compress(content) + deflate.flush()
    size = len(body) if packed_size is None else packed_size
    crc = zlib.crc32(content)
    local = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 8, 0, 0, crc, size, declared, 5, 0)
    central = struct.pack(
        "<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 8, 0, 0, crc, size, declared, 5, 0, 0, 0, 0, 0, 0
    )
    data = local + b"a.xml" + body
    directory = central + b"a.xml"
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(directory), len(data), 0)
    return data + directory + end


def test_a_header_that_lies_cannot_make_a_member_grow() -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = unreadable(forged(b" " * (100 << 20), declared=1000), "a.xml")
    assert found.code == "E701"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150 * 1024
    found = unreadable(forged(b"short", declared=1000), "a.xml")
    assert (found.code, "cut off" in found.message) == ("E701", True)


def test_members_that_share_bytes_are_refused() -> None:
    """The bomb that quotes one kernel from many directory entries."""
    kernel = packed({"a.xml": b"x" * 1000})
    start = kernel.index(b"PK\x01\x02")
    body, entry = kernel[:start], kernel[start : kernel.index(b"PK\x05\x06")]
    entries = entry + entry.replace(b"a.xml", b"b.xml")
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 2, 2, len(entries), len(body), 0)
    found = refused(body + entries + end)
    assert (found.code, "shares its bytes" in found.message) == ("E703", True)


def test_a_member_inside_another_is_refused() -> None:
    inner = packed({"b.xml": b"x" * 50}, zipfile.ZIP_STORED)
    inner = inner[: inner.index(b"PK\x01\x02")]
    outer = packed({"a.xml": inner}, zipfile.ZIP_STORED)
    at = outer.index(b"PK\x03\x04", 4)
    entry = struct.pack(
        "<4s6H3L5H2L",
        *(b"PK\x01\x02", 20, 20, 0, 0, 0, 0, zlib.crc32(b"x" * 50), 50, 50, 5, 0, 0, 0, 0, 0, at),
    )
    central = outer.index(b"PK\x01\x02")
    directory = outer[central : outer.index(b"PK\x05\x06")] + entry + b"b.xml"
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 2, 2, len(directory), central, 0)
    assert "shares its bytes" in refused(outer[:central] + directory + end).message


# ------------------------------------------------------------------------------ broken archives


def test_an_archive_cut_off_anywhere_is_a_finding() -> None:
    data = packed(
        {"imsmanifest.xml": b"<manifest/>" * 50, "a.xml": bytes(random.Random(1).randbytes(500))}
    )
    for end in range(0, len(data), 7):
        found = refused(data[:end])
        assert found.code == "E701"
        assert "cut off" in found.message


def test_a_member_whose_bytes_are_damaged_is_a_finding() -> None:
    content = random.Random(2).randbytes(2000)
    data = bytearray(packed({"a.xml": content}))
    data[200] ^= 0xFF
    assert unreadable(bytes(data), "a.xml").code == "E701"


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_damage_never_raises(data: st.DataObject) -> None:
    whole = bytearray(packed({"imsmanifest.xml": b"<manifest/>", "a/b.xml": b"<a/>" * 20}))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(whole) - 1))
        whole[at] = data.draw(st.integers(0, 255))
    sink = Diagnostics()
    package = open_package("bank.zip", bytes(whole), sink)
    if package is None:
        assert len(sink) == 1
        return
    for member in package.names():
        package.read(member)
    kind(package)
    read_manifest(package, sink)


def test_what_is_not_there_is_a_finding() -> None:
    package, sink = opened(packed({"a.xml": b""}))
    assert package.read("b.xml") is None
    assert [d.code for d in sink] == ["W709"]


# ------------------------------------------------------------------------------ finding files


def test_addresses_are_found_as_a_player_finds_them() -> None:
    files = ["items/q 1.xml", "media/100%.png", "media/Dot.PNG", "items/a#b.png", "items/own.png"]
    package, sink = opened(packed(dict.fromkeys([*files, "own.png"], b"")))
    item = "items/q 1.xml"
    assert package.find("items/q%201.xml") == item
    assert package.find("q%201.xml", item) == item
    assert package.find("../media/100%25.png", item) == "media/100%.png"
    assert package.find("../media/100%.png", item) == "media/100%.png"
    assert package.find("..\\media\\dot.png", item) == "media/Dot.PNG"
    assert package.find("media/DOT.png?size=2#top", item) == "media/Dot.PNG"
    assert package.find("a%23b.png", item) == "items/a#b.png"
    assert package.find("own.png", item) == "items/own.png"
    assert package.find("/own.png", item) == "own.png"
    assert package.find("../../own.png", item) is None
    for address in (
        "",
        "none.png",
        "http://example.org/own.png",
        "//example.org/own.png",
        "data:,x",
    ):
        assert package.find(address, item) is None
    assert not len(sink)


def test_names_that_differ_in_case_only_are_kept_apart() -> None:
    package, _ = opened(packed({"A.png": b"1", "a.png": b"2"}))
    assert [package.read(name) for name in ("A.png", "a.png")] == [b"1", b"2"]
    assert package.find("a.PNG") is None


# ------------------------------------------------------------------------------ manifests

MANIFEST = """<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" identifier="m">
  <metadata><schema>QTIv2.1 Package</schema></metadata><organizations/>
  <resources xml:base="content/">
    <resource identifier="t" type="imsqti_test_xmlv2p1" href="test.xml">
      <file href="test.xml"/><dependency identifierref="i"/>
    </resource>
    <resource identifier="i" type="imsqti_item_xmlv2p1" xml:base="items/" href="q%201.xml">
      <file href="q%201.xml"/>
      <file href="../media/dot.png"/>
      <file href="gone.png"/>
      <file href="http://example.org/x.png"/>
    </resource>
  </resources>
</manifest>"""
FILES = {
    "content/test.xml": b"<assessmentTest/>",
    "content/items/q 1.xml": b"<assessmentItem/>",
    "content/media/dot.png": b"",
}


@pytest.mark.parametrize("folder", ["", "export/", "export/deep/"])
def test_a_manifest_is_read_wherever_it_stands(folder: str) -> None:
    files = {folder + name: data for name, data in FILES.items()}
    package, sink = opened(packed({**files, folder + "imsmanifest.xml": MANIFEST.encode()}))
    manifest = read_manifest(package, sink)
    assert manifest is not None
    assert (manifest.identifier, manifest.schema) == ("m", "QTIv2.1 Package")
    assert [r.identifier for r in manifest.resources] == ["t", "i"]
    test, item = manifest.resources
    assert test.href == folder + "content/test.xml"
    assert test.dependencies == ("i",)
    assert item.href == folder + "content/items/q 1.xml"
    assert item.files == (item.href, folder + "content/media/dot.png")
    assert manifest.resource("i") is item
    assert [(d.code, d.span.path, d.span.line) for d in sink] == [
        ("W709", f"bank.zip/{folder}imsmanifest.xml", 7)
    ]
    assert kind(package) == "qti21"


def test_a_manifest_that_is_broken_is_a_finding() -> None:
    package, sink = opened(packed({"imsmanifest.xml": b"<manifest>\n<resources>"}))
    assert read_manifest(package, sink) is None
    assert [(d.code, d.span.path) for d in sink] == [("E701", "bank.zip/imsmanifest.xml")]


@pytest.mark.parametrize(
    ("type_", "root", "expected"),
    [
        ("imsqti_item_xmlv2p0", b"<x/>", "qti21"),
        ("imsqti_test_xmlv2p2", b"<x/>", "qti21"),
        ("imsqti_item_xmlv3p0", b"<x/>", "qti21"),
        ("imsqti_xmlv1p2", b"<x/>", "qti12"),
        ("imsqti_xmlv1p2/imscc_xmlv1p1/assessment", b"<x/>", "qti12"),
        ("webcontent", b"<questestinterop xmlns='urn:x'>", "qti12"),
        ("webcontent", b"\xef\xbb\xbf<?xml version='1.0'?><qti:assessmentItem a='b'>", "qti21"),
        ("webcontent", b"<qti-assessment-test>", "qti21"),
        ("webcontent", "<assessmentItem/>".encode("utf-16"), "qti21"),
        ("webcontent", b"<html/>", None),
    ],
)
def test_the_reader_of_a_package(type_: str, root: bytes, expected: str | None) -> None:
    manifest = (
        f'<manifest><resources><resource type="{type_}" href="a.xml"/></resources></manifest>'
    )
    files = {"imsmanifest.xml": manifest.encode(), "a.xml": root}
    assert kind(opened(packed(files))[0]) == expected


def test_a_package_without_a_manifest_is_known_by_its_files() -> None:
    assert kind(opened(packed({"z.txt": b"", "a.xml": b"<assessmentItem/>"}))[0]) == "qti21"
    assert kind(opened(packed({"z.txt": b"<assessmentItem/>"}))[0]) is None
    assert xml_kind(b"<assessmentItems/>") is None
