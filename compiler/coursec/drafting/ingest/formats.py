"""The formats that can be ingested, and what each file is by its content."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path

from coursec.diagnostics import Diagnostics
from coursec.drafting.ingest.encoding import decode, restored
from coursec.drafting.ingest.page import Deck
from coursec.drafting.ingest.source_file import MOST_BYTES, MOST_CHARACTERS, MOST_PAGES, Source
from coursec.drafting.ingest.structure import distinct, divided, marked, without_running_lines

BINARY = {
    "pdf": "coursec.drafting.ingest.pdf:read_pdf",
    "pptx": "coursec.drafting.ingest.pptx:read_pptx",
    "docx": "coursec.drafting.ingest.docx:read_docx",
}
"""Readers of files that are no text."""
TEXT = {
    "log": "coursec.drafting.ingest.log:read_log",
    "notebook": "coursec.drafting.ingest.notebook:read_notebook",
    "html": "coursec.drafting.ingest.html:read_html",
    "scripted": "coursec.drafting.ingest.scripted:read_scripted",
    "markdown": "coursec.drafting.ingest.markdown_in:read_markdown",
}
"""Readers of text."""
_SUFFIXES = {".md": "markdown", ".markdown": "markdown", ".txt": "markdown", ".qmd": "markdown"}
_HTML = re.compile(
    r"\s*(<!doctype html|<html|<head|<body|<!--.*?-->\s*<(!doctype|html))", re.I | re.S
)
_PAGED = frozenset(("pdf", "pptx"))
_KNOWN = "PDF, PPTX, DOCX, HTML, Markdown, Jupyter notebooks and retrieval logs"


def read(
    name: str,
    data: bytes,
    sink: Diagnostics,
    *,
    folder: Path | None = None,
    titles: Sequence[str] = (),
) -> Deck | None:
    """Return what a file holds; None, and a finding, where it cannot be read."""
    source = Source(name, data, sink, folder, tuple(titles))
    if len(data) > MOST_BYTES:
        source.refuse("E904", f"The file is larger than {MOST_BYTES // 1024**2} MiB.")
        return None
    if not data.strip():
        source.refuse("E901", "The file is empty.")
        return None
    kind = detect(data)
    before = sink.errors
    if kind in BINARY:
        deck = _reader(BINARY[kind])(source)
    elif kind:
        source.refuse("E905", f"This is {kind}, not a file that can be ingested.", _hint(kind))
        return None
    else:
        deck = _text(source)
    if deck is None or sink.errors > before:
        return None
    return _finished(deck, source, kind in _PAGED)


def _reader(entry: str) -> Callable[..., Deck | None]:
    module, _, function = entry.partition(":")
    found: Callable[..., Deck | None] = getattr(import_module(module), function)
    return found


def detect(data: bytes) -> str:
    """Return `pdf`, `pptx`, `docx`, a name for other binary files, or nothing for text."""
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        if b"ppt/" in data and b"ppt/presentation.xml" in data:
            return "pptx"
        if b"word/document" in data:
            return "docx"
        return "an archive"
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "an old or encrypted Office file"
    for sign, word in (
        (b"\x89PNG", "a PNG image"),
        (b"\xff\xd8\xff", "a JPEG image"),
        (b"GIF8", "a GIF image"),
        (b"{\\rtf", "a rich text file"),
        (b"\x1f\x8b", "a compressed file"),
        (b"SQLite format 3", "a database"),
    ):
        if data.startswith(sign):
            return word
    return ""


def _hint(kind: str) -> str:
    if "Office" in kind:
        return "Save it as PPTX or DOCX without a password."
    return f"What can be ingested: {_KNOWN}."


def _text(source: Source) -> Deck | None:
    decoded = decode(source.data)
    if decoded is None:
        source.refuse("E905", "This is no file that can be ingested.", f"It reads {_KNOWN}.")
        return None
    text, codec = decoded
    if len(text) > MOST_CHARACTERS:
        source.refuse("E904", f"The text has more than {MOST_CHARACTERS:,} characters.")
        return None
    if codec == "cp1252":
        source.refuse("W917", "The file is not UTF-8: it is read as Windows-1252.")
    sound = restored(text)
    deck = _reader(TEXT[_kind(source, sound.text)])(source, sound.text)
    if deck is None:
        return None
    return replace(deck, codec=sound.codec, restored=sound.lines)


def _kind(source: Source, text: str) -> str:
    from coursec.drafting.ingest.log import is_log

    if is_log(text):
        return "log"
    suffix = Path(source.name).suffix.lower()
    if suffix == ".ipynb" or (suffix not in _SUFFIXES and _is_notebook(text)):
        return "notebook"
    if _HTML.match(text) or (suffix in (".html", ".htm", ".xhtml")):
        from coursec.drafting.ingest.scripted import is_scripted

        return "scripted" if is_scripted(text) else "html"
    return "markdown"


def _is_notebook(text: str) -> bool:
    return text.lstrip().startswith("{") and '"cells"' in text and '"nbformat"' in text


def _finished(deck: Deck, source: Source, paged: bool) -> Deck | None:
    """Return a deck without what stands in it twice, its structure marked."""
    pages, dropped = list(deck.pages), deck.dropped
    if len(pages) > _MOST_RAW:
        _refuse_many(source, len(pages))
        return None
    if paged:
        pages, running = without_running_lines(pages)
        dropped = (*dropped, *running)
    pages, copies = distinct(marked([part for page in pages for part in divided(page)]))
    pages = [page for page in pages if page.title or page.blocks or page.notes]
    if not pages:
        source.refuse("E903", "The file holds no text.", "A scan must be recognised (OCR) first.")
        return None
    if len(pages) > MOST_PAGES:
        _refuse_many(source, len(pages))
        return None
    return replace(deck, pages=tuple(pages), dropped=dropped, shared=deck.shared + copies)


def _refuse_many(source: Source, count: int) -> None:
    source.refuse("E904", f"The file has {count:,} slides; {MOST_PAGES:,} are the limit.")


_MOST_RAW = 5 * MOST_PAGES
"""Pages that are looked at: those that say the same become one slide."""
