"""Questions whose answer is typed: words, numbers, essays, files."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from coursec.model.items import (
    ONE,
    ZERO,
    Essay,
    FileUpload,
    Item,
    NumberAnswer,
    Numeric,
    ShortAnswer,
    TextAnswer,
)
from coursec.readers.qti12.choices import share_text, worth
from coursec.readers.qti12.feedback import FeedbackTexts, Probe
from coursec.readers.qti12.numbers import numbers_of, weighted
from coursec.readers.qti12.presentation import Response
from coursec.readers.qti12.rules import Rule, Rules
from coursec.readers.qti12.source import LeftOutError, Source, decimal
from coursec.readers.weights import near
from coursec.source.workspace import CONTROL

_NONSENSE: Final = "\ue000"
"""A response that no question accepts."""
_MOST: Final = 500
_UNMARKED: Final = Fraction(1, 2)
"""A share that is neither right nor wrong."""


@dataclass(slots=True)
class Typing:
    """A question to be typed while it is read."""

    source: Source
    rules: Rules
    feedback: FeedbackTexts
    response: Response

    def score(self, text: str) -> Fraction:
        """Return what a typed response earns."""
        return self.rules.outcome({self.response.ident: (text,)}).score

    def probe(self, text: str, name: str, best: Fraction) -> Probe:
        """Return what comes of a typed response."""
        outcome = self.rules.outcome({self.response.ident: (text,)})
        return Probe(name, outcome.score / best if best else outcome.score, outcome.shows)

    def answers(self) -> tuple[tuple[TextAnswer, ...], Fraction, bool]:
        """Return (accepted texts, the points of the best, whether capitals count)."""
        found: dict[str, Fraction] = {}
        exact = False
        for rule in self.rules.rules:
            for test in rule.test.positive(self.response.ident):
                text = " ".join(CONTROL.sub("", test.value).split())
                score = self.score(test.value)
                if not text or score <= 0:
                    continue
                if test.op == "varsubstring":
                    message = f"Around `{text[:40]}` anything may stand in the file: here not."
                    self.source.tell("W708", message)
                exact = exact or test.exact
                found[text] = max(score, found.get(text, score))
        if not found:
            raise LeftOutError("no answer earns points")
        if len(found) > _MOST:
            raise LeftOutError(f"it accepts more than {_MOST} answers")
        best = max(found.values())
        kept: dict[str, TextAnswer] = {}
        for text, score in found.items():
            share = share_text(score / best)
            weight = ONE if near(share, 1) else share
            kept.setdefault(
                text if exact else text.casefold(), TextAnswer(text=text, weight=weight)
            )
        return tuple(kept.values()), best, exact

    def numbers(self) -> tuple[tuple[NumberAnswer, ...], list[Rule], Decimal]:
        """Return (accepted numbers, the rule of each, the points of the best)."""
        found: list[tuple[NumberAnswer, Decimal]] = []
        rules: list[Rule] = []
        for rule in self.rules.rules:
            if not rule.earns:
                continue
            earned = max(share_text(value) for _, value in rule.sets)
            for answer in numbers_of(rule, self.response.ident, self.source):
                if not any((a.low, a.high) == (answer.low, answer.high) for a, _ in found):
                    found.append((answer, earned))
                    rules.append(rule)
        if not found:
            raise LeftOutError("no number earns points")
        if len(found) > _MOST:
            raise LeftOutError(f"it accepts more than {_MOST} numbers")
        return weighted(found), rules, max(earned for _, earned in found)


def read_short(typing: Typing, fields: dict[str, Any]) -> Item:
    """Return a question for a word or phrase."""
    answers, best, exact = typing.answers()
    fields["points"] = fields["points"] or worth(best)
    probes = [typing.probe(answer.text, answer.text, best) for answer in answers]
    probes.append(typing.probe(_NONSENSE, "", best))
    found = typing.feedback.sorted(probes, [answer.text for answer in answers])
    fields["feedback"] = found.whole
    told = tuple(replace(answer, feedback=found.own.get(answer.text)) for answer in answers)
    return ShortAnswer(answers=told, case_sensitive=exact, **fields)


def read_numeric(typing: Typing, fields: dict[str, Any]) -> Item:
    """Return a question for a number."""
    answers, rules, best = typing.numbers()
    whole = Fraction(best)
    fields["points"] = fields["points"] or worth(whole)
    names = [str(number) for number in range(len(answers))]
    told_by_rules = {ident for rule in rules for ident in rule.shows}
    probes = []
    for name, answer, rule in zip(names, answers, rules, strict=True):
        probe = typing.probe(str(answer.model), name, whole)
        # Another rule may hide this one; what its own rule shows is about this answer.
        others = (ident for ident in probe.shows if ident not in told_by_rules)
        shows = tuple(dict.fromkeys((*rule.shows, *others)))
        probes.append(Probe(name, Fraction(answer.weight), shows))
    probes.append(typing.probe(_NONSENSE, "", whole))
    found = typing.feedback.sorted(probes, names)
    fields["feedback"] = found.whole
    told = tuple(
        replace(answer, feedback=found.own.get(name))
        for answer, name in zip(answers, names, strict=True)
    )
    return Numeric(answers=told, **fields)


def marked_by_a_person(typing: Typing) -> dict[str, Any]:
    """Return the feedback of a question that nobody marks but a person."""
    probe = typing.probe(_NONSENSE, "", Fraction(1))
    whole = typing.feedback.sorted([Probe("", _UNMARKED, probe.shows)]).whole
    return {"feedback": whole}


def read_essay(typing: Typing, fields: dict[str, Any]) -> Item:
    """Return a text to be written; a solution is its sample answer."""
    source = typing.source
    sample = typing.feedback.sample()
    if sample is None and (notes := source.metadata.get("grading_notes")):
        sample = source.text(notes) or None
    fields |= marked_by_a_person(typing)
    fields["points"] = fields["points"] or _maximum(typing.rules)
    return Essay(sample_answer=sample, lines=typing.response.lines, **fields)


def read_upload(typing: Typing, fields: dict[str, Any]) -> Item:
    """Return a file to be handed in."""
    fields |= marked_by_a_person(typing)
    fields["points"] = fields["points"] or _maximum(typing.rules)
    return FileUpload(**fields)


def _maximum(rules: Rules) -> Decimal:
    maximum = rules.maximum
    return ONE if maximum is None or maximum <= ZERO or maximum == 100 else maximum


def looks_like_a_number(text: str) -> bool:
    """Tell whether an answer is a number."""
    return decimal(text) is not None
