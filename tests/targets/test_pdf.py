"""What students read on the paper and markers in the key, type by type."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from coursec.model.items import Item
from coursec.model.quiz import Course, PrintOptions, Quiz, Section
from coursec.model.text import plain
from coursec.resources import schemas
from coursec.targets.pdf import PAPERS, emit, typeset
from courses import COURSE, read, read_items, write_course
from courses import quiz_of as quiz
from pdf_reader import key_text, pages, paper_text, pdfs, text, wide

GOLDEN = Path(__file__).parents[1] / "golden/course"


@pytest.fixture
def item(tmp_path: Path):
    """Read one item from the fields of its YAML."""

    def read_one(fields: str) -> Item:
        lines = "\n".join(f"    {line}" for line in fields.strip().splitlines())
        return read_items(tmp_path, f"items:\n  -\n{lines}\n")[0]

    return read_one


CHOICES = """
id: pick-one
type: single_choice
title: Secret title
stem: Which *one*?
points: 2.5
choices:
  - {text: right one, correct: true, feedback: So it is.}
  - {text: half right, weight: 0.5}
  - {text: wrong one, weight: -0.25, feedback: Far off.}
"""


def test_single_choice(item) -> None:
    one = quiz(item(CHOICES))
    assert "Question 1 (2.5 points) Which one? A. right one B. half right C. wrong" in paper_text(
        one
    )
    key = key_text(one)
    assert "Question 1 · Secret title (2.5 points) Answer A. right one" in key
    assert "Shares B 50%, C −25%" in key
    assert "Feedback if A So it is. Feedback if C Far off. pick-one" in key


def test_the_paper_keeps_what_is_for_markers(item) -> None:
    secrets = """
id: secret-id
type: essay
title: Secret title
stem: Write.
hints: [Secret hint]
tags: [secret-tag]
outcomes: [secret-outcome]
bloom: create
difficulty: 0.25
feedback:
  {general: Secret general, correct: Secret right, partial: Secret part, incorrect: Secret no}
sample_answer: Secret answer
notes: Never told
rubric:
  - {criterion: Secret criterion, points: 1, levels: [{label: Secret level, description: why}]}
"""
    papers = pdfs(quiz(item(secrets)))
    paper, key = text(papers["quiz.pdf"]), text(papers["quiz-key.pdf"])
    assert "secret" not in paper.lower()
    assert "Bloom" not in paper
    assert "Never told" not in paper + key
    for told in (
        "Hint Secret hint", "Feedback Secret general", "Feedback if right Secret right",
        "Feedback if partly right Secret part", "Feedback if wrong Secret no",
        "Sample answer Secret answer", "Criterion Points Levels Secret criterion 1 Secret level",
        "level: why", "secret-id · Outcomes: secret-outcome · Bloom: create · Difficulty: 0.25",
        "Tags: secret-tag",
    ):  # fmt: skip
        assert told in key


@pytest.mark.parametrize(
    ("scoring", "rule"),
    [("partial", "each wrong one costs as much"), ("all_or_nothing", "All or nothing.")],
)
def test_multiple_choice(item, scoring: str, rule: str) -> None:
    one = quiz(
        item(f"""
id: some
type: multiple_choice
scoring: {scoring}
stem: Which?
choices: [{{text: first, correct: true}}, second, {{text: third, correct: true}}]
""")
    )
    assert "Which? Mark all that apply. A. first B. second C. third" in paper_text(one)
    assert "Answer A, C A. first C. third" in key_text(one)
    assert rule in key_text(one)


def test_true_false(item) -> None:
    one = quiz(
        item("id: t\ntype: true_false\nstem: So?\nanswer: false\nfeedback_true: No, because.")
    )
    assert "So? True False" in paper_text(one)
    assert "Answer False Feedback if True No, because." in key_text(one)


def test_short_answer(item) -> None:
    one = quiz(
        item("""
id: s
type: short_answer
stem: Name it.
case_sensitive: true
answers: [BPE, {text: digram coding, weight: 0.5, feedback: An older name.}]
""")
    )
    assert "Name it. Answer" in paper_text(one)
    assert "BPE" not in paper_text(one)
    key = key_text(one)
    assert "Accepted BPE or digram coding (50%) Capitals count." in key
    assert "Feedback if digram coding An older name." in key


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        ("answer: 3.14\ntolerance: 0.01", "Answer 3.14 ± 0.01 ms"),
        ("answer: 200\ntolerance: 5%", "Answer 200 ± 5% ms"),
        ("answer: -3", "Answer −3 ms"),
        ("range: [3.1, 3.2]", "Answer 3.1 – 3.2 ms"),
        ("answers: [{answer: 1}, {answer: 2, weight: 0.5}]", "Accepted 1 ms or 2 ms (50%)"),
    ],
)
def test_numeric(item, answer: str, shown: str) -> None:
    one = quiz(item(f"id: n\ntype: numeric\nstem: How long?\nunit: ms\n{answer}"))
    assert "How long? Answer ms" in paper_text(one)
    assert shown in key_text(one)


def test_matching(item) -> None:
    match = item("""
id: m
type: matching
stem: Match.
pairs: [{premise: p1, response: r1}, {premise: p2, response: r2}, {premise: p3, response: r2}]
distractors: [r0]
""")
    one = quiz(match)
    paper = paper_text(one)
    assert all(word in paper for word in ("1. p1", "2. p2", "3. p3"))
    letters = {r: paper.split(f". {r}")[0][-1] for r in ("r0", "r1", "r2")}
    assert sorted(letters.values()) == ["A", "B", "C"]
    shown = f"1. {letters['r1']}. r1 2. {letters['r2']}. r2 3. {letters['r2']}. r2"
    assert shown in key_text(one)


@pytest.mark.parametrize("seed", range(4))
def test_ordering_never_shows_the_right_order(item, seed: int) -> None:
    order = item("id: o\ntype: ordering\nstem: Order.\nsequence: [e1, e2]")
    one = quiz(order, print=PrintOptions(seed=seed))
    assert "A. e2 B. e1" in paper_text(one)
    assert "Right order B, A 1. e1 2. e2" in key_text(one)


CLOZE = """
id: c
type: cloze
stem: Fill in.
text: The {{drop}} eats {{typed}} of {{number}} g.
gaps:
  drop: {choices: [{text: cat, correct: true}, {text: dog, feedback: Not dogs.}], points: 2}
  typed: {answers: [fish, mice]}
  number: {answer: 40, tolerance: 5}
"""


def test_cloze(item) -> None:
    one = quiz(item(CLOZE))
    paper = paper_text(one)
    assert "Fill in. The (1) eats (2) of (3) g. Write the letter" in paper
    assert "(1) A. cat B. dog" in paper
    assert "fish" not in paper
    key = key_text(one)
    assert "(1) Answer A. cat 2 points Feedback if B Not dogs." in key
    assert "(2) Accepted fish or mice 1 point (3) Answer 40 ± 5 1 point" in key


def test_a_typed_gap_does_not_tell_how_long_its_answer_is(item) -> None:
    gap = "id: c\ntype: cloze\ntext: A {{{{a}}}}.\ngaps: {{a: {{answers: [{}]}}}}"
    short, same, long = (
        emit(quiz(item(gap.format(word))))[0].source for word in ("ab", "abcdefg", "a" * 30)
    )
    assert short == same
    assert short != long


def test_essay_and_upload(item) -> None:
    essay = item("""
id: e
type: essay
stem: Discuss.
min_words: 50
max_words: 100
template: Dear reader,
""")
    upload = item("id: u\ntype: file_upload\nstem: Hand in.\naccept: [.py, .pdf]\nmax_files: 2")
    paper = paper_text(quiz(essay, upload))
    assert "Discuss. Write 50 to 100 words. Your answer begins as follows. Dear reader," in paper
    assert "Hand in up to 2 files electronically. Accepted types: .py, .pdf." in paper
    assert key_text(quiz(essay, upload)).count("Marked by hand.") == 2


def test_answer_space_can_be_left_out(item) -> None:
    essay, choice = item("id: e\ntype: essay\nstem: Discuss.\nlines: 9"), item(CHOICES)
    spacious = emit(quiz(essay, choice))[0].source
    bare = emit(quiz(essay, choice, print=PrintOptions(answer_space=False)))[0].source
    assert "#ruled(9)" in spacious
    assert "#rings(" in spacious
    assert "#ruled(" not in bare.partition("#masthead(course")[2]
    assert "A. right one" in text(
        typeset(emit(quiz(choice, print=PrintOptions(answer_space=False)))[0])
    )


def test_the_head_says_what_the_paper_is(item) -> None:
    one = quiz(
        item(CHOICES),
        title="Week 4: tokens",
        instructions=plain("Closed book."),
        time_limit=45,
        course=Course(code="CS 336", title="Language models"),
    )
    first = pages(typeset(emit(one)[0]))[0]
    assert first.startswith(
        "CS 336 · Language models Week 4: tokens 1 question · 2.5 points · 45 minutes "
        "Name Student ID Date Closed book. Question 1"
    )
    assert first.endswith("CS 336 · Week 4: tokens Page 1 of 1")
    key = key_text(one)
    assert key.startswith("CS 336 · Language models Answer key Week 4: tokens Answer key")
    assert "Total 2.5 points CS 336 · Week 4: tokens Answer key Page 1 of 1" in key


def test_sections_have_titles_and_numbers_run_on(item) -> None:
    first, second = item(CHOICES), item("id: t\ntype: true_false\nstem: So?\nanswer: true")
    sections = (
        Section(id="a", title="Part <one>", items=(first,)),
        Section(id="b", title="Part two", items=(second,)),
    )
    paper = paper_text(quiz(sections=sections))
    assert "Part <one> Question 1" in paper
    assert "Part two Question 2" in paper


def test_german_papers_have_german_words_and_commas(item) -> None:
    german = Course(code="K", title="Kurs", language="de-CH")
    one = quiz(item(CHOICES), course=german)
    assert "1 Aufgabe · 2,5 Punkte Name Matrikelnummer Datum Aufgabe 1 (2,5 Punkte)" in paper_text(
        one
    )
    key = key_text(one)
    assert "Lösungsschlüssel" in key
    assert "Anteile B 50\u00a0%" in key.replace("50 %", "50\u00a0%")
    assert "Question 1" in paper_text(
        quiz(item(CHOICES), course=Course(code="K", title="K", language="fr"))
    )


@pytest.mark.parametrize("paper", sorted(PAPERS))
def test_papers_have_their_size(item, paper: str) -> None:
    _, width, height = PAPERS[paper]
    for pdf in pdfs(quiz(item(CHOICES), print=PrintOptions(paper=paper))).values():
        assert wide(pdf) == pytest.approx((width, height), abs=1)


def test_the_golden_course_is_all_there() -> None:
    _, [sink], diagnostics = read(GOLDEN)
    assert not diagnostics.errors
    papers = pdfs(sink)
    assert list(papers) == ["sink.pdf", "sink-key.pdf", "sink-b.pdf", "sink-b-key.pdf"]
    for name, version in (("sink", "A"), ("sink-b", "B")):
        for part in ("", "-key"):
            every = pages(papers[f"{name}{part}.pdf"])
            assert all(f"Version {version}" in page for page in every)
            assert all(f"Page {n} of {len(every)}" in page for n, page in enumerate(every, 1))
            numbers = [f"Question {n} " for n in range(1, 21)]
            assert all(number in " ".join(every) for number in numbers)
    paper = text(papers["sink.pdf"])
    for shown in (
        'x < y & z > 0, "quoted", \\(not math\\), $$ alone, C:\\new\\table, ~x~, {y}, a=b, #1 -> 2',
        "a link (https://example.org/a?b=1&c=2)", '# a comment: {~=#} return {"a": x}',
        "3. third a second paragraph 4. fourth", "A quote with code.", "left centre right plain",
        "%50%Wrong", "m/s²",
    ):  # fmt: skip
        assert shown in paper


def test_an_item_may_speak_another_language(tmp_path: Path) -> None:
    course = {
        "course.yaml": COURSE,
        "items/a.yaml": "items: [{id: a, type: true_false, stem: Ja?, answer: true, language: de}]",
        "quizzes/q.yaml": "quiz: q\ntitle: Q\nsections: [{items: [a]}]",
    }
    _, [one], _ = read(write_course(tmp_path, course))
    assert '#text(lang: "de", region: none)[Ja\\?]' in emit(one)[0].source


def test_points_are_those_of_the_questions_drawn(item) -> None:
    pool = tuple(
        item(f"id: t{n}\ntype: true_false\nstem: Stem{n}\nanswer: true\npoints: {n}")
        for n in (1, 2)
    )
    one = Quiz(
        id="q", title="Q", course=Course(code="C", title="C"),
        sections=(Section(id="s", title=None, items=pool, pick=1),),
    )  # fmt: skip
    paper = paper_text(one)
    drawn = 1 if "Stem1" in paper else 2
    assert f"1 question · {Decimal(drawn)} point" in paper
    assert f"Stem{3 - drawn}" not in paper


def test_papers_are_those_that_a_quiz_spec_may_name() -> None:
    schema = json.loads((schemas() / "quiz.schema.json").read_text("utf-8"))
    assert set(schema["properties"]["print"]["properties"]["paper"]["enum"]) == set(PAPERS)
