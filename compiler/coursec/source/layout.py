"""YAML as a good author lays it out: blocks for texts, one line for short lists.

PyYAML's emitter decides which texts may stand without quotes. It does not write them: it would
quote every block that holds a tab, or a blank at the end of a line of code.
"""

from __future__ import annotations

import io
import json
import re
from functools import cache
from typing import NamedTuple

from yaml.emitter import Emitter

from coursec.diagnostics import Span
from coursec.source.nodes import Scalar, data

WIDTH = 100
"""Columns that a line may take where it can be broken."""
_SHORT = 60
"""Longest text that stands in quotes rather than in a block."""
_WORDS = re.compile(r"[A-Za-z][A-Za-z0-9 .()'/_+-]*[A-Za-z0-9.)]")


class Prose(NamedTuple):
    """A text in the place of a value."""

    text: str
    strict: bool = False
    """Whether it must not look like a number, `true` or `null`."""


class Short(NamedTuple):
    """A mapping or list that stands on one line if it fits."""

    value: dict[str, Value] | list[Value]


Value = str | Prose | Short | dict[str, "Value"] | list["Value"]
"""A string is YAML as it stands: a number, `true` or `false`."""


def document(fields: dict[str, Value]) -> str:
    """Return a mapping as a YAML document."""
    return "\n".join(mapping(fields, 0)) + "\n"


def bank(items: list[dict[str, Value]]) -> str:
    """Return a list of items as a bank, with an empty line between them."""
    lines = ["items:"] if items else ["items: []"]
    for item in items:
        if len(lines) > 1:
            lines.append("")
        lines.extend(_entry(item, 2))
    return "\n".join(lines) + "\n"


def mapping(fields: dict[str, Value], indent: int) -> list[str]:
    """Return the lines of a mapping, each with its indentation."""
    lines: list[str] = []
    for key, value in fields.items():
        head = f"{' ' * indent}{key}:"
        match value:
            case str():
                lines.append(f"{head} {value}")
            case Prose():
                lines.extend(_prose(head, value, indent))
            case Short():
                line = f"{head} {flow(value.value)}"
                if len(line) <= WIDTH and "\n" not in line:
                    lines.append(line)
                else:
                    lines.extend(mapping({key: value.value}, indent))
            case dict():
                lines.extend([head, *mapping(value, indent + 2)])
            case list():
                entries = [line for entry in value for line in _entry(entry, indent + 2)]
                lines.extend([head, *entries] if entries else [f"{head} []"])
    return lines


def _entry(value: Value, indent: int) -> list[str]:
    """Return the lines of a list's entry."""
    dash = f"{' ' * indent}-"
    match value:
        case str():
            return [f"{dash} {value}"]
        case Prose():
            return _prose(dash, value, indent)
        case Short():
            line = f"{dash} {flow(value.value)}"
            if len(line) <= WIDTH and "\n" not in line:
                return [line]
            return _entry(value.value, indent)
        case dict():
            first, *others = mapping(value, indent + 2)
            return [f"{dash} {first.lstrip(' ')}", *others]
        case list():
            return [f"{dash} {flow(value)}"]


def flow(value: Value) -> str:
    """Return a value on one line; a text of several lines keeps them, for the caller to see."""
    match value:
        case str():
            return value
        case Prose():
            return value.text if "\n" in value.text else _scalar(value, flow=True)
        case Short():
            return flow(value.value)
        case dict():
            return "{" + ", ".join(f"{key}: {flow(part)}" for key, part in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(flow, value)) + "]"


def _prose(head: str, value: Prose, indent: int) -> list[str]:
    """Return the lines of a text: behind its key or dash, or in a block below it."""
    if "\n" not in value.text:
        scalar = _scalar(value, flow=False)
        fits = len(head) + 1 + len(scalar) <= WIDTH
        if fits and (scalar == value.text or len(scalar) <= _SHORT):
            return [f"{head} {scalar}"]
    margin = " " * (indent + 2)
    lines = [margin + line if line else "" for line in value.text.split("\n")]
    return [f"{head} |", *lines]


def _scalar(value: Prose, *, flow: bool) -> str:
    """Return a text of one line, in quotes where it needs them."""
    text = value.text
    if _may_be_plain(text, flow) and not (value.strict and _is_other(text)):
        return text
    if '"' not in text and "\\" not in text and "\t" not in text:
        return f'"{text}"'
    if "'" not in text and "\t" not in text:
        return f"'{text}'"
    return json.dumps(text, ensure_ascii=False)


def _may_be_plain(text: str, flow: bool) -> bool:
    if _WORDS.fullmatch(text):
        return True
    analysis = _emitter().analyze_scalar(text)
    return bool(analysis.allow_flow_plain if flow else analysis.allow_block_plain)


def _is_other(text: str) -> bool:
    """Tell whether a text without quotes would be something else."""
    return not isinstance(data(Scalar(text, Span(""))), str)


@cache
def _emitter() -> Emitter:
    return Emitter(io.StringIO(), allow_unicode=True)
