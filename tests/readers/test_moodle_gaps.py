"""Moodle's texts with gaps: embedded answers, words to be chosen, words to be dragged."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from moodle_files import changed, items, left_out, one, question

from coursec.model.items import ChoiceGap, Cloze, NumberGap, TextGap
from coursec.model.text import Code, Gap, LineBreak, Paragraph, RichText, Strong, Text, plain, walk

D = Decimal


def cloze(text: str, style: str = "html") -> Cloze:
    item = one("cloze", text=text, style=style)
    assert isinstance(item, Cloze)
    return item


def typed(code: str) -> TextGap:
    (gap,) = cloze(f"a {code} b").gaps
    assert isinstance(gap, TextGap)
    return gap


@pytest.mark.parametrize("kind", ["SA", "SHORTANSWER", "MW"])
def test_words_in_any_case(kind: str) -> None:
    gap = typed(f"{{3:{kind}:=cat~%50%kitten#nearly~dog#no}}")
    assert [(a.text, a.weight) for a in gap.answers] == [
        ("cat", 1),
        ("kitten", D("0.5")),
        ("dog", 0),
    ]
    assert [a.feedback for a in gap.answers] == [None, plain("nearly"), plain("no")]
    assert (gap.points, gap.case_sensitive) == (3, False)


def test_a_no_break_space_before_an_answer_is_a_part_of_it() -> None:
    (gap,) = cloze("a {1:MC: \u00a0- x~=y}").gaps
    assert isinstance(gap, ChoiceGap)
    assert gap.choices[0].text == plain("\u00a0- x")


@pytest.mark.parametrize("kind", ["SAC", "SHORTANSWER_C", "MWC"])
def test_words_in_which_capitals_count(kind: str) -> None:
    assert typed(f"{{:{kind}:=Cat}}").case_sensitive


@pytest.mark.parametrize(
    ("kind", "shuffled"),
    [("MC", False), ("MULTICHOICE", False), ("MCS", True), ("MULTICHOICE_S", True)],
)
def test_menus(kind: str, shuffled: bool) -> None:
    item = cloze(f"a {{2:{kind}:~<b>x</b>~=y#yes~%-25%z}} b")
    (gap,) = item.gaps
    assert isinstance(gap, ChoiceGap)
    assert gap.choices[0].text == RichText((Paragraph((Strong((Text("x"),)),)),))
    assert [(c.correct, c.weight) for c in gap.choices] == [
        (False, None), (True, None), (False, D("-0.25")),
    ]  # fmt: skip
    assert gap.choices[1].feedback == plain("yes")
    assert (item.points, item.shuffle) == (2, shuffled)


@pytest.mark.parametrize("kind", ["MCV", "MCHS", "MULTICHOICE_VS", "MULTICHOICE_H"])
def test_choices_that_stand_open_become_menus(kind: str) -> None:
    item, said = changed("cloze", text=f"a {{:{kind}:=x~y}}")
    assert isinstance(item, Cloze)
    assert isinstance(item.gaps[0], ChoiceGap)
    assert said == "W708 Choices that stand open in the text become a menu."


@pytest.mark.parametrize("kind", ["NM", "NUMERICAL"])
def test_numbers(kind: str) -> None:
    (gap,) = cloze(f"a {{:{kind}:=-1.5:0.1~%50%2}} b").gaps
    assert isinstance(gap, NumberGap)
    assert [(a.low, a.high, a.weight) for a in gap.answers] == [
        (D("-1.6"), D("-1.4"), 1), (2, 2, D("0.5")),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("{:SA:=a&#126;b&#125;c&#35;d}", "a~b}c#d"),
        (r"{:SA:=a\}b\#c}", "a}b#c"),
        (r"{:SA:=a\~b}", r"a\~b"),
        ("{:SA:=R&D}", "R&D"),
        ("{:SA:=&lt;p&gt; &amp;amp;}", "<p> &amp;"),
        ("{:SA:=&notin x&copy}", "&notin x&copy"),
        (r"{:SA:=a\*b}", "a*b"),
        ("{:SA:==a}", "=a"),
        ("{:SA:=%50%a}", "%50%a"),
    ],
)
def test_signs_in_a_gap(code: str, text: str) -> None:
    assert [a.text for a in typed(code).answers] == [text]


def test_a_percentage_may_have_a_comma() -> None:
    assert typed("{:SA:%100%a~%33,3%b}").answers[1].weight == D("0.333")


def test_what_looks_like_a_gap_is_text() -> None:
    item = cloze("{1:XX:=a} {:SA=a} {} {:SA:=b} {1:SA:=never ends")
    assert len(item.gaps) == 1
    shown = [node.text for node in walk(item.text) if isinstance(node, Text)]
    assert shown == ["{1:XX:=a} {:SA=a} {} ", " {1:SA:=never ends"]


def test_gaps_stand_where_they_stood() -> None:
    item = cloze("<p>a {:SA:=x}</p><ul><li>{:NM:=1} b</li></ul>")
    assert [node.name for node in walk(item.text) if isinstance(node, Gap)] == ["gap1", "gap2"]
    assert [gap.name for gap in item.gaps] == ["gap1", "gap2"]


@pytest.mark.parametrize("style", ["moodle_auto_format", "plain_text"])
def test_lines_of_texts_that_are_no_html(style: str) -> None:
    item = cloze("one {:SA:=x}\ntwo", style)
    parts = (Text("one "), Gap("gap1"), LineBreak(), Text("two"))
    assert item.text == RichText((Paragraph(parts),))


def test_what_is_told_to_any_other_answer_is_lost() -> None:
    _, said = changed("cloze", text="{:SA:=a~*#no}")
    assert said == "W707 What a gap says to any other answer is left out."


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("no gap", "its text has no gap"),
        ("{:MR:=a~=b~c}", "a gap takes several answers at once"),
        ("{:MULTIRESPONSE_HS:=a~b}", "a gap takes several answers at once"),
        ("{:MC:=a}", "a menu has fewer than two choices"),
        ("{:MC:%50%a~%50%b}", "a gap has no answer that earns all its points"),
        ("{:SA:}", "a gap has no answer that earns all its points"),
        ("{0:SA:=a}", "a gap counts no points"),
        ("{:NM:=3,5}", "`3,5` is no number in Moodle's notation"),
        ("<video>{:SA:=a}</video>", "a gap stands where none can"),
        ('<img src="x.png" alt="{:SA:=a}">', "a gap stands where none can"),
    ],
)
def test_texts_whose_gaps_the_language_cannot_say(text: str, why: str) -> None:
    assert left_out("cloze", text=text) == why


def test_an_element_that_looks_like_our_own_mark_makes_no_second_gap() -> None:
    text = '<coursec-gap name="gap1"></coursec-gap>{:SA:=a}'
    assert left_out("cloze", text=text) == "a gap stands where none can"


def test_gaps_in_code_stand_in_a_paragraph() -> None:
    item, said = changed("cloze", text="<pre><code>x = {:SA:=a}</code></pre>")
    assert isinstance(item, Cloze)
    assert item.text == RichText((Paragraph((Code("x = "), Gap("gap1"))),))
    assert said == "W708 Code with marks in it is imported as a paragraph."


@given(
    st.text(alphabet="{}:=~%#\\\\&;SANMC1a*. <p>", max_size=40), st.text("{}~#\\\\a", max_size=9)
)
@settings(max_examples=200, deadline=None)
def test_whatever_a_gap_holds_it_is_read_or_left_out(code: str, after: str) -> None:
    found, said = items(question("cloze", text=f"a {{1:SA:={code}}} b {after}"))
    assert len(found) + sum(line.startswith("W706") for line in said) == 1
    for item in found:
        assert isinstance(item, Cloze)
        names = [node.name for node in walk(item.text) if isinstance(node, Gap)]
        assert names == [gap.name for gap in item.gaps]


# ------------------------------------------------------------------------ chosen and dragged words


def words(kind: str, *rows: tuple[str, str]) -> str:
    name = "selectoption" if kind == "gapselect" else "dragbox"
    return "".join(
        f"<{name}><text><![CDATA[{word}]]></text><group>{group}</group></{name}>"
        for word, group in rows
    )


WORDS = (("cat", "1"), ("mat", "2"), ("dog", "1"), ("<b>hat</b>", "2"))


def test_words_to_be_chosen() -> None:
    rest = f"<defaultgrade>3</defaultgrade>{words('gapselect', *WORDS)}"
    item = one("gapselect", rest, "The [[1]] on the [[2]], a [[3]].")
    assert isinstance(item, Cloze)
    gaps = [gap for gap in item.gaps if isinstance(gap, ChoiceGap)]
    assert [[c.text for c in gap.choices] for gap in gaps] == [
        [plain("cat"), plain("dog")], [plain("mat"), plain("hat")], [plain("cat"), plain("dog")],
    ]  # fmt: skip
    assert [[c.correct for c in gap.choices] for gap in gaps] == [
        [True, False], [True, False], [False, True],
    ]  # fmt: skip
    assert [gap.points for gap in gaps] == [1, 1, 1]
    assert item.shuffle is True


def test_words_to_be_dragged_are_chosen() -> None:
    item, said = changed("ddwtos", words("ddwtos", *WORDS), "The [[1]] on the [[2]].")
    assert isinstance(item, Cloze)
    second = item.gaps[1]
    assert isinstance(second, ChoiceGap)
    assert second.choices[1].text == RichText((Paragraph((Strong((Text("hat"),)),)),))
    assert said == "W708 The words are chosen from menus instead of being dragged."


def test_a_group_of_one_word_is_filled_up() -> None:
    rest = words("gapselect", ("cat", "1"), ("mat", "2"), ("hat", "2"))
    item, said = changed("gapselect", rest, "[[1]]")
    assert isinstance(item, Cloze)
    (gap,) = item.gaps
    assert isinstance(gap, ChoiceGap)
    assert [(c.text, c.correct) for c in gap.choices] == [
        (plain("cat"), True), (plain("mat"), False), (plain("hat"), False),
    ]  # fmt: skip
    assert said.startswith("W708 For `[[1]]` there is one word to choose from")


@pytest.mark.parametrize(
    ("rows", "text", "why"),
    [
        (WORDS, "The [[9]].", "`[[9]]` names a word that is not there"),
        (WORDS, "No place.", "its text has no gap"),
        (WORDS[:1], "[[1]]", "there is nothing to choose from for `[[1]]`"),
    ],
)
def test_words_that_cannot_be_chosen(
    rows: tuple[tuple[str, str], ...], text: str, why: str
) -> None:
    assert left_out("gapselect", words("gapselect", *rows), text) == why


def test_types_that_the_language_lacks_are_named() -> None:
    kinds = ("calculated", "calculatedmulti", "ddmarker", "ddimageortext", "random", "stack", "new")
    found, said = items(*map(question, kinds))
    assert found == []
    assert sorted(line.rpartition(": ")[2] for line in said) == sorted(
        f"`{kind}` is no type that the language has." for kind in kinds
    )
