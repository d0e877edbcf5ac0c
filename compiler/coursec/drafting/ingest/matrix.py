"""Tables of yes and no that an extraction has flattened into lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from coursec.drafting.ingest.page import Grid

_CELL = re.compile(
    r"\W*(yes|no|sometimes|partly|partial|ja|nein|teilweise|oui|non|sí|si|✓|✗|✔|✘|x|n/a)\W*",
    re.IGNORECASE,
)
_WORDS = re.compile(r"\([^)]*\)|\S+")


def is_cell(line: str) -> bool:
    """Tell whether a line says yes or no, and nothing else."""
    return _CELL.fullmatch(line) is not None


def matrix(lines: Sequence[str]) -> tuple[int, Grid, int] | None:
    """Return (first line, table, line behind it) of a flattened table; None if there is none.

    Such a table has rows of a label, as many yes or no cells as there are columns, and words
    behind them; its header is what stands before the first label.
    """
    runs = _runs(lines)
    if len(runs) < 2 or len({end - start for start, end in runs}) != 1:
        return None
    columns = runs[0][1] - runs[0][0]
    if columns < 2:
        return None
    between = [lines[a[1] : b[0]] for a, b in pairwise(runs)]
    if not all(between):
        return None
    head = _texts(lines[: runs[0][0]])
    if len(head) < 2:
        return None
    tails = [_cut(part) for part in between]
    last = _texts(lines[runs[-1][1] :])
    tail_used = bool(last) and all(tail for tail, _ in tails)
    labels = [head[-1], *(label for _, label in tails)]
    if not all(labels):
        return None
    width = 1 + columns + tail_used
    header = _header(head[:-1], width)
    if header is None:
        return None
    behind = [tail for tail, _ in tails] + [last[0] if tail_used else ""]
    rows = [header]
    for label, (start, end), tail in zip(labels, runs, behind, strict=True):
        cells = [" ".join(re.findall(r"[\w/✓✗✔✘]+", line)) for line in lines[start:end]]
        rows.append((label, *cells, *([tail] if tail_used else [])))
    after = runs[-1][1] + (_length(lines[runs[-1][1] :]) if tail_used else 0)
    return 0, Grid(tuple(rows)), after


def _runs(lines: Sequence[str]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for index, line in enumerate(lines):
        if not is_cell(line):
            continue
        if runs and runs[-1][1] == index:
            runs[-1] = runs[-1][0], index + 1
        else:
            runs.append((index, index + 1))
    return runs


def _goes_on(line: str) -> bool:
    return line != line.rstrip() or line.endswith("-")


def _texts(lines: Sequence[str]) -> list[str]:
    """Return the texts that lines make which go on where a blank or hyphen ends them."""
    out: list[str] = []
    going = False
    for line in lines:
        text = " ".join(line.split())
        if not text:
            continue
        if going:
            out[-1] += text if out[-1].endswith("-") else f" {text}"
        else:
            out.append(text)
        going = _goes_on(line)
    return out


def _length(lines: Sequence[str]) -> int:
    """Return how many lines the first text of some lines takes."""
    for count, line in enumerate(lines, 1):
        if line.strip() and not _goes_on(line):
            return count
    return len(lines)


def _cut(lines: Sequence[str]) -> tuple[str, str]:
    """Return (what ends a row, the label of the next) of the lines between two runs."""
    found = _texts(lines)
    return (" ".join(found[:-1]), found[-1]) if len(found) > 1 else ("", found[0] if found else "")


def _header(texts: Sequence[str], width: int) -> tuple[str, ...] | None:
    """Return the header's cells; None where its words cannot be told apart.

    Brackets belong to the word before them, and a word in capitals to the one behind it.
    """
    if len(texts) == width:
        return tuple(texts)
    cells: list[str] = []
    for word in _WORDS.findall(" ".join(texts)):
        if cells and (word.startswith("(") or (cells[-1].isupper() and len(cells[-1]) > 1)):
            cells[-1] += f" {word}"
        else:
            cells.append(word)
    return tuple(cells) if len(cells) == width else None
