"""Texts with gaps: short answers, numbers and clozes, which differ in where the gap stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from lxml.etree import _Element

from coursec.model.items import (
    Choice,
    ChoiceGap,
    Cloze,
    ClozeGap,
    Essay,
    Item,
    NumberAnswer,
    NumberGap,
    Numeric,
    ShortAnswer,
    TextAnswer,
    TextGap,
)
from coursec.model.text import Block, Gap, Inline, LineBreak, Paragraph, RichText, SoftBreak, Text
from coursec.readers.qti21.answers import Range
from coursec.readers.qti21.choices import single_shares
from coursec.readers.qti21.feedback import (
    SortedFeedback,
    feedback_text,
    sort_feedback,
    whole_feedback,
)
from coursec.readers.qti21.gaps import (
    PREFIX,
    Answer,
    AnswerGap,
    find_gaps,
    understand,
    wrong_responses,
)
from coursec.readers.qti21.probing import (
    Probe,
    Prober,
    compare,
    decimal,
    item_points,
    maximum,
    near,
)
from coursec.readers.qti21.source import ItemSource, LeftOutError
from coursec.readers.qti21.values import Declaration, Value, members
from coursec.readers.weights import evened

_NBSP: Final = "\N{NO-BREAK SPACE}"
_FIGURES: Final = 12
"""Figures of a bound that is no decimal number."""


def read_typed(source: ItemSource, fields: dict[str, Any]) -> Item:
    """Return the item of interactions that all stand inside the text."""
    gaps = find_gaps(source)
    text = source.text(source.body.node)
    prober = Prober(source.processor)
    wrong = wrong_responses(prober, gaps)
    for gap in gaps:
        understand(source, prober, gap, wrong)
    stated = {gap.declared.identifier: gap.declared.correct or gap.key for gap in gaps}
    # Where a gap earns points only if others are right, what it accepts shows only among these.
    hidden = [gap for gap in gaps if gap.best <= 0]
    if hidden and prober.probe(stated).score > 0:
        for gap in hidden:
            understand(source, prober, gap, stated)
    lost = [gap.name for gap in gaps if gap.best <= 0]
    if lost and len(gaps) == 1 and isinstance(gaps[0].wrong, str):
        source.say("W708", "No answer earns points, so it is marked by a person here.")
        points = source.processor.maximum
        fields["points"] = item_points(Fraction(points or 1))
        return Essay(**fields, stem=_without_gap(text), lines=1)
    if lost:
        raise LeftOutError(f"no response earns points at `{lost[0]}`, so no answer is known")
    keys = {gap.declared.identifier: gap.key for gap in gaps}
    together = max(prober.probe(keys).score, prober.probe(stated).score)
    whole = maximum(source, together)
    factor = whole / sum((gap.best for gap in gaps), Fraction(0))
    for gap in gaps:
        gap.scores = {name: score * factor for name, score in gap.scores.items()}
    probes = list(_probes(prober, gaps, wrong, keys))
    scores = {name: score for gap in gaps for name, score in gap.scores.items()}
    compare(
        source,
        probes,
        whole,
        lambda probe: sum((scores[name] for name in probe.picks), Fraction(0)) / whole,
        lambda probe: _answering(probe, gaps),
    )
    names = {name: _identifier(answer) for gap in gaps for name, answer in gap.answers.items()}
    found = sort_feedback(source, probes, whole, names)
    fields["feedback"] = whole_feedback(source, found)
    fields["points"] = item_points(whole)
    ended = _ended(source, gaps[0], text) if len(gaps) == 1 else None
    if ended is None:
        return _cloze(source, gaps, text, found, fields)
    return _single(source, gaps[0], ended, found, fields)


def _probes(
    prober: Prober, gaps: list[AnswerGap], wrong: dict[str, Value], keys: dict[str, Value]
) -> Iterator[Probe]:
    """Yield nothing at all, all wrong, each answer alone, all right, and all right but one."""

    def picks(responses: dict[str, Value]) -> list[str]:
        found = []
        for gap in gaps:
            value = responses[gap.declared.identifier]
            found += [name for trial, name in gap.trials if trial == value and name][:1]
        return found

    tried: list[dict[str, Value]] = [dict.fromkeys(wrong), wrong, keys]
    for gap in gaps:
        tried += [{**wrong, gap.declared.identifier: value} for value, _ in gap.trials]
        tried.append({**keys, gap.declared.identifier: gap.wrong})
    for responses in tried:
        yield prober.probe(responses, picks(responses))


def _identifier(answer: Answer) -> str:
    return answer.get("identifier", "") if isinstance(answer, _Element) else str(answer)


def _answering(probe: Probe, gaps: list[AnswerGap]) -> str:
    shown = []
    for gap in gaps:
        for name, answer in gap.answers.items():
            if name in probe.picks:
                what = "a number" if isinstance(answer, Range) else f"`{_identifier(answer)}`"
                shown.append(f"{what} at `{gap.name}`")
    return "answering " + ", ".join(shown) if shown else "answering nothing right"


# ------------------------------------------------------------------------------------- the items


@dataclass(frozen=True, slots=True)
class _Ended:
    stem: RichText
    unit: str | None


def _ended(source: ItemSource, gap: AnswerGap, text: RichText) -> _Ended | None:
    """Return the stem of a text that ends with its only gap; None where it stands elsewhere."""
    if gap.is_drop_down:
        return None
    if source.ours and gap.interaction.response.startswith(PREFIX):
        return None  # a cloze that ends so
    last = text.blocks[-1] if text.blocks else None
    if not isinstance(last, Paragraph):
        return None
    children = list(last.children)
    unit = None
    if len(children) > 1 and isinstance(children[-1], Text) and isinstance(children[-2], Gap):
        tail = children.pop().text  # type: ignore[union-attr]
        numeric = gap.is_numeric
        if numeric and tail.startswith(_NBSP) and tail.strip():
            unit = tail.strip()
        elif tail.strip():
            return None
    if not children or not isinstance(children[-1], Gap):
        return None
    before = _trimmed(children[:-1])
    blocks = text.blocks[:-1] + ((Paragraph(before),) if before else ())
    return _Ended(RichText(blocks, text.span), unit)


def _trimmed(children: list[Inline]) -> tuple[Inline, ...]:
    """Return inlines without blanks at their end."""
    kept = list(children)
    while kept:
        last = kept[-1]
        if isinstance(last, SoftBreak | LineBreak) or (
            isinstance(last, Text) and not last.text.strip()
        ):
            kept.pop()
            continue
        if isinstance(last, Text):
            kept[-1] = Text(last.text.rstrip())
        break
    return tuple(kept)


def _without_gap(text: RichText) -> RichText:
    blocks: list[Block] = []
    for block in text.blocks:
        if isinstance(block, Paragraph):
            kept = _trimmed([child for child in block.children if not isinstance(child, Gap)])
            if kept:
                blocks.append(Paragraph(kept))
        else:
            blocks.append(block)
    return RichText(tuple(blocks), text.span)


def _single(
    source: ItemSource, gap: AnswerGap, ended: _Ended, found: SortedFeedback, fields: dict[str, Any]
) -> Item:
    if gap.is_numeric:
        answers = _numbers(source, gap, found)
        return Numeric(**fields, stem=ended.stem, answers=answers, unit=ended.unit)
    return ShortAnswer(
        **fields,
        stem=ended.stem,
        answers=_texts(source, gap, found),
        case_sensitive=gap.case_sensitive,
    )


def _cloze(
    source: ItemSource,
    gaps: list[AnswerGap],
    text: RichText,
    found: SortedFeedback,
    fields: dict[str, Any],
) -> Item:
    made: tuple[ClozeGap, ...] = tuple(_gap(source, gap, found) for gap in gaps)
    fields["points"] = sum((gap.points for gap in made), Decimal(0))
    if len({gap.best for gap in gaps}) == 1:
        fields["points"] = decimal(gaps[0].best * len(gaps), 6)
        made = evened(made, fields["points"])
    written = [gap.interaction.node.get("shuffle") for gap in gaps]
    if any(written):
        fields["shuffle"] = "true" in written
    return Cloze(**fields, text=text, gaps=made)


def _gap(source: ItemSource, gap: AnswerGap, found: SortedFeedback) -> ClozeGap:
    points, span = decimal(gap.best, 6), source.span(gap.interaction.node)
    if gap.is_drop_down:
        return ChoiceGap(
            name=gap.name, choices=_gap_choices(source, gap, found), points=points, span=span
        )
    if gap.is_numeric:
        answers = _numbers(source, gap, found)
        return NumberGap(name=gap.name, answers=answers, points=points, span=span)
    return TextGap(
        name=gap.name,
        answers=_texts(source, gap, found),
        case_sensitive=gap.case_sensitive,
        points=points,
        span=span,
    )


def _gap_choices(source: ItemSource, gap: AnswerGap, found: SortedFeedback) -> tuple[Choice, ...]:
    by_name = {
        answer.get("identifier", ""): name
        for name, answer in gap.answers.items()
        if isinstance(answer, _Element)
    }
    scores = {identifier: gap.scores[name] for identifier, name in by_name.items()}
    shares = single_shares(source, scores, gap.best, members(gap.declared.correct))
    return tuple(
        Choice(
            text=source.text(node),
            correct=identifier == shares.key,
            weight=shares.weights[identifier],
            feedback=feedback_text(source, found.own.get(by_name[identifier], [])),
            fixed=node.get("fixed") in {"true", "1"},
            span=source.span(node),
        )
        for identifier in by_name
        if isinstance(node := gap.answers[by_name[identifier]], _Element)
    )


def _weights(gap: AnswerGap) -> Iterable[tuple[str, Answer, Decimal]]:
    for name, answer in gap.answers.items():
        share = gap.scores[name] / gap.best
        yield name, answer, Decimal(1) if near(share, Fraction(1)) else decimal(share)


def _texts(source: ItemSource, gap: AnswerGap, found: SortedFeedback) -> tuple[TextAnswer, ...]:
    return tuple(
        TextAnswer(
            text=str(answer),
            weight=weight,
            feedback=feedback_text(source, found.own.get(name, [])),
            span=source.span(gap.declared.node),
        )
        for name, answer, weight in _weights(gap)
    )


def _numbers(source: ItemSource, gap: AnswerGap, found: SortedFeedback) -> tuple[NumberAnswer, ...]:
    made = []
    for name, answer, weight in _weights(gap):
        assert isinstance(answer, Range)
        if answer.open:
            message = f"At `{gap.name}` an end of a range does not count in the file; here it does."
            source.say("W708", message, gap.interaction.line)
        low, high = _bound(answer.low), _bound(answer.high)
        value, tolerance = _middle(gap.declared, answer)
        made.append(
            NumberAnswer(
                low=low,
                high=high,
                value=value,
                tolerance=tolerance,
                weight=weight,
                feedback=feedback_text(source, found.own.get(name, [])),
                span=source.span(gap.declared.node),
            )
        )
    return tuple(made)


def _middle(declared: Declaration, answer: Range) -> tuple[Decimal | None, Decimal | None]:
    """Return the number that the file names in the middle of a range, and the tolerance."""
    if answer.low == answer.high:
        return _bound(answer.low), None
    middle = (answer.low + answer.high) / 2
    if middle not in members(declared.correct):
        return None, None
    return _bound(middle), _bound(answer.high - middle)


def _bound(number: Fraction) -> Decimal:
    """Return a bound exactly where it is a decimal number."""
    exact = decimal(number, 40)
    if Fraction(exact) == number:
        return exact
    return Decimal(f"{Decimal(number.numerator) / Decimal(number.denominator):.{_FIGURES}g}")
