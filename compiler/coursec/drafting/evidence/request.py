"""What is asked for: topics, lectures, how many items of which kind."""

from __future__ import annotations

from dataclasses import dataclass, replace

from coursec.drafting.evidence.topics import Topics, topics_by_rule
from coursec.model import quiz
from coursec.model.quiz import Lecture


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request, ready to be answered."""

    text: str = ""
    """The request in plain words."""
    topics: tuple[str, ...] = ()
    lectures: tuple[str, ...] = ()
    """Names of lectures, or slide references, that count; none is all."""
    items: tuple[tuple[str, int], ...] = ()
    """(item type, how many)."""
    bloom: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """How many items are asked for."""
        return sum(count for _, count in self.items)

    def with_items(self, items: tuple[tuple[str, int], ...]) -> Request:
        """Return the request with other numbers of items."""
        return replace(self, items=items)


def request_of_text(text: str, topics: Topics = topics_by_rule) -> Request:
    """Return a request in prose as topics."""
    return Request(text=text, topics=tuple(topics(text)))


def request_of_quiz(
    draft: quiz.Plan, lectures: dict[str, Lecture], topics: Topics = topics_by_rule
) -> Request:
    """Return what a quiz asks for; without topics its words are taken, or its lectures' titles."""
    named = draft.topics or (tuple(topics(draft.request)) if draft.request else ())
    if not named:
        names = [name.partition("#")[0] for name in draft.lectures]
        named = tuple(lectures[name].title for name in dict.fromkeys(names) if name in lectures)
    return Request(
        text=draft.request or ", ".join(named),
        topics=named,
        lectures=draft.lectures,
        items=tuple((kind, count) for kind, count in draft.items if count),
        bloom=draft.bloom,
    )


def unknown_lectures(request: Request, lectures: dict[str, Lecture]) -> list[str]:
    """Return the lectures and slides that a request names and that are not there."""
    known = set(lectures) | {
        f"{lecture.name}#{slide.id}" for lecture in lectures.values() for slide in lecture.slides
    }
    return [name for name in request.lectures if name not in known]
