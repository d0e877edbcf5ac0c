"""The item types of the language: a closed union of frozen dataclasses.

Numbers that an author wrote are `Decimal`, so that 0.1 stays 0.1 in every target.
Spans never take part in comparison: two items are equal when they mean the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import ClassVar, Literal

from coursec.diagnostics import Span
from coursec.model.numbers import decimal_text
from coursec.model.provenance import Provenance
from coursec.model.text import NO_TEXT, RichText

ONE = Decimal(1)
ZERO = Decimal(0)

Bloom = Literal["remember", "understand", "apply", "analyze", "evaluate", "create"]
Status = Literal["draft", "approved", "retired"]
Scoring = Literal["partial", "all_or_nothing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """What a student reads afterwards."""

    general: RichText | None = None
    """Shown whatever the response was."""
    correct: RichText | None = None
    partial: RichText | None = None
    incorrect: RichText | None = None


NO_FEEDBACK = Feedback()


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFields:
    """The fields that every item type has."""

    kind: ClassVar[str]
    """The type's name in the language."""
    id: str
    """Kebab-case, unique in the course; every identifier in every output derives from it."""
    title: str | None = None
    stem: RichText = NO_TEXT
    """The question; for a cloze an optional lead-in."""
    points: Decimal = ONE
    """Points for a fully right response, above 0; a text item has none whatever stands here."""
    tags: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    bloom: Bloom | None = None
    difficulty: Decimal | None = None
    """Expected share of wrong responses, 0 to 1."""
    hints: tuple[RichText, ...] = ()
    feedback: Feedback = NO_FEEDBACK
    shuffle: bool | None = None
    """Whether choices are shuffled; None leaves it to the quiz."""
    source: tuple[str, ...] = ()
    """Slide references such as `04-tokenization#bpe`; they stay in the course."""
    status: Status = "approved"
    language: str | None = None
    """BCP 47 tag; None is the course's language."""
    stimulus: str | None = None
    """Id of the text item that this item rests on."""
    notes: str | None = None
    """The author's own notes; never emitted."""
    ignore: tuple[str, ...] = field(default=(), compare=False)
    """Findings that the author answers, as written; they change nothing that is built."""
    provenance: Provenance | None = field(default=None, compare=False)
    """Where the item comes from; never emitted."""
    span: Span | None = field(default=None, compare=False, repr=False)

    @property
    def name(self) -> str:
        """The title, or the id where there is none."""
        return self.title or self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One choice of a choice question or of a drop-down gap."""

    text: RichText
    correct: bool = False
    weight: Decimal | None = None
    """Share of the points, -1 to 1; None leaves it to the item's scoring."""
    feedback: RichText | None = None
    fixed: bool = False
    """Keeps its place when the others are shuffled."""
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SingleChoice(ItemFields):
    """One choice is right; without weights it earns everything and the others nothing."""

    kind: ClassVar[str] = "single_choice"
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MultipleChoice(ItemFields):
    """Any number of choices is right."""

    kind: ClassVar[str] = "multiple_choice"
    choices: tuple[Choice, ...]
    scoring: Scoring = "partial"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueFalse(ItemFields):
    """A statement to be judged."""

    kind: ClassVar[str] = "true_false"
    answer: bool
    feedback_true: RichText | None = None
    """Shown to a student who answers true."""
    feedback_false: RichText | None = None
    """Shown to a student who answers false."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextAnswer:
    """A text that counts as an answer: plain characters, compared after trimming."""

    text: str
    weight: Decimal = ONE
    """Share of the points, 0 to 1."""
    feedback: RichText | None = None
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortAnswer(ItemFields):
    """A word or phrase to be typed; the best answer that matches counts."""

    kind: ClassVar[str] = "short_answer"
    answers: tuple[TextAnswer, ...]
    case_sensitive: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberAnswer:
    """Numbers from `low` to `high`, both inclusive."""

    low: Decimal
    high: Decimal
    value: Decimal | None = None
    """The number the author named; None when a range was written."""
    tolerance: Decimal | None = None
    """Absolute distance from `value` that still counts; None when none was written."""
    percent: Decimal | None = None
    """The tolerance as written in per cent of `value`, where it was."""
    weight: Decimal = ONE
    feedback: RichText | None = None
    span: Span | None = field(default=None, compare=False, repr=False)

    @property
    def model(self) -> Decimal:
        """The number of a model answer."""
        return (self.low + self.high) / 2 if self.value is None else self.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Numeric(ItemFields):
    """A number to be typed; the best answer that matches counts."""

    kind: ClassVar[str] = "numeric"
    answers: tuple[NumberAnswer, ...]
    unit: str | None = None
    """Plain text shown behind the number; students do not type it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A premise and the response that belongs to it."""

    premise: RichText
    response: RichText
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching(ItemFields):
    """A response to be found for each premise; each right one earns an equal share."""

    kind: ClassVar[str] = "matching"
    pairs: tuple[Pair, ...]
    distractors: tuple[RichText, ...] = ()

    @property
    def responses(self) -> tuple[RichText, ...]:
        """All different responses: those of the pairs in their order, then the distractors."""
        return tuple(dict.fromkeys([p.response for p in self.pairs] + list(self.distractors)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordering(ItemFields):
    """Entries to be put in order; each one in its right position earns an equal share."""

    kind: ClassVar[str] = "ordering"
    sequence: tuple[RichText, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceGap:
    """A gap filled from a drop-down list; exactly one choice is right."""

    name: str
    choices: tuple[Choice, ...]
    points: Decimal = ONE
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class TextGap:
    """A gap filled by typing a word."""

    name: str
    answers: tuple[TextAnswer, ...]
    case_sensitive: bool = False
    points: Decimal = ONE
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberGap:
    """A gap filled by typing a number."""

    name: str
    answers: tuple[NumberAnswer, ...]
    points: Decimal = ONE
    span: Span | None = field(default=None, compare=False, repr=False)


ClozeGap = ChoiceGap | TextGap | NumberGap


@dataclass(frozen=True, slots=True, kw_only=True)
class Cloze(ItemFields):
    """A text with gaps; its points are the sum of its gaps' points."""

    kind: ClassVar[str] = "cloze"
    text: RichText
    gaps: tuple[ClozeGap, ...]
    """In the order in which they stand in the text."""

    def gap(self, name: str) -> ClozeGap:
        """Return the gap of this name."""
        return next(gap for gap in self.gaps if gap.name == name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One level of a rubric's criterion."""

    label: str
    points: Decimal | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One criterion of a rubric."""

    criterion: str
    points: Decimal | None = None
    levels: tuple[Level, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Essay(ItemFields):
    """A text to be written and marked by a person."""

    kind: ClassVar[str] = "essay"
    lines: int | None = None
    """Lines of space to answer in."""
    min_words: int | None = None
    max_words: int | None = None
    template: RichText | None = None
    """What stands in the answer field at the start."""
    sample_answer: RichText | None = None
    rubric: tuple[Criterion, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FileUpload(ItemFields):
    """A file to be handed in and marked by a person."""

    kind: ClassVar[str] = "file_upload"
    accept: tuple[str, ...] = ()
    """File name extensions with their dot; empty takes any."""
    max_files: int = 1
    rubric: tuple[Criterion, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TextItem(ItemFields):
    """Instructions or a stimulus; there is nothing to answer."""

    kind: ClassVar[str] = "text"


Item = (
    SingleChoice
    | MultipleChoice
    | TrueFalse
    | ShortAnswer
    | Numeric
    | Matching
    | Ordering
    | Cloze
    | Essay
    | FileUpload
    | TextItem
)

ITEM_TYPES: tuple[type[Item], ...] = (
    SingleChoice,
    MultipleChoice,
    TrueFalse,
    ShortAnswer,
    Numeric,
    Matching,
    Ordering,
    Cloze,
    Essay,
    FileUpload,
    TextItem,
)
"""Every item type, in the order of the guide."""


def labels(item: Item) -> list[str]:
    """Return an item's tags, then its outcomes, level and difficulty in the form of tags."""
    found = [*item.tags, *(f"outcome:{outcome}" for outcome in item.outcomes)]
    if item.bloom is not None:
        found.append(f"bloom:{item.bloom}")
    if item.difficulty is not None:
        found.append(f"difficulty:{decimal_text(item.difficulty)}")
    return list(dict.fromkeys(found))


def max_points(item: Item) -> Decimal:
    """Return the points of a fully right response; 0 for a text item."""
    return ZERO if isinstance(item, TextItem) else item.points
