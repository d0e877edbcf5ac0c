"""A course's blueprint as data: frozen, in the order in which it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, get_args

from coursec.model.items import Bloom

LEVELS: tuple[str, ...] = get_args(Bloom)
"""The Bloom levels, the lowest first."""
NONE = ""
"""The name of the row or column of items that say nothing of a dimension."""

GapKind = Literal["outcome", "bloom", "slides", "quiz outcome", "quiz plan", "quiz"]


@dataclass(frozen=True, slots=True)
class Count:
    """Items and their points; of a pool, the share that a student gets on average."""

    items: Fraction = Fraction(0)
    points: Fraction = Fraction(0)

    def __add__(self, other: Count) -> Count:
        return Count(self.items + other.items, self.points + other.points)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One value of a dimension and the approved questions that have it."""

    name: str
    """As the language has it; empty for questions that say nothing."""
    label: str
    """What a person reads."""
    count: Count = Count()
    drafts: int = 0
    """Questions of this value that are not approved yet."""
    gap: bool = False
    """Whether this value should have questions and has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The questions by one dimension."""

    name: str
    """`outcome`, `bloom`, `difficulty`, `type`, `lecture` or `tag`."""
    title: str
    rows: tuple[Row, ...]
    overlaps: bool = False
    """Whether a question can count in several rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cross:
    """One outcome in a matrix of outcomes and Bloom levels."""

    name: str
    label: str
    cells: tuple[Count, ...]
    """One for each Bloom level, then one for questions without a level."""
    total: Count
    gap: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """Outcomes by Bloom level; a question with several outcomes counts for each of them."""

    rows: tuple[Cross, ...]
    columns: tuple[Count, ...]
    """All questions by level; each counts once."""
    total: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class LectureCover:
    """A lecture and the questions that rest on it."""

    name: str
    title: str
    slides: int
    """Slides that hold matter."""
    count: Count
    drafts: int
    missing: tuple[tuple[str, str], ...]
    """(reference, title) of the slides that hold matter and that no approved question names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One thing that a quiz's `draft` asks for."""

    name: str
    label: str
    asked: int | None
    """How many questions; None is any number but none."""
    there: int
    """How many the quiz holds, pools in full."""

    @property
    def met(self) -> bool:
        """Whether there are as many as were asked for."""
        return self.there > 0 if self.asked is None else self.there >= self.asked


@dataclass(frozen=True, slots=True, kw_only=True)
class QuizCover:
    """What one quiz covers, as a student meets it."""

    id: str
    title: str
    count: Count
    matrix: Matrix
    types: tuple[Row, ...]
    plan: tuple[Planned, ...]
    draws: tuple[str, ...]
    """What its sections draw, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentCover:
    """An assignment and the outcomes that it says it tests."""

    name: str
    title: str
    status: str
    tasks: int
    points: Fraction
    outcomes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that should be asked and is not."""

    kind: GapKind
    quiz: str | None
    name: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Blueprint:
    """What a course's bank covers."""

    course: str
    title: str
    count: Count
    """The approved questions; all tables but the drafts count these only."""
    texts: int
    """Approved text items, which ask nothing and are counted nowhere else."""
    statuses: tuple[tuple[str, int], ...]
    """Questions and texts by status; an item whose stimulus is not approved is not either.

    `stale` counts those among the others whose slide has changed.
    """
    tables: tuple[Table, ...]
    matrix: Matrix
    lectures: tuple[LectureCover, ...]
    quizzes: tuple[QuizCover, ...]
    assignments: tuple[AssignmentCover, ...]
    gaps: tuple[Gap, ...]
    left_out: int
    """Items with mistakes, which are not counted."""
