"""GIFT by anyone: each rule of Moodle's reader as observed, and what no reader should trust."""

from __future__ import annotations

import time
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursec.diagnostics import Diagnostics
from coursec.model.items import (
    Choice,
    ChoiceGap,
    Cloze,
    Essay,
    Feedback,
    Item,
    Matching,
    MultipleChoice,
    NumberAnswer,
    NumberGap,
    Numeric,
    Ordering,
    Pair,
    ShortAnswer,
    SingleChoice,
    TextAnswer,
    TextGap,
    TextItem,
    TrueFalse,
)
from coursec.model.scoring import multiple_shares
from coursec.model.text import (
    Emphasis,
    Gap,
    LineBreak,
    Math,
    Paragraph,
    RichText,
    Strong,
    Text,
    plain,
)
from coursec.readers.gift import read
from coursec.readers.reading import Reading

TESTS = Path(__file__).parents[1]


def reading(source: str | bytes) -> tuple[Reading, Diagnostics]:
    sink = Diagnostics()
    data = source if isinstance(source, bytes) else source.encode()
    (found,) = read("bank.txt", data, sink)
    return found, sink


def said(sink: Diagnostics) -> list[tuple[str, int]]:
    return [(d.code, d.span.line) for d in sink]


def items(source: str) -> list[Item]:
    """Read questions about which there is nothing to say."""
    found, sink = reading(source)
    assert [d.message for d in sink] == []
    return list(found.items)


def one(source: str) -> Item:
    (item,) = items(source)
    return item


def only(source: str, *codes: str) -> Item:
    """Read one question about which these things are said."""
    found, sink = reading(source)
    assert [d.code for d in sink] == list(codes)
    (item,) = found.items
    return item


def left_out(source: str) -> str:
    """Read one question that is left out; return why."""
    found, sink = reading(source)
    assert found.items == ()
    messages = [d.message for d in sink if d.code == "W706"]
    assert len(messages) == 1
    return messages[0]


def lines(*texts: str) -> RichText:
    parts: list[Text | LineBreak] = []
    for text in texts:
        parts += [LineBreak(), Text(text)] if parts else [Text(text)]
    return RichText((Paragraph(tuple(parts)),))


def right(text: str, **fields: object) -> Choice:
    return Choice(text=plain(text), correct=True, **fields)  # type: ignore[arg-type]


def wrong(text: str, **fields: object) -> Choice:
    return Choice(text=plain(text), **fields)  # type: ignore[arg-type]


def exactly(number: str, **fields: object) -> NumberAnswer:
    value = Decimal(number)
    return NumberAnswer(low=value, high=value, value=value, **fields)  # type: ignore[arg-type]


# ------------------------------------------------------------------------- files and blocks (1-8)


def test_blank_lines_stand_between_questions_and_so_does_a_bare_0() -> None:
    found = items("One{T}\n \t\nTwo{F}\n0\nThree{T}")
    assert [item.stem for item in found] == [plain("One"), plain("Two"), plain("Three")]
    assert [item.span and item.span.line for item in found] == [1, 3, 5]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\r\r\n"])
def test_line_ends(end: str) -> None:
    found = items(f"One{{{end}=a{end}~b{end}}}{end}{end}Two{{T}}{end}")
    assert [item.kind for item in found] == ["single_choice", "true_false"]


def test_line_ends_of_two_kinds_are_said() -> None:
    found, sink = reading("One{T}\r\rTwo{T}\n\nThree{T}")
    assert len(found.items) == 3
    assert said(sink) == [("W708", 1)]


def test_a_byte_order_mark_is_no_text() -> None:
    found, sink = reading("\ufeffOne{T}")
    assert found.items[0].stem == plain("One")
    assert not list(sink)


def test_indentation_is_lost_and_no_break_spaces_are_not() -> None:
    assert one("  One\n\t  two\u00a0.{T}").stem == lines("One", "two\u00a0.")


def test_a_line_with_two_slashes_is_a_comment_anywhere() -> None:
    item = one("Where?{\n=here\n// nowhere\n~http://there\n}")
    assert item == SingleChoice(
        id="", stem=plain("Where?"), choices=(right("here"), wrong("http://there"))
    )


@pytest.mark.parametrize("source", ["", "\n\n", "// just a comment", "$CATEGORY: nothing"])
def test_a_file_without_questions_has_no_sections(source: str) -> None:
    found, sink = reading(source)
    assert found.sections == ()
    assert not list(sink)


def test_two_questions_in_one_block_are_left_out_and_the_rest_goes_on() -> None:
    found, sink = reading("::A::One{T}\n::B::Two{F}\n\n::C::Three{T}\n")
    assert [item.title for item in found.items] == ["C"]
    assert said(sink) == [("W706", 1)]
    assert "Put a blank line between" in next(iter(sink)).hint


@pytest.mark.parametrize(
    "source",
    [
        "A text\n::B::Two{F}",
        "::A::One{T}\n::B::Only a text",
        "One{T}\n$CATEGORY: a/b",
        "One {=a} two {=b}",
        "One {=a#set \\{1} ~b}",
        "One } {=a}",
        "One { two",
        "One } two",
    ],
)
def test_what_swallows_another_question_is_left_out(source: str) -> None:
    left_out(source)


def test_a_blank_line_in_the_answers_is_said_once_with_its_lines() -> None:
    found, sink = reading("::A::One{\n=a\n\n~b\n\n0\n~c\n}\n\n::B::Two{T}")
    assert [item.title for item in found.items] == ["B"]
    assert said(sink) == [("W706", 1)]
    assert "Lines 1 to 8 are left out" in next(iter(sink)).message


def test_an_open_brace_does_not_take_sound_questions_with_it() -> None:
    found, sink = reading("One{=a\n\nTwo{T}\n\nThree}")
    assert [item.stem for item in found.items] == [plain("Two")]
    assert said(sink) == [("W706", 1), ("W706", 5)]


# ------------------------------------------------------------------------------- escapes (9-13)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"a\:\#\=\{\}\~b", "a:#={}~b"),
        (r"\\frac\{1\}\{2\}\\neq", r"\frac{1}{2}\neq"),
        (r"\t \( \[ \] \* \->", r"\t \( \[ \] \* \->"),
        (r"\\\\ \\\= \\n", r"\\ \= \n"),
        ("a: b; c ~ d # e = f", "a: b; c ~ d # e = f"),
        ("a ; //b", "a ; //b"),
    ],
)
def test_escapes(written: str, meant: str) -> None:
    assert one(f"[plain]{written}{{T}}").stem == plain(meant)


def test_an_escaped_n_is_a_line_end() -> None:
    assert one(r"[plain]a\nb\n\nc{T}").stem == RichText(
        (*lines("a", "b").blocks, *plain("c").blocks)
    )


def test_escapes_do_not_divide() -> None:
    item = one(r"Q{=a\=b\~c\#d#e\=f ~%0%\%50%g\}}")
    assert item == SingleChoice(
        id="", stem=plain("Q"), choices=(right("a=b~c#d", feedback=plain("e=f")), wrong(r"\%50%g}"))
    )


def test_moodles_own_placeholders_are_said() -> None:
    assert only("a &&058; b{T}", "W708").stem == plain("a : b")


# ------------------------------------------------------------------------------ formats (14-18)


def test_each_format() -> None:
    strong = RichText((Paragraph((Text("a "), Strong((Text("b"),)))),))
    assert one("[html]<p>a <b>b</b></p>{T}").stem == strong
    assert one("[markdown]a **b**{T}").stem == strong
    assert one("a <b>b</b>{T}").stem == strong
    assert one("[moodle]a\\n<b>b</b>{T}").stem == RichText(
        (Paragraph((Text("a"), LineBreak(), Strong((Text("b"),)))),)
    )
    assert one("[plain]a <b>b</b> &amp;{T}").stem == plain("a <b>b</b> &amp;")
    assert one("[HTML]a{T}").stem == plain("[HTML]a")
    assert one("[foo]a{T}").stem == plain("[foo]a")
    assert one("[html][html]a{T}").stem == plain("[html]a")


def test_formulas_are_formulas_but_not_in_plain_text() -> None:
    formula = RichText((Paragraph((Math("x"),)),))
    assert one(r"[html]\\(x\\){T}").stem == formula
    assert one(r"\(x\){T}").stem == formula
    assert one(r"[plain]\\(x\\){T}").stem == plain(r"\(x\)")


def test_choices_feedback_and_premises_have_the_format_of_the_question_or_their_own() -> None:
    emphasis = RichText((Paragraph((Emphasis((Text("x"),)),)),))
    item = one("[markdown]Q{=*x*#*x* ~[plain]*x*#[html]<i>x</i>####*x*}")
    assert item == SingleChoice(
        id="",
        stem=plain("Q"),
        choices=(
            Choice(text=emphasis, correct=True, feedback=emphasis),
            Choice(text=plain("*x*"), feedback=emphasis),
        ),
        feedback=Feedback(general=emphasis),
    )
    matching = one("[markdown]Q{=*x* -> a =[html]<b>y</b> -> b}")
    assert isinstance(matching, Matching)
    assert matching.pairs[0].premise == emphasis
    assert matching.pairs[1].premise == RichText((Paragraph((Strong((Text("y"),)),)),))


def test_a_format_in_front_of_the_name_makes_the_name_a_text() -> None:
    item = one("[html]::N::Q{T}")
    assert (item.title, item.stem) == (None, plain("::N::Q"))


def test_an_image_of_a_course_is_missing_and_one_in_the_text_is_there() -> None:
    item = only('[html]<img src\\="@@PLUGINFILE@@/a.png" alt\\="A">b{T}', "W709")
    assert item.stem == plain("Ab")


# ------------------------------------------------------------- names, ids, tags, categories (19-24)


def test_names() -> None:
    assert one("::A\\: b\n c::Q{T}").title == "A: b c"
    assert one("::a < b <i>c</i>::Q{T}").title == "a < b c"
    assert one("::::Q{T}").title is None
    assert one(":: ::Q{T}").title is None
    assert one("// [id:q]\n::q::Q{T}").title is None
    assert one("::Q{T}").stem == plain("Q")
    assert only("::x<3::Q{T}", "W708").title == "x<3"
    assert len(only(f"::{'x' * 300}::Q{{T}}", "W708").title or "") == 250


def test_id_and_tags_stand_in_comments() -> None:
    item = one(
        "// Kept. [id:a\\]b] [tag: two  words] [id:c]\nQ\n"
        "// [tag:outcome:LO1] [tag:bloom:apply] [tag:difficulty:0.4]\n{T}"
    )
    assert item.id == "a]b"
    assert (item.tags, item.outcomes, item.bloom) == (("two words",), ("LO1",), "apply")
    assert item.difficulty == Decimal("0.4")


def test_a_blank_line_takes_the_id_away() -> None:
    assert one("// [id:a]\n\nQ{T}").id == ""


def test_what_moodle_does_not_take_in_a_comment_is_said() -> None:
    assert only("// [tag:a<b]\nQ{T}", "W708").tags == ("a<b",)
    assert only("// [tag: ]\nQ{T}", "W707").tags == ()
    assert only(f"// [id:{'x' * 101}]\nQ{{T}}", "W708").id == "x" * 101
    assert one("// [id:a\nQ{T}").id == ""


def sections(source: str) -> tuple[str | None, list[tuple[str | None, int]]]:
    found, sink = reading(source)
    assert not list(sink)
    return found.title, [(section.title, len(section.items)) for section in found.sections]


def test_categories_are_sections() -> None:
    source = "$CATEGORY: $course$/top/C/Quiz/A\n\na{T}\n\nb{T}\n\n$CATEGORY: C/Quiz/B//b\n\nc{T}"
    assert sections(source) == ("Quiz", [("A", 2), ("B/b", 1)])
    assert sections("$CATEGORY: C/Quiz\n\na{T}") == ("Quiz", [(None, 1)])
    assert sections("a{T}\n\nb{T}") == (None, [(None, 2)])
    assert sections("$CATEGORY: C\n\n$CATEGORY: C\n\na{T}\n\n$CATEGORY: C\n\nb{T}") == (
        "C",
        [(None, 2)],
    )


def test_a_question_right_below_a_category_is_left_out() -> None:
    found, sink = reading("$CATEGORY: a/b\nOne{T}\n\nTwo{T}")
    assert [item.stem for item in found.items] == [plain("Two")]
    assert said(sink) == [("W706", 2)]
    assert found.title == "b"


# ---------------------------------------------------------------------------- which type (25-29)


@pytest.mark.parametrize(
    ("answers", "kind"),
    [
        ("", "essay"),
        (" ", "essay"),
        ("####said", "essay"),
        ("#5", "numeric"),
        ("~a =b", "single_choice"),
        ("~%100%a ~b", "multiple_choice"),
        ("=a -> b =c -> d", "matching"),
        ("T", "true_false"),
        (" FALSE #no", "true_false"),
        ("=TRUE", "short_answer"),
        ("a", "short_answer"),
        (">2 ALL VERTICAL ABSOLUTE_POSITION SHOW none\na\nb\n", "ordering"),
    ],
)
def test_what_stands_in_the_braces_makes_the_type(answers: str, kind: str) -> None:
    assert one(f"Q{{{answers}}}").kind == kind


def test_no_braces_make_a_text() -> None:
    assert one("::N::[html]<p>Read.</p>") == TextItem(id="", title="N", stem=plain("Read."))


def test_a_judgement_in_small_letters_is_one_and_that_is_said() -> None:
    assert only("Q{true#no#yes}", "W708") == TrueFalse(
        id="", stem=plain("Q"), answer=True, feedback_true=plain("yes"), feedback_false=plain("no")
    )


def test_an_arrow_makes_pairs_of_typed_answers() -> None:
    assert "has no arrow" in left_out("Q{=a#see b -> c =d}")
    assert one("Q{=a####see b -> c}").kind == "short_answer"


# ------------------------------------------------------------------------------ missing word (26)


def gap_text(before: str, after: str) -> RichText:
    return RichText((Paragraph((Text(before), Gap("gap"), Text(after))),))


def test_text_behind_the_answers_makes_a_gap() -> None:
    assert one("The sky is {=blue ~green#Look up.} today.") == Cloze(
        id="",
        text=gap_text("The sky is ", " today."),
        gaps=(
            ChoiceGap(
                name="gap",
                choices=(right("blue"), wrong("green", feedback=plain("Look up."))),
            ),
        ),
    )
    assert one("Two and two is {#4:0.5}.") == Cloze(
        id="",
        text=gap_text("Two and two is ", "."),
        gaps=(
            NumberGap(
                name="gap",
                answers=(
                    NumberAnswer(
                        low=Decimal("3.5"),
                        high=Decimal("4.5"),
                        value=Decimal(4),
                        tolerance=Decimal("0.5"),
                    ),
                ),
            ),
        ),
    )
    assert one("[plain]<{=b#Yes. =%50%B2}>{T".removesuffix("{T")) == Cloze(
        id="",
        text=gap_text("<", ">"),
        gaps=(
            TextGap(
                name="gap",
                answers=(
                    TextAnswer(text="b", feedback=plain("Yes.")),
                    TextAnswer(text="B2", weight=Decimal("0.5")),
                ),
            ),
        ),
    )


@pytest.mark.parametrize(
    "text", ["[html]<p>a {} b</p>", "[markdown]a {} b", "a {} b", "[plain]a {} b"]
)
def test_the_gap_stands_in_a_text_of_any_format(text: str) -> None:
    item = one(text.replace("{}", "{=x}"))
    assert isinstance(item, Cloze)
    assert item.text == gap_text("a ", " b")


def test_words_that_look_like_our_gap_are_none() -> None:
    item = one("[html]<coursec-gap></coursec-gap>a {=x} b")
    assert isinstance(item, Cloze)
    assert item.text == gap_text("a ", " b")


@pytest.mark.parametrize(
    ("answers", "kind"),
    [("~%50%a ~%50%b ~c", "multiple_choice"), ("T", "true_false"), ("=a->b =c->d", "matching")],
)
def test_what_cannot_be_a_gap_stands_below_a_line(answers: str, kind: str) -> None:
    item = one(f"a {{{answers}}} b")
    assert item.kind == kind
    assert item.stem == plain("a _____ b")


def test_a_gap_that_cannot_stand_is_a_line() -> None:
    item = only('[html]<b title\\="{=x}">a</b>', "W708")
    assert item.kind == "short_answer"
    assert item.stem == RichText((Paragraph((Strong((Text("a"),)),)),))


# ------------------------------------------------------------------------------ weights (30-37)


def test_one_equals_sign_makes_a_single_choice() -> None:
    item = one("Q{~%-50%a#no ~b ~%33.33333%c =d}")
    assert isinstance(item, SingleChoice)
    assert [choice.weight for choice in item.choices] == [
        Decimal("-0.5"),
        None,
        Decimal("0.3333333"),
        None,
    ]
    assert [choice.correct for choice in item.choices] == [False, False, False, True]
    assert item.choices[0].feedback == plain("no")


def test_a_choice_before_the_first_mark_is_a_wrong_one() -> None:
    item = one("Q{first ~second =third}")
    assert isinstance(item, SingleChoice)
    assert item.choices == (wrong("first"), wrong("second"), right("third"))


def test_empty_choices_are_none_and_0_is_one() -> None:
    item = one("Q{=a ~ ~0 ~#said}")
    assert isinstance(item, SingleChoice)
    assert item.choices == (right("a"), wrong("0"))


def test_equal_shares_need_no_weight() -> None:
    item = one("Q{~%33.33333%a ~%33.33333%b ~%33.33333%c ~%-33.33333%d}")
    assert isinstance(item, MultipleChoice)
    assert [(c.correct, c.weight) for c in item.choices] == [(True, None)] * 3 + [(False, None)]
    assert item.scoring == "partial"


def test_wrong_choices_that_cost_nothing_have_the_weight_0() -> None:
    item = one("Q{~%50%a ~%50%b ~c ~%-10%d}")
    assert isinstance(item, MultipleChoice)
    assert [c.weight for c in item.choices] == [None, None, Decimal(0), Decimal("-0.1")]
    uneven = one("Q{~%75%a ~%25%b ~%-75%c}")
    assert isinstance(uneven, MultipleChoice)
    assert [float(share) for share in multiple_shares(uneven)] == [0.75, 0.25, -0.75]


def test_shares_that_do_not_add_up_are_said_and_made_to() -> None:
    item = only("Q{~%100%a ~%100%b ~c}", "W708")
    assert isinstance(item, MultipleChoice)
    assert [float(share) for share in multiple_shares(item)] == [0.5, 0.5, 0]
    low = only("Q{~%20%a ~b}", "W708")
    assert isinstance(low, MultipleChoice)
    assert [float(share) for share in multiple_shares(low)] == [1, 0]


@pytest.mark.parametrize("percent", ["33", "-15", "66.67", "33.3"])
def test_a_share_that_moodle_does_not_take_is_said(percent: str) -> None:
    item = only(f"Q{{=a ~%{percent}%b}}", "W708")
    assert isinstance(item, SingleChoice)
    assert item.choices[1].weight == Decimal(percent) / 100


@pytest.mark.parametrize("percent", ["33.333", "-14.28571", "12.5", "100.0"])
def test_a_share_that_moodle_takes_is_not(percent: str) -> None:
    items(f"Q{{~%100%a ~%-{percent.lstrip('-')}%b}}")


def test_several_right_choices_where_one_is_picked_are_said() -> None:
    item = only("Q{=a =b ~c}", "W708")
    assert isinstance(item, SingleChoice)
    assert item.choices == (right("a"), wrong("b", weight=Decimal("0.99")), wrong("c"))


def test_a_percentage_behind_an_equals_sign_is_text() -> None:
    item = only("Q{=%50%a ~b}", "W708")
    assert isinstance(item, SingleChoice)
    assert item.choices[0].text == plain("%50%a")
    assert one("Q{~%0%%5%a =b}").choices[0].text == plain("%5%a")  # type: ignore[union-attr]


@pytest.mark.parametrize("answers", ["=a", "~%100%a", "=a ~"])
def test_one_choice_is_no_choice(answers: str) -> None:
    source = f"Q{{{answers}}}"
    if "~" in source:
        assert "fewer than two choices" in left_out(source)
    else:
        assert one(source).kind == "short_answer"


def test_no_right_choice_is_said() -> None:
    assert "none is right" in left_out("Q{~a ~b}")
    assert "none earns everything" in left_out("Q{=~%50%a =~%50%b ~c}")


def test_a_choice_that_moodle_takes_for_a_tag_is_kept_as_it_is_written() -> None:
    item = only("Which tag?{=<a> ~<hr> ~no}", "W708", "W708")
    assert isinstance(item, SingleChoice)
    assert item.choices == (right("<a>"), wrong("<hr>"), wrong("no"))


# ------------------------------------------------------------------------------- each type (38-45)


def test_true_false_tells_the_wrong_answer_first() -> None:
    assert one("[html]Q{F#<i>w</i>#r####g}") == TrueFalse(
        id="",
        stem=plain("Q"),
        answer=False,
        feedback_true=RichText((Paragraph((Emphasis((Text("w"),)),)),)),
        feedback_false=plain("r"),
        feedback=Feedback(general=plain("g")),
    )
    assert one("Q{T##r}") == TrueFalse(
        id="", stem=plain("Q"), answer=True, feedback_true=plain("r")
    )


def test_typed_answers() -> None:
    item = one("Q{=[plain]a <b> &lt;#yes =%50%b =%0%c#no =%0%*#other####g}")
    assert item == ShortAnswer(
        id="",
        stem=plain("Q"),
        answers=(
            TextAnswer(text="a <b> &lt;", feedback=plain("yes")),
            TextAnswer(text="b", weight=Decimal("0.5")),
            TextAnswer(text="c", weight=Decimal(0), feedback=plain("no")),
        ),
        feedback=Feedback(general=plain("g"), incorrect=plain("other")),
    )


def test_stars() -> None:
    assert one(r"Q{=a\*b =c\\*}").answers == (  # type: ignore[union-attr]
        TextAnswer(text="a*b"),
        TextAnswer(text="c*"),
    )
    item = only("Q{=*manual* =b*c =d}", "W707", "W708")
    assert [answer.text for answer in item.answers] == ["manual", "d"]  # type: ignore[union-attr]
    item = only("Q{=a =%50%*#half}", "W707")
    assert isinstance(item, ShortAnswer)
    assert item.feedback.incorrect == plain("half")
    assert "W707" not in {d.code for d in reading("Q{=a =%0%*#no}")[1]}


@pytest.mark.parametrize("answers", ["=%50%a", "=*", r"=a\nb", "=a*b", "=", "=%0%*#no"])
def test_typed_answers_of_which_none_is_right_are_left_out(answers: str) -> None:
    left_out(f"Q{{{answers}}}")


def test_an_answer_that_stands_twice_counts_once() -> None:
    assert one("Q{=Set-Cookie =set-cookie}").answers == (TextAnswer(text="Set-Cookie"),)  # type: ignore[union-attr]
    assert len(only("Q{=%50%a =A =b}", "W708").answers) == 2  # type: ignore[union-attr]


def test_numbers() -> None:
    item = one("Q{#=-1.5e-3:0.0005#near =%50%0..2 =%25%.5 =%0%*#far}")
    assert isinstance(item, Numeric)
    assert item.answers == (
        NumberAnswer(
            low=Decimal("-0.0020"),
            high=Decimal("-0.0010"),
            value=Decimal("-0.0015"),
            tolerance=Decimal("0.0005"),
            feedback=plain("near"),
        ),
        NumberAnswer(low=Decimal(0), high=Decimal(2), weight=Decimal("0.5")),
        exactly("0.5", weight=Decimal("0.25")),
    )
    assert item.feedback.incorrect == plain("far")


@pytest.mark.parametrize("answers", ["#5", "# 5 ", "#+5", "#=%100%5:0", "#5.", "#5e0", "#[html]5"])
def test_one_number(answers: str) -> None:
    assert one(f"Q{{{answers}}}") == Numeric(id="", stem=plain("Q"), answers=(exactly("5"),))


def test_a_reversed_range_is_the_same_and_so_is_a_negative_tolerance() -> None:
    ends = (Decimal(1), Decimal(2))
    for answers in ("#2..1", "#1..2"):
        (answer,) = one(f"Q{{{answers}}}").answers  # type: ignore[union-attr]
        assert (answer.low, answer.high, answer.model) == (*ends, Decimal("1.5"))
    (answer,) = one("Q{#5:-1}").answers  # type: ignore[union-attr]
    assert (answer.low, answer.high) == (4, 6)


def test_wrong_numbers_are_told_at_the_end() -> None:
    item = one("Q{#=5#yes ~#no####g}")
    assert item.feedback == Feedback(general=plain("g"), incorrect=plain("no"))


@pytest.mark.parametrize(
    "number",
    ["3,14", "1 000", "1/2", "5 kg", "50%", "\u22125", "0x1F", "\\:5", "five", "1e999", "٣"],
)
def test_what_moodle_takes_for_any_number_is_left_out(number: str) -> None:
    assert "is no number" in left_out(f"Q{{#{number}}}")


@pytest.mark.parametrize("answers", ["#", "#=", "#=*", "#5:0,1", "#5:", "#1..b", "#%-50%5"])
def test_broken_numbers_are_left_out(answers: str) -> None:
    left_out(f"Q{{{answers}}}")


def test_the_best_number_is_everything() -> None:
    item = only("Q{#%50%5}", "W708")
    assert isinstance(item, Numeric)
    assert item.answers == (exactly("5"),)


def test_an_earlier_worse_number_hides_a_better_one_in_moodle() -> None:
    assert only("Q{#=%50%3:1 =3:0.1}", "W708").kind == "numeric"
    assert one("Q{#=3:0.1 =%50%3:1}").kind == "numeric"
    assert one("Q{#=%50%9 =3:0.1}").kind == "numeric"


def test_pairs() -> None:
    item = one("Q{=a -> x =b->y -> z = -> d =c -> x = -> x = -> d####g}")
    assert item == Matching(
        id="",
        stem=plain("Q"),
        pairs=(
            Pair(premise=plain("a"), response=plain("x")),
            Pair(premise=plain("b"), response=plain("y -> z")),
            Pair(premise=plain("c"), response=plain("x")),
        ),
        distractors=(plain("d"),),
        feedback=Feedback(general=plain("g")),
    )


def test_responses_are_entries_of_a_menu() -> None:
    item = one(r"Q{=a -> <i>x</i> &lt;b&gt; \\(y\\) #c =b -> [html]z}")
    assert isinstance(item, Matching)
    assert [pair.response for pair in item.pairs] == [
        plain(r"x <b> \(y\) #c"),
        plain("[html]z"),
    ]
    cut = only("Q{=a -> x<3 y =b -> z}", "W708")
    assert isinstance(cut, Matching)
    assert cut.pairs[0].response == plain("x<3 y")


@pytest.mark.parametrize("answers", ["=a -> b", "=a -> b = -> c", "=a -> b =c -> ", "=a -> b =c"])
def test_broken_pairs_are_left_out(answers: str) -> None:
    left_out(f"Q{{{answers}}}")


def test_essays_have_general_feedback_only() -> None:
    assert one("Q{####said}") == Essay(
        id="", stem=plain("Q"), feedback=Feedback(general=plain("said"))
    )


def test_the_last_mark_begins_the_general_feedback() -> None:
    item = one("Q{=a#b#c####d}")
    assert isinstance(item, ShortAnswer)
    assert item.answers[0].feedback == plain("b#c")
    assert item.feedback.general == plain("d")


HEAD = ">3 ALL VERTICAL ABSOLUTE_POSITION SHOW none"


def test_entries_are_raw_lines() -> None:
    item = one(f"[html]Q{{{HEAD}\nHydrogen = %50%\n ~b # -> c\n\\\\(x\\\\)\n####[html]<b>g</b>}}")
    assert item == Ordering(
        id="",
        stem=plain("Q"),
        sequence=(
            plain("Hydrogen = %50%"),
            plain("~b # -> c"),
            RichText((Paragraph((Math("x"),)),)),
        ),
        feedback=Feedback(general=RichText((Paragraph((Strong((Text("g"),)),)),))),
    )
    braces = one(f"Q{{{HEAD}\n&lbrace;\n[markdown]*b*\n}}")
    assert isinstance(braces, Ordering)
    assert braces.sequence == (plain("{"), plain("[markdown]*b*"))


def test_an_escape_in_an_entry_is_said() -> None:
    item = only(f"Q{{{HEAD}\na \\= b\nc\n}}", "W708")
    assert isinstance(item, Ordering)
    assert item.sequence[0] == plain("a = b")


def test_ordering_by_other_rules_is_said() -> None:
    assert only("Q{>3 ALL VERTICAL\na\nb\nc}", "W708").kind == "ordering"
    assert only("Q{>2 RANDOM VERTICAL ABS SHOW none\na\nb\nc}", "W707").kind == "ordering"


def test_moodle_takes_a_letter_off_the_first_entry_where_a_word_is_missing() -> None:
    found, sink = reading("Q{>2 ALL\nHydrogen\nHelium}")
    assert found.items[0].sequence == (plain("Hydrogen"), plain("Helium"))  # type: ignore[union-attr]
    assert ("W708", 2) in said(sink)


@pytest.mark.parametrize("answers", [f"{HEAD}\na", HEAD, ">\na\nb"])
def test_broken_orderings_are_left_out(answers: str) -> None:
    left_out(f"Q{{{answers}\n}}")


# --------------------------------------------------------------------------------------- places


def test_findings_and_parts_have_their_lines() -> None:
    source = "::A::Q\n{\n=a\n// comment\n~%33%b\n~c#<img src\\=x.png>\n}\n\n\nR{#3,5}"
    found, sink = reading(source)
    assert said(sink) == [("W708", 5), ("W709", 6), ("W706", 10)]
    (item,) = found.items
    assert isinstance(item, SingleChoice)
    assert [choice.span and choice.span.line for choice in item.choices] == [3, 5, 6]
    assert all(d.span.path == "bank.txt" for d in sink)


def test_a_file_that_this_compiler_wrote_says_what_was_meant() -> None:
    source = (TESTS / "targets/test_gift/test_golden.gift.txt").read_text("utf-8")
    found = {item.id: item for item in items(source)}
    assert len(found) == source.count("[id:") + 1  # the instructions have no id
    assert "\\" in source


# ------------------------------------------------------------------------------- hostile input


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1"])
def test_other_encodings_are_refused(encoding: str) -> None:
    sink = Diagnostics()
    assert read("bank.txt", "Q\nGrößé{T}".encode(encoding), sink) == []
    (finding,) = sink
    assert finding.code == "E701"
    assert finding.hint == "Save it as UTF-8."
    assert finding.span.line == (2 if encoding == "latin-1" else 1)


def test_what_is_no_text_or_too_large_is_refused() -> None:
    for data in (b"Q{T}\n\n\0", b"x" * (33 * 1024 * 1024)):
        sink = Diagnostics()
        assert read("bank.txt", data, sink) == []
        assert [d.code for d in sink] == ["E701"]


@pytest.mark.parametrize(
    "unit",
    [
        *(
            "{",
            "}",
            "{=a}",
            "{\n\n",
            "~",
            "=",
            "->",
            "::",
            "#",
            "%",
            "<",
            "<a",
            "<!--",
            "\\",
            "&&058;",
        ),
        *("{>2\n", "[id:", "// [tag:a\n", "$CATEGORY:/", "{T}\n\n", "a\n\n", "0\n", "*", "_", "\n"),
    ],
)
@pytest.mark.parametrize(
    "frame", ["{}", "::{}::Q{{=a ~b}}", "Q{{=a -> {}~b}}", "Q{{#{}}}", "// {}\nQ{{T}}"]
)
def test_a_long_file_is_read_in_time(unit: str, frame: str) -> None:
    source = frame.format(unit * (100_000 // len(unit)))
    start = time.process_time()
    reading(source)
    assert time.process_time() - start < 5


def test_more_answers_than_any_question_has_are_refused() -> None:
    assert "more than 1,000" in left_out("Q{=a" + "~b" * 1_001 + "}")


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                *("{", "}", "=", "~", "#", "####", "->", "::", ":", "%50%", "%-100%", "T", "FALSE"),
                *(
                    "\\",
                    "\\n",
                    "\n",
                    "\n\n",
                    "//",
                    "[html]",
                    "[markdown]",
                    "[id:a]",
                    "[tag:b]",
                    "*",
                ),
                *(
                    "$CATEGORY: ",
                    "/",
                    "..",
                    "3.5",
                    ">2 ALL",
                    "a",
                    "<b>",
                    "&amp;",
                    "\\(",
                    "\\)",
                    " ",
                ),
                *("$$", "0", "\r", "\u00a0", "\ufeff", "\x01", "&&010", "coursec-gap", "!", "|"),
            ]
        ),
        max_size=40,
    ).map("".join)
)
def test_any_file_is_read_or_refused(source: str) -> None:
    found, _ = reading(source)
    for item in found.items:
        assert item.span is not None
        if isinstance(item, SingleChoice):
            assert sum(choice.correct for choice in item.choices) == 1
        if isinstance(item, MultipleChoice):
            assert sum(s for s in multiple_shares(item) if s > 0) == pytest.approx(1, abs=1e-5)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=100))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    read("bank.txt", data, Diagnostics())
