"""Rules over what grammar and form give away."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from coursec.checks.writing.numbers import number_of
from coursec.checks.writing.others import says_of_others, special_key
from coursec.checks.writing.view import OBJECT, Found, Option, Prose, View
from coursec.checks.writing.words import ASKING, FUNCTION, VERBS, either
from coursec.model.items import SingleChoice
from coursec.model.text import Code, CodeBlock

_VOWEL_SOUND = re.compile(
    r"^(?:hour|honest|honou?r|heir|[aeio]|u(?!n(?:i(?![nm])|an)|s[aeiu]|r[aeiou]|t[aeiou]|biq|k))"
)
_CONSONANT_SOUND = re.compile(
    r"^(?:eu|ewe|one\b|once\b|u(?:n(?:i(?![nm])|an)|s[aeiu]|r[aeiou]|t[aeiou]|biq|k))"
)


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
    match = re.search(
        r"(?<![/(])\b(an?)\s*(?:_{2,}|\.{2,}|…|:|\[\s*\])*\s*[.?:]?\s*$", view.stem.lower
    )
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
_SINGULAR_S = re.compile(
    either(
        """
        ss|us|is|ics|ous|news|lens|gas|bias|canvas|atlas|process|series|means|diabetes|yes|mars
        paris|james|alias|texas|kansas|arkansas|venus|herpes|rabies|measles|chaos|cosmos|pancreas
        christmas|hercules|achilles|athens|brussels|naples|ross|ethos|pathos|logos|corps|species
        """
    )
    + "$"
)


def _is_plural(prose: Prose) -> bool | None:
    """Tell whether a choice is a plural; None where it is no short noun phrase."""
    words = prose.words
    if (
        not words
        or len(words) > 10
        or prose.codes
        or set(words)
        & (
            VERBS
            - {
                "means",
                "uses",
                "results",
                "works",
                "forms",
                "shows",
                "changes",
                "causes",
                "needs",
                "measures",
                "stores",
                "returns",
                "states",
                "claims",
                "marks",
                "maps",
                "moves",
                "falls",
                "acts",
                "plays",
            }
        )
    ):
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
    if last in _PLURALS or head[0] in (
        "two",
        "three",
        "many",
        "several",
        "these",
        "those",
        "all",
        "both",
    ):
        return True
    return last.endswith("s") and len(last) > 3 and not _SINGULAR_S.search(last)


_COUNT = re.compile(
    r"\b(?:which|what|name|the|these|following|are) (?:the )?(?:\w+ )?(two|three|pair of|both)\b"
)


def number_cue(view: View) -> Iterator[Found]:
    """A plural in the stem that only the key follows is a key by grammar."""
    if not isinstance(view.item, SingleChoice) or len(view.keys) != 1 or len(view.distractors) < 2:
        return
    text = view.stem.lower.strip(" .:_…?")
    key, rest = view.keys[0].prose, [o.prose for o in view.distractors]
    if count := _COUNT.search(text):
        many = [bool(re.search(r"\band\b|&|,|\bboth\b", p.lower)) for p in (key, *rest)]
        if many[0] and not any(many[1:]):
            yield _number_found(view, count[1])
            return
    asked = re.search(r"\b(?:which|what) ((?:\w+ )?\w+)", text)
    if re.search(r"\b(?:are|were)$", text) or (asked and _asks_several(asked[1])):
        wants, word = True, "plural"
    elif (
        re.search(r"\b(?:is|was)(?: an?)?$", text)
        or re.search(r"\ban?$", text)
        or re.match(r"(?:which|what) (?:(?!does|do|did|are|were)\w+ ){0,3}(?:is|was|has)\b", text)
    ):
        wants, word = False, "singular"
    else:
        return
    agrees = [_is_plural(p) for p in (key, *rest)]
    if agrees[0] is wants and all(a is (not wants) for a in agrees[1:]):
        yield _number_found(view, word)


def _asks_several(words: str) -> bool:
    """Tell whether the words behind `which` are a plural, as in `which elements react`."""
    first, _, second = words.partition(" ")
    if first in ("are", "were", "two", "three"):
        return True
    for word, after in ((first, second), (second, "")):
        noun = word not in VERBS or after in VERBS or after.endswith("ed")
        if word in _PLURALS or (
            len(word) > 3 and word.endswith("s") and not _SINGULAR_S.search(word) and noun
        ):
            return not after.endswith("s") or (after in VERBS and after in ("was", "has"))
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
    if len(view.keys) != 1 or len(view.distractors) < 2 or special_key(view):
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
        if (
            key.prose.is_code
            or looks_named
            or _acronym(firsts[0] or "")
            or re.match(r"\w+['’]s?\b", key.prose.text)
        ):
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
        return (
            None
            if re.search(r"\b(?:etc|inc|ltd|co|[A-Z])\.$", key.prose.text, re.I)
            else "ends in a full stop"
        )
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
        return (
            "has a word that is emphasised"
            if key.prose.stressed < key.prose.set
            else "is emphasised"
        )
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
    alone = begins[0] and not any(begins[1:]) and all(several)
    if alone and (
        key.prose.words[1] in _BEHIND_VERB or all(_verb_first(option.prose) for option in rest)
    ):
        return "begins with a form in -ing"
    return None


_BEHIND_VERB = frozenset("the a an its their all more less fewer each every it them no".split())


def _gerund(prose: Prose) -> bool:
    first = next((w for w in prose.words if not w.endswith("ly") and w != "not"), "")
    return (
        len(first) > 5
        and first.endswith("ing")
        and first
        not in ("nothing", "string", "spring", "during", "something", "everything", "anything")
    )


def _verb_first(prose: Prose) -> bool:
    first = prose.words[0] if prose.words else ""
    if first in ("it", "they", "to", "by"):
        return True
    return first in VERBS or first in ASKING or (first + "s") in VERBS or (first + "es") in VERBS
