r"""What a teacher reads when a formula is refused: tables of sentences, and what to do instead."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from coursec.text.math.formula import MathError, clip
from coursec.text.math.tokens import Token

_NO_FILES = "A formula cannot read files, load packages or run code; remove the command."
_NO_LINKS = "Put the link into the text beside the formula."
_NO_TEX = r"Use \newcommand, such as \newcommand{\R}{\mathbb{R}}."
_NO_REFERENCES = "Say in words what you refer to: an item stands alone."
_NO_CARRIER = "Write it in another way: not every target of the course can show it."
_NO_SHIFT = "Remove it: a formula is already between its own delimiters."


def _all(commands: str, hint: str) -> dict[str, str]:
    """The same hint for each of the commands."""
    return dict.fromkeys(commands.split(), hint)


REFUSED: Mapping[str, str] = MappingProxyType(
    {
        **_all(
            r"\input \include \includegraphics \openin \openout \read \write \immediate \special"
            r" \usepackage \RequirePackage \require \catcode \csname \directlua \jobname",
            _NO_FILES,
        ),
        **_all(r"\href \url \hyperref \htmlId \htmlClass \htmlStyle \htmlData", _NO_LINKS),
        **_all(r"\def \gdef \edef \xdef \let \global \futurelet", _NO_TEX),
        **_all(r"\ref \eqref \pageref \autoref \cref \cite", _NO_REFERENCES),
        **_all(r"\raisebox \phase \angl \angln \mathchoice", _NO_CARRIER),
        **_all(r"\( \) \[ \]", _NO_SHIFT),
        **_all(r"\begingroup \endgroup \bgroup \egroup", "Write { and } instead."),
        r"\verb": r"Use \texttt{…} instead.",
        r"\char": r"Write the character itself, or \unicode{x263A}.",
    }
)
"""Commands that no formula may hold, and what to do instead."""

_SPELLING = (
    "Check the spelling; the commands of LaTeX and amsmath are known, those of other packages"
    " mostly not."
)
_BRACES = "Put the argument in braces."

# What math-core 0.9 says, what a teacher is told instead, and what to do about it.
# Source: crates/math-core/src/error.rs of github.com/tmke8/math-core.
_PHRASES: tuple[tuple[str, str, str], ...] = (
    (r'Unknown command "(.+)"\.', "Unknown command {0}.", _SPELLING),
    (
        r'Unknown environment "(.*)"\.',
        "Unknown environment {0}.",
        "Use one such as aligned, cases, matrix, pmatrix or array.",
    ),
    (r'Unknown color "(.*)"\.', "Unknown colour {0}.", "Use a name such as red, blue or gray."),
    (
        "Duplicate subscript or superscript",
        "A second subscript or superscript follows the first.",
        "Use braces to say which one belongs to which: x^{2^3} or {x^2}^3.",
    ),
    (
        r"'\^' or '_' directly followed",
        "A ^ or _ has nothing to raise or lower.",
        "Write what belongs there in braces, such as x^{2}.",
    ),
    (
        'Found "&"',
        "The column separator & stands outside of a table.",
        r"Write \& for an ampersand, or put the lines into \begin{aligned} … \end{aligned}.",
    ),
    (
        r'Found "(.+)", which may only appear after',
        "{0} may only follow a large operator such as \\sum.",
        "Move it right behind the operator.",
    ),
    (
        r'Found ".*line", which',
        r"\hline may only stand at the start of a row of a matrix or array.",
        r"Put it after \\, and only once.",
    ),
    (r'Found "(.+)", which may only appear', "{0} cannot be used here.", "Remove it."),
    (
        r'There must be a parenthesis after "(.+)"',
        "{0} is not followed by a bracket.",
        r"Write a bracket or a dot after it, such as \left( … \right. for none.",
    ),
    ("Expected argument", "A command lacks its argument.", _BRACES),
    (
        "Expected (?:at most|exactly) one token",
        "A command takes a single character here.",
        "Give it one character.",
    ),
    (
        r"Disallowed character in text group: '(.*)'",
        "The character {0} cannot stand here.",
        "Remove it.",
    ),
    (
        r'Expected "(\\end.*)", but found "(\\end.*)"',
        "{1} closes an environment that {0} should close.",
        "Close the inner environment first.",
    ),
    (
        r"Expected a relation after \\not",
        r"\not is not followed by a relation.",
        r"Write a relation after it, such as \not\subset.",
    ),
    (
        "Expected a large operator",
        "A large operator such as \\sum is missing here.",
        r"Write one, such as \sum.",
    ),
    (
        "Switch-like commands cannot",
        "A command that changes all that follows cannot be an argument.",
        "Put it and what it changes in braces.",
    ),
    (
        "Expected non-special ASCII",
        "Only plain letters and digits can stand here.",
        "Replace the special characters.",
    ),
    (
        r'Expected length with units, found "(.*)"',
        "{0!r} is not a length.",
        "Write a number and a unit, such as 1em.",
    ),
    (
        r'(?:Found invalid unit|Text unit|Math unit) "(.*?)"',
        "The unit {0} cannot be used here.",
        "Use em, or mu after \\mkern.",
    ),
    (
        r'Expected column specification, found "(.*)"',
        "{0!r} does not say how the columns are aligned.",
        "Use the letters l, c and r and the line |, such as {cc|c}.",
    ),
    (
        "Expected one of `.displaystyle`",
        "A style is missing here.",
        r"Write a number from 0 to 3, or nothing.",
    ),
    (
        "Not valid in text mode",
        "A command for formulas stands inside a text.",
        "Put it between dollar signs: \\text{if $x$}.",
    ),
    (
        "Not valid in math mode",
        "A command for text stands in a formula.",
        r"Put it into \text{…}.",
    ),
    (
        r'Math mode within text mode|Unexpected "\$"',
        "A dollar sign stands inside a formula.",
        r"Write \$ for a dollar sign.",
    ),
    (
        "Could not extract text",
        "The name of an operator holds more than letters.",
        r"Write only letters, digits and spaces in it.",
    ),
    (
        "more than one infix",
        "Two fractions stand in one group.",
        r"Use \frac{…}{…}, or braces around each.",
    ),
    (
        "parameter",
        "A # stands in the formula.",
        r"Write \# for a number sign.",
    ),
    (
        r"Direct Unicode input is not supported for this symbol yet: '(.*)'",
        "The character {0} is not known in formulas.",
        "Write it as a command, such as \\sqrt{x}.",
    ),
    (
        'Unmatched closing token: "(.*)"',
        "{0} closes nothing.",
        "Remove it, or add what it is meant to close.",
    ),
    (
        'Expected closing token "(.*)", but reached end',
        "The formula ends before {0}.",
        "Add what is missing.",
    ),
    (
        "Internal parser error",
        "The formula is put together in a way that cannot be read.",
        "Put the arguments of its commands in braces.",
    ),
    (
        "Hard limit exceeded|Too many expansions",
        "The formula is too complicated.",
        "Split it into smaller formulas.",
    ),
)
_COMPILED = tuple((re.compile(pattern, re.DOTALL), said, hint) for pattern, said, hint in _PHRASES)


def explain(complaint: str, offset: int | None) -> MathError:
    """The MathError for a complaint of math-core at a place of the author's source."""
    for pattern, said, hint in _COMPILED:
        match = pattern.search(complaint)
        if match:
            return MathError(said.format(*map(clip, match.groups())), offset, hint)
    return MathError(clip(complaint), offset, "Write it in another way.")


def check_allowed(token: Token) -> None:
    """Raise MathError when no formula may hold `token`."""
    text, offset = token
    if text == "%":
        raise MathError(
            "A bare % begins a comment, and LaTeX drops the rest of the line.",
            offset,
            r"Write \% for a per cent sign.",
        )
    if text == "\\":
        raise MathError("The formula ends with a single backslash.", offset, "Remove it.")
    if text[0] == "#":
        raise MathError("A # stands in the formula.", offset, r"Write \# for a number sign.")
    hint = REFUSED.get(text)
    if hint is not None:
        raise MathError(f"The command {clip(text)} cannot be used in a formula.", offset, hint)
