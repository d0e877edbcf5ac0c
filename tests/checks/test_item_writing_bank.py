"""Rules that compare items, and rules over whole quizzes: small courses."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from coursec.checks import check_writing
from coursec.diagnostics import Diagnostics
from coursec.model.items import (
    Choice,
    Cloze,
    Item,
    Matching,
    Pair,
    ShortAnswer,
    SingleChoice,
    TextAnswer,
    TextGap,
    TrueFalse,
)
from coursec.model.quiz import Bank, Course
from coursec.model.text import plain
from coursec.source.course import read_course
from courses import COURSE, read, write_course
from generate import generate


def single(name: str, stem: str, *choices: str, more: str = "") -> str:
    rows = "".join(
        f"      - {{text: '{c[1:]}', correct: true}}\n" if c[0] == "=" else f"      - '{c}'\n"
        for c in choices
    )
    return (
        f"  - id: {name}\n    type: single_choice\n    stem: '{stem}'\n    choices:\n{rows}{more}"
    )


def judged(name: str, stem: str, answer: bool) -> str:
    key = str(answer).lower()
    return f"  - id: {name}\n    type: true_false\n    stem: '{stem}'\n    answer: {key}\n"


def short(name: str, stem: str, answer: str) -> str:
    return (
        f"  - id: {name}\n    type: short_answer\n    stem: '{stem}'\n    answers: ['{answer}']\n"
    )


def numeric(name: str, stem: str, answer: str) -> str:
    return f"  - id: {name}\n    type: numeric\n    stem: '{stem}'\n    answer: {answer}\n"


def quiz(items: str = '["*"]', shuffle: str = "false") -> str:
    return f"quiz: q\ntitle: Q\nshuffle: {shuffle}\nsections:\n  - items: {items}\n"


def found(folder: Path, *items: str, code: str, **files: str) -> list[str | None]:
    """Return the items at which a code is found."""
    course = {"items/bank.yaml": "items:\n" + "".join(items)}
    course.update({f"quizzes/{name}.yaml": text for name, text in files.items()})
    _, _, sink = read(write_course(folder, dict(course)), writing=True)
    assert [d.message for d in sink if d.code[0] == "E"] == []
    return [d.item for d in sink if d.code == code]


OHM = single("ohm", "Which law links voltage and current?", "=Ohm law", "Hooke law", "Boyle law")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (OHM, single("b", "Which **law** links voltage and current", "Hooke law", "=Ohm law")),
        (numeric("a", "Compute 2 + 2.", "4"), numeric("b", "compute *2 + 2*", "4")),
        (judged("a", "Ice floats on water.", True), judged("b", "Ice floats  on water", True)),
        (short("a", "Name the process.", "osmosis"), short("b", "Name the process!", "Osmosis")),
    ],
)
def test_the_same_asked_twice(one: str, other: str, tmp_path: Path) -> None:
    assert found(tmp_path, one, other, code="W841") == ["b"]
    assert found(tmp_path / "near", one, other, code="W842") == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (numeric("a", "Compute 2 + 2.", "4"), numeric("b", "Compute 3 + 1.", "4")),
        (judged("a", "Ice floats on water.", True), judged("b", "Ice sinks in water.", False)),
        (
            single("a", "What does `x+1` give?", "=1", "2", "3"),
            single("b", "What does `x-1` give?", "=1", "2", "3"),
        ),
        (
            single("a", "What is the capital of France?", "=Paris", "Lyon", "Nice"),
            single("b", "What is the capital of Italy?", "=Rome", "Milan", "Turin"),
        ),
        (
            short("a", "Who wrote Hamlet?", "Shakespeare"),
            short("b", "Who wrote Macbeth?", "Shakespeare"),
        ),
        (
            judged("a", "CBOW predicts a word from its context.", True),
            judged("b", "Skip-gram predicts a context from its word.", True),
        ),
        (
            single("a", "Which sea lies north of Turkey?", "=The Black Sea", "The Red Sea", "None"),
            single("b", "Which sea lies west of Georgia?", "=The Black Sea", "The Dead Sea", "x"),
        ),
        (
            single("a", "Which value is the largest in the list?", "=A", "B", "C"),
            single("b", "Which value is the smallest in the list?", "=A", "B", "C"),
        ),
    ],
)
def test_items_that_ask_something_else(one: str, other: str, tmp_path: Path) -> None:
    for code in ("W841", "W842"):
        assert found(tmp_path / code, one, other, code=code) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            OHM,
            single("b", "Which law is it that links current and voltage?", "Hooke law", "=Ohm law"),
        ),
        (
            single("a", "What is the main function of mitochondria?", "=ATP", "DNA", "RNA"),
            single("b", "What is the primary function of mitochondria?", "=ATP", "RNA", "DNA"),
        ),
        (
            judged("a", "Water boils at a lower temperature on a mountain.", True),
            judged("b", "On a mountain, water boils at lower temperatures.", True),
        ),
        (
            short("a", "Which hormone lowers the blood sugar?", "insulin"),
            short("b", "Name the hormone that lowers blood sugar.", "insulin"),
        ),
    ],
)
def test_nearly_the_same_asked_twice(one: str, other: str, tmp_path: Path) -> None:
    assert found(tmp_path, one, other, code="W842") == ["b"]


HELICASE = single(
    "a", "Which enzyme separates the strands of DNA?", "=Helicase", "Ligase", "Primase"
)


@pytest.mark.parametrize(
    "giver",
    [
        short("b", "When the enzyme helicase has separated the strands, what follows?", "a primer"),
        single(
            "b",
            "What comes first?",
            "=x",
            "y",
            "z",
            more="    feedback: Helicase separates strands of DNA.\n",
        ),
        judged("b", "Helicase is the enzyme that separates DNA strands.", True),
        single("b", "Which is right?", "=The enzyme helicase separates DNA", "No", "Yes"),
    ],
)
def test_a_key_given_away(giver: str, tmp_path: Path) -> None:
    assert found(tmp_path, HELICASE, giver, code="W843") == ["a"]


@pytest.mark.parametrize(
    "other",
    [
        short("b", "Which enzyme joins the pieces of a strand?", "ligase"),
        single("b", "Which enzyme copies DNA?", "=Polymerase", "Helicase", "Ligase"),
        short("b", "Who discovered helicase?", "Hoffmann-Berling"),
    ],
)
def test_a_mention_gives_nothing_away(other: str, tmp_path: Path) -> None:
    assert found(tmp_path, HELICASE, other, code="W843") == []


def test_a_number_given_away(tmp_path: Path) -> None:
    asked = numeric("a", "How many faces does a dodecahedron have?", "12")
    giver = short("b", "A dodecahedron has 12 faces. Which form do they have?", "a pentagon")
    assert found(tmp_path, asked, giver, code="W843") == ["a"]


def test_a_decimal_given_away(tmp_path: Path) -> None:
    asked = numeric("a", "What is absolute zero in degrees Celsius?", "-273.15")
    giver = short("b", "Absolute zero is at -273.15 degrees Celsius. Who named it?", "Kelvin")
    assert found(tmp_path, asked, giver, code="W843") == ["a"]


def test_items_of_different_quizzes_give_nothing_away(tmp_path: Path) -> None:
    giver = judged("b", "Helicase is the enzyme that separates DNA strands.", True)
    quizzes = {"one": quiz("[a]"), "two": quiz("[b]").replace("quiz: q", "quiz: p")}
    assert found(tmp_path, HELICASE, giver, code="W843", **quizzes) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("PyTorch", "Pytorch"),
        ("Word2Vec", "word2vec"),
        ("pre-training", "pretraining"),
        ("Schrödinger", "Schrodinger"),
        ("tokenization", "tokenisation"),
        ("Tchaikovsky", "Tchaikowsky"),
        ("Kyiv", "Kiev"),
        ("Navier-Stokes", "Navier Stokes"),
        ("pre-trained", "pretraining"),
        ("backpropagation", "back propagation"),
        ("CRISPR", "Crispr"),
        ("El Niño", "El Nino"),
    ],
)
def test_two_spellings(one: str, other: str, tmp_path: Path) -> None:
    items = [
        short("a", f"What is the use of {one} here?", "x"),
        short("b", f"Where is {other} used?", "y"),
    ]
    assert found(tmp_path, *items, code="W846") == ["b"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("tokens", "Tokens"),
        ("a token", "tokens"),
        ("Austria", "Australia"),
        ("German", "Germany"),
        ("`pytorch`", "PyTorch"),
        ("organ", "organic"),
        ("fine-tuning", "fine tuning"),
        ("NOT", "not"),
        ("Prussia", "Russia"),
        ("Iceland", "Ireland"),
        ("MoodleMoot", "Moodle Moot"),
    ],
)
def test_other_words_are_no_spellings(one: str, other: str, tmp_path: Path) -> None:
    items = [
        short("a", f"What is the use of {one} here?", "x"),
        short("b", f"Where is {other} used?", "y"),
    ]
    assert found(tmp_path, *items, code="W846") == []


def questions(places: str) -> list[str]:
    """Return a choice question for each letter: the place of its key."""
    items = []
    for number, letter in enumerate(places):
        choices = [f"wrong {number}{n}" for n in range(4)]
        choices["ABCD".index(letter)] = f"=right {number}"
        items.append(single(f"s-{number:02}", f"Which is number {number}?", *choices))
    return items


@pytest.mark.parametrize(
    ("places", "shuffle", "flawed"),
    [
        ("CCACCBCCDCCC", "false", True),
        ("ABCDABCDABCD", "false", False),
        ("BBBBB", "false", True),
        ("BBBB", "false", False),
        ("ABBBBBA", "false", True),
        ("ABBBBBA", "{items: true}", False),
        ("CCACCBCCDCCC", "{choices: true}", False),
        ("CCACCBC", "false", False),
    ],
)
def test_places_of_keys(places: str, shuffle: str, flawed: bool, tmp_path: Path) -> None:
    items = questions(places)
    assert len(found(tmp_path, *items, code="W844", q=quiz(shuffle=shuffle))) is int(flawed)


@pytest.mark.parametrize(
    ("answers", "flawed"),
    [
        ("TTTTTT", True),
        ("FFFFFF", True),
        ("TTTTTTTF", True),
        ("TTTTTF", False),
        ("TTTTT", False),
        ("TFTFTFTF", False),
    ],
)
def test_true_and_false(answers: str, flawed: bool, tmp_path: Path) -> None:
    items = [judged(f"t-{n}", f"Claim number {n} holds.", a == "T") for n, a in enumerate(answers)]
    assert len(found(tmp_path, *items, code="W845", q=quiz())) is int(flawed)


def test_a_bank_in_another_language(tmp_path: Path) -> None:
    stem = "Welche der folgenden Aussagen über das Netz und die Schichten ist nicht richtig"
    items = [
        short(f"d-{n}", f"{stem}, wenn man das Modell mit {n} Schichten nimmt?", "x")
        for n in range(8)
    ]
    bank = {"items/bank.yaml": "items:\n" + "".join(items)}
    _, _, sink = read(write_course(tmp_path / "en", dict(bank)), writing=True)
    assert [d.code for d in sink] == ["N847"]
    bank["course.yaml"] = COURSE + "language: de\n"
    _, _, sink = read(write_course(tmp_path / "de", dict(bank)), writing=True)
    assert [d.code for d in sink] == []


def test_an_item_in_another_script(tmp_path: Path) -> None:
    item = single("a", "村田さんの出身地はどこですか。選びなさい。", "=北海道", "東北", "北陸")
    assert found(tmp_path, item, code="N847") == ["a"]
    assert found(tmp_path / "rest", item, code="W806") == []


HOSTILE = (
    *(
        "A",
        "a-",
        "1",
        "1,",
        "1.",
        ":,",
        "(a,",
        "'a",
        '"a',
        "“a",
        "_",
        "…",
        ". ",
        "a b ",
        "Ab ",
        "x;y",
    ),
    *("if ", "which is ", "not a ", "1 to ", "1–", "and ", "a and b, ", "ab.Cd", "aThe", "5 % "),
    *("in the text ", "a\n", "e.g. ", "all of the above ", "the lecture ", "Ab-Cd "),
)


@pytest.mark.parametrize("unit", HOSTILE)
def test_no_text_takes_long(unit: str) -> None:
    """Patterns must not try the same characters again and again."""
    long = plain(unit * (60_000 // len(unit)))
    choices = (Choice(text=plain("key"), correct=True), Choice(text=long), Choice(text=plain("b")))
    answers = (TextAnswer(text=unit * 50), TextAnswer(text="abcdef"))
    items: tuple[Item, ...] = (
        SingleChoice(id="a", stem=long, choices=choices),
        TrueFalse(id="b", stem=long, answer=False),
        ShortAnswer(id="c", stem=long, answers=answers),
        Cloze(id="d", text=long, gaps=(TextGap(name="g", answers=answers),)),
        Matching(id="e", pairs=tuple(Pair(premise=long, response=plain(w)) for w in "xyz")),
    )
    bank = Bank(
        course=Course(code="", title=""), items={i.id: i for i in items}, quizzes={}, lectures={}
    )
    start = time.process_time()
    check_writing(bank, [], Diagnostics())
    assert time.process_time() - start < 2


def test_ten_times_the_items_take_little_more_than_ten_times_the_time(tmp_path: Path) -> None:
    """Pairs are found by their rare words, not by comparing everything with everything."""

    def seconds(count: int) -> float:
        sink = Diagnostics()
        bank = read_course(generate(tmp_path / str(count), count).course, sink)
        start = time.process_time()
        check_writing(bank, [], sink)
        return time.process_time() - start

    seconds(100)  # compiles patterns
    assert seconds(5000) < 25 * seconds(500)
