"""A blueprint as text for a terminal of 80 columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from textwrap import wrap

from coursec.diagnostics.columns import clean, cut, padded
from coursec.model.numbers import counted
from coursec.stats.blueprint import (
    LEVELS,
    AssignmentCover,
    Blueprint,
    LectureCover,
    Matrix,
    QuizCover,
    Row,
    Table,
)
from coursec.stats.survey import number

_WIDTH = 80
_LABEL = 40
_BAR = 16
_TAGS = 20
"""Tags that are shown; those with the most questions come first."""
_HEADS = ("rememb.", "underst.", "apply", "analyze", "evaluate", "create", "none")
Paint = Callable[[str, str], str]
"""(text, style) to styled text; styles are `head`, `gap` and `bar`."""


def text(blueprint: Blueprint, paint: Paint) -> str:
    """Return the whole blueprint."""
    parts = ["\n".join(_head(blueprint, paint))]
    if blueprint.gaps:
        rows = [line for gap in blueprint.gaps for line in _wrapped(f"! {clean(gap.message)}", 2)]
        parts.append("\n".join([paint("Gaps", "head"), *(paint(row, "gap") for row in rows)]))
    parts += ["\n".join(_table(table, paint)) for table in blueprint.tables if table.rows]
    missing = [line for lecture in blueprint.lectures for line in _slides(lecture)]
    if missing:
        parts.append("\n".join([paint("Slides without a question", "head"), *missing]))
    parts += ["\n".join(_quiz(quiz, paint)) for quiz in blueprint.quizzes]
    if blueprint.assignments:
        rows = [line for assignment in blueprint.assignments for line in _assignment(assignment)]
        parts.append("\n".join([paint("Assignments", "head"), *rows]))
    return "\n\n".join(parts) + "\n"


def _head(blueprint: Blueprint, paint: Paint) -> Iterator[str]:
    yield paint(cut(f"{blueprint.course}: {blueprint.title}", _WIDTH), "head")
    said = counted(number(blueprint.count.items), "approved question")
    said += ", " + counted(number(blueprint.count.points), "point")
    if blueprint.texts:
        said += "; " + counted(blueprint.texts, "text")
    waiting = [f"{count} {name}" for name, count in blueprint.statuses[1:] if count]
    yield said + (f"; {', '.join(waiting)}" if waiting else "")


def _table(table: Table, paint: Paint) -> Iterator[str]:
    rows = table.rows
    if table.name == "tag":
        rows = tuple(sorted(rows, key=lambda row: (not row.name, -row.count.items)))[:_TAGS]
    drafts = any(row.drafts for row in table.rows)
    title = f"By {table.title.lower().replace('bloom', 'Bloom')}"
    head = title.ljust(_LABEL + 2) + "  items  points" + ("  drafts" if drafts else "")
    yield paint(head, "head")
    most = max((row.count.items for row in rows), default=Fraction(0))
    for row in rows:
        yield _row(row, most, drafts, paint)
    left = len(table.rows) - len(rows)
    if left:
        yield f"  … and {counted(left, 'further tag')}"
    if table.overlaps:
        yield f"  A question with several {table.title.lower()}s counts for each of them."


def _row(row: Row, most: Fraction, drafts: bool, paint: Paint) -> str:
    sign = "!" if row.gap else " "
    line = f"{sign} {padded(row.label, _LABEL)}  {number(row.count.items):>5}"
    line += f"  {number(row.count.points):>6}"
    if drafts:
        line += f"  {row.drafts or '':>6}"
    width = min(_BAR, _WIDTH - len(line) - 2)
    length = round(row.count.items / most * width) if most else 0
    if row.count.items:
        length = max(length, 1)
    return paint(line, "gap") if row.gap else f"{line}  {paint('█' * length, 'bar')}".rstrip()


def _slides(lecture: LectureCover) -> Iterator[str]:
    for reference, title in lecture.missing:
        yield cut(f"  {reference}  {clean(title)}", _WIDTH)


def _quiz(quiz: QuizCover, paint: Paint) -> Iterator[str]:
    yield paint(cut(f"Quiz {quiz.id}: {clean(quiz.title)}", _WIDTH), "head")
    questions = counted(number(quiz.count.items), "question")
    yield f"{questions}, {counted(number(quiz.count.points), 'point')}"
    yield from (cut(f"  {clean(draw)}: each counts its share", _WIDTH) for draw in quiz.draws)
    yield from _matrix(quiz.matrix, paint)
    types = ", ".join(f"{number(row.count.items)} {row.label}" for row in quiz.types)
    yield from _wrapped(f"types: {types}", 2)
    if quiz.plan:
        met = [_plan_words(p.label, p.asked, p.there) for p in quiz.plan]
        yield from _wrapped(f"plan (there/asked): {', '.join(met)}", 2)


def _assignment(assignment: AssignmentCover) -> Iterator[str]:
    yield cut(f"  {assignment.name}: {clean(assignment.title)}", _WIDTH)
    said = f"{counted(assignment.tasks, 'task')}, {counted(number(assignment.points), 'point')}"
    if assignment.outcomes:
        said += f"; outcomes {', '.join(assignment.outcomes)}"
    if assignment.status != "approved":
        said += f"; {assignment.status}"
    yield from _wrapped(clean(said), 4)


def _plan_words(label: str, asked: int | None, there: int) -> str:
    return f"{label} {there}" + ("" if asked is None else f"/{asked}")


def _matrix(matrix: Matrix, paint: Paint) -> Iterator[str]:
    """Yield the questions by outcome and level, with the points of each row and column."""
    shown = len(LEVELS) + bool(matrix.columns[-1].items)
    heads = "".join(f"{head:>8}" for head in (*_HEADS[:shown], "items", "points"))
    label = _WIDTH - len(heads) - 3
    yield "  " + padded("outcome", label) + heads
    for row in matrix.rows:
        cells = "".join(f"{number(c.items) if c.items else '·':>8}" for c in row.cells[:shown])
        total = f"{number(row.total.items):>8}{number(row.total.points):>8}"
        line = f"{'!' if row.gap else ' '} {padded(row.name or 'none', label)}{cells}{total}"
        yield paint(line, "gap") if row.gap else line
    for name, values in (
        ("items", [*(c.items for c in matrix.columns[:shown]), matrix.total.items]),
        ("points", [*(c.points for c in matrix.columns[:shown]), None, matrix.total.points]),
    ):
        cells = "".join(f"{'' if value is None else number(value):>8}" for value in values)
        yield f"  {padded(name, label)}{cells}"


def _wrapped(words: str, indent: int) -> list[str]:
    lead = " " * indent
    return wrap(words, _WIDTH, initial_indent=lead, subsequent_indent=lead + "  ")
