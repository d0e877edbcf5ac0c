"""No mutation of a valid course ends in a traceback, takes long, or is said at no place."""

from __future__ import annotations

from mutations import run


def test_mutated_courses_are_reported_and_nothing_else_happens() -> None:
    seen = run(400)
    assert seen.unharmed < seen.runs / 2, "most mutations are noticed"
    assert len(seen.codes) > 20
