"""Words are repaired with the course's own, and sound lines stay as they are."""

from __future__ import annotations

import random

import pytest

from coursec.diagnostics import Diagnostics
from coursec.drafting.ingest.listening import overhear
from coursec.drafting.ingest.prose import prose_of
from coursec.drafting.ingest.spacing import repaired
from coursec.drafting.ingest.vocabulary import Vocabulary
from coursec.source.course import read_course
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
