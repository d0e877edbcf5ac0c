"""What a question's conditions say: which response earns what and shows which feedback."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from lxml.etree import _Element

from coursec.readers.xml import local

Responses = Mapping[str, frozenset[str]]
"""By the response's identifier: the choices made, or what was typed."""


def number(written: str | None) -> Fraction | None:
    """Return a finite number; None for anything else."""
    try:
        value = Decimal((written or "").strip())
    except InvalidOperation:
        return None
    return Fraction(value) if value.is_finite() and abs(value.adjusted()) < 400 else None


@dataclass(slots=True)
class Rule:
    """One condition and what follows from it."""

    test: _Element
    score: list[tuple[str, Fraction]]
    """(what is done with the score, the number)."""
    shows: list[str]
    goes_on: bool

    @property
    def earns(self) -> bool:
        """Whether it gives points."""
        return any(value > 0 and action in ("set", "add") for action, value in self.score)


def rules_of(item: _Element) -> list[Rule]:
    """Return the rules of a question in their order."""
    found = []
    for node in item.iterfind("{*}resprocessing/{*}respcondition"):
        test = node.find("{*}conditionvar")
        if test is None:
            continue
        score = []
        for setvar in node.iterfind("{*}setvar"):
            value = _score(setvar.text)
            # Other variables than the score count something else.
            name = setvar.get("varname") or setvar.get("variablename") or "SCORE"
            if value is not None and name.upper() in _SCORES:
                score.append(((setvar.get("action") or "Set").lower(), value))
        shows = [str(shown.get("linkrefid") or "") for shown in node.iterfind("{*}displayfeedback")]
        if not score and (node.get("title") or "").lower() == "correct":
            score.append(("set", _WHOLE))
        goes_on = (node.get("continue") or "No").lower() == "yes"
        found.append(Rule(test, score, shows, goes_on))
    return found


_WHOLE = Fraction(100)


def _score(written: str | None) -> Fraction | None:
    """Return a score; Blackboard writes the highest one by its name."""
    return _WHOLE if (written or "").strip().upper() == "SCORE.MAX" else number(written)


_SCORES = frozenset(("SCORE", "QUE_SCORE", "SCORE_1", "THIS_SCORE"))


def outcome(rules: list[Rule], responses: Responses) -> tuple[Fraction, list[str]]:
    """Return (the score of a response, the feedback it shows)."""
    score = Fraction(0)
    shown: list[str] = []
    for rule in rules:
        if not _holds(rule.test, responses):
            continue
        for action, value in rule.score:
            match action:
                case "set":
                    score = value
                case "add":
                    score += value
                case "subtract":
                    score -= value
                case "multiply":
                    score *= value
                case _:
                    pass
        shown += rule.shows
        if not rule.goes_on:
            break
    return score, shown


def _holds(test: _Element, responses: Responses) -> bool:
    """Tell whether a condition holds; comparisons side by side are alternatives for one value."""
    tests = list(_tests(test))
    compared = {node.get("respident") for node in tests if local(node) == "varequal"}
    if len(tests) > 1 and len(compared) == 1 and all(local(t) == "varequal" for t in tests):
        given = responses.get(compared.pop() or "", frozenset())
        if len(given) <= 1:
            return any(_true(node, responses) for node in tests)
    return all(_true(node, responses) for node in tests)


def _tests(node: _Element) -> Iterator[_Element]:
    yield from (child for child in node if isinstance(child.tag, str))


def _true(node: _Element, responses: Responses) -> bool:
    match local(node):
        case "and":
            return all(_true(child, responses) for child in _tests(node))
        case "or":
            return any(_true(child, responses) for child in _tests(node))
        case "not":
            return not any(_true(child, responses) for child in _tests(node))
        case "other":
            return True
        case "unanswered":
            return not responses.get(node.get("respident") or "")
        case "varequal":
            return _equals(node, responses.get(node.get("respident") or "", frozenset()))
        case "varsubstring":
            given = responses.get(node.get("respident") or "", frozenset())
            return any((node.text or "").casefold() in text.casefold() for text in given)
        case "vargte" | "vargt" | "varlte" | "varlt" as name:
            bound = number(node.text)
            given = responses.get(node.get("respident") or "", frozenset())
            values = [value for text in given if (value := number(text)) is not None]
            return bound is not None and any(_compare(name, value, bound) for value in values)
        case _:
            return False


def _compare(name: str, value: Fraction, bound: Fraction) -> bool:
    match name:
        case "vargte":
            return value >= bound
        case "vargt":
            return value > bound
        case "varlte":
            return value <= bound
        case _:
            return value < bound


def _equals(node: _Element, given: frozenset[str]) -> bool:
    wanted = (node.text or "").strip()
    if (node.get("case") or "Yes").lower() == "no":
        return any(text.strip().casefold() == wanted.casefold() for text in given)
    return any(text.strip() == wanted for text in given)


def positive(test: _Element, response: str | None = None) -> Iterator[_Element]:
    """Yield the comparisons of a condition that are not denied, for one response or for all."""
    for node in _tests(test):
        name = local(node)
        if name in ("and", "or", "conditionvar"):
            yield from positive(node, response)
        elif name == "varequal" and response in (None, node.get("respident")):
            yield node
