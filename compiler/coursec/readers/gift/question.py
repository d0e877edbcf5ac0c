"""From a block to an item: rule 25 says which type comes out."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from coursec.diagnostics import Diagnostics
from coursec.model.items import (
    ChoiceGap,
    Cloze,
    ClozeGap,
    Essay,
    Feedback,
    Item,
    Matching,
    MultipleChoice,
    NumberGap,
    Numeric,
    Ordering,
    ShortAnswer,
    SingleChoice,
    TextGap,
    TextItem,
    TrueFalse,
)
from coursec.model.text import NO_TEXT, RichText
from coursec.readers.gift.answers import choices, number_answers, text_answers
from coursec.readers.gift.block import Block
from coursec.readers.gift.pairs import ORDERING, entries, pairs
from coursec.readers.gift.piece import TRIMMED, Piece, placeholder_in, plain
from coursec.readers.gift.refused import RefusedError
from coursec.readers.gift.texts import GAP, Texts
from coursec.readers.reading import from_labels

_TRUE, _FALSE = frozenset(("T", "TRUE")), frozenset(("F", "FALSE"))
_BLANK = "_____"
_BLANK_LINE = "Put a blank line between questions, and a backslash before a brace that is text."


def read_question(block: Block, sink: Diagnostics) -> Item | None:
    """Return the item of a block; None, and W706, where it is left out."""
    reader = _Question(block, sink)
    try:
        return reader.item()
    except RefusedError as refused:
        label = reader.title or block.id or " ".join(plain(reader.rest.text).split())[:40]
        message = f"The question `{label}` is left out: {refused}."
        sink.report("W706", message, block.span(), hint=refused.hint, item=block.id or None)
        return None


class _Question:
    def __init__(self, block: Block, sink: Diagnostics) -> None:
        self.block = block
        self.sink = sink
        self.texts = Texts(self.tell, block.span)
        self.title = ""
        self.feedback = Feedback()
        self.rest = block.piece
        for code, message, number in block.said:
            place = block.span()._replace(line=number, end_line=number)
            sink.report(code, message, place, item=block.id or None)
        if self.rest.text.startswith("::"):
            self._take_name()
        if placeholder := placeholder_in("\n".join(block.lines)):
            self.tell("W708", f"Moodle turns `{placeholder}` into the sign that it stands for.", 0)

    def _take_name(self) -> None:
        """Rule 19: what stands between double colons is the name."""
        self.rest = self.rest.after(2)
        name, rest = self.rest.partition("::")
        if rest is not None:
            self.title = self.texts.name(plain(name.text), name)
            self.rest = rest

    def tell(self, code: str, message: str, line: int) -> None:
        """Report something about a line of the question."""
        self.sink.report(code, message, self.block.span(line), item=self.block.id or None)

    def common(self, stem: RichText) -> dict[str, Any]:
        """Return the fields that every type has."""
        title = self.title if self.title != self.block.id else ""
        return {
            "id": self.block.id,
            "title": title or None,
            "stem": stem,
            "feedback": self.feedback,
            "span": self.block.span(),
            **from_labels(self.block.tags),
        }

    def item(self) -> Item:
        """Return the item. Raises RefusedError."""
        rest = self.rest.trimmed()
        start, end = rest.text.find("{"), rest.text.find("}")
        if start < 0 and end < 0:
            self._refuse_second(rest)
            self.texts.style = self.texts.split(rest)[0]
            return TextItem(**self.common(self.texts.text(rest)))
        if start < 0 or end < start:
            raise RefusedError("its braces do not match", _BLANK_LINE)
        before = Piece(rest.text[:start], rest.line)
        body = Piece(rest.text[start + 1 : end], rest.after(start + 1).line)
        after = rest.after(end + 1)
        self._refuse_second(before)
        self._refuse_second(after)
        self.texts.style = self.texts.split(before)[0]
        body, general = body.rpartition("####")
        if general is not None:
            self.feedback = Feedback(general=self.texts.optional(general))
        body = body.trimmed()
        if after.text.strip(TRIMMED):
            return self.missing_word(before, body, after)
        return self.question(self.texts.text(before), body)

    def _refuse_second(self, piece: Piece) -> None:
        """Rule 3: a second question in the block is text to Moodle."""
        if "{" in piece.text or "}" in piece.text:
            raise RefusedError("braces stand behind its answers", _BLANK_LINE)
        # A line of the block that begins like a question or a category; its first one does not.
        for number, line in enumerate(piece.text.split("\n")):
            begins = re.match(r"::.*?::|\$CATEGORY:", line)
            if begins and number:
                raise RefusedError(f"`{begins[0][:40]}` stands inside it", _BLANK_LINE)

    def question(self, stem: RichText, body: Piece) -> Item:
        """Return a question that ends with its answers."""
        texts = self.texts
        if ORDERING.match(body.text):
            sequence = entries(body, texts)
            return Ordering(sequence=sequence, **self.common(stem))
        if body.text.startswith(">\n"):
            raise RefusedError("its ordering does not say how many entries there are")
        if not body.text:
            return Essay(**self.common(stem))
        if body.text.startswith("#"):
            numbers, other = number_answers(body.after(1), texts)
            self._told(other)
            return Numeric(answers=numbers, **self.common(stem))
        if "~" in body.text:
            found, single = choices(body, texts)
            make = SingleChoice if single else MultipleChoice
            return make(choices=found, **self.common(stem))
        if "=" in body.text and "->" in body.text:
            matched, others = pairs(body, texts)
            return Matching(pairs=matched, distractors=others, **self.common(stem))
        if (key := self._judgement(body)) is not None:
            return self.true_false(stem, key, body)
        answers, told = text_answers(body, texts)
        self._told(told)
        return ShortAnswer(answers=answers, **self.common(stem))

    def _told(self, other: RichText | None) -> None:
        """Take what any other answer is told: the feedback of a wrong one."""
        if other:
            self.feedback = replace(self.feedback, incorrect=other)

    def _judgement(self, body: Piece) -> bool | None:
        """Return whether a statement is true; None for what is no judgement (rule 27)."""
        word = body.partition("#")[0].text.strip(TRIMMED)
        if word in _TRUE | _FALSE:
            return word in _TRUE
        if word.upper() in _TRUE | _FALSE:
            message = f"Moodle makes `{word}` a word to be typed: here it is a judgement."
            self.texts.tell("W708", message, body)
            return word.upper() in _TRUE
        return None

    def true_false(self, stem: RichText, key: bool, body: Piece) -> Item:
        """Return a judgement: the feedback of the wrong answer comes first (rule 27)."""
        said = body.partition("#")[1]
        wrong, right = (None, None) if said is None else said.partition("#")
        wrong_text, right_text = self.texts.optional(wrong), self.texts.optional(right)
        return TrueFalse(
            answer=key,
            feedback_true=right_text if key else wrong_text,
            feedback_false=wrong_text if key else right_text,
            **self.common(stem),
        )

    def missing_word(self, before: Piece, body: Piece, after: Piece) -> Item:
        """Return a question whose answers stand in its text: a text with a gap (rule 26)."""
        if (gap := self._gap(body)) is not None:
            if text := self.texts.with_gap(before, after):
                return Cloze(text=text, gaps=(gap,), **self.common(NO_TEXT))
            self.texts.tell("W708", "The gap stands where none can: a line stands for it.", body)
        stem = self.texts.text(Piece(f"{before.text}{_BLANK}{after.text}", before.line))
        return self.question(stem, body)

    def _gap(self, body: Piece) -> ClozeGap | None:
        """Return the gap that answers make; None where they make none."""
        text, place = body.text, self.texts.place(body)
        if not text or ORDERING.match(text):
            return None
        if text.startswith("#"):
            numbers, other = number_answers(body.after(1), self.texts)
            self._told(other)
            return NumberGap(name=GAP, answers=numbers, span=place)
        if "~" in text:
            if "=" not in text:
                return None
            return ChoiceGap(name=GAP, choices=choices(body, self.texts)[0], span=place)
        if ("=" in text and "->" in text) or self._judgement(body) is not None:
            return None
        answers, told = text_answers(body, self.texts)
        self._told(told)
        return TextGap(name=GAP, answers=answers, span=place)
