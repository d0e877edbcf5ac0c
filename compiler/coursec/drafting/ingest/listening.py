"""What damaged texts teach: the words of their sound parts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from coursec.drafting.ingest.division import MARGIN, divide
from coursec.drafting.ingest.function_words import AFTER_I
from coursec.drafting.ingest.vocabulary import RUN, SHORT, WELL_KNOWN, WORD, Vocabulary

_LONG = 15
"""Letters above which a word that the course does not have looks like several."""
_MOSTLY = 0.25
"""Share of a line's letters in suspect words above which the line teaches nothing."""
_GLUED = 8
"""Letters below which a word is not taken for glued ones."""
_SHORTEST_WHOLE = 6
"""Letters that two halves have together."""
_HUMP = re.compile(r"[a-z]{2}[A-Z]")


def overhear(vocabulary: Vocabulary, lines: Iterable[str]) -> None:
    """Let a vocabulary take over the words of texts that may be damaged.

    Lines that look damaged teach nothing; of the others, words that well-known words make up
    are left out with their whole line, as are halves of known words.
    """
    distinct = list(dict.fromkeys(" ".join(line.split()) for line in lines))
    sound = [kept for line in distinct if (kept := _sound_part(line, vocabulary))]
    vocabulary.hear(sound)
    glued = {word for word in vocabulary.heard if _is_glued(word, vocabulary)}
    if glued:
        vocabulary.hear(
            kept
            for line in sound
            if (kept := _without(line, {w for w in WORD.findall(line) if w.casefold() in glued}))
        )


def _sound_part(line: str, vocabulary: Vocabulary) -> str:
    """Return a line without the words that look damaged; nothing where most of it does."""
    return _without(line, set(_suspect(line, vocabulary)))


def _without(line: str, suspect: set[str]) -> str:
    if not suspect:
        return line
    words = WORD.findall(line)
    if sum(len(w) for w in words if w in suspect) > _MOSTLY * sum(map(len, words)):
        return ""
    return " ".join(word for word in words if word not in suspect)


def _suspect(line: str, vocabulary: Vocabulary) -> Iterator[str]:
    """Yield the words of a line that by their shape have lost or gained blanks."""
    for run in RUN.findall(line):
        words = run.split()
        for word in words:
            misshapen = len(word) > _LONG or _HUMP.search(word)
            if misshapen and not vocabulary.has(word.casefold()):
                yield word
        for first, second in pairwise(words):
            lone = len(first) == 1 and first.isalpha() and second.islower() and first not in "aI"
            if lone or _are_halves(first.casefold(), second.casefold(), vocabulary):
                yield from (first, second)


def _are_halves(first: str, second: str, vocabulary: Vocabulary) -> bool:
    """Tell whether a word and the start of the next make a word of the course."""
    if first + second in vocabulary.trusted:
        return not (vocabulary.has(first) and vocabulary.has(second))
    return not vocabulary.has(first) and any(
        first + second[:end] in vocabulary.trusted
        for end in range(max(2, _SHORTEST_WHOLE - len(first)), len(second))
    )


def _is_glued(word: str, vocabulary: Vocabulary) -> bool:
    """Tell whether well-known words make up a heard one that is seen in few lines."""
    if vocabulary.heard[word] >= WELL_KNOWN or vocabulary.has(word):
        return False
    if word[:1] == "i" and word[1:] in AFTER_I:
        return "I" + word[1:] in vocabulary.forms[word]
    if len(word) < _GLUED:
        return False
    pieces, cost = divide(word, vocabulary, whole=False)
    form = vocabulary.inflected(word)
    price = vocabulary.unknown(word) if form is None else form
    if len(pieces) == 2 and len(pieces[1]) < SHORT:
        return False  # `acceptor` is no `accept or`
    return len(pieces) > 1 and all(map(vocabulary.makes_others, pieces)) and cost + MARGIN < price
