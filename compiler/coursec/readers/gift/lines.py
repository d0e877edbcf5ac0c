"""A file of plain text: its encoding and its line ends."""

from __future__ import annotations

import re
from typing import Final

from coursec.diagnostics import Diagnostics, Span

LARGEST: Final = 32 * 1024 * 1024
"""Bytes of the largest text that is read."""

_LINE_END = re.compile(r"\r+\n")
_WIDE = (b"\xff\xfe", b"\xfe\xff")


def decoded(name: str, data: bytes, sink: Diagnostics) -> str | None:
    r"""Return a file's text with `\n` as line end; None, and E701, where it is not UTF-8 text."""
    hint = "Save it as UTF-8."
    if len(data) > LARGEST:
        message = f"The file is larger than {LARGEST >> 20} MB."
        sink.report("E701", message, Span(name), hint="Split it.")
        return None
    if data.startswith(_WIDE) or data[:2].count(0) == 1:
        sink.report("E701", "The file is UTF-16 text, not UTF-8.", Span(name), hint=hint)
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        sink.report("E701", "The file is not UTF-8 text.", Span(name, line, 1, line, 1), hint=hint)
        return None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        sink.report("E701", "The file is not text.", Span(name, line, 1, line, 1), hint=hint)
        return None
    text = _LINE_END.sub("\n", text)
    if "\r" in text:
        if "\n" in text:
            message = "Its line ends are of two kinds, which not every reader takes for line ends."
            sink.report("W708", message, Span(name), hint="Save it with one kind of line end.")
        text = text.replace("\r", "\n")
    return text
