"""How often the item-writing rules are right: counts over the labelled items.

    python tests/checks/measure.py [dev|held-out]

prints a table: flaws that were put there, flaws found, findings at clean items (false alarms)
and findings at flawed items that their labels do not name (beside the label: at least some of
them are flaws that were not meant). `labelled/README.md` says how the labels are written.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from coursec.diagnostics import CODES, Severity
from courses import read, write_course

LABELLED = Path(__file__).with_name("labelled")
PARTS = ("dev", "held-out")
_CODE = re.compile(r"[WN]8\d\d")


@dataclass(slots=True)
class Measured:
    """What the rules made of one part of the labelled set."""

    seeded: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    false: Counter[str] = field(default_factory=Counter)
    """Findings at clean items and quizzes."""
    beside: Counter[str] = field(default_factory=Counter)
    clean: int = 0
    """Clean items and quizzes."""
    flagged: int = 0
    """Clean ones with a warning."""
    missed: list[str] = field(default_factory=list)
    alarms: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """The share of flaws that are found."""
        return self.found.total() / self.seeded.total()

    @property
    def alarm_share(self) -> float:
        """The share of clean items at which a rule warns."""
        return self.flagged / self.clean

    def add(self, name: str, label: str, said: dict[str, str]) -> None:
        """Count one item or quiz: its label, and the findings (code to message) at it."""
        expected = set(_CODE.findall(label)) if label.startswith("expect:") else set()
        assert expected or label.startswith("clean"), f"{name}: {label}"
        self.seeded.update(expected)
        self.found.update(expected & set(said))
        self.missed += [f"{name}: {code} ({label})" for code in sorted(expected - set(said))]
        if expected:
            self.beside.update(set(said) - expected)
        else:
            self.clean += 1
            self.false.update(said.keys())
            self.flagged += any(CODES[code].severity is Severity.WARNING for code in said)
            self.alarms += [f"{name}: {code} {text} ({label})" for code, text in said.items()]


def measure(part: str) -> Measured:
    """Run the rules over one part of the labelled set."""
    measured = Measured()
    for path in sorted((LABELLED / part).glob("*.yaml")):
        with tempfile.TemporaryDirectory() as name:
            files = {"items/bank.yaml": path.read_bytes()}
            bank, _, sink = read(write_course(Path(name), dict(files)), writing=True)
        said: dict[str | None, dict[str, str]] = {}
        for finding in sink:
            if finding.code.startswith("W32"):
                continue  # accessibility is no matter of this set
            assert finding.code[1] == "8", f"{path}: {finding.message}"
            said.setdefault(finding.item, {})[finding.code] = finding.message
        for item in bank.items.values():
            measured.add(f"{path.stem}/{item.id}", item.notes or "", said.get(item.id, {}))
    for folder in sorted((LABELLED / part / "quizzes").iterdir()):
        label = (folder / "quizzes/q.yaml").read_text("utf-8").partition("\n")[0].lstrip("# ")
        with tempfile.TemporaryDirectory() as name:
            course = shutil.copytree(folder, Path(name) / "course")
            _, _, sink = read(course, writing=True)
        at_quiz = {d.code: d.message for d in sink if d.item is None}
        measured.add(f"quizzes/{folder.name}", label, at_quiz)
    return measured


def table(parts: dict[str, Measured]) -> str:
    """Return the figures as a Markdown table, a row a code."""
    heads = "".join(f" {part}: found | {part}: false alarms |" for part in parts)
    rows = [f"| code | rule |{heads}", "|---|---|" + "--:|--:|" * len(parts)]
    for code in sorted((c for c in CODES if c[1] == "8"), key=lambda c: c[1:]):
        if not any(m.seeded[code] or m.false[code] for m in parts.values()):
            continue
        cells = "".join(
            f" {m.found[code]} of {m.seeded[code]} | {m.false[code]} |" for m in parts.values()
        )
        rows.append(f"| {code} | {CODES[code].name} |{cells}")
    cells = "".join(
        f" {m.found.total()} of {m.seeded.total()} ({100 * m.recall:.1f} %) "
        f"| {m.flagged} of {m.clean} ({100 * m.alarm_share:.1f} %) |"
        for m in parts.values()
    )
    rows.append(f"| | all; clean items with a warning |{cells}")
    return "\n".join(rows) + "\n"


def main() -> None:
    """Print the table, and what is missed and flagged wrongly in `dev`."""
    chosen = tuple(sys.argv[1:]) or PARTS
    parts = {part: measure(part) for part in chosen}
    print(table(parts))
    for part, measured in parts.items():
        if part == "held-out":  # whoever works on the rules does not look at these
            continue
        print(f"{part}, missed:", *measured.missed, sep="\n  ")
        print(f"{part}, false alarms:", *measured.alarms, sep="\n  ")
        print(f"{part}, beside the label:", dict(measured.beside))


if __name__ == "__main__":
    main()
