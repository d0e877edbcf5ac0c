"""Measures that the tests and the benchmark share."""

from __future__ import annotations

import ast
import json
import random
import re
import sysconfig
from dataclasses import dataclass, field
from pathlib import Path

from coursec.diagnostics import Diagnostics
from coursec.drafting.evidence.chunk import Chunk, chunks_of
from coursec.drafting.ingest.encoding import restored
from coursec.drafting.ingest.log import retrievals
from coursec.drafting.ingest.run import Course, ingest
from coursec.source.lectures import read_lecture
from coursec.source.workspace import SourceFile, Workspace

HERE = Path(__file__).parent
SEED = HERE / "seed" / "retrieval-log.txt"
CONTENT = HERE.parents[1] / "content"


def seed_text() -> str:
    """The log with its encoding repaired."""
    return restored(SEED.read_text("utf-8")).text


def log_chunks() -> list[Chunk]:
    """The chunks of the log, ingested into the sample course."""
    found = ingest("retrieval-log.txt", SEED.read_bytes(), Course.read(CONTENT), Diagnostics())
    assert found
    file = SourceFile(found.path, found.files[found.path].decode())
    lecture = read_lecture("log", file, Workspace(CONTENT, Diagnostics()))
    assert lecture
    return chunks_of([lecture])


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


def requests() -> list[str]:
    """The four requests of the log."""
    return [found.request for found in retrievals(seed_text())]


def letters(text: str) -> str:
    """The letters and digits of a text, folded: blanks and marks do not count."""
    return "".join(re.findall(r"[^\W_]", text.casefold()))


@dataclass(frozen=True)
class Label:
    """A slide of the log as a person sees it."""

    slide: str
    structure: bool
    relevance: dict[str, str]
    letters: str


def labels() -> list[Label]:
    """The hand-made labels of the log's slides."""
    lines = seed_text().split("\n")
    rows = json.loads((HERE / "gold" / "relevance.json").read_text("utf-8"))["slides"]
    return [
        Label(
            row["slide"],
            row["structure"],
            row["relevance"],
            letters(" ".join(lines[row["first"] - 1 : row["last"]])),
        )
        for row in rows
    ]


@dataclass
class Shares:
    """What the characters are that were retrieved, counted as letters."""

    on: int = 0
    partly: int = 0
    off: int = 0
    structure: int = 0
    repeated: int = 0
    found: set[str] = field(default_factory=set)
    """Slides on topic of which something was found."""
    wanted: int = 0
    """Slides on topic."""

    @property
    def total(self) -> int:
        return self.on + self.partly + self.off + self.structure + self.repeated

    def add(self, other: Shares) -> None:
        self.on += other.on
        self.partly += other.partly
        self.off += other.off
        self.structure += other.structure
        self.repeated += other.repeated
        self.found |= {f"{len(self.found)}:{name}" for name in other.found}
        self.wanted += other.wanted


def shares(texts: list[str], request: int) -> Shares:
    """What the lines of retrieved texts are for a request; foreign text is off topic."""
    known = labels()
    out = Shares(wanted=sum(one.relevance.get(str(request)) == "on" for one in known))
    seen: set[str] = set()
    for text in texts:
        for line in text.split("\n"):
            for cell in line.split("|"):
                key = letters(cell)
                if not key:
                    continue
                homes = [one for one in known if key in one.letters] if len(key) > 3 else []
                size = len(key)
                structure = bool(homes) and all(one.structure for one in homes)
                if key in seen and (structure or size > 24):
                    out.repeated += size
                    continue
                seen.add(key)
                kinds = {one.relevance.get(str(request), "off") for one in homes}
                if structure:
                    out.structure += size
                elif "on" in kinds:
                    out.on += size
                    out.found |= {o.slide for o in homes if o.relevance.get(str(request)) == "on"}
                elif "partly" in kinds:
                    out.partly += size
                else:
                    out.off += size
    return out


def foreign_chunks(count: int) -> list[Chunk]:
    """Chunks of another subject: documentation in the source of Python's library.

    Each module is a lecture. Its words are near enough to mislead: there are tokenizers, models,
    problems and solutions among them.
    """
    folder = Path(sysconfig.get_path("stdlib"))
    texts: dict[str, tuple[str, str]] = {}
    for path in sorted([*folder.glob("*.py"), *folder.glob("[a-z]*/*.py")]):
        if "site-packages" in path.parts or "test" in path.parent.name or len(texts) >= 4 * count:
            continue
        try:
            tree = ast.parse(path.read_text("utf-8"))
        except (SyntaxError, UnicodeDecodeError):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
                text = ast.get_docstring(node)
                if text and 200 < len(text) < 1_500:
                    texts.setdefault(text, (path.stem, getattr(node, "name", path.stem)))
    chosen = list(texts.items())[:count]
    return [
        Chunk(lecture=module, slide=f"s{n}", title=title, text=text, digest=f"{n:012x}")
        for n, (text, (module, title)) in enumerate(chosen)
    ]
