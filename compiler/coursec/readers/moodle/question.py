"""From a question's element to an item."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from lxml.etree import _Element

from coursec.diagnostics import Diagnostics
from coursec.model.items import (
    ZERO,
    Choice,
    ChoiceGap,
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
    Pair,
    ShortAnswer,
    SingleChoice,
    TextAnswer,
    TextItem,
    TrueFalse,
)
from coursec.model.text import NO_TEXT, RichText
from coursec.readers.markup import Element, gap_mark, outer_language, visible
from coursec.readers.moodle.gaps import (
    MOST,
    TOO_MANY,
    Refused,
    literal,
    number_answer,
    read_gaps,
    whole,
)
from coursec.readers.moodle.graders import read_grader_info
from coursec.readers.moodle.source import Source, decimal, menu
from coursec.readers.reading import from_labels
from coursec.readers.weights import multiple_choices, single_choices

_PLACE = re.compile(r"\[\[([0-9]{1,3})\]\]")
_MOST_CHOICES: Final = 20_000
"""Choices of all gaps of a text together."""
_UNIT = re.compile(r"\[(.*)\]", re.DOTALL)


class QuestionReader:
    """Reads one question; None where the language cannot say it, and why is told."""

    def __init__(self, node: _Element, name: str, sink: Diagnostics) -> None:
        self.node = node
        self.source = Source(node, name, sink)

    def item(self) -> Item | None:
        """Return the item of a question."""
        kind = (self.node.get("type") or "").strip()
        read = _READERS.get(kind)
        if read is None:
            self.source.leave_out(f"`{kind}` is no type that the language has.")
            return None
        if self.source.value("hidden") == "1":
            self.source.leave_out("it is hidden in Moodle.")
            return None
        try:
            self.refuse_too_many()
            return read(self)
        except Refused as refused:
            self.source.leave_out(str(refused))
            return None

    def refuse_too_many(self) -> None:
        """Raise Refused for a question with more parts than anybody answers."""
        for name in ("answer", "subquestion", "hint", "selectoption", "dragbox"):
            if len(self.node.findall(name)) > MOST:
                raise Refused(TOO_MANY)

    def common(self, *, stem: RichText | None = None) -> dict[str, Any]:
        """Return the fields that every type has."""
        source = self.source
        language, text = self.stem() if stem is None else (None, stem)
        title = source.title if source.title != source.id else ""
        return {
            "id": source.id,
            "title": title or None,
            "stem": text,
            "points": source.number("defaultgrade", "1"),
            "hints": tuple(
                hint for node in self.node.iterfind("hint") if (hint := source.text(node))
            ),
            "language": language,
            "span": source.span,
            **from_labels(
                tag for node in self.node.iterfind("tags/tag") if (tag := source.raw(node))
            ),
        }

    def stem(self) -> tuple[str | None, RichText]:
        """Return (the language that the text is marked with, the question text)."""
        node = self.node.find("questiontext")
        if self.source.format_of(node) != "html":
            return None, self.source.text(node)
        language, root = outer_language(self.source.raw(node))
        return language, self.source.reader(node).element(self.without_unit(root))

    def without_unit(self, root: Element) -> Element:
        """Return a text without its last paragraph where that only repeats the unit."""
        unit = self.unit()
        elements = [child for child in root.children if isinstance(child, Element)]
        if unit and elements and elements[-1].get("class") == "unit":
            match = _UNIT.fullmatch(visible(elements[-1]))
            if match and match[1] == unit:
                root.children.remove(elements[-1])
        return root

    def unit(self) -> str | None:
        """Return the unit of a number: the first whose factor is 1."""
        for node in self.node.iterfind("units/unit"):
            factor = decimal((node.findtext("multiplier") or "").strip())
            if factor == 1:
                return " ".join((node.findtext("unit_name") or "").split()) or None
        return None

    def feedback(self) -> Feedback:
        """Return the feedback on the whole."""
        find, optional = self.node.find, self.source.optional
        return Feedback(
            general=optional(find("generalfeedback")),
            correct=optional(find("correctfeedback")),
            partial=optional(find("partiallycorrectfeedback")),
            incorrect=optional(find("incorrectfeedback")),
        )

    def general(self) -> Feedback:
        """Return the feedback of a type that has none for its result."""
        return Feedback(general=self.source.optional(self.node.find("generalfeedback")))

    def answers(self) -> Iterator[tuple[_Element, Decimal]]:
        """Yield (answer, share of the points). Raises Refused."""
        for node in self.node.iterfind("answer"):
            written = (node.get("fraction") or "0").strip()
            share = decimal(written)
            if share is None:
                raise Refused(f"`{written[:40]}` is no percentage.")
            yield node, share / 100

    def choice(self) -> Item:
        source = self.source
        rows = [(node, share) for node, share in self.answers() if source.raw(node)]
        choices = [
            Choice(text=source.text(node), feedback=source.optional(node.find("feedback")))
            for node, _ in rows
        ]
        shares = [share for _, share in rows]
        shared: dict[str, Any] = {
            "shuffle": source.flag("shuffleanswers"),
            "feedback": self.feedback(),
        }
        if source.flag("single", True):
            picked = single_choices(choices, shares)
            return SingleChoice(choices=picked, **shared, **self.common())
        ticked = multiple_choices(choices, shares)
        return MultipleChoice(choices=ticked, **shared, **self.common())

    def true_false(self) -> Item:
        key = False
        said: dict[bool, RichText | None] = {}
        for node, share in self.answers():
            word = self.source.raw(node).lower() == "true"
            said[word] = self.source.optional(node.find("feedback"))
            if share > 0:
                key = word
        return TrueFalse(
            answer=key,
            feedback_true=said.get(True),
            feedback_false=said.get(False),
            feedback=self.general(),
            **self.common(),
        )

    def short(self) -> Item:
        answers = []
        feedback = self.general()
        for node, share in self.answers():
            said = self.source.optional(node.find("feedback"))
            text = self.source.raw(node)
            if text == "*" and share <= 0:
                feedback = replace(feedback, incorrect=said)
            elif share < 0:
                self.lost_answer(text)
            else:
                words = literal(text, self.source.tell)
                answers.append(TextAnswer(text=words, weight=whole(share), feedback=said))
        return ShortAnswer(
            answers=tuple(answers),
            case_sensitive=self.source.flag("usecase"),
            feedback=feedback,
            **self.common(),
        )

    def lost_answer(self, text: str) -> None:
        self.source.tell("W707", f"The answer `{text[:40]}` that costs points is left out.")

    def numeric(self) -> Item:
        answers: list[NumberAnswer] = []
        feedback = self.general()
        for node, share in self.answers():
            said = self.source.optional(node.find("feedback"))
            text = self.source.raw(node)
            if text == "*":
                if share > 0:
                    raise Refused("any number is right.")
                feedback = replace(feedback, incorrect=said)
            elif share < 0:
                self.lost_answer(text)
            else:
                margin = (node.findtext("tolerance") or "0").strip() or "0"
                answers.append(number_answer(text, margin, share, said))
        units = self.node.findall("units/unit")
        if len(units) > 1:
            self.source.tell("W707", "Only one unit is kept; students type the number alone.")
        common = self.common()
        return Numeric(answers=tuple(answers), unit=self.unit(), feedback=feedback, **common)

    def matching(self) -> Item:
        pairs, distractors = [], []
        for node in self.node.iterfind("subquestion"):
            response = menu(node.findtext("answer/text") or "")
            premise = self.source.text(node)
            if premise and response:
                pairs.append(Pair(premise=premise, response=response))
            elif response:
                distractors.append(response)
        used = {pair.response for pair in pairs}
        return Matching(
            pairs=tuple(pairs),
            distractors=tuple(d for d in dict.fromkeys(distractors) if d not in used),
            shuffle=self.source.flag("shuffleanswers", True),
            feedback=self.feedback(),
            **self.common(),
        )

    def ordering(self) -> Item:
        grading = self.source.value("gradingtype").upper()
        if grading not in ("ABSOLUTE_POSITION", "0"):
            self.source.tell(
                "W708", "The order is marked by the place of each entry, not as it was in Moodle."
            )
        entries = (self.source.text(node) for node in self.node.iterfind("answer"))
        return Ordering(
            sequence=tuple(entry for entry in entries if entry),
            shuffle=True,
            feedback=self.feedback(),
            **self.common(),
        )

    def essay(self) -> Item:
        source = self.source
        rubric, sample = read_grader_info(source, self.node.find("graderinfo"))
        files = source.whole("attachments") or 0
        common: dict[str, Any] = {"feedback": self.general(), "rubric": rubric, **self.common()}
        if source.value("responseformat") == "noinline":
            if sample:
                source.tell("W707", "Information for graders is left out.")
            if files < 0:
                source.tell("W708", "Any number of files may be handed in: here ten.")
            return FileUpload(
                accept=self.extensions(), max_files=10 if files < 0 else files or 1, **common
            )
        if files:
            source.tell("W707", "Files that may be handed in beside the text are left out.")
        return Essay(
            lines=source.whole("responsefieldlines"),
            min_words=source.whole("minwordlimit") or None,
            max_words=source.whole("maxwordlimit") or None,
            template=source.optional(self.node.find("responsetemplate")),
            sample_answer=sample or None,
            **common,
        )

    def extensions(self) -> tuple[str, ...]:
        words = re.split(r"[\s,;]+", self.source.value("filetypeslist"))
        kept = tuple(word for word in words if word.startswith("."))
        if any(word and word != "*" and not word.startswith(".") for word in words):
            self.source.tell("W707", "A group of file kinds is left out.")
        return kept

    def description(self) -> Item:
        return TextItem(feedback=self.general(), **self.common())

    def cloze(self) -> Item:
        """Rule 60: the marks of the gaps make the question's."""
        node = self.node.find("questiontext")
        gaps = read_gaps(
            self.source.raw(node), lambda html: self.source.text(node, html), self.source.tell
        )
        if not gaps.gaps:
            raise Refused("its text has no gap.")
        language, root = outer_language(gaps.source)
        text = self.source.reader(node).element(root)
        common = self.common(stem=NO_TEXT) | {
            "points": sum((gap.points for gap in gaps.gaps), ZERO),
            "language": language,
            "shuffle": gaps.shuffled,
        }
        return Cloze(text=text, gaps=gaps.gaps, feedback=self.general(), **common)

    def words(self) -> Item:
        """A text with words to be chosen or dragged: each `[[n]]` takes the n-th of the list."""
        options = [
            ((node.findtext("text") or "").strip(), (node.findtext("group") or "1").strip())
            for name in ("selectoption", "dragbox")
            for node in self.node.iterfind(name)
        ]
        node = self.node.find("questiontext")
        used: list[int] = []

        def mark(place: re.Match[str]) -> str:
            number = int(place[1])
            if not 1 <= number <= len(options):
                raise Refused(f"`{place[0]}` names a word that is not there.")
            used.append(number)
            if len(used) * len(options) > _MOST_CHOICES:
                raise Refused("it has more words to choose from than any question.")
            return gap_mark(f"gap{len(used)}")

        source = _PLACE.sub(mark, self.source.raw(node))
        if not used:
            raise Refused("its text has no gap.")
        common = self.common(stem=NO_TEXT)
        share = common["points"] / len(used)
        gaps = []
        for place, number in enumerate(used, 1):
            word, group = options[number - 1]
            rows = dict.fromkeys(text for text, other in options if other == group and text)
            choices = tuple(Choice(text=menu(text), correct=text == word) for text in rows)
            gaps.append(ChoiceGap(name=f"gap{place}", choices=choices, points=share))
        text = self.source.text(node, source)
        shuffle = self.source.flag("shuffleanswers")
        common["shuffle"] = shuffle
        return Cloze(text=text, gaps=tuple(gaps), feedback=self.feedback(), **common)


_READERS: dict[str, Callable[[QuestionReader], Item]] = {
    "multichoice": QuestionReader.choice,
    "truefalse": QuestionReader.true_false,
    "shortanswer": QuestionReader.short,
    "numerical": QuestionReader.numeric,
    "matching": QuestionReader.matching,
    "match": QuestionReader.matching,
    "ordering": QuestionReader.ordering,
    "essay": QuestionReader.essay,
    "description": QuestionReader.description,
    "cloze": QuestionReader.cloze,
    "multianswer": QuestionReader.cloze,
    "gapselect": QuestionReader.words,
    "ddwtos": QuestionReader.words,
}
