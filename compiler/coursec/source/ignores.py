"""Findings that authors answer: `# coursec: ignore W815 because …`, and an item's `ignore:`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from coursec.diagnostics import CODES, Diagnostics, Severity, Span
from coursec.diagnostics.nearest import did_you_mean
from coursec.diagnostics.policy import GROUPS, Ignore, code_of, codes_of, known_words
from coursec.source.fields import Fields
from coursec.source.nodes import Mapping, Node, Scalar, children
from coursec.source.workspace import SourceFile

_YAML = re.compile(r"(?:^|(?<=\s))#+[ \t]*coursec:[ \t]*(.*)$")
_HTML = re.compile(r"<!--[ \t]*coursec:[ \t]*(.*?)[ \t]*-->")
_WISH = re.compile(r"ignore[ \t]+(.*?)(?:[ \t]+because\b[ \t]*(.*))?", re.DOTALL)
_MOST = 1_000
"""Comments of a file that are looked at."""


def read_ignores(file: SourceFile, node: Node | None, sink: Diagnostics) -> None:
    """Collect what the comments of a YAML file answer; a comment means the line it stands on.

    On a line of its own it means the next line that is neither empty nor a comment. What
    is written below that line in a text of several lines is meant with it, and so is what is
    said of the whole item that the line belongs to.
    """
    if "coursec:" not in file.text:
        return
    lines = file.text.split("\n")
    layout = _Layout.of(node)
    for number, column, words in _comments(lines, _YAML):
        if layout.in_text(number, column):
            continue
        first = number
        if not lines[number - 1][: column - 1].strip():
            first = _next(lines, number, "#")
        span = Span(file.path, number, column, number, len(lines[number - 1].rstrip()) + 1)
        lines_meant = (first, layout.end(first))
        _collect(words, span, sink, lines=lines_meant, head=layout.head(first))


def read_markdown_ignores(file: SourceFile, sink: Diagnostics) -> None:
    """Collect what the HTML comments of a Markdown file answer, line by line."""
    if "coursec:" not in file.text:
        return
    lines = file.text.split("\n")
    fence = ""
    fenced = set()
    for number, line in enumerate(lines, 1):
        mark = re.match(r" {0,3}(`{3,}|~{3,})", line)
        if mark and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
        elif fence:
            fenced.add(number)
    for number, column, words in _comments(lines, _HTML):
        if number in fenced:
            continue
        first = number
        if not _HTML.sub("", lines[number - 1]).strip():
            first = _next(lines, number, "<!--")
        span = Span(file.path, number, column, number, len(lines[number - 1].rstrip()) + 1)
        _collect(words, span, sink, lines=(first, first))


def read_item_ignores(entries: list[Scalar], item: str | None, sink: Diagnostics) -> None:
    """Collect what an item's `ignore:` list answers."""
    for entry in entries:
        _collect("ignore " + entry.value, entry.span, sink, item=item)


def read_levels(fields: Fields) -> dict[str, Severity | None]:
    """Return the severities that course.yaml gives, by code; None is never said.

    What is said of one code goes before what is said of its group.
    """
    levels: dict[str, Severity | None] = {}
    node = fields.get("levels")
    if not isinstance(node, Mapping):
        return levels
    for word in sorted(node.entries, key=lambda word: word.lower() not in GROUPS):
        value = node.entries[word]
        codes = codes_of(word)
        if not codes:
            hint = did_you_mean(word, known_words()) or "`coursec explain` lists all codes."
            message = f"No finding has the code `{word}`."
            fields.report("E204", message, node.key_span(word), hint)
        if not isinstance(value, Scalar) or id(value) in fields.bad:
            continue
        for code in codes:
            if CODES[code].severity is not Severity.ERROR:
                levels[code] = None if value.value == "off" else Severity(value.value)
            elif value.value != "error":
                fields.report(
                    "E204",
                    f"{code} is an error, and stays one.",
                    node.key_span(word),
                    "Repair what it names; what is built on an error would be wrong.",
                )
    return levels


def _comments(lines: list[str], form: re.Pattern[str]) -> Iterator[tuple[int, int, str]]:
    """Yield (line, column, words) of each comment to coursec."""
    found = 0
    for number, line in enumerate(lines, 1):
        if "coursec:" in line and (match := form.search(line)):
            yield number, match.start() + 1, match[1].strip()
            found += 1
            if found == _MOST:
                return


def _next(lines: list[str], number: int, comment: str) -> int:
    """Return the line after `number` that holds something; `number` where none does."""
    for later in range(number, len(lines)):
        text = lines[later].strip()
        if text and not text.startswith(comment):
            return later + 1
    return number


@dataclass(slots=True)
class _Layout:
    """Where the texts of a file stand, in which `#` begins no comment, and its items."""

    texts: list[tuple[Span, str]]
    items: list[tuple[Span, int]]
    """The extent of each item and the line of its id."""

    @classmethod
    def of(cls, node: Node | None) -> _Layout:
        layout = cls([], [])
        seen: set[int] = set()
        rest = [node] if node is not None else []
        while rest:
            one = rest.pop()
            if id(one) in seen:  # an alias
                continue
            seen.add(id(one))
            if isinstance(one, Scalar) and one.style:
                layout.texts.append((one.span, one.style))
            if isinstance(one, Mapping) and {"id", "type"} <= one.entries.keys():
                layout.items.append((one.span, one.entries["id"].span.line))
            rest.extend(children(one))
        return layout

    def in_text(self, line: int, column: int) -> bool:
        """Tell whether a place lies in a text."""
        for span, style in self.texts:
            start = (span.line + 1, 0) if style in "|>" else (span.line, span.column)
            if start <= (line, column) < (span.end_line, span.end_column):
                return True
        return False

    def end(self, line: int) -> int:
        """Return the last line of a text that begins in a line; the line where none does."""
        return max((span.end_line for span, _ in self.texts if span.line == line), default=line)

    def head(self, line: int) -> int | None:
        """Return the line of the id of the item that a line belongs to."""
        # A block's span ends where the next one begins: the later of two is meant.
        around = [
            (span.line, head) for span, head in self.items if span.line <= line <= span.end_line
        ]
        return max(around)[1] if around else None


def _collect(
    words: str,
    span: Span,
    sink: Diagnostics,
    *,
    item: str | None = None,
    lines: tuple[int, int] = (0, 0),
    head: int | None = None,
) -> None:
    match = _WISH.fullmatch(words)
    if match is None:
        sink.report(
            "W522",
            "This comment to coursec is not understood.",
            span,
            hint="Write `coursec: ignore CODE because …`.",
            item=item,
        )
        return
    reason = (match[2] or "").strip()
    if not reason:
        sink.report(
            "W522",
            "A finding is ignored without a reason.",
            span,
            hint="Write `because` and the reason behind the code: whoever reads this next asks.",
            item=item,
        )
        return
    for word in re.split(r"[\s,]+", match[1].strip(" \t,")):
        code = code_of(word)
        if code is None:
            hint = did_you_mean(word, known_words()) or "`coursec explain` lists all codes."
            sink.report("W522", f"No finding has the code `{word}`.", span, hint=hint, item=item)
        elif CODES[code].severity is Severity.ERROR:
            sink.report(
                "W522",
                f"{code} is an error: it cannot be ignored.",
                span,
                hint="Repair what it names; what is built on an error would be wrong.",
                item=item,
            )
        else:
            sink.ignores.append(Ignore(code, reason, span, item, lines, head))
