"""Courses made of texts, for tests."""

from __future__ import annotations

from pathlib import Path

from coursec.assembly import assemble
from coursec.assembly.hand_in import hand_in
from coursec.checks import check_course, check_writing
from coursec.diagnostics import Diagnostic, Diagnostics
from coursec.model.items import Item
from coursec.model.quiz import Bank, Quiz
from coursec.source.course import read_course

COURSE = "course: T-1\ntitle: Test course\n"
# The smallest PNG: one grey pixel.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a4944415478da636800"
    "0000820081da45083b0000000049454e44ae426082"
)


def write_course(folder: Path, files: dict[str, str | bytes]) -> Path:
    """Write a course; without a course.yaml it gets one."""
    for name, content in {"course.yaml": COURSE, **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def read(folder: Path, *, writing: bool = False) -> tuple[Bank, list[Quiz], Diagnostics]:
    """Read, check and assemble a course; the item-writing rules are run when asked for."""
    sink = Diagnostics()
    bank = read_course(folder, sink)
    check_course(bank, sink)
    quizzes = [quiz for spec in bank.quizzes.values() if (quiz := assemble(spec, bank, sink))]
    if writing:
        check_writing(bank, quizzes, sink)
    for assignment in bank.assignments.values():
        hand_in(assignment, bank, sink)
    sink.settle()
    return bank, quizzes, sink


def but_access(sink: Diagnostics) -> list[Diagnostic]:
    """Return the findings that are not about accessibility: arbitrary texts have none."""
    return [d for d in sink if not d.code.startswith("W32")]


def read_items(folder: Path, text: str) -> list[Item]:
    """Read the items of a bank that has no mistakes."""
    bank, _, sink = read(write_course(folder, {"items/bank.yaml": text, "media/dot.png": PNG}))
    assert not list(sink)
    return list(bank.items.values())


def quiz_of(*items: Item, **fields: object) -> Quiz:
    """Return a quiz of one section that holds some items."""
    from coursec.model.quiz import Course, Section

    section = Section(id="section-1", title=None, items=items)
    defaults: dict[str, object] = {
        "id": "quiz",
        "title": "Quiz",
        "course": Course(code="T-1", title="Test course"),
        "sections": (section,),
    }
    return Quiz(**{**defaults, **fields})  # type: ignore[arg-type]
