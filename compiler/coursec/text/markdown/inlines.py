"""What stands in a line, as Markdown: which signs are escaped, and which stars stress."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, assert_never

from coursec.model.text import (
    Asset,
    Code,
    Emphasis,
    Gap,
    Image,
    Inline,
    LineBreak,
    Link,
    Math,
    SoftBreak,
    Strong,
    Text,
)

ImageName = Callable[[Asset], str]

_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
_SIGN = re.compile("[\\\\`$*_\\[\\]<&{!]")
_TAG = re.compile(r"<[A-Za-z/!?]")
_ENTITY = re.compile(r"&#?[A-Za-z0-9]+;")
_AUTOLINK = re.compile(r"(?:https?://|mailto:)[A-Za-z0-9./?=@#:~_-]+")
_PLAIN_PATH = re.compile(r"[^\w./~+,=@-]")
# What makes a block out of a line, and in group 1 what of it is not to be escaped.
_LINE_STARTS = re.compile(
    r"()#{1,6}(?:[ \t]|\Z)"
    r"|()>"
    r"|()[-+](?:[ \t]|\Z)"
    r"|()-[-\s]*\Z"
    r"|()=+[ \t]*\Z"
    r"|()~~~"
    r"|()[|:-][-:|\s]*\Z"
    r"|([0-9]{1,9})[.)](?:[ \t]|\Z)"
)


@dataclass(slots=True)
class _Piece:
    """A part of the line: text still to be escaped, or markup."""

    kind: Literal["text", "raw", "open", "close"]
    text: str
    label: bool = False
    """Whether it stands between a link's brackets."""
    first: bool = False
    """Whether its first character is written as an entity, which no rule takes for a letter."""
    last: bool = False


def inline_lines(children: Sequence[Inline], image: ImageName) -> list[str]:
    """Return the lines of a paragraph; none of them begins a block of another kind."""
    return [_no_block(line) for line in _lines(children, image)]


def inline_line(children: Sequence[Inline], image: ImageName) -> str:
    """Return inlines without breaks as a part of a line: of a heading or of a cell."""
    (line,) = _lines(children, image)
    return line


def _lines(children: Sequence[Inline], image: ImageName) -> list[str]:
    pieces: list[_Piece] = []
    _collect(children, image, pieces, "", False)
    _guard(pieces)
    following = [*pieces[1:], _Piece("raw", "")]
    source = "".join(map(_written, pieces, following))
    return [_edges(line) for line in source.split("\n")]


def _collect(
    children: Sequence[Inline], image: ImageName, out: list[_Piece], outer: str, label: bool
) -> None:
    """Add the pieces of inlines; `outer` is the sign of the stress around them."""
    for index, node in enumerate(children):
        match node:
            case Text():
                out.append(_Piece("text", node.text, label))
            case SoftBreak():
                out.append(_Piece("raw", "\n"))
            case LineBreak():
                out.append(_Piece("raw", "\\\n"))
            case Code():
                out.append(_Piece("raw", _code(node.text)))
            case Math():
                mark = "$$" if node.display else "$"
                out.append(_Piece("raw", f"{mark}{node.latex}{mark}"))
            case Image():
                alt = _escaped(_Piece("text", node.alt, label=True), "")
                out.append(_Piece("raw", f"![{alt}]({_path(image(node.asset))})"))
            case Gap():
                out.append(_Piece("raw", f"{{{{{node.name}}}}}"))
            case Emphasis() | Strong():
                # Stars that touch other stars would be one mark with them.
                touched = {out[-1].text[0]} if out and out[-1].kind in ("open", "close") else set()
                if outer and index == len(children) - 1:
                    touched.add(outer)
                sign = "_" if "*" in touched else "*"
                mark = sign if isinstance(node, Emphasis) else sign * 2
                out.append(_Piece("open", mark))
                _collect(node.children, image, out, sign, label)
                out.append(_Piece("close", mark))
            case Link():
                if node.children == (Text(node.href),) and _AUTOLINK.fullmatch(node.href):
                    out.append(_Piece("raw", f"<{node.href}>"))
                    continue
                out.append(_Piece("raw", "["))
                _collect(node.children, image, out, "", True)
                out.append(_Piece("raw", f"]({_address(node.href)})"))
            case _:
                assert_never(node)


def _code(text: str) -> str:
    runs = {len(run) for run in re.findall("`+", text)}
    size = next(n for n in range(1, len(runs) + 2) if n not in runs)
    edges = text[0] + text[-1]
    pad = " " if "`" in edges or (edges == "  " and text.strip(" ")) else ""
    return f"{'`' * size}{pad}{text}{pad}{'`' * size}"


def _path(path: str) -> str:
    # A picture inside a notebook has an address of its own kind.
    kind = "attachment:" if path.startswith("attachment:") else ""
    return kind + _PLAIN_PATH.sub(
        lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode()),
        path.removeprefix(kind),
    )


def _address(href: str) -> str:
    depth = 0
    for sign in href:
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if depth < 0:
            break
    address = _ENTITY.sub(lambda match: "\\" + match[0], href)
    return f"<{address}>" if depth else address


# Stars and letters


def _is_blank(character: str) -> bool:
    return character in "\t\n " or unicodedata.category(character) == "Zs"


def _is_punctuation(character: str) -> bool:
    return unicodedata.category(character)[0] in "PS"


def _character(pieces: list[_Piece], index: int, end: bool) -> str:
    """Return the first or last character of a piece as the reader of stars sees it."""
    if not 0 <= index < len(pieces):
        return " "
    piece = pieces[index]
    only = len(piece.text) == 1
    if (piece.last or (only and piece.first)) if end else (piece.first or (only and piece.last)):
        return ";" if end else "&"
    return piece.text[-1] if end else piece.text[0]


def _guard(pieces: list[_Piece]) -> None:
    """Write characters as entities where a mark beside them would else be none.

    A mark opens before a letter, or before anything if no letter stands before it; `_` opens
    only where no letter stands before it. It closes in the same way. An entity ends those
    troubles: its signs are punctuation.
    """
    for before, after in pairwise(pieces):
        if before.kind == "raw" and before.text[0] == "$" and after.kind == "text":
            after.first = before.text[:2] != "$$" and after.text[0].isdigit()
    changed = True
    while changed:
        changed = False
        for index, piece in enumerate(pieces):
            if piece.kind in ("text", "raw"):
                continue
            step = 1 if piece.kind == "open" else -1
            inner = _character(pieces, index + step, end=step < 0)
            outer = _character(pieces, index - step, end=step > 0)
            if _is_blank(inner):
                target, end = pieces[index + step], step < 0
            elif _is_blank(outer) or _is_punctuation(outer):
                continue
            elif piece.text[0] == "_" or _is_punctuation(inner):
                target, end = pieces[index - step], step > 0
            else:
                continue
            if end:
                target.last = True
            else:
                target.first = True
            changed = True


# Text


def _written(piece: _Piece, following: _Piece) -> str:
    return _escaped(piece, following.text) if piece.kind == "text" else piece.text


def _escaped(piece: _Piece, following: str) -> str:
    """Return a text with a backslash before each sign that would be markup."""
    text = piece.text
    start = 1 if piece.first else 0
    end = max(len(text) - 1, start) if piece.last else len(text)

    def sign(match: re.Match[str]) -> str:
        at = match.start() + start
        return text[at] if _is_harmless(text, at, piece.label, following) else "\\" + text[at]

    head = entity(text[0]) if piece.first else ""
    tail = entity(text[-1]) if piece.last and end >= start and len(text) > start else ""
    return head + _SIGN.sub(sign, text[start:end]) + tail


def _is_harmless(text: str, at: int, label: bool, following: str) -> bool:
    """Tell whether the sign at a place of a text is no markup there."""
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    match text[at]:
        case "\\":
            return at < len(text) - 2 and after not in _PUNCTUATION
        case "*":
            return before == " " == after
        case "_":
            # The outermost characters may be written as entities.
            return 1 < at < len(text) - 2 and before.isalnum() and after.isalnum()
        case "[":
            return not label
        case "]":
            return not label and after not in ("(", ":")
        case "<":
            return not _TAG.match(text, at)
        case "&":
            return not _ENTITY.match(text, at)
        case "{":
            return after != "{"
        case "!":
            return bool(after) or not following.startswith("[")
        case _:
            return False


def entity(character: str) -> str:
    """Return a character as an entity."""
    if character == "\u00a0":
        return "&nbsp;"
    return f"&#{ord(character)};" if character.isascii() else f"&#x{ord(character):X};"


def _edges(line: str) -> str:
    """Return a line with blanks at its ends that are no spaces kept as entities."""
    if line[:1].isspace():
        line = entity(line[0]) + line[1:]
    if line[-1:].isspace():
        line = line[:-1] + entity(line[-1])
    return line


def _no_block(line: str) -> str:
    match = _LINE_STARTS.match(line)
    if not match:
        return line
    at = match.end(match.lastindex or 0)
    return f"{line[:at]}\\{line[at:]}"
