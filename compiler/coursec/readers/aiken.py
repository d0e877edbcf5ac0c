"""Aiken: a question, its choices on lines of their own, and `ANSWER: B`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from coursec.diagnostics import Diagnostics, Span
from coursec.model.items import ONE, Choice, Feedback, MultipleChoice, SingleChoice
from coursec.model.quiz import Section
from coursec.model.text import Asset, RichText
from coursec.readers.gift.lines import decoded
from coursec.readers.markup import Element, TextReader
from coursec.readers.reading import Reading

_MOST: Final = 50_000
"""Questions of one file."""
_CHOICE = re.compile(r"([A-Za-z])[.)](\s+|(?=\S)|$)(.*)")
_ANSWER = re.compile(r"ANSWERS?\s*:\s*(.*)", re.IGNORECASE)
_KEY = re.compile(r"([A-Za-z](?:(?:\s*[,;&]\s*|\s+and\s+)[A-Za-z])*)(?![A-Za-z]).*", re.IGNORECASE)
_BEHIND = re.compile(r"(FEEDBACK|(?:ANSWER_)?EXPLANATION|SCORE)\s*:\s*(.*)", re.IGNORECASE)
_SCORE = re.compile(r"[0-9]{1,5}(\.[0-9]{1,5})?")


@dataclass(slots=True)
class _Lines:
    """Lines of a text; an empty one stands between paragraphs."""

    number: int
    lines: list[str]


@dataclass(slots=True)
class _Question:
    """A question as far as it was read."""

    stem: _Lines
    choices: dict[str, _Lines] = field(default_factory=dict)
    key: str = ""
    feedback: _Lines | None = None
    points: Decimal = ONE

    @property
    def label(self) -> str:
        return " ".join(" ".join(self.stem.lines).split())[:40]


def read(name: str, data: bytes, sink: Diagnostics) -> list[Reading]:
    """Return the choice questions of a file as one quiz; what is broken is left out and said."""
    text = decoded(name, data, sink)
    if text is None:
        return []
    reader = _Reader(name, sink)
    items = [item for question in reader.questions(text) if (item := reader.item(question))]
    section = Section(id="section-1", title=None, items=tuple(items))
    return [Reading(name="", sections=(section,) if items else (), span=Span(name))]


class _Reader:
    def __init__(self, name: str, sink: Diagnostics) -> None:
        self.name = name
        self.sink = sink
        self.line = 1
        self.texts = TextReader(self._image, lambda code, message: self.say(code, message))

    def say(self, code: str, message: str, number: int | None = None, hint: str = "") -> None:
        line = number or self.line
        self.sink.report(code, message, Span(self.name, line, 1, line, 1), hint=hint)

    def _image(self, address: str) -> Asset | None:
        """No markup is read, so there is no image."""
        return None

    # ------------------------------------------------------------------------------------- lines

    def questions(self, text: str) -> Iterator[_Question]:
        """Yield the questions that have a key; the others are left out."""
        current: _Question | None = None
        blank = False
        found = 0
        for number, raw in enumerate(text.split("\n"), 1):
            line = raw.strip()
            if not line:
                blank = True
                continue
            if current is None or (current.key and not self._behind(current, line, number)):
                if current is not None:
                    yield current
                    found += 1
                if found >= _MOST:
                    message = f"The file holds more than {_MOST:,} questions: the rest is left out."
                    self.say("W706", message, number, "Split it.")
                    return
                current = _Question(_Lines(number, []))
            if not current.key:
                current = self._take(current, line, number, blank)
            blank = False
        if current is not None and current.key:
            yield current
        elif current is not None:
            self._leave_out(current, "it has no line `ANSWER:`")

    def _behind(self, question: _Question, line: str, number: int) -> bool:
        """Take a line behind the key that still belongs to the question."""
        match = _BEHIND.fullmatch(line)
        if match is None:
            return False
        if match[1].upper() == "SCORE":
            if _SCORE.fullmatch(match[2]) and Decimal(match[2]) > 0:
                question.points = Decimal(match[2])
        else:
            question.feedback = _Lines(number, [match[2]])
        return True

    def _take(self, question: _Question, line: str, number: int, blank: bool) -> _Question:
        """Take a line in front of the key; return the question at hand."""
        if answer := _ANSWER.fullmatch(line):
            question.key = answer[1] or "?"
            return question
        label, text = self._choice(question, line)
        if label and label in question.choices:
            # The key was forgotten: the lines below the last choice are the next question.
            last = list(question.choices.values())[-1]
            begun = _Question(_Lines(last.number + 1, last.lines[1:]))
            self._leave_out(question, "it has no line `ANSWER:`")
            question = begun
        if label:
            question.choices[label] = _Lines(number, [text])
        elif not question.choices:
            if blank and question.stem.lines:
                question.stem.lines.append("")
            question.stem.lines.append(line)
        elif blank:
            self._leave_out(question, "it has no line `ANSWER:`")
            return _Question(_Lines(number, [line]))
        else:
            list(question.choices.values())[-1].lines.append(line)
        return question

    def _choice(self, question: _Question, line: str) -> tuple[str, str]:
        """Return (the letter of a choice, its text); an empty letter where the line is none."""
        match = _CHOICE.fullmatch(line)
        if match is None or not question.stem.lines:
            return "", ""
        letter, expected = match[1], chr(ord("A") + len(question.choices))
        # `A.I.` and `e) and so on` may stand in a text: a choice is the next one, or looks like it.
        if letter.upper() == expected or (letter.isupper() and match[2]):
            return letter.upper(), match[3]
        return "", ""

    # ------------------------------------------------------------------------------------- items

    def item(self, question: _Question) -> SingleChoice | MultipleChoice | None:
        """Return the item of a question; None, and W706, where it is left out."""
        key = _KEY.fullmatch(question.key)
        letters = [] if key is None else re.findall(r"\b[A-Za-z]\b", key[1])
        right = {letter.upper() for letter in letters}
        if wrong := self._wrong(question, right):
            self._leave_out(question, wrong)
            return None
        if len(question.stem.lines) > 1:
            message = "Moodle takes one line as the question: here it is all that stands above."
            self.say("W708", message, question.stem.number)
        if len(right) > 1:
            message = "Moodle takes the first letter as the key: here each one is right."
            self.say("W708", message, question.stem.number)
        choices = tuple(
            Choice(
                text=self._text(lines),
                correct=letter in right,
                span=Span(self.name, lines.number, 1, lines.number, 1),
            )
            for letter, lines in question.choices.items()
            if any(lines.lines)
        )
        feedback = question.feedback and self._text(question.feedback)
        number = question.stem.number
        fields: dict[str, Any] = {
            "id": "",
            "stem": self._text(question.stem),
            "points": question.points,
            "feedback": Feedback(general=feedback or None),
            "span": Span(self.name, number, 1, number, 1),
        }
        if len(right) > 1:
            return MultipleChoice(choices=choices, **fields)
        return SingleChoice(choices=choices, **fields)

    def _wrong(self, question: _Question, right: set[str]) -> str:
        """Return why a question is left out; empty where it is sound."""
        written = {letter for letter, lines in question.choices.items() if any(lines.lines)}
        if len(written) < 2:
            return "it has fewer than two choices"
        if not right:
            return f"`{question.key[:20]}` names no choice"
        missing = sorted(right - written)
        return f"it has no choice {missing[0]}" if missing else ""

    def _leave_out(self, question: _Question, why: str) -> None:
        label = question.label
        self.say("W706", f"The question `{label}` is left out: {why}.", question.stem.number)

    def _text(self, text: _Lines) -> RichText:
        """Return plain lines as a text; formulas in them are formulas."""
        self.line = text.number
        root = Element("body", {}, [Element("p")])
        for line in text.lines:
            paragraph = root.elements[-1]
            if not line:
                root.children.append(Element("p"))
                continue
            if paragraph.children:
                paragraph.children.append(Element("br"))
            paragraph.children.append(line)
        return self.texts.element(root)
