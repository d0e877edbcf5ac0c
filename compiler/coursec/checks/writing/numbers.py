"""Numbers among choices: reading them, their order, ranges that overlap."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from coursec.checks.writing.view import Found, Option, View, quoted
from coursec.model.items import MultipleChoice, SingleChoice


class Quantity(NamedTuple):
    """A number with what stands around it, such as a unit."""

    value: float
    unit: str


class Range(NamedTuple):
    """A range of numbers; an end that is infinite is open."""

    low: float
    high: float
    unit: str
    low_closed: bool
    high_closed: bool


_MONTHS = "january february march april may june july august september october november december"
_MONTH = {name: n for n, name in enumerate(_MONTHS.split(), 1)} | {
    name[:3]: n for n, name in enumerate(_MONTHS.split(), 1)
}
_WORDS = (
    {
        word: float(n)
        for n, word in enumerate(
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
            "fifteen sixteen seventeen eighteen nineteen twenty".split()
        )
    }
    | {
        word: float(n)
        for n, word in enumerate(
            "first second third fourth fifth sixth seventh eighth ninth tenth".split(), 1
        )
    }
    | {
        "once": 1.0,
        "twice": 2.0,
        "thirty": 30.0,
        "forty": 40.0,
        "fifty": 50.0,
        "sixty": 60.0,
        "ninety": 90.0,
        "hundred": 100.0,
        "thousand": 1000.0,
    }
)
_SCALE = {
    "b": ("byte", 1), "byte": ("byte", 1), "bytes": ("byte", 1), "kb": ("byte", 1e3),
    "kib": ("byte", 1024), "mb": ("byte", 1e6), "mib": ("byte", 2**20), "gb": ("byte", 1e9),
    "gib": ("byte", 2**30), "tb": ("byte", 1e12), "ns": ("s", 1e-9), "µs": ("s", 1e-6),
    "us": ("s", 1e-6), "ms": ("s", 1e-3), "s": ("s", 1), "second": ("s", 1), "seconds": ("s", 1),
    "min": ("s", 60), "minute": ("s", 60), "minutes": ("s", 60), "h": ("s", 3600),
    "hour": ("s", 3600), "hours": ("s", 3600), "day": ("s", 86400), "days": ("s", 86400),
    "week": ("s", 604800), "weeks": ("s", 604800), "month": ("s", 2.63e6), "months": ("s", 2.63e6),
    "year": ("s", 31557600), "years": ("s", 31557600), "nm": ("m", 1e-9), "µm": ("m", 1e-6),
    "um": ("m", 1e-6), "mm": ("m", 1e-3), "cm": ("m", 1e-2), "m": ("m", 1), "km": ("m", 1e3),
    "mg": ("g", 1e-3), "g": ("g", 1), "kg": ("g", 1e3), "ml": ("l", 1e-3), "l": ("l", 1),
    "million": ("", 1e6), "billion": ("", 1e9), "thousand": ("", 1e3), "k": ("", 1e3),
    "trillion": ("", 1e12), "j": ("j", 1), "kj": ("j", 1e3), "mj": ("j", 1e6), "hz": ("hz", 1),
    "khz": ("hz", 1e3), "mhz": ("hz", 1e6), "ghz": ("hz", 1e9), "w": ("w", 1), "kw": ("w", 1e3),
    "v": ("v", 1), "mv": ("v", 1e-3), "pa": ("pa", 1), "kpa": ("pa", 1e3), "mol": ("mol", 1),
    "mmol": ("mol", 1e-3),
}  # fmt: skip

_BARE = r"(?:\d{1,3}(?:[,\u202f\u2009\u00a0' ]\d{3})+(?!\d)|\d+)(?:\.\d+)?|\.\d+"
_NUMBER = re.compile(
    rf"(?P<sign>[-−+±]?)\s*(?P<cur>[$€£¥]?)\s*(?P<sign2>[-−]?)(?P<num>{_BARE})"
    r"(?:\s*(?:[×x*·]|\\times|\\cdot)\s*10\s*\^?\s*\{?(?P<exp>[-−]?\d+)\}?|[eE](?P<exp2>[-−+]?\d+)"
    r"|\s*\^\s*\{?(?P<pow>[-−]?\d+)\}?|\s*/\s*(?P<den>\d+(?:\.\d+)?))?"
)
_FRACTION = re.compile(r"(?P<sign>[-−]?)\\[dt]?frac\{(?P<num>-?\d+)\}\{(?P<den>\d+)\}")
_DAY = r"(?:st|nd|rd|th)?"
_DATE = re.compile(
    rf"(?:(?P<day>\d{{1,2}}){_DAY} )?(?P<month>{'|'.join(_MONTH)})\.?"
    rf"(?: (?P<day2>\d{{1,2}}){_DAY},?)?(?: (?P<year>\d{{3,4}}))?"
)
_ABOUT = re.compile(
    r"^(?:about|approximately|approx\.?|around|roughly|circa|ca\.?|exactly|in|≈|~)\s*"
)


@lru_cache(maxsize=16384)
def number_of(text: str) -> Quantity | None:
    """Return the number that a choice consists of; None where it is anything else."""
    text = _ABOUT.sub("", text.strip().rstrip(".").lower().strip("$ "))
    if text.endswith((" only", " alone", " both")):
        return None
    if text in _MONTH:
        return Quantity(float(_MONTH[text]), "month")
    if not text or len(text) > 40 or not (re.search(r"\d", text) or text.split()[0] in _WORDS):
        return None
    if date := _DATE.fullmatch(text):
        year = float(date["year"] or 0)
        day = float(date["day"] or date["day2"] or 0)
        return Quantity(year + _MONTH[date["month"]] / 13 + day / 450, "date")
    if fraction := _FRACTION.match(text):
        value = float(fraction["num"]) / (float(fraction["den"]) or 1)
        return _scaled(-value if fraction["sign"] else value, text[fraction.end() :], "")
    if spelt := re.match(r"[a-z]+\b", text):
        if spelt[0] not in _WORDS or len(text.split()) > 2:
            return None
        return _scaled(_WORDS[spelt[0]], text[spelt.end() :], "")
    if ratio := re.fullmatch(r"(\d+) ?: ?(\d|\d{3,}|0\d|[6-9]\d)", text):
        return Quantity(float(ratio[1]) / (float(ratio[2]) or 1), "ratio")
    match = _NUMBER.match(text)
    if not match:
        return None
    rest = re.sub(r"^(?:st|nd|rd|th)\b", "", text[match.end() :])
    if clock := re.fullmatch(r":(\d\d)(?::(\d\d))?\s*([ap]\.?m\.?)?", rest):
        return Quantity(float(match["num"]) + float(clock[1]) / 60, "clock" + (clock[3] or ""))
    value = float(re.sub(r"[,\u202f\u2009\u00a0' ]", "", match["num"]))
    if match["den"]:
        value /= float(match["den"]) or 1
    exponent = match["exp"] or match["exp2"]
    try:
        if exponent:
            value *= 10.0 ** int(exponent.replace("−", "-"))
        elif match["pow"]:
            value **= int(match["pow"].replace("−", "-"))
    except (OverflowError, ZeroDivisionError):
        return None
    if match["sign"] in ("-", "−") or match["sign2"]:
        value = -value
    return _scaled(value, rest, match["cur"])


def _scaled(value: float, rest: str, currency: str) -> Quantity | None:
    unit = " ".join(
        rest.replace("\\%", "%").replace("\\,", " ").replace("\\", "").strip(" .~{}").split()
    )
    if re.search(r"\d", unit.translate(str.maketrans("", "", "²³⁻¹"))) and not re.fullmatch(
        r"[a-zµ°/^ ·\-{}]*[a-zµ°/^·{}\-][0-9{}\-]*", unit
    ):
        return None
    if unit.split(" ", 1)[0] in ("and", "or", "to", "through", "until"):
        return None
    if len(unit.split()) > 3 or re.search(r"[=<>(),;:?+]", unit):
        return None
    if unit in ("bc", "bce", "b.c.", "b.c"):
        return Quantity(-value, "date")
    if unit in ("ad", "ce", "a.d.", "a.d"):
        return Quantity(value, "date")
    head, _, tail = unit.partition(" ")
    if head in _SCALE and (not tail or head in ("million", "billion", "thousand", "trillion")):
        base, factor = _SCALE[head]
        if tail in _SCALE:
            second = _SCALE[tail]
            return Quantity(value * factor * second[1], currency + (second[0] or base))
        return Quantity(value * factor, currency + (base or tail))
    if len(unit) > 3 and unit.endswith("s"):
        unit = unit[:-1]
    return Quantity(value, currency + unit)


_SPELT = re.compile(
    rf"\b(?:{'|'.join(w for w in _WORDS if w not in ('second', 'once', 'twice'))})\b"
)
_DIGIT = re.compile(r"\d")
_SPOKEN = _WORDS.keys() | _MONTH.keys()
_ANY_NUMBER = re.compile(rf"\d|{_SPELT.pattern}")
_DASH = r"\s*(?:-|–|—|−|\bto\b|\band\b|\.\.|…|\bthrough\b|\buntil\b)\s*"
_SPAN = re.compile(
    rf"(?:from |between |in the range )?(?P<low>.*?\d[^–—−\-]*?){_DASH}(?P<high>[$€£]?\d.*)"
)
_LESS = "less|fewer|lower|smaller|shorter|younger|earlier"
_MORE = "more|greater|higher|larger|bigger|longer|older|later"
_BELOW = re.compile(
    r"(?P<closed>up to|at most|no more than|not more than|maximum|max\.?|≤|<=|\\leq?)?"
    rf"(?:(?:{_LESS}) than|under|below|before|<)?\s*(?P<n>[$€£]?\d.*)"
)
_ABOVE = re.compile(
    r"(?P<closed>at least|no less than|not less than|no fewer than|minimum|min\.?|≥|>=|\\geq?)?"
    rf"(?:(?:{_MORE}) than|over|above|exceeding|after|>)?\s*(?P<n>[$€£]?\d.*)"
)
_AFTER = re.compile(
    rf"(?P<n>[$€£]?\d.*?)\s*(?P<way>(?:or|and) (?:{_MORE}|{_LESS}|above|over|up|below|under)|\+)"
    r"(?P<rest>.*)"
)
MANY = 60
"""Choices beyond which ranges are not compared."""
_INF = float("inf")


@lru_cache(maxsize=16384)
def range_of(text: str) -> Range | None:
    """Return the range that a choice consists of; None where it is anything else."""
    text = text.strip().rstrip(".").lower().strip("$ ")
    if not _ANY_NUMBER.search(text):
        return None
    text = _ABOUT.sub("", text)
    if not re.search(r"\d", text):
        text = _SPELT.sub(lambda m: f"{_WORDS[m[0]]:g}", text)
    if not re.search(r"\d", text) or len(text) > 60 or text.endswith((" only", " alone")):
        return None
    if number_of(text) is not None and not text.endswith("+"):
        return None
    if match := _SPAN.fullmatch(text):
        high = number_of(match["high"])
        low = number_of(match["low"].strip())
        if low and high:
            value = low.value
            if not low.unit and high.unit:  # the unit stands once, behind the second number
                bare = number_of(re.sub(r"[^\d.,]", "", match["high"].split()[0]) or "x")
                factor = high.value / bare.value if bare and bare.value else 1.0
                value *= factor
            elif low.unit != high.unit and not (
                low.unit in "$€£" and high.unit.startswith(low.unit)
            ):
                return None
            return Range(value, high.value, high.unit, True, True) if value < high.value else None
    if match := _AFTER.fullmatch(text):
        number = number_of(match["n"] + " " + match["rest"].strip())
        if number:
            if re.search(rf"{_LESS}|below|under", match["way"]):
                return Range(-_INF, number.value, number.unit, False, True)
            return Range(number.value, _INF, number.unit, True, False)
    for form, below in ((_BELOW, True), (_ABOVE, False)):
        match = form.fullmatch(text)
        if match and match.start("n") > 0:
            number = number_of(match["n"])
            if number is None:
                continue
            closed = bool(match["closed"])
            if below:
                return Range(-_INF, number.value, number.unit, False, closed)
            return Range(number.value, _INF, number.unit, closed, False)
    return None


def _interval(option: Option) -> Range | None:
    prose = option.prose
    text = prose.whole
    plain = not prose.codes and "-" not in text and not _DIGIT.search(text)
    if plain and _SPOKEN.isdisjoint(prose.set):
        return None
    found = range_of(text)
    if found is None and (number := number_of(text)) is not None:
        return Range(number.value, number.value, number.unit, True, True)
    return found


def _meet(one: Range, other: Range) -> bool:
    if one.low > other.low or (one.low == other.low and one.high > other.high):
        one, other = other, one
    if one.high > other.low:
        return True
    return one.high == other.low and one.high_closed and other.low_closed


_ASKS_PERIOD = re.compile(
    r"\b(?:from when|between (?:which|what)|(?:which|what) (?:years|period|decades|dates))\b"
)


def overlapping_numbers(view: View) -> Iterator[Found]:
    """A number that lies in two ranges has two keys."""
    if not isinstance(view.item, SingleChoice) or len(view.choices) > MANY:
        return
    if _ASKS_PERIOD.search(view.stem.lower):
        return
    found = [(option, _interval(option)) for option in view.choices]
    ranges = [(option, r) for option, r in found if r]
    if sum(r.low < r.high for _, r in ranges) < 2 and not (
        len(ranges) > 2 and any(r.low < r.high for _, r in ranges)
    ):
        return
    for n, (option, one) in enumerate(ranges):
        for other_option, other in ranges[:n]:
            if one.low == one.high and other.low == other.high:
                continue
            if one.unit == other.unit and _meet(one, other):
                yield Found(
                    f"The range {option.shown} overlaps {other_option.shown}.",
                    option.span,
                    "Let each range begin where the one before it has ended, such as 10–19, 20–29.",
                )
                return


def unordered_numbers(view: View) -> Iterator[Found]:
    """Numbers out of order are searched through, and their disorder hints at the key."""
    if not isinstance(view.item, SingleChoice | MultipleChoice) or len(view.choices) < 3:
        return
    numbers = []
    for option in view.choices:
        found = _interval(option)
        if found is None:
            if len(option.prose.words) >= 3 and any(
                w in option.prose.set for w in ("above", "these", "correct", "determined")
            ):
                continue
            return
        numbers.append((option, found))
    if len(numbers) < 3 or len({r.unit for _, r in numbers}) > 1:
        return
    keys = [(r.low, r.high) for _, r in numbers]
    if keys in (sorted(keys), sorted(keys, reverse=True)):
        return
    rising = sorted(numbers, key=lambda pair: (pair[1].low, pair[1].high))
    order = ", ".join(option.prose.whole for option, _ in rising)
    yield Found(
        "The numbers stand in no order.",
        view.choices[0].span,
        f"Put them in order: {quoted(order, 90)}; `shuffle: false` keeps it.",
    )
