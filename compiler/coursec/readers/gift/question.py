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
from coursec.readers.gift.answers import (
    RefusedError,
    choices,
    entries,
    number_answers,
    pairs,
    text_answers,
)
from coursec.readers.gift.block import Block, plain, protected
from coursec.readers.gift.texts import Texts, without_tags
from coursec.readers.reading import from_labels

_NAME = re.compile(r"::(.*?)::", re.DOTALL)
_JUDGEMENT = re.compile(r"(T|TRUE|F|FALSE)\s*(?:#(.*))?", re.DOTALL)


def read_question(block: Block, sink: Diagnostics) -> Item | None:
    """Return the item of a block; None where it is left out, and why is told."""
    reader = _QuestionReader(block, sink)
    try:
        return reader.item()
    except RefusedError as refused:
        label = reader.name or block.id or plain(block.text)[:40]
        reader.tell("W706", f"The question `{label}` is left out: {refused}")
        return None


class _QuestionReader:
    def __init__(self, block: Block, sink: Diagnostics) -> None:
        self.block = block
        self.sink = sink
        self.texts = Texts(self.tell)
        self.rest = protected(block.text)
        self.name = ""
        if name := _NAME.match(self.rest):
            self.name = without_tags(plain(name[1]))
            self.rest = self.rest[name.end() :].lstrip()
        self.feedback = Feedback()

    def tell(self, code: str, message: str) -> None:
        self.sink.report(code, message, self.block.span, item=self.block.id or None)

    def common(self, stem: RichText) -> dict[str, Any]:
        title = self.name if self.name != self.block.id else ""
        return {
            "id": self.block.id,
            "title": title or None,
            "stem": stem,
            "feedback": self.feedback,
            "span": self.block.span,
            **from_labels(self.block.tags),
        }

    def item(self) -> Item:
        start, end = self.rest.find("{"), self.rest.find("}")
        if start < 0 and end < 0:
            self.texts.style = self.texts.split(self.rest)[0]
            return TextItem(**self.common(self.texts.text(self.rest)))
        if start < 0 or end < start:
            raise RefusedError("its braces do not match.")
        before, body, after = self.rest[:start], self.rest[start + 1 : end], self.rest[end + 1 :]
        if "{" in after or "}" in after:
            self.tell("W708", "Braces behind the answers are text.")
        self.texts.style = self.texts.split(before)[0]
        body, mark, general = body.rpartition("####")
        if not mark:
            body, general = general, ""
        self.feedback = Feedback(general=self.texts.optional(general) if general.strip() else None)
        body = body.strip()
        if after.strip():
            return self.missing_word(before, body, after)
        return self.question(self.texts.text(before), body)

    def question(self, stem: RichText, body: str) -> Item:
        """Return a question that ends with its answers."""
        texts = self.texts
        if body.startswith(">"):
            return Ordering(sequence=entries(body, texts), **self.common(stem))
        if not body:
            return Essay(**self.common(stem))
        if body.startswith("#"):
            numbers, other = number_answers(body[1:], texts)
            if not numbers:
                raise RefusedError("it has no number, and Moodle stops there.")
            self.told(other)
            return Numeric(answers=numbers, **self.common(stem))
        if "~" in body:
            found, single = choices(body, texts)
            make = SingleChoice if single else MultipleChoice
            return make(choices=found, **self.common(stem))
        if "=" in body and "->" in body:
            matched, others = pairs(body, texts)
            return Matching(pairs=matched, distractors=others, **self.common(stem))
        if judged := _JUDGEMENT.fullmatch(body):
            return self.true_false(stem, judged[1] in ("T", "TRUE"), judged[2] or "")
        if body.lower() in ("true", "false"):  # rule 27: Moodle makes a short answer of it
            self.tell(
                "W708", f"Moodle reads {{{body}}} as a word to be typed: here it is a judgement."
            )
            return self.true_false(stem, body.lower() == "true", "")
        answers, other = text_answers(body, texts)
        if not answers:
            raise RefusedError("it has no answer.")
        self.told(other)
        return ShortAnswer(answers=answers, **self.common(stem))

    def told(self, other: RichText | None) -> None:
        if other:
            self.feedback = replace(self.feedback, incorrect=other)

    def true_false(self, stem: RichText, key: bool, feedback: str) -> Item:
        """Rule 27: the feedback of the wrong answer comes first."""
        wrong_text, _, right_text = feedback.partition("#")
        wrong = self.texts.optional(wrong_text) if wrong_text.strip() else None
        right = self.texts.optional(right_text) if right_text.strip() else None
        return TrueFalse(
            answer=key,
            feedback_true=right if key else wrong,
            feedback_false=wrong if key else right,
            **self.common(stem),
        )

    def missing_word(self, before: str, body: str, after: str) -> Item:
        """Rule 26: text behind the answers makes a gap of them."""
        gap = self.gap(body)
        if gap is None:
            stem = self.texts.text(f"{before}_____{after}")
            return self.question(stem, body)
        text = self.texts.with_gap(before, after)
        return Cloze(text=text, gaps=(gap,), **self.common(NO_TEXT))

    def gap(self, body: str) -> ClozeGap | None:
        """Return the gap that answers make; None where they make none."""
        if body.startswith("#"):
            numbers, other = number_answers(body[1:], self.texts)
            self.told(other)
            return NumberGap(name="gap", answers=numbers)
        if "~" in body:
            found, single = choices(body, self.texts)
            return ChoiceGap(name="gap", choices=found) if single else None
        if not body or body.startswith(">") or "->" in body or _JUDGEMENT.fullmatch(body):
            return None
        answers, other = text_answers(body, self.texts)
        self.told(other)
        return TextGap(name="gap", answers=answers)
