"""Assignments: tasks with texts, code and rubrics, as written and as handed out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from typing import Literal

from coursec.diagnostics import Span
from coursec.model.items import Criterion, Status
from coursec.model.text import RichText

ProseRole = Literal["text", "hint", "question", "answer"]
CodeRole = Literal["starter", "solution", "test"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose:
    """A piece of text; an `answer` is a model answer, which only the solution carries."""

    role: ProseRole
    text: RichText
    lines: tuple[str, ...] = field(default=(), repr=False)
    """The Markdown as written, without the quote marks of a callout."""
    line: int = 1
    """Line of the file in which `lines` begin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeCell:
    """A block of Python that is run; a `solution` is never handed out before the deadline."""

    role: CodeRole
    code: str
    """Without the final newline."""
    line: int = 1
    """Line of the file in which `code` begins."""
    hidden: bool = False
    """Whether a test is kept for the marking."""
    gaps: tuple[tuple[int, int], ...] = field(default=(), repr=False)
    """What a starter leaves to do: (line of the code from 1, column from 0) of each mark."""
    span: Span | None = field(default=None, compare=False, repr=False)


Part = Prose | CodeCell

ACCEPTED = (".ipynb", ".py", ".zip")
"""What may be handed in where an author says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A task: what one `##` heading holds."""

    id: str
    """Kebab-case, unique in the assignment; cells and items are named after it."""
    title: str
    points: Decimal
    parts: tuple[Part, ...] = ()
    rubric: tuple[Criterion, ...] = ()
    span: Span | None = field(default=None, compare=False, repr=False)
    rubric_span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class DataFile:
    """A file that the code of an assignment reads; it is handed out beside the code."""

    name: str
    """The name under which the code opens it, without a folder."""
    path: str
    """Path in the course."""
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """When an assignment is to be handed in."""

    day: date
    time: time | None = None
    """Local time of the course; None is the whole day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """An assignment: of the author, or one version of it as it is handed out."""

    name: str
    """The file's name without its extension, kebab-case; output files are named after it."""
    title: str
    points: Decimal
    """Points of all tasks together."""
    tasks: tuple[Task, ...]
    intro: tuple[Part, ...] = ()
    """What stands before the first task; code in it is given code."""
    due: Due | None = None
    outcomes: tuple[str, ...] = ()
    outcomes_span: Span | None = field(default=None, compare=False, repr=False)
    lectures: tuple[str, ...] = ()
    """Lectures and slides that it rests on, such as `04-tokenization#word2vec-cbow`."""
    rests_on: tuple[str, ...] = ()
    """The same in words for students, once the lectures are known: a lecture each."""
    lecture_spans: tuple[Span, ...] = field(default=(), compare=False, repr=False)
    files: tuple[DataFile, ...] = ()
    requirements: tuple[str, ...] = ()
    """Python packages that the code needs, as pip takes them."""
    accept: tuple[str, ...] = ACCEPTED
    """Extensions of what may be handed in."""
    max_files: int = 1
    language: str = "en"
    """BCP 47 tag."""
    targets: tuple[str, ...] | None = None
    """Names of the targets to build; None is all that the course builds."""
    status: Status = "approved"
    """Only approved ones are built, and only their code is run."""
    span: Span | None = field(default=None, compare=False, repr=False)

    @property
    def sections(self) -> tuple[tuple[Task | None, tuple[Part, ...]], ...]:
        """The introduction (without a task) and the tasks, each with its parts, in order."""
        return ((None, self.intro), *((task, task.parts) for task in self.tasks))


Version = Literal["starter", "solution"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Handout:
    """One version of an assignment: the starter holds nothing of the solution."""

    version: Version
    course: str
    """The course's code and title on one line."""
    assignment: Assignment
    """With the parts that this version shows, in the order in which it shows them."""

    @property
    def solved(self) -> bool:
        """Whether it is the solution."""
        return self.version == "solution"
