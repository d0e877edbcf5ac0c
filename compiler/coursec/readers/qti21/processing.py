"""Response processing: what a response earns in an item, and which feedback it shows.

A small engine for the rules of QTI 2 and 3. It calculates with fractions, so that thirds are
thirds; given `float` it calculates as the engines in use do.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from lxml.etree import _Element

from coursec.readers.qti21.expressions import (
    Expression,
    compile_expression,
    is_null,
    same,
    tolerances,
)
from coursec.readers.qti21.values import (
    Declaration,
    Number,
    ToNumber,
    UnsupportedError,
    Value,
    container,
    exact,
    members,
    read_declaration,
)
from coursec.readers.xml import local

RESPONSE: Final = "RESPONSE"
SCORE: Final = "SCORE"
MAXSCORE: Final = "MAXSCORE"

_SCORE_LIKE = re.compile(r"^(?!.*(max|min|pass))\w*score", re.IGNORECASE)
COMPARISONS: Final = frozenset(
    {"match", "member", "contains", "stringMatch", "substring", "patternMatch", "equal"}
    | {"equalRounded", "lt", "lte", "gt", "gte"}
)
"""Expressions in which a response is compared with something."""

Variables = dict[str, Value]
Rule = Callable[[Variables], None]


class TooMuchError(UnsupportedError):
    """Rules so many that trying them out would take too long."""


class _ExitError(Exception):
    """The rules say that processing ends here."""


@dataclass(slots=True)
class Budget:
    """How many elements of rules may still be carried out, over all items of a file."""

    left: int = 30_000_000

    def spend(self, steps: int) -> None:
        """Take steps off; `TooMuchError` where too few are left."""
        self.left -= steps
        if self.left < 0:
            raise TooMuchError("more rules than can be tried out")


_MOST_STEPS: Final = 3_000_000
"""Elements of rules that may be carried out for one item."""


@dataclass(slots=True)
class Processor:
    """An item's variables and the rules over them."""

    item: _Element
    number: ToNumber = exact
    by_key: bool = False
    """Whether the rules are passed over, because something in them is not known."""
    budget: Budget = field(default_factory=Budget)
    responses: dict[str, Declaration] = field(init=False)
    outcomes: dict[str, Declaration] = field(init=False)
    declared: dict[str, Declaration] = field(init=False)
    """All variables."""
    score_name: str = field(init=False)
    """The outcome that holds the score: SCORE, or one whose name says so."""
    assumed: str | None = field(init=False, default=None)
    """What had to be assumed because the file has no rules that say it; None where it has."""
    _rules: list[Rule] = field(init=False)
    _start: Variables = field(init=False)
    _steps: int = field(init=False)
    _spent: int = field(init=False, default=0)
    _compared: dict[str, list[_Element]] | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        """Read the declarations and compile the rules; `UnsupportedError` for what is not known."""
        self.responses = self._declarations("responseDeclaration")
        self.outcomes = self._declarations("outcomeDeclaration")
        templates = self._declarations("templateDeclaration")
        self.declared = declared = {**templates, **self.outcomes, **self.responses}
        self._start = {name: declaration.default for name, declaration in templates.items()}
        for name, outcome in self.outcomes.items():
            unset = self.number("0") if outcome.is_numeric else None
            self._start[name] = unset if outcome.default is None else outcome.default
        self._start |= {"numAttempts": self.number("1"), "duration": self.number("0")}
        processing = self.item.find("{*}responseProcessing")
        if self.by_key:
            processing = None
        nodes = [] if processing is None else list(processing)
        template = "" if processing is None else processing.get("template", "")
        assigned = _assigned(nodes)
        self.score_name = self._score_name(assigned)
        if nodes:
            self._rules = [self._rule(node, declared) for node in nodes]
            if self.score_name not in assigned:
                self._rules = self._by_key() + self._rules
        elif template:
            self._rules = self._by_template(template)
        else:
            self._rules = self._by_key()
        sizes = [1 + len(members(d.correct)) for d in self.responses.values()]
        sizes += [len(d.mapping.entries) for d in self.responses.values() if d.mapping]
        rules = 1 if processing is None else sum(1 for _ in processing.iter())
        self._steps = rules + sum(sizes)

    def run(self, responses: Mapping[str, Value]) -> Variables:
        """Return all variables after the rules were carried out for a response.

        A response that is not given is NULL.
        """
        self.budget.spend(self._steps)
        self._spent += self._steps
        if self._spent > _MOST_STEPS:
            raise TooMuchError("more rules than can be tried out")
        variables = dict(self._start)
        for name in self.responses:
            value = responses.get(name)
            variables[name] = None if is_null(value) else value
        try:
            for rule in self._rules:
                rule(variables)
        except _ExitError:
            pass
        except (ArithmeticError, ValueError, IndexError) as error:
            raise UnsupportedError(f"rules that do not work out ({error})") from None
        return variables

    def score(self, responses: Mapping[str, Value]) -> Number:
        """Return the score of a response."""
        return self.score_of(self.run(responses))

    def score_of(self, variables: Variables) -> Number:
        """Return the score among variables; 0 where there is none."""
        value = variables.get(self.score_name)
        return value if isinstance(value, Fraction | float) else self.number("0")

    @property
    def maximum(self) -> Number | None:
        """The points of a fully right response, where the file states them."""
        stated = self.outcomes.get(MAXSCORE)
        score = self.outcomes.get(self.score_name)
        candidates = (stated and stated.default, score and score.maximum)
        return next((n for n in candidates if isinstance(n, Fraction | float) and n > 0), None)

    @property
    def start(self) -> Variables:
        """The variables before a response."""
        return dict(self._start)

    def tolerances(self, node: _Element) -> tuple[Number, Number]:
        """Return how far an `equal` lets a number be below and above."""
        return tolerances(node, self._start, self.number)

    @property
    def maps(self) -> bool:
        """Whether the score comes from a mapping."""
        processing = self.item.find("{*}responseProcessing")
        if processing is None or not len(processing):
            return any(declaration.mapping for declaration in self.responses.values())
        return any(True for _ in processing.iter("{*}mapResponse"))

    def compared(self, response: str) -> list[_Element]:
        """Return the comparisons in the rules that a response takes part in."""
        if self._compared is None:
            self._compared = {}
            processing = self.item.find("{*}responseProcessing")
            nodes = [] if processing is None else processing.iter("{*}variable")
            for node in nodes:
                above = (a for a in node.iterancestors() if local(a) in COMPARISONS)
                for comparison in itertools.islice(above, 1):
                    self._compared.setdefault(node.get("identifier", ""), []).append(comparison)
        return self._compared.get(response, [])

    def constant(self, node: _Element) -> Value:
        """Return the value of an expression that holds no response; NULL for any other."""
        try:
            return compile_expression(node, self.declared, self.number)(dict(self._start))
        except (UnsupportedError, ArithmeticError, ValueError, IndexError):
            return None

    def _score_name(self, assigned: set[str]) -> str:
        named = [name for name in self.outcomes if name.upper() == SCORE]
        if named:
            return SCORE if SCORE in named else named[0]
        others = [n for n in self.outcomes if n in assigned and _SCORE_LIKE.search(n)]
        return others[0] if len(others) == 1 else SCORE

    def _declarations(self, name: str) -> dict[str, Declaration]:
        found = (
            read_declaration(node, self.number) for node in self.item.iterchildren(f"{{*}}{name}")
        )
        return {declaration.identifier: declaration for declaration in found}

    # ------------------------------------------------------------------------------- rules

    def _rule(self, node: _Element, declared: Mapping[str, Declaration]) -> Rule:
        name = local(node)
        match name:
            case "responseCondition":
                return self._condition(node, declared)
            case "setOutcomeValue" | "lookupOutcomeValue":
                return self._assignment(node, declared)
            case "exitResponse":
                return _exit
            case "responseProcessingFragment":
                inner = [self._rule(child, declared) for child in node]
                return lambda variables: _all(inner, variables)
            case _:
                raise UnsupportedError(f"`{name}`")

    def _condition(self, node: _Element, declared: Mapping[str, Declaration]) -> Rule:
        branches: list[tuple[Expression | None, list[Rule]]] = []
        for branch in node:
            inside = list(branch)
            condition = None
            if local(branch) != "responseElse":
                if not inside:
                    raise UnsupportedError("a condition that is empty")
                condition = compile_expression(inside.pop(0), declared, self.number)
            branches.append((condition, [self._rule(child, declared) for child in inside]))

        def carry_out(variables: Variables) -> None:
            for condition, rules in branches:
                if condition is None or condition(variables) is True:
                    _all(rules, variables)
                    return

        return carry_out

    def _assignment(self, node: _Element, declared: Mapping[str, Declaration]) -> Rule:
        name = node.get("identifier", "")
        children = list(node)
        if len(children) != 1:
            raise UnsupportedError(f"`{local(node)}` without a value")
        expression = compile_expression(children[0], declared, self.number)
        outcome = self.outcomes.get(name)
        held = "single" if outcome is None else outcome.cardinality
        table = None
        if local(node) == "lookupOutcomeValue":
            if outcome is None:
                raise UnsupportedError(f"the variable `{name}`, which is not declared")
            table = _lookup_table(outcome, self.number)

        def carry_out(variables: Variables) -> None:
            value = expression(variables)
            if table is not None:
                value = table(value)
            if held in {"multiple", "ordered"}:
                value = container((value,), ordered=held == "ordered")
            variables[name] = value

        return carry_out

    # ----------------------------------------------------------------- rules that are not written

    def _by_template(self, address: str) -> list[Rule]:
        name = address.rstrip("/").rpartition("/")[2].removesuffix(".xml").lower()
        scored = self._template_response()
        name = {"cc2_match_basic": "match_correct"}.get(name, name.removeprefix("cc2_"))
        if scored is None or name not in {"match_correct", "map_response"}:
            if "map_response_point" in name:
                raise UnsupportedError("`mapResponsePoint`")
            rules = self._by_key()
            self.assumed = f"the template `{name}` is not known, so the key scores"
            return rules
        if scored.identifier != RESPONSE:
            self.assumed = (
                f"the template scores `{RESPONSE}`, but there is only `{scored.identifier}`"
            )
        return [self._mapped(scored) if name == "map_response" else self._matched(scored)]

    def _template_response(self) -> Declaration | None:
        if RESPONSE in self.responses:
            return self.responses[RESPONSE]
        return next(iter(self.responses.values())) if len(self.responses) == 1 else None

    def _by_key(self) -> list[Rule]:
        """Score each response by its mapping or its key, as an item without rules means."""
        scored = [d for d in self.responses.values() if d.mapping or d.correct is not None]
        if not scored:
            return []
        if not self.by_key:
            self.assumed = "no rule gives points, so the key scores"
        return [
            self._mapped(declaration) if declaration.mapping else self._matched(declaration)
            for declaration in scored
        ]

    def _mapped(self, declaration: Declaration) -> Rule:
        mapping = declaration.mapping

        def carry_out(variables: Variables) -> None:
            value = variables[declaration.identifier]
            if mapping is not None and value is not None:
                self._add(variables, mapping.worth(value))

        return carry_out

    def _matched(self, declaration: Declaration) -> Rule:
        key = declaration.correct

        def carry_out(variables: Variables) -> None:
            value = variables[declaration.identifier]
            if key is not None and value is not None and same(value, key):
                self._add(variables, self.number("1"))

        return carry_out

    def _add(self, variables: Variables, points: Number) -> None:
        variables[self.score_name] = self.score_of(variables) + points


def _assigned(rules: list[_Element]) -> set[str]:
    """Return the outcomes that rules set."""
    names = ("{*}setOutcomeValue", "{*}lookupOutcomeValue")
    return {node.get("identifier", "") for rule in rules for node in rule.iter(*names)}


def _exit(_variables: Variables) -> None:
    raise _ExitError


def _all(rules: list[Rule], variables: Variables) -> None:
    for rule in rules:
        rule(variables)


def _lookup_table(outcome: Declaration, number: ToNumber) -> Callable[[Value], Value]:
    """Return what an outcome's table makes of a number."""
    tables = [n for n in outcome.node if local(n) in {"matchTable", "interpolationTable"}]
    if not tables:
        raise UnsupportedError("`lookupOutcomeValue` without a table")
    table = tables[0]
    rows = [
        (
            number(row.get("sourceValue", "0")),
            outcome.value((row.get("targetValue", ""),), number),
            row.get("includeBoundary", "true") != "false",
        )
        for row in table
    ]
    default = table.get("defaultValue")
    otherwise = None if default is None else outcome.value((default,), number)
    exactly = local(table) == "matchTable"

    def look_up(value: Value) -> Value:
        if not isinstance(value, Fraction | float):
            return otherwise
        for source, target, includes in rows:
            if value == source and (exactly or includes):
                return target
            if value > source and not exactly:
                return target
        return otherwise

    return look_up
