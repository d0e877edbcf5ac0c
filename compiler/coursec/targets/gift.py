"""GIFT for Moodle.

The recipe is the one that came back unchanged from a real Moodle: every text escaped and
on one line, `[html]` before every text that may carry a format, `[plain]` before typed
answers, explicit weights, no bare `~`. Rule numbers are those of Moodle's GIFT reader as
observed with Moodle 4.5.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import assert_never

from coursec.model.artifact import Artifact
from coursec.model.items import (
    Choice,
    ChoiceGap,
    Cloze,
    ClozeGap,
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
    labels,
)
from coursec.model.numbers import decimal_text
from coursec.model.quiz import Quiz, Section
from coursec.model.scoring import choice_weight, distinct_answers
from coursec.model.text import RichText
from coursec.targets.fractions import choice_percents, nearest_percent
from coursec.targets.naming import (
    data_uri,
    moodle_category,
    moodle_menu_entry,
    moodle_tag,
    moodle_title,
)
from coursec.text.html import HtmlWriter, words

_SPECIAL = str.maketrans(
    {
        "\\": "\\\\",
        ":": "\\:",
        "#": "\\#",
        "=": "\\=",
        "{": "\\{",
        "}": "\\}",
        "~": "\\~",
        "\n": "\\n",
        "\r": "",
    }
)
_PLACEHOLDER = re.compile(r"&&(?=[0-9]{3})")
_LAST_BACKSLASH = re.compile(r"\\(?=\]|\Z)")
_GAP_MARK = "\ue000gap\ue000"


def escape(text: str) -> str:
    """Escape a text for GIFT: Moodle's reader gives it back as it was (rules 9 and 10).

    HTML brings no `->`, which would make a matching question of any other (rule 28), and no
    `&&`, which begins Moodle's own placeholders (rule 12): both are entities there.
    """
    return text.translate(_SPECIAL)


def percent(weight: Decimal | Fraction) -> str:
    """Return a share from -1 to 1 as the nearest percentage that Moodle takes."""
    return decimal_text(nearest_percent(weight))


def emit(quiz: Quiz) -> list[Artifact]:
    """Emit `gift/<quiz>.gift.txt`."""
    blocks = list(_Writer(quiz).blocks())
    return [Artifact(f"gift/{quiz.id}.gift.txt", ("\n\n".join(blocks) + "\n").encode())]


class _Writer:
    def __init__(self, quiz: Quiz) -> None:
        self.quiz = quiz
        self.writer = HtmlWriter(data_uri, lambda name: _GAP_MARK)

    def blocks(self) -> Iterator[str]:
        for section in self.quiz.sections:
            yield f"$CATEGORY: {self.category(section)}"
            if section is self.quiz.sections[0] and self.quiz.instructions:
                yield self.block(self.quiz.title, self.html(self.quiz.instructions), "")
            for item in section.items:
                if (body := self.item(item)) is not None:
                    yield self.comment(item) + body

    def category(self, section: Section) -> str:
        """Rule 23: a slash inside a name is doubled, tags and blanks at the ends are cut."""
        names = [self.quiz.course.code, self.quiz.title]
        if len(self.quiz.sections) > 1 or section.pick:
            names.append(section.title or section.id)
        return "/".join(moodle_category(name) for name in names if name)

    def comment(self, item: Item) -> str:
        """Rules 20 to 22: id and tags in a comment right above the question."""
        marks = [f"[id:{item.id}]"]
        for tag in labels(item):
            # A backslash before the bracket that ends a tag would keep it open.
            safe = _LAST_BACKSLASH.sub("'", moodle_tag(tag)).replace("]", "\\]")
            marks.append(f"[tag:{safe}]")
        return "// " + " ".join(marks) + "\n"

    def block(self, name: str, stem: str, answers: str, rest: str = "") -> str:
        return f"::{escape(_apart(moodle_title(name)))}::[html]{stem}{answers}{rest}"

    def html(self, text: RichText) -> str:
        return escape(self.writer.text(text))

    def line(self, text: RichText) -> str:
        return escape(self.writer.line(text))

    def stem(self, item: Item, *more: str) -> str:
        """Return the question text: the stimulus, the stem, and what GIFT has no place for."""
        parts = []
        if stimulus := self.quiz.stimulus(item):
            parts.append(self.writer.text(stimulus.stem))
        parts.append(self.writer.text(item.stem))
        return escape("\n".join(part for part in (*parts, *more) if part))

    def feedback(self, text: RichText | None) -> str:
        return "" if text is None else f"#[html]{self.line(text)}"

    def general(self, item: Item) -> str:
        text = item.feedback.general
        return "" if text is None else f"####[html]{self.html(text)}"

    def item(self, item: Item) -> str | None:
        """Return an item's block without its comment; None when GIFT cannot say it."""
        if unsayable(item):
            return None
        match item:
            case SingleChoice():
                answers = self.single(item.choices)
            case MultipleChoice():
                answers = self.multiple(item)
            case TrueFalse():
                answers = self.true_false(item)
            case ShortAnswer():
                answers = "".join(self.typed(item.answers))
            case Numeric():
                unit = f"<p>[{words(item.unit)}]</p>" if item.unit else ""
                answers = "#" + "".join(self.numbers(item.answers))
                return self.question(item, self.stem(item, unit), answers)
            case Matching():
                answers = self.matching(item)
            case Ordering():
                return self.ordering(item)
            case Essay():
                return self.question(item, self.stem(item), "")
            case TextItem():
                return self.block(item.name, self.stem(item), "")
            case Cloze():
                return self.cloze(item)
            case FileUpload():
                raise AssertionError("left out above")
            case _:
                assert_never(item)
        return self.question(item, self.stem(item), answers)

    def question(self, item: Item, stem: str, answers: str) -> str:
        return self.block(item.name, stem, "{" + answers + self.general(item) + "}")

    def single(self, choices: Iterable[Choice]) -> str:
        """Rules 30 and 31: `=` for the right choice, a percentage for every other one."""
        out = []
        for choice in choices:
            mark = "=" if choice.correct else f"~%{percent(choice_weight(choice))}%"
            out.append(f"{mark}[html]{self.line(choice.text)}{self.feedback(choice.feedback)}")
        return "".join(out)

    def multiple(self, item: MultipleChoice) -> str:
        out = []
        for choice, weight in zip(item.choices, choice_percents(item), strict=True):
            out.append(
                f"~%{decimal_text(weight)}%[html]{self.line(choice.text)}"
                + self.feedback(choice.feedback)
            )
        return "".join(out)

    def true_false(self, item: TrueFalse) -> str:
        """Rule 27: the feedback of the wrong answer comes first."""
        right = item.feedback_true if item.answer else item.feedback_false
        wrong = item.feedback_false if item.answer else item.feedback_true
        out = "T" if item.answer else "F"
        if right or wrong:
            out += self.feedback(wrong) or "#"
        if right:
            out += self.feedback(right)
        return out

    def typed(self, answers: Sequence[TextAnswer]) -> Iterator[str]:
        """Rules 32, 40 and 41: plain text, a literal star escaped, the best answer first."""
        for answer in sorted(distinct_answers(answers), key=lambda a: -a.weight):
            text = escape(answer.text.replace("*", "\\*"))
            yield f"=%{percent(answer.weight)}%[plain]{text}{self.feedback(answer.feedback)}"

    def numbers(self, answers: Iterable[NumberAnswer]) -> Iterator[str]:
        """Rule 41: the first answer that fits wins, so the best and narrowest come first."""
        order = sorted(answers, key=lambda a: (-a.weight, a.high - a.low))
        for answer in order:
            if answer.value is None:
                number = f"{decimal_text(answer.low)}..{decimal_text(answer.high)}"
            else:
                number = f"{decimal_text(answer.value)}:{decimal_text(answer.tolerance or 0)}"
            yield f"=%{percent(answer.weight)}%{number}{self.feedback(answer.feedback)}"

    def matching(self, item: Matching) -> str:
        """Rules 28, 29 and 42: responses are plain text; `->` in a premise is an entity."""
        rows = [
            f"=[html]{self.line(pair.premise)} -> {_menu(pair.response)}" for pair in item.pairs
        ]
        rows += [f"= -> {_menu(distractor)}" for distractor in item.distractors]
        return "".join(rows)

    def ordering(self, item: Ordering) -> str:
        """Rule 44: all six keywords, one raw line an entry, and no general feedback before.

        Entries are not unescaped by Moodle: only the backslash is, and braces are entities.
        """
        head = f">{len(item.sequence)} ALL VERTICAL ABSOLUTE_POSITION SHOW none"
        lines = [_raw_entry(self.writer.line(entry)) for entry in item.sequence]
        general = self.general(item)
        body = "\n".join([head, *lines])
        return self.block(item.name, self.stem(item), "{" + body + "\n" + general + "}")

    def cloze(self, item: Cloze) -> str:
        """A cloze with one gap is GIFT's missing word."""
        text = self.stem(item, self.writer.text(item.text))
        before, _, after = text.partition(_GAP_MARK)
        answers = "{" + self.gap(item.gaps[0]) + self.general(item) + "}"
        return self.block(item.name, before, answers, after)

    def gap(self, gap: ClozeGap) -> str:
        match gap:
            case ChoiceGap():
                return self.single(gap.choices)
            case TextGap():
                return "".join(self.typed(gap.answers))
            case NumberGap():
                return "#" + "".join(self.numbers(gap.answers))
        assert_never(gap)


def unsayable(item: Item) -> str | None:
    """Return why GIFT cannot say an item at all; None when it can."""
    answers: tuple[TextAnswer, ...] = ()
    match item:
        case FileUpload():
            return "GIFT has no question that takes files"
        case Cloze() if len(item.gaps) > 1:
            return "GIFT has no question with several gaps"
        case Cloze(gaps=(TextGap() as gap,)):
            answers = gap.answers
        case ShortAnswer():
            answers = item.answers
        case _:
            pass
    if any("->" in answer.text or _PLACEHOLDER.search(answer.text) for answer in answers):
        return "GIFT cannot write an arrow `->` in a typed answer"
    return None


def _menu(text: RichText) -> str:
    return escape(_apart(moodle_menu_entry(text)))


def _apart(text: str) -> str:
    """Rule 12: Moodle's own placeholders in a text that is no HTML are kept apart by a blank."""
    return _PLACEHOLDER.sub("& &", text)


def _raw_entry(html: str) -> str:
    line = html.replace("\n", "&#10;").replace("####", "###&#35;").replace("\\", "\\\\")
    line = line.replace("{", "&lbrace;").replace("}", "&rbrace;")
    # A line of a bare 0 ends the question (rule 2), one that begins with // is lost (rule 7).
    return f"&#{ord(line[0])};{line[1:]}" if line == "0" or line.startswith("//") else line
