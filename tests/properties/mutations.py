"""Mutations of valid courses: bytes flipped, lines dropped and doubled, values swapped.

`python tests/properties/mutations.py 10000` runs as many and prints what it saw; the test beside
it runs fewer.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from pathlib import Path
from random import Random
from shutil import copytree
from tempfile import TemporaryDirectory
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1]))

from coursec.cli.compile import compile_course
from coursec.diagnostics import Diagnostics
from coursec.diagnostics.renderers import Run, render
from coursec.source.nodes import Scalar, children, compose
from coursec.source.workspace import SourceFile

ROOT = Path(__file__).parents[2]
COURSES = (ROOT / "content", ROOT / "tests/golden/course")
SLOWEST = 2.0
"""Seconds that no run may take."""


class Seen(NamedTuple):
    """What some mutations came to."""

    runs: int
    unharmed: int
    """Runs that reported no more than the valid course."""
    slowest: float
    """Seconds of the longest run."""
    codes: Counter[str]


def run(count: int, seed: int = 0) -> Seen:
    """Check mutated courses; raises AssertionError where one breaks the promise."""
    random = Random(seed)
    codes: Counter[str] = Counter()
    slowest, unharmed = 0.0, 0
    with TemporaryDirectory() as folder:
        roots = []
        for number, course in enumerate(COURSES):
            root = Path(folder) / str(number)
            copytree(course, root)
            roots.append((root, _check(root)[0], _files(root)))
        for _ in range(count):
            root, before, files = random.choice(roots)
            path = random.choice(files)
            content = path.read_bytes()
            how, mutated = _mutate(content, path, random)
            path.write_bytes(mutated)
            try:
                found, seconds = _check(root)
            except Exception as error:
                raise AssertionError(f"{how} in {path.name}: {mutated!r}") from error
            finally:
                path.write_bytes(content)
            assert seconds < SLOWEST, f"{seconds:.1f} s after {how} in {path.name}"
            slowest = max(slowest, seconds)
            unharmed += found == before
            codes.update(found)
    return Seen(count, unharmed, slowest, codes)


def _files(root: Path) -> list[Path]:
    return sorted(p for p in root.rglob("*") if p.suffix in (".yaml", ".md", ".png"))


def _check(root: Path) -> tuple[Counter[str], float]:
    start = time.process_time()
    sink = Diagnostics()
    compile_course(root, sink)
    found = list(sink)
    seconds = time.process_time() - start
    lines: dict[str, list[str]] = {}
    for d in found:
        if d.span.path not in lines:
            path = root / d.span.path
            text = path.read_bytes().decode("utf-8", "replace") if path.is_file() else ""
            text = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
            lines[d.span.path] = text.split("\n")
        own = lines[d.span.path]
        assert d.message
        assert 1 <= d.span.line <= d.span.end_line <= len(own) + 1, d
        assert 1 <= d.span.column <= len([*own, ""][d.span.line - 1]) + 1, d
        assert (d.span.line, d.span.column) <= (d.span.end_line, d.span.end_column), d
    render("full", Run(found, lines=lambda path: lines.get(path, [])))
    return Counter(d.code for d in found), seconds


def _mutate(content: bytes, path: Path, random: Random) -> tuple[str, bytes]:
    lines = content.split(b"\n")
    at = random.randrange(len(lines))
    ways = ["flip", "drop", "double", "exchange", "cut"]
    ways += ["swap"] * 2 if path.suffix == ".yaml" else []
    how = random.choice(ways)
    match how:
        case "flip":
            position = random.randrange(len(content))
            byte = content[position] ^ (1 << random.randrange(8))
            return how, content[:position] + bytes([byte]) + content[position + 1 :]
        case "drop":
            del lines[at]
        case "double":
            lines.insert(at, lines[at])
        case "exchange":
            other = random.randrange(len(lines))
            lines[at], lines[other] = lines[other], lines[at]
        case "cut":
            return how, content[: random.randrange(len(content))]
        case _:
            return how, _swap(content, path, random)
    return how, b"\n".join(lines)


def _swap(content: bytes, path: Path, random: Random) -> bytes:
    """Exchange two values of a YAML file."""
    text = content.decode()
    file = SourceFile(path.name, text)
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    spans, rest = [], [compose(file, Diagnostics())]
    while rest:
        node = rest.pop()
        if isinstance(node, Scalar) and node.value:
            s = node.span
            spans.append(
                (starts[s.line - 1] + s.column - 1, starts[s.end_line - 1] + s.end_column - 1)
            )
        elif node is not None:
            rest.extend(children(node))
    (a, b), (c, d) = sorted(random.sample(sorted(set(spans)), 2))
    return (text[:a] + text[c:d] + text[b:c] + text[a:b] + text[d:]).encode()


if __name__ == "__main__":
    seen = run(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
    print(f"{seen.runs:,} mutations, {seen.unharmed:,} without a new finding")
    print(f"slowest run: {seen.slowest:.2f} CPU s")
    print("codes:", ", ".join(f"{code} {n}" for code, n in sorted(seen.codes.items())))
