"""The targets: each turns quizzes or assignments into output files, without I/O."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import cast

from coursec.model.artifact import Output
from coursec.model.assignment import Assignment
from coursec.model.quiz import Course, Quiz

Emit = Callable[[Quiz], Sequence[Output]]
EmitAssignment = Callable[[Assignment, Course], Sequence[Output]]

TARGETS: dict[str, str] = {
    "gift": "coursec.targets.gift:emit",
    "moodle": "coursec.targets.moodle:emit",
    "qti21": "coursec.targets.qti21:emit",
    "canvas": "coursec.targets.canvas:emit",
    "pdf": "coursec.targets.pdf:emit",
}
"""Every target of quizzes and the function that emits it, imported when it is needed."""

ASSIGNMENT_TARGETS: dict[str, str] = {
    "pdf": "coursec.targets.assignments.paper:emit",
    "notebook": "coursec.targets.assignments.notebook:emit",
    "starter": "coursec.targets.assignments.folder:emit",
}
"""Every target of assignments and the function that emits it."""

HAND_IN_TARGETS = ("moodle", "qti21", "canvas")
"""Targets of quizzes that have the items in which an assignment is handed in."""

ALL_TARGETS: tuple[str, ...] = tuple(dict.fromkeys([*TARGETS, *ASSIGNMENT_TARGETS]))
"""Every target, in the order in which they are built."""


def emitter(target: str) -> Emit:
    """Return the function that emits a target of quizzes."""
    return cast("Emit", _function(TARGETS[target]))


def assignment_emitter(target: str) -> EmitAssignment:
    """Return the function that emits a target of assignments."""
    return cast("EmitAssignment", _function(ASSIGNMENT_TARGETS[target]))


def _function(place: str) -> object:
    module, _, function = place.partition(":")
    return getattr(import_module(module), function)


@dataclass(frozen=True, slots=True, kw_only=True)
class Works:
    """Everything that files are made of."""

    course: Course
    quizzes: Sequence[Quiz] = ()
    assignments: Sequence[Assignment] = ()
    hand_ins: Sequence[tuple[Assignment, Quiz]] = ()
    """The quiz in which each assignment is handed in."""

    def quizzes_of(self, target: str) -> list[Quiz]:
        """Return the quizzes that a target makes files of, hand-ins behind the others."""
        if target not in TARGETS:
            return []
        handed_in = self.hand_ins if target in HAND_IN_TARGETS else ()
        return [*self.quizzes, *(quiz for work, quiz in handed_in if _wanted(work, target))]

    def assignments_of(self, target: str) -> list[Assignment]:
        """Return the assignments that a target makes files of."""
        if target not in ASSIGNMENT_TARGETS:
            return []
        return [work for work in self.assignments if _wanted(work, target)]

    def outputs_of(self, target: str) -> list[tuple[Quiz | Assignment, Output]]:
        """Return what a target makes, each with what it is made of."""
        made: list[tuple[Quiz | Assignment, Output]] = []
        for quiz in self.quizzes_of(target):
            made += [(quiz, output) for output in emitter(target)(quiz)]
        for work in self.assignments_of(target):
            made += [(work, output) for output in assignment_emitter(target)(work, self.course)]
        return made

    @property
    def names(self) -> set[str]:
        """The names of all quizzes, hand-ins and assignments."""
        return {name_of(w) for w in (*self.quizzes, *(q for _, q in self.hand_ins))} | {
            name_of(w) for w in self.assignments
        }


def name_of(work: Quiz | Assignment) -> str:
    """Return the name after which the files of a quiz or an assignment are called."""
    return work.id if isinstance(work, Quiz) else work.name


def _wanted(assignment: Assignment, target: str) -> bool:
    return assignment.targets is None or target in assignment.targets
