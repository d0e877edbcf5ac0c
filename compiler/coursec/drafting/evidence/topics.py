"""From a request in prose to topics, by rule."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from coursec.drafting.evidence.words import TOKEN, terms

Topics = Callable[[str], Sequence[str]]
"""Turns a request into topics: the rules here, or a model."""

_THING = (
    r"quiz(?:zes)?|tests?|exams?|examination|assignments?|questions?|items?|homework|exercises?|"
    r"problem sets?|worksheets?|mcqs?|assessment|prüfung|aufgaben|fragen|examen|cuestionario"
)
_INSTRUCTION = re.compile(
    r"^\s*(?:please\s+|could you\s+|can you\s+|i (?:want|need)\s+)*"
    r"(?:generate|make|create|write|draft|prepare|give me|design|build|produce|compose|develop|"
    r"set|erstelle|schreibe|crea|genera|crée|génère)?\s*"
    rf"(?:(?:an?|the|some|me|\d+|\w+-\w+|short|long|hard|easy|multiple|choice|eine?n?)\s+)*"
    rf"(?:something|{_THING})\b\s*(?:that|which|to)?\s*",
    re.IGNORECASE,
)
_ON = re.compile(
    r"^\s*(?:(?:covers?|covering|on|about|over|for|regarding|tests?|testing|explores?|exploring|"
    r"examin(?:es?|ing)|assess(?:es|ing)?|over|around|über|zu|sur|sobre)\s+)+",
    re.IGNORECASE,
)
_SPECIFIC = re.compile(
    r",?\s*\b(?:specifically|namely|especially|in particular|such as|particularly|nämlich)\b:?\s*",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"\s*[,;]?\s+\b(?:using|by means of|by (?=\w+ing)|with the help of|with a focus on|"
    r"focuss?ing on|including|testing|mittels)\b\s*",
    re.IGNORECASE,
)
_LIST = re.compile(r"\s*[,;]\s*(?:and|or|und|et|y)?\s*|\s+(?:and|or|&|und|oder|et|y)\s+")
_JOINS = frozenset("and or und oder et y".split())
_MEANS = re.compile(r"^\s*\w+ing\s+(?:it|them|this|that)\b", re.IGNORECASE)
_REFERS_BACK = re.compile(r"^\s*(?:their|its|his|her|ihre?|sein|leur|su)\b", re.IGNORECASE)
_ABOUT = re.compile(r"^\s*(?:their|its|the|an?)\s+", re.IGNORECASE)
_RELATION = re.compile(r"\b(?:to|into|from|of|between|with)\b", re.IGNORECASE)


def topics_by_rule(request: str) -> tuple[str, ...]:
    """Return the topics that a request names.

    Instructions are taken off; what stands behind `specifically`, and a list behind a colon,
    replace what is before them; lists become a topic each; clauses such as `using …` are topics of
    their own, but for those that refer to the topics before them.
    """
    text = " ".join(request.split()).rstrip(".!? ")
    text = _ON.sub("", _INSTRUCTION.sub("", text, count=1))
    parts = _SPECIFIC.split(text)
    if len(parts) > 1 and terms(parts[-1]):
        text = parts[-1]
    _, colon, rest = text.partition(": ")
    if colon and len(_listed(rest)) > 1:
        text = rest  # what stands before it is what the list is of
    found: list[str] = []
    for clause in _CLAUSE.split(text):
        if found and (_REFERS_BACK.match(clause) or _MEANS.match(clause)):
            continue  # it says how the topics before are to be asked, and names none
        if clause and terms(clause):
            found.extend(_listed(clause))
    return tuple(dict.fromkeys(t for t in map(_trimmed, found) if terms(t)))


def is_list(request: str) -> bool:
    """Tell whether a request is nothing but topics, so that nobody needs to look for them."""
    topics = " ".join(topics_by_rule(request))
    rest = {word.casefold() for word in TOKEN.findall(request)}
    rest -= {word.casefold() for word in TOKEN.findall(topics)}
    return rest <= _JOINS


def _listed(clause: str) -> list[str]:
    """Return the entries of a list; a phrase that relates two things stays whole."""
    parts = [part for part in _LIST.split(clause) if part and terms(part)]
    if len(parts) < 2:
        return [clause]
    if any(len(terms(part)) > 3 or _RELATION.search(part) for part in parts):
        return [clause] if len(terms(clause)) <= 8 else parts
    return parts


def _trimmed(topic: str) -> str:
    return _ABOUT.sub("", _ON.sub("", topic.strip(" ,;:.")))
