"""Rules over what gives the key away to those who do not know the matter."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from coursec.checks.writing.choices import says_of_others
from coursec.checks.writing.numbers import number_of, range_of
from coursec.checks.writing.view import OBJECT, Found, Option, Prose, View
from coursec.checks.writing.words import (
    ABSOLUTE,
    ASKING,
    FUNCTION,
    HEDGE,
    STRONG_ABSOLUTE,
    VERBS,
    WEAK_HEDGE,
    akin,
    is_rare,
    stem,
)
from coursec.model.items import SingleChoice, TrueFalse
from coursec.model.text import Code, CodeBlock, Image

LONGER = 1.45
"""How many times as long as the longest distractor a key must be to stand out."""
CHARACTERS = 12
"""By how many characters at least."""


def longest_key(view: View) -> Iterator[Found]:
    """A key with all its conditions is longer than what is wrong anyway; students know that."""
    if not _measured(view) or _special(view):
        return
    key = min(option.prose.length for option in view.keys)
    most = max(option.prose.length for option in view.distractors)
    if key >= LONGER * most and key - most >= CHARACTERS:
        yield Found(
            f"The key has {key} characters, the longest distractor {most}.",
            view.keys[0].span,
            "Shorten the key, or give the distractors as much detail.",
        )


def shortest_key(view: View) -> Iterator[Found]:
    """A key that is far shorter than all else stands out as much as a long one."""
    if not _measured(view) or _special(view):
        return
    key = max(option.prose.length for option in view.keys)
    least = min(option.prose.length for option in view.distractors)
    if 2 * key <= least and least - key >= CHARACTERS - 2:
        yield Found(
            f"The key has {key} characters, the shortest distractor {least}.",
            view.keys[0].span,
            "Give the key as much detail as the distractors, or shorten these.",
        )


def _measured(view: View) -> bool:
    if not view.keys or len(view.distractors) < 2:
        return False
    if any(option.prose.kinds & {CodeBlock, Image} for option in view.choices):
        return False
    return not all(_is_title(option.prose) for option in view.keys)


def _special(view: View) -> bool:
    """Tell whether a key speaks of the other choices: its form says nothing then."""
    return view.english and any(map(says_of_others, view.keys))


_PARTICLES = frozenset("von van de der den di da del della du la le el al ibn bin zu y".split())


def _is_title(prose: Prose) -> bool:
    """Tell whether a choice is a title or a name, whose length nobody chooses."""
    words = [w for w in prose.spelt if w.lower() not in FUNCTION and w not in _PARTICLES]
    return len(words) > 1 and all(w[0].isupper() or w[0].isdigit() for w in words)


def absolute_word(view: View) -> Iterator[Found]:
    """What is said to hold always seldom does: students rule it out unread."""
    if isinstance(view.item, TrueFalse):
        if not view.item.answer and (word := _absolute(view.stem, ABSOLUTE - {"none"})):
            yield Found(
                f"The false statement says `{word}`, by which it is known to be false.",
                view.place,
                "Make it false by its matter.",
            )
        return
    if not view.keys or len(view.distractors) < 2:
        return
    if any(option.prose.set & ABSOLUTE for option in view.keys):
        return
    found = [(o, word) for o in view.distractors if (word := _absolute(o.prose, ABSOLUTE))]
    strong = [(o, w) for o, w in found if w in STRONG_ABSOLUTE]
    if not strong and len(found) < 2:
        return
    option, word = (strong or found)[0]
    yield Found(
        f"`{word}` stands in a distractor and no such word in the key.",
        option.span,
        "Leave the word out, or make the distractor wrong by its matter.",
    )


_SPARED = re.compile(
    r"\b(?:not|nearly|almost|at|first of|above|after|in|for|of|over) (?:all|always|every|everything|only|entirely|completely)\b(?! (?:the|cases|times|situations|circumstances|\w+s)\b)"
    r"|\bnot (?:all|always|every|everything|only|entirely|completely)\b|\bif and only if\b"
    r"|\ball the (?:more|less|same)\b|\bnone the less\b|\bat all\b|\ball in all\b|\bnot necessarily\b"
)


def _absolute(prose: Prose, words: frozenset[str]) -> str | None:
    if not prose.set & words:
        return None
    if len(prose.words) < 2 or re.match(r"(?:all|none) of the (?:above|others?)\b", prose.norm):
        return None
    text = _SPARED.sub(" ", prose.lower)
    rest = re.findall(r"[\w'-]+", text)
    return next((w for w in rest if w in words), None)


def hedged_key(view: View) -> Iterator[Found]:
    """A careful word in the key alone: who writes a key takes care that it is true."""
    if not view.keys or len(view.distractors) < 2:
        return
    every = HEDGE | WEAK_HEDGE
    if any(_hedge(option.prose, HEDGE) for option in view.distractors):
        return
    words = [_hedge(option.prose, HEDGE) for option in view.keys]
    if not all(words):
        if any(_hedge(option.prose, every) for option in view.distractors):
            return
        every -= {"can", "could"} if not _says_something(view) else frozenset()
        words = [_hedge(option.prose, every) for option in view.keys]
        if not all(words):
            return
    yield Found(
        f"`{words[0]}` stands in the key and no such word in a distractor.",
        view.keys[0].span,
        "Leave the word out, or hedge the distractors as well.",
    )


def _says_something(view: View) -> bool:
    """Tell whether all choices are sentences, in which a `can` of the key alone is seen."""
    return all(len(option.prose.words) >= 3 for option in view.choices)


def _hedge(prose: Prose, words: frozenset[str]) -> str | None:
    found = next((w for w in prose.words if w in words), None)
    if found == "may" and "May" in prose.spelt and re.search(r"\d|\bMay$|[^.] May\b", prose.text):
        return None
    return found


def clang_cue(view: View) -> Iterator[Found]:
    """A word of the question that returns in the key alone points at it."""
    if not view.keys or len(view.distractors) < 2 or _special(view):
        return
    texts = [option.prose for option in view.distractors]
    wrong = frozenset().union(*(prose.stems for prose in texts))
    shared = frozenset.intersection(*(option.prose.stems for option in view.keys)) - wrong
    asked = view.stem.stems
    shared = frozenset(k for k in shared if k in asked or any(akin(k, root) for root in asked))
    if not shared:
        return
    loose = " ".join(prose.lower for prose in texts)
    for word in view.stem.words:
        root = stem(word)
        if not is_rare(word) or root in loose:
            continue
        if root not in shared and not any(akin(k, root) for k in shared):
            continue
        written = next(
            w for w in view.keys[0].prose.words if stem(w) == root or akin(stem(w), root)
        )
        yield Found(
            f"`{word}` in the stem points to `{written}`, which stands in the key and in no distractor.",
            view.keys[0].span,
            "Say it in other words, or let distractors share the word.",
        )
        return


_SPLIT = re.compile(r"\s*(?:,\s*(?:and|or)?\s|;|\band\b|\bbut\b|\bwith\b|\bor\b|/|\+|→|->|—|–|:)\s*")


def convergence_cue(view: View) -> Iterator[Found]:
    """Distractors are made from the key: the choice that shares most with the others is it."""
    if not isinstance(view.item, SingleChoice) or len(view.choices) < 3 or len(view.keys) != 1:
        return
    if any(option.prose.kinds & {CodeBlock, Image} for option in view.choices):
        return
    rows = _parts(view.choices)
    if rows is None or any(says_of_others(o) or range_of(o.prose.whole) for o in view.choices):
        return
    counts = [Counter(row[n] for row in rows) for n in range(len(rows[0]))]
    free = Counter(part for row in rows for part in set(row))
    scores = [
        sum(max(counts[n][part], free[part]) - 1 for n, part in enumerate(row)) for row in rows
    ]
    key = view.choices.index(view.keys[0])
    others = [score for n, score in enumerate(scores) if n != key]
    shared = all(
        max(counts[n][part], free[part]) > 1 for n, part in enumerate(rows[key])
    )
    if not shared or scores[key] <= max(others):
        return
    yield Found(
        f"The key {view.keys[0].shown} shares more of its parts with the other choices than any of them.",
        view.keys[0].span,
        "Let each part occur equally often, or choose distractors that are not made from the key.",
    )


def _parts(options: Sequence[Option]) -> list[tuple[str, ...]] | None:
    """Return the parts of each choice, as many for each; None where they cannot be told apart."""
    texts = [" ".join(option.prose.whole.lower().split()).strip(" .") for option in options]
    if all(map(_SPLIT.search, texts)):
        rows = [tuple(_bare(part) for part in _SPLIT.split(text) if part.strip()) for text in texts]
        if len({len(row) for row in rows}) == 1 and len(rows[0]) > 1:
            return rows
    words = [tuple(text.split()) for text in texts]
    if len({len(row) for row in words}) != 1 or not 2 <= len(words[0]) <= 14:
        return None
    columns = [n for n in range(len(words[0])) if len({row[n] for row in words}) > 1]
    if len(columns) < 2 or any(len({row[n] for row in words}) == len(words) for n in columns):
        return None
    if len(columns) == len(words[0]) > 4:
        return None
    return [tuple(row[n] for n in columns) for row in words]


def _bare(part: str) -> str:
    return re.sub(r"^(?:an?|the|both|is|are|it|its) ", "", part.strip(" .,"))


_VOWEL_SOUND = re.compile(r"^(?:hour|honest|honou?r|heir|[aeio]|u(?!n(?:i(?![nm])|an)|s[aeiu]|r[aeiou]|t[aeiou]|biq|k))")
_CONSONANT_SOUND = re.compile(r"^(?:eu|ewe|one\b|once\b|u(?:n(?:i(?![nm])|an)|s[aeiu]|r[aeiou]|t[aeiou]|biq|k))")


def _vowel(prose: Prose) -> bool | None:
    """Tell whether a choice begins with the sound of a vowel; None where that is not known."""
    if not prose.spelt or prose.text.lstrip("\"'“‘(*").startswith(OBJECT):
        return None
    first = prose.spelt[0]
    letters = first.partition("-")[0]
    if letters.isupper() and len(letters) < 4 and first.lower() not in ("a", "an"):
        return letters[0] in "AEFHILMNORSX"
    if first[:2].isupper() or len(first) == 1 or first[0].isdigit():
        return None
    if first.lower() in ("a", "an", "the"):
        return None
    word = first.lower()
    if _CONSONANT_SOUND.match(word):
        return False
    return bool(_VOWEL_SOUND.match(word))


def article_cue(view: View) -> Iterator[Found]:
    """An article that fits some choices only rules out the others."""
    if not view.keys or len(view.distractors) < 2:
        return
    match = re.search(r"(?<![/(])\b(an?)\s*(?:_{2,}|\.{2,}|…|:|\[\s*\])*\s*[.?:]?\s*$", view.stem.lower)
    if not match and (match := re.search(r"\b(an?)\s+(?:_{2,}|\.{4,}|…)", view.stem.lower)) is None:
        return
    wants = match[1] == "an"
    sounds = [_vowel(option.prose) for option in view.keys]
    if any(sound is not wants for sound in sounds):
        return
    misfits = [o for o in view.distractors if _vowel(o.prose) is (not wants)]
    if not misfits:
        return
    yield Found(
        f"The stem ends in `{match[1]}`, which does not fit {misfits[0].shown}.",
        view.place,
        "Write `a/an`, or move the article into the choices.",
    )


_PLURALS = frozenset(
    """
    mitochondria bacteria criteria phenomena data media nuclei fungi stimuli alumni vertebrae larvae
    algae children people men women mice geese feet teeth oxen matrices vertices indices axes theses
    hypotheses analyses crises bases diagnoses species both these those viruses genera alveoli
    bronchi villi ova spermatozoa quanta spectra loci radii formulae antennae cacti syllabi
    """.split()
)
_SINGULAR_S = re.compile(r"(?:ss|us|is|ics|ous|news|lens|gas|bias|canvas|atlas|process|series|means|diabetes|ics|itis|osis|yes|mars|paris|james|alias|texas|kansas|arkansas|venus|herpes|rabies|measles|chaos|cosmos|pancreas|christmas|hercules|achilles|athens|brussels|naples|ross|ethos|pathos|logos|trellis|oasis|corps|species)$")


def _is_plural(prose: Prose) -> bool | None:
    """Tell whether a choice is a plural; None where it is no short noun phrase."""
    words = prose.words
    if not words or len(words) > 10 or prose.codes or set(words) & (VERBS - {"means", "uses", "results", "works", "forms", "shows", "changes", "causes", "needs", "measures", "stores", "returns", "states", "claims", "marks", "maps", "moves", "falls", "acts", "plays"}):
        return None
    if number_of(prose.whole) is not None:
        return None
    if "and" in words or "," in prose.text:
        return True
    head = list(words)
    for tie in ("of", "in", "for", "with", "from", "to", "on", "by", "at", "between", "that"):
        if tie in head[1:]:
            head = head[: head.index(tie, 1)]
    last = head[-1]
    if head[0] in ("a", "an", "one", "each", "every", "this", "that"):
        return False
    if last in _PLURALS or head[0] in ("two", "three", "many", "several", "these", "those", "all", "both"):
        return True
    return last.endswith("s") and len(last) > 3 and not _SINGULAR_S.search(last)


def number_cue(view: View) -> Iterator[Found]:
    """A plural in the stem that only the key follows is a key by grammar."""
    if not isinstance(view.item, SingleChoice) or len(view.keys) != 1 or len(view.distractors) < 2:
        return
    text = view.stem.lower.strip(" .:_…?")
    key, rest = view.keys[0].prose, [o.prose for o in view.distractors]
    if count := re.search(r"\b(?:which|what|name|the|these|following|are) (?:the )?(?:\w+ )?(two|three|pair of|both)\b", text):
        many = [bool(re.search(r"\band\b|&|,|\bboth\b", p.lower)) for p in (key, *rest)]
        if many[0] and not any(many[1:]):
            yield _number_found(view, count[1])
            return
    asked = re.search(r"\b(?:which|what) ((?:\w+ )?\w+)", text)
    if re.search(r"\b(?:are|were)$", text) or (asked and _asks_several(asked[1], text)):
        wants, word = True, "plural"
    elif re.search(r"\b(?:is|was)(?: an?)?$", text) or re.search(r"\ban?$", text) or re.match(r"(?:which|what) (?:(?!does|do|did|are|were)\w+ ){0,3}(?:is|was|has)\b", text):
        wants, word = False, "singular"
    else:
        return
    agrees = [_is_plural(p) for p in (key, *rest)]
    if agrees[0] is wants and all(a is (not wants) for a in agrees[1:]):
        yield _number_found(view, word)


def _asks_several(words: str, text: str) -> bool:
    """Tell whether the words behind `which` are a plural, as in `which elements react`."""
    first, _, second = words.partition(" ")
    if first in ("are", "were", "two", "three"):
        return True
    for word, after in ((first, second), (second, "")):
        noun = word not in VERBS or after in VERBS or after.endswith("ed")
        if word in _PLURALS or (
            len(word) > 3 and word.endswith("s") and not _SINGULAR_S.search(word) and noun
        ):
            return not after.endswith("s") or after in VERBS and after in ("was", "has")
        if word in VERBS or word in FUNCTION:
            return False
    return False


def _number_found(view: View, word: str) -> Found:
    return Found(
        f"The stem asks for a {word} and only the key {view.keys[0].shown} is one."
        if word in ("plural", "singular")
        else f"The stem asks for {word} and only the key {view.keys[0].shown} names as many.",
        view.keys[0].span,
        "Let all choices agree with the stem in number.",
    )


def form_cue(view: View) -> Iterator[Found]:
    """A key in a form of its own is found without reading."""
    if len(view.keys) != 1 or len(view.distractors) < 2 or _special(view):
        return
    key, rest = view.keys[0], [o for o in view.distractors if not says_of_others(o)]
    if len(rest) < 2:
        return
    checks = [_capital(key, rest), _stop(key, rest), _code(key, rest), _stress(key, rest)]
    if view.english:
        checks += [_to(key, rest), _ing(key, rest)]
    for what in checks:
        if what:
            yield Found(
                f"The key alone {what}.",
                key.span,
                "Write all choices in the same form.",
            )
            return


def _capital(key: Option, rest: Sequence[Option]) -> str | None:
    firsts = [_initial(option) for option in (key, *rest)]
    if any(first is None for first in firsts):
        return None
    upper = [bool(first and first[0].isupper()) for first in firsts]
    if upper[0] and not any(upper[1:]):
        word = (firsts[0] or "").lower()
        looks_named = len(key.prose.spelt) > 1 and any(w[0].isupper() for w in key.prose.spelt[1:])
        if key.prose.is_code or looks_named or _acronym(firsts[0] or "") or re.match(r"\w+['’]s?\b", key.prose.text):
            return None
        return "begins with a capital" if word else None
    if not upper[0] and all(upper[1:]):
        if all(_acronym(first or "") for first in firsts[1:]):
            return None
        return "begins with a small letter"
    return None


def _acronym(word: str) -> bool:
    return len(word) > 1 and any(c.isupper() or c.isdigit() for c in word[1:])


def _initial(option: Option) -> str | None:
    text = option.prose.text.lstrip("\"'“‘«(")
    match = re.match(r"[^\W\d_][\w'’-]*", text)
    return match[0] if match and match[0][1:2] != "-" else None


def _stop(key: Option, rest: Sequence[Option]) -> str | None:
    ends = [option.prose.text.rstrip().endswith((".", "!", ";")) for option in (key, *rest)]
    if any(not option.prose.words for option in (key, *rest)):
        return None
    if ends[0] and not any(ends[1:]):
        return None if re.search(r"\b(?:etc|inc|ltd|co|[A-Z])\.$", key.prose.text, re.I) else "ends in a full stop"
    if not ends[0] and all(ends[1:]):
        return "has no full stop"
    return None


def _code(key: Option, rest: Sequence[Option]) -> str | None:
    has = [bool(option.prose.kinds & {Code, CodeBlock}) for option in (key, *rest)]
    if has[0] and not any(has[1:]):
        return "is set as code"
    if not has[0] and all(option.prose.is_code for option in rest):
        return "is not set as code"
    return None


def _stress(key: Option, rest: Sequence[Option]) -> str | None:
    if key.prose.stressed and not any(option.prose.stressed for option in rest):
        return "has a word that is emphasised" if key.prose.stressed < key.prose.set else "is emphasised"
    return None


def _to(key: Option, rest: Sequence[Option]) -> str | None:
    begins = [option.prose.lower.startswith("to ") for option in (key, *rest)]
    if begins[0] and not any(begins[1:]):
        return "begins with `to`"
    if not begins[0] and all(begins[1:]):
        return "does not begin with `to`"
    return None


def _ing(key: Option, rest: Sequence[Option]) -> str | None:
    begins = [_gerund(option.prose) for option in (key, *rest)]
    several = [len(option.prose.words) > 1 for option in (key, *rest)]
    if not begins[0] and all(begins[1:]) and all(several):
        return "does not begin with a form in -ing"
    if begins[0] and not any(begins[1:]) and all(several):
        if key.prose.words[1] in _BEHIND_VERB or all(_verb_first(option.prose) for option in rest):
            return "begins with a form in -ing"
    return None


_BEHIND_VERB = frozenset("the a an its their all more less fewer each every it them no".split())


def _gerund(prose: Prose) -> bool:
    first = next((w for w in prose.words if not w.endswith("ly") and w != "not"), "")
    return len(first) > 5 and first.endswith("ing") and first not in ("nothing", "string", "spring", "during", "something", "everything", "anything")


def _verb_first(prose: Prose) -> bool:
    first = prose.words[0] if prose.words else ""
    if first in ("it", "they", "to", "by"):
        return True
    return first in VERBS or first in ASKING or (first + "s") in VERBS or (first + "es") in VERBS


