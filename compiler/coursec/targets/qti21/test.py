"""The test of a package: sections, drawing, order, time and the sum of the scores."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from lxml.etree import SubElement, _Element

from coursec.model.items import ZERO, TextItem, max_points
from coursec.model.numbers import decimal_text
from coursec.model.quiz import Quiz, Section
from coursec.targets.qti21.document import element, number_outcome, qti_document, serialize
from coursec.targets.qti21.item import Images
from coursec.targets.qti21.naming import item_href, item_name, section_name, test_name
from coursec.text.xhtml import QTI, Xhtml

_REFERENCE = QTI + "assessmentItemRef"
_WEIGHT = QTI + "weight"


@dataclass(frozen=True, slots=True)
class TestFile:
    """The document of a test."""

    identifier: str
    href: str
    data: bytes = field(repr=False)
    images: dict[str, bytes] = field(repr=False)


def write_test(quiz: Quiz, *, has_feedback: bool) -> TestFile:
    """Return the test of a quiz; `has_feedback` lets players show the items' feedback."""
    identifier = test_name(quiz.id)
    images = Images()
    attributes = {"identifier": identifier, "title": quiz.title, "toolName": "coursec"}
    root = qti_document("assessmentTest", attributes)
    most = sum((_most(section) for section in quiz.sections), ZERO)
    # A maximum must be above 0: a test of texts has none.
    root.append(
        number_outcome("SCORE", "0", **({"normalMaximum": decimal_text(most)} if most else {}))
    )
    root.append(number_outcome("MAXSCORE", decimal_text(most)))
    if quiz.time_limit is not None:
        SubElement(root, QTI + "timeLimits", {"maxTime": str(quiz.time_limit * 60)})
    part = SubElement(
        root,
        QTI + "testPart",
        {"identifier": "part_1", "navigationMode": "nonlinear", "submissionMode": "individual"},
    )
    control = {
        "maxAttempts": str(quiz.attempts or 0),  # 0 is any number, which is not the default
        "showFeedback": "true" if has_feedback else "false",
    }
    SubElement(part, QTI + "itemSessionControl", control)
    references: set[str] = set()
    for section in quiz.sections:
        part_section = _section(part, section, quiz)
        if section is quiz.sections[0] and quiz.instructions:
            rubric = SubElement(part_section, QTI + "rubricBlock", {"view": "candidate"})
            Xhtml(images.source).blocks(rubric, quiz.instructions)
        _references(part_section, section, references)
    # SCORE is in points already: the weights are there for Canvas and must not count.
    total = element("sum", element("testVariables", variableIdentifier="SCORE"))
    root.append(element("outcomeProcessing", element("setOutcomeValue", total, identifier="SCORE")))
    return TestFile(identifier, identifier + ".xml", serialize(root), images.files)


def _most(section: Section) -> Decimal:
    """Return the most that a student can earn in a section, whatever is drawn."""
    points = sorted((max_points(item) for item in section.items), reverse=True)
    return sum(points[: section.pick], ZERO)


def _section(part: _Element, section: Section, quiz: Quiz) -> _Element:
    attributes = {
        "identifier": section_name(section.id),
        "title": section.title or quiz.title,
        # A title that the author gave is meant to be read; Canvas makes a text of it.
        "visible": "false" if section.title is None else "true",
    }
    made = SubElement(part, QTI + "assessmentSection", attributes)
    if section.pick is not None:
        SubElement(made, QTI + "selection", {"select": str(section.pick)})
    if quiz.shuffle_items:
        SubElement(made, QTI + "ordering", {"shuffle": "true"})
    return made


def _references(parent: _Element, section: Section, taken: set[str]) -> None:
    """Append a reference for each item; `taken` holds the identifiers given so far."""
    for item in section.items:
        name = item_name(item.id)
        identifier, repetition = name, 1
        while identifier in taken:  # the same item again: Canvas finds only the first
            repetition += 1
            identifier = f"{name}_{repetition}"
        taken.add(identifier)
        attributes = {"identifier": identifier, "href": item_href(item.id)}
        if isinstance(item, TextItem):
            attributes["fixed"] = "true"  # it leads to what follows it
        reference = SubElement(parent, _REFERENCE, attributes)
        weight = {"identifier": "POINTS", "value": decimal_text(max_points(item))}
        SubElement(reference, _WEIGHT, weight)
