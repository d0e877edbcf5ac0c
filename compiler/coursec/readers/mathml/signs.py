"""The leaves of a formula: letters, numbers, operators, words and spaces."""

from __future__ import annotations

import re
import unicodedata

from coursec.readers.element import Element


class UnwritableError(Exception):
    """A formula holds what LaTeX has no words for here."""


def _commands(pairs: str) -> dict[str, str]:
    return {pair[0]: f"\\{pair[1:]} " for pair in pairs.split()}


_IDENTIFIERS = _commands(
    "αalpha βbeta γgamma δdelta ϵepsilon εvarepsilon ζzeta ηeta θtheta ϑvartheta ιiota κkappa "
    "λlambda μmu νnu ξxi πpi ϖvarpi ρrho ϱvarrho σsigma ςvarsigma τtau υupsilon ϕphi φvarphi χchi "
    "ψpsi ωomega ℏhbar ℓell ℘wp ℜRe ℑIm ℵaleph ∂partial ∞infty ∅emptyset ∠angle ⊤top ⊥bot "
    "△triangle □square ıimath ȷjmath"
)
_UPRIGHT = _commands("ΓGamma ΔDelta ΘTheta ΛLambda ΞXi ΠPi ΣSigma ΥUpsilon ΦPhi ΨPsi ΩOmega ∇nabla")
_OPERATORS = _commands(
    "∑sum ∏prod ∐coprod ∫int ∬iint ∭iiint ∮oint ⋃bigcup ⋂bigcap ⨁bigoplus ⨂bigotimes ⋁bigvee "
    "⋀bigwedge ⨆bigsqcup ≤le ≥ge ≠ne ≈approx ≡equiv ∼sim ≃simeq ≅cong ∝propto ≪ll ≫gg ≺prec ≻succ "
    "⪯preceq ⪰succeq ⊂subset ⊃supset ⊆subseteq ⊇supseteq ⊊subsetneq ⊋supsetneq ∈in ∉notin ∋ni "
    "∣mid ∤nmid ∥parallel ⊥perp ⊢vdash ⊨models ⋈bowtie ≍asymp ≐doteq →to ←leftarrow ⇒Rightarrow "
    "⇐Leftarrow ↔leftrightarrow ⇔Leftrightarrow ↦mapsto ⟶longrightarrow ⟵longleftarrow "
    "⟹Longrightarrow ⟸Longleftarrow ⟺Longleftrightarrow ↪hookrightarrow ↑uparrow ↓downarrow "
    "⇀rightharpoonup ⇌rightleftharpoons ↗nearrow ↘searrow ±pm ∓mp ×times ÷div ⋅cdot ·cdot ⋆star "
    "∘circ ∙bullet ⊕oplus ⊖ominus ⊗otimes ⊘oslash ⊙odot ∪cup ∩cap ∖setminus ∧wedge ∨vee ¬neg "
    "†dagger ‡ddagger ⨿amalg ⊔sqcup ⊓sqcap ⊎uplus ⋄diamond ∀forall ∃exists ∄nexists ∴therefore "
    "∵because …ldots ⋯cdots ⋮vdots ⋱ddots ′prime ⟨langle ⟩rangle ⌊lfloor ⌋rfloor ⌈lceil ⌉rceil "
    "\\backslash"
)
_SHARED = {
    **{sign: f"\\{sign}" for sign in "{}%#&$_"},
    "−": "-",
    "∗": "*",
    "‖": r"\|",
    "\u00a0": r"\ ",
    "^": r"\hat{}",
    "~": r"\sim ",
}

FUNCTIONS = frozenset(
    "sin cos tan cot sec csc sinh cosh tanh coth arcsin arccos arctan log ln lg exp lim max min "
    "sup inf det dim ker deg gcd hom arg Pr".split()
)
"""The names of functions that LaTeX has commands for."""
LIMITS = frozenset(
    "lim max min sup inf det gcd Pr limsup liminf injlim projlim argmax argmin".split()
)
"""Those whose limits stand below in a displayed formula, without the blanks in them."""
_TWO_WORDS = {"limsup": r"\limsup ", "liminf": r"\liminf "}

RELATIONS = frozenset("=<>:≤≥≠≈≡∼≃≅∝≪≫≺≻⪯⪰⊂⊃⊆⊇⊊⊋∈∉∋∣∤∥⊥⊢⊨⋈≍≐→←⇒⇐↔⇔↦⟶⟵⟹⟸⟺↪⇀⇌≔")
BINARY = frozenset("+-−±∓×÷⋅·∗*⋆∘∙⊕⊖⊗⊘⊙∪∩∖∧∨⨿⊔⊓⊎")
LARGE = frozenset("∑∏∐∫∬∭∮⋃⋂⨁⨂⋁⋀⨆")
INTEGRALS = frozenset("∫∬∭∮")
OPENING = frozenset("([{⟨⌊⌈")
CLOSING = frozenset(")]}⟩⌋⌉")
DELIMITERS = OPENING | CLOSING | frozenset("|‖/\\↑↓↕⇑⇓⇕")
INVISIBLE = frozenset("\u2061\u2062\u2063\u2064\u200b")
"""Signs that say how a formula is meant and print nothing."""

_ALPHABETS = {
    "bold": "mathbf", "normal": "mathrm", "italic": "mathit", "monospace": "mathtt",
    "sans-serif": "mathsf", "double-struck": "mathbb", "script": "mathcal", "fraktur": "mathfrak",
    "bold-italic": "boldsymbol",
}  # fmt: skip
_STYLES = (
    ("MATHEMATICAL BOLD ITALIC ", "boldsymbol"),
    ("MATHEMATICAL SANS-SERIF BOLD ", ""),
    ("MATHEMATICAL SANS-SERIF ITALIC ", ""),
    ("MATHEMATICAL BOLD SCRIPT ", ""),
    ("MATHEMATICAL BOLD FRAKTUR ", ""),
    ("MATHEMATICAL BOLD ", "mathbf"),
    ("MATHEMATICAL ITALIC ", "mathit"),
    ("MATHEMATICAL MONOSPACE ", "mathtt"),
    ("MATHEMATICAL SANS-SERIF ", "mathsf"),
    ("MATHEMATICAL DOUBLE-STRUCK ", "mathbb"),
    ("MATHEMATICAL SCRIPT ", "mathcal"),
    ("MATHEMATICAL FRAKTUR ", "mathfrak"),
    ("DOUBLE-STRUCK CAPITAL ", "mathbb"),
    ("SCRIPT CAPITAL ", "mathcal"),
    ("BLACK-LETTER CAPITAL ", "mathfrak"),
)
"""How the names of letters in another alphabet begin, and the command of it."""
_TEXT_COMMANDS = {
    "": "text", "normal": "text", "bold": "textbf", "italic": "textit", "monospace": "texttt",
    "sans-serif": "textsf",
}  # fmt: skip
_TEXT_SIGNS = {
    **{sign: f"\\{sign}" for sign in "{}%#&$_"},
    "\\": r"\textbackslash{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}",
    "ˆ": r"\textasciicircum{}", "˜": r"\textasciitilde{}",
}  # fmt: skip
_BLANK_RUN = re.compile(r" {2,}")

_SIZES = ((1.4, "big"), (1.85, "Big"), (2.25, "bigg"), (100, "Bigg"))
_SIDES = {"prefix": "l", "postfix": "r", "infix": "m"}
_LENGTH = re.compile(r"\s*([+-]?[0-9]*\.?[0-9]+)\s*(em|ex|px|pt|mm|cm|in)?\s*")
_UNITS = {"em": 1.0, "ex": 0.43, "px": 1 / 16, "pt": 0.1, "mm": 0.237, "cm": 2.37, "in": 6.02}
_NAMED_LENGTHS = {
    "veryverythin": 1, "verythin": 2, "thin": 3, "medium": 4, "thick": 5, "verythick": 6,
    "veryverythick": 7,
}  # fmt: skip
_SPACES = {
    0.1667: r"\,", 0.2222: r"\:", 0.2778: r"\;", 1.0: r"\quad ", 2.0: r"\qquad ",
    -0.1667: r"\!", -0.2222: r"\negmedspace ", -0.2778: r"\negthickspace ",
}  # fmt: skip


def characters(node: Element) -> str:
    """Return what a leaf shows, without blanks at the ends and signs that print nothing."""
    text = "".join(child for child in node.children if isinstance(child, str))
    return "".join(c for c in text if c not in INVISIBLE).strip(" \t\n\r")


def function_name(node: Element) -> str | None:
    """Return the name of a function such as `log`, its words together; None for anything else."""
    if node.name not in ("mi", "mo"):
        return None
    name = characters(node)
    words = re.sub(r"[\u2009\u00a0\s]", "", name)
    if len(words) < 2 or not all(c.isascii() and c.isalpha() for c in words):
        return None
    return words if node.get("mathvariant") in ("", "normal") else None


def function(node: Element, *, limits: bool = False) -> str:
    """Return the command of a function's name; `limits` where they stand below it."""
    words = function_name(node) or characters(node)
    if words in FUNCTIONS:
        return f"\\{words} "
    if words in _TWO_WORDS:
        return _TWO_WORDS[words]
    name = re.sub(r"[\u2009\u00a0\s]+", r"\\,", characters(node))
    name = "".join(_SHARED.get(c, c) if c in "{}%#&$_−" else c for c in name)
    return rf"\operatorname{'*' if limits or words in LIMITS else ''}{{{name}}}"


def identifier(node: Element) -> str:
    """Return `mi` where it is no function."""
    text = characters(node)
    variant = node.get("mathvariant")
    if not text:
        return ""
    if len(text) == 1:
        if variant == "normal":
            return _UPRIGHT.get(text) or rf"\mathrm{{{_letter(text)}}}"
        if text in _UPRIGHT and not variant:
            return f"\\var{_UPRIGHT[text][1:]}" if text != "∇" else _UPRIGHT[text]
        if not variant:
            return _IDENTIFIERS.get(text) or _alphabet(text) or _letter(text)
    elif not variant and (styled := _alphabet(text)) is not None:
        return styled
    letters = "".join(map(_letter, text))
    return rf"\{_ALPHABETS.get(variant or 'normal', 'mathrm')}{{{letters}}}"


def _letter(sign: str) -> str:
    return _IDENTIFIERS.get(sign) or _UPRIGHT.get(sign) or _SHARED.get(sign) or sign


def _alphabet(text: str) -> str | None:
    """Return letters of another alphabet as a command with plain letters; None if they are none."""
    found: set[str] = set()
    for sign in text:
        name = unicodedata.name(sign, "")
        found.add(next((command for start, command in _STYLES if name.startswith(start)), ""))
    if len(found) != 1 or "" in found:
        return None
    plain = "".join(map(_letter, unicodedata.normalize("NFKC", text)))
    return rf"\{found.pop()}{{{plain.strip()}}}"


def number(node: Element) -> str:
    """Return `mn`; a comma or a blank inside it is no punctuation."""
    text = characters(node)
    signs = "".join("{,}" if c == "," else _letter(c) for c in text.replace("\u00a0", " "))
    return re.sub(r"[\s\u2009\u202f]+", r"\\,", signs)


def delimiter(node: Element) -> str:
    """Return a delimiter as it stands behind `left`; `.` for none."""
    sign = characters(node)
    if not sign:
        return "."
    return {"{": r"\{", "}": r"\}", "‖": r"\|", "∣": "|", "<": r"\langle ", ">": r"\rangle "}.get(
        sign, _OPERATORS.get(sign, sign)
    )


def sized(node: Element) -> float | None:
    """Return the size of a delimiter that has one of its own, in em; None for all others."""
    return None if node.name != "mo" else length(node.get("minsize"))


def operator(node: Element) -> str:
    """Return `mo`, whatever stands beside it."""
    text = characters(node)
    if len(text) > 1:
        if all(c.isascii() and c.isalpha() for c in text):
            return rf"\operatorname{{{text}}}"
        return "".join(_sign(c) for c in text)
    size = sized(node)
    if size is not None and text in DELIMITERS:
        command = next(name for limit, name in _SIZES if size < limit)
        side = _SIDES.get(node.get("form"), "")
        if not side and text in OPENING | CLOSING and "lspace" in node.attributes:
            side = "m"
        elif not side:
            side = "l" if text in OPENING else "r" if text in CLOSING else ""
        return rf"\{command}{side}{delimiter(node)}"
    if text in ("|", "‖") and node.get("form") in ("prefix", "postfix"):
        return rf"\{_SIDES[node.get('form')]}{'v' if text == '|' else 'V'}ert "
    if text == ":" and (node.get("lspace"), node.get("rspace")) == ("0", "0.1667em"):
        return r"\colon "
    return _sign(text)


def _sign(sign: str) -> str:
    return _SHARED.get(sign) or _OPERATORS.get(sign) or _IDENTIFIERS.get(sign) or sign


def words(node: Element) -> str:
    """Return `mtext`."""
    text = _text(node)
    if not text.strip():
        return "~" * len(text)
    variant = node.get("mathvariant")
    if variant == "bold-italic":
        return rf"\textbf{{\textit{{{escaped(node)}}}}}"
    return rf"\{_TEXT_COMMANDS.get(variant, 'text')}{{{escaped(node)}}}"


def escaped(node: Element) -> str:
    """Return the words of `mtext` as they stand between the braces of a command."""
    out = "".join(_TEXT_SIGNS.get(sign, sign) for sign in _text(node))
    # Of several blanks TeX shows one.
    return _BLANK_RUN.sub(lambda run: " " + r"\ " * (len(run[0]) - 1), out)


def _text(node: Element) -> str:
    text = "".join(child for child in node.children if isinstance(child, str))
    return re.sub(r"[ \t\n\r]+", " ", text).replace("\u00a0", " ")


def length(written: str) -> float | None:
    """Return a length in em; None for none."""
    match = _LENGTH.fullmatch(written)
    if match is not None:
        return float(match[1]) * _UNITS.get(match[2] or "em", 1.0)
    name = written.removesuffix("mathspace")
    sign = -1 if name.startswith("negative") else 1
    units = _NAMED_LENGTHS.get(name.removeprefix("negative"))
    return None if units is None else sign * round(units / 18, 4)


def space(width: float) -> str:
    """Return a space of a width in em."""
    for known, command in _SPACES.items():
        if abs(known - width) < 0.001:
            return command
    return rf"\hspace{{{width:.4g}em}}" if abs(width) > 0.01 else ""


def is_space(node: Element, *widths: float) -> bool:
    """Tell whether a node is a space, of one of some widths in em if any are given."""
    if node.name != "mspace":
        return False
    width = length(node.get("width")) or 0.0
    return not widths or any(abs(width - known) < 0.001 for known in widths)
