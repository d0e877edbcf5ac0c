"""The expressions of QTI, compiled once and evaluated for as many responses as it takes."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Final

from lxml.etree import _Element

from coursec.readers.qti21.values import (
    Container,
    Declaration,
    Number,
    Single,
    ToNumber,
    UnsupportedError,
    Value,
    container,
    members,
    parse_value,
)
from coursec.readers.xml import local, text_of

Expression = Callable[[dict[str, Value]], Value]
"""The values of all variables to the value of the expression."""

_LONGEST_SUBJECT: Final = 300
_MOST_BITS: Final = 10_000
"""Size from which a number is one that only an attack makes."""


def is_null(value: Value) -> bool:
    """Tell whether a value counts as NULL: an empty text does too."""
    return value is None or value == ""


def compile_expression(
    node: _Element, declared: Mapping[str, Declaration], number: ToNumber
) -> Expression:
    """Return what an expression's element calculates; `UnsupportedError` for what is not known."""
    name = local(node)
    of = node.get("identifier", "")
    match name:
        case "variable":
            return lambda values: values.get(of)
        case "correct" | "default":
            if of not in declared:
                raise UnsupportedError(f"the variable `{of}`, which is not declared")
            constant = getattr(declared[of], name)
            return lambda _values: constant
        case "baseValue":
            base = parse_value(text_of(node), node.get("baseType", "string"), number)
            return lambda _values: base
        case "mapResponse":
            return _map_response(declared.get(of), of, number)
        case "null":
            return lambda _values: None
        case "mathConstant":
            return _constant(node.get("name", ""), number)
        case _:
            children = [compile_expression(child, declared, number) for child in node]
            return _operator(name, node, children, number)


def _map_response(declaration: Declaration | None, of: str, number: ToNumber) -> Expression:
    if declaration is None:
        raise UnsupportedError(f"the variable `{of}`, which is not declared")
    mapping = declaration.mapping
    if mapping is None:
        nothing = number("0")
        return lambda _values: nothing
    return lambda values: mapping.worth(values.get(of))


def _constant(name: str, number: ToNumber) -> Expression:
    known = {"pi": math.pi, "e": math.e}
    if name not in known:
        raise UnsupportedError(f"the constant `{name}`")
    value = number(repr(known[name]))
    return lambda _values: value


def _operator(
    name: str, node: _Element, children: list[Expression], number: ToNumber
) -> Expression:
    if name in _ON_ALL:
        on_all = _ON_ALL[name]
        return lambda values: on_all(node, [child(values) for child in children])
    if name not in _ON_VALUES:
        raise UnsupportedError(f"`{name}`")
    on_values = _ON_VALUES[name]

    def evaluate(values: dict[str, Value]) -> Value:
        found: list[Single | Container] = []
        for child in children:
            value = child(values)
            if value is None:
                return None
            found.append(value)
        made = on_values(node, found, values, number)
        if isinstance(made, Fraction) and made.numerator.bit_length() > _MOST_BITS:
            raise UnsupportedError("numbers of thousands of digits")
        return made

    return evaluate


# ---------------------------------------------------- operators that NULL does not spread through


def _and(_node: _Element, values: list[Value]) -> Value:
    if any(value is False for value in values):
        return False
    return None if any(value is None for value in values) else True


def _or(_node: _Element, values: list[Value]) -> Value:
    if any(value is True for value in values):
        return True
    return None if any(value is None for value in values) else False


def _any_n(node: _Element, values: list[Value]) -> Value:
    true = sum(value is True for value in values)
    unknown = sum(value is None for value in values)
    least, most = int(node.get("min", "0")), int(node.get("max", "0"))
    if true > most or true + unknown < least:
        return False
    return True if least <= true and true + unknown <= most else None


_ON_ALL: dict[str, Callable[[_Element, list[Value]], Value]] = {
    "and": _and,
    "or": _or,
    "anyN": _any_n,
    "isNull": lambda _node, values: is_null(values[0]),
    "multiple": lambda _node, values: container(values),
    "ordered": lambda _node, values: container(values, ordered=True),
    "containerSize": lambda _node, values: Fraction(len(members(values[0]))),
}

# --------------------------------------------------------- operators that give NULL for any NULL

Values = list[Single | Container]
Variables = dict[str, Value]
_OnValues = Callable[[_Element, Values, Variables, ToNumber], Value]


def _numbers(values: Sequence[Value]) -> list[Number]:
    numbers = [one for value in values for one in members(value)]
    found = [n for n in numbers if isinstance(n, Fraction | float) and not isinstance(n, bool)]
    if len(found) != len(numbers) or not found:
        raise UnsupportedError("calculations with what is no number")
    return found


def same(left: Value, right: Value) -> bool:
    """Tell whether two values are equal: bags whatever their order."""
    if isinstance(left, Container) or isinstance(right, Container):
        ordered = any(isinstance(v, Container) and v.ordered for v in (left, right))
        if ordered:
            return members(left) == members(right)
        return Counter(members(left)) == Counter(members(right))
    return left == right


def _index(node: _Element, values: Values, variables: Variables, _n: ToNumber) -> Value:
    place = _whole(node.get("n", "1"), variables)
    held = members(values[0])
    return held[place - 1] if 1 <= place <= len(held) else None


def _whole(written: str, variables: Variables) -> int:
    """Return a whole number that is written as such or stands in a variable."""
    if written.strip().lstrip("+-").isdecimal():
        return int(written[:9])
    value = variables.get(written.strip())
    return int(value) if isinstance(value, Fraction | float) else 0


def _contains(_node: _Element, values: Values, _v: Variables, _n: ToNumber) -> Value:
    whole, part = values
    if isinstance(whole, Container) and whole.ordered:
        held, wanted = whole.values, members(part)
        starts = range(len(held) - len(wanted) + 1)
        return any(held[at : at + len(wanted)] == wanted for at in starts)
    return not Counter(members(part)) - Counter(members(whole))


def _delete(_node: _Element, values: Values, _v: Variables, _n: ToNumber) -> Value:
    held = values[1]
    kept = (value for value in members(held) if value != values[0])
    return container(kept, ordered=isinstance(held, Container) and held.ordered)


def _folded(node: _Element, values: Values) -> tuple[str, str]:
    left, right = (str(value).strip() for value in values)
    if node.get("caseSensitive", "true") in {"true", "1"}:
        return left, right
    return left.lower(), right.lower()


def _string_match(node: _Element, values: Values, _v: Variables, _n: ToNumber) -> Value:
    left, right = _folded(node, values)
    return right in left if node.get("substring") in {"true", "1"} else left == right


def _substring(node: _Element, values: Values, _v: Variables, _n: ToNumber) -> Value:
    left, right = _folded(node, values)
    return left in right


def _pattern_match(node: _Element, values: Values, _v: Variables, _n: ToNumber) -> Value:
    return bool(safe_pattern(node.get("pattern", "")).fullmatch(str(values[0])[:_LONGEST_SUBJECT]))


def safe_pattern(written: str) -> re.Pattern[str]:
    """Return a pattern that cannot run for ever; `UnsupportedError` for any other."""
    repeats = len(re.findall(r"(?<!\\)[*+{?]", written))
    if len(written) > _LONGEST_SUBJECT or repeats > 4 or re.search(r"\)[*+{]", written):
        raise UnsupportedError("a pattern that is too involved")
    try:
        return re.compile(written.removeprefix("^").removesuffix("$"))
    except (re.error, RecursionError, OverflowError):
        raise UnsupportedError(f"the pattern `{written[:40]}`") from None


def tolerances(
    node: _Element, variables: Mapping[str, Value], number: ToNumber
) -> tuple[Number, Number]:
    """Return how far below and above an `equal` lets its second number be."""
    found = []
    for written in (node.get("tolerance") or "0").split()[:2]:
        value = variables.get(written)
        found.append(value if isinstance(value, Fraction | float) else number(written))
    return found[0], found[-1]


def _equal(node: _Element, values: Values, variables: Variables, number: ToNumber) -> Value:
    left, right = _numbers(values)
    mode = node.get("toleranceMode", "exact")
    if mode == "exact":
        return left == right
    below, above = tolerances(node, variables, number)
    if mode == "relative":
        # Shares of the first number, not of the second: so it is defined.
        ends = sorted((left - left * below / 100, left + left * above / 100))
    else:
        ends = [left - below, left + above]
    lower = right >= ends[0] if node.get("includeLowerBound") != "false" else right > ends[0]
    upper = right <= ends[1] if node.get("includeUpperBound") != "false" else right < ends[1]
    return lower and upper


def rounded(number: Number, mode: str, figures: int) -> Number:
    """Return a number rounded to figures or to decimal places, halves upwards."""
    if figures < 0 or figures > 50:
        raise UnsupportedError("rounding to that many figures")
    if mode != "decimalPlaces" and number:
        figures -= 1 + math.floor(math.log10(abs(float(number))))
    unit = Fraction(10) ** figures
    return Fraction(math.floor(Fraction(number) * unit + Fraction(1, 2))) / unit


def _equal_rounded(node: _Element, values: Values, variables: Variables, _n: ToNumber) -> Value:
    mode = node.get("roundingMode", "significantFigures")
    figures = _whole(node.get("figures", "0"), variables)
    left, right = (rounded(number, mode, figures) for number in _numbers(values))
    return left == right


def _round_to(node: _Element, values: Values, variables: Variables, _n: ToNumber) -> Value:
    mode = node.get("roundingMode", "significantFigures")
    return rounded(_numbers(values)[0], mode, _whole(node.get("figures", "0"), variables))


def _product(_node: _Element, values: Values, _v: Variables, _n: ToNumber) -> Value:
    total: Number = _numbers(values)[0]
    for number in _numbers(values)[1:]:
        total *= number
    return total


def _divide(_node: _Element, values: Values, _v: Variables, _n: ToNumber) -> Value:
    left, right = _numbers(values)
    return left / right if right else None


def _power(_node: _Element, values: Values, _v: Variables, number: ToNumber) -> Value:
    base, exponent = _numbers(values)
    if exponent == int(exponent) and -64 <= exponent <= 64 and (base or exponent > 0):
        return Fraction(base) ** int(exponent) if isinstance(base, Fraction) else base**exponent
    return _by_float(lambda: float(base) ** float(exponent), number)


def _by_float(calculate: Callable[[], float | complex], number: ToNumber) -> Value:
    try:
        value = calculate()
    except (ArithmeticError, ValueError):
        return None
    return number(repr(value)) if isinstance(value, float) and math.isfinite(value) else None


def _math(node: _Element, values: Values, _v: Variables, number: ToNumber) -> Value:
    name = node.get("name", "")
    numbers = _numbers(values)
    if name in {"abs", "floor", "ceil"}:
        simple: dict[str, Callable[[Number], Number]] = {
            "abs": lambda n: -n if n < 0 else n,
            "floor": lambda n: Fraction(math.floor(n)),
            "ceil": lambda n: Fraction(math.ceil(n)),
        }
        return simple[name](numbers[0])
    known = {"ln": "log", "log": "log10", "toDegrees": "degrees", "toRadians": "radians"}
    if name not in _MATH:
        raise UnsupportedError(f"`{name}`")
    function = getattr(math, known.get(name, name))
    return _by_float(lambda: float(function(*map(float, numbers))), number)


_MATH = set(
    "sin cos tan asin acos atan atan2 sinh cosh tanh log ln exp toDegrees toRadians".split()
)


def _whole_numbers(
    calculate: Callable[[int, int], int],
) -> _OnValues:
    def on_values(_node: _Element, values: Values, _v: Variables, _n: ToNumber) -> Value:
        left, right = (math.floor(number) for number in _numbers(values))
        return Fraction(calculate(left, right)) if right else None

    return on_values


def _compare(holds: Callable[[Number, Number], bool]) -> _OnValues:
    def on_values(_node: _Element, values: Values, _v: Variables, _n: ToNumber) -> Value:
        left, right = _numbers(values)
        return holds(left, right)

    return on_values


def _of_numbers(calculate: Callable[[list[Number]], Number]) -> _OnValues:
    return lambda _node, values, _v, _n: calculate(_numbers(values))


_ON_VALUES: dict[str, _OnValues] = {
    "not": lambda _node, values, _v, _n: values[0] is not True,
    "match": lambda _node, values, _v, _n: same(values[0], values[1]),
    "member": lambda _node, values, _v, _n: values[0] in members(values[1]),
    "contains": _contains,
    "delete": _delete,
    "index": _index,
    "stringMatch": _string_match,
    "substring": _substring,
    "patternMatch": _pattern_match,
    "equal": _equal,
    "equalRounded": _equal_rounded,
    "roundTo": _round_to,
    "lt": _compare(lambda left, right: left < right),
    "lte": _compare(lambda left, right: left <= right),
    "gt": _compare(lambda left, right: left > right),
    "gte": _compare(lambda left, right: left >= right),
    "durationLT": _compare(lambda left, right: left < right),
    "durationGTE": _compare(lambda left, right: left >= right),
    "sum": _of_numbers(lambda numbers: sum(numbers[1:], numbers[0])),
    "min": _of_numbers(min),
    "max": _of_numbers(max),
    "integerToFloat": _of_numbers(lambda numbers: numbers[0]),
    "truncate": _of_numbers(lambda numbers: Fraction(math.trunc(numbers[0]))),
    "round": _of_numbers(lambda numbers: Fraction(math.floor(numbers[0] + Fraction(1, 2)))),
    "subtract": _of_numbers(lambda numbers: numbers[0] - numbers[1]),
    "product": _product,
    "divide": _divide,
    "power": _power,
    "mathOperator": _math,
    "integerDivide": _whole_numbers(lambda left, right: left // right),
    "integerModulus": _whole_numbers(lambda left, right: left % right),
    "gcd": _whole_numbers(math.gcd),
    "lcm": _whole_numbers(math.lcm),
}
