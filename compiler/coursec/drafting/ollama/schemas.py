"""What a model may reply, as JSON Schemas that a grammar can hold.

Every choice is an enum, every text and list is bounded, nothing is referred to and no number has
a range: what a grammar cannot hold is not asked of it. Keys stand in the order in which a person
would think: the evidence first. What comes back is checked again, by the whole schema.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from json import dumps, loads
from typing import Any

import jsonschema_rs

Schema = dict[str, Any]

STEM, CHOICE, WORDS, SAMPLE, LINE = 400, 160, 80, 600, 90
"""Characters of texts: llama.cpp refuses grammars that repeat a rule too often."""
_NUMBER = "^-?[0-9]{1,12}([.][0-9]{1,6})?$"  # not every grammar takes an escaped point
_SLACK = 64
"""Characters of a reply between its texts that the sum does not count."""


def drafting_schema(kind: str, quotes: Sequence[str]) -> Schema | None:
    """Return the schema of a draft that rests on quotes; None for a type that is not drafted."""
    own = _OWN.get(kind)
    return own(_quote(quotes), len(quotes)) if own else None


def _object(**properties: Schema) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _text(longest: int, shortest: int = 1) -> Schema:
    return {"type": "string", "minLength": shortest, "maxLength": longest}


def _list(entries: Schema, least: int, most: int) -> Schema:
    return {"type": "array", "items": entries, "minItems": least, "maxItems": most}


def _enum(values: Sequence[str]) -> Schema:
    return {"type": "string", "enum": list(dict.fromkeys(values))}


def _quote(quotes: Sequence[str]) -> Schema:
    """Return the schema of a quote: one of the planned ones.

    Some converters from schemas to grammars do not escape quotation marks and backslashes in an
    enum. Where quotes have such signs the model copies the words; they are compared afterwards in
    any case.
    """
    if any(sign in quote for quote in quotes for sign in '"\\'):
        return _text(max(map(len, quotes)) + 20, min(map(len, quotes)))
    return _enum(quotes)


_STEM = _text(STEM, 12)


def _single_choice(quote: Schema, _: int) -> Schema:
    return _object(
        quote=quote, stem=_STEM, key=_text(CHOICE), distractors=_list(_text(CHOICE), 2, 3)
    )


def _multiple_choice(quote: Schema, _: int) -> Schema:
    return _object(
        quote=quote,
        stem=_STEM,
        keys=_list(_text(CHOICE), 2, 3),
        distractors=_list(_text(CHOICE), 2, 3),
    )


def _true_false(quote: Schema, _: int) -> Schema:
    return _object(quote=quote, statement=_STEM, answer=_enum(["true", "false"]))


def _short_answer(quote: Schema, _: int) -> Schema:
    return _object(quote=quote, stem=_STEM, answer=_text(WORDS), also=_list(_text(WORDS), 0, 3))


def _numeric(quote: Schema, _: int) -> Schema:
    number = {"type": "string", "pattern": _NUMBER, "maxLength": 20}
    unit = {"type": "string", "maxLength": 20}
    return _object(quote=quote, stem=_STEM, answer=number, unit=unit)


def _matching(quote: Schema, count: int) -> Schema:
    pair = _object(quote=quote, premise=_text(CHOICE), response=_text(CHOICE))
    return _object(stem=_STEM, pairs=_list(pair, 3, max(3, min(count, 6))))


def _ordering(quote: Schema, count: int) -> Schema:
    step = _object(quote=quote, entry=_text(CHOICE))
    return _object(stem=_STEM, sequence=_list(step, 3, max(3, min(count, 7))))


def _cloze(quote: Schema, _: int) -> Schema:
    return _object(quote=quote, sentence=_STEM, gaps=_list(_text(WORDS), 1, 2))


def _criteria() -> Schema:
    points = _enum(["1", "2", "3", "4", "5"])
    return _list(_object(criterion=_text(CHOICE, 8), points=points), 2, 4)


def _essay(quote: Schema, _: int) -> Schema:
    return _object(quote=quote, stem=_STEM, sample_answer=_text(SAMPLE, 40), rubric=_criteria())


def _file_upload(quote: Schema, _: int) -> Schema:
    return _object(quote=quote, stem=_STEM, rubric=_criteria())


_OWN: Mapping[str, Callable[[Schema, int], Schema]] = {
    "single_choice": _single_choice,
    "multiple_choice": _multiple_choice,
    "true_false": _true_false,
    "short_answer": _short_answer,
    "numeric": _numeric,
    "matching": _matching,
    "ordering": _ordering,
    "cloze": _cloze,
    "essay": _essay,
    "file_upload": _file_upload,
}


def task_schema(quotes: Sequence[str]) -> Schema:
    """Return the schema of a task of an assignment; code is a list of lines."""
    return _object(
        quote=_quote(quotes),
        title=_text(WORDS, 4),
        text=_text(SAMPLE, 40),
        solution=_list({"type": "string", "maxLength": LINE}, 2, 18),
        tests=_list({"type": "string", "maxLength": LINE}, 1, 6),
        rubric=_list(_criteria()["items"], 2, 3),
    )


def topics_schema() -> Schema:
    """Return the schema of the topics of a request."""
    return _object(topics=_list(_text(WORDS, 2), 1, 10))


def letters_schema(names: Sequence[str], letters: Sequence[str]) -> Schema:
    """Return the schema of an answer that gives each name a letter."""
    return _object(**{name: _enum(letters) for name in names})


def chosen_schema(letters: Sequence[str]) -> Schema:
    """Return the schema of an answer that chooses any number of letters."""
    return _object(answers=_list(_enum(letters), 0, len(letters)))


def typed_schema(names: Sequence[str]) -> Schema:
    """Return the schema of an answer that gives each name a few words."""
    return _object(**{name: {"type": "string", "maxLength": WORDS} for name in names})


def longest(schema: Schema) -> int:
    """Return how many characters a reply can have at most; marks and keys are counted too."""
    match schema.get("type"):
        case "object":
            parts = schema["properties"].items()
            return 2 + sum(len(key) + 6 + longest(part) for key, part in parts)
        case "array":
            return 2 + int(schema["maxItems"]) * (2 + longest(schema["items"]))
        case _ if "enum" in schema:
            return max(len(dumps(value)) for value in schema["enum"])
        case _:
            return 2 + int(schema["maxLength"])


def room_for(schema: Schema) -> int:
    """Return the tokens that a reply needs where every token is one character.

    A quarter is added for characters that are escaped, or that take several tokens.
    """
    return longest(schema) * 5 // 4 + _SLACK


def faults(reply: object, schema: Schema) -> list[str]:
    """Return a sentence for each way in which a reply breaks its schema."""
    found = []
    for error in _validator(dumps(schema, sort_keys=True)).iter_errors(reply):
        place = ".".join(map(str, error.instance_path)) or "the reply"
        found.append(f"`{place}`: {_short(error.message)}")
    return found


@lru_cache(maxsize=256)
def _validator(schema: str) -> Any:
    return jsonschema_rs.validator_for(loads(schema))


def _short(message: str) -> str:
    return message if len(message) <= 200 else message[:199] + "\u2026"
