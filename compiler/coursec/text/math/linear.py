"""The regular tree as one line of plain text, for places that hold no math at all."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from xml.etree.ElementTree import Element

from coursec.text.math.formula import Formula
from coursec.text.math.tree import INVISIBLE, text_of, tree
from coursec.text.math.units import em

_RAISED = dict(zip("0123456789+−-=()in", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁱⁿ", strict=True)) | {
    "′": "′", "″": "″", "‴": "‴", "⁗": "⁗", "∗": "*", "†": "†", "∘": "°", "T": "ᵀ",
}  # fmt: skip
_LOWERED = dict(zip("0123456789+−-=()aehijklmnoprstuvx",
                    "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True))  # fmt: skip
_MOST_SMALL = 3
"""Characters of a script that is still easy to read in small letters."""

_COMBINING = {
    "^": "\u0302", "ˆ": "\u0302", "\u0302": "\u0302", "~": "\u0303", "˜": "\u0303",
    "¯": "\u0304", "ˉ": "\u0304", "˘": "\u0306", "˙": "\u0307", "¨": "\u0308", "˚": "\u030a",
    "ˇ": "\u030c", "`": "\u0300", "ˋ": "\u0300", "´": "\u0301", "ˊ": "\u0301",
    "\u20d7": "\u20d7", "→": "\u20d7", "←": "\u20d6", "↔": "\u20e1", "\u20db": "\u20db",
    "\u20dc": "\u20dc", "_": "\u0332",
}  # fmt: skip
_BRACES = frozenset("⏞⏟⎴⎵⏜⏝")
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ROOTS = {"2": "√", "3": "∛", "4": "∜"}
_PRESCRIPTS_END = "mprescripts"

# Operators that stand between blanks: relations, arrows and the binary ones.
_SPACED_CATEGORIES = frozenset(("Sm", "So"))
_UNSPACED = frozenset("¬∀∃∄∑∏∐∫∬∭∮⋃⋂⋁⋀⨁⨂⨆∂∇√/|‖∞±∓")
_ALSO_SPACED = frozenset("±∓∗⋆⋄†‡")
_STRUCK = "\u0336"
_SPACES = re.compile(r"\s+")
_OPEN_SCRIPT = re.compile(r"[_^][^\s()]+$")
_OPERATION = re.compile(r"[\s/,;+−=<>]")
_BRACKETED = re.compile(r"[(\[{][^()\[\]{}]*[)\]}]")
_SIMPLE_SCRIPT = re.compile(r"[^\W_⁰-₟ᵀ²³¹ⁱⁿᵢ-ᵪⱼ]+|.", re.DOTALL)


def linear_text(formula: Formula) -> str:
    r"""The formula on one line; its LaTeX source when it prints nothing (`\phantom{x}`)."""
    linear = _row(list(tree(formula.core)))
    text = unicodedata.normalize("NFC", _SPACES.sub(" ", linear).strip())
    return text or " ".join(formula.latex.split())


def _text(element: Element) -> str:
    """One element; every tag of the regular tree has its function."""
    return _PASSES[element.tag](element)


def _row(children: Sequence[Element]) -> str:
    """Elements side by side, with a blank where two would read as one."""
    line = ""
    before: Element | None = None
    for child in children:
        text = _text(child)
        if not text:
            continue
        if before is not None and _is_applied(before) and text[0] in "([{":
            line = line.rstrip()
        elif before is not None and _reads_on(before, line, text):
            line += " "
        line += text
        before = child
    return line


def _is_applied(element: Element) -> bool:
    """Whether this is the invisible sign between a function and its argument."""
    return element.tag == "mo" and not text_of(element)


def _reads_on(before: Element, line: str, text: str) -> bool:
    """Whether `text` would be taken for more of the fraction or script that ends `line`."""
    if not (text[0].isalnum() or text[0] in "∑∏∫√∛∂∇(["):
        return False
    if before.tag == "mfrac" or (before.tag == "mstyle" and before[0].tag == "mfrac"):
        return True
    is_script = before.tag in ("msub", "msup", "msubsup", "mmultiscripts")
    return is_script and text[0] not in "([" and bool(_OPEN_SCRIPT.search(line))


def _children(element: Element) -> str:
    return _row(list(element))


def _plain(text: str) -> str:
    """Letters without the style that mathematical alphabets give them, save `ℝ` and its like."""
    return "".join(
        unicodedata.normalize("NFKC", letter) if ord(letter) >= 0x1D400 else letter
        for letter in text.strip(INVISIBLE)
        if not 0xFE00 <= ord(letter) <= 0xFE0F
    ).translate(_SCRIPT_LETTERS)


# Letterlike symbols of the script and black-letter alphabets, which older fonts lack.
_SCRIPT_LETTERS = str.maketrans("ℬℰℱℋℐℒℳℛℯℊℴℭℌℑℜℨ", "BEFHILMRegoCHIRZ")


def _leaf(element: Element) -> str:
    return _plain(element.text or "")


def _words(element: Element) -> str:
    return (element.text or "").replace("\u00a0", " ")


def _is_spaced(mark: str) -> bool:
    """Whether an operator stands between blanks."""
    if mark in _ALSO_SPACED:
        return True
    is_math = len(mark) == 1 and unicodedata.category(mark) in _SPACED_CATEGORIES
    return (is_math and mark not in _UNSPACED) or mark in ":&"


def _operator(element: Element) -> str:
    mark = _plain(element.text or "")
    sides = element.get("lspace"), element.get("rspace")
    if not mark:
        return " " if sides[0] not in (None, "0") else ""
    if mark in (",", ";"):
        return mark if sides[1] == "0" else mark + " "
    if sides == ("0", "0"):
        # A sign (−a), an operator in a script, or one that braces have made a letter.
        return mark
    if mark == ":" and sides[0] == "0":
        return ": "
    if element.get("form") == "infix" and mark in ("|", "‖"):
        return f" {mark} "
    return f" {mark} " if _is_spaced(mark) else mark


def _space(element: Element) -> str:
    return " " if em(element.get("width", "0")) > 0.1 else ""


def _is_atomic(text: str) -> bool:
    """Whether text can be divided or raised without brackets around it."""
    outer, count = text, 1
    while count:
        outer, count = _BRACKETED.subn("x", outer)
    return not _OPERATION.search(outer)


def _is_factor(element: Element) -> bool:
    """Whether one can divide by this without brackets: `2`, `x²`, `f(x)`, `∂x`, not `2σ`."""
    if element.tag != "mrow":
        return element.tag not in ("mfrac", "mstyle", "mtable")
    parts = [child for child in element if child.tag != "mspace"]
    if len(parts) == 2 and text_of(parts[0]) in ("d", "∂"):
        return True
    text = _children(element).strip()
    return _is_bracketed(text[len(text) - len(text.lstrip(_LETTERS)) :]) and parts[0].tag != "mn"


def _is_bracketed(text: str) -> bool:
    """Whether one pair of round brackets holds the whole text."""
    depth = 0
    for place, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if depth == 0:
            return character == ")" and place == len(text) - 1
    return False


def _bracketed(element: Element) -> str:
    """An element's text, in round brackets unless it needs none."""
    text = _text(element).strip()
    return text if _is_atomic(text) else f"({text})"


def _fraction(element: Element) -> str:
    above, below = element
    if element.get("linethickness") == "0":
        return f"{_text(above).strip()} choose {_text(below).strip()}"
    divisor = _text(below).strip()
    if not (_is_factor(below) and _is_atomic(divisor)):
        divisor = f"({divisor})"
    return f"{_bracketed(above)}/{divisor}"


def _root_of(sign: str, radicand: str) -> str:
    """A root; what is under its sign is in brackets unless it is one character or number."""
    simple = len(radicand) == 1 or radicand.isdecimal() or _is_bracketed(radicand)
    return sign + (radicand if simple else f"({radicand})")


def _square_root(element: Element) -> str:
    return _root_of("√", _children(element).strip())


def _root(element: Element) -> str:
    base, index = element
    order = _text(index).strip()
    sign = _ROOTS.get(order) or (_small(order, _RAISED) or f"[{order}]") + "√"
    return _root_of(sign, _text(base).strip())


def _small(text: str, alphabet: dict[str, str]) -> str | None:
    """Text in superscript or subscript characters, None where Unicode has too few of them."""
    compact = text.replace(" ", "")
    if len(compact) > _MOST_SMALL and not compact.isdecimal():
        return None
    small = [alphabet.get(character) for character in compact]
    return "".join(character for character in small if character) if all(small) else None


def _script(mark: str, element: Element, alphabet: dict[str, str]) -> str:
    """A script in small characters, or after `^` or `_`."""
    text = _text(element).strip()
    if not text:
        return ""
    small = _small(text, alphabet)
    if small is not None:
        return small
    simple = _SIMPLE_SCRIPT.fullmatch(text) or _is_bracketed(text)
    return mark + (text if simple else f"({text})")


def _base(element: Element) -> str:
    """What carries a script: a fraction or sum in brackets, an operator without blanks."""
    if element.tag == "mo":
        return text_of(element)
    text = _text(element).strip()
    needs = element.tag in ("mfrac", "mstyle") or (
        element.tag == "mrow" and not _is_atomic(text) and not _is_fenced(element)
    )
    return f"({text})" if needs else text


def _is_fenced(row: Element) -> bool:
    """Whether a bracket that grows ends this row."""
    return row[-1].tag == "mo" and row[-1].get("stretchy") == "true"


def _around(base: Element, text: str) -> str:
    """Text with the blanks that its operator has when nothing is attached to it."""
    return f" {text} " if base.tag == "mo" and _is_spaced(text_of(base)) else text


def _sub(element: Element) -> str:
    base, below = element
    return _around(base, _base(base) + _script("_", below, _LOWERED))


def _sup(element: Element) -> str:
    base, above = element
    return _around(base, _base(base) + _script("^", above, _RAISED))


def _sub_sup(element: Element) -> str:
    base, below, above = element
    scripts = _script("_", below, _LOWERED) + _script("^", above, _RAISED)
    return _around(base, _base(base) + scripts) + _apart(base)


def _apart(base: Element) -> str:
    """The blank between the limits of a sum or integral and what it ranges over."""
    return " " if base.tag == "mo" and not _is_spaced(text_of(base)) else ""


def _multiscripts(element: Element) -> str:
    base, *rest = element
    tags = [child.tag for child in rest]
    split = tags.index(_PRESCRIPTS_END) if _PRESCRIPTS_END in tags else len(rest)
    after, before = rest[:split], rest[split + 1 :]
    return _pair(before) + _base(base) + _pair(after)


def _pair(scripts: Sequence[Element]) -> str:
    """A subscript and a superscript, either of which may be empty."""
    if len(scripts) < 2:
        return ""
    return _script("_", scripts[0], _LOWERED) + _script("^", scripts[1], _RAISED)


def _over_or_under(element: Element) -> str:
    base, script = element
    mark = text_of(script) if script.tag == "mo" else ""
    if "true" in (element.get("accent"), element.get("accentunder")):
        combining = _COMBINING.get(mark)
        text = _text(base)
        # A brace above or below says nothing without its label, which is another element.
        return text if combining is None else _marked(text, combining)
    below = element.tag == "munder"
    if base.tag == element.tag and text_of(base[1]) in _BRACES:
        return f"({_text(base).strip()})[{_text(script).strip()}]"
    if base.tag == "mo" and text_of(base) in "→←↔⇒⇐⇔↦⇌=⟶⟵":
        return f" {text_of(base)}[{_text(script).strip()}] "
    marked = _base(base) + (_script("_", script, {}) if below else _script("^", script, {}))
    return _around(base, marked) + _apart(base)


def _marked(text: str, combining: str) -> str:
    """Text with a combining character on each of its letters."""
    return "".join(c + combining if c.isalnum() else c for c in text) or combining


def _under_and_over(element: Element) -> str:
    base, below, above = element
    if base.tag == "mo" and _is_spaced(text_of(base)):
        labels = "; ".join(filter(None, (_text(above).strip(), _text(below).strip())))
        return f" {text_of(base)}[{labels}] "
    scripts = _script("_", below, {}) + _script("^", above, {})
    return _base(base) + scripts + _apart(base)


def _enclosure(element: Element) -> str:
    text = _children(element).strip()
    return f"[{text}]" if element.get("notation") == "box" else _marked(text, _STRUCK)


def _table(element: Element) -> str:
    """Rows apart by semicolons; cells by commas, or by nothing where they touch."""
    spaces = element.get("columnspacing", "").split()
    rows = []
    for row in element:
        line = ""
        for column, cell in enumerate(row):
            if column:
                touches = column <= len(spaces) and spaces[column - 1] == "0em"
                line = line if touches else line.rstrip() + ", "
            line += _children(cell)
        rows.append(line.strip(" ,"))
    return "; ".join(filter(None, rows))


def _nothing(_element: Element) -> str:
    return ""


_PASSES: dict[str, Callable[[Element], str]] = {
    "mi": _leaf,
    "mn": _leaf,
    "mo": _operator,
    "mtext": _words,
    "mspace": _space,
    "mrow": _children,
    "mtd": _children,
    "mstyle": _children,
    "mpadded": _children,
    "mphantom": _nothing,
    "mfrac": _fraction,
    "msqrt": _square_root,
    "mroot": _root,
    "msub": _sub,
    "msup": _sup,
    "msubsup": _sub_sup,
    "mmultiscripts": _multiscripts,
    "mover": _over_or_under,
    "munder": _over_or_under,
    "munderover": _under_and_over,
    "menclose": _enclosure,
    "mtable": _table,
}
