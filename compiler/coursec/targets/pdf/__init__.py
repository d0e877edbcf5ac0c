"""The target `pdf`: a paper and its answer key for each version of a quiz."""

from __future__ import annotations

from coursec.model.artifact import Typesetting
from coursec.model.quiz import Quiz
from coursec.targets.pdf.document import PAPERS
from coursec.targets.pdf.key import key
from coursec.targets.pdf.paper import paper
from coursec.targets.pdf.sheet import sheets
from coursec.targets.pdf.typesetting import TypesettingError, typeset

__all__ = ["PAPERS", "TypesettingError", "emit", "typeset"]


def emit(quiz: Quiz) -> list[Typesetting]:
    """Return the papers and keys of a quiz: version A under the quiz's own name, B under `-b`."""
    output = []
    for sheet in sheets(quiz):
        suffix = "" if sheet.version == "A" else f"-{sheet.version.lower()}"
        output.append(paper(sheet, f"pdf/{quiz.id}{suffix}.pdf"))
        output.append(key(sheet, f"pdf/{quiz.id}{suffix}-key.pdf"))
    return output
