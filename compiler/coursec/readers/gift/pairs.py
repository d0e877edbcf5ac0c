"""Matching and ordering, as they stand between the braces."""

from __future__ import annotations

import re
from typing import Final

from coursec.model.items import Pair
from coursec.model.text import RichText
from coursec.readers.gift.answers import MOST, parts
from coursec.readers.gift.piece import Piece, plain
from coursec.readers.gift.refused import RefusedError
from coursec.readers.gift.texts import Texts

ORDERING: Final = re.compile(r"\s*>\s*([0-9]+)")
"""How the answers of an ordering question begin."""

# The words behind the number, in their order. Moodle looks for no end of a word.
_WORDS: Final = (
    ("which entries are shown", re.compile(r"\s*(ALL|EXACT|RANDOM|REL|CONTIGUOUS|CONTIG)")),
    ("layout", re.compile(r"\s*(HORIZONTAL|HORI|H|1|VERTICAL|VERT|V|0)")),
    (
        "grading",
        re.compile(
            r"\s*(ALL_OR_NOTHING|ABSOLUTE_POSITION|ABSOLUTE|ABS|RELATIVE_[A-Z_]*|RELATIVE|REL)"
        ),
    ),
    ("whether the grading is shown", re.compile(r"\s*(SHOW|TRUE|YES|1|HIDE|FALSE|NO|0)")),
    ("numbering", re.compile(r"\s*(none|123|abc|ABCD|iii|IIII)")),
)
_ABSOLUTE = frozenset(("ABSOLUTE_POSITION", "ABSOLUTE", "ABS"))
_ARROW = "->"


def pairs(body: Piece, texts: Texts) -> tuple[tuple[Pair, ...], tuple[RichText, ...]]:
    """Return (pairs, distractors): rule 42."""
    found: list[Pair] = []
    others: dict[RichText, None] = {}
    for part in parts(body, "="):
        premise, written = part.partition(_ARROW)
        shown = " ".join(plain(part.text).split())[:40]
        if written is None:
            raise RefusedError(
                f"`{shown}` has no arrow, and another part has one, so that Moodle sees pairs",
                "Write -&gt; for an arrow in a text that is HTML.",
            )
        response = texts.entry(written)
        if not response:
            raise RefusedError(f"`{shown}` has no response, and Moodle ends the import there")
        if plain(texts.split(premise)[1].text):
            stem = texts.shown(premise)
            found.append(Pair(premise=stem, response=response, span=texts.place(part)))
        else:
            others[response] = None
    if len(found) < 2:
        raise RefusedError("it has fewer than two pairs")
    used = {pair.response for pair in found}
    return tuple(found), tuple(text for text in others if text not in used)


def entries(body: Piece, texts: Texts) -> tuple[RichText, ...]:
    """Return the entries to be ordered, one a line, without escapes: rule 44."""
    said, lines = _head(body, texts)
    if len(lines) < 2:
        raise RefusedError("it has fewer than two entries, and Moodle ends the import there")
    if len(lines) > MOST:
        raise RefusedError(f"it has more than {MOST:,} entries")
    if said.get("grading") not in _ABSOLUTE:
        message = "Here the place of each entry is marked; Moodle grades this one in another way."
        texts.tell("W708", message, body)
    drawn = int(said["number"][:6])
    if drawn < len(lines) and said.get("which entries are shown") != "ALL":
        texts.tell("W707", f"That only {drawn} of the entries are drawn is left out.", body)
    return tuple(_entry(line, texts) for line in lines)


def _head(body: Piece, texts: Texts) -> tuple[dict[str, str], list[Piece]]:
    """Return (what the words behind the number say, the lines of the entries)."""
    head = ORDERING.match(body.text)
    assert head is not None, "the caller has seen it"
    said = {"number": head[1]}
    at = head.end()
    line_end = body.text.find("\n", at)
    for name, words in _WORDS:
        word = words.match(body.text, at)
        if word is None:
            continue
        if 0 <= line_end < word.start(1):
            message = f"Moodle takes `{word[1]}` off the first entry: no word says the {name}."
            texts.tell("W708", message, body.after(word.start(1)))
            break
        said[name] = word[1]
        at = word.end()
    lines = [line.trimmed() for line in body.after(at).split("\n")]
    return said, [line for line in lines if line.text]


def _entry(line: Piece, texts: Texts) -> RichText:
    text = plain(line.text)
    if text != line.text:
        message = "Moodle undoes no escape in an entry, and shows a placeholder instead."
        texts.tell("W708", message, line)
    # The format in front of an entry is a part of it (rule 15).
    return texts.formatted(text, "moodle", line)
