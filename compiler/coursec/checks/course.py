"""Rules over the whole course."""

from __future__ import annotations

from coursec.checks.accessibility import colour_cues
from coursec.checks.items import RULES
from coursec.diagnostics import Diagnostics, Span
from coursec.diagnostics.nearest import did_you_mean
from coursec.model.items import Item, TextItem
from coursec.model.quiz import Bank, Slide


def check_course(bank: Bank, sink: Diagnostics) -> None:
    """Run every rule over every item of a course."""
    slides = {
        f"{name}#{slide.id}": slide
        for name, lecture in bank.lectures.items()
        for slide in lecture.slides
    }
    for item in (*bank.items.values(), *bank.refused):
        stimulus = bank.items.get(item.stimulus or "")
        text = stimulus if isinstance(stimulus, TextItem) else None
        language = item.language or bank.course.language
        findings = [*(found for rule in RULES for found in rule(item))]
        findings += colour_cues(item, language, text)
        for code, message, span, hint in findings:
            sink.report(code, message, span or _place(item), hint=hint, item=item.id)
        _stimulus(item, bank, sink)
        _sources(item, slides, bank, sink)
        _outcomes(item, bank, sink)


def _place(item: Item) -> Span:
    return item.span or Span("")


def _stimulus(item: Item, bank: Bank, sink: Diagnostics) -> None:
    """A stimulus is a text item of the course."""
    if item.stimulus is None or item.stimulus in bank.unsound:
        return
    if isinstance(item, TextItem):
        sink.report(
            "E502",
            "A text item cannot rest on a stimulus.",
            _place(item),
            hint="Put both texts into one item.",
            item=item.id,
        )
        return
    stimulus = bank.items.get(item.stimulus)
    if stimulus is None:
        sink.report(
            "E502",
            f"The stimulus `{item.stimulus}` is not defined in this course.",
            _place(item),
            hint=did_you_mean(item.stimulus, bank.items),
            item=item.id,
        )
    elif not isinstance(stimulus, TextItem):
        sink.report(
            "E502",
            f"The stimulus `{item.stimulus}` is of type {stimulus.kind}, not text.",
            _place(item),
            item=item.id,
        )


def _sources(item: Item, slides: dict[str, Slide], bank: Bank, sink: Diagnostics) -> None:
    """A source is a slide of the course that holds matter."""
    for source in item.source:
        lecture, _, _ = source.partition("#")
        if lecture in bank.unsound:
            continue
        if source in slides:
            kinds = ", ".join(sorted(slides[source].kinds))
            if kinds:
                message = f"The slide `{source}` is marked as {kinds}: it holds no matter."
                sink.report("W505", message, _place(item), item=item.id)
            continue
        known = set(slides) if lecture in bank.lectures else set(bank.lectures)
        word = source if lecture in bank.lectures else lecture
        sink.report(
            "W505",
            f"No lecture has the slide `{source}`.",
            _place(item),
            hint=did_you_mean(word, sorted(known)),
            item=item.id,
        )


def _outcomes(item: Item, bank: Bank, sink: Diagnostics) -> None:
    """An outcome is one of those that the course lists, where it lists any."""
    known = [code for code, _ in bank.course.outcomes]
    for outcome in item.outcomes if known else ():
        if outcome not in known:
            sink.report(
                "W525",
                f"The course lists no outcome `{outcome}`.",
                _place(item),
                hint=did_you_mean(outcome, known) or "Add it to `outcomes` in course.yaml.",
                item=item.id,
            )
