"""What a drafter sees beside a slot's own slide: others on its topic, through llama-index.

llama-index takes a second to load: only a run that drafts with a model imports this.
"""

from __future__ import annotations

from collections.abc import Callable

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import TextNode

from coursec.drafting.evidence.chunk import Chunk
from coursec.drafting.evidence.coverage import Slot
from coursec.drafting.evidence.llama import CourseRetriever, chunk_of
from coursec.drafting.evidence.store import Index
from coursec.drafting.run import own_chunks

MOST = 3
"""Slides beside the slot's own."""


def neighbours(index: Index, lectures: tuple[str, ...]) -> Callable[[Slot], list[Chunk]]:
    """Return what finds a slot's chunks: its own first, then the best others on its topic."""
    retriever = CourseRetriever(index, lectures=lectures, topics=lambda topic: [topic])
    found: dict[str, list[Chunk]] = {}

    def of(slot: Slot) -> list[Chunk]:
        if slot.topic not in found:
            found[slot.topic] = retrieved(retriever, slot.topic)
        own = own_chunks(slot)
        seen = {chunk.id for chunk in own}
        rest = [chunk for chunk in found[slot.topic] if chunk.id not in seen]
        return own + rest[:MOST]

    return of


def retrieved(retriever: BaseRetriever, topic: str) -> list[Chunk]:
    """Return the chunks that a retriever of llama-index finds for a topic."""
    nodes = [scored.node for scored in retriever.retrieve(topic)]
    return [chunk_of(node) for node in nodes if isinstance(node, TextNode)]
