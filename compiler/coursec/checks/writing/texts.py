"""Rules over the words of any item."""

from __future__ import annotations

import re
from collections.abc import Iterator

from coursec.checks.writing.view import Found, Prose, View
from coursec.checks.writing.words import FUNCTION, GENERAL
from coursec.model.items import TextItem
from coursec.model.text import Code, CodeBlock, Image, Math, Quote, Table

_PRONOUN = re.compile(r"\b(?:he|she|his|her|him|hers|himself|herself)\b")
_BOTH = re.compile(r"\b(?:he|she|him|her|his|hers|himself|herself)\s*(?:or|/|and)\s*(?:he|she|him|her|his|hers|himself|herself)\b|\bs/he\b|\b\(s\)he\b")
_SEXED = re.compile(
    r"\b(?:man|men|woman|women|boys?|girls?|mother|father|male|female|husband|wife|kings?|queens?|sons?"
    r"|daughters?|brothers?|sisters?|lady|lord|mr|mrs|ms|sir|gentleman|princess?|emperor|empress|uncle|aunt"
    r"|grandmother|grandfather|widow|widower|pregnant|actress|waitress|goddess|god|nun|monk|pope|duke|duchess"
    r"|heroine|hero|his majesty|her majesty|bride|groom|mum|mom|dad|guy|businesswoman|businessman|chairman|chairwoman)\b"
)


def gendered_person(view: View) -> Iterator[Found]:
    """A person without a name need not be a man or a woman."""
    for prose in dict.fromkeys((view.stem, view.body)):
        text = _BOTH.sub(" ", prose.lower)
        found = _PRONOUN.search(text)
        if not found or _SEXED.search(text) or _names_somebody(prose):
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


_LESSON = r"(?:slides?|lectures?|lessons?|class|course|textbook|course ?book|book|chapter|module|unit|handout|notes|reader|readings?|tutorial|workshop|seminar|video|podcast|professor|instructor|lecturer|teacher|slide deck|deck|webinar|assigned reading|article|paper|author)"
_SAID = r"(?:said|shown|seen|discussed|mentioned|described|stated|explained|defined|presented|covered|introduced|listed|taught|learned|learnt|studied|given|noted|treated|used|named|recommended|emphasi[sz]ed)"
_LESSONS = re.compile(
    rf"\b(?:according to|based on|as per|following|from|in|on|by|per)(?: (?:the|our|your|this|last|today's|yesterday's|that|these|week's|previous|first|second|third|fourth))* (?:week's |assigned |course |lecture |required )?(?:{_LESSON})\b"
)
_LESSON_STRONG = re.compile(
    rf"\b(?:according to|as per|based on) (?:the |our |your |this |last |today's |these )?(?:week's |assigned |course |lecture |class |required |previous )*{_LESSON}\b"
    rf"|\b{_SAID} (?:\w+ )?(?:in|on|by|during|at) (?:the |our |your |this |last |today's |these )?(?:week's |assigned |course |lecture |class |required |previous )*{_LESSON}\b"
    rf"|\b(?:in|from|on|during) (?:the |our |your |this |last |today's )(?:week's |assigned |course |previous )*(?:slides?|lectures?|class|lesson|textbook|handout|lecture notes|course notes|class notes|lecture slides|tutorial|seminar|course)\b(?= (?:we|you|it|on|about)|[,.?:]| (?:was|were|is|are) )"
    rf"|\b(?:on |see )?slide (?:number )?\d+|\bin class we\b|\bthe (?:slides?|lecturer|professor|instructor|textbook|lecture|author|article|passage) (?:says?|said|shows?|showed|states?|stated|lists?|listed|mentions?|mentioned|explains?|explained|defines?|defined|claims?|claimed|gives?|gave|called|calls|describes?|described|argues?|argued|names?|named|presents?|presented|emphasi[sz]e[sd]?|tells?|uses|used|introduced)\b"
    rf"|\bwe (?:discussed|covered|saw|learned|learnt|talked about|studied|went over|have seen|have discussed|introduced)\b|\byou (?:learned|learnt|read|saw) (?:about )?(?:in|on|last)\b|\bpage \d+ of\b|\bin chapter \d+\b|\bfrom chapter \d+\b|\b(?:in|from|during|covered) last (?:week|lecture|class|session)\b|\blast week's\b|\b(?:the )?lecturer's\b|\bthe (?:course )?slides\b|\bthe textbook\b|\bthe lecture\b|\bthe lecture notes\b|\bthe handout\b|\bthe assigned reading\b|\btoday's (?:lecture|class|lesson)\b"
)
_SHOWN_NOUN = r"(?:figure|fig\.|diagram|graph|chart|plot|image|picture|photo|photograph|map|drawing|illustration|table|passage|text|excerpt|extract|paragraph|poem|quotation|code|snippet|listing|program|scenario|case|dialogue|data|equation|formula)"
_SHOWN = re.compile(
    rf"\b(?P<a>{_SHOWN_NOUN})s? (?:above|below|opposite|on the (?:right|left)|(?:is |are )?(?:shown|given|provided|presented|displayed|reproduced|printed)(?: (?:above|below|here|opposite))?)"
    rf"|\b(?:the|this) (?:following|above|accompanying|attached|adjacent|given) (?P<b>{_SHOWN_NOUN})s?\b"
    rf"|\b(?:according to|based on|as (?:shown|seen|stated|described|given|depicted|illustrated|mentioned) in|referring to|refer to|look at|from|see|using) (?:the |this )(?P<c>figure|diagram|graph|chart|plot|image|picture|photo|photograph|map|drawing|illustration|table|passage|text|excerpt|extract|paragraph|poem|reading|article|author|story|dialogue|snippet|listing)\b"
    rf"|\b(?P<d>figure|fig\.|table) \d+\b|\bin the (?P<e>figure|diagram|picture|image|passage|excerpt|photograph|illustration)\b|\bthe (?P<f>figure|diagram|picture|image|passage|excerpt|photograph|chart|table|graph) (?:shows?|depicts?|illustrates?|gives|lists|suggests|implies|describes)\b"
)


_SOURCES = frozenset(
    """
    slide slides lecture lectures lecturer lecturer's lesson lessons class course textbook book
    chapter module unit handout notes reader reading readings tutorial workshop seminar video
    podcast professor instructor teacher deck webinar article paper author page we you last today's
    figure figures fig diagram diagrams graph graphs chart charts plot plots image images picture
    pictures photo photos photograph photographs map maps drawing illustration illustrations table
    tables passage passages text texts excerpt excerpts extract paragraph paragraphs poem quotation
    code snippet listing program scenario case dialogue data equation formula story
    """.split()
)
"""Words without which no text points to a source."""


def unseen_source(view: View) -> Iterator[Found]:
    """A student who was not there, or sits in an examination, cannot look at it."""
    if isinstance(view.item, TextItem):
        return
    for prose in view.seen:
        if _SOURCES.isdisjoint(prose.set):
            continue
        text = prose.lower
        if found := _LESSON_STRONG.search(text):
            if view.stimulus or (_long(view, found.start()) and re.search(r"article|author|paper|passage|book|text", found[0])):
                continue
            yield _unseen(prose, view, found[0])
            return
        if prose is not view.stem and prose is not view.body:
            continue
        for found in _SHOWN.finditer(text):
            noun = next(g for g in found.groups() if g)
            if not _is_there(noun, view, found.start()):
                yield _unseen(prose, view, found[0])
                return


def _unseen(prose: Prose, view: View, words: str) -> Found:
    return Found(
        f"`{words.strip(' ,')}` points to something that the item does not show.",
        prose.span or view.place,
        "Ask about the matter itself, or put what is meant into the item or its stimulus.",
    )


def _long(view: View, at: int) -> bool:
    """Tell whether a text of its own stands in the stem before or after the words at hand."""
    return bool(
        Quote in view.stem.kinds
        or len(view.stem.words) > 45
        or len(view.body.words) > 80
        or re.search(r"[\"“][^\"”]{25,}[\"”]", view.stem.text)
    )


def _is_there(noun: str, view: View, at: int) -> bool:
    if view.stimulus:
        return True
    kinds = view.stem.kinds | view.body.kinds
    text = view.stem.text + "\n" + view.body.text
    if Image in kinds:
        return True
    if noun in ("table", "data", "chart", "graph", "plot"):
        return bool(kinds & {Table, CodeBlock})
    if noun in ("code", "snippet", "listing", "program"):
        return bool(kinds & {Code, CodeBlock}) or bool(re.search(r"[;{}=]|\w\(", text))
    if noun in ("equation", "formula"):
        return bool(kinds & {Math, Code, CodeBlock}) or bool(re.search("[=→*/]", text))
    if noun in ("figure", "fig.", "diagram", "image", "picture", "photo", "photograph", "map", "drawing", "illustration"):
        return bool(kinds & {CodeBlock}) or view.stem.lower.startswith(noun)
    return _long(view, at) or len(view.stem.sentences) > 2 or bool(kinds & {CodeBlock, Table})


_MOJIBAKE = re.compile(
    "\ufffd|â€|â„|â†|â‰|Ã[\u0080-\u00bf©¨ª«¬®¯°±²³´µ¶·¸¹º»¼½¾¿ŒœŠšŸŽžƒ†‡•…‰‹›€¡¢£¤¥¦§™]|Â[\u0080-\u00bf]|ï¬|ï»¿|‚Ä|√[©®±º°´∂≠]"
    "|¬[†∞±≤]|Œ[±≤≥µ∏]|[\ue000-\uf8ff]|&(?:amp|lt|gt|nbsp|quot|#\\d+);|Ð[\u0080-\u00bf°±²³µ¾]|\u00c2\u00a0"
)
_GLUED_STOP = re.compile(r"\b[a-z]{3,}[.,;][A-Z][a-z]{2,}\b|\b[a-z]{4,}(?:The|This|These|Which|What|It|And|For|In|Of|With)\b|\b[a-z]{3,}[,;][a-z]{3,}[,;]?[a-z ]")
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
                f"`{found}` looks damaged.",
                prose.span or view.place,
                "Compare it with the original and type it again.",
            )
            return


def _damage(prose: Prose, view: View) -> str | None:
    text = prose.text
    if not text.isascii() or "&" in text:
        if found := _MOJIBAKE.search(text):
            start = max(text.rfind(" ", 0, found.start()) + 1, found.start() - 15)
            return text[start : found.end() + 15].split(" ")[0] or found[0]
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
    if _TIGHT.search(text) and (found := _GLUED_STOP.search(text)):
        if found[0].lower() not in text.lower().replace(found[0].lower(), "", 1) and "://" not in text:
            return found[0]
    return None


def _is_camel(token: str, prose: Prose) -> bool:
    """Tell whether a word has capitals inside, as names of programs have."""
    return token not in prose.text and token.capitalize() not in prose.text


def _chemical(word: str) -> bool:
    return word.endswith(
        ("ine", "ate", "ide", "ase", "yl", "ol", "ene", "ane", "ic", "one", "graphy", "logy", "logical", "logist", "logists", "ization", "isation", "ism", "ectomy", "scopy", "emia", "aemia", "osis", "ities", "ness", "istic", "ically", "oscopy")
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
        if len(token) > 13 and len(left) > 2 and len(right) > 2 and (left in known or left in GENERAL) and (right in known or right in GENERAL):
            return len(match[0]) > 1
    return False
