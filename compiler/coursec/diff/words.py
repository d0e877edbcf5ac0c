"""Values of the model as words that a teacher reads, and the part of a long text that differs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from hashlib import sha256

from coursec.model.items import NumberAnswer
from coursec.model.numbers import decimal_text
from coursec.model.text import Asset, RichText
from coursec.proof.textform import form
from coursec.text.markdown import markdown_text, normal

_AROUND = 3
"""Words of context on each side of what differs."""


def same(old: RichText | None, new: RichText | None) -> bool:
    """Tell whether two texts say the same, however they are wrapped and quoted."""
    return old == new or form(old) == form(new)


def told(old: RichText | None, new: RichText | None) -> tuple[str | None, str | None]:
    """Return two different texts as Markdown; pictures of one name are told apart."""
    words = _markdown(old, _name), _markdown(new, _name)
    return words if words[0] != words[1] else (_markdown(old, _digest), _markdown(new, _digest))


def text_words(text: RichText | None) -> str | None:
    """Return a text as Markdown; None for one that is absent or empty."""
    return _markdown(text, _name)


def _markdown(text: RichText | None, name: object) -> str | None:
    assert callable(name)
    return markdown_text(normal(text), name) if text else None


def _name(asset: Asset) -> str:
    return asset.path


def _digest(asset: Asset) -> str:
    return f"{asset.path}@{sha256(asset.data).hexdigest()[:8]}"


def listed(texts: Iterable[RichText]) -> str | None:
    """Return several texts on one line; None for none."""
    return "; ".join(one_line(text_words(text) or "") for text in texts) or None


def number_words(number: Decimal | int | None) -> str | None:
    """Return a number in plain digits."""
    return None if number is None else decimal_text(number)


def answer_words(answer: NumberAnswer) -> str:
    """Return what a numeric answer accepts, such as `3.14 ± 0.01` or `3 to 4`."""
    if answer.value is None:
        return f"{decimal_text(answer.low)} to {decimal_text(answer.high)}"
    margin = margin_words(answer)
    value = decimal_text(answer.value)
    return f"{value} {margin}" if margin != "none" else value


def margin_words(answer: NumberAnswer) -> str:
    """Return a tolerance as it was written."""
    if answer.percent:
        return f"± {decimal_text(answer.percent)}%"
    return f"± {decimal_text(answer.tolerance)}" if answer.tolerance else "none"


def one_line(text: str) -> str:
    """Return a text with every run of blanks as one blank."""
    return re.sub(r"\s+", " ", text).strip()


def short(text: str, width: int = 40) -> str:
    """Return a text on one line, cut to a width in characters."""
    line = one_line(text)
    return line if len(line) <= width else line[: width - 1].rstrip() + "…"


def excerpt(old: str, new: str, width: int) -> tuple[str, str]:
    """Return the parts of two texts that differ, with some words around, cut to a width."""
    before, after = one_line(old).split(" "), one_line(new).split(" ")
    if max(len(one_line(old)), len(one_line(new))) <= width:
        return " ".join(before), " ".join(after)
    most = min(len(before), len(after))
    head = next((n for n in range(most) if before[n] != after[n]), most)
    rest = most - head
    tail = next((n for n in range(rest) if before[-1 - n] != after[-1 - n]), rest)
    start, left = max(0, head - _AROUND), max(0, tail - _AROUND)
    return _part(before, start, left, width), _part(after, start, left, width)


def _part(words: list[str], start: int, left: int, width: int) -> str:
    end = len(words) - left
    line = "… " * bool(start) + " ".join(words[start:end]) + " …" * bool(left)
    return line if len(line) <= width else line[: width - 1].rstrip() + "…"
