"""Choice questions: what each choice earns is found by choosing it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from typing import Any, Final

from coursec.model.items import ONE, Choice, Item, MultipleChoice, Scoring, SingleChoice, TrueFalse
from coursec.model.text import RichText, plain
from coursec.readers.qti12.feedback import FeedbackTexts, Probe, Sorted
from coursec.readers.qti12.presentation import Label, Response
from coursec.readers.qti12.rules import Rules
from coursec.readers.qti12.source import LeftOutError, Source, characters
from coursec.readers.weights import near, single_choices

_TRUE = frozenset(("true", "wahr", "richtig", "vrai", "verdadero", "vero", "waar", "verdadeiro"))
_FALSE = frozenset(("false", "falsch", "faux", "falso", "onwaar", "niet waar"))
_EITHER = re.compile(r"([a-z]+)_([a-z]+)\.(true|false)")
_ALMOST: Final = Decimal("0.99")
"""What a second choice earns that earns everything in the file."""
_ALL_SUBSETS: Final = 6


def share_text(share: Fraction) -> Decimal:
    """Return a share as a decimal number; thirds and the like have seven places."""
    number = Decimal(share.numerator) / Decimal(share.denominator)
    return number if Fraction(number) == share else round(number, 7)


@dataclass(slots=True)
class Choosing:
    """A choice question while it is read."""

    source: Source
    rules: Rules
    feedback: FeedbackTexts
    response: Response

    def score(self, names: Sequence[str], *, bounded: bool = True) -> Fraction:
        """Return what a set of choices earns."""
        given = {self.response.ident: tuple(names)}
        return self.rules.outcome(given, bounded=bounded).score

    def probe(self, name: str, names: Sequence[str], whole: Fraction) -> Probe:
        """Return what comes of a set of choices."""
        outcome = self.rules.outcome({self.response.ident: tuple(names)})
        return Probe(name, outcome.score / whole if whole else outcome.score, outcome.shows)

    def choices(self, found: Sorted) -> list[Choice]:
        """Return the choices with their own feedback, none of them right yet."""
        shuffled = self.response.shuffle is True
        return [
            Choice(
                text=self.text(label),
                feedback=found.own.get(label.ident),
                fixed=shuffled and label.fixed,
                span=self.source.place(label.node),
            )
            for label in self.response.labels
        ]

    def text(self, label: Label) -> RichText:
        """Return the text of a choice; Blackboard writes some words by their key."""
        if words := _EITHER.fullmatch(characters(label.html)):
            return plain((words[1] if words[3] == "true" else words[2]).capitalize())
        return self.source.text(label.html, label.node)


def read_single(choosing: Choosing, fields: dict[str, Any], *, judged: bool) -> Item:
    """Return a question of which one choice is picked; `judged` allows it to be a judgement."""
    names = [label.ident for label in choosing.response.labels]
    if len(names) < 2:
        raise LeftOutError("it has fewer than two choices")
    scores = {name: choosing.score([name]) for name in names}
    best = max(scores.values())
    if best <= 0:
        told = [choosing.probe(name, [name], best) for name in names]
        right = choosing.feedback.right_by_name(told)
        if len(right) != 1:
            raise LeftOutError("no choice earns points, so none is known to be right")
        choosing.source.tell("W708", "No choice earns points: its feedback says which is right.")
        best = Fraction(1)
        scores = {name: Fraction(name in right) for name in names}
    fields["points"] = fields["points"] or worth(best)
    probes = [
        replace(choosing.probe(name, [name], best), share=scores[name] / best) for name in names
    ]
    found = choosing.feedback.sorted(probes, names, idents=True)
    fields["feedback"] = found.whole
    shares = [max(share_text(scores[name] / best), -ONE) for name in names]
    shares = [ONE if near(share, 1) else share for share in shares]
    choices = list(single_choices(choosing.choices(found), shares))
    if sum(share == 1 for share in shares) > 1:
        message = f"Several choices earn everything: here the first does, the others {_ALMOST}."
        choosing.source.tell("W708", message)
        choices = [
            replace(choice, weight=_ALMOST) if choice.weight == 1 else choice for choice in choices
        ]
    if judged and (judgement := _judgement(choosing.response, choices, fields)):
        return judgement
    fields["shuffle"] = choosing.response.shuffle
    return SingleChoice(choices=tuple(choices), **fields)


def _judgement(
    response: Response, choices: Sequence[Choice], fields: dict[str, Any]
) -> TrueFalse | None:
    """Return a choice between true and false as the judgement that it is."""
    if len(choices) != 2 or any(choice.weight for choice in choices):
        return None
    words = [_word(label) for label in response.labels]
    if words not in ([True, False], [False, True]):
        return None
    yes, no = choices if words[0] else (choices[1], choices[0])
    return TrueFalse(
        answer=yes.correct, feedback_true=yes.feedback, feedback_false=no.feedback, **fields
    )


def _word(label: Label) -> bool | None:
    word = characters(label.html).casefold()
    if word in _TRUE or word == "true_false.true":
        return True
    return False if word in _FALSE or word == "true_false.false" else None


def worth(best: Fraction) -> Decimal:
    """Return the points of a question that states none: 100 is in per cent."""
    return ONE if best <= 0 or best == 100 else share_text(best)


# ------------------------------------------------------------------------------------ many choices


def read_multiple(choosing: Choosing, fields: dict[str, Any], *, partial: bool) -> Item:
    """Return a question of which any number of choices is picked.

    `partial` says that the platform gives parts of a key that the file states as a whole.
    """
    names = [label.ident for label in choosing.response.labels]
    if len(names) < 2:
        raise LeftOutError("it has fewer than two choices")
    key = _key(choosing, names)
    full = choosing.score(key)
    if not key or full <= 0:
        raise LeftOutError("no choice earns points, so none is known to be right")
    fields["points"] = fields["points"] or worth(full)
    fields["shuffle"] = choosing.response.shuffle
    probes = [choosing.probe(name, [name], full) for name in names]
    if len(key) > 1:
        probes.append(choosing.probe("", key, full))
    found = choosing.feedback.sorted(probes, names, idents=True)
    fields["feedback"] = found.whole
    scoring, shares = _scoring(choosing, names, key, full, partial=partial)
    usual = Fraction(1, len(key))
    choices = [
        replace(
            choice,
            correct=name in key,
            weight=_weight(shares[name], usual if name in key else -usual) if shares else None,
        )
        for choice, name in zip(choosing.choices(found), names, strict=True)
    ]
    return MultipleChoice(choices=tuple(choices), scoring=scoring, **fields)


def _weight(share: Fraction, usual: Fraction) -> Decimal | None:
    return None if near(share, usual) else max(min(share_text(share), ONE), -ONE)


def _key(choosing: Choosing, names: Sequence[str]) -> list[str]:
    """Return the choices of a fully right response: those that earning rules name."""
    earning = [rule.test for rule in choosing.rules.rules if rule.earns and not rule.own]
    sets = []
    for test in earning:
        named = set()
        for part in test.positive(choosing.response.ident):
            named |= set(part.value.split(",")) if part.op == "varsubset" else {part.value}
        sets.append([name for name in names if name in {value.strip() for value in named}])
    together = [name for name in names if any(name in one for one in sets)]
    return max([together, *sets], key=lambda chosen: (choosing.score(chosen), len(chosen)))


def _scoring(
    choosing: Choosing, names: Sequence[str], key: list[str], full: Fraction, *, partial: bool
) -> tuple[Scoring, dict[str, Fraction]]:
    """Return (scoring, what each choice adds; empty where the model's own shares hold)."""
    alone = {name: choosing.score([name], bounded=False) / full for name in names}
    if len(key) > 1 and all(alone[name] <= 0 for name in key):
        return ("partial" if partial else "all_or_nothing"), {}
    added = {
        name: alone[name]
        if name in key
        else choosing.score([*key, name], bounded=False) / full - _whole(choosing, key, full)
        for name in names
    }
    total = sum((added[name] for name in key), Fraction(0))
    if len(key) == 1 and choosing.score([*key, *_others(names, key)]) <= 0:
        # Whatever is chosen beside the only right one takes everything away.
        exact = all(added[name] <= -1 for name in names if name not in key)
        if exact:
            return ("partial" if partial else "all_or_nothing"), {}
    if not near(total, 1):
        message = "The right choices do not add up to everything: here they share it."
        choosing.source.tell("W708", message)
        added = {n: s / total if n in key else s for n, s in added.items()}
    else:
        _say_differences(choosing, names, added, full)
    return "partial", added


def _whole(choosing: Choosing, key: Sequence[str], full: Fraction) -> Fraction:
    return choosing.score(key, bounded=False) / full


def _others(names: Sequence[str], key: Sequence[str]) -> list[str]:
    return [name for name in names if name not in key]


def _say_differences(
    choosing: Choosing, names: Sequence[str], added: dict[str, Fraction], full: Fraction
) -> None:
    """Say where some set of choices earns another share than the model gives it."""
    few = names[:_ALL_SUBSETS]
    sets = [one for size in range(1, len(few) + 1) for one in combinations(few, size)]
    for one in sets if len(names) <= _ALL_SUBSETS else [*sets[:40], tuple(names)]:
        here = min(max(sum((added[name] for name in one), Fraction(0)), Fraction(0)), Fraction(1))
        there = choosing.score(one) / full
        if not near(max(there, Fraction(0)), here):
            choosing.source.tell(
                "W708",
                f"The score is counted in another way: choosing {len(one)} of the choices earns "
                f"{float(there):.0%} of the points in the file, {float(here):.0%} here.",
            )
            return
