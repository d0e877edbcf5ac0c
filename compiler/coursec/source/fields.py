"""Reading the fields of a mapping whose shape the schema has checked."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from coursec.diagnostics import Diagnostics, Span
from coursec.model.items import ONE
from coursec.model.text import Code, CodeBlock, Gap, Image, Math, RichText, Text, walk
from coursec.source.markdown import MarkdownReader
from coursec.source.nodes import Mapping, Node, Scalar, Sequence
from coursec.source.workspace import INVISIBLE

NOTHING = Mapping(Span(""))


@dataclass(slots=True)
class Fields:
    """Typed access to a mapping; what is missing or was refused counts as absent.

    `defaults` are the course's; they hold for fields of the item itself only.
    """

    node: Mapping
    bad: set[int]
    markdown: MarkdownReader
    defaults: Mapping = NOTHING

    @property
    def sink(self) -> Diagnostics:
        """Where mistakes go."""
        return self.markdown.sink

    def report(self, code: str, message: str, span: Span, hint: str = "") -> None:
        """Report a mistake of the item at hand."""
        self.sink.report(code, message, span, hint=hint, item=self.markdown.item)

    def get(self, key: str) -> Node | None:
        """Return a field's node."""
        node = self.node.entries.get(key)
        if node is None:
            node = self.defaults.entries.get(key)
        return None if node is None or id(node) in self.bad else node

    def within(self, node: Mapping) -> Fields:
        """Return access to a mapping inside this one."""
        return Fields(node, self.bad, self.markdown)

    def span(self, key: str) -> Span:
        """Return the place of a field's value, or of the mapping where it is absent."""
        node = self.node.entries.get(key)
        if node is None:
            return self.node.head
        return node.span if isinstance(node, Scalar) else self.node.key_span(key)

    def scalar(self, key: str) -> Scalar | None:
        """Return a field that is a scalar."""
        node = self.get(key)
        return node if isinstance(node, Scalar) else None

    def word(self, key: str) -> str | None:
        """Return a scalar as written; None when it is empty."""
        node = self.scalar(key)
        return (node.value.strip() or None) if node else None

    def plain(self, key: str) -> str | None:
        """Return a field of plain text; None when it is empty."""
        node = self.scalar(key)
        return (self.markdown.plain(node) or None) if node else None

    def rich(self, key: str, *, gaps: bool = False) -> RichText | None:
        """Return a field of rich text; one that is there but empty is a mistake."""
        node = self.scalar(key)
        return None if node is None else self.text(node, f"`{key}`", gaps=gaps)

    def text(self, node: Scalar, name: str, *, gaps: bool = False) -> RichText:
        """Return a scalar as rich text; an empty one is a mistake."""
        before = self.sink.errors
        text = self.markdown.read(node, gaps=gaps)
        if not visible(text) and self.sink.errors == before:
            self.report(
                "E307",
                f"{name} is empty once it is rendered.",
                node.span,
                hint="Write the text, or delete the field.",
            )
        return text

    def flag(self, key: str, default: bool) -> bool:
        """Return a boolean field."""
        node = self.scalar(key)
        return default if node is None else node.value.lower() == "true"

    def number(self, key: str) -> Decimal | None:
        """Return a number as written."""
        node = self.scalar(key)
        return None if node is None else decimal(node)

    @property
    def points(self) -> Decimal:
        """The points of the item; 1 where none are given."""
        return self.number("points") or ONE

    def whole(self, key: str) -> int | None:
        """Return a whole number."""
        number = self.number(key)
        return None if number is None else int(number)

    def entries(self, key: str) -> list[Node]:
        """Return the entries of a list that were not refused."""
        node = self.get(key)
        if not isinstance(node, Sequence):
            return []
        return [entry for entry in node.entries if id(entry) not in self.bad]

    def words(self, key: str) -> tuple[str, ...]:
        """Return a list of plain texts, or one text as a list of one; empty ones are left out."""
        node = self.scalar(key)
        found = [node] if node else [e for e in self.entries(key) if isinstance(e, Scalar)]
        return tuple(filter(None, (self.markdown.plain(entry) for entry in found)))


def decimal(node: Scalar) -> Decimal:
    """Return the number a scalar holds; the schema has seen that it is one."""
    return Decimal(node.value)


def visible(text: RichText) -> bool:
    """Tell whether a text shows anything."""
    for node in walk(text):
        match node:
            case Text() | Code() | CodeBlock():
                if node.text.strip(INVISIBLE):
                    return True
            case Image() | Math() | Gap():
                return True
            case _:
                pass
    return False
