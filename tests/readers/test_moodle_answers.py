"""Moodle XML: words and numbers to be typed, pairs, orders, and what a person marks."""

from __future__ import annotations

from decimal import Decimal

import pytest
from moodle_files import answer, changed, items, left_out, one, question, told

from coursec.model.items import (
    Essay,
    FileUpload,
    Matching,
    Numeric,
    Ordering,
    ShortAnswer,
    TextItem,
)
from coursec.model.text import plain

D = Decimal


# ------------------------------------------------------------------------ words and numbers


def test_words_to_be_typed() -> None:
    rest = (
        answer("100", r"2\*3") + answer("50", "<b>", told("feedback", "Nearly."))
        + answer("0", "six", told("feedback", "In digits."))
        + answer("0", "*", told("feedback", "No."))
    )  # fmt: skip
    item = one("shortanswer", f"<usecase>1</usecase>{rest}")
    assert isinstance(item, ShortAnswer)
    assert [(a.text, a.weight) for a in item.answers] == [("2*3", 1), ("<b>", D("0.5")), ("six", 0)]
    assert item.answers[1].feedback == plain("Nearly.")
    assert item.feedback.incorrect == plain("No.")
    assert item.case_sensitive


def test_capitals_count_only_where_it_is_said() -> None:
    item = one("shortanswer", f"<usecase/>{answer('100', 'a')}")
    assert isinstance(item, ShortAnswer)
    assert not item.case_sensitive


@pytest.mark.parametrize(
    ("rest", "texts", "said"),
    [
        (answer("100", "get*(*)"), ["get()"],
         "W708 For a star in `get*(*)` any characters may stand in Moodle: here none may."),
        (answer("100", "a") + answer("50", "A"), ["a"],
         "W708 The answer `A` stands twice: the first counts."),
        (answer("100", "a") + answer("-50", "b"), ["a", "b"],
         "W708 The answer `b` costs points: here it earns nothing."),
        (answer("80", "a") + answer("40", "b"), ["a", "b"],
         "W708 The best answer earns 80 %: here it earns everything."),
        (answer("100", "a  b"), ["a b"],
         "W708 Blanks in the answer `a b` count in Moodle; here each run of them is one."),
        (answer("100", "a") + answer("100", "b\nc"), ["a"],
         "W707 The answer `b c` is left out: nobody can type a line end."),
        (answer("100", "a") + answer("20", "*"), ["a"],
         "W707 That any other answer earns 20 % is left out."),
    ],
)  # fmt: skip
def test_what_cannot_be_typed_as_moodle_takes_it(rest: str, texts: list[str], said: str) -> None:
    item, message = changed("shortanswer", rest)
    assert isinstance(item, ShortAnswer)
    assert [a.text for a in item.answers] == texts
    assert max(a.weight for a in item.answers) == 1
    assert message == said


def test_words_nobody_can_type_are_left_out() -> None:
    assert left_out("shortanswer", answer("100", "*")) == "it has no answer that could be typed"
    assert left_out("shortanswer", answer("0", "a")) == "no answer earns points, so none is right"


def number(percent: str, text: str, margin: str = "") -> str:
    return answer(percent, text, f"<tolerance>{margin}</tolerance>" if margin else "")


def test_numbers_to_be_typed() -> None:
    rest = (
        number("100", "-1.5e3", "0.5") + number("50", ".25")
        + answer("0", "*", told("feedback", "No."))
    )  # fmt: skip
    item = one("numerical", rest)
    assert isinstance(item, Numeric)
    assert [(a.low, a.high, a.weight) for a in item.answers] == [
        (D("-1500.5"), D("-1499.5"), 1), (D("0.25"), D("0.25"), D("0.5")),
    ]  # fmt: skip
    assert item.feedback.incorrect == plain("No.")
    assert item.unit is None


@pytest.mark.parametrize("written", ["3,14", "1 000", "5 kg", "0x1F", "1/2", "", "1e999"])
def test_what_is_no_number_is_left_out(written: str) -> None:
    assert "is no number in Moodle's notation" in left_out("numerical", number("100", written))
    assert left_out("numerical", number("100", "1", "0,1")).startswith("`0,1` is no number")


def test_any_number_is_no_question() -> None:
    assert left_out("numerical", answer("100", "*")).startswith("it has no number")


def test_where_the_first_number_counts_and_not_the_best_it_is_said() -> None:
    _, said = changed("numerical", number("50", "10", "5") + number("100", "9.8", "0.1"))
    assert said == "W708 Moodle takes the first answer that fits: here the best one counts."


def test_units() -> None:
    def unit(factor: str, name: str) -> str:
        return f"<unit><multiplier>{factor}</multiplier><unit_name>{name}</unit_name></unit>"

    item = one("numerical", f"{number('100', '5')}<units>{unit('1', 'km')}</units>")
    assert isinstance(item, Numeric)
    assert item.unit == "km"
    item, said = changed(
        "numerical", f"{number('100', '5')}<units>{unit('1000', 'm')}{unit('1', 'km')}</units>"
    )
    assert isinstance(item, Numeric)
    assert item.unit == "km"
    assert said.startswith("W707 Other units are left out")
    graded = "<unitgradingtype>1</unitgradingtype>"
    _, said = changed("numerical", f"{number('100', '5')}<units>{unit('1', 'm')}</units>{graded}")
    assert said == "W707 That the unit must be right is left out."


def test_shares_of_old_files_stand_in_an_element() -> None:
    rest = "<answer><text>5</text><fraction>1</fraction></answer>"
    item = one("numerical", rest)
    assert isinstance(item, Numeric)
    assert item.answers[0].weight == 1


# ------------------------------------------------------------------------ pairs and orders


def pair(premise: str, response: str) -> str:
    return (
        f"<subquestion><text><![CDATA[{premise}]]></text>"
        f"<answer><text><![CDATA[{response}]]></text></answer></subquestion>"
    )


def test_pairs_distractors_and_menus() -> None:
    rest = pair("<b>a</b>", "<i>x</i> &lt; y") + pair("b", "z") + pair("", "z") + pair("", "w")
    item = one("matching", f"<shuffleanswers>false</shuffleanswers>{rest}")
    assert isinstance(item, Matching)
    assert [p.response for p in item.pairs] == [plain("x < y"), plain("z")]
    assert item.distractors == (plain("w"),)
    assert item.shuffle is False
    shuffled = one("match", pair("a", "x") + pair("b", "y"))
    assert shuffled.shuffle is True


def test_pairs_that_are_none() -> None:
    item, said = changed("matching", pair("a", "x") + pair("b", "y") + pair("c", ""))
    assert isinstance(item, Matching)
    assert len(item.pairs) == 2
    assert said == "W707 A premise without a response is left out."
    assert left_out("matching", pair("a", "x")) == "it has fewer than two pairs"


ALL = "<selecttype>ALL</selecttype>"
ABSOLUTE = "<gradingtype>ABSOLUTE_POSITION</gradingtype>"


def test_orders() -> None:
    entries = answer("1", "a") + answer("2", "<b>b</b>") + answer("3", "c")
    item = one("ordering", ALL + ABSOLUTE + entries)
    assert isinstance(item, Ordering)
    assert item.sequence[::2] == (plain("a"), plain("c"))
    _, said = changed("ordering", ALL + entries)
    assert said == "W708 Each entry is marked by its place: in Moodle it is otherwise."
    _, said = changed(
        "ordering",
        f"{ABSOLUTE}<selecttype>RANDOM</selecttype><selectcount>2</selectcount>{entries}",
    )
    assert said == "W708 All 3 entries are put in order: in Moodle 2 of them."
    assert left_out("ordering", answer("1", "a")) == "it has fewer than two entries"


# ------------------------------------------------------------------------ what a person marks


def test_essays() -> None:
    rest = (
        "<responsefieldlines>20</responsefieldlines><minwordlimit>5</minwordlimit>"
        "<maxwordlimit>50</maxwordlimit>" + told("responsetemplate", "Dear")
    )
    item = one("essay", rest)
    assert isinstance(item, Essay)
    assert (item.lines, item.min_words, item.max_words) == (20, 5, 50)
    assert item.template == plain("Dear")
    assert one("essay") == Essay(id="", title="Name", stem=plain("Q?"))


def test_information_for_graders_is_a_sample_answer() -> None:
    item, said = changed("essay", told("graderinfo", "Look for <b>x</b>."))
    assert isinstance(item, Essay)
    assert item.sample_answer is not None
    assert said == "W708 Information for graders is imported as the sample answer."


def test_files_beside_a_text_are_said() -> None:
    item, said = changed("essay", "<attachments>1</attachments>")
    assert isinstance(item, Essay)
    assert said == "W707 Files that may be handed in beside the text are left out."


def test_files_alone_are_an_upload() -> None:
    rest = (
        "<responserequired>0</responserequired><attachments>-1</attachments>"
        "<attachmentsrequired>1</attachmentsrequired><filetypeslist>.pdf;.zip</filetypeslist>"
        + told("graderinfo", "<p>Look <b>twice</b>.</p>")
    )
    (item,), said = items(question("essay", rest))
    assert isinstance(item, FileUpload)
    assert (item.accept, item.max_files, item.notes) == ((".pdf", ".zip"), 10, "Look twice.")
    assert [line[:4] for line in said] == ["W707", "W708", "W708"]


def test_an_extension_beside_a_group_of_files_would_be_too_few() -> None:
    rest = (
        "<responseformat>noinline</responseformat><attachments>1</attachments>"
        "<filetypeslist>.pdf,document</filetypeslist>"
    )
    item, said = changed("essay", rest)
    assert isinstance(item, FileUpload)
    assert item.accept == ()
    assert said.startswith("W707 Kinds of files that are no extensions are left out: document")


def test_descriptions_are_texts() -> None:
    item = one("description", "<defaultgrade>0</defaultgrade>" + told("generalfeedback", "End."))
    assert isinstance(item, TextItem)
    assert item.feedback.general == plain("End.")
