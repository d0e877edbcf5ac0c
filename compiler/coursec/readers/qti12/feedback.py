"""Which feedback belongs where: by its name, and by which responses show it."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from lxml.etree import _Element

from coursec.model.items import Feedback
from coursec.model.text import RichText
from coursec.readers.qti12.source import Source
from coursec.readers.xml import line_of

_CANVAS: Final = {
    "general_fb": "general",
    "correct_fb": "correct",
    "general_incorrect_fb": "incorrect",
    "neutral_comments_fb": "general",
}
"""Names that say everything, whatever shows them."""
_NAMES = (
    ("incorrect", re.compile(r"incorrect|wrong|_IC\Z", re.IGNORECASE)),
    ("partial", re.compile(r"partial", re.IGNORECASE)),
    ("correct", re.compile(r"correct|_C\Z", re.IGNORECASE)),
    ("general", re.compile(r"general|solution|_ALL\Z", re.IGNORECASE)),
)
_MOST: Final = 500
_ALMOST = Fraction(99_999, 100_000)


@dataclass(frozen=True, slots=True)
class Probe:
    """A response that was tried out."""

    name: str
    """What was chosen or typed; empty where it stands for a result only."""
    share: Fraction
    """What it earns, 1 for everything."""
    shows: tuple[str, ...]


@dataclass(slots=True)
class Sorted:
    """Feedback by what it is about."""

    whole: Feedback = field(default_factory=Feedback)
    own: dict[str, RichText] = field(default_factory=dict)
    """By what was chosen or typed."""


class FeedbackTexts:
    """The feedback texts of a question."""

    def __init__(self, source: Source) -> None:
        """Read them; what has no text is none."""
        self.source = source
        self.texts: dict[str, RichText] = {}
        self.nodes: dict[str, _Element] = {}
        self.hints: list[RichText] = []
        self.solutions: list[RichText] = []
        nodes = list(source.item.iterfind("{*}itemfeedback"))
        if len(nodes) > _MOST:
            message = f"It has more than {_MOST} feedback texts: the rest is left out."
            source.tell("W707", message, line_of(nodes[_MOST]))
        for node in nodes[:_MOST]:
            ident = (node.get("ident") or "").strip()
            inner = list(node.iter("{*}solutionmaterial"))
            if inner and ident.lower() == "solution":
                self.solutions += [text for n in inner if (text := self._text(n))]
                continue
            html = source.html(node) + "".join(source.html(n) for n in inner)
            if text := source.text(html, node):
                self.texts.setdefault(ident, text)
                self.nodes.setdefault(ident, node)
        for node in source.item.iter("{*}hintmaterial"):
            if text := self._text(node):
                self.hints.append(text)

    def _text(self, node: _Element) -> RichText:
        return self.source.text(self.source.html(node), node)

    def sample(self) -> RichText | None:
        """Take the text that answers an essay, where there is one."""
        if "solution" in self.texts:
            return self.texts.pop("solution")
        if self.solutions:
            return self.solutions.pop(0)
        return None

    def right_by_name(self, probes: Sequence[Probe]) -> list[str]:
        """Return what only feedback for right responses is shown for, where nothing earns."""
        words = dict(_NAMES)
        found = []
        for probe in probes:
            wrong = any(words["incorrect"].search(ident) for ident in probe.shows)
            if not wrong and any(words["correct"].search(ident) for ident in probe.shows):
                found.append(probe.name)
        return found

    def sorted(
        self, probes: Sequence[Probe], own: Collection[str] = (), *, idents: bool = False
    ) -> Sorted:
        """Return the feedback; `own` are the names that may have texts of their own.

        `idents` says that these names are identifiers, after which feedback may be named.
        """
        whole: dict[str, RichText] = {}
        found = Sorted()
        for ident, text in self.texts.items():
            place = self._place(ident, probes, own, idents=idents)
            for name in place:
                if name in ("general", "correct", "partial", "incorrect") and name not in own:
                    known = whole.get(name)
                    whole[name] = RichText(known.blocks + text.blocks) if known else text
                else:
                    known = found.own.get(name)
                    found.own[name] = RichText(known.blocks + text.blocks) if known else text
            if not place:
                shown = any(ident in probe.shows for probe in probes)
                why = "it is about a part of the response" if shown else "no response shows it"
                message = f"The feedback `{ident[:60]}` is left out: {why}."
                self.source.tell("W707", message, line_of(self.nodes[ident]))
        for text in self.solutions:
            known = whole.get("general")
            whole["general"] = RichText(known.blocks + text.blocks) if known else text
        found.whole = Feedback(**whole)
        return found

    def _place(
        self, ident: str, probes: Sequence[Probe], own: Collection[str], *, idents: bool
    ) -> list[str]:
        """Return what a feedback is about: names of results, or of choices."""
        if ident in _CANVAS:
            return [_CANVAS[ident]]
        if idents and ident.removesuffix("_fb") in own:
            return [ident.removesuffix("_fb")]
        shown = [probe for probe in probes if ident in probe.shows]
        if self.source.canvas and ident.endswith("_fb") and not own:
            return []
        right = [probe for probe in probes if probe.share >= _ALMOST]
        wrong = [probe for probe in probes if probe.share <= 0]
        classes = {"correct": right, "incorrect": wrong, "partial": [], "general": probes}
        named = next((name for name, words in _NAMES if words.search(ident)), None)
        if named is not None and (not shown or all(p in shown for p in classes[named])):
            return [named]
        if not shown:
            linked = any(probe.shows for probe in probes)
            return [] if linked or len(self.texts) > 1 else ["general"]
        if len(shown) == len(probes) and len(probes) > 1:
            return ["general"]
        if len(shown) == 1 and shown[0].name in own:
            return [shown[0].name]
        for name, members in (("correct", right), ("incorrect", wrong)):
            if members and shown == members:
                return [name]
        return [probe.name for probe in shown if probe.name in own]
