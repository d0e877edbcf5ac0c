"""Taking repairs back: the words of a slide as they were extracted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from coursec.diagnostics import Diagnostics, Span
from coursec.drafting.ingest.record import Record, Repaired, digest, path_of, read_record
from coursec.source.lectures import read_lecture
from coursec.source.workspace import Workspace


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What is to be written, and how many repairs that takes back."""

    files: dict[str, bytes]
    count: int


def take_back(
    root: Path, name: str, slide: str, only: Sequence[int], sink: Diagnostics
) -> TakenBack | None:
    """Return a lecture with repairs taken back: of one slide, of some numbers, or all.

    Ids stay as they are. What is taken back is not repaired again when the file is ingested
    again.
    """
    path = f"lectures/{name}.md"
    record = _record(root, name)
    if record is None:
        hint = "Lectures that were ingested have a record in lectures/.ingest/."
        sink.report("E907", f"No ingest of a lecture `{name}` is on record.", Span(path), hint=hint)
        return None
    workspace = Workspace(root, sink)
    file = workspace.read(path)
    lecture = read_lecture(name, file, workspace) if file else None
    if file is None or lecture is None:
        return None
    wanted = _chosen(record, slide, only, path, sink)
    if wanted is None:
        return None
    lines = file.text.split("\n")
    starts = {s.id: s.span.line - 1 for s in lecture.slides if s.span}
    undone: list[int] = []
    for index in wanted:
        pair = record.repairs[index]
        if _replace(lines, starts, pair):
            undone.append(index)
        else:
            message = f"`{pair.after}` is not there any more: it is not taken back."
            sink.report("W919", message, Span(path, starts.get(pair.slide, 0) + 1))
    text = "\n".join(lines).encode()
    unedited = digest(file.text.encode()) == record.written
    left = tuple(p for i, p in enumerate(record.repairs) if i not in set(undone))
    refused = (*record.refused, *(record.repairs[i] for i in undone))
    record = replace(
        record,
        repairs=left,
        refused=refused,
        written=digest(text) if unedited else record.written,
    )
    return TakenBack({path: text, path_of(name): record.text().encode()}, len(undone))


def _record(root: Path, name: str) -> Record | None:
    try:
        return read_record((root / path_of(name)).read_bytes())
    except (OSError, ValueError):
        return None


def _chosen(
    record: Record, slide: str, only: Sequence[int], path: str, sink: Diagnostics
) -> list[int] | None:
    for number in only:
        if not 1 <= number <= len(record.repairs):
            message = f"There is no repair {number}: this lecture has {len(record.repairs)}."
            sink.report("E907", message, Span(path))
            return None
    return [
        index
        for index, pair in enumerate(record.repairs)
        if (not slide or pair.slide == slide) and (not only or index + 1 in only)
    ]


def _replace(lines: list[str], starts: dict[str, int], pair: Repaired) -> bool:
    """Put the words before a repair into a slide's lines; tell whether they were found."""
    if pair.slide not in starts:
        return False
    start = starts[pair.slide]
    end = min((s for s in starts.values() if s > start), default=len(lines))
    for at in range(start, end):
        before, found, after = lines[at].partition(pair.after)
        if found:
            lines[at] = before + pair.before + after
            return True
    return False
