"""Cloze in Moodle XML: what Moodle finds in the text, by a scanner after what a real one did."""

from __future__ import annotations

import re
from decimal import Decimal
from html import unescape
from typing import NamedTuple

from hypothesis import given
from lxml import etree

from coursec.model.items import (
    Choice,
    ChoiceGap,
    Cloze,
    ClozeGap,
    NumberAnswer,
    NumberGap,
    TextAnswer,
    TextGap,
)
from coursec.model.text import Asset, Code, CodeBlock, Gap, Image, Math, Paragraph, RichText, plain
from coursec.model.text import Text as Words
from coursec.targets.moodle import emit
from courses import PNG, quiz_of
from gift_reader import html_text
from strategies import visible_texts

D = Decimal
DOT = Asset("media/dot.png", "image/png", PNG)
_HEAD = re.compile(r"\{([0-9]*):([A-Z_]+):")
_SHARE = re.compile(r"=|%(-?[0-9]+(?:\.[0-9]*)?)%")


class Answer(NamedTuple):
    share: float
    text: str
    feedback: str


class Found(NamedTuple):
    mark: str
    kind: str
    answers: list[Answer]


def scan(text: str) -> tuple[str, list[Found]]:
    """Return (the text with `{#n}` for each gap, the gaps), as Moodle finds them."""
    found: list[Found] = []
    while head := _HEAD.search(text):
        end = re.compile(r"(?<!\\)\}").search(text, head.end())
        assert end, "the gap does not end"
        parts = re.split(r"(?<!\\)~", text[head.end() : end.start()])
        found.append(Found(head[1], head[2], [_answer(part) for part in parts]))
        text = f"{text[: head.start()]}{{#{len(found)}}}{text[end.end() :]}"
    return text, found


def _answer(part: str) -> Answer:
    share = 0.0
    if match := _SHARE.match(part):
        share = 1.0 if match[1] is None else float(match[1]) / 100
        part = part[match.end() :]
    answer, *feedback = re.split(r"(?<!\\)(?<!&)(?<!&amp;)#", part, maxsplit=1)
    return Answer(share, _decoded(answer), _decoded(feedback[0]) if feedback else "")


def _decoded(text: str) -> str:
    """Entities first, then the backslash before two signs: in this order."""
    return unescape(text).replace("\\}", "}").replace("\\#", "#").strip(" \t\n\r\0\x0b")


def cloze(*gaps: ClozeGap, words: RichText | None = None, lead_in: str = "") -> Cloze:
    line = [part for gap in gaps for part in (Words(" "), Gap(gap.name))]
    blocks = words.blocks if words else ()
    return Cloze(
        id="a",
        stem=plain(lead_in),
        text=RichText((*blocks, Paragraph(tuple(line)))),
        points=sum((gap.points for gap in gaps), D(0)),
        gaps=gaps,
    )


def stem(item: Cloze) -> etree._Element:
    (artifact,) = emit(quiz_of(item))
    node = etree.fromstring(artifact.data).find("question[@type='cloze']/questiontext")
    assert node is not None
    return node


def found(item: Cloze) -> tuple[str, list[Found]]:
    return scan(stem(item).findtext("text") or "")


def menu(*texts: str, feedback: RichText | None = None, **fields: D) -> ChoiceGap:
    choices = tuple(
        Choice(text=plain(text), correct=not number, feedback=feedback)
        for number, text in enumerate(texts)
    )
    return ChoiceGap(name="menu", choices=choices, **fields)


def typed(*answers: TextAnswer, **fields: bool) -> TextGap:
    return TextGap(name="typed", answers=answers, **fields)


def trimmed(text: str) -> str:
    return text.strip(" \t\n\r\0\x0b")


@given(visible_texts, visible_texts, visible_texts, visible_texts)
def test_any_text_in_any_place_comes_back(lead: str, word: str, choice: str, feedback: str) -> None:
    words = " ".join(word.split())
    entry = " ".join(choice.split())
    item = cloze(
        menu(entry, "other", feedback=plain(feedback)),
        typed(TextAnswer(text=words, feedback=plain(feedback))),
        lead_in=lead,
    )
    text, (first, second) = found(item)
    assert html_text(text) == f"{lead}\n {{#1}} {{#2}}"
    assert (first.kind, second.kind) == ("MC", "SA")
    assert [trimmed(html_text(a.text)) for a in first.answers] == [trimmed(entry), "other"]
    assert trimmed(html_text(first.answers[0].feedback)) == trimmed(feedback)
    assert second.answers[0].text.replace("\\*", "*") == trimmed(words)
    assert trimmed(html_text(second.answers[0].feedback)) == trimmed(feedback)


def test_what_looks_like_a_gap_is_none() -> None:
    words = RichText(
        (
            Paragraph((Words("{1:SA:=trap} and {#1}"), Math(r"\frac{1}{2}"))),
            CodeBlock("{:MULTICHOICE:=a~b}"),
            Paragraph((Code("{2:NM:=4}"),)),
        )
    )
    text, gaps = found(cloze(menu("x", "y"), words=words, lead_in="{#1} {1:MC:=a~b}"))
    assert [gap.kind for gap in gaps] == ["MC"]
    assert text.count("{") == 1
    shown = html_text(text)
    assert shown.startswith("{#1} {1:MC:=a~b}\n{1:SA:=trap} and {#1}\\(\\frac{1}{2}\\)")
    assert "{:MULTICHOICE:=a~b}" in shown
    assert "{2:NM:=4}" in shown


def test_a_backslash_stays_before_the_signs_that_would_lose_it() -> None:
    feedback = RichText((Paragraph((Math(r"\{1\} \# 2"),)), CodeBlock("if {\n  x: ~y\n}")))
    item = cloze(menu("a", "b", feedback=feedback), typed(TextAnswer(text="a\\}b\\\\#c")))
    _, (first, second) = found(item)
    assert html_text(first.answers[0].feedback) == "\\(\\{1\\} \\# 2\\)\nif {\n  x: ~y\n}"
    assert second.answers[0].text == "a\\}b\\\\#c"


def test_shares_in_a_gap_need_not_be_in_moodles_list() -> None:
    choices = (
        Choice(text=plain("a"), correct=True),
        Choice(text=plain("b"), weight=D("0.37")),
        Choice(text=plain("c"), weight=D("-0.15")),
        Choice(text=plain("d")),
    )
    _, (gap,) = found(cloze(ChoiceGap(name="x", choices=choices)))
    assert [answer.share for answer in gap.answers] == [1, 0.37, -0.15, 0]


def test_the_best_and_narrowest_answer_comes_first() -> None:
    def around(value: str, margin: str, weight: str) -> NumberAnswer:
        low, high = D(value) - D(margin), D(value) + D(margin)
        return NumberAnswer(
            low=low, high=high, value=D(value), tolerance=D(margin), weight=D(weight)
        )

    answers = (around("10", "2", "0.5"), around("9.81", "0.5", "1"), around("9.81", "0.01", "1"))
    _, (gap,) = found(cloze(NumberGap(name="x", answers=answers)))
    texts = [answer.text for answer in gap.answers]
    assert gap.kind == "NM"
    assert texts == ["9.81:0.01", "9.81:0.5", "10:2"]
    between = NumberAnswer(low=D("-1.5e-3"), high=D(2))
    _, (gap,) = found(cloze(NumberGap(name="x", answers=(between,))))
    assert gap.answers[0].text == "0.99925:1.00075"


def test_capitals_count_where_the_author_says_so() -> None:
    _, (gap,) = found(cloze(typed(TextAnswer(text="NaN"), case_sensitive=True)))
    assert gap.kind == "SAC"


def test_an_image_in_the_feedback_of_a_gap_is_inside_it() -> None:
    """Moodle keeps no files for a gap; those of the text stand beside the text."""
    feedback = RichText((Paragraph((Image(DOT, "dot"),)),))
    item = cloze(menu("a", "b", feedback=feedback), words=RichText((Paragraph((Words("x"),)),)))
    node = stem(item)
    _, (gap,) = scan(node.findtext("text") or "")
    assert gap.answers[0].feedback.startswith('<img src="data:image/png;base64,')
    assert node.findall("file") == []
