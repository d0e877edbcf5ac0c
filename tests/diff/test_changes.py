"""What changed in a teacher's words: two texts of an item in, the changes out."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest

from coursec.diff.changes import CourseDiff
from coursec.diff.compare import compare
from coursec.diff.revisions import read_side
from coursec.diff.words import excerpt
from courses import PNG, write_course

SINGLE = """\
  - id: it
    type: single_choice
    stem: Which one?
    choices: [{text: A, correct: true}, B, C]
"""
NUMBER = """\
  - id: it
    type: numeric
    stem: How much is it?
    answer: 3.14
    tolerance: 0.01
"""
CLOZE = """\
  - id: it
    type: cloze
    text: "{{a}} and {{b}}"
    gaps:
      a: {answers: [one]}
      b: {choices: [{text: two, correct: true}, three]}
"""
MATCHING = """\
  - id: it
    type: matching
    stem: Match.
    pairs: [{premise: P, response: R}, {premise: Q, response: S}]
    distractors: [T]
"""
ESSAY = """\
  - id: it
    type: essay
    stem: Write.
    points: 4
    rubric: [{criterion: Argument, points: 3}, {criterion: Style, points: 1}]
"""

Row = tuple[str, str | None, str | None, str]


def between(tmp_path: Path, old: dict[str, str | bytes], new: dict[str, str | bytes]) -> CourseDiff:
    sides = [
        read_side(write_course(tmp_path / name, files)) for name, files in (("a", old), ("b", new))
    ]
    return compare(*sides)


def rows(diff: CourseDiff) -> list[Row]:
    (item,) = diff.items
    return [(change.what, change.old, change.new, change.effect) for change in item.changes]


CASES: dict[str, tuple[str, str, str, list[Row]]] = {
    "another key": (SINGLE, "{text: A, correct: true}, B", "A, {text: B, correct: true}", [
        ("key", "A", "B", "key"),
    ]),
    "key in other words": (SINGLE, "text: A", "text: All", [("key", "A", "All", "key")]),
    "distractor in other words": (SINGLE, "B, C", "B, D", [("distractor", "C", "D", "")]),
    "distractor added": (SINGLE, "B, C", "B, C, D", [("distractor", None, "D", "")]),
    "distractor removed": (SINGLE, ", B, C", ", B", [("distractor", "C", None, "")]),
    "choices in another order": (SINGLE, "B, C", "C, B", [
        ("order of choices", "A; B; C", "A; C; B", ""),
    ]),
    "weight": (SINGLE, "B, C", "{text: B, weight: 0.5}, C", [
        ("weight of choice “B”", None, "0.5", "score"),
    ]),
    "feedback of a choice": (SINGLE, "B, C", "{text: B, feedback: No.}, C", [
        ("feedback of choice “B”", None, "No.", ""),
    ]),
    "points": (SINGLE, "stem:", "points: 2\n    stem:", [("points", "1", "2", "score")]),
    "status": (SINGLE, "stem:", "status: draft\n    stem:", [("status", "approved", "draft", "")]),
    "outcomes": (SINGLE, "stem:", "outcomes: [O1, O2]\n    stem:", [
        ("outcomes", None, "O1, O2", ""),
    ]),
    "feedback": (SINGLE, "stem:", "feedback: {correct: Yes.}\n    stem:", [
        ("feedback for right responses", None, "Yes.", ""),
    ]),
    "shuffle": (SINGLE, "stem:", "shuffle: false\n    stem:", [
        ("shuffle", "as the quiz says", "no", ""),
    ]),
    "stress": (SINGLE, "Which one?", "Which *one*?", [("stem", "Which one?", "Which *one*?", "")]),
    "number": (NUMBER, "3.14", "3.15", [("answer", "3.14 ± 0.01", "3.15 ± 0.01", "key")]),
    "tolerance": (NUMBER, "0.01", "1%", [("tolerance", "± 0.01", "± 1%", "key")]),
    "no tolerance": (NUMBER, "    tolerance: 0.01\n", "", [("tolerance", "± 0.01", "none", "key")]),
    "gap": (CLOZE, "[one]", "[One]", [("answer of gap a", "one", "One", "key")]),
    "gap's points": (CLOZE, "[one]", "[one], points: 2", [
        ("points", "1", "3", "score"),
        ("points of gap a", "0.5", "2", "score"),
        ("points of gap b", "0.5", "1", "score"),
    ]),
    "gap's distractor": (CLOZE, "three", "four", [("distractor of gap b", "three", "four", "")]),
    "kind of a gap": (CLOZE, "{answers: [one]}", "{answer: 1}", [("gap a", "one", "1", "key")]),
    "response": (MATCHING, "response: R", "response: T2", [("key of “P”", "R", "T2", "key")]),
    "premise": (MATCHING, "premise: P", "premise: PP", [("premise", "P", "PP", "")]),
    "pair": (MATCHING, "{premise: Q", "{premise: X, response: Y}, {premise: Q", [
        ("pair", None, "X – Y", "key"),
    ]),
    "extra response": (MATCHING, "[T]", "[U]", [("distractor", "T", "U", "")]),
    "rubric": (ESSAY, "Style, points: 1", "Wit, points: 1", [("criterion", "Style", "Wit", "")]),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_change_has_its_words(name: str, tmp_path: Path) -> None:
    bank, before, after, expected = CASES[name]
    assert before in bank
    old = {"items/a.yaml": "items:\n" + bank}
    new = {"items/a.yaml": "items:\n" + bank.replace(before, after, 1)}
    assert rows(between(tmp_path, old, new)) == expected


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (SINGLE, SINGLE.replace("stem: Which one?", 'stem: "Which one?"  # a comment')),
        (SINGLE, SINGLE.replace("stem: Which one?", "stem: |\n      Which\n      one?")),
        (SINGLE, SINGLE.replace("A, correct: true", "A, correct: true, fixed: false")),
        (SINGLE, SINGLE + "    points: 1.0\n    status: approved\n"),
        (NUMBER, NUMBER.replace("3.14", "3.140")),
        (NUMBER.replace("    tolerance: 0.01\n", ""), NUMBER.replace("0.01", "0")),
        (
            SINGLE,
            "  - type: single_choice\n    stem: Which one?\n    id: it\n    choices:\n"
            "      - correct: true\n        text: A\n      - text: B\n      - C\n",
        ),
    ],
)
def test_another_way_to_write_it_is_no_change(old: str, new: str, tmp_path: Path) -> None:
    diff = between(tmp_path, {"items/a.yaml": "items:\n" + old}, {"items/a.yaml": "items:\n" + new})
    assert not diff
    assert not diff.new_faults


def test_another_picture_of_the_same_name_is_told(tmp_path: Path) -> None:
    bank = "items:\n" + SINGLE.replace("Which one?", '"Which? ![A dot](../media/dot.png)"')
    chunk = b"tEXt" + b"a\0b"
    other = (
        PNG[:-12]
        + len(chunk[4:]).to_bytes(4, "big")
        + chunk
        + zlib.crc32(chunk).to_bytes(4, "big")
        + PNG[-12:]
    )
    diff = between(
        tmp_path,
        {"items/a.yaml": bank, "media/dot.png": PNG},
        {"items/a.yaml": bank, "media/dot.png": other},
    )
    ((what, old, new, _),) = rows(diff)
    assert what == "stem"
    assert old != new
    assert "media/dot.png@" in (old or "")


QUIZ = """\
quiz: q
title: Q
time_limit: 30 min
sections:
  - title: Named
    items: ["a-*"]
  - title: Drawn
    pick: 1
    from: {tags: [pool]}
"""
BANK = """\
items:
  - {id: a-one, type: true_false, stem: One is odd., answer: true}
  - {id: a-two, type: true_false, stem: Two is odd., answer: false}
  - {id: p-one, type: true_false, stem: Three is odd., answer: true, tags: [pool]}
  - {id: p-two, type: true_false, stem: Four is odd., answer: false, tags: [pool]}
  - {id: alone, type: true_false, stem: Five is odd., answer: true}
"""


def test_the_quizzes_of_a_change_are_found_through_globs_and_pools(tmp_path: Path) -> None:
    new = BANK.replace("Two is odd., answer: false", "Two is even., answer: true")
    new = new.replace("Four is odd.", "Four is odd!").replace("Five is odd.", "Five is odd!")
    files = {"items/a.yaml": BANK, "quizzes/q.yaml": QUIZ}
    diff = between(tmp_path, files, {**files, "items/a.yaml": new})
    assert [(i.id, i.effect, [(t.quiz, t.drawn) for t in i.touches]) for i in diff.items] == [
        ("a-two", "key", [("q", False)]),
        ("p-two", "", [("q", True)]),
        ("alone", "", []),
    ]
    (quiz,) = diff.quizzes
    assert (quiz.kind, quiz.items, quiz.keys) == ("touched", ("a-two", "p-two"), ("a-two",))


def test_a_quiz_says_what_it_gains_and_loses_and_how_its_sections_changed(tmp_path: Path) -> None:
    bank = BANK.replace("id: a-one,", "id: a-one, status: draft,").replace("id: alone", "id: a-new")
    quiz = QUIZ.replace("30 min", "1 h").replace("Named", "First").replace("pick: 1", "pick: 2")
    diff = between(
        tmp_path,
        {"items/a.yaml": BANK, "quizzes/q.yaml": QUIZ},
        {"items/a.yaml": bank, "quizzes/q.yaml": quiz},
    )
    (change,) = diff.quizzes
    assert [(c.what, c.old, c.new) for c in change.changes] == [
        ("time limit", "30 min", "60 min"),
        ("title of “First”", "Named", "First"),
        ("draw of “Drawn”", "1", "2"),
        ("items", "3", "4"),
        ("points", "3", "4"),
    ]
    assert (change.gained, change.lost) == (("a-new",), ("a-one",))


def test_a_quiz_that_follows_a_renamed_item_has_not_changed(tmp_path: Path) -> None:
    quiz = "quiz: q\ntitle: Q\nsections: [{items: [a-one, alone]}]\n"
    diff = between(
        tmp_path,
        {"items/a.yaml": BANK, "quizzes/q.yaml": quiz},
        {
            "items/a.yaml": BANK.replace("id: alone", "id: a-five"),
            "quizzes/q.yaml": quiz.replace("alone", "a-five"),
        },
    )
    (item,) = diff.items
    assert (item.kind, item.old_id, item.id) == ("renamed", "alone", "a-five")
    (change,) = diff.quizzes
    assert (change.kind, change.changes, change.gained, change.lost) == ("touched", (), (), ())


def test_a_quiz_that_cannot_be_assembled_says_why(tmp_path: Path) -> None:
    quiz = "quiz: q\ntitle: Q\nsections: [{items: [alone]}]\n"
    bank = BANK[: BANK.index("  - {id: alone")]
    files = {"items/a.yaml": BANK, "quizzes/q.yaml": quiz}
    diff = between(tmp_path, files, {**files, "items/a.yaml": bank})
    (item,) = diff.items
    assert (item.kind, [t.quiz for t in item.touches]) == ("removed", ["q"])
    assert (
        "`alone` is not defined"
        in between(
            tmp_path / "c", files, {"items/a.yaml": bank, "quizzes/q.yaml": quiz.replace("Q", "R")}
        )
        .quizzes[0]
        .broken
    )


def test_a_file_that_does_not_parse_hides_nothing_else(tmp_path: Path) -> None:
    files = {"items/a.yaml": BANK, "items/b.yaml": "items:\n" + SINGLE, "quizzes/q.yaml": QUIZ}
    broken = {
        **files,
        "items/a.yaml": BANK.replace("items:", "items: ["),
        "items/b.yaml": files["items/b.yaml"].replace("Which one?", "Which?"),
    }
    diff = between(tmp_path, files, broken)
    assert [(item.id, item.kind) for item in diff.items] == [("it", "changed")]
    assert [fault.path for fault in diff.new_faults] == ["items/a.yaml"]
    assert diff.unread == ("a-one", "a-two", "alone", "p-one", "p-two")


def test_a_quiz_whose_file_does_not_parse_is_not_removed(tmp_path: Path) -> None:
    files = {"items/a.yaml": BANK, "quizzes/q.yaml": QUIZ}
    diff = between(
        tmp_path, files, {**files, "quizzes/q.yaml": QUIZ.replace("title: Q", "title: [")}
    )
    assert not diff
    assert [fault.path for fault in diff.new_faults] == ["quizzes/q.yaml"]


def test_defaults_that_cannot_be_read_are_no_change_of_items(tmp_path: Path) -> None:
    course = "course: T-1\ntitle: T\ndefaults: {points: 2}\n"
    files = {"course.yaml": course, "items/a.yaml": BANK}
    diff = between(tmp_path, files, {**files, "course.yaml": course.replace("T-1", "[")})
    assert not diff.items
    assert [fault.path for fault in diff.new_faults] == ["course.yaml"]


def test_the_course_and_its_outcomes(tmp_path: Path) -> None:
    course = "course: T-1\ntitle: T\noutcomes: {O1: count, O2: add}\n"
    diff = between(
        tmp_path,
        {"course.yaml": course},
        {"course.yaml": course.replace("add", "subtract").replace("title: T", "title: U")},
    )
    assert [(c.what, c.old, c.new) for c in diff.course] == [
        ("title", "T", "U"),
        ("outcome O2", "add", "subtract"),
    ]


def test_a_slide_that_changed_names_the_items_that_rest_on_it(tmp_path: Path) -> None:
    lecture = "---\ntitle: L\n---\n\n## One\n\nx\n\n## Two\n\ny\n"
    bank = "items:\n" + SINGLE.replace("stem:", "source: [l#one]\n    stem:")
    files = {"lectures/l.md": lecture, "items/a.yaml": bank}
    diff = between(tmp_path, files, {**files, "lectures/l.md": lecture.replace("x", "z")})
    (change,) = diff.lectures
    assert [(c.what, c.old, c.new) for c in change.changes] == [
        ("slide one", "One\n\nx", "One\n\nz")
    ]
    assert change.items == ("it",)
    assert not diff.items


def test_an_excerpt_shows_what_differs() -> None:
    words = " ".join(f"w{n}" for n in range(40))
    old, new = excerpt(words, words.replace("w20", "other"), 60)
    assert old == "… w17 w18 w19 w20 w21 w22 w23 …"
    assert new == "… w17 w18 w19 other w21 w22 w23 …"
