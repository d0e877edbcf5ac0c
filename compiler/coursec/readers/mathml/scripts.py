"""What stands above and below: scripts, limits, accents, arrows with words."""

from __future__ import annotations

from collections.abc import Sequence

from coursec.readers.element import Element
from coursec.readers.mathml import functions, nodes, rows, signs
from coursec.readers.mathml.signs import characters, is_space
from coursec.readers.mathml.style import Style

_ACCENTS = {
    "ˆ": ("hat", "widehat"), "^": ("hat", "widehat"), "\u0302": ("widehat", "widehat"),
    "¯": ("bar", "overline"), "‾": ("overline", "overline"), "\u0304": ("bar", "overline"),
    "\u0305": ("overline", "overline"), "_": ("overline", "overline"),
    "˜": ("tilde", "widetilde"), "~": ("widetilde", "widetilde"), "\u0303": ("tilde", "widetilde"),
    "⃗": ("vec", "overrightarrow"), "˙": ("dot", "dot"), ".": ("dot", "dot"),
    "\u0307": ("dot", "dot"), "¨": ("ddot", "ddot"), "⃛": ("dddot", "dddot"),
    "⃜": ("ddddot", "ddddot"), "ˇ": ("check", "widecheck"), "˘": ("breve", "breve"),
    "´": ("acute", "acute"), "`": ("grave", "grave"), "˚": ("mathring", "mathring"),
    "⏞": ("overbrace", "overbrace"), "⏜": ("overparen", "overparen"),
    "⎴": ("overbracket", "overbracket"), "→": ("overrightarrow", "overrightarrow"),
    "←": ("overleftarrow", "overleftarrow"), "↔": ("overleftrightarrow", "overleftrightarrow"),
}  # fmt: skip
"""Commands of the signs above a letter: as they are, and where they grow with it."""
_UNDER_ACCENTS = {
    "_": "underline", "\u0332": "underline", "¯": "underline", "‾": "underline",
    "⏟": "underbrace", "⏝": "underparen", "⎵": "underbracket", "→": "underrightarrow",
    "←": "underleftarrow", "~": "utilde",
}  # fmt: skip
_ARROWS = frozenset("→←↔")
_BRACES = frozenset("⏞⏟⎴⎵⏜⏝")
_LONG_ARROWS = {
    "→": "xrightarrow", "←": "xleftarrow", "⇒": "xRightarrow", "⇐": "xLeftarrow",
    "↔": "xleftrightarrow", "⇔": "xLeftrightarrow", "↦": "xmapsto", "↪": "xhookrightarrow",
    "↩": "xhookleftarrow",
}  # fmt: skip
_PRIMES = {"′": "'", "″": "''", "‴": "'''", "⁗": "''''", "'": "'"}


def scripted(node: Element, style: Style) -> str:
    """Return `msub`, `msup` or `msubsup`."""
    base, *given = node.elements
    if signs.function_name(base) in signs.FUNCTIONS | signs.LIMITS:
        return functions.function(node, style)
    large = base.name == "mo" and characters(base) in signs.LARGE - signs.INTEGRALS
    return _base(base, style) + (r"\nolimits" if large else "") + attached(node.name, given)


def attached(name: str, given: Sequence[Element]) -> str:
    """Return the scripts of an element of this name."""
    if name in ("mover", "msup"):
        return _above(given[0])
    below = f"_{nodes.group(given[0])}"
    return below if len(given) < 2 else below + _above(given[1])


def _base(node: Element, style: Style) -> str:
    """Return what carries a script; what has scripts of its own stands in braces."""
    written = nodes.node(node, style).strip()
    told = node.get("accent") or node.get("accentunder")
    if node.name in rows.SCRIPTED and told != "true":
        return f"{{{written}}}"
    return written or "{}"


def _above(script: Element) -> str:
    """Return a raised node; primes are primes."""
    children = script.elements if script.name == "mrow" else [script]
    primes = ""
    at = 0
    while at < len(children):
        if children[at].name == "mo" and characters(children[at]) in _PRIMES:
            primes += _PRIMES[characters(children[at])]
        elif not (primes and is_space(children[at], -0.0833)):
            break
        at += 1
    if not primes:
        return f"^{nodes.group(script)}"
    rest = rows.row(children[at:], Style.SCRIPT)
    return f"{primes}^{{{rest}}}" if rest else primes


def over_and_under(node: Element, style: Style) -> str:
    """Return `munder`, `mover` or `munderover`."""
    base, *given = node.elements
    if (arrow := long_arrow(node)) is not None:
        return arrow
    if len(given) == 1 and (accent := _accent(node, base, given[0], style)):
        return accent
    mark = base.elements[-1] if base.name in ("mover", "munder") and base.elements else None
    if mark is not None and characters(mark) in _BRACES:
        return nodes.node(base, style) + attached(node.name, given)
    if base.name == "mo" and characters(base) in signs.LARGE:
        fixed = base.get("movablelimits") == "false" or characters(base) in signs.INTEGRALS
        limits = r"\limits" if fixed else ""
        return signs.operator(base).rstrip() + limits + attached(node.name, given)
    written = nodes.group(_without_space(base), style)
    if node.name != "mover":
        written = rf"\underset{nodes.group(given[0])}{written}"
    if node.name == "munderover":
        written = f"{{{written}}}"
    if node.name != "munder":
        written = rf"\overset{nodes.group(given[-1])}{written}"
    return written


def _without_space(base: Element) -> Element:
    """Return a function without the space that TeX sets before it."""
    if base.name == "mrow" and len(base.elements) == 2:
        space, function = base.elements
        if is_space(space, 0.1667) and functions.is_function(function):
            return function
    return base


def _accent(node: Element, base: Element, script: Element, style: Style) -> str | None:
    """Return a letter with a sign above or below it; None where the sign is none of these."""
    if script.name != "mo":
        return None
    sign = characters(script)
    told = node.get("accent" if node.name == "mover" else "accentunder") == "true"
    overset = sign in _ARROWS and script.get("stretchy") == "false"
    if not told and (overset or base.name == "mo"):
        return None
    if node.name == "munder":
        command = _UNDER_ACCENTS.get(sign)
    else:
        wide = script.get("stretchy") == "true"
        command = _ACCENTS[sign][wide] if sign in _ACCENTS else None
    return None if command is None else rf"\{command}{nodes.group(base, style)}"


def long_arrow(node: Element) -> str | None:
    """Return an arrow with words above or below it; None for anything else."""
    if node.name not in ("mover", "munder", "munderover") or node.get("accent") == "true":
        return None
    base, *given = node.elements
    command = _LONG_ARROWS.get(characters(base)) if base.name == "mo" else None
    if command is None or base.get("stretchy") == "false":
        return None
    inside = [_without_margins(script) for script in given]
    if node.name == "mover":
        return rf"\{command}{{{inside[0]}}}"
    return rf"\{command}[{nodes.option(inside[0])}]{{{inside[1] if len(inside) > 1 else ''}}}"


def _without_margins(script: Element) -> str:
    children = script.elements if script.name == "mrow" else [script]
    if len(children) > 2 and is_space(children[0], 0.4286) and is_space(children[-1], 0.4286):
        children = children[1:-1]
    return nodes.inside(children, Style.SCRIPT)


def multiscripts(node: Element, style: Style) -> str:
    """Return `mmultiscripts`: scripts on both sides."""
    base, *given = node.elements
    at = next((i for i, s in enumerate(given) if s.name == "mprescripts"), len(given))
    behind, before = given[:at], given[at + 1 :]
    if len(before) == 2 and characters(base) in signs.LARGE and len(behind) in (0, 2):
        return rf"\sideset{{{_pair(before)}}}{{{_pair(behind)}}}{nodes.group(base, style)}"
    if len(before) == 2:
        below, above = (nodes.group(script) for script in before)
        out = rf"\prescript{above}{below}{nodes.group(base, style)}"
    else:
        pairs = [before[i : i + 2] for i in range(0, len(before), 2)]
        out = "".join(f"{{}}{_pair(pair)}" for pair in pairs) + _base(base, style)
    for index in range(0, len(behind), 2):
        pair = _pair(behind[index : index + 2])
        out = f"{{{out}}}{pair}" if index else out + pair
    return out


def _pair(given: Sequence[Element]) -> str:
    """Return the scripts below and above that are there."""
    return "".join(
        f"{mark}{nodes.group(script)}"
        for mark, script in zip("_^", given, strict=False)
        if script.name != "none" and (script.name != "mrow" or script.elements)
    )
