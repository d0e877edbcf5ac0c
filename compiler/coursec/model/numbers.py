"""Numbers as the author wrote them, and as sentences have them."""

from __future__ import annotations

from decimal import Decimal


def decimal_text(number: Decimal | int) -> str:
    """Return a number in plain digits, without trailing zeros and without an exponent.

    Only numbers of more than 40 digits keep an exponent, which every target reads too.
    """
    value = Decimal(number)
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int), "numbers are finite"
    if abs(exponent) > 40:
        return f"{value:e}"
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def counted(number: int | str, noun: str, plural: str = "") -> str:
    """Return a number with its noun, such as `1 quiz` and `2 quizzes`."""
    return f"{number} {noun if str(number) == '1' else plural or noun + 's'}"
