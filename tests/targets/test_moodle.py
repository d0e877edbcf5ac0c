"""Moodle XML: what a real Moodle was seen to want, and the whole golden course."""

from __future__ import annotations

from base64 import b64decode
from pathlib import Path

import pytest
from hypothesis import given
from lxml import etree
from pytest_regressions.file_regression import FileRegressionFixture

from coursec.model.items import (
    Choice,
    ChoiceGap,
    Cloze,
    Feedback,
    FileUpload,
    Item,
    Numeric,
    Ordering,
    ShortAnswer,
    SingleChoice,
    TextAnswer,
    TextGap,
    TrueFalse,
)
from coursec.model.text import Gap, Paragraph, RichText, Text, plain
from coursec.targets.fractions import MOODLE_FRACTIONS
from coursec.targets.moodle import emit
from courses import PNG, quiz_of, read, read_items
from strategies import texts, visible_texts

GOLDEN = Path(__file__).parents[1] / "golden/course"


def written(*items: Item, **fields: object) -> etree._Element:
    (artifact,) = emit(quiz_of(*items, **fields))
    assert artifact.path == "moodle/quiz.xml"
    return etree.fromstring(artifact.data)


def question(item: Item, **fields: object) -> etree._Element:
    found = written(item, **fields).findall("question")
    assert [node.get("type") for node in found[:-1]] == ["category"]
    return found[-1]


def said(node: etree._Element, path: str) -> list[str]:
    return [(found.text or "") for found in node.findall(path)]


def choices(*fixed: bool) -> tuple[Choice, ...]:
    return tuple(
        Choice(text=plain(f"c{n}"), correct=not n, fixed=stays) for n, stays in enumerate(fixed)
    )


def test_golden(file_regression: FileRegressionFixture) -> None:
    (artifact,) = emit(read(GOLDEN)[1][0])
    file_regression.check(artifact.data.decode(), extension=".xml", encoding="utf-8")


@given(texts)
def test_every_text_comes_back(text: str) -> None:
    item = SingleChoice(id="a", stem=plain(text), choices=choices(False, False))
    stem = question(item).findtext("questiontext/text")
    inside = etree.HTML(f"<body>{stem}</body>").find(".//p")  # type: ignore[union-attr]
    assert inside is not None
    assert "".join(inside.itertext()).split() == text.replace("\x00", "").split() or "\\" in text


@given(visible_texts)
def test_a_typed_answer_is_the_authors_characters(text: str) -> None:
    answer = " ".join(text.split())
    node = question(ShortAnswer(id="a", stem=plain("?"), answers=(TextAnswer(text=answer),)))
    assert said(node, "answer/text") == [answer.replace("*", "\\*")]


def test_texts_stand_in_cdata_and_two_that_end_it_are_kept() -> None:
    item = ShortAnswer(id="a", stem=plain("]]> & <"), answers=(TextAnswer(text="]]>]]>"),))
    (artifact,) = emit(quiz_of(item))
    assert b"&lt;p&gt;" not in artifact.data
    assert said(etree.fromstring(artifact.data), ".//answer/text") == ["]]>]]>"]


def test_an_image_is_a_file_beside_the_text_that_names_it(tmp_path: Path) -> None:
    bank = (
        'items:\n  - id: a\n    type: single_choice\n    stem: "See ![dot](../media/dot.png)"\n'
        '    choices: [{text: "![dot](../media/dot.png)", correct: true}, B]\n'
    )
    (item,) = read_items(tmp_path, bank)
    node = question(item)
    for text in (node.find("questiontext"), node.find("answer")):
        assert text is not None
        (file,) = text.findall("file")
        assert f'src="@@PLUGINFILE@@/{file.get("name")}"' in (text.findtext("text") or "")
        assert b64decode(file.text or "") == PNG
    assert node.findall("answer")[1].findall("file") == []


def test_an_ordering_says_whether_right_entries_are_counted() -> None:
    """Without it the import of the whole file stops."""
    node = question(Ordering(id="a", stem=plain("?"), sequence=(plain("x"), plain("y"))))
    assert said(node, "shownumcorrect") == ["1"]
    assert said(node, "gradingtype") == ["ABSOLUTE_POSITION"]


def test_every_share_is_one_that_moodle_takes() -> None:
    taken = {
        f"{sign}{fraction.normalize():f}" for fraction in MOODLE_FRACTIONS for sign in ("", "-")
    }
    root = etree.fromstring(emit(read(GOLDEN)[1][0])[0].data)
    for node in root.iter("question"):
        if node.get("type") not in ("ordering", "category"):
            assert {answer.get("fraction") for answer in node.iterfind("answer")} <= taken


def test_a_choice_that_stays_keeps_all_in_their_places() -> None:
    moving = SingleChoice(id="a", stem=plain("?"), shuffle=True, choices=choices(False, False))
    staying = SingleChoice(id="a", stem=plain("?"), shuffle=True, choices=choices(False, True))
    assert said(question(moving), "shuffleanswers") == ["1"]
    assert said(question(staying), "shuffleanswers") == ["0"]


def test_feedback_for_a_wrong_word_is_that_of_any_other_word() -> None:
    item = ShortAnswer(
        id="a",
        stem=plain("?"),
        answers=(TextAnswer(text="x", feedback=plain("Own.")),),
        feedback=Feedback(correct=plain("Right."), incorrect=plain("Wrong.")),
    )
    node = question(item)
    assert said(node, "answer/text") == ["x", "*"]
    assert said(node, "answer/feedback/text") == ["<p>Own.</p>\n<p>Right.</p>", "Wrong."]


def test_a_unit_is_shown_and_known() -> None:
    (number,) = [i for i in read(GOLDEN)[1][0].items if isinstance(i, Numeric) and i.unit]
    node = question(number)
    assert '<p class="unit">[m/s²]</p>' in (node.findtext("questiontext/text") or "")
    assert said(node, "units/unit/unit_name") == ["m/s²"]
    assert said(node, "showunits") == ["3"]


@pytest.mark.parametrize(
    ("points", "marks"),
    [(("1", "2"), ["1", "2"]), (("0.5", "0.25"), ["2", "1"]), (("4", "2"), ["4", "2"])],
)
def test_the_marks_of_gaps_are_whole(points: tuple[str, str], marks: list[str]) -> None:
    from decimal import Decimal

    item = Cloze(
        id="a",
        text=RichText((Paragraph((Gap("x"), Text(" and "), Gap("y"))),)),
        points=sum(map(Decimal, points), Decimal(0)),
        gaps=(
            TextGap(name="x", answers=(TextAnswer(text='}~#=\\/"*'),), points=Decimal(points[0])),
            ChoiceGap(name="y", choices=choices(False, False), points=Decimal(points[1])),
        ),
    )
    text = question(item).findtext("questiontext/text") or ""
    assert text == (
        f"<p>{{{marks[0]}:SA:=&#125;&#126;&#35;&#61;&#92;/&#34;&#92;&#42;}} and "
        f"{{{marks[1]}:MC:=c0~c1}}</p>"
    )


def test_ids_categories_and_names_are_the_authors() -> None:
    root = written(
        TrueFalse(id="tf", title="A <b>bold</b> claim", stem=plain("?"), answer=True),
        FileUpload(id="up", stem=plain("?"), max_files=3, accept=(".pdf", ".tar.gz")),
        title="Quiz a/b",
    )
    assert said(root, "question/category/text") == ["$course$/top/Quiz a//b"]
    assert said(root, "question/idnumber") == ["", "tf", "up"]
    assert said(root, "question/name/text") == ["A < b>bold< /b> claim", "up"]
    assert said(root, "question/attachments") == ["3"]
    assert said(root, "question/filetypeslist") == [".pdf,.tar.gz"]
