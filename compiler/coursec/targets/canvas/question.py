"""The questions of a quiz in Canvas's QTI 1.2."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from typing import NamedTuple, assert_never

from coursec.assembly.draw import disorder
from coursec.model.items import (
    Choice,
    ChoiceGap,
    Cloze,
    Essay,
    FileUpload,
    Item,
    Matching,
    MultipleChoice,
    NumberAnswer,
    NumberGap,
    Numeric,
    Ordering,
    ShortAnswer,
    SingleChoice,
    TextAnswer,
    TextGap,
    TextItem,
    TrueFalse,
    max_points,
)
from coursec.model.numbers import decimal_text
from coursec.model.quiz import Quiz
from coursec.model.scoring import distinct_answers
from coursec.model.text import Asset, RichText
from coursec.targets.canvas.answers import (
    ALL,
    OTHER,
    OUTCOMES,
    Label,
    choice_response,
    condition,
    equal,
    exactly,
    idents,
    number,
    share,
    typed_response,
    word_limits,
)
from coursec.targets.canvas.markup import fields, material
from coursec.targets.naming import in_language, menu_entry
from coursec.text.html import HtmlWriter, escape, words
from coursec.text.plain import plain_text

_RESPONSE = "response1"
_GAP = "\ue000{}\ue001"


class _Body(NamedTuple):
    """What a question has of its own."""

    kind: str
    """Canvas's name of the type."""
    responses: str = ""
    rules: str = ""
    """The conditions that earn something."""
    right: str = ""
    """The condition of a fully right response, where one condition says it."""


class QuestionWriter:
    """Writes questions; `address` gives the place of an image."""

    def __init__(self, quiz: Quiz, address: Callable[[Asset], str]) -> None:
        self.quiz = quiz
        self.writer = HtmlWriter(address, _GAP.format)
        self.feedback: dict[str, str] = {}
        """The feedback of the question at hand, as HTML by identifier."""
        self.blanks: dict[str, str] = {}
        """What the blanks of the question at hand are called, by the names of their gaps."""

    def blocks(self, text: RichText | None) -> str:
        """Return a text as blocks of HTML; empty for none."""
        return self.writer.text(text) if text else ""

    def line(self, text: RichText) -> str:
        """Return a text as HTML without a `<p>` where it is one paragraph."""
        return self.writer.line(text)

    def heading(self, ident: str, title: str) -> str:
        """Return a text that shows a section's title."""
        html = f"<h3>{words(title)}</h3>"
        known = [("question_type", "text_only_question"), ("points_possible", "0")]
        return self.wrapped(ident, title, known, material(html, " " * 10))

    def question(self, item: Item) -> str:
        """Return one question."""
        self.feedback = {}
        stem = material(self.stem(item), " " * 10)
        body = self.body(item)
        known = [("question_type", body.kind), ("points_possible", decimal_text(max_points(item)))]
        if isinstance(item, Essay) and item.sample_answer:
            known.append(("grading_notes", self.blocks(item.sample_answer)))  # where B looks
        rest = self.processing(item, body)
        return self.wrapped(item.id, item.name, known, stem + body.responses, rest)

    def wrapped(
        self,
        ident: str,
        title: str,
        known: Sequence[tuple[str, str]],
        presentation: str,
        rest: str = "",
    ) -> str:
        """Return an item around its metadata, what it shows and how it is scored."""
        return (
            f'      <item ident="{ident}" title="{escape(title)}">\n'
            f"        <itemmetadata>\n{fields(known, ' ' * 10)}        </itemmetadata>\n"
            f"        <presentation>\n{presentation}        </presentation>\n"
            f"{rest}      </item>\n"
        )

    def stem(self, item: Item) -> str:
        """Return the question text: the stimulus, the stem, and what has no place of its own."""
        parts = []
        if stimulus := self.quiz.stimulus(item):
            parts.append(f'<div class="stimulus">{self.blocks(stimulus.stem)}</div>')
        parts.append(self.blocks(item.stem))
        match item:
            case Cloze():
                parts = [self.gaps_in("\n".join([*parts, self.blocks(item.text)]), item)]
            case Numeric(unit=str(unit)):
                parts.append(f"<p>[{words(unit)}]</p>")
            case FileUpload(accept=(_, *_)):
                parts.append(f"<p>{words(', '.join(item.accept))}</p>")
            case _:
                pass
        html = "\n".join(part for part in parts if part).strip("\n")
        return in_language(html, item, self.quiz)

    def gaps_in(self, html: str, item: Cloze) -> str:
        """Put `[blank]` in the place of each gap.

        C and B look for these marks in all of a text, in attributes and formulas too, and C in
        the menus before: so a blank has a name that stands nowhere else in brackets.
        """
        menus = {
            gap.name: words(" / ".join(plain_text(choice.text) for choice in gap.choices))
            for gap in item.gaps
            if isinstance(gap, ChoiceGap)
        }
        taken = "\n".join([html, *menus.values()])
        names = {gap.name for gap in item.gaps}
        self.blanks = {name: _free_name(name, names, taken) for name in names}
        mixed = not _all_choices(item)
        for name, blank in self.blanks.items():
            mark = f"[{blank}] ({menus[name]})" if mixed and name in menus else f"[{blank}]"
            html = html.replace(_GAP.format(name), mark)
        return html

    def body(self, item: Item) -> _Body:
        """Return what a type has of its own."""
        match item:
            case SingleChoice():
                return self.single(item.choices)
            case MultipleChoice():
                return self.multiple(item.choices)
            case TrueFalse():
                return self.true_false(item)
            case ShortAnswer():
                return self.short(item.answers)
            case Numeric():
                return self.numeric(item.answers)
            case Matching():
                rows = [(self.line(p.premise), menu_entry(p.response)) for p in item.pairs]
                return self.matching(rows, list(map(menu_entry, item.responses)))
            case Ordering():
                return self.ordering(item)
            case Cloze():
                return self.cloze(item)
            case Essay():
                if item.sample_answer:
                    self.feedback["solution"] = self.blocks(item.sample_answer)
                return _Body("essay_question", typed_response(words=word_limits(item)))
            case FileUpload():
                return _Body("file_upload_question")
            case TextItem():
                return _Body("text_only_question")
            case _:
                assert_never(item)

    def labels(self, choices: Sequence[Choice]) -> list[Label]:
        names = idents(len(choices))
        for name, choice in zip(names, choices, strict=True):
            if choice.feedback:
                self.feedback[f"{name}_fb"] = self.line(choice.feedback)
        return [
            Label(name, self.line(choice.text)) for name, choice in zip(names, choices, strict=True)
        ]

    def single(self, choices: Sequence[Choice]) -> _Body:
        labels = self.labels(choices)
        right = next(
            equal(_RESPONSE, label.ident)
            for label, choice in zip(labels, choices, strict=True)
            if choice.correct
        )
        rules = self.chosen(labels)
        return _Body("multiple_choice_question", choice_response(_RESPONSE, labels), rules, right)

    def multiple(self, choices: Sequence[Choice]) -> _Body:
        """Several `setvar` conditions would make each right choice the whole key."""
        labels = self.labels(choices)
        correct = {label.ident: c.correct for label, c in zip(labels, choices, strict=True)}
        right = exactly(
            _RESPONSE,
            (ident for ident, is_right in correct.items() if is_right),
            (ident for ident, is_right in correct.items() if not is_right),
        )
        responses = choice_response(_RESPONSE, labels, cardinality="Multiple")
        return _Body("multiple_answers_question", responses, self.chosen(labels), right)

    def chosen(self, labels: Sequence[Label]) -> str:
        """Return the rules that show the feedback of a chosen choice."""
        return "".join(
            condition(equal(_RESPONSE, label.ident), show=f"{label.ident}_fb")
            for label in labels
            if f"{label.ident}_fb" in self.feedback
        )

    def true_false(self, item: TrueFalse) -> _Body:
        """C knows the type by its English words only."""
        names = idents(2)
        for name, text in zip(names, (item.feedback_true, item.feedback_false), strict=True):
            if text:
                self.feedback[f"{name}_fb"] = self.line(text)
        labels = [Label(names[0], "True"), Label(names[1], "False")]
        right = equal(_RESPONSE, names[0] if item.answer else names[1])
        responses = choice_response(_RESPONSE, labels)
        return _Body("true_false_question", responses, self.chosen(labels), right)

    def answered(self, answer: TextAnswer | NumberAnswer, name: str) -> str:
        """Remember the feedback of a typed answer; return its identifier."""
        if not answer.feedback:
            return ""
        self.feedback[f"{name}_fb"] = self.line(answer.feedback)
        return f"{name}_fb"

    def short(self, answers: Sequence[TextAnswer]) -> _Body:
        full = [answer for answer in distinct_answers(answers) if answer.weight >= 1]
        rules = ""
        for name, answer in zip(idents(len(full)), full, strict=True):
            if show := self.answered(answer, name):
                rules += condition(equal(_RESPONSE, answer.text.strip()), show=show)
        right = "".join(equal(_RESPONSE, answer.text.strip()) for answer in full)
        return _Body("short_answer_question", typed_response(), rules, right)

    def numeric(self, answers: Sequence[NumberAnswer]) -> _Body:
        full = [answer for answer in answers if answer.weight >= 1]
        shows = [self.answered(a, n) for n, a in zip(idents(len(full)), full, strict=True)]
        rules = "".join(
            condition(number(_RESPONSE, answer), ALL, show)
            for answer, show in zip(full, shows, strict=True)
        )
        responses = typed_response(number=True)
        return _Body("numerical_question", responses, rules)

    def matching(self, rows: Sequence[tuple[str, str]], responses: Sequence[str]) -> _Body:
        names = dict(zip(responses, idents(len(responses)), strict=False))
        labels = [Label(ident, text, is_html=False) for text, ident in names.items()]
        shown = rules = ""
        for position, (premise, response) in enumerate(rows, 1):
            ident = f"response_{position}"
            head = material(premise, " " * 12)
            shown += choice_response(ident, labels, head=head)
            rules += condition(equal(ident, names[response]), share(len(rows)))
        return _Body("matching_question", shown, rules)

    def ordering(self, item: Ordering) -> _Body:
        """C has no ordering: each entry is matched with its place."""
        places = [str(place + 1) for place in range(len(item.sequence))]
        rows = [
            (self.line(item.sequence[position]), places[position])
            for position in disorder(len(item.sequence), item.id)
        ]
        return self.matching(rows, places)

    def cloze(self, item: Cloze) -> _Body:
        """Answers have numbers that are unique in the item: else C mixes up the keys."""
        kind = _MENUS if _all_choices(item) else _BLANKS
        shown = rules = ""
        used = 0
        for gap in item.gaps:
            texts = _accepted(gap, kind)
            names = idents(len(texts), used)
            used += len(texts)
            ident = f"response_{self.blanks[gap.name]}"
            labels = [
                Label(name, text, is_html=False)
                for name, (text, _) in zip(names, texts, strict=True)
            ]
            head = material(self.blanks[gap.name], " " * 12)
            shown += choice_response(ident, labels, head=head)
            for name, (_, is_right) in zip(names, texts, strict=True):
                if is_right:
                    rules += condition(equal(ident, name), share(len(item.gaps)))
        return _Body(kind, shown, rules)

    def processing(self, item: Item, body: _Body) -> str:
        """Return the rules of a question, and the texts that they show."""
        if isinstance(item, TextItem):
            return ""
        rules, whole = "", item.feedback
        if whole.general:
            rules += condition(OTHER, show="general_fb")
            self.feedback["general_fb"] = self.blocks(whole.general)
        rules += body.rules
        if isinstance(item, Essay | FileUpload):
            rules += condition(OTHER, last=True)
        else:
            if whole.correct:
                self.feedback["correct_fb"] = self.blocks(whole.correct)
            show = "correct_fb" if whole.correct else ""
            if body.right:
                rules += condition(body.right, ALL, show, last=True)
            elif show:
                rules += condition(OTHER, show=show)
            if whole.incorrect:
                self.feedback["general_incorrect_fb"] = self.blocks(whole.incorrect)
                rules += condition(OTHER, show="general_incorrect_fb")
        texts = "".join(_feedback(name, html) for name, html in self.feedback.items())
        return f"        <resprocessing>\n{OUTCOMES}{rules}        </resprocessing>\n{texts}"


_MENUS = "multiple_dropdowns_question"
_BLANKS = "fill_in_multiple_blanks_question"


def _free_name(name: str, names: Container[str], taken: str) -> str:
    """Return a gap's name, with a number where it stands in brackets in a text."""
    free, number = name, 1
    while f"[{free}]" in taken or (number > 1 and free in names):
        number += 1
        free = f"{name}_{number}"
    return free


def _all_choices(item: Cloze) -> bool:
    return all(isinstance(gap, ChoiceGap) for gap in item.gaps)


def _accepted(gap: ChoiceGap | TextGap | NumberGap, kind: str) -> list[tuple[str, bool]]:
    """Return (text, whether it is right) of a gap's answers; a typed gap has right ones only."""
    match gap:
        case ChoiceGap():
            found = [(plain_text(c.text), c.correct) for c in gap.choices]
            return [row for row in found if row[1]] if kind == _BLANKS else found
        case TextGap():
            counted = distinct_answers(gap.answers)
            return [(a.text.strip(), True) for a in counted if a.weight >= 1]
        case NumberGap():
            return [(decimal_text(a.model), True) for a in gap.answers if a.weight >= 1]
    assert_never(gap)


def _feedback(ident: str, html: str) -> str:
    text = material(html, "").rstrip()
    inside = f"<flow_mat>{text}</flow_mat>"
    if ident == "solution":
        inside = f"<solution><solutionmaterial>{inside}</solutionmaterial></solution>"
    return f'        <itemfeedback ident="{ident}">{inside}</itemfeedback>\n'
