"""LaTeX in, `Formula` out: limits, rewriting, math-core, and errors in the author's terms.

Nothing here imports lxml or Typst: `coursec check` reads every formula of a course and must
start at once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from math_core import LatexError, LatexToMathML

from coursec.text.math.formula import Formula, MathError
from coursec.text.math.limits import check_cost
from coursec.text.math.macros import DEFINERS, expand_macros
from coursec.text.math.prep import join, origin, rewrite
from coursec.text.math.refusals import check_allowed, explain
from coursec.text.math.tokens import Token, check_nesting, tokenize

MAX_LENGTH = 10_000
"""Characters of LaTeX in one formula."""

MAX_CORE = 600_000
"""Characters of MathML in one formula: what 10,000 characters of plain LaTeX give at most."""

MAX_DEPTH = 48
"""Elements within elements in one formula.

Typst allows 64 nested show rules (a box, a colour), of which the page around the formula needs
some; a formula of four nested fractions with scripts has a depth of about 15.
"""

_LATEX_TO_CORE = LatexToMathML(
    fancy_error=False,
    # \widetilde is held to be unreliable in browsers; here it is two passes away from them.
    allow_unreliable_rendering=True,
)

# Controls, separators, surrogates and noncharacters, which XML or Typst do not take, and the
# bidirectional overrides, which show a reader something else than what is written.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff"
    "\ufdd0-\ufdef\ufff0-\uffff" + "".join(chr(p << 16 | e) for p in range(1, 17)
    for e in (0xFFFE, 0xFFFF)) + "]"
)  # fmt: skip

# XML does not define the names of HTML's entities.
_ENTITIES = {"&ApplyFunction;": "\u2061", "&InvisibleTimes;": "\u2062", "&nbsp;": "\u00a0"}
_TAG = re.compile(r"<(/?)[a-z]+[^>]*?(/?)>")
_SHOWS = re.compile(r">[^<\s\u00a0\u2061-\u2064]|<m(?:sqrt|root|frac|enclose)|border-")


def parse(latex: str, *, display: bool) -> Formula:
    """Read one formula, without its dollar signs; `display` when it stands on its own line.

    Raises MathError for everything that is not good LaTeX and for what the targets cannot
    carry: what it returns, every pass can convert.
    """
    return _parse(latex, display)


@lru_cache(maxsize=4096)
def _parse(latex: str, display: bool) -> Formula:
    _check_characters(latex)
    tokens = tokenize(latex)
    if any(token.text in DEFINERS for token in tokens):
        tokens = expand_macros(tokens, _is_known)
    for token in tokens:
        if token.text[0] in "\\%#":
            check_allowed(token)
    check_nesting(tokens, len(latex))
    tokens = rewrite(tokens)
    core = _convert(tokens, latex, display)
    _check_core(core)
    return Formula(latex, display, core)


def _check_characters(latex: str) -> None:
    """Refuse what is too long, empty, or holds characters that are no text."""
    if len(latex) > MAX_LENGTH:
        raise MathError(
            f"The formula has {len(latex):,} characters, more than {MAX_LENGTH:,}.",
            MAX_LENGTH,
            "Split it into smaller formulas.",
        )
    if not latex or latex.isspace():
        raise MathError("The formula is empty.", 0 if latex else None, "Write one, or remove it.")
    match = _FORBIDDEN.search(latex)
    if match:
        raise MathError(
            f"The formula holds the control character U+{ord(match[0]):04X}.",
            match.start(),
            "Delete it; it may have come with pasted text.",
        )


def _convert(tokens: Sequence[Token], latex: str, display: bool) -> str:
    """Have math-core convert the rewritten tokens; its complaints in the author's terms."""
    text = join(tokens)
    check_cost(text)
    try:
        core = _LATEX_TO_CORE.convert_with_local_state(text, displaystyle=display)
    except LatexError as error:
        place, _, complaint = str(error).partition(": ")
        offset = origin(tokens, int(place), latex) if place.isdigit() else None
        raise explain(complaint, offset) from None
    if "&A" in core or "&I" in core or "&n" in core:
        for entity, character in _ENTITIES.items():
            core = core.replace(entity, character)
    return core


def _check_core(core: str) -> None:
    """Refuse MathML that shows nothing, is huge, or nests deeper than a target can follow."""
    if len(core) > MAX_CORE:
        raise MathError("The formula grows too large.", None, "Split it into smaller formulas.")
    if not _SHOWS.search(core):
        raise MathError("The formula shows nothing.", None, "Write one, or remove it.")
    # Every level has an end tag, so few end tags cannot be deep: most formulas stop here.
    if core.count("</") > MAX_DEPTH and _depth(core) > MAX_DEPTH:
        raise MathError("The formula nests too deeply.", None, "Split it into smaller formulas.")


def _depth(core: str) -> int:
    """How many elements are open at once, at most."""
    depth = deepest = 0
    for closes, empty in _TAG.findall(core):
        if closes:
            depth -= 1
        elif not empty:
            depth += 1
            deepest = max(deepest, depth)
    return deepest


def _is_known(command: str) -> bool:
    """Whether math-core has a command of this name."""
    try:
        _LATEX_TO_CORE.convert_with_local_state(
            rf"\newcommand{{{command}}}{{}}", displaystyle=False
        )
    except LatexError:
        return True
    return False
