"""A drafted assignment as a file: tasks of which nothing is run before a person has read them."""

from __future__ import annotations

import ast
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from coursec.checks import check_course
from coursec.diagnostics import Diagnostics, Severity
from coursec.drafting.drafts import Draft
from coursec.drafting.entry import Stamp
from coursec.drafting.evidence.chunk import Chunk
from coursec.drafting.grounding import ungrounded
from coursec.importing.names import free, kebab
from coursec.model.quiz import Bank
from coursec.source.course import read_course
from coursec.source.layout import Prose, Short, Value, document

_BLOCK = re.compile(r"^\s*(?:#|>|\||```|~~~|[-*+]\s|\d+[.)]\s|:::)", re.MULTILINE)
_FORBIDDEN = frozenset(
    "os sys subprocess socket shutil ctypes importlib pickle urllib http ftplib smtplib pathlib "
    "requests httpx multiprocessing threading signal builtins code runpy webbrowser tempfile "
    "io marshal shelve sqlite3 asyncio selectors ssl inspect gc".split()
)
"""Modules that reach files, programs or the network: no task of a lecture needs them."""
_CALLS = frozenset("eval exec compile open input __import__ globals vars breakpoint".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What all tasks of an assignment have in common."""

    name: str
    title: str
    request: str


def task_faults(draft: Draft, chunks: Sequence[Chunk]) -> list[str]:
    """Return what is wrong with a task, without running any of it: a sentence a fault."""
    found = ungrounded(draft, chunks)
    fields = cast("Mapping[str, Any]", draft.fields)
    if _BLOCK.search(fields["text"]):
        found.append("`text` holds a heading, list, quote, table or code block.")
    if _BLOCK.search(fields["title"]):
        found.append("`title` is no plain title.")
    found += _code_faults("solution", fields["solution"])
    found += _code_faults("tests", fields["tests"])
    if found:
        return found
    names = defined(fields["solution"])
    if not names:
        return ["`solution` defines no function and no class."]
    tree = ast.parse(fields["tests"])
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    if not any(isinstance(node, ast.Assert) for node in ast.walk(tree)):
        found.append("`tests` hold no `assert`.")
    if not used & set(names):
        found.append("`tests` use nothing of the solution.")
    return found


def _code_faults(field: str, code: str) -> Iterator[str]:
    if "```" in code or "~~~" in code:
        yield f"`{field}` holds a fence."
        return
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        yield f"`{field}` is no Python: {str(error)[:120]}."
        return
    for module in imported(tree):
        if module in _FORBIDDEN:
            yield f"`{field}` imports `{module}`: a task reaches no files, programs or network."
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in _CALLS:
            yield f"`{field}` uses `{node.id}`."
        if isinstance(node, ast.Attribute) and node.attr.startswith("__"):
            yield f"`{field}` uses `{node.attr}`."


def imported(tree: ast.AST) -> list[str]:
    """Return the top names of the modules that code imports, each once."""
    found: dict[str, None] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= dict.fromkeys(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            found[(node.module or ".").partition(".")[0]] = None
    return list(found)


def defined(code: str) -> list[str]:
    """Return the names of the functions and classes that code defines."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return [node.name for node in ast.parse(code).body if isinstance(node, kinds)]


def starter_of(solution: str) -> str:
    """Return a solution without what students are to write: bodies raise, docstrings stay."""
    lines = solution.split("\n")
    functions: list[ast.FunctionDef | ast.AsyncFunctionDef] = []
    for node in ast.parse(solution).body:
        inner = node.body if isinstance(node, ast.ClassDef) else [node]
        functions += [f for f in inner if isinstance(f, ast.FunctionDef | ast.AsyncFunctionDef)]
    for function in reversed(functions):
        first, end = function.body[0], function.end_lineno
        at = first.lineno - 1
        # Columns count bytes.
        before = lines[at].encode()[: first.col_offset].decode()
        if not before.strip() and ast.get_docstring(function) is not None:
            at = first.end_lineno or at
        lines[at:end] = [f"{before}raise NotImplementedError"]
    return "\n".join(lines)


def assignment_text(plan: Plan, tasks: Sequence[tuple[Draft, Stamp]]) -> str:
    """Return the file of a drafted assignment; its provenance stands in comments and notes."""
    quotes = [quote for draft, _ in tasks for quote in draft.quotes]
    slides = list(dict.fromkeys(quote.slide for quote in quotes))
    stamp = tasks[0][1]
    model = f"{stamp.model.name} ({stamp.model.digest})" if stamp.model else stamp.drafter
    head: dict[str, Value] = {
        "title": Prose(plan.title),
        "status": "draft",
        "lectures": Short([Prose(slide, strict=True) for slide in slides]),
    }
    needed = sorted(_packages(tasks))
    if needed:
        head["requirements"] = Short([Prose(name, strict=True) for name in needed])
    out = [
        "---",
        f"# Drafted on {stamp.drafted} by `coursec draft` with {model}.",
        "# Nothing of it is built or run while it is a draft. Read the code, write",
        "# `status: approved`, and run it: coursec check --run",
        *document(head).rstrip("\n").split("\n"),
        "---",
        "",
        "Work from top to bottom: a task may use what the tasks before it made.",
    ]
    taken: set[str] = set()
    for draft, _ in tasks:
        fields = cast("Mapping[str, Any]", draft.fields)
        name = free(kebab(fields["title"]) or "task", taken)
        taken.add(name)
        out += ["", *_task(name, fields, draft)]
    return "\n".join(out) + "\n"


def _packages(tasks: Sequence[tuple[Draft, Stamp]]) -> set[str]:
    codes = [str(draft.fields[key]) for draft, _ in tasks for key in ("solution", "tests")]
    modules = {module for code in codes for module in imported(ast.parse(code))}
    return {module for module in modules if module not in sys.stdlib_module_names}


def _task(name: str, fields: Mapping[str, Any], draft: Draft) -> Iterator[str]:
    points = sum(int(criterion["points"]) for criterion in fields["rubric"])
    yield f"## {_line(fields['title'])} {{#{name} points={points}}}"
    yield from ("", fields["text"], "")
    yield from ("```python starter", starter_of(fields["solution"]), "```", "")
    yield from ("```python solution", fields["solution"], "```", "")
    yield from ("```python test", fields["tests"], "```", "")
    yield "> [!NOTE]"
    for quote in draft.quotes:
        yield f"> {quote.slide}, digest {quote.digest}: `{quote.text.replace('`', '')}`"
    yield from ("", "### Rubric", "", "| Criterion | Points |", "|---|---|")
    for criterion in fields["rubric"]:
        said = _line(criterion["criterion"]).replace("|", "\\|")
        yield f"| {said} | {criterion['points']} |"


def compiled_faults(text: str, name: str, head: bytes, bank: Bank) -> list[str]:
    """Return what the compiler says against an assignment in its course: a sentence a fault."""
    sink = Diagnostics()
    with tempfile.TemporaryDirectory(prefix="coursec-") as folder:
        root = Path(folder)
        (root / "assignments").mkdir()
        (root / "course.yaml").write_bytes(head)
        (root / "assignments" / f"{name}.md").write_bytes(text.encode("utf-8", "replace"))
        made = read_course(root, sink)
    check_course(replace(made, lectures=bank.lectures), sink)
    sink.settle(complete=False)
    wrong = [d for d in sink if d.severity is Severity.ERROR]
    return [f"{d.message} {d.hint}".strip() + f" [{d.code}]" for d in wrong]


def _line(text: str) -> str:
    return " ".join(text.split())
