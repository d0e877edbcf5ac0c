"""A whole course: every file is read, every mistake is reported, what is sound is returned."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from coursec.diagnostics import Diagnostics, Span
from coursec.model.assignment import Assignment
from coursec.model.items import Item
from coursec.model.quiz import Bank, Course, DraftingOptions, Lecture, QuizSpec
from coursec.source.fields import NOTHING, Fields
from coursec.source.ignores import read_ignores, read_levels, read_markdown_ignores
from coursec.source.items import Found, read_bank
from coursec.source.lectures import read_lecture
from coursec.source.markdown import MarkdownReader
from coursec.source.nodes import Mapping, Node, compose
from coursec.source.quizzes import QuizReader
from coursec.source.schema import check
from coursec.source.workspace import SourceFile, Workspace

_YAML = (".yaml", ".yml")


def read_course(root: Path, sink: Diagnostics, instead: dict[str, bytes] | None = None) -> Bank:
    """Read the course in a folder; `instead` gives the bytes of files that are to be tried out.

    Items, quizzes and lectures with mistakes are left out of the bank; their names are in
    `Bank.unsound`, so that nothing that refers to them is reported as well.
    """
    return _CourseReader(Workspace(root, sink, instead)).read()


class _CourseReader:
    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.sink = workspace.sink
        self.items: dict[str, Item] = {}
        self.places: dict[str, Span] = {}
        self.unsound: set[str] = set()
        self.refused: list[Item] = []
        self.quizzes: dict[str, QuizSpec] = {}
        self.quiz_places: dict[str, Span] = {}
        self.lectures: dict[str, Lecture] = {}
        self.assignments: dict[str, Assignment] = {}

    def read(self) -> Bank:
        course, defaults = self.course()
        for path in self.workspace.find("lectures", ".md"):
            self.lecture(path)
        for file, node in self.documents("items"):
            markdown = MarkdownReader(self.workspace, file, self.sink)
            found = read_bank(node, markdown, defaults)
            self.add(found)
            if not found:
                self.unsound.update(self.workspace.names(file.path))
        for file, node in self.documents("quizzes"):
            self.quiz(file, node, defaults)
        for path in self.workspace.find("assignments", ".md"):
            self.assignment(path, course.language)
        self.later()
        return Bank(
            course=course,
            items=self.items,
            quizzes=self.quizzes,
            lectures=self.lectures,
            assignments=self.assignments,
            unsound=frozenset(self.unsound),
            refused=tuple(self.refused),
            sources=dict(sorted(self.workspace.digests.items())),
        )

    def documents(self, folder: str) -> Iterator[tuple[SourceFile, Node]]:
        for path in self.workspace.find(folder, *_YAML):
            file = self.workspace.read(path)
            node = compose(file, self.sink) if file else None
            if file and node is not None:
                read_ignores(file, node, self.sink)
                yield file, node
            else:
                self.unsound.update(self.workspace.names(path))

    def course(self) -> tuple[Course, Mapping]:
        fallback = Course(code="", title="")
        file = self.workspace.read("course.yaml")
        node = compose(file, self.sink) if file else None
        if file is None or node is None:
            return fallback, NOTHING
        read_ignores(file, node, self.sink)
        bad = check(node, "course.schema.json", self.sink)
        if not isinstance(node, Mapping):
            return fallback, NOTHING
        fields = Fields(node, bad, MarkdownReader(self.workspace, file, self.sink))
        defaults = fields.get("defaults")
        kept = NOTHING
        if isinstance(defaults, Mapping):
            entries = {k: v for k, v in defaults.entries.items() if id(v) not in bad}
            kept = Mapping(defaults.span, entries, defaults.keys)
        self.sink.levels = read_levels(fields)
        course = Course(
            code=fields.plain("course") or "",
            title=fields.plain("title") or "",
            language=fields.word("language") or "en",
            targets=fields.words("targets") or None,
            defaulted=frozenset(kept.entries),
            outcomes=_outcomes(fields),
            drafting=_drafting(fields),
        )
        return course, kept

    def lecture(self, path: str) -> None:
        name = PurePosixPath(path).stem
        file = self.workspace.read(path)
        if file:
            read_markdown_ignores(file, self.sink)
        lecture = read_lecture(name, file, self.workspace) if file else None
        if name in self.lectures:
            self.sink.report(
                "E506",
                f"Another lecture is called `{name}` too.",
                Span(path),
                hint="Slide references would be ambiguous: rename one of the files.",
            )
        elif lecture is None:
            self.unsound.add(name)
        else:
            self.lectures[name] = lecture

    def assignment(self, path: str, language: str) -> None:
        # Markdown in a folder below belongs to the files that an assignment hands out.
        if path.count("/") != 1 or (file := self.workspace.read(path)) is None:
            return
        from coursec.source.assignments import read_assignment

        read_markdown_ignores(file, self.sink)
        if assignment := read_assignment(path, file, self.workspace, language):
            self.assignments[assignment.name] = assignment

    def add(self, found: list[Found]) -> None:
        for item_id, span, item, sound in found:
            if item_id is None:
                continue
            if item_id in self.places:
                first = self.places[item_id]
                self.sink.report(
                    "E404",
                    f"The id `{item_id}` is already used in {first.path}, line {first.line}.",
                    span,
                    hint="Every item of a course needs an id of its own.",
                    item=item_id,
                )
                continue
            self.places[item_id] = span
            if item is not None and sound:
                self.items[item_id] = item
                continue
            self.unsound.add(item_id)
            if item is not None:
                self.refused.append(item)

    def quiz(self, file: SourceFile, node: Node, defaults: Mapping) -> None:
        reader = QuizReader(MarkdownReader(self.workspace, file, self.sink), defaults)
        name, quiz = reader.read(node)
        self.add(reader.found)
        if name is None:
            return
        span = quiz.span if quiz and quiz.span else file.whole
        if name in self.quiz_places:
            first = self.quiz_places[name]
            self.sink.report(
                "E507",
                f"The quiz `{name}` is already defined in {first.path}, line {first.line}.",
                span,
                hint="Output files are named after the quiz: give it another name.",
            )
            return
        self.quiz_places[name] = span
        if quiz:
            self.quizzes[name] = quiz

    def later(self) -> None:
        """Say which parts of the course this version passes over."""
        for path in self.workspace.find("items", ".md"):
            self.sink.report(
                "E208",
                "Items in Markdown are not read by this version of coursec.",
                Span(path),
                hint="Write them as YAML, or move the file out of the course.",
            )


def _outcomes(fields: Fields) -> tuple[tuple[str, str], ...]:
    node = fields.get("outcomes")
    if not isinstance(node, Mapping):
        return ()
    inner = fields.within(node)
    return tuple((code, inner.plain(code) or "") for code in node.entries)


def _drafting(fields: Fields) -> DraftingOptions:
    node = fields.get("drafting")
    if not isinstance(node, Mapping):
        return DraftingOptions()
    inner = fields.within(node)
    return DraftingOptions(
        host=inner.word("host"),
        hosts=inner.words("hosts"),
        remote=inner.flag("remote", False),
        model=inner.word("model"),
        embed_model=inner.word("embed_model"),
        context=inner.whole("context"),
        seed=inner.whole("seed"),
        store=inner.word("store") or "embedded",
    )
