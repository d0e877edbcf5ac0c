"""The schema check: JSON Schemas decide what is well-formed, and their findings get a place."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

import jsonschema_rs

from coursec.diagnostics import Diagnostics, Span
from coursec.resources import schemas
from coursec.source.nodes import Mapping, Node, Scalar, Sequence, data, one_of

_BASE = "coursec:///"
_PHRASES = {
    "string": "a text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
    "null": "nothing",
}
_FIX_LIST = "Write one entry a line, each after a hyphen."


@cache
def _documents() -> dict[str, Any]:
    folder = schemas()
    return {
        path.relative_to(folder).as_posix(): json.loads(path.read_text("utf-8"))
        for path in sorted(folder.rglob("*.schema.json"))
    }


@cache
def _validator(name: str) -> Any:
    registry = jsonschema_rs.Registry([(_BASE + n, doc) for n, doc in _documents().items()])
    return jsonschema_rs.validator_for(
        {"$schema": "http://json-schema.org/draft-07/schema#", "$ref": _BASE + name},
        registry=registry,
    )


def item_types() -> list[str]:
    """Return the names of the item types that have a schema."""
    return [name[5:-12] for name in _documents() if name.startswith("item/")]


def required(kind: str) -> list[str]:
    """Return the keys that an item of a type must have."""
    return list(_documents()[f"item/{kind}.schema.json"]["required"])


def check(node: Node, schema: str, sink: Diagnostics, *, item: str | None = None) -> set[int]:
    """Check a node against a schema such as `item/essay.schema.json`.

    Mistakes are reported. Returns the `id()` of every node that is not what it should be,
    so that readers can leave these alone and go on with the rest.
    """
    instance = data(node)
    validator = _validator(schema)
    if validator.is_valid(instance):
        return set()
    bad: set[int] = set()
    for error in validator.iter_errors(instance):
        place = _find(node, error.instance_path)
        if error.kind.name not in ("additionalProperties", "required"):
            bad.add(id(place))
        _report(error, place, error.instance_path, schema, sink, item)
    return bad


def _find(node: Node, path: list[str | int]) -> Node:
    for step in path:
        match node, step:
            case Mapping(), str() if step in node.entries:
                node = node.entries[step]
            case Sequence(), int():
                node = node.entries[step]
            case _:
                break
    return node


def _rule(schema: str, path: list[str | int]) -> dict[str, Any]:
    """Return the schema object that holds the keyword at `path`.

    The path is relative to the document that the keyword stands in, which the library
    does not name: it is looked for in the likely ones.
    """
    documents = _documents()
    for name in (schema, "common.schema.json", "bank.schema.json"):
        found: Any = documents[name]
        for step in path[:-1]:
            found = found.get(str(step)) if isinstance(found, dict) else found[int(step)]
            if found is None:
                break
        if isinstance(found, dict) and path[-1] in found:
            return found
    return {}


def _name(path: list[str | int]) -> str:
    """Return what a teacher would call the value at `path`."""
    if not path:
        return "This"
    if isinstance(path[-1], int):
        outer = next((str(step) for step in reversed(path) if isinstance(step, str)), "the list")
        return f"Entry {path[-1] + 1} of `{outer}`"
    return f"`{path[-1]}`"


def _says(node: Node) -> str:
    match node:
        case Mapping():
            return "a mapping"
        case Sequence():
            return "a list"
        case Scalar():
            text = node.value if len(node.value) <= 40 else node.value[:39] + "…"
            return f"`{text}`" if text.strip() else "empty"


def _report(
    error: Any,
    node: Node,
    path: list[str | int],
    schema: str,
    sink: Diagnostics,
    item: str | None,
) -> None:
    kind, name = error.kind, _name(path)
    rule = _rule(schema, error.schema_path)
    span = node.span if isinstance(node, Scalar) else _head(node)

    def say(code: str, message: str, hint: str = "", at: Span = span) -> None:
        sink.report(code, message, at, hint=hint, item=item)

    match kind.name:
        case "additionalProperties":
            known = sorted(rule.get("properties", {}))
            assert isinstance(node, Mapping)
            for key in kind.unexpected:
                _unknown_key(key, node, known, sink, item)
        case "required":
            of = f" in {name[0].lower()}{name[1:]}" if path else ""
            say("E202", f"The key `{kind.property}` is missing{of}.")
        case "type":
            # A field of text takes any scalar as it is written.
            types = ["string"] if "string" in kind.types else kind.types
            expected = " or ".join(_PHRASES[t] for t in types)
            hint = _FIX_LIST if kind.types == ["array"] else ""
            if isinstance(node, Scalar):
                if "number" in kind.types and types != ["string"]:
                    hint = "Write a number with a point as decimal sign and without a unit."
                if node.style in ("'", '"') and types != ["string"]:
                    hint = "Remove the quotation marks."
                elif types == ["string"]:
                    hint = "Put it in quotes."
            say("E203", f"{name} must be {expected}, not {_says(node)}.", hint)
        case "enum" | "constant":
            values = [str(value) for value in rule.get("enum", [])]
            value = node.value if isinstance(node, Scalar) else ""
            say("E204", f"{name} cannot be {_says(node)}.", one_of(value, values))
        case "pattern":
            expected = rule.get("x-expected", "something else")
            say("E206", f"{name} must be {expected}, not {_says(node)}.")
        case "propertyNames":
            rule = _documents()["common.schema.json"]["definitions"]["gapName"]
            assert isinstance(node, Mapping)
            for key, at in node.keys.items():
                if not re.search(rule["pattern"], key):
                    expected = rule["x-expected"]
                    say("E206", f"A gap's name must be {expected}, not `{key}`.", at=at.span)
        case "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum":
            limit = rule.get(kind.name)
            bound = {
                "minimum": "at least",
                "maximum": "at most",
                "exclusiveMinimum": "greater than",
                "exclusiveMaximum": "less than",
            }[kind.name]
            say("E205", f"{name} must be {bound} {limit}, not {_says(node)}.")
        case "minItems" | "minProperties":
            limit = rule.get(kind.name, 1)
            noun = "entry" if limit == 1 else "entries"
            say("E207", f"{name} needs at least {limit} {noun}.")
        case "maxItems":
            say("E207", f"{name} takes at most {rule.get('maxItems')} entries.")
        case "minLength":
            say("E206", f"{name} must not be empty.")
        case "maxLength":
            say("E206", f"{name} is longer than {rule.get('maxLength')} characters.")
        case _:
            say("E203", f"{name} is not what its key needs: {error.message}.")


def _head(node: Node) -> Span:
    """Return a short place for findings about a whole mapping or list."""
    if isinstance(node, Mapping):
        return node.head
    return node.span._replace(end_line=node.span.line, end_column=node.span.column + 1)


_LATER = {
    "variables": "Items with variables",
    "variants": "Items with variables",
}


def _unknown_key(
    key: str, node: Mapping, known: list[str], sink: Diagnostics, item: str | None
) -> None:
    span = node.key_span(key)
    if key in _LATER and "stem" in known:
        sink.report(
            "E208",
            f"{_LATER[key]} are not read by this version of coursec.",
            span,
            hint="Write the items out.",
            item=item,
        )
        return
    sink.report(
        "E201", f"The key `{key}` is not known here.", span, hint=one_of(key, known), item=item
    )
