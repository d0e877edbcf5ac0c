"""Choice questions: what each choice earns, alone and with others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from typing import Any, Final

from lxml.etree import _Element

from coursec.model.items import Choice, Item, MultipleChoice, Scoring, SingleChoice, TrueFalse
from coursec.readers.qti21.body import Interaction
from coursec.readers.qti21.feedback import (
    SortedFeedback,
    feedback_text,
    sort_feedback,
    whole_feedback,
)
from coursec.readers.qti21.probing import (
    TOLERANCE,
    Probe,
    Prober,
    agrees,
    compare,
    item_points,
    maximum,
    shown,
    simple_weight,
)
from coursec.readers.qti21.source import ItemSource, LeftOutError
from coursec.readers.qti21.values import Declaration, members

_ALL_SUBSETS: Final = 6
"""Choices up to which every set of them is tried."""
_WINDOWS: Final = 20
"""Sets of neighbours, of each size, that are tried where there are more choices."""
_ALMOST = Decimal("0.99")
"""What a second choice earns that earns everything in the file."""

_Set = frozenset[str]


def read_choices(source: ItemSource, interaction: Interaction, fields: dict[str, Any]) -> Item:
    """Return the item of a choice interaction; `fields` are those that every item has."""
    nodes = {n.get("identifier", ""): n for n in interaction.node.iterchildren("{*}simpleChoice")}
    declared = source.processor.responses.get(interaction.response)
    if declared is None:
        raise LeftOutError(f"its response `{interaction.response}` is not declared")
    if len(nodes) < 2:
        raise LeftOutError("it has fewer than two choices")
    most = _number(interaction.node.get("maxChoices", "1"))
    fields["shuffle"] = interaction.node.get("shuffle") in {"true", "1"}
    if declared.cardinality == "single" or most == 1:
        return _single(source, interaction, declared, nodes, fields)
    if 0 < most < len(nodes):
        source.say("W707", f"At most {most} choices can be made in the file.", interaction.line)
    return _multiple(source, declared, nodes, most or len(nodes), fields)


def _number(written: str) -> int:
    return int(written) if written.strip().isdecimal() and len(written) < 6 else 0


# ------------------------------------------------------------------------------------ one choice


@dataclass(frozen=True, slots=True)
class Shares:
    """What each of several choices earns where one can be made."""

    key: str
    weights: dict[str, Decimal | None]


def single_shares(
    source: ItemSource, scores: dict[str, Fraction], whole: Fraction, correct: Sequence[object]
) -> Shares:
    """Return the key among choices and the weights of the others.

    `scores` says what each one earns; of several that earn everything one of `correct` is the key.
    """
    shares = {name: score / whole for name, score in scores.items()}
    full = [name for name, share in shares.items() if share >= 1 - TOLERANCE]
    key = next((name for name in full if name in correct), full[0])
    weights: dict[str, Decimal | None] = {}
    for name, share in shares.items():
        weights[name] = None if name == key else simple_weight(share, Fraction(0))
        if name in full and name != key:
            weights[name] = _ALMOST
            message = f"`{name}` earns everything as `{key}` does; here it earns {_ALMOST}."
            source.say("W708", message)
        if share < -1:
            message = f"`{name}` costs {shown(-scores[name])} points; here it costs {shown(whole)}."
            source.say("W708", message)
    return Shares(key, weights)


def _single(
    source: ItemSource,
    interaction: Interaction,
    declared: Declaration,
    nodes: dict[str, _Element],
    fields: dict[str, Any],
) -> Item:
    prober = Prober(source.processor)
    response = interaction.response
    probes = {name: prober.probe({response: declared.value([name])}, [name]) for name in nodes}
    empty = prober.probe({response: None})
    scores = {name: probe.score for name, probe in probes.items()}
    best = max(scores.values())
    if best <= 0:
        raise LeftOutError("no choice earns points, so none is known to be right")
    whole = maximum(source, best)
    shares = single_shares(source, scores, whole, members(declared.correct))
    _say_empty(source, empty, whole)
    fields["points"] = item_points(whole)
    found = sort_feedback(source, [empty, *probes.values()], whole, {name: name for name in nodes})
    fields["feedback"] = whole_feedback(source, found)
    judged = {name.lower(): name for name in nodes}
    others = [weight for name, weight in shares.weights.items() if name != shares.key]
    if judged.keys() == {"true", "false"} and others == [None]:
        fields["shuffle"] = None
        return TrueFalse(
            **fields,
            answer=shares.key.lower() == "true",
            feedback_true=feedback_text(source, found.own.get(judged["true"], [])),
            feedback_false=feedback_text(source, found.own.get(judged["false"], [])),
        )
    return SingleChoice(
        **fields, choices=_choices(source, nodes, {shares.key}, shares.weights, found)
    )


def _say_empty(source: ItemSource, empty: Probe, whole: Fraction) -> None:
    if abs(empty.score / whole) > TOLERANCE:
        message = f"An empty response earns {shown(empty.score)} points in the file, none here."
        source.say("W708", message)


def _choices(
    source: ItemSource,
    nodes: dict[str, _Element],
    right: set[str],
    weights: dict[str, Decimal | None],
    found: SortedFeedback,
) -> tuple[Choice, ...]:
    return tuple(
        Choice(
            text=source.text(node),
            correct=name in right,
            weight=weights.get(name),
            feedback=feedback_text(source, found.own.get(name, [])),
            fixed=node.get("fixed") in {"true", "1"},
            span=source.span(node),
        )
        for name, node in nodes.items()
    )


# ----------------------------------------------------------------------------------- many choices


class _Many:
    """The sets of choices that were tried."""

    def __init__(
        self, source: ItemSource, declared: Declaration, names: list[str], most: int
    ) -> None:
        self.prober = Prober(source.processor)
        self.declared = declared
        self.names = names
        self.most = most

    def probe(self, chosen: _Set) -> Probe:
        value = self.declared.value([name for name in self.names if name in chosen])
        return self.prober.probe({self.declared.identifier: value}, chosen)

    def allowed(self, chosen: _Set) -> bool:
        return len(chosen) <= self.most

    def key(self, candidates: list[_Set]) -> _Set:
        """Return the smallest of the best sets; a candidate rather than another."""
        tried = [*candidates, *self.sets(candidates)]
        best = max(self.probe(chosen).score for chosen in tried)
        full = [chosen for chosen in tried if self.probe(chosen).score == best]
        named = [chosen for chosen in candidates[:1] if chosen in full]
        return (named or sorted(full, key=len))[0]

    def sets(self, candidates: list[_Set]) -> Iterator[_Set]:
        """Yield the sets to be tried: all where they are few, else those with a meaning."""
        everything = frozenset(self.names)
        if len(self.names) <= _ALL_SUBSETS:
            found = [
                frozenset(chosen)
                for size in range(len(self.names) + 1)
                for chosen in combinations(self.names, size)
            ]
        else:
            found = [frozenset(), everything, *(frozenset([name]) for name in self.names)]
            for key in candidates:
                found += [key, everything - key]
                found += [key ^ {name} for name in self.names]
            around = self.names * 2
            for size in (2, 3, len(self.names) // 2):
                found += [
                    frozenset(around[at : at + size])
                    for at in range(min(len(self.names), _WINDOWS))
                ]
        yield from (chosen for chosen in dict.fromkeys(found) if self.allowed(chosen))


def _multiple(
    source: ItemSource,
    declared: Declaration,
    nodes: dict[str, _Element],
    most: int,
    fields: dict[str, Any],
) -> Item:
    names = list(nodes)
    many = _Many(source, declared, names, most)
    candidates = _candidates(source, declared, names, most)
    key = many.key(candidates)
    best = many.probe(key).score
    if best <= 0:
        raise LeftOutError("no set of choices earns points, so none is known to be right")
    whole = maximum(source, best)
    probes = [many.probe(chosen) for chosen in many.sets([key, *candidates])]
    fields["points"] = item_points(whole)
    scoring, weights = _scoring(source, many, key, whole, probes)
    found = sort_feedback(source, probes, whole, {name: name for name in names})
    fields["feedback"] = whole_feedback(source, found)
    choices = _choices(source, nodes, set(key), weights, found)
    return MultipleChoice(**fields, choices=choices, scoring=scoring)


def _candidates(
    source: ItemSource, declared: Declaration, names: list[str], most: int
) -> list[_Set]:
    """Return the sets that the file names: its key, what it maps to points, what rules compare."""
    known = set(names)
    sets = [frozenset(map(str, members(declared.correct)))]
    if declared.mapping is not None:
        sets.append(frozenset(str(k) for k, worth, _ in declared.mapping.entries if worth > 0))
    for node in source.processor.compared(declared.identifier):
        values = (source.processor.constant(child) for child in node)
        sets += [frozenset(map(str, members(value))) for value in values]
    return [s for s in dict.fromkeys(sets) if s and s <= known and len(s) <= most]


def _scoring(
    source: ItemSource, many: _Many, key: _Set, whole: Fraction, probes: list[Probe]
) -> tuple[Scoring, dict[str, Decimal | None]]:
    """Return the scoring and the weights that earn what the file gives; else say the difference."""

    def exactly(probe: Probe) -> Fraction:
        return Fraction(int(probe.picks == key))

    shares = _full(_shares(many, key, whole), key)

    def summed(probe: Probe) -> Fraction:
        if not key:
            return exactly(probe)
        total = sum((shares[name] for name in probe.picks), Fraction(0))
        return min(max(total, Fraction(0)), Fraction(1))

    mapped = source.processor.maps
    fits = {
        "all_or_nothing": agrees(probes, whole, exactly),
        "partial": agrees(probes, whole, summed),
    }
    if fits["all_or_nothing"] and not (fits["partial"] and mapped):
        return "all_or_nothing", {}
    scoring: Scoring = "partial"
    if not fits["partial"]:
        if not mapped and _closer(probes, whole, exactly, summed):
            scoring = "all_or_nothing"
        share = exactly if scoring == "all_or_nothing" else summed
        compare(source, probes, whole, share, lambda probe: _choosing(probe.picks))
    if scoring == "all_or_nothing" or not key:
        return scoring, {}
    return scoring, _weights(shares, key)


_Share = Callable[[Probe], Fraction]


def _closer(probes: list[Probe], whole: Fraction, first: _Share, second: _Share) -> bool:
    def distance(share: _Share) -> Fraction:
        return sum((abs(probe.score / whole - share(probe)) for probe in probes), Fraction(0))

    return distance(first) <= distance(second)


def _choosing(picks: _Set) -> str:
    if not picks:
        return "choosing nothing"
    return "choosing " + ", ".join(f"`{name}`" for name in sorted(picks))


def _shares(many: _Many, key: _Set, whole: Fraction) -> dict[str, Fraction]:
    """Return what each choice adds, found where no bound hides it."""

    def share(chosen: _Set) -> Fraction:
        return many.probe(chosen).score / whole

    alone = {name: share(frozenset([name])) for name in many.names}
    contexts = [key, *(key - {name} for name in key), *(frozenset([name]) for name in key)]
    contexts = [c for c in dict.fromkeys(contexts) if c and many.allowed(c)]
    contexts.sort(key=share, reverse=True)
    exact = sum((alone[name] for name in key), Fraction(0)) <= 1 + TOLERANCE
    shares: dict[str, Fraction] = {}
    for name in many.names:
        if name in key or alone[name] > 0:
            shares[name] = alone[name]
            continue
        shares[name] = min(alone[name], Fraction(0))
        for context in contexts:
            before, after = share(context), share(context | {name})
            if not many.allowed(context | {name}) or (before >= 1 - TOLERANCE and not exact):
                continue
            # At zero the bound may hide a higher price; only the best context tells.
            shares[name] = min(shares[name], after - before)
            if after > 0:
                break
    return shares


def _full(shares: dict[str, Fraction], key: _Set) -> dict[str, Fraction]:
    """Return shares of which those of the right choices make a whole, as they must."""
    total = sum((shares[name] for name in key), Fraction(0))
    if total <= 0 or abs(total - 1) <= TOLERANCE * len(key):
        return shares
    return {n: share / total if n in key else share for n, share in shares.items()}


def _weights(shares: dict[str, Fraction], key: _Set) -> dict[str, Decimal | None]:
    """Return weights, None for what the model takes for granted."""
    usual = Fraction(1, len(key))
    return {
        name: simple_weight(share, usual if name in key else -usual)
        for name, share in shares.items()
    }
