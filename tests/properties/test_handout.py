"""The promise of assignments: nothing of a solution is in anything that students get."""

from __future__ import annotations

import json
import re
import zipfile
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coursec.assembly.hand_in import hand_in
from coursec.model.artifact import Artifact, Output
from coursec.model.assignment import Assignment
from coursec.model.quiz import Bank
from coursec.targets import HAND_IN_TARGETS, assignment_emitter, emitter
from courses import read, write_course

SECRET = "secret"
SHOWN = "shown"


def line(word: str, number: int) -> str:
    return f"{word}{number} = first{number} + second{number} * third{number}"


def prose(word: str, number: int) -> str:
    return f"The {word}{number} is said here in many words indeed."


# Each block is (text with {code} and {prose} in it, whether it is the solution's).
_BLOCKS = [
    ("Text: {prose}", False),
    ("- a list\n- {prose}", False),
    ("1. first\n\n   {prose}", False),
    ("| a | b |\n|---|---|\n| {prose} | 1 |", False),
    ("### More\n\n{prose}", False),
    ("```text\n{code}\n```", False),
    ("    {code}", False),
    ("~~~\n{code}\n~~~", False),
    ("```python starter\n{code}\n```", False),
    ("```python starter\nraise NotImplementedError\n{code}\n```", False),
    ("~~~~ py starter\n{code}\n~~~~", False),
    ("```python test\n{code}\n```", False),
    ("> [!HINT]\n> {prose}", False),
    ("> [!QUESTION]\n> {prose}", False),
    ("> A quote: {prose}", False),
    ("```python solution\n{code}\n{more}\n```", True),
    ("  ```python solution\n  {code}\n  ```", True),
    ("~~~python solution\n{code}\n~~~", True),
    ("````python3 solution\n{code}\n```` ", True),
    ("```python test hidden\n{code}\n```", True),
    ("> [!SOLUTION]\n> {prose}", True),
    ("> [!solution] {prose}\n>\n> - {prose}\n>\n> ```\n> {code}\n> ```", True),
    ("> [!NOTE]\n> {prose}", True),
]
_SLIPS = [
    # What authors get wrong: all of it must be refused, or stay hidden.
    ("```python soluton\n{code}\n```", True),
    ("```python  Solution \n{code}\n```", True),
    ("```solution\n{code}\n```", True),
    ("```{{.python .solution}}\n{code}\n```", True),
    ("```python,solution\n{code}\n```", True),
    ("- a list\n\n  ```python solution\n  {code}\n  ```", True),
    ("1. > [!SOLUTION]\n   > {prose}", True),
    ("    ```python solution\n    {code}\n    ```", True),
    ("> ```python solution\n> {code}\n> ```", True),
    ("[!SOLUTION] {prose}", True),
    ("> > [!SOLUTION]\n> > {prose}", True),
    ("```text\nnot closed", False),
    ("~~~\nnot closed", False),
    ("```python starter\nx = 1", False),
    ("$$\nnot closed", False),
    ("> a quote that goes on", False),
    ("<div>", False),
    ("text\n\ta tab", False),
    ('```python starter\nx = """\n```', False),
    ("```python starter\nx = '''", False),
    ("> ```text", False),
    ("[x]: https://example.org", False),
    ("- a list that goes on", False),
    ("## Another task {{#t{n} points=1}}", False),
    ("Heading below\n-------------", False),
    ("\\", False),
]


@st.composite
def bodies(draw: st.DrawFn, blocks: list[tuple[str, bool]]) -> str:
    """Return the body of an assignment; every solution's words hold `secret`."""
    chosen = draw(st.lists(st.sampled_from(blocks), min_size=1, max_size=9))
    gaps = draw(
        st.lists(
            st.sampled_from(["\n\n", "\n\n", "\n\n", "\n"]),
            min_size=len(chosen),
            max_size=len(chosen),
        )
    )
    text = draw(st.sampled_from(["", "Hello.\n\n"])) + "## One {#one points=1}\n\n"
    for number, ((block, is_secret), gap) in enumerate(zip(chosen, gaps, strict=True), 1):
        word = SECRET if is_secret else SHOWN
        text += block.format(
            code=line(word, number),
            more=line(word, number * 100),
            prose=prose(word, number),
            n=number,
        )
        text += gap
    return text


def outputs(work: Assignment, bank: Bank) -> list[Output]:
    """Return everything that is made for students."""
    from coursec.diagnostics import Diagnostics

    quiz = hand_in(work, bank, Diagnostics())
    made: list[Output] = []
    for target in HAND_IN_TARGETS:
        made += emitter(target)(quiz)
    for target in ("pdf", "notebook", "starter"):
        made += [
            o for o in assignment_emitter(target)(work, bank.course) if "solution" not in o.path
        ]
    assert len(made) == len(HAND_IN_TARGETS) + 3
    return made


def text_of(output: Output) -> str:
    """Return all bytes of an output as text, archives unpacked, JSON's escapes undone."""
    if not isinstance(output, Artifact):
        return output.source.replace("\\", "")
    if not output.path.endswith(".zip"):
        return output.data.decode()
    with zipfile.ZipFile(BytesIO(output.data)) as archive:
        return "\n".join(
            archive.read(name).decode("utf-8", "replace") for name in archive.namelist()
        )


def promise(body: str) -> bool:
    """Check the promise on a body; return whether it can be built."""
    with TemporaryDirectory() as folder:
        course = write_course(Path(folder), {"assignments/a.md": f"---\ntitle: A\n---\n\n{body}\n"})
        bank, _, sink = read(course)
        if sink.errors:
            return False
        for output in outputs(bank.assignments["a"], bank):
            found = re.findall(rf"{SECRET}\d+", text_of(output))
            assert not found, (output.path, found, body)
        return True


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(bodies(_BLOCKS))
def test_no_line_of_a_solution_is_in_any_starter(body: str) -> None:
    promise(body)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(bodies(_BLOCKS + _SLIPS * 2))
def test_slips_of_the_pen_give_no_solution_away(body: str) -> None:
    promise(body)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(_BLOCKS), min_size=1, max_size=6), st.data())
def test_every_line_of_a_solution_is_in_the_solution(
    blocks: list[tuple[str, bool]], data: st.DataObject
) -> None:
    body = data.draw(bodies(blocks))
    with TemporaryDirectory() as folder:
        course = write_course(Path(folder), {"assignments/a.md": f"---\ntitle: A\n---\n\n{body}\n"})
        bank, _, sink = read(course)
        if sink.errors:
            return
        work = bank.assignments["a"]
        solved = json.loads(assignment_emitter("notebook")(work, bank.course)[1].data)
        text = "".join("".join(cell["source"]) for cell in solved["cells"])
        notes = set(re.findall(rf"\[!NOTE\]\n> The ({SECRET}\d+)", body))
        assert set(re.findall(rf"{SECRET}\d+", body)) - notes <= set(
            re.findall(rf"{SECRET}\d+", text)
        )


@pytest.mark.parametrize("block", [text for text, secret in _BLOCKS if secret])
def test_each_kind_of_solution_can_be_built(block: str) -> None:
    """The law says nothing about what is refused: these are not."""
    starter = "## One {#one points=1}\n\n```python starter\n...\n```\n\n"
    starter += "```python solution\nx = 1\n```\n\n"
    assert promise(starter + block.format(code=line(SECRET, 1), more="", prose=prose(SECRET, 1)))


@pytest.mark.parametrize(
    "where", ["```python starter\n{}\n```", "```python test\n{}\n```", "Use `{}`."]
)
def test_a_solution_that_its_author_shows_elsewhere_is_refused(where: str) -> None:
    shown = where.format(line(SECRET, 1))
    solved = f"```python starter\n...\n```\n\n```python solution\n{line(SECRET, 1)}\n```\n\n"
    assert not promise(f"## One {{#one points=1}}\n\n{solved}{shown}")
