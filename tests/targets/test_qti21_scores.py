"""What responses earn in QTI 2.1, and which feedback they show.

The rules of the written item are carried out by the reader's processor, which knows nothing of
the writer, and compared with what the author meant; qti-sdk, a real engine, gave the same score
in every one of these cases.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import combinations, permutations, product

import pytest
from lxml import etree

from coursec.model.items import (
    Choice,
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
    TextItem,
    TrueFalse,
)
from coursec.model.text import plain
from coursec.readers.qti21.processing import Processor, Variables
from coursec.readers.qti21.values import members
from test_qti21 import kitchen_sink, written

D = Decimal
Responses = dict[str, str | float | list[str] | None]


def processed(root: etree._Element, responses: Responses) -> Variables:
    """Carry out the item's rules as engines do, which calculate with binary floats."""
    processor = Processor(root, number=float)
    given: Variables = {}
    for name, response in responses.items():
        if isinstance(response, list):
            given[name] = processor.responses[name].value(response, float)
        else:
            given[name] = response
    return processor.run(given)


def subsets(names: list[str]) -> Iterator[list[str]]:
    for size in range(len(names) + 1):
        yield from (list(chosen) for chosen in combinations(names, size))


def typed(answers: tuple[TextAnswer, ...], response: str | None, sensitive: bool) -> Fraction:
    """Return the best weight among the answers that a response equals."""
    if response is None:
        return Fraction(0)

    def folded(text: str) -> str:
        return text.strip() if sensitive else text.strip().lower()

    return max(
        (Fraction(a.weight) for a in answers if folded(a.text) == folded(response)),
        default=Fraction(0),
    )


def counted(answers: tuple[NumberAnswer, ...], response: str | None) -> Fraction:
    """Return the best weight among the ranges that hold a response."""
    if response is None:
        return Fraction(0)
    return max(
        (Fraction(a.weight) for a in answers if a.low <= Decimal(response) <= a.high),
        default=Fraction(0),
    )


def share(choice: Choice) -> Fraction:
    return Fraction(int(choice.correct) if choice.weight is None else choice.weight)


def shown_names(root: etree._Element, tag: str) -> dict[str, str]:
    """Return the identifier of each choice by the text that it shows."""
    return {"".join(node.itertext()): node.get("identifier") for node in root.iter(f"{{*}}{tag}")}


def cases(item: Item, root: etree._Element) -> Iterator[tuple[Responses, Fraction]]:
    """Yield responses and the share of the points that the author means them to earn."""
    match item:
        case SingleChoice():
            yield {"RESPONSE": None}, Fraction(0)
            for name, choice in zip("ABCD", item.choices, strict=False):
                yield {"RESPONSE": name}, share(choice)
        case MultipleChoice():
            right = sum(choice.correct for choice in item.choices)
            by_name = dict(zip("ABCD", item.choices, strict=False))
            for chosen in subsets(list(by_name)):
                if item.scoring == "all_or_nothing":
                    whole = all((n in chosen) == choice.correct for n, choice in by_name.items())
                    earned = Fraction(int(whole))
                else:
                    shares = [
                        Fraction(1 if choice.correct else -1) / right
                        if choice.weight is None else Fraction(choice.weight)
                        for choice in (by_name[name] for name in chosen)
                    ]  # fmt: skip
                    earned = min(max(sum(shares, Fraction(0)), Fraction(0)), Fraction(1))
                yield {"RESPONSE": chosen or None}, earned
        case TrueFalse():
            yield {"RESPONSE": None}, Fraction(0)
            yield {"RESPONSE": "true"}, Fraction(int(item.answer))
            yield {"RESPONSE": "false"}, Fraction(int(not item.answer))
        case ShortAnswer():
            for text in (None, "BPE", "bpe", "Bpe", '"byte" <PAIR> & encoding', "no"):
                yield {"RESPONSE": text}, typed(item.answers, text, item.case_sensitive)
        case Numeric():
            for text in (None, "3.14", "3.1", "3.2", "3.15", "3.0999", "5", "-1"):
                value = None if text is None else float(text)
                yield {"RESPONSE": value}, counted(item.answers, text)
        case Matching():
            names = shown_names(root, "simpleAssociableChoice")
            premises = [node.get("identifier") for node in next(root.iter("{*}simpleMatchSet"))]
            key = [names["1"], names["2"], names["2"]]
            options = [None, names["1"], names["2"], names["3"]]
            for answer in product(options, repeat=3):
                pairs = [f"{p} {a}" for p, a in zip(premises, answer, strict=True) if a]
                hits = sum(a == k for a, k in zip(answer, key, strict=True))
                yield {"RESPONSE": pairs or None}, Fraction(hits) / 3
        case Ordering():
            names = shown_names(root, "simpleChoice")
            key = [names[step.inline[0].text] for step in item.sequence]
            yield {"RESPONSE": None}, Fraction(0)
            for order in permutations(key):
                hits = sum(a == k for a, k in zip(order, key, strict=True))
                yield {"RESPONSE": list(order)}, Fraction(hits) / len(key)
        case Cloze():
            drop, word, number, second = item.gaps
            options = product(
                (None, "A", "B"), (None, "TOKEN", "no"), (None, "1.5", "2.5", "9"), (None, "X", "x")
            )
            for a, b, c, d in options:
                earned = (
                    Fraction(drop.points)
                    * (Fraction(0) if a is None else share(drop.choices["AB".index(a)]))
                    + Fraction(word.points) * typed(word.answers, b, False)
                    + Fraction(number.points) * counted(number.answers, c)
                    + Fraction(second.points) * typed(second.answers, d, True)
                )
                responses: Responses = {
                    "RESPONSE_drop": a,
                    "RESPONSE_word": b,
                    "RESPONSE_num": None if c is None else float(c),
                    "RESPONSE_second": d,
                }
                yield responses, earned / Fraction(item.points)
        case Essay() | FileUpload() | TextItem():
            yield {"RESPONSE": "some text"}, Fraction(0)


WHOLE = Feedback(general=plain("g"), correct=plain("c"), partial=plain("p"), incorrect=plain("i"))
PAIRS = tuple(
    Pair(premise=plain(left), response=plain(right))
    for left, right in (("a", "1"), ("b", "2"), ("c", "2"))
)
PLAIN: list[Item] = [
    Matching(id="m", stem=plain("?"), points=D("0.7"), feedback=WHOLE, pairs=PAIRS,
             distractors=(plain("3"),)),
    Ordering(id="o", stem=plain("?"), points=D("0.7"), feedback=WHOLE,
             sequence=tuple(plain(word) for word in "pqrst")),
    MultipleChoice(id="mc", stem=plain("?"), points=D("0.1"), feedback=WHOLE, choices=tuple(
        Choice(text=plain(word), correct=word != "d") for word in "abcd")),
]  # fmt: skip
ITEMS = PLAIN + [
    replace(item, stimulus=None)
    for item in kitchen_sink()
    if not isinstance(item, Matching | Ordering)
]


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.id)
def test_responses_earn_what_the_author_means(item: Item) -> None:
    root = written(item)
    for responses, earned in cases(item, root):
        score = processed(root, responses)["SCORE"]
        assert isinstance(score, float)
        assert score == pytest.approx(float(earned * Fraction(item.points))), responses
        if earned == 1:  # exactly, or else the right response would not show as right
            assert score == float(item.points), responses


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.id)
def test_feedback_on_the_whole_follows_the_score(item: Item) -> None:
    item = replace(item, feedback=WHOLE)
    root = written(item)
    marked_by_person = isinstance(item, Essay | FileUpload)
    for responses, earned in cases(item, root):
        values = processed(root, responses)
        if isinstance(item, TextItem):
            assert "GENERAL_FEEDBACK" not in values
            continue
        assert values["GENERAL_FEEDBACK"] == "general_fb"
        if marked_by_person:
            assert "RESULT_FEEDBACK" not in values
        elif earned >= 1:
            assert values["RESULT_FEEDBACK"] == "correct_fb", responses
        else:
            expected = "partial_fb" if earned > 0 else "incorrect_fb"
            assert values["RESULT_FEEDBACK"] == expected, responses


@pytest.mark.parametrize(
    ("item_id", "responses", "expected"),
    [
        ("single", {"RESPONSE": "A"}, ["A_fb"]),
        ("single", {"RESPONSE": "C"}, []),
        ("single", {"RESPONSE": None}, []),
        ("multiple", {"RESPONSE": ["B", "A", "C"]}, ["A_fb", "B_fb"]),
        ("true-false", {"RESPONSE": "true"}, ["true_fb"]),
        ("true-false", {"RESPONSE": "false"}, ["false_fb"]),
        ("short", {"RESPONSE": "bpe"}, ["answer1_fb"]),
        ("short", {"RESPONSE": '"byte" <pair> & ENCODING'}, ["answer3_fb"]),
        ("short", {"RESPONSE": "no"}, []),
        ("numeric", {"RESPONSE": 3.14}, ["answer2_fb"]),
        ("numeric", {"RESPONSE": 3.15}, ["answer1_fb"]),
        ("numeric", {"RESPONSE": 7.0}, []),
        (
            "cloze",
            {"RESPONSE_drop": "A", "RESPONSE_word": "Token", "RESPONSE_num": 1.5},
            ["gap1_A_fb", "gap2_answer1_fb", "gap3_answer1_fb"],
        ),
        ("cloze", {"RESPONSE_drop": "B", "RESPONSE_num": 2.5}, []),
    ],
)
def test_feedback_of_choices_and_answers(
    item_id: str, responses: Responses, expected: list[str]
) -> None:
    item = next(item for item in kitchen_sink() if item.id == item_id)
    values = processed(written(replace(item, stimulus=None)), responses)
    assert members(values["FEEDBACK"]) == ("none", *expected)
