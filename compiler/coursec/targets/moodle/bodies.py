"""What each type has of its own, in Moodle XML."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import assert_never

from coursec.model.items import (
    ONE,
    ZERO,
    Cloze,
    Essay,
    Feedback,
    FileUpload,
    Item,
    Matching,
    MultipleChoice,
    NumberAnswer,
    Numeric,
    Ordering,
    ShortAnswer,
    SingleChoice,
    TextAnswer,
    TextItem,
    TrueFalse,
)
from coursec.model.numbers import decimal_text
from coursec.model.quiz import Quiz
from coursec.model.scoring import choice_weight
from coursec.model.text import RichText
from coursec.targets.fractions import choice_percents, nearest_percent
from coursec.targets.moodle.markup import Lines, cdata, content, flag, inner, rich, value
from coursec.targets.moodle.texts import Texts, rubric_html
from coursec.targets.naming import moodle_menu_entry
from coursec.text.html import escape

_AUTO = "moodle_auto_format"
"""The format of answers that are plain text."""
_INSIDE = "      "
"""What stands before the elements of an answer."""
_LINES = 15
"""The lines of an answer field where nothing is said, as Moodle's own form has it."""

Share = Decimal | Fraction


class BodyWriter:
    """Writes what a type has of its own."""

    def __init__(self, quiz: Quiz, texts: Texts) -> None:
        self.quiz = quiz
        self.texts = texts

    def body(self, item: Item) -> tuple[str, Lines]:
        """Return (Moodle's name of the type, its elements in Moodle's order)."""
        match item:
            case SingleChoice():
                shares: Sequence[Share] = [choice_weight(choice) for choice in item.choices]
                return "multichoice", self.choices(item, shares, single="true")
            case MultipleChoice():
                return "multichoice", self.choices(item, _shares(item), single="false")
            case TrueFalse():
                return "truefalse", self.true_false(item)
            case ShortAnswer():
                return "shortanswer", self.typed(item)
            case Numeric():
                return "numerical", [*self.numbers(item), *_unit(item.unit)]
            case Matching():
                return "matching", self.matching(item)
            case Ordering():
                return "ordering", self.ordering(item)
            case Cloze():
                return "cloze", []
            case Essay():
                return "essay", self.essay(item)
            case FileUpload():
                return "essay", self.upload(item)
            case TextItem():
                return "description", []
            case _:
                assert_never(item)

    def choices(
        self, item: SingleChoice | MultipleChoice, shares: Sequence[Share], *, single: str
    ) -> Lines:
        """Return choices; where one keeps its place, Moodle must leave all where they are."""
        fixed = any(choice.fixed for choice in item.choices)
        lines = [
            value("single", single),
            flag("shuffleanswers", self.quiz.shuffles(item) and not fixed),
            value("answernumbering", "abc"),
            value("showstandardinstruction", 0),
            *self.combined(item.feedback),
        ]
        for choice, share in zip(item.choices, shares, strict=True):
            text = self.texts.content(self.texts.line(choice.text), _INSIDE)
            lines += self.answer(share, text, self.texts.line(choice.feedback))
        return lines

    def answer(
        self, share: Share, text: Lines, feedback: str, *more: str, style: str = "html"
    ) -> Lines:
        """Return an answer: its share, its text and files, and the feedback on it."""
        return [
            f'    <answer fraction="{decimal_text(nearest_percent(share))}" format="{style}">',
            *text,
            *self.texts.element("feedback", feedback, _INSIDE),
            *more,
            "    </answer>",
        ]

    def plain_answer(self, share: Share, text: str, feedback: str, *more: str) -> Lines:
        """Return an answer that is plain text."""
        return self.answer(share, content(text, (), _INSIDE), feedback, *more, style=_AUTO)

    def combined(self, feedback: Feedback) -> Lines:
        """Return the feedback on right, partly right and wrong responses."""
        lines: Lines = []
        for name, text in (
            ("correctfeedback", feedback.correct),
            ("partiallycorrectfeedback", feedback.partial),
            ("incorrectfeedback", feedback.incorrect),
        ):
            lines += self.texts.element(name, self.texts.blocks(text))
        return lines

    def joined(self, *texts: RichText | None) -> str:
        """Return feedbacks that share one place."""
        given = [text for text in texts if text]
        if len(given) == 1:
            return self.texts.line(given[0])
        return "\n".join(self.texts.blocks(text) for text in given)

    def true_false(self, item: TrueFalse) -> Lines:
        lines: Lines = []
        for key, own in ((True, item.feedback_true), (False, item.feedback_false)):
            right = key is item.answer
            result = item.feedback.correct if right else item.feedback.incorrect
            word = "true" if key else "false"
            lines += self.plain_answer(ONE if right else ZERO, word, self.joined(own, result))
        return lines

    def typed(self, item: ShortAnswer) -> Lines:
        """Rules 32 and 40: plain text, a literal star escaped, the best answer first."""
        lines = [flag("usecase", item.case_sensitive)]
        for answer in sorted(item.answers, key=lambda a: -a.weight):
            said = self.on_answer(answer, item.feedback)
            lines += self.plain_answer(answer.weight, answer.text.replace("*", "\\*"), said)
        return lines + self.any_other(item.feedback)

    def numbers(self, item: Numeric) -> Lines:
        """Rule 41: the first answer that fits wins, so the best and narrowest come first."""
        lines: Lines = []
        for answer in sorted(item.answers, key=lambda a: (-a.weight, a.high - a.low)):
            said = self.on_answer(answer, item.feedback)
            margin = decimal_text((answer.high - answer.low) / 2)
            tolerance = f"{_INSIDE}<tolerance>{margin}</tolerance>"
            number = decimal_text(answer.model)
            lines += self.plain_answer(answer.weight, number, said, tolerance)
        return lines + self.any_other(item.feedback)

    def on_answer(self, answer: TextAnswer | NumberAnswer, feedback: Feedback) -> str:
        """Return the feedback on an answer, with that on the result which it has."""
        if answer.feedback and answer.weight <= 0:
            return self.texts.line(answer.feedback)  # it says itself what is wrong
        return self.joined(answer.feedback, _result(feedback, answer.weight))

    def any_other(self, feedback: Feedback) -> Lines:
        """Return the answer that stands for every other one, where that is told something."""
        if not feedback.incorrect:
            return []
        return self.plain_answer(ZERO, "*", self.texts.line(feedback.incorrect))

    def matching(self, item: Matching) -> Lines:
        """Responses are menu entries: plain text; a distractor has no premise."""
        lines = [flag("shuffleanswers", self.quiz.shuffles(item)), *self.combined(item.feedback)]
        rows: list[tuple[RichText | None, RichText]] = [(p.premise, p.response) for p in item.pairs]
        rows += [(None, distractor) for distractor in item.distractors]
        for premise, response in rows:
            lines += [
                '    <subquestion format="html">',
                *self.texts.content(self.texts.line(premise), _INSIDE),
                inner("answer", moodle_menu_entry(response), _INSIDE),
                "    </subquestion>",
            ]
        return lines

    def ordering(self, item: Ordering) -> Lines:
        """Rule 58: without `shownumcorrect` the import stops."""
        lines = [
            value("layouttype", "VERTICAL"),
            value("selecttype", "ALL"),
            value("selectcount", 0),
            value("gradingtype", "ABSOLUTE_POSITION"),
            value("showgrading", "SHOW"),
            value("numberingstyle", "none"),
            *self.combined(item.feedback),
            value("shownumcorrect", 1),
        ]
        for number, entry in enumerate(item.sequence, 1):
            lines += [
                f'    <answer fraction="{number}" format="html">',
                *self.texts.content(self.texts.line(entry), _INSIDE),
                "    </answer>",
            ]
        return lines

    def essay(self, item: Essay) -> Lines:
        limits = [
            value(name, limit)
            for name, limit in (("minwordlimit", item.min_words), ("maxwordlimit", item.max_words))
            if limit is not None
        ]
        info = rubric_html(item.rubric)
        if item.sample_answer:
            info += f'<div class="sample-answer">{self.texts.blocks(item.sample_answer)}</div>'
        return [
            value("responseformat", "editor"),
            flag("responserequired", True),
            value("responsefieldlines", item.lines or _LINES),
            *limits,
            value("attachments", 0),
            value("attachmentsrequired", 0),
            value("maxbytes", 0),
            value("filetypeslist", ""),
            *self.texts.element("graderinfo", info),
            *rich("responsetemplate", self.texts.blocks_alone(item.template)),
        ]

    def upload(self, item: FileUpload) -> Lines:
        return [
            value("responseformat", "noinline"),
            flag("responserequired", False),
            value("responsefieldlines", _LINES),
            value("attachments", item.max_files),
            value("attachmentsrequired", 1),
            value("maxbytes", 0),
            value("filetypeslist", escape(",".join(item.accept))),
            *rich("graderinfo", rubric_html(item.rubric)),
            *rich("responsetemplate", ""),
        ]


def _shares(item: MultipleChoice) -> Sequence[Share]:
    """Return what each choice earns; in all-or-nothing a wrong one costs everything.

    Moodle cannot ask for the whole key; this is the strictest that it can say.
    """
    shares = [percent / 100 for percent in choice_percents(item)]
    if item.scoring == "partial":
        return shares
    return [s if c.correct else -ONE for c, s in zip(item.choices, shares, strict=True)]


def _result(feedback: Feedback, weight: Decimal) -> RichText | None:
    if weight >= 1:
        return feedback.correct
    return feedback.partial if weight > 0 else feedback.incorrect


def _unit(unit: str | None) -> Iterable[str]:
    """Rule 57: students need not type the unit, but may."""
    if unit:
        yield "    <units>"
        yield "      <unit>"
        yield "        <multiplier>1</multiplier>"
        yield f"        <unit_name>{cdata(unit)}</unit_name>"
        yield "      </unit>"
        yield "    </units>"
    yield value("unitgradingtype", 0)
    yield value("unitpenalty", "0.1")
    yield value("showunits", 3)
    yield value("unitsleft", 0)
