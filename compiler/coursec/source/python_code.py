"""Python in assignments: whether it compiles, and what a starter leaves to do.

Nothing is run here.
"""

from __future__ import annotations

import ast
import warnings
from dataclasses import dataclass

MAX_CODE = 50_000
"""Longest block of code in characters."""

GAP = "`raise NotImplementedError` or `...`"
"""How a starter marks what is left to do, in words."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a block is no Python."""

    message: str
    line: int
    """Line of the code, from 1."""
    column: int
    """Column, from 1."""


def read_code(code: str) -> tuple[tuple[int, int], ...] | Refusal:
    """Return the gaps of a block: (line from 1, column from 0) of each; or why it is no Python.

    A gap is `raise NotImplementedError`, or `...` as a statement or as the whole right side of an
    assignment or of a `return`.
    """
    if len(code) > MAX_CODE:
        return Refusal(f"the block has {len(code):,} characters; {MAX_CODE:,} are the limit", 1, 1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(code)
            # What only the compiler sees, such as a `return` outside of a function.
            compile(tree, "<block>", "exec", dont_inherit=True)
    except SyntaxError as error:
        return Refusal(error.msg or "invalid syntax", error.lineno or 1, error.offset or 1)
    except (ValueError, RecursionError, MemoryError):
        return Refusal("it is nested too deeply", 1, 1)
    return tuple(
        sorted((gap.lineno, gap.col_offset) for node in ast.walk(tree) for gap in _gaps(node))
    )


def _gaps(node: ast.AST) -> list[ast.stmt | ast.expr]:
    match node:
        case ast.Raise(exc=ast.Name("NotImplementedError")):
            return [node]
        case ast.Raise(exc=ast.Call(func=ast.Name("NotImplementedError"))):
            return [node]
        case (
            ast.Expr(value=ast.Constant(value=value) as mark)
            | ast.Assign(value=ast.Constant(value=value) as mark)
            | ast.AnnAssign(value=ast.Constant(value=value) as mark)
            | ast.Return(value=ast.Constant(value=value) as mark)
        ) if value is ...:
            return [mark]
        case _:
            return []
