"""What a question's conditions say: which response earns what and shows which feedback."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from typing import Final

from lxml.etree import _Element

from coursec.readers.qti12.budget import Budget
from coursec.readers.qti12.presentation import Response
from coursec.readers.qti12.source import LeftOutError, characters, decimal
from coursec.readers.xml import local

Given = Mapping[str, tuple[str, ...]]
"""By the response's identifier: the choices made in their order, or what was typed."""

_MOST_TESTS: Final = 5_000
_SCORES = ("D2L_CORRECT", "RESPONDUS_CORRECT", "SCORE", "QUE_SCORE")
"""Variables that count the points, the one that says most first."""
_TIMES = frozenset("durequal durlt durlte durgt durgte".split())
_BOUNDS = frozenset("vargte vargt varlte varlt".split())
_COMBINING = frozenset("and or not".split())


@dataclass(frozen=True, slots=True)
class Test:
    """A condition, or several combined."""

    op: str
    """The element's name."""
    response: str = ""
    value: str = ""
    exact: bool = False
    """Whether capitals count."""
    index: int = 0
    """The place, from 1, that a choice must have; 0 is any."""
    parts: tuple[Test, ...] = ()
    node: _Element | None = field(default=None, repr=False, compare=False)

    def all(self) -> Iterator[Test]:
        """Yield the condition and all inside it."""
        yield self
        for part in self.parts:
            yield from part.all()

    def positive(self, response: str | None = None) -> Iterator[Test]:
        """Yield the comparisons that are not denied, for one response or for all."""
        if self.op in ("varequal", "varsubset", "varsubstring"):
            if response in (None, self.response):
                yield self
        elif self.op != "not":
            for part in self.parts:
                yield from part.positive(response)


@dataclass(frozen=True, slots=True)
class Rule:
    """A condition and what follows from it."""

    test: Test
    sets: tuple[tuple[str, Fraction], ...]
    """(what is done with the score, the number)."""
    shows: tuple[str, ...]
    goes_on: bool
    own: bool = False
    """Whether it only tells about one choice, beside the rules that mark."""
    assumed: bool = False
    """Whether the file does not say what it earns."""

    @property
    def earns(self) -> bool:
        """Whether it gives points."""
        return any(value > 0 and action in ("set", "add") for action, value in self.sets)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What comes of a response."""

    score: Fraction
    shows: tuple[str, ...]


class Rules:
    """The conditions of a question."""

    def __init__(self, item: _Element, responses: Sequence[Response], budget: Budget) -> None:
        """Read them. Raises LeftOutError where they are too many."""
        self.item = item
        self.budget = budget
        self.single = {r.ident for r in responses if not r.several and r.kind != "order"}
        # Some files name a field's label where they mean the field.
        self.aliases = {
            label.ident: r.ident for r in responses for label in r.labels if r.kind == "text"
        }
        self.labels = {
            label.ident: r.ident for r in responses for label in r.labels if r.kind == "choice"
        }
        self.idents = {r.ident for r in responses}
        self.choices = {
            r.ident: tuple(r.labels) for r in responses if r.kind in ("choice", "order")
        }
        self.timed = False
        self.extended = False
        self._tests = 0
        nodes = list(item.iterfind("{*}resprocessing/{*}respcondition"))
        variable = _variable(nodes)
        self.variable = next((n for n in self._declared() if _name(n) == variable), None)
        self.maximum = decimal(None if self.variable is None else self.variable.get("maxvalue"))
        self.rules = [rule for node in nodes if (rule := self._rule(node, variable))]
        self._share_out(len(responses))
        # Points that are added up come from several conditions, wherever one of them ends.
        adding = any(a in ("add", "subtract") for rule in self.rules for a, _ in rule.sets)
        self.ends = not adding

    def _declared(self) -> Iterator[_Element]:
        yield from self.item.iterfind("{*}resprocessing/{*}outcomes/{*}decvar")

    def _rule(self, node: _Element, variable: str) -> Rule | None:
        test = node.find("{*}conditionvar")
        if test is None:
            return None
        sets = []
        for setvar in node.iterfind("{*}setvar"):
            if _name(setvar) == variable:
                value = self._value((setvar.text or "").strip())
                if value is not None:
                    sets.append(((setvar.get("action") or "Set").lower(), value))
        shows = tuple(
            (shown.get("linkrefid") or "").strip() for shown in node.iterfind("{*}displayfeedback")
        )
        has_set = node.find("{*}setvar") is not None
        if not has_set and any(shown.lower() == "correct" for shown in shows):
            # A rule that calls a response right and does not say what it earns.
            sets.append(("set", self._whole))
        parsed = self._test(test)
        own = (
            len(parsed.parts) == 1
            and parsed.parts[0].op == "varequal"
            and parsed.parts[0].node is not None
            and (parsed.parts[0].node.get("respident") or "").strip() in self.labels
        )
        goes_on = (node.get("continue") or "No").lower() == "yes"
        return Rule(parsed, tuple(sets), shows, goes_on, own, assumed=not has_set and bool(sets))

    @property
    def _whole(self) -> Fraction:
        """What a fully right response earns."""
        return Fraction(self.maximum if self.maximum and self.maximum > 0 else 1)

    def _share_out(self, responses: int) -> None:
        """Let rules that only call a row right share the points of all rows."""
        assumed = sum(rule.assumed for rule in self.rules)
        if responses > 1 and assumed > 1:
            sets = (("add", self._whole / assumed),)
            self.rules = [replace(r, sets=sets) if r.assumed else r for r in self.rules]

    @property
    def bound(self) -> Decimal | None:
        """The most that can be earned; shares in per cent are not bound by points."""
        added = sum(
            (
                value
                for rule in self.rules
                for action, value in rule.sets
                if action == "add" and value > 0
            ),
            Fraction(0),
        )
        return None if added == 100 else self.maximum

    def _value(self, written: str) -> Fraction | None:
        if written.upper().endswith(".MAX"):
            return Fraction(self.maximum if self.maximum is not None else 1)
        number = decimal(written)
        return None if number is None else Fraction(number)

    def _test(self, node: _Element) -> Test:
        self._tests += 1
        if self._tests > _MOST_TESTS:
            raise LeftOutError(f"its rules hold more than {_MOST_TESTS:,} conditions")
        name = local(node)
        if name in _COMBINING or name == "conditionvar":
            parts = tuple(self._test(child) for child in node if isinstance(child.tag, str))
            op = "and" if name == "conditionvar" else name
            if op == "and" and self._alternatives(parts):
                op = "or"
            return Test(op, parts=parts, node=node)
        self.timed = self.timed or name in _TIMES
        self.extended = self.extended or name == "var_extension"
        written = (node.get("respident") or "").strip()
        value = (node.text or "").strip()
        response = self.aliases.get(written, written)
        if written in self.labels and written not in self.idents and not value:
            response, value = self.labels[written], written
        value = self._ident(response, value)
        index = (node.get("index") or "").strip()
        return Test(
            op=name,
            response=response,
            value=value,
            exact=(node.get("case") or "No").lower() == "yes",
            index=int(index) if index.isdecimal() and len(index) < 5 else 0,
            node=node,
        )

    def _ident(self, response: str, value: str) -> str:
        """Return the identifier of a choice; some files write it otherwise, or its text."""
        labels = self.choices.get(response, ())
        names = [label.ident for label in labels]
        if not names or value in names:
            return value
        folded = value.casefold()
        alike = [name for name in names if name.casefold() == folded] or [
            label.ident for label in labels if characters(label.html).casefold() == folded
        ]
        return alike[0] if len(alike) == 1 else value

    def _alternatives(self, parts: tuple[Test, ...]) -> bool:
        """Tell whether comparisons side by side are alternatives: one thing has one value."""
        if len(parts) < 2 or any(part.op != "varequal" for part in parts):
            return False
        compared = {part.response for part in parts}
        return len(compared) == 1 and compared <= (self.single | set(self.aliases.values()))

    # ------------------------------------------------------------------------------- evaluation

    def outcome(self, given: Given, *, bounded: bool = True) -> Outcome:
        """Return what comes of a response; without bounds what it earns may be any number."""
        if not self.budget.take_tests(self._tests):
            raise LeftOutError("the rules of the file are too many to be tried out")
        score = self._start()
        shows: list[str] = []
        held = stopped = False
        for rule in self.rules:
            if stopped and not rule.own:
                continue
            if not self._holds(rule.test, given, held):
                continue
            held = held or any(part.op != "other" for part in rule.test.parts)
            shows += rule.shows
            if rule.own:
                continue
            for action, value in rule.sets:
                score = _changed(score, action, value)
            stopped = self.ends and not rule.goes_on
        if bounded and self.variable is not None:
            low, high = decimal(self.variable.get("minvalue")), self.bound
            score = score if low is None else max(score, Fraction(low))
            score = score if high is None or high <= 0 else min(score, Fraction(high))
        return Outcome(score, tuple(dict.fromkeys(shows)))

    def _start(self) -> Fraction:
        start = decimal(None if self.variable is None else self.variable.get("defaultval"))
        return Fraction(start or 0)

    def _holds(self, test: Test, given: Given, held: bool) -> bool:
        match test.op:
            case "and":
                return all(self._holds(part, given, held) for part in test.parts)
            case "or":
                return any(self._holds(part, given, held) for part in test.parts)
            case "not":
                return not any(self._holds(part, given, held) for part in test.parts)
            case "other":
                return not held
            case "unanswered":
                return not given.get(test.response)
            case _:
                typed = test.response not in self.choices
                return _compare(test, given.get(test.response, ()), typed=typed)


def _name(node: _Element) -> str:
    return (node.get("varname") or node.get("variablename") or "SCORE").strip().upper()


def _variable(nodes: Sequence[_Element]) -> str:
    """Return the variable that counts the points."""
    names = Counter(_name(setvar) for node in nodes for setvar in node.iterfind("{*}setvar"))
    known = next((name for name in _SCORES if name in names), None)
    return known or (names.most_common(1)[0][0] if names else "SCORE")


def _changed(score: Fraction, action: str, value: Fraction) -> Fraction:
    match action:
        case "set":
            return value
        case "add":
            return score + value
        case "subtract":
            return score - value
        case "multiply":
            return score * value
        case "divide" if value:
            return score / value
        case _:
            return score


def _compare(test: Test, values: tuple[str, ...], *, typed: bool) -> bool:
    match test.op:
        case "varequal" if test.index:
            return values[test.index - 1 : test.index] == (test.value,)
        case "varequal":
            return any(_same(value, test, typed=typed) for value in values)
        case "varsubset":
            wanted = {part.strip() for part in test.value.split(",")}
            return wanted <= set(values)
        case "varsubstring":
            return any(test.value.casefold() in value.casefold() for value in values)
        case op if op in _BOUNDS:
            bound = decimal(test.value)
            numbers = (decimal(value) for value in values)
            return bound is not None and any(
                _within(op, number, bound) for number in numbers if number is not None
            )
        case _:
            return False


def _same(value: str, test: Test, *, typed: bool) -> bool:
    if value == test.value:
        return True
    return typed and not test.exact and value.strip().casefold() == test.value.casefold()


def _within(op: str, number: Decimal, bound: Decimal) -> bool:
    match op:
        case "vargte":
            return number >= bound
        case "vargt":
            return number > bound
        case "varlte":
            return number <= bound
        case _:
            return number < bound
