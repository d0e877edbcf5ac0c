"""Input made to be slow or to break: a finding or nothing, soon, and never a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from courses import PNG, read, write_course

SECONDS = 2.0


def stem(text: str) -> str:
    return f"items:\n  - id: a\n    type: essay\n    stem: |2\n      {text}\n"


def cloze(text: str) -> str:
    head = "items:\n  - id: a\n    type: cloze\n    gaps: {a: {answers: [x]}}\n    text: |2\n"
    return f"{head}      {text}\n"


ANCHORS = "".join(
    f"a{i}: &a{i} {'[' * 28}{f'*a{i - 1}' if i else 'x'} {']' * 28}\n" for i in range(18)
)
TEXTS = {
    "emphasis": (stem("*a " * 1500 + "b*" * 1500), {"E107"}),
    "strong": (stem("**" * 600 + "a" + "**" * 600), None),
    "brackets": (stem("[" * 5000 + "a"), set()),
    "images": (stem("![a](../media/a.png) " * 1500), set()),
    "missing images": (stem("[![a](x)" * 2000), None),
    "html": (stem("<b> " * 2000), {"E302"}),
    "formulas": (stem("\n\n      ".join([r"$\x$"] * 1000)), {"E301"}),
    "dollars": (stem("$x{ " * 6000), None),
    "gap": (cloze("{{a}} {{" + " " * 3000 + "x"), set()),
    "quotes": (stem(">" * 3000 + "a"), {"E107"}),
    "backticks": (stem("`" + " ``" * 3000), set()),
    "entities": (stem("&#x" + "1" * 5000 + ";"), set()),
    "aliases": (ANCHORS + "items: []\n", {"E107"}),
    "long aliases": (
        "a: &a " + "x" * 40_000 + "\nb: [" + "*a, " * 1500 + "]\nitems: []\n",
        {"E106"},
    ),
    "flow": ("items: " + "[" * 90_000, {"E107"}),
    "numbers": (
        "items:\n  - {id: a, type: numeric, stem: N, answer: 1e400, tolerance: 1e-400}\n"
        f"  - {{id: b, type: numeric, stem: N, answer: {'9' * 400}}}\n",
        {"E203"},
    ),
}


@pytest.mark.parametrize("name", TEXTS)
def test_hostile_text_is_soon_done(name: str, tmp_path: Path) -> None:
    text, codes = TEXTS[name]
    write_course(tmp_path, {"items/a.yaml": text, "media/a.png": PNG})
    start = time.process_time()
    found = {d.code for d in read(tmp_path)[2] if not d.code.startswith("W")}
    assert time.process_time() - start < SECONDS
    if codes is not None:
        assert found == codes


def test_a_heading_of_blanks_is_soon_read(tmp_path: Path) -> None:
    text = (
        "---\ntitle: L\n---\n\n## a" + " " * 3000 + "b\n\n- ```py\n  x\n  ```\n\n## B\n\n   ## C\n"
    )
    start = time.process_time()
    bank, _, _ = read(write_course(tmp_path, {"lectures/l.md": text}))
    assert time.process_time() - start < SECONDS
    assert [slide.id for slide in bank.lectures["l"].slides][1:] == ["b", "c"]


def test_many_unknown_names_are_soon_reported(tmp_path: Path) -> None:
    bank = "items:\n" + "".join(
        f"  - {{id: item-{n}-x, type: text, stem: T}}\n" for n in range(800)
    )
    quiz = "quiz: q\ntitle: Q\nsections:\n  - items: [" + ", ".join(
        f"itme-{n}-x" for n in range(800)
    )
    start = time.process_time()
    files: dict[str, str | bytes] = {"items/a.yaml": bank, "quizzes/q.yaml": quiz + "]\n"}
    sink = read(write_course(tmp_path, files))[2]
    assert time.process_time() - start < 2 * SECONDS
    assert [d.code for d in sink] == ["E502"] * 800


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_named_pipe_is_not_waited_for(tmp_path: Path) -> None:
    write_course(tmp_path, {"items/b.yaml": "items: []\n"})
    os.mkfifo(tmp_path / "items/a.yaml")
    done = subprocess.run(
        [sys.executable, "-m", "coursec", "check", str(tmp_path), "--format", "concise"],
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert done.returncode == 1
    assert "items/a.yaml:1:1: error[E101] This is not a file" in done.stdout


def test_entities_cannot_smuggle_control_characters_into_an_output(tmp_path: Path) -> None:
    sink = read(write_course(tmp_path, {"items/a.yaml": stem("a&#12;b &#x2028;")}))[2]
    assert {d.code for d in sink} == {"E110"}
