"""What changed in assignments: settings, tasks, code, rubrics; the same text is no change."""

from __future__ import annotations

from pathlib import Path

import pytest

from coursec.diff.changes import AssignmentChange, CourseDiff
from coursec.diff.compare import compare
from coursec.diff.revisions import read_side, repository
from courses import write_course
from repositories import commit

ASSIGNMENT = '''\
---
title: Counting words
points: 10
due: 2026-03-06
requirements: [numpy]
files: [words/corpus.txt]
---

Count the words of a corpus.

## Counting {#counting points=6}

Write `count`.

```python starter
def count(text: str) -> int:
    """Return how many words a text has."""
    raise NotImplementedError
```

```python solution
def count(text: str) -> int:
    """Return how many words a text has."""
    return len(text.split())
```

```python test
assert count("a b") == 2
```

```python test hidden
assert count("") == 0
```

### Rubric

| Criterion | Points |
|---|---|
| Counts right | 4 |
| Is clear | 2 |

## Reading {#reading points=4}

What does it tell?

> [!SOLUTION]
> That words recur.

### Rubric

| Criterion | Points |
|---|---|
| Names it | 4 |
'''
PATH = "assignments/words.md"
CORPUS = "assignments/words/corpus.txt"


def between(tmp_path: Path, old: str | None, new: str | None, corpus: str = "a b") -> CourseDiff:
    sides = []
    for name, text, data in (("a", old, "a b"), ("b", new, corpus)):
        files: dict[str, str | bytes] = {CORPUS: data} | ({PATH: text} if text else {})
        sides.append(read_side(write_course(tmp_path / name, files)))
    assert not sides[0].faults
    return compare(*sides)


def only(tmp_path: Path, before: str, after: str) -> AssignmentChange:
    assert before in ASSIGNMENT
    diff = between(tmp_path, ASSIGNMENT, ASSIGNMENT.replace(before, after, 1))
    (change,) = diff.assignments
    return change


@pytest.mark.parametrize(
    ("before", "after", "row"),
    [
        ("2026-03-06", "2026-03-07 12:00", ("due", "due", "2026-03-06", "2026-03-07 12:00", "")),
        ("[numpy]", "[torch]", ("requirements", "packages", "numpy", "torch", "")),
        ("points: 10\n", "status: draft\n", ("status", "status", "approved", "draft", "")),
        (
            "Write `count`.",
            "Write the function `count`.",
            (
                "counting",
                "text of task counting",
                "Write `count`.",
                "Write the function `count`.",
                "",
            ),
        ),
        (
            'assert count("") == 0',
            'assert count(" ") == 0',
            (
                "counting",
                "hidden tests of task counting",
                'assert count("") == 0',
                'assert count(" ") == 0',
                "score",
            ),
        ),
        (
            "That words recur.",
            "That few words are frequent.",
            (
                "reading",
                "model answer of task reading",
                "That words recur.",
                "That few words are frequent.",
                "",
            ),
        ),
        (
            "Count the words of a corpus.",
            "Count words.",
            (
                "intro",
                "text of the introduction",
                "Count the words of a corpus.",
                "Count words.",
                "",
            ),
        ),
    ],
)
def test_what_changed_is_named(
    tmp_path: Path, before: str, after: str, row: tuple[str, str, str, str, str]
) -> None:
    found = only(tmp_path, before, after)
    assert (found.kind, found.name, found.path) == ("changed", "words", PATH)
    assert [(c.field, c.what, c.old, c.new, c.effect) for c in found.changes] == [row]


def test_points_and_rubrics_affect_grades(tmp_path: Path) -> None:
    text = ASSIGNMENT.replace("points: 10", "points: 11").replace("points=6", "points=7")
    text = text.replace("| Counts right | 4 |", "| Counts right | 5 |")
    (found,) = between(tmp_path, ASSIGNMENT, text).assignments
    assert [(c.what, c.old, c.new, c.effect) for c in found.changes] == [
        ("points of task counting", "6", "7", "score"),
        ("points of criterion “Counts right”, task counting", "4", "5", "score"),
    ]


def test_tasks_that_come_and_go(tmp_path: Path) -> None:
    at = ASSIGNMENT.index("## Reading")
    shorter = ASSIGNMENT[:at].replace("points: 10", "points: 6")
    (found,) = between(tmp_path, ASSIGNMENT, shorter).assignments
    (change,) = found.changes
    assert (change.what, change.old, change.new) == ("task", "Reading (4 points)", None)
    (found,) = between(tmp_path / "2", shorter, ASSIGNMENT).assignments
    (change,) = found.changes
    assert (change.old, change.new) == (None, "Reading (4 points)")


def test_an_assignment_that_comes_or_goes(tmp_path: Path) -> None:
    diff = between(tmp_path, None, ASSIGNMENT)
    assert [(c.kind, c.title) for c in diff.assignments] == [("added", "Counting words")]
    assert diff
    diff = between(tmp_path / "2", ASSIGNMENT, None)
    assert [(c.kind, c.changes) for c in diff.assignments] == [("removed", ())]


def test_a_data_file_counts_by_what_it_holds(tmp_path: Path) -> None:
    (found,) = between(tmp_path, ASSIGNMENT, ASSIGNMENT, corpus="a b c").assignments
    assert [(c.what, c.old, c.new) for c in found.changes] == [
        ("contents of", "corpus.txt", "corpus.txt")
    ]


def test_what_cannot_be_read_is_not_compared(tmp_path: Path) -> None:
    diff = between(tmp_path, ASSIGNMENT, ASSIGNMENT.replace("points: 10", "points: 99"))
    assert diff.assignments == ()
    assert [fault.path for fault in diff.new_faults] == [PATH]


def test_a_revision_has_the_files_of_its_assignments(tmp_path: Path) -> None:
    course = write_course(tmp_path / "content", {PATH: ASSIGNMENT, CORPUS: "a b"})
    commit(tmp_path)
    repo = repository(course)
    side = repo.read(repo.revision("main"))
    assert side
    assert not side.faults
    assert not compare(side, read_side(course))
