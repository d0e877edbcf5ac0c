"""What rules draft for a request: places shared among its topics, each taken by what stands.

Rules know at once all that they could draft. So nothing is planned that comes to nothing: an item
has its place because it is sound, rests on what its slides say of the topic, and is not asked yet.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from coursec.drafting.drafters import WITHOUT_MODEL
from coursec.drafting.drafts import ByRules, Draft, Known
from coursec.drafting.evidence.chunk import Chunk
from coursec.drafting.evidence.coverage import Slot, Span, in_turn, shares, spans_of
from coursec.drafting.evidence.excerpt import is_about
from coursec.drafting.evidence.retrieve import Found, Retrieved
from coursec.drafting.evidence.words import terms
from coursec.drafting.identity import item_id
from coursec.drafting.judge import Judge
from coursec.drafting.repetition import asked_by
from coursec.drafting.run import Job
from coursec.model.items import Item
from coursec.model.slides import normalised

_UNCOUNTED = 8
"""Items that are drafted where nobody says how many."""
_TRIED = 12
"""Drafts that are compiled for one place."""
_TURNS = (
    "matching", "single_choice", "cloze", "ordering", "multiple_choice", "short_answer",
    "true_false",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Empty:
    """A place for which there is nothing."""

    topic: str
    type: str
    """Empty where any type would have done."""
    reason: str
    """One sentence."""


@dataclass(slots=True)
class Ruled:
    """What rules draft for a request."""

    jobs: list[Job] = field(default_factory=list)
    """Those whose items stand in the course are among them."""
    drafts: dict[str, Draft] = field(default_factory=dict)
    """By the names of the jobs."""
    empty: list[Empty] = field(default_factory=list)


def ruled(found: Retrieved, rules: ByRules, judge: Judge) -> Ruled:
    """Return what rules draft for a request.

    Items that are counted share the topics evenly; what a topic does not support is taken from the
    request's others. Where nobody counts, topics and item types take turns.
    """
    picker = _Picker(found, rules, _stamped(judge))
    items = found.request.items
    if items:
        picker.counted([kind for kind, count in items for _ in range(count)])
    else:
        picker.uncounted()
    return picker.out


@dataclass(slots=True)
class _Picker:
    retrieved: Retrieved
    rules: ByRules
    judge: Judge
    known: Known = field(init=False)
    chunks: list[Chunk] = field(init=False)
    said: list[dict[str, list[str]]] = field(init=False)
    """For each topic what slides say of it, by the id of the chunk."""
    refused: dict[str, str] = field(default_factory=dict)
    """By item type why the first draft of it may not stand."""
    out: Ruled = field(default_factory=Ruled)

    def __post_init__(self) -> None:
        self.known = self.judge.asked
        self.chunks = [hit.chunk for hit in self.retrieved.hits]
        self.said = [_said(found) for found in self.retrieved.found]

    def counted(self, wanted: Sequence[str]) -> None:
        """Fill places of given types."""
        topics = self.retrieved.found
        left = []
        for topic, kind in in_turn(wanted, shares(len(wanted), len(topics))):
            if not self._pick(kind, topic):
                left.append((topic, kind))
        for topic, kind in left:
            others = (other for other in range(len(topics)) if other != topic)
            if not any(self._pick(kind, other) for other in others):
                self.out.empty.append(Empty(topics[topic].topic, kind, self._reason(kind)))

    def uncounted(self) -> None:
        """Fill places with what there is, until there are enough."""
        topics = [at for at, found in enumerate(self.retrieved.found) if found.hits]
        asked = [self.retrieved.found[topic].topic for topic in topics]
        kind = 0
        while topics and len(self.out.jobs) < _UNCOUNTED:
            topic = topics.pop(0)
            for step in range(len(_TURNS)):
                if self._pick(_TURNS[(kind + step) % len(_TURNS)], topic):
                    kind += step + 1
                    topics.append(topic)
                    break
        if not self.out.jobs and asked:
            self.out.empty.extend(Empty(topic, "", self._reason("")) for topic in asked)

    def _pick(self, kind: str, topic: int) -> bool:
        """Take the first item of a type on a topic that stands; tell whether there is one.

        Slides that bear few items yet come first, then those that say most of the request.
        """
        taken = {job.name for job in self.out.jobs}
        used = Counter(job.slot.spans[0].chunk.reference for job in self.out.jobs)
        there = sorted(self._on(topic, kind), key=lambda one: used[one[1][0].chunk.reference])
        tried = 0
        for draft, spans in there:
            name = self.retrieved.found[topic].topic
            slot = Slot(number=len(taken) + 1, topic=name, type=kind, bloom="remember", spans=spans)
            job = Job(item_id(self.judge.quiz, slot), slot, _first(spans, self.chunks))
            if job.name in taken:
                continue
            standing = self.judge.bank.items.get(job.name)
            if standing is not None:
                return self._take(job, draft, standing)
            if self.rules.repeats(draft, self.known, list(self.out.drafts.values())):
                continue
            verdict = self.judge.verdict(draft, slot, job.chunks, self.known)
            if verdict.item is not None:
                return self._take(job, draft, verdict.item)
            self.refused.setdefault(kind, verdict.problems[0])
            tried += 1
            if tried == _TRIED:
                return False
        return False

    def _take(self, job: Job, draft: Draft, item: Item) -> bool:
        self.known = self.known.with_item(item, asked_by(item))
        self.out.jobs.append(job)
        self.out.drafts[job.name] = draft
        return True

    def _reason(self, kind: str) -> str:
        if kind in self.refused:
            return self.refused[kind]
        kinds = (kind,) if kind else _TURNS
        topics = range(len(self.retrieved.found))
        said = any(True for each in kinds for topic in topics for _ in self._on(topic, each))
        return self.rules.reason(kind, said=said)

    def _on(self, topic: int, kind: str) -> Iterator[tuple[Draft, tuple[Span, ...]]]:
        """Yield the drafts of a type that rest on what is said of a topic, with their evidence."""
        said = self.said[topic]
        for draft in self.rules.drafts(kind, self.chunks):
            spans = tuple(_spans(draft, self.chunks))
            if any(_rests(span, said.get(span.chunk.id, ())) for span in spans):
                yield draft, spans


def _spans(draft: Draft, chunks: Sequence[Chunk]) -> Iterator[Span]:
    for quote in draft.quotes:
        for chunk in chunks:
            if chunk.reference == quote.slide and normalised(quote.text) in _whole(chunk):
                yield Span(chunk=chunk, text=normalised(quote.text), kind="sentence")
                break


def _said(found: Found) -> dict[str, list[str]]:
    """Return what each chunk says of a topic: all of it, or its spans that name the topic."""
    wanted = terms(" , ".join((found.searched, *found.also)))
    return {
        hit.chunk.id: [_whole(hit.chunk)]
        if is_about(hit, wanted)
        else [normalised(span.text) for span in spans_of(replace(found, hits=(hit,)))]
        for hit in found.hits
    }


def _rests(span: Span, said: Sequence[str]) -> bool:
    return any(span.text in text or text in span.text for text in said)


def _whole(chunk: Chunk) -> str:
    return normalised(f"{chunk.title}\n{chunk.text}")


def _first(spans: Sequence[Span], chunks: Sequence[Chunk]) -> tuple[Chunk, ...]:
    """Return chunks, those of some spans first."""
    return tuple(dict.fromkeys((*(span.chunk for span in spans), *chunks)))


def _stamped(judge: Judge) -> Judge:
    return replace(judge, stamp=replace(judge.stamp, drafter=WITHOUT_MODEL))
