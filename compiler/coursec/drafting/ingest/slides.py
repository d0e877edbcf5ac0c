"""Slides with references that stay the same when a file is ingested again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from coursec.drafting.ingest.markdown_out import MediaName, Section, body, title_text
from coursec.drafting.ingest.page import Page
from coursec.model.quiz import Slide
from coursec.source.lectures import slug

_ALIKE = 0.6
"""How like two slides of one title must be to be versions of one."""
_LONGEST_ID = 60


def sections(pages: Sequence[Page], before: Sequence[Slide], media: MediaName) -> list[Section]:
    """Return pages as slides.

    A slide whose text, or whose title and most of whose text, stood in the lecture `before`
    keeps its id. Another gets the slug of its title, and where that is taken, its page number
    behind it.
    """
    bodies = [body(page, media) for page in pages]
    titles = [title_text(page) for page in pages]
    kept = _kept(list(zip(titles, bodies, strict=True)), before)
    taken = {slide.id for slide in before}
    used = set(kept.values())
    out = []
    for index, page in enumerate(pages):
        id_ = kept.get(index) or _free(page, titles[index], taken | used)
        used.add(id_)
        out.append(Section(id_, titles[index], page.kinds, bodies[index]))
    return out


def _free(page: Page, title: str, taken: set[str]) -> str:
    wanted = page.id or _shortened(slug(title))
    if wanted not in taken:
        return wanted
    numbered = f"{wanted}-{page.number}"
    while numbered in taken:
        numbered += "-2"
    return numbered


def _shortened(name: str) -> str:
    return name if len(name) <= _LONGEST_ID else name[:_LONGEST_ID].rpartition("-")[0]


def words(text: str) -> str:
    """Return the letters and digits of a text, folded: what makes two texts the same."""
    return "".join(re.findall(r"[^\W_]+", text.casefold()))


def _kept(found: Sequence[tuple[str, str]], before: Sequence[Slide]) -> dict[int, str]:
    kept: dict[int, str] = {}
    left = list(before)

    def match(same: int) -> None:
        for index, (title, text) in enumerate(found):
            if index in kept:
                continue
            for slide in left:
                if (slide.id in kept.values()) or not _matches(title, text, slide, same):
                    continue
                kept[index] = slide.id
                break

    for same in range(3):
        match(same)
    return kept


def _matches(title: str, text: str, slide: Slide, level: int) -> bool:
    same_title = words(title) == words(slide.title)
    same_text = words(text) == words(slide.text)
    if level == 0:
        return same_title and same_text
    if level == 1:
        return same_text and len(words(text)) > 0
    return same_title and SequenceMatcher(None, text, slide.text).quick_ratio() >= _ALIKE
