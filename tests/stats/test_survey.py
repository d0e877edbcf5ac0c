"""What a blueprint counts, and what it calls a gap."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from coursec.diagnostics import Diagnostics
from coursec.model.items import Item, TextItem
from coursec.model.quiz import Bank, Course
from coursec.source.course import read_course
from coursec.stats.blueprint import Blueprint, Count, Table
from coursec.stats.survey import band, natural, survey
from courses import read, write_course
from itemstrategies import banks

COURSE = """\
course: T-1
title: Test
outcomes: {O1: count, O2: add, O10: divide}
"""
LECTURE = """\
---
title: Sums
---

After this lecture you can **O1** count and **O10** divide. (O1x is no outcome.)

## Agenda {.agenda}

## Counting {#count}

x

## Dividing {#divide}

y
"""
BANK = """\
items:
  - id: one
    type: true_false
    stem: One?
    answer: true
    outcomes: [O1, O2]
    bloom: apply
    difficulty: 0.3
    points: 2
    source: [l#count]
    tags: [a, b]
  - {id: two, type: true_false, stem: Two?, answer: true, outcomes: [O1], difficulty: 0.31}
  - {id: three, type: numeric, stem: Three?, answer: 3, tags: [pool], bloom: apply}
  - {id: four, type: numeric, stem: Four?, answer: 4, tags: [pool], difficulty: 0.71, points: 4}
  - {id: draft, type: numeric, stem: Five?, answer: 5, status: draft, outcomes: [O10]}
  - {id: old, type: numeric, stem: Six?, answer: 6, status: retired}
  - {id: text, type: text, stem: Read., status: draft}
  - {id: rests, type: numeric, stem: Seven?, answer: 7, stimulus: text}
"""
QUIZ = """\
quiz: q
title: Q
sections:
  - items: [one]
  - title: Drawn
    pick: 1
    from: {tags: [pool]}
draft:
  items: {numeric: 3, true_false: 1}
  bloom: [apply, create]
  lectures: [l]
"""
FILES: dict[str, str | bytes] = {
    "course.yaml": COURSE,
    "lectures/l.md": LECTURE,
    "items/a.yaml": BANK,
    "quizzes/q.yaml": QUIZ,
}


@pytest.fixture
def blueprint(tmp_path: Path) -> Blueprint:
    sink = Diagnostics()
    found = survey(read_course(write_course(tmp_path, FILES), sink))
    assert not sink.errors
    return found


def table(blueprint: Blueprint, name: str) -> Table:
    return next(table for table in blueprint.tables if table.name == name)


def counts(found: Table) -> dict[str, tuple[int, int, int, bool]]:
    return {
        row.name: (int(row.count.items), int(row.count.points), row.drafts, row.gap)
        for row in found.rows
    }


def test_approved_questions_count_and_drafts_stand_beside(blueprint: Blueprint) -> None:
    assert blueprint.count == Count(Fraction(4), Fraction(8))
    assert blueprint.texts == 0
    assert dict(blueprint.statuses) == {
        "approved": 4,
        "draft": 3,
        "retired": 1,
        "stale": 0,
    }
    assert counts(table(blueprint, "outcome")) == {
        "O1": (2, 3, 0, False),
        "O2": (1, 2, 0, False),
        "O10": (0, 0, 1, True),
        "": (2, 5, 1, False),
    }
    assert table(blueprint, "outcome").overlaps


def test_levels_bands_types_lectures_tags(blueprint: Blueprint) -> None:
    levels = counts(table(blueprint, "bloom"))
    assert levels["apply"] == (2, 3, 0, False)
    assert levels["create"] == (0, 0, 0, True)
    assert levels[""] == (2, 5, 2, False)
    assert counts(table(blueprint, "difficulty")) == {
        "easy": (1, 2, 0, False),
        "medium": (1, 1, 0, False),
        "hard": (1, 4, 0, False),
        "": (1, 1, 2, False),
    }
    assert list(counts(table(blueprint, "type"))) == ["true_false", "numeric"]
    assert counts(table(blueprint, "lecture"))["l"] == (1, 2, 0, False)
    assert list(counts(table(blueprint, "tag"))) == ["a", "b", "pool", ""]


def test_a_lecture_names_the_slides_that_nobody_asks_about(blueprint: Blueprint) -> None:
    (lecture,) = blueprint.lectures
    assert (lecture.slides, lecture.missing) == (2, (("l#divide", "Dividing"),))


def test_an_item_of_a_pool_counts_its_share(blueprint: Blueprint) -> None:
    (quiz,) = blueprint.quizzes
    assert quiz.count == Count(Fraction(2), Fraction(9, 2))
    rows = {row.name: (row.total, row.gap) for row in quiz.matrix.rows}
    assert rows == {
        "O1": (Count(Fraction(1), Fraction(2)), False),
        "O2": (Count(Fraction(1), Fraction(2)), False),
        "O10": (Count(), True),
        "": (Count(Fraction(1), Fraction(5, 2)), False),
    }
    assert quiz.matrix.columns[2] == Count(Fraction(3, 2), Fraction(5, 2))
    assert quiz.draws == ("1 of 2 are drawn in Drawn",)


def test_a_plan_counts_pools_in_full(blueprint: Blueprint) -> None:
    (quiz,) = blueprint.quizzes
    assert [(p.name, p.asked, p.there, p.met) for p in quiz.plan] == [
        ("numeric", 3, 2, False),
        ("true_false", 1, 1, True),
        ("apply", None, 2, True),
        ("create", None, 0, False),
    ]


def test_the_gaps_in_words(blueprint: Blueprint) -> None:
    levels = ("remember", "understand", "analyze", "evaluate", "create")
    assert [gap.message for gap in blueprint.gaps] == [
        "No question tests the outcome O10 (1 in draft).",
        *(f"No question is on the level {level}." for level in levels),
        "l: 1 of 2 slides has no question.",
        "q: no question tests the outcome O10.",
        "q: the plan asks for 3 numeric; 2 are there.",
        "q: the plan asks for the level create; no question has it.",
    ]


@pytest.mark.parametrize("status", ["approved", "draft"])
def test_an_assignment_is_listed_and_named_in_the_gap_that_it_fills(
    tmp_path: Path, status: str
) -> None:
    text = (
        f"---\ntitle: Work\npoints: 3\nstatus: {status}\noutcomes: [O10]\n---\n\nDo it.\n\n"
        "## First {#first points=3}\n\nCount.\n\n```python starter\ndef f(): ...\n```\n\n"
        "```python solution\ndef f(): return 1\n```\n"
    )
    sink = Diagnostics()
    files = {**FILES, "assignments/work.md": text}
    found = survey(read_course(write_course(tmp_path, files), sink))
    (work,) = found.assignments
    assert (work.title, work.status, work.tasks, work.points) == ("Work", status, 1, 3)
    does = "; the assignment work does" if status == "approved" else ""
    assert found.gaps[0].message == f"No question tests the outcome O10 (1 in draft){does}."


def test_a_course_without_a_list_of_outcomes_has_no_gaps_in_it(tmp_path: Path) -> None:
    course = "course: T-1\ntitle: Test\n"
    found = survey(
        read_course(write_course(tmp_path, {**FILES, "course.yaml": course}), Diagnostics())
    )
    assert [row.name for row in table(found, "outcome").rows] == ["O1", "O2", "O10", ""]
    assert not any("outcome" in gap.kind for gap in found.gaps)


def test_what_has_mistakes_is_said_and_not_counted(tmp_path: Path) -> None:
    bank = BANK.replace("answer: 3,", "answer: x,")
    quiz = QUIZ.replace("[one]", "[one, nope]")
    files = {**FILES, "items/a.yaml": bank, "quizzes/q.yaml": quiz}
    found = survey(read_course(write_course(tmp_path, files), Diagnostics()))
    assert found.left_out == 1
    assert not found.quizzes
    assert found.gaps[-1].message == "The quiz q has mistakes and is not counted."


def test_an_empty_course() -> None:
    bank = Bank(course=Course(code="", title=""), items={}, quizzes={}, lectures={})
    assert survey(bank).count == Count()


def test_names_are_sorted_as_people_count() -> None:
    assert sorted(["TE10", "TE2", "TE1", "10", "9", "a"], key=natural) == [
        "9", "10", "TE1", "TE2", "TE10", "a",
    ]  # fmt: skip
    assert band(None) == ""


@given(found=banks())
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_question_is_counted_once_where_it_has_one_value(found: list[Item]) -> None:
    bank = Bank(
        course=Course(code="", title=""),
        items={item.id: item for item in found},
        quizzes={},
        lectures={},
    )
    counted = survey(bank)
    asked = [i for i in found if i.status == "approved" and not isinstance(i, TextItem)]
    assert counted.count.points == sum((Fraction(i.points) for i in asked), Fraction(0))
    for one in counted.tables:
        total = sum((row.count.items for row in one.rows), Fraction(0))
        assert total == len(asked) or (one.overlaps and total > len(asked))
    assert counted.matrix.total == counted.count
    assert sum((c.items for c in counted.matrix.columns), Fraction(0)) == len(asked)


def test_an_item_whose_slide_has_changed_is_counted_as_stale(tmp_path: Path) -> None:
    item = (
        "  - id: ITEM\n    type: numeric\n    stem: Six?\n    answer: 6\n    status: STATUS\n"
        "    provenance: {evidence: [{slide: l#one, digest: 0123456789ab}]}\n"
    )
    bank = "".join(
        item.replace("ITEM", status).replace("STATUS", status)
        for status in ("approved", "draft", "retired")
    )
    lecture = "---\ntitle: L\n---\n\n## One\n\n- Six.\n"
    files = {"items/a.yaml": f"items:\n{bank}", "lectures/l.md": lecture}
    course, _, _ = read(write_course(tmp_path, files))
    assert dict(survey(course).statuses)["stale"] == 2
