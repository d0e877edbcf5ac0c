"""Moodle XML: what every question has, choices and judgements, and other tools' habits."""

from __future__ import annotations

from base64 import b64encode
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from moodle_files import answer, changed, items, left_out, one, question, told

from coursec.diagnostics import Diagnostics
from coursec.model.items import (
    MultipleChoice,
    SingleChoice,
    TrueFalse,
)
from coursec.model.scoring import multiple_shares
from coursec.model.text import Emphasis, Image, LineBreak, Math, Paragraph, RichText, Text, plain
from coursec.model.text import walk as walked
from coursec.readers.moodle import _READERS, read
from courses import PNG

D = Decimal
TWO = answer("100", "a") + answer("0", "b")


def single(rest: str) -> SingleChoice:
    item = one("multichoice", rest)
    assert isinstance(item, SingleChoice)
    return item


# ------------------------------------------------------------------------ what every type has


def test_everything_that_stands_around_a_question() -> None:
    rest = (
        "<defaultgrade>2.5</defaultgrade><idnumber> q-1 </idnumber><penalty>0.1</penalty>"
        + told("generalfeedback", "General.")
        + told("correctfeedback", "Right.")
        + told("partiallycorrectfeedback", "Partly.")
        + told("incorrectfeedback", "Wrong.")
        + told("hint", "First.")
        + told("hint", "Second.")
        + "<tags><tag><text>a, b</text></tag><tag><text>outcome:LO1</text></tag>"
        + "<tag><text>bloom:apply</text></tag></tags>"
    )
    item = single(rest + TWO)
    assert (item.id, item.title, item.points) == ("q-1", "Name", D("2.5"))
    given = item.feedback
    assert [given.general, given.correct, given.partial, given.incorrect] == [
        plain(f"{word}.") for word in ("General", "Right", "Partly", "Wrong")
    ]
    assert item.hints == (plain("First."), plain("Second."))
    assert (item.tags, item.outcomes, item.bloom) == (("a, b",), ("LO1",), "apply")


def test_a_name_that_is_the_id_is_no_title() -> None:
    assert single(f"<idnumber>Name</idnumber>{TWO}").title is None


def test_a_name_is_shown_without_tags_and_cut_where_moodle_cuts_it() -> None:
    body = question("description").replace(">Name<", ">&lt;b&gt;A  name&lt;/b&gt; x &lt; 3<")
    assert items(body)[0][0].title == "A name x < 3"
    (item,), said = items(question("description").replace(">Name<", f">{'x' * 300}<"))
    assert item.title == "x" * 249 + "…"
    assert said == ["W708 The name is longer than Moodle takes: it is cut."]


@pytest.mark.parametrize(
    ("written", "points", "codes"), [("0", 0, []), ("abc", 1, ["W708"]), ("", 1, [])]
)
def test_marks(written: str, points: int, codes: list[str]) -> None:
    body = question("multichoice", f"<defaultgrade>{written}</defaultgrade>{TWO}")
    (item,), said = items(body)
    assert item.points == points
    assert [line[:4] for line in said] == codes


def test_a_text_marked_with_its_language() -> None:
    item = one("description", text='<div lang="de"><p>Hallo</p></div>')
    assert (item.language, item.stem) == ("de", plain("Hallo"))


def test_a_hidden_question_is_left_out() -> None:
    assert left_out("description", "<hidden>1</hidden>") == "it is hidden in Moodle"


def test_the_line_of_a_question_is_its_place() -> None:
    sink = Diagnostics()
    source = (
        f"<?xml version='1.0'?>\n<quiz>\n\n{question('description')}\n{question('stack')}</quiz>"
    )
    (reading,) = read("bank.xml", source.encode(), sink)
    assert [item.span and item.span.line for item in reading.items] == [4]
    assert [(d.code, d.span.path, d.span.line) for d in sink] == [("W706", "bank.xml", 5)]


# ------------------------------------------------------------------------ texts and files


def test_the_formats_of_texts() -> None:
    written = "a *b*\n<i>c</i>"
    lines = RichText((Paragraph((Text("a *b*"), LineBreak(), Text("<i>c</i>"))),))
    assert one("description", text=written, style="plain_text").stem == lines
    auto = RichText((Paragraph((Text("a *b*"), LineBreak(), Emphasis((Text("c"),)))),))
    assert one("description", text=written, style="moodle_auto_format").stem == auto
    stressed = one("description", text=written, style="markdown").stem
    assert Emphasis((Text("b"),)) in list(walked(stressed))
    html = one("description", text=written, style="no such format").stem
    assert html == one("description", text=written).stem


def test_formulas_are_text_where_a_text_is_plain() -> None:
    text = r"\(x\)"
    assert one("description", text=text).stem == RichText((Paragraph((Math("x"),)),))
    assert one("description", text=text, style="plain_text").stem == plain(text)


def test_texts_that_name_no_format_have_that_of_the_question() -> None:
    rest = "<generalfeedback><text>a\nb</text></generalfeedback>"
    given = one("description", rest, style="plain_text").feedback.general
    assert given == RichText((Paragraph((Text("a"), LineBreak(), Text("b"))),))


def test_files_are_found_by_path_and_name() -> None:
    data = b64encode(PNG).decode()
    gif = b64encode(b"GIF89a" + bytes(20)).decode()
    text = (
        '<img alt="1" src="@@PLUGINFILE@@/one/a.png">'
        '<img alt="2" src="@@PLUGINFILE@@/b%20c.png?x=1">'
    )
    body = question("description", text=text).replace(
        "</questiontext>",
        f'<file name="a.png" path="/two/" encoding="base64">{gif}</file>'
        f'<file name="a.png" path="/one/" encoding="base64">{data}</file>'
        f'<file name="b c.png" path="/" encoding="base64">{data}</file></questiontext>',
    )
    (item,), said = items(body)
    assert said == []
    images = [node.asset.data for node in walked(item.stem) if isinstance(node, Image)]
    assert images == [PNG, PNG]


def test_files_that_are_broken_or_no_images_are_said() -> None:
    text = (
        '<p>x <img alt="1" src="@@PLUGINFILE@@/a.png"><img alt="2" src="@@PLUGINFILE@@/b.png"></p>'
    )
    body = question("description", text=text).replace(
        "</questiontext>",
        '<file name="a.png" encoding="base64">%%%</file>'
        '<file name="b.png" encoding="base64">aGVsbG8=</file></questiontext>',
    )
    _, said = items(body)
    assert sorted(said, reverse=True) == [
        "W709 The file `a.png` is not in the question.",
        "W707 `b.png` is not a PNG, JPEG, GIF or plain SVG.",
    ]


def test_markup_that_is_not_escaped_is_read_and_said() -> None:
    body = question("description").replace("<![CDATA[<p>Q?</p>]]>", "Is <em>this</em> read?")
    (item,), said = items(body)
    assert item.stem == RichText(
        (Paragraph((Text("Is "), Emphasis((Text("this"),)), Text(" read?"))),)
    )
    assert said == ["W708 A text holds markup that is not escaped: Moodle refuses the file."]


def test_an_element_that_looks_like_our_own_mark_is_no_gap() -> None:
    item = one("description", text='<p>a<coursec-gap name="gap1"></coursec-gap>b</p>')
    assert item.stem == plain("ab")


# ------------------------------------------------------------------------ choices


def test_several_choices_with_wrong_ones_that_cost_the_same() -> None:
    rest = answer("50", "a") + answer("50.000", "b") + answer("-50", "c", told("feedback", "No."))
    item = one("multichoice", f"<single>false</single><shuffleanswers>1</shuffleanswers>{rest}")
    assert isinstance(item, MultipleChoice)
    assert [(c.correct, c.weight) for c in item.choices] == [(True, None)] * 2 + [(False, None)]
    assert item.choices[2].feedback == plain("No.")
    assert item.shuffle is True


@pytest.mark.parametrize(
    ("written", "is_single"),
    [("true", True), ("1", True), ("false", False), ("0", False), ("", False), ("yes", True)],
)
def test_what_moodle_takes_for_single(written: str, is_single: bool) -> None:
    item = one("multichoice", f"<single>{written}</single>{TWO}")
    assert isinstance(item, SingleChoice) is is_single


def test_what_moodle_misreads_for_single_is_said() -> None:
    item, said = changed("multichoice", f"<single>False</single>{TWO}")
    assert isinstance(item, MultipleChoice)
    assert said == "W708 Moodle takes `False` in `single` for true: here it is false."


def test_choices_without_a_text_are_none() -> None:
    assert len(single(TWO + answer("0", "")).choices) == 2


def test_a_second_choice_that_earns_everything_earns_nearly_all() -> None:
    item, said = changed("multichoice", answer("100", "a") + answer("100", "b") + answer("0", "c"))
    assert isinstance(item, SingleChoice)
    assert [(c.correct, c.weight) for c in item.choices] == [
        (True, None), (False, D("0.99")), (False, None),
    ]  # fmt: skip
    assert said.startswith("W708 Several choices earn everything")


def test_right_choices_that_earn_too_much_share_the_points() -> None:
    rest = answer("100", "a") + answer("100", "b") + answer("0", "c")
    item, said = changed("multichoice", f"<single>0</single>{rest}")
    assert isinstance(item, MultipleChoice)
    assert sum(share for share in multiple_shares(item) if share > 0) == 1
    assert said == "W708 The right choices earn 200 % together: here they share all the points."


def test_percentages_that_were_rounded_are_what_they_were_meant_to_be() -> None:
    rest = "".join(answer("33.33", word) for word in "abc") + answer("0", "d")
    (item,), said = items(question("multichoice", f"<single>0</single>{rest}"))
    assert isinstance(item, MultipleChoice)
    assert [c.weight for c in item.choices] == [None, None, None, 0]
    assert said == ["W708 Moodle takes no share of 33.33 %, and refuses the file."]


def test_a_wrong_choice_that_stands_twice_is_imported_once() -> None:
    item, said = changed("multichoice", TWO + answer("0", "b"))
    assert isinstance(item, SingleChoice)
    assert len(item.choices) == 2
    assert said == "W708 A wrong choice stands twice: it is imported once."


@pytest.mark.parametrize(
    ("rest", "why"),
    [
        (answer("100", "a"), "it has fewer than two choices"),
        ("", "it has fewer than two choices"),
        (answer("50", "a") + answer("50", "b"), "no choice earns all the points"),
        (f"<single>0</single>{answer('0', 'a')}{answer('0', 'b')}",
         "no choice earns points, so none is right"),
        (answer("half", "a") + answer("0", "b"), "`half` is no percentage"),
        (TWO + answer("0", "<video src='x.mp4'></video>"),
         "one of its choices shows nothing that the language has"),
    ],
)  # fmt: skip
def test_choice_questions_without_a_key_are_left_out(rest: str, why: str) -> None:
    assert left_out("multichoice", rest) == why


# ------------------------------------------------------------------------ judgements


@pytest.mark.parametrize(
    ("answers", "key"),
    [
        ((("100", "true"), ("0", "false")), True),
        ((("0", "true"), ("100", "false")), False),
        ((("100", "false"), ("0", "true")), False),
        ((("0", "True"), ("100", "False")), False),
    ],
)
def test_judgements_go_by_their_words(answers: tuple[tuple[str, str], ...], key: bool) -> None:
    rest = "".join(answer(p, word, told("feedback", word.lower())) for p, word in answers)
    item = one("truefalse", rest)
    assert isinstance(item, TrueFalse)
    assert item.answer is key
    assert (item.feedback_true, item.feedback_false) == (plain("true"), plain("false"))


def test_judgements_in_other_words_go_by_their_order() -> None:
    item, said = changed("truefalse", answer("0", "Falsch") + answer("100", "Wahr"))
    assert isinstance(item, TrueFalse)
    assert item.answer is False  # as Moodle takes it
    assert said.startswith("W708 The answers are `Falsch` and `Wahr`: the first is taken for true")


# ------------------------------------------------------------------------ files nobody means well


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ('<!DOCTYPE quiz [<!ENTITY a "aaaa">]><quiz>&a;</quiz>', "E704"),
        ('<!DOCTYPE quiz [<!ENTITY a SYSTEM "file:///etc/passwd">]><quiz>&a;</quiz>', "E704"),
        ("<quiz><question>&nbsp;</question></quiz>", "E701"),
        ("<quiz>" + "<a>" * 100_000, "E701"),
        ("<quiz><question type='essay'>", "E701"),
        ("", "E701"),
        ("<questestinterop/>", "E702"),
    ],
)
def test_broken_and_hostile_files(source: str, code: str) -> None:
    sink = Diagnostics()
    assert read("bank.xml", source.encode(), sink) == []
    assert [finding.code for finding in sink] == [code]


def test_a_file_in_an_encoding_of_its_own() -> None:
    source = f'<?xml version="1.0" encoding="windows-1252"?><quiz>{question("description")}</quiz>'
    sink = Diagnostics()
    (reading,) = read("bank.xml", source.replace("Q?", "Größe").encode("cp1252"), sink)
    assert [item.stem for item in reading.items] == [plain("Größe")]
    assert list(sink) == []
    assert read("bank.xml", b"<quiz>\xff</quiz>", sink) == []
    assert [finding.code for finding in sink] == ["E701"]


_PIECES = st.sampled_from(
    [
        *("<answer fraction='100'>", "<answer>", "</answer>", "<text>", "</text>", "a", "*", "1"),
        *(
            "<subquestion>",
            "</subquestion>",
            "<units>",
            "</units>",
            "<single>0</single>",
            "<hint/>",
        ),
        *("<feedback>", "</feedback>", "<tolerance>1</tolerance>", "<selectoption>", "[[1]]"),
        *("</selectoption>", "<defaultgrade>-1</defaultgrade>", "<graderinfo><text>x</text>"),
        *("</graderinfo>", "&lt;p&gt;", "{1:SA:=a}", "<attachments>-9</attachments>"),
    ]
)


@given(st.sampled_from(sorted(_READERS)), st.lists(_PIECES, max_size=12))
@settings(max_examples=150, deadline=None)
def test_whatever_a_question_holds_it_is_read_or_left_out(kind: str, pieces: list[str]) -> None:
    sink = Diagnostics()
    body = f"<question type='{kind}'><questiontext><text>x</text></questiontext>{''.join(pieces)}"
    readings = read("bank.xml", f"<quiz>{body}</question></quiz>".encode(), sink)
    left = [finding.code for finding in sink if finding.code in ("E701", "W706")]
    assert sum(len(reading.items) for reading in readings) + len(left) == 1
