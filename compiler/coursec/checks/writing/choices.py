"""Rules over the choices of a question."""

from __future__ import annotations

import re
from collections.abc import Iterator

from coursec.checks.writing.numbers import number_of
from coursec.checks.writing.view import Found, Option, View
from coursec.checks.writing.words import FILLERS, FUNCTION, JOKE_NAMES, JOKES, VERBS
from coursec.model.items import SingleChoice
from coursec.model.text import Code, CodeBlock, Image, Math, OrderedList

_NOUN = r"(?:answers?|choices?|options?|statements?|alternatives?|responses?|items?|possibilities|sentences|claims)"
_CLAIM = r"(?:(?:are|is|were|apply|applies|hold|holds)\b.*|(?:correct|true|right|valid))"
_IN = r"(?:in |for |by |to |with |from |on |at |of |through )?"
_ALL = re.compile(
    rf"{_IN}(?:all|each|every one|everything|any|every)(?: (?:one )?of)?(?: the)? (?:above|foregoing|preceding"
    rf"|aforementioned|mentioned|listed|given)(?: {_NOUN})?(?: {_CLAIM})?"
    rf"|(?:all|each|any|every one)(?: of)? (?:these|those|them)(?: {_NOUN}| [a-z]+s)?(?: {_CLAIM})?"
    rf"|(?:all|each|every)(?: of)?(?: the)?(?: other| given| listed| above| two| three| four| five)*(?: {_NOUN})(?: above| listed| given)?(?: {_CLAIM})?"
    rf"|(?:they|these|those|the above|the others) (?:are|is) all\b.*|all(?: two| three| four| five)? {_CLAIM}|all (?:two|three|four|five)(?: of (?:them|these))?"
)
_NONE = re.compile(
    rf"{_IN}(?:none|neither|nothing|not any|no one)(?: one)?(?: of)?(?: the)? (?:above|foregoing|preceding|mentioned|listed|given)(?: {_NOUN}| [a-z]+s)?(?: {_CLAIM})?"
    rf"|(?:none|neither|not any)(?: of)? (?:these|those|them|the other|the others|others)(?: {_NOUN}| [a-z]+s)?(?: {_CLAIM})?"
    rf"|(?:none|neither|not any)(?: of)?(?: the)?(?: other| given| listed| two| three| four| five)*(?: {_NOUN})(?: above| listed| given)?(?: {_CLAIM})?"
    rf"|none {_CLAIM}|(?:there is )?no (?:correct|right|valid|true) {_NOUN}(?: (?:is )?(?:given|listed|shown|above|here))?"
    rf"|no {_NOUN}(?: above| listed| given)? {_CLAIM}|(?:the )?(?:correct |right )?answer is not (?:listed|given|shown|here|among.*)"
    rf"|not (?:listed|given)(?: here| above)?|something else|another answer"
)


def all_of_the_above(view: View) -> Iterator[Found]:
    """Who sees two right choices knows the key; who sees one wrong one rules it out."""
    for option in view.choices:
        if _ALL.fullmatch(option.prose.norm):
            yield Found(
                f"{option.shown} is a choice.",
                option.span,
                "Write a choice of its own, or make it a multiple choice with several right ones.",
            )


def none_of_the_above(view: View) -> Iterator[Found]:
    """Who picks it shows only that the others are known to be wrong."""
    for option in view.choices:
        norm = option.prose.norm
        if _NONE.fullmatch(norm) or (norm == "none" and _picks(view)):
            yield Found(
                f"{option.shown} is a choice.",
                option.span,
                "Write a choice of its own, or leave it out: three choices are enough.",
            )


def _picks(view: View) -> bool:
    """Tell whether a stem asks which of the choices, so that a bare `None` speaks of them."""
    return bool(
        re.search(r"\bwhich (?:of|one)\b", view.stem.lower)
        and not view.stem.codes
        and not re.search(r"\bhow many\b|\breturns?\b|\bprints?\b|\bvalue\b|\bpython\b", view.stem.lower)
    )


_LABEL = r"\(?(?:[a-h]|[ivx]{1,4}|[1-9])\)?"
_JOIN = r"(?:\s*,\s*(?:and |or |& )?|\s+and\s+|\s*&\s*|\s+or\s+|\s*\+\s*|\s+nor\s+|\s*/\s*)"
_LABELLED = re.compile(
    rf"(?P<lead>(?:both|either|neither|only|just|all of|answers?|choices?|options?|statements?|items?|numbers?|nos?\.?|sentences?) )*"
    rf"(?P<labels>{_LABEL}(?:{_JOIN}{_LABEL})*)(?P<tail>,? (?:only|both|alone|together|are (?:both )?(?:correct|true|right|valid)|is (?:correct|true|right)|but not {_LABEL}))*"
)
_OTHERS = re.compile(
    rf"(?:both|either|neither)(?: of)?(?: the)?(?: above| these| those| them| two| other| others| first two| last two)*(?: {_NOUN})?(?: {_CLAIM})?"
    rf"|(?:any|only|both)? ?(?:the )?(?:first|second|third|last|fourth) (?:and (?:the )?(?:second|third|fourth|last)|two|three)(?: {_NOUN})?(?: (?:only|above|are .*))?"
    rf"|(?:two|more than one|several|some|a combination|any two) of (?:the (?:above|others?)|these|those|them)(?: {_NOUN})?(?: {_CLAIM})?"
)


def combined_choice(view: View) -> Iterator[Found]:
    """A choice that names others is answered by knowing one of them."""
    stem = view.stem
    for option in view.choices:
        norm = " ".join(option.prose.lower.split()).strip(" .;:!\"“”'")
        if not norm or option.prose.codes:
            continue
        match = _LABELLED.fullmatch(norm)
        if (match and _names_choices(match, option, view)) or (
            _OTHERS.fullmatch(norm) and len(view.choices) > 2
        ):
            yield Found(
                f"The choice {option.shown} names other choices or statements.",
                option.span,
                "Ask about each of them by itself, or make it a multiple choice.",
            )


def _names_choices(match: re.Match[str], option: Option, view: View) -> bool:
    labels = re.findall(r"[a-z0-9]+", re.sub(r"\b(?:and|or|nor)\b", " ", match["labels"]))
    if len(set(labels)) < len(labels) or len(labels) > 4:
        return False
    marked = bool(match["lead"] or match["tail"])
    stem = view.stem
    if labels[0].isdigit():
        listed = OrderedList in stem.kinds or bool(
            re.search(r"(?:^|\s|\()1[.):]\s.*(?:\s|\()2[.):]\s", stem.text, re.S)
        )
        if re.search(r"\bonly\b|\bboth\b|statement|option|choice|answer|sentence|item", match[0]):
            return len(labels) > 1 or listed
        return len(labels) > 1 and listed
    roman = all(re.fullmatch(r"[ivx]+", label) for label in labels)
    if roman and (len(labels) > 1 or marked):
        return bool(marked or len(labels) > 1)
    written = option.prose.text
    single = [label for label in labels if len(label) == 1]
    if len(single) != len(labels) or not all(
        re.search(rf"\b{label.upper()}\b|\({label}\)|\b{label}\)", written) for label in labels
    ):
        return False
    if len(labels) == 1:
        return bool(re.search(r"option|choice|answer|statement", match["lead"] or ""))
    others = {o.prose.norm for o in view.choices if o is not option}
    # The letters are things of the stem (events, vitamins, vertices), unless it lists them.
    named = all(re.search(rf"(?<![\w(]){label.upper()}\b(?![.):])", stem.text) for label in labels)
    if named and not re.search(r"\b(?:statements?|claims?|sentences?|options?)\b", stem.lower):
        return False
    return not all(label in others for label in labels)


def says_of_others(option: Option) -> bool:
    """Tell whether a choice speaks of the other choices and of nothing else."""
    norm = option.prose.norm
    if any(form.fullmatch(norm) for form in (_ALL, _NONE, _OTHERS)):
        return True
    match = _LABELLED.fullmatch(norm)
    return bool(match and match[0] != match["labels"] or match and " " in match["labels"])


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
        _bare(part) for part in re.split(r",? (?:and/or|or|and|as well as) |\s*/\s*|, ", norm) if part
    ]


def _bare(text: str) -> str:
    text = re.sub(r"^(?:both|either|only|just) ", "", text.strip(" .,;:"))
    return re.sub(r"^(?:an?|the) ", "", text)


_TIE = re.compile(r",? (?:and|or|with|in|by|during|when|at|for|on|within|after|while|of|to|from|as)\b|,")


def overlapping_choices(view: View) -> Iterator[Found]:
    """Where one choice includes another, whoever picks the other can defend it."""
    if not isinstance(view.item, SingleChoice):
        return
    options = [o for o in view.choices if not o.prose.kinds & {CodeBlock, Image}]
    bare = [_bare(" ".join(o.prose.whole.lower().split())) for o in options]
    for i, option in enumerate(options):
        parts = _parts(bare[i]) if _JOINED.search(bare[i]) else []
        for j, other in enumerate(options):
            if i == j or not bare[j]:
                continue
            if len(parts) > 1 and bare[j] in parts and not _LABELLED.fullmatch(bare[j]):
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
            if _LABELLED.fullmatch(option.prose.norm):
                continue
            yield Found(
                f"The choice {option.shown} {what} {other.shown}: both can be defended.",
                option.span,
                "Make the choices exclude each other.",
            )
            return


def _is_kind_of(longer: str, shorter: str) -> bool:
    """Tell whether a noun phrase has another as its head: a binary tree is a tree."""
    if not longer.endswith((" " + shorter, "-" + shorter)) or not re.fullmatch(r"[a-z][a-z -]+", longer):
        return False
    added = longer[: -len(shorter)].replace("-", " ").split()
    if len(added) > 2 or len(shorter.split()) > 3 or len(shorter) < 4:
        return False
    if not FUNCTION.isdisjoint(shorter.split()):
        return False
    return not any(
        w in ("not", "no", "non", "anti", "never", "without", "less", "more", "of", "in", "to", "for", "half", "zero", "reverse", "pseudo", "from", "by", "with", "on", "per", "inverse", "only", "semi", "quasi", "double", "twice", "minus", "negative")
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
_MINE = frozenset(("me", "my", "mine"))
_PERSONAL = _MINE | {"i", "i'm", "i've", "i'll", "we", "our", "us"}
_IGNORANT = re.compile(
    r"(?:i )?(?:really )?(?:don't|do not|didn't|did not|have no) (?:know|idea|care|study|understand)\b.*"
    r"|(?:i have )?no idea.*|who knows.*|who cares.*|not sure|i'm not sure|i am not sure|no clue"
    r"|idk|whatever.*|something else entirely|because (?:i|my teacher|the teacher|the professor) .*"
    r"|ask (?:the|your) .*|just because|it just (?:does|is|works)|.*\b(?:lol|haha+|lmao|whatever)\b.*"
)


def implausible_distractor(view: View) -> Iterator[Found]:
    """A distractor that nobody picks makes the question easier and takes time to read."""
    if len(view.choices) < 2:
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
        if len(prose.words) > 2 and prose.set & _MINE and rest.isdisjoint(_PERSONAL):
            if all(o.prose.set.isdisjoint(_PERSONAL) for o in others):
                joke |= prose.set & _MINE
        if (filler and not all(_short(o) for o in others)) or joke:
            if not (filler and any(bare in o.prose.whole.lower() for o in others if len(bare) > 2)):
                yield Found(f"Nobody will pick {option.shown}.", option.span, hint)
                continue
        if len(others) > 1 and len(prose.words) == 1 and not any(c.isdigit() for c in norm):
            if all(len(o.prose.words) >= 5 for o in others):
                yield Found(
                    f"The choice {option.shown} is one word beside sentences: nobody will pick it.",
                    option.span,
                    hint,
                )


def _short(option: Option) -> bool:
    """Tell whether a choice is so short that fillers beside it may be meant: names, letters."""
    return len(option.prose.whole) <= 3 or option.prose.norm in FILLERS


def mixed_kinds(view: View) -> Iterator[Found]:
    """A choice of another kind stands out, whatever it says."""
    if len(view.choices) < 3:
        return
    kinds = [
        _kind(option)
        for option in view.choices
        if not says_of_others(option)
    ]
    found = set(kinds) - {"math"}
    if "code" in found and found & {"word", "sentence"}:
        what = "code and words"
    elif "number" in found and "sentence" in found:
        what = "numbers and sentences"
    elif "number" in found and "word" in found:
        what = "numbers and words"
    else:
        return
    yield Found(
        f"The choices mix {what}.", view.choices[0].span, "Write all choices in one form."
    )


def _kind(option: Option) -> str:
    prose = option.prose
    if prose.is_code:
        return "math" if not prose.kinds & {Code, CodeBlock} else "code"
    if prose.kinds & {Math, Code, CodeBlock, Image}:
        return "math"
    if number_of(prose.whole) is not None or re.match(r"[-+~≈<>≤≥]?\s*[$€£]?\d", prose.text):
        return "number"
    if len(prose.words) >= 5 or prose.text.rstrip().endswith("."):
        return "sentence"
    return "word"


