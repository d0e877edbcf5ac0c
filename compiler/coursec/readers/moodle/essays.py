"""What a person marks, and texts that ask nothing."""

from __future__ import annotations

import re
from typing import Any, Final

from coursec.model.items import Essay, FileUpload, Item, TextItem
from coursec.model.text import RichText
from coursec.readers.moodle.graders import GraderInfo, read_grader_info
from coursec.readers.moodle.question import Question

_ANY_NUMBER: Final = 10
"""Files that may be handed in where Moodle takes any number."""
_MOST_LINES: Final = 200
_EXTENSION = re.compile(r"\.[A-Za-z0-9]+(\.[A-Za-z0-9]+)*")


def read_essay(question: Question) -> Item:
    """Return an essay, or an upload where files are what is asked for."""
    source = question.source
    info = read_grader_info(source, question.node.find("graderinfo"))
    fields: dict[str, Any] = {"feedback": question.general(), **question.asked()}
    files = source.whole("attachments") or 0
    typed = source.value("responseformat") != "noinline"
    wanted = (source.whole("attachmentsrequired") or 0) > 0
    if not typed or (wanted and not source.flag("responserequired", default=True)):
        if typed:
            source.tell("W707", "The text field beside the files is left out.")
        return _upload(question, fields, files, info)
    if files:
        source.tell("W707", "Files that may be handed in beside the text are left out.")
    if info.other:
        source.tell("W708", "Information for graders is imported as the sample answer.")
    return Essay(
        lines=_lines(question),
        min_words=_limit(question, "minwordlimit"),
        max_words=_limit(question, "maxwordlimit"),
        template=source.optional(question.node.find("responsetemplate")),
        sample_answer=RichText((*info.other.blocks, *info.sample.blocks)) or None,
        rubric=info.rubric,
        **fields,
    )


def _lines(question: Question) -> int | None:
    lines = question.source.whole("responsefieldlines") or 0
    if lines > _MOST_LINES:
        message = f"The answer field has {lines} lines: here {_MOST_LINES}."
        question.source.tell("W708", message)
    return min(lines, _MOST_LINES) if lines > 0 else None


def _limit(question: Question, name: str) -> int | None:
    words = question.source.whole(name) or 0
    return words if words > 0 else None


def _upload(question: Question, fields: dict[str, Any], files: int, info: GraderInfo) -> Item:
    source = question.source
    if files < 0:
        source.tell("W708", f"Any number of files may be handed in: here {_ANY_NUMBER}.")
        files = _ANY_NUMBER
    if info.words:
        source.tell("W708", "Information for graders is imported as notes.")
    if source.raw(question.node.find("responsetemplate")):
        source.tell("W707", "The text that stands in the answer field is left out.")
    return FileUpload(
        accept=_extensions(question),
        max_files=max(files, 1),
        notes=info.words or None,
        rubric=info.rubric,
        **fields,
    )


def _extensions(question: Question) -> tuple[str, ...]:
    words = re.split(r"[\s,;]+", question.source.value("filetypeslist"))
    kept = [word for word in words if _EXTENSION.fullmatch(word)]
    others = [word for word in words if word not in ("", "*", *kept)]
    if others:
        shown = ", ".join(others)[:60]
        question.source.tell("W707", f"Kinds of files that are no extensions are left out: {shown}")
    # An extension beside a group is not all that may be handed in.
    return () if others else tuple(dict.fromkeys(kept))


def read_description(question: Question) -> Item:
    """Return a text."""
    return TextItem(feedback=question.general(), **question.asked())
