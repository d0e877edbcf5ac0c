"""LaTeX split into tokens that know their place, and the bracketing that must hold."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from coursec.text.math.formula import MathError, clip

MAX_NESTING = 32
r"""How many braces, environments and `\left`s may be open at once.

Typst gives up at 64 nested show rules and 256 nested brackets, lxml at 256 elements, and
math-core recurses on the stack: 32 levels of LaTeX stay below all of them, and are several
times what the deepest formula on a slide needs.
"""

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\\|[{}$%]|#[1-9]?|[^\\{}$%#]+", re.DOTALL)


class Token(NamedTuple):
    """A piece of LaTeX and the 0-based character of the author's source it stems from.

    A piece is a command with its backslash, one of `{ } $ % #`, a `#1`, or a run of other
    characters.
    """

    text: str
    offset: int


def names(listing: str) -> frozenset[str]:
    """The names in a listing, which white space separates."""
    return frozenset(listing.split())


def tokenize(latex: str) -> list[Token]:
    """Split `latex` into tokens whose texts, joined, are `latex` again."""
    return [Token(match[0], match.start()) for match in _TOKEN.finditer(latex)]


def is_blank(text: str) -> bool:
    """Whether a token is nothing but white space, which LaTeX skips between arguments."""
    return text.isspace()


def skip_blanks(tokens: Sequence[Token], index: int) -> int:
    """The index of the first token at or after `index` that is not white space."""
    while index < len(tokens) and is_blank(tokens[index].text):
        index += 1
    return index


def group_end(tokens: Sequence[Token], index: int) -> int:
    """The index of the brace that closes the one at `index`; the braces must be balanced."""
    depth = 0
    for position in range(index, len(tokens)):
        text = tokens[position].text
        depth += (text == "{") - (text == "}")
        if depth == 0:
            return position
    raise MathError("The brace { is never closed.", tokens[index].offset, "Add the missing }.")


def has_group(tokens: Sequence[Token], index: int) -> bool:
    """Whether a brace group opens at `index`."""
    return index < len(tokens) and tokens[index].text == "{"


def environment_name(tokens: Sequence[Token], index: int) -> tuple[str, int]:
    r"""The name after the `\begin` or `\end` at `index`, and the index after its brace."""
    start = skip_blanks(tokens, index + 1)
    if has_group(tokens, start):
        end = group_end(tokens, start)
        return "".join(token.text for token in tokens[start + 1 : end]).strip(), end + 1
    command = tokens[index]
    raise MathError(
        f"{command.text} does not name an environment.",
        command.offset,
        rf"Write the name in braces, such as {command.text}{{cases}}.",
    )


class _Open(NamedTuple):
    """A bracket that waits for its partner: what it shows in messages, its place, its closer."""

    shown: str
    offset: int
    closer: str


def check_nesting(tokens: Sequence[Token], length: int) -> None:
    r"""Raise MathError unless braces, environments and `\left … \right` nest and are not too deep.

    math-core would refuse most of this too, but it points at the end of the input, and it
    recurses before it notices. `length` is the length of the author's source.
    """
    stack: list[_Open] = []
    # The braces around the name of an environment are no nesting of their own.
    skip_until = 0
    for index, (text, offset) in enumerate(tokens):
        if index < skip_until:
            continue
        if text == "{":
            stack.append(_Open("The brace {", offset, "}"))
        elif text == r"\left":
            stack.append(_Open(r"\left", offset, r"\right"))
        elif text == r"\begin":
            name, skip_until = environment_name(tokens, index)
            name = clip(name)
            stack.append(_Open(rf"\begin{{{name}}}", offset, rf"\end{{{name}}}"))
        elif text in ("}", r"\right"):
            _close(stack, text, offset)
        elif text == r"\end":
            name, skip_until = environment_name(tokens, index)
            _close(stack, rf"\end{{{clip(name)}}}", offset)
        elif text == r"\\":
            _check_line_break(stack, offset)
        if len(stack) > MAX_NESTING:
            raise MathError(
                f"The formula nests more than {MAX_NESTING} levels deep.",
                min(offset, length),
                "Split it into smaller formulas.",
            )
    if stack:
        unclosed = stack[-1]
        raise MathError(
            f"{unclosed.shown} is never closed.",
            unclosed.offset,
            f"Add the missing {unclosed.closer}.",
        )


def _close(stack: list[_Open], closer: str, offset: int) -> None:
    """Take the partner of `closer` off the stack."""
    if stack and stack[-1].closer == closer:
        stack.pop()
        return
    if any(bracket.closer == closer for bracket in stack):
        unclosed = stack[-1]
        raise MathError(
            f"{unclosed.shown} is not closed before {closer}.",
            unclosed.offset,
            f"Add the missing {unclosed.closer}.",
        )
    shown = "The brace }" if closer == "}" else closer
    raise MathError(
        f"{shown} closes nothing.", offset, "Remove it, or add what it is meant to close."
    )


def _check_line_break(stack: Sequence[_Open], offset: int) -> None:
    r"""Refuse `\\` outside of every environment, where LaTeX drops it without a word."""
    # In braces it may be the argument of \substack, which breaks lines too.
    if not stack or all(bracket.closer == r"\right" for bracket in stack):
        raise MathError(
            r"The line break \\ has no effect outside of an environment.",
            offset,
            r"Put the lines between \begin{gathered} and \end{gathered}.",
        )
