"""A request in prose as topics, found by a model: only words of the request count."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from coursec.drafting.evidence.spelling import misspelt
from coursec.drafting.evidence.words import named, terms
from coursec.drafting.ollama.client import Ask, Reply
from coursec.drafting.ollama.parsing import UnusableReplyError, parsed
from coursec.drafting.ollama.prompting import Settings, ask_for, needed
from coursec.drafting.ollama.prompts import filled
from coursec.drafting.ollama.reading import read_whole
from coursec.drafting.ollama.schemas import faults, topics_schema


def topics_by_model(
    settings: Settings, ask: Callable[[Ask], Reply], request: str
) -> tuple[str, ...]:
    """Return the topics that a model finds in a request; none where its reply is of no use.

    Raises OllamaError, MissingReplyError, OSError.
    """
    schema = topics_schema()
    asked = ask_for(settings, filled("topics", (request,), request=request), schema)
    asked = replace(asked, options={**asked.options, "temperature": 0.0})
    if needed(asked) > settings.window:
        return ()
    try:
        value = parsed(read_whole(ask, asked))
    except UnusableReplyError:
        return ()
    return () if faults(value, schema) else of_request(value["topics"], request)


def of_request(topics: Sequence[str], request: str) -> tuple[str, ...]:
    """Return the topics whose words the request has, in any of their forms, each once.

    A model may mend the spelling; what else it adds would be searched as if the teacher had asked
    for it.
    """
    found: dict[tuple[str, ...], str] = {}
    for topic in topics:
        wanted = terms(topic)
        there = named(request, wanted)
        if wanted and all(term in there or _slip(term, request) for term in wanted):
            found.setdefault(tuple(wanted), " ".join(topic.split()))
    return tuple(found.values())


def _slip(term: str, request: str) -> bool:
    return any(misspelt(term, word) is not None for word in terms(request))
