"""Courses, lectures and quizzes, as written and as assembled."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from coursec.diagnostics import Span
from coursec.model.assignment import Assignment
from coursec.model.items import Item, TextItem, max_points
from coursec.model.text import NO_TEXT, RichText


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftingOptions:
    """What course.yaml says of the local model and of the index."""

    host: str | None = None
    """Address of Ollama; None is this machine's."""
    hosts: tuple[str, ...] = ()
    """Addresses of several that share the work, in place of `host`."""
    remote: bool = False
    """Whether a host that is not this machine has been confirmed."""
    model: str | None = None
    embed_model: str | None = None
    """Name of the embedding model; None retrieves by words alone."""
    context: int | None = None
    """Context window in tokens."""
    seed: int | None = None
    store: str = "embedded"
    """Where the index lies: `embedded`, or the address of a PostgreSQL database."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What course.yaml says."""

    code: str
    title: str
    language: str = "en"
    targets: tuple[str, ...] | None = None
    """Names of the targets to build; None is all."""
    defaulted: frozenset[str] = frozenset()
    """Fields of items for which the course has a default of its own."""
    outcomes: tuple[tuple[str, str], ...] = ()
    """(code, what students can do then) of each learning outcome, in the order written."""
    drafting: DraftingOptions = DraftingOptions()


@dataclass(frozen=True, slots=True, kw_only=True)
class Slide:
    """A slide of a lecture."""

    id: str
    title: str
    kinds: frozenset[str] = frozenset()
    """`agenda`, `title` and `section` mark slides that hold structure and no matter."""
    text: str = ""
    """The Markdown of the slide's body."""
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lecture:
    """A lecture; a slide's reference is `<name>#<slide id>`."""

    name: str
    """The file's name without its extension."""
    title: str
    number: int | None = None
    abstract: str = ""
    slides: tuple[Slide, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """What a section draws from: every condition given must hold, any value of it will do."""

    tags: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    bloom: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    """Ids or globs."""
    source: tuple[str, ...] = ()
    """Slide references, or names of lectures for all their slides."""
    difficulty: tuple[Decimal, Decimal] | None = None
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemReference:
    """Items that a section asks for: an id (that of an item written in place too) or a glob."""

    pattern: str
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionSpec:
    """A section as written."""

    title: str | None = None
    items: tuple[ItemReference, ...] = ()
    pick: int | None = None
    pool: Pool | None = None
    span: Span | None = field(default=None, compare=False, repr=False)
    pick_span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintOptions:
    """How the paper is set."""

    paper: str = "a4"
    variants: int = 1
    """How many versions of the paper are made."""
    seed: int = 0
    answer_space: bool = True


DEFAULT_PRINT = PrintOptions()


@dataclass(frozen=True, slots=True, kw_only=True)
class QuizFields:
    """What a quiz spec and an assembled quiz have in common."""

    id: str
    """Kebab-case; names the output files."""
    title: str
    instructions: RichText = NO_TEXT
    time_limit: int | None = None
    """Minutes."""
    attempts: int | None = None
    """Allowed attempts; 0 is any number, None leaves it to the LMS."""
    shuffle_items: bool = False
    shuffle_choices: bool = False
    print: PrintOptions = DEFAULT_PRINT
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a quiz's `draft` asks for: what its items should be."""

    request: str | None = None
    topics: tuple[str, ...] = ()
    lectures: tuple[str, ...] = ()
    items: tuple[tuple[str, int], ...] = ()
    """(item type, how many) in the order written."""
    bloom: tuple[str, ...] = ()
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuizSpec(QuizFields):
    """A quiz as written."""

    sections: tuple[SectionSpec, ...]
    draft: Plan | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A section of an assembled quiz."""

    id: str
    """Unique in the quiz; an NCName."""
    title: str | None
    items: tuple[Item, ...]
    """The items, or the pool where `pick` is set."""
    pick: int | None = None
    """How many of the items a student gets; None is all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiz(QuizFields):
    """A quiz with its items found, ready to be emitted."""

    course: Course
    sections: tuple[Section, ...]
    stimuli: dict[str, TextItem] = field(default_factory=dict)
    """The text items that items of this quiz rest on, by id."""

    @property
    def items(self) -> tuple[Item, ...]:
        """All items in order, pools in full."""
        return tuple(item for section in self.sections for item in section.items)

    def stimulus(self, item: Item) -> TextItem | None:
        """Return the text that an item rests on."""
        return None if item.stimulus is None else self.stimuli[item.stimulus]

    def shuffles(self, item: Item) -> bool:
        """Tell whether an item's choices are to be shuffled."""
        return self.shuffle_choices if item.shuffle is None else item.shuffle

    def language(self, item: Item) -> str:
        """Return an item's language."""
        return item.language or self.course.language


@dataclass(frozen=True, slots=True, kw_only=True)
class Bank:
    """Everything a course holds, by id."""

    course: Course
    items: dict[str, Item]
    quizzes: dict[str, QuizSpec]
    lectures: dict[str, Lecture]
    assignments: dict[str, Assignment] = field(default_factory=dict)
    unsound: frozenset[str] = frozenset()
    """Ids of items and names of lectures that are there but were refused."""
    refused: tuple[Item, ...] = ()
    """Items with mistakes whose shape is whole: rules are run over them, nothing builds them."""
    sources: dict[str, str] = field(default_factory=dict)
    """Digest of every file that was read, by its path in the course."""


def points_of(section: Section) -> Decimal:
    """Return the points a student can earn in a section.

    A pool whose items differ in points counts its items' mean.
    """
    total = sum((max_points(item) for item in section.items), Decimal(0))
    if section.pick is None or not section.items:
        return total
    return total * section.pick / len(section.items)
