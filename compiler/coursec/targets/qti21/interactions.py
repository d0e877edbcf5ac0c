"""What a student sees and works with: the body of an item.

The whole stem stands in one `div` and the interactions behind it, without prompts, because
Canvas reads nothing else as the stem. Responses that are typed or dropped down stand inside.
"""

from __future__ import annotations

from decimal import Decimal
from typing import assert_never

from lxml.etree import SubElement, _Element

from coursec.assembly.draw import disorder
from coursec.model.items import (
    Choice,
    ChoiceGap,
    Cloze,
    Criterion,
    Essay,
    FileUpload,
    Item,
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
from coursec.model.numbers import decimal_text
from coursec.model.quiz import Quiz
from coursec.model.text import Gap, RichText
from coursec.targets.qti21.document import XML_LANG
from coursec.targets.qti21.naming import RESPONSE, choice_names, file_names, gap_name
from coursec.targets.qti21.responses import entry_names, premise_name, response_names
from coursec.targets.qti21.wording import words
from coursec.text.plain import plain_text
from coursec.text.xhtml import QTI, Xhtml

_BODY = QTI + "itemBody"
_DIV = QTI + "div"
_P = QTI + "p"
_CHOICES = QTI + "choiceInteraction"
_ORDER = QTI + "orderInteraction"
_CHOICE = QTI + "simpleChoice"
_MATCH = QTI + "matchInteraction"
_MATCH_SET = QTI + "simpleMatchSet"
_MATCH_CHOICE = QTI + "simpleAssociableChoice"
_DROP_DOWN = QTI + "inlineChoiceInteraction"
_DROP_DOWN_CHOICE = QTI + "inlineChoice"
_ENTRY = QTI + "textEntryInteraction"
_ESSAY = QTI + "extendedTextInteraction"
_UPLOAD = QTI + "uploadInteraction"
_PROMPT = QTI + "prompt"
_RUBRIC = QTI + "rubricBlock"
_UL = QTI + "ul"
_LI = QTI + "li"
_STRONG = QTI + "strong"

_MEDIA_TYPES = {
    ".csv": "text/csv",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".gif": "image/gif",
    ".html": "text/html",
    ".ipynb": "application/x-ipynb+json",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".json": "application/json",
    ".md": "text/markdown",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".txt": "text/plain",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".zip": "application/zip",
}


def append_body(root: _Element, item: Item, quiz: Quiz, xhtml: Xhtml) -> None:
    """Append the body of an item."""
    body = SubElement(root, _BODY)
    stem = SubElement(body, _DIV)
    stimulus = quiz.stimulus(item)
    if stimulus is not None:
        attributes = {"class": "stimulus"}
        if quiz.language(stimulus) != quiz.language(item):
            attributes[XML_LANG] = quiz.language(stimulus)
        xhtml.blocks(SubElement(stem, _DIV, attributes), stimulus.stem)
    xhtml.blocks(stem, item.stem)
    match item:
        case SingleChoice():
            _choices(body, item.choices, quiz.shuffles(item), xhtml, maximum=1)
        case MultipleChoice():
            _choices(body, item.choices, quiz.shuffles(item), xhtml, maximum=0)
        case TrueFalse():
            _true_false(body, quiz.language(item))
        case ShortAnswer():
            _entry(SubElement(stem, _P), RESPONSE)
        case Numeric():
            entry = _entry(SubElement(stem, _P), RESPONSE)
            if item.unit:
                entry.tail = "\N{NO-BREAK SPACE}" + item.unit
        case Matching():
            _matching(body, item, quiz.shuffles(item), xhtml)
        case Ordering():
            _ordering(body, item, xhtml)
        case Cloze():
            xhtml.blocks(stem, item.text)
        case Essay():
            _essay(body, item)
            _rubric(body, item.rubric, item.sample_answer, quiz.language(item), xhtml)
        case FileUpload():
            _upload(body, item)
            _rubric(body, item.rubric, None, quiz.language(item), xhtml)
        case TextItem():
            pass
        case _:
            assert_never(item)


def append_gap(parent: _Element, gap: Gap, item: Cloze, shuffle: bool) -> _Element:
    """Append the interaction of a gap where it stands in the text."""
    definition = item.gap(gap.name)
    name = gap_name(gap.name)
    match definition:
        case ChoiceGap():
            attributes = {"responseIdentifier": name, "shuffle": _boolean(shuffle)}
            element = SubElement(parent, _DROP_DOWN, attributes)
            for identifier, choice in zip(choice_names(), definition.choices, strict=False):
                attributes = _choice_attributes(identifier, choice)
                text = plain_text(choice.text)
                SubElement(element, _DROP_DOWN_CHOICE, attributes).text = text
            return element
        case TextGap() | NumberGap():
            return _entry(parent, name)
        case _:
            assert_never(definition)


def _boolean(value: bool) -> str:
    return "true" if value else "false"


def _choice_attributes(identifier: str, choice: Choice) -> dict[str, str]:
    attributes = {"identifier": identifier}
    if choice.fixed:
        attributes["fixed"] = "true"
    return attributes


def _choices(
    body: _Element, choices: tuple[Choice, ...], shuffle: bool, xhtml: Xhtml, *, maximum: int
) -> None:
    interaction = _choice_interaction(body, shuffle, maximum)
    for identifier, choice in zip(choice_names(), choices, strict=False):
        attributes = _choice_attributes(identifier, choice)
        xhtml.flow(SubElement(interaction, _CHOICE, attributes), choice.text)


def _choice_interaction(body: _Element, shuffle: bool, maximum: int) -> _Element:
    attributes = {
        "responseIdentifier": RESPONSE,
        "shuffle": _boolean(shuffle),
        "maxChoices": str(maximum),
    }
    return SubElement(body, _CHOICES, attributes)


def _true_false(body: _Element, language: str) -> None:
    interaction = _choice_interaction(body, shuffle=False, maximum=1)
    wording = words(language)
    for identifier, text in (("true", wording.true), ("false", wording.false)):
        SubElement(interaction, _CHOICE, {"identifier": identifier}).text = text


def _entry(parent: _Element, response: str) -> _Element:
    return SubElement(parent, _ENTRY, {"responseIdentifier": response})


def _matching(body: _Element, item: Matching, shuffle: bool, xhtml: Xhtml) -> None:
    """Append premises and responses; the responses are always mixed, the premises on demand."""
    attributes = {
        "responseIdentifier": RESPONSE,
        "shuffle": "true",
        "maxAssociations": str(len(item.pairs)),
    }
    interaction = SubElement(body, _MATCH, attributes)
    premises = SubElement(interaction, _MATCH_SET)
    for position, pair in enumerate(item.pairs):
        attributes = {"identifier": premise_name(position), "matchMax": "1"}
        if not shuffle:
            attributes["fixed"] = "true"
        xhtml.flow(SubElement(premises, _MATCH_CHOICE, attributes), pair.premise)
    responses = SubElement(interaction, _MATCH_SET)
    names = response_names(item)
    # Players may ignore shuffle, so the order in the file must not give the answer away.
    for position in disorder(len(names), item.id):
        attributes = {"identifier": names[position], "matchMax": "0"}
        xhtml.flow(SubElement(responses, _MATCH_CHOICE, attributes), item.responses[position])


def _ordering(body: _Element, item: Ordering, xhtml: Xhtml) -> None:
    attributes = {"responseIdentifier": RESPONSE, "shuffle": "true"}
    interaction = SubElement(body, _ORDER, attributes)
    names = entry_names(item)
    for position in disorder(len(names), item.id):
        choice = SubElement(interaction, _CHOICE, {"identifier": names[position]})
        xhtml.flow(choice, item.sequence[position])


def _essay(body: _Element, item: Essay) -> None:
    attributes = {"responseIdentifier": RESPONSE}
    if item.lines:
        attributes["expectedLines"] = str(item.lines)
    if item.min_words or item.max_words:
        attributes["patternMask"] = _words_mask(item.min_words or 0, item.max_words)
    SubElement(body, _ESSAY, attributes)


def _words_mask(least: int, most: int | None) -> str:
    """Return the pattern of a text with a number of words; it limits and does not score."""
    before = max(least, 1) - 1
    upto = "" if most is None else str(max(most, 1) - 1)
    counted = rf"(\S+\s+){{{before},{upto}}}\S+\s*"
    return rf"\s*{counted}" if least else rf"\s*({counted})?"


def _upload(body: _Element, item: FileUpload) -> None:
    """Append a field for each file; an upload holds one file of one media type in QTI 2.1."""
    media_types = {_MEDIA_TYPES.get(extension.lower()) for extension in item.accept}
    media_type = media_types.pop() if len(media_types) == 1 else None
    for name in file_names(item.max_files):
        attributes = {"responseIdentifier": name}
        if media_type is not None:
            attributes["type"] = media_type
        upload = SubElement(body, _UPLOAD, attributes)
        if item.accept:
            SubElement(upload, _PROMPT).text = ", ".join(item.accept)


def _rubric(
    body: _Element,
    rubric: tuple[Criterion, ...],
    sample: RichText | None,
    language: str,
    xhtml: Xhtml,
) -> None:
    """Append what only those who mark may see."""
    if not rubric and not sample:
        return
    block = SubElement(body, _RUBRIC, {"view": "scorer"})
    if rubric:
        SubElement(block, _P).text = words(language).rubric
        _criteria(SubElement(block, _UL), rubric)
    if sample:
        SubElement(block, _P).text = words(language).sample_answer
        xhtml.blocks(SubElement(block, _DIV, {"class": "sample-answer"}), sample)


def _criteria(parent: _Element, rubric: tuple[Criterion, ...]) -> None:
    for criterion in rubric:
        entry = SubElement(parent, _LI)
        _scored(entry, criterion.criterion, criterion.points)
        if criterion.levels:
            levels = SubElement(entry, _UL)
            for level in criterion.levels:
                name = _scored(SubElement(levels, _LI), level.label, level.points)
                if level.description:
                    name.tail = f"{name.tail or ''}: {level.description}"


def _scored(parent: _Element, name: str, points: Decimal | None) -> _Element:
    """Append what a row of a rubric is called, and behind it what it is worth."""
    label = SubElement(parent, _STRONG)
    label.text = name
    if points is not None:
        label.tail = f" ({decimal_text(points)})"
    return label
