r"""A small part of mhchem: the `\ce{…}` of formulas and reactions, as upright letters with scripts.

It covers what a quiz needs (`H2O`, `SO4^2-`, `Fe^{3+}`, `2H2 + O2 -> 2H2O`, `(NH4)2SO4`) and
refuses the rest: mhchem's own grammar is several times larger and has no specification.
"""

from __future__ import annotations

import re

from coursec.text.math.formula import MathError

_ARROWS = {"<=>": r"\rightleftharpoons", "<->": r"\leftrightarrow", "->": r"\rightarrow",
           "<-": r"\leftarrow"}  # fmt: skip
_HINT = r"Write it without \ce, for instance \mathrm{H_2O}."

_PART = re.compile(
    r"""
      (?P<space>\s+)
    | (?P<arrow><=>|<->|->|<-)
    | (?P<charge>\^(?:\{(?P<braced>[0-9]*[+-])\}|(?P<bare>[0-9]*[+-])))
    | (?P<index>_(?:\{(?P<wide>[0-9]+|[a-z])\}|(?P<narrow>[0-9a-z])))
    | (?P<sign>[+-])
    | (?P<number>[0-9]+)
    | (?P<letters>[A-Za-z]+)
    | (?P<bracket>[()\[\]])
    | (?P<equals>=)
    """,
    re.VERBOSE,
)


def chemistry(source: str, offset: int) -> str:
    r"""The inside of a `\ce{…}` as plain LaTeX in braces.

    `offset` is the place of `source` in the author's LaTeX; it goes into the MathError that is
    raised for what this subset of mhchem does not know.
    """
    written: list[str] = []
    position = 0
    while position < len(source):
        match = _PART.match(source, position)
        if match is None:
            raise MathError(
                rf"\ce{{…}} does not know what {source[position]!r} means here.",
                offset + position,
                _HINT,
            )
        written.append(_part(match, source))
        position = match.end()
    if not source.strip():
        raise MathError(r"\ce{} is empty.", offset, _HINT)
    return "{" + "".join(written) + "}"


def _part(match: re.Match[str], source: str) -> str:
    """What one part of a chemical formula is in LaTeX."""
    text = match[0]
    before = source[match.start() - 1] if match.start() else " "
    after = source[match.end()] if match.end() < len(source) else " "
    # A number or sign that touches what stands before it belongs to it: H2, Na+.
    attached = before.isalnum() or before in ")]"
    match match.lastgroup:
        case "space":
            return " "
        case "arrow":
            return _ARROWS[text] + " "
        case "number":
            return f"_{{{text}}}" if attached else text + r"\,"
        case "sign":
            return f"^{{{text}}}" if attached and not after.isalnum() else text
        case "letters":
            return rf"\mathrm{{{text}}}"
        case "equals" | "bracket":
            return text
    return _script(match)


def _script(match: re.Match[str]) -> str:
    """A charge or an index that the author marked with ^ or _."""
    if match["charge"]:
        return f"^{{{match['braced'] or match['bare']}}}"
    return f"_{{{match['wide'] or match['narrow']}}}"
