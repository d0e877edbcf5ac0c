"""Rules over one item."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from coursec.diagnostics import Span
from coursec.model.items import (
    ZERO,
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
)
from coursec.model.scoring import adds_up, can_be_partly_right, right_total
from coursec.model.text import RichText


class Finding(NamedTuple):
    """What a rule found."""

    code: str
    message: str
    span: Span | None
    hint: str = ""


def right_answers(item: Item) -> Iterator[Finding]:
    """A question needs a right answer, a single choice exactly one."""
    match item:
        case SingleChoice():
            yield from _one_right(item.choices, item.span, "This single choice")
        case MultipleChoice() if not any(choice.correct for choice in item.choices):
            yield Finding(
                "E401",
                "No choice is right.",
                item.span,
                "Mark each right one with `correct: true`.",
            )
        case ShortAnswer():
            yield from _full_marks(item.answers, item.span)
        case Numeric():
            yield from _full_marks(item.answers, item.span)
        case Cloze():
            for gap in item.gaps:
                match gap:
                    case ChoiceGap():
                        yield from _one_right(gap.choices, gap.span, f"The gap `{gap.name}`")
                    case TextGap() | NumberGap():
                        yield from _full_marks(gap.answers, gap.span)
        case _:
            pass


def _one_right(choices: Sequence[Choice], span: Span | None, what: str) -> Iterator[Finding]:
    right = [choice for choice in choices if choice.correct]
    if not right:
        yield Finding(
            "E401", f"{what} has no right choice.", span, "Mark the right one with `correct: true`."
        )
    for extra in right[1:]:
        yield Finding(
            "E402",
            f"{what} has {len(right)} right choices; this is another one.",
            extra.span,
            "Leave one, or make it a multiple choice.",
        )


def _full_marks(
    answers: Sequence[TextAnswer] | Sequence[NumberAnswer], span: Span | None
) -> Iterator[Finding]:
    if answers and all(answer.weight < 1 for answer in answers):
        yield Finding(
            "E401", "No answer earns all the points.", span, "Give the best answer the weight 1."
        )


def weights(item: Item) -> Iterator[Finding]:
    """Weights and key must say the same."""
    match item:
        case SingleChoice():
            yield from _one_full(item.choices)
        case MultipleChoice():
            weighted = [choice for choice in item.choices if choice.weight is not None]
            if weighted and item.scoring == "all_or_nothing":
                yield Finding(
                    "E409",
                    "Weights and `scoring: all_or_nothing` stand together.",
                    weighted[0].span,
                    "Delete one of them.",
                )
            against = False
            for choice in weighted:
                if choice.correct and (choice.weight or ZERO) <= 0:
                    against = True
                    yield Finding(
                        "E410", f"A right choice has the weight {choice.weight}.", choice.span
                    )
                if not choice.correct and (choice.weight or ZERO) > 0:
                    yield Finding(
                        "E410",
                        f"A wrong choice has the weight {choice.weight}.",
                        choice.span,
                        "In a multiple choice a choice that earns points is right.",
                    )
            right = [choice for choice in item.choices if choice.correct]
            if weighted and right and not against and not adds_up(item):
                total = float(right_total(item))
                yield Finding(
                    "E410",
                    f"The weights of the right choices add up to {total:g}, not to 1.",
                    right[0].span,
                    "A fully right response earns all the points.",
                )
        case Cloze():
            for gap in item.gaps:
                if isinstance(gap, ChoiceGap):
                    yield from _one_full(gap.choices)
        case _:
            pass


def _one_full(choices: Sequence[Choice]) -> Iterator[Finding]:
    """Where one choice is picked, the right one earns everything and no other does."""
    for choice in choices:
        if choice.correct and choice.weight not in (None, Decimal(1)):
            yield Finding(
                "E410",
                f"The right choice has the weight {choice.weight}.",
                choice.span,
                "Delete its weight: the right choice earns everything.",
            )
        if not choice.correct and choice.weight is not None and choice.weight >= 1:
            yield Finding("E410", "A wrong choice earns all the points.", choice.span)


def duplicates(item: Item) -> Iterator[Finding]:
    """The same choice twice leaves students guessing which one counts."""
    match item:
        case SingleChoice() | MultipleChoice():
            yield from _twice(((c.text, c.span) for c in item.choices), "choice")
        case Matching():
            yield from _twice(((p.premise, p.span) for p in item.pairs), "premise")
            responses = {pair.response for pair in item.pairs}
            for distractor in item.distractors:
                if distractor in responses:
                    yield Finding(
                        "E403", "This distractor is the response of a pair.", distractor.span
                    )
            yield from _twice(((d, d.span) for d in item.distractors), "distractor")
        case Ordering():
            yield from _twice(((entry, entry.span) for entry in item.sequence), "entry")
        case ShortAnswer():
            yield from _twice_typed(item.answers, item.case_sensitive)
        case Cloze():
            for gap in item.gaps:
                match gap:
                    case ChoiceGap():
                        yield from _twice(((c.text, c.span) for c in gap.choices), "choice")
                    case TextGap():
                        yield from _twice_typed(gap.answers, gap.case_sensitive)
                    case NumberGap():
                        pass
        case _:
            pass


def _twice(texts: Iterable[tuple[RichText, Span | None]], noun: str) -> Iterator[Finding]:
    seen: set[RichText] = set()
    for text, span in texts:
        # A text without blocks was refused, or is empty and reported as such.
        if text and text in seen:
            yield Finding(
                "E403", f"The same {noun} stands here twice.", span, "Change or delete one of them."
            )
        seen.add(text)


def _twice_typed(answers: Sequence[TextAnswer], case_sensitive: bool) -> Iterator[Finding]:
    seen: set[str] = set()
    for answer in answers:
        key = answer.text if case_sensitive else answer.text.lower()
        if key in seen:
            yield Finding(
                "E403",
                f"The answer `{answer.text}` is accepted already.",
                answer.span,
                "Delete it." if case_sensitive else "Capitals do not matter here: delete it.",
            )
        seen.add(key)


def sizes(item: Item) -> Iterator[Finding]:
    """Parts must add up, and ranges must not be empty."""
    if isinstance(item, Essay | FileUpload):
        given = [criterion.points for criterion in item.rubric if criterion.points is not None]
        total = sum(given, ZERO)
        if given and total != item.points:
            yield Finding(
                "E408",
                f"The rubric's points add up to {total}; the item has {item.points}.",
                item.span,
                "Make them the same.",
            )
    if isinstance(item, Essay) and (item.min_words or 0) > (item.max_words or 1 << 30):
        yield Finding(
            "E407",
            f"At least {item.min_words} words and at most {item.max_words} are asked for.",
            item.span,
        )


def idle_feedback(item: Item) -> Iterator[Finding]:
    """Feedback for partly right responses is for nobody where there are none."""
    text = item.feedback.partial
    if text and not can_be_partly_right(item):
        yield Finding(
            "W411",
            "No response to this item is partly right: the feedback for it is never shown.",
            text.span or item.span,
            "Delete `partial`, or give an answer a weight between 0 and 1.",
        )


RULES: tuple[Callable[[Item], Iterator[Finding]], ...] = (
    right_answers,
    weights,
    duplicates,
    sizes,
    idle_feedback,
)
"""Every rule over one item."""
