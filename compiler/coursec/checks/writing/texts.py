"""Rules over the words of any item."""

from __future__ import annotations

import re
from collections.abc import Iterator

from coursec.checks.writing.view import Found, Prose, View, quoted
from coursec.checks.writing.words import FUNCTION, GENERAL

_PRONOUN = re.compile(r"\b(?:he|she|his|her|him|hers|himself|herself)\b")
_BOTH = re.compile(
    r"\b(?:he|she|him|her|his|hers|himself|herself)\s*(?:or|/|and)\s*(?:he|she|him|her|his|hers|himself|herself)\b|\bs/he\b|\b\(s\)he\b"
)
_SEXED = frozenset(
    """
    man men woman women boy boys girl girls mother father male female husband wife king kings queen
    queens son sons daughter daughters brother brothers sister sisters lady lord mr mrs ms sir
    gentleman prince princess emperor empress uncle aunt grandmother grandfather widow widower
    pregnant actress waitress goddess god nun monk pope duke duchess heroine hero majesty bride
    groom mum mom dad guy businesswoman businessman chairman chairwoman
    """.split()
)
"""Words that tell a person's sex: a pronoun adds nothing to them."""


def gendered_person(view: View) -> Iterator[Found]:
    """A person without a name need not be a man or a woman."""
    for prose in dict.fromkeys((view.stem, view.body)):
        text = _BOTH.sub(" ", prose.lower)
        found = _PRONOUN.search(text)
        if not found or not _SEXED.isdisjoint(prose.set) or _names_somebody(prose):
            continue
        yield Found(
            f"`{found[0]}` speaks of a person who is not named.",
            prose.span or view.place,
            "Write `they`, or the role again; or give the person a name.",
        )
        return


_NOT_NAMES = FUNCTION | GENERAL


def _names_somebody(prose: Prose) -> bool:
    """Tell whether a capitalised word that is no sentence's ordinary beginning stands in a text."""
    for sentence in prose.sentences:
        words = re.findall(r"[^\W\d_][\w'’-]*", sentence)
        for number, word in enumerate(words):
            if not word[0].isupper() or word == "I" or (word.isupper() and len(word) > 1):
                continue
            if number or word.lower() not in _NOT_NAMES:
                return True
    return False


_MOJIBAKE = re.compile(
    "\ufffd|â€|â„|â†|â‰|Ã[\u0080-\u00bf©¨ª«¬®¯°±²³´µ¶·¸¹º»¼½¾¿ŒœŠšŸŽžƒ†‡•…‰‹›€¡¢£¤¥¦§™]|Â[\u0080-\u00bf]|ï¬|ï»¿|‚Ä|√[©®±º°´∂≠]"
    "|¬[†∞±≤]|Œ[±≤≥µ∏]|[\ue000-\uf8ff]|&(?:amp|lt|gt|nbsp|quot|#\\d+);|Ð[\u0080-\u00bf°±²³µ¾]|\u00c2\u00a0"
)
_GLUED_STOP = re.compile(
    r"\b[a-z]{3,}[.,;][A-Z][a-z]{2,}\b"
    r"|\b[a-z]{4,}(?:The|This|These|Which|What|It|And|For|In|Of|With)\b"
    r"|\b[a-z]{3,}[,;][a-z]{3,}[,;]?[a-z ]"
)
_GLUED_PAIR = frozenset(
    """
    ofthe inthe tothe onthe forthe andthe isthe withthe bythe fromthe thatthe asthe arethe canbe isa
    asa ofa ina toa istheir ofan isan whichof whichis whatis itis itisa thereis suchas dueto aswell
    wouldbe willbe mustbe havebeen hasbeen doesnot isnot arenot usedto ableto itsown intothe atthe
    betweenthe whenthe ifthe doesthe isused areused whatdoes howmany whichone
    """.split()
)
_INNER = re.compile(r"and|the|of|with|for|from|that|into|is|in|to|are|by|on|or|a")
_TIGHT = re.compile(r"[a-z][.,;][A-Za-z]|[a-z][A-Z][a-z]")
_RUN = re.compile(r"(.)\1\1")
_DNA = re.compile(r"^[acgtun]+$")


def damaged_text(view: View) -> Iterator[Found]:
    """Signs of a wrong encoding and words run together show that nobody has read the item."""
    for prose in (*view.seen, *view.feedback):
        found = _damage(prose, view)
        if found:
            yield Found(
                f"{quoted(found)} looks damaged.",
                prose.span or view.place,
                "Compare it with the original and type it again.",
            )
            return


def _damage(prose: Prose, view: View) -> str | None:
    text = prose.text
    if (not text.isascii() or "&" in text) and (found := _MOJIBAKE.search(text)):
        start = max(text.rfind(" ", 0, found.start()) + 1, found.start() - 15)
        return next(iter(text[start : found.end() + 15].split()), found[0])
    pairs = prose.set & _GLUED_PAIR
    if pairs:
        return min(pairs)
    for token in prose.words:
        if len(token) < 10 or not token.isalpha() or _RUN.search(token) or _is_camel(token, prose):
            continue
        if len(token) < 22:
            if _glued(token, view):
                return token
        elif token.isascii() and not _DNA.match(token) and not _chemical(token):
            return token
    found = _GLUED_STOP.search(text) if _TIGHT.search(text) and "://" not in text else None
    # What stands there twice is meant, such as the name of a file.
    return found[0] if found and text.lower().count(found[0].lower()) == 1 else None


def _is_camel(token: str, prose: Prose) -> bool:
    """Tell whether a word has capitals inside, as names of programs have."""
    return token not in prose.text and token.capitalize() not in prose.text


def _chemical(word: str) -> bool:
    return word.endswith(
        (
            "ine",
            "ate",
            "ide",
            "ase",
            "yl",
            "ol",
            "ene",
            "ane",
            "ic",
            "one",
            "graphy",
            "logy",
            "logical",
            "logist",
            "logists",
            "ization",
            "isation",
            "ism",
            "ectomy",
            "scopy",
            "emia",
            "aemia",
            "osis",
            "ities",
            "ness",
            "istic",
            "ically",
            "oscopy",
        )
    )


def _glued(token: str, view: View) -> bool:
    """Tell whether a word is two words of the course, or of English, with a small one between."""
    known = view.known
    if known.get(token, 0) > 1:
        return False
    if token.startswith("the") and len(token) > 9:
        rest = token[3:]
        cuts = [(rest, "the"), *((rest[:n], rest[n:]) for n in range(4, len(rest) - 3))]
        if any(all(w in known or w in GENERAL for w in cut) for cut in cuts):
            return True
    for match in _INNER.finditer(token, 3):
        left, right = token[: match.start()], token[match.end() :]
        if (
            len(token) > 13
            and len(left) > 2
            and len(right) > 2
            and (left in known or left in GENERAL)
            and (right in known or right in GENERAL)
        ):
            return len(match[0]) > 1
    return False
