"""From a question's element to an item."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from lxml.etree import _Element

from coursec.diagnostics import Diagnostics
from coursec.model.items import (
    ONE,
    Choice,
    ChoiceGap,
    Cloze,
    ClozeGap,
    Essay,
    Feedback,
    FileUpload,
    Item,
    Matching,
    MultipleChoice,
    Numeric,
    Ordering,
    Pair,
    ShortAnswer,
    SingleChoice,
    TextAnswer,
    TextGap,
    TextItem,
)
from coursec.model.text import NO_TEXT, Gap, RichText, plain, walk
from coursec.readers.markup import FindImage, gap_mark
from coursec.readers.qti12.naming import gap_name, judgement_of
from coursec.readers.qti12.numbers import number_answers
from coursec.readers.qti12.responses import Response, responses_of
from coursec.readers.qti12.rules import Rule, number, outcome, positive, rules_of
from coursec.readers.qti12.source import Source, characters
from coursec.readers.weights import evened, multiple_choices, near, single_choices

_OVERALL = {"general_fb": "general", "correct_fb": "correct", "general_incorrect_fb": "incorrect"}


class RefusedError(Exception):
    """A question that the language cannot say; the message says why."""


class QuestionReader:
    """Reads one question; None where the language cannot say it, and why is told."""

    def __init__(self, item: _Element, place: str, sink: Diagnostics, image: FindImage) -> None:
        self.source = Source(item, place, sink, image)
        self.rules: list[Rule] = rules_of(item)
        self.responses: list[Response] = responses_of(item, self.source)
        self.texts = self.source.feedback()
        self.stem_html = self.source.html(item.find("{*}presentation"))

    def item(self) -> Item | None:
        """Return the item of a question."""
        try:
            return self.typed(self.source.metadata.get("question_type", ""))
        except RefusedError as refused:
            self.source.leave_out(str(refused))
            return None

    def typed(self, kind: str) -> Item:
        """Return the item by Canvas's name of its type, or by what is to be answered."""
        match kind:
            case "multiple_choice_question":
                return self.choice(self.only("choice"), judged=False)
            case "true_false_question":
                return self.choice(self.only("choice"))
            case "multiple_answers_question":
                return self.choice(self.only("choice"), several=True)
            case "short_answer_question":
                return self.short(self.only("text"))
            case "numerical_question":
                return self.numeric(self.only("text"))
            case "matching_question":
                return self.matching()
            case "fill_in_multiple_blanks_question":
                return self.blanks(menus=False)
            case "multiple_dropdowns_question":
                return self.blanks(menus=True)
            case "essay_question":
                return self.essay()
            case "file_upload_question":
                return FileUpload(feedback=self.general(), **self.common())
            case "text_only_question":
                return TextItem(**self.common())
            case "calculated_question":
                raise RefusedError("its numbers are made by a formula.")
            case _:
                return self.by_shape()

    def by_shape(self) -> Item:
        """Return the item of a question by another tool."""
        kinds = [response.kind for response in self.responses]
        if not kinds:
            return TextItem(**self.common())
        if kinds == ["choice"]:
            response = self.responses[0]
            return self.choice(response, several=response.several)
        if kinds == ["ordered"]:
            return self.ordering(self.responses[0])
        if kinds == ["number"]:
            return self.numeric(self.responses[0])
        if kinds == ["text"]:
            if any(_bounds(rule.test) for rule in self.rules):
                return self.numeric(self.responses[0])
            if not any(True for rule in self.rules for _ in positive(rule.test)):
                return self.essay()
            return self.short(self.responses[0])
        if all(kind == "choice" for kind in kinds) and not any(r.several for r in self.responses):
            return self.matching()
        raise RefusedError("it holds several kinds of answers.")

    def only(self, kind: str) -> Response:
        """Return the question's response. Raises RefusedError where there is none."""
        kinds = ("text", "number") if kind == "text" else (kind,)
        found = [response for response in self.responses if response.kind in kinds]
        if not found:
            raise RefusedError("it has nothing to answer.")
        return found[0]

    def common(self, *, stem: RichText | None = None) -> dict[str, Any]:
        """Return the fields that every type has."""
        source = self.source
        language = None
        if stem is None:
            language, stem = source.marked_text(self.stem_html)
        return {
            "id": source.id,
            "title": source.title if source.title and source.title != source.id else None,
            "stem": stem,
            "points": self.points(),
            "language": language,
            "span": source.span,
        }

    def points(self) -> Decimal:
        """Return the points; a highest score of 100 is in per cent and says nothing."""
        for label in ("points_possible", "qmd_weighting", "max_score", "cc_weighting"):
            value = number(self.source.metadata.get(label))
            if value is not None:
                return _decimal(value)
        for node in self.source.item.iterfind("{*}resprocessing/{*}outcomes/{*}decvar"):
            value = number(node.get("maxvalue"))
            if value is not None and value > 0 and value != 100:
                return _decimal(value)
        return ONE

    # Scores

    def score(self, response: Response, given: frozenset[str]) -> tuple[Fraction, list[str]]:
        return outcome(self.rules, {response.ident: given})

    def choice(self, response: Response, *, several: bool = False, judged: bool = True) -> Item:
        """Return a choice question: what each choice earns is found by choosing it."""
        names = [label.ident for label in response.labels]
        alone = {name: self.score(response, frozenset((name,))) for name in names}
        key = self.key(response, names)
        choices = [
            Choice(
                text=self.source.text(label.html),
                feedback=self.choice_feedback(label.ident, names, alone),
            )
            for label in response.labels
        ]
        common = {**self.common(), "feedback": self.overall(response, key, alone)}
        common["shuffle"] = response.shuffle
        if several:
            ticked, scoring = self.ticked(response, choices, names, key, alone)
            return MultipleChoice(choices=ticked, scoring=scoring, **common)
        best = max((score for score, _ in alone.values()), default=Fraction(0))
        if best <= 0:
            raise RefusedError("no choice is right.")
        shares = [_decimal(alone[name][0] / best) for name in names]
        picked = single_choices(choices, shares)
        if judged and (judgement := judgement_of(response, picked, common)):
            return judgement
        return SingleChoice(choices=picked, **common)

    def key(self, response: Response, names: list[str]) -> frozenset[str]:
        """Return the choices of a fully right response: those that some earning rule names."""
        found = {
            (node.text or "").strip()
            for rule in self.rules
            if rule.earns
            for node in positive(rule.test, response.ident)
        }
        return frozenset(name for name in names if name in found)

    def ticked(
        self,
        response: Response,
        choices: list[Choice],
        names: list[str],
        key: frozenset[str],
        alone: dict[str, tuple[Fraction, list[str]]],
    ) -> tuple[tuple[Choice, ...], Any]:
        """Return (choices, scoring) of a question with several right ones."""
        full = self.score(response, key)[0]
        if not key or full <= 0:
            raise RefusedError("no choice is right.")
        marked = tuple(
            replace(choice, correct=name in key)
            for choice, name in zip(choices, names, strict=True)
        )
        parts = [alone[name][0] / full for name in names]
        if len(key) > 1 and all(part <= 0 for part in parts):
            # Canvas gives parts for the parts of such a key; other tools mean the whole.
            ours = self.source.metadata.get("question_type") == "multiple_answers_question"
            return marked, "partial" if ours else "all_or_nothing"
        if len(key) > 1 and all(alone[name][0] >= full for name in key):
            message = "Each right choice earns everything alone: here they share the points."
            self.source.tell("W708", message)
            return marked, "partial"
        if len(key) == 1 and all(
            part == 0 for part, n in zip(parts, names, strict=True) if n not in key
        ):
            return marked, "partial"
        return multiple_choices(choices, [_decimal(part) for part in parts]), "partial"

    def short(self, response: Response) -> Item:
        answers: dict[str, tuple[Fraction, _Element]] = {}
        for rule in self.rules:
            for node in positive(rule.test, response.ident):
                text = " ".join((node.text or "").split())
                score = self.score(response, frozenset((text,)))[0]
                if text and score > 0:
                    answers.setdefault(text, (score, node))
        if not answers:
            raise RefusedError("no answer is right.")
        best = max(score for score, _ in answers.values())
        exact = any((node.get("case") or "").lower() == "yes" for _, node in answers.values())
        texts = tuple(
            TextAnswer(
                text=text,
                weight=_decimal(score / best),
                feedback=self.own_feedback(response, text),
            )
            for text, (score, _) in answers.items()
        )
        right = frozenset((next(t for t, (s, _) in answers.items() if s == best),))
        feedback = self.typed_overall(response, right)
        return ShortAnswer(
            answers=texts, case_sensitive=exact, **{**self.common(), "feedback": feedback}
        )

    def numeric(self, response: Response) -> Item:
        answers = number_answers(self.rules, self.texts, self.source.tell)
        if not answers:
            raise RefusedError("no number is right.")
        right = frozenset((str(max(answers, key=lambda a: a.weight).model),))
        feedback = self.typed_overall(response, right)
        return Numeric(answers=answers, **{**self.common(), "feedback": feedback})

    def matching(self) -> Item:
        pairs = []
        responses: dict[RichText, None] = {}
        used: set[RichText] = set()
        for response in self.responses:
            if response.kind != "choice" or not response.labels:
                continue
            texts = {label.ident: plain(characters(label.html)) for label in response.labels}
            responses.update(dict.fromkeys(texts.values()))
            key = self.key(response, list(texts))
            if key and response.head.strip():
                right = texts[min(key, key=list(texts).index)]
                used.add(right)
                pairs.append(Pair(premise=self.source.text(response.head), response=right))
        if not pairs:
            raise RefusedError("it has no pairs.")
        return Matching(
            pairs=tuple(pairs),
            distractors=tuple(text for text in responses if text not in used and text),
            **{**self.common(), "feedback": self.named_overall()},
        )

    def ordering(self, response: Response) -> Item:
        order = [
            (node.text or "").strip()
            for rule in self.rules
            if rule.earns
            for node in positive(rule.test, response.ident)
        ]
        texts = {label.ident: self.source.text(label.html) for label in response.labels}
        sequence = tuple(texts[name] for name in dict.fromkeys(order) if name in texts)
        if len(sequence) != len(texts):
            raise RefusedError("its right order is not said.")
        self.source.tell("W708", "The order is marked by the place of each entry.")
        return Ordering(sequence=sequence, **{**self.common(), "feedback": self.named_overall()})

    def blanks(self, *, menus: bool) -> Item:
        """Return a text with gaps: `[name]` in the text, `response_name` beside it."""
        html = self.stem_html
        gaps: list[ClozeGap] = []
        taken: set[str] = set()
        for response in self.responses:
            blank = response.ident.removeprefix("response_")
            mark = f"[{blank}]"
            if mark not in html:
                self.source.tell("W707", f"The blank `{mark}` stands nowhere: it is left out.")
                continue
            name = gap_name(blank, taken)
            taken.add(name)
            html = html.replace(mark, gap_mark(name), 1)
            gaps.append(self.blank(name, response, menus=menus))
        if not gaps:
            raise RefusedError("its text has no blank.")
        language, text = self.source.marked_text(html)
        common = {**self.common(stem=NO_TEXT), "feedback": self.named_overall()}
        common["language"] = language
        shared = evened([replace(gap, points=ONE) for gap in gaps], common["points"])
        order = {gap.name: gap for gap in shared}
        placed = [node.name for node in walk(text) if isinstance(node, Gap) and node.name in order]
        return Cloze(text=text, gaps=tuple(order[name] for name in placed), **common)

    def blank(self, name: str, response: Response, *, menus: bool) -> ClozeGap:
        key = self.key(response, [label.ident for label in response.labels])
        if menus:
            choices = tuple(
                Choice(text=plain(characters(label.html)), correct=label.ident in key)
                for label in response.labels
            )
            return ChoiceGap(name=name, choices=choices)
        words = dict.fromkeys(characters(label.html) for label in response.labels)
        return TextGap(name=name, answers=tuple(TextAnswer(text=word) for word in words if word))

    def essay(self) -> Item:
        sample = self.texts.pop("solution", None)
        return Essay(sample_answer=sample, feedback=self.general(), **self.common())

    # Feedback

    def general(self) -> Feedback:
        return Feedback(general=self.texts.get("general_fb"))

    def named_overall(self) -> Feedback:
        """Return the feedback on the whole that its identifier names."""
        named = {field: self.texts.get(ident) for ident, field in _OVERALL.items()}
        return Feedback(**named)

    def choice_feedback(
        self, name: str, names: list[str], alone: dict[str, tuple[Fraction, list[str]]]
    ) -> RichText | None:
        """Return the feedback that a choice shows and not every other one as well."""
        for ident in alone[name][1]:
            everywhere = all(ident in shown for _, shown in alone.values())
            if ident in self.texts and ident not in _OVERALL and not everywhere:
                others = [n for n in names if n != name and ident in alone[n][1]]
                if not others or alone[name][0] <= 0 or len(names) == 2:
                    return self.texts[ident]
        return None

    def overall(
        self,
        response: Response,
        key: frozenset[str],
        alone: dict[str, tuple[Fraction, list[str]]],
    ) -> Feedback:
        """Return the feedback on the whole; what every choice shows is general."""
        found = self.named_overall()
        for ident in self.texts:
            everywhere = alone and all(ident in shown for _, shown in alone.values())
            if ident not in _OVERALL and everywhere and found.general is None:
                found = replace(found, general=self.texts[ident])
        return found

    def own_feedback(self, response: Response, text: str) -> RichText | None:
        """Return the feedback that one typed answer shows."""
        nonsense = set(self.score(response, frozenset(("\ue000",)))[1])
        for ident in self.score(response, frozenset((text,)))[1]:
            if ident in self.texts and ident not in _OVERALL and ident not in nonsense:
                return self.texts[ident]
        return None

    def typed_overall(self, response: Response, right: frozenset[str]) -> Feedback:
        """Return the feedback on the whole of a typed answer: what a wrong one shows alone."""
        found = self.named_overall()
        wrong = self.score(response, frozenset(("\ue000",)))[1]
        shown = self.score(response, right)[1]
        for ident in wrong:
            if ident not in self.texts or ident in _OVERALL:
                continue
            field = "general" if ident in shown else "incorrect"
            if getattr(found, field) is None:
                found = replace(found, **{field: self.texts[ident]})
        return found


def _bounds(test: _Element) -> bool:
    return any(True for _ in test.iter("{*}vargte", "{*}vargt", "{*}varlte", "{*}varlt"))


def _decimal(value: Fraction) -> Decimal:
    """Return a number; one that a format rounded to seven figures is what was meant."""
    if near(value, 1):
        return ONE
    return Decimal(value.numerator) / Decimal(value.denominator)
