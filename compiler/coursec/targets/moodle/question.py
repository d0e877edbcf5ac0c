"""The categories and questions of a quiz as Moodle XML."""

from __future__ import annotations

from collections.abc import Iterator

from coursec.model.items import (
    Cloze,
    Essay,
    FileUpload,
    Item,
    Numeric,
    TextItem,
    TrueFalse,
    labels,
    max_points,
)
from coursec.model.numbers import decimal_text
from coursec.model.quiz import Quiz, Section
from coursec.model.scoring import gap_marks
from coursec.targets.moodle.bodies import BodyWriter
from coursec.targets.moodle.gaps import gap_codes
from coursec.targets.moodle.markup import Lines, flag, inner, rich, value
from coursec.targets.moodle.texts import Texts, with_gaps
from coursec.targets.naming import in_language, moodle_category, moodle_tag, moodle_title
from coursec.text.html import words

_PENALTY = "0.3333333"
"""What a further try costs, as Moodle's own form has it."""


class QuestionWriter:
    """Writes the categories and questions of one quiz."""

    def __init__(self, quiz: Quiz) -> None:
        self.quiz = quiz
        self.texts = Texts()
        self.bodies = BodyWriter(quiz, self.texts)

    def lines(self) -> Iterator[str]:
        """Yield the file's lines between its root's tags."""
        for section in self.quiz.sections:
            yield from self.category(section)
            if section is self.quiz.sections[0] and self.quiz.instructions:
                yield from self.instructions()
            for item in section.items:
                yield from self.question(item)

    def category(self, section: Section) -> Lines:
        """Rule 61: what follows belongs into this category; that of a pool says how many to draw.

        It has no id number: one that Moodle knows under another name or place, as when a section
        was renamed since the last import, stops the import.
        """
        names, pool = [self.quiz.title], ""
        if len(self.quiz.sections) > 1 or section.pick:
            names.append(section.title or section.id)
        if section.pick:
            pool = f"<p>Draw {section.pick} of these {len(section.items)} questions.</p>"
        # A longer name stops the import too.
        parts = (moodle_category(name) for name in names)
        return [
            '  <question type="category">',
            inner("category", "/".join(["$course$", "top", *parts])),
            *rich("info", pool),
            value("idnumber", ""),
            "  </question>",
        ]

    def instructions(self) -> Lines:
        """Return the quiz's instructions as a description before the first question."""
        text = TextItem(id="", title=self.quiz.title, stem=self.quiz.instructions)
        return self.question(text)

    def question(self, item: Item) -> Lines:
        """Return one question."""
        texts = self.texts
        kind, body = self.bodies.body(item)
        # Moodle sums up the marks of a cloze itself.
        grade = sum(gap_marks(item)) if isinstance(item, Cloze) else max_points(item)
        return [
            f'  <question type="{kind}">',
            inner("name", moodle_title(item.name)),
            *texts.element("questiontext", self.stem(item)),
            *texts.element("generalfeedback", texts.blocks(item.feedback.general)),
            value("defaultgrade", decimal_text(grade)),
            value("penalty", _penalty(item)),
            flag("hidden", False),
            value("idnumber", item.id),
            *body,
            *self.hints(item),
            *_tags(item),
            "  </question>",
        ]

    def stem(self, item: Item) -> str:
        """Return the question text: the stimulus, the stem, and what has no place of its own."""
        parts = []
        if stimulus := self.quiz.stimulus(item):
            parts.append(f'<div class="stimulus">{self.texts.blocks(stimulus.stem)}</div>')
        parts.append(self.texts.blocks(item.stem))
        match item:
            case Cloze():
                parts.append(self.texts.blocks(item.text))
            case Numeric(unit=str(unit)):
                parts.append(f'<p class="unit">[{words(unit)}]</p>')
            case _:
                pass
        html = "\n".join(part for part in parts if part)
        if isinstance(item, Cloze):
            shuffle = self.quiz.shuffles(item)
            html = with_gaps(html, gap_codes(item, shuffle, self.texts.line_alone))
        return in_language(html, item, self.quiz)

    def hints(self, item: Item) -> Lines:
        """Return the hints that Moodle gives after a wrong try, where a type has tries."""
        if isinstance(item, TrueFalse | Essay | FileUpload | TextItem):
            return []
        lines: Lines = []
        for hint in item.hints:
            lines += self.texts.element("hint", self.texts.blocks(hint))
        return lines


def _penalty(item: Item) -> str:
    match item:
        case TrueFalse():
            return "1"
        case Essay() | FileUpload() | TextItem():
            return "0"
        case _:
            return _PENALTY


def _tags(item: Item) -> Lines:
    tags = labels(item)
    if not tags:
        return []
    # The import stops at a tag that PHP takes for an empty one.
    names = (moodle_tag(tag) for tag in tags)
    rows = (inner("tag", name, "      ") for name in names)
    return ["    <tags>", *rows, "    </tags>"]
