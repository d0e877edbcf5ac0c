"""The response processing of an item: its score in points, and which feedback is shown.

Rules speak of MAXSCORE instead of the points, so that one rule serves every item of its shape;
it is made once and copied, which costs a tenth of making it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import cache, lru_cache
from typing import assert_never

from lxml.etree import SubElement, _Element

from coursec.model.items import (
    ONE,
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
    NumberGap,
    Numeric,
    Ordering,
    ShortAnswer,
    SingleChoice,
    TextAnswer,
    TextGap,
    TextItem,
    TrueFalse,
)
from coursec.model.numbers import decimal_text
from coursec.model.scoring import weighted
from coursec.targets.qti21.document import element
from coursec.targets.qti21.naming import (
    RESPONSE,
    answer_feedback,
    choice_feedback,
    choice_names,
    gap_name,
    gap_prefix,
)
from coursec.targets.qti21.responses import FEEDBACK, GENERAL_FEEDBACK, RESULT_FEEDBACK
from coursec.targets.qti21.shares import (
    best_texts,
    gap_wholes,
    multiple_units,
)
from coursec.text.xhtml import QTI

_PROCESSING = QTI + "responseProcessing"


def append_processing(root: _Element, item: Item) -> None:
    """Append the rules of an item, if it has any."""
    rules = list(_score_rules(item))
    rules += _feedback_rules(item)
    if rules:
        SubElement(root, _PROCESSING).extend(rules)


def marked_by_person(item: Item) -> bool:
    """Tell whether the engine knows no result, so that no feedback can depend on it."""
    return isinstance(item, Essay | FileUpload | TextItem)


# ------------------------------------------------------------------------------ the score


def _score_rules(item: Item) -> Iterator[_Element]:
    """Yield the rules that set SCORE and, with it, the feedback of single answers."""
    match item:
        case SingleChoice():
            yield _by_map(1) if weighted(item.choices) else _by_key()
            yield from _choice_rules(RESPONSE, "", item.choices, _is)
        case MultipleChoice():
            if not any(choice.correct for choice in item.choices):
                yield _by_silence()
            elif item.scoring == "partial":
                yield _by_map(multiple_units(item)[1])
            else:
                yield _by_key()
            yield from _choice_rules(RESPONSE, "", item.choices, _has)
        case TrueFalse():
            yield _by_key()
            for name, text in (("true", item.feedback_true), ("false", item.feedback_false)):
                if text:
                    yield _show(RESPONSE, name, choice_feedback("", name), _is)
        case ShortAnswer():
            yield _by_map(1)
            yield from _text_rules(RESPONSE, "", item.answers, item.case_sensitive)
        case Numeric():
            yield _set_score(_float("0"))
            yield _by_number(RESPONSE, "", item.answers, _award)
        case Matching():
            yield _by_map(len(item.pairs))
        case Ordering():
            yield from _by_place(len(item.sequence))
        case Cloze():
            yield from _by_gap(item)
        case Essay() | FileUpload() | TextItem():
            return
        case _:
            assert_never(item)


def _variable(name: str) -> _Element:
    return element("variable", identifier=name)


def _float(value: str) -> _Element:
    return element("baseValue", value, baseType="float")


def _set_score(value: _Element) -> _Element:
    return element("setOutcomeValue", value, identifier="SCORE")


def _or_nothing(condition: _Element, score: _Element) -> _Element:
    return element(
        "responseCondition",
        element("responseIf", condition, _set_score(score)),
        element("responseElse", _set_score(_float("0"))),
    )


def _copied(make: Callable[[], _Element]) -> Callable[[], _Element]:
    made = cache(make)
    return lambda: deepcopy(made())


@_copied
def _by_key() -> _Element:
    """Give all points for the right response, whole; a comparison with NULL is not true."""
    right = element("match", _variable(RESPONSE), element("correct", identifier=RESPONSE))
    return _or_nothing(right, _variable("MAXSCORE"))


@_copied
def _by_silence() -> _Element:
    """Give all points for choosing nothing, where no choice is right."""
    return _or_nothing(element("isNull", _variable(RESPONSE)), _variable("MAXSCORE"))


def _by_map(whole: int) -> _Element:
    """Give the share of the points that the mapping says in units, `whole` for all points."""
    return deepcopy(_make_by_map(whole))


@cache
def _make_by_map(whole: int) -> _Element:
    share = element("mapResponse", identifier=RESPONSE)
    if whole != 1:
        share = element("divide", share, _float(str(whole)))
    answered = element("not", element("isNull", _variable(RESPONSE)))
    return _or_nothing(answered, element("product", share, _variable("MAXSCORE")))


def _by_place(entries: int) -> list[_Element]:
    """Give a share of the points for each entry that stands in its right place."""
    return [deepcopy(rule) for rule in _make_by_place(entries)]


@cache
def _make_by_place(entries: int) -> tuple[_Element, ...]:
    counting = (
        element(
            "responseCondition",
            element(
                "responseIf",
                element(
                    "match",
                    element("index", _variable(RESPONSE), n=str(place)),
                    element("index", element("correct", identifier=RESPONSE), n=str(place)),
                ),
                _set_score(element("sum", _variable("SCORE"), _float("1"))),
            ),
        )
        for place in range(1, entries + 1)
    )
    share = element("divide", _variable("SCORE"), _float(str(entries)))
    return (
        _set_score(_float("0")),
        *counting,
        _set_score(element("product", share, _variable("MAXSCORE"))),
    )


def _by_number(
    response: str,
    prefix: str,
    answers: tuple[NumberAnswer, ...],
    award: Callable[[NumberAnswer], _Element],
) -> _Element:
    """Take the best answer whose range holds the number, with its feedback."""
    ranked = sorted(enumerate(answers), key=lambda entry: -entry[1].weight)
    rule = element("responseCondition")
    for position, answer in ranked:
        inside = element("and",
            element("gte", _variable(response), _float(decimal_text(answer.low))),
            element("lte", _variable(response), _float(decimal_text(answer.high))),
        )  # fmt: skip
        branch = "responseElseIf" if len(rule) else "responseIf"
        rule.append(element(branch, inside, _set_score(award(answer))))
        if answer.feedback:
            rule[-1].append(_set_feedback(answer_feedback(prefix, position)))
    return rule


def _award(answer: NumberAnswer) -> _Element:
    points = _variable("MAXSCORE")
    return (
        points
        if answer.weight == ONE
        else element("product", _float(decimal_text(answer.weight)), points)
    )


def _by_gap(item: Cloze) -> Iterator[_Element]:
    """Yield the rules that sum up what the gaps earn, counted in whole units."""
    wholes = gap_wholes(item)
    yield _set_score(_float("0"))
    for position, (gap, whole) in enumerate(zip(item.gaps, wholes, strict=True)):
        name, prefix = gap_name(gap.name), gap_prefix(position)
        match gap:
            case ChoiceGap():
                yield _add_mapped(name)
                yield from _choice_rules(name, prefix, gap.choices, _is)
            case TextGap():
                yield _add_mapped(name)
                yield from _text_rules(name, prefix, gap.answers, gap.case_sensitive)
            case NumberGap():
                yield _by_number(name, prefix, gap.answers, _adder(whole))
            case _:
                assert_never(gap)
    if sum(wholes) != item.points:
        share = element("divide", _variable("SCORE"), _float(str(sum(wholes))))
        yield _set_score(element("product", share, _variable("MAXSCORE")))


def _add_mapped(response: str) -> _Element:
    # Without the condition a gap left empty would make the whole sum NULL.
    return element(
        "responseCondition",
        element(
            "responseIf",
            element("not", element("isNull", _variable(response))),
            _set_score(
                element("sum", _variable("SCORE"), element("mapResponse", identifier=response))
            ),
        ),
    )


def _adder(whole: int) -> Callable[[NumberAnswer], _Element]:
    return lambda answer: element(
        "sum", _variable("SCORE"), _float(decimal_text(answer.weight * whole))
    )


# ----------------------------------------------------------------------------- the feedback


def _set_feedback(name: str) -> _Element:
    # Canvas sees a choice's feedback only in this form, with the outcome inside `multiple`.
    return element(
        "setOutcomeValue",
        element("multiple", _variable(FEEDBACK), element("baseValue", name, baseType="identifier")),
        identifier=FEEDBACK,
    )


def _is(response: str, choice: str) -> _Element:
    return element(
        "match", _variable(response), element("baseValue", choice, baseType="identifier")
    )


def _has(response: str, choice: str) -> _Element:
    return element(
        "member", element("baseValue", choice, baseType="identifier"), _variable(response)
    )


_Condition = Callable[[str, str], _Element]


def _choice_rules(
    response: str, prefix: str, choices: tuple[Choice, ...], condition: _Condition
) -> Iterator[_Element]:
    for name, choice in zip(choice_names(), choices, strict=False):
        if choice.feedback:
            yield _show(response, name, choice_feedback(prefix, name), condition)


def _show(response: str, choice: str, feedback: str, condition: _Condition) -> _Element:
    return deepcopy(_make_show(response, choice, feedback, condition))


@lru_cache(maxsize=256)
def _make_show(response: str, choice: str, feedback: str, condition: _Condition) -> _Element:
    return element(
        "responseCondition",
        element("responseIf", condition(response, choice), _set_feedback(feedback)),
    )


def _text_rules(
    response: str, prefix: str, answers: tuple[TextAnswer, ...], case_sensitive: bool
) -> Iterator[_Element]:
    case = "true" if case_sensitive else "false"
    for position, answer in best_texts(answers, case_sensitive).items():
        if answer.feedback:
            text = element("baseValue", answer.text.strip(), baseType="string")
            matched = element("stringMatch", _variable(response), text, caseSensitive=case)
            feedback = _set_feedback(answer_feedback(prefix, position))
            yield element("responseCondition", element("responseIf", matched, feedback))


def _feedback_rules(item: Item) -> list[_Element]:
    """Return the rules of the feedback on the whole item."""
    feedback = item.feedback
    if isinstance(item, TextItem):
        return []
    rules = []
    if feedback.general:
        rules.append(_general())
    if _has_result(feedback) and not marked_by_person(item):
        shown = (bool(feedback.correct), bool(feedback.partial), bool(feedback.incorrect))
        rules.append(deepcopy(_make_result(shown)))
    return rules


def _has_result(feedback: Feedback) -> bool:
    return bool(feedback.correct or feedback.partial or feedback.incorrect)


@_copied
def _general() -> _Element:
    return element(
        "setOutcomeValue",
        element("baseValue", "general_fb", baseType="identifier"),
        identifier=GENERAL_FEEDBACK,
    )


@cache
def _make_result(shown: tuple[bool, bool, bool]) -> _Element:
    """Make the rule that says how good the response was; the cases exclude each other."""
    cases = (
        ("correct_fb", element("gte", _variable("SCORE"), _variable("MAXSCORE"))),
        (
            "partial_fb",
            element("and",
              element("gt", _variable("SCORE"), _float("0")),
              element("lt", _variable("SCORE"), _variable("MAXSCORE"))),
        ),
        ("incorrect_fb", element("lte", _variable("SCORE"), _float("0"))),
    )  # fmt: skip
    rule = element("responseCondition")
    for (name, condition), wanted in zip(cases, shown, strict=True):
        if wanted:
            branch = "responseElseIf" if len(rule) else "responseIf"
            value = element("baseValue", name, baseType="identifier")
            outcome = element("setOutcomeValue", value, identifier=RESULT_FEEDBACK)
            rule.append(element(branch, condition, outcome))
    return rule
