"""Whether a draft may stand in the course: grounding, the whole compiler check, repetition."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from coursec.checks import check_course, check_writing
from coursec.diagnostics import Diagnostic, Diagnostics, Severity
from coursec.drafting.drafts import Draft, Known
from coursec.drafting.entry import Stamp, entry
from coursec.drafting.evidence.chunk import Chunk
from coursec.drafting.evidence.coverage import Slot
from coursec.drafting.grounding import ungrounded
from coursec.drafting.identity import item_id
from coursec.drafting.repetition import asked_by, known_of, repeated
from coursec.model.items import Item
from coursec.model.quiz import Bank
from coursec.source.course import read_course
from coursec.source.layout import bank as layout

_NEAR = 40
"""Items of the bank that a draft is compared with by the rules over banks."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the compiler says of a draft."""

    problems: list[str]
    """Why it may not be taken, a sentence each; none where it may."""
    item: Item | None = None
    """The draft as an item, where there are no problems."""


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges drafts for a quiz of a course; it never believes a drafter."""

    quiz: str
    head: bytes
    """The course's course.yaml: its defaults and levels hold for drafts too."""
    bank: Bank
    stamp: Stamp
    asked: Known
    """What the course asks."""

    @staticmethod
    def of(quiz: str, head: bytes, bank: Bank, stamp: Stamp) -> Judge:
        """Return a judge for a quiz of a course."""
        return Judge(quiz, head, bank, stamp, known_of(bank.items.values()))

    def verdict(self, draft: Draft, slot: Slot, chunks: Sequence[Chunk], known: Known) -> Verdict:
        """Return a draft as an item, or why it may not be taken."""
        if draft.fields.get("type") != slot.type:
            return Verdict([f"The item is of type {draft.fields.get('type')}, not {slot.type}."])
        found = ungrounded(draft, chunks)
        if found:
            return Verdict(found)
        item, said = self._compile(draft, slot, known)
        if said or item is None:
            return Verdict(said or ["The compiler makes no item of it."])
        other = repeated(asked_by(item), known)
        if other:
            return Verdict([f"The item asks what `{other.item}` asks already."])
        return Verdict([], item)

    def _compile(self, draft: Draft, slot: Slot, known: Known) -> tuple[Item | None, list[str]]:
        name = item_id(self.quiz, slot)
        try:
            text = layout([entry(name, draft, self.stamp)])
        except ValueError as error:
            return None, [str(error)]
        sink = Diagnostics()
        with tempfile.TemporaryDirectory(prefix="coursec-") as folder:
            root = Path(folder)
            (root / "items").mkdir()
            (root / "course.yaml").write_bytes(self.head)
            (root / "items" / "draft.yaml").write_bytes(text.encode("utf-8", "replace"))
            made = read_course(root, sink)
        alone = replace(made, lectures=self.bank.lectures, quizzes={})
        check_course(alone, sink)
        if set(made.items) - {name}:
            return None, ["The draft is more than one item."]
        item = made.items.get(name)
        near = self._near(item, known) if item is not None else {}
        check_writing(replace(alone, items={**near, **made.items}), [], sink)
        sink.settle(complete=False)
        return made.items.get(name), _said(sink, name)

    def _near(self, item: Item, known: Known) -> dict[str, Item]:
        """Return the items that share most words with one: rules over banks compare with these.

        All of a bank would take seconds where it is large; a run ends with a check of it all.
        """
        items = {**self.bank.items, **{other.id: other for other in known.fresh}}
        words = asked_by(item).words
        shared = {
            other.item: len(words & other.words)
            for other in (*self.asked.asked, *known.asked)
            if other.item != item.id
        }
        most = sorted(shared, key=lambda name: (-shared[name], name))[:_NEAR]
        return {name: items[name] for name in most if shared[name] and name in items}


def _said(sink: Diagnostics, name: str) -> list[str]:
    """Return errors and warnings because of an item, as a model can be told of them.

    What is said of another item and names this one, such as a key given away, is this one's fault.
    """
    return [
        _sentence(d)
        for d in sink
        if d.severity is not Severity.NOTE
        and (d.item == name or not d.item or f"`{name}`" in d.message)
    ]


def _sentence(d: Diagnostic) -> str:
    return f"{d.message} {d.hint}".strip() + f" [{d.code}]"
