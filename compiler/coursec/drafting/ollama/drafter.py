"""The drafter that asks a model, sends back what fails, and has the result read a second time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from coursec.drafting.drafts import Draft, Known, Unfilled
from coursec.drafting.evidence.chunk import Chunk
from coursec.drafting.evidence.coverage import Slot
from coursec.drafting.identity import item_id
from coursec.drafting.judge import Judge
from coursec.drafting.ollama.answering import TURNS, question
from coursec.drafting.ollama.client import Ask, Reply
from coursec.drafting.ollama.fields import draft_of
from coursec.drafting.ollama.parsing import UnusableReplyError, parsed
from coursec.drafting.ollama.prompting import Settings, answer_ask, draft_ask, own_count
from coursec.drafting.ollama.prompts import VERSION
from coursec.drafting.ollama.reading import read_whole, shown_reply
from coursec.drafting.ollama.schemas import drafting_schema, faults
from coursec.model.items import Item
from coursec.model.provenance import ModelUsed

DRAFTER = "ollama"
"""What an item's provenance calls it."""
REPAIRS = 2
"""How often a draft that fails goes back to the model."""
_MOST_TOLD = 6
"""Problems that a model is told of at once."""


@dataclass(slots=True)
class OllamaDrafter:
    """Drafts items with a model."""

    settings: Settings
    ask: Callable[[Ask], Reply]
    judge: Judge
    day: str = ""
    """When the last reply was given that a draft came from; empty for today."""
    name: str = field(default=DRAFTER, init=False)

    def draft(self, slot: Slot, chunks: Sequence[Chunk], known: Known) -> Draft | Unfilled:
        """Return an item that the compiler accepts and a second reading answers by its key.

        Raises OllamaError where the host fails, MissingReplyError where nobody may be asked.
        """
        if drafting_schema(slot.type, [""]) is None:
            return Unfilled(f"Items of type {slot.type} are not drafted.")
        before: tuple[str, list[str]] | None = None
        for attempt in range(1 + REPAIRS):
            ask = draft_ask(self.settings, slot, chunks, before, attempt)
            reply = read_whole(self.ask, ask)
            self.day = reply.day
            try:
                draft = self._draft(slot, ask, reply)
                verdict = self.judge.verdict(draft, slot, chunks, known)
                problems = verdict.problems
                if verdict.item is not None:
                    problems = self._second_reading(verdict.item, slot, chunks)
                if not problems:
                    return draft
            except UnusableReplyError as error:
                problems = [str(error)]
            before = (shown_reply(reply.text), problems[:_MOST_TOLD])
        assert before is not None
        return Unfilled(f"{1 + REPAIRS} attempts failed. The last: {before[1][0]}")

    def _draft(self, slot: Slot, ask: Ask, reply: Reply) -> Draft:
        value: Any = parsed(reply)
        broken = faults(value, dict(ask.schema))
        if broken:
            raise UnusableReplyError(f"The reply breaks the schema: {'; '.join(broken[:3])}.")
        return draft_of(slot, value, item_id(self.judge.quiz, slot))

    def _second_reading(self, item: Item, slot: Slot, chunks: Sequence[Chunk]) -> list[str]:
        """Have an item answered without its key; both times the answer must be the key."""
        own = own_count(slot, chunks)
        for turn in range(TURNS):
            asked = question(item, turn)
            reply = read_whole(self.ask, answer_ask(self.settings, chunks, own, asked, turn))
            try:
                answer = parsed(reply)
            except UnusableReplyError as error:
                return [f"The item could not be answered from the slides: {error}"]
            if faults(answer, asked.schema) or not asked.agrees(answer):
                return [
                    "A second reading of the slides does not give the key: the key is wrong, "
                    "or the question can be answered in more than one way."
                ]
        return []


def model_used(settings: Settings) -> ModelUsed:
    """Return what an item's provenance says of the model."""
    return ModelUsed(
        name=settings.model.name,
        digest=settings.model.digest[:12],
        options=(
            ("seed", str(settings.seed)),
            ("temperature", str(settings.temperature)),
            ("num_ctx", str(settings.window)),
        ),
        prompt=VERSION,
    )
