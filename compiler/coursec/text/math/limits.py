r"""What would exhaust math-core, refused before it is asked.

math-core 0.9 looks ahead for the partner of every opening bracket and starts over when there is
none, so n brackets without a partner cost 2^n steps; and it recurses into every argument and pair
of brackets, so a chain such as `\hat\hat\hat…` can run the process out of its stack. Both are
measured: 22 open brackets take 1.3 s at worst; 400 nested arguments, or 700 nested brackets, end
a thread whose stack is 512 KiB (macOS).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from coursec.text.math.formula import MathError
from coursec.text.math.tokens import Token, names, tokenize

MAX_STEPS = 1_000_000
"""Steps that brackets without a partner may cost; that many take some 30 ms."""

MAX_ARGUMENTS = 200
"""Commands that take an argument, or change or look at what follows, in one formula."""

MAX_BRACKETS = 300
"""Brackets of any kind in one formula."""

_SHORT, _FEW = 400, 12

_OPENING = names(
    r"""
    \{ \lAngle \lBrace \lVert \lang \langle \lbrace \lbrack \lceil \lfloor \lgroup \llangle
    \llbracket \llcorner \lmoustache \llparenthesis \lparen \lvert \ulcorner \mathopen
    \bigl \Bigl \biggl \Biggl
    """
)
_CLOSING = names(
    r"""
    \} \rAngle \rBrace \rVert \rang \rangle \rbrace \rbrack \rceil \rfloor \rgroup \rrangle
    \rrbracket \lrcorner \rmoustache \rrparenthesis \rparen \rvert \urcorner
    \bigr \Bigr \biggr \Biggr
    """
)
_OPENING_CHARACTERS = frozenset("([⌈⌊⌜⌞⎰❲⟅⟦⟨⟪⟬⟮⦃⦅⦇⦉⦋⦍⦏⦑⦓⦕⦗⧘⧚⧼")
_CLOSING_CHARACTERS = frozenset(")]⌉⌋⌝⌟⎱❳⟆⟧⟩⟫⟭⟯⦄⦆⦈⦊⦌⦎⦐⦒⦔⦖⦘⧙⧛⧽")
_BRACKET = re.compile(r"[()\[\]⌈-⌟⎰⎱❲❳⟅-⟯⦃-⦘⧘-⧽]")
_MAY_OPEN = re.compile(r"[(\[⌈-⌟⎰❲⟅-⟯⦃-⦘⧘-⧽]|\\(?:\{|l|ul|mathopen|[bB]ig)")
# The bracket after one of these is part of the command.
_DELIMITED = names(
    r"""
    \left \right \middle \bigl \Bigl \biggl \Biggl \bigr \Bigr \biggr \Biggr
    \bigm \Bigm \biggm \Biggm
    """
)

_BOUNDARIES = names(r"\\ \over \atop \choose \brace \brack \color")
_ARITIES = {
    **dict.fromkeys(names(r"\frac \dfrac \tfrac \cfrac \binom \dbinom \tbinom"), 2),
    **dict.fromkeys(names(r"\overset \underset \stackrel \textcolor"), 2),
    **dict.fromkeys(names(r"\sideset \prescript"), 3),
    r"\genfrac": 6,
}

_TAKES_ARGUMENT = names(
    r"""
    \frac \dfrac \tfrac \cfrac \genfrac \binom \dbinom \tbinom \sqrt \overset \underset \stackrel
    \sideset \prescript \operatorname \operatornamewithlimits \cramped \not \slashed
    \vertoverlay \phantom \hphantom \vphantom \boxed \cancel \bcancel \xcancel \fbox \pmod \pod
    \Bra \Ket \Braket \bra \ket \braket \set \Set \text \emph \textbf \textit \textrm \textsc
    \textsf \texttt \underbar \mbox \hbox \Overrightarrow \acute \bar \breve \check \ddddot \dddot
    \ddot \dot \grave \hat \mathring \overgroup \overleftarrow \overleftharpoon
    \overleftrightarrow \overline \overrightarrow \overrightharpoon \tilde \undergroup
    \underleftarrow \underleftrightarrow \underrightarrow \underline \vec \widehat \widetilde
    \widecheck \utilde \overbrace \overbracket \overparen \underbrace \underbracket \underparen
    \mathbin \mathclose \mathinner \mathop \mathopen \mathord \mathpunct \mathrel \Bbb \bm \bold
    \boldsymbol \frak \mathbb \mathbf \mathcal \mathfrak \mathit \mathrm \mathscr \mathsf \mathtt
    \mathds \mathbbm \mathnormal \pmb \symbf \bf \cal \it \rm \sf \tt \color \textcolor
    \displaystyle \textstyle \scriptstyle \scriptscriptstyle \xLeftarrow \xLeftrightarrow
    \xRightarrow \xhookleftarrow \xhookrightarrow \xleftarrow \xleftharpoondown \xleftharpoonup
    \xleftrightarrow \xleftrightharpoons \xlongequal \xmapsto \xrightarrow \xrightharpoondown
    \xrightharpoonup \xrightleftharpoons \xtofrom \xtwoheadleftarrow \xtwoheadrightarrow \dots
    """
)


def check_cost(text: str) -> None:
    """Raise MathError when math-core might not come back from `text`, which it is to read next.

    Its groups must be balanced (`check_nesting`).
    """
    # Most formulas are too short to cost much, as long as they have few brackets.
    if len(text) < _SHORT and len(_MAY_OPEN.findall(text)) < _FEW:
        return
    tokens = tokenize(text)
    if sum(token.text in _TAKES_ARGUMENT for token in tokens) > MAX_ARGUMENTS:
        raise MathError(
            f"The formula has more than {MAX_ARGUMENTS} commands with an argument.",
            None,
            "Split it into smaller formulas.",
        )
    if sum(_count_brackets(token.text) for token in tokens) > MAX_BRACKETS:
        raise MathError(
            f"The formula has more than {MAX_BRACKETS} brackets.",
            None,
            "Split it into smaller formulas.",
        )
    if _steps(tokens) > MAX_STEPS:
        raise MathError(
            "Too many brackets are opened and never closed.",
            None,
            "Close them, or split the formula into smaller ones.",
        )


def _count_brackets(text: str) -> int:
    """How many brackets a token holds, opening or closing."""
    if text[0] == "\\":
        return text in _OPENING or text in _CLOSING
    return len(_BRACKET.findall(text))


def _steps(tokens: Sequence[Token]) -> int:
    r"""About how many characters math-core reads when it looks for partners.

    It looks no further than the cell or line that a bracket stands in, or its `\left … \right`.
    It often stops at braces too, but not at those around a single bracket, so they do not count.
    """
    stretches = [_Stretch()]
    for text, _ in tokens:
        stretch = stretches[-1]
        if text in _BOUNDARIES:
            stretch.end()
        elif text in ("{", r"\begin", r"\left"):
            stretch.take_item()
            stretches.append(_Stretch(is_braced=text == "{"))
        elif text in ("}", r"\end", r"\right") and len(stretches) > 1:
            stretches.pop()
            stretches[-1].absorb(stretch)
        elif text[0] == "\\":
            stretch.take_command(text)
        else:
            stretch.take_characters(text)
        stretches[-1].delimiter_follows = text in _DELIMITED or (
            stretches[-1].delimiter_follows and text.isspace()
        )
    while len(stretches) > 1:
        inner = stretches.pop()
        stretches[-1].absorb(inner)
    stretches[0].end()
    return stretches[0].steps


class _Stretch:
    """A part of a formula in which brackets find their partners.

    `unmatched` counts the brackets that have none so far, `length` the symbols, `steps` what
    the parts that have ended cost. A closing bracket that is the argument of a command, of
    which `pending` are still to come, is no partner.
    """

    def __init__(self, *, is_braced: bool = False) -> None:
        self.is_braced = is_braced
        self.unmatched = self.length = self.steps = self.pending = 0
        self.optional_depth = 0
        self.optional_follows = self.delimiter_follows = False

    def take_item(self) -> bool:
        """Count one symbol or group; whether it is the argument of a command before it."""
        self.length += 1
        self.optional_follows = False
        is_argument = self.pending > 0
        self.pending -= is_argument
        return is_argument

    def take_command(self, text: str) -> None:
        """Count a command, which may be a bracket or take arguments."""
        if text == r"\relax":
            return
        is_argument = self.take_item()
        if not self.delimiter_follows:
            self._count(text in _OPENING, text in _CLOSING and not is_argument)
        if text in _TAKES_ARGUMENT:
            self.pending += _ARITIES.get(text, 1)
            self.optional_follows = text == r"\sqrt" or text.startswith(r"\x")

    def take_characters(self, text: str) -> None:
        """Count a run of characters."""
        for character in text.lstrip()[1:] if self.delimiter_follows else text:
            if character.isspace() or (character == "*" and self.pending):
                # The star of \operatorname* is no argument; that of \frac*2 may pass for none.
                continue
            if character == "&":
                self.end()
            elif character == "[" and self.optional_follows:
                self.optional_follows = False
                self.optional_depth += 1
            elif character == "]" and self.optional_depth:
                self.optional_depth -= 1
            else:
                self._take_character(character)

    def _take_character(self, character: str) -> None:
        in_optional = self.optional_depth > 0
        is_argument = in_optional or self.take_item()
        self.length += in_optional
        self._count(
            character in _OPENING_CHARACTERS,
            character in _CLOSING_CHARACTERS and not is_argument,
        )
        if character in "^_":
            self.pending += 1

    def _count(self, opens: bool, closes: bool) -> None:
        self.unmatched = max(0, self.unmatched + opens - closes)

    def absorb(self, inner: _Stretch) -> None:
        """Add a part that has ended within this one."""
        if inner.is_braced:
            self.unmatched += inner.unmatched
            self.length += inner.length
        else:
            inner.end()
        self.steps += inner.steps

    def end(self) -> None:
        """Begin a new cell, line or half of a fraction, in which no partner is looked for."""
        self.steps += self.length << self.unmatched
        self.unmatched = self.length = self.pending = self.optional_depth = 0
