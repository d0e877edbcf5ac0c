"""Words are repaired with the course's own, and sound lines stay as they are."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from coursec.diagnostics import Diagnostics
from coursec.drafting.ingest.listening import overhear
from coursec.drafting.ingest.prose import prose_of
from coursec.drafting.ingest.run import Course, ingest
from coursec.drafting.ingest.spacing import is_damaged, mended, repaired
from coursec.drafting.ingest.vocabulary import Vocabulary
from coursec.source.course import read_course
from drafting import decks
from drafting.measures import (
    CONTENT,
    HERE,
    damaged,
    damaged_lines,
    seed_lines,
    share_right,
)

OTHER = (HERE / "gold" / "other-subject.txt").read_text("utf-8").splitlines()


def course_vocabulary() -> Vocabulary:
    vocabulary = Vocabulary()
    vocabulary.learn(prose_of(read_course(CONTENT, Diagnostics())))
    overhear(vocabulary, seed_lines())
    return vocabulary


def test_damaged_words_of_the_log_are_repaired() -> None:
    vocabulary = course_vocabulary()
    pairs = [(right, repaired(line, vocabulary)) for line, right in damaged_lines().items()]
    before = [(right, line) for line, right in damaged_lines().items()]
    assert share_right(before) < 0.35
    assert share_right(pairs) >= 0.985


def test_no_sound_line_of_the_log_is_harmed() -> None:
    vocabulary = course_vocabulary()
    wrong = damaged_lines()
    sound = [line for line in dict.fromkeys(seed_lines()) if line.rstrip() not in wrong]
    assert len(sound) > 300
    assert [line for line in sound if repaired(line, vocabulary) != line] == []


def test_without_a_course_sound_lines_are_not_harmed_either() -> None:
    vocabulary = Vocabulary()
    overhear(vocabulary, seed_lines())
    wrong = damaged_lines()
    sound = [line for line in dict.fromkeys(seed_lines()) if line.rstrip() not in wrong]
    assert [line for line in sound if repaired(line, vocabulary) != line] == []
    pairs = [(right, repaired(line, vocabulary)) for line, right in wrong.items()]
    assert share_right(pairs) > 0.8


@pytest.mark.parametrize("seed", range(4))
def test_another_subject_is_repaired_with_its_own_words(seed: int) -> None:
    chance = random.Random(seed)
    vocabulary = Vocabulary()
    vocabulary.learn(OTHER)
    broken = [damaged(line, chance) for line in OTHER]
    assert share_right(list(zip(OTHER, broken, strict=True))) < 0.25
    mended = [repaired(line, vocabulary) for line in broken]
    assert share_right(list(zip(OTHER, mended, strict=True))) >= 0.985
    assert [line for line in OTHER if repaired(line, vocabulary) != line] == []


def test_a_text_that_a_course_does_not_know_is_left_alone() -> None:
    vocabulary = course_vocabulary()
    overhear(vocabulary, OTHER)
    assert [line for line in OTHER if repaired(line, vocabulary) != line] == []


def test_nothing_is_repaired_without_words_to_repair_it_with() -> None:
    assert (
        repaired("Thekin giswe ar in ga cr o wn", Vocabulary()) == "Thekin giswe ar in ga cr o wn"
    )


def test_only_blanks_change() -> None:
    vocabulary = course_vocabulary()
    for line in damaged_lines():
        assert "".join(repaired(line, vocabulary).split()) == "".join(line.split())


def test_numbers_and_names_stay_apart() -> None:
    vocabulary = course_vocabulary()
    for line in ("3 4 5 and 12 000", "Flash Attention", "BitsAndBytesConfig", "T5 or GPT-2"):
        assert repaired(line, vocabulary) == line


SOUND = """
#set page(width: 16cm, height: 9cm)
= Why forests matter
- What comes out of a forest is wood, water and air, and part of it comes back
- The work of a ranger is done at home and in the woods, with a note for each visit
- A path leads to the north, and the name of each path is on the bridge over the river
#pagebreak()
= Visits
- Notes of the visits are kept at home, and some come back with foot prints of wolves
- North of the river the work is hard and the path is long, so few people come
- The bridge has its own name, which comes from the north side of the river
#pagebreak()
= Measures
- Good outcomes depend on homework, on a pathname and on footnotes
- The northbridge is described at `forest.example.org/homeWork/pathName.html`
- Type `int i` and then `workName(pathname)`
"""
"""A sound text whose words could be divided into others of its words."""


def test_words_of_a_sound_text_that_others_make_up_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "course.yaml").write_text("course: X\ntitle: Y\n", "utf-8")
    found = ingest("woods.pdf", decks.pdf(SOUND), Course.read(tmp_path), Diagnostics())
    assert found
    assert found.record.repairs == ()


def test_a_text_is_damaged_when_several_lines_hold_words_that_nobody_writes_as_one() -> None:
    vocabulary = Vocabulary()
    vocabulary.learn(OTHER)
    assert not is_damaged(OTHER, vocabulary)
    glued = ["".join(line.split()) for line in OTHER[:3]]
    assert is_damaged([*OTHER, *glued], vocabulary)
    assert not is_damaged([*OTHER, glued[0]], vocabulary)
    assert is_damaged(seed_lines(), course_vocabulary())


def test_a_capital_that_stands_apart_is_joined_in_a_sound_text_too() -> None:
    vocabulary = Vocabulary()
    vocabulary.learn([*OTHER, "Tokenization divides a text. Vectors and tables are words too."])
    assert mended("T okenization of texts", vocabulary) == "Tokenization of texts"
    for line in ("S tables and V ectoring", "X tables", "A tables", "vitamin C tables"):
        assert mended(line, vocabulary) == line


def test_addresses_and_code_are_not_divided_in_a_damaged_text_either() -> None:
    vocabulary = course_vocabulary()
    for technical in ("https://context.example/theModel/contextWords", "sum_of_the(contextwords)"):
        line = f"Thecontextwordsare averaged: {technical} andthe modeltakes them"
        after = repaired(line, vocabulary)
        assert technical in after
        assert after != line
