"""The manifest of a package: its resources, and what can be searched for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import assert_never

from lxml.etree import SubElement, _Element

from coursec.model.items import (
    ChoiceGap,
    Cloze,
    Essay,
    FileUpload,
    Item,
    Matching,
    MultipleChoice,
    Numeric,
    Ordering,
    ShortAnswer,
    SingleChoice,
    TextItem,
    TrueFalse,
    labels,
)
from coursec.model.quiz import Quiz
from coursec.targets.qti21.document import document, serialize
from coursec.targets.qti21.item import ItemFile
from coursec.targets.qti21.scoring import marked_by_person
from coursec.targets.qti21.test import TestFile
from coursec.text.xhtml import QTI

_CP_URL = "http://www.imsglobal.org/xsd/imscp_v1p1"
_LOM_URL = "http://ltsc.ieee.org/xsd/LOM"
_QTI_URL = "http://www.imsglobal.org/xsd/imsqti_metadata_v2p1"
_CP = f"{{{_CP_URL}}}"
_LOM = f"{{{_LOM_URL}}}"
_QTI = f"{{{_QTI_URL}}}"
_NAMESPACES: dict[str | None, str] = {
    None: _CP_URL,
    "lom": _LOM_URL,
    "qti": _QTI_URL,
}
_XSD = "http://www.imsglobal.org/xsd"
_SCHEMA = (
    f"{_CP_URL} {_XSD}/qti/qtiv2p1/qtiv2p1_imscpv1p2_v1p0.xsd "
    f"{_LOM_URL} {_XSD}/imsmd_loose_v1p3p2.xsd "
    f"{_QTI_URL} {_XSD}/qti/qtiv2p1/imsqti_metadata_v2p1p1.xsd"
)

_RESOURCE = _CP + "resource"
_METADATA = _CP + "metadata"
_FILE = _CP + "file"
_DEPENDENCY = _CP + "dependency"
_LOM_ROOT = _LOM + "lom"
_GENERAL = _LOM + "general"
_TITLE = _LOM + "title"
_LANGUAGE = _LOM + "language"
_KEYWORD = _LOM + "keyword"
_STRING = _LOM + "string"
_QTI_METADATA = _QTI + "qtiMetadata"
_TIME_DEPENDENT = _QTI + "timeDependent"
_COMPOSITE = _QTI + "composite"
_INTERACTION = _QTI + "interactionType"
_FEEDBACK_TYPE = _QTI + "feedbackType"
_SOLUTION = _QTI + "solutionAvailable"
_TOOL = _QTI + "toolName"


def write_manifest(quiz: Quiz, test: TestFile, items: Sequence[ItemFile]) -> bytes:
    """Return the manifest of a package that holds a test and its items."""
    attributes = {"identifier": f"manifest_{quiz.id}"}
    root = document(_CP + "manifest", _SCHEMA, attributes, _NAMESPACES)
    metadata = SubElement(root, _METADATA)
    SubElement(metadata, _CP + "schema").text = "QTIv2.1 Package"
    SubElement(metadata, _CP + "schemaversion").text = "1.0.0"
    _general(metadata, quiz.title, quiz.course.language)
    SubElement(root, _CP + "organizations")
    resources = SubElement(root, _CP + "resources")
    resource = _resource(resources, test.identifier, "imsqti_test_xmlv2p1", test.href)
    _general(SubElement(resource, _METADATA), quiz.title, quiz.course.language)
    _files(resource, test.href, test.images)
    for item in items:
        SubElement(resource, _DEPENDENCY, {"identifierref": item.identifier})
    for item in items:
        _item(resources, item)
    return serialize(root)


def _resource(parent: _Element, identifier: str, kind: str, href: str) -> _Element:
    return SubElement(parent, _RESOURCE, {"identifier": identifier, "type": kind, "href": href})


def _files(resource: _Element, href: str, images: Iterable[str]) -> None:
    """List what a document needs; Canvas imports an image only where no resource owns it."""
    SubElement(resource, _FILE, {"href": href})
    for image in sorted(images):
        SubElement(resource, _FILE, {"href": image})


def _general(metadata: _Element, title: str, language: str) -> _Element:
    lom = SubElement(metadata, _LOM_ROOT)
    general = SubElement(lom, _GENERAL)
    _string(SubElement(general, _TITLE), title, language)
    SubElement(general, _LANGUAGE).text = language
    return lom


def _string(parent: _Element, text: str, language: str) -> None:
    SubElement(parent, _STRING, {"language": language}).text = text


def _item(resources: _Element, file: ItemFile) -> None:
    item = file.item
    resource = _resource(resources, file.identifier, "imsqti_item_xmlv2p1", file.href)
    lom = _general(SubElement(resource, _METADATA), item.name, file.language)
    for keyword in labels(item):
        _string(SubElement(lom[0], _KEYWORD), keyword, file.language)
    _canvas_hints(lom, item)
    qti = SubElement(lom, _QTI_METADATA)  # inside and last: as in IMS's own packages
    kinds = interaction_kinds(item)
    SubElement(qti, _TIME_DEPENDENT).text = "false"
    SubElement(qti, _COMPOSITE).text = "true" if isinstance(item, Cloze) else "false"
    for kind in kinds:
        SubElement(qti, _INTERACTION).text = kind
    SubElement(qti, _FEEDBACK_TYPE).text = "nonadaptive" if file.has_feedback else "none"
    SubElement(qti, _SOLUTION).text = "false" if marked_by_person(item) else "true"
    SubElement(qti, _TOOL).text = "coursec"
    _files(resource, file.href, file.images)


def _canvas_hints(lom: _Element, item: Item) -> None:
    """Name to Canvas Classic the types that it does not find out by itself.

    LOM leaves room for elements of other vocabularies. Canvas looks for these two in the
    namespace of items and in that of the manifest; without them an ordering is an error
    there, and a number is a text that must be typed to the letter.
    """
    if isinstance(item, Ordering):
        SubElement(lom, QTI + "interactionType").text = "orderInteraction"
    elif isinstance(item, Numeric):
        SubElement(lom, QTI + "interactionType").text = "short_answer_question"
        hints = SubElement(lom, _CP + "instructureMetadata")
        hint = {"name": "question_type", "value": "numerical_question"}
        SubElement(hints, _CP + "instructureField", hint)


def interaction_kinds(item: Item) -> tuple[str, ...]:
    """Return the kinds of interaction that an item has, sorted."""
    match item:
        case SingleChoice() | MultipleChoice() | TrueFalse():
            return ("choiceInteraction",)
        case ShortAnswer() | Numeric():
            return ("textEntryInteraction",)
        case Matching():
            return ("matchInteraction",)
        case Ordering():
            return ("orderInteraction",)
        case Cloze():
            return tuple(sorted({_gap_kind(isinstance(g, ChoiceGap)) for g in item.gaps}))
        case Essay():
            return ("extendedTextInteraction",)
        case FileUpload():
            return ("uploadInteraction",)
        case TextItem():
            return ()
        case _:
            assert_never(item)


def _gap_kind(is_choice: bool) -> str:
    return "inlineChoiceInteraction" if is_choice else "textEntryInteraction"
