"""A reproducible bank of any size, as a coursec course, as text2qti's text and for moodle-tools.

Half of the items are single choice; the rest is mixed; a third has math. All files hold the
same items, but for the types that another tool does not have: these it gets as single choice
(text2qti) or as its own nearest type (moodle-tools), so that it never does less work than its
share.
"""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import NamedTuple

WORDS = (
    "token model vector corpus layer weight gradient batch attention query key value "
    "embedding vocabulary merge pair symbol sequence loss rate expert router adapter rank "
    "matrix precision scale memory latency throughput context window position mask"
).split()
FORMULAS = (
    r"\frac{a}{b} + c",
    r"\sum_{i=1}^{n} x_i",
    r"\mathbf{h}_t = \tanh(W \mathbf{h}_{t-1})",
    r"\sqrt{d_k}",
    r"p(x \mid \theta)",
    r"\log_2 1024 = 10",
    r"\nabla_\theta L(\theta)",
)
REST = (
    "multiple_choice",
    "true_false",
    "short_answer",
    "numeric",
    "matching",
    "ordering",
    "cloze",
    "essay",
)


def _sentence(rng: random.Random, words: int = 9) -> str:
    return " ".join(rng.choices(WORDS, k=words)).capitalize()


def _stem(rng: random.Random, number: int) -> str:
    text = f"{_sentence(rng)} number {number}"
    if number % 3 == 0:
        text += f" with ${rng.choice(FORMULAS)}$"
    if number % 10 == 0:
        text += f" and `{rng.choice(WORDS)}_{number}`"
    return text + "?"


def item(rng: random.Random, number: int) -> tuple[str, str, str]:
    """Return an item (its YAML, its text for text2qti, its YAML for moodle-tools)."""
    kind = "single_choice" if number % 2 == 0 else REST[number // 2 % len(REST)]
    stem = _stem(rng, number)
    head = (
        f"  - id: item-{number}\n    type: {kind}\n    title: Item {number}\n"
        f"    stem: |\n      {stem}\n    tags: [{rng.choice(WORDS)}]\n    bloom: apply\n"
    )
    theirs = f"Title: Item {number}\nPoints: 1\n{number}. {stem}\n"
    wrong = [f"{_sentence(rng, 5)} {n}" for n in range(4)]
    formula = f"${rng.choice(FORMULAS)}$" if number % 3 == 0 else _sentence(rng, 4)
    moodle = _moodle_tools(kind, number, stem, [formula, *wrong])
    match kind:
        case "multiple_choice":
            head += "    choices:\n"
            for n, text in enumerate([formula, *wrong]):
                right = ", correct: true" if n < 2 else ""
                head += f"      - {{text: '{text}'{right}}}\n"
                theirs += f"[{'*' if n < 2 else ' '}] {text}\n"
        case "true_false":
            head += "    answer: true\n"
            theirs += "*a) True\nb) False\n"
        case "short_answer":
            head += f"    answers: [{WORDS[number % 9]}, {WORDS[number % 9 + 9]}]\n"
            theirs += f"* {WORDS[number % 9]}\n* {WORDS[number % 9 + 9]}\n"
        case "numeric":
            head += f"    answer: {number}.5\n    tolerance: 0.25\n"
            theirs += f"= {number}.5 +- 0.25\n"
        case "matching":
            head += "    pairs:\n" + "".join(
                f"      - {{premise: {text}, response: {WORDS[n]}}}\n"
                for n, text in enumerate(wrong)
            )
        case "ordering":
            head += "    sequence:\n" + "".join(f"      - {text}\n" for text in wrong)
        case "cloze":
            head += (
                f"    text: The {{{{one}}}} and the {{{{two}}}}.\n    gaps:\n"
                f"      one: {{answers: [{WORDS[0]}]}}\n"
                f"      two: {{choices: [{{text: {WORDS[1]}, correct: true}}, {WORDS[2]}]}}\n"
            )
        case "essay":
            head += "    lines: 8\n"
            theirs += "____\n"
    if kind in ("single_choice", "matching", "ordering", "cloze"):
        if kind == "single_choice":
            head += f"    choices:\n      - text: '{formula}'\n        correct: true\n"
            head += f"        feedback: {_sentence(rng)}\n"
            head += "".join(f"      - {text}\n" for text in wrong[:3])
        theirs += f"*a) {formula}\n... {_sentence(rng)}\n"
        theirs += "".join(f"{'bcd'[n]}) {text}\n" for n, text in enumerate(wrong[:3]))
    return head, theirs, moodle


def _moodle_tools(kind: str, number: int, stem: str, texts: list[str]) -> str:
    """Return a document for moodle-tools; its math is written as MathJax reads it."""
    theirs = {
        "single_choice": "multiple_choice",
        "multiple_choice": "multiple_true_false",
        "short_answer": "shortanswer",
        "numeric": "numerical",
        "cloze": "shortanswer",
    }.get(kind, kind)
    texts = [re.sub(r"\$(.+?)\$", r"\\(\1\\)", text) for text in texts]
    question = re.sub(r"\$(.+?)\$", r"\\(\1\\)", stem)
    out = f"---\ntype: {theirs}\ntitle: Item {number}\nquestion: '{question}'\ncategory: bench\n"
    match theirs:
        case "multiple_choice":
            return out + "answers:\n" + "".join(f"  - '{text}'\n" for text in texts[:4])
        case "multiple_true_false":
            rows = [f"  - {{answer: '{t}', choice: {n < 2}}}\n" for n, t in enumerate(texts)]
            return out + "answers:\n" + "".join(rows)
        case "shortanswer":
            return out + f"answers: [{WORDS[number % 9]}, {WORDS[number % 9 + 9]}]\n"
        case "numerical":
            return out + f"answers: [{{answer: {number}.5, tolerance: 0.25}}]\n"
        case "matching":
            rows = [f"  - {{question: {t}, answer: {WORDS[n]}}}\n" for n, t in enumerate(texts[1:])]
            return out + "options:\n" + "".join(rows)
        case "ordering":
            return out + "answers:\n" + "".join(f"  - {text}\n" for text in texts[1:])
        case "essay":
            return out + "response_format: plain\n"
        case _:
            return out


class Banks(NamedTuple):
    """The same bank for each tool."""

    course: Path
    text2qti: Path
    moodle_tools: Path


def generate(folder: Path, count: int, seed: int = 1) -> Banks:
    """Write a bank for each tool."""
    rng = random.Random(seed)
    rows = [item(rng, number) for number in range(1, count + 1)]
    course = folder / "course"
    for name in ("items", "quizzes"):
        (course / name).mkdir(parents=True, exist_ok=True)
    (course / "course.yaml").write_text("course: B-1\ntitle: Bench\n", "utf-8")
    (course / "items/bank.yaml").write_text("items:\n" + "\n".join(row[0] for row in rows), "utf-8")
    (course / "quizzes/bank.yaml").write_text(
        'quiz: bank\ntitle: Bank\nsections:\n  - items: ["item-*"]\n', "utf-8"
    )
    other = folder / "bank.txt"
    other.write_text("Quiz title: Bank\n\n" + "\n".join(row[1] for row in rows), "utf-8")
    documents = folder / "bank-moodle-tools.yaml"
    documents.write_text("".join(row[2] for row in rows), "utf-8")
    return Banks(course, other, documents)
