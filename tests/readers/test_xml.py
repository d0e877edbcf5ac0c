"""XML by anyone: what is refused, where, and that nothing reaches out or grows."""

from __future__ import annotations

import resource
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursec.diagnostics import Diagnostic, Diagnostics
from coursec.readers.xml import DEEPEST, line_of, local, parse_xml

BOMB = """<?xml version="1.0"?>
<!-- a bank -->
<!DOCTYPE quiz [
<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;">
]>
<quiz>&c;</quiz>"""


def refused(data: bytes) -> Diagnostic:
    sink = Diagnostics()
    assert parse_xml("bank.xml", data, sink) is None
    found = list(sink)
    assert len(found) == 1
    assert found[0].span.path == "bank.xml"
    return found[0]


def text_of(data: bytes) -> str:
    sink = Diagnostics()
    root = parse_xml("bank.xml", data, sink)
    assert root is not None, [d.message for d in sink]
    assert not len(sink)
    return "".join(root.itertext())


@pytest.mark.parametrize(
    ("source", "line"),
    [
        (BOMB, 3),
        ('<!DOCTYPE a SYSTEM "http://example.org/a.dtd" []>\n<a/>', 1),
        ("<!DOCTYPE a [>]><a/>", 1),
        ("<!ENTITY x 'y'><a/>", 1),
        ("<!DOCTYPE a", 1),
        (
            '<?xml version="1.0"?>\n<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
            2,
        ),
        ('<!DOCTYPE a [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]><a/>', 1),
        ("<?pi?>\n<!-- <a> -->\n\n<!DOCTYPE a [ ]><a/>", 4),
    ],
)
def test_a_document_type_that_declares_is_refused_with_its_line(source: str, line: int) -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        found = refused(source.encode(encoding))
        assert (found.code, found.span.line) == ("E704", line), encoding


@pytest.mark.parametrize(
    "doctype",
    [
        "<!DOCTYPE a>",
        '<!DOCTYPE a SYSTEM "ims_qtiasiv1p2.dtd">',
        "<!DOCTYPE a PUBLIC \"-//X//Y [Z]\" 'file:///etc/passwd'>",
        "<!DOCTYPE\n a\n SYSTEM 'http://example.org/a.dtd'\n>",
    ],
)
def test_a_document_type_that_only_has_a_name_is_not_looked_at(doctype: str) -> None:
    for encoding in ("utf-8", "utf-16"):
        data = f"<?xml version='1.0'?>\n{doctype}\n<!-- x -->\n<a>é</a>"
        sink = Diagnostics()
        root = parse_xml("bank.xml", data.encode(encoding), sink)
        assert root is not None
        assert (root.text, line_of(root)) == ("é", 4 + doctype.count("\n"))
    assert "Entity" in refused(f"{doctype}<a>&nbsp;</a>".encode()).message
    assert refused(f"{doctype}{doctype}<a/>".encode()).code in {"E701", "E704"}


def test_an_encoding_that_would_hide_a_document_type_is_not_read() -> None:
    hidden = b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE a+AD4APA-a/+AD4-'
    found = refused(hidden)
    assert found.code == "E701"
    assert "utf-7" in found.message


@pytest.mark.parametrize(
    ("source", "line", "word"),
    [
        (b"", 1, "empty"),
        (b"  \n ", 1, "empty"),
        (b"no markup", 1, "not well-formed"),
        (b"<a>\n<b>\n</a>", 3, "not well-formed"),
        (b"<a>\n<b>\n", 3, "not well-formed"),
        (b"<a>\n\n<b", 3, "not well-formed"),
        (b"\n\n<a>\n<b></a>", 4, "not well-formed"),
        (b"<a>\n&nbsp;</a>", 2, "nbsp"),
        (b"<a>\n&x;</a>", 2, "Entity"),
        (b"<a>\n\x01</a>", 2, "not well-formed"),
        (b"<a>\n\n\xe4</a>", 3, "UTF-8"),
        (b'<?xml version="1.0" encoding="shift_jis"?>\n<a>\x81</a>', 2, "SHIFT_JIS"),
        (b'<?xml version="1.0" encoding="no-such"?><a/>', 1, "no-such"),
        ("<a>".encode("utf-16-le") + b"\n", 1, "not well-formed"),
    ],
)
def test_what_is_broken_is_named_with_its_line(source: bytes, line: int, word: str) -> None:
    found = refused(source)
    assert (found.code, found.span.line) == ("E701", line)
    assert word in found.message


@pytest.mark.parametrize(
    "data",
    [
        "<a>é€</a>".encode(),
        b"\xef\xbb\xbf" + "<a>é€</a>".encode(),
        '<?xml version="1.0" encoding="utf-16"?><a>é€</a>'.encode("utf-16"),
        '<?xml version="1.0" encoding="UTF-16"?><a>é€</a>'.encode("utf-16-be"),
        '<?xml version="1.0" encoding="windows-1252"?><a>é€</a>'.encode("cp1252"),
        '<?xml version="1.0" encoding="iso-8859-15"?><a>é€</a>'.encode("iso-8859-15"),
        # .NET writes a string's declaration and saves it as UTF-8.
        '<?xml version="1.0" encoding="utf-16"?><a>é€</a>'.encode(),
        '\n <?xml version="1.0"?><a>é€</a>'.encode(),
    ],
)
def test_encodings_are_understood(data: bytes) -> None:
    assert text_of(data) == "é€"


def test_comments_and_processing_instructions_are_not_there() -> None:
    sink = Diagnostics()
    data = b"<?x y?><!-- 1 --><a><!-- 2 -->b<?p q?>c<d/><!-- 3 --></a><!-- 4 -->"
    root = parse_xml("bank.xml", data, sink)
    assert root is not None
    assert root.text == "bc"
    assert [local(node) for node in root.iter()] == ["a", "d"]
    assert list(root) == [root[0]]


def test_files_of_others_are_not_included() -> None:
    data = (
        b'<a xmlns:xi="http://www.w3.org/2001/XInclude">'
        b'<xi:include href="/etc/passwd" parse="text"/></a>'
    )
    assert text_of(data) == ""


def test_lines_and_names() -> None:
    sink = Diagnostics()
    root = parse_xml("bank.xml", b'<a xmlns="urn:x">\n\n<b/></a>', sink)
    assert root is not None
    assert (local(root[0]), line_of(root[0])) == ("b", 3)


def test_nesting_has_a_limit() -> None:
    sink = Diagnostics()
    inside = DEEPEST - 1
    fits = b"<a>" * inside + b"<b/>" + b"</a>" * inside
    assert parse_xml("bank.xml", fits, sink) is not None
    found = refused(b"<a>\n" * DEEPEST + b"<b/>" + b"</a>" * DEEPEST)
    assert (found.code, found.span.line) == ("E701", DEEPEST + 1)
    assert "levels deep" in found.message
    assert "levels deep" in refused(b"<a>" * 5000).message


@pytest.mark.parametrize(
    "data",
    [
        b"<a>" * (50 * 1024 * 1024 // 3),
        b"<a>" + b"<b/>" * (50 * 1024 * 1024 // 4) + b"</a>",
        b"<a " + b"".join(b'b%d="" ' % n for n in range(4_000_000)) + b"/>",
        b"<a>" + b"x" * (65 * 1024 * 1024) + b"</a>",
    ],
    ids=["deep", "wide", "attributes", "long"],
)
def test_fifty_megabytes_are_refused_at_once(data: bytes) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    assert refused(data).code == "E701"
    assert time.process_time() - start < 5
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert after - before < 400 * 1024, "kilobytes"


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=60),
    st.sampled_from([b"", b"<a>", b"<?xml version='1.0'?><a>", b"\xff\xfe<\x00"]),
)
def test_any_bytes_give_a_tree_or_one_finding(data: bytes, start: bytes) -> None:
    sink = Diagnostics()
    root = parse_xml("bank.xml", start + data, sink)
    assert (root is None) == (len(sink) == 1)
