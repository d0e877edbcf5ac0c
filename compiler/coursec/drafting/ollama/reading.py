"""Replies to prompts that were read whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from coursec.drafting.ollama.client import Ask, Reply
from coursec.drafting.ollama.faults import Fault, OllamaError
from coursec.drafting.ollama.tokens import at_least

_UNSEEN = "\n\n"


def read_whole(answer: Callable[[Ask], Reply], ask: Ask) -> Reply:
    """Return a reply to a prompt that was read whole. Raises OllamaError where it was cut.

    A server that has a smaller context than it was asked for cuts the prompt without saying so;
    only the number of tokens that it read tells. A server that counts only what it did not know
    from the request before is asked once more, with another beginning.
    """
    reply = answer(ask)
    if _whole(ask, reply):
        return reply
    again = replace(ask, system=_UNSEEN + ask.system)
    reply = answer(again)
    if _whole(again, reply):
        return reply
    raise OllamaError(
        Fault.CONTEXT,
        f"Ollama read {reply.prompt_tokens:,} tokens of a prompt that has at least "
        f"{at_least(ask.system, ask.prompt):,}: it cut the prompt.",
        "Allow Ollama the context that course.yaml names (OLLAMA_CONTEXT_LENGTH), or set a "
        "smaller `context`.",
    )


def _whole(ask: Ask, reply: Reply) -> bool:
    read = reply.prompt_tokens
    return not read or read >= at_least(ask.system, ask.prompt)


def shown_reply(text: str) -> str:
    """Return a reply as it goes back to the model: no longer than any that keeps the schema."""
    text = "".join(c if c.isprintable() or c == "\n" else " " for c in text).strip()
    return (text or "(nothing)")[:3_000]
