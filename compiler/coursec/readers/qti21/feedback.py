"""Which feedback belongs where: by trying out when it is shown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from coursec.model.items import Feedback
from coursec.model.text import Paragraph, RichText, Strong, Text
from coursec.readers.qti21.body import FeedbackText
from coursec.readers.qti21.probing import TOLERANCE, Probe
from coursec.readers.qti21.source import ItemSource, joined
from coursec.readers.xml import line_of

_EXACT = Fraction(1, 10**9)
_CLASSES = ("correct", "partial", "incorrect")
_NAMES = (
    ("incorrect", re.compile(r"incorrect|wrong|not.?correct", re.IGNORECASE)),
    ("partial", re.compile(r"partial", re.IGNORECASE)),
    ("correct", re.compile(r"correct", re.IGNORECASE)),
    ("general", re.compile(r"general|solution", re.IGNORECASE)),
)


@dataclass(slots=True)
class SortedFeedback:
    """Feedback texts by what they are about."""

    whole: dict[str, list[FeedbackText]] = field(default_factory=dict)
    """By `general`, `correct`, `partial`, `incorrect`."""
    own: dict[str, list[FeedbackText]] = field(default_factory=dict)
    """By choice or answer, under the names that the probes pick."""


def sort_feedback(
    source: ItemSource, probes: Iterable[Probe], whole: Fraction, names: Mapping[str, str]
) -> SortedFeedback:
    """Return the item's feedback by what it is about; what fits nowhere is said and lost.

    `names` gives the identifier in the file for each name that probes pick.
    """
    probes = list(probes)
    answered = [probe for probe in probes if not probe.empty]
    # Weights may have been rounded, and a small gap may earn less than that.
    rules = [_classes(answered, whole, slack) for slack in (TOLERANCE, _EXACT)]
    found = SortedFeedback()
    for text in source.feedback:
        shows = frozenset(i for i, probe in enumerate(answered) if text.shown(probe.variables))
        if not shows and any(text.shown(probe.variables) for probe in probes if probe.empty):
            # Every response earns something: only those who give none are wrong.
            found.whole.setdefault("incorrect", []).append(text)
        elif not any(_place(text, shows, answered, rule, names, found) for rule in rules):
            when = "another rule" if shows else "no response that was tried"
            message = f"The feedback `{text.identifier}` is left out: it is shown by {when}."
            source.say("W707", message, line_of(text.node))
    return found


def _classes(probes: list[Probe], whole: Fraction, slack: Fraction) -> dict[str, frozenset[int]]:
    """Return which probes are fully right but for the slack, partly right and wrong."""
    shares = [probe.score / whole for probe in probes]
    return {
        "correct": frozenset(i for i, s in enumerate(shares) if s >= 1 - slack),
        "partial": frozenset(i for i, s in enumerate(shares) if 0 < s < 1 - slack),
        "incorrect": frozenset(i for i, s in enumerate(shares) if s <= 0),
    }


def _place(
    text: FeedbackText,
    shows: frozenset[int],
    probes: list[Probe],
    classes: Mapping[str, frozenset[int]],
    names: Mapping[str, str],
    found: SortedFeedback,
) -> bool:
    """Put a feedback where it belongs; False where it fits nowhere."""
    if not shows:
        return False
    if len(shows) == len(probes) and text.choice is None:
        named = _class_name(text)
        # Where every response that can be tried is of one kind, the name decides.
        fits = named is not None and classes.get(named) == shows
        found.whole.setdefault(named if named and fits else "general", []).append(text)
        return True
    exact = [name for name in names if shows == _picking(name, probes)]
    made_of = [name for name in _CLASSES if classes[name] and classes[name] <= shows]
    is_class = frozenset().union(*(classes[name] for name in made_of)) == shows
    named = _class_name(text)
    if is_class and named is not None and not _mentions(text, exact, names):
        for name in made_of:
            found.whole.setdefault(name, []).append(text)
        return True
    own = [name for name in exact if names[name] == text.choice] or exact
    if own:
        found.own.setdefault(own[0], []).append(text)
        return True
    if is_class:
        for name in made_of:
            found.whole.setdefault(name, []).append(text)
        return True
    # Where one thing is picked at a time, a text for several is a text for each of them.
    if all(len(probe.picks) <= 1 for probe in probes):
        picked = {name for i in shows for name in probes[i].picks}
        every = frozenset().union(*(_picking(name, probes) for name in picked))
        if picked and every == shows:
            for name in names:
                if name in picked:
                    found.own.setdefault(name, []).append(text)
            return True
    return False


def _picking(name: str, probes: list[Probe]) -> frozenset[int]:
    return frozenset(i for i, probe in enumerate(probes) if name in probe.picks)


def _class_name(text: FeedbackText) -> str | None:
    return next((name for name, words in _NAMES if words.search(text.identifier)), None)


def _mentions(text: FeedbackText, exact: list[str], names: Mapping[str, str]) -> bool:
    """Tell whether a feedback's identifier names the choice that it is shown for."""
    return any(
        re.search(rf"(?<![A-Za-z0-9]){re.escape(names[name])}(?![A-Za-z0-9])", text.identifier)
        for name in exact
    )


def feedback_text(source: ItemSource, texts: Iterable[FeedbackText]) -> RichText | None:
    """Return feedback as one text; a title stands above it."""
    parts: list[RichText] = []
    for text in texts:
        title = text.node.get("title", "").strip()
        content = source.text(text.node)
        if title and content:
            parts.append(RichText((Paragraph((Strong((Text(title),)),)),)))
        parts.append(content)
    return joined(parts)


def whole_feedback(source: ItemSource, found: SortedFeedback) -> Feedback:
    """Return the feedback on the item as a whole."""
    texts = {name: feedback_text(source, list_) for name, list_ in found.whole.items()}
    return Feedback(
        general=texts.get("general"),
        correct=texts.get("correct"),
        partial=texts.get("partial"),
        incorrect=texts.get("incorrect"),
    )
