"""One item as a QTI document."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field

from lxml.etree import _Element

from coursec.model.items import Cloze, Item
from coursec.model.quiz import Quiz
from coursec.model.text import Asset, Gap
from coursec.targets.naming import file_name
from coursec.targets.qti21.document import XML_LANG, qti_document, serialize
from coursec.targets.qti21.feedback import append_feedback, feedback_texts
from coursec.targets.qti21.interactions import append_body, append_gap
from coursec.targets.qti21.naming import item_href, item_name
from coursec.targets.qti21.responses import declare_outcomes, declare_responses
from coursec.targets.qti21.scoring import append_processing
from coursec.text.xhtml import Xhtml

# Copying an element costs a tenth of making it; the empty attributes hold their places.
_ROOT = qti_document(
    "assessmentItem",
    {
        "identifier": "",
        "title": "",
        XML_LANG: "",
        "adaptive": "false",
        "timeDependent": "false",
        "toolName": "coursec",
    },
)


class Images:
    """The images that one document uses, by the names of their files."""

    def __init__(self) -> None:
        """Begin with none."""
        self.files: dict[str, bytes] = {}

    def source(self, asset: Asset) -> str:
        """Return an image's address and remember that it is used."""
        href = file_name(asset)
        self.files[href] = asset.data
        return href


@dataclass(frozen=True, slots=True)
class ItemFile:
    """One item's document and what the manifest says about it."""

    item: Item
    language: str
    identifier: str
    href: str
    data: bytes = field(repr=False)
    has_feedback: bool
    images: dict[str, bytes] = field(repr=False)


def write_item(item: Item, quiz: Quiz) -> ItemFile:
    """Return an item as it is in a quiz."""
    language, identifier = quiz.language(item), item_name(item.id)
    texts = feedback_texts(item)
    images = Images()
    if isinstance(item, Cloze):
        xhtml = Xhtml(images.source, _gap_writer(item, quiz.shuffles(item)))
    else:
        xhtml = Xhtml(images.source)

    root = deepcopy(_ROOT)
    root.set("identifier", identifier)
    root.set("title", item.name)
    root.set(XML_LANG, language)
    declare_responses(root, item)
    declare_outcomes(root, item, dict.fromkeys(text.outcome for text in texts))
    append_body(root, item, quiz, xhtml)
    append_processing(root, item)
    append_feedback(root, texts, xhtml)
    return ItemFile(
        item=item,
        language=language,
        identifier=identifier,
        href=item_href(item.id),
        data=serialize(root),
        has_feedback=bool(texts),
        images=images.files,
    )


def _gap_writer(item: Cloze, shuffle: bool) -> Callable[[_Element, Gap], _Element]:
    return lambda parent, gap: append_gap(parent, gap, item, shuffle)
