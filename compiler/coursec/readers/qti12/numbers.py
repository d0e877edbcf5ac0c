"""The numbers that count, as conditions say them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, InvalidOperation

from lxml.etree import _Element

from coursec.model.items import ONE, NumberAnswer
from coursec.model.text import RichText
from coursec.readers.qti12.rules import Rule
from coursec.readers.weights import near
from coursec.readers.xml import local


def number_answers(
    rules: list[Rule],
    texts: Mapping[str, RichText],
    tell: Callable[[str, str], None],
) -> tuple[NumberAnswer, ...]:
    """Return the numbers that earn something, with what they earn of the most."""
    earning = [rule for rule in rules if rule.earns]
    most = max((_worth(rule) for rule in earning), default=ONE)
    found: list[NumberAnswer] = []
    for rule in earning:
        share = _worth(rule) / most
        feedback = next((texts[ident] for ident in rule.shows if _is_own(ident, texts)), None)
        for low, high, value in _ranges(rule.test, tell):
            answer = NumberAnswer(
                low=low,
                high=high,
                value=value,
                tolerance=None if value is None or low == high else (high - low) / 2,
                weight=ONE if near(share, 1) else share,
                feedback=feedback,
            )
            if not any((a.low, a.high) == (low, high) for a in found):
                found.append(answer)
    return tuple(found)


def _is_own(ident: str, texts: Mapping[str, RichText]) -> bool:
    return ident in texts and ident not in ("general_fb", "correct_fb", "general_incorrect_fb")


def _worth(rule: Rule) -> Decimal:
    value = max((number for _, number in rule.score), default=None)
    return ONE if value is None else Decimal(value.numerator) / Decimal(value.denominator)


_Range = tuple[Decimal, Decimal, Decimal | None]


def _ranges(test: _Element, tell: Callable[[str, str], None]) -> Iterator[_Range]:
    """Yield (low, high, the number in the middle that is named) of a condition."""
    children = [child for child in test if isinstance(child.tag, str)]
    bounds = {local(child): child for child in children}
    low = _first(bounds, "vargte", "vargt")
    high = _first(bounds, "varlte", "varlt")
    exact = _decimal(bounds["varequal"]) if "varequal" in bounds else None
    if low is not None and high is not None:
        yield low, high, None
    elif exact is not None:
        margin = _margin(bounds["varequal"], exact)
        inner = [
            r for child in children if local(child) in ("and", "or") for r in _ranges(child, tell)
        ]
        around = [(a, b) for a, b, _ in inner if a <= exact <= b]
        if around:
            yield around[0][0], around[0][1], exact
        else:
            yield exact - margin, exact + margin, exact
        return
    elif low is not None or high is not None:
        tell("W707", "A range of numbers without an end is left out.")
    for child in children:
        if local(child) in ("and", "or"):
            yield from _ranges(child, tell)


def _first(bounds: dict[str, _Element], *names: str) -> Decimal | None:
    return next((_decimal(bounds[name]) for name in names if name in bounds), None)


def _margin(node: _Element, value: Decimal) -> Decimal:
    written = _number(node.get("margin"))
    if written is None:
        return Decimal(0)
    percent = (node.get("margintype") or "absolute").lower() == "percent"
    return abs(value) * written / 100 if percent else abs(written)


def _decimal(node: _Element) -> Decimal | None:
    return _number(node.text)


def _number(written: str | None) -> Decimal | None:
    try:
        value = Decimal((written or "").strip())
    except InvalidOperation:
        return None
    return value if value.is_finite() else None
