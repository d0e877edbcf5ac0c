"""Aiken by anyone: what Moodle takes, what people write, and what no reader should trust."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursec.diagnostics import Diagnostics
from coursec.model.items import Choice, Feedback, Item, MultipleChoice, SingleChoice
from coursec.model.text import LineBreak, Math, Paragraph, RichText, Text, plain
from coursec.readers.aiken import read


def reading(source: str) -> tuple[tuple[Item, ...], list[tuple[str, int]]]:
    sink = Diagnostics()
    (found,) = read("bank.txt", source.encode(), sink)
    return found.items, [(d.code, d.span.line) for d in sink]


def items(source: str) -> tuple[Item, ...]:
    found, said = reading(source)
    assert said == []
    return found


def left_out(source: str) -> str:
    sink = Diagnostics()
    (found,) = read("bank.txt", source.encode(), sink)
    assert found.items == ()
    (message,) = (d.message for d in sink if d.code == "W706")
    return message


def choice(*texts: str, key: int, stem: str = "Q") -> SingleChoice:
    choices = (Choice(text=plain(t), correct=n == key) for n, t in enumerate(texts))
    return SingleChoice(id="", stem=plain(stem), choices=tuple(choices))


def test_questions_choices_and_keys() -> None:
    found = items("Q\nA. one\nB) two\nC.three\nANSWER: B\n\n\nQ\n A)  x  \n\n B) y\nANSWER:A")
    assert found == (choice("one", "two", "three", key=1), choice("x", "y", key=0))
    assert [item.span and item.span.line for item in found] == [1, 8]


@pytest.mark.parametrize("key", ["b", "B.", "B) two", "B because", "B  "])
def test_ways_to_write_the_key(key: str) -> None:
    assert items(f"Q\na) one\nb) two\nAnswer: {key}\n") == (choice("one", "two", key=1),)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(end: str) -> None:
    assert items(end.join(["Q", "A) one", "B) two", "ANSWER: A", ""])) == (
        choice("one", "two", key=0),
    )


def test_markup_is_text_and_formulas_are_formulas() -> None:
    (item,) = items("Is <b> & &lt; bold?\nA) \\(x\\)\nB) *y*\nANSWER: B")
    assert isinstance(item, SingleChoice)
    assert item.stem == plain("Is <b> & &lt; bold?")
    assert item.choices[0].text == RichText((Paragraph((Math("x"),)),))
    assert item.choices[1].text == plain("*y*")


def test_several_lines_of_a_question_are_kept_and_said() -> None:
    (item,), said = reading("One\ntwo\n\nthree\nA) x\nmore\nB) y\nANSWER: B")
    assert said == [("W708", 1)]
    lines = Paragraph((Text("One"), LineBreak(), Text("two")))
    assert item.stem == RichText((lines, *plain("three").blocks))
    assert isinstance(item, SingleChoice)
    assert item.choices[0].text == RichText((Paragraph((Text("x"), LineBreak(), Text("more"))),))


def test_several_letters_are_several_right_choices_and_that_is_said() -> None:
    (item,), said = reading("Q\nA) x\nB) y\nC) z\nANSWER: A, c")
    assert said == [("W708", 1)]
    assert isinstance(item, MultipleChoice)
    assert [c.correct for c in item.choices] == [True, False, True]


def test_letters_in_a_text_begin_no_choice() -> None:
    (item,) = items("A.I. is what?\nA) x\nB) e.g. y\nANSWER: A")
    assert item.stem == plain("A.I. is what?")
    assert len(item.choices) == 2  # type: ignore[union-attr]


def test_what_stands_behind_the_key() -> None:
    source = "Q\nA) x\nB) y\nANSWER: A\nFEEDBACK: Because.\nSCORE: 2.5\nQ\nA) x\nB) y\nANSWER: B"
    first, second = items(source)
    assert first.feedback == Feedback(general=plain("Because."))
    assert first.points == Decimal("2.5")
    assert second == choice("x", "y", key=1)


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("Q\nA) x\nB) y", "no line `ANSWER:`"),
        ("Just text", "no line `ANSWER:`"),
        ("Q\nA) x\nANSWER: A", "fewer than two choices"),
        ("Q\nA) x\nB)\nANSWER: A", "fewer than two choices"),
        ("Q\nA) x\nB) y\nC)\nANSWER: C", "no choice C"),
        ("Q\nA) x\nB) y\nANSWER: D", "no choice D"),
        ("Q\nA) x\nB) y\nANSWER:", "names no choice"),
        ("Q\nA) x\nB) y\nANSWER: yes", "names no choice"),
        ("A) x\nB) y\nANSWER: A", "fewer than two choices"),
    ],
)
def test_what_is_broken_is_left_out(source: str, why: str) -> None:
    assert why in left_out(source)


def test_a_forgotten_key_costs_one_question() -> None:
    for gap in ("\n\n", "\n"):
        found, said = reading(f"Lost\nA) x\nB) y{gap}Q\nA) x\nB) y\nANSWER: B")
        assert found == (choice("x", "y", key=1),)
        assert said == [("W706", 1)]


def test_an_empty_file_has_no_sections() -> None:
    sink = Diagnostics()
    (found,) = read("bank.txt", b"", sink)
    assert found.sections == ()
    assert not list(sink)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32-le", "latin-1"])
def test_other_encodings_are_refused(encoding: str) -> None:
    sink = Diagnostics()
    assert read("bank.txt", "Größe\nA) x".encode(encoding), sink) == []
    assert [d.code for d in sink] == ["E701"]


@pytest.mark.parametrize(
    "unit", ["A) x\n", "Q\n", "ANSWER: A\n", "Q\nA) x\nB) y\n", "A", "ANSWER: A, ", "\n", "A. "]
)
def test_a_long_file_is_read_in_time(unit: str) -> None:
    start = time.process_time()
    reading(unit * (300_000 // len(unit)))
    assert time.process_time() - start < 5


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["Q", "A) x", "B. y", "C)", "ANSWER: A", "ANSWER: b, c", "", "\x01", "SCORE: x"]
        )
    ).map("\n".join)
)
def test_any_file_is_read_or_refused(source: str) -> None:
    found, _ = reading(source)
    for item in found:
        assert isinstance(item, SingleChoice | MultipleChoice)
        assert any(choice.correct for choice in item.choices)
        assert len(item.choices) > 1
        assert item.span is not None
