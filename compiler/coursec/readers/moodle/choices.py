"""Questions with choices, and judgements."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from coursec.model.items import Choice, Item, MultipleChoice, SingleChoice, TrueFalse
from coursec.model.text import RichText
from coursec.readers.moodle.question import Question
from coursec.readers.moodle.refused import RefusedError
from coursec.readers.moodle.shares import Tell, picked_once, picked_together
from coursec.readers.weights import near

_WORDS = ("true", "false")


def read_choice(question: Question) -> Item:
    """Return a choice question (rules 35, 36 and 38). Raises RefusedError."""
    source = question.source
    rows = [(node, share) for node, share in question.answers() if source.raw(node)]
    if len(rows) < 2:
        raise RefusedError("it has fewer than two choices")
    choices = [Choice(text=source.text(node), feedback=question.said(node)) for node, _ in rows]
    if not all(choice.text for choice in choices):
        raise RefusedError("one of its choices shows nothing that the language has")
    shares = [share for _, share in rows]
    choices, shares = _once(choices, shares, source.tell)
    fields: dict[str, Any] = {
        "shuffle": source.flag("shuffleanswers", default=False),
        "feedback": question.feedback(),
        **question.asked(),
    }
    if source.flag("single", default=True):
        return SingleChoice(choices=picked_once(choices, shares, source.tell), **fields)
    return MultipleChoice(choices=picked_together(choices, shares, source.tell), **fields)


def _once(
    choices: list[Choice], shares: list[Decimal], tell: Tell
) -> tuple[list[Choice], list[Decimal]]:
    """Return choices without wrong ones that stand there already."""
    kept: list[tuple[Choice, Decimal]] = []
    known: set[tuple[RichText, Decimal]] = set()
    for choice, share in zip(choices, shares, strict=True):
        if share <= 0 and (choice.text, share) in known:
            tell("W708", "A wrong choice stands twice: it is imported once.")
            continue
        known.add((choice.text, share))
        kept.append((choice, share))
    return [choice for choice, _ in kept], [share for _, share in kept]


def read_true_false(question: Question) -> Item:
    """Return a judgement. Raises RefusedError.

    Moodle knows the answers by `true` and `false`; by any other words the first is the true one.
    """
    source = question.source
    rows = [(source.raw(node), node, share) for node, share in question.answers()]
    if not rows:
        raise RefusedError("it says of neither answer that it is right")
    words = [word.lower() for word, _, _ in rows]
    known = all(word in _WORDS for word in words) and len(set(words)) == len(words)
    key = False
    said: dict[bool, RichText | None] = {}
    for number, (_, node, share) in enumerate(rows):
        stands_for = words[number] == "true" if known else number == 0
        said[stands_for] = question.said(node)
        key = stands_for is bool(near(share, 1))
    if not known:
        shown = " and ".join(f"`{word[:40]}`" for word, _, _ in rows[:2])
        source.tell("W708", f"The answers are {shown}: the first is taken for true, as in Moodle.")
    return TrueFalse(
        answer=key,
        feedback_true=said.get(True),
        feedback_false=said.get(False),
        feedback=question.general(),
        **question.asked(),
    )
