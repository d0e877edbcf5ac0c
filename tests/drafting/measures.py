"""Measures that the tests and the benchmark share."""

from __future__ import annotations

import random
from pathlib import Path

from coursec.drafting.ingest.encoding import restored
from coursec.drafting.ingest.log import retrievals

HERE = Path(__file__).parent
SEED = HERE / "seed" / "retrieval-log.txt"
CONTENT = HERE.parents[1] / "content"


def seed_text() -> str:
    """The log with its encoding repaired."""
    return restored(SEED.read_text("utf-8")).text


def seed_lines() -> list[str]:
    """Every line that was retrieved."""
    return [line for found in retrievals(seed_text()) for line in found.lines]


def damaged_lines() -> dict[str, str]:
    """Lines of the log whose words are damaged, and what they should be: labelled by hand."""
    rows = (HERE / "gold" / "spacing.tsv").read_text("utf-8").splitlines()
    return dict(row.split("\t") for row in rows if not row.startswith("#"))


def words(text: str) -> set[tuple[int, int]]:
    """Where the words of a text begin and end when its blanks are not counted."""
    out, at = set(), 0
    for word in text.split():
        out.add((at, at + len(word)))
        at += len(word)
    return out


def share_right(pairs: list[tuple[str, str]]) -> float:
    """The share of the words of texts that stand in other versions of them too."""
    right = sum(len(words(wanted) & words(found)) for wanted, found in pairs)
    return right / sum(len(words(wanted)) for wanted, _ in pairs)


def damaged(line: str, chance: random.Random) -> str:
    """A line that lost 70 % of its blanks and was broken behind 2 % of its letters."""
    out = ""
    for character in line:
        if character == " " and chance.random() < 0.7:
            continue
        out += character
        if character.isalpha() and chance.random() < 0.02:
            out += " "
    return out
