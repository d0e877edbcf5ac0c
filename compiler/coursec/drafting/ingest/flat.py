"""Lines of extracted text to blocks: paragraphs, lists and tables of yes and no."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from coursec.drafting.ingest.levels import depths
from coursec.drafting.ingest.matrix import matrix
from coursec.drafting.ingest.page import Block, Entry, Listing, Paragraph

BULLETS = "•▪■□●○◦‣⁃▸►▶▷➢➤➔✓✔✦✧❖◆◇∙⋄\uf0b7\uf0a7\uf0d8\uf0fc\uf06e\uf071\uf076"
"""Signs that begin an entry of a list; the last ones are those of symbol fonts."""
_BULLET = re.compile(rf"\s*([{BULLETS}])\s*(.*)|\s*([–—*o-])\s+(?=\S)(.*)")
_NUMBER = re.compile(r"\s*(\d{1,2})[.)](?:\s*(?=[^\W\d])|\s+|$)(.*)")
_PRIVATE = re.compile("[\ue000-\uf8ff\ufffd\U000f0000-\U0010ffff]")
_CRUMB = 24
"""Characters up to which a line that starts anew may be a label of a drawing."""
_FULL = 0.75
"""Share of the widest line from which a line may go on in the next."""
_UNFINISHED = re.compile(r"[,:;(\[–—-]$|\b(a|an|the|of|to|and|or|with|for|in|on|by|is|are)$")


def is_marked(line: str) -> bool:
    """Tell whether a line begins with a bullet or a number."""
    return bool(_BULLET.fullmatch(line) or _NUMBER.fullmatch(line))


def tidy(line: str) -> str:
    """Return a line without signs of symbol fonts and with single blanks."""
    return " ".join(_PRIVATE.sub(" ", line).split())


def goes_on(line: str, following: str, widest: int) -> bool:
    """Tell whether a line of an extracted text goes on in the next one."""
    text, after = line.rstrip(), following.strip()
    if not text or not after:
        return False
    if line != text or text.endswith("-"):  # extractions leave the blank at which a line breaks
        return len(text) > 1
    if after[0].islower():
        return True
    if re.search(r"[.!?:]['\"”’)]?$", text):
        return False
    return len(text) >= _FULL * widest > _CRUMB and bool(_UNFINISHED.search(text))


@dataclass(slots=True)
class _Reader:
    widest: int
    blocks: list[Block] = field(default_factory=list)
    entries: list[tuple[str, str, int | None]] = field(default_factory=list)
    """(bullet, text, number) of the open list's entries."""
    paragraph: list[str] = field(default_factory=list)

    def entry(self, mark: str, text: str, number: int | None) -> None:
        self.end_paragraph()
        self.entries.append((mark, text, number))

    def end_paragraph(self) -> None:
        if self.paragraph:
            self.blocks.append(Paragraph("\n".join(self.paragraph)))
            self.paragraph = []

    def end_list(self) -> None:
        if self.entries:
            levels = depths(self.entries)
            self.blocks.append(
                Listing(
                    tuple(
                        Entry(text, depth, number)
                        for (_, text, number), depth in zip(self.entries, levels, strict=True)
                        if text
                    )
                )
            )
            self.entries = []


def blocks_of(lines: Sequence[str]) -> tuple[Block, ...]:
    """Return the blocks that lines of extracted text make.

    A blank at the end of a line says that it goes on; so does a hyphen, and a small letter at
    the beginning of the next.
    """
    found = matrix(lines)
    if found:
        before, table, after = found
        return (*blocks_of(lines[:before]), table, *blocks_of(lines[after:]))
    reader = _Reader(max((len(line) for line in lines), default=0))
    previous = ""
    for line in lines:
        text = tidy(line)
        if not text:
            previous = ""
            continue
        bullet, number = _BULLET.fullmatch(line), _NUMBER.fullmatch(line)
        if bullet:
            reader.entry(bullet[1] or bullet[3], tidy(bullet[2] or bullet[4] or ""), None)
        elif number and (reader.entries or number[1] in ("1", "0") or tidy(number[2])):
            text = tidy(number[2])
            # A number on a line of its own belongs to other lists than one before its text.
            reader.entry("" if text else "alone", text, int(number[1]))
        elif reader.entries and (
            not reader.entries[-1][1] or goes_on(previous, line, reader.widest)
        ):
            mark, last, count = reader.entries[-1]
            reader.entries[-1] = (mark, _joined(last, text), count)
        elif reader.paragraph and goes_on(previous, line, reader.widest):
            reader.paragraph[-1] = _joined(reader.paragraph[-1], text)
        else:
            reader.end_list()
            if reader.paragraph and not _is_loose(reader.paragraph[-1], text):
                reader.end_paragraph()
            reader.paragraph.append(text)
        previous = line
    reader.end_paragraph()
    reader.end_list()
    return tuple(block for block in reader.blocks if not _is_empty(block))


def _is_empty(block: Block) -> bool:
    return isinstance(block, Listing) and not block.entries


def _is_loose(above: str, below: str) -> bool:
    """Tell whether two lines are labels of one drawing: they stay lines of one paragraph."""
    return len(above) <= _CRUMB and len(below) <= _CRUMB


def _joined(first: str, second: str) -> str:
    """Join the parts of a broken line; a hyphen that broke a compound stays."""
    if first.endswith("-") and not first.endswith(" -"):
        return first + second
    return f"{first} {second}" if first else second
