"""From a draft to the YAML of its item: what is checked is what is written, letter by letter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from coursec.drafting.drafts import Draft
from coursec.model.provenance import Evidence, ModelUsed, Provenance
from coursec.source.layout import Prose, Short, Value
from coursec.source.provenance import provenance_fields

_ORDER = (
    "type", "title", "stem", "text", "choices", "answer", "answers", "tolerance", "range", "unit",
    "pairs", "distractors", "sequence", "gaps", "sample_answer", "rubric", "case_sensitive",
    "points", "tags", "bloom", "difficulty", "hints", "feedback", "shuffle",
)  # fmt: skip
_WORDS = {"type", "bloom", "points", "difficulty", "answer", "tolerance"}
"""Fields whose texts are words of the language or numbers: they stand without quotes."""
_LINES = {"pairs", "rubric"}
"""Lists whose entries stand on a line each, where they fit."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What the provenance of a run's drafts says beside their evidence."""

    drafter: str
    drafted: str
    """Day, ISO 8601."""
    model: ModelUsed | None = None


def entry(name: str, draft: Draft, stamp: Stamp) -> dict[str, Value]:
    """Return a draft's item as a mapping to lay out: fields, slides, status, provenance.

    Raises ValueError where a draft has a field that no drafter may set.
    """
    unknown = sorted(set(draft.fields) - set(_ORDER))
    if unknown:
        raise ValueError(f"A draft may not set `{unknown[0]}`.")
    out: dict[str, Value] = {"id": Prose(name, strict=True)}
    for key in _ORDER:
        if key in draft.fields:
            out[key] = _value(key, draft.fields[key])
    slides = dict.fromkeys(quote.slide for quote in draft.quotes)
    out["source"] = Short([Prose(slide, strict=True) for slide in slides])
    out["status"] = "draft"
    out["provenance"] = provenance_fields(
        Provenance(
            drafter=stamp.drafter,
            evidence=tuple(
                Evidence(slide=quote.slide, digest=quote.digest, quote=quote.text)
                for quote in draft.quotes
            ),
            model=stamp.model,
            drafted=stamp.drafted,
        )
    )
    return out


def _value(key: str, value: object) -> Value:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value if key in _WORDS and _is_word(value) else Prose(value)
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, Mapping):
        inner = {str(name): _value(str(name), part) for name, part in value.items()}
        return {name: _line(part) for name, part in inner.items()} if key == "gaps" else inner
    if isinstance(value, Sequence):
        entries = [_value("" if isinstance(one, str) else "entry", one) for one in value]
        return [_line(one) for one in entries] if key in _LINES else entries
    raise ValueError(f"`{key}` is neither text nor number nor list.")


def _line(value: Value) -> Value:
    return Short(value) if isinstance(value, dict | list) else value


def _is_word(text: str) -> bool:
    return all(c.isalnum() or c in "_.-%" for c in text) and bool(text)
