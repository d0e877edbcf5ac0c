"""From a positioned node to an item."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, cast

from coursec.diagnostics import Span
from coursec.model.items import (
    ONE,
    Criterion,
    Essay,
    Feedback,
    FileUpload,
    Item,
    Level,
    Matching,
    MultipleChoice,
    NumberAnswer,
    Numeric,
    Ordering,
    Pair,
    ShortAnswer,
    SingleChoice,
    TextItem,
    TrueFalse,
)
from coursec.model.text import NO_TEXT
from coursec.source.answers import around, read_choices, read_number, read_text_answers
from coursec.source.cloze import read_cloze
from coursec.source.fields import NOTHING, Fields, decimal
from coursec.source.ignores import read_item_ignores
from coursec.source.markdown import MarkdownReader
from coursec.source.nodes import Mapping, Node, Scalar, Sequence, one_of
from coursec.source.provenance import read_provenance
from coursec.source.schema import check, item_types, required


class Found(NamedTuple):
    """What was read of an item."""

    id: str | None
    span: Span
    item: Item | None = None
    """None when too much of it is missing."""
    sound: bool = False
    """Whether nothing in it was reported."""


def read_item(node: Node, markdown: MarkdownReader, defaults: Mapping = NOTHING) -> Found:
    """Read an item; every mistake is reported, and where there are some it is not sound.

    An item whose shape is whole is returned all the same, so that the rules over items find
    what else is wrong with it.
    """
    sink = markdown.sink
    if not isinstance(node, Mapping):
        sink.report(
            "E203",
            "An item must be a mapping with `id` and `type`.",
            node.span,
            hint="Write `- id: …` and put the other fields below it.",
        )
        return Found(None, node.span)
    name = node.entries.get("id")
    span = name.span if name else node.head
    item_id = name.value if isinstance(name, Scalar) and name.value.strip() else None
    before = sink.errors
    markdown.item = item_id
    try:
        kind = node.entries.get("type")
        if not isinstance(kind, Scalar) or kind.value not in _READERS:
            _report_type(node, kind, markdown)
            return Found(item_id, span)
        bad = check(node, f"item/{kind.value}.schema.json", sink, item=item_id)
        fields = Fields(node, bad, markdown, defaults)
        own = _READERS[kind.value](fields)
        item = None
        if own is not None and item_id is not None:
            item = own(**_common(fields, item_id))
        else:
            _common(fields, item_id or "")
        whole = not bad and all(key in node.entries for key in required(kind.value))
        return Found(item_id, span, item if whole else None, sink.errors == before)
    finally:
        markdown.item = None


def _report_type(node: Mapping, kind: Node | None, markdown: MarkdownReader) -> None:
    sink, item = markdown.sink, markdown.item
    if kind is None:
        hint = "Add `type:`, one of " + ", ".join(item_types()) + "."
        sink.report("E202", "The key `type` is missing.", node.head, hint=hint, item=item)
    elif isinstance(kind, Scalar):
        message = f"`{kind.value}` is not an item type."
        sink.report("E204", message, kind.span, hint=one_of(kind.value, item_types()), item=item)
    else:
        sink.report("E203", "`type` must be a word.", node.key_span("type"), item=item)


def _common(fields: Fields, item_id: str) -> dict[str, Any]:
    """Return the fields that every type has."""
    language = fields.word("language")
    return {
        "id": item_id,
        "title": fields.plain("title"),
        "stem": fields.rich("stem") or NO_TEXT,
        "tags": fields.words("tags"),
        "outcomes": fields.words("outcomes"),
        "bloom": fields.word("bloom"),
        "difficulty": fields.number("difficulty"),
        "hints": tuple(
            fields.text(hint, "A hint")
            for hint in fields.entries("hints")
            if isinstance(hint, Scalar)
        ),
        "feedback": _feedback(fields),
        "shuffle": fields.flag("shuffle", False) if fields.scalar("shuffle") else None,
        "source": fields.words("source"),
        "status": fields.word("status") or "approved",
        "language": language,
        "stimulus": fields.word("stimulus"),
        "notes": fields.word("notes"),
        "ignore": _ignore(fields, item_id),
        "provenance": read_provenance(fields),
        "span": fields.span("id"),
    }


def _ignore(fields: Fields, item_id: str) -> tuple[str, ...]:
    entries = [
        entry
        for entry in fields.entries("ignore")
        if isinstance(entry, Scalar) and id(entry) not in fields.bad
    ]
    read_item_ignores(entries, item_id, fields.sink)
    return tuple(entry.value for entry in entries)


def _feedback(fields: Fields) -> Feedback:
    node = fields.get("feedback")
    if isinstance(node, Scalar):
        return Feedback(general=fields.rich("feedback"))
    if not isinstance(node, Mapping):
        return Feedback()
    inner = fields.within(node)
    return Feedback(
        general=inner.rich("general"),
        correct=inner.rich("correct"),
        partial=inner.rich("partial"),
        incorrect=inner.rich("incorrect"),
    )


# One function per type returns what builds the item from its common fields, or None.
Build = Callable[..., Item]


def _single_choice(fields: Fields) -> Build | None:
    choices, points = read_choices(fields), fields.points
    return lambda **common: SingleChoice(choices=choices, points=points, **common)


def _multiple_choice(fields: Fields) -> Build | None:
    choices, points = read_choices(fields), fields.points
    scoring: Any = fields.word("scoring") or "partial"
    return lambda **common: MultipleChoice(
        choices=choices, scoring=scoring, points=points, **common
    )


def _true_false(fields: Fields) -> Build | None:
    points, answer = fields.points, fields.flag("answer", False)
    when_true, when_false = fields.rich("feedback_true"), fields.rich("feedback_false")
    return lambda **common: TrueFalse(
        answer=answer,
        feedback_true=when_true,
        feedback_false=when_false,
        points=points,
        **common,
    )


def _short_answer(fields: Fields) -> Build | None:
    answers, points = read_text_answers(fields), fields.points
    sensitive = fields.flag("case_sensitive", False)
    return lambda **common: ShortAnswer(
        answers=answers, case_sensitive=sensitive, points=points, **common
    )


def _numeric(fields: Fields) -> Build | None:
    points, unit = fields.points, fields.plain("unit")
    answers: list[NumberAnswer | None] = []
    if "answers" in fields.node.entries:
        for other in ("answer", "tolerance", "range"):
            if other in fields.node.entries:
                fields.report(
                    "E409",
                    f"`answers` and `{other}` stand together: only one of them can be meant.",
                    fields.node.key_span(other),
                    f"Move `{other}` into an entry of `answers`.",
                )
        for node in fields.entries("answers"):
            if isinstance(node, Mapping):
                answers.append(read_number(fields.within(node), scored=True))
            elif isinstance(node, Scalar):
                answers.append(around(decimal(node), None, ONE, None, node.span))
    else:
        answers.append(read_number(fields, scored=False))
    found = tuple(answer for answer in answers if answer is not None)
    return lambda **common: Numeric(answers=found, unit=unit, points=points, **common)


def _matching(fields: Fields) -> Build | None:
    points, pairs = fields.points, []
    for node in fields.entries("pairs"):
        if not isinstance(node, Mapping):
            continue
        inner = fields.within(node)
        premise, response = inner.scalar("premise"), inner.scalar("response")
        pairs.append(
            Pair(
                premise=inner.text(premise, "A premise") if premise else NO_TEXT,
                response=inner.text(response, "A response") if response else NO_TEXT,
                span=inner.span("premise"),
            )
        )
    distractors = tuple(
        fields.text(entry, "A distractor")
        for entry in fields.entries("distractors")
        if isinstance(entry, Scalar)
    )
    return lambda **common: Matching(
        pairs=tuple(pairs), distractors=distractors, points=points, **common
    )


def _ordering(fields: Fields) -> Build | None:
    points = fields.points
    sequence = tuple(
        fields.text(entry, "An entry")
        for entry in fields.entries("sequence")
        if isinstance(entry, Scalar)
    )
    return lambda **common: Ordering(sequence=sequence, points=points, **common)


def read_rubric(fields: Fields) -> tuple[Criterion, ...]:
    """Return the criteria under `rubric`; empty where there are none."""
    criteria = []
    for node in fields.entries("rubric"):
        if not isinstance(node, Mapping):
            continue
        inner = fields.within(node)
        levels = []
        for level in inner.entries("levels"):
            if isinstance(level, Scalar):
                levels.append(Level(label=fields.markdown.plain(level)))
            elif isinstance(level, Mapping):
                one = inner.within(level)
                levels.append(
                    Level(
                        label=one.plain("label") or "",
                        points=one.number("points"),
                        description=one.plain("description"),
                    )
                )
        criteria.append(
            Criterion(
                criterion=inner.plain("criterion") or "",
                points=inner.number("points"),
                levels=tuple(levels),
            )
        )
    return tuple(criteria)


def _essay(fields: Fields) -> Build | None:
    own = {
        "lines": fields.whole("lines"),
        "min_words": fields.whole("min_words"),
        "max_words": fields.whole("max_words"),
        "template": fields.rich("template"),
        "sample_answer": fields.rich("sample_answer"),
        "rubric": read_rubric(fields),
        "points": fields.points,
    }
    return lambda **common: Essay(**cast("Any", own), **common)


def _file_upload(fields: Fields) -> Build | None:
    accept, rubric, points = fields.words("accept"), read_rubric(fields), fields.points
    files = fields.whole("max_files") or 1
    return lambda **common: FileUpload(
        accept=accept, max_files=files, rubric=rubric, points=points, **common
    )


def _text(fields: Fields) -> Build | None:
    points = fields.points
    return lambda **common: TextItem(points=points, **common)


_READERS: dict[str, Callable[[Fields], Build | None]] = {
    "single_choice": _single_choice,
    "multiple_choice": _multiple_choice,
    "true_false": _true_false,
    "short_answer": _short_answer,
    "numeric": _numeric,
    "matching": _matching,
    "ordering": _ordering,
    "cloze": read_cloze,
    "essay": _essay,
    "file_upload": _file_upload,
    "text": _text,
}


def read_bank(node: Node, markdown: MarkdownReader, defaults: Mapping) -> list[Found]:
    """Read every item of a bank."""
    if not isinstance(node, Mapping) or not isinstance(node.entries.get("items"), Sequence):
        if isinstance(node, Sequence):
            markdown.sink.report(
                "E203",
                "A bank is a mapping, not a list.",
                node.span._replace(end_line=node.span.line, end_column=node.span.column + 1),
                hint="Put the line `items:` above the list.",
            )
        else:
            check(node, "bank.schema.json", markdown.sink)
        return []
    check(
        Mapping(node.span, {**node.entries, "items": Sequence(node.span)}, node.keys),
        "bank.schema.json",
        markdown.sink,
    )
    items = node.entries["items"]
    assert isinstance(items, Sequence)
    return [read_item(entry, markdown, defaults) for entry in items.entries]
