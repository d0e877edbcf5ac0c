"""Moodle XML: everything that Moodle knows of a question.

Rule numbers are those of Moodle's XML reader as observed with Moodle 4.5: texts stand in CDATA,
because Moodle drops blanks between entities (rule 53), and files beside the text that names them.
"""

from __future__ import annotations

from coursec.model.artifact import Artifact
from coursec.model.quiz import Quiz
from coursec.targets.moodle.question import QuestionWriter

__all__ = ["emit"]


def emit(quiz: Quiz) -> list[Artifact]:
    """Emit `moodle/<quiz>.xml`."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<quiz>", *QuestionWriter(quiz).lines()]
    return [Artifact(f"moodle/{quiz.id}.xml", ("\n".join([*lines, "</quiz>"]) + "\n").encode())]
