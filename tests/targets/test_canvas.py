"""Canvas's QTI 1.2: what its importers were seen to want, and the whole golden course."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from lxml import etree
from pytest_regressions.file_regression import FileRegressionFixture

from coursec.model.items import (
    Choice,
    ChoiceGap,
    Cloze,
    Essay,
    Item,
    MultipleChoice,
    NumberAnswer,
    Numeric,
    ShortAnswer,
    TextAnswer,
    TextGap,
    TrueFalse,
)
from coursec.model.quiz import Course, Quiz, Section
from coursec.model.text import Gap, Math, Paragraph, RichText, Text, plain
from coursec.targets.canvas import emit
from courses import PNG, quiz_of, read

D = Decimal
GOLDEN = Path(__file__).parents[1] / "golden/course"
NS = {"q": "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"}


def files(quiz: Quiz) -> dict[str, bytes]:
    (artifact,) = emit(quiz)
    assert artifact.path == f"canvas/{quiz.id}.zip"
    with zipfile.ZipFile(BytesIO(artifact.data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def item_of(item: Item, **fields: object) -> etree._Element:
    root = etree.fromstring(files(quiz_of(item, **fields))["quiz_quiz/quiz_quiz.xml"])
    (found,) = root.iterfind(".//q:item", NS)
    return found


def said(node: etree._Element, path: str) -> list[str]:
    return [(found.text or "") for found in node.iterfind(path, NS)]


def kind(node: etree._Element) -> str:
    return said(node, ".//q:fieldentry")[0]


def test_golden(file_regression: FileRegressionFixture) -> None:
    found = files(read(GOLDEN)[1][0])
    shown = "\n".join(
        f"==== {name}\n{data.decode() if name.endswith('.xml') else len(data)}"
        for name, data in sorted(found.items())
    )
    file_regression.check(shown, extension=".txt", encoding="utf-8")


def test_the_package_holds_what_the_manifest_names() -> None:
    found = files(read(GOLDEN)[1][0])
    manifest = etree.fromstring(found["imsmanifest.xml"])
    named = {node.get("href") for node in manifest.iter("{*}file")}
    assert named | {"imsmanifest.xml"} == set(found)
    images = [n for n in manifest.iter("{*}resource") if n.get("type") == "webcontent"]
    assert [found[str(node.get("href"))] for node in images] == [PNG]
    (quiz,) = [n for n in manifest.iter("{*}resource") if n.get("type") == "imsqti_xmlv1p2"]
    (needed,) = quiz.iter("{*}dependency")
    assert needed.get("identifierref") == "quiz_sink-meta"


def test_settings_are_canvas_own() -> None:
    quiz = read(GOLDEN)[1][0]
    meta = etree.fromstring(files(quiz)["quiz_sink/assessment_meta.xml"])
    values = {etree.QName(node).localname: node.text for node in meta}
    assert values["time_limit"] == "90"
    assert values["allowed_attempts"] == "2"
    assert values["description"] == "<p>Read <em>carefully</em>.</p>"
    assert (values["shuffle_answers"], values["shuffle_questions"]) == ("true", "false")


def test_a_number_has_its_bounds_beside_it() -> None:
    """New Quizzes refuses a number without them."""
    answer = NumberAnswer(low=D("9.79"), high=D("9.83"), value=D("9.81"), tolerance=D("0.02"))
    node = item_of(Numeric(id="n", stem=plain("?"), answers=(answer,)))
    assert said(node, ".//q:or/q:varequal") == ["9.81"]
    assert said(node, ".//q:or/q:and/q:vargte") == ["9.79"]
    assert said(node, ".//q:or/q:and/q:varlte") == ["9.83"]
    (exact,) = node.iterfind(".//q:varequal", NS)
    assert (exact.get("margin"), exact.get("margintype")) == ("0.02", "absolute")


def test_several_right_choices_are_one_condition() -> None:
    """Several that set the score would make each right choice the whole key."""
    choices = tuple(Choice(text=plain(t), correct=t != "c") for t in "abc")
    node = item_of(MultipleChoice(id="m", stem=plain("?"), choices=choices))
    (condition,) = node.iterfind(".//q:respcondition", NS)
    assert said(condition, ".//q:and/q:varequal") == ["1001", "1002"]
    assert said(condition, ".//q:not/q:varequal") == ["1003"]


@pytest.mark.parametrize("language", ["de", "en"])
def test_true_and_false_are_the_words_that_canvas_knows(language: str) -> None:
    course = Course(code="T", title="T", language=language)
    node = item_of(TrueFalse(id="t", stem=plain("?"), answer=True), course=course)
    assert kind(node) == "true_false_question"
    assert said(node, ".//q:response_label//q:mattext") == ["True", "False"]


def cloze(*gaps: ChoiceGap | TextGap) -> Cloze:
    nodes = [part for gap in gaps for part in (Gap(gap.name), Text(" [x] [y] "))]
    return Cloze(id="c", text=RichText((Paragraph(tuple(nodes)),)), points=D(2), gaps=gaps)


MENU = ChoiceGap(
    name="x", choices=(Choice(text=plain("cat"), correct=True), Choice(text=plain("dog")))
)
TYPED = TextGap(name="y", answers=(TextAnswer(text="a"), TextAnswer(text="b")))


def test_answers_of_all_blanks_have_names_of_their_own() -> None:
    node = item_of(cloze(MENU, TYPED))
    names = [label.get("ident") for label in node.iterfind(".//q:response_label", NS)]
    assert len(set(names)) == len(names) == 3  # the menu's right word, and two words


def test_what_is_typed_into_a_blank_stands_as_it_is_typed() -> None:
    """Canvas compares with the characters of the file: `&lt;` would have to be typed."""
    odd = ("if (a<b) c", "a &lt; b", "<b>x</b>", "q & r")
    gap = TextGap(name="a", answers=tuple(TextAnswer(text=word) for word in odd))
    node = item_of(cloze(gap))
    assert said(node, ".//q:response_label//q:mattext") == list(odd)
    kinds = {text.get("texttype") for text in node.iterfind(".//q:response_label//q:mattext", NS)}
    assert kinds == {"text/plain"}


def test_brackets_of_the_author_are_no_blanks() -> None:
    """Canvas takes the first `[x]` that it finds, in formulas and in the menus before too."""
    node = item_of(cloze(MENU, TYPED))
    (stem, *_) = said(node, ".//q:mattext")
    names = [str(lid.get("ident")) for lid in node.iterfind(".//q:response_lid", NS)]
    assert names == ["response_x_2", "response_y_2"]
    assert said(node, ".//q:response_lid/q:material/q:mattext") == ["x_2", "y_2"]
    for name in names:
        assert stem.count(f"[{name.removeprefix('response_')}]") == 1
    assert stem.count("[x]") == stem.count("[y]") == 2  # as the author wrote them


def test_brackets_in_menus_and_formulas_are_no_blanks() -> None:
    menu = ChoiceGap(name="x", choices=(Choice(text=plain("[y]"), correct=True), *MENU.choices[1:]))
    nodes = (Gap("x"), Text(" "), Gap("y"), Text(" "), Math("f[y_2]"))
    text = RichText((Paragraph(nodes),))
    item = Cloze(id="c", text=text, points=D(2), gaps=(menu, replace(MENU, name="y")))
    node = item_of(item)
    assert said(node, ".//q:mattext")[0] == "<p>[x] [y_3] \\(f[y_2]\\)</p>"
    names = [lid.get("ident") for lid in node.iterfind(".//q:response_lid", NS)]
    assert names == ["response_x", "response_y_3"]


def test_a_new_name_of_a_blank_is_not_that_of_another() -> None:
    item = cloze(replace(MENU, name="x"), replace(MENU, name="x_2"))
    names = [lid.get("ident") for lid in item_of(item).iterfind(".//q:response_lid", NS)]
    assert names == ["response_x_3", "response_x_2"]


def test_menus_alone_are_menus_and_beside_typed_gaps_typed() -> None:
    assert kind(item_of(cloze(MENU))) == "multiple_dropdowns_question"
    mixed = item_of(cloze(MENU, TYPED))
    assert kind(mixed) == "fill_in_multiple_blanks_question"
    assert "[x_2] (cat / dog)" in said(mixed, ".//q:mattext")[0]


def test_words_that_earn_a_part_do_not_count() -> None:
    answers = (TextAnswer(text=" whole "), TextAnswer(text="half", weight=D("0.5")))
    node = item_of(ShortAnswer(id="s", stem=plain("?"), answers=answers))
    assert said(node, ".//q:varequal") == ["whole"]


def test_an_essay_tells_new_quizzes_its_limits_and_a_sample() -> None:
    essay = Essay(id="e", stem=plain("?"), min_words=50, sample_answer=plain("a < b"))
    node = item_of(essay)
    (response,) = node.iterfind(".//q:response_str", NS)
    assert response.get("word_limit_enabled") == "yes"
    assert (response.get("word_limit_min"), response.get("word_limit_max")) == ("50", None)
    assert said(node, ".//q:fieldentry")[-1] == "<p>a &lt; b</p>"
    (solution,) = node.iterfind(".//q:itemfeedback", NS)
    assert solution.get("ident") == "solution"
    assert said(solution, ".//q:solutionmaterial//q:mattext") == ["<p>a &lt; b</p>"]


def test_an_essay_without_limits_says_nothing_of_them() -> None:
    (response,) = item_of(Essay(id="e", stem=plain("?"))).iterfind(".//q:response_str", NS)
    assert set(response.keys()) == {"ident", "rcardinality"}


def test_a_draw_is_a_group_and_its_questions_are_worth_the_same() -> None:
    items = tuple(
        TrueFalse(id=f"t{n}", stem=plain("?"), answer=True, points=D(n)) for n in (1, 2, 3)
    )
    section = Section(id="section-1", title="Pool", items=items, pick=2)
    found = files(quiz_of(*items, sections=(section,)))["quiz_quiz/quiz_quiz.xml"]
    root = etree.fromstring(found)
    assert said(root, ".//q:selection_number") == ["2"]
    assert said(root, ".//q:points_per_item") == ["2"]
