"""Rules over the choices of a question."""

from __future__ import annotations

import re
from collections.abc import Iterator

from coursec.checks.writing.numbers import number_of
from coursec.checks.writing.others import says_of_others
from coursec.checks.writing.view import Found, Option, Prose, View
from coursec.checks.writing.words import FILLERS, FUNCTION, JOKE_NAMES, JOKES, VERBS, either
from coursec.model.items import SingleChoice
from coursec.model.text import Code, CodeBlock, Image, Math

MANY = 60
"""Choices beyond which each is not compared with every other."""

_TRUTH = frozenset(("true", "false", "yes", "no"))


def true_false_choice(view: View) -> Iterator[Found]:
    """True and false leave no room for a third choice."""
    if len(view.choices) < 3:
        return
    value = bool(view.stem.codes) or bool(
        re.search(r"\b(?:evaluates?|prints?|returns?|boolean)\b", view.stem.lower)
    )
    for option in view.choices:
        if value and option.prose.norm in ("true", "false"):
            continue
        if option.prose.norm in _TRUTH and not option.prose.codes:
            yield Found(
                f"{option.shown} stands among {len(view.choices)} choices.",
                option.span,
                "Make it a true/false item, or write choices that answer the stem.",
            )
            return


_JOINED = re.compile(r"(?<! if) and| or |/|, ")


def _parts(norm: str) -> list[str]:
    return [
        _bare(part)
        for part in re.split(r",? (?:and/or|or|and|as well as) |\s*/\s*|, ", norm)
        if part
    ]


def _bare(text: str) -> str:
    text = re.sub(r"^(?:both|either|only|just) ", "", text.strip(" .,;:"))
    return re.sub(r"^(?:an?|the) ", "", text)


_TIE = re.compile(
    r",? (?:and|or|with|in|by|during|when|at|for|on|within|after|while|of|to|from|as)\b|,"
)


def overlapping_choices(view: View) -> Iterator[Found]:
    """Where one choice includes another, whoever picks the other can defend it."""
    if not isinstance(view.item, SingleChoice):
        return
    options = [o for o in view.choices[:MANY] if not o.prose.kinds & {CodeBlock, Image}]
    bare = [_bare(" ".join(o.prose.whole.lower().split())) for o in options]
    for i, option in enumerate(options):
        joined = not option.prose.codes and _JOINED.search(bare[i])
        parts = _parts(bare[i]) if joined else []
        for j, other in enumerate(options):
            if i == j or not bare[j]:
                continue
            if len(parts) > 1 and bare[j] in parts and not says_of_others(other):
                what = "includes"
            elif bare[i] == bare[j]:
                if i < j or "\n" in option.prose.text + other.prose.text:
                    continue
                what = "says the same as"
            elif (option.correct or other.correct) and _is_kind_of(bare[i], bare[j]):
                what = "is a kind of"
            elif option.correct and _says_more(bare[i], bare[j]):
                what = "includes"
            else:
                continue
            if says_of_others(option):
                continue
            yield Found(
                f"The choice {option.shown} {what} {other.shown}: both can be defended.",
                option.span,
                "Make the choices exclude each other.",
            )
            return


def _is_kind_of(longer: str, shorter: str) -> bool:
    """Tell whether a noun phrase has another as its head: a binary tree is a tree."""
    if not longer.endswith((" " + shorter, "-" + shorter)) or not re.fullmatch(
        r"[a-z][a-z -]+", longer
    ):
        return False
    added = longer[: -len(shorter)].replace("-", " ").split()
    if len(added) > 2 or len(shorter.split()) > 3 or len(shorter) < 4:
        return False
    if not FUNCTION.isdisjoint(shorter.split()):
        return False
    return not any(
        w
        in (
            "not",
            "no",
            "non",
            "anti",
            "never",
            "without",
            "less",
            "more",
            "of",
            "in",
            "to",
            "for",
            "half",
            "zero",
            "reverse",
            "pseudo",
            "from",
            "by",
            "with",
            "on",
            "per",
            "inverse",
            "only",
            "semi",
            "quasi",
            "double",
            "twice",
            "minus",
            "negative",
        )
        or w in VERBS
        for w in added
    )


def _says_more(longer: str, shorter: str) -> bool:
    """Tell whether a sentence goes on where another ends: if it holds, so does the other."""
    if not longer.startswith(shorter + " ") and not longer.startswith(shorter + ","):
        return False
    rest = longer[len(shorter) :]
    if len(shorter.split()) < 3:
        return bool(re.fullmatch(r" [a-z]{3,}ly", rest))
    return bool(_TIE.match(rest) or re.fullmatch(r" [a-z]{3,}ly", rest))


def choice_count(view: View) -> Iterator[Found]:
    """Two choices are a coin; more than five hold distractors that nobody picks."""
    if not isinstance(view.item, SingleChoice):
        return
    count = len(view.choices)
    if 3 <= count <= 5:
        return
    hint = (
        "Add a distractor that a typical mistake leads to, or make it a true/false item."
        if count < 3
        else "Keep the distractors that students pick; three choices are enough."
    )
    yield Found(f"The question has {count} choices.", view.place, hint)


_MASHED = re.compile(r"qwert\w*|asdf\w*|yxcv\w*|zxcv\w*|hjkl\w*|jkl\w*|[b-df-hj-np-tv-xz]{6,}")
_PERSONAL = frozenset("me my mine i i'm i've i'll".split())
_IGNORANT = re.compile(
    either(
        r"""
        (?:i )?(?:really )?(?:don't|do not|did not|didn't) (?:know|care|study|understand)\b.*
        (?:i )?(?:really )?have no (?:idea|clue)\b.*
        (?:i have )?no idea.*|who knows.*|who cares.*|not sure|i'm not sure|i am not sure|no clue
        idk|whatever.*|something else entirely|because (?:i|my teacher|the teacher|the professor) .*
        ask (?:the|your) .*|just because|it just (?:does|is|works)
        .*\b(?:lol|haha+|lmao|whatever)\b.*
        """
    )
)


def implausible_distractor(view: View) -> Iterator[Found]:
    """A distractor that nobody picks makes the question easier and takes time to read."""
    if not 1 < len(view.choices) <= MANY:
        return
    rest = view.stem.set
    for option in view.distractors:
        prose = option.prose
        if prose.kinds - {Code}:
            continue
        norm = prose.whole.lower().strip()
        bare = norm.strip(" .!\"'")
        others = [o for o in view.choices if o is not option]
        hint = "Write what a student who holds a typical misconception would answer."
        filler = (
            norm in FILLERS
            or _IGNORANT.fullmatch(prose.norm)
            or _MASHED.fullmatch(bare)
            or (bool(bare) and all(word in FILLERS for word in bare.split()))
        )
        joke = {
            w
            for w in prose.set & JOKES
            if w not in rest
            and not any(w in o.prose.set for o in others)
            and (w in prose.spelt or prose.words[0] == w or w in JOKE_NAMES)
        }
        if _is_personal(prose) and not any(
            map(_is_personal, (view.stem, *(o.prose for o in others)))
        ):
            joke.add("my")
        meant = all(map(_short, others)) or (
            len(bare) > 2 and any(bare in o.prose.whole.lower() for o in others)
        )
        if joke or (filler and not meant):
            yield Found(f"Nobody will pick {option.shown}.", option.span, hint)
        elif (
            len(others) > 1
            and len(prose.words) == 1
            and not any(c.isdigit() for c in norm)
            and all(len(o.prose.words) >= 5 for o in others)
        ):
            yield Found(
                f"The choice {option.shown} is one word beside sentences: nobody will pick it.",
                option.span,
                hint,
            )


def _is_personal(prose: Prose) -> bool:
    """Tell whether a text speaks of its author: in a distractor alone that is a joke."""
    if len(prose.words) < 3 or prose.set.isdisjoint(_PERSONAL):
        return False
    bare = _QUOTED.sub(" ", prose.lower)
    return not _PERSONAL.isdisjoint(re.findall(r"[a-z']+", bare))


_QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”|‘[^’]*’")


def _short(option: Option) -> bool:
    """Tell whether a choice is so short that fillers beside it may be meant: names, letters."""
    return len(option.prose.whole) <= 3 or option.prose.norm in FILLERS


def mixed_kinds(view: View) -> Iterator[Found]:
    """A choice of another kind stands out, whatever it says."""
    if len(view.choices) < 3:
        return
    kinds = [_kind(option) for option in view.choices if not says_of_others(option)]
    found = set(kinds) - {"math"}
    if "code" in found and found & {"word", "sentence"}:
        what = "code and words"
    elif "number" in found and "sentence" in found:
        what = "numbers and sentences"
    elif "number" in found and "word" in found:
        what = "numbers and words"
    else:
        return
    yield Found(f"The choices mix {what}.", view.choices[0].span, "Write all choices in one form.")


_DIGITS = re.compile(r"[-+~≈<>≤≥]?\s*[$€£]?\d[\d.,]*(?!\w)")


def _kind(option: Option) -> str:
    prose = option.prose
    if prose.is_code:
        return "math" if not prose.kinds & {Code, CodeBlock} else "code"
    if prose.kinds & {Math, Code, CodeBlock, Image}:
        return "math"
    if re.match(r"\d+[^\W\d]{4,}", prose.text):
        return "word"  # a name that begins with a digit
    if number_of(prose.whole) is not None or _DIGITS.match(prose.text):
        return "number"
    if len(prose.words) >= 5 or prose.text.rstrip().endswith("."):
        return "sentence"
    return "word"
