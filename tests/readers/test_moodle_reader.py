"""Moodle XML by anyone, understood as Moodle understands it."""

from __future__ import annotations

from base64 import b64encode
from decimal import Decimal

import pytest

from coursec.diagnostics import Diagnostics
from coursec.model.items import (
    ChoiceGap,
    Cloze,
    Essay,
    FileUpload,
    Item,
    Matching,
    MultipleChoice,
    NumberGap,
    Numeric,
    Ordering,
    ShortAnswer,
    SingleChoice,
    TextGap,
    TextItem,
    TrueFalse,
)
from coursec.model.text import Image, plain, walk
from coursec.readers.moodle import read
from coursec.readers.reading import Reading
from courses import PNG

D = Decimal


def readings(body: str) -> tuple[Reading, list[str]]:
    sink = Diagnostics()
    (reading,) = read("bank.xml", f"<quiz>\n{body}\n</quiz>".encode(), sink)
    return reading, [f"{d.code} {d.span.line} {d.message}" for d in sink]


def question(kind: str, rest: str, stem: str = "<p>Stem?</p>") -> str:
    return (
        f'<question type="{kind}"><name><text>Name</text></name>'
        f'<questiontext format="html"><text><![CDATA[{stem}]]></text></questiontext>'
        f"{rest}</question>"
    )


def one(kind: str, rest: str, stem: str = "<p>Stem?</p>") -> tuple[Item, list[str]]:
    reading, said = readings(question(kind, rest, stem))
    (item,) = reading.items
    return item, said


def answer(fraction: str, text: str, more: str = "") -> str:
    return f'<answer fraction="{fraction}" format="html"><text>{text}</text>{more}</answer>'


def test_a_single_choice_keeps_the_weights_that_say_something() -> None:
    rest = "".join(answer(f, t) for f, t in (("0", "a"), ("100", "b"), ("-25", "c"), ("50", "d")))
    item, said = one("multichoice", f"<single>true</single>{rest}<defaultgrade>2</defaultgrade>")
    assert isinstance(item, SingleChoice)
    assert [(c.correct, c.weight) for c in item.choices] == [
        (False, None), (True, None), (False, D("-0.25")), (False, D("0.5")),
    ]  # fmt: skip
    assert item.points == 2
    assert item.shuffle is False  # what Moodle takes where nothing is said
    assert said == []


def test_thirds_are_shares_that_need_no_weight() -> None:
    rest = "".join(answer(f, f) for f in ("33.33333",) * 3) + answer("-33.33333", "x")
    item, _ = one("multichoice", f"<single>false</single>{rest}")
    assert isinstance(item, MultipleChoice)
    assert [(c.correct, c.weight) for c in item.choices] == [(True, None)] * 3 + [(False, None)]


def test_a_guess_that_costs_nothing_is_said_in_weights() -> None:
    rest = answer("50", "a") + answer("50", "b") + answer("0", "x")
    item, _ = one("multichoice", f"<single>false</single>{rest}")
    assert isinstance(item, MultipleChoice)
    assert item.choices[2].weight == 0


def test_stars_stand_for_themselves_or_for_any_other_answer() -> None:
    feedback = "<feedback><text>Far off.</text></feedback>"
    rest = answer("100", r"a\*b") + answer("50", "c") + answer("0", "*", feedback)
    item, said = one("shortanswer", f"<usecase>1</usecase>{rest}")
    assert isinstance(item, ShortAnswer)
    assert [(a.text, a.weight) for a in item.answers] == [("a*b", 1), ("c", D("0.5"))]
    assert item.feedback.incorrect == plain("Far off.")
    assert item.case_sensitive
    assert said == []
    _, said = one("shortanswer", answer("100", "ab*"))
    assert [line[:4] for line in said] == ["W708"]


def test_numbers_have_margins_and_a_unit() -> None:
    units = "<units><unit><multiplier>1</multiplier><unit_name>km</unit_name></unit></units>"
    stem = '<p>How far?</p><p class="unit">[km]</p>'
    rest = answer("100", "5", "<tolerance>0.5</tolerance>")
    item, said = one("numerical", rest + units, stem)
    assert isinstance(item, Numeric)
    assert (item.answers[0].low, item.answers[0].high, item.unit) == (D("4.5"), D("5.5"), "km")
    assert item.stem == plain("How far?")
    assert said == []


@pytest.mark.parametrize("number", ["3,5", "1/2", "abc", "1e", ""])
def test_what_moodle_takes_for_another_number_is_left_out(number: str) -> None:
    reading, said = readings("\n\n" + question("numerical", answer("100", number)))
    assert reading.items == ()
    assert said[0].startswith("W706 4 The question `Name` is left out:")


def test_matching_judgements_orders_essays_and_uploads() -> None:
    pair = (
        "<subquestion format='html'><text>{}</text><answer><text>{}</text></answer></subquestion>"
    )
    matching, _ = one(
        "matching", pair.format("a", "1 &amp;lt; 2") + pair.format("b", "x") + pair.format("", "y")
    )
    assert isinstance(matching, Matching)
    assert [p.response for p in matching.pairs] == [plain("1 < 2"), plain("x")]
    assert matching.distractors == (plain("y"),)
    judged, _ = one("truefalse", answer("0", "true") + answer("100", "false"))
    assert isinstance(judged, TrueFalse)
    assert not judged.answer
    order, said = one("ordering", answer("1", "x") + answer("2", "y"))
    assert isinstance(order, Ordering)
    assert [line[:4] for line in said] == ["W708"]
    essay, _ = one(
        "essay", "<responsefieldlines>10</responsefieldlines><maxwordlimit>99</maxwordlimit>"
    )
    assert isinstance(essay, Essay)
    assert (essay.lines, essay.max_words) == (10, 99)
    upload, _ = one(
        "essay",
        "<responseformat>noinline</responseformat><attachments>2</attachments>"
        "<filetypeslist>.pdf, .zip</filetypeslist>",
    )
    assert isinstance(upload, FileUpload)
    assert (upload.max_files, upload.accept) == (2, (".pdf", ".zip"))


def test_a_cloze_has_all_kinds_of_gaps() -> None:
    stem = (
        "<p>A {2:SAC:=cat~%50%kitten#nearly} of {:MC:=grey~red#no} weighs "
        "{1:NM:=4.5:0.5} kg &amp; {1:SHORTANSWER:=a&#126;b&#35;}.</p>"
    )
    item, said = one("cloze", "", stem)
    assert isinstance(item, Cloze)
    first, second, third, fourth = item.gaps
    assert isinstance(first, TextGap)
    assert first.case_sensitive
    assert [(a.text, a.weight) for a in first.answers] == [("cat", 1), ("kitten", D("0.5"))]
    assert first.answers[1].feedback == plain("nearly")
    assert isinstance(second, ChoiceGap)
    assert [(c.correct, c.feedback) for c in second.choices] == [(True, None), (False, plain("no"))]
    assert isinstance(third, NumberGap)
    assert (third.answers[0].low, third.answers[0].high) == (4, 5)
    assert isinstance(fourth, TextGap)
    assert fourth.answers[0].text == "a~b#"
    assert item.points == 5
    assert said == []


def test_words_to_choose_are_drop_downs() -> None:
    options = "".join(
        f"<selectoption><text>{t}</text><group>{g}</group></selectoption>"
        for t, g in (("cat", 1), ("dog", 1), ("mat", 2), ("hat", 2))
    )
    item, _ = one("gapselect", options, "<p>The [[1]] on the [[3]].</p>")
    assert isinstance(item, Cloze)
    assert [[c.correct for c in g.choices] for g in item.gaps if isinstance(g, ChoiceGap)] == [
        [True, False], [True, False],
    ]  # fmt: skip


def test_files_are_images_and_one_that_is_missing_is_said() -> None:
    data = b64encode(PNG).decode()
    body = (
        '<question type="description"><name><text>N</text></name><questiontext format="html">'
        '<text><![CDATA[<img src="@@PLUGINFILE@@/a%20b.png" alt="dot">'
        '<img src="@@PLUGINFILE@@/gone.png" alt="gone">]]></text>'
        f'<file name="a b.png" path="/" encoding="base64">{data}</file></questiontext></question>'
    )
    reading, said = readings(body)
    (item,) = reading.items
    assert isinstance(item, TextItem)
    assert [n.asset.data for n in walk(item.stem) if isinstance(n, Image)] == [PNG]
    assert said == ["W709 2 The file `gone.png` is not in the question."]


def test_categories_are_sections_and_what_all_share_is_the_title() -> None:
    category = '<question type="category"><category><text>{}</text></category></question>'
    judged = question("truefalse", answer("100", "true"))
    body = "\n".join(
        (category.format("$course$/top/Physics/Motion"), judged,
         category.format("$course$/top/Physics/Heat//cold"), judged)
    )  # fmt: skip
    reading, _ = readings(body)
    assert reading.title == "Physics"
    assert [section.title for section in reading.sections] == ["Motion", "Heat/cold"]


def test_types_that_the_language_lacks_are_named() -> None:
    reading, said = readings(
        "\n".join(question(t, "") for t in ("stack", "ddmarker", "calculated"))
    )
    assert reading.items == ()
    assert [line.split()[1] for line in said] == ["2", "3", "4"]
    assert all(line.startswith("W706") for line in said)


@pytest.mark.parametrize("kept", [0.2, 0.5, 0.99])
def test_a_file_that_is_cut_off_is_an_error_with_a_line(kept: float) -> None:
    data = f"<quiz>\n{question('truefalse', answer('100', 'true'))}\n</quiz>".encode()
    sink = Diagnostics()
    assert read("bank.xml", data[: int(len(data) * kept)], sink) == []
    (finding,) = sink
    assert finding.code == "E701"
    assert 1 <= finding.span.line <= 3
