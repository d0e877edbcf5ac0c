"""Everything that the extractive drafter makes of a course, and what a person says of it.

`judged.yaml` holds a verdict for each item, found by a digest of what students see and of the
key: an item that a rule makes otherwise is unjudged. `python tests/drafting/extraction.py` prints
the shares; with `--new` it prints the unjudged items, as lines to be added.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import yaml

from coursec.diagnostics import Diagnostics
from coursec.drafting.evidence.chunk import Chunk, chunks_of
from coursec.drafting.extractive.candidate import Candidate
from coursec.drafting.extractive.drafter import candidates_of
from coursec.drafting.extractive.matter import matter_of
from coursec.source.course import read_course

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from drafting.measures import log_chunks  # noqa: E402

SAMPLE = HERE.parents[1] / "content"
VERDICTS = ("usable", "edit", "reject", "wrong key")
GOAL = 0.85


def chunks(root: Path = SAMPLE) -> list[Chunk]:
    """The chunks of a course."""
    return chunks_of(read_course(root, Diagnostics()).lectures.values())


def everything(found: list[Chunk]) -> Iterator[Candidate]:
    """Every item that the rules make of chunks, whether or not another asks the same."""
    matters = [matter_of(chunk) for chunk in found]
    for matter in matters:
        yield from candidates_of(matter, matters, "en")


def digest(candidate: Candidate) -> str:
    """What changes with anything that a student sees, or with the key."""
    shown = {key: value for key, value in candidate.fields.items() if key not in ("title", "bloom")}
    text = json.dumps(shown, sort_keys=True, ensure_ascii=False)
    return sha256(text.encode()).hexdigest()[:10]


def judged() -> dict[str, str]:
    """The verdicts, by digest."""
    rows = yaml.safe_load((HERE / "judged.yaml").read_text("utf-8"))
    return {row["item"]: row["verdict"] for row in rows}


def shares(found: list[Candidate]) -> Counter[str]:
    """How many items have which verdict; `unjudged` where there is none."""
    known = judged()
    return Counter(known.get(digest(candidate), "unjudged") for candidate in found)


def asks(candidate: Candidate) -> str:
    """An item on one line, as the file of verdicts shows it."""
    fields = candidate.fields
    text = " ".join(str(fields.get("stem") or fields.get("text")).split())
    match candidate.type:
        case "single_choice" | "multiple_choice":
            keys = [c["text"] for c in fields["choices"] if c.get("correct")]  # type: ignore[attr-defined]
        case "matching":
            keys = [f"{p['premise']} = {p['response']}" for p in fields["pairs"]]  # type: ignore[attr-defined]
        case "ordering":
            keys = list(fields["sequence"])  # type: ignore[call-overload]
        case "true_false":
            keys = [str(fields["answer"]).lower()]
        case "cloze":
            keys = fields["gaps"]["term"]["answers"]  # type: ignore[index]
        case _:
            keys = list(fields["answers"])  # type: ignore[call-overload]
    return f"{text} [{' | '.join(keys)}]"


SOURCES = ("the sample course", "the retrieval log")


def made() -> dict[str, list[Candidate]]:
    """Every item of each source."""
    return {
        SOURCES[0]: list(everything(chunks())),
        SOURCES[1]: list(everything(log_chunks())),
    }


def row_of(candidate: Candidate) -> dict[str, str]:
    """A row of the file of verdicts, without a verdict."""
    return {
        "item": digest(candidate),
        "slide": candidate.quotes[0].slide,
        "asks": f"{candidate.type}: {asks(candidate)}",
        "verdict": "?",
    }


def main() -> None:
    """Print the shares, or the unjudged items."""
    if "--new" in sys.argv:
        known = judged()
        rows = [row_of(c) for found in made().values() for c in found if digest(c) not in known]
        if rows:
            print(yaml.safe_dump(rows, sort_keys=False, allow_unicode=True, width=96), end="")
        return
    print(f"Goal: {GOAL:.0%} of the items of the sample course are usable, no key is wrong.")
    for source, found in made().items():
        counts = shares(found)
        print(f"\n{len(found)} items of {source}")
        for verdict in (*VERDICTS, "unjudged"):
            print(f"  {verdict:10} {counts[verdict]:4}  {counts[verdict] / len(found):6.1%}")
        kinds = Counter(candidate.type for candidate in found)
        print("  " + ", ".join(f"{number} {kind}" for kind, number in kinds.most_common()))


if __name__ == "__main__":
    main()
