"""Items of QTI 2 and 3 as other tools write them: what they ask, what they score, what is lost."""

from __future__ import annotations

from decimal import Decimal

import pytest
from qti21_files import (
    MAP_RESPONSE,
    MATCH_CORRECT,
    SCORE,
    choices,
    document,
    flat,
    item_of,
    messages,
    points,
    read_file,
    response,
)

from coursec.model.items import (
    Choice,
    ChoiceGap,
    Cloze,
    Criterion,
    Essay,
    FileUpload,
    Level,
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
from coursec.model.text import plain

D = Decimal


def weights(item: SingleChoice | MultipleChoice) -> list[Decimal | None]:
    return [choice.weight for choice in item.choices]


def right(item: SingleChoice | MultipleChoice) -> list[bool]:
    return [choice.correct for choice in item.choices]


def set_score(value: str) -> str:
    return (
        f'<setOutcomeValue identifier="SCORE"><baseValue baseType="float">{value}</baseValue>'
        "</setOutcomeValue>"
    )


def when(condition: str, *actions: str, branch: str = "responseIf") -> str:
    return f"<{branch}>{condition}{''.join(actions)}</{branch}>"


def processing(*rules: str) -> str:
    return f"<responseProcessing>{''.join(rules)}</responseProcessing>"


def conditions(*branches: str) -> str:
    return f"<responseCondition>{''.join(branches)}</responseCondition>"


RIGHT = '<match><variable identifier="RESPONSE"/><correct identifier="RESPONSE"/></match>'

# ------------------------------------------------------------------------------- single choice


def test_a_single_choice() -> None:
    item = item_of(
        document(
            response("identifier", "B") + SCORE,
            "<p>Which one?</p>" + choices("one", "two", "three"),
            MATCH_CORRECT,
            attributes='identifier="q1" title="A title" xml:lang="de-AT"',
        )
    )
    assert isinstance(item, SingleChoice)
    assert (item.id, item.title, item.language) == ("q1", "A title", "de-AT")
    assert (item.stem, item.points, item.shuffle) == (plain("Which one?"), D(1), True)
    assert item.choices == (
        Choice(text=plain("one")),
        Choice(text=plain("two"), correct=True),
        Choice(text=plain("three")),
    )
    assert item.span is not None
    assert (item.span.path, item.span.line) == ("item.xml", 2)
    assert item.choices[1].span is not None


def test_a_title_that_is_the_identifier_is_none() -> None:
    source = document(
        response("identifier", "A") + SCORE,
        "<p>Which?</p>" + choices("one", "two"),
        MATCH_CORRECT,
        attributes='identifier="q1" title="q1"',
    )
    assert item_of(source).title is None


def test_the_prompt_stands_in_the_stem_and_texts_may_stand_around() -> None:
    body = (
        '<p>Before.</p><choiceInteraction responseIdentifier="RESPONSE" maxChoices="1">'
        '<prompt>The <em>prompt</em>?</prompt><simpleChoice identifier="A">a</simpleChoice>'
        '<simpleChoice identifier="B" fixed="true">b</simpleChoice></choiceInteraction>'
        "<p>After.</p>"
    )
    item = item_of(document(response("identifier", "A") + SCORE, body, MATCH_CORRECT))
    assert isinstance(item, SingleChoice)
    assert flat(item.stem) == "Before.The prompt?After."
    assert [choice.fixed for choice in item.choices] == [False, True]
    assert item.shuffle is False


def test_weights_come_from_the_mapping() -> None:
    declared = response(
        "identifier", "A", mapping={"A": "2", "B": "1", "C": "-0.5"}, bounds='defaultValue="0"'
    )
    item = item_of(
        document(
            declared + points("2"), "<p>Which?</p>" + choices("a", "b", "c", "d"), MAP_RESPONSE
        )
    )
    assert isinstance(item, SingleChoice)
    assert item.points == 2
    assert right(item) == [True, False, False, False]
    assert weights(item) == [None, D("0.5"), D("-0.25"), None]


def test_rules_say_what_each_choice_earns() -> None:
    rules = processing(
        conditions(
            when(RIGHT, set_score("3")),
            when(
                '<match><variable identifier="RESPONSE"/>'
                '<baseValue baseType="identifier">C</baseValue></match>',
                set_score("1"),
                branch="responseElseIf",
            ),
            when("", set_score("0"), branch="responseElse"),
        )
    )
    item = item_of(
        document(
            response("identifier", "B") + SCORE, "<p>Which?</p>" + choices("a", "b", "c"), rules
        )
    )
    assert isinstance(item, SingleChoice)
    assert (item.points, right(item)) == (D(3), [False, True, False])
    assert weights(item) == [None, None, D("0.33333")]


def test_two_choices_that_earn_everything_cannot_both_be_right() -> None:
    declared = response("identifier", "B", mapping={"A": "1", "B": "1"})
    source = document(declared + SCORE, "<p>Which?</p>" + choices("a", "b", "c"), MAP_RESPONSE)
    item = item_of(source, "W708")
    assert isinstance(item, SingleChoice)
    assert right(item) == [False, True, False]
    assert weights(item) == [D("0.99"), None, None]


def test_points_that_are_stated_and_points_that_are_earned() -> None:
    body = "<p>Which?</p>" + choices("a", "b")
    source = document(response("identifier", "A") + points("5"), body, MATCH_CORRECT)
    item = item_of(source, "W708")
    assert item.points == 1
    assert "W708 The best response earns 1 of the 5 points stated; here the item has 1." in (
        messages(source)
    )


def test_without_rules_the_key_scores_and_it_is_said() -> None:
    body = "<p>Which?</p>" + choices("a", "b")
    source = document(response("identifier", "A") + SCORE, body)
    item = item_of(source, "W708")
    assert isinstance(item, SingleChoice)
    assert right(item) == [True, False]


def test_rules_that_are_not_known_give_way_to_the_key() -> None:
    body = "<p>Which?</p>" + choices("a", "b")
    rules = processing('<setOutcomeValue identifier="SCORE"><customOperator/></setOutcomeValue>')
    source = document(response("identifier", "B") + SCORE, body, rules)
    item = item_of(source, "W708")
    assert isinstance(item, SingleChoice)
    assert right(item) == [False, True]
    assert "customOperator" in messages(source)[0]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (document(SCORE, "<p>?</p>" + choices("a", "b")), "is not declared"),
        (document(response("identifier") + SCORE, "<p>?</p>" + choices("a", "b")), "no choice"),
        (document(response("identifier", "A"), "<p>?</p>" + choices("a")), "fewer than two"),
        (
            document(
                response("directedPair", cardinality="multiple"),
                '<associateInteraction responseIdentifier="RESPONSE"/>',
            ),
            "`associateInteraction` is not known",
        ),
        (
            document(response("point"), '<selectPointInteraction responseIdentifier="RESPONSE"/>'),
            "`selectPointInteraction` is not known",
        ),
        (
            document(
                '<templateDeclaration identifier="N" cardinality="single" baseType="integer"/>',
                "<p>?</p>",
            ),
            "drawn anew",
        ),
        ("<assessmentItem identifier='q1'/>", "no body"),
    ],
)
def test_what_cannot_be_imported_is_named(source: str, words: str) -> None:
    readings, sink = read_file(source)
    assert not any(reading.items for reading in readings)
    found = list(sink)
    assert [d.code for d in found] == ["E705", "W706"]
    assert words in found[1].message
    assert "`q1`" in found[1].message
    assert found[1].item == "q1"


# ------------------------------------------------------------------------------------ true, false


def judged(key: str, order: tuple[str, str] = ("true", "false"), rules: str = MATCH_CORRECT) -> str:
    simple = "".join(f'<simpleChoice identifier="{name}">{name}!</simpleChoice>' for name in order)
    return document(
        response("identifier", key) + SCORE,
        '<p>It is.</p><choiceInteraction responseIdentifier="RESPONSE" maxChoices="1">'
        f"{simple}</choiceInteraction>",
        rules,
    )


@pytest.mark.parametrize("order", [("true", "false"), ("False", "True")])
def test_true_and_false(order: tuple[str, str]) -> None:
    for name in order:
        item = item_of(judged(name, order))
        assert isinstance(item, TrueFalse)
        assert item.answer == (name.lower() == "true")
        assert (item.stem, item.shuffle) == (plain("It is."), None)


def test_true_and_false_with_weights_are_two_choices() -> None:
    rules = processing(
        conditions(when(RIGHT, set_score("1")), when("", set_score("-0.5"), branch="responseElse"))
    )
    item = item_of(judged("true", rules=rules), "W708")  # an empty response costs points too
    assert isinstance(item, SingleChoice)
    assert weights(item) == [None, D("-0.5")]


# ------------------------------------------------------------------------------- multiple choice


def several(
    mapping: dict[str, str] | None = None,
    bounds: str = 'lowerBound="0"',
    after: str = MAP_RESPONSE,
    key: str = "AB",
    count: int = 4,
    stated: str = SCORE,
) -> str:
    declared = response("identifier", *key, cardinality="multiple", mapping=mapping, bounds=bounds)
    texts = choices(*"abcdefghij"[:count], most=0)
    return document(declared + stated, "<p>Which?</p>" + texts, after)


def multiple(source: str, *codes: str) -> MultipleChoice:
    item = item_of(source, *codes)
    assert isinstance(item, MultipleChoice)
    return item


def test_equal_shares_are_the_usual_ones() -> None:
    item = multiple(several({"A": "1", "B": "1"}, 'defaultValue="-1" lowerBound="0"'))
    assert (item.points, item.scoring) == (D(2), "partial")
    assert right(item) == [True, True, False, False]
    assert weights(item) == [None] * 4


def test_a_key_without_a_mapping_is_all_or_nothing() -> None:
    item = multiple(several(after=MATCH_CORRECT))
    assert (item.points, item.scoring, weights(item)) == (D(1), "all_or_nothing", [None] * 4)


def test_one_right_choice_is_scored_as_the_rules_are_written() -> None:
    mapping = {"A": "1", "B": "-1", "C": "-1", "D": "-1"}
    assert multiple(several(mapping, key="A")).scoring == "partial"
    assert multiple(several(after=MATCH_CORRECT, key="A")).scoring == "all_or_nothing"


def test_unequal_shares_are_weights() -> None:
    item = multiple(several({"A": "3", "B": "1", "C": "-1"}))
    assert item.points == 4
    assert right(item) == [True, True, False, False]
    assert weights(item) == [D("0.75"), D("0.25"), D("-0.25"), D(0)]


def test_shares_that_a_file_rounds_are_recognised() -> None:
    mapping = {"A": "0.33333", "B": "0.33333", "C": "0.33334", "D": "-0.33333"}
    item = multiple(several(mapping, key="ABC"))
    assert (item.points, weights(item)) == (D(1), [None] * 4)


def test_wrong_choices_that_cost_nothing() -> None:
    item = multiple(several({"A": "1", "B": "1"}))
    assert weights(item) == [None, None, D(0), D(0)]


def test_a_price_is_found_where_a_bound_hides_it() -> None:
    item = multiple(several({"A": "1", "B": "1", "C": "-2", "D": "-0.5"}))
    assert weights(item) == [None, None, D(-1), D("-0.25")]


def test_large_questions_are_tried_where_it_counts() -> None:
    mapping = {"A": "1", "C": "1", "J": "2", "B": "-1", "D": "-0.5"}
    item = multiple(several(mapping, key="ACJ", count=10))
    assert [c.correct for c in item.choices] == [name in "ACJ" for name in "ABCDEFGHIJ"]
    assert weights(item)[:4] == [D("0.25"), D("-0.25"), D("0.25"), D("-0.125")]
    assert weights(item)[4:] == [*[D(0)] * 5, D("0.5")]


def test_more_than_everything_becomes_everything() -> None:
    source = several({"A": "1", "B": "1", "C": "1"}, 'lowerBound="0" upperBound="2"', key="ABC")
    item = multiple(source, "W708")
    assert item.points == 2


def test_a_total_below_zero_is_said() -> None:
    source = several({"A": "1", "B": "1", "C": "-1"}, "")
    multiple(source, "W708")
    assert messages(source) == [
        "W708 The score is counted in another way: choosing `C` earns -1 of 2 points in the file, "
        "0 here."
    ]


def test_the_key_is_what_the_rules_compare_with() -> None:
    bag = "".join(f'<baseValue baseType="identifier">{name}</baseValue>' for name in "BD")
    match = f'<match><variable identifier="RESPONSE"/><multiple>{bag}</multiple></match>'
    rules = processing(conditions(when(match, set_score("2"))))
    for count in (4, 10):
        item = multiple(several(after=rules, key="", count=count))
        assert [n for n, c in zip("ABCDEFGHIJ", item.choices, strict=False) if c.correct] == [*"BD"]
        assert (item.points, item.scoring) == (D(2), "all_or_nothing")


def test_rules_with_members_add_up() -> None:
    def member(name: str, value: str) -> str:
        has = (
            f'<member><baseValue baseType="identifier">{name}</baseValue>'
            '<variable identifier="RESPONSE"/></member>'
        )
        add = (
            '<setOutcomeValue identifier="SCORE"><sum><variable identifier="SCORE"/>'
            f'<baseValue baseType="float">{value}</baseValue></sum></setOutcomeValue>'
        )
        return conditions(when(has, add))

    rules = processing(member("A", "1.5"), member("C", "0.5"))
    item = multiple(several(after=rules, key="", count=3))
    assert item.points == 2
    assert right(item) == [True, False, True]
    assert weights(item) == [D("0.75"), D(0), D("0.25")]


def test_nothing_may_be_right() -> None:
    rules = processing(
        conditions(when('<isNull><variable identifier="RESPONSE"/></isNull>', set_score("1")))
    )
    item = multiple(several(after=rules, key=""))
    assert not any(right(item))
    assert weights(item) == [None] * 4


def test_a_limit_of_choices_is_said() -> None:
    declared = response("identifier", "A", "B", cardinality="multiple")
    body = "<p>Which?</p>" + choices("a", "b", "c", most=2)
    source = document(declared + SCORE, body, MATCH_CORRECT)
    multiple(source, "W707")
    assert messages(source) == ["W707 At most 2 choices can be made in the file."]


def test_radio_buttons_for_a_response_that_could_hold_several() -> None:
    declared = response("identifier", "A", cardinality="multiple")
    body = "<p>Which?</p>" + choices("a", "b", most=1)
    assert isinstance(item_of(document(declared + SCORE, body, MATCH_CORRECT)), SingleChoice)


# ------------------------------------------------------------------------------- typed answers

ENTRY = '<textEntryInteraction responseIdentifier="RESPONSE"/>'


def typed(
    declared: str, after: str = MAP_RESPONSE, body: str = f"<p>Where?</p><p>{ENTRY}</p>"
) -> str:
    return document(declared + SCORE, body, after)


def test_a_short_answer() -> None:
    declared = response("string", "York", mapping={"York": "1", "Leeds": "0.5", "Hull": "0"})
    item = item_of(typed(declared))
    assert isinstance(item, ShortAnswer)
    assert item.stem == plain("Where?")
    assert [(a.text, a.weight) for a in item.answers] == [
        ("York", 1),
        ("Leeds", D("0.5")),
        ("Hull", 0),
    ]
    assert item.case_sensitive is True


def test_case_and_points() -> None:
    declared = response(
        "string", "York", mapping={" York ": "3", "42": "1.5"}, case=' caseSensitive="false"'
    )
    item = item_of(typed(declared))
    assert isinstance(item, ShortAnswer)
    assert (item.case_sensitive, item.points) == (False, D(3))
    assert [(a.text, a.weight) for a in item.answers] == [("York", 1), ("42", D("0.5"))]


def test_answers_in_rules() -> None:
    match = (
        '<stringMatch caseSensitive="false"><variable identifier="RESPONSE"/>'
        '<baseValue baseType="string">{}</baseValue></stringMatch>'
    )
    rules = processing(
        conditions(
            when(match.format("York"), set_score("2")),
            when(match.format("Leeds"), set_score("1"), branch="responseElseIf"),
        )
    )
    item = item_of(typed(response("string"), rules))
    assert isinstance(item, ShortAnswer)
    assert [(a.text, a.weight) for a in item.answers] == [("York", 1), ("Leeds", D("0.5"))]
    assert item.case_sensitive is False


def test_answers_listed_in_a_pattern() -> None:
    match = (
        '<patternMatch pattern="^(York|Leeds)$"><variable identifier="RESPONSE"/></patternMatch>'
    )
    rules = processing(conditions(when(match, set_score("1"))))
    item = item_of(typed(response("string"), rules))
    assert isinstance(item, ShortAnswer)
    assert [a.text for a in item.answers] == ["York", "Leeds"]


def test_a_text_that_only_contains_the_answer() -> None:
    match = (
        '<substring caseSensitive="true"><baseValue baseType="string">York</baseValue>'
        '<variable identifier="RESPONSE"/></substring>'
    )
    rules = processing(conditions(when(match, set_score("1"))))
    source = typed(response("string"), rules)
    item_of(source, "W708")
    assert "contains" in messages(source)[0]


def test_a_text_without_a_key_is_marked_by_a_person() -> None:
    item = item_of(typed(response("string"), ""), "W708")
    assert isinstance(item, Essay)
    assert (item.stem, item.lines) == (plain("Where?"), 1)


def test_an_entry_inside_a_sentence_is_a_gap() -> None:
    body = f"<p>The capital is {ENTRY}, is it not?</p>"
    item = item_of(typed(response("string", "York"), MATCH_CORRECT, body))
    assert isinstance(item, Cloze)
    assert flat(item.text) == "The capital is {RESPONSE}, is it not?"
    assert not item.stem
    (gap,) = item.gaps
    assert isinstance(gap, TextGap)
    assert (gap.points, [a.text for a in gap.answers]) == (D(1), ["York"])


def test_an_entry_at_the_end_of_a_question_is_an_answer() -> None:
    item = item_of(typed(response("string", "York"), MATCH_CORRECT, f"<p>Where? {ENTRY}</p>"))
    assert isinstance(item, ShortAnswer)
    assert item.stem == plain("Where?")


# ------------------------------------------------------------------------------------- numbers

VALUE = '<variable identifier="RESPONSE"/><baseValue baseType="float">{}</baseValue>'


def number(*rules: str, key: str = "5", after: str = "", base: str = "float") -> str:
    body = f"<p>How many?</p><p>{ENTRY}{after}</p>"
    return document(response(base, key) + SCORE, body, processing(conditions(*rules)))


def ranges(item: object) -> list[tuple[str, str, str]]:
    assert isinstance(item, Numeric)
    return [(str(a.low), str(a.high), str(a.weight)) for a in item.answers]


def between(low: str, high: str) -> str:
    return f"<and><gte>{VALUE.format(low)}</gte><lte>{VALUE.format(high)}</lte></and>"


def test_a_number_with_its_tolerance() -> None:
    equal = f'<equal toleranceMode="absolute" tolerance="0.1">{VALUE.format("5")}</equal>'
    item = item_of(number(when(equal, set_score("2"))))
    assert ranges(item) == [("4.9", "5.1", "1")]
    assert isinstance(item, Numeric)
    assert (item.answers[0].value, item.answers[0].tolerance) == (D(5), D("0.1"))
    assert (item.points, item.unit) == (D(2), None)


def test_a_number_as_it_is() -> None:
    item = item_of(
        document(response("integer", "5") + SCORE, f"<p>?</p><p>{ENTRY}</p>", MATCH_CORRECT)
    )
    assert ranges(item) == [("5", "5", "1")]
    assert isinstance(item, Numeric)
    assert (item.answers[0].value, item.answers[0].tolerance) == (D(5), None)


def test_ranges_the_best_of_which_counts() -> None:
    item = item_of(
        number(
            when(between("4.9", "5.1"), set_score("2")),
            when(between("4", "6"), set_score("1"), branch="responseElseIf"),
            when(between("-1e-9", "0"), set_score("0"), branch="responseElseIf"),
        )
    )
    assert ranges(item) == [("4.9", "5.1", "1"), ("4", "6", "0.5"), ("-1E-9", "0", "0")]


def test_a_range_that_is_worth_more_further_out() -> None:
    """What no list of conditions says is read off the scores."""
    item = item_of(
        number(
            when(between("0", "10"), set_score("1")),
            when(f"<lte>{VALUE.format('-20')}</lte>", set_score("0"), branch="responseElseIf"),
        )
    )
    assert ranges(item) == [("0", "10", "1")]


def test_an_end_that_does_not_count_is_said() -> None:
    inside = f"<and><gt>{VALUE.format('4')}</gt><lt>{VALUE.format('6')}</lt></and>"
    source = number(when(inside, set_score("1")))
    item = item_of(source, "W708")
    assert ranges(item) == [("4", "6", "1")]
    assert "an end of a range" in messages(source)[0]


def test_a_rounded_number() -> None:
    rounding = 'roundingMode="decimalPlaces" figures="1"'
    equal = f"<equalRounded {rounding}>{VALUE.format('3.14')}</equalRounded>"
    item = item_of(number(when(equal, set_score("1")), key="3.14"), "W708")
    assert ranges(item) == [("3.05", "3.15", "1")]


def test_a_number_without_an_end() -> None:
    item = item_of(number(when(f"<gte>{VALUE.format('5')}</gte>", set_score("1"))), "W708")
    assert ranges(item) == [("5", "1000000000000", "1")]


def test_a_relative_tolerance_is_that_of_the_first_number() -> None:
    key = '<baseValue baseType="float">100</baseValue><variable identifier="RESPONSE"/>'
    equal = f'<equal toleranceMode="relative" tolerance="10">{key}</equal>'
    assert ranges(item_of(number(when(equal, set_score("1"))))) == [("90", "110", "1")]


@pytest.mark.parametrize(
    ("after", "unit"), [("\u00a0m/s\u00b2", "m/s\u00b2"), ("", None), ("\u00a0", None)]
)
def test_a_unit_stands_behind_the_number(after: str, unit: str | None) -> None:
    item = item_of(number(when(between("4", "6"), set_score("1")), after=after))
    assert isinstance(item, Numeric)
    assert (item.stem, item.unit) == (plain("How many?"), unit)


# --------------------------------------------------------------------------------------- clozes


def test_a_cloze() -> None:
    body = (
        '<p>In <inlineChoiceInteraction responseIdentifier="RESPONSE_place" shuffle="true">'
        '<inlineChoice identifier="A">York</inlineChoice>'
        '<inlineChoice identifier="B">Hull</inlineChoice></inlineChoiceInteraction> it was '
        '<textEntryInteraction responseIdentifier="R.2"/> or '
        '<textEntryInteraction responseIdentifier="1"/>.</p>'
    )
    declared = (
        response("identifier", "A", identifier="RESPONSE_place", mapping={"A": "2", "B": "0.5"})
        + response("string", "warm", identifier="R.2", mapping={"warm": "1"})
        + response("float", "20", identifier="1", mapping={"20": "1"})
    )
    add = (
        '<setOutcomeValue identifier="SCORE"><sum><mapResponse identifier="RESPONSE_place"/>'
        '<mapResponse identifier="R.2"/><mapResponse identifier="1"/></sum></setOutcomeValue>'
    )
    item = item_of(document(declared + points("4"), body, processing(add)))
    assert isinstance(item, Cloze)
    assert flat(item.text) == "In {place} it was {R-2} or {gap1}."
    assert (item.points, item.shuffle) == (D(4), True)
    first, second, third = item.gaps
    assert isinstance(first, ChoiceGap)
    assert [(flat(c.text), c.correct, c.weight) for c in first.choices] == [
        ("York", True, None),
        ("Hull", False, D("0.25")),
    ]
    assert isinstance(second, TextGap)
    assert isinstance(third, NumberGap)
    assert [gap.points for gap in item.gaps] == [D(2), D(1), D(1)]


def gaps(rules: str) -> str:
    declared = "".join(response("string", name, identifier=name) for name in ("one", "two"))
    entries = "".join(
        f'<p>A <textEntryInteraction responseIdentifier="{name}"/> b</p>' for name in ("one", "two")
    )
    return document(declared + SCORE, entries, rules)


def test_gaps_that_only_count_together_are_said() -> None:
    both = "".join(
        f'<match><variable identifier="{n}"/><correct identifier="{n}"/></match>'
        for n in ("one", "two")
    )
    source = gaps(processing(conditions(when(f"<and>{both}</and>", set_score("2")))))
    item = item_of(source, "W708")
    assert isinstance(item, Cloze)
    assert [(g.name, g.points) for g in item.gaps] == [("one", D(1)), ("two", D(1))]
    assert "earns 0 of 2 points in the file, 1 here" in messages(source)[0]


def test_a_gap_whose_answer_nobody_knows() -> None:
    match = '<match><variable identifier="one"/><correct identifier="one"/></match>'
    readings, sink = read_file(gaps(processing(conditions(when(match, set_score("1"))))))
    assert not readings
    assert "no response earns points at `two`" in list(sink)[1].message


def test_choices_beside_gaps_become_drop_downs() -> None:
    declared = response("identifier", "B", identifier="one") + response(
        "string", "York", identifier="two"
    )
    body = (
        '<choiceInteraction responseIdentifier="one" maxChoices="1" shuffle="false">'
        '<prompt>Which?</prompt><simpleChoice identifier="A">a</simpleChoice>'
        '<simpleChoice identifier="B">b</simpleChoice></choiceInteraction>'
        '<p>And where: <textEntryInteraction responseIdentifier="two"/>!</p>'
    )
    right_ones = "".join(
        conditions(
            when(
                f'<match><variable identifier="{n}"/><correct identifier="{n}"/></match>',
                '<setOutcomeValue identifier="SCORE"><sum><variable identifier="SCORE"/>'
                '<baseValue baseType="float">1</baseValue></sum></setOutcomeValue>',
            )
        )
        for n in ("one", "two")
    )
    item = item_of(document(declared + SCORE, body, processing(right_ones)), "W708")
    assert isinstance(item, Cloze)
    assert flat(item.text) == "Which?{one}And where: {two}!"
    assert [gap.points for gap in item.gaps] == [D(1), D(1)]


def test_words_to_be_dragged_become_drop_downs() -> None:
    declared = response(
        "directedPair",
        "W G1",
        "S G2",
        cardinality="multiple",
        mapping={"W G1": "1", "S G2": "3"},
        bounds='defaultValue="0"',
    )
    words = "".join(
        f'<gapText identifier="{name}" matchMax="1">{text}</gapText>'
        for name, text in {"W": "winter", "S": "summer", "A": "autumn"}.items()
    )
    body = (
        '<gapMatchInteraction responseIdentifier="RESPONSE" shuffle="false">'
        f"<prompt>Fill in.</prompt>{words}"
        '<p>Now is the <gap identifier="G1"/> made <gap identifier="G2"/>.</p>'
        "</gapMatchInteraction>"
    )
    item = item_of(document(declared + SCORE, body, MAP_RESPONSE), "W708")
    assert isinstance(item, Cloze)
    assert flat(item.text) == "Fill in.Now is the {G1} made {G2}."
    assert [(gap.name, gap.points) for gap in item.gaps] == [("G1", D(1)), ("G2", D(3))]
    keys = [[flat(c.text) for c in gap.choices if c.correct] for gap in item.gaps]  # type: ignore[union-attr]
    assert keys == [["winter"], ["summer"]]


# -------------------------------------------------------------------------- matching and ordering


def sets(left: dict[str, str], right: dict[str, str]) -> str:
    def one(entries: dict[str, str]) -> str:
        return "".join(
            f'<simpleAssociableChoice identifier="{name}" matchMax="1">{text}'
            "</simpleAssociableChoice>"
            for name, text in entries.items()
        )

    return (
        '<matchInteraction responseIdentifier="RESPONSE" shuffle="true" maxAssociations="0">'
        f"<simpleMatchSet>{one(left)}</simpleMatchSet><simpleMatchSet>{one(right)}"
        "</simpleMatchSet></matchInteraction>"
    )


LEFT, RIGHT_SIDE = {"P1": "a", "P2": "b"}, {"R1": "1", "R2": "2", "R3": "3"}


def test_matching() -> None:
    declared = response(
        "directedPair",
        "P1 R2",
        "P2 R1",
        cardinality="multiple",
        mapping={"P1 R2": "1.5", "P2 R1": "1.5"},
        bounds='defaultValue="0"',
    )
    item = item_of(
        document(declared + SCORE, "<p>Match.</p>" + sets(LEFT, RIGHT_SIDE), MAP_RESPONSE)
    )
    assert isinstance(item, Matching)
    assert [(flat(p.premise), flat(p.response)) for p in item.pairs] == [("a", "2"), ("b", "1")]
    assert (item.distractors, item.points, item.shuffle) == ((plain("3"),), D(3), True)


def test_matching_that_is_scored_in_another_way() -> None:
    declared = response("directedPair", "P1 R2", "P2 R1", cardinality="multiple")
    source = document(declared + SCORE, "<p>?</p>" + sets(LEFT, RIGHT_SIDE), MATCH_CORRECT)
    assert isinstance(item_of(source, "W708"), Matching)
    assert "a response with 1 of 2 places right earns 0 of 1 points" in messages(source)[0]


def test_matching_the_other_way_round() -> None:
    pairs = ["P1 R1", "P1 R2", "P2 R3"]
    declared = response(
        "directedPair", *pairs, cardinality="multiple", mapping=dict.fromkeys(pairs, "1")
    )
    source = document(declared + SCORE, "<p>?</p>" + sets(LEFT, RIGHT_SIDE), MAP_RESPONSE)
    item = item_of(source, "W708")
    assert isinstance(item, Matching)
    assert [(flat(p.premise), flat(p.response)) for p in item.pairs] == [
        ("1", "a"),
        ("2", "a"),
        ("3", "b"),
    ]


def test_matching_with_entries_that_match_nothing() -> None:
    declared = response("directedPair", "P1 R2", cardinality="multiple", mapping={"P1 R2": "1"})
    source = document(declared + SCORE, "<p>?</p>" + sets(LEFT, RIGHT_SIDE), MAP_RESPONSE)
    item = item_of(source, "W707")
    assert isinstance(item, Matching)
    assert [flat(p.premise) for p in item.pairs] == ["a"]
    assert messages(source) == ["W707 `b` has no right partner and is left out."]


def order(after: str, names: str = "ABC") -> str:
    simple = "".join(f'<simpleChoice identifier="{n}">{n.lower()}</simpleChoice>' for n in names)
    body = (
        '<orderInteraction responseIdentifier="RESPONSE" shuffle="true">'
        f"<prompt>Order them.</prompt>{simple}</orderInteraction>"
    )
    return document(response("identifier", *"CAB", cardinality="ordered") + SCORE, body, after)


def test_ordering() -> None:
    def placed(place: int) -> str:
        at = "".join(
            f'<index n="{place}"><{kind} identifier="RESPONSE"/></index>'
            for kind in ("variable", "correct")
        )
        add = (
            '<setOutcomeValue identifier="SCORE"><sum><variable identifier="SCORE"/>'
            '<baseValue baseType="float">1</baseValue></sum></setOutcomeValue>'
        )
        return conditions(when(f"<match>{at}</match>", add))

    item = item_of(order(processing(*map(placed, (1, 2, 3)))))
    assert isinstance(item, Ordering)
    assert item.sequence == (plain("c"), plain("a"), plain("b"))
    assert (item.stem, item.points) == (plain("Order them."), D(3))


def test_ordering_that_counts_only_as_a_whole() -> None:
    assert isinstance(item_of(order(MATCH_CORRECT), "W708"), Ordering)
    assert "`d` has no place in the order" in messages(order(MATCH_CORRECT, "ABCD"))[1]


# --------------------------------------------------------------------------- marked by a person


def essay(attributes: str = "", body: str = "", declared: str = response("string")) -> str:
    interaction = f'<extendedTextInteraction responseIdentifier="RESPONSE"{attributes}/>'
    return document(declared + points("6"), f"<p>Write.</p>{interaction}{body}")


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ("", (None, None, None)),
        (' expectedLines="12"', (12, None, None)),
        (' expectedLength="200"', (3, None, None)),
        (r' patternMask="\s*(\S+\s+){99,249}\S+\s*"', (None, 100, 250)),
        (r' patternMask="\s*(\S+\s+){99,}\S+\s*"', (None, 100, None)),
        (r' patternMask="\s*((\S+\s+){0,249}\S+\s*)?"', (None, None, 250)),
    ],
)
def test_an_essay_and_its_length(
    attributes: str, expected: tuple[int | None, int | None, int | None]
) -> None:
    item = item_of(essay(attributes))
    assert isinstance(item, Essay)
    assert (item.stem, item.points) == (plain("Write."), D(6))
    assert (item.lines, item.min_words, item.max_words) == expected


def test_what_an_essay_cannot_carry_is_said() -> None:
    assert isinstance(item_of(essay(' patternMask="[A-Z]+"'), "W707"), Essay)
    assert isinstance(item_of(essay(' placeholderText="Here"'), "W707"), Essay)


def test_what_stands_in_the_field_at_the_start() -> None:
    declared = (
        '<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="string">'
        "<defaultValue><value>First line\nsecond\n\n  Next\n</value></defaultValue>"
        "</responseDeclaration>"
    )
    item = item_of(essay(declared=declared))
    assert isinstance(item, Essay)
    assert item.template is not None
    assert [len(block.children) for block in item.template.blocks] == [3, 1]  # type: ignore[union-attr]
    assert flat(item.template) == "First linesecond Next"


def test_a_key_is_a_sample_answer() -> None:
    item = item_of(essay(declared=response("string", "A model text.")))
    assert isinstance(item, Essay)
    assert item.sample_answer == plain("A model text.")


RUBRIC = (
    '<rubricBlock view="scorer tutor"><p>Bewertung</p><ul><li>Inhalt (4)<ul>'
    "<li>voll (4): alles da</li><li>halb (2)</li><li>leer</li><li>a: b</li></ul></li>"
    "<li>Stil (gut) (2)</li><li>Form</li></ul>"
    '<p>Musterantwort</p><div class="sample-answer"><p>So.</p></div></rubricBlock>'
)


def test_a_rubric_is_known_by_its_structure() -> None:
    item = item_of(essay(body=RUBRIC))
    assert isinstance(item, Essay)
    assert item.rubric == (
        Criterion(
            criterion="Inhalt",
            points=D(4),
            levels=(
                Level(label="voll", points=D(4), description="alles da"),
                Level(label="halb", points=D(2)),
                Level(label="leer"),
                Level(label="a", description="b"),
            ),
        ),
        Criterion(criterion="Stil (gut)", points=D(2)),
        Criterion(criterion="Form"),
    )
    assert item.sample_answer == plain("So.")


def test_other_notes_for_marking_are_one_criterion() -> None:
    notes = '<rubricBlock view="scorer"><h1>Guide</h1><p>Be <b>kind</b>.</p></rubricBlock>'
    item = item_of(essay(body=notes), "W708")
    assert isinstance(item, Essay)
    assert item.rubric == (Criterion(criterion="Guide Be kind."),)


def test_what_others_may_read() -> None:
    blocks = (
        '<rubricBlock view="candidate"><p>For you.</p></rubricBlock>'
        '<rubricBlock view="author"><p>For me.</p></rubricBlock>'
    )
    item = item_of(essay(body=blocks))
    assert flat(item.stem) == "Write.For you."
    assert item.notes == "For me."


def test_an_upload() -> None:
    prompt = "<prompt>.pdf, .IPYNB</prompt>"
    uploads = "".join(
        f'<uploadInteraction responseIdentifier="{name}">{prompt}</uploadInteraction>'
        for name in ("RESPONSE", "RESPONSE_2")
    )
    declared = response("file") + response("file", identifier="RESPONSE_2")
    item = item_of(document(declared + points("5"), f"<p>Hand in.</p>{uploads}"))
    assert isinstance(item, FileUpload)
    assert (item.stem, item.points) == (plain("Hand in."), D(5))
    assert (item.accept, item.max_files) == ((".pdf", ".ipynb"), 2)


@pytest.mark.parametrize(
    ("type_", "accept", "codes"),
    [
        ("application/pdf", (".pdf",), ()),
        ("image/png image/jpeg", (".png", ".jpg"), ()),
        ("application/x-odd", (), ("W707",)),
    ],
)
def test_the_types_of_an_upload(
    type_: str, accept: tuple[str, ...], codes: tuple[str, ...]
) -> None:
    upload = (
        f'<uploadInteraction responseIdentifier="RESPONSE" type="{type_}"><prompt>Hand in.</prompt>'
        "</uploadInteraction>"
    )
    item = item_of(document(response("file") + SCORE, upload), *codes)
    assert isinstance(item, FileUpload)
    assert (item.stem, item.accept) == (plain("Hand in."), accept)


def test_nothing_to_answer_is_a_text() -> None:
    item = item_of(document("", "<p>Read this.</p>"))
    assert isinstance(item, TextItem)
    assert item.stem == plain("Read this.")


# ------------------------------------------------------------------------------------ QTI 3


def test_the_names_of_qti_3() -> None:
    source = """<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
      identifier="q3" title="Three" adaptive="false" time-dependent="false" xml:lang="en">
      <qti-response-declaration identifier="RESPONSE" cardinality="multiple" base-type="identifier">
        <qti-correct-response><qti-value>A</qti-value><qti-value>B</qti-value></qti-correct-response>
        <qti-mapping lower-bound="0" default-value="-1">
          <qti-map-entry map-key="A" mapped-value="1"/><qti-map-entry map-key="B" mapped-value="1"/>
        </qti-mapping>
      </qti-response-declaration>
      <qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"
        normal-maximum="2"/>
      <qti-outcome-declaration identifier="F" cardinality="single" base-type="identifier"/>
      <qti-item-body>
        <qti-choice-interaction response-identifier="RESPONSE" max-choices="0" shuffle="true">
          <qti-prompt>Which?</qti-prompt>
          <qti-simple-choice identifier="A">a</qti-simple-choice>
          <qti-simple-choice identifier="B">b</qti-simple-choice>
          <qti-simple-choice identifier="C" fixed="true">c</qti-simple-choice>
        </qti-choice-interaction>
      </qti-item-body>
      <qti-response-processing>
        <qti-set-outcome-value identifier="SCORE"><qti-map-response identifier="RESPONSE"/>
        </qti-set-outcome-value>
        <qti-response-condition><qti-response-if>
          <qti-gte><qti-variable identifier="SCORE"/>
          <qti-base-value base-type="float">2</qti-base-value></qti-gte>
          <qti-set-outcome-value identifier="F">
          <qti-base-value base-type="identifier">right</qti-base-value></qti-set-outcome-value>
        </qti-response-if></qti-response-condition>
      </qti-response-processing>
      <qti-modal-feedback outcome-identifier="F" identifier="right" show-hide="show">
        <qti-content-body><p>Well done.</p></qti-content-body></qti-modal-feedback>
    </qti-assessment-item>"""
    item = item_of(source)
    assert isinstance(item, MultipleChoice)
    assert (item.id, item.title, item.points, item.shuffle) == ("q3", "Three", D(2), True)
    assert (item.stem, weights(item)) == (plain("Which?"), [None] * 3)
    assert right(item) == [True, True, False]
    assert item.feedback.correct == plain("Well done.")
