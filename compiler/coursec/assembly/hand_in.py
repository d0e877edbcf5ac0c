"""The quiz in which an assignment is handed in: an item for files, one for each written task."""

from __future__ import annotations

from typing import NamedTuple

from coursec.diagnostics import Diagnostics, Span
from coursec.model.assignment import Assignment, CodeCell, Prose, Task
from coursec.model.handout import starter
from coursec.model.items import ZERO, Criterion, Essay, FileUpload, Item
from coursec.model.numbers import decimal_text
from coursec.model.quiz import Bank, Quiz, Section
from coursec.model.text import (
    Block,
    BulletList,
    OrderedList,
    Paragraph,
    RichText,
    Strong,
    Text,
)

_SUFFIX = "-hand-in"


def hand_in(assignment: Assignment, bank: Bank, sink: Diagnostics) -> Quiz:
    """Return the quiz in which students hand an assignment in.

    Tasks with code, and such without any question, are handed in as files, which one item takes,
    with the rubrics of all of them. A task of questions alone is an item of its own, in which
    they are answered. It is made from what students are given: it knows no solution.
    """
    given = starter(assignment)
    written = [task for task in given.tasks if _is_written(task)]
    files = [task for task in given.tasks if not _is_written(task)]
    items: list[Item] = [_upload(given, files, {task.id for task in written})] if files else []
    items += [_essay(given, task) for task in written]
    for item in items:
        if item.id in bank.items:
            sink.report(
                "E404",
                f"The id `{item.id}` is that of an item by which an assignment is handed in.",
                bank.items[item.id].span or Span(""),
                hint="Give the item another id.",
                item=item.id,
            )
    return Quiz(
        id=assignment.name + _SUFFIX,
        title=assignment.title,
        course=bank.course,
        sections=(Section(id="section-1", title=None, items=tuple(items)),),
        span=assignment.span,
    )


def _is_written(task: Task) -> bool:
    """Tell whether a task asks for words only."""
    asks = any(isinstance(part, Prose) and part.role == "question" for part in task.parts)
    return asks and not any(isinstance(part, CodeCell) for part in task.parts)


def _upload(assignment: Assignment, tasks: list[Task], taken: set[str]) -> FileUpload:
    words = _WORDS.get(assignment.language.lower().partition("-")[0], _ENGLISH)
    entries: list[tuple[Block, ...]] = [
        (
            Paragraph(
                (
                    Strong((Text(task.title),)),
                    Text(f" ({decimal_text(task.points)} {words.points[task.points != 1]})"),
                )
            ),
        )
        for task in tasks
    ]
    blocks: tuple[Block, ...] = (Paragraph((Text(words.stem),)), BulletList(tuple(entries)))
    several = len(tasks) > 1
    own = "files"
    while own in taken:
        own += "-files"
    return FileUpload(
        id=f"{assignment.name}-{own}",
        title=f"{assignment.title}: {words.files}",
        stem=RichText(blocks),
        points=sum((task.points for task in tasks), ZERO),
        outcomes=assignment.outcomes,
        language=assignment.language,
        accept=assignment.accept,
        max_files=assignment.max_files,
        rubric=tuple(
            Criterion(
                criterion=f"{task.title}: {row.criterion}" if several else row.criterion,
                points=row.points,
                levels=row.levels,
            )
            for task in tasks
            for row in task.rubric
        ),
        span=assignment.span,
    )


def _essay(assignment: Assignment, task: Task) -> Essay:
    blocks: list[Block] = []
    prose = [part for part in task.parts if isinstance(part, Prose) and part.role != "hint"]
    several = sum(part.role == "question" for part in prose) > 1
    number = 0
    for part in prose:
        if part.role == "question" and several:
            number += 1
            blocks.append(OrderedList((part.text.blocks,), start=number, tight=False))
        else:
            blocks += part.text.blocks
    return Essay(
        id=f"{assignment.name}-{task.id}",
        title=f"{assignment.title}: {task.title}",
        stem=RichText(tuple(blocks)),
        points=task.points,
        outcomes=assignment.outcomes,
        language=assignment.language,
        rubric=task.rubric,
        span=task.span,
    )


class _Words(NamedTuple):
    points: tuple[str, str]
    """One and several."""
    stem: str
    files: str


_ENGLISH = _Words(("point", "points"), "Hand in your solution of these tasks:", "your files")
_WORDS = {
    "en": _ENGLISH,
    "de": _Words(("Punkt", "Punkte"), "Geben Sie Ihre Lösung dieser Aufgaben ab:", "Ihre Dateien"),
}
