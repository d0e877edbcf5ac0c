"""A blueprint as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from coursec.stats.blueprint import (
    LEVELS,
    AssignmentCover,
    Blueprint,
    Count,
    LectureCover,
    Matrix,
    QuizCover,
    Row,
)

VERSION = 1
"""Rises when a reader of the JSON must know."""


def json_text(blueprint: Blueprint) -> str:
    """Return a JSON object of everything that was counted."""
    record = {
        "version": VERSION,
        "course": blueprint.course,
        "title": blueprint.title,
        **_count(blueprint.count),
        "texts": blueprint.texts,
        "statuses": dict(blueprint.statuses),
        "left_out": blueprint.left_out,
        "gaps": [
            {"kind": gap.kind, "quiz": gap.quiz, "name": gap.name, "message": gap.message}
            for gap in blueprint.gaps
        ],
        **{f"by_{table.name}": _rows(table.rows) for table in blueprint.tables},
        "matrix": _matrix(blueprint.matrix),
        "lectures": [_lecture(lecture) for lecture in blueprint.lectures],
        "quizzes": [_quiz(quiz) for quiz in blueprint.quizzes],
        "assignments": [_assignment(assignment) for assignment in blueprint.assignments],
    }
    return json.dumps(record, indent=2, ensure_ascii=False) + "\n"


def _number(value: Fraction) -> int | float:
    return int(value) if value.denominator == 1 else float(round(value, 4))


def _count(count: Count) -> dict[str, Any]:
    return {"items": _number(count.items), "points": _number(count.points)}


def _name(name: str) -> str | None:
    return name or None


def _rows(rows: Iterable[Row]) -> list[dict[str, Any]]:
    return [
        {
            "name": _name(row.name),
            "label": row.label,
            **_count(row.count),
            "drafts": row.drafts,
            "gap": row.gap,
        }
        for row in rows
    ]


def _matrix(matrix: Matrix) -> dict[str, Any]:
    levels = [*LEVELS, "none"]
    return {
        "outcomes": [
            {
                "name": _name(row.name),
                "label": row.label,
                **_count(row.total),
                "gap": row.gap,
                "levels": dict(zip(levels, map(_count, row.cells), strict=True)),
            }
            for row in matrix.rows
        ],
        "levels": dict(zip(levels, map(_count, matrix.columns), strict=True)),
    }


def _lecture(lecture: LectureCover) -> dict[str, Any]:
    return {
        "name": lecture.name,
        "title": lecture.title,
        **_count(lecture.count),
        "drafts": lecture.drafts,
        "slides": lecture.slides,
        "slides_without_item": [
            {"slide": reference, "title": title} for reference, title in lecture.missing
        ],
    }


def _quiz(quiz: QuizCover) -> dict[str, Any]:
    return {
        "id": quiz.id,
        "title": quiz.title,
        **_count(quiz.count),
        "draws": list(quiz.draws),
        "by_type": _rows(quiz.types),
        "matrix": _matrix(quiz.matrix),
        "plan": [
            {
                "name": planned.name,
                "asked": planned.asked,
                "there": planned.there,
                "met": planned.met,
            }
            for planned in quiz.plan
        ],
    }


def _assignment(assignment: AssignmentCover) -> dict[str, Any]:
    return {
        "name": assignment.name,
        "title": assignment.title,
        "status": assignment.status,
        "tasks": assignment.tasks,
        "points": _number(assignment.points),
        "outcomes": list(assignment.outcomes),
    }
