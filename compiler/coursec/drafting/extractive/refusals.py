"""What no honest item can be made of: words that stand for others, answers given away."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from coursec.checks.writing.words import akin as roots_akin
from coursec.checks.writing.words import stem
from coursec.drafting.ingest.function_words import ENGLISH

_WORD = re.compile(r"[^\W_]+")
_HUMP = re.compile(r"[A-Z][a-z]+")
_POINTERS = re.compile(
    r"\b(this|these|those|such|here|there|above|below|following|former|latter|previous|next|"
    r"we|us|our|let's|in this case|now that|example|for instance|e\.g|i\.e|lecture|slide|chapter|"
    r"see|figure|the (task|problem|idea|method|approach|result|other|others|same|rest))\b",
    re.IGNORECASE,
)
_PRONOUN = re.compile(r"\b(it|they|them|he|she|its|their|itself|themselves)\b", re.IGNORECASE)
_CLAUSE = re.compile(r"[,:;(]|\b(and|or|as|when|if|that|which|because|so|while|where)\s*$")
_OPENERS = re.compile(
    r"(and|but|or|so|then|thus|hence|also|yet|however|therefore|it|they|its|their|both|each|"
    r"either|neither|another|others|instead|otherwise|of these|many|most|some|half|after|before|"
    r"in|with|given|during|for|at|to|by|under|among|if|when|while|where|since|because|not|no)\b",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"(?:an?|the)\s", re.IGNORECASE)
_ABSOLUTE = re.compile(
    r"\b(always|never|all|only|every|none|must|no|nothing|any|exactly|completely)\b", re.IGNORECASE
)
_VAGUE = re.compile(
    r"\b(often|usually|frequently|sometimes|generally|mostly|rarely|may|can|might|could|about|"
    r"roughly|some|many|few|several)\b",
    re.IGNORECASE,
)
_QUESTION = re.compile(
    r"(why|how|who|whom|whose|is|are|was|were|does|do|did|can|will|should)\b", re.IGNORECASE
)


def stands_alone(text: str) -> bool:
    """Tell whether a sentence can be understood without those around it.

    It does not begin with a word that goes on from something, points at nothing outside, and
    a pronoun has a noun of the same sentence before it.
    """
    if not text.endswith((".", "!")) or _OPENERS.match(text) or _POINTERS.search(text):
        return False
    for pronoun in _PRONOUN.finditer(text):
        before = text[: pronoun.start()].rstrip()
        if not _CLAUSE.search(before):
            return False
        if len(_WORD.findall(before)) < 3:
            return False
    return True


def is_question(text: str) -> bool:
    """Tell whether a text asks."""
    return "?" in text or bool(_QUESTION.match(text))


def is_absolute(text: str) -> bool:
    """Tell whether a text holds a word such as `always`, which marks statements as false."""
    return bool(_ABSOLUTE.search(text))


def is_vague(text: str) -> bool:
    """Tell whether a text holds a word such as `often`, of which nobody can say if it is true."""
    return bool(_VAGUE.search(text))


def telling(text: str) -> list[str]:
    """Return the words of a text that are no mere words of the language, folded.

    `FlashAttention` is its parts as well.
    """
    words = [part for word in _WORD.findall(text) for part in (word, *_humps(word))]
    return [w for word in words if (w := word.casefold()) not in ENGLISH]


def _humps(word: str) -> list[str]:
    parts = _HUMP.findall(word)
    return parts if len(parts) > 1 and "".join(parts) == word else []


def akin(one: str, other: str) -> bool:
    """Tell whether two folded words are one, or forms of one."""
    roots = stem(one), stem(other)
    if one == other or roots[0] == roots[1] or roots_akin(*roots):
        return True
    shorter, longer = sorted((one, other), key=len)
    same = next((n for n, (a, b) in enumerate(zip(shorter, longer, strict=False)) if a != b), None)
    same = len(shorter) if same is None else same
    if len(shorter) < 4:
        return same == len(shorter) and longer[same:] in ("s", "es", "d", "ed", "ing")
    return same >= 4 and (same >= len(shorter) - 1 or same >= 0.65 * len(longer))


def share(one: str, other: str) -> bool:
    """Tell whether two texts have a telling word in common, in whatever form."""
    theirs = telling(other)
    return any(akin(word, there) for word in telling(one) for there in theirs)


def distinct(texts: Sequence[str]) -> bool:
    """Tell whether no two texts are the same and none holds all telling words of another."""
    words = [frozenset(telling(text)) or frozenset([text.casefold()]) for text in texts]
    return not any(
        one <= other for n, one in enumerate(words) for m, other in enumerate(words) if n != m
    )


def given_away(premise: str, response: str, others: Iterable[str]) -> bool:
    """Tell whether a premise and its response share a word that no other response has."""
    rest = {stem(word) for other in others for word in telling(other)}
    theirs = [word for word in telling(response) if stem(word) not in rest]
    return any(akin(word, there) for word in telling(premise) for there in theirs)


def betrayed(right: str, wrong: Sequence[str]) -> bool:
    """Tell whether the right choice shows by its form: its length, its article, a vague word."""
    lengths = [len(text) for text in wrong]
    longest = len(right) >= 1.5 * max(lengths) and len(right) >= max(lengths) + 12
    shortest = 2 * len(right) <= min(lengths)
    alone = any(
        looks(right) and not any(map(looks, wrong))
        for looks in (is_vague, _has_article, _has_no_article)
    )
    return longest or shortest or alone


def _has_article(text: str) -> bool:
    return bool(_ARTICLE.match(text))


def _has_no_article(text: str) -> bool:
    return not _ARTICLE.match(text)
