"""QTI 1.2 in Canvas's dialect: what Canvas reads without losing anything that it knows.

The rules in the comments are those of Canvas's own importers as observed: of Classic quizzes
(C) and of New Quizzes (B).
"""

from __future__ import annotations

from coursec.model.artifact import Artifact
from coursec.model.quiz import Quiz
from coursec.targets.canvas.assessment import write_assessment
from coursec.targets.canvas.manifest import write_manifest, write_meta
from coursec.targets.package import MANIFEST, pack

__all__ = ["emit"]


def emit(quiz: Quiz) -> list[Artifact]:
    """Return the package of a quiz: `canvas/<quiz>.zip`."""
    assessment = write_assessment(quiz)
    folder = assessment.ident
    files = {
        f"{folder}/{folder}.xml": assessment.data,
        f"{folder}/assessment_meta.xml": write_meta(quiz, assessment),
        MANIFEST: write_manifest(quiz, assessment),
        **assessment.images,
    }
    return [Artifact(f"canvas/{quiz.id}.zip", pack(MANIFEST, files))]
