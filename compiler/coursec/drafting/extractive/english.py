"""The English words that items are asked in, and what headers mean in them."""

from __future__ import annotations

import re

from coursec.drafting.ingest.function_words import ENGLISH

_WORD = re.compile(r"[^\W\d_]+")
_NO_WORDS = re.compile(r"```.*?```|`[^`\n]*`|\$[^$\n]*\$", re.DOTALL)
_FEWEST_WORDS, _SHARE = 60, 0.06
_SHARED = frozenset(
    "a am an as also are at come do has he i in me no on once or so to us was will".split()
)
"""Words of English that other languages have too."""
_PREPOSITION = re.compile(r"\b(of|on|in|for|to|per|at|with|from|by|between|against)\b")
_CLAUSE = re.compile(
    r"(what|why|how|when|where|who|whether|it|they|we|you|is|are|does|do|can|fits?|makes?|means)\b",
    re.IGNORECASE,
)
_DANGLING = re.compile(r"\b(by|from|when|of|on|in|for|to|at|with|means|is|are|as)$", re.IGNORECASE)
_TECHNICAL = re.compile(r"[={}<>\\\\_|]|\w\(|\b0x|(?:^|\s)-{1,2}\w|://")
_NUMBERING = re.compile(r"\W*\d+(?:\.\d+)*[.)]?\s+")
_GLOSSARY = re.compile(
    r"(\w+ )?(definitions?|terms|terminology|glossary|vocabulary|key (terms|concepts|words))\W*$",
    re.IGNORECASE,
)
_GENERIC = re.compile(
    r"(page \d+$|agenda|today|next|what comes next|plan|"
    r"comparison|summary|conclusion|overview|example|key points|notes|recap|outline|introduction|"
    r"definitions?|terms|applications?|importance)\b",
    re.IGNORECASE,
)
_EXERCISE = re.compile(
    r"\W*(exercises?|homework|assignments?|project|activity|quiz|knowledge check|"
    r"references?|bibliography|further reading|acknowledge?ments?|contact)\b",
    re.IGNORECASE,
)
_WRONG = re.compile(
    r"\b(mistakes?|errors? of|myths?|misconceptions?|misunderstandings?|fallac(?:y|ies)|wrong|"
    r"incorrect|untrue)\b",
    re.IGNORECASE,
)
_LAB = re.compile(r"\W*(lab|practical|hands-on|demo)\b", re.IGNORECASE)
_DOES = frozenset(
    """accepts affects allows applies assumes combines conducts conserves contains converges
    corrodes creates depends dissolves enables exists expires fails fits generalizes gives grows has
    holds ignores improves includes keeps lays learns lets lives loses makes melts moves occurs
    persists predicts preserves prevents produces protects provides reacts reduces removes
    repeats requires saves sees supports survives swims takes terminates tolerates varies""".split()
)
"""What things do: such a header is no thing."""
_MAY_DO = frozenset(
    """blocks breaks burns causes changes checks costs covers feeds filters flies floats guarantees
    handles helps increases limits needs offers returns runs scales sinks sorts spreads stores uses
    works""".split()
)
"""What things do or what they are."""
_ASIDE = re.compile(r"(examples?|comments?|notes?|remarks?|links?|source)$", re.IGNORECASE)
_NO_KIND = frozenset({"name", "term", "item", "title", "entry"})
_DEGREE = re.compile(
    r"very\b|(small|large|big|long|short|high|low|fast|slow|medium|cheap|good|bad|easy|hard|simple)"
    r"(er|est)?(?=$|,|\s+(for|in|to|at|than|and|but|as|when|if)\b)",
    re.IGNORECASE,
)
_LEAD_NOUN = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|several|some|following)\s+(?:\w+ )?([a-z]+s)\b",
    re.IGNORECASE,
)
ORDERED = frozenset({"step", "phase", "stage"})
"""Kinds of things that stand in an order."""
MEMBERS = ORDERED | frozenset(
    """part level layer component type kind category principle element family property pillar
    method strategy criterion role""".split()
)
"""Kinds of things that make up the subject of a slide."""
PROCEDURE = re.compile(
    r"\b(steps|phases|stages|procedure|pipeline|workflow|recipe)\b", re.IGNORECASE
)
"""Words of a title or a lead that say that a numbered list is an order."""
IN_ORDER = re.compile(r"\b(steps|phases|stages)\b", re.IGNORECASE)
"""Words of a lead that say so."""
LISTING = re.compile(r"\b(includ\w+|such as|consists? of|some|any|various)\b", re.IGNORECASE)
"""Words of a lead that say that what follows is a choice."""
PERHAPS = re.compile(
    r"\b(algorithm|process|(?<!in )order|sequence|protocol|how to|step|phase|stage)\b",
    re.IGNORECASE,
)
"""Words that may name the subject of a list as well: its entries must read like steps too."""
STEPWISE = re.compile(
    r"^(start|begin|first|initiali[sz]e|set up|install|open|load)\b", re.IGNORECASE
)
"""How the first entry of an order begins."""
REPEATING = re.compile(r"\b(repeat|again|finally|until|lastly|at the end|then)\b", re.IGNORECASE)
"""Words of a later entry of an order."""


def reads_otherwise(text: str) -> bool:
    """Tell whether a text is in another language: few of its words are those that English needs.

    Slides of keywords have 10 % of them, sentences 20 to 35 %, German ones under 2 %.
    """
    words = [word.casefold() for word in _WORD.findall(_NO_WORDS.sub(" ", text))]
    return len(words) >= _FEWEST_WORDS and (
        sum(word in ENGLISH and word not in _SHARED for word in words) < _SHARE * len(words)
    )


def is_noun(header: str) -> bool:
    """Tell whether a header names a thing, and can stand behind `which`."""
    if not header or header.endswith("?") or ":" in header or any(c.isdigit() for c in header):
        return False
    if "(" in header or _ASIDE.match(header):
        return False
    clause = _CLAUSE.match(header) or _DANGLING.search(header) or " to " in header
    clause = clause or _first(header) in _DOES
    return not clause and len(header.split()) <= 5


def _first(header: str) -> str:
    return header.casefold().split(" ", 1)[0]


def is_what(header: str) -> bool:
    """Tell whether a header such as `What is done` can stand behind `with`."""
    return bool(re.fullmatch(r"what (?:\w+ ){0,4}\w+", header, re.IGNORECASE))


def is_verb(header: str) -> bool:
    """Tell whether a header may be what things do, such as `Floats` or `Needs water`."""
    return _first(header) in _DOES | _MAY_DO


def lowered(words: str) -> str:
    """Return a header inside a sentence: its first letter is small unless it is a name's."""
    first = words.split(" ", 1)[0]
    rest = first[1:]
    name = any(c.isupper() or c.isdigit() for c in rest) or len(first) == 1
    return words if name else words[:1].lower() + words[1:]


def capital(text: str) -> str:
    """Return a text with a capital at its beginning."""
    return text[:1].upper() + text[1:]


def is_degree(answer: str) -> bool:
    """Tell whether an answer says how something is and not what it is."""
    return bool(_DEGREE.match(answer))


def is_plural(noun: str) -> bool:
    """Tell whether a header names several things."""
    head = _PREPOSITION.split(noun)[0].split("(")[0].split() or noun.split()
    word = head[-1].casefold()
    return word.endswith("s") and not word.endswith(("ss", "us", "is", "ics", "series"))


def plural(noun: str) -> str:
    """Return a header's noun as several."""
    if is_plural(noun):
        return noun
    match = _PREPOSITION.search(noun)
    head, tail = (
        (noun[: match.start()].rstrip(), noun[match.start() - 1 :]) if match else (noun, "")
    )
    if re.search(r"[^aeiou]y$", head):
        return head[:-1] + "ies" + tail
    if head.endswith("is"):
        return head[:-2] + "es" + tail
    if head.endswith("criterion"):
        return head[:-2] + "a" + tail
    return head + ("es" if re.search(r"(s|x|z|ch|sh)$", head) else "s") + tail


def is_technical(title: str) -> bool:
    """Tell whether a title is code, a call or an option rather than words."""
    return bool(_TECHNICAL.search(title))


def is_glossary(title: str) -> bool:
    """Tell whether a title says that terms follow, and nothing of what they are about."""
    return bool(_GLOSSARY.match(title))


def subject(title: str, *beside: str) -> str:
    """Return a title to stand before a question; empty where it says nothing, or too much."""
    title = _NUMBERING.sub("", title, count=1) if _NUMBERING.match(title) else title
    words = title.split()
    if (
        len(words) > 7
        or is_technical(title)
        or is_glossary(title)
        or title.endswith(("?", "!"))
        or _GENERIC.match(title)
    ):
        return ""
    own = {word.casefold() for word in words if len(word) > 3}
    said = [set(text.casefold().split()) for text in beside]
    if any(title.casefold() in text.casefold() for text in beside) or any(map(own.issubset, said)):
        return ""
    return title


def asked(about: str, ask: str) -> str:
    """Return a question behind what it is about; a colon is not put behind another one."""
    if not about:
        return capital(ask)
    return f"{about}. {capital(ask)}" if ":" in about + ask else f"{about}: {ask}"


def is_exercise(title: str) -> bool:
    """Tell whether a slide sets work, and holds no matter."""
    return bool(_EXERCISE.match(title))


def tells_errors(title: str) -> bool:
    """Tell whether a slide shows what is not so, such as common mistakes."""
    return bool(_WRONG.search(title))


def is_practice(title: str) -> bool:
    """Tell whether a slide is about work to be done rather than matter."""
    return is_exercise(title) or bool(_LAB.match(title))


def noun_of_lead(lead: str) -> str:
    """Return what the entries below a lead are, as one; `term` where it does not say."""
    match = _LEAD_NOUN.search(lead)
    if not match or not is_plural(match[1]):
        return "term"
    word = match[1].casefold()
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-2] if re.search(r"(ss|x|z|ch|sh)es$", word) else word[:-1]


def is_generic(title: str) -> bool:
    """Tell whether a title says what a slide does and not what it is about."""
    return bool(_GENERIC.match(title))


def named(kind: str, name: str) -> str:
    """Return a row's name with the kind of thing that it is."""
    what = kind_of(kind)
    return f"the {what} “{name}”" if what else name


def kind_of(header: str) -> str:
    """Return what a table's things are, inside a sentence; empty where it only says `name`."""
    return "" if header.casefold() in _NO_KIND else lowered(header)
