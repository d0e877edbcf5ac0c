"""A Typst document in the making: the house style, then markup, then what belongs to which item."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import cache
from importlib.resources import files

from coursec.model.artifact import Typesetting
from coursec.model.items import Item
from coursec.model.text import RichText
from coursec.targets.pdf.extent import Extent
from coursec.targets.pdf.sheet import Passage, Question, Sheet
from coursec.targets.pdf.words import words_for
from coursec.text.typst import Renderer, escape, language, string

PAPERS: dict[str, tuple[str, int, int]] = {
    "a3": ("a3", 297, 420),
    "a4": ("a4", 210, 297),
    "a5": ("a5", 148, 210),
    "b5": ("iso-b5", 176, 250),
    "letter": ("us-letter", 216, 279),
    "legal": ("us-legal", 216, 356),
}
"""Paper by the name that `print.paper` takes: Typst's name, width and height in millimetres."""

_PASSAGE = 0.5
"""The share of a page up to which the template keeps a text together."""


@cache
def template() -> str:
    """Return the house style."""
    return (files("coursec.targets.pdf") / "template.typ").read_text(encoding="utf-8")


def phrase(text: str | None) -> str:
    """Return an argument of content that shows a text; `none` for None."""
    return "none" if text is None else f"[{escape(text)}]"


class Document:
    """One document of one version."""

    def __init__(self, sheet: Sheet, *, is_key: bool) -> None:
        self.sheet = sheet
        self.quiz = sheet.quiz
        self.words = words_for(sheet.quiz.course.language)
        self._renderer = Renderer()
        self._chunks: list[str] = []
        self._line = 1
        self._items: list[tuple[int, str]] = []
        self._level = 2
        _, width, height = PAPERS[self.quiz.print.paper]
        self._page = Extent.of(width, height)
        self._open(self.words.key if is_key else None)

    def _open(self, mark: str | None) -> None:
        quiz, words = self.quiz, self.words
        version = None
        if quiz.print.variants > 1:
            version = words.version.format(version=self.sheet.version)
        title = " – ".join(filter(None, (quiz.course.code, quiz.title, version, mark)))
        before, between, after = words.page.replace("{pages}", "{page}").split("{page}")
        self.write(template())
        self.write(
            f"#show: house.with(paper: {string(PAPERS[quiz.print.paper][0])}, "
            f"{language(quiz.course.language)}, title: {string(title)}, "
            f"course: {string(quiz.course.code)}, "
            f"running: {phrase(f'{quiz.course.code} · {quiz.title}')}, "
            f"version: {phrase(version)}, mark: {phrase(mark)}, page-of: (page, pages) => "
            f"[{escape(before)}#page{escape(between)}#pages{escape(after)}])"
        )
        count = len(self.sheet.questions)
        facts = [words.count(words.questions, count), words.count(words.points, self.sheet.points)]
        if quiz.time_limit is not None:
            facts.append(words.count(words.minutes, quiz.time_limit))
        fields = () if mark else (words.name, words.student_id, words.date)
        self.write(
            f"#masthead(course: {phrase(f'{quiz.course.code} · {quiz.course.title}')}, "
            f"title: {phrase(quiz.title)}, version: {phrase(version)}, mark: {phrase(mark)}, "
            f"facts: {phrase(' · '.join(facts))}, "
            f"fields: ({''.join(phrase(field) + ',' for field in fields)}))"
        )

    def write(self, markup: str, item: Item | None = None) -> None:
        """Add markup; Typst's complaints about it will name the item."""
        self._items.append((self._line, "" if item is None else item.id))
        self._chunks.append(markup)
        self._line += markup.count("\n") + 1

    def section(self, title: str | None) -> None:
        """Begin a section; the questions of one without a title stand a level higher."""
        self._level = 2 if title is None else 3
        if title is not None:
            self.write(f"#section-title({phrase(title)})")

    def block(self, function: str, entry: Question | Passage, *arguments: str) -> None:
        """Add a question or a text under a heading of its own, on one page where it fits."""
        body = ", ".join(arguments)
        share = _PASSAGE if isinstance(entry, Passage) else 1
        certain = "true" if self._page.surely_holds(body, share) else "false"
        self.write(f"#{function}({certain}, {self._level}, {body})", entry.item)

    def rich(
        self,
        text: RichText,
        item: Item | None,
        gap: Callable[[str], str] | None = None,
        *,
        depth: int = 1,
    ) -> str:
        """Return an argument of content that shows a text of an item, or of the quiz.

        Headings in it begin `depth` levels below the heading of an item.
        """
        level = 2 if item is None else self._level + depth
        markup = self._renderer.blocks(text, level=level, gap=gap)
        tag = self.quiz.course.language if item is None else self.quiz.language(item)
        if tag != self.quiz.course.language:
            markup = f"#text({language(tag)})[{markup}]"
        return f"[{markup}]"

    def points(self, points: Decimal) -> str:
        """Return an argument of content that shows points."""
        return phrase(self.words.count(self.words.points, points))

    def typesetting(self, path: str) -> Typesetting:
        """Return the finished document."""
        return Typesetting(
            path,
            "\n".join(self._chunks) + "\n",
            tuple(sorted(self._renderer.images.items())),
            tuple(self._items),
        )
