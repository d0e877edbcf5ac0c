r"""Definitions that a formula brings along: `\newcommand` and its kin, expanded before parsing.

math-core can do this itself, but it refuses names it knows (`\R`, which plain LaTeX does not
have), multiplies a small input without bound, and then reports places in text that the author
never wrote.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from coursec.text.math.formula import MathError
from coursec.text.math.tokens import Token, names

MAX_EXPANSIONS = 1_000
MAX_TOKENS = 20_000
"""Bounds of what definitions may make of a formula, in uses and in tokens."""

DEFINERS = frozenset(
    (r"\newcommand", r"\renewcommand", r"\providecommand", r"\DeclareMathOperator")
)

# Commands that the room itself acts on: with another meaning, nothing after them is safe.
_FIXED = names(
    r"""
    \begin \end \left \right \middle \text \mbox \hbox \textrm \textbf \textit \texttt \textsf
    \textsc \emph \tag \notag \nonumber \label \substack \ce \unicode \frac \sqrt \hline
    \operatorname \over \atop \choose \limits \nolimits \displaystyle \textstyle \relax
    """
)

# What math-core knows beyond LaTeX and amsmath: an author who defines it makes no mistake.
_FREE = names(
    r"""
    \N \R \Z \Reals \reals \Complex \cnums \natnums \argmax \argmin \plim \bra \ket \braket \Bra
    \Ket \Braket \set \Set \Alpha \Beta \Epsilon \Zeta \Eta \Iota \Kappa \Mu \Nu \Omicron \Rho
    \Tau \Chi \omicron \infin \empty \exist \image \real \lang \rang \alef \clubs \diamonds
    \hearts \spades \sub \sube \supe \sdot \weierp \degree \bold \erf \erfc \tg \ctg \ch \sh \th
    \cth \cotg \cosec \arctg \arcctg \And \sect \bigtimes
    """
)

_ARITY = re.compile(r"\s*\[\s*([1-9])\s*\]")
_HOW = r"Write \newcommand{\name}{what it stands for}."


class _Macro(NamedTuple):
    """A definition: how many arguments it takes and the tokens that stand for it."""

    arity: int
    body: Sequence[Token]


def expand_macros(tokens: Sequence[Token], is_known: Callable[[str], bool]) -> list[Token]:
    """Take the definitions out of `tokens` and put what they stand for where they are used.

    `is_known(command)` says whether the parser has a command of that name already. Raises
    MathError for a definition that LaTeX would refuse, for one that expands without end, and
    for optional arguments, which are not supported.
    """
    macros: dict[str, _Macro] = {}
    # The next token is the last of the list, so that taking it and pushing a body are cheap.
    pending = list(reversed(tokens))
    expanded: list[Token] = []
    uses = 0
    while pending:
        token = pending.pop()
        if token.text in DEFINERS:
            _define(token, pending, macros, is_known)
            continue
        macro = macros.get(token.text)
        if macro is None:
            expanded.append(token)
            continue
        uses += 1
        body = _substitute(token, macro, pending)
        if uses > MAX_EXPANSIONS or len(expanded) + len(pending) + len(body) > MAX_TOKENS:
            raise MathError(
                f"The command {token.text} expands without end.",
                token.offset,
                "Do not use a command in its own definition.",
            )
        pending.extend(reversed(body))
    return expanded


def _define(
    definer: Token,
    pending: list[Token],
    macros: dict[str, _Macro],
    is_known: Callable[[str], bool],
) -> None:
    """Read one definition from `pending` into `macros`."""
    starred = _take_prefix(pending, re.compile(r"\*")) is not None
    name = _defined_name(definer, pending)
    known = name.text in macros or (name.text not in _FREE and is_known(name.text))
    if name.text in _FIXED:
        raise MathError(
            f"The command {name.text} cannot be given another meaning.",
            name.offset,
            "Choose another name.",
        )
    if known and definer.text in (r"\newcommand", r"\DeclareMathOperator"):
        raise MathError(
            f"The command {name.text} exists already.",
            name.offset,
            r"Choose another name, or use \renewcommand to give it another meaning.",
        )
    if definer.text == r"\DeclareMathOperator":
        operator = r"\operatorname*" if starred else r"\operatorname"
        body = _take_argument(definer, pending)
        ends = Token("{", definer.offset), Token("}", definer.offset)
        macro = _Macro(0, (Token(operator, definer.offset), ends[0], *body, ends[1]))
    else:
        arity = _take_prefix(pending, _ARITY)
        macro = _Macro(int(arity[1]) if arity else 0, _definition(definer, pending))
    if not (known and definer.text == r"\providecommand"):
        macros[name.text] = macro


def _defined_name(definer: Token, pending: list[Token]) -> Token:
    """The command that a definition names, with or without braces around it."""
    named = [token for token in _take_argument(definer, pending) if not token.text.isspace()]
    if len(named) == 1 and re.fullmatch(r"\\[A-Za-z]+", named[0].text):
        return named[0]
    raise MathError(f"{definer.text} does not name a command to define.", definer.offset, _HOW)


def _definition(definer: Token, pending: list[Token]) -> list[Token]:
    """The braces with what a command stands for."""
    if pending and pending[-1].text.lstrip().startswith("["):
        raise MathError(
            f"{definer.text} with a default for an argument is not supported.",
            definer.offset,
            _HOW,
        )
    return _take_argument(definer, pending)


def _substitute(use: Token, macro: _Macro, pending: list[Token]) -> list[Token]:
    """The body of a macro with the arguments that follow its use filled in."""
    arguments = [_take_argument(use, pending) for _ in range(macro.arity)]
    body: list[Token] = []
    for token in macro.body:
        if len(token.text) == 2 and token.text[0] == "#":
            number = int(token.text[1])
            if number > macro.arity:
                raise MathError(
                    f"{token.text} stands for an argument that {use.text} does not have.",
                    token.offset,
                    rf"State the number of arguments, as in \newcommand{{{use.text}}}[{number}].",
                )
            body.extend(arguments[number - 1])
        else:
            body.append(token)
    return body


def _take_prefix(pending: list[Token], pattern: re.Pattern[str]) -> re.Match[str] | None:
    """Take what `pattern` matches off the front of the next token; None when it does not."""
    match = pattern.match(pending[-1].text) if pending else None
    if match:
        text, offset = pending.pop()
        if match.end() < len(text):
            pending.append(Token(text[match.end() :], offset + match.end()))
    return match


def _take_argument(command: Token, pending: list[Token]) -> list[Token]:
    """Take the argument of `command` off `pending`: the inside of a group, or one character."""
    while pending and pending[-1].text.isspace():
        pending.pop()
    if not pending or pending[-1].text == "}":
        raise MathError(
            f"{command.text} lacks an argument.",
            command.offset,
            f"Write {command.text}{{…}} with the argument in braces.",
        )
    token = pending.pop()
    if token.text == "{":
        return _take_group(token, pending)
    if token.text[0] in "\\#":
        return [token]
    start = len(token.text) - len(token.text.lstrip())
    if start + 1 < len(token.text):
        pending.append(Token(token.text[start + 1 :], token.offset + start + 1))
    return [Token(token.text[start], token.offset + start)]


def _take_group(opening: Token, pending: list[Token]) -> list[Token]:
    """Take the tokens up to the brace that closes `opening`, which is taken already."""
    group: list[Token] = []
    depth = 1
    while pending:
        token = pending.pop()
        depth += (token.text == "{") - (token.text == "}")
        if depth == 0:
            return group
        group.append(token)
    raise MathError("The brace { is never closed.", opening.offset, "Add the missing }.")
