"""An item as the rules read it: each text turned into words once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Generic, NamedTuple, TypeVar, overload

from coursec.checks.writing.words import is_content, stem
from coursec.diagnostics import Span
from coursec.model.items import (
    Choice,
    ChoiceGap,
    Cloze,
    Item,
    Matching,
    MultipleChoice,
    Ordering,
    SingleChoice,
    TextItem,
)
from coursec.model.text import (
    Block,
    BulletList,
    Code,
    CodeBlock,
    Emphasis,
    Gap,
    Heading,
    Image,
    Inline,
    LineBreak,
    Link,
    Math,
    OrderedList,
    Paragraph,
    Quote,
    RichText,
    SoftBreak,
    Strong,
    Table,
    Text,
)

OBJECT = "\ufffc"
"""Stands in prose for code, a formula or an image."""
BLANK = "_____"
"""Stands in prose for a gap of a cloze."""

_WORD = re.compile(r"[^\W_]+(?:['’\-–][^\W_]+)*")
_SENTENCE = re.compile(r"(?<=[.?!])[\"”’)]*\s+(?=[\"“(‘]?[A-Z\ufffc_\d])|\n+")
_ABBREVIATION = re.compile(r"\b(?:e\.g|i\.e|cf|vs|etc|Dr|Mr|Mrs|Ms|Prof|St|No|Fig|approx)\.$", re.I)


T = TypeVar("T")


class once(Generic[T]):  # noqa: N801
    """A property that is computed when first read; without the lock of functools's in 3.11."""

    def __init__(self, compute: Callable[[Any], T]) -> None:
        self.compute = compute
        self.name = compute.__name__

    @overload
    def __get__(self, instance: None, owner: type) -> once[T]: ...
    @overload
    def __get__(self, instance: object, owner: type) -> T: ...
    def __get__(self, instance: object | None, owner: type) -> once[T] | T:
        if instance is None:
            return self
        value = self.compute(instance)
        instance.__dict__[self.name] = value
        return value


class Found(NamedTuple):
    """What a rule found; the code is the rule's."""

    message: str
    span: Span | None
    hint: str


class Prose:
    """A text without its markup: what is code, formula or image is one sign."""

    def __init__(self, text: RichText) -> None:
        self.source = text
        self.kinds: set[type] = set()
        """Which of Code, CodeBlock, Math, Image, Table, Quote and the lists stand in it."""
        self.stressed: set[str] = set()
        """Lower-case words that are emphasised."""
        self.codes: list[str] = []
        """Code, formulas and alternative texts, in the order of their signs."""
        blocks = text.blocks
        if len(blocks) == 1 and isinstance(blocks[0], Paragraph):
            children = blocks[0].children
            if len(children) == 1 and isinstance(children[0], Text):
                self.text = children[0].text
            else:
                self.text = self._inlines(children)
        else:
            self.text = "\n".join(filter(None, map(self._block, blocks)))

    @property
    def span(self) -> Span | None:
        """Where the text stands."""
        return self.source.span

    def _block(self, node: Block) -> str:
        match node:
            case Paragraph() | Heading():
                return self._inlines(node.children)
            case CodeBlock():
                self.kinds.add(CodeBlock)
                self.codes.append(node.text)
                return OBJECT
            case Quote():
                self.kinds.add(Quote)
                return "\n".join(map(self._block, node.children))
            case BulletList() | OrderedList():
                self.kinds.add(type(node))
                return "\n".join(" ".join(map(self._block, entry)) for entry in node.entries)
            case Table():
                self.kinds.add(Table)
                rows = (node.header, *node.rows)
                return "\n".join(" | ".join(map(self._inlines, row)) for row in rows)
            case _:
                return ""

    def _inlines(self, children: Sequence[Inline]) -> str:
        return "".join(map(self._inline, children))

    def _inline(self, node: Inline) -> str:
        match node:
            case Text():
                return node.text
            case SoftBreak():
                return " "
            case LineBreak():
                return "\n"
            case Code():
                self.kinds.add(Code)
                self.codes.append(node.text)
                return OBJECT
            case Math():
                self.kinds.add(Math)
                self.codes.append(node.latex)
                return OBJECT
            case Image():
                self.kinds.add(Image)
                self.codes.append(node.alt)
                return OBJECT
            case Gap():
                return BLANK
            case Emphasis() | Strong():
                text = self._inlines(node.children)
                self.stressed.update(_WORD.findall(text.lower()))
                return text
            case Link():
                return self._inlines(node.children)

    @once
    def lower(self) -> str:
        """The prose in small letters, with typewriter apostrophes."""
        return self.text.lower().replace("’", "'")

    @once
    def words(self) -> tuple[str, ...]:
        """The lower-case words of the prose, in order."""
        return tuple(_WORD.findall(self.lower))

    @once
    def spelt(self) -> tuple[str, ...]:
        """The words of the prose as written."""
        return tuple(_WORD.findall(self.text))

    @once
    def set(self) -> frozenset[str]:
        """The lower-case words of the prose."""
        return frozenset(self.words)

    @once
    def stems(self) -> frozenset[str]:
        """The stems of the words that carry matter."""
        return frozenset(stem(word) for word in self.words if is_content(word))

    @once
    def whole(self) -> str:
        """The prose with its code and formulas put back, on one line."""
        if not self.codes:
            return " ".join(self.text.split())
        rest = iter(self.codes)
        text = "".join(next(rest, "") if sign == OBJECT else sign for sign in self.text)
        return " ".join(text.split())

    @once
    def norm(self) -> str:
        """The prose in small letters without punctuation at its ends, blanks squeezed."""
        return " ".join(self.lower.split()).strip(" .,;:!\"“”'`()[]")

    @once
    def sentences(self) -> tuple[str, ...]:
        """The sentences of the prose as written."""
        found: list[str] = []
        for piece in _SENTENCE.split(self.text):
            piece = piece.strip()
            if not piece:
                continue
            if found and _ABBREVIATION.search(found[-1]):
                found[-1] += " " + piece
            else:
                found.append(piece)
        return tuple(found)

    @once
    def length(self) -> int:
        """Characters as a reader sees them; of a formula its letters, digits and signs."""
        text = self.text.replace(OBJECT, "")
        return len(" ".join(text.split())) + sum(map(_shown, self.codes))

    @property
    def is_code(self) -> bool:
        """Tell whether there is nothing but code."""
        return bool(self.kinds & {Code, CodeBlock}) and not self.words


_COMMAND = re.compile(r"\\[A-Za-z]+|[{}\s^_&]")


def _shown(code: str) -> int:
    return len(_COMMAND.sub("", code)) if "\\" in code or "^" in code else len(code)


class View:
    """An item with its texts as prose."""

    def __init__(self, item: Item, language: str, stimulus: TextItem | None = None) -> None:
        self.item = item
        self.language = (item.language or language).lower().partition("-")[0]
        self.english = self.language == "en"
        self.stem = Prose(item.stem)
        self.stimulus = stimulus
        choices = item.choices if isinstance(item, SingleChoice | MultipleChoice) else ()
        self.choices = [Option(choice) for choice in choices]
        self.keys = [option for option in self.choices if option.correct]
        self.distractors = [option for option in self.choices if not option.correct]
        self.known: Mapping[str, int] = {}
        """How often each lower-case word stands in the course."""

    @property
    def place(self) -> Span | None:
        """The stem's place, or the item's."""
        return self.item.stem.span or self.item.span

    @once
    def parts(self) -> list[Prose]:
        """Everything that stands beside the stem and is seen before an answer is given."""
        item = self.item
        match item:
            case SingleChoice() | MultipleChoice():
                return [option.prose for option in self.choices]
            case Matching():
                texts = [text for pair in item.pairs for text in (pair.premise, pair.response)]
                return [Prose(text) for text in (*texts, *item.distractors)]
            case Ordering():
                return [Prose(entry) for entry in item.sequence]
            case Cloze():
                menus = [g for g in item.gaps if isinstance(g, ChoiceGap)]
                return [self.body, *(Prose(c.text) for gap in menus for c in gap.choices)]
            case _:
                return []

    @once
    def body(self) -> Prose:
        """The text of a cloze; for all other types the stem."""
        return Prose(self.item.text) if isinstance(self.item, Cloze) else self.stem

    @once
    def seen(self) -> list[Prose]:
        """Everything that a student sees before answering."""
        return [self.stem, *self.parts]

    @once
    def feedback(self) -> list[Prose]:
        """Everything that a student may see after answering, and the hints."""
        item = self.item
        own = item.feedback
        texts = [*item.hints, own.general, own.correct, own.partial, own.incorrect]
        if isinstance(item, SingleChoice | MultipleChoice):
            texts += [choice.feedback for choice in item.choices]
        return [Prose(text) for text in texts if text]


class Option:
    """A choice with its text as prose."""

    def __init__(self, choice: Choice) -> None:
        self.choice = choice
        self.correct = choice.correct
        self.prose = Prose(choice.text)

    @property
    def span(self) -> Span | None:
        """Where the choice's text stands."""
        return self.choice.text.span or self.choice.span

    @property
    def shown(self) -> str:
        """The text as a message quotes it."""
        return quoted(self.prose.whole)


def quoted(text: str, most: int = 60) -> str:
    """Return a text in the quotes of messages, cut where it is long."""
    text = " ".join(text.replace("`", "'").split())
    return f"`{text if len(text) <= most else text[: most - 1].rstrip() + '…'}`"


ItemRule = Callable[[View], Iterator[Found]]
