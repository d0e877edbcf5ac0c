"""The values of QTI and the variables that hold them.

NULL is None. A typed text is compared without the blanks around it, as the language does, so
constants lose theirs too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from lxml.etree import _Element

from coursec.readers.xml import text_of

Number = Fraction | float
Single = str | bool | Number
"""Identifiers, texts, pairs (`A B`) and file names are all `str`."""


@dataclass(frozen=True, slots=True)
class Container:
    """Several values: a bag, or a sequence where `ordered`; never empty, which is NULL."""

    values: tuple[Single, ...]
    ordered: bool = False


Value = Single | Container | None
ToNumber = Callable[[str], Number]
"""Digits to a number: `exact` for fractions, `float` for what engines calculate with."""

_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,4})?")
_LONGEST_NUMBER: Final = 200
_HIGHEST_EXPONENT: Final = 200


class UnsupportedError(Exception):
    """Rules that are not carried out here; the message names what they use."""


def exact(digits: str) -> Fraction:
    """Return a number as written; `UnsupportedError` for one that nobody can mean."""
    text = digits.strip()
    found = _NUMBER.fullmatch(text)
    if found is None or len(text) > _LONGEST_NUMBER:
        raise UnsupportedError(f"the number `{text[:40]}`")
    if found[3] and abs(int(found[3][1:])) > _HIGHEST_EXPONENT:
        raise UnsupportedError(f"the number `{text[:40]}`")
    return Fraction(text)


def container(values: Iterable[Value], *, ordered: bool = False) -> Container | None:
    """Return values as one container, those inside containers too; NULL where there are none."""
    flat: list[Single] = []
    for value in values:
        if isinstance(value, Container):
            flat.extend(value.values)
        elif value is not None:
            flat.append(value)
    return Container(tuple(flat), ordered) if flat else None


def members(value: Value) -> tuple[Single, ...]:
    """Return what a value holds: nothing, itself, or the values of a container."""
    if value is None:
        return ()
    return value.values if isinstance(value, Container) else (value,)


def parse_value(text: str, base_type: str, number: ToNumber) -> Single:
    """Return a value as written in a base type."""
    text = text.strip()
    match base_type:
        case "integer" | "float" | "duration":
            return number(text)
        case "boolean":
            return text in {"true", "1"}
        case "pair":
            return " ".join(sorted(text.split()))
        case "directedPair" | "point":
            return " ".join(text.split())
        case _:
            return text


@dataclass(frozen=True, slots=True)
class Mapping:
    """What single values are worth."""

    entries: tuple[tuple[Single, Number, bool], ...]
    """(key, worth, whether the case of its letters counts), in the file's order."""
    default: Number
    lower: Number | None
    upper: Number | None

    def worth(self, value: Value) -> Number:
        """Return what a response is worth: the sum over its different values, within bounds."""
        total = self.default - self.default  # a zero of the right kind
        for one in dict.fromkeys(members(value)) or (None,):
            total += self._single(one)
        if self.lower is not None and total < self.lower:
            total = self.lower
        if self.upper is not None and total > self.upper:
            total = self.upper
        return total

    def _single(self, value: Single | None) -> Number:
        for key, worth, sensitive in self.entries:
            if key == value or (not sensitive and _alike(key, value)):
                return worth
        return self.default


def _alike(key: Single, value: Single | None) -> bool:
    return isinstance(key, str) and isinstance(value, str) and key.lower() == value.lower()


@dataclass(frozen=True, slots=True)
class Declaration:
    """A variable as declared."""

    identifier: str
    cardinality: str
    """`single`, `multiple`, `ordered` or `record`."""
    base_type: str
    default: Value
    correct: Value
    mapping: Mapping | None
    maximum: Number | None
    """The `normalMaximum` of an outcome."""
    node: _Element

    @property
    def is_numeric(self) -> bool:
        """Whether it holds one number."""
        return self.cardinality == "single" and self.base_type in {"integer", "float"}

    def value(self, texts: Iterable[str], number: ToNumber = exact) -> Value:
        """Return texts as a value of this variable."""
        return _value(texts, self.cardinality, self.base_type, number)


def read_declaration(node: _Element, number: ToNumber = exact) -> Declaration:
    """Return the declaration that an element writes."""
    cardinality = node.get("cardinality", "single")
    base_type = node.get("baseType", "string")
    read = {
        name: _value(_texts(node, name), cardinality, base_type, number)
        for name in ("defaultValue", "correctResponse")
    }
    mapping = node.find("{*}mapping")
    maximum = node.get("normalMaximum")
    return Declaration(
        node.get("identifier", ""),
        cardinality,
        base_type,
        read["defaultValue"],
        read["correctResponse"],
        None if mapping is None else _mapping(mapping, base_type, number),
        None if maximum is None else number(maximum),
        node,
    )


def _texts(node: _Element, name: str) -> list[str]:
    return [text_of(value) for value in node.iterfind(f"{{*}}{name}/{{*}}value")]


def _value(texts: Iterable[str], cardinality: str, base_type: str, number: ToNumber) -> Value:
    if cardinality == "record":
        return None
    values = [parse_value(text, base_type, number) for text in texts if text.strip()]
    if cardinality == "single":
        return values[0] if values else None
    return container(values, ordered=cardinality == "ordered")


def _mapping(node: _Element, base_type: str, number: ToNumber) -> Mapping:
    def bound(name: str) -> Number | None:
        written = node.get(name)
        return None if written is None else number(written)

    entries = tuple(
        (
            parse_value(entry.get("mapKey", ""), base_type, number),
            number(entry.get("mappedValue", "0")),
            base_type != "string" or entry.get("caseSensitive", "true") in {"true", "1"},
        )
        for entry in node.iterfind("{*}mapEntry")
    )
    default = number(node.get("defaultValue", "0"))
    return Mapping(entries, default, bound("lowerBound"), bound("upperBound"))
