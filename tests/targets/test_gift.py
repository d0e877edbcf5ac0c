"""GIFT: what is written is what Moodle's rules read back."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_regressions.file_regression import FileRegressionFixture

from coursec.model.items import (
    Choice,
    Feedback,
    Item,
    Matching,
    MultipleChoice,
    Numeric,
    Ordering,
    Pair,
    ShortAnswer,
    SingleChoice,
    TextAnswer,
    TrueFalse,
)
from coursec.model.scoring import multiple_shares
from coursec.model.text import Code, CodeBlock, Paragraph, RichText, Text, plain
from coursec.targets.fractions import choice_percents
from coursec.targets.gift import emit, escape, percent, unsayable
from coursec.text.plain import plain_text
from courses import quiz_of, read
from generate import generate
from gift_reader import choices, html_text, protect, questions, unescape
from strategies import texts, visible_texts

TESTS = Path(__file__).parents[1]
NODE = TESTS / "node"


def gift(*items: object, **fields: object) -> str:
    (artifact,) = emit(quiz_of(*items, **fields))  # type: ignore[arg-type]
    return artifact.data.decode()


def test_golden(file_regression: FileRegressionFixture) -> None:
    _, quizzes, _ = read(TESTS / "golden/course")
    (artifact,) = emit(quizzes[0])
    assert artifact.path == "gift/sink.gift.txt"
    file_regression.check(artifact.data.decode(), extension=".gift.txt", encoding="utf-8")


@given(st.text())
def test_escaped_text_comes_back(text: str) -> None:
    clean = text.replace("\r", "")
    if any(p in clean for p in ("&&0", "&&1")):
        return  # the writer never lets Moodle's own placeholders through
    assert unescape("x" + protect(escape(clean)) + "x") == f"x{clean}x"


@given(stem=texts, right=visible_texts, wrong=visible_texts, feedback=visible_texts, name=texts)
def test_any_text_in_any_field_comes_back(
    stem: str, right: str, wrong: str, feedback: str, name: str
) -> None:
    item = SingleChoice(
        id="a",
        title=name,
        stem=RichText((Paragraph((Text(stem), Code(right))), CodeBlock(wrong + "\n  " + stem))),
        choices=(
            Choice(text=plain(right), correct=True, feedback=plain(feedback)),
            Choice(text=plain(wrong), weight=Decimal("-0.5")),
        ),
        tags=("one",),
        feedback=Feedback(general=plain(feedback)),
    )
    (question,) = questions(gift(item))
    assert question.id == "a"
    assert question.tags == ["one"]
    assert html_text(question.stem) == f"{stem}{right}\n{wrong}\n  {stem}"
    assert question.answers is not None
    found = choices(question.answers)
    assert [(weight, _trimmed(html_text(text))) for weight, text, _ in found] == [
        (1.0, _trimmed(right)),
        (-0.5, _trimmed(wrong)),
    ]
    assert _trimmed(html_text(found[0][2])) == _trimmed(feedback)
    general = question.answers.partition("####")[2]
    assert html_text(unescape(general)) == f"[html]{feedback}"


def _trimmed(text: str) -> str:
    """Moodle trims every text at both ends, of ASCII blanks."""
    return text.strip(" \t\n\r\0\x0b")


@given(st.lists(visible_texts, min_size=1, max_size=4, unique=True))
def test_any_typed_answer_comes_back_or_the_item_is_left_out(answers: list[str]) -> None:
    squeezed = [" ".join(answer.split()) for answer in answers]
    item = ShortAnswer(
        id="a", stem=plain("Say."), answers=tuple(TextAnswer(text=t) for t in squeezed if t)
    )
    found = questions(gift(item))
    if unsayable(item):
        assert found == []
        return
    assert found[0].answers is not None
    # The reader eats the star's backslash as Moodle's comparison does.
    typed = [text.replace("\\*", "*") for _, text, _ in choices(found[0].answers)]
    assert typed == [_trimmed(t) for t in squeezed if t]
    assert "->" not in found[0].answers


@given(st.lists(visible_texts, min_size=2, max_size=5))
def test_any_ordering_entry_comes_back(entries: list[str]) -> None:
    item = Ordering(id="a", stem=plain("Order."), sequence=tuple(map(plain, entries)))
    (question,) = questions(gift(item))
    assert question.answers is not None
    head, *lines = question.answers.split("\n")
    assert head == f">{len(entries)} ALL VERTICAL ABSOLUTE_POSITION SHOW none"
    shown = [html_text(unescape(line)).strip(" \t\n\x0b\0") for line in lines]
    assert shown == [_trimmed(entry) for entry in entries]


@given(visible_texts, visible_texts)
def test_pairs_hold_one_arrow(premise: str, response: str) -> None:
    pairs = (
        Pair(premise=plain(premise), response=plain(response)),
        Pair(premise=plain("x"), response=plain("y")),
    )
    (question,) = questions(gift(Matching(id="a", stem=plain("Match."), pairs=pairs)))
    assert question.answers is not None
    rows = [row.partition("->") for row in question.answers.split("=")[1:]]
    shown = html_text(unescape(rows[0][0]).removeprefix("[html]"))
    assert _trimmed(shown) == _trimmed(premise)
    assert rows[1][2].strip() == "y"


@pytest.mark.parametrize("right", range(1, 25))
def test_all_right_choices_earn_everything(right: int) -> None:
    choice = tuple(Choice(text=plain(str(n)), correct=n < right) for n in range(right + 1))
    (question,) = questions(gift(MultipleChoice(id="a", stem=plain("Which?"), choices=choice)))
    assert question.answers is not None
    weights = [weight for weight, _, _ in choices(question.answers)]
    assert all(weight > 0 for weight in weights[:right])
    assert sum(weights[:right]) >= 1 - 1e-5


@pytest.mark.parametrize("right", range(1, 11))
def test_shares_are_fractions_that_moodle_takes(right: int) -> None:
    choice = tuple(Choice(text=plain(str(n)), correct=n < right) for n in range(right + 2))
    (question,) = questions(gift(MultipleChoice(id="a", stem=plain("Which?"), choices=choice)))
    assert question.answers is not None
    weights = [weight for weight, _, _ in choices(question.answers)]
    assert sum(w for w in weights if w > 0) == pytest.approx(1, abs=1e-5)
    assert weights[-1] == pytest.approx(-1 / right, abs=1e-5)


def test_weights_that_are_meant_as_thirds_are_thirds() -> None:
    thirds = [
        Choice(text=plain(text), correct=True, weight=Decimal("0.333")) for text in ("A", "B", "C")
    ]
    item = MultipleChoice(id="a", stem=plain("Which?"), choices=(*thirds, Choice(text=plain("D"))))
    assert sum(share for share in multiple_shares(item) if share > 0) == 1
    assert gift(item).count("~%33.33333%") == 3


def test_a_percentage_is_the_nearest_that_moodle_takes() -> None:
    assert percent(Decimal("0.34")) == "33.33333"
    assert percent(Decimal("-0.15")) == "-14.28571"
    assert percent(Decimal(1)) == "100"
    assert percent(Decimal(0)) == "0"


def test_what_earns_a_part_never_earns_nothing_or_everything() -> None:
    assert percent(Decimal("0.99")) == "90"
    assert percent(Decimal("0.01")) == "5"
    assert percent(Decimal("-0.01")) == "-5"


def test_prose_never_becomes_a_formula() -> None:
    item = SingleChoice(
        id="a",
        stem=plain(r"Write \(x\) or \[y\] or $$z$$."),
        choices=(Choice(text=plain("A"), correct=True), Choice(text=plain("B"))),
    )
    (question,) = questions(gift(item))
    assert not any(mark in question.stem for mark in (r"\(", r"\)", r"\[", r"\]", "$$"))
    assert html_text(question.stem) == r"Write \(x\) or \[y\] or $$z$$."


def independent(text: str, folder: Path) -> list[dict[str, Any]]:
    """Parse GIFT with npm's gift-pegjs, a parser by others."""
    if not shutil.which("node") or not (NODE / "node_modules/gift-pegjs").is_dir():
        pytest.skip("needs node and `npm install` in tests/node")
    file = folder / "quiz.gift.txt"
    file.write_text(text, "utf-8")
    script = (
        "const {parse}=require('gift-pegjs');"
        "console.log(JSON.stringify(parse(require('fs').readFileSync(process.argv[1],'utf8'))))"
    )
    done = subprocess.run(
        ["node", "-e", script, str(file)], cwd=NODE, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)  # type: ignore[no-any-return]


EXPECTED = {
    "single_choice": "MC",
    "multiple_choice": "MC",
    "true_false": "TF",
    "short_answer": "Short",
    "numeric": "Numerical",
    "matching": "Matching",
    "essay": "Essay",
    "text": "Description",
}


def shown_in_menu(text: str) -> str:
    """Return a response as the table announces it: signs that Moodle takes for its own apart."""
    text = re.sub(r"<(?=\S)", "< ", text)
    text = re.sub(r"&(?=#?\w{1,40};)", "&amp;", text)
    return re.sub(r"&&(?=\d{3})", "& &", text)


def key(item: Item) -> object:
    """Return an item's key in the form in which `their_key` finds it."""
    match item:
        case SingleChoice():
            return [choice.correct for choice in item.choices]
        case MultipleChoice():
            return [float(share) for share in choice_percents(item)]
        case TrueFalse():
            return item.answer
        case ShortAnswer():
            answers = sorted(item.answers, key=lambda answer: -answer.weight)
            return [(a.text.replace("*", "\\*"), float(percent(a.weight))) for a in answers]
        case Numeric():
            return [(float(a.low), float(a.high)) for a in item.answers]
        case Matching():
            responses = [*(pair.response for pair in item.pairs), *item.distractors]
            return [shown_in_menu(plain_text(response)) for response in responses]
        case _:
            return None


def their_key(item: Item, question: dict[str, Any]) -> object:
    """Return the key that the independent parser found."""
    choices = question.get("choices") or []
    match item:
        case SingleChoice():
            return [choice["isCorrect"] for choice in choices]
        case MultipleChoice():
            return [choice["weight"] for choice in choices]
        case TrueFalse():
            return question["isTrue"]
        case ShortAnswer():
            return [(choice["text"]["text"], choice["weight"]) for choice in choices]
        case Numeric():
            return [_ends(choice["text"]) for choice in choices]
        case Matching():
            return [pair["subanswer"] for pair in question["matchPairs"]]
        case _:
            return None


def _ends(text: dict[str, Any]) -> object:
    if text["type"] == "high-low":
        return text["numberLow"], text["numberHigh"]
    middle, half = text["number"], text.get("range", 0)
    return pytest.approx((middle - half, middle + half))


@pytest.mark.parametrize("name", ["golden", "sample", "bank"])
def test_an_independent_parser_reads_the_same(name: str, tmp_path: Path) -> None:
    if name == "bank":
        course = generate(tmp_path, 1000)[0]
    else:
        course = TESTS / "golden/course" if name == "golden" else TESTS.parent / "content"
    for quiz in read(course)[1]:
        (artifact,) = emit(quiz)
        # gift-pegjs knows no `{>` ordering: it was made before Moodle had that type.
        ordering = {item.id for item in quiz.items if item.kind == "ordering"}
        text = artifact.data.decode()
        kept = "\n\n".join(
            b for b in text.split("\n\n") if not any(f"[id:{name}]" in b for name in ordering)
        )
        found = [q for q in independent(kept, tmp_path) if q["type"] != "Category"]
        by_id = {q["id"]: q for q in found if q["id"]}
        wanted = [i for i in quiz.items if not unsayable(i) and i.id not in ordering]
        assert len(found) == len(wanted) + bool(quiz.instructions)
        for item in wanted:
            question = by_id[item.id]
            if item.kind != "cloze":
                assert question["type"] == EXPECTED[item.kind], item.id
            assert their_key(item, question) == key(item), item.id
