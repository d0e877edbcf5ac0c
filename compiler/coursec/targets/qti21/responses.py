"""The declarations of an item: its responses with their keys, and its outcomes."""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from typing import Final, assert_never

from lxml.etree import SubElement, _Element

from coursec.assembly.draw import disorder
from coursec.model.items import (
    Choice,
    ChoiceGap,
    Cloze,
    Essay,
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
from coursec.model.scoring import choice_weight, weighted
from coursec.targets.qti21.document import element, number_outcome
from coursec.targets.qti21.naming import (
    RESPONSE,
    choice_names,
    file_names,
    gap_name,
)
from coursec.targets.qti21.prefill import prefill
from coursec.targets.qti21.shares import (
    best_texts,
    gap_wholes,
    multiple_units,
)
from coursec.text.xhtml import QTI

FEEDBACK: Final = "FEEDBACK"
"""The outcome that holds the feedback of chosen choices and matched answers; Canvas knows it."""
GENERAL_FEEDBACK: Final = "GENERAL_FEEDBACK"
RESULT_FEEDBACK: Final = "RESULT_FEEDBACK"

_RESPONSE = QTI + "responseDeclaration"
_CORRECT = QTI + "correctResponse"
_DEFAULT = QTI + "defaultValue"
_VALUE = QTI + "value"
_MAPPING = QTI + "mapping"
_ENTRY = QTI + "mapEntry"


# Copying a made element costs a tenth of making it.
_SCORE = number_outcome("SCORE", "0")
_MAXSCORE = number_outcome("MAXSCORE", "0")
_FEEDBACK = {
    # It starts with a value of its own, because a player that is widely used adds wrongly to NULL.
    FEEDBACK: element(
        "outcomeDeclaration",
        element("defaultValue", element("value", "none")),
        identifier=FEEDBACK,
        cardinality="multiple",
        baseType="identifier",
    ),
    GENERAL_FEEDBACK: element(
        "outcomeDeclaration",
        identifier=GENERAL_FEEDBACK,
        cardinality="single",
        baseType="identifier",
    ),
    RESULT_FEEDBACK: element(
        "outcomeDeclaration",
        identifier=RESULT_FEEDBACK,
        cardinality="single",
        baseType="identifier",
    ),
}


def premise_name(position: int) -> str:
    """Return the identifier of a matching item's premise."""
    return f"P{position + 1}"


def response_names(item: Matching) -> list[str]:
    """Return the identifiers of a matching item's responses, in the order of the model.

    They say in which place the response is written, and nothing of its premise.
    """
    return _written(len(item.responses), item.id, "R")


def entry_names(item: Ordering) -> list[str]:
    """Return the identifiers of an ordering item's entries, in their right order.

    They say in which place the entry is written, and nothing of its right one.
    """
    return _written(len(item.sequence), item.id, "E")


def _written(count: int, item_id: str, letter: str) -> list[str]:
    names = [""] * count
    for place, position in enumerate(disorder(count, item_id)):
        names[position] = f"{letter}{place + 1}"
    return names


def declare_responses(root: _Element, item: Item) -> None:
    """Append the declaration of each response with its key and its mapping."""
    match item:
        case SingleChoice():
            response = _declare(root, RESPONSE, "single", "identifier")
            _choices(response, item.choices, first_only=True)
            if weighted(item.choices):
                weights = [decimal_text(choice_weight(choice)) for choice in item.choices]
                _map(response, zip(choice_names(), weights, strict=False))
        case MultipleChoice():
            response = _declare(root, RESPONSE, "multiple", "identifier")
            _choices(response, item.choices)
            if item.scoring == "partial" and any(choice.correct for choice in item.choices):
                units, whole = multiple_units(item)
                bounds = {"lowerBound": "0", "upperBound": str(whole)}
                _map(response, zip(choice_names(), units, strict=False), bounds)
        case TrueFalse():
            response = _declare(root, RESPONSE, "single", "identifier")
            _correct(response, ["true" if item.answer else "false"])
        case ShortAnswer():
            response = _declare(root, RESPONSE, "single", "string")
            weights = [decimal_text(answer.weight) for answer in item.answers]
            _texts(response, item.answers, weights, item.case_sensitive)
        case Numeric():
            _numbers(_declare(root, RESPONSE, "single", "float"), item.answers)
        case Matching():
            response = _declare(root, RESPONSE, "multiple", "directedPair")
            names = dict(zip(item.responses, response_names(item), strict=True))
            pairs = [
                f"{premise_name(position)} {names[pair.response]}"
                for position, pair in enumerate(item.pairs)
            ]
            _correct(response, pairs)
            bounds = {"lowerBound": "0", "upperBound": str(len(pairs))}
            _map(response, ((pair, "1") for pair in pairs), bounds)
        case Ordering():
            _correct(_declare(root, RESPONSE, "ordered", "identifier"), entry_names(item))
        case Cloze():
            for gap, whole in zip(item.gaps, gap_wholes(item), strict=True):
                _gap(root, gap, whole)
        case Essay():
            response = _declare(root, RESPONSE, "single", "string")
            if item.template:
                default = SubElement(response, _DEFAULT)
                SubElement(default, _VALUE).text = prefill(item.template)
        case FileUpload():
            for name in file_names(item.max_files):
                _declare(root, name, "single", "file")
        case TextItem():
            pass
        case _:
            assert_never(item)


def declare_outcomes(root: _Element, item: Item, feedback: Iterable[str]) -> None:
    """Append the declarations of the score and of the named feedback outcomes."""
    score = deepcopy(_SCORE)
    root.append(score)
    if not isinstance(item, TextItem):
        points = decimal_text(item.points)
        score.set("normalMaximum", points)
        maximum = deepcopy(_MAXSCORE)
        maximum[0][0].text = points
        root.append(maximum)
    for name in feedback:
        root.append(deepcopy(_FEEDBACK[name]))


def _gap(root: _Element, gap: ChoiceGap | TextGap | NumberGap, whole: int) -> None:
    name = gap_name(gap.name)
    match gap:
        case ChoiceGap():
            response = _declare(root, name, "single", "identifier")
            _choices(response, gap.choices, first_only=True)
            units = [decimal_text(choice_weight(choice) * whole) for choice in gap.choices]
            _map(response, zip(choice_names(), units, strict=False))
        case TextGap():
            response = _declare(root, name, "single", "string")
            units = [decimal_text(answer.weight * whole) for answer in gap.answers]
            _texts(response, gap.answers, units, gap.case_sensitive)
        case NumberGap():
            _numbers(_declare(root, name, "single", "float"), gap.answers)
        case _:
            assert_never(gap)


def _declare(root: _Element, name: str, cardinality: str, base: str) -> _Element:
    attributes = {"identifier": name, "cardinality": cardinality, "baseType": base}
    return SubElement(root, _RESPONSE, attributes)


def _correct(response: _Element, values: Iterable[str]) -> None:
    correct = SubElement(response, _CORRECT)
    for value in values:
        SubElement(correct, _VALUE).text = value


def _choices(response: _Element, choices: tuple[Choice, ...], *, first_only: bool = False) -> None:
    right = [name for name, choice in zip(choice_names(), choices, strict=False) if choice.correct]
    if right:
        _correct(response, right[:1] if first_only else right)


def _texts(
    response: _Element,
    answers: tuple[TextAnswer, ...],
    values: list[str],
    case_sensitive: bool,
) -> None:
    """Declare typed answers; the key is the first of the best, since there can be but one."""
    best = best_texts(answers, case_sensitive)
    _correct(response, [max(best.values(), key=lambda answer: answer.weight).text.strip()])
    mapping = SubElement(response, _MAPPING, {"defaultValue": "0"})
    case = "true" if case_sensitive else "false"
    for position, answer in best.items():
        attributes = {
            "mapKey": answer.text.strip(),
            "mappedValue": values[position],
            "caseSensitive": case,
        }
        SubElement(mapping, _ENTRY, attributes)


def _numbers(response: _Element, answers: tuple[NumberAnswer, ...]) -> None:
    best = max(answers, key=lambda answer: answer.weight)
    _correct(response, [decimal_text(best.model)])


def _map(
    response: _Element,
    entries: Iterable[tuple[str, str]],
    bounds: dict[str, str] | None = None,
) -> None:
    mapping = SubElement(response, _MAPPING, {"defaultValue": "0", **(bounds or {})})
    for key, value in entries:
        SubElement(mapping, _ENTRY, {"mapKey": key, "mappedValue": value})
