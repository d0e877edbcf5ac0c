"""An assessment test to a reading: its sections, its limits, its items in their order."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import Final, Protocol

from lxml.etree import _Element

from coursec.diagnostics import Span
from coursec.model.items import Cloze, Item, TextItem
from coursec.model.quiz import Section
from coursec.model.text import NO_TEXT, RichText
from coursec.readers.qti21.names import rename
from coursec.readers.qti21.source import OUR_TOOL
from coursec.readers.reading import Reading
from coursec.readers.xml import line_of, local

_MOST_REFERENCES: Final = 20_000
_LIMITS = ("preCondition", "branchRule")


class Library(Protocol):
    """What a test can refer to."""

    def item(self, href: str, member: str) -> Item | None:
        """Return the item of an address that stands in a member; None where it is left out."""

    def section(self, href: str, member: str) -> tuple[str, _Element] | None:
        """Return the member of an address and its section's element."""

    def text(self, member: str, node: _Element) -> RichText:
        """Return what is in an element of a member."""

    def say(self, code: str, message: str, member: str, line: int) -> None:
        """Report something about a member."""


@dataclass(slots=True)
class _Test:
    library: Library
    member: str
    root: _Element
    weight: str | None
    """The weight that the test's score is multiplied by; None where none is."""
    title: str
    sections: list[Section] = field(default_factory=list)
    instructions: RichText = NO_TEXT
    shuffled: list[bool] = field(default_factory=list)
    references: int = 0
    visited: set[str] = field(default_factory=set)

    def say(self, code: str, message: str, node: _Element) -> None:
        self.library.say(code, message, self.member, line_of(node))


def read_test(library: Library, member: str, root: _Element, path: str) -> Reading:
    """Return the quiz that an `assessmentTest` means; `path` is its place in findings."""
    rename(root)
    title = root.get("title", "").strip()
    test = _Test(library, member, root, _score_weight(root), title)
    parts = list(root.iterchildren("{*}testPart"))
    if len(parts) > 1:
        test.say("W708", f"The {len(parts)} parts of the test become one.", root)
    for part in parts:
        _say_limits(test, part)
        for node in part:
            if local(node) in {"assessmentSection", "assessmentSectionRef"}:
                _section(test, node, None)
            elif local(node) == "rubricBlock":
                _rubric(test, node, [])
    for node in root.iterchildren("{*}testFeedback"):
        test.say("W707", "The feedback on the whole test is left out.", node)
        break
    shuffled = set(test.shuffled)
    if len(shuffled) > 1:
        test.say("W708", "Some sections are shuffled and others not; here all are.", root)
    line = line_of(root)
    return Reading(
        name=_name(root),
        title=title or None,
        instructions=test.instructions,
        time_limit=_minutes(test, root, parts),
        attempts=_attempts(test, root),
        shuffle_items=any(shuffled) if shuffled else None,
        sections=tuple(test.sections),
        span=Span(path, line, 1, line, 1),
    )


def _name(root: _Element) -> str:
    """Return the test's identifier; ours have a sign before the quiz's id."""
    identifier = root.get("identifier", "")
    return identifier.removeprefix("test_") if root.get("toolName") == OUR_TOOL else identifier


def _score_weight(root: _Element) -> str | None:
    """Return the weight that the rules of the test count with."""
    for node in root.iterfind("{*}outcomeProcessing//{*}testVariables"):
        if node.get("variableIdentifier", "").upper() == "SCORE":
            return node.get("weightIdentifier")
    return None


def _say_limits(test: _Test, node: _Element) -> None:
    for child in node:
        if local(child) in _LIMITS:
            test.say("W707", "A condition on which a part is shown is left out.", child)


def _minutes(test: _Test, root: _Element, parts: list[_Element]) -> int | None:
    """Return the time limit of the test, or of its only part or section."""
    only = parts[0].find("{*}assessmentSection") if len(parts) == 1 else None
    holders = [root, *(parts if len(parts) == 1 else [])]
    if only is not None and len(parts[0].findall("{*}assessmentSection")) == 1:
        holders.append(only)
    for holder in holders:
        limits = holder.find("{*}timeLimits")
        seconds = _number(limits.get("maxTime") if limits is not None else None)
        if limits is not None and seconds is not None and seconds > 0:
            minutes = math.ceil(seconds / 60)
            if minutes * 60 != seconds:
                message = f"The time of {seconds.normalize():f} seconds becomes {minutes} minutes."
                test.say("W708", message, limits)
            return minutes
    for limits in root.iter("{*}timeLimits"):
        if limits.getparent() not in holders:
            test.say("W707", "A time limit on a part of the test is left out.", limits)
            break
    return None


def _number(written: str | None) -> Decimal | None:
    try:
        number = Decimal((written or "").strip()[:20])
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number.adjusted()) < 10 else None


def _attempts(test: _Test, root: _Element) -> int | None:
    """Return how often an item may be tried, where the test says so."""
    found = []
    for control in root.iter("{*}itemSessionControl"):
        written = _number(control.get("maxAttempts"))
        if written is not None and written >= 0:
            found.append(int(written))
    if len(set(found)) > 1:
        test.say("W708", "Its items may be tried different numbers of times.", root)
    return found[0] if found else None


# -------------------------------------------------------------------------------------- sections


def _section(test: _Test, node: _Element, above: str | None) -> None:
    """Add a section, and those inside it after it, each under its own title."""
    if local(node) == "assessmentSectionRef":
        _referred(test, node, above)
        return
    _say_limits(test, node)
    title = node.get("title", "").strip() or None
    if title == test.title and node.get("visible") == "false":
        title = None
    title = title or above
    selection = node.find("{*}selection")
    ordering = node.find("{*}ordering")
    pick = _picked(test, selection)
    inner = [c for c in node if local(c) in {"assessmentSection", "assessmentSectionRef"}]
    if pick is not None and inner:
        test.say("W707", "That only some of the sections are drawn is left out.", node)
        pick = None
    items: list[Item] = []
    run = 0

    def close() -> None:
        nonlocal run
        if items:
            identifier = node.get("identifier", "")
            name = identifier if run == 0 else f"{identifier}-{run + 1}"
            drawn = pick if pick is not None and pick <= len(items) else None
            test.sections.append(Section(id=name, title=title, items=tuple(items), pick=drawn))
            run += 1
            items.clear()

    for child in node:
        match local(child):
            case "rubricBlock":
                _rubric(test, child, items)
            case "assessmentItemRef":
                item = _item(test, child)
                if item is not None:
                    items.append(item)
            case "assessmentSection" | "assessmentSectionRef":
                close()
                _section(test, child, title)
    if items:
        shuffles = ordering is not None and ordering.get("shuffle") in {"true", "1"}
        test.shuffled.append(shuffles)
    close()


def _picked(test: _Test, selection: _Element | None) -> int | None:
    if selection is None:
        return None
    if selection.get("withReplacement") in {"true", "1"}:
        test.say("W708", "Items may be drawn twice in the file, once here.", selection)
    number = _number(selection.get("select"))
    return int(number) if number is not None and number >= 1 else None


def _referred(test: _Test, node: _Element, above: str | None) -> None:
    href = node.get("href", "")
    found = test.library.section(href, test.member)
    if found is None or found[0] in test.visited:
        test.say("W706", f"The section `{href}` is left out.", node)
        return
    member, root = found
    outer = test.member
    test.visited.add(member)
    test.member = member
    _section(test, root, above)
    test.member = outer


def _rubric(test: _Test, node: _Element, items: list[Item]) -> None:
    """Take what the candidate reads: the test's instructions, or a text between items."""
    views = node.get("view", "candidate").split()
    if "candidate" not in views:
        test.say("W707", f"A text for `{' '.join(views)}` is left out.", node)
        return
    text = test.library.text(test.member, node)
    if not text:
        return
    first = not test.sections and not items
    if first and not test.instructions:
        test.instructions = text
    elif first:
        test.instructions = RichText(test.instructions.blocks + text.blocks)
    else:
        test.say("W708", "The text above a section becomes an item.", node)
        items.append(TextItem(id="", stem=text))


def _item(test: _Test, node: _Element) -> Item | None:
    test.references += 1
    if test.references > _MOST_REFERENCES:
        return None
    _say_limits(test, node)
    if node.get("required") in {"true", "1"} and _draws(node):
        test.say("W707", "That an item is always drawn is left out.", node)
    item = test.library.item(node.get("href", ""), test.member)
    if item is None:
        return None
    weight = _weight(test, node)
    if weight is not None and weight > 0 and not isinstance(item, TextItem):
        item = _weighted(item, weight)
    return item


def _draws(node: _Element) -> bool:
    parent = node.getparent()
    return parent is not None and parent.find("{*}selection") is not None


def _weight(test: _Test, node: _Element) -> Decimal | None:
    """Return what the test multiplies an item's score by, where its rules say so."""
    if test.weight is None:
        return None
    for weight in node.iterchildren("{*}weight"):
        if weight.get("identifier") == test.weight:
            return _number(weight.get("value"))
    return None


def _weighted(item: Item, weight: Decimal) -> Item:
    if isinstance(item, Cloze):
        gaps = tuple(replace(gap, points=gap.points * weight) for gap in item.gaps)
        return replace(item, gaps=gaps, points=item.points * weight)
    return replace(item, points=item.points * weight)
