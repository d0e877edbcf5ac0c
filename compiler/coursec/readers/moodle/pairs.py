"""Matching and ordering."""

from __future__ import annotations

from coursec.model.items import Item, Matching, Ordering, Pair
from coursec.model.text import RichText
from coursec.readers.moodle.question import Question
from coursec.readers.moodle.refused import RefusedError
from coursec.readers.moodle.source import menu

_ABSOLUTE = frozenset(("ABSOLUTE_POSITION", "ABSOLUTE", "ABS"))
_ALL = frozenset(("ALL", "EXACT"))
_SMALLEST_DRAW = 2
_USUAL_DRAW = 6
"""Entries that Moodle shows where nothing is said."""


def read_matching(question: Question) -> Item:
    """Return a matching: an empty premise makes a distractor (rule 42). Raises RefusedError."""
    source = question.source
    pairs: list[Pair] = []
    others: dict[RichText, None] = {}
    for node in question.node.iterfind("subquestion"):
        answer = node.find("answer")
        response = menu(source.raw(answer))
        premise = source.text(node)
        if premise and response:
            pairs.append(Pair(premise=premise, response=response))
        elif response:
            others[response] = None
        elif premise:
            source.tell("W707", "A premise without a response is left out.")
    if len(pairs) < 2:
        raise RefusedError("it has fewer than two pairs")
    for pair in pairs:
        others.pop(pair.response, None)
    return Matching(
        pairs=tuple(pairs),
        distractors=tuple(others),
        shuffle=source.flag("shuffleanswers", default=True),
        feedback=question.feedback(),
        **question.asked(),
    )


def read_ordering(question: Question) -> Item:
    """Return an ordering (rules 44 and 58). Raises RefusedError."""
    source = question.source
    entries = []
    for node in question.node.iterfind("answer"):
        if entry := source.text(node):
            entries.append(entry)
        if source.raw(node.find("feedback")):
            source.tell("W707", "Feedback on an entry is left out.")
    if len(entries) < 2:
        raise RefusedError("it has fewer than two entries")
    if source.value("gradingtype").upper() not in _ABSOLUTE:
        source.tell("W708", "Each entry is marked by its place: in Moodle it is otherwise.")
    shown = _shown(question)
    if shown < len(entries):
        message = f"All {len(entries)} entries are put in order: in Moodle {shown} of them."
        source.tell("W708", message)
    return Ordering(
        sequence=tuple(entries), shuffle=True, feedback=question.feedback(), **question.asked()
    )


def _shown(question: Question) -> int:
    """Return how many entries a student sees at most."""
    source = question.source
    names = ("selecttype", "selectcount")
    if question.node.find(names[0]) is None:
        names = ("logical", "studentsee")  # as older files call them
    if source.value(names[0]).upper() in _ALL:
        return len(question.node.findall("answer"))
    count = source.whole(names[1]) if source.value(names[1]) else _USUAL_DRAW
    return max(count or 0, _SMALLEST_DRAW)
