"""Jupyter notebooks to pages: Markdown as it is, code as code, results as they were shown."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from coursec.drafting.ingest.markdown_in import read_markdown
from coursec.drafting.ingest.page import Block, Deck, Formed, Page, Picture
from coursec.drafting.ingest.source_file import Source, address_of

_MOST_CELLS = 5_000
_LONGEST_OUTPUT = 40
"""Lines of a result that are taken over."""
_ATTACHED = re.compile(r"\(attachment:([^)\s]+)[^)]*\)")
_COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def read_notebook(source: Source, text: str) -> Deck | None:
    """Return the slides of a notebook; None, and a finding, where it cannot be read."""
    import nbformat

    reads: Any = nbformat.reads
    try:
        notebook = reads(text, as_version=4)
        cells = list(notebook.cells)
        language = str(notebook.metadata.get("language_info", {}).get("name", "python"))
    except Exception as error:  # what the library raises over a broken file
        reason = str(error).strip().split("\n")[0][:120]
        source.refuse("E901", f"The file is no notebook: {reason or type(error).__name__}.")
        return None
    if len(cells) > _MOST_CELLS:
        source.refuse(
            "E904", f"The notebook has {len(cells):,} cells; {_MOST_CELLS:,} is the limit."
        )
        return None
    reader = _Cells(source, language)
    parts = [part for cell in cells for part in reader.cell(cell)]
    deck = read_markdown(source, "\n" + "\n\n".join(parts))
    return replace(deck, pages=tuple(reader.shown(page) for page in deck.pages))


@dataclass(slots=True)
class _Cells:
    source: Source
    language: str
    pictures: dict[str, Picture] = field(default_factory=dict)

    def cell(self, cell: Any) -> Iterator[str]:
        """Yield the Markdown of a cell: its text, or its code and what that showed."""
        text = _joined(cell.get("source", "")).strip("\n")
        if cell.get("cell_type") == "markdown":
            attachments = cell.get("attachments") or {}
            yield _ATTACHED.sub(lambda match: self.attached(match[1], attachments), text)
        elif cell.get("cell_type") == "code" and text.strip():
            yield _fenced(text, self.language)
            for output in cell.get("outputs") or ():
                yield from self.output(output)

    def attached(self, name: str, attachments: Any) -> str:
        """Return the address of an attached image, in brackets."""
        bundle = attachments.get(name) or {}
        return f"({self.kept(next(iter(bundle.values()), ''), f'`{name[:40]}`')})"

    def kept(self, value: Any, shown: str) -> str:
        """Keep an image that stands in the file; return its address, nothing if it is none."""
        try:
            data = base64.b64decode(_joined(value))
        except (binascii.Error, ValueError):
            data = b""
        picture = self.source.picture(data, "", shown)
        if picture is None:
            return ""
        self.pictures[address_of(picture)] = picture
        return address_of(picture)

    def output(self, output: Any) -> Iterator[str]:
        """Yield what a cell showed: text and images; errors and HTML are none of it."""
        kind = output.get("output_type")
        data = output.get("data") or {}
        if kind == "stream":
            yield from _result(output.get("text", ""))
        elif kind in ("execute_result", "display_data"):
            image = next((data[k] for k in ("image/png", "image/jpeg") if k in data), None)
            if image is not None:
                address = self.kept(image, "of a result")
                yield from [f"![]({address})"] if address else []
            elif "text/markdown" in data:
                yield _joined(data["text/markdown"])
            else:
                yield from _result(data.get("text/plain", ""))

    def shown(self, page: Page) -> Page:
        """Return a page whose blocks know the images that they show."""
        blocks: list[Block] = []
        for block in page.blocks:
            if isinstance(block, Formed):
                mine = tuple((a, p) for a, p in self.pictures.items() if a in block.markdown)
                blocks.append(replace(block, pictures=(*block.pictures, *mine)))
            else:
                blocks.append(block)
        return replace(page, blocks=tuple(blocks))


def _joined(value: Any) -> str:
    return "".join(map(str, value)) if isinstance(value, list) else str(value)


def _fenced(text: str, language: str) -> str:
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text}\n{fence}"


def _result(value: Any) -> Iterator[str]:
    lines = _COLOURS.sub("", _joined(value)).rstrip().split("\n")
    if any(lines):
        rest = len(lines) - _LONGEST_OUTPUT
        kept = lines[:_LONGEST_OUTPUT] + ([f"… {rest} more lines"] if rest > 0 else [])
        yield _fenced("\n".join(kept), "text")
