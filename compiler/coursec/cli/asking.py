"""What a request or a quiz asks for, and what the slides have for it: retrieve and draft alike."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coursec.cli.course import REQUEST
from coursec.diagnostics import Diagnostics, Span
from coursec.model.numbers import counted

if TYPE_CHECKING:
    from coursec.drafting.evidence.coverage import Coverage, Plan
    from coursec.drafting.evidence.request import Request
    from coursec.drafting.evidence.retrieve import Retrieved
    from coursec.drafting.evidence.topics import Topics
    from coursec.drafting.ollama.client import Patience
    from coursec.drafting.ollama.connection import Connection
    from coursec.drafting.ollama.faults import OllamaError
    from coursec.model.quiz import Bank, QuizSpec


def connection_of(
    root: Path,
    bank: Bank,
    sink: Diagnostics,
    patience: Patience,
    *,
    model: str | None = None,
    seed: int | None = None,
) -> Connection | None:
    """Return a way to the course's model; None, and a finding, where a host may not be asked.

    Nothing is sent yet. `model` and `seed` stand in for those of course.yaml.
    """
    from coursec.drafting.hosts import hosts_of
    from coursec.drafting.ollama.client import Model
    from coursec.drafting.ollama.connection import DEFAULT_MODEL, Connection
    from coursec.drafting.ollama.prompting import CONTEXT, Settings
    from coursec.drafting.ollama.replies import FOLDER, Replies

    options = bank.course.drafting
    addresses = hosts_of(options, sink)
    if sink.errors:
        return None
    replies = Replies(root / FOLDER)
    name = model or options.model or DEFAULT_MODEL
    seed = seed if seed is not None else options.seed
    settings = Settings(
        model=replies.model(name) or Model(name, ""),
        course=bank.course.title,
        language=bank.course.language,
        context=options.context or CONTEXT,
        seed=1 if seed is None else seed,
    )
    return Connection(settings, replies, addresses, patience, lambda host, error: None)


@dataclass(slots=True)
class TopicFinder:
    """Finds the topics of a request in plain words: by the model, or by rule without one."""

    connection: Connection | None
    """None: by rule."""
    day: str
    """Today, ISO 8601."""
    by: str = ""
    """Who found the topics: a model's name, or `rule`; empty where nobody had to look."""
    requests: int = 0
    """How often a host was asked."""
    fault: OllamaError | OSError | None = None
    """Why the model could not be asked."""

    def __call__(self, request: str) -> Sequence[str]:
        """Return the topics of a request."""
        from coursec.drafting.evidence.topics import is_list, topics_by_rule

        if is_list(request):
            return topics_by_rule(request)
        found = self._by_model(request) if self.connection else ()
        self.by = self.connection.settings.model.name if self.connection and found else "rule"
        return found or topics_by_rule(request)

    def _by_model(self, request: str) -> tuple[str, ...]:
        from coursec.drafting.ollama.faults import OllamaError
        from coursec.drafting.ollama.replies import MissingReplyError
        from coursec.drafting.ollama.topics import topics_by_model

        connection = self.connection
        assert connection is not None
        try:
            return topics_by_model(connection.settings, connection.kept(self.day), request)
        except MissingReplyError:
            pass
        try:
            connection.connect()
            asker = connection.asker(self.day)
            if sys.stderr.isatty():
                name = connection.settings.model.name
                click.echo(f"{name} reads the request …", err=True)
            try:
                return topics_by_model(connection.settings, asker, request)
            finally:
                self.requests += asker.requests
        except (OllamaError, OSError) as error:
            self.fault = error
            return ()

    def say(self, sink: Diagnostics, place: Span) -> None:
        """Say where rules did what a model was there for."""
        from coursec.drafting.ollama.faults import OllamaError

        if self.connection is None or self.by != "rule":
            return
        if isinstance(self.fault, OllamaError):
            sink.report(
                "N956",
                f"{self.fault.message} The topics are found by rule.",
                place,
                hint=self.fault.hint,
            )
        elif self.fault is None:
            name = self.connection.settings.model.name
            message = f"`{name}` names no topic in words of the request: they are found by rule."
            sink.report("N956", message, place, hint="Name topics in the quiz: `topics: […]`.")


def topics_line(asked: Request, by: str) -> str:
    """Return the topics of a request, and who found them, as a line."""
    return f"Topics, by {by}: {'; '.join(asked.topics)}"


def request_of(
    text: str, lectures: tuple[str, ...], bank: Bank, sink: Diagnostics, topics: Topics
) -> Request | None:
    """Return what a quiz, or a request in plain words, asks for; None where that is nothing."""
    from coursec.drafting.evidence.request import (
        request_of_quiz,
        request_of_text,
        unknown_lectures,
    )

    quiz = bank.quizzes.get(text)
    where = place_of(text, quiz)
    if quiz is not None:
        if quiz.draft is None:
            message = f"The quiz `{text}` does not say what is to be drafted."
            sink.report("E933", message, where, hint="Give it a `draft:` with topics.")
            return None
        asked = request_of_quiz(quiz.draft, bank.lectures, topics)
    else:
        asked = request_of_text(text, topics)
    if lectures:
        asked = replace(asked, lectures=lectures)
    for name in unknown_lectures(asked, bank.lectures):
        known = ", ".join(bank.lectures) or "none"
        message = f"This course has no lecture or slide `{name}`."
        sink.report("W936", message, where, hint=f"Lectures here: {known}.")
    if not asked.topics:
        hint = 'Name topics, such as "tokenization and embeddings", or a quiz that has a `draft`.'
        sink.report("E933", "This request names no topic.", where, hint=hint)
        return None
    return asked


def place_of(text: str, quiz: QuizSpec | None, topic: str = "") -> Span:
    """Return where a topic is asked for: in a quiz's `draft`, or in what was typed."""
    if quiz is not None:
        return (quiz.draft.span if quiz.draft else quiz.span) or Span("course.yaml")
    at = text.casefold().find(topic.casefold()) if len(text.casefold()) == len(text) else -1
    start, end = (at, at + len(topic)) if topic and at >= 0 else (0, len(text))
    return Span(REQUEST, 1, start + 1, 1, end + 1)


def coverage_findings(
    found: Retrieved, planned: Plan | None, quiz: QuizSpec | None, sink: Diagnostics
) -> None:
    """Say of which topics the slides say nothing, or too little for the items of a plan.

    Where nobody counted items, or rules draft, there is no plan to fall short of.
    """
    counted_items = bool(found.request.items) and planned is not None
    for at, one in enumerate(found.found):
        place = place_of(found.request.text, quiz, one.topic)
        if one.searched != one.topic:
            message = f"No slide has a word of “{one.topic}”: “{one.searched}” was searched."
            sink.report("N932", message, place)
        if not one.hits:
            lost = planned.coverage[at].asked if counted_items and planned else 0
            but = f": {counted(lost, 'item')} asked of it cannot be drafted" if lost else ""
            sink.report(
                "W930",
                f"No slide says anything of “{one.topic}”{but}.",
                place,
                hint="Ingest the lecture that does, or ask for another topic.",
            )
        elif counted_items and planned and planned.coverage[at].unfilled:
            message, hint = _too_little(planned.coverage[at])
            sink.report("W931", message, place, hint=hint)


_NEEDS = {
    "numeric": "a sentence with a number",
    "matching": "three entries or rows of one slide",
    "ordering": "three numbered steps of one slide",
}
"""What an item of a type rests on, where that is more than a span."""


def _too_little(cover: Coverage) -> tuple[str, str]:
    """Return what is said of a topic that gets fewer items than were asked for, and a way out."""
    can = f"{cover.granted} can be drafted"
    kinds = [kind for kind, _ in cover.unfilled]
    if cover.spans < cover.asked or not all(kind in _NEEDS for kind in kinds):
        return (
            f"“{cover.topic}” has {counted(cover.spans, 'span')} of evidence for "
            f"{counted(cover.asked, 'item')}: {can}.",
            "Ask for fewer items, or ingest a lecture that says more.",
        )
    missing = ", ".join(f"{kind} (it rests on {_NEEDS[kind]})" for kind in kinds)
    return (
        f"“{cover.topic}” has no evidence left for {missing}: of "
        f"{counted(cover.asked, 'item')} {can}.",
        "Ask for items of other types, or ingest a lecture that says more.",
    )
