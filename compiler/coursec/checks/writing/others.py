"""Choices that speak of the other choices: all, none, some of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from coursec.checks.writing.view import Found, Option, View
from coursec.checks.writing.words import either
from coursec.model.text import OrderedList

_NOUN = either(
    """
    answers?|choices?|options?|statements?|alternatives?|responses?|items?|possibilities
    sentences|claims
    """
)
_CLAIM = r"(?:(?:are|is|were|apply|applies|hold|holds)\b.*|(?:correct|true|right|valid))"
_SAYS = rf"(?: {_NOUN})?(?: {_CLAIM})?"
_ANY = rf"(?: {_NOUN}| [a-z]+s)?(?: {_CLAIM})?"
_MANY = "(?: other| given| listed| above| two| three| four| five)*"
_BEFORE = either("above|foregoing|preceding|aforementioned|mentioned|listed|given")
_THESE = either("these|those|them")
_IN = r"(?:in |for |by |to |with |from |on |at |of |through )?"
_ALL = re.compile(
    _IN
    + either(
        rf"""
        (?:all|each|every one|everything|any|every)(?: (?:one )?of)?(?: the)? {_BEFORE}{_SAYS}
        (?:all|each|any|every one)(?: of)? {_THESE}{_ANY}
        (?:all|each|every)(?: of)?(?: the)?{_MANY} {_NOUN}(?: above| listed| given)?(?: {_CLAIM})?
        (?:they|these|those|the above|the others) (?:are|is) all\b.*
        all(?: two| three| four| five)? {_CLAIM}
        all (?:two|three|four|five)(?: of (?:them|these))?
        """
    )
)
_NONE = re.compile(
    _IN
    + either(
        rf"""
        (?:none|neither|nothing|not any|no one)(?: one)?(?: of)?(?: the)? {_BEFORE}{_ANY}
        (?:none|neither|not any)(?: of)? (?:{_THESE}|the other|the others|others){_ANY}
        (?:none|neither|not any)(?: of)?(?: the)?{_MANY} {_NOUN}(?: above| listed)?(?: {_CLAIM})?
        none {_CLAIM}
        (?:there is )?no (?:correct|right|valid|true) {_NOUN}(?: (?:is )?{_BEFORE}| here)?
        no {_NOUN}(?: above| listed| given)? {_CLAIM}
        (?:the )?(?:correct |right )?answer is not (?:listed|given|shown|here|among.*)
        not (?:listed|given)(?: here| above)?
        something else
        another answer
        """
    )
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
        and not re.search(
            r"\bhow many\b|\breturns?\b|\bprints?\b|\bvalue\b|\bpython\b", view.stem.lower
        )
    )


_LABEL = r"\(?(?:[a-h]|[ivx]{1,4}|[1-9])\)?"
_JOIN = r"(?:\s*,\s*(?:and |or |& )?|\s+and\s+|\s*&\s*|\s+or\s+|\s*\+\s*|\s+nor\s+|\s*/\s*)"
_LEAD = either(
    """
    both|either|neither|only|just|all of|answers?|choices?|options?|statements?|items?|numbers?
    nos?\\.?|sentences?
    """
)
_TAIL = either(
    rf"""
    only|both|alone|together|are (?:both )?(?:correct|true|right|valid)
    is (?:correct|true|right)|but not {_LABEL}
    """
)
_LABELLED = re.compile(
    rf"(?P<lead>{_LEAD} )*(?P<labels>{_LABEL}(?:{_JOIN}{_LABEL})*)(?P<tail>,? {_TAIL})*"
)
_PLACE = either("first|second|third|fourth|last")
_END = rf"(?: {_NOUN})?(?: (?:only|above|are .*))?"
_SEVERAL = either("two|more than one|several|some|a combination|any two")
_OTHERS = re.compile(
    either(
        rf"""
        (?:both|either|neither)(?: of)?(?: the)?(?: above| {_THESE}| two| others?)*{_SAYS}
        (?:any |only |both )?(?:the )?{_PLACE} and (?:the )?{_PLACE}{_END}
        (?:any |only |both )?(?:of )?(?:the )?(?:first|last) (?:two|three){_END}
        {_SEVERAL} of (?:the (?:above|others?)|{_THESE}){_SAYS}
        """
    )
)


def combined_choice(view: View) -> Iterator[Found]:
    """A choice that names others is answered by knowing one of them."""
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


def special_key(view: View) -> bool:
    """Tell whether a key speaks of the other choices: its form says nothing then."""
    return view.english and any(map(says_of_others, view.keys))


def says_of_others(option: Option) -> bool:
    """Tell whether a choice speaks of the other choices and of nothing else."""
    norm = option.prose.norm
    if any(form.fullmatch(norm) for form in (_ALL, _NONE, _OTHERS)):
        return True
    match = _LABELLED.fullmatch(norm)
    return bool((match and match[0] != match["labels"]) or (match and " " in match["labels"]))
