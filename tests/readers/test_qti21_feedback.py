"""Feedback of QTI items: where it belongs is found by trying out when it is shown."""

from __future__ import annotations

import pytest
from qti21_files import (
    MATCH_CORRECT,
    SCORE,
    choices,
    document,
    flat,
    item_of,
    messages,
    response,
)

from coursec.model.items import Cloze, Item, MultipleChoice, Numeric, ShortAnswer, SingleChoice
from coursec.model.text import Paragraph, RichText, Strong, Text, plain

SHOWN = '<outcomeDeclaration identifier="F" cardinality="multiple" baseType="identifier"/>'
ONE = '<outcomeDeclaration identifier="F" cardinality="single" baseType="identifier"/>'
VARIABLE = '<variable identifier="RESPONSE"/>'
RIGHT = f'<match>{VARIABLE}<correct identifier="RESPONSE"/></match>'


def modal(identifier: str, text: str, show: str = "show", title: str = "") -> str:
    attributes = f' title="{title}"' if title else ""
    return (
        f'<modalFeedback outcomeIdentifier="F" identifier="{identifier}" showHide="{show}"'
        f"{attributes}><p>{text}</p></modalFeedback>"
    )


def show(identifier: str) -> str:
    base = f'<baseValue baseType="identifier">{identifier}</baseValue>'
    return (
        '<setOutcomeValue identifier="F"><multiple><variable identifier="F"/>'
        f"{base}</multiple></setOutcomeValue>"
    )


def score(value: str) -> str:
    return (
        f'<setOutcomeValue identifier="SCORE"><baseValue baseType="float">{value}</baseValue>'
        "</setOutcomeValue>"
    )


def when(condition: str, *actions: str, otherwise: str = "") -> str:
    return (
        f"<responseCondition><responseIf>{condition}{''.join(actions)}</responseIf>"
        + (f"<responseElse>{otherwise}</responseElse>" if otherwise else "")
        + "</responseCondition>"
    )


def chosen(name: str) -> str:
    return f'<match>{VARIABLE}<baseValue baseType="identifier">{name}</baseValue></match>'


def has(name: str) -> str:
    return f'<member><baseValue baseType="identifier">{name}</baseValue>{VARIABLE}</member>'


def at_least(value: str) -> str:
    number = f'<baseValue baseType="float">{value}</baseValue>'
    return f'<gte><variable identifier="SCORE"/>{number}</gte>'


BY_KEY = when(RIGHT, score("1"))


def single(rules: str, *texts: str, declared: str = SHOWN, body: str = "", codes: str = "") -> Item:
    after = f"<responseProcessing>{BY_KEY}{rules}</responseProcessing>{''.join(texts)}"
    body = body or "<p>Which?</p>" + choices("a", "b", "c")
    return item_of(
        document(response("identifier", "B") + SCORE + declared, body, after), *codes.split()
    )


def own(item: Item) -> list[str | None]:
    assert isinstance(item, SingleChoice | MultipleChoice)
    return [flat(choice.feedback) for choice in item.choices]


def whole(item: Item) -> tuple[str | None, ...]:
    found = item.feedback
    return tuple(map(flat, (found.general, found.correct, found.partial, found.incorrect)))


def test_feedback_of_each_choice() -> None:
    rules = when(chosen("A"), show("A_fb")) + when(chosen("B"), show("B_fb"))
    item = single(rules, modal("A_fb", "No."), modal("B_fb", "Yes."))
    assert own(item) == ["No.", "Yes.", None]
    assert whole(item) == (None,) * 4


def test_feedback_that_is_named_after_the_response() -> None:
    rule = f'<setOutcomeValue identifier="F">{VARIABLE}</setOutcomeValue>'
    item = single(rule, modal("A", "No."), modal("B", "Yes."), declared=ONE)
    assert own(item) == ["No.", "Yes.", None]


def test_feedback_that_is_shown_when_it_is_not_named() -> None:
    rule = f'<setOutcomeValue identifier="F">{VARIABLE}</setOutcomeValue>'
    item = single(rule, modal("B", "Not so.", show="hide"), declared=ONE)
    assert own(item) == [None] * 3
    assert whole(item) == (None, None, None, "Not so.")


def test_feedback_inside_a_choice() -> None:
    inline = (
        'a<feedbackInline outcomeIdentifier="F" identifier="{}" showHide="show">{}</feedbackInline>'
    )
    texts = (inline.format("A", "No."), inline.format("B", "Yes."), "c")
    rule = f'<setOutcomeValue identifier="F">{VARIABLE}</setOutcomeValue>'
    item = single(rule, declared=ONE, body="<p>Which?</p>" + choices(*texts))
    assert own(item) == ["No.", "Yes.", None]
    assert isinstance(item, SingleChoice)
    assert item.choices[0].text == plain("a")


def test_feedback_inside_the_text() -> None:
    block = (
        '<feedbackBlock outcomeIdentifier="F" identifier="{}" showHide="show"><p>{}</p>'
        "</feedbackBlock>"
    )
    body = (
        "<p>Which?</p>"
        + choices("a", "b", "c")
        + block.format("good", "Yes.")
        + block.format("bad", "No.")
    )
    rules = when(RIGHT, show("good"), otherwise=show("bad"))
    item = single(rules, body=body)
    assert own(item) == [None, "Yes.", None]
    assert whole(item) == (None, None, None, "No.")
    assert flat(item.stem) == "Which?"


@pytest.mark.parametrize(
    ("right", "wrong"),
    [("correct_fb", "incorrect_fb"), ("FEEDBACK_CORRECT", "FEEDBACK_WRONG")],
)
def test_names_decide_where_it_could_be_either(right: str, wrong: str) -> None:
    rules = when(RIGHT, show(right), otherwise=show(wrong)) + show("general_fb")
    texts = modal(right, "Yes."), modal(wrong, "No."), modal("general_fb", "So it is.")
    item = single(rules, *texts, body="<p>Which?</p>" + choices("a", "b"))
    assert own(item) == [None, None]
    assert whole(item) == ("So it is.", "Yes.", None, "No.")


def test_one_text_for_several_choices_is_a_text_for_each() -> None:
    rules = when(f"<or>{chosen('A')}{chosen('B')}</or>", show("ab"))
    item = single(rules, modal("ab", "Near."))
    assert own(item) == ["Near.", "Near.", None]


def test_feedback_by_score() -> None:
    member = when(has("A"), show("A_fb"))
    points = (
        '<setOutcomeValue identifier="SCORE"><mapResponse identifier="RESPONSE"/></setOutcomeValue>'
    )
    rules = (
        points
        + when(
            at_least("2"),
            show("x1"),
            otherwise=when(at_least("1"), show("x2"), otherwise=show("x3")),
        )
        + member
    )
    declared = response(
        "identifier",
        "A",
        "B",
        cardinality="multiple",
        mapping={"A": "1", "B": "1"},
        bounds='defaultValue="-1" lowerBound="0"',
    )
    texts = [modal(name, name) for name in ("x1", "x2", "x3", "A_fb")]
    item = item_of(
        document(
            declared + SCORE + SHOWN,
            "<p>Which?</p>" + choices("a", "b", "c", most=0),
            f"<responseProcessing>{rules}</responseProcessing>{''.join(texts)}",
        )
    )
    assert whole(item) == (None, "x1", "x2", "x3")
    assert own(item) == ["A_fb", None, None]


def test_feedback_for_anything_that_is_not_right() -> None:
    points = (
        '<setOutcomeValue identifier="SCORE"><mapResponse identifier="RESPONSE"/></setOutcomeValue>'
    )
    rules = points + when(at_least("2"), show("good"), otherwise=show("not_good"))
    declared = response(
        "identifier", "A", "B", cardinality="multiple", mapping={"A": "1", "B": "1"}
    )
    item = item_of(
        document(
            declared + SCORE + SHOWN,
            "<p>Which?</p>" + choices("a", "b", "c", most=0),
            f"<responseProcessing>{rules}</responseProcessing>{modal('not_good', 'Look again.')}",
        )
    )
    assert whole(item) == (None, None, "Look again.", "Look again.")


def test_titles_and_several_texts_stand_one_below_the_other() -> None:
    rules = show("one") + show("two")
    item = single(rules, modal("one", "First.", title="Note"), modal("two", "Second."))
    assert item.feedback.general == RichText(
        (
            Paragraph((Strong((Text("Note"),)),)),
            Paragraph((Text("First."),)),
            Paragraph((Text("Second."),)),
        )
    )


def test_what_fits_nowhere_is_said() -> None:
    rules = when(f"<and>{has('A')}{has('C')}</and>", show("both")) + ""
    declared = response("identifier", "A", "B", cardinality="multiple")
    after = (
        f"<responseProcessing>{BY_KEY}{rules}</responseProcessing>"
        + modal("both", "These two?")
        + modal("never", "Nobody reads this.")
    )
    source = document(
        declared + SCORE + SHOWN, "<p>Which?</p>" + choices("a", "b", "c", most=0), after
    )
    item = item_of(source, "W707", "W707")
    assert whole(item) == (None,) * 4
    assert sorted(messages(source)) == [
        "W707 The feedback `both` is left out: it is shown by another rule.",
        "W707 The feedback `never` is left out: it is shown by no response that was tried.",
    ]


# ----------------------------------------------------------------------------- typed answers

ENTRY = '<textEntryInteraction responseIdentifier="{}"/>'


def test_feedback_of_typed_answers() -> None:
    same = (
        f'<stringMatch caseSensitive="false">{VARIABLE}<baseValue baseType="string">'
        "{}</baseValue></stringMatch>"
    )
    declared = response(
        "string", "York", mapping={"York": "1", "Leeds": "0.5"}, case=' caseSensitive="false"'
    )
    rules = (
        '<setOutcomeValue identifier="SCORE"><mapResponse identifier="RESPONSE"/></setOutcomeValue>'
        + when(same.format("York"), show("one"))
        + when(same.format("Leeds"), show("two"))
    )
    item = item_of(
        document(
            declared + SCORE + SHOWN,
            f"<p>Where?</p><p>{ENTRY.format('RESPONSE')}</p>",
            f"<responseProcessing>{rules}</responseProcessing>"
            + modal("one", "Yes.")
            + modal("two", "Near."),
        )
    )
    assert isinstance(item, ShortAnswer)
    assert [flat(answer.feedback) for answer in item.answers] == ["Yes.", "Near."]


def test_feedback_of_the_range_that_counts() -> None:
    def inside(low: str, high: str) -> str:
        ends = [f'<baseValue baseType="float">{end}</baseValue>' for end in (low, high)]
        return f"<and><gte>{VARIABLE}{ends[0]}</gte><lte>{VARIABLE}{ends[1]}</lte></and>"

    def branch(name: str, condition: str, points: str, shown: str) -> str:
        return f"<{name}>{condition}{score(points)}{show(shown)}</{name}>"

    rules = (
        "<responseCondition>"
        + branch("responseIf", inside("4.9", "5.1"), "1", "best")
        + branch("responseElseIf", inside("4", "6"), "0.5", "near")
        + branch("responseElseIf", inside("50", "50"), "0", "slip")
        + "</responseCondition>"
    )
    item = item_of(
        document(
            response("float", "5") + SCORE + SHOWN,
            f"<p>How many?</p><p>{ENTRY.format('RESPONSE')}</p>",
            f"<responseProcessing>{rules}</responseProcessing>"
            + modal("best", "Yes.")
            + modal("near", "Near.")
            + modal("slip", "Ten times less."),
        )
    )
    assert isinstance(item, Numeric)
    assert [(flat(a.feedback), str(a.weight)) for a in item.answers] == [
        ("Yes.", "1"),
        ("Near.", "0.5"),
        ("Ten times less.", "0"),
    ]


def test_feedback_of_a_gap() -> None:
    declared = "".join(
        response("string", name, identifier=name, mapping={name: "1"}) for name in ("one", "two")
    )
    add = (
        '<setOutcomeValue identifier="SCORE"><sum><mapResponse identifier="one"/>'
        '<mapResponse identifier="two"/></sum></setOutcomeValue>'
    )
    match = (
        '<match><variable identifier="two"/><baseValue baseType="string">two</baseValue></match>'
    )
    after = f"<responseProcessing>{add}{when(match, show('fb'))}</responseProcessing>" + modal(
        "fb", "The second."
    )
    body = f"<p>A {ENTRY.format('one')} b {ENTRY.format('two')} c.</p>"
    item = item_of(document(declared + SCORE + SHOWN, body, after))
    assert isinstance(item, Cloze)
    first, second = item.gaps
    assert [flat(a.feedback) for a in first.answers] == [None]  # type: ignore[union-attr]
    assert [flat(a.feedback) for a in second.answers] == ["The second."]  # type: ignore[union-attr]


# --------------------------------------------------------------------------------------- hints


def test_a_button_that_shows_something_is_a_hint() -> None:
    hint = response("boolean", identifier="HINT")
    button = '<p><endAttemptInteraction responseIdentifier="HINT" title="Hint"/></p>'
    rules = when('<variable identifier="HINT"/>', show("hint"))
    item = single(
        rules,
        modal("hint", "Think of it."),
        declared=hint + SHOWN,
        body="<p>Which?</p>" + choices("a", "b") + button,
    )
    assert [flat(one) for one in item.hints] == ["Think of it."]
    assert flat(item.stem) == "Which?"


def test_a_button_that_shows_nothing_is_said() -> None:
    button = '<p><endAttemptInteraction responseIdentifier="END" title="End"/></p>'
    declared = response("boolean", identifier="END")
    body = "<p>Which?</p>" + choices("a", "b") + button
    source = document(declared + response("identifier", "A") + SCORE, body, MATCH_CORRECT)
    item_of(source, "W707")


def test_hints_that_stand_in_the_text() -> None:
    control = "<infoControl><p>Think of it.</p></infoControl>"
    body = f"<p>Which?</p>{control}" + choices("a", "b")
    item = item_of(document(response("identifier", "A") + SCORE, body, MATCH_CORRECT))
    assert [flat(one) for one in item.hints] == ["Think of it."]


def test_steps_that_come_and_go_are_left_out() -> None:
    block = (
        '<feedbackBlock outcomeIdentifier="F" identifier="next" showHide="show">'
        f"{choices('a', 'b')}</feedbackBlock>"
    )
    source = document(response("identifier", "A") + SCORE + ONE, f"<p>?</p>{block}", MATCH_CORRECT)
    assert messages(source)[1] == "W706 The question `q1` is left out: it asks in several steps."
