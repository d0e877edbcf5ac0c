"""How many wrong keys of a lying model pass: the measure of the second reading."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from courses import read
from drafting.ollama_server import Server
from drafting.slides import COURSE, coined, drafted, many_facts

COUNTS = {
    "single_choice": 60,
    "multiple_choice": 30,
    "true_false": 45,
    "short_answer": 30,
    "numeric": 20,
    "cloze": 20,
    "matching": 15,
    "ordering": 15,
}


@dataclass(frozen=True)
class Report:
    planned: int
    """Slots with a key."""
    lies: int
    """Slots for which the liar gave a wrong key."""
    passed: int
    """Items with a wrong key that were written."""
    honest: int
    """Items that an honest model got written for the same slots."""


def planted(server: Server, folder: Path) -> Report:
    """Draft the same slots with a liar and with an honest model."""
    wrong = _draft(server, folder / "liar", "liar")
    prompts = [entry["body"]["messages"][-1]["content"] for entry in server.log()]
    evidence = {p.partition("<<<EVIDENCE")[2].partition(">>>")[2] for p in prompts}
    lies = len({text.partition("<<<END")[0] for text in evidence if text})
    server.reset()
    right = _draft(server, folder / "honest", "good")
    return Report(sum(COUNTS.values()), lies, wrong, right)


def _draft(server: Server, folder: Path, mind: str) -> int:
    server.set(mind=mind)
    crafts_course(folder, server.url, COUNTS)
    drafted(folder, quiz="crafts")
    bank, _, _ = read(folder)
    return sum(item.status == "draft" for item in bank.items.values())


def crafts_course(folder: Path, url: str, counts: dict[str, int], facts: int = 400) -> Path:
    """Write a course of many facts, and a quiz that asks for items on all of them."""
    from courses import write_course

    items = ", ".join(f"{kind}: {count}" for kind, count in counts.items())
    first = "items:\n  - id: first\n    type: true_false\n    stem: So it is.\n    answer: true\n"
    topics = ", ".join(coined(12 * number) for number in range(facts))
    return write_course(
        folder,
        {
            "course.yaml": COURSE.replace("{url}", url),
            "lectures/crafts.md": many_facts(facts),
            "items/first.yaml": first,
            "quizzes/crafts.yaml": "quiz: crafts\ntitle: Crafts\nsections: [{items: [first]}]\n"
            f"draft:\n  topics: [{topics}]\n  items: {{{items}}}\n",
        },
    )
