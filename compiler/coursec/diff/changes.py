"""What a comparison of two revisions comes to: frozen, in the order in which it is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from coursec.model.quiz import Bank

Effect = Literal["key", "score", ""]
"""What a change does to grades: `key` changes what is right, `score` what it earns."""
Kind = Literal["added", "removed", "renamed", "changed", "moved", "touched"]
"""`touched` is a quiz that is the same itself but holds an item that is not."""

KINDS: tuple[Kind, ...] = ("added", "removed", "renamed", "changed", "moved")
"""What can happen to an item, in the order in which summaries count it."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is not as it was."""

    field: str
    """The field's name in the language, such as `choices`."""
    what: str
    """What a person calls it, such as `key` or `feedback for right responses`."""
    old: str | None
    """As words or Markdown; None where there was nothing."""
    new: str | None
    effect: Effect = ""


@dataclass(frozen=True, slots=True)
class Touch:
    """A quiz that holds an item, before or after."""

    quiz: str
    drawn: bool = False
    """Whether the item is one of a pool, so that not every student gets it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemChange:
    """What happened to an item; one that was renamed may be moved and changed too."""

    kind: Kind
    id: str
    name: str
    """Its title, or its id where it has none."""
    type: str
    path: str
    """The file that holds it, or held it where it was removed."""
    line: int
    old_id: str | None = None
    """The id it had, where it was renamed."""
    old_path: str | None = None
    """The file that held it, where it was moved."""
    changes: tuple[Change, ...] = ()
    touches: tuple[Touch, ...] = ()

    @property
    def effect(self) -> Effect:
        """What it does to grades that have been given: the gravest effect of its changes."""
        effects = {change.effect for change in self.changes}
        return "key" if "key" in effects else "score" if "score" in effects else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuizChange:
    """What happened to a quiz."""

    kind: Kind
    id: str
    title: str
    path: str
    old_id: str | None = None
    changes: tuple[Change, ...] = ()
    gained: tuple[str, ...] = ()
    """Ids of the items that it holds now and did not hold before."""
    lost: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    """Ids of the changed items that it holds or held."""
    keys: tuple[str, ...] = ()
    """Those of them whose key changed."""
    broken: str = ""
    """Why it could not be assembled in one of the revisions; empty where it could."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LectureChange:
    """What happened to a lecture, and the items that rest on what changed."""

    kind: Kind
    name: str
    title: str
    changes: tuple[Change, ...] = ()
    items: tuple[str, ...] = ()
    """Ids of the items whose `source` names a slide that changed or is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentChange:
    """What happened to an assignment."""

    kind: Kind
    name: str
    title: str
    path: str
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """A file of one revision that cannot be read, or not in whole."""

    path: str
    line: int
    message: str
    """The first mistake."""
    more: int = 0
    """How many further mistakes the file has."""


@dataclass(frozen=True, slots=True)
class Side:
    """A course in one revision."""

    bank: Bank
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseDiff:
    """Everything that changed between two revisions of a course."""

    course: tuple[Change, ...] = ()
    items: tuple[ItemChange, ...] = ()
    """Changed keys first, then changed scores, then the rest; each in the order of the bank."""
    quizzes: tuple[QuizChange, ...] = ()
    assignments: tuple[AssignmentChange, ...] = ()
    lectures: tuple[LectureChange, ...] = ()
    unread: tuple[str, ...] = ()
    """Ids of items that are sound in one revision only, so that nothing can be said of them."""
    old_faults: tuple[Fault, ...] = ()
    new_faults: tuple[Fault, ...] = field(default=())

    def __bool__(self) -> bool:
        """Tell whether anything changed."""
        return bool(self.course or self.items or self.quizzes or self.assignments or self.lectures)
