"""What students who see no colours, or see no image, cannot answer."""

from __future__ import annotations

import re
from collections.abc import Iterator

from coursec.checks.items import Finding
from coursec.model.items import Item, TextItem
from coursec.model.text import Image, RichText, walk
from coursec.text.plain import plain_text

_COLOUR = "red|green|blue|yellow|orange|purple|violet|pink|brown|gr[ae]y|black|white|cyan|magenta"
_PART = (
    "line|curve|bar|box|arrow|area|region|dot|point|circle|square|rectangle|triangle|node|edge|"
    "segment|slice|column|row|shape|path|block|layer|text|word|letter|part|section|marker|label"
)
# Colour does not survive a text: what is said to be "in red" is printed like everything else.
_SHOWN_IN = re.compile(
    r"\b(?:shown|marked|drawn|highlighted|printed|written|displayed|shaded|colou?red|painted|"
    rf"underlined|circled|indicated|given|set) in (?:{_COLOUR})\b(?! and white)",
    re.IGNORECASE,
)
_BY_COLOUR = re.compile(rf"\bthe (?:{_COLOUR})(?:[- ]colou?red)? (?:{_PART})s?\b", re.IGNORECASE)


def colour_cues(item: Item, language: str, stimulus: TextItem | None) -> Iterator[Finding]:
    """A question does not point at things by their colour alone; English texts only."""
    if not language.lower().startswith("en"):
        return
    pictured = has_image(item.stem) or (stimulus is not None and has_image(stimulus.stem))
    words = plain_text(item.stem)
    found = _SHOWN_IN.search(words) or (_BY_COLOUR.search(words) if pictured else None)
    if found:
        yield Finding(
            "W324",
            f"\u201c{found[0]}\u201d points at something by its colour alone.",
            item.stem.span or item.span,
            "Name it by a letter, its place or its form as well: paper is often grey, and one man "
            "in twelve does not tell red from green.",
        )


def has_image(text: RichText) -> bool:
    """Tell whether a text shows an image."""
    return any(isinstance(node, Image) for node in walk(text))
