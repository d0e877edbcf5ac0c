"""Versions: what is drawn, in which order, and that the key always belongs to its paper."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from coursec.model.items import Choice, SingleChoice, TextItem, TrueFalse
from coursec.model.quiz import PrintOptions, Quiz, Section
from coursec.model.text import plain
from coursec.targets.pdf import emit
from coursec.targets.pdf.paper import _enumerated
from coursec.targets.pdf.sheet import Passage, Question, Sheet, letter, sheets
from courses import quiz_of as quiz
from courses import read, write_course
from pdf_reader import paper_text, pdfs, text


def choice(name: str, *texts: str, fixed: str = "", stimulus: str | None = None) -> SingleChoice:
    choices = tuple(
        Choice(text=plain(t), correct=t == texts[0], fixed=t in fixed.split()) for t in texts
    )
    return SingleChoice(id=name, stem=plain(f"Stem {name}"), choices=choices, stimulus=stimulus)


def question(name: str, stimulus: str | None = None) -> TrueFalse:
    return TrueFalse(id=name, stem=plain(name), answer=True, stimulus=stimulus)


def passage(name: str) -> TextItem:
    return TextItem(id=name, stem=plain(f"Passage {name}"))


def order(sheet: Sheet) -> list[str]:
    return [entry.item.id for part in sheet.parts for entry in part.entries]


def test_each_version_has_its_files_and_its_letter() -> None:
    one = quiz(question("q"), print=PrintOptions(variants=3))
    assert [paper.path for paper in emit(one)] == [
        "pdf/quiz.pdf", "pdf/quiz-key.pdf", "pdf/quiz-b.pdf", "pdf/quiz-b-key.pdf",
        "pdf/quiz-c.pdf", "pdf/quiz-c-key.pdf",
    ]  # fmt: skip
    assert "Version" not in paper_text(quiz(question("q")))


def test_more_versions_do_not_change_the_first() -> None:
    items = tuple(choice(f"i{n}", "a", "b", "c", "d") for n in range(5))
    one = quiz(*items, shuffle_choices=True, shuffle_items=True)
    many = replace(one, print=PrintOptions(variants=4))
    assert order(next(sheets(one))) == order(next(sheets(many)))
    assert len({tuple(order(sheet)) for sheet in sheets(many)}) > 1


@given(seed=st.integers(0, 10_000))
def test_the_key_marks_the_letter_that_the_paper_gives_the_right_text(seed: int) -> None:
    item = choice("i", "right", "w1", "w2", "last", fixed="last")
    one = quiz(item, shuffle_choices=True, print=PrintOptions(variants=3, seed=seed))
    papers = iter(emit(one))
    for paper, key in zip(papers, papers, strict=True):
        listed = re.search(r"#rings\((.*)\)\]\)$", paper.source, re.MULTILINE)
        assert listed
        texts = re.findall(r"\[(\w+)\]", listed[1])
        assert sorted(texts) == ["last", "right", "w1", "w2"]
        assert texts[-1] == "last"
        assert f"#strong[{letter(texts.index('right'))}\\.] right" in key.source


def test_choices_are_shuffled_only_where_asked() -> None:
    item = choice("i", *"abcdefgh")
    plain_order = [c.text for c in item.choices]
    for asked, own, moved in ((False, None, False), (True, None, True), (True, False, False),
                              (False, True, True)):  # fmt: skip
        one = quiz(replace(item, shuffle=own), shuffle_choices=asked)
        shown = next(sheets(one)).choices(one.items[0], item.choices)
        assert ([c.text for c in shown] != plain_order) is moved


@given(st.integers(0, 500), st.integers(1, 7))
def test_a_pool_gives_each_version_as_many_as_asked(seed: int, pick: int) -> None:
    pool = tuple(question(f"q{n}") for n in range(8))
    section = Section(id="s", title=None, items=pool, pick=pick)
    one = quiz(sections=(section,), print=PrintOptions(variants=2, seed=seed))
    for sheet in sheets(one):
        drawn = order(sheet)
        assert len(drawn) == pick
        assert drawn == sorted(drawn)  # In the author's order, as nothing is to be shuffled.
        assert [q.number for q in sheet.questions] == list(range(1, pick + 1))
        assert sheet.points == pick


@given(st.integers(0, 500))
def test_shuffling_keeps_a_stimulus_and_its_questions_together(seed: int) -> None:
    items = (passage("note"), question("a"), question("s1", "s"), question("b"),
             question("s2", "s"), question("c"))  # fmt: skip
    one = quiz(
        *items, stimuli={"s": passage("s")}, shuffle_items=True, print=PrintOptions(seed=seed)
    )
    drawn = order(next(sheets(one)))
    assert drawn[0] == "note"
    place = drawn.index("s")
    assert set(drawn[place + 1 : place + 3]) == {"s1", "s2"}
    assert sorted(drawn) == ["a", "b", "c", "note", "s", "s1", "s2"]


def test_a_stimulus_is_printed_once_and_referred_to_later() -> None:
    items = (question("q1", "s"), question("q2", "s"), question("q3"), question("q4", "s"))
    one = quiz(*items, stimuli={"s": passage("s")})
    entries = next(sheets(one)).parts[0].entries
    assert isinstance(entries[0], Passage)
    assert entries[0].questions == (1, 2, 4)
    assert [e.passage for e in entries if isinstance(e, Question)] == [None, None, None, (1, 1)]
    paper = paper_text(one)
    assert paper.count("Passage s") == 1
    assert "Text 1 (for questions 1, 2 and 4) Passage s Question 1" in paper
    assert "This question is about text 1, which stands before question 1. q4" in paper


def test_a_stimulus_that_stands_in_the_section_is_not_printed_again() -> None:
    text_item = passage("s")
    before = quiz(text_item, question("q1", "s"), stimuli={"s": text_item})
    after = quiz(question("q1", "s"), text_item, stimuli={"s": text_item})
    assert order(next(sheets(before))) == order(next(sheets(after))) == ["s", "q1"]


def test_runs_of_numbers_are_short() -> None:
    assert _enumerated((3,), "and") == "3"
    assert _enumerated((3, 4), "and") == "3 and 4"
    assert _enumerated((3, 4, 5, 8, 10), "and") == "3–5, 8 and 10"


def test_letters_go_on_after_z() -> None:
    assert [letter(n) for n in (0, 25, 26, 51, 52, 701, 702)] == [
        "A", "Z", "AA", "AZ", "BA", "ZZ", "AAA",
    ]  # fmt: skip


def test_a_seed_in_the_spec_draws_other_orders(tmp_path: Path) -> None:
    def built(seed: int) -> Quiz:
        files: dict[str, str | bytes] = {
            "items/a.yaml": "items: [{id: o, type: ordering, stem: O, sequence: [a, b, c, d, e]}]",
            "quizzes/q.yaml": "quiz: q\ntitle: Q\nsections: [{items: [o]}]\n"
            f"print: {{seed: {seed}}}\n",
        }
        return read(write_course(tmp_path, files))[1][0]

    assert len({paper_text(built(seed)) for seed in range(3)}) > 1
    assert pdfs(built(1)) == pdfs(built(1))
    assert text(pdfs(built(1))["q.pdf"])
