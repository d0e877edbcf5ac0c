"""Rules over the whole course."""

from __future__ import annotations

from coursec.checks.accessibility import colour_cues
from coursec.checks.assignments import check_assignment
from coursec.checks.items import RULES
from coursec.checks.provenance import check_provenance
from coursec.diagnostics import Diagnostics, Span
from coursec.diagnostics.nearest import did_you_mean
from coursec.model.items import Item, TextItem
from coursec.model.quiz import Bank
from coursec.model.slides import Slides


def check_course(bank: Bank, sink: Diagnostics) -> None:
    """Run every rule over every item of a course."""
    slides = Slides(bank.lectures)
    for item in (*bank.items.values(), *bank.refused):
        stimulus = bank.items.get(item.stimulus or "")
        text = stimulus if isinstance(stimulus, TextItem) else None
        language = item.language or bank.course.language
        findings = [*(found for rule in RULES for found in rule(item))]
        findings += colour_cues(item, language, text)
        for code, message, span, hint in findings:
            sink.report(code, message, span or _place(item), hint=hint, item=item.id)
        _stimulus(item, bank, sink)
        for source in item.source:
            if finding := unknown_slide(source, slides, bank):
                sink.report("W505", finding[0], _place(item), hint=finding[1], item=item.id)
        _outcomes(item.outcomes, bank, _place(item), item.id, sink)
        check_provenance(item, slides, bank, sink)
    for assignment in bank.assignments.values():
        for code, message, span, hint in check_assignment(assignment):
            sink.report(code, message, span or assignment.span or Span(""), hint=hint)
        place = assignment.outcomes_span or assignment.span or Span("")
        _outcomes(assignment.outcomes, bank, place, None, sink)
        for source, place in zip(assignment.lectures, assignment.lecture_spans, strict=True):
            if source not in bank.lectures and (found := unknown_slide(source, slides, bank)):
                sink.report("W505", found[0], place, hint=found[1])


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


def unknown_slide(source: str, slides: Slides, bank: Bank) -> tuple[str, str] | None:
    """Return (message, hint) where a source is no slide of the course that holds matter."""
    lecture, _, name = source.partition("#")
    if lecture in bank.unsound:
        return None
    slide = slides.get(source)
    if slide is not None:
        kinds = ", ".join(sorted(slide.kinds))
        if not kinds:
            return None
        return f"The slide `{source}` is marked as {kinds}: it holds no matter.", ""
    known = set(slides) if lecture in bank.lectures else set(bank.lectures)
    word = source if lecture in bank.lectures else lecture
    what = f"No lecture has the slide `{source}`." if name else f"No lecture is called `{source}`."
    return what, did_you_mean(word, sorted(known))


def _outcomes(
    outcomes: tuple[str, ...], bank: Bank, place: Span, item: str | None, sink: Diagnostics
) -> None:
    """An outcome is one of those that the course lists, where it lists any."""
    known = [code for code, _ in bank.course.outcomes]
    for outcome in outcomes if known else ():
        if outcome not in known:
            sink.report(
                "W525",
                f"The course lists no outcome `{outcome}`.",
                place,
                hint=did_you_mean(outcome, known) or "Add it to `outcomes` in course.yaml.",
                item=item,
            )
