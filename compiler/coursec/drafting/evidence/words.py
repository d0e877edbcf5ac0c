"""Words as the index sees them: spellings of one compound are one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache

from coursec.drafting.ingest.function_words import ENGLISH

TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_COMPOUND = re.compile(r"[^\W_]+(?:[-‐‑][^\W_]+)+")
_CAMEL = re.compile(r"(?:[A-Z][a-z]{2,}){2,}")
_MAY_BE_CAMEL = re.compile(r"[a-z]{2}[A-Z]")
_HUMP = re.compile(r"[A-Z][a-z]+")

EMPTY = ENGLISH | frozenset(
    """different various several basic broad general main important importance common
    concept concepts topic topics idea ideas student students lecture lectures slide slides course
    question questions quiz test exam item items understanding knowledge describe explain compare
    testing using based related following including specifically particular kind kinds type types
    eine einer eines der die das und oder mit für von zu im in den dem des ein auf über
    le la les des du de et ou avec pour sur dans une un el los las y o con para por una""".split()
)
"""Words that say nothing of a topic."""
GENERIC = frozenset(
    """framework frameworks technique techniques method methods approach approaches model models
    algorithm algorithms process processes system systems theory principle principles application
    applications problem problems solution solutions way ways tool tools term terms task tasks
    convert converting make making work works""".split()
)
"""Words that every subject has: they count for less beside others."""


def searchable(text: str) -> str:
    """Return a text for the index: compounds stand there joined as well as apart.

    `Skip-gram` is found by `skipgram`, `SkipGram` by `skip-gram`, `pre-training` by `pretraining`.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    extra: list[str] = []
    if "-" in text or not text.isascii():
        extra += [re.sub("[-‐‑]", "", compound) for compound in _COMPOUND.findall(text)]
    if _MAY_BE_CAMEL.search(text):
        extra += [
            " ".join(_HUMP.findall(word)) for word in TOKEN.findall(text) if _CAMEL.fullmatch(word)
        ]
    return f"{text}\n{' '.join(extra)}" if extra else text


def terms(text: str) -> list[str]:
    """Return the words of a topic that say something, each once, compounds as one."""
    text = unicodedata.normalize("NFKC", text)
    return list(dict.fromkeys(_terms(text)))


def _terms(text: str) -> Iterator[str]:
    at = 0
    for match in _COMPOUND.finditer(text):
        yield from _simple(text[at : match.start()])
        yield match[0].casefold()
        at = match.end()
    yield from _simple(text[at:])


def _simple(text: str) -> Iterator[str]:
    for match in TOKEN.finditer(text):
        word = match[0]
        folded = word.casefold()
        if folded in EMPTY or (len(folded) < 2 and not folded.isdigit()):
            continue
        yield "-".join(_HUMP.findall(word)).casefold() if _CAMEL.fullmatch(word) else folded


def spellings(term: str) -> tuple[str, ...]:
    """Return the ways in which a term may stand in the index."""
    if "-" not in term:
        return (term,)
    parts = re.split("[-‐‑]", term)
    return (" ".join(parts), "".join(parts))


_ENDINGS = (
    "izations", "isations", "ization", "isation", "ational", "ations", "ation", "izers", "izer",
    "izing", "ized", "izes", "ize", "ments", "ment", "ness", "ings", "ing", "ions", "ion", "ives",
    "ive", "ers", "er", "ors", "or", "ies", "ied", "es", "ed", "al", "ly", "s", "e", "y",
)  # fmt: skip
_SHORTEST_STEM = 4


@cache
def stem(word: str) -> str:
    """Return what forms of a word have in common: `tokenizers` and `tokenization` are `token`."""
    if not word.isalpha():
        return word
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            rest = word.removesuffix(ending)
            doubled = rest[-1] == rest[-2] and rest[-1] in "bdgmnprt"
            return rest[:-1] if doubled and len(rest) > _SHORTEST_STEM else rest
    return word


def named(text: str, wanted: Sequence[str]) -> list[str]:
    """Return those of some terms that stand in a text, in any of their forms and spellings."""
    words = [word.casefold() for word in TOKEN.findall(text)]
    stems = {stem(word) for word in words}
    whole = f" {' '.join(words)}"
    return [
        term
        for term in wanted
        if any(f" {way}" in whole if " " in way else stem(way) in stems for way in spellings(term))
    ]
