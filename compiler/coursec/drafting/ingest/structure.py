"""Slides that hold structure and no matter, and what runs along the edges of pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from coursec.drafting.ingest.page import Block, Formed, Listing, Page, Paragraph, Picture

AGENDA = frozenset(
    """agenda outline contents content overview topics plan roadmap toc today
    gliederung inhalt inhaltsverzeichnis übersicht agenda themen
    sommaire plan programme índice indice contenido contenidos temario sumário conteúdo""".split()
)
"""First words of the titles of agenda slides."""
KNOWN_TITLES = AGENDA | frozenset(
    """conclusion conclusions summary example examples exercise exercises introduction recap
    references bibliography questions appendix zusammenfassung beispiel beispiele übung""".split()
)
"""Titles of one word that slides of any subject have."""
_AGENDA_PHRASE = re.compile(
    r"((learning |chapter |course |lesson |session |module |unit )?(objectives|outcomes)$|"
    r"lernziele$|table of contents|in this (lecture|chapter|session)|learning (goals|path)|"
    r"today['’]?s? (agenda|topics|plan|lecture)|what (we|you) will (cover|learn)|"
    r"lecture (outline|overview)|"
    r"course (outline|contents))\b",
    re.IGNORECASE,
)
LECTURE = re.compile(
    r"(lecture|week|unit|module|session|chapter|lesson|class|vorlesung|kapitel|sitzung|clase|"
    r"tema|cours|séance)\s+\d+\b",
    re.IGNORECASE,
)
"""Beginnings of the titles of title slides."""
_CLOSING = re.compile(
    r"(thank(s| you).*|(any )?questions\s*\??|q\s*&\s*a|the end|vielen dank.*|fragen\s*\?*|merci.*|"
    r"gracias.*)",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[.!?…]['\"”’)]*$")
_DATE = re.compile(
    r"\b(spring|summer|fall|autumn|winter|january|february|march|april|may|june|july|august|"
    r"september|october|november|december|ss|ws|wise|sose)\b.{0,12}\b(19|20)\d\d\b|\b(19|20)\d\d\b",
    re.IGNORECASE,
)
_AFFILIATION = re.compile(
    r"\b(university|universität|université|universidad|institute|school|department|faculty|"
    r"college|fachbereich|instructor|lecturer|professor|prof\.|dr\.|@)",
    re.IGNORECASE,
)
_ENTRY = re.compile(r"\s*([-*+]|\d{1,3}[.)])\s+")
_OTHER = re.compile(r"\s*(\||```|~~~|>|#|!\[|\$\$)")
_LEADER = re.compile(r"(?:\.[ \t]?){6,}[ \t]*\d")
"""Dots that lead to a page number, in a table of contents."""
_HEADING = re.compile(r"(#{3,6})\s+(.*?)\s*#*$")
_FENCE = re.compile(r"\s{0,3}(`{3,}|~{3,})")
_LONGEST_SLIDE = 200
"""Words of a section above which its own headings begin slides."""
_LONGEST_ENTRY = 70
_FEWEST_REPEATS = 3
_EDGE = 2
"""Lines at the top and at the bottom of a page that may run along its edge."""


def marked(pages: Sequence[Page]) -> list[Page]:
    """Return pages with those marked that hold structure and no matter."""
    titles = {_key(page.title) for page in pages if page.title}
    return [
        replace(page, kinds=page.kinds or frozenset(_kinds(page, titles, index == 0)))
        for index, page in enumerate(pages)
    ]


def _kinds(page: Page, titles: set[str], first: bool) -> Iterable[str]:
    if len(_LEADER.findall(page.text)) > (2 if is_agenda_title(page.title) else 5):
        return ("agenda",)
    outline = _outline(page)
    if outline is None:
        return ()
    entries, lines = outline
    if is_agenda_title(page.title) and entries and _are_headings(entries) and len(lines) < 2:
        return ("agenda",)
    others = titles - {_key(page.title)}
    if (
        len(entries) > 2
        and not lines
        and sum(_key(e) in others for e in entries) * 3 > 2 * len(entries)
    ):
        return ("agenda",)
    if entries or any(_SENTENCE.search(line) and len(line.split()) > 4 for line in lines):
        return ()
    about = " ".join((page.title, *lines))
    if LECTURE.match(page.title) and len(lines) < 8:
        return ("title",)
    if first and lines and len(lines) < 8 and (_DATE.search(about) or _AFFILIATION.search(about)):
        return ("title",)
    if not lines or _CLOSING.fullmatch(page.title.strip()):
        return ("section",)
    return ()


def _outline(page: Page) -> tuple[list[str], list[str]] | None:
    """Return (entries of lists, other lines) of a page that holds nothing else."""
    entries: list[str] = []
    lines: list[str] = []
    for block in page.blocks:
        match block:
            case Listing():
                entries += [entry.text for entry in block.entries]
            case Paragraph():
                lines += [line for line in block.text.split("\n") if line.strip()]
            case Formed():
                for line in filter(str.strip, block.markdown.split("\n")):
                    if _OTHER.match(line):
                        return None
                    entry = _ENTRY.match(line)
                    (entries if entry else lines).append(line[entry.end() :] if entry else line)
            case _:
                return None
    return entries, lines


def divided(page: Page) -> list[Page]:
    """Return a page, or, where it is a long section with headings of its own, one for each."""
    if len(page.blocks) != 1 or page.notes or not isinstance(page.blocks[0], Formed):
        return [page]
    block = page.blocks[0]
    if len(block.markdown.split()) <= _LONGEST_SLIDE:
        return [page]
    lines = block.markdown.split("\n")
    headings = list(_headings(lines))
    if not headings:
        return [page]
    top = min(level for _, level, _ in headings)
    starts = [(at, words) for at, level, words in headings if level == top]
    parts: list[Page] = []
    before = "\n".join(lines[: starts[0][0]]).strip("\n")
    if before:
        parts.append(replace(page, blocks=(_part(before, block),)))
    for (at, words), (end, _) in zip(starts, [*starts[1:], (len(lines), "")], strict=True):
        text = "\n".join(lines[at + 1 : end]).strip("\n")
        first = page.id if not parts else ""
        blocks = (_part(text, block),) if text else ()
        parts += divided(replace(page, title=words, id=first, blocks=blocks))
    return parts


def _headings(lines: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Yield (line, level, words) of the headings of Markdown that stand in no code."""
    fence = ""
    for at, line in enumerate(lines):
        mark = _FENCE.match(line)
        if mark and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
        heading = _HEADING.match(line)
        if heading and not fence:
            yield at, len(heading[1]), re.sub(r"[*_`\\]", "", heading[2]).strip()


def _part(text: str, block: Formed) -> Formed:
    return Formed(text, tuple((a, p) for a, p in block.pictures if a in text))


def is_agenda_title(title: str) -> bool:
    """Tell whether a title is that of an agenda slide."""
    words = re.findall(r"[^\W\d_]+", title.casefold())
    if _AGENDA_PHRASE.search(title):
        return True
    return 0 < len(words) < 4 and (words[0] in AGENDA or words[-1] in AGENDA)


def _are_headings(entries: Sequence[str]) -> bool:
    """Tell whether entries read like headings, not like sentences."""
    sentences = sum(
        len(entry) > _LONGEST_ENTRY or entry.rstrip().endswith((".", ";", ":")) for entry in entries
    )
    return sentences * 4 <= len(entries)


def _key(text: str) -> str:
    return "".join(re.findall(r"[^\W_]+", text.casefold()))


def without_running_lines(pages: Sequence[Page]) -> tuple[list[Page], tuple[str, ...]]:
    """Return (pages without running headers, footers, page numbers and logos, what was left out).

    A line runs along the edge when it stands at the top or at the bottom of at least three
    pages and of a third of all, numbers aside.
    """
    runs = running([_edges(page) for page in pages])
    least = _least(len(pages))
    images = Counter(
        block.data for page in pages for block in {*page.blocks} if isinstance(block, Picture)
    )
    logos = {data for data, count in images.items() if count >= least}
    dropped: list[str] = []
    out = []
    for page in pages:
        gone = [line for line in _edges(page) if runs(line)]
        dropped += gone
        blocks = [cut for b in page.blocks if (cut := _cut(b, set(gone))) is not None]
        blocks = [b for b in blocks if not (isinstance(b, Picture) and b.data in logos)]
        out.append(replace(page, blocks=tuple(blocks)))
    return out, first_of_each(dropped)


def running(edges: Sequence[Sequence[str]]) -> Callable[[str], bool]:
    """Return a test for lines that run along the edges of pages, given each page's edge lines."""
    seen: Counter[str] = Counter()
    for lines in edges:
        seen.update({shape(line) for line in lines})
    least = _least(len(edges))
    shapes = {shape for shape, count in seen.items() if count >= least and shape}
    return lambda line: shape(line) in shapes


def first_of_each(lines: Iterable[str]) -> tuple[str, ...]:
    """Return lines of words, of those that differ in their numbers only the first."""
    found: dict[str, str] = {}
    for line in lines:
        if any(c.isalpha() for c in line):
            found.setdefault(shape(line), line)
    return tuple(found.values())


def _least(pages: int) -> int:
    return max(_FEWEST_REPEATS, (pages + 2) // 3)


def _lines(page: Page) -> list[str]:
    return [
        line
        for block in page.blocks
        if isinstance(block, Paragraph)
        for line in block.text.split("\n")
    ]


def _edges(page: Page) -> list[str]:
    lines = _lines(page)
    return [*lines[:_EDGE], *lines[_EDGE:][-_EDGE:]]


def shape(line: str) -> str:
    """Return a line with its numbers made equal: what runs along differs in them."""
    return re.sub(r"\d+", "#", " ".join(line.split()))


def _cut(block: Block, gone: set[str]) -> Block | None:
    if not isinstance(block, Paragraph) or not gone:
        return block
    kept = [line for line in block.text.split("\n") if line not in gone]
    return Paragraph("\n".join(kept)) if kept else None


def distinct(pages: Sequence[Page]) -> tuple[list[Page], int]:
    """Return (pages, each text once, how many copies were left out).

    A structural page is a copy too when nearly all of its lines are those of another one.
    """
    kept: list[Page] = []
    seen: set[tuple[str, str]] = set()
    for page in pages:
        pictures = any(isinstance(block, Picture) for block in page.blocks)
        key = (_key(page.title), _key(page.text))
        if not pictures and key in seen:
            continue
        if page.kinds and not pictures and any(_is_variant(page, other) for other in kept):
            continue
        seen.add(key)
        kept.append(page)
    return kept, len(pages) - len(kept)


def _is_variant(page: Page, other: Page) -> bool:
    if page.kinds != other.kinds or _key(page.title) != _key(other.title):
        return False
    from difflib import SequenceMatcher

    return SequenceMatcher(None, page.text.casefold(), other.text.casefold()).ratio() >= 0.9
