"""What responses earn in QTI 2.1, and which feedback they show.

The rules of the written item are carried out here as the specification says and compared with
what the author meant; qti-sdk, a real engine, gave the same score in every one of these cases.
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
from test_qti21 import kitchen_sink, written

D = Decimal
Value = str | float | bool | list[str] | None
Responses = dict[str, Value]


class Engine:
    """The few rules of response processing that the emitter uses, with their NULLs."""

    def __init__(self, root: etree._Element, responses: Responses) -> None:
        self.root = root
        self.values: Responses = dict(responses)
        self.declared = {
            node.get("identifier"): node
            for node in root
            if etree.QName(node).localname in ("responseDeclaration", "outcomeDeclaration")
        }
        for name, node in self.declared.items():
            default = [v.text for v in node.iterfind("{*}defaultValue/{*}value")]
            if name not in responses and etree.QName(node).localname == "outcomeDeclaration":
                number = node.get("baseType") == "float"
                self.values[name] = float(default[0]) if number else default or None
        for rule in root.iterfind("{*}responseProcessing/*"):
            self.rule(rule)

    def rule(self, rule: etree._Element) -> None:
        if etree.QName(rule).localname == "setOutcomeValue":
            self.values[rule.get("identifier")] = self.value(rule[0])
            return
        for branch in rule:
            actions = list(branch)
            otherwise = etree.QName(branch).localname == "responseElse"
            if not otherwise and self.value(actions.pop(0)) is not True:
                continue
            for action in actions:
                self.rule(action)
            return

    def value(self, node: etree._Element) -> Value:
        name, of = etree.QName(node).localname, node.get("identifier")
        match name:
            case "variable":
                return self.values.get(of)
            case "correct":
                key = [v.text for v in self.declared[of].iterfind("{*}correctResponse/{*}value")]
                return key if self.declared[of].get("cardinality") != "single" else key[0]
            case "baseValue":
                return float(node.text) if node.get("baseType") == "float" else node.text
            case "mapResponse":
                return self.mapped(self.declared[of], self.values.get(of))
        values = [self.value(child) for child in node]
        if name == "isNull":
            return values[0] is None
        if name == "multiple":
            return [v for value in values for v in (value if isinstance(value, list) else [value])]
        if any(value is None for value in values):
            return None
        match name, values:
            case "not", [bool(one)]:
                return not one
            case "and", _:
                return all(values)
            case "match", [list(left), list(right)] if node[0].get("identifier"):
                ordered = self.declared[node[0].get("identifier")].get("cardinality") == "ordered"
                return left == right if ordered else sorted(left) == sorted(right)
            case "match", [left, right]:
                return left == right
            case "member", [left, list(right)]:
                return left in right
            case "stringMatch", [str(left), str(right)]:
                sensitive = node.get("caseSensitive") == "true"
                return left == right if sensitive else left.lower() == right.lower()
            case "index", [list(ordered)]:
                place = int(node.get("n"))
                return ordered[place - 1] if place <= len(ordered) else None
            case (("gte" | "lte" | "gt" | "lt"), [float(left), float(right)]):
                return {"gte": left >= right, "lte": left <= right,
                        "gt": left > right, "lt": left < right}[name]  # fmt: skip
            case "sum", _:
                return sum(values)
            case "product", [float(left), float(right)]:
                return left * right
            case "divide", [float(left), float(right)]:
                return left / right
        raise AssertionError(name, values)

    def mapped(self, declaration: etree._Element, response: Value) -> float | None:
        if response is None:
            return None
        mapping = declaration.find("{*}mapping")
        total = 0.0
        for one in set(response) if isinstance(response, list) else {response}:
            for entry in mapping:
                key = entry.get("mapKey")
                folded = entry.get("caseSensitive") == "false"
                if key.lower() == str(one).lower() if folded else key == one:
                    total += float(entry.get("mappedValue"))
                    break
            else:
                total += float(mapping.get("defaultValue"))
        total = max(total, float(mapping.get("lowerBound", "-inf")))
        return min(total, float(mapping.get("upperBound", "inf")))


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
        score = Engine(root, responses).values["SCORE"]
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
        values = Engine(root, responses).values
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
    values = Engine(written(replace(item, stimulus=None)), responses).values
    assert values["FEEDBACK"] == ["none", *expected]
