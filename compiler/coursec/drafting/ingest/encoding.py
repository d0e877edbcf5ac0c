"""Texts that were decoded with the wrong table: whole files inverted exactly, or left alone."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

CODECS = ("mac_roman", "cp1252", "latin-1", "cp850", "cp437", "cp1250", "cp1251")
"""Tables that UTF-8 is mistaken for, the commonest first."""

_TIMES = 2
"""How often a text may have been damaged."""
_UNDEFINED = {0x81, 0x8D, 0x8F, 0x90, 0x9D}
"""Bytes that Windows-1252 leaves undefined, and that decoders pass through as controls."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, and what was done to it."""

    text: str
    codec: str = ""
    """The table that was undone; empty where the text was sound."""
    lines: tuple[tuple[int, str, str], ...] = ()
    """(line number from 1, before, after) of every line that was restored."""


def decode(data: bytes) -> tuple[str, str] | None:
    """Return (the text of a file, the encoding it was read with); None where it is no text."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _try(data, "utf-16")
    if b"\0" in data[:4096]:
        return None
    return _try(data, "utf-8-sig") or _try(data, "cp1252")


def _try(data: bytes, codec: str) -> tuple[str, str] | None:
    try:
        text = data.decode(codec)
    except UnicodeDecodeError:
        return None
    return text.replace("\r\n", "\n").replace("\r", "\n"), codec


def restored(text: str) -> Decoded:
    """Return a text with its encoding repaired.

    A table is undone for the whole text when that succeeds without a remainder, else line by
    line; what cannot be undone exactly stays as it is.
    """
    whole, codecs = text, []
    for _ in range(_TIMES):
        found = _inverted_by_any(whole)
        if found is None:
            break
        whole, codec = found
        codecs.append(codec)
    if codecs:
        return Decoded(whole, " ".join(codecs), _differences(text, whole))
    lines = text.split("\n")
    better = [_inverted_by_any(line) if not line.isascii() else None for line in lines]
    if not any(better):
        return Decoded(text)
    out = [found[0] if found else line for line, found in zip(lines, better, strict=True)]
    first = next(found[1] for found in better if found)
    return Decoded("\n".join(out), first, _differences(text, "\n".join(out)))


def _differences(before: str, after: str) -> tuple[tuple[int, str, str], ...]:
    pairs = zip(before.split("\n"), after.split("\n"), strict=True)
    return tuple((n, b, a) for n, (b, a) in enumerate(pairs, 1) if b != a)


def _inverted_by_any(text: str) -> tuple[str, str] | None:
    if text.isascii():
        return None
    for codec in CODECS:
        found = _inverted(text, codec)
        if found is not None:
            return found, codec
    return None


def _inverted(text: str, codec: str) -> str | None:
    try:
        data = _encoded(text, codec)
        after = data.decode("utf-8")
    except UnicodeError:
        return None
    if after.count("\n") != text.count("\n") or _other(after) >= _other(text):
        return None
    return after if _is_sure(data, after) else None


def _encoded(text: str, codec: str) -> bytes:
    if codec != "cp1252":
        return text.encode(codec)
    return (
        b"".join(bytes([ord(c)]) if ord(c) in _UNDEFINED else c.encode(codec) for c in text)
        if any(ord(c) in _UNDEFINED for c in text)
        else text.encode(codec)
    )


def _other(text: str) -> int:
    return sum(not c.isascii() for c in text)


_TWO_BYTES = re.compile(rb"[\xc2-\xdf][\x80-\xbf]")
_MORE_BYTES = re.compile(rb"[\xe0-\xf4][\x80-\xbf]{2,3}")
_WORD = re.compile(r"[^\W\d_]+")
_TOGETHER = frozenset(("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "FEMININE", "MASCULINE", "MICRO"))
"""First words of the names of letters that stand beside those of other scripts."""


def _is_sure(data: bytes, after: str) -> bool:
    """Tell whether what was found is more than a chance: `√±` in a formula is no `ñ`."""
    if _MORE_BYTES.search(data):
        return True
    words = [m[0] for m in _WORD.finditer(after) if not m[0].isascii()]
    if any(len(_scripts(word)) > 1 for word in words):
        return False  # `ß’` in `Gauß’sches` is no letter of N'Ko
    return any(len(word) > 1 for word in words) or len(_TWO_BYTES.findall(data)) > 2


def _scripts(word: str) -> set[str]:
    """Return the scripts that a word's letters belong to."""
    return {unicodedata.name(letter, "?").split()[0] for letter in word} - _TOGETHER
