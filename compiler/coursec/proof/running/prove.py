"""Proving an assignment by running it.

The solution runs from top to bottom and passes every test. The starter runs up to its first gap.
Each test fails where everything before its task is solved and the task itself is not: a test that
passes there proves nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from coursec.diagnostics import Diagnostics, Span
from coursec.model.assignment import Assignment, CodeCell
from coursec.model.handout import solution, with_hidden_tests
from coursec.proof.running.process import Failure, Limits, Step, Told, run

__all__ = ["Limits", "Ran", "prove_assignment"]


@dataclass(slots=True)
class Ran:
    """What was proven of an assignment."""

    tests: int = 0
    """Tests that pass on the solution and fail without it."""
    cells: int = 0
    """Cells of the solution that came to their end, tests left out."""


def prove_assignment(assignment: Assignment, limits: Limits, sink: Diagnostics) -> Ran:
    """Run an assignment's starter, solution and tests; mistakes go into the sink."""
    return _Prover(assignment, limits, sink).prove()


class _Prover:
    def __init__(self, assignment: Assignment, limits: Limits, sink: Diagnostics) -> None:
        self.assignment = assignment
        self.limits = limits
        self.sink = sink
        self.path = assignment.span.path if assignment.span else f"{assignment.name}.md"
        self.solved = solution(assignment)
        self.given = with_hidden_tests(assignment)
        cells = [*_cells(self.solved), *_cells(self.given)]
        self.cells = {cell.line: cell for cell in cells}
        self.gaps = {cell.line + line - 1 for cell in cells for line, _ in cell.gaps}
        self.tasks = {
            part.line: task.id
            for task in assignment.tasks
            for part in task.parts
            if isinstance(part, CodeCell)
        }

    def prove(self) -> Ran:
        ran = Ran()
        if not self.cells:
            return ran
        before = self.sink.errors
        told = self.solution(ran)
        if any(failure.module for failure in told.failures):
            return ran
        self.starter()
        if self.sink.errors == before:
            self.tests(ran)
        return ran

    def run(self, steps: list[Step], what: str) -> Told:
        told = run(self.path, steps, self.assignment.files, self.limits)
        place = self.span(told.running) if told.running else self.assignment.span
        if told.late:
            self.report(
                "E569",
                f"{what} of `{self.assignment.name}` was stopped after "
                f"{self.limits.seconds:g} seconds.",
                place,
                "Make it quicker, or give it more with --time-limit.",
            )
        elif not told.done:
            how = f"signal {-told.status}" if told.status < 0 else f"status {told.status}"
            words = f": {told.last_words}" if told.last_words else ""
            self.report(
                "E569",
                f"{what} of `{self.assignment.name}` ended with {how} before it was done{words}.",
                place,
                "The memory may have run out: --memory sets how much there is.",
            )
        return told

    def solution(self, ran: Ran) -> Told:
        """Run the solution with all tests."""
        cells = _cells(self.solved)
        told = self.run(
            [Step((cell,), goes_on=cell.role == "test") for cell in cells], "The solution"
        )
        for failure in told.failures:
            cell = self.cells[failure.cell]
            if failure.module and cell.role != "test":
                self.missing(failure)
            elif cell.role == "test":
                raised = failure.lines[-1] if len(failure.lines) > 1 else None
                self.report(
                    "E567",
                    f"The solution does not pass this test of task `{self.tasks[cell.line]}`: "
                    f"{failure.words}.",
                    self.span(failure.lines[0] if failure.lines else cell.line),
                    f"It was raised in line {raised}." if raised else "",
                )
            else:
                self.report(
                    "E566", f"The solution stops: {failure.words}.", self.innermost(failure)
                )
        ran.cells = sum(self.cells[line].role != "test" for line in told.passed)
        return told

    def starter(self) -> None:
        """Run the starter up to its first gap."""
        cells = [cell for cell in _cells(self.given) if cell.role == "starter"]
        told = self.run([Step((cell,)) for cell in cells], "The starter")
        for failure in told.failures:
            if not self.is_gap(failure):
                self.report(
                    "E565",
                    f"The starter stops before its first gap: {failure.words}.",
                    self.innermost(failure),
                    "Students run it before they write anything.",
                )

    def tests(self, ran: Ran) -> None:
        """Try the tests of each task where all before it is solved and the task is not."""
        steps: list[Step] = []
        tried: set[int] = set()
        for (task, given), (_, solved) in zip(
            self.given.sections, self.solved.sections, strict=True
        ):
            trial = tuple(part for part in given if isinstance(part, CodeCell))
            tests = {cell.line for cell in trial if cell.role == "test"}
            if task and tests:
                steps.append(Step(trial, trial=True))
                tried |= tests
            steps += [
                Step((part,))
                for part in solved
                if isinstance(part, CodeCell) and part.role != "test"
            ]
        if not tried:
            return
        # What is solved behind the last task with tests decides nothing any more.
        while not steps[-1].trial:
            steps.pop()
        told = self.run(steps, "A trial of the tests")
        for line in sorted(tried & set(told.passed)):
            self.report(
                "E568",
                f"This test passes though task `{self.tasks[line]}` is not solved.",
                self.span(line),
                "Make it ask for what the solution does and the starter does not.",
            )
        ran.tests = len(tried & {failure.cell for failure in told.failures})

    def is_gap(self, failure: Failure) -> bool:
        """Tell whether a starter stopped at a gap of its own."""
        return (
            failure.type == "NotImplementedError"
            and failure.own
            and bool(failure.lines)
            and failure.lines[-1] in self.gaps
        )

    def missing(self, failure: Failure) -> None:
        needed = " ".join(f"'{name}'" for name in self.assignment.requirements)
        self.report(
            "E569",
            f"The module `{failure.module}` that `{self.assignment.name}` imports is not here.",
            self.innermost(failure),
            f"Install what it needs: pip install {needed}"
            if needed
            else "Install it, and name its package under `requirements`.",
        )

    def innermost(self, failure: Failure) -> Span:
        return self.span(failure.lines[-1] if failure.lines else failure.cell)

    def span(self, line: int) -> Span:
        """Return the code of a line of the file."""
        for cell in self.cells.values():
            rows = cell.code.split("\n")
            if 0 <= line - cell.line < len(rows):
                row = rows[line - cell.line]
                indent = len(row) - len(row.lstrip())
                return Span(self.path, line, indent + 1, line, max(len(row), indent + 1) + 1)
        return Span(self.path, line, 1, line, 2)

    def report(self, code: str, message: str, span: Span | None, hint: str = "") -> None:
        self.sink.report(code, message, span or Span(self.path), hint=hint)


def _cells(assignment: Assignment) -> list[CodeCell]:
    return [
        part for _, parts in assignment.sections for part in parts if isinstance(part, CodeCell)
    ]
