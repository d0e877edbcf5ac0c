"""The words of a course: what damaged words are repaired with, and nothing else is."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial

from coursec.drafting.ingest.function_words import ENGLISH

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
RUN = re.compile(rf"{WORD.pattern}(?:[ \t]{{1,2}}{WORD.pattern})*")
"""Words with a blank between them; a wider gap stands between columns."""
WELL_KNOWN = 3
"""How often a short word must be seen before others are made of it."""
SHORT = 3
"""Letters of the longest word that may as well be a fragment."""

_COMPOUND = re.compile(r"(?<![\w-])[^\W\d_]+-[^\W\d_]+(?![\w-])")
_CODE = re.compile(r"^(`{3,}|~{3,}).*?(?:^\1|\Z)|`[^`\n]+`|\$\$?[^$]{1,400}\$\$?", re.M | re.S)
_CAMEL = re.compile(r"[A-Z][a-z]{2,}(?:[A-Z][a-z]{2,})+")
_SUFFIXES = (
    ("ies", "y"), ("es", ""), ("s", ""), ("d", ""), ("ed", ""), ("ing", ""), ("ing", "e"),
    ("ly", ""), ("er", ""), ("al", ""),
)  # fmt: skip
_LETTER_WORDS = "aeiouyàéèúивксуояо"

# Costs in nats. Those that say what an unknown word costs were chosen on the damaged lines of a
# retrieval log and confirmed on a text of another subject: tests/drafting/test_spacing.py.
_INFLECTED = 3.0
_ODD_CASE = 4.0
_SINGLE_LETTER = 13.0
_SHORT_AND_RARE = 4.0
_OF_THE_LANGUAGE = 7.0
_UNKNOWN_BASE, _UNKNOWN_LETTER = 9.0, 2.8
_FRAGMENT = 6.0
_NUMBER = 7.0


@dataclass(slots=True)
class Vocabulary:
    """How often each word of a course occurs, and what a word costs in nats."""

    trusted: Counter[str] = field(default_factory=Counter)
    """Words of the course's own files, folded."""
    heard: Counter[str] = field(default_factory=Counter)
    """Words of the texts that are being ingested, folded: in how many lines each stands."""
    forms: dict[str, set[str]] = field(default_factory=partial(dict[str, set[str]]))
    """The spellings of each word, by its folded form."""
    compounds: set[str] = field(default_factory=set)
    """Words with a hyphen, folded."""
    protected: set[str] = field(default_factory=set)
    """Words of code, folded: they are never divided, and nothing is made of them."""
    _costs: dict[str, float | None] = field(default_factory=dict)
    _total: int = 1
    _size: int = 0

    def __len__(self) -> int:
        return self._size

    def learn(self, texts: Iterable[str]) -> None:
        """Take over the words of sound Markdown."""
        for text in texts:
            for code in _CODE.finditer(text):
                self.protected.update(word.casefold() for word in WORD.findall(code[0]))
            prose = _CODE.sub(" ", text)
            self.trusted.update(word.casefold() for word in WORD.findall(prose))
            self._spellings(prose)
        self._settle()

    def hear(self, lines: Iterable[str]) -> None:
        """Take over words of texts that are being ingested, in place of those heard before."""
        self.heard.clear()
        for line in lines:
            self.heard.update({word.casefold() for word in WORD.findall(line)})
            self._spellings(line)
        self._settle()

    def cost(self, word: str) -> float | None:
        """Return what a known word costs; None for one that is not known."""
        if word == "i":
            return None
        folded = word.casefold()
        if folded not in self._costs:
            self._costs[folded] = self._cost(folded)
        known = self._costs[folded]
        if known is None:
            return None
        return known + (0.0 if self._fits(word, folded) else _ODD_CASE)

    def price(self, word: str) -> float:
        """Return what any word costs, known or not."""
        known = self.cost(word)
        if known is not None:
            return known
        if word.isdigit():
            return _NUMBER
        if self._is_name(word):
            return _OF_THE_LANGUAGE
        return self.unknown(word)

    def unknown(self, word: str) -> float:
        """Return what a word costs that is not known."""
        fragment = _FRAGMENT if len(word) <= SHORT else 0.0
        return _UNKNOWN_BASE + _UNKNOWN_LETTER * len(word) + fragment

    def knows(self, word: str) -> bool:
        """Tell whether a word or a form of it belongs to the course."""
        if word.isdigit() or self.cost(word) is not None:
            return True
        return self._is_name(word)

    def has(self, folded: str) -> bool:
        """Tell whether the course's own files, or the language, have this very word."""
        return folded in self.trusted or folded in ENGLISH or folded in self.protected

    def makes_others(self, folded: str) -> bool:
        """Tell whether a word is known well enough to be found inside of others."""
        if folded in ENGLISH:
            return folded != "i"
        if len(folded) > SHORT + 1 and self.trusted:
            return bool(self.trusted[folded] or self.heard[folded])
        return len(folded) > SHORT and self.trusted[folded] + self.heard[folded] >= WELL_KNOWN

    def _is_name(self, word: str) -> bool:
        """Tell whether a word is one of code, or a name such as FlashAttention.

        A course that has words of its own has such names too; where it has none yet, every
        word of that shape may be one.
        """
        if len(word) > SHORT and word.casefold() in self.protected:
            return True
        return not self.trusted and _CAMEL.fullmatch(word) is not None

    def _spellings(self, text: str) -> None:
        for word in WORD.findall(text):
            self.forms.setdefault(word.casefold(), set()).add(word)
        self.compounds.update(word.casefold() for word in _COMPOUND.findall(text))

    def _settle(self) -> None:
        self._costs.clear()
        self._size = len(self.trusted.keys() | self.heard.keys())
        self._total = self.trusted.total() + self.heard.total() + 1

    def _cost(self, folded: str) -> float | None:
        count = self.trusted[folded] + self.heard[folded]
        if not count and folded in ENGLISH:
            return _OF_THE_LANGUAGE
        if count:
            extra = 0.0
            if len(folded) == 1 and not self._is_word_of_one_letter(folded, count):
                extra = _SINGLE_LETTER
            elif len(folded) <= SHORT and count < WELL_KNOWN and folded not in ENGLISH:
                extra = _SHORT_AND_RARE
            return extra - math.log(count / self._total)
        return self.inflected(folded)

    def inflected(self, folded: str) -> float | None:
        """Return what a word costs as a form of another one; None where it is none."""
        stems = [
            folded.removesuffix(suffix) + ending
            for suffix, ending in _SUFFIXES
            if folded.endswith(suffix)
        ]
        for stem in (*stems, folded + "s"):
            count = self.trusted[stem] + self.heard[stem]
            if count and len(stem) > SHORT:
                return _INFLECTED - math.log(count / self._total)
            if stem in ENGLISH and len(stem) > SHORT:
                return _INFLECTED + _OF_THE_LANGUAGE
        return None

    def _is_word_of_one_letter(self, letter: str, count: int) -> bool:
        return letter in ENGLISH or (letter in _LETTER_WORDS and count * 200 > self._total)

    def _fits(self, word: str, folded: str) -> bool:
        if word.islower() or word.isupper() or word in self.forms.get(folded, ()):
            return True
        return word[1:].islower()
