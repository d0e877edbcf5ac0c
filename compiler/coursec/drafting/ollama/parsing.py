"""From a model's reply to data: strictly, with one repair that changes no word."""

from __future__ import annotations

import json
import re
from typing import Any

from coursec.drafting.ollama.client import Reply

_MOST = 100_000
_DEPTH = 32
_RAW = re.compile(r"[\x00-\x1f]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


class UnusableReplyError(Exception):
    """A reply that is no data; the message is a sentence that the model can be told."""


def parsed(reply: Reply, *, indented: bool = False) -> Any:
    """Return what a reply says; `indented` keeps blanks before texts: lines of code need them.

    Raises UnusableReplyError.

    Control characters that stand raw in a text, as some servers let them through, are taken as
    blanks; nothing else is repaired.
    """
    text = reply.text.strip()
    if not text:
        raise UnusableReplyError("The reply is empty.")
    if reply.done == "length":
        raise UnusableReplyError("The reply was cut off before its end: it must be shorter.")
    if len(text) > _MOST:
        raise UnusableReplyError("The reply is far too long.")
    if _depth(text) > _DEPTH:
        raise UnusableReplyError("The reply is nested too deeply.")
    try:
        try:
            value = json.loads(text, object_pairs_hook=_distinct, parse_constant=_refuse)
        except json.JSONDecodeError as error:
            if "control character" not in error.msg:
                raise
            text = _RAW.sub(" ", text)
            value = json.loads(text, object_pairs_hook=_distinct, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise UnusableReplyError(f"The reply is no JSON: {str(error)[:120]}.") from None
    return _cleaned(value, indented)


def _cleaned(value: Any, indented: bool) -> Any:
    """Return data whose texts hold no character that cannot be shown, and no blanks around them."""
    if isinstance(value, str):
        lines = [line.rstrip() for line in _CONTROL.sub(" ", value).splitlines()]
        text = "\n".join(lines).rstrip()
        return text if indented else text.strip()
    if isinstance(value, list):
        return [_cleaned(entry, indented) for entry in value]
    if isinstance(value, dict):
        return {key: _cleaned(entry, indented) for key, entry in value.items()}
    return value


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no number")


def _depth(text: str) -> int:
    """Return how deep brackets may be nested; those in texts count, which does no harm."""
    depth = most = 0
    for character in text:
        if character in "[{":
            depth += 1
            most = max(most, depth)
        elif character in "]}":
            depth -= 1
    return most
