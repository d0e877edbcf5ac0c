"""XML by anyone, read without anything that reaches out or grows.

A file is decoded before the parser sees it, so that what is searched for a document type is
what is parsed. One that declares anything is refused; one that only has a name is taken out
unread. So there is no entity, no file from elsewhere and no bomb.
"""

from __future__ import annotations

import re
from typing import Final, cast

from lxml.etree import XMLParser, XMLSyntaxError, XPath, _Element, fromstring

from coursec.diagnostics import Diagnostics, Span

LARGEST: Final = 64 * 1024 * 1024
"""Bytes of the largest XML file that is read."""
DEEPEST: Final = 150
"""Levels of elements inside each other: whoever walks a tree may do so by recursion."""

_MOST_PARTS = 2_000_000
"""Elements and attributes: a parsed one takes a hundred bytes, written it takes four."""
_PARTS = (b"<", b'="', b"='")

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_BARE = ((b"<\x00?\x00", "utf-16-le"), (b"\x00<\x00?", "utf-16-be"))
_DECLARED = re.compile(rb"\s*<\?xml\s[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_ENCODINGS = re.compile(
    r"utf-?8|utf-?16(-?le|-?be)?|(us-)?ascii|iso-?8859-?[0-9]{1,2}|latin-?1|(windows-|cp)125[0-8]"
    r"|macintosh|mac-roman|koi8-[ru]|shift_jis|euc-(jp|kr)|gb2312|gbk|gb18030|big5",
    re.IGNORECASE,
)
"""Encodings in which a file may be; each holds ASCII as it is, or is UTF-16."""
_BEFORE_ROOT = re.compile(r"(?:\s+|<\?.*?\?>|<!--.*?-->)+", re.DOTALL)
_NAMED_DOCTYPE = re.compile(r"""<!DOCTYPE(?:[^\[\]<>"']|"[^"<>]*"|'[^'<>]*')*>""")
"""A document type that declares nothing itself; tools write it out of habit."""
_PLACE = re.compile(r", line [0-9]+, column [0-9]+.*\Z", re.DOTALL)
_TOO_DEEP = XPath("(" + "/*" * (DEEPEST + 1) + ")[1]")


class _RefusedError(Exception):
    """A file is not read; it never leaves this module."""

    def __init__(self, code: str, message: str, line: int = 1, hint: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.line, self.hint = code, message, line, hint


def parse_xml(name: str, data: bytes, sink: Diagnostics) -> _Element | None:
    """Return the root element of an XML file, without comments and processing instructions.

    `name` is the file's place in findings. A file that is refused is reported: E704 for a
    document type with declarations, E701 for anything that is not well-formed, too large or
    too deep.
    """
    try:
        return _parse(_decoded(data))
    except _RefusedError as refused:
        span = Span(name, refused.line, 1, refused.line, 1)
        sink.report(refused.code, refused.message, span, hint=refused.hint)
        return None


def local(node: _Element) -> str:
    """Return an element's name without its namespace."""
    return str(node.tag).rpartition("}")[2]


def text_of(node: _Element) -> str:
    """Return all characters inside an element."""
    return "".join(str(part) for part in node.itertext())


def line_of(node: _Element) -> int:
    """Return the line at which an element begins."""
    # The stubs of lxml do not know the type.
    return cast("int | None", node.sourceline) or 1


def _decoded(data: bytes) -> bytes:
    """Return a file as UTF-8, without a document type."""
    if len(data) > LARGEST:
        raise _RefusedError("E701", f"The XML file is larger than {LARGEST >> 20} MB.")
    if not data.strip():
        raise _RefusedError("E701", "The XML file is empty.")
    encoding, start = _encoding(data)
    unread = f"The XML file is in an encoding that is not read: `{encoding}`."
    if not _ENCODINGS.fullmatch(encoding):
        raise _RefusedError("E701", unread)
    try:
        text = data[start:].decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, start + error.start) + 1
        message = f"The XML file is not {encoding.upper()} text."
        raise _RefusedError("E701", message, line) from None
    except LookupError:
        raise _RefusedError("E701", unread) from None
    before = _BEFORE_ROOT.match(text)
    begin = before.end() if before else 0
    plain = data[start:] if encoding == "utf-8" else text.encode()
    if text.startswith("<!", begin):
        named = _NAMED_DOCTYPE.match(text, begin)
        if named is None:
            line = text.count("\n", 0, begin) + 1
            hint = "Remove the document type; question banks need none."
            raise _RefusedError("E704", "The XML file declares a document type.", line, hint)
        lines = "\n" * named[0].count("\n")
        plain = (text[:begin] + lines + text[named.end() :]).encode()
    if sum(plain.count(part) for part in _PARTS) > _MOST_PARTS:
        message = "The XML file holds more elements than any question bank needs."
        raise _RefusedError("E701", message)
    return plain


def _parse(data: bytes) -> _Element:
    # The declaration's encoding no longer holds, so the parser is told the true one.
    parser = XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
    # A blank before the declaration is not XML, yet tools that assemble text write it.
    plain = data.lstrip()
    try:
        root = fromstring(plain, parser)
    except XMLSyntaxError as error:
        line = (error.lineno or 1) + data.count(b"\n", 0, len(data) - len(plain))
        message = _PLACE.sub("", str(error.msg)).strip().rstrip(".") or "it is cut off"
        if "xcessive depth" in message:
            raise _too_deep(line) from None
        hint = "XML knows no HTML entities: write the character." if "Entity" in message else ""
        message = f"The XML is not well-formed: {message}."
        raise _RefusedError("E701", message, line, hint) from None
    except ValueError as error:
        raise _RefusedError("E701", f"The XML cannot be read: {error}.") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise _RefusedError("E704", "The XML file declares a document type.")
    deep = _TOO_DEEP(root)
    if isinstance(deep, list) and deep:
        raise _too_deep(line_of(cast("_Element", deep[0])))
    return root


def _too_deep(line: int) -> _RefusedError:
    message = f"The XML file nests elements more than {DEEPEST} levels deep."
    return _RefusedError("E701", message, line)


def _encoding(data: bytes) -> tuple[str, int]:
    """Return a file's encoding, and how many bytes its byte order mark takes."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return encoding, len(mark)
    for mark, encoding in _BARE:
        if data.startswith(mark):
            return encoding, 0
    declared = _DECLARED.match(data)
    if declared is None:
        return "utf-8", 0
    encoding = declared[1].decode("ascii").lower()
    # A file that could be read so far as to find its declaration is not UTF-16.
    if encoding in {"utf8", "us-ascii", "ascii"} or encoding.startswith(("utf-16", "utf16")):
        return "utf-8", 0
    return encoding, 0
