"""What QTI 2.1 carries."""

from __future__ import annotations

import re
from dataclasses import replace

from coursec.model.items import Essay, Item, Ordering
from coursec.model.quiz import Quiz, Section
from coursec.model.text import LineBreak, Paragraph, RichText, Text
from coursec.proof.expected import Expected
from coursec.proof.expected.changes import (
    changed,
    lead_in_joined,
    no_feedback,
    no_hints,
    no_result_feedback,
    plain_drop_downs,
    stimulus_above,
)
from coursec.readers.reading import Reading
from coursec.targets.qti21.prefill import prefill


def _plain_template(item: Item, quiz: Quiz) -> Item:
    """The template is plain lines; an empty line begins a paragraph."""
    assert isinstance(item, Essay)
    assert item.template
    return replace(item, template=_lines(prefill(item.template)))


def _lines(text: str) -> RichText:
    blocks = []
    for part in re.split(r"\n[ \t]*\n", text):
        nodes = [Text(line) if line is not None else LineBreak() for line in _broken(part)]
        blocks.append(Paragraph(tuple(nodes)))
    return RichText(tuple(blocks))


def _broken(part: str) -> list[str | None]:
    """Return the lines of a paragraph with None between them."""
    out: list[str | None] = []
    for line in part.split("\n"):
        out += [None, line] if out else [line]
    return out


def _always(item: Item, quiz: Quiz) -> Item:
    """Matching responses and entries to order are always mixed."""
    if isinstance(item, Ordering):
        return changed(item, shuffle=True)
    return item


def _arrange(quiz: Quiz, sections: tuple[Section, ...]) -> Reading:
    return Reading(
        name=quiz.id,
        title=quiz.title,
        instructions=quiz.instructions,
        time_limit=quiz.time_limit,
        attempts=quiz.attempts or 0,
        shuffle_items=quiz.shuffle_items,
        sections=sections,
    )


EXPECTED = Expected(
    format="qti21",
    path="qti21/{}.zip",
    changes={
        "hints": no_hints,
        "one_try_hints": no_hints,
        "text_feedback": no_feedback,
        "result_feedback": None,
        "partial_feedback": None,
        "typed_result_feedback": None,
        "cloze_result_feedback": None,
        "typed_partial_feedback": None,
        "cloze_partial_feedback": None,
        "marked_feedback": no_result_feedback,
        "unit": None,
        "shuffle": None,
        "lead_in": lead_in_joined,
        "stimulus": stimulus_above,
        "drop_down_markup": plain_drop_downs,
        "drop_down_math": plain_drop_downs,
        "drop_down_image": plain_drop_downs,
        "essay_words": None,
        "template": _plain_template,
        "sample_answer": None,
        "rubric": None,
        "accept": None,
        "max_files": None,
        "tags": None,
        "outcomes": None,
        "bloom": None,
        "difficulty": None,
    },
    always=_always,
    arrange=_arrange,
)
