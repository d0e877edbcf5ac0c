"""The texts of one question as HTML, with the files that each of them names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from coursec.model.items import Criterion
from coursec.model.numbers import decimal_text
from coursec.model.text import Asset, RichText
from coursec.targets.moodle.markup import INDENT, Lines, content, rich
from coursec.targets.naming import data_uri, file_name
from coursec.text.html import HtmlWriter, words

_FILE_MARK = "@@PLUGINFILE@@"
# Only addresses of images hold a quotation mark before it: in an author's words it is an entity.
_WRITTEN_MARK = re.compile(f'(?<!src="){_FILE_MARK}')
# No text holds this character.
_GAP_MARK = "\x00"
_GAP = re.compile(f"{_GAP_MARK}([^{_GAP_MARK}]*){_GAP_MARK}")


class Texts:
    """Writes texts and remembers the files of the one at hand."""

    def __init__(self) -> None:
        self.files: dict[str, Asset] = {}
        self.writer = HtmlWriter(self.address, _gap_mark)
        self.without_files = HtmlWriter(data_uri)

    def address(self, asset: Asset) -> str:
        """Return an image's address (rule 54)."""
        name = file_name(asset)
        self.files[name] = asset
        return f"{_FILE_MARK}/{name}"

    def blocks(self, text: RichText | None) -> str:
        """Return a text as blocks of HTML; empty for none."""
        return _own_words(self.writer.text(text)) if text else ""

    def line(self, text: RichText | None) -> str:
        """Return a text as HTML without a `<p>` where it is one paragraph."""
        return _own_words(self.writer.line(text)) if text else ""

    def blocks_alone(self, text: RichText | None) -> str:
        """Return blocks with their images inside, for where Moodle takes no files."""
        return _own_words(self.without_files.text(text)) if text else ""

    def line_alone(self, text: RichText | None) -> str:
        """Return a line with its images inside, for where Moodle takes no files."""
        return _own_words(self.without_files.line(text)) if text else ""

    def element(self, name: str, html: str, indent: str = INDENT) -> Lines:
        """Return an element around HTML that was written last, with its files."""
        return rich(name, html, self._taken_files(), indent)

    def content(self, html: str, indent: str) -> Lines:
        """Return the inside of an element around HTML that was written last, with its files."""
        return content(html, self._taken_files(), indent)

    def _taken_files(self) -> list[tuple[str, Asset]]:
        files, self.files = self.files, {}
        return sorted(files.items())


def with_gaps(html: str, codes: Mapping[str, str]) -> str:
    """Return a cloze's text with the code of each gap; no other brace is left for Moodle to see.

    Moodle takes `{1:SA:...}` and `{#1}` for gaps wherever they stand.
    """
    return _GAP.sub(lambda mark: codes[mark[1]], html.replace("{", "&#123;"))


def rubric_html(rubric: tuple[Criterion, ...]) -> str:
    """Return a rubric as a list, for those who mark."""
    if not rubric:
        return ""
    return '<ul class="rubric">' + "".join(map(_criterion, rubric)) + "</ul>"


def _criterion(criterion: Criterion) -> str:
    levels = "".join(
        f"<li>{_scored(level.label, level.points)}"
        + (f": {words(level.description)}" if level.description else "")
        + "</li>"
        for level in criterion.levels
    )
    inside = f"<ul>{levels}</ul>" if levels else ""
    return f"<li>{_scored(criterion.criterion, criterion.points)}{inside}</li>"


def _scored(text: str, points: Decimal | None) -> str:
    given = "" if points is None else f" ({decimal_text(points)})"
    return f"<strong>{words(text)}</strong>{given}"


def _own_words(html: str) -> str:
    """Return HTML in which Moodle finds no file but ours: it puts an address for the mark."""
    return _WRITTEN_MARK.sub("&#64;@PLUGINFILE@@", html) if _FILE_MARK in html else html


def _gap_mark(name: str) -> str:
    return f"{_GAP_MARK}{name}{_GAP_MARK}"
