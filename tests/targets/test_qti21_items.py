"""What single items say in QTI 2.1: keys, shares, order, feedback and what stays hidden."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from itertools import permutations

import pytest
from lxml import etree

from coursec.model.items import (
    Choice,
    ChoiceGap,
    Cloze,
    Essay,
    Feedback,
    FileUpload,
    Item,
    Matching,
    MultipleChoice,
    NumberAnswer,
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
from coursec.model.text import CodeBlock, Gap, Math, Paragraph, RichText, Text
from test_qti21 import FULL, found, kitchen_sink, plain, written

D = Decimal


def mapping(root: etree._Element) -> dict[str, str]:
    keys = found(root, "//q:mapEntry/@mapKey")
    return dict(zip(keys, found(root, "//q:mapEntry/@mappedValue"), strict=True))


def key(root: etree._Element) -> list[str]:
    return found(root, "//q:correctResponse/q:value/text()")


def choices(*choices: Choice) -> tuple[Choice, ...]:
    return choices


def texts(words: Iterable[str]) -> tuple[RichText, ...]:
    return tuple(plain(word) for word in words)


@pytest.mark.parametrize("item", kitchen_sink(), ids=lambda item: item.id)
def test_every_item_states_its_points_twice(item: Item) -> None:
    root = written(item, stimuli={"stimulus": TextItem(id="stimulus", stem=plain("x"))})
    maximum = found(root, "q:outcomeDeclaration[@identifier='SCORE']/@normalMaximum")
    default = found(root, "q:outcomeDeclaration[@identifier='MAXSCORE']//q:value/text()")
    assert maximum == default
    assert [D(value) for value in maximum] == ([] if isinstance(item, TextItem) else [item.points])


@pytest.mark.parametrize("item", kitchen_sink(), ids=lambda item: item.id)
def test_the_stem_is_one_div_and_interactions_follow_without_prompts(item: Item) -> None:
    root = written(item, stimuli={"stimulus": TextItem(id="stimulus", stem=plain("x"))})
    names = [
        etree.QName(child).localname for child in root.find("q:itemBody", {"q": root.nsmap[None]})
    ]
    assert names[0] == "div"
    assert "div" not in names[1:]
    assert "p" not in names
    if not isinstance(item, FileUpload):
        assert not found(root, "//q:prompt")


def test_single_choice_names_its_key() -> None:
    item = SingleChoice(
        id="sc",
        stem=plain("?"),
        choices=choices(Choice(text=plain("a")), Choice(text=plain("b"), correct=True)),
    )
    root = written(item)
    assert key(root) == ["B"]
    assert found(root, "//q:simpleChoice[@identifier='B']/text()") == ["b"]
    assert found(root, "//q:choiceInteraction/@maxChoices") == ["1"]


def test_weights_of_a_single_choice_are_its_mapping() -> None:
    item = next(item for item in kitchen_sink() if item.id == "1-weighted")
    root = written(item)
    assert mapping(root) == {"A": "1", "B": "0.5", "C": "-0.25", "D": "0"}
    assert not found(root, "//q:mapping/@lowerBound")  # a negative weight costs points


def test_shares_of_a_multiple_choice_are_whole_units() -> None:
    item = next(item for item in kitchen_sink() if item.id == "multiple-weighted")
    root = written(item)  # 0.7, 1/2 of two right ones, -0.1
    assert mapping(root) == {"A": "7", "B": "5", "C": "-1"}
    assert found(root, "//q:mapping/@lowerBound") == ["0"]
    assert found(root, "//q:mapping/@upperBound") == ["10"]
    assert found(root, "//q:divide/q:baseValue/text()") == ["10"]


def test_all_or_nothing_has_no_shares() -> None:
    item = next(item for item in kitchen_sink() if item.id == "multiple-all")
    assert mapping(written(item)) == {}


def test_more_choices_than_letters() -> None:
    many = tuple(Choice(text=plain(str(n)), correct=n == 27) for n in range(80))
    root = written(SingleChoice(id="sc", stem=plain("?"), choices=many))
    names = found(root, "//q:simpleChoice/@identifier")
    assert names[25:28] == ["Z", "AA", "AB"]
    assert len(set(names)) == 80
    assert key(root) == ["AB"]


@pytest.mark.parametrize(
    ("own", "quiz", "expected"), [(None, True, "true"), (None, False, "false"),
                                  (False, True, "false"), (True, False, "true")],
)  # fmt: skip
def test_choices_are_shuffled_as_the_quiz_says(own: bool | None, quiz: bool, expected: str) -> None:
    item = SingleChoice(
        id="sc",
        stem=plain("?"),
        shuffle=own,
        choices=choices(Choice(text=plain("a"), correct=True), Choice(text=plain("b"), fixed=True)),
    )
    root = written(item, shuffle_choices=quiz)
    assert found(root, "//q:choiceInteraction/@shuffle") == [expected]
    assert found(root, "//q:simpleChoice[@fixed='true']/@identifier") == ["B"]


@pytest.mark.parametrize(("language", "shown"), [("en-GB", ["True", "False"]),
                                                 ("de", ["Wahr", "Falsch"]),
                                                 ("xx", ["True", "False"])])  # fmt: skip
def test_true_and_false_are_said_in_the_language_of_the_item(
    language: str, shown: list[str]
) -> None:
    root = written(TrueFalse(id="tf", stem=plain("?"), answer=True, language=language))
    assert found(root, "//q:simpleChoice/text()") == shown
    assert key(root) == ["true"]


def test_equal_answers_keep_the_best_weight() -> None:
    answers = (TextAnswer(text="york", weight=D("0.5")), TextAnswer(text=" York ", weight=D(1)))
    root = written(ShortAnswer(id="sa", stem=plain("?"), answers=answers))
    assert mapping(root) == {"York": "1"}
    assert found(root, "//q:mapEntry/@caseSensitive") == ["false"]
    root = written(ShortAnswer(id="sa", stem=plain("?"), answers=answers, case_sensitive=True))
    assert mapping(root) == {"york": "0.5", "York": "1"}
    assert key(root) == ["York"]


def test_the_best_range_is_asked_first() -> None:
    answers = (
        NumberAnswer(low=D(1), high=D(9), weight=D("0.5")),
        NumberAnswer(low=D("4.90"), high=D("5.1"), value=D("5")),
    )
    root = written(Numeric(id="n", stem=plain("?"), answers=answers, unit="kg"))
    assert found(root, "//q:gte/q:baseValue/text()") == ["4.9", "1"]
    assert found(root, "//q:lte/q:baseValue/text()") == ["5.1", "9"]
    assert key(root) == ["5"]
    assert found(root, "q:itemBody/q:div/q:p[last()]/text()") == ["\N{NO-BREAK SPACE}kg"]


def test_neither_names_nor_places_give_an_order_away() -> None:
    for words in permutations(["p", "q", "r", "s"]):
        root = written(Ordering(id="-".join(words), stem=plain("?"), sequence=texts(words)))
        names = found(root, "//q:simpleChoice/@identifier")
        shown = dict(zip(names, found(root, "//q:simpleChoice/text()"), strict=True))
        assert [shown[name] for name in key(root)] == list(words)
        assert key(root) != names == sorted(names)
        assert found(root, "//q:orderInteraction/@shuffle") == ["true"]


def test_matching_pairs_and_shared_responses() -> None:
    pairs = tuple(
        Pair(premise=plain(left), response=plain(right))
        for left, right in (("a", "1"), ("b", "2"), ("c", "2"))
    )
    item = Matching(id="m", stem=plain("?"), pairs=pairs, distractors=texts("23"))
    root = written(item)
    names = found(root, "//q:simpleAssociableChoice/@identifier")
    shown = dict(zip(names, found(root, "//q:simpleAssociableChoice/text()"), strict=True))
    assert sorted(shown.values()) == ["1", "2", "3", "a", "b", "c"]
    assert {tuple(shown[name] for name in pair.split()) for pair in key(root)} == {
        ("a", "1"), ("b", "2"), ("c", "2"),
    }  # fmt: skip
    assert mapping(root) == dict.fromkeys(key(root), "1")
    assert found(root, "//q:mapping/@upperBound") == ["3"]
    responses = found(root, "//q:simpleMatchSet[2]/q:simpleAssociableChoice/text()")
    assert responses != ["1", "2", "3"]


def test_premises_move_only_when_the_author_shuffles() -> None:
    item = Matching(id="m", stem=plain("?"), pairs=(Pair(premise=plain("a"), response=plain("1")),))
    fixed = "//q:simpleMatchSet[1]/*/@fixed"
    assert found(written(item, shuffle_choices=False), fixed) == ["true"]
    assert found(written(item, shuffle_choices=True), fixed) == []


def test_a_gap_earns_whole_units_of_its_points() -> None:
    root = written(next(item for item in kitchen_sink() if isinstance(item, Cloze)))
    # 0.1 x 0.5 is the smallest share, so 0.1 points are 10 units; all four gaps have 120
    assert mapping(root) == {"A": "10", "B": "5", "token": "20", "X": "20", "x": "10"}
    assert found(root, "//q:sum/q:baseValue/text()") == ["70", "35"]
    assert found(root, "//q:divide/q:baseValue/text()") == ["120"]


def test_gaps_stand_where_the_author_put_them() -> None:
    right = Choice(text=RichText((Paragraph((Text("is "), Math("x^2"))),)), correct=True)
    item = Cloze(
        id="c",
        stem=plain("Fill in."),
        text=RichText((Paragraph((Text("One "), Gap("a"), Text(" two "), Gap("b"), Text("."))),)),
        points=D(2),
        gaps=(
            ChoiceGap(name="a", choices=(right,)),
            TextGap(name="b", answers=(TextAnswer(text="x"),)),
        ),
    )
    root = written(item)
    names = found(root, "q:itemBody/q:div/q:p[2]/*/@responseIdentifier")
    assert names == ["RESPONSE_a", "RESPONSE_b"]
    around = found(root, "q:itemBody/q:div/q:p[2]/text()")
    assert around == ["One ", " two ", "."]
    assert found(root, "//q:inlineChoice/text()") == ["is x²"]


def test_a_sample_answer_is_for_those_who_mark() -> None:
    item = Essay(id="e", stem=plain("Write."), sample_answer=plain("SECRET"), lines=7)
    root = written(item)
    (block,) = root.xpath("//q:rubricBlock", namespaces={"q": root.nsmap[None]})
    assert block.get("view") == "scorer"
    assert "SECRET" in "".join(block.itertext())
    block.getparent().remove(block)
    assert "SECRET" not in etree.tostring(root, encoding="unicode")
    assert key(root) == []
    assert found(root, "//q:extendedTextInteraction/@expectedLines") == ["7"]


def test_a_template_stands_in_the_field_line_by_line() -> None:
    template = RichText((*plain("Claim:").blocks, *plain("Evidence:").blocks))
    root = written(Essay(id="e", stem=plain("Write."), template=template))
    assert found(root, "//q:defaultValue[parent::q:responseDeclaration]/q:value/text()") == [
        "Claim:\n\nEvidence:"
    ]


@pytest.mark.parametrize(
    ("least", "most", "good", "bad"),
    [
        (2, 3, ["a b", " a  b c ", "a\nb"], ["a", "a ", "a b c d", ""]),
        (None, 2, ["", "  ", "a", "a b "], ["a b c"]),
        (2, None, ["a b", "a b c d e f"], ["a", ""]),
    ],
)
def test_word_limits_are_a_pattern(
    least: int | None, most: int | None, good: list[str], bad: list[str]
) -> None:
    item = Essay(id="e", stem=plain("Write."), min_words=least, max_words=most)
    (mask,) = found(written(item), "//q:extendedTextInteraction/@patternMask")
    assert all(re.fullmatch(mask, text) for text in good)
    assert not any(re.fullmatch(mask, text) for text in bad)


def test_an_upload_has_a_field_for_each_file() -> None:
    root = written(FileUpload(id="u", stem=plain("?"), max_files=3, accept=(".jpg", ".JPEG")))
    fields = found(root, "//q:uploadInteraction/@responseIdentifier")
    assert fields == found(root, "q:responseDeclaration/@identifier")
    assert len(set(fields)) == 3
    assert found(root, "//q:uploadInteraction/@type") == ["image/jpeg"] * 3
    root = written(FileUpload(id="u", stem=plain("?"), accept=(".py", ".pdf")))
    assert found(root, "//q:uploadInteraction/@type") == []
    assert found(root, "//q:prompt/text()") == [".py, .pdf"]


def shown_by(root: etree._Element) -> dict[str, str]:
    """Return the text of each feedback by its identifier."""
    return {
        element.get("identifier"): "".join(element.itertext())
        for element in root.xpath("q:modalFeedback", namespaces={"q": root.nsmap[None]})
    }


def test_feedback_has_the_names_that_canvas_knows() -> None:
    feedback = Feedback(
        general=plain("g"), correct=plain("c"), partial=plain("p"), incorrect=plain("i")
    )
    item = SingleChoice(
        id="sc",
        stem=plain("?"),
        feedback=feedback,
        choices=choices(
            Choice(text=plain("a"), correct=True, feedback=plain("fa")),
            Choice(text=plain("b")),
            Choice(text=plain("c"), feedback=plain("fc")),
        ),
    )
    assert shown_by(written(item)) == {
        "A_fb": "fa", "C_fb": "fc",
        "general_fb": "g", "correct_fb": "c", "partial_fb": "p", "incorrect_fb": "i",
    }  # fmt: skip


@pytest.mark.parametrize("item", kitchen_sink(), ids=lambda item: item.id)
def test_every_feedback_has_a_rule_and_every_rule_a_feedback(item: Item) -> None:
    root = written(item, stimuli={"stimulus": TextItem(id="stimulus", stem=plain("x"))})
    outcomes = ("FEEDBACK", "GENERAL_FEEDBACK", "RESULT_FEEDBACK")
    declared = set(found(root, "q:outcomeDeclaration/@identifier")) & set(outcomes)
    rules = {
        (name, value)
        for name in outcomes
        for value in found(root, f"//q:setOutcomeValue[@identifier='{name}']//q:baseValue/text()")
    }
    feedback = zip(
        found(root, "q:modalFeedback/@outcomeIdentifier"),
        found(root, "q:modalFeedback/@identifier"),
        strict=True,
    )
    assert rules == set(feedback)
    assert {name for name, _ in rules} == declared


@pytest.mark.parametrize(
    "item",
    [
        Essay(id="e", stem=plain("?"), feedback=FULL),
        FileUpload(id="u", stem=plain("?"), feedback=FULL),
    ],
    ids=["essay", "upload"],
)
def test_nothing_says_wrong_before_a_person_has_marked(item: Item) -> None:
    assert set(shown_by(written(item))) == {"general_fb"}


def test_unused_feedback_is_not_declared() -> None:
    root = written(TrueFalse(id="tf", stem=plain("?"), answer=True))
    assert found(root, "q:outcomeDeclaration/@identifier") == ["SCORE", "MAXSCORE"]
    item = MultipleChoice(
        id="mc",
        stem=plain("?"),
        choices=choices(
            Choice(text=plain("a"), correct=True), Choice(text=plain("b"), feedback=plain("f"))
        ),
    )
    assert "RESULT_FEEDBACK" not in found(written(item), "q:outcomeDeclaration/@identifier")


def test_a_stimulus_comes_first_in_its_own_language() -> None:
    item = TrueFalse(id="tf", stem=plain("stem"), answer=True, stimulus="st", language="de")
    root = written(item, stimuli={"st": TextItem(id="st", stem=plain("before"), language="fr")})
    assert found(root, "@xml:lang") == ["de"]
    assert found(root, "q:itemBody/q:div/*[1]/@xml:lang") == ["fr"]
    assert found(root, "q:itemBody/q:div//q:p/text()") == ["before", "stem"]


def test_a_template_ends_no_line_with_blanks() -> None:
    template = RichText((*plain("Claim:").blocks, CodeBlock("\u00a0"), *plain("So:\u00a0").blocks))
    root = written(Essay(id="e", stem=plain("Write."), template=template))
    assert found(root, "//q:defaultValue[parent::q:responseDeclaration]/q:value/text()") == [
        "Claim:\n\n\n\nSo:"
    ]
