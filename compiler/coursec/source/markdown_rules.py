r"""The two extensions of CommonMark that the language has: dollar math and cloze gaps.

Formulas are found by braces, so that `$\text{if $x$}$` is one formula: a closing dollar
counts only outside braces. Prices stay prices: an opening dollar is not followed by a
space, a closing one not preceded by a space and not followed by a digit.
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.table import escapedSplit
from markdown_it.rules_inline import StateInline

_TERMINATOR = re.compile(r"[\n\\`*_\[\]!<&${]")
__all__ = ["GAP", "escapedSplit", "gap", "math_block", "math_inline", "parser"]

GAP = re.compile(r"\{\{([^{}\n]*)\}\}")
"""A gap as it is written, in a cloze text and elsewhere."""
_SIGNS = re.compile(r"\\.|[{}$]", re.DOTALL)
_LONGEST = 1_000
"""Longest formula inside a paragraph: every dollar sign looks that far for its partner."""


def _closing(text: str, start: int, end: int, mark: str) -> int:
    """Return where `mark` closes the formula that begins at `start`, or -1.

    First a mark outside braces; where the braces never close, the first mark at all, so
    that the formula is found and refused at its place instead of becoming prose.
    """
    first = -1
    depth = 0
    end = min(end, start + _LONGEST)
    for sign in _SIGNS.finditer(text, start, end):
        at, character = sign.start(), sign[0]
        if character == "{":
            depth += 1
        elif character == "}":
            depth -= 1
        elif character == "$" and text.startswith(mark, at):
            closes = _may_close(text, at, end, mark)
            if depth <= 0:
                # A dollar that cannot close begins something else: `$5 and $x$`.
                return at if closes else -1
            if first < 0 and closes:
                first = at
    return first


def _may_close(text: str, at: int, end: int, mark: str) -> bool:
    if mark == "$$":
        return True
    return not text[at - 1].isspace() and not (at + 1 < end and text[at + 1].isdigit())


def math_inline(state: StateInline, silent: bool) -> bool:
    """Inline rule: `$..$`, and `$$..$$` inside a paragraph."""
    text, at, end = state.src, state.pos, state.posMax
    if text[at] != "$":
        return False
    mark = "$$" if text.startswith("$$", at) else "$"
    start = at + len(mark)
    if mark == "$" and (start >= end or text[start].isspace() or text[start] == "$"):
        return False
    close = _closing(text, start, end, mark)
    if close <= start:
        return False
    if not silent:
        token = state.push("math_inline", "math", 0)
        token.content = text[start:close]
        token.markup = mark
    state.pos = close + len(mark)
    return True


def math_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Block rule: a line that begins with `$$` up to the line that ends with `$$`."""
    if state.is_code_block(start):
        return False
    begin = state.bMarks[start] + state.tShift[start]
    if not state.src.startswith("$$", begin):
        return False
    line = start
    while line < end:
        first = state.bMarks[line] + state.tShift[line] if line > start else begin + 2
        last = state.eMarks[line]
        if line > start and state.sCount[line] < state.blkIndent and first < last:
            return False
        if state.src[first:last].rstrip().endswith("$$"):
            break
        line += 1
    else:
        return False
    text = state.getLines(start, line + 1, state.blkIndent, False).strip()
    content = text[2:-2]
    if not content.strip() or "$$" in content:
        return False
    if silent:
        return True
    state.line = line + 1
    token = state.push("math_block", "math", 0)
    token.block = True
    token.content = content.strip()
    token.markup = "$$"
    token.map = [start, line + 1]
    return True


def gap(state: StateInline, silent: bool) -> bool:
    """Inline rule: `{{name}}`."""
    if not state.src.startswith("{{", state.pos):
        return False
    match = GAP.match(state.src, state.pos, state.posMax)
    if not match:
        return False
    if not silent:
        token = state.push("gap", "", 0)
        token.content = match[1].strip()
        token.markup = match[0]
    state.pos = match.end()
    return True


def parser(*, gaps: bool) -> MarkdownIt:
    """Return a parser of the language's Markdown; with `gaps`, of a cloze text's."""
    md = MarkdownIt("commonmark", {"html": True, "maxNesting": 48}).enable("table")
    # The parser would leave `[x](javascript:y)` as prose; the reader refuses it by name.
    md.validateLink = lambda url: True  # type: ignore[method-assign]
    md.inline.ruler.before("escape", "math_inline", math_inline)
    md.block.ruler.before(
        "fence",
        "math_block",
        math_block,
        {"alt": ["paragraph", "reference", "blockquote", "list"]},
    )
    if gaps:
        md.inline.ruler.before("escape", "gap", gap)
    # Every character in here costs a walk through all inline rules; the parser's own set
    # also holds what only extensions need that the language does not have.
    md.inline.terminator_re = _TERMINATOR
    return md
