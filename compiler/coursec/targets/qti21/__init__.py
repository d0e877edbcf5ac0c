"""QTI 2.1 as IMS defines it: a content package that holds a test and its items.

Everything written is valid against QTI 2.1.2, and within that shaped so that Canvas reads as
much of it as it can. SCORE is in points throughout.
"""

from __future__ import annotations

from coursec.model.artifact import Artifact
from coursec.model.quiz import Quiz
from coursec.targets.package import MANIFEST, pack
from coursec.targets.qti21.item import write_item
from coursec.targets.qti21.manifest import write_manifest
from coursec.targets.qti21.test import write_test

__all__ = ["emit"]


def emit(quiz: Quiz) -> list[Artifact]:
    """Return the package of a quiz."""
    # A quiz may hold an item twice; the package holds it once.
    items = [write_item(item, quiz) for item in {item.id: item for item in quiz.items}.values()]
    test = write_test(quiz, has_feedback=any(item.has_feedback for item in items))
    files = {MANIFEST: write_manifest(quiz, test, items), test.href: test.data, **test.images}
    for item in items:
        files[item.href] = item.data
        files.update(item.images)
    return [Artifact(f"qti21/{quiz.id}.zip", pack(MANIFEST, files))]
