"""Laws of writing: a bank that is written is read as the same items."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coursec.checks import check_course
from coursec.diagnostics import Diagnostics
from coursec.model.items import Item, TextItem
from coursec.model.quiz import QuizSpec
from coursec.model.text import NO_TEXT, Asset, RichText, plain
from coursec.source.course import read_course
from coursec.source.writing import bank_text, course_text, quiz_text
from courses import COURSE, but_access, write_course
from itemstrategies import LECTURE, banks, shown_texts, words
from richtexts import IMAGES

pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")

DEFAULTS = """\
defaults:
  points: 7
  tags: [x]
  outcomes: [y]
  status: draft
  scoring: all_or_nothing
  case_sensitive: true
"""


def beside(asset: Asset) -> str:
    return f"../{asset.path}"


def read(bank: str, course: str = COURSE) -> dict[str, Item]:
    """Read a bank; nothing may be found wrong with it."""
    with TemporaryDirectory() as folder:
        files: dict[str, str | bytes] = {
            "course.yaml": course,
            "lectures/l.md": LECTURE,
            "items/bank.yaml": bank,
            **{asset.path: asset.data for asset in IMAGES},
        }
        sink = Diagnostics()
        course_read = read_course(write_course(Path(folder), files), sink)
        check_course(course_read, sink)
        # Whether a feedback can ever be shown, or a quote is true, is no matter of writing.
        found = [d for d in but_access(sink) if d.code != "W411" and not d.code.startswith("W97")]
        assert found == [], bank
        return course_read.items


@given(banks())
@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_a_bank_that_is_written_is_read_as_the_same_items(bank: list[Item]) -> None:
    found = list(read(bank_text(bank, beside)).values())
    assert found == bank
    assert [item.provenance for item in found] == [item.provenance for item in bank]


@given(banks())
@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_what_the_course_says_otherwise_is_written(bank: list[Item]) -> None:
    keys = ("points", "tags", "outcomes", "status", "scoring", "case_sensitive")
    assert list(read(bank_text(bank, beside, keys), COURSE + DEFAULTS).values()) == bank


ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("folder", ["content", "tests/golden/course"])
def test_the_banks_of_a_course_are_written_as_they_mean(folder: str, tmp_path: Path) -> None:
    before = read_course(ROOT / folder, Diagnostics())
    for path in (ROOT / folder).rglob("*.*"):
        if path.suffix != ".yaml" and path.is_file():
            place = tmp_path / path.relative_to(ROOT / folder)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(path.read_bytes())
    bank = bank_text(list(before.items.values()), beside)
    write_course(tmp_path, {"items/bank.yaml": bank})
    after = read_course(tmp_path, sink := Diagnostics())
    assert not sink.errors
    assert after.items == before.items


WELL_WRITTEN = """\
items:
  - id: first-merge
    type: single_choice
    title: BPE's first merge
    stem: Which pair does byte-pair encoding merge first in `low low lot`?
    choices:
      - text: "`l` `o`"
        correct: true
        feedback: It occurs three times.
      - "`o` `w`"
      - text: None
        fixed: true
    points: 2.5
    tags: [tokens, "a, b"]
    outcomes: [O1]
    bloom: apply
    difficulty: 0.35
    hints:
      - Count them.
    feedback: It occurs three times.
    shuffle: false
    source: [l#one, l#two]
    status: draft
    language: de
    stimulus: read-this
    notes: |
      Two lines
      of notes.

  - id: which-two
    type: multiple_choice
    stem: Which **two** hold?
    scoring: all_or_nothing
    choices:
      - text: A
        correct: true
      - text: B
        correct: true
      - "Not: C"

  - id: half
    type: multiple_choice
    stem: Which holds?
    choices:
      - text: A
        correct: true
        weight: 1
      - text: B
        weight: -0.5
    feedback:
      general: All.
      correct: Right.
      partial: Half.
      incorrect: Wrong.

  - id: frozen
    type: true_false
    stem: LoRA updates the frozen weights.
    answer: false
    feedback_true: They stay frozen.
    feedback_false: Right.

  - id: typed
    type: short_answer
    stem: Name it.
    answers:
      - skip-gram
      - {text: skipgram, weight: 0.5, feedback: Mind the hyphen.}
    case_sensitive: true

  - id: tolerance
    type: numeric
    stem: How much?
    answer: 9.81
    tolerance: 0.02
    unit: m/s²

  - id: percent
    type: numeric
    stem: How much?
    answer: 9.81
    tolerance: 1.5%

  - id: exact
    type: numeric
    stem: How much?
    answer: 1000000

  - id: range
    type: numeric
    stem: How much?
    range: [-0.5, 2]

  - id: several
    type: numeric
    stem: How much?
    answers:
      - 7
      - {answer: 8, tolerance: 0, weight: 0.5, feedback: Nearly.}
      - {range: [1, 2], weight: 0.25}

  - id: pairs
    type: matching
    stem: Match them.
    pairs:
      - {premise: CBOW, response: predicts the word}
      - premise: Skip-gram, a model of words older than those that read from left to right
        response: "predicts: the context"
    distractors: [counts co-occurrences]

  - id: order
    type: ordering
    stem: Order them.
    sequence:
      - First
      - 2
      - |
        ```
        third()
        ```

  - id: gaps
    type: cloze
    text: BERT masks {{share}} percent and reads in {{direction}} directions, {{name}}.
    gaps:
      share: {answer: 15, tolerance: 0}
      direction: {choices: [one, {text: both, correct: true}]}
      name: {answers: [bidirectional], points: 2}

  - id: equal-gaps
    type: cloze
    stem: Fill in.
    text: "{{a}} and {{b}}"
    gaps:
      a: {answers: [x], case_sensitive: true}
      b: {range: [1, 2]}
    points: 3

  - id: write
    type: essay
    stem: Discuss.
    lines: 20
    min_words: 150
    max_words: 400
    template: Dear board, …
    sample_answer: A good one names …
    rubric:
      - criterion: Argument
        points: 4
        levels:
          - {label: Convincing, points: 4, description: Each step has a reason.}
          - Partly
    points: 4

  - id: upload
    type: file_upload
    stem: Hand in.
    accept: [.ipynb, ".5"]
    max_files: 2

  - id: read-this
    type: text
    stem: |
      Read *this*.

      | a   |
      | --- |
"""


def test_a_bank_is_written_as_its_author_would() -> None:
    items = list(read(WELL_WRITTEN).values())
    assert bank_text(items, beside) == WELL_WRITTEN


def test_a_key_is_written_where_the_course_has_a_default() -> None:
    item = TextItem(id="a", stem=plain("x"))
    keys = ("points", "tags", "outcomes", "status", "bloom")
    assert bank_text([item], beside, keys) == (
        "items:\n  - id: a\n    type: text\n    stem: x\n    points: 1\n    tags: []\n"
        "    outcomes: []\n    status: approved\n"
    )


def test_an_empty_bank_is_a_bank() -> None:
    assert bank_text([], beside) == "items: []\n"


# Quizzes and courses


def read_quiz(text: str) -> QuizSpec:
    with TemporaryDirectory() as folder:
        files: dict[str, str | bytes] = {
            "quizzes/q.yaml": text,
            **{asset.path: asset.data for asset in IMAGES},
        }
        bank = read_course(write_course(Path(folder), files), sink := Diagnostics())
        assert but_access(sink) == [], text
        (quiz,) = bank.quizzes.values()
        return quiz


_names = st.from_regex(r"[a-z0-9]{1,4}(-[a-z0-9]{1,3}){0,2}", fullmatch=True)


@given(
    _names,
    words,
    st.just(NO_TEXT) | shown_texts,
    st.none() | st.integers(1, 6000),
    st.none() | st.integers(0, 1000),
    st.booleans(),
    st.booleans(),
    st.lists(
        st.tuples(
            st.none() | words,
            st.lists(_names, min_size=1, max_size=4),
            st.none() | st.integers(1, 9),
        ),
        min_size=1,
        max_size=3,
    ),
)
@settings(max_examples=60, deadline=None)
def test_a_quiz_that_is_written_is_read(
    name: str,
    title: str,
    instructions: RichText,
    time_limit: int | None,
    attempts: int | None,
    shuffle_items: bool,
    shuffle_choices: bool,
    sections: list[tuple[str | None, list[str], int | None]],
) -> None:
    text = quiz_text(
        id=name,
        title=title,
        instructions=instructions,
        time_limit=time_limit,
        attempts=attempts,
        shuffle_items=shuffle_items,
        shuffle_choices=shuffle_choices,
        sections=sections,
        image=beside,
    )
    quiz = read_quiz(text)
    assert (quiz.id, quiz.title, quiz.instructions) == (name, title, instructions)
    assert (quiz.time_limit, quiz.attempts) == (time_limit, attempts)
    assert (quiz.shuffle_items, quiz.shuffle_choices) == (shuffle_items, shuffle_choices)
    assert [
        (section.title, [item.pattern for item in section.items], section.pick)
        for section in quiz.sections
    ] == sections


def test_a_quiz_is_written_as_its_author_would() -> None:
    text = quiz_text(
        id="week-4",
        title="Week 4: tokens",
        instructions=plain("Closed book."),
        time_limit=90,
        attempts=0,
        shuffle_items=True,
        shuffle_choices=False,
        sections=[("Concepts", ["a", "12"], None), (None, ["b", "c"], 1)],
        image=beside,
    )
    assert text == (
        'quiz: week-4\ntitle: "Week 4: tokens"\ninstructions: Closed book.\n'
        "time_limit: 1 h 30 min\nattempts: unlimited\nshuffle: {items: true}\nsections:\n"
        '  - title: Concepts\n    items: [a, "12"]\n  - pick: 1\n    items: [b, c]\n'
    )


@given(words, words, st.sampled_from(["en", "de-CH", "no"]))
@settings(max_examples=50, deadline=None)
def test_a_course_that_is_written_is_read(code: str, title: str, language: str) -> None:
    with TemporaryDirectory() as folder:
        root = write_course(Path(folder), {"course.yaml": course_text(code, title, language)})
        course = read_course(root, sink := Diagnostics()).course
        assert list(sink) == []
        assert (course.code, course.title, course.language) == (code, title, language)
