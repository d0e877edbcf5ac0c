"""Assignments: front matter, then tasks with texts, code and rubrics."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from pathlib import PurePosixPath
from typing import cast

from coursec.diagnostics import Diagnostics, Span
from coursec.model.assignment import (
    ACCEPTED,
    Assignment,
    CodeCell,
    CodeRole,
    DataFile,
    Due,
    Part,
    Prose,
    ProseRole,
    Task,
)
from coursec.model.items import Criterion, Status
from coursec.model.numbers import decimal_text
from coursec.source.assignment_body import Piece, callout_text, is_rubric, lines_of, pieces
from coursec.source.fields import Fields
from coursec.source.items import read_rubric
from coursec.source.lectures import front_matter, slug
from coursec.source.markdown import MarkdownReader
from coursec.source.nodes import Mapping, Node, Scalar, compose
from coursec.source.nodes import Sequence as ListNode
from coursec.source.python_code import Refusal, read_code
from coursec.source.rubrics import rubric_node
from coursec.source.schema import check
from coursec.source.workspace import SourceFile, Workspace
from coursec.text.plain import plain_text

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_ATTRIBUTES = re.compile(r"(.*?)[ \t]*\{([^{}]*)\}[ \t]*\Z", re.DOTALL)
_TAKEN = ("README.md", "requirements.txt")
_ROLES: dict[str, ProseRole] = {"hint": "hint", "question": "question", "solution": "answer"}


def read_assignment(
    path: str, file: SourceFile, workspace: Workspace, language: str
) -> Assignment | None:
    """Read an assignment; None when too much of it is missing. `language` is the course's."""
    sink = workspace.sink
    name = PurePosixPath(path).stem
    if not _NAME.fullmatch(name) or len(name) > 40:
        sink.report(
            "E206",
            "The file name of an assignment must be lower-case words joined by hyphens, "
            f"40 characters at most, not `{name}`.",
            file.whole,
            hint="Output files are named after it: rename the file.",
        )
    head = front_matter(file, sink)
    if head is None:
        return None
    node = compose(file, sink, head[0], line_offset=1) or Mapping(file.whole)
    bad = check(node, "assignment.schema.json", sink)
    if not isinstance(node, Mapping):
        return None
    markdown = MarkdownReader(workspace, file, sink)
    fields = Fields(node, bad, markdown)
    body = _Body(markdown)
    intro, tasks = body.read(pieces(file, head[1], sink))
    if not tasks and not body.broken:
        sink.report(
            "E561",
            "This assignment has no tasks.",
            file.whole,
            hint="Write one under a heading such as ## Count the words {#counts points=10}.",
        )
    lectures = [entry for entry in fields.entries("lectures") if isinstance(entry, Scalar)]
    hand_in = fields.get("hand_in")
    inner = fields.within(hand_in) if isinstance(hand_in, Mapping) else None
    total = sum((task.points for task in tasks), Decimal(0))
    given = fields.number("points")
    if given is not None and given != total and not body.broken:
        sink.report(
            "E551",
            f"The tasks' points add up to {decimal_text(total)}; "
            f"the assignment has {decimal_text(given)}.",
            fields.span("points"),
            hint=f"Write {decimal_text(total)}, or leave `points` out.",
        )
    return Assignment(
        name=name,
        title=fields.plain("title") or name,
        points=total,
        tasks=tasks,
        intro=intro,
        due=_due(fields),
        outcomes=fields.words("outcomes"),
        outcomes_span=fields.span("outcomes"),
        lectures=tuple(entry.value for entry in lectures),
        lecture_spans=tuple(entry.span for entry in lectures),
        files=_files(fields, name, workspace),
        requirements=fields.words("requirements"),
        accept=(inner and inner.words("accept")) or ACCEPTED,
        max_files=(inner and inner.whole("max_files")) or 1,
        language=fields.word("language") or language,
        targets=fields.words("targets") or None,
        status=cast("Status", fields.word("status") or "approved"),
        span=node.key_span("title"),
    )


def _due(fields: Fields) -> Due | None:
    text = fields.word("due")
    if text is None:
        return None
    try:
        return Due(
            day=date.fromisoformat(text[:10]),
            time=time.fromisoformat(text[11:]) if text[11:] else None,
        )
    except ValueError:
        fields.report(
            "E206",
            f"`due` must be a day and a time that exist, not `{text}`.",
            fields.span("due"),
            "Write it as 2026-03-20 23:59.",
        )
        return None


def _files(fields: Fields, name: str, workspace: Workspace) -> tuple[DataFile, ...]:
    taken = {word.casefold(): "" for word in (*_TAKEN, f"{name}.py", f"{name}.ipynb")}
    found = []
    for node in fields.entries("files"):
        if not isinstance(node, Scalar):
            continue
        data = workspace.data_file(node.value.strip(), fields.markdown.file.path)
        if len(data) == 3:
            code, message, hint = data
            fields.report(code, message, node.span, hint)
            continue
        path, content = data
        base = PurePosixPath(path).name
        if base.casefold() in taken:
            other = taken[base.casefold()] or "a file that is made"
            fields.report(
                "E554",
                f"The name `{base}` is that of {other} too.",
                node.span,
                "Data files are handed out in one folder: rename one of them.",
            )
            continue
        taken[base.casefold()] = f"`{path}`"
        found.append(DataFile(name=base, path=path, data=content))
    return tuple(found)


@dataclass(slots=True)
class _Open:
    """A task that is being read."""

    span: Span
    node: Mapping
    parts: list[Part] = field(default_factory=list)
    rubric: ListNode | None = None
    rubric_span: Span | None = None


@dataclass(slots=True)
class _Body:
    markdown: MarkdownReader
    open: _Open | None = None
    intro: list[Part] = field(default_factory=list)
    tasks: dict[str, Task] = field(default_factory=dict)
    broken: int = 0
    """Tasks that were refused: their points are not known."""

    @property
    def sink(self) -> Diagnostics:
        return self.markdown.sink

    @property
    def file(self) -> SourceFile:
        return self.markdown.file

    def read(self, found: Sequence[Piece]) -> tuple[tuple[Part, ...], tuple[Task, ...]]:
        """Return the introduction and the tasks."""
        announced: Piece | None = None
        for piece in found:
            if announced and piece.kind != "table":
                self.no_table(announced)
            if announced and piece.kind == "table":
                self.rubric(announced, piece)
            elif piece.kind == "heading" and piece.word == "h2":
                self.close()
                self.open = self.heading(piece)
            elif piece.kind == "code":
                self.code(piece)
            elif piece.kind != "heading":
                self.prose(piece)
            announced = piece if is_rubric(piece) else None
        if announced:
            self.no_table(announced)
        self.close()
        return tuple(self.intro), tuple(self.tasks.values())

    def place(self, piece: Piece) -> Span:
        line = self.file.text[self.file.starts[piece.first - 1] :].partition("\n")[0]
        return Span(self.file.path, piece.first, 1, piece.first, max(len(line), 1) + 1)

    def add(self, part: Part) -> None:
        (self.intro if self.open is None else self.open.parts).append(part)

    def no_table(self, heading: Piece) -> None:
        self.sink.report(
            "E564",
            "No table stands below this heading.",
            self.place(heading),
            hint="Write | Criterion | Points | … | there, or give the heading another name.",
        )

    def prose(self, piece: Piece) -> None:
        if piece.word == "note":
            return
        if piece.kind == "callout":
            scalar, role = callout_text(self.file, piece), _ROLES.get(piece.word, "text")
        else:
            scalar, role = lines_of(self.file, piece.first, piece.last), "text"
        before = self.sink.errors
        text = self.markdown.read(scalar)
        if not text and scalar.value.strip().startswith("<!-- coursec:"):
            return  # an answer to a finding
        if role in ("question", "answer") and self.open is None:
            self.outside(piece, f"a `[!{piece.word.upper()}]` block")
        if not text and self.sink.errors == before:
            self.sink.report(
                "E307",
                "This block is empty once it is rendered.",
                self.place(piece),
                hint="Write the text, or delete the block.",
            )
        self.add(
            Prose(role=role, text=text, lines=tuple(scalar.value.split("\n")), line=piece.first)
        )

    def outside(self, piece: Piece, what: str) -> None:
        self.sink.report(
            "E564",
            f"Before the first task stands {what}.",
            self.place(piece),
            hint="Put it below the heading of its task.",
        )

    def code(self, piece: Piece) -> None:
        role = cast("CodeRole", piece.word)
        line = piece.first + 1
        gaps = read_code(piece.content)
        if role != "starter" and self.open is None:
            self.outside(piece, f"code marked `{role}`")
        if isinstance(gaps, Refusal):
            number = min(line + gaps.line - 1, piece.last)
            self.sink.report(
                "E553",
                f"This {role} is no Python: {gaps.message}.",
                Span(self.file.path, number, gaps.column, number, gaps.column + 1),
                hint="Notebook commands such as %matplotlib and !pip are no Python either."
                if piece.content.lstrip()[:1] in ("%", "!")
                else "",
            )
            gaps = ()
        if not piece.content.strip():
            self.sink.report("E307", f"This {role} is empty.", self.place(piece))
        self.add(
            CodeCell(
                role=role,
                code=piece.content,
                line=line,
                hidden=piece.hidden,
                gaps=gaps if role == "starter" else (),
                span=self.place(piece),
            )
        )

    def heading(self, piece: Piece) -> _Open:
        span = self.place(piece)
        attributes = _ATTRIBUTES.match(piece.content)
        words, inside = (attributes[1], attributes[2]) if attributes else (piece.content, "")
        title = plain_text(self.markdown.read(Scalar(words, span, "|")))
        entries: dict[str, Node] = {"title": Scalar(title, span, '"')}
        for word in inside.split():
            key, _, value = word.partition("=")
            if word.startswith("#") and len(word) > 1:
                key, value = "id", word[1:]
            if key not in ("id", "points") or not value or key in entries:
                self.sink.report(
                    "E206",
                    f"`{word}` behind this heading is not understood.",
                    span,
                    hint="Write {#id points=10}.",
                )
                continue
            entries[key] = Scalar(value, span)
        if "id" not in entries:
            entries["id"] = Scalar(slug(title), span)
        return _Open(span, Mapping(span, entries, {key: Scalar(key, span) for key in entries}))

    def rubric(self, heading: Piece, table: Piece) -> None:
        if self.open is None:
            self.outside(heading, "a rubric")
            return
        if self.open.rubric is not None:
            self.sink.report(
                "E564",
                "This task has a rubric already.",
                self.place(heading),
                hint="Put all criteria into one table.",
            )
            return
        self.open.rubric = rubric_node(self.file, table, self.markdown)
        self.open.rubric_span = self.place(heading)

    def close(self) -> None:
        """End the task that is being read."""
        task, self.open = self.open, None
        if task is None:
            return
        if task.rubric is not None and task.rubric.entries:
            task.node.entries["rubric"] = task.rubric
            task.node.keys["rubric"] = Scalar("rubric", task.rubric_span or task.span)
        before = self.sink.errors
        if "points" not in task.node.entries:
            written = task.node.entries["id"]
            assert isinstance(written, Scalar)
            self.sink.report(
                "E202",
                "This task has no points.",
                task.span,
                hint="Write them behind the heading: {#" + written.value + " points=10}.",
            )
            task.node.entries["points"] = Scalar("1", task.span)
        bad = check(task.node, "task.schema.json", self.sink)
        fields = Fields(task.node, bad, self.markdown)
        name, points = fields.word("id"), fields.number("points")
        if name is None or points is None or "points" not in task.node.keys:
            self.broken += 1
            return
        if name in self.tasks:
            self.broken += 1
            first = self.tasks[name].span
            assert first
            self.sink.report(
                "E556",
                f"`{name}` is already the task of line {first.line}.",
                task.span,
                hint="Fix another id behind the heading, such as {#" + name + "-2 points=…}.",
            )
            return
        # Of a rubric with mistakes nothing is known that could be compared.
        rubric: tuple[Criterion, ...] = () if self.sink.errors > before else read_rubric(fields)
        self.tasks[name] = Task(
            id=name,
            title=fields.plain("title") or name,
            points=points,
            parts=tuple(task.parts),
            rubric=rubric,
            span=task.span,
            rubric_span=task.rubric_span,
        )
