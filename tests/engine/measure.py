"""How many drafts of the random engine keep to their schema, with faults injected."""

from __future__ import annotations

import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from coursec.drafting.evidence.chunk import Chunk
from coursec.drafting.evidence.coverage import Slot, Span
from coursec.drafting.ollama.client import Host, Model, Patience
from coursec.drafting.ollama.drafter import REPAIRS
from coursec.drafting.ollama.faults import OllamaError
from coursec.drafting.ollama.fields import draft_of, quotes_of
from coursec.drafting.ollama.parsing import UnusableReplyError, parsed
from coursec.drafting.ollama.pool import Pool
from coursec.drafting.ollama.prompting import Settings, draft_ask
from coursec.drafting.ollama.schemas import drafting_schema, faults
from drafting.ollama_server import Server

KINDS = (
    "single_choice", "multiple_choice", "true_false", "short_answer", "numeric", "matching",
    "ordering", "cloze", "essay", "file_upload",
)  # fmt: skip
SIGNS = (
    "the lantern", 'the "lantern"', "\\\\alpha and $x_{1}$", "| cells | of a table |",
    "l\u2019\u00e9t\u00e9 \u2192 \u03b5", "`code[0]` {{gap}}", "100 % [sic] (so)",
)  # fmt: skip
"""What stands in quotes: signs that grammars, JSON and Markdown take for their own."""
MODEL = "qwen2.5:7b-instruct"
FAULTS: list[dict[str, Any]] = [
    {"kind": "http", "code": 500, "every": 41, "times": 10**6},
    {"kind": "http", "code": 503, "every": 37, "times": 10**6},
    {"kind": "reset", "every": 53, "times": 10**6},
    {"kind": "disconnect", "every": 43, "times": 10**6},
    {"kind": "error", "every": 47, "times": 10**6},
    {"kind": "cut", "every": 19, "times": 10**6},
    {"kind": "control", "every": 7, "times": 10**6},
    {"kind": "unfinished", "every": 59, "times": 10**6},
    {"kind": "reply", "text": "", "every": 61, "times": 10**6},
    {"kind": "reply", "text": '{"quote": 5}', "every": 67, "times": 10**6},
    {"kind": "stall", "seconds": 47.0, "every": 499, "times": 10**6},
]


@dataclass
class Outcome:
    drafts: int = 0
    valid: int = 0
    """Replies that keep to the schema after two repairs at most."""
    repaired: int = 0
    items: int = 0
    """Valid replies of which a draft is made: the gaps of a cloze must stand in its sentence."""
    hangs: int = 0
    seconds: float = 0.0
    failures: Counter[str] = field(default_factory=Counter)


def slot_of(number: int) -> tuple[Slot, Chunk]:
    kind = KINDS[number % len(KINDS)]
    sign = SIGNS[number // len(KINDS) % len(SIGNS)]
    lines = [f"Step {n} of plan {number} moves {sign} to pier {n + number}." for n in range(4)]
    chunk = Chunk(
        lecture="plans",
        slide=f"plan-{number}",
        title=f"Plan {number}",
        text="\n".join(f"{n + 1}. {line}" for n, line in enumerate(lines)),
        digest=f"{number:012x}",
    )
    spans = tuple(Span(chunk=chunk, text=line, kind="step") for line in lines)
    grouped = kind in ("matching", "ordering")
    slot = Slot(
        number=number,
        topic="plans",
        type=kind,
        bloom="remember",
        spans=spans if grouped else spans[:1],
    )
    return slot, chunk


def measured(count: int, server: Server) -> Outcome:
    patience = Patience(connect=5, stall=45.0, total=120)
    pool = Pool.of([Host(server.url, patience)], lambda host, error: None, 0.01)
    settings = Settings(model=Model(MODEL, "0" * 64), course="Plans", language="en", context=12_288)
    out, begun = Outcome(), time.monotonic()
    for number in range(count):
        out.drafts += 1
        slot, chunk = slot_of(number)
        schema = drafting_schema(slot.type, list(quotes_of(slot))) or {}
        before: tuple[str, list[str]] | None = None
        for attempt in range(1 + REPAIRS):
            started = time.monotonic()
            try:
                reply = pool(draft_ask(settings, slot, [chunk], before, attempt))
            except OllamaError as error:
                out.failures[error.fault.value] += 1
                break
            finally:
                out.hangs += time.monotonic() - started > 120
            try:
                value = parsed(reply)
                broken = faults(value, schema)
                if broken:
                    raise UnusableReplyError(broken[0])
            except UnusableReplyError as error:
                before = (reply.text[:2_000].encode("ascii", "replace").decode(), [str(error)])
                continue
            out.valid += 1
            out.repaired += attempt > 0
            try:
                draft_of(slot, value, f"item-{number}")
                out.items += 1
            except UnusableReplyError:
                pass
            break
        else:
            out.failures[str(before and before[1][0])[:80]] += 1
        if number % 100 == 99:
            print(out, file=sys.stderr, flush=True)
    out.seconds = time.monotonic() - begun
    return out


def with_faults(count: int) -> Outcome:
    """Measure before an engine of its own, with every fault on the way."""
    with Server(mind="engine") as server:
        server.faults(*FAULTS)
        return measured(count, server)
