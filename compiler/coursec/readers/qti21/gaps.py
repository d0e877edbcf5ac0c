"""The gaps of a text while they are understood: what each accepts and what that earns."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from lxml.etree import _Element

from coursec.readers.markup import gap_name
from coursec.readers.qti21.answers import (
    NONSENSE,
    Range,
    best_range,
    number_line,
    ranges,
    text_key,
)
from coursec.readers.qti21.body import GAP, Interaction
from coursec.readers.qti21.probing import Prober
from coursec.readers.qti21.source import ItemSource, LeftOutError
from coursec.readers.qti21.values import Declaration, Value

PREFIX: Final = "RESPONSE_"
"""What stands before the name of a gap in the identifier of its response."""
_NUMERIC = {"float", "integer"}

Answer = str | Range | _Element
"""What earns something at a gap: a text, a range of numbers, or an inline choice."""


@dataclass(slots=True)
class AnswerGap:
    """One gap while it is understood."""

    interaction: Interaction
    declared: Declaration
    name: str
    wrong: Value
    """A response that earns nothing."""
    answers: dict[str, Answer] = field(default_factory=dict)
    """What earns something, under names of the reader's own that no other gap has."""
    scores: dict[str, Fraction] = field(default_factory=dict)
    """What each of them earns."""
    trials: list[tuple[Value, str | None]] = field(default_factory=list)
    """Responses worth trying, and the answer that counts for each."""
    case_sensitive: bool = False

    @property
    def is_numeric(self) -> bool:
        """Whether a number is typed here."""
        return not self.is_drop_down and self.declared.base_type in _NUMERIC

    @property
    def is_drop_down(self) -> bool:
        """Whether one of several choices is made here."""
        return self.interaction.name == "inlineChoiceInteraction"

    @property
    def best(self) -> Fraction:
        """The most that can be earned here."""
        return max(self.scores.values(), default=Fraction(0))

    @property
    def key(self) -> Value:
        """A response that earns the most."""
        best = max(self.scores, key=lambda name: self.scores[name], default=None)
        return next((value for value, name in self.trials if name == best), None)

    def add(self, answer: Answer, score: Fraction) -> str:
        """Add an answer and return its name."""
        name = f"{self.name} {len(self.answers)}"
        self.answers[name] = answer
        self.scores[name] = score
        return name


def find_gaps(source: ItemSource) -> list[AnswerGap]:
    """Return the gaps of an item, in the order of its text, which then holds their names."""
    found: dict[str, AnswerGap] = {}
    taken: set[str] = set()
    for interaction in source.body.interactions:
        declared = source.processor.responses.get(interaction.response)
        if declared is None:
            raise LeftOutError(f"its response `{interaction.response}` is not declared")
        if declared.cardinality != "single" or interaction.response in found:
            raise LeftOutError(f"its response `{interaction.response}` holds several values")
        name = gap_name(interaction.response.removeprefix(PREFIX), taken)
        wrong: Value = NONSENSE
        if interaction.name == "inlineChoiceInteraction":
            wrong = None
        elif declared.base_type in _NUMERIC:
            wrong = number_line(source.processor, declared).samples[-1]
        found[interaction.response] = AnswerGap(interaction, declared, name, wrong)
    for node in source.body.node.iter(f"{{*}}{GAP}"):
        if node.get("name") in found:
            node.set("name", found[node.get("name", "")].name)
    return list(found.values())


# ---------------------------------------------------------------------------- what a gap accepts


def wrong_responses(prober: Prober, gaps: list[AnswerGap]) -> dict[str, Value]:
    """Return a response for each gap that earns as little as can be."""
    wrong = {gap.declared.identifier: gap.wrong for gap in gaps}
    for gap in gaps:
        if gap.is_numeric:
            # A range may have no end on one side.
            samples = number_line(prober.processor, gap.declared).samples
            ends: list[dict[str, Value]] = [
                {**wrong, gap.declared.identifier: sample} for sample in (samples[-1], samples[0])
            ]
            wrong = min(ends, key=lambda responses: prober.probe(responses).score)
            gap.wrong = wrong[gap.declared.identifier]
    return wrong


def understand(
    source: ItemSource, prober: Prober, gap: AnswerGap, context: dict[str, Value]
) -> None:
    """Find what earns something at a gap while the others hold what `context` says."""
    response = gap.declared.identifier
    gap.answers, gap.scores, gap.trials = {}, {}, [(gap.wrong, None)]
    nothing = prober.probe({**context, response: gap.wrong}).score

    def score(value: Value) -> Fraction:
        return prober.probe({**context, response: value}).score - nothing

    if gap.is_drop_down:
        for node in gap.interaction.node.iterchildren("{*}inlineChoice"):
            value = gap.declared.value([node.get("identifier", "")])
            gap.trials.append((value, gap.add(node, score(value))))
    elif gap.is_numeric:
        line = number_line(source.processor, gap.declared)
        found = ranges(source.processor, gap.declared, line, score)
        names = [gap.add(one, one.score) for one in found]
        for sample in line.samples:
            place = best_range(found, sample)
            # An end that does not count lies in its range here, and in the file it does not.
            outside = place is None or (found[place].open and score(sample) < found[place].score)
            gap.trials.append((sample, None if outside or place is None else names[place]))
    else:
        key = text_key(source.processor, gap.declared, score)
        gap.case_sensitive = key.case_sensitive
        folded: dict[str, str] = {}
        for text in sorted(key.scores, key=lambda text: -key.scores[text]):
            folded.setdefault(text if key.case_sensitive else text.lower(), text)
        for text in key.scores:
            if text in folded.values():
                gap.trials.append((text, gap.add(text, max(key.scores[text], Fraction(0)))))
        line_number = gap.interaction.line
        if key.mixed:
            message = f"At `{gap.name}` capitals count for some answers only; here for none."
            source.say("W708", message, line_number)
        if key.parts:
            message = (
                f"At `{gap.name}` a text that contains the answer will do; here it must be it."
            )
            source.say("W708", message, line_number)
