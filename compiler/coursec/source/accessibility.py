"""Texts that some students cannot use: what WCAG 2.2 asks of images, tables, headings and links.

Each function returns what is wrong with one piece of a text as (sentence, way out), or None.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from coursec.model.text import Code, Image, Inline, Math, Paragraph, RichText, Text, walk
from coursec.source.workspace import INVISIBLE

Fault = tuple[str, str]

_FILE_NAME = re.compile(r"\S+\.(png|jpe?g|gif|svg|webp|bmp|tiff?|pdf)", re.IGNORECASE)
_CAMERA = re.compile(
    r"(img|dsc|dscn|image|screenshot|scan|pic|photo|bild)[-_ ]*\d{2,}.*", re.IGNORECASE
)
# What tells a reader that there is an image, and nothing of what it shows.
_KIND_ONLY = frozenset(
    """
    image picture photo photograph figure fig diagram graph graphic chart plot drawing illustration
    screenshot icon logo alt todo tbd text description untitled placeholder none null empty x
    bild abbildung foto grafik diagramm zeichnung figure schéma graphique imagen figura gráfico
    """.split()
)
_ARTICLES = frozenset("a an the this that ein eine der die das un une le la el".split())
# Links that say where to press, not where they lead.
_POINTING = frozenset(
    {
        *"here link this more page site website url read source".split(),
        *"hier mehr ici lien aquí más".split(),
        *("click here", "click", "this link", "this page", "this site", "this website"),
        *("read more", "see here", "see more", "learn more", "more info", "more information"),
        *("the link", "press here", "tap here", "right here", "go here", "over here", "download"),
        *("hier klicken", "klicken sie hier", "cliquez ici", "en savoir plus", "haga clic aquí"),
    }
)
_AROUND = " .,:;!?>»→[]()"


def alternative_fault(alt: str, source: str) -> Fault | None:
    """An alternative text says what the image shows; `source` is the image's path."""
    words = re.findall(r"[^\W_]+", alt.casefold())
    name = PurePosixPath(source)
    coded = alt == name.stem and re.search(r"[0-9_-]", alt)
    if _FILE_NAME.fullmatch(alt) or coded:
        what = "is a file name"
    elif _CAMERA.fullmatch(alt):
        what = "is a camera's name for it"
    elif not words:
        what = "holds no word"
    elif set(words) & _KIND_ONLY and all(_says_nothing(word) for word in words):
        what = "only says that there is an image"
    else:
        return None
    return (
        f"The alternative text `{alt[:60]}` {what}.",
        "Say what a student who cannot see the image needs to know to answer.",
    )


def link_fault(children: tuple[Inline, ...]) -> Fault | None:
    """A link's words say where it leads, read alone."""
    words = _words(children).strip(_AROUND)
    if words.casefold() not in _POINTING:
        return None
    return (
        f"The link `{words[:40]}` does not say where it leads.",
        "Put the link on the words that name the page: screen readers list links by their words.",
    )


def heading_fault(level: int, before: int | None) -> Fault | None:
    """A heading is at most one level below the one before it in its text."""
    if before is None or level <= before + 1:
        return None
    return (
        f"A heading of level {level} follows one of level {before}: a level is skipped.",
        f"Write {'#' * (before + 1)}: screen readers tell the structure by the levels.",
    )


def header_fault(
    header: Sequence[tuple[Inline, ...]], rows: Sequence[Sequence[tuple[Inline, ...]]]
) -> Fault | None:
    """Each column that holds something has a header, but for a first one of row names."""
    empty = [
        number
        for number, cell in enumerate(header)
        if _blank(cell) and any(not _blank(row[number]) for row in rows if number < len(row))
    ]
    if not empty or (empty == [0] and len(header) > 1):
        return None
    columns = "no header" if len(empty) == len(header) else f"no header in column {empty[-1] + 1}"
    return (
        f"This table has {columns}.",
        "Name each column in the first row: screen readers say the header before a cell.",
    )


def _says_nothing(word: str) -> bool:
    return word in _KIND_ONLY or word in _ARTICLES or word.isdigit()


def _words(children: tuple[Inline, ...]) -> str:
    nodes = walk(RichText((Paragraph(children),)))
    return " ".join("".join(n.text for n in nodes if isinstance(n, Text | Code)).split())


def _blank(cell: tuple[Inline, ...]) -> bool:
    shown = any(isinstance(node, Image | Math) for node in cell)
    return not shown and not _words(cell).strip(INVISIBLE)
