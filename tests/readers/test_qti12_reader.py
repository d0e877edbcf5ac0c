"""QTI 1.2: each type in Canvas's dialect, and as other tools write it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from qti12_files import (
    OTHER,
    canvas,
    equal,
    fib,
    html,
    item,
    items,
    label,
    left_out,
    lid,
    one,
    plain_text,
    rule,
    said,
)

from coursec.model.items import (
    Choice,
    ChoiceGap,
    Cloze,
    Essay,
    Feedback,
    FileUpload,
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

THIRD = "33.33"


def line(*parts: object) -> RichText:
    return RichText((Paragraph(tuple(Text(p) if isinstance(p, str) else p for p in parts)),))  # type: ignore[misc]


# ------------------------------------------------------------------------------------ one choice


def test_a_single_choice_of_canvas() -> None:
    source = canvas(
        "multiple_choice",
        html("<p>Which <b>one</b>?</p>") + lid(["a", "\\(x\\)", "c"]),
        [
            rule(OTHER, shows=["general_fb"], go="Yes"),
            rule(equal("A"), shows=["A_fb"], go="Yes"),
            rule(equal("B"), 100, ["correct_fb"]),
            rule(OTHER, shows=["general_incorrect_fb"], go="Yes"),
        ],
        [
            said("general_fb", "all"),
            said("correct_fb", "yes"),
            said("general_incorrect_fb", "no"),
            said("A_fb", "not a"),
        ],
        points="2.5",
    )
    assert one(source) == SingleChoice(
        id="i",
        stem=line("Which ", Strong((Text("one"),)), "?"),
        points=Decimal("2.5"),
        choices=(
            Choice(text=plain("a"), feedback=plain("not a")),
            Choice(text=RichText((Paragraph((Math("x"),)),)), correct=True),
            Choice(text=plain("c")),
        ),
        feedback=Feedback(general=plain("all"), correct=plain("yes"), incorrect=plain("no")),
    )


def test_parts_of_the_points_are_weights() -> None:
    rules = [rule(equal(x), score) for x, score in (("A", 5), ("B", 2), ("C", -1))]
    made = one(item(html("Q") + lid(["a", "b", "c", "d"]), rules, maximum=""))
    assert isinstance(made, SingleChoice)
    assert made.points == 5
    assert [(c.correct, c.weight) for c in made.choices] == [
        (True, None),
        (False, Decimal("0.4")),
        (False, None),
        (False, None),
    ]


def test_a_choice_that_costs_points() -> None:
    source = item(
        html("Q") + lid(["a", "b"]), [rule(equal("A"), 4), rule(equal("B"), -1)], maximum=""
    ).replace('minvalue="0"', "")
    made = one(source)
    assert isinstance(made, SingleChoice)
    assert [c.weight for c in made.choices] == [None, Decimal("-0.25")]


def test_two_choices_that_earn_everything_are_said() -> None:
    made = one(item(html("Q") + lid(["a", "b"]), [rule(equal(x), 1) for x in "AB"]), "W708")
    assert isinstance(made, SingleChoice)
    assert [(c.correct, c.weight) for c in made.choices] == [(True, None), (False, Decimal("0.99"))]


@pytest.mark.parametrize("rules", [[], [rule(equal("A"), 0)], [rule(equal("Z"), 1)]])
def test_without_a_right_choice_it_is_left_out(rules: list[str]) -> None:
    assert "none is known to be right" in left_out(item(html("Q") + lid(["a", "b"]), rules))


def test_empty_choices_are_none() -> None:
    made = one(
        item(html("Q") + lid(["a", "", "<p>&nbsp;</p>", "b"]), [rule(equal("A"), 1)]), "W707"
    )
    assert isinstance(made, SingleChoice)
    assert len(made.choices) == 2
    assert "fewer than two choices" in left_out(
        item(html("Q") + lid(["a", ""]), [rule(equal("A"), 1)])
    )


def test_shuffling_and_fixed_places() -> None:
    labels = label("A", "a") + label("B", "b", 'rshuffle="No"')
    response = (
        '<response_lid ident="r" rcardinality="Single"><render_choice shuffle="Yes">'
        f"{labels}</render_choice></response_lid>"
    )
    made = one(item(html("Q") + response, [rule(equal("A"), 1)]))
    assert isinstance(made, SingleChoice)
    assert made.shuffle is True
    assert [choice.fixed for choice in made.choices] == [False, True]


# ------------------------------------------------------------------------------------- judgements


@pytest.mark.parametrize(("right", "answer"), [("A", True), ("B", False)])
def test_a_judgement_of_canvas(right: str, answer: bool) -> None:
    source = canvas(
        "true_false",
        html("Q") + lid(["True", "False"]),
        [rule(equal(x), shows=[f"{x}_fb"], go="Yes") for x in "AB"] + [rule(equal(right), 100)],
        [said("A_fb", "said true"), said("B_fb", "said false")],
    )
    assert one(source) == TrueFalse(
        id="i",
        stem=plain("Q"),
        answer=answer,
        feedback_true=plain("said true"),
        feedback_false=plain("said false"),
    )


def test_words_decide_where_no_tool_names_the_type() -> None:
    rules = [rule(equal("B"), 1)]
    assert one(item(html("Q") + lid(["Falsch", "Wahr"]), rules)).kind == "true_false"
    assert one(item(html("Q") + lid(["Yes", "No"]), rules)).kind == "single_choice"
    named = canvas("multiple_choice", html("Q") + lid(["True", "False"]), rules)
    assert one(named).kind == "single_choice"


def test_blackboard_writes_words_by_their_key() -> None:
    fields = [("bbmd_questiontype", "Either/Or")]
    rules = [rule(equal("B"), "SCORE.max")]
    labels = ["yes_no.true", "yes_no.false"]
    made = one(item(html("Q") + lid(labels), rules, fields=fields, maximum="10"))
    assert isinstance(made, SingleChoice)
    assert made.points == 10
    assert [(c.text, c.correct) for c in made.choices] == [
        (plain("Yes"), False),
        (plain("No"), True),
    ]
    labels = ["true_false.true", "true_false.false"]
    assert one(item(html("Q") + lid(labels), rules, fields=fields)).kind == "true_false"


def test_a_key_may_be_written_in_other_capitals_or_by_its_text() -> None:
    for key in ("a", "first"):
        made = one(item(html("Q") + lid(["First", "second"]), [rule(equal(key), 1)]))
        assert isinstance(made, SingleChoice)
        assert made.choices[0].correct


# ----------------------------------------------------------------------------------- many choices

KEY = "<and>{}<not>{}</not></and>".format(equal("A") + equal("B"), equal("C"))


def many(rules: list[str], feedback: list[str] | None = None, **fields: str) -> str:
    return item(html("Q") + lid(["a", "b", "c"], kind="Multiple"), rules, feedback or [], **fields)  # type: ignore[arg-type]


def test_multiple_answers_of_canvas_are_partial() -> None:
    made = one(many([rule(KEY, 100)], kind="multiple_answers_question"))
    assert isinstance(made, MultipleChoice)
    assert made.scoring == "partial"
    assert [(c.correct, c.weight) for c in made.choices] == [(True, None)] * 2 + [(False, None)]


def test_a_key_as_a_whole_is_all_or_nothing_elsewhere() -> None:
    made = one(many([rule(KEY, 1), rule(OTHER, 0)]))
    assert isinstance(made, MultipleChoice)
    assert made.scoring == "all_or_nothing"


def test_one_right_choice_of_several_stays_a_multiple_choice() -> None:
    test = f"<and>{equal('A')}<not>{equal('B')}</not><not>{equal('C')}</not></and>"
    made = one(many([rule(test, 100)], kind="multiple_answers_question"))
    assert isinstance(made, MultipleChoice)
    assert [choice.correct for choice in made.choices] == [True, False, False]


def test_shares_that_are_added_up() -> None:
    rules = [
        rule(equal(x), s, action="Add", go="Yes") for x, s in (("A", 50), ("B", 50), ("C", -50))
    ]
    made = one(many(rules))
    assert isinstance(made, MultipleChoice)
    assert made.scoring == "partial"
    assert [(c.correct, c.weight) for c in made.choices] == [(True, None)] * 2 + [(False, None)]
    uneven = one(
        many([rule(equal(x), s, action="Add") for x, s in (("A", 3), ("B", 1))], maximum="")
    )
    assert isinstance(uneven, MultipleChoice)
    assert uneven.points == 4
    assert [float(share) for share in multiple_shares(uneven)] == [0.75, 0.25, 0]


def test_shares_in_per_cent_are_not_bound_by_the_points() -> None:
    rules = [rule(equal(x), 50, action="Add") for x in "AB"]
    made = one(many(rules, maximum="10"))
    assert isinstance(made, MultipleChoice)
    assert made.points == 10
    assert [float(share) for share in multiple_shares(made)][:2] == [0.5, 0.5]


def test_choices_that_each_earn_everything_share_it() -> None:
    made = one(many([rule(equal(x), 100) for x in "AB"]), "W708")
    assert isinstance(made, MultipleChoice)
    assert [choice.correct for choice in made.choices] == [True, True, False]


def test_a_score_that_is_counted_in_another_way_is_said() -> None:
    both = f"<and>{equal('A')}{equal('B')}</and>"
    rules = [
        rule(equal("A"), 40, action="Add", go="Yes"),
        rule(equal("B"), 60, action="Add", go="Yes"),
        rule(f"<and>{both}{equal('C')}</and>", 70, action="Subtract", go="Yes"),
    ]
    made = one(many(rules), "W708")
    assert isinstance(made, MultipleChoice)


# ---------------------------------------------------------------------------------------- feedback


def test_feedback_by_what_shows_it() -> None:
    rules = [
        rule(equal("A"), 1, ["x1", "fb_C", "fb_ALL"]),
        rule(equal("B"), 0, ["x2", "fb_IC", "fb_ALL"]),
        rule(equal("C"), 0, ["x3", "fb_IC", "fb_ALL"]),
    ]
    names = {"x1": "1", "x2": "2", "x3": "3", "fb_C": "yes", "fb_IC": "no", "fb_ALL": "all"}
    source = item(
        html("Q") + lid(["a", "b", "c"]), rules, [said(name, text) for name, text in names.items()]
    )
    made = one(source)
    assert isinstance(made, SingleChoice)
    assert [choice.feedback for choice in made.choices] == [plain("1"), plain("2"), plain("3")]
    assert made.feedback == Feedback(
        general=plain("all"), correct=plain("yes"), incorrect=plain("no")
    )


def test_a_name_is_not_believed_where_only_one_of_many_shows_it() -> None:
    rules = [rule(equal("A"), 1), rule(equal("B"), 0, ["incorrect2"]), rule(equal("C"), 0)]
    made = one(item(html("Q") + lid(["a", "b", "c"]), rules, [said("incorrect2", "no b")]))
    assert isinstance(made, SingleChoice)
    assert made.choices[1].feedback == plain("no b")
    assert made.feedback == Feedback()


def test_feedback_that_nothing_shows_is_said() -> None:
    rules = [rule(equal("A"), 1, ["x"]), rule(equal("B"), 0, ["y"])]
    feedback = [said("x", "1"), said("y", "2"), said("z", "3")]
    one(item(html("Q") + lid(["a", "b"]), rules, feedback), "W707")
    alone = one(item(html("Q") + lid(["a", "b"]), [rule(equal("A"), 1)], [said("z", "3")]))
    assert alone.feedback.general == plain("3")


def test_hints_and_solutions() -> None:
    solution = (
        f'<itemfeedback ident="s1"><solution><solutionmaterial>{html("because")}'
        "</solutionmaterial></solution></itemfeedback>"
    )
    hint = (
        f'<itemfeedback ident="h"><hint><hintmaterial>{html("think")}</hintmaterial></hint>'
        "</itemfeedback>"
    )
    made = one(item(html("Q") + lid(["a", "b"]), [rule(equal("A"), 1)], [solution, hint]))
    assert made.hints == (plain("think"),)
    assert made.feedback.general == plain("because")


def test_blackboard_names_feedback_after_the_choice() -> None:
    rules = [
        rule(equal("A"), "SCORE.max", ["correct"]),
        rule(OTHER, 0, ["incorrect"]),
        rule('<varequal respident="A"/>', 10, ["A"]),
        rule('<varequal respident="B"/>', 0, ["B"]),
    ]
    feedback = [
        said("correct", "right"),
        said("incorrect", "wrong"),
        said("A", "a!"),
        said("B", "b!"),
    ]
    made = one(item(html("Q") + lid(["a", "b"]), rules, feedback, maximum="10"))
    assert isinstance(made, SingleChoice)
    assert [choice.feedback for choice in made.choices] == [plain("a!"), plain("b!")]
    assert made.feedback == Feedback(correct=plain("right"), incorrect=plain("wrong"))


# ------------------------------------------------------------------------------------------- typed


def test_a_short_answer_of_canvas() -> None:
    source = canvas(
        "short_answer",
        html("Q") + fib(),
        [
            rule(equal("One"), shows=["1_fb"], go="Yes"),
            rule(equal("One") + equal("two <b>"), 100, ["correct_fb"]),
            rule(OTHER, shows=["general_incorrect_fb"], go="Yes"),
        ],
        [said("1_fb", "first"), said("correct_fb", "yes"), said("general_incorrect_fb", "no")],
    )
    assert one(source) == ShortAnswer(
        id="i",
        stem=plain("Q"),
        answers=(TextAnswer(text="One", feedback=plain("first")), TextAnswer(text="two <b>")),
        feedback=Feedback(correct=plain("yes"), incorrect=plain("no")),
    )


def test_weights_and_case_of_typed_answers() -> None:
    case = 'case="Yes"'
    rules = [rule(equal("A", attributes=case), 4), rule(equal("a", attributes=case), 1)]
    made = one(item(html("Q") + fib(), rules, maximum=""))
    assert isinstance(made, ShortAnswer)
    assert made.case_sensitive
    assert made.answers == (TextAnswer(text="A"), TextAnswer(text="a", weight=Decimal("0.25")))
    folded = one(item(html("Q") + fib(), [rule(equal("A") + equal("a"), 1)]))
    assert isinstance(folded, ShortAnswer)
    assert folded.answers == (TextAnswer(text="A"),)


def test_a_part_of_a_text_that_counts_is_said() -> None:
    test = '<varsubstring respident="r">needs</varsubstring>'
    made = one(item(html("Q") + fib(), [rule(test, 1)]), "W708")
    assert isinstance(made, ShortAnswer)
    assert made.answers == (TextAnswer(text="needs"),)


def number(low: str, high: str, **fields: object) -> NumberAnswer:
    return NumberAnswer(low=Decimal(low), high=Decimal(high), **fields)  # type: ignore[arg-type]


def bounds(low: str, high: str) -> str:
    return f'<vargte respident="r">{low}</vargte><varlte respident="r">{high}</varlte>'


def test_numbers_of_canvas() -> None:
    around = f"<or>{equal('9.81')}<and>{bounds('9.80', '9.82')}</and></or>"
    source = canvas(
        "numerical",
        html("Q") + fib(fibtype="Decimal"),
        [
            rule(around, 100, ["1_fb"]),
            rule(bounds("1", "2"), 100, ["2_fb"]),
            rule(f"<or>{equal('5')}<and>{bounds('5', '5')}</and></or>", 100),
            rule(OTHER, shows=["general_incorrect_fb"], go="Yes"),
        ],
        [said("1_fb", "g"), said("2_fb", "range"), said("general_incorrect_fb", "no")],
    )
    assert one(source) == Numeric(
        id="i",
        stem=plain("Q"),
        answers=(
            number(
                "9.80",
                "9.82",
                value=Decimal("9.81"),
                tolerance=Decimal("0.01"),
                feedback=plain("g"),
            ),
            number("1", "2", feedback=plain("range")),
            number("5", "5", value=Decimal(5)),
        ),
        feedback=Feedback(incorrect=plain("no")),
    )


@pytest.mark.parametrize(
    ("test", "answer"),
    [
        (
            equal("4", attributes='margin="1"'),
            number("3", "5", value=Decimal(4), tolerance=Decimal(1)),
        ),
        (
            equal("4", attributes='margin="50" margintype="percent"'),
            number("2", "6", value=Decimal(4), tolerance=Decimal(2), percent=Decimal(50)),
        ),
        (bounds("1.2", "1.3") + equal("1.25"), number(
            "1.2", "1.3", value=Decimal("1.25"), tolerance=Decimal("0.05"))),
        (bounds("1", "4") + equal("2"), number("1", "4")),
        (equal("-1.5E3"), number("-1500", "-1500", value=Decimal("-1.5E3"))),
    ],
)  # fmt: skip
def test_ways_to_write_a_number(test: str, answer: NumberAnswer) -> None:
    made = one(item(html("Q") + fib(tag="response_num"), [rule(test, 1)]))
    assert isinstance(made, Numeric)
    assert made.answers == (answer,)


def test_a_precision_becomes_a_range_and_that_is_said() -> None:
    test = (
        f'<or>{equal("3.1")}<and><vargt respident="r">3.05</vargt>'
        '<varlte respident="r">3.15</varlte></and></or>'
    )
    made = one(canvas("numerical", html("Q") + fib(), [rule(test, 100)]), "W708")
    assert isinstance(made, Numeric)
    assert (made.answers[0].low, made.answers[0].high) == (Decimal("3.05"), Decimal("3.15"))


@pytest.mark.parametrize("test", [equal("3,5"), '<vargte respident="r">3</vargte>', equal("")])
def test_what_is_no_number_is_left_out(test: str) -> None:
    assert "no number earns" in left_out(item(html("Q") + fib(tag="response_num"), [rule(test, 1)]))


def test_a_number_that_earns_a_part() -> None:
    rules = [rule(equal("1"), 4), rule(bounds("0", "2"), 1)]
    made = one(item(html("Q") + fib(tag="response_num"), rules, maximum=""))
    assert isinstance(made, Numeric)
    assert [answer.weight for answer in made.answers] == [1, Decimal("0.25")]
    assert made.points == 4


def test_an_essay_with_its_solution() -> None:
    source = canvas(
        "essay",
        html("Q") + fib(),
        [rule(OTHER, shows=["general_fb"])],
        [said("solution", "<i>like</i> this"), said("general_fb", "all")],
        points="4",
    )
    assert one(source) == Essay(
        id="i",
        stem=plain("Q"),
        points=Decimal(4),
        sample_answer=line(Emphasis((Text("like"),)), " this"),
        feedback=Feedback(general=plain("all")),
    )


def test_a_field_without_a_key_is_an_essay() -> None:
    made = one(item(html("Q") + '<response_str ident="r"><render_fib rows="8"/></response_str>'))
    assert made == Essay(id="i", stem=plain("Q"), lines=8)


def test_an_upload_and_a_text() -> None:
    assert one(canvas("file_upload", html("Q"), points="3")) == FileUpload(
        id="i", stem=plain("Q"), points=Decimal(3)
    )
    assert one(canvas("text_only", html("<p>Read.</p>"))) == TextItem(id="i", stem=plain("Read."))
    assert one(item(html("Read."))) == TextItem(id="i", stem=plain("Read."))


# ---------------------------------------------------------------------------------------- matching


def rows(kind: str, *premises: str, labels: tuple[str, ...] = ("x", "y", "z")) -> str:
    return "".join(
        lid(labels, ident=f"response_{n}", above=premise, kind=kind)
        for n, premise in enumerate(premises, 1)
    )


def test_a_matching_of_canvas_with_a_shared_response() -> None:
    rules = [
        rule(equal(key, f"response_{n}"), THIRD, action="Add", go="Yes")
        for n, key in ((1, "B"), (2, "A"), (3, "B"))
    ]
    source = canvas("matching", html("Q") + rows("Single", "<b>a</b>", "b", "c"), rules, points="3")
    assert one(source) == Matching(
        id="i",
        stem=plain("Q"),
        points=Decimal(3),
        pairs=(
            Pair(premise=line(Strong((Text("a"),))), response=plain("y")),
            Pair(premise=plain("b"), response=plain("x")),
            Pair(premise=plain("c"), response=plain("y")),
        ),
        distractors=(plain("z"),),
    )


def test_an_ordering_as_a_matching_stays_one() -> None:
    rules = [rule(equal(key, f"response_{n}"), 50, action="Add") for n, key in ((1, "B"), (2, "A"))]
    presentation = html("Order") + rows("Single", "second", "first", labels=("1", "2"))
    made = one(canvas("matching", presentation, rules))
    assert isinstance(made, Matching)
    assert [pair.response for pair in made.pairs] == [plain("2"), plain("1")]


def test_menus_with_the_same_choices_are_a_matching() -> None:
    rules = [rule(equal(key, f"response_{n}"), 1, action="Add") for n, key in ((1, "A"), (2, "C"))]
    made = one(item(html("Q") + rows("Single", "a", "b"), rules, maximum=""))
    assert isinstance(made, Matching)
    assert made.points == 2
    assert made.distractors == (plain("y"),)


def test_blackboard_writes_premises_beside_and_responses_apart() -> None:
    def row(ident: str, premise: str) -> str:
        menu = "".join(f'<response_label ident="{ident}{n}"/>' for n in (1, 2))
        return (
            f'<flow class="Block"><response_lid ident="{ident}" rcardinality="Single">'
            f"<render_choice><flow_label>{menu}</flow_label></render_choice></response_lid>"
            f"<flow>{html(premise)}</flow></flow>"
        )

    presentation = (
        f'<flow class="Block"><flow class="QUESTION_BLOCK">{html("Q")}</flow>'
        f'<flow class="RESPONSE_BLOCK">{row("r", "a")}{row("s", "b")}</flow>'
        f'<flow class="RIGHT_MATCH_BLOCK"><flow>{html("x")}</flow><flow>{html("y")}</flow></flow>'
        "</flow>"
    )
    rules = [rule(equal("r2", "r"), shows=["correct"]), rule(equal("s1", "s"), shows=["correct"])]
    fields = [("bbmd_questiontype", "Matching")]
    assert one(item(presentation, rules, fields=fields, maximum="3")) == Matching(
        id="i",
        stem=plain("Q"),
        points=Decimal(3),
        pairs=(
            Pair(premise=plain("a"), response=plain("y")),
            Pair(premise=plain("b"), response=plain("x")),
        ),
    )


def test_rows_in_groups_that_count_what_is_right() -> None:
    def group(ident: str, premise: str) -> str:
        menu = label("m1", "<b>1</b>") + label("m2", "2")
        return (
            f'<response_grp respident="{ident}" rcardinality="Single">{html(premise)}'
            f"<render_choice><flow_label>{menu}</flow_label></render_choice></response_grp>"
        )

    def count(ident: str, key: str, variable: str) -> str:
        return (
            f"<respcondition><conditionvar>{equal(key, ident)}</conditionvar>"
            f'<setvar varname="{variable}" action="Add">1</setvar></respcondition>'
        )

    rules = [
        count("c1", "m1", "D2L_Correct"),
        count("c1", "m2", "D2L_Incorrect"),
        count("c2", "m1", "D2L_Incorrect"),
        count("c2", "m2", "D2L_Correct"),
        rule('<varequal respident="D2L_Incorrect">0</varequal>', 1),
    ]
    fields = [("qmd_questiontype", "Matching"), ("qmd_weighting", "5.000")]
    made = one(item(html("Q") + group("c1", "a") + group("c2", "b"), rules, fields=fields))
    assert isinstance(made, Matching)
    assert made.points == 5
    assert [pair.response for pair in made.pairs] == [line(Strong((Text("1"),))), plain("2")]


def test_rows_that_earn_together_are_said() -> None:
    test = f"<and>{equal('A', 'response_1')}{equal('B', 'response_2')}</and>"
    made = one(item(html("Q") + rows("Single", "a", "b"), [rule(test, 1)]), "W708")
    assert isinstance(made, Matching)
    assert [pair.response for pair in made.pairs] == [plain("x"), plain("y")]


def test_one_pair_is_no_matching() -> None:
    source = canvas(
        "matching", html("Q") + rows("Single", "a"), [rule(equal("A", "response_1"), 1)]
    )
    assert "fewer than two pairs" in left_out(source)


@pytest.mark.parametrize("indexed", [True, False])
def test_an_order(indexed: bool) -> None:
    order = "CAB"
    tests = "".join(
        equal(key, attributes=f'index="{n}"' if indexed else "") for n, key in enumerate(order, 1)
    )
    source = item(
        html("Q") + lid(["a", "b", "c"], kind="Ordered"), [rule(f"<and>{tests}</and>", 1)]
    )
    assert one(source, "W708") == Ordering(
        id="i", stem=plain("Q"), sequence=(plain("c"), plain("a"), plain("b")), shuffle=True
    )
    part = item(html("Q") + lid(["a", "b"], kind="Ordered"), [rule(equal("A"), 1)])
    assert "right order is not stated" in left_out(part)


# ------------------------------------------------------------------------------------------- gaps


def test_blanks_of_canvas() -> None:
    blanks = lid(["red", "crimson"], ident="response_c-1", above="c-1") + lid(
        ["blue"], ident="response_c2", above="c2"
    )
    rules = [rule(equal("A", f"response_{b}"), 50, action="Add") for b in ("c-1", "c2")]
    source = canvas(
        "fill_in_multiple_blanks",
        html("<p>Violets are [c2], roses [c-1] and [no].</p>") + blanks,
        rules,
        [],
        points="4",
    )
    assert one(source) == Cloze(
        id="i",
        points=Decimal(4),
        text=line("Violets are ", Gap("c2"), ", roses ", Gap("c-1"), " and [no]."),
        gaps=(
            TextGap(name="c2", answers=(TextAnswer(text="blue"),), points=Decimal(2)),
            TextGap(
                name="c-1",
                answers=(TextAnswer(text="red"), TextAnswer(text="crimson")),
                points=Decimal(2),
            ),
        ),
    )


def test_menus_of_canvas() -> None:
    menus = lid(["a", "b"], ident="response_x") + lid(["c", "d"], ident="response_2")
    rules = [
        rule(equal(key, f"response_{b}"), 50, action="Add") for b, key in (("x", "B"), ("2", "A"))
    ]
    made = one(canvas("multiple_dropdowns", html("[x] [2]") + menus, rules, [], points="1"))
    assert isinstance(made, Cloze)
    assert made.text == line(Gap("x"), " ", Gap("gap2"))
    assert made.gap("x") == ChoiceGap(
        name="x",
        choices=(Choice(text=plain("a")), Choice(text=plain("b"), correct=True)),
        points=Decimal("0.5"),
    )


def test_feedback_on_the_choices_of_a_menu() -> None:
    menus = lid(["a", "b"], ident="response_x")
    rules = [
        rule(equal("A", "response_x"), shows=["A_fb"], go="Yes"),
        rule(equal("B", "response_x"), 100, action="Add"),
    ]
    made = one(canvas("multiple_dropdowns", html("[x]") + menus, rules, [said("A_fb", "no")]))
    assert isinstance(made, Cloze)
    gap = made.gap("x")
    assert isinstance(gap, ChoiceGap)
    assert gap.choices[0].feedback == plain("no")


def test_blanks_that_only_their_rules_name() -> None:
    test = "<and><or>{}{}</or><or>{}</or></and>".format(
        equal("poor", "[a]"), equal("sad", "[a]"), equal("boy", "[b]")
    )
    fields = [("respondusapi_qtype", "fillInMultiple"), ("respondusapi_qpoints", "2.00")]
    made = one(item(html("A [a] [b]"), [rule(test, 1)], fields=fields), "W708")
    assert isinstance(made, Cloze)
    assert made.points == 2
    assert [gap.answers for gap in made.gaps] == [  # type: ignore[union-attr]
        (TextAnswer(text="poor"), TextAnswer(text="sad")),
        (TextAnswer(text="boy"),),
    ]


def test_fields_within_the_text() -> None:
    presentation = (
        f"<flow>{plain_text('Now is the ')}{fib('a')}{plain_text(' of our ')}{fib('b')}</flow>"
    )
    rules = [
        rule(equal("winter", "a"), 3, action="Add", go="Yes"),
        rule(equal("discontent", "b"), 1, action="Add", go="Yes"),
    ]
    made = one(item(presentation, rules, maximum=""))
    assert made == Cloze(
        id="i",
        points=Decimal(4),
        text=line("Now is the ", Gap("gap1"), " of our ", Gap("gap2")),
        gaps=(
            TextGap(name="gap1", answers=(TextAnswer(text="winter"),), points=Decimal(3)),
            TextGap(name="gap2", answers=(TextAnswer(text="discontent"),), points=Decimal(1)),
        ),
    )


def test_one_field_with_text_behind_it_is_a_gap_and_one_at_the_end_is_not() -> None:
    rules = [rule(equal("x"), 1)]
    behind = one(item(plain_text("a ") + fib() + plain_text(" b"), rules))
    assert isinstance(behind, Cloze)
    assert behind.text == line("a ", Gap("gap1"), " b")
    assert one(item(plain_text("a ") + fib(), rules)).kind == "short_answer"


def test_a_field_named_by_its_label_and_a_number() -> None:
    field = (
        '<response_str ident="s"><render_fib><response_label ident="s_ans"/></render_fib>'
        "</response_str>"
    )
    rules = [
        rule(equal("word", "s_ans"), 50, action="Add"),
        rule('<vargte respident="n">1</vargte><varlte respident="n">2</varlte>', 50, action="Add"),
    ]
    made = one(item(html("a") + field + html("b") + fib("n", tag="response_num"), rules))
    assert isinstance(made, Cloze)
    assert isinstance(made.gaps[0], TextGap)
    assert made.gaps[1] == NumberGap(
        name="gap2", answers=(number("1", "2"),), points=Decimal("0.5")
    )


def test_a_blank_that_nobody_sees_is_left_out() -> None:
    source = canvas(
        "fill_in_multiple_blanks",
        html('<p title="[x]">a</p>') + lid(["1"], ident="response_x"),
        [rule(equal("A", "response_x"), 1)],
    )
    assert "stands where none can" in left_out(source)


def test_feedback_is_not_named_after_what_is_typed() -> None:
    source = canvas(
        "short_answer",
        html("Q") + fib(),
        [
            rule(equal("7"), shows=["8_fb"], go="Yes"),
            rule(equal("8"), shows=["7_fb"], go="Yes"),
            rule(equal("7") + equal("8"), 100),
        ],
        [said("7_fb", "eight"), said("8_fb", "seven")],
    )
    made = one(source)
    assert isinstance(made, ShortAnswer)
    assert [answer.feedback for answer in made.answers] == [plain("seven"), plain("eight")]


# -------------------------------------------------------------------------- texts, points, the rest


def test_plain_text_is_plain_unless_it_is_html() -> None:
    rules = [rule(equal("A"), 1)]
    assert one(item(plain_text("if (a < b) & c") + lid(["a", "b"]), rules)).stem == plain(
        "if (a < b) & c"
    )
    assert one(item(plain_text("a <b>x</b>") + lid(["a", "b"]), rules)).stem == line(
        "a ", Strong((Text("x"),))
    )
    assert one(item(plain_text("a\nb") + lid(["a", "b"]), rules)).stem == line(
        "a", LineBreak(), "b"
    )


def test_markup_that_is_not_escaped_and_material_in_pieces() -> None:
    material = (
        '<material><mattext texttype="text/html">a <b>x</b> c</mattext><matbreak/>'
        "<matemtext>d</matemtext></material>"
    )
    made = one(item(material + lid(["a", "b"]), [rule(equal("A"), 1)]))
    assert made.stem == line("a ", Strong((Text("x"),)), " c", LineBreak(), Emphasis((Text("d"),)))


def test_what_stands_before_the_choices_belongs_to_the_question() -> None:
    made = one(item(html("<p>a</p>") + lid(["a", "b"], above="<p>b</p>"), [rule(equal("A"), 1)]))
    assert made.stem == RichText((*plain("a").blocks, *plain("b").blocks))


@pytest.mark.parametrize(
    ("fields", "maximum", "points"),
    [
        ([("points_possible", "2.5")], "100", "2.5"),
        ([("respondusapi_qpoints", "1.50")], "100", "1.50"),
        ([("qmd_weighting", "5.000")], "100", "5.000"),
        ([("qmd_absolutescore_max", "10.0"), ("qmd_weighting", "0")], "", "10.0"),
        ([], "4", "4"),
        ([], "100", "1"),
        ([], "", "7"),
    ],
)
def test_points(fields: list[tuple[str, str]], maximum: str, points: str) -> None:
    score = {"4": 4, "100": 100}.get(maximum, 7)
    source = item(
        html("Q") + lid(["a", "b"]), [rule(equal("A"), score)], fields=fields, maximum=maximum
    )
    assert one(source).points == Decimal(points)


def test_no_points_are_said() -> None:
    shown = html("Q") + lid(["a", "b"])
    source = canvas("multiple_choice", shown, [rule(equal("A"), 1)], points="0")
    assert one(source, "W708").points == 1


def test_the_title_is_one_only_where_it_is_not_the_id() -> None:
    rules = [rule(equal("A"), 1)]
    shown = html("Q") + lid(["a", "b"])
    assert one(item(shown, rules, ident="a", title="T  u")).title == "T u"
    assert one(item(shown, rules, ident="a", title="a")).title is None
    assert one(item(shown, rules, ident="a")).title is None


def test_a_question_without_text_is_named_by_its_title() -> None:
    made = one(item(lid(["a", "b"]), [rule(equal("A"), 1)], title="T"))
    assert made.stem == plain("T")


@pytest.mark.parametrize(
    ("source", "why"),
    [
        (canvas("calculated", html("Q") + fib()), "drawn anew"),
        (item(html("Q"), fields=[("bbmd_questiontype", "Hot Spot")]), "picture"),
        (item(html("Q"), fields=[("bbmd_questiontype", "Opinion Scale")]), "opinion"),
        (item(html("Q") + '<response_xy ident="r"><render_hotspot/></response_xy>'), "picture"),
        (item(html("Q"), kind="Error"), "not in the file"),
        (item(html("Q") + '<response_grp ident="r" rcardinality="Multiple"/>'), "not read"),
        (canvas("multiple_choice", html("Q")), "nothing to answer"),
    ],
)
def test_what_the_language_cannot_say(source: str, why: str) -> None:
    assert why in left_out(source)


def test_conditions_on_time_are_said() -> None:
    rules = [rule(f"{equal('A')}", 1), rule('<durlte respident="r">30</durlte>', 1)]
    assert one(item(html("Q") + lid(["a", "b"]), rules), "W707").kind == "single_choice"


def test_the_first_rule_that_ends_ends_the_others() -> None:
    rules = [rule(equal("A"), 1), rule(OTHER, 0), rule(equal("B"), 1)]
    made = one(item(html("Q") + lid(["a", "b"]), rules))
    assert isinstance(made, SingleChoice)
    assert [(choice.correct, choice.weight) for choice in made.choices] == [
        (True, None),
        (False, None),
    ]


def test_places() -> None:
    found, codes = items(
        item(html("Q") + lid(["a", "b"]), [rule(equal("A"), 1)]), item(html("Q"), kind="Error")
    )
    assert codes == ["W706"]
    assert [one.span and one.span.line for one in found] == [3]
