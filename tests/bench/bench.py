"""`make bench`: 1,000 items to each target, cold, beside two other tools in the same run.

Every figure is of a whole process: CPU seconds (user and system, children included), wall
seconds and peak memory, the median of several runs taken in turn, so that a machine that
slows down slows all of them. What to quote is the ratio. `no rules` is without the item-writing
rules, as the other tools are.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from generate import Banks, generate


class Run(NamedTuple):
    cpu: float
    wall: float
    peak: float
    """MiB."""


def measure(command: list[str], folder: Path) -> Run:
    """Run a command in a process of its own and account for it."""
    start = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(f"failed: {' '.join(command)}")
    assert isinstance(usage, resource.struct_rusage)
    return Run(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024)


TARGETS = ("gift", "moodle", "qti21", "canvas", "pdf")
OTHERS = ("text2qti", "moodle-tools")
"""Tools that are timed beside ours where they are installed."""


def _others(here: Path, banks: Banks) -> dict[str, list[str]]:
    """Return the commands of the other tools: QTI 1.2 by one, Moodle XML by the other."""
    commands = {
        "text2qti": [str(here / "text2qti"), str(banks.text2qti)],
        "moodle-tools": [
            *(str(here / "make-questions"), "--skip-validation", "--log-level", "ERROR"),
            *("-i", str(banks.moodle_tools), "-o", "bank-moodle-tools.xml"),
        ],
    }
    return {name: command for name, command in commands.items() if Path(command[0]).exists()}


def main() -> None:
    """Time every target."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--items", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", type=Path, help="write the figures to this file as well")
    options = parser.parse_args()
    here = Path(sys.executable).parent
    coursec = str(here / "coursec")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        banks = generate(folder, options.items)
        course = banks.course
        commands: dict[str, list[str]] = {
            f"coursec {target}": [
                coursec,
                "build",
                str(course),
                "--target",
                target,
                "--out",
                f"out-{target}",
                "--format",
                "concise",
            ]
            for target in TARGETS
        }
        plain = folder / "plain"
        shutil.copytree(course, plain)
        with (plain / "course.yaml").open("a") as head:
            head.write("levels: {item-writing: off}\n")
        for target in ("moodle", "canvas"):
            command = [str(plain) if part == str(course) else part for part in
                       commands[f"coursec {target}"]]  # fmt: skip
            commands[f"{target}, no rules"] = command
        commands["coursec check"] = [coursec, "check", str(course), "--format", "concise"]
        commands["coursec --help"] = [coursec, "--help"]
        verified = [*commands["coursec canvas"], "--verify"]
        commands["canvas --verify"] = verified
        commands.update(_others(here, banks))
        runs: dict[str, list[Run]] = {name: [] for name in commands}
        for number in range(options.runs + 1):
            for name, command in commands.items():
                for target in TARGETS:
                    shutil.rmtree(folder / f"out-{target}", ignore_errors=True)
                run = measure(command, folder)
                if number:  # the first round only warms the disk's cache
                    runs[name].append(run)
    report = {
        name: Run(*(statistics.median(column) for column in zip(*found, strict=True)))
        for name, found in runs.items()
    }
    print(f"{options.items} items, median of {options.runs} runs")
    bases = [name for name in OTHERS if name in report]
    heads = "".join(f"{'/ ' + name:>16}" for name in bases)
    print(f"{'':16} {'CPU s':>7} {'wall s':>7} {'MiB':>6}{heads}")
    for name, run in report.items():
        ratios = "".join(f"{run.cpu / report[base].cpu:16.2f}" for base in bases)
        print(f"{name:16} {run.cpu:7.2f} {run.wall:7.2f} {run.peak:6.0f}{ratios}")
    if options.json:
        options.json.write_text(json.dumps({k: v._asdict() for k, v in report.items()}, indent=2))


if __name__ == "__main__":
    main()
