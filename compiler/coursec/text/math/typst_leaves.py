r"""The leaves of a formula as Typst math markup: letters, numbers, operators, texts, spaces.

No text of the author's can become code: a letter stands alone, any other character has a
backslash before it, and everything longer is a string. Typst would look a run of letters up as
a name. Symbols are written as themselves and never by a name of Typst's, which a later version
may change.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from xml.etree.ElementTree import Element

from coursec.text.math.tree import INVISIBLE
from coursec.text.math.units import em

LARGE_OPERATORS = frozenset("∑∏∐⋃⋂⋁⋀⨀⨁⨂⨃⨄⨅⨆⨇⨈⨉∫∬∭∮∯∰∱∲∳⨋⨌⨍⨎⨏")

EMPTY = '""'
"""What stands for nothing where Typst wants something."""

_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_CLUSTER = re.compile(r".[\ufe00\ufe01]?", re.DOTALL)
_SCRIPT_FUNCTIONS = {"\ufe00": "cal", "\ufe01": "scr"}
_SLASHED_ZERO = "∅\ufe00"

# Letters of no alphabet that Typst spaces like letters anyway.
_ORDINARY = frozenset("∞∂∇")
_PUNCTUATION = frozenset(",;.")
_BARS = frozenset("|‖∣∥")

# The class that LaTeX gave an operator, read from the space around it: 3, 4 and 5 mu.
_CLASSES = {
    ("0", "0"): "normal",
    ("0", "0.1667em"): "punctuation",
    ("0.2222em", "0.2222em"): "binary",
    ("0.2778em", "0.2778em"): "relation",
}
_BAR_CLASSES = {"prefix": "opening", "postfix": "closing", "infix": "relation"}

_TEXT_FUNCTIONS = {
    "bold": ("bold",),
    "italic": ("italic",),
    "bold-italic": ("bold", "italic"),
    "monospace": ("mono",),
    "sans-serif": ("sans",),
}
_TEXT_CALL = re.compile(r"(?:bold|italic|mono|sans|text|class)\(")


def join(parts: Iterable[str]) -> str:
    """Markup side by side.

    Typst shows a blank beside a text, and LaTeX has none there, so there are blanks only where
    two names or numbers would run together.
    """
    joined = ""
    for part in parts:
        if joined and part and joined[-1].isalnum() and part[0].isalnum():
            joined += "/**/" if _TEXT_CALL.match(part) else " "
        joined += part
    return joined


def quoted(text: str) -> str:
    """A Typst string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + " ".join(re.split(r"[\t\r\n]", escaped)) + '"'


def character(symbol: str) -> str:
    """One character of math, safe wherever it stands."""
    if symbol.isascii():
        return symbol if symbol.isalnum() else f'"{symbol}"' if symbol.isspace() else "\\" + symbol
    if symbol.isalpha():
        return symbol
    # A combining mark or a format character would join the backslash.
    if unicodedata.category(symbol)[0] in "MCZ":
        return quoted(symbol)
    return "\\" + symbol


def is_spaced(element: Element) -> bool:
    """Whether this is an operator that Typst puts space around: neither bracket nor letter."""
    if element.tag != "mo" or (element.get("lspace"), element.get("rspace")) == ("0", "0"):
        return False
    text = (element.text or "").strip(INVISIBLE)
    return bool(text) and unicodedata.category(text[0]) not in ("Ps", "Pe")


def kept_space(width: float) -> str:
    """A space, in em, beside an operator, which keeps its own.

    Typst drops the space around an operator that stands beside an explicit one; LaTeX adds
    them up. An invisible letter in between keeps them apart.
    """
    return f'class("normal", ""#h({width:.4g}em))'


def gap(width: float) -> str:
    """A space of that width in em, which may be negative; nothing for none."""
    return f"#h({width:.4g}em)" if abs(width) >= 0.001 else ""


def _gap(width: str | None) -> str:
    """A space as wide as an attribute says."""
    return gap(em(width or "0"))


def number(element: Element) -> str:
    """`mn`."""
    text = (element.text or "").strip(INVISIBLE)
    return text if _NUMBER.fullmatch(text) else quoted(text)


def identifier(element: Element) -> str:
    """`mi`: one letter in italics, a word upright, or letters that bring their own style."""
    text = (element.text or "").strip(INVISIBLE)
    if len(text) == 1:
        return _letter(text, upright=element.get("mathvariant") == "normal")
    if "\ufe00" in text or "\ufe01" in text:
        return join(_selected(cluster) for cluster in _CLUSTER.findall(text))
    return quoted(text) if text else ""


def _letter(letter: str, *, upright: bool) -> str:
    """A single identifier."""
    if not letter.isalpha():
        symbol = character(letter)
        return symbol if letter in _ORDINARY else f'class("normal", {symbol})'
    if upright:
        return f"upright({character(letter)})"
    # Typst, like LaTeX, sets Greek capitals upright; LaTeX has \varGamma for the others.
    return f"italic({letter})" if "Α" <= letter <= "Ω" else character(letter)


def _selected(cluster: str) -> str:
    """A character that may have a selector behind it for one of the two script alphabets."""
    if cluster == _SLASHED_ZERO:
        return cluster
    letter = unicodedata.normalize("NFKC", cluster[0])
    function = _SCRIPT_FUNCTIONS.get(cluster[1:])
    if function and len(letter) == 1:
        return f"{function}({character(letter)})"
    return character(cluster[0])


def operator(element: Element) -> str:
    """`mo` with the space around it that LaTeX gives it."""
    text = (element.text or "").strip(INVISIBLE)
    left, right = element.get("lspace"), element.get("rspace")
    if not text:
        return _gap(left) + _gap(right)
    symbol = character(text) if len(text) == 1 else f'class("relation", {quoted(text)})'
    if element.get("minsize"):
        symbol = f"lr(size: #{em(element.get('minsize', '')):.4g}em, {symbol})"
    kind = _class(element, text, left, right)
    return f'class("{kind}", {symbol})' if kind else symbol


def _class(element: Element, text: str, left: str | None, right: str | None) -> str | None:
    """The math class an operator has, None where Typst knows it by itself."""
    form = element.get("form", "")
    if text in LARGE_OPERATORS:
        return None
    if text in _BARS and form in _BAR_CLASSES:
        return _BAR_CLASSES[form]
    if text in _PUNCTUATION and right == "0":
        return "normal"
    return _CLASSES.get((left or "", right or ""))


def fence(element: Element) -> str:
    """A bracket at the end of a row that grows with it."""
    return character(element.text or "")


def divider(element: Element) -> str:
    r"""The `\middle|` of a row, which grows with it."""
    default = "0.2778em" if element.get("form") == "infix" else "0"
    left, right = element.get("lspace", default), element.get("rspace", default)
    return f"{_gap(left)}mid({character(element.text or '')}){_gap(right)}"


def gap_before(element: Element) -> str:
    """The space that a bracket asks for on its outer left."""
    return _gap(element.get("lspace"))


def gap_after(element: Element) -> str:
    """The space that a bracket asks for on its outer right."""
    return _gap(element.get("rspace"))


def words(element: Element) -> str:
    """`mtext`."""
    text = (element.text or "").replace("\u00a0", " ")
    if not text:
        return ""
    markup = quoted(text)
    for function in _TEXT_FUNCTIONS.get(element.get("mathvariant", ""), ()):
        markup = f"{function}({markup})"
    percent = element.get("mathsize", "")
    if re.fullmatch(r"[0-9]+%", percent):
        markup = f"text(size: #{int(percent[:-1]) / 100:.4g}em, {markup})"
    return markup
