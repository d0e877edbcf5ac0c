"""MathML to LaTeX: what a formula looks like, written as an author would write it.

Only what is shown counts. An alternative text or an annotation beside the formula may say
something else, so they are asked only where the formula itself cannot be written.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress

from coursec.readers.element import Element, visible
from coursec.text.math import MathError, parse

_COMMANDS = dict(
    pair.split("=", 1)
    for pair in (
        "α=alpha β=beta γ=gamma δ=delta ϵ=epsilon ε=varepsilon ζ=zeta η=eta θ=theta ϑ=vartheta "
        "ι=iota κ=kappa λ=lambda μ=mu ν=nu ξ=xi π=pi ϖ=varpi ρ=rho ϱ=varrho σ=sigma ς=varsigma "
        "τ=tau υ=upsilon ϕ=phi φ=varphi χ=chi ψ=psi ω=omega Γ=Gamma Δ=Delta Θ=Theta Λ=Lambda "
        "Ξ=Xi Π=Pi Σ=Sigma Υ=Upsilon Φ=Phi Ψ=Psi Ω=Omega ∑=sum ∏=prod ∫=int ∬=iint ∭=iiint "
        "∮=oint ⋃=bigcup ⋂=bigcap ⨁=bigoplus ⨂=bigotimes ⋁=bigvee ⋀=bigwedge ∐=coprod ≤=le "
        "≥=ge ≠=ne ≈=approx ≡=equiv ∼=sim ≃=simeq ≅=cong ∝=propto ≪=ll ≫=gg ≺=prec ≻=succ "
        "⪯=preceq ⪰=succeq ⊂=subset ⊃=supset ⊆=subseteq ⊇=supseteq ⊊=subsetneq ⊋=supsetneq "
        "∈=in ∉=notin ∋=ni ∣=mid ∤=nmid ∥=parallel ⊥=perp ⊢=vdash ⊨=models ⋈=bowtie ≍=asymp "
        "≐=doteq →=to ←=leftarrow ⇒=Rightarrow ⇐=Leftarrow ↔=leftrightarrow ⇔=Leftrightarrow "
        "↦=mapsto ⟶=longrightarrow ⟵=longleftarrow ⟹=Longrightarrow ⟸=Longleftarrow "
        "⟺=Longleftrightarrow ↪=hookrightarrow ↑=uparrow ↓=downarrow ⇀=rightharpoonup "
        "⇌=rightleftharpoons ↗=nearrow ↘=searrow ±=pm ∓=mp ×=times ÷=div ⋅=cdot ∗=ast ⋆=star "
        "∘=circ ∙=bullet ⊕=oplus ⊖=ominus ⊗=otimes ⊘=oslash ⊙=odot ∪=cup ∩=cap ∖=setminus "
        "∧=wedge ∨=vee ¬=lnot †=dagger ⨿=amalg ⊔=sqcup ⊓=sqcap ⊎=uplus ∀=forall ∃=exists "
        "∄=nexists ∅=emptyset ∞=infty ∂=partial ∇=nabla ℏ=hbar ℓ=ell ℜ=Re ℑ=Im ℵ=aleph ∠=angle "
        "△=triangle □=square ⋄=diamond ⊤=top ∴=therefore ∵=because …=ldots ⋯=cdots ⋮=vdots "
        "⋱=ddots ′=prime ⟨=langle ⟩=rangle ⌊=lfloor ⌋=rfloor ⌈=lceil ⌉=rceil ‖=Vert "
        "✓=checkmark"
    ).split()
)
"""The commands of single signs."""

_FUNCTIONS = frozenset(
    "sin cos tan cot sec csc sinh cosh tanh coth arcsin arccos arctan log ln lg exp lim max min "
    "sup inf det dim ker deg gcd hom arg Pr".split()
)
_ACCENTS = {
    "ˆ": "hat", "^": "hat", "̂": "hat", "¯": "bar", "‾": "overline", "˜": "tilde", "~": "tilde",
    "˙": "dot", "¨": "ddot", "ˇ": "check", "˘": "breve", "´": "acute", "`": "grave",
    "˚": "mathring", "→": "overrightarrow", "←": "overleftarrow", "⃗": "vec",
    "⏞": "overbrace", "⏟": "underbrace",
    "_": "underline", "̲": "underline",
}  # fmt: skip
_WIDE = {"hat": "widehat", "tilde": "widetilde", "bar": "overline", "vec": "overrightarrow"}
_ESCAPED = {"{": r"\{", "}": r"\}", "%": r"\%", "#": r"\#", "&": r"\&", "$": r"\$", "_": r"\_",
            "~": r"\sim ", "\\": r"\backslash ", "−": "-", "∗": "*", "\u00a0": r"\ "}  # fmt: skip
_LARGE = frozenset("∑∏⋃⋂⨁⨂∐⋁⋀")
"""Operators whose limits stand below and above in a displayed formula."""
_COLOURS = {"#ff0000": "red", "#00ff00": "green", "#0000ff": "blue", "#000000": "black"}
_INVISIBLE = frozenset("\u2061\u2062\u2063\u2064\u200b")
_SPACES = ((0.1, ""), (0.2, r"\,"), (0.25, r"\:"), (0.5, r"\;"), (1.5, r"\quad "))
_VARIANTS = {
    "bold": "mathbf", "normal": "mathrm", "italic": "mathit", "monospace": "mathtt",
    "sans-serif": "mathsf", "double-struck": "mathbb", "script": "mathcal", "fraktur": "mathfrak",
    "bold-italic": "boldsymbol",
}  # fmt: skip
_TEXT_VARIANTS = {"bold": "textbf", "italic": "textit", "monospace": "texttt"}
_TEXT_SIGNS = re.compile(r"[\\{}$%#&_^~]")
_LETTER = re.compile(r"[A-Za-z]")
_DELIMITERS = frozenset("()[]|/{}⟨⟩⌊⌋⌈⌉‖↑↓∣")
_ROWS = frozenset("math mrow mstyle mpadded semantics mtd merror maction mphantom".split())
_STRIKES = {"updiagonalstrike": "cancel", "box": "boxed", "downdiagonalstrike": "bcancel"}


def to_latex(math: Element) -> str | None:
    """Return a `math` element as LaTeX that formulas may hold; None where that cannot be."""
    for latex in _candidates(math):
        latex = " ".join(latex.split())
        try:
            parse(latex, display=math.get("display") == "block")
        except MathError:
            continue
        return latex
    return None


def _candidates(math: Element) -> list[str]:
    found = []
    with suppress(_UnknownError):
        found.append(_row(math.elements))
    found += _annotations(math)
    found.append(math.get("alttext"))
    return [latex for latex in found if latex.strip()]


def _annotations(math: Element) -> list[str]:
    found = []
    todo = [math]
    while todo:
        node = todo.pop()
        if node.name == "annotation" and "tex" in node.get("encoding").lower():
            found.append(visible(Element("x", {}, node.children)))
        todo.extend(node.elements)
    return found


class _UnknownError(Exception):
    """A formula holds what LaTeX has no words for."""


def _row(nodes: Sequence[Element]) -> str:
    """Return nodes side by side; a command and a letter behind it need a blank."""
    out = ""
    for node in nodes:
        part = _node(node)
        if out and part and re.search(r"\\[A-Za-z]+\Z", out) and _LETTER.match(part):
            out += " "
        out += part
    return out


def _group(node: Element) -> str:
    return "{" + _node(node).strip() + "}"


def _node(node: Element) -> str:
    match node.name, node.elements:
        case (("mi" | "mn" | "mo" | "mtext" | "ms"), _):
            return _token(node)
        case "mspace", _:
            return _space(node.get("width"))
        case (("none" | "mprescripts" | "annotation" | "annotation-xml" | "maligngroup"), _):
            return ""
        case "semantics", [first, *_]:
            return _node(first)
        case "mstyle", children:
            return _styled(node, children)
        case "mphantom", children:
            return rf"\phantom{{{_row(children)}}}"
        case name, children if name in _ROWS:
            return _fenced(children)
        case "mfenced", children:
            return _mfenced(node, children)
        case "mfrac", [above, below]:
            if node.get("linethickness") in ("0", "0pt", "0px"):
                return f"{{{_node(above)} \\atop {_node(below)}}}"
            return rf"\frac{_group(above)}{_group(below)}"
        case "msqrt", children:
            return rf"\sqrt{{{_row(children)}}}"
        case "mroot", [inside, degree]:
            return rf"\sqrt[{_node(degree)}]{_group(inside)}"
        case "msub", [base, below] if _is_large(base):
            return rf"{_node(base).strip()}\nolimits_{_group(below)}"
        case "msub", [base, below]:
            return f"{_base(base)}_{_group(below)}"
        case "msup", [base, above]:
            return _base(base) + _raised(above)
        case "msubsup", [base, below, above]:
            return f"{_base(base)}_{_group(below)}{_raised(above)}"
        case "munder", [base, below]:
            return _under(base, below)
        case "mover", [base, above]:
            return _over(base, above)
        case "munderover", [base, below, above] if _is_long_arrow(base, above):
            inner, outer = (_row(node.elements[1:-1]) for node in (above, below))
            return rf"{_long_arrow(base)}[{outer}]{{{inner}}}"
        case "munderover", [base, below, above]:
            return f"{_limits(base)}_{_group(below)}^{_group(above)}"
        case "mmultiscripts", [base, *scripts]:
            return _scripts(base, scripts)
        case "menclose", children:
            return _enclosed(node, children)
        case "mtable", rows:
            return _table(node, rows)
        case _:
            raise _UnknownError(node.name)


def _token(node: Element) -> str:
    text = "".join(child for child in node.children if isinstance(child, str))
    text = text.strip(" \t\n\r") if node.name != "mtext" else text
    if node.name == "mtext":
        return _words(text, node.get("mathvariant"))
    if not text or all(c in _INVISIBLE for c in text):
        return ""
    variant = node.get("mathvariant")
    plain = text.replace("\u2009", "")
    if node.name in ("mi", "mo") and len(plain) > 1 and plain.isascii() and plain.isalpha():
        if plain in _FUNCTIONS or text in ("lim\u2009sup", "lim\u2009inf"):
            return f"\\{plain} "
        if "\u2009" in text:
            return rf"\operatorname{{{text.replace(chr(0x2009), chr(92) + ',')}}}"
        command = _VARIANTS.get(variant, "operatorname" if variant in ("", "normal") else "mathrm")
        return rf"\{command}{{{plain}}}" if variant != "normal" else rf"\mathrm{{{plain}}}"
    signs = "".join(_sign(sign, node.name) for sign in text if sign not in _INVISIBLE)
    if variant in _VARIANTS and _LETTER.search(plain):
        return rf"\{_VARIANTS[variant]}{{{signs.strip()}}}"
    if node.name == "mi" and len(text) > 1 and variant == "":
        return rf"\operatorname{{{signs.strip()}}}"
    return signs


def _sign(sign: str, kind: str) -> str:
    if sign == "⊥" and kind == "mi":
        return r"\bot "
    if sign == "⊥":
        return r"\perp "
    if sign in _ESCAPED and not (sign == "~" and kind != "mo"):
        return _ESCAPED[sign]
    if (command := _COMMANDS.get(sign)) is not None:
        return f"\\{command} "
    return sign


def _words(text: str, variant: str) -> str:
    text = text.replace("\u00a0", " ")
    if not text.strip():
        return r"\ " if text else ""
    inside = _TEXT_SIGNS.sub(lambda sign: _text_sign(sign[0]), text)
    return rf"\{_TEXT_VARIANTS.get(variant, 'text')}{{{inside}}}"


def _text_sign(sign: str) -> str:
    return {"\\": r"$\backslash$", "^": "$^{}$", "~": r"$\sim$"}.get(sign, f"\\{sign}")


def _space(width: str) -> str:
    match = re.fullmatch(r"\s*(-?[0-9]*\.?[0-9]+)\s*em\s*", width)
    if match is None:
        return r"\;" if width else ""
    size = float(match[1])
    if size < 0:
        return r"\!"
    return next((space for limit, space in _SPACES if size < limit), r"\qquad ")


def _styled(node: Element, children: Sequence[Element]) -> str:
    inside = _row(children)
    colour = node.get("mathcolor")
    if re.fullmatch(r"#[0-9A-Fa-f]{6}", colour):
        return rf"\textcolor{{{_COLOURS.get(colour.lower(), colour)}}}{{{inside}}}"
    if len(children) == 1 and children[0].name == "mfrac" and inside.startswith(r"\frac"):
        return inside.replace(r"\frac", r"\dfrac" if node.get("displaystyle") == "true" else
                              r"\tfrac", 1)  # fmt: skip
    return inside


def _fenced(children: Sequence[Element]) -> str:
    """Return a row; delimiters that grow are `left` and `right`."""
    grows = [i for i, c in enumerate(children) if _grows(c)]
    if len(children) > 1 and grows and (grows[0] == 0 or grows[-1] == len(children) - 1):
        opening = _delimiter(children[0]) if grows[0] == 0 else "."
        last = len(children) - 1
        closed = grows[-1] == last and (last != 0) and (grows[-1] != grows[0] or grows[0] != 0)
        closing = _delimiter(children[-1]) if closed else "."
        inner = children[1 if opening != "." else 0 : last if closing != "." else last + 1]
        if (binomial := _binomial(opening, inner, closing)) is not None:
            return binomial
        if (matrix := _matrix(opening, inner, closing)) is not None:
            return matrix
        parts = [rf"\middle{_delimiter(c)} " if _grows(c) else _node(c) for c in inner]
        return rf"\left{opening} {''.join(_spaced(parts))} \right{closing} "
    return "{" + _row(children) + "}" if _needs_group(children) else _row(children)


def _spaced(parts: Sequence[str]) -> list[str]:
    out: list[str] = []
    for part in parts:
        if out and re.search(r"\\[A-Za-z]+\Z", out[-1]) and _LETTER.match(part):
            out.append(" ")
        out.append(part)
    return out


def _needs_group(children: Sequence[Element]) -> bool:
    return not children


def _grows(node: Element) -> bool:
    text = visible(node)
    return node.name == "mo" and node.get("stretchy") == "true" and text in _DELIMITERS


def _delimiter(node: Element) -> str:
    text = visible(node)
    return {"{": r"\{", "}": r"\}", "‖": r"\Vert", "∣": "|"}.get(
        text, f"\\{_COMMANDS[text]}" if text in _COMMANDS else text
    )


def _binomial(opening: str, inner: Sequence[Element], closing: str) -> str | None:
    if (opening, closing) != ("(", ")") or len(inner) != 1 or inner[0].name != "mfrac":
        return None
    above, below = inner[0].elements
    if inner[0].get("linethickness") not in ("0", "0pt", "0px"):
        return None
    return rf"\binom{_group(above)}{_group(below)}"


_MATRICES = {("(", ")"): "pmatrix", ("[", "]"): "bmatrix", (r"\{", "."): "cases",
             ("|", "|"): "vmatrix", (r"\Vert", r"\Vert"): "Vmatrix"}  # fmt: skip


def _matrix(opening: str, inner: Sequence[Element], closing: str) -> str | None:
    name = _MATRICES.get((opening, closing))
    if name is None or len(inner) != 1 or inner[0].name != "mtable":
        return None
    if inner[0].get("columnlines") or inner[0].get("rowlines"):
        return None
    return rf"\begin{{{name}}}{_cells(inner[0].elements)}\end{{{name}}}"


def _mfenced(node: Element, children: Sequence[Element]) -> str:
    opening = node.attributes.get("open", "(")
    closing = node.attributes.get("close", ")")
    between = node.attributes.get("separators", ",")[:1]
    inside = between.join(_node(child) for child in children)
    ends = [_ESCAPED.get(sign, sign) or "." for sign in (opening, closing)]
    return rf"\left{ends[0]} {inside} \right{ends[1]} "


def _base(node: Element) -> str:
    """Return what carries a script; more than one sign is a group."""
    text = _node(node).strip()
    if node.name in ("mi", "mn", "mo") and (len(text) == 1 or re.fullmatch(r"\\[A-Za-z]+", text)):
        return text
    if text.startswith(r"\left") or re.fullmatch(r"\\[A-Za-z]+\{[^{}]*\}", text):
        return text
    return "{" + text + "}"


def _is_large(node: Element) -> bool:
    return node.name == "mo" and visible(node) in _LARGE


def _raised(node: Element) -> str:
    primes = {"′": "'", "″": "''", "‴": "'''", "⁗": "''''"}
    text = visible(node)
    if node.name == "mo" and text in primes:
        return primes[text]
    if (
        node.name == "mrow"
        and node.elements
        and all(child.name == "mo" and visible(child) in primes for child in node.elements)
    ):
        return "".join(primes[visible(child)] for child in node.elements)
    return f"^{_group(node)}"


def _limits(base: Element) -> str:
    text = _node(base).strip()
    if base.name == "mo" and not text.startswith(r"\operatorname"):
        return text if text in (r"\sum", r"\prod", r"\bigcup", r"\bigcap") else rf"{text}\limits"
    if base.name == "mi" and visible(base).replace("\u2009", "") in {
        *_FUNCTIONS,
        "limsup",
        "liminf",
    }:
        return text
    return rf"\mathop{{{text}}}\limits"


def _under(base: Element, below: Element) -> str:
    accent = _ACCENTS.get(visible(below)) if below.name == "mo" else None
    if accent in ("underbrace", "underline"):
        return rf"\{accent}{_group(base)}"
    if base.name == "munder" and _is_brace(base.elements[-1], "⏟"):
        return f"{_node(base)}_{_group(below)}"
    if base.name in ("mo", "mi") and (
        visible(base) in _LARGE or visible(base).replace("\u2009", "") in
        {*_FUNCTIONS, "limsup", "liminf"}
    ):  # fmt: skip
        return f"{_limits(base)}_{_group(below)}"
    return rf"\underset{_group(below)}{_group(base)}"


def _is_brace(node: Element, sign: str) -> bool:
    return node.name == "mo" and visible(node) == sign


def _over(base: Element, above: Element) -> str:
    accent = _ACCENTS.get(visible(above)) if above.name == "mo" else None
    if accent is not None:
        wide = above.get("stretchy") == "true" or accent == "overline"
        command = _WIDE.get(accent, accent) if wide else accent
        return rf"\{command}{_group(base)}"
    if base.name == "mover" and _is_brace(base.elements[-1], "⏞"):
        return f"{_node(base)}^{_group(above)}"
    if _is_long_arrow(base, above):
        return rf"{_long_arrow(base)}{{{_row(above.elements[1:-1])}}}"
    if base.name == "mo" and visible(base) in _LARGE:
        return f"{_limits(base)}^{_group(above)}"
    return rf"\overset{_group(above)}{_group(base)}"


def _is_long_arrow(base: Element, above: Element) -> bool:
    return (
        base.name == "mo"
        and visible(base) in ("→", "←")
        and any(child.name == "mspace" for child in above.elements)
    )


def _long_arrow(base: Element) -> str:
    return r"\xrightarrow" if visible(base) == "→" else r"\xleftarrow"


def _scripts(base: Element, scripts: Sequence[Element]) -> str:
    at = next((i for i, s in enumerate(scripts) if s.name == "mprescripts"), len(scripts))
    behind, before = scripts[:at], scripts[at + 1 :]
    out = _base(base)
    if before:
        below, above = (_node(s) for s in before[:2])
        out = rf"\prescript{{{above}}}{{{below}}}{{{_node(base)}}}"
    for below_node, above_node in zip(behind[::2], behind[1::2], strict=False):
        below, above = _node(below_node), _node(above_node)
        out += (f"_{{{below}}}" if below else "") + (f"^{{{above}}}" if above else "")
    return out


def _enclosed(node: Element, children: Sequence[Element]) -> str:
    inside = _row(children)
    for notation in node.get("notation").split():
        if notation == "top":
            inside = rf"\overline{{{inside}}}"
        elif notation == "bottom":
            inside = rf"\underline{{{inside}}}"
        elif (command := _STRIKES.get(notation)) is not None:
            inside = rf"\{command}{{{inside}}}"
        else:
            raise _UnknownError(notation)
    return inside


def _cells(rows: Sequence[Element]) -> str:
    lines = []
    for row in rows:
        lines.append(" & ".join(_row(cell.elements).strip() for cell in row.elements))
    return " " + r" \\ ".join(lines) + " "


def _table(node: Element, rows: Sequence[Element]) -> str:
    columns = max((len(row.elements) for row in rows), default=0)
    lines = node.get("columnlines").split()
    rules = node.get("rowlines").split()
    aligns = node.get("columnalign").split() or ["center"]
    if not lines and not rules and not node.get("frame"):
        if node.get("displaystyle") == "true" and aligns[0] == "right":
            return rf"\begin{{aligned}}{_cells(rows)}\end{{aligned}}"
        if set(aligns) == {"center"}:
            return rf"\begin{{matrix}}{_cells(rows)}\end{{matrix}}"
    spec = ""
    for column in range(columns):
        if column:
            spec += "|" if _nth(lines, column - 1) == "solid" else ""
        spec += (_nth(aligns, column) or "c")[0]
    body = ""
    frame = node.get("frame") == "solid"
    for number, row in enumerate(rows):
        if number:
            body += r" \\ " + (r"\hline " if _nth(rules, number - 1) == "solid" else "")
        body += _cells([row]).strip()
    if frame:
        spec, body = f"|{spec}|", rf"\hline {body} \\ \hline"
    return rf"\begin{{array}}{{{spec}}} {body} \end{{array}}"


def _nth(words: Sequence[str], position: int) -> str:
    """Return the word at a position; the last one holds for all behind it."""
    return words[min(position, len(words) - 1)] if words else ""
