"""The drafter of an assignment's tasks: checked like items, but for running what it wrote."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from coursec.drafting.assignments import (
    Plan,
    assignment_text,
    compiled_faults,
    starter_of,
    task_faults,
)
from coursec.drafting.drafts import Draft, Known, Quote, Unfilled
from coursec.drafting.evidence.chunk import Chunk
from coursec.drafting.evidence.coverage import Slot
from coursec.drafting.judge import Judge
from coursec.drafting.ollama.answering import TURNS
from coursec.drafting.ollama.client import Ask, Reply
from coursec.drafting.ollama.drafter import DRAFTER, REPAIRS
from coursec.drafting.ollama.fields import quotes_of
from coursec.drafting.ollama.parsing import UnusableReplyError, parsed
from coursec.drafting.ollama.prompting import (
    Settings,
    ask_for,
    fitting,
    own_count,
    repaired,
    slides_text,
)
from coursec.drafting.ollama.prompts import filled
from coursec.drafting.ollama.reading import read_whole, shown_reply
from coursec.drafting.ollama.schemas import faults, letters_schema, task_schema
from coursec.model.slides import normalised


@dataclass(slots=True)
class TaskDrafter:
    """Drafts the tasks of an assignment with a model."""

    settings: Settings
    ask: Callable[[Ask], Reply]
    judge: Judge
    plan: Plan
    day: str = ""
    name: str = field(default=DRAFTER, init=False)

    def draft(self, slot: Slot, chunks: Sequence[Chunk], known: Known) -> Draft | Unfilled:
        """Return a task; nothing of it is run. Raises OllamaError, MissingReplyError."""
        before: tuple[str, list[str]] | None = None
        for attempt in range(1 + REPAIRS):
            reply = read_whole(self.ask, self._asked(slot, chunks, before, attempt))
            self.day = reply.day
            try:
                draft = self._draft(slot, reply)
                problems = task_faults(draft, chunks)
                problems = problems or self._compile(draft)
                problems = problems or self._second_reading(draft, slot, chunks)
                if not problems:
                    return draft
            except UnusableReplyError as error:
                problems = [str(error)]
            before = (shown_reply(reply.text), problems)
        assert before is not None
        return Unfilled(f"{1 + REPAIRS} attempts failed. The last: {before[1][0]}")

    def _asked(
        self,
        slot: Slot,
        chunks: Sequence[Chunk],
        before: tuple[str, list[str]] | None,
        attempt: int,
    ) -> Ask:
        schema = task_schema(list(quotes_of(slot)))
        evidence = "\n".join(quotes_of(slot))

        def made(some: Sequence[Chunk]) -> Ask:
            slides = slides_text(some)
            parts = (slides, evidence, self.plan.request, slot.topic)
            prompt = filled(
                "task",
                parts,
                course=self.settings.course,
                request=self.plan.request,
                topic=slot.topic,
                language=self.settings.language,
                slides=slides,
                evidence=evidence,
            )
            return ask_for(self.settings, repaired(prompt, before), schema)

        ask = fitting(self.settings, chunks, own_count(slot, chunks), made)
        return replace(ask, options={**ask.options, "seed": self.settings.seed + attempt})

    def _draft(self, slot: Slot, reply: Reply) -> Draft:
        value: Any = parsed(reply, indented=True)
        broken = faults(value, task_schema(list(quotes_of(slot))))
        if broken:
            raise UnusableReplyError(f"The reply breaks the schema: {'; '.join(broken[:3])}.")
        text = normalised(value["quote"])
        chunk = slot.spans[0].chunk
        known = quotes_of(slot)
        quote = known.get(text, Quote(chunk.reference, chunk.digest, text))
        fields = {
            "title": " ".join(value["title"].split()),
            "text": value["text"].strip(),
            "solution": "\n".join(value["solution"]).rstrip(),
            "tests": "\n".join(value["tests"]).rstrip(),
            "rubric": value["rubric"],
        }
        return Draft(fields, (quote,))

    def _compile(self, draft: Draft) -> list[str]:
        text = assignment_text(self.plan, [(draft, self.judge.stamp)])
        return compiled_faults(text, self.plan.name, self.judge.head, self.judge.bank)

    def _second_reading(self, draft: Draft, slot: Slot, chunks: Sequence[Chunk]) -> list[str]:
        fields = draft.fields
        code = f"{fields['solution']}\n\n{fields['tests']}"
        question = (
            f"{fields['text']}\n\n{starter_of(str(fields['solution']))}\n\nThe code:\n\n{code}"
        )
        for turn in range(TURNS):
            schema = letters_schema(["answer"], ["yes", "no"] if turn == 0 else ["no", "yes"])

            def made(some: Sequence[Chunk], turn: int = turn, schema: Any = schema) -> Ask:
                slides = slides_text(some if turn == 0 else some[::-1])
                prompt = filled("judge", (slides, question), slides=slides, question=question)
                return ask_for(self.settings, prompt, schema)

            ask = fitting(self.settings, chunks, own_count(slot, chunks), made)
            options = {**ask.options, "seed": self.settings.seed + turn, "temperature": 0.0}
            answer = parsed(read_whole(self.ask, replace(ask, options=options)))
            if faults(answer, schema) or answer["answer"] != "yes":
                return ["A second reading says that the code does not do what the slides teach."]
        return []
