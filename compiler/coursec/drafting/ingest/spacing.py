"""Glued and split words: where the blanks of a text should be, by the course's own words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from coursec.drafting.ingest.division import MARGIN, divide
from coursec.drafting.ingest.function_words import ENGLISH
from coursec.drafting.ingest.vocabulary import RUN, WORD, Vocabulary

GATE = 0.12
"""Share of the letters of neighbouring words in unknown ones below which nothing is tried."""
_WINDOW = 10
"""How many words are neighbours."""
FEWEST_WORDS = 60
"""Words that a vocabulary must hold before anything is repaired with it."""

FEWEST_GLUED, SHARE_GLUED = 3, 0.02
"""Lines with words that nobody writes as one, and their share, that show a text as damaged."""

_LONG = 10
_HUMP = re.compile(r"[a-z][A-Z]")
_APART = re.compile(r"(?<![\w’'-])([A-Z])[ \t]([a-z]{4,})(?![\w’'])")
_TECHNICAL = re.compile(r"\w+://\S+|\bwww\.\S+|\S+@\w[\w.-]*\.\w+|\S*[\\_<>=/{}]\S*|\ue000")
"""Addresses, paths and code: their words are nobody's to divide."""
_STANDS_FOR = "\ue000"
_BLANKS = re.compile(r"[ \t]+")
_STRAY = re.compile(r"(?<=[^\W\d_])[ \t]+([.,])(?=\s|$|[\"”’)])")
_HYPHEN = re.compile(r"([^\W\d_]+)[ \t]-([^\W\d_]+)|([^\W\d_]+)-[ \t]([^\W\d_]+)")
# The following are mended in texts only whose words were glued.
_BEFORE_WORD = re.compile(r"[ \t]+([,.;])(?=[^\W\d_])")
_BEHIND_WORD = re.compile(r"(?<=[^\W\d_]{2})([,;:.)])(?=[^\W\d_]{2})")
_BRACKET = re.compile(r"(?<=[^\W\d_]{3})([(\[])(?=[^\W\d_]{3}|[\"“])")
_LIST = re.compile(r'",(?=")')


def is_damaged(lines: Sequence[str], vocabulary: Vocabulary) -> bool:
    """Tell whether texts have lost their blanks, so that more than single signs may be mended.

    Words that nobody writes as one say so, such as `theembeddingis`: of three or more known
    words, one of them a word of the language. A sound text has none of them, or one by chance.
    """
    words = [found for line in dict.fromkeys(lines) if (found := WORD.findall(line))]
    glued = sum(any(_is_glued(word, vocabulary) for word in found) for found in words)
    return glued >= FEWEST_GLUED and glued >= SHARE_GLUED * len(words)


def _is_glued(word: str, vocabulary: Vocabulary) -> bool:
    if len(word) < _LONG or not word.isalpha() or _HUMP.search(word) or vocabulary.knows(word):
        return False
    pieces, _ = divide(word, vocabulary, whole=False)
    return (
        len(pieces) > 2
        and all(vocabulary.knows(piece) and (len(piece) > 1 or piece == "a") for piece in pieces)
        and any(piece.casefold() in ENGLISH for piece in pieces)
    )


def mended(text: str, vocabulary: Vocabulary) -> str:
    """Return a line of a sound text with first letters that stand apart joined to their words.

    That is what the kerning of a capital does, `T okenization`, in files that are sound else.
    """
    if len(vocabulary) < FEWEST_WORDS:
        return text
    return _APART.sub(lambda match: _first_joined(match, vocabulary), text)


def _first_joined(match: re.Match[str], vocabulary: Vocabulary) -> str:
    word = match[1] + match[2]
    if vocabulary.knows(match[2]) or vocabulary.cost(word) is None:
        return match[0]
    return word


def repaired(text: str, vocabulary: Vocabulary) -> str:
    """Return a line of a damaged text repaired; the same line where nothing is sure."""
    if len(vocabulary) < FEWEST_WORDS:
        return text
    out = _STRAY.sub(r"\1", text)
    out = _HYPHEN.sub(lambda match: _joined(match, vocabulary), out)
    if not _is_suspect(out, vocabulary):
        return out
    gains: list[float] = []

    technical = _TECHNICAL.findall(out)

    def run(match: re.Match[str]) -> str:
        better, gain = _run(match[0], vocabulary)
        gains.append(gain)
        return better

    changed = _marks(RUN.sub(run, _TECHNICAL.sub(_STANDS_FOR, out)))
    for found in technical:
        changed = changed.replace(_STANDS_FOR, found, 1)
    return changed if sum(gains) > MARGIN else out


def _joined(match: re.Match[str], vocabulary: Vocabulary) -> str:
    """Join the halves of a hyphenated word when the course writes it so."""
    first, second = match[1] or match[3], match[2] or match[4]
    word = f"{first}-{second}"
    return word if word.casefold() in vocabulary.compounds else match[0]


def _is_suspect(text: str, vocabulary: Vocabulary) -> bool:
    words = WORD.findall(text)
    for at in range(0, max(1, len(words) - _WINDOW // 2), _WINDOW // 2):
        near = words[at : at + _WINDOW]
        unknown = sum(len(word) for word in near if not vocabulary.knows(word))
        if unknown > GATE * sum(map(len, near)):
            return True
    return False


def _run(run: str, vocabulary: Vocabulary) -> tuple[str, float]:
    """Return (a run of words, its blanks where they cost least; what is gained by it)."""
    words = _BLANKS.split(run)
    if all(vocabulary.knows(word) and len(word) > 1 for word in words):
        return run, 0.0
    ends: set[int] = set()
    at = 0
    for word in words:
        at += len(word)
        ends.add(at)
    old = sum(vocabulary.price(word) for word in words)
    pieces, new = divide("".join(words), vocabulary, ends)
    return (" ".join(pieces), old - new) if new < old else (run, 0.0)


def _marks(text: str) -> str:
    """Set blanks behind marks and around quotations."""
    text = _BEFORE_WORD.sub(r"\1 ", _LIST.sub('", ', text))
    text = _BRACKET.sub(r" \1", _BEHIND_WORD.sub(r"\1 ", text))
    out: list[str] = []
    opened = False
    for index, character in enumerate(text):
        if character == '"':
            if not opened and text[index - 1 : index].isalnum():
                out.append(" ")
            opened = not opened
        elif index and text[index - 1] == '"' and not opened and character.isalnum():
            out.append(" ")
        out.append(character)
    return "".join(out)
