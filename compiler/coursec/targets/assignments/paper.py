"""The handout and the solution of an assignment, as documents to be typeset."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from coursec.model.artifact import Typesetting
from coursec.model.assignment import Assignment, CodeCell, Handout, Part, Prose, Task
from coursec.model.handout import handouts
from coursec.model.quiz import Course
from coursec.targets.assignments.words import AssignmentWords, assignment_words
from coursec.targets.pdf.document import phrase, template
from coursec.targets.pdf.key import rubric_table
from coursec.text.typst import Renderer, language, string

_COLUMNS, _LINES = 80, 36
"""Characters of a line, and lines of code that certainly fit on a page, with room to spare."""
_RUBRIC = ("1fr", "auto", "1.4fr")
_FUNCTIONS = {"hint": "hint", "question": "asked", "answer": "answered"}


def emit(assignment: Assignment, course: Course) -> list[Typesetting]:
    """Return `pdf/<name>-handout.pdf` and `pdf/<name>-solution.pdf`."""
    given, solved = handouts(assignment, course)
    return [
        _Paper(given).typesetting(f"pdf/{assignment.name}-handout.pdf"),
        _Paper(solved).typesetting(f"pdf/{assignment.name}-solution.pdf"),
    ]


@cache
def _style() -> str:
    return (files("coursec.targets.assignments") / "assignment.typ").read_text("utf-8")


@cache
def _theme() -> str:
    return (files("coursec.targets.assignments") / "code.tmTheme").read_text("utf-8")


def _fits(code: str) -> bool:
    return sum(1 + len(line) // _COLUMNS for line in code.split("\n")) <= _LINES


def _short(task: Task) -> bool:
    """Tell whether a task's rubric certainly fits on a page."""
    lines = 0
    for row in task.rubric:
        levels = sum(2 + len(f"{x.label}{x.description or ''}") // 40 for x in row.levels)
        lines += 1 + max(1 + len(row.criterion) // 25, levels)
    return lines <= _LINES


class _Paper:
    """One version as a Typst document."""

    def __init__(self, handout: Handout) -> None:
        self.handout = handout
        self.assignment = handout.assignment
        self.words: AssignmentWords = assignment_words(self.assignment.language)
        self._renderer = Renderer(highlighted=True)
        self._chunks: list[str] = []
        self._items: list[tuple[int, str]] = []
        self._line = 1

    def typesetting(self, path: str) -> Typesetting:
        self._open()
        for number, (task, parts) in enumerate(self.assignment.sections):
            if task:
                self._task(number, task)
            for part in parts:
                self._write(self._part(part, 2 if task is None else 3), task)
            if task and task.rubric:
                table = "\n".join(rubric_table(self.words.common, task.rubric, _RUBRIC))
                short = "true" if _short(task) else "false"
                self._write(f"#marking({phrase(self.words.rubric)}, {short}, [{table}])", task)
        return Typesetting(
            path,
            "\n\n".join(self._chunks) + "\n",
            tuple(sorted(self._renderer.images.items())),
            tuple(self._items),
        )

    def _write(self, markup: str, task: Task | None = None) -> None:
        """Add markup; Typst's complaints about it will name the task."""
        self._items.append((self._line, "" if task is None else task.id))
        self._chunks.append(markup)
        self._line += markup.count("\n") + 2

    def _open(self) -> None:
        assignment, words = self.assignment, self.words
        common = words.common
        mark = words.solution if self.handout.solved else None
        code = self.handout.course.partition(" · ")[0]
        title = " – ".join(filter(None, (code, assignment.title, mark)))
        before, between, after = common.page.replace("{pages}", "{page}").split("{page}")
        self._write(template() + "\n" + _style())
        self._write(
            f'#show: house.with(paper: "a4", {language(assignment.language)}, '
            f"title: {string(title)}, course: {string(code)}, "
            f"running: {phrase(f'{code} · {assignment.title}')}, mark: {phrase(mark)}, "
            f"page-of: (page, pages) => [{phrase(before)[1:-1]}#page{phrase(between)[1:-1]}#pages"
            f"{phrase(after)[1:-1]}])\n"
            f"#show: handout.with(theme: {string(_theme())})"
        )
        facts = [
            common.count(words.tasks, len(assignment.tasks)),
            common.count(common.points, assignment.points),
        ]
        if assignment.due:
            facts.append(f"{words.due}: {words.date(assignment.due)}")
        self._write(
            f"#masthead(course: {phrase(f'{self.handout.course} · {words.assignment}')}, "
            f"title: {phrase(assignment.title)}, mark: {phrase(mark)}, "
            f"facts: {phrase(' · '.join(facts))})"
        )
        if rows := self._details():
            self._write(f"#details({', '.join(rows)})")

    def _details(self) -> list[str]:
        assignment, words = self.assignment, self.words
        types = ", ".join(assignment.accept)
        if assignment.max_files > 1:
            types = words.hand_in_many.format(count=assignment.max_files, types=types)
        rows = [
            (words.builds_on, "; ".join(assignment.rests_on or assignment.lectures)),
            (words.outcomes, ", ".join(assignment.outcomes)),
            (words.files, ", ".join(file.name for file in assignment.files)),
            (words.packages, ", ".join(assignment.requirements)),
            (words.hand_in, types),
        ]
        return [f"({phrase(label)}, {phrase(text)})" for label, text in rows if text]

    def _task(self, number: int, task: Task) -> None:
        label = self.words.task.format(number=number)
        points = self.words.common.count(self.words.common.points, task.points)
        self._write(f"#task-title({phrase(label)}, {phrase(task.title)}, {phrase(points)})", task)

    def _part(self, part: Part, level: int) -> str:
        """Return a part; headings of its text begin at a level, for no document may skip one."""
        if isinstance(part, CodeCell):
            code = f'#raw(block: true, lang: "python", {string(part.code)})'
            filled = "false" if part.role == "test" else "true"
            short = "true" if _fits(part.code) else "false"
            return f"#code-cell({phrase(self._label(part))}, {filled}, {short}, [{code}])"
        body = self._renderer.blocks(part.text, level=level)
        if part.role == "text":
            return body
        return f"#{_FUNCTIONS[part.role]}({phrase(self._role(part))}, [{body}])"

    def _label(self, cell: CodeCell) -> str:
        words = self.words
        match cell.role:
            case "starter":
                return words.starter if cell.gaps else words.given
            case "solution":
                return words.solution
            case "test":
                return words.hidden_test if cell.hidden else words.test

    def _role(self, part: Prose) -> str:
        words = self.words
        return {"hint": words.hint, "question": words.question, "answer": words.answer}[part.role]
