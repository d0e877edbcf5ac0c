"""One item of a file to one item of the model."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, Final, Protocol

from lxml.etree import _Element

from coursec.diagnostics import Diagnostics, Span
from coursec.model.items import Item, TextItem
from coursec.model.text import Asset, plain
from coursec.readers.qti21.body import INLINE, Body, Interaction, take_apart
from coursec.readers.qti21.choices import read_choices
from coursec.readers.qti21.included import objects_as_images, take_in
from coursec.readers.qti21.names import rename, take_out
from coursec.readers.qti21.pairs import read_gap_match, read_matching, read_ordering
from coursec.readers.qti21.processing import Budget, Processor
from coursec.readers.qti21.source import ItemSource, LeftOutError
from coursec.readers.qti21.typed import read_typed
from coursec.readers.qti21.values import UnsupportedError
from coursec.readers.qti21.written import listed_extensions, notes, read_essay, read_upload
from coursec.readers.reading import from_labels
from coursec.readers.xml import line_of, local, text_of

_MOST_PARTS: Final = 500
"""Interactions, or feedback texts, that an item may have."""
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

_Read = Callable[[ItemSource, Interaction, dict[str, Any]], Item]
_ALONE: dict[str, _Read] = {
    "choiceInteraction": read_choices,
    "matchInteraction": read_matching,
    "orderInteraction": read_ordering,
    "gapMatchInteraction": read_gap_match,
}
"""The readers of interactions that an item has just one of."""
_IN_TEXT = {"choiceInteraction", *INLINE}


class Files(Protocol):
    """The files beside an item."""

    def image(self, address: str, line: int) -> Asset | None:
        """Return the image at an address; one that is not there is reported."""

    def document(self, address: str, line: int) -> _Element | None:
        """Return the root of an XML file; one that is not there is reported."""


def read_item(
    path: str,
    root: _Element,
    labels: Iterable[str],
    files: Files,
    sink: Diagnostics,
    budget: Budget,
) -> Item | None:
    """Return the item that an `assessmentItem` means; None, and W706, where it is none of ours.

    The tree of `root` is changed by it.
    """
    rename(root)
    take_in(root, files.document)
    objects_as_images(root)
    source: ItemSource | None = None
    try:
        _refuse(root)
        as_drop_downs = _choices_in_text(root)
        body = take_apart(root)
        made: Item | None = None
        unknown = ""
        for by_key in (False, True):
            try:
                processor = Processor(root, by_key=by_key, budget=budget)
                source = ItemSource(path, root, body, processor, files.image)
                if by_key:
                    source.say("W708", f"Its rules use {unknown}, so its key says what scores.")
                if as_drop_downs:
                    source.say("W708", "Choices below each other become drop-downs in the text.")
                made = _read(source, labels)
                break
            except UnsupportedError as error:
                unknown = str(error)
        if made is None or source is None:
            raise LeftOutError(f"it uses {unknown}")
        source.report(sink)
        return made
    except LeftOutError as error:
        name = str(root.get("title") or root.get("identifier") or "")
        message = f"The question `{name[:60]}` is left out: {error}."
        line = line_of(root)
        span = Span(path, line, 1, line, 1)
        sink.report("W706", message, span, item=root.get("identifier", ""))
        return None


def _refuse(root: _Element) -> None:
    """Raise for items that no item of the model could be."""
    if root.find("{*}templateDeclaration") is not None:
        raise LeftOutError("its values are drawn anew for each student")
    found = root.find("{*}itemBody")
    if found is None:
        raise LeftOutError("it has no body")
    parts = sum(local(node).endswith("Interaction") for node in found.iter())
    texts = sum(1 for _ in root.iter("{*}modalFeedback", "{*}feedbackBlock", "{*}feedbackInline"))
    if max(parts, texts) > _MOST_PARTS:
        raise LeftOutError(f"it has more than {_MOST_PARTS} interactions or feedback texts")


def _read(source: ItemSource, labels: Iterable[str]) -> Item:
    root, body = source.root, source.body
    title = root.get("title", "").strip()
    language = root.get(_LANG, "").strip()
    fields: dict[str, Any] = {
        "id": source.identifier,
        "title": title if title and title != source.identifier else None,
        "language": language if _LANGUAGE.fullmatch(language) else None,
        "span": source.span(root),
        **from_labels(labels),
    }
    _say_losses(source, body)
    interactions = _answerable(source, body)
    names = {interaction.name for interaction in interactions}
    made = _typed(source, interactions, names, fields)
    hints = [source.text(node) for node in source.hints]
    made = replace(
        made,
        hints=tuple(hint for hint in hints if hint),
        notes=notes(
            source, names <= {"extendedTextInteraction", "uploadInteraction"} and bool(names)
        ),
    )
    if not made.stem and made.kind not in {"cloze", "text"} and title:
        source.say("W708", "It has no text, so its title is the question.")
        made = replace(made, stem=plain(title))
    assumed = source.processor.assumed
    if assumed and made.kind not in {"essay", "file_upload", "text"}:
        source.say("W708", f"Its score is a guess: {assumed}.")
    return made


def _say_losses(source: ItemSource, body: Body) -> None:
    root = source.root
    if body.nested:
        raise LeftOutError("it asks in several steps")
    if root.get("adaptive") in {"true", "1"}:
        source.say("W708", "It adapts to attempts in the file; here it is as at the first one.")
    if body.printed:
        source.say("W707", "A value printed in its text is left out.")
    for node in root.iter("{*}stylesheet"):
        source.say("W707", "Its style sheet is left out.", line_of(node))
        break


def _answerable(source: ItemSource, body: Body) -> list[Interaction]:
    """Return the interactions that ask for something."""
    kept = []
    for interaction in body.interactions:
        if interaction.name == "endAttemptInteraction":
            _take_hint(source, interaction)
        elif interaction.name == "mediaInteraction" and len(body.interactions) > 1:
            source.say("W707", "Sound or film is left out.", interaction.line)
        else:
            kept.append(interaction)
    return kept


def _take_hint(source: ItemSource, interaction: Interaction) -> None:
    """Take what a button shows for a hint; a button that shows nothing is left out."""
    processor = source.processor
    pressed = processor.run({interaction.response: True})
    before = processor.run({})
    shown = [f for f in source.feedback if f.shown(pressed) and not f.shown(before)]
    if not shown:
        source.say("W707", "A button that ends the attempt is left out.", interaction.line)
    for text in shown:
        source.feedback.remove(text)
        source.hints.append(text.node)


def _typed(
    source: ItemSource, interactions: list[Interaction], names: set[str], fields: dict[str, Any]
) -> Item:
    """Return the item of the type that the interactions make it."""
    body = source.body
    if not interactions:
        for text in source.feedback:
            source.say("W707", "The feedback of a text is left out.", line_of(text.node))
        return TextItem(**fields, stem=source.text(body.node))
    if names <= INLINE:
        return read_typed(source, fields)
    if "uploadInteraction" in names:
        for interaction in interactions:
            prompt = interaction.prompt
            if prompt is not None and listed_extensions(text_of(prompt)):
                take_out(prompt)
    only = interactions[0].name
    if names == {only} and (len(interactions) == 1 or only not in _ALONE):
        if only not in {"gapMatchInteraction"}:
            fields["stem"] = source.text(body.node)
        if only in _ALONE:
            return _ALONE[only](source, interactions[0], fields)
        if only == "extendedTextInteraction":
            return read_essay(source, interactions, fields)
        if only == "uploadInteraction":
            return read_upload(source, interactions, fields)
        raise LeftOutError(f"`{only}` is not known to the language")
    if names == {"extendedTextInteraction", "uploadInteraction"}:
        source.say("W707", "The file to be handed in beside the text is left out.")
        fields["stem"] = source.text(body.node)
        essays = [i for i in interactions if i.name == "extendedTextInteraction"]
        return read_essay(source, essays, fields)
    raise LeftOutError(f"it has several interactions: {', '.join(f'`{n}`' for n in sorted(names))}")


def _choices_in_text(root: _Element) -> bool:
    """Make single choices that stand beside other questions drop-downs in the text."""
    body = root.find("{*}itemBody")
    nodes = [n for n in ([] if body is None else body.iter()) if local(n).endswith("Interaction")]
    single = [node for node in nodes if local(node) == "choiceInteraction"]
    if len(nodes) < 2 or not single or {local(node) for node in nodes} - _IN_TEXT:
        return False
    declared = {
        node.get("identifier"): node.get("cardinality")
        for node in root.iterchildren("{*}responseDeclaration")
    }
    if any(declared.get(node.get("responseIdentifier")) != "single" for node in single):
        return False
    for node in single:
        _make_drop_down(node)
    return True


def _make_drop_down(node: _Element) -> None:
    """Turn a choice interaction into a drop-down in a paragraph below its prompt."""
    namespace = str(node.tag).rpartition("}")[0]
    start = f"{namespace}}}" if namespace else ""
    inner = node.makeelement(
        f"{start}inlineChoiceInteraction",
        {str(key): str(value) for key, value in node.attrib.items()},
    )
    for choice in list(node.iterchildren("{*}simpleChoice")):
        choice.tag = f"{start}inlineChoice"
        inner.append(choice)
    for prompt in node.iterchildren("{*}prompt"):
        prompt.tag = f"{start}div"
    paragraph = node.makeelement(f"{start}p", {})
    paragraph.append(inner)
    node.append(paragraph)
    node.tag = f"{start}div"
    for name in list(node.attrib):
        del node.attrib[name]
