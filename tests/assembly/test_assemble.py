"""Which items a quiz holds: globs, pools, stimuli, draws and options."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursec.assembly.draw import disorder, permutation, sample
from coursec.model.quiz import Quiz, points_of
from courses import read, write_course

BANK = """items:
  - {id: a1, type: true_false, stem: A1, answer: true, tags: [x], bloom: apply, difficulty: 0.2}
  - {id: a2, type: true_false, stem: A2, answer: true, tags: [x, y], outcomes: [O1]}
  - {id: a3, type: true_false, stem: A3, answer: true, tags: [y], source: [l#one], points: 3}
  - {id: b1, type: numeric, stem: B1, answer: 1, tags: [x], difficulty: 0.8, source: [l#two]}
  - {id: b2, type: numeric, stem: B2, answer: 1, status: draft, tags: [x]}
  - {id: t1, type: text, stem: T1, tags: [x]}
  - {id: s1, type: true_false, stem: S1, answer: true, stimulus: t1}
"""
LECTURE = "---\ntitle: L\n---\n\n## One\n\nx\n\n## Two\n\ny\n"


def assembled(folder: Path, sections: str, options: str = "") -> Quiz:
    quiz = f"quiz: q\ntitle: Quiz\n{options}sections:\n{sections}"
    files: dict[str, str | bytes] = {
        "items/bank.yaml": BANK,
        "lectures/l.md": LECTURE,
        "quizzes/q.yaml": quiz,
    }
    _, quizzes, sink = read(write_course(folder, files))
    assert not [d for d in sink if d.severity.value == "error"]
    return quizzes[0]


def ids(quiz: Quiz) -> list[list[str]]:
    return [[item.id for item in section.items] for section in quiz.sections]


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ("tags: [x]", ["a1", "a2", "b1"]),
        ("tags: x", ["a1", "a2", "b1"]),
        ("tags: [x, y]", ["a1", "a2", "a3", "b1"]),
        ("tags: [y], type: true_false", ["a2", "a3"]),
        ("outcomes: [O1]", ["a2"]),
        ("bloom: [apply, analyze]", ["a1"]),
        ("type: [numeric]", ["b1"]),
        ("items: ['a*', b1]", ["a1", "a2", "a3", "b1"]),
        ("source: [l]", ["a3", "b1"]),
        ("source: ['l#two']", ["b1"]),
        ("difficulty: [0, 0.2]", ["a1"]),
        ("difficulty: [0.2, 1], tags: [x]", ["a1", "b1"]),
    ],
)
def test_every_condition_must_hold_and_any_value_of_it_will_do(
    tmp_path: Path, conditions: str, expected: list[str]
) -> None:
    quiz = assembled(tmp_path, f"  - from: {{{conditions}}}\n")
    assert ids(quiz) == [expected]
    assert quiz.sections[0].pick is None


def test_a_glob_brings_in_what_the_quiz_does_not_hold(tmp_path: Path) -> None:
    quiz = assembled(tmp_path, '  - items: ["a*"]\n  - items: [a2, "b*"]\n  - items: ["?1"]\n')
    assert ids(quiz) == [["a1", "a3"], ["a2", "b1"], ["s1"]]


def test_a_pool_draws_nothing_that_stands_elsewhere(tmp_path: Path) -> None:
    quiz = assembled(
        tmp_path,
        "  - {pick: 1, from: {tags: [x]}}\n  - items: [a1]\n  - from: {tags: [x, y]}\n",
    )
    assert ids(quiz) == [["a2", "b1"], ["a1"], ["a3"]]


def test_drawing_all_is_not_drawing(tmp_path: Path) -> None:
    quiz = assembled(tmp_path, "  - {pick: 2, items: [a1, a2]}\n")
    assert quiz.sections[0].pick is None


def test_a_pool_counts_the_mean_of_its_points(tmp_path: Path) -> None:
    quiz = assembled(tmp_path, "  - {pick: 2, items: [a1, a2, a3, b1]}\n")
    assert points_of(quiz.sections[0]) == 3


def test_a_stimulus_comes_with_its_items_and_stands_once(tmp_path: Path) -> None:
    quiz = assembled(tmp_path, "  - items: [t1, s1]\n")
    assert ids(quiz) == [["s1"]]
    stimulus = quiz.stimulus(quiz.items[0])
    assert stimulus is not None
    assert stimulus.id == "t1"


def test_options_are_what_was_written(tmp_path: Path) -> None:
    quiz = assembled(
        tmp_path,
        "  - items: [a1]\n",
        "time_limit: 1 h 30 min\nattempts: unlimited\nshuffle: {items: true}\n"
        "print: {paper: letter, variants: 3, seed: 9, answer_space: false}\n",
    )
    assert (quiz.time_limit, quiz.attempts) == (90, 0)
    assert (quiz.shuffle_items, quiz.shuffle_choices) == (True, False)
    assert (quiz.print.paper, quiz.print.variants) == ("letter", 3)
    assert (quiz.print.seed, quiz.print.answer_space) == (9, False)


@given(st.integers(0, 50), st.text())
def test_a_permutation_holds_each_number_once(count: int, key: str) -> None:
    assert sorted(permutation(count, key)) == list(range(count))
    assert permutation(count, key) == permutation(count, key)


@given(st.integers(2, 20), st.text())
def test_what_is_to_be_ordered_is_never_shown_in_order(count: int, key: str) -> None:
    assert disorder(count, key) != tuple(range(count))


@given(st.lists(st.text("abc", min_size=1), unique=True, min_size=2, max_size=12), st.data())
def test_a_larger_pool_moves_no_other_draw(names: list[str], data: st.DataObject) -> None:
    count = data.draw(st.integers(1, len(names) - 1))
    drawn = {names[i] for i in sample(names[:-1], min(count, len(names) - 1), "key")}
    again = {names[i] for i in sample(names, min(count, len(names) - 1), "key")}
    assert len(drawn) == min(count, len(names) - 1)
    assert drawn - again <= drawn
    assert len(again - drawn) <= 1
