"""What a person marks: essays and uploads, and what only those who mark may see."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from lxml.etree import _Element

from coursec.model.items import Criterion, Essay, FileUpload, Item, Level
from coursec.model.text import LineBreak, Paragraph, RichText, Text
from coursec.readers.qti21.body import Interaction
from coursec.readers.qti21.feedback import sort_feedback, whole_feedback
from coursec.readers.qti21.probing import Prober, item_points
from coursec.readers.qti21.source import ItemSource, joined
from coursec.readers.qti21.values import members
from coursec.readers.xml import line_of, local, text_of

_LINE_LENGTH: Final = 80
"""Characters that stand in a line, where a file counts characters."""
_COUNTED_WORDS = (
    re.compile(r"\\s\*\(\\S\+\\s\+\)\{([0-9]{1,6}),([0-9]{0,6})\}\\S\+\\s\*"),
    re.compile(r"\\s\*\(\(\\S\+\\s\+\)\{([0-9]{1,6}),([0-9]{0,6})\}\\S\+\\s\*\)\?"),
)
_EXTENSION = re.compile(r"\.[A-Za-z0-9][A-Za-z0-9.+_-]*")
_POINTS = r"\((?P<points>[0-9]+(?:\.[0-9]+)?)\)"
_CRITERION = re.compile(rf"(?P<label>.*?)\s*{_POINTS}", re.DOTALL)
_BEHIND = re.compile(
    r"\s*(?:\((?P<points>[0-9]+(?:\.[0-9]+)?)\))?(?::\s*(?P<description>.*))?\s*", re.DOTALL
)
_LEVEL = re.compile(rf"(?P<label>.*?)(?:\s*{_POINTS})?(?::\s+(?P<description>.*))?", re.DOTALL)

_EXTENSIONS = {
    "application/json": ".json",
    "application/msword": ".doc",
    "application/pdf": ".pdf",
    "application/vnd.ms-excel": ".xls",
    "application/vnd.ms-powerpoint": ".ppt",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/x-ipynb+json": ".ipynb",
    "application/zip": ".zip",
    "image/gif": ".gif",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "text/csv": ".csv",
    "text/html": ".html",
    "text/markdown": ".md",
    "text/plain": ".txt",
}


def _points(source: ItemSource) -> Decimal:
    stated = source.processor.maximum
    return item_points(Fraction(stated)) if stated is not None else Decimal(1)


def _feedback(source: ItemSource, response: str, fields: dict[str, Any]) -> None:
    """Add the feedback that any response shows."""
    prober = Prober(source.processor)
    probe = prober.probe({response: "text"})
    found = sort_feedback(source, [probe], Fraction(1), {})
    fields["feedback"] = whole_feedback(source, found)


# ---------------------------------------------------------------------------------------- essays


def read_essay(source: ItemSource, interactions: list[Interaction], fields: dict[str, Any]) -> Item:
    """Return the item of an extended text interaction."""
    first = interactions[0]
    if len(interactions) > 1:
        source.say("W708", f"Its {len(interactions)} fields for texts become one.", first.line)
    fields["points"] = _points(source)
    _feedback(source, first.response, fields)
    node = first.node
    least, most = _words(source, node)
    rubric, sample = _marking(source)
    declared = source.processor.responses.get(first.response)
    template = None
    if declared is not None:
        template = _lines([text_of(v) for v in declared.node.iterfind("{*}defaultValue/{*}value")])
        key = [str(value) for value in members(declared.correct)]
        if key and sample is None:
            sample = _lines(key)
        if key and source.processor.assumed is None:
            source.say("W708", "A text that is the key is scored; here a person marks it.")
    if node.get("placeholderText"):
        source.say("W707", "The text in the empty field is left out.", first.line)
    return Essay(
        **fields,
        lines=_expected_lines(node),
        min_words=least,
        max_words=most,
        template=template,
        sample_answer=sample,
        rubric=rubric,
    )


def _number(written: str | None) -> int | None:
    text = (written or "").strip()
    return int(text) if text.isdecimal() and len(text) < 7 and int(text) else None


def _expected_lines(node: _Element) -> int | None:
    lines = _number(node.get("expectedLines"))
    length = _number(node.get("expectedLength"))
    if lines is not None or length is None:
        return lines
    return -(-length // _LINE_LENGTH)


def _words(source: ItemSource, node: _Element) -> tuple[int | None, int | None]:
    """Return the least and most words that a field's pattern allows."""
    mask = node.get("patternMask")
    if not mask:
        return None, None
    for optional, pattern in enumerate(_COUNTED_WORDS):
        found = pattern.fullmatch(mask.strip())
        if found:
            least = None if optional else int(found[1]) + 1
            most = int(found[2]) + 1 if found[2] else None
            return least, most
    source.say("W707", "The pattern that a text must have is left out.", line_of(node))
    return None, None


def _lines(texts: list[str]) -> RichText | None:
    """Return plain text as paragraphs: an empty line ends one, a line end breaks a line."""
    paragraphs = []
    for part in re.split(r"\n[ \t]*\n", "\n\n".join(texts).replace("\r\n", "\n").strip("\n")):
        lines = [line for line in part.split("\n") if line.strip()]
        children: list[Text | LineBreak] = []
        for line in lines:
            if children:
                children.append(LineBreak())
            children.append(Text(line))
        if children:
            paragraphs.append(Paragraph(tuple(children)))
    return RichText(tuple(paragraphs)) if paragraphs else None


# --------------------------------------------------------------------------------------- uploads


def read_upload(
    source: ItemSource, interactions: list[Interaction], fields: dict[str, Any]
) -> Item:
    """Return the item of one or several upload interactions, one for each file."""
    fields["points"] = _points(source)
    _feedback(source, interactions[0].response, fields)
    accept: dict[str, None] = {}
    for interaction in interactions:
        accept |= dict.fromkeys(_accepted(source, interaction))
    rubric, sample = _marking(source)
    if sample is not None:
        source.say("W707", "The sample answer of an upload is left out.")
    return FileUpload(**fields, accept=tuple(accept), max_files=len(interactions), rubric=rubric)


def listed_extensions(text: str) -> list[str]:
    """Return the extensions of a text that holds nothing else; none for any other text."""
    parts = re.split(r"[,;\s]+", text.strip())
    return [p.lower() for p in parts] if all(_EXTENSION.fullmatch(p) for p in parts) else []


def _accepted(source: ItemSource, interaction: Interaction) -> list[str]:
    prompt = interaction.prompt
    listed = [] if prompt is None else listed_extensions(text_of(prompt))
    if listed:
        return listed
    types = re.split(r"[,;\s]+", interaction.node.get("type", "").strip().lower())
    found = [_EXTENSIONS[t] for t in types if t in _EXTENSIONS]
    unknown = [t for t in types if t and t not in _EXTENSIONS]
    if unknown:
        message = f"That only `{unknown[0]}` may be handed in is left out."
        source.say("W707", message, interaction.line)
        return []
    return found


# ------------------------------------------------------------------------------ rubrics for marking


def _marking(source: ItemSource) -> tuple[tuple[Criterion, ...], RichText | None]:
    """Return the rubric and the sample answer that only those who mark may see."""
    criteria: list[Criterion] = []
    samples: list[RichText] = []
    for block in source.body.rubrics:
        if "scorer" not in block.get("view", "").split():
            continue
        parts = _parts(block)
        if parts is None:
            source.say("W708", "Notes for marking become a criterion.", line_of(block))
            text = source.plain(block)
            criteria += [Criterion(criterion=text)] if text else []
        for part in parts or ():
            if local(part) == "ul":
                criteria += _criteria(source, part)
            else:
                samples.append(source.text(part))
    return tuple(criteria), joined(samples)


def _parts(block: _Element) -> list[_Element] | None:
    """Return lists of criteria and sample answers, each below a heading of one paragraph.

    None where the block holds anything else.
    """
    parts: list[_Element] = []
    heading = False
    for child in block:
        if local(child) == "ul" or "sample-answer" in child.get("class", "").split():
            parts.append(child)
            heading = False
        elif local(child) == "p" and not heading:
            heading = True
        else:
            return None
    bare = (block.text or "") + "".join(child.tail or "" for child in block)
    return parts if parts and not heading and not bare.strip() else None


def _criteria(source: ItemSource, node: _Element) -> list[Criterion]:
    criteria = []
    for entry in node.iterchildren("{*}li"):
        levels: list[Level] = []
        for inner in list(entry.iterchildren("{*}ul")):
            levels += [_level(source, one) for one in inner.iterchildren("{*}li")]
            entry.remove(inner)
        if (row := _named(entry)) is not None:
            criteria.append(Criterion(criterion=row[0], points=row[1], levels=tuple(levels)))
            continue
        text = source.plain(entry)
        found = _CRITERION.fullmatch(text)
        criteria.append(
            Criterion(
                criterion=found["label"] if found else text,
                points=Decimal(found["points"]) if found else None,
                levels=tuple(levels),
            )
        )
    return [criterion for criterion in criteria if criterion.criterion]


def _named(entry: _Element) -> tuple[str, Decimal | None, str | None] | None:
    """Return (name, points, description) of a row that begins with its name in `strong`."""
    children = list(entry)
    if len(children) != 1 or local(children[0]) != "strong" or (entry.text or "").strip():
        return None
    rest = _BEHIND.fullmatch(children[0].tail or "")
    name = " ".join(text_of(children[0]).split())
    if rest is None or not name:
        return None
    points = None if rest["points"] is None else Decimal(rest["points"])
    return name, points, " ".join((rest["description"] or "").split()) or None


def _level(source: ItemSource, entry: _Element) -> Level:
    if (row := _named(entry)) is not None:
        return Level(label=row[0], points=row[1], description=row[2])
    text = source.plain(entry)
    found = _LEVEL.fullmatch(text)
    if found is None or not found["label"]:
        return Level(label=text)
    points = found["points"]
    return Level(
        label=found["label"],
        points=None if points is None else Decimal(points),
        description=found["description"] or None,
    )


def notes(source: ItemSource, marked: bool) -> str | None:
    """Return what rubric blocks say to others than candidates, as an author's notes."""
    blocks = [
        block
        for block in source.body.rubrics
        if not (marked and "scorer" in block.get("view", "").split())
    ]
    texts = [source.plain(block) for block in blocks]
    return "\n\n".join(text for text in texts if text) or None
