"""Matching and ordering."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from lxml.etree import _Element

from coursec.model.items import Item, Matching, Ordering, Pair
from coursec.model.text import RichText, plain
from coursec.readers.qti12.choices import worth
from coursec.readers.qti12.feedback import FeedbackTexts, Probe
from coursec.readers.qti12.presentation import Presentation, Response, shows
from coursec.readers.qti12.rules import Rules
from coursec.readers.qti12.source import LeftOutError, Source, characters
from coursec.readers.weights import near


@dataclass(slots=True)
class Pairing:
    """A matching or an ordering question while it is read."""

    source: Source
    rules: Rules
    feedback: FeedbackTexts
    presentation: Presentation
    texts: dict[str, RichText] = field(default_factory=dict)
    """Texts that were read, by their HTML: each row repeats its choices."""

    def text(self, html: str, node: _Element) -> RichText:
        """Return the text of a choice, read once."""
        if html not in self.texts:
            self.texts[html] = self.source.text(html, node)
        return self.texts[html]

    def whole(self, right: dict[str, tuple[str, ...]]) -> tuple[Fraction, dict[str, Any]]:
        """Return (what a fully right response earns, the feedback on the whole)."""
        full = self.rules.outcome(right)
        wrong = self.rules.outcome(dict.fromkeys(right, ("\ue000",)))
        probes = [Probe("", Fraction(1), full.shows), Probe("", Fraction(0), wrong.shows)]
        return full.score, {"feedback": self.feedback.sorted(probes).whole}


def read_matching(pairing: Pairing, fields: dict[str, Any]) -> Item:
    """Return a matching; the key of each row is the choice that earns most there."""
    rows = [r for r in pairing.presentation.responses if r.kind == "choice" and r.labels]
    if len(rows) < 2:
        raise LeftOutError("it has fewer than two pairs")
    canvas = bool(pairing.source.canvas)
    texts: dict[RichText, None] = {}
    pairs: list[Pair] = []
    key: dict[str, tuple[str, ...]] = {}
    for number, row in enumerate(rows, 1):
        responses = _responses(pairing, row, plain_only=canvas)
        texts.update(dict.fromkeys(text for text in responses.values() if text))
        right = right_choice(pairing.rules, row)
        premise = _premise(pairing, row)
        if not premise and (right is None or not responses[right]):
            continue  # an empty row
        if right is None or not responses[right]:
            shown = " ".join(characters(row.html).split())[:40] or str(number)
            pairing.source.tell("W707", f"The row `{shown}` is left out: it has no right response.")
        elif not premise:
            pairing.source.tell("W707", f"The row {number} is left out: it has no text.")
        else:
            key[row.ident] = (right,)
            place = pairing.source.place(row.node)
            pairs.append(Pair(premise=premise, response=responses[right], span=place))
    if len(pairs) < 2:
        raise LeftOutError("it has fewer than two pairs")
    full, told = pairing.whole(key)
    fields |= told
    fields["points"] = fields["points"] or worth(full)
    fields["shuffle"] = rows[0].shuffle
    _say_parts(pairing, key, full)
    used = {pair.response for pair in pairs}
    distractors = tuple(text for text in texts if text not in used)
    return Matching(pairs=tuple(pairs), distractors=distractors, **fields)


def _responses(pairing: Pairing, row: Response, *, plain_only: bool) -> dict[str, RichText]:
    """Return the texts of a row's choices; Canvas shows them as plain text."""
    rights = pairing.presentation.rights
    found = {}
    for number, label in enumerate(row.labels):
        html = label.html
        if not shows(html) and number < len(rights):
            html = rights[number]
        words = characters(html)
        if plain_only and words:
            found[label.ident] = plain(words)
        else:
            found[label.ident] = pairing.text(html, label.node)
    return found


def _premise(pairing: Pairing, row: Response) -> RichText:
    if shows(row.html):
        return pairing.source.text(row.html, row.node)
    parent: _Element | None = row.node.getparent()
    # Blackboard writes the premise beside its menu, and the responses apart.
    html = "" if parent is None or not pairing.presentation.rights else pairing.source.html(parent)
    return pairing.source.text(html, row.node) if shows(html) else RichText()


def right_choice(rules: Rules, row: Response) -> str | None:
    """Return the choice of a row that earns most, or that a rule names."""
    named = {
        test.value for rule in rules.rules if rule.earns for test in rule.test.positive(row.ident)
    }
    empty = rules.outcome({}).score
    scores = {
        label.ident: rules.outcome({row.ident: (label.ident,)}, bounded=False).score - empty
        for label in row.labels
    }
    best = max(scores.values(), default=Fraction(0))
    if best > 0:
        return next(name for name, score in scores.items() if score == best)
    # All rows earn together: what the rule names is right.
    return next((label.ident for label in row.labels if label.ident in named), None)


def _say_parts(pairing: Pairing, key: dict[str, tuple[str, ...]], full: Fraction) -> None:
    """Say where a row does not earn its equal share."""
    if full <= 0:
        return
    usual = Fraction(1, len(key))
    for name, value in key.items():
        share = pairing.rules.outcome({name: value}).score / full
        if not near(share, usual):
            message = "Each right pair earns an equal share here; in the file it is another one."
            pairing.source.tell("W708", message)
            return


# ----------------------------------------------------------------------------------------- order


def read_ordering(pairing: Pairing, response: Response, fields: dict[str, Any]) -> Item:
    """Return entries to be put in order."""
    if response.extended:
        raise LeftOutError("words stand between its entries")
    order = _order(pairing.rules, response)
    names = [label.ident for label in response.labels]
    if len(names) < 2:
        raise LeftOutError("it has fewer than two entries")
    if sorted(order) != sorted(names):
        raise LeftOutError("its right order is not stated")
    full, told = pairing.whole({response.ident: tuple(order)})
    fields |= told
    fields["points"] = fields["points"] or worth(full)
    fields["shuffle"] = True
    message = "Here each entry in its place earns a share; in the file the whole order counts."
    pairing.source.tell("W708", message)
    entries = {label.ident: label for label in response.labels}
    sequence = tuple(pairing.source.text(entries[n].html, entries[n].node) for n in order)
    if any(not entry for entry in sequence):
        raise LeftOutError("an entry has no text")
    return Ordering(sequence=sequence, **fields)


def _order(rules: Rules, response: Response) -> Sequence[str]:
    """Return the order that the first earning rule names."""
    for rule in rules.rules:
        if not rule.earns:
            continue
        tests = [test for test in rule.test.positive(response.ident) if test.op == "varequal"]
        if any(test.index for test in tests):
            tests.sort(key=lambda test: test.index)
        found = list(dict.fromkeys(test.value for test in tests))
        if len(found) > 1:
            return found
    return []
