"""The index behind llama-index's retriever interface.

llama-index takes a second to load: nothing else of this room imports it.
"""

from __future__ import annotations

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from coursec.drafting.evidence.chunk import Chunk, Hit
from coursec.drafting.evidence.request import Request
from coursec.drafting.evidence.retrieve import MOST_PER_TOPIC, retrieve
from coursec.drafting.evidence.store import Index
from coursec.drafting.evidence.topics import Topics, topics_by_rule

_KEYS = ["reference", "lecture", "slide", "title", "digest", "part", "aliases"]


class CourseRetriever(BaseRetriever):
    """Retrieves slides for a request in plain words: each once, above the floor."""

    def __init__(
        self,
        index: Index,
        *,
        lectures: tuple[str, ...] = (),
        topics: Topics = topics_by_rule,
        most: int = MOST_PER_TOPIC,
    ) -> None:
        """Retrieve from an index; `lectures` are those that count, none is all."""
        super().__init__()
        self._index = index
        self._lectures = lectures
        self._topics = topics
        self._most = most

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        text = query_bundle.query_str
        topics = tuple(self._topics(text)) or (text,)
        request = Request(text=text, topics=topics, lectures=self._lectures)
        return [node_of(hit) for hit in retrieve(request, self._index, self._most).hits]


def node_of(hit: Hit) -> NodeWithScore:
    """Return a hit as llama-index has it."""
    return NodeWithScore(node=text_node(hit.chunk), score=hit.score)


def text_node(chunk: Chunk) -> TextNode:
    """Return a chunk as a node: a stable id, and metadata that no model and no index reads."""
    return TextNode(
        id_=chunk.id,
        text=chunk.text,
        metadata={
            "reference": chunk.reference,
            "lecture": chunk.lecture,
            "slide": chunk.slide,
            "title": chunk.title,
            "digest": chunk.digest,
            "part": chunk.part,
            "aliases": list(chunk.aliases),
        },
        excluded_embed_metadata_keys=_KEYS,
        excluded_llm_metadata_keys=_KEYS,
    )


def chunk_of(node: TextNode) -> Chunk:
    """Return a node as a chunk."""
    data = node.metadata
    return Chunk(
        lecture=str(data["lecture"]),
        slide=str(data["slide"]),
        title=str(data["title"]),
        text=node.get_content(),
        digest=str(data["digest"]),
        part=int(data["part"]),
        aliases=tuple(map(str, data["aliases"])),
    )
