"""Choices, accepted texts and accepted numbers: what several item types are made of."""

from __future__ import annotations

from decimal import Context, Decimal

from coursec.diagnostics import Span
from coursec.diagnostics.nearest import nearest
from coursec.model.items import ONE, ZERO, Choice, NumberAnswer, TextAnswer
from coursec.model.text import NO_TEXT, RichText
from coursec.source.fields import Fields, decimal
from coursec.source.nodes import Mapping, Scalar

# The default context rounds to 28 digits: a larger number would not be what was written.
_EXACT = Context(prec=2000)


def read_choices(fields: Fields) -> tuple[Choice, ...]:
    """Read `choices`."""
    choices = []
    for node in fields.entries("choices"):
        if isinstance(node, Scalar):
            choices.append(Choice(text=fields.text(node, "A choice"), span=node.span))
        elif isinstance(node, Mapping):
            inner = fields.within(node)
            text = inner.scalar("text")
            choices.append(
                Choice(
                    text=inner.text(text, "A choice") if text else NO_TEXT,
                    correct=inner.flag("correct", False),
                    weight=inner.number("weight"),
                    feedback=inner.rich("feedback"),
                    fixed=inner.flag("fixed", False),
                    span=inner.span("text"),
                )
            )
    return tuple(choices)


def read_text_answers(fields: Fields) -> tuple[TextAnswer, ...]:
    """Read `answers` that are texts."""
    answers = []
    for node in fields.entries("answers"):
        inner = fields.within(node) if isinstance(node, Mapping) else None
        text = inner.scalar("text") if inner else node
        if not isinstance(text, Scalar):
            continue
        value = fields.markdown.plain(text)
        if not value:
            fields.report(
                "E307", "An accepted answer is empty.", text.span, "Write the words that count."
            )
        answers.append(
            TextAnswer(
                text=value,
                weight=_weight(inner),
                feedback=inner.rich("feedback") if inner else None,
                span=text.span,
            )
        )
    return tuple(answers)


def _weight(fields: Fields | None) -> Decimal:
    weight = fields.number("weight") if fields else None
    return ONE if weight is None else weight


def _misspelt(fields: Fields) -> bool:
    """Tell whether a key is there that the schema check has taken for a slip of the pen."""
    return any(nearest(key, ("answer", "range")) for key in fields.node.entries)


def read_number(fields: Fields, *, scored: bool) -> NumberAnswer | None:
    """Read `answer` with `tolerance`, or `range`."""
    weight = _weight(fields) if scored else ONE
    feedback = fields.rich("feedback") if scored else None
    ends = [entry for entry in fields.entries("range") if isinstance(entry, Scalar)]
    if "range" in fields.node.entries:
        for other in ("answer", "tolerance"):
            if other in fields.node.entries:
                fields.report(
                    "E409",
                    f"`range` and `{other}` stand together: only one of them can be meant.",
                    fields.node.key_span(other),
                    "Delete one of them.",
                )
        if len(ends) != 2:
            return None
        low, high = decimal(ends[0]), decimal(ends[1])
        if low > high:
            fields.report(
                "E407",
                f"The range begins at {low} and ends at {high}.",
                ends[0].span,
                f"Write [{high}, {low}].",
            )
            return None
        return NumberAnswer(low=low, high=high, weight=weight, feedback=feedback, span=ends[0].span)
    answer = fields.scalar("answer")
    if answer is None:
        if "answer" not in fields.node.entries and not _misspelt(fields):
            fields.report(
                "E401",
                "No answer is given.",
                fields.node.head,
                "Add `answer:` with `tolerance:`, or `range: [low, high]`.",
            )
        return None
    return around(decimal(answer), fields.scalar("tolerance"), weight, feedback, answer.span)


def around(
    value: Decimal,
    tolerance: Scalar | None,
    weight: Decimal,
    feedback: RichText | None,
    span: Span,
) -> NumberAnswer:
    """Return the numbers around `value` that a tolerance lets count."""
    margin = percent = None
    if tolerance is not None and tolerance.value.rstrip().endswith("%"):
        percent = Decimal(tolerance.value.rstrip()[:-1].rstrip())
        margin = _EXACT.divide(_EXACT.multiply(abs(value), percent), Decimal(100))
    elif tolerance is not None:
        margin = decimal(tolerance)
    return NumberAnswer(
        low=_EXACT.subtract(value, margin or ZERO),
        high=_EXACT.add(value, margin or ZERO),
        value=value,
        tolerance=margin,
        percent=percent,
        weight=weight,
        feedback=feedback,
        span=span,
    )
