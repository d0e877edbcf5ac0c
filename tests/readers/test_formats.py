"""Which reader a file goes to."""

from __future__ import annotations

import io
import time
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursec.readers import READERS
from coursec.readers.formats import detect

GIFT = "::Q1:: What is {=this ~that}?"
AIKEN = "What is this?\nA. One\nB) Two\n\nANSWER: B\n"


def archive(**files: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for name, text in files.items():
            made.writestr(name.replace("_", "."), text)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.txt", GIFT, "gift"),
        ("a.txt", "// comment\n$CATEGORY: top\n\nOnly a description.", "gift"),
        ("a.txt", "<p>Two \\{ and</p> {T}", "gift"),
        ("a.txt", "Escaped \\{=only\\} braces", None),
        ("a.txt", AIKEN, "aiken"),
        ("a.txt", AIKEN.replace("\n", "\r\n"), "aiken"),
        ("a.txt", "Which set {a, b}?\nA. One\nB. Two\nANSWER: A", "aiken"),
        ("a.txt", "ANSWER: A\nis {=what} it says", "gift"),
        ("a.txt", "Just notes.", None),
        ("a.gift", "Just notes.", "gift"),
        ("a.gift.txt", "", "gift"),
        ("a.txt", "", None),
        ("a.xml", "<?xml version='1.0'?>\n<!-- <questestinterop> -->\n<quiz>\n", "moodle"),
        ("a.txt", "<quiz/>", "moodle"),
        ("a.xml", "<!DOCTYPE quiz [<!ENTITY a 'b'>]>\n<quiz>&a;</quiz>", "moodle"),
        ("a.xml", "<questestinterop xmlns='urn:x'/>", "qti12"),
        ("a.xml", "<q:questestinterop xmlns:q='urn:x'/>", "qti12"),
        ("a.xml", "<assessmentItem/>", "qti21"),
        ("a.xml", "\n<assessmentTest\n title='{=x}'>", "qti21"),
        ("a.xml", "<qti-assessment-item/>", "qti21"),
        ("a.xml", "<html>{=x}</html>", None),
        ("a.xml", "<!-- unclosed", None),
        ("a.xml", "", None),
    ],
)
def test_texts(name: str, text: str, expected: str | None) -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        assert detect(name, text.encode(encoding)) == expected, encoding


def test_archives() -> None:
    assert detect("a.zip", archive(a_xml="<assessmentItem/>")) == "qti21"
    assert detect("a.imscc", archive(a_xml="<questestinterop/>")) == "qti12"
    assert detect("no-extension", archive(a_xml="<questestinterop/>")) == "qti12"
    assert detect("a.zip", archive(a_txt=GIFT)) is None
    # Their reader says what is wrong with them.
    assert detect("a.zip", archive(a_xml="<questestinterop/>")[:-5]) == "qti21"
    assert detect("a.zip", b"no archive") == "qti21"


def test_what_is_no_text() -> None:
    assert detect("a.txt", b"\x89PNG\r\n\x1a\n\x00{=a}") is None
    assert detect("a.txt", "Größe {=1}".encode("latin-1")) == "gift"


@pytest.mark.parametrize("unit", ["<!--", "<? ", "{", "{\\", "A. x\n", "::", "<a:", " ", "\\{"])
def test_a_long_file_is_known_at_once(unit: str) -> None:
    start = time.process_time()
    detect("a.txt", (unit * (20_000_000 // len(unit))).encode())
    detect("a.txt", ("<" + unit * (20_000_000 // len(unit))).encode())
    assert time.process_time() - start < 3


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=80), st.sampled_from(["a.txt", "a.xml", "a.zip", "a.gift", ""]))
def test_any_bytes_have_a_reader_or_none(data: bytes, name: str) -> None:
    assert detect(name, data) in {None, *READERS}
