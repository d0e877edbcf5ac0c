r"""What math-core lacks, rewritten into what it has, token by token so that places survive.

Each rule is a function of the tokens and the index of its command; it appends what it writes
and returns the index after what it read. A token that is written anew carries the place of
what it replaces.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence

from coursec.text.math.chemistry import chemistry
from coursec.text.math.formula import MathError, clip
from coursec.text.math.tokens import (
    Token,
    environment_name,
    group_end,
    has_group,
    names,
    skip_blanks,
)

Rule = Callable[[Sequence[Token], int, list[Token]], int]

# Equation numbers mean nothing inside an item, so each numbered environment becomes its
# unnumbered inner form. A column specification stands for alignments that differ from it.
_ENVIRONMENTS = {
    "align": ("aligned", ""),
    "split": ("aligned", ""),
    "flalign": ("aligned", ""),
    "equation": ("gathered", ""),
    "gather": ("gathered", ""),
    "multline": ("gathered", ""),
    "eqnarray": ("darray", "{rcl}"),
    "alignat": ("darray", "{" + "rl" * 10 + "}"),
    "alignedat": ("darray", "{" + "rl" * 10 + "}"),
    "smallmatrix": ("subarray", "{c}"),
}
_TAKES_COUNT = frozenset(("alignat", "alignedat"))
_TAKES_POSITION = frozenset(("aligned", "gathered", "alignedat", "array", "split"))

# Commands that are another's twin, or that change nothing a reader of an item can see.
_ALIASES = {
    r"\mbox": r"\text", r"\hbox": r"\text", r"\textnormal": r"\text", r"\textup": r"\text",
    r"\textmd": r"\text", r"\mathds": r"\mathbb", r"\mathbbm": r"\mathbb",
    r"\pmb": r"\boldsymbol", r"\mathnormal": r"\mathit", r"\dotsc": r"\ldots",
    r"\dotso": r"\ldots", r"\dotsb": r"\cdots", r"\dotsm": r"\cdots", r"\dotsi": r"\cdots",
    r"\strut": r"\mathstrut", r"\notag": "", r"\nonumber": "", r"\allowbreak": "",
    r"\nobreak": "", r"\smash": "", r"\ensuremath": "",
}  # fmt: skip

_TEXTS = names(r"\text \textrm \textbf \textit \texttt \textsf \textsc \emph")
_MACROS = names(r"\pmod \pod \bra \ket \braket \Bra \Ket \Braket \set \Set \fbox")
_SYMBOLS = names(r"\% \$ \# \_ \& \{ \} \, \; \:")
_STARRED = frozenset((r"\operatorname", r"\tag"))
_ROW_GAP = re.compile(r"\*?\s*\[\s*-?[\d.]+\s*(?:pt|em|ex|mm|cm|in|mu|sp)\s*\]|\*")
_POSITION = re.compile(r"\s*\[[tbc]\]")
_CODE_POINT = re.compile(r"\s*(?:[xX]([0-9a-fA-F]{1,6})|([0-9]{1,7}))\s*")


def rewrite(tokens: Sequence[Token]) -> list[Token]:
    """The tokens that math-core is to read; MathError for what no rule can say.

    The brackets of `tokens` must be balanced (`check_nesting`).
    """
    written: list[Token] = []
    index = 0
    while index < len(tokens):
        rule = _RULES.get(tokens[index].text)
        if rule is None:
            written.append(tokens[index])
            index += 1
        else:
            index = rule(tokens, index, written)
    return written


def _alias(tokens: Sequence[Token], index: int, written: list[Token]) -> int:
    """A command under the name that math-core has for it."""
    text, offset = tokens[index]
    name = _ALIASES[text]
    if name in _TEXTS:
        return _text(tokens, index, written)
    if name:
        written.append(Token(name, offset))
    return index + 1


def _environment(tokens: Sequence[Token], index: int, written: list[Token]) -> int:
    r"""`\begin{…}` or `\end{…}` under the name that math-core has for the environment."""
    command, offset = tokens[index]
    full_name, index = environment_name(tokens, index)
    name = full_name.removesuffix("*")
    renamed, columns = _ENVIRONMENTS.get(name, (full_name, ""))
    opens = command == r"\begin"
    written.append(Token(f"{command}{{{renamed}}}{columns if opens else ''}", offset))
    if not opens:
        return index
    if name in _TAKES_POSITION:
        index = _skip_prefix(tokens, index, written, _POSITION)
    if name in _TAKES_COUNT:
        start = skip_blanks(tokens, index)
        index = group_end(tokens, start) + 1 if has_group(tokens, start) else index
    return index


def _skip_prefix(
    tokens: Sequence[Token], index: int, written: list[Token], pattern: re.Pattern[str]
) -> int:
    """Pass over what `pattern` matches at the start of the token at `index`."""
    if index >= len(tokens):
        return index
    text, offset = tokens[index]
    match = pattern.match(text)
    if match is None:
        return index
    if match.end() < len(text):
        written.append(Token(text[match.end() :], offset + match.end()))
    return index + 1


def _line_break(tokens: Sequence[Token], index: int, written: list[Token]) -> int:
    r"""`\\[2pt]` without its gap, which math-core would print as text."""
    written.append(tokens[index])
    return _skip_prefix(tokens, index + 1, written, _ROW_GAP)


def _text(tokens: Sequence[Token], index: int, written: list[Token]) -> int:
    r"""`\text{if $x$}` as `{\text{if }x}`: math-core knows no formulas inside text."""
    command, offset = tokens[index]
    command = _ALIASES.get(command, command)
    start = skip_blanks(tokens, index + 1)
    if not has_group(tokens, start):
        written.append(Token(command, offset))
        return index + 1
    end = group_end(tokens, start)
    inner = tokens[start + 1 : end]
    parts = _split_at_dollars(inner)
    if len(parts) == 1:
        written += [Token(command, offset), tokens[start], *_plain_text(inner), tokens[end]]
        return end + 1
    if len(parts) % 2 == 0:
        dollar = next(token for token in reversed(inner) if token.text == "$")
        raise MathError(
            rf"The $ inside {command}{{…}} is never closed.",
            dollar.offset,
            r"Add the missing $, or write \$ for a dollar sign.",
        )
    written.append(Token("{", offset))
    for number, part in enumerate(parts):
        if number % 2:
            written += rewrite(part)
        elif part:
            written += [Token(command + "{", offset), *_plain_text(part), Token("}", offset)]
    written.append(Token("}", offset))
    return end + 1


def _split_at_dollars(tokens: Sequence[Token]) -> list[list[Token]]:
    """Text and formulas by turns, beginning and ending with text."""
    parts: list[list[Token]] = [[]]
    depth = 0
    for token in tokens:
        depth += (token.text == "{") - (token.text == "}")
        if token.text == "$" and depth == 0:
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def _plain_text(tokens: Sequence[Token]) -> list[Token]:
    r"""The inside of a text: only the aliases apply, as it holds no formula.

    math-core drops the blank after every command; LaTeX keeps it after one such as `\%`.
    """
    written: list[Token] = []
    for text, offset in tokens:
        if written and written[-1].text in _SYMBOLS and text[0].isspace():
            written.append(Token("~" + text.lstrip(), offset))
        elif renamed := _ALIASES.get(text, text):
            written.append(Token(renamed, offset))
    return written


def _tag(tokens: Sequence[Token], index: int, written: list[Token]) -> int:
    r"""`\tag{1}` as text at the end of the line; `\tag*{A}` likewise, without brackets."""
    offset = tokens[index].offset
    start = skip_blanks(tokens, index + 1)
    starred = start < len(tokens) and tokens[start].text == "*"
    start = skip_blanks(tokens, start + starred)
    if not has_group(tokens, start):
        raise MathError(r"\tag lacks its label.", offset, r"Write \tag{1}.")
    end = group_end(tokens, start)
    opening, closing = ("{", "}") if starred else ("{(", ")}")
    written += [Token(r"\qquad\text" + opening, offset), *_plain_text(tokens[start + 1 : end])]
    written.append(Token(closing, offset))
    return end + 1


def _label(tokens: Sequence[Token], index: int, _written: list[Token]) -> int:
    r"""`\label{…}` as nothing: it prints nothing, and there is nothing to refer to it."""
    start = skip_blanks(tokens, index + 1)
    return group_end(tokens, start) + 1 if has_group(tokens, start) else index + 1


def _substack(tokens: Sequence[Token], index: int, written: list[Token]) -> int:
    r"""`\substack{a \\ b}` as the environment that math-core has for it."""
    offset = tokens[index].offset
    start = skip_blanks(tokens, index + 1)
    if not has_group(tokens, start):
        raise MathError(r"\substack lacks its lines.", offset, r"Write \substack{first \\ second}.")
    end = group_end(tokens, start)
    written.append(Token(r"\begin{subarray}{c}", offset))
    written += rewrite(tokens[start + 1 : end])
    written.append(Token(r"\end{subarray}", offset))
    return end + 1


def _chemistry(tokens: Sequence[Token], index: int, written: list[Token]) -> int:
    r"""`\ce{H2O}` as upright letters with scripts."""
    offset = tokens[index].offset
    start = skip_blanks(tokens, index + 1)
    if not has_group(tokens, start):
        raise MathError(r"\ce lacks its formula.", offset, r"Write \ce{H2O}.")
    end = group_end(tokens, start)
    source = "".join(token.text for token in tokens[start + 1 : end])
    written.append(Token(chemistry(source, tokens[start].offset + 1), offset))
    return end + 1


def _unicode(tokens: Sequence[Token], index: int, written: list[Token]) -> int:
    r"""`\unicode{x263A}` as that character."""
    offset = tokens[index].offset
    start = skip_blanks(tokens, index + 1)
    end = group_end(tokens, start) if has_group(tokens, start) else start
    source = "".join(token.text for token in tokens[start + 1 : end])
    match = _CODE_POINT.fullmatch(source)
    code_point = int(match[1], 16) if match and match[1] else int(match[2]) if match else 0
    # ASCII could smuggle in a brace or a command, and is on every keyboard.
    printable = 0xA0 < code_point < 0x110000 and unicodedata.category(chr(code_point))[0] in "LNPS"
    if not printable:
        raise MathError(
            rf"\unicode{{{clip(source)}}} is no printable character beyond ASCII.",
            offset,
            r"Write the character itself, or a number such as \unicode{x263A}.",
        )
    written.append(Token("{" + chr(code_point) + "}", offset))
    return end + 1


def _star(tokens: Sequence[Token], index: int, written: list[Token]) -> int:
    r"""`\hspace*` without its star."""
    written.append(tokens[index])
    return _skip_prefix(tokens, index + 1, written, re.compile(r"\*"))


def _macro(tokens: Sequence[Token], index: int, written: list[Token]) -> int:
    r"""`\pmod n` as `{\pmod{n}}`.

    math-core replaces it by a row that begins with a bracket, and takes that bracket alone for
    the argument when it stands behind a command such as `\hat`.
    """
    command, offset = tokens[index]
    start = skip_blanks(tokens, index + 1)
    written.append(Token("{" + command, offset))
    if has_group(tokens, start):
        end = group_end(tokens, start)
        inner = tokens[start + 1 : end]
        is_text = command == r"\fbox"
        written += [tokens[start], *(_plain_text(inner) if is_text else rewrite(inner))]
        written.append(Token("}}", tokens[end].offset))
        return end + 1
    argument = tokens[start].text.lstrip() if start < len(tokens) else ""
    if not argument[:1].isalnum():
        raise MathError(
            f"{command} lacks its argument.", offset, f"Put it in braces: {command}{{n}}."
        )
    place = tokens[start].offset + len(tokens[start].text) - len(argument)
    written.append(Token("{" + argument[0] + "}}", place))
    if argument[1:]:
        written.append(Token(argument[1:], place + 1))
    return start + 1


_RULES: dict[str, Rule] = {
    **dict.fromkeys(_ALIASES, _alias),
    **dict.fromkeys(_TEXTS, _text),
    **dict.fromkeys(_MACROS, _macro),
    r"\begin": _environment,
    r"\end": _environment,
    r"\\": _line_break,
    r"\tag": _tag,
    r"\label": _label,
    r"\substack": _substack,
    r"\ce": _chemistry,
    r"\unicode": _unicode,
    r"\hspace": _star,
}


def join(tokens: Sequence[Token]) -> str:
    r"""The text of `tokens`, with a blank wherever two would run into one command.

    math-core reads `\alpha*` as a command of that name, so a star needs the blank too.
    """
    return "".join(_parts(tokens))


def origin(tokens: Sequence[Token], position: int, latex: str) -> int:
    """The place in the author's `latex` of the character at `position` of `join(tokens)`."""
    start = 0
    for token, part in zip(tokens, _parts(tokens), strict=True):
        if position < start + len(part):
            copied = latex.startswith(token.text, token.offset)
            within = min(position - start, len(token.text) - 1) if copied else 0
            return token.offset + within
        start += len(part)
    return len(latex)


def _parts(tokens: Sequence[Token]) -> Iterator[str]:
    """The text of each token, with the blank that keeps it apart from the next."""
    previous = ""
    for token in tokens:
        if previous:
            yield previous + " " if _glues(previous, token.text) else previous
        previous = token.text
    if previous:
        yield previous


def _glues(command: str, following: str) -> bool:
    """Whether `following`, written right after `command`, would lengthen its name."""
    if command[0] != "\\" or not command[-1].isalpha():
        return False
    first = following[0]
    is_letter = first.isascii() and first.isalpha()
    return is_letter or (first == "*" and command not in _STARRED)
