"""Courses with slides to draft from, for tests."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result

from coursec.cli import main
from courses import write_course

COURSE = "course: AI-602\ntitle: Generative AI\ndrafting:\n  host: {url}\n"

LECTURE = """\
---
title: Tokenization, embedding and pre-training
number: 4
---

## Why tokenize? {#why-tokenize}

- Turns raw text into units that a model can count
- Byte-pair encoding builds a subword vocabulary from the corpus
- A vocabulary of 32000 tokens is common for Llama models

## Byte-pair encoding {#bpe}

Byte-pair encoding merges the most frequent adjacent pair of symbols. It begins with single
characters. Training stops when the vocabulary has reached its planned size.

1. Count all adjacent pairs of symbols in the corpus
2. Merge the most frequent pair into a new symbol
3. Add the new symbol to the vocabulary
4. Repeat until the vocabulary is large enough

## Tokenizers compared {#tokenizers}

| Tokenizer | Used by | Marks |
|---|---|---|
| WordPiece | BERT | inner pieces with two hashes |
| SentencePiece | T5 | spaces with an underscore sign |
| Byte-level BPE | GPT-2 | every byte by a printable sign |

## Word2Vec {#word2vec}

CBOW predicts a word from its context. Skip-gram predicts the context from a word. Negative
sampling replaces the full softmax by a few noise words. The paper of Mikolov appeared in 2013.
"""

QUIZ = """\
quiz: tokenization
title: Tokenization and embeddings
sections:
  - items:
      - id: first
        type: true_false
        stem: A tokenizer turns text into tokens.
        answer: true
draft:
  request: Generate a quiz on tokenization and Word2Vec.
  topics: [tokenization, byte-pair encoding, Word2Vec]
  lectures: [04-tokenization]
  items: {items}
  bloom: [understand, apply]
"""

ITEMS = (
    "{single_choice: 3, multiple_choice: 1, true_false: 1, matching: 1, ordering: 1, cloze: 1, "
    "short_answer: 1}"
)
DRAFTS = "items/tokenization-drafts.yaml"


def course(folder: Path, url: str, items: str = ITEMS, **files: str) -> Path:
    """Write a course whose quiz `tokenization` asks for drafts of an Ollama at an address."""
    return write_course(
        folder,
        {
            "course.yaml": COURSE.replace("{url}", url),
            "lectures/04-tokenization.md": LECTURE,
            "quizzes/tokenization.yaml": QUIZ.replace("{items}", items),
            **files,
        },
    )


def drafted(folder: Path, *options: str, quiz: str = "tokenization") -> Result:
    """Run `coursec draft` in this process."""
    arguments = ["draft", quiz, "--course", str(folder), *options]
    return CliRunner().invoke(main, arguments, catch_exceptions=False)


_DOES = "measures repairs carries paints counts follows gathers lifts orders visits".split()
_STARTS = "ba do fe gi ku la me no pi ro sa te vu".split()
_ENDS = "lin mar ton ver sol dak rim pes gan hul".split()


def coined(number: int) -> str:
    """Return a word that no language has, another one for each number below 10,000."""
    first, rest = divmod(number, 130)
    return _STARTS[first % 13] + _STARTS[rest % 13] + _ENDS[rest // 13] + "aeiou"[first // 13 % 5]


def many_facts(count: int) -> str:
    """Return a lecture of slides that say different things: facts, tables and steps."""
    lines = ["---", "title: Crafts", "---", ""]
    for number in range(count):
        names = [coined(number * 12 + at) for at in range(12)]
        lines += [f"## The {names[0]} of the {names[1]} {{#{names[0]}}}", ""]
        kind = number % 5
        if kind == 3:
            lines += ["| Tool | Use |", "|---|---|"]
            for at in range(4):
                does = _DOES[(number + at) % 10]
                lines.append(f"| {names[at]} | {does} the {names[at + 4]} of every {names[8]} |")
        elif kind == 4:
            for at in range(4):
                does = _DOES[(number + at) % 10]
                lines.append(f"{at + 1}. The {names[0]} {does} the {names[at + 2]}")
        else:
            for at in range(3):
                does = _DOES[(number + at) % 10]
                what, near = names[2 * at + 2], names[2 * at + 3]
                lines.append(
                    f"The {names[at]} {does} exactly {number * 3 + at + 11} parts of the {what} "
                    f"beside each {near}."
                )
        lines.append("")
    return "\n".join(lines)
