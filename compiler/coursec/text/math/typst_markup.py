"""The regular tree as Typst math markup, for Typst 0.15; see `typst_leaves` for its safety."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from xml.etree.ElementTree import Element

from coursec.text.math import typst_leaves as leaves
from coursec.text.math.formula import Formula
from coursec.text.math.tree import text_of, tree
from coursec.text.math.typst_leaves import EMPTY, LARGE_OPERATORS, character, join
from coursec.text.math.units import em

_ARROWS = frozenset("→←↔⇒⇐⇔↦↩↪⇀⇁↼⇽⇌⇋⇄↠↞=")

# The character over a base in MathML, and the combining character that is the accent in Typst.
_ACCENTS = {
    "^": "0302", "ˆ": "0302", "\u0302": "0302", "~": "0303", "˜": "0303", "\u0303": "0303",
    "¯": "0304", "ˉ": "0304", "˘": "0306", "˙": "0307", "¨": "0308", "˚": "030a", "ˇ": "030c",
    "`": "0300", "ˋ": "0300", "´": "0301", "ˊ": "0301", "\u20d7": "20d7", "→": "20d7",
    "←": "20d6", "↔": "20e1", "⇀": "20d1", "↼": "20d0", "\u20db": "20db", "\u20dc": "20dc",
}  # fmt: skip
_ACCENTS_BELOW = {"→": "20ef", "←": "20ee", "↔": "034d", "~": "0330", "˜": "0330"}
_LINES = {
    "mover": {"¯": "overline", "⏞": "overbrace", "⎴": "overbracket", "⏜": "overparen",
              "⏠": "overshell"},
    "munder": {"_": "underline", "⏟": "underbrace", "⎵": "underbracket", "⏝": "underparen",
               "⏡": "undershell"},
}  # fmt: skip
_STRIKES = {
    "updiagonalstrike": "",
    "downdiagonalstrike": ", inverted: #true",
    "horizontalstrike": ", angle: #90deg",
}

# Typst takes a line's height from its font, and lets tall math spill over, unless lines have
# no distance at all.
_TIGHT = "{{set par(leading: 0em); ${}$}}"
_LINE = "0.5pt"


def typst_markup(formula: Formula) -> str:
    """Typst math markup, without dollar signs, that shows the formula."""
    return _row(list(tree(formula.core)))


def _markup(element: Element) -> str:
    """One element; every tag of the regular tree has its function."""
    return _PASSES[element.tag](element)


def _filled(element: Element) -> str:
    """One element where Typst needs an argument."""
    return _markup(element) or EMPTY


def _grows(element: Element) -> bool:
    """Whether this is a bracket that takes the height of its row."""
    return element.tag == "mo" and element.get("stretchy") == "true" and not element.get("minsize")


def _row(children: Sequence[Element]) -> str:
    """Elements side by side; within brackets that grow, `lr` makes them grow."""
    first = children[0] if len(children) > 1 and _grows(children[0]) else None
    last = children[-1] if len(children) > 1 and _grows(children[-1]) else None
    if first is None and last is None:
        return join(_parts(children))
    inner = children[first is not None : len(children) - (last is not None)]
    if first is not None and last is not None and first.text == "(" and _is_binomial(inner):
        return f"binom({_filled(inner[0][0])}, {_filled(inner[0][1])})"
    body = join(_parts(inner, divided=True))
    opening = leaves.fence(first) if first is not None else ""
    closing = leaves.fence(last) if last is not None else ""
    before = leaves.gap_before(first) if first is not None else ""
    after = leaves.gap_after(last) if last is not None else ""
    return f"{before}lr({join((opening, body, closing))}){after}"


def _parts(children: Sequence[Element], *, divided: bool = False) -> Iterator[str]:
    """The markup of each element of a row, spaces by the run.

    When `divided`, the row is within brackets, and an operator that grows divides it.
    """
    before: Element | None = None
    space = 0.0
    for child in (*children, None):
        if child is not None and child.tag == "mspace":
            space += em(child.get("width", "0"))
            continue
        if abs(space) >= 0.001:
            beside = [near is not None and leaves.is_spaced(near) for near in (before, child)]
            keeps = beside in ([True, False], [False, True])
            yield leaves.kept_space(space) if keeps else leaves.gap(space)
        if child is not None:
            yield leaves.divider(child) if divided and _grows(child) else _markup(child)
        before, space = child, 0.0


def _is_binomial(inner: Sequence[Element]) -> bool:
    """Whether a bracket holds nothing but a fraction without a line."""
    return len(inner) == 1 and inner[0].tag == "mfrac" and inner[0].get("linethickness") == "0"


def _children(element: Element) -> str:
    return _row(list(element))


def _fraction(element: Element) -> str:
    above, below = (_filled(child) for child in element)
    if element.get("linethickness") == "0":
        return f"mat(delim: #none, row-gap: #0.2em, {above} ; {below})"
    return f"frac({above}, {below})"


def _root(element: Element) -> str:
    base, index = element
    return f"root({_filled(index)}, {_filled(base)})"


def _scripts(element: Element) -> str:
    """`msub`, `msup`, `msubsup`: beside the base, also where Typst would put them below it."""
    base, *scripts = element
    names = {"msub": ("br",), "msup": ("tr",), "msubsup": ("br", "tr")}[element.tag]
    return _attach(_beside(base), dict(zip(names, scripts, strict=True)))


def _beside(base: Element) -> str:
    """A base whose scripts stay beside it."""
    markup = _filled(base)
    return markup if base.tag in ("mi", "mn", "mtext") else f"scripts({markup})"


def _attach(base: str, scripts: dict[str, Element]) -> str:
    attached = ", ".join(f"{place}: {_filled(script)}" for place, script in scripts.items())
    return f"attach({base}, {attached})"


def _multiscripts(element: Element) -> str:
    """`mmultiscripts` with at most one pair of scripts on either side."""
    base, *rest = element
    tags = [child.tag for child in rest]
    split = tags.index("mprescripts") if "mprescripts" in tags else len(rest)
    places = (*zip(("br", "tr"), rest[:split], strict=False),
              *zip(("bl", "tl"), rest[split + 1 :], strict=False))  # fmt: skip
    scripts = {place: script for place, script in places if _markup(script)}
    return _attach(_beside(base), scripts) if scripts else _filled(base)


def _over_or_under(element: Element) -> str:
    """`mover`, `munder`: an accent, a line or brace, or a script above or below."""
    base, script = element
    if script.tag == "mo":
        mark = text_of(script)
        is_bar = mark == "¯" and script.get("stretchy") != "true"
        function = None if is_bar else _LINES[element.tag].get(mark)
        if function:
            return f"{function}({_filled(base)})"
        accent = _accent(element, mark)
        if accent:
            fixed = script.get("stretchy") == "false" and len(text_of(base)) > 1
            size = ", size: #0%" if fixed else ""
            return f'accent({_filled(base)}, #"\\u{{{accent}}}"{size})'
    place = "t" if element.tag == "mover" else "b"
    return _attach(_limited(base), {place: script}) if _markup(script) else _filled(base)


def _accent(element: Element, mark: str) -> str | None:
    """The code point of Typst's accent for a mark, None when it is a script like any other."""
    if element.tag == "mover":
        return _ACCENTS.get(mark) if element.get("accent") == "true" else None
    return _ACCENTS_BELOW.get(mark) if element.get("accentunder") == "true" else None


def _under_and_over(element: Element) -> str:
    base, under, over = element
    scripts = {place: script for place, script in (("b", under), ("t", over)) if _markup(script)}
    return _attach(_limited(base), scripts) if scripts else _filled(base)


def _limited(base: Element) -> str:
    """A base whose scripts stand above and below: a sum's only in display, others' always."""
    if base.tag == "mo":
        text = text_of(base)
        if text in _ARROWS and base.get("stretchy") != "false":
            return f"limits(stretch({character(text)}))"
        if text in LARGE_OPERATORS and base.get("movablelimits") != "false":
            return f"limits(inline: #false, {_filled(base)})"
    return f"limits({_filled(base)})"


def _style(element: Element) -> str:
    """`mstyle`: size, then colour."""
    child = element[0]
    level, display = element.get("scriptlevel"), element.get("displaystyle")
    if child.tag == "mtable" and level == "1":
        # The cells of a Typst matrix are one size smaller than what is around it.
        return f"inline({_matrix(child, row_gap='0.1em')})"
    sizes = {"1": "script", "2": "sscript"}
    styles = {"true": "display", "false": "inline"}
    function = sizes.get(level or "") or styles.get(display or "")
    markup = _filled(child)
    if function:
        markup = f"{function}({markup})"
    colour = element.get("mathcolor")
    return f'text(fill: #rgb("{colour}"), {markup})' if colour else markup


def _phantom(element: Element) -> str:
    return f"#hide(${_children(element) or EMPTY}$)"


def _padded(element: Element) -> str:
    r"""`mpadded` of no width is `\vphantom`; for one of no height Typst has nothing."""
    body = _children(element) or EMPTY
    return f"#box(width: 0pt, {_TIGHT.format(body)})" if element.get("width") == "0em" else body


def _enclosure(element: Element) -> str:
    body = _children(element) or EMPTY
    strike = _STRIKES.get(element.get("notation", ""))
    if strike is not None:
        return f"cancel({body}{strike})"
    return f"#box(stroke: {_LINE}, inset: 0.3em, {_TIGHT.format(f'display({body})')})"


def _table(element: Element) -> str:
    """`mtable`, its cells in text style as in LaTeX, and the lines around it as a box."""
    if element.get("displaystyle") == "true":
        matrix = _matrix(element, row_gap="0.5em")
    else:
        matrix = f"display({_matrix(element)})"
    sides = element.get("frame", "").split()
    if not sides:
        return matrix
    stroke = ", ".join(f"{side}: {_LINE}" for side in sides)
    return f"#box(stroke: ({stroke}), inset: (y: 0.1em), {_TIGHT.format(matrix)})"


def _matrix(table: Element, row_gap: str | None = None) -> str:
    """A `mat`; two columns that touch are one, with Typst's alignment point between them."""
    aligns = table.get("columnalign", "").split()
    spaces = table.get("columnspacing", "").split()
    touching = [
        space == "0em" and aligns[column : column + 2] == ["right", "left"]
        for column, space in enumerate(spaces)
    ]
    gaps = [space for space, touches in zip(spaces, touching, strict=True) if not touches]
    arguments = ["delim: #none"]
    if gaps:
        arguments.append(f"column-gap: #{max(gaps)}")
    if row_gap:
        arguments.append(f"row-gap: #{row_gap}")
    lines = _augment(table)
    if lines:
        arguments.append(f"augment: #({lines}, stroke: {_stroke(table)})")
    # Right behind a #h(…), Typst takes a semicolon for the end of the code.
    rows = " ; ".join(", ".join(_cells(row, table, aligns, touching)) for row in table)
    return f"mat({', '.join(arguments)}, {rows})"


def _cells(
    row: Element, table: Element, aligns: Sequence[str], touching: Sequence[bool]
) -> list[str]:
    """The cells of one row, aligned."""
    cells: list[str] = []
    for column, cell in enumerate(row):
        body = _children(cell)
        if body and table.get("displaystyle") == "true":
            body = f"display({body})"
        body = _inset(body, table, column, len(aligns))
        if column and touching[column - 1]:
            cells[-1] = f"{cells[-1]} {body}"
        elif aligns[column] == "right":
            cells.append(f"{body} &")
        elif aligns[column] == "left":
            cells.append(f"& {body}")
        else:
            cells.append(body or EMPTY)
    return cells


def _inset(body: str, table: Element, column: int, width: int) -> str:
    """A cell kept off the line at the side of its table, so that other lines reach that line."""
    sides = table.get("frame", "").split()
    left = "#h(0.5em)" if column == 0 and "left" in sides else ""
    right = "#h(0.5em)" if column == width - 1 and "right" in sides else ""
    return f"{left}{body}{right}"


def _augment(table: Element) -> str:
    """The lines between rows and columns, as the fields of Typst's `augment`."""
    fields = []
    for field, name in (("hline", "rowlines"), ("vline", "columnlines")):
        lines = table.get(name, "").split()
        places = [f"{place}," for place, line in enumerate(lines, 1) if line != "none"]
        if places:
            fields.append(f"{field}: ({' '.join(places)})")
    return ", ".join(fields)


def _stroke(table: Element) -> str:
    """One stroke for all lines, as `augment` has no more: dashed when no line is solid."""
    lines = f"{table.get('rowlines', '')} {table.get('columnlines', '')}"
    return _LINE if "solid" in lines else f'(thickness: {_LINE}, dash: "dashed")'


_PASSES: dict[str, Callable[[Element], str]] = {
    "mi": leaves.identifier,
    "mn": leaves.number,
    "mo": leaves.operator,
    "mtext": leaves.words,
    "mspace": lambda element: leaves.gap(em(element.get("width", "0"))),
    "mrow": _children,
    "mtd": _children,
    "mstyle": _style,
    "mfrac": _fraction,
    "msqrt": lambda element: f"sqrt({_children(element) or EMPTY})",
    "mroot": _root,
    "msub": _scripts,
    "msup": _scripts,
    "msubsup": _scripts,
    "mmultiscripts": _multiscripts,
    "mover": _over_or_under,
    "munder": _over_or_under,
    "munderover": _under_and_over,
    "mphantom": _phantom,
    "mpadded": _padded,
    "menclose": _enclosure,
    "mtable": _table,
}
