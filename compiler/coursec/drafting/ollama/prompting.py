"""What is asked for a slot: the prompt, sized beforehand, and its schema."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from coursec.drafting.evidence.chunk import Chunk
from coursec.drafting.evidence.coverage import Slot
from coursec.drafting.ollama.answering import Question
from coursec.drafting.ollama.client import Ask, Model
from coursec.drafting.ollama.faults import Fault, OllamaError
from coursec.drafting.ollama.fields import quotes_of
from coursec.drafting.ollama.prompts import LEVELS, filled, system, template
from coursec.drafting.ollama.schemas import Schema, drafting_schema, room_for
from coursec.drafting.ollama.tokens import at_most

CONTEXT = 8192
"""Tokens of context that are asked for where course.yaml says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How a model is asked."""

    model: Model
    course: str
    """The course's title."""
    language: str
    context: int = CONTEXT
    seed: int = 1
    temperature: float = 0.7

    @property
    def window(self) -> int:
        """Tokens of context that a request can have."""
        return min(self.context, self.model.context or self.context)


def draft_ask(
    settings: Settings,
    slot: Slot,
    chunks: Sequence[Chunk],
    before: tuple[str, Sequence[str]] | None = None,
    attempt: int = 0,
) -> Ask:
    """Return the request for a draft; `before` is a reply that failed, and why.

    Chunks on the topic are left out, the last first, until the request fits the context.
    Raises OllamaError where even the slot's own do not fit.
    """
    schema = drafting_schema(slot.type, list(quotes_of(slot)))
    assert schema is not None

    def made(some: Sequence[Chunk]) -> Ask:
        return ask_for(settings, repaired(_draft_prompt(settings, slot, some), before), schema)

    ask = fitting(settings, chunks, own_count(slot, chunks), made)
    return replace(ask, options={**ask.options, "seed": settings.seed + attempt})


def answer_ask(
    settings: Settings, chunks: Sequence[Chunk], own: int, question: Question, turn: int
) -> Ask:
    """Return the request to answer a question from its slides; the first `own` must be there.

    In the second turn the slides stand in the other order too. Raises OllamaError.
    """

    def made(some: Sequence[Chunk]) -> Ask:
        slides = slides_text(some if turn == 0 else some[::-1])
        prompt = filled(
            "answer",
            (slides, question.text),
            slides=slides,
            question=question.text,
            rules=question.rules,
        )
        return ask_for(settings, prompt, question.schema)

    ask = fitting(settings, chunks, own, made)
    changed = {"seed": settings.seed + turn, "temperature": 0.0}
    return replace(ask, options={**ask.options, **changed})


def fitting(
    settings: Settings, chunks: Sequence[Chunk], own: int, made: Callable[[Sequence[Chunk]], Ask]
) -> Ask:
    """Return the request with as many chunks as fit; the first `own` must.

    Raises OllamaError where these do not fit.
    """
    for count in range(len(chunks), own - 1, -1):
        ask = made(chunks[:count])
        if needed(ask) <= settings.window:
            return ask
    raise _too_small(settings, needed(ask), chunks[0].reference)


def repaired(prompt: str, before: tuple[str, Sequence[str]] | None) -> str:
    """Return a prompt that also shows an attempt that failed, and says why."""
    if before is None:
        return prompt
    attempt, problems = before
    said = "\n".join(f"- {_line(problem)}" for problem in problems)
    return filled("repair", (prompt, attempt, said), draft=prompt, attempt=attempt, problems=said)


def needed(ask: Ask) -> int:
    """Return the tokens that a request and its reply need at most."""
    return at_most(ask.system, ask.prompt) + int(ask.options["num_predict"])


def slides_text(chunks: Sequence[Chunk]) -> str:
    """Return slides as a model sees them: a line with the reference and the title, the text."""
    return "\n\n".join(f"[{chunk.reference}] {chunk.title}\n{chunk.text}" for chunk in chunks)


def _draft_prompt(settings: Settings, slot: Slot, chunks: Sequence[Chunk]) -> str:
    slides = slides_text(chunks)
    evidence = "\n".join(quotes_of(slot))
    return filled(
        "draft",
        (slides, evidence, settings.course, slot.topic),
        course=_line(settings.course),
        topic=_line(slot.topic),
        type=slot.type,
        level=slot.bloom,
        level_means=LEVELS[slot.bloom],
        language=settings.language,
        slides=slides,
        evidence=evidence,
        rules=template(f"types/{slot.type}").substitute(),
    )


def ask_for(settings: Settings, prompt: str, schema: Schema) -> Ask:
    """Return a request with the course's settings."""
    return Ask(
        model=settings.model.name,
        system=system(),
        prompt=prompt,
        schema=schema,
        options={
            "seed": settings.seed,
            "temperature": settings.temperature,
            "num_ctx": settings.window,
            "num_predict": room_for(schema),
        },
        think=False if settings.model.thinks else None,
    )


def own_count(slot: Slot, chunks: Sequence[Chunk]) -> int:
    """Return how many of the chunks, the first ones, hold the slot's evidence."""
    ids = {span.chunk.id for span in slot.spans}
    return max(1, sum(chunk.id in ids for chunk in chunks))


def _too_small(settings: Settings, tokens: int, reference: str) -> OllamaError:
    model = settings.model
    if model.context is not None and model.context < settings.context:
        return OllamaError(
            Fault.CONTEXT,
            f"An item on `{reference}` needs a context of up to {tokens:,} tokens; "
            f"`{model.name}` has {model.context:,}.",
            "Choose a model with a larger context, or split the slide.",
        )
    return OllamaError(
        Fault.CONTEXT,
        f"An item on `{reference}` needs a context of up to {tokens:,} tokens; "
        f"{settings.context:,} are set.",
        f"Write `drafting: {{context: {-(-tokens // 1024) * 1024}}}` into course.yaml.",
    )


def _line(text: str) -> str:
    return " ".join(text.split())
