"""What a target loses is said; what it carries is not warned of."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from coursec.diagnostics import Diagnostics
from coursec.model.items import Cloze, ShortAnswer, SingleChoice, TextAnswer
from coursec.model.quiz import Quiz
from coursec.model.text import plain
from coursec.targets import TARGETS
from coursec.targets.capability import (
    NAMES,
    Carry,
    left_out,
    report_losses,
    support,
)
from coursec.targets.features import FEATURES, QUIZ_FEATURES
from courses import quiz_of, read

SINK = Path(__file__).parents[1] / "golden/course"


@pytest.fixture(scope="module")
def sink_quiz() -> Quiz:
    return read(SINK)[1][0]


def losses(quiz: Quiz, target: str) -> list[str]:
    sink = Diagnostics()
    report_losses(quiz, target, sink)
    return [f"{d.code} {d.message}" for d in sink]


@pytest.mark.parametrize("key", FEATURES)
def test_the_golden_course_uses_every_feature(sink_quiz: Quiz, key: str) -> None:
    assert any(FEATURES[key].used(item, sink_quiz) for item in sink_quiz.items)


@pytest.mark.parametrize("target", TARGETS)
def test_exactly_what_a_target_loses_is_warned_of(sink_quiz: Quiz, target: str) -> None:
    said = losses(sink_quiz, target)
    kept = [item for item in sink_quiz.items if not left_out(target, item)]
    for key, feature in FEATURES.items():
        lost = support(target, key).carry is Carry.LOST
        ids = [item.id for item in kept if feature.used(item, sink_quiz)]
        warned = [text for text in said if f"cannot carry {feature.title}:" in text]
        assert bool(warned) is (lost and bool(ids)), key
        for text in warned:
            assert NAMES[target] in text
            assert "quiz `sink`" in text
            more = re.search(r" and (\d+) more\.", text)
            named = sum(f"`{name}`" in text for name in ids)
            assert named + (int(more[1]) if more else 0) == len(ids)
    for key, row in QUIZ_FEATURES.items():
        lost = support(target, key).carry is Carry.LOST
        warned = [text for text in said if f"cannot carry {row.title}:" in text]
        assert bool(warned) is (lost and row.used(sink_quiz)), key
    named = [text for text in said if text.startswith("W602")]
    for item in sink_quiz.items:
        assert any(f"`{item.id}`" in text for text in named) is bool(left_out(target, item))


def test_items_that_gift_cannot_say_are_named_once_a_reason(sink_quiz: Quiz) -> None:
    assert [text for text in losses(sink_quiz, "gift") if text.startswith("W602")] == [
        "W602 GIFT leaves out `sink-cloze`, `sink-drop-downs` of quiz `sink`: "
        "GIFT has no question with several gaps.",
        "W602 GIFT leaves out `sink-upload` of quiz `sink`: GIFT has no question that takes files.",
    ]


def test_an_arrow_in_a_typed_answer_is_left_out_not_mangled() -> None:
    item = ShortAnswer(id="a", stem=plain("Say."), answers=(TextAnswer(text="x -> y"),))
    (said,) = losses(quiz_of(item), "gift")
    assert said.startswith("W602 GIFT leaves out `a` of quiz `quiz`: GIFT cannot write an arrow")


def test_a_plain_item_loses_nothing_anywhere(sink_quiz: Quiz) -> None:
    item = next(i for i in sink_quiz.items if i.id == "sink-in-place")
    assert isinstance(item, SingleChoice)
    assert not isinstance(item, Cloze)
    for target in TARGETS:
        assert losses(quiz_of(item), target) == []
