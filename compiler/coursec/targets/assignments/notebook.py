"""Notebooks: nbformat 4.5, the same bytes for the same assignment.

A notebook is JSON of a fixed shape, which is written here; the tests validate it with nbformat,
which nobody then has to install who only builds.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections import Counter
from typing import Any

from coursec.model.artifact import Artifact
from coursec.model.assignment import Assignment, CodeCell, Handout, Part, Task
from coursec.model.handout import handouts
from coursec.model.quiz import Course
from coursec.model.text import Asset
from coursec.targets.assignments.words import assignment_words, escaped
from coursec.targets.naming import file_name
from coursec.text.markdown import markdown_text

Cell = dict[str, Any]


def emit(assignment: Assignment, course: Course) -> list[Artifact]:
    """Return `notebook/<name>-starter.ipynb` and `notebook/<name>-solution.ipynb`."""
    return [
        Artifact(f"notebook/{assignment.name}-{handout.version}.ipynb", notebook(handout))
        for handout in handouts(assignment, course)
    ]


def notebook(handout: Handout) -> bytes:
    """Return one version of an assignment as a notebook."""
    data = {
        "cells": _Cells(handout).all(),
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return (json.dumps(data, indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode()


class _Cells:
    """The cells of one version; ids are the task's, an underscore, what it is, and its number."""

    def __init__(self, handout: Handout) -> None:
        self.handout = handout
        self.words = assignment_words(handout.assignment.language)
        self.cells: list[Cell] = []
        self.files: dict[str, Asset] = {}
        self.numbers: Counter[str] = Counter()

    def all(self) -> list[Cell]:
        self.text("_about", self.about())
        for number, (task, parts) in enumerate(self.handout.assignment.sections):
            if task:
                self.text(task.id, self.heading(number, task), "task")
            for part in parts:
                self.part(task.id if task else "", part)
        return self.cells

    def text(self, name: str, markdown: str, tag: str = "") -> None:
        cell: Cell = {
            "cell_type": "markdown",
            "id": name,
            "metadata": {"tags": [tag]} if tag else {},
            "source": markdown.splitlines(keepends=True),
        }
        if self.files:
            cell["attachments"] = {
                file: {asset.media_type: b64encode(asset.data).decode()}
                for file, asset in sorted(self.files.items())
            }
            self.files = {}
        self.cells.append(cell)

    def code(self, name: str, cell: CodeCell) -> None:
        tags = [cell.role, "hidden"] if cell.hidden else [cell.role]
        self.cells.append(
            {
                "cell_type": "code",
                "execution_count": None,
                "id": name,
                "metadata": {"tags": tags},
                "outputs": [],
                "source": cell.code.splitlines(keepends=True),
            }
        )

    def name(self, task: str, role: str) -> str:
        self.numbers[f"{task}_{role}"] += 1
        return f"{task}_{role}-{self.numbers[f'{task}_{role}']}"

    def about(self) -> str:
        assignment, words = self.handout.assignment, self.words
        title = escaped(assignment.title)
        mark = f" – {words.solution}" if self.handout.solved else ""
        lines = [f"# {title}{mark}", "", words.facts(self.handout)]
        notes = []
        if assignment.rests_on:
            line = f"{words.builds_on}: {'; '.join(assignment.rests_on)}"
            notes.append(f"- {escaped(line)}")
        if assignment.files:
            names = ", ".join(f"`{file.name}`" for file in assignment.files)
            notes.append(f"- {words.files}: {names}")
        if assignment.requirements:
            names = ", ".join(f"`{name}`" for name in assignment.requirements)
            notes.append(f"- {words.packages}: {names}")
        if not self.handout.solved:
            notes.append(f"- {words.readme_gaps}")
        return "\n".join([*lines, "", *notes]) if notes else "\n".join(lines)

    def heading(self, number: int, task: Task) -> str:
        label = self.words.task.format(number=number)
        points = self.words.common.count(self.words.common.points, task.points)
        return f"## {label} · {escaped(task.title)} ({points})"

    def part(self, task: str, part: Part) -> None:
        if isinstance(part, CodeCell):
            self.code(self.name(task, part.role), part)
            return
        markdown = markdown_text(part.text, self.address)
        match part.role:
            case "text":
                self.text(self.name(task, "text"), markdown)
            case "hint":
                summary = f"<details><summary>{self.words.hint}</summary>"
                self.text(self.name(task, "hint"), f"{summary}\n\n{markdown}\n\n</details>", "hint")
            case "question":
                label = f"**{self.words.question}**"
                self.text(self.name(task, "question"), f"{label}\n\n{markdown}", "question")
                if not self.handout.solved:
                    field = f"**{self.words.your_answer}**\n\n*{self.words.write_here}*"
                    self.text(self.name(task, "answer"), field, "answer")
            case "answer":
                label = f"**{self.words.answer}**"
                self.text(self.name(task, "answer"), f"{label}\n\n{markdown}", "answer")

    def address(self, asset: Asset) -> str:
        name = file_name(asset)
        self.files[name] = asset
        return f"attachment:{name}"
