"""Which format a file has: by what stands in it, then by its name."""

from __future__ import annotations

import re
from typing import Final

from coursec.diagnostics import Diagnostics
from coursec.readers.manifest import kind
from coursec.readers.package import open_package

_ARCHIVE: Final = (b"PK\x03\x04", b"PK\x05\x06")
_HEAD: Final = 1024 * 1024
"""Bytes at the start of a text in which signs of its format are looked for."""

_ROOTS = {
    "quiz": "moodle",
    "questestinterop": "qti12",
    "assessmentitem": "qti21",
    "assessmenttest": "qti21",
    "assessmentsection": "qti21",
    "qti-assessment-item": "qti21",
    "qti-assessment-test": "qti21",
    "qti-assessment-section": "qti21",
}
_ELEMENT = re.compile(r"<(?:[\w.-]{1,40}:)?([A-Za-z_][\w.-]{0,80})[\s/>]")
_ASIDE = re.compile(r"\s*(<\?|<!--)")
_ENDS = {"<?": "?>", "<!--": "-->"}
_AIKEN_OPTION = re.compile(r"\s*[A-Z][.)]\s")
_AIKEN_ANSWER = re.compile(r"\s*ANSWER:\s*[A-Z]\s*", re.IGNORECASE)
_GIFT_ANSWERS = re.compile(r"(?<!\\)\{[^{}\\]*(?:\\.[^{}\\]*)*\}", re.DOTALL)
_GIFT_SIGN = re.compile(r"^[ \t]*(::[^\n]*?::|\$CATEGORY:)", re.MULTILINE)


def detect(name: str, data: bytes) -> str | None:
    """Return the key of the reader for a file, one of `READERS`; None where none reads it.

    A broken archive goes to a reader of archives, which says what is wrong with it.
    """
    lower = name.lower()
    if data.startswith(_ARCHIVE) or lower.endswith((".zip", ".imscc")):
        package = open_package(name, data, Diagnostics())
        return "qti21" if package is None else kind(package)
    text = _text(data[:_HEAD])
    if text is None:
        return None
    if text.lstrip().startswith("<"):
        root = _root(text.lstrip())
        if root.lower() in _ROOTS:
            return _ROOTS[root.lower()]
        if lower.endswith(".xml"):
            return None
    if _is_aiken(text):
        return "aiken"
    if _GIFT_ANSWERS.search(text) or _GIFT_SIGN.search(text) or lower.endswith(".gift"):
        return "gift"
    return "gift" if lower.endswith(".gift.txt") else None


def _text(data: bytes) -> str | None:
    """Return a text as far as it shows its format; None for what is no text."""
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    if not wide and data[:2] in {b"<\x00", b"\x00<"}:
        wide, data = True, (b"\xff\xfe" if data[:1] == b"<" else b"\xfe\xff") + data
    text = data.decode("utf-16" if wide else "utf-8-sig", errors="replace")
    return None if "\x00" in text else text


def _root(text: str) -> str:
    """Return the name of an XML document's root; empty where there is none."""
    start = 0
    while aside := _ASIDE.match(text, start):
        closing = _ENDS[aside[1]]
        end = text.find(closing, aside.end())
        if end < 0:
            return ""
        start = end + len(closing)
    found = _ELEMENT.search(text, start)
    return found[1] if found else ""


def _is_aiken(text: str) -> bool:
    """Tell whether a line with a key stands right below a choice."""
    before = ""
    for line in text.splitlines():
        if _AIKEN_ANSWER.fullmatch(line) and _AIKEN_OPTION.match(before):
            return True
        if line.strip():
            before = line
    return False
