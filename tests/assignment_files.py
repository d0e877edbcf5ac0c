"""An assignment with every kind of block, for tests, and what is made of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat

from coursec.model.artifact import Artifact
from coursec.model.assignment import Assignment
from coursec.model.handout import with_lectures
from coursec.model.quiz import Bank
from coursec.targets import assignment_emitter
from courses import PNG, read, write_course

RUBRIC = """\
### Rubric

| Criterion | Points | Right | Partly |
|---|--:|---|---|
| Done | {points} | {points}: all of it | 1: a part |
"""
SOURCE = f"""\
---
title: Counting words
points: 10
due: 2026-03-20 23:59
outcomes: [CW1]
lectures: [03-words, "03-words#zipf"]
files: [count-words/corpus.txt]
requirements: [numpy, "matplotlib>=3.8"]
---

Count the words of a text. ![A dot](../media/dot.png)

```python starter
words = open("corpus.txt").read().split()
```

## Count {{#count points=6}}

Write `count`, so that $c_w$ is the number of times that $w$ occurs.

```text
an example that is not run
```

> [!HINT]
> There is a class for that in `collections`.

```python starter
def count(words: list[str]) -> dict[str, int]:
    \"\"\"Return how often each word occurs.\"\"\"
    raise NotImplementedError
```

```python solution
from collections import Counter

def count(words: list[str]) -> dict[str, int]:
    \"\"\"Return how often each word occurs.\"\"\"
    return dict(Counter(words).most_common())
```

```python test
assert count(words)["a"] == 2
```

```python test hidden
assert count([]) == {{}}
```

> [!NOTE]
> Ask for the type of the result.

{RUBRIC.format(points=6)}
## Explain {{#explain points=4}}

Look at your counts.

> [!QUESTION]
> Why are a few words so frequent?

> [!SOLUTION]
> They join the other words of a sentence.

{RUBRIC.format(points=4)}
"""
LECTURE = "---\ntitle: Words & counts\nnumber: 3\n---\n\n## Zipf's law {#zipf}\n\nMany are rare.\n"
FILES: dict[str, str | bytes] = {
    "assignments/count-words.md": SOURCE,
    "assignments/count-words/corpus.txt": "a b a\n",
    "lectures/03-words.md": LECTURE,
    "media/dot.png": PNG,
}
SOLUTION = ("most_common", "They join", "Ask for the type", "count([])")


def bank_of(folder: Path, files: dict[str, str | bytes] | None = None) -> Bank:
    bank, _, sink = read(write_course(folder, FILES if files is None else files))
    assert not [d for d in sink if d.code != "W552"]
    return bank


def work_of(bank: Bank) -> Assignment:
    """Return the assignment as it is built."""
    return with_lectures(bank.assignments["count-words"], bank.lectures)


def made(work: Assignment, bank: Bank, target: str) -> dict[str, Any]:
    return {output.path: output for output in assignment_emitter(target)(work, bank.course)}


def notebooks(work: Assignment, bank: Bank) -> tuple[Any, Any]:
    """Return the starter and the solution, read and validated by nbformat."""
    found = []
    for output in made(work, bank, "notebook").values():
        assert isinstance(output, Artifact)
        notebook = nbformat.reads(output.data.decode(), as_version=4)
        nbformat.validate(notebook)
        found.append(notebook)
    starter, solution = found
    return starter, solution
