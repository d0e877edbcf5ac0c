"""Questions whose responses are pairs or an order: matching, gaps to drag into, ordering."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from coursec.model.items import Choice, ChoiceGap, Cloze, Item, Matching, Ordering, Pair
from coursec.readers.qti21.body import GAP, Interaction
from coursec.readers.qti21.choices import single_shares
from coursec.readers.qti21.feedback import feedback_text, sort_feedback, whole_feedback
from coursec.readers.qti21.probing import (
    Probe,
    Prober,
    compare,
    decimal,
    item_points,
    maximum,
)
from coursec.readers.qti21.source import ItemSource, LeftOutError
from coursec.readers.qti21.values import Declaration, members
from coursec.readers.weights import evened

_Pairs = dict[str, str]
"""Premises and the responses chosen for them."""


def _declared(source: ItemSource, interaction: Interaction) -> Declaration:
    declared = source.processor.responses.get(interaction.response)
    if declared is None:
        raise LeftOutError(f"its response `{interaction.response}` is not declared")
    return declared


def _keys(source: ItemSource, declared: Declaration) -> Iterable[list[str]]:
    """Yield the responses that the file names: its key first."""
    yield [str(value) for value in members(declared.correct)]
    if declared.mapping is not None:
        yield [str(key) for key, worth, _ in declared.mapping.entries if worth > 0]
    for comparison in source.processor.compared(declared.identifier):
        for child in comparison:
            yield [str(value) for value in members(source.processor.constant(child))]


def _best_key(source: ItemSource, declared: Declaration) -> list[str]:
    """Return the response of those the file names that earns most."""
    best: list[str] = []
    most = Fraction(0)
    for key in _keys(source, declared):
        if key:
            earned = Fraction(source.processor.score({declared.identifier: declared.value(key)}))
            if earned > most:
                best, most = key, earned
    if not best:
        raise LeftOutError("no response earns points, so none is known to be right")
    return best


def _written_pairs(source: ItemSource, declared: Declaration) -> list[list[str]]:
    """Return the pairs of the best response."""
    pairs = [pair.split() for pair in _best_key(source, declared)]
    if any(len(pair) != 2 for pair in pairs):
        raise LeftOutError("its key holds something else than pairs")
    return pairs


def _counted(source: ItemSource, probes: list[Probe], whole: Fraction, parts: int) -> None:
    """Say so where the parts that are right do not earn equal shares each."""
    compare(
        source,
        probes,
        whole,
        lambda probe: Fraction(len(probe.picks), parts),
        lambda probe: f"a response with {len(probe.picks)} of {parts} places right",
    )


# -------------------------------------------------------------------------------------- matching


def read_matching(source: ItemSource, interaction: Interaction, fields: dict[str, Any]) -> Item:
    """Return the item of a match interaction."""
    declared = _declared(source, interaction)
    sets = [
        {n.get("identifier", ""): n for n in one.iterchildren("{*}simpleAssociableChoice")}
        for one in interaction.node.iterchildren("{*}simpleMatchSet")
    ]
    if len(sets) != 2:
        raise LeftOutError("it does not have two sets to match")
    written = _written_pairs(source, declared)
    swapped = not _one_each(first for first, *_ in written)
    if swapped:
        if not _one_each(pair[-1] for pair in written):
            raise LeftOutError("entries on both sides have several right partners")
        source.say("W708", "The two sides are swapped, so that each premise has one response.")
        sets.reverse()
    premises, responses = sets
    key = {pair[-1]: pair[0] for pair in written} if swapped else dict(map(tuple, written))  # type: ignore[arg-type]
    if not (set(key) <= set(premises) and set(key.values()) <= set(responses)):
        raise LeftOutError("its key names entries that are not there")
    for name, node in premises.items():
        if name not in key:
            message = f"`{source.plain(node)[:60]}` has no right partner and is left out."
            source.say("W707", message, interaction.line)
    probes = _pair_probes(source, declared, key, list(responses), swapped)
    whole = maximum(source, max(probe.score for probe in probes))
    _counted(source, probes, whole, len(key))
    fields["points"] = item_points(whole)
    fields["feedback"] = whole_feedback(source, sort_feedback(source, probes, whole, {}))
    movable = any(node.get("fixed") not in {"true", "1"} for node in premises.values())
    fields["shuffle"] = interaction.node.get("shuffle") in {"true", "1"} and movable
    texts = {name: source.text(node) for name, node in responses.items()}
    used = set(key.values())
    return Matching(
        **fields,
        pairs=tuple(
            Pair(premise=source.text(node), response=texts[key[name]], span=source.span(node))
            for name, node in premises.items()
            if name in key
        ),
        distractors=tuple(text for name, text in texts.items() if name not in used),
    )


def _one_each(names: Iterable[str]) -> bool:
    listed = list(names)
    return len(set(listed)) == len(listed)


def _pair_probes(
    source: ItemSource, declared: Declaration, key: _Pairs, responses: list[str], swapped: bool
) -> list[Probe]:
    """Try nothing, the key, each pair alone, the key without and with a wrong one, all wrong."""
    prober = Prober(source.processor)

    def probe(chosen: _Pairs) -> Probe:
        pairs = [f"{r} {p}" if swapped else f"{p} {r}" for p, r in chosen.items()]
        right = [premise for premise, response in chosen.items() if key[premise] == response]
        return prober.probe({declared.identifier: declared.value(pairs)}, right)

    following = dict(zip(responses, responses[1:] + responses[:1], strict=True))
    wrong = {premise: following[response] for premise, response in key.items()}
    tried = [{}, key, wrong] if len(responses) > 1 else [{}, key]
    for premise, response in key.items():
        tried.append({premise: response})
        tried.append({p: r for p, r in key.items() if p != premise})
        if len(responses) > 1:
            tried.append({**key, premise: following[response]})
    return [probe(chosen) for chosen in tried]


# -------------------------------------------------------------------------------------- ordering


def read_ordering(source: ItemSource, interaction: Interaction, fields: dict[str, Any]) -> Item:
    """Return the item of an order interaction."""
    declared = _declared(source, interaction)
    nodes = {n.get("identifier", ""): n for n in interaction.node.iterchildren("{*}simpleChoice")}
    key = _best_key(source, declared)
    if not set(key) <= set(nodes) or not _one_each(key) or len(key) < 2:
        raise LeftOutError("its key is no order of its entries")
    for name, node in nodes.items():
        if name not in key:
            message = f"`{source.plain(node)[:60]}` has no place in the order and is left out."
            source.say("W707", message, interaction.line)
    prober = Prober(source.processor)
    tried: list[list[str]] = [[], key, key[::-1], key[1:] + key[:1]]
    for place in range(len(key) - 1):
        tried.append([*key[:place], key[place + 1], key[place], *key[place + 2 :]])
    probes = []
    for order in tried:
        right = [name for name, wanted in zip(order, key, strict=False) if name == wanted]
        probes.append(prober.probe({declared.identifier: declared.value(order)}, right))
    whole = maximum(source, max(probe.score for probe in probes))
    _counted(source, probes, whole, len(key))
    fields["points"] = item_points(whole)
    fields["feedback"] = whole_feedback(source, sort_feedback(source, probes, whole, {}))
    fields["shuffle"] = interaction.node.get("shuffle") in {"true", "1"}
    return Ordering(**fields, sequence=tuple(source.text(nodes[name]) for name in key))


# ------------------------------------------------------------------------------ gaps to drag into


def read_gap_match(source: ItemSource, interaction: Interaction, fields: dict[str, Any]) -> Item:
    """Return the item of a gap match interaction as a text with drop-downs."""
    declared = _declared(source, interaction)
    words = {n.get("identifier", ""): n for n in interaction.node.iterchildren("{*}gapText")}
    if next(interaction.node.iterchildren("{*}gapImg"), None) is not None or len(words) < 2:
        raise LeftOutError("its gaps are filled with images")
    source.say("W708", "Words to be dragged into gaps become drop-downs.", interaction.line)
    gaps = [node.get("name", "") for node in source.body.node.iter(f"{{*}}{GAP}")]
    prober = Prober(source.processor)

    def probe(chosen: _Pairs) -> Probe:
        pairs = [f"{word} {gap}" for gap, word in chosen.items()]
        picks = [f"{gap} {word}" for gap, word in chosen.items()]
        return prober.probe({declared.identifier: declared.value(pairs)}, picks)

    alone = {gap: {word: probe({gap: word}).score for word in words} for gap in gaps}
    stated = {gap: word for word, gap in _written_pairs(source, declared)}
    best = {gap: max(scores, key=lambda word: scores[word]) for gap, scores in alone.items()}
    if all(alone[gap][word] <= 0 for gap, word in best.items()):
        # Only all gaps together earn points.
        best = stated
        alone = {g: {w: Fraction(int(stated.get(g) == w)) for w in words} for g in gaps}
    if not gaps or any(gap not in best or alone[gap][best[gap]] <= 0 for gap in gaps):
        raise LeftOutError("no word earns points at one of its gaps")
    whole = maximum(source, probe(best).score)
    factor = whole / sum((alone[gap][best[gap]] for gap in gaps), Fraction(0))
    worth = {f"{g} {w}": score * factor for g, of in alone.items() for w, score in of.items()}
    tried: list[_Pairs] = [{}, best, *({gap: word} for gap in gaps for word in words)]
    tried += [{g: w for g, w in best.items() if g != gap} for gap in gaps]
    probes = [probe(chosen) for chosen in tried]
    compare(
        source,
        probes,
        whole,
        lambda one: sum((worth[name] for name in one.picks), Fraction(0)) / whole,
        lambda one: "filling in " + (", ".join(f"`{n}`" for n in sorted(one.picks)) or "nothing"),
    )
    found = sort_feedback(source, probes, whole, {name: name for name in worth})
    fields["feedback"] = whole_feedback(source, found)
    fields["shuffle"] = interaction.node.get("shuffle") in {"true", "1"}
    made = []
    for gap in gaps:
        scores = {word: worth[f"{gap} {word}"] for word in words}
        points = worth[f"{gap} {best[gap]}"]
        shares = single_shares(source, scores, points, [best[gap]])
        choices = tuple(
            Choice(
                text=source.text(node),
                correct=word == shares.key,
                weight=shares.weights[word],
                feedback=feedback_text(source, found.own.get(f"{gap} {word}", [])),
                span=source.span(node),
            )
            for word, node in words.items()
        )
        made.append(ChoiceGap(name=gap, choices=choices, points=decimal(points, 6)))
    fields["points"] = sum((gap.points for gap in made), Decimal(0))
    full = [worth[f"{gap} {best[gap]}"] for gap in gaps]
    if len(set(full)) == 1:
        fields["points"] = decimal(full[0] * len(full), 6)
    shared = evened(made, fields["points"])
    return Cloze(**fields, text=source.text(source.body.node), gaps=shared)
