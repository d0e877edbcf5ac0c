"""The changes of what is asked and what is right: choices, answers, pairs, gaps, rubrics."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import Any, TypeVar, assert_never

from coursec.diff.changes import Change, Effect
from coursec.diff.words import (
    answer_words,
    listed,
    margin_words,
    number_words,
    one_line,
    same,
    short,
    text_words,
    told,
)
from coursec.model.items import (
    Choice,
    ChoiceGap,
    ClozeGap,
    Criterion,
    NumberAnswer,
    NumberGap,
    Pair,
    TextAnswer,
    TextGap,
)
from coursec.model.text import RichText
from coursec.proof.textform import form

_T = TypeVar("_T")


def matched(
    old: Sequence[_T],
    new: Sequence[_T],
    key: Callable[[_T], Hashable],
    group: Callable[[_T], Hashable] = lambda _: None,
) -> list[tuple[_T | None, _T | None]]:
    """Return which entries of two lists belong together, in the order of the new one.

    Equal ones do, by `key`; of the rest those that stand in the same order within their
    `group`. What is left has no partner, and what was removed comes last.
    """
    partners: dict[int, int] = {}
    for by in (key, group):
        waiting: dict[Hashable, list[int]] = {}
        taken = set(partners.values())
        for index, entry in enumerate(old):
            if index not in taken:
                waiting.setdefault(by(entry), []).append(index)
        for index, entry in enumerate(new):
            if index not in partners and waiting.get(by(entry)):
                partners[index] = waiting[by(entry)].pop(0)
    left = [entry for index, entry in enumerate(old) if index not in set(partners.values())]
    return [
        (old[partners[index]] if index in partners else None, entry)
        for index, entry in enumerate(new)
    ] + [(entry, None) for entry in left]


def _reordered(pairs: Sequence[tuple[_T | None, _T | None]], old: Sequence[_T]) -> bool:
    """Tell whether entries that are in both lists stand in another order."""
    places = {id(entry): index for index, entry in enumerate(old)}
    kept = [places[id(a)] for a, b in pairs if a is not None and b is not None]
    return kept != sorted(kept)


def _both(
    words: Callable[[_T], str | None], old: _T | None, new: _T | None
) -> tuple[str | None, str | None]:
    """Return two entries as words, each None where it is absent."""
    return (None if old is None else words(old)), (None if new is None else words(new))


def text_change(
    field: str, what: str, old: RichText | None, new: RichText | None, effect: Effect = ""
) -> Iterator[Change]:
    """Yield the change of a text, where it says something else."""
    if not same(old, new):
        yield Change(field, what, *told(old, new), effect)


def choice_changes(
    old: Sequence[Choice], new: Sequence[Choice], field: str = "choices", of: str = ""
) -> Iterator[Change]:
    """Yield what changed among choices; `of` names the gap that they belong to."""
    before, after = _right(old), _right(new)
    if sorted(map(_say, before)) != sorted(map(_say, after)):
        yield Change(field, f"key{of}", *_apart(before, after), "key")
    pairs = matched(old, new, _say, lambda choice: choice.correct)
    for a, b in pairs:
        texts = [choice for choice in (a, b) if choice is not None]
        if (a and b and _say(a) == _say(b)) or any(choice.correct for choice in texts):
            continue
        yield Change(
            field,
            f"distractor{of}",
            *told(None if a is None else a.text, None if b is None else b.text),
        )
    for a, b in pairs:
        if a is None or b is None:
            continue
        name = f"choice “{short(text_words(b.text) or '')}”{of}"
        if a.weight != b.weight:
            weights = number_words(a.weight), number_words(b.weight)
            yield Change(field, f"weight of {name}", *weights, "score")
        yield from text_change(field, f"feedback of {name}", a.feedback, b.feedback)
        if a.fixed != b.fixed:
            yield Change(field, f"place of {name}", _place(a.fixed), _place(b.fixed))
    if _reordered(pairs, old):
        orders = listed(choice.text for choice in old), listed(choice.text for choice in new)
        yield Change(field, f"order of choices{of}", *orders)


def _say(choice: Choice) -> str:
    return _form(choice.text)


def _right(choices: Sequence[Choice]) -> list[Choice]:
    return [choice for choice in choices if choice.correct]


def _apart(old: Sequence[Choice], new: Sequence[Choice]) -> tuple[str | None, str | None]:
    """Return two keys as words."""
    if len(old) == len(new) == 1:
        return told(old[0].text, new[0].text)
    return listed(choice.text for choice in old), listed(choice.text for choice in new)


def _place(fixed: bool) -> str:
    return "fixed" if fixed else "shuffled with the others"


def typed_changes(
    old: Sequence[TextAnswer], new: Sequence[TextAnswer], field: str = "answers", of: str = ""
) -> Iterator[Change]:
    """Yield what changed among typed answers; their order means nothing."""
    for a, b in matched(old, new, lambda answer: answer.text.strip()):
        words = _both(lambda answer: answer.text.strip(), a, b)
        if words[0] != words[1]:
            yield Change(field, f"answer{of}", *words, "key")
        if a and b:
            yield from _worth(a, b, field, f"answer “{short(b.text)}”{of}")


def number_changes(
    old: Sequence[NumberAnswer], new: Sequence[NumberAnswer], field: str = "answers", of: str = ""
) -> Iterator[Change]:
    """Yield what changed among numeric answers; their order means nothing."""
    for a, b in matched(old, new, _accepts):
        if a is None or b is None:
            yield Change(field, f"answer{of}", *_both(answer_words, a, b), "key")
            continue
        if _accepts(a) != _accepts(b):
            effect: Effect = "" if (a.low, a.high) == (b.low, b.high) else "key"
            if a.value == b.value and a.value is not None:
                words = margin_words(a), margin_words(b)
                yield Change(field, f"tolerance{of}", *words, effect)
            else:
                yield Change(field, f"answer{of}", answer_words(a), answer_words(b), effect)
        yield from _worth(a, b, field, f"answer {answer_words(b)}{of}")


def _accepts(answer: NumberAnswer) -> tuple[object, ...]:
    tolerance = answer.tolerance or None
    return answer.low, answer.high, answer.value, tolerance, answer.percent or None


def _worth(
    old: TextAnswer | NumberAnswer, new: TextAnswer | NumberAnswer, field: str, name: str
) -> Iterator[Change]:
    if old.weight != new.weight:
        weights = number_words(old.weight), number_words(new.weight)
        yield Change(field, f"weight of {name}", *weights, "score")
    yield from text_change(field, f"feedback of {name}", old.feedback, new.feedback)


def answer_changes(old: Sequence[Any], new: Sequence[Any]) -> Iterator[Change]:
    """Yield what changed among the answers of an item, typed or numeric."""
    if any(isinstance(answer, NumberAnswer) for answer in (*old, *new)):
        yield from number_changes(old, new)
    else:
        yield from typed_changes(old, new)


def pair_changes(old: Sequence[Pair], new: Sequence[Pair]) -> Iterator[Change]:
    """Yield what changed among the pairs of a matching."""
    pairs = matched(old, new, _premise, lambda pair: _form(pair.response))
    for a, b in pairs:
        if a is None or b is None:
            yield Change("pairs", "pair", *_both(_pair_words, a, b), "key")
            continue
        yield from text_change("pairs", "premise", a.premise, b.premise)
        name = short(text_words(b.premise) or "")
        yield from text_change("pairs", f"key of “{name}”", a.response, b.response, "key")
    if _reordered(pairs, old):
        orders = listed(pair.premise for pair in old), listed(pair.premise for pair in new)
        yield Change("pairs", "order of premises", *orders)


def _premise(pair: Pair) -> str:
    return _form(pair.premise)


def _pair_words(pair: Pair) -> str:
    return f"{text_words(pair.premise) or ''} – {text_words(pair.response) or ''}"


def extra_changes(old: Sequence[RichText], new: Sequence[RichText]) -> Iterator[Change]:
    """Yield what changed among the extra responses of a matching; their order means nothing."""
    for a, b in matched(old, new, _form):
        yield from text_change("distractors", "distractor", a, b)


def sequence_changes(old: Sequence[RichText], new: Sequence[RichText]) -> Iterator[Change]:
    """Yield what changed in a sequence: its order is the key."""
    pairs = matched(old, new, _form)
    if len(old) != len(new) or _reordered(pairs, old):
        yield Change("sequence", "key", _numbered(old), _numbered(new), "key")
        return
    for a, b in pairs:
        yield from text_change("sequence", "entry", a, b)


def _form(text: RichText) -> str:
    return repr(form(text))


def _numbered(texts: Sequence[RichText]) -> str:
    lines = (one_line(text_words(text) or "") for text in texts)
    return "; ".join(f"{number}. {line}" for number, line in enumerate(lines, 1))


def gap_changes(old: Sequence[ClozeGap], new: Sequence[ClozeGap]) -> Iterator[Change]:
    """Yield what changed in the gaps of a cloze, gap by gap."""
    before, after = {gap.name: gap for gap in old}, {gap.name: gap for gap in new}
    for name in dict.fromkeys([*after, *before]):
        a, b = before.get(name), after.get(name)
        if a is None or b is None or type(a) is not type(b):
            words = (_gap_words(gap) if gap else None for gap in (a, b))
            yield Change("gaps", f"gap {name}", next(words), next(words), "key")
            continue
        yield from _gap(a, b, f" of gap {name}")
        if a.points != b.points:
            points = number_words(a.points), number_words(b.points)
            yield Change("gaps", f"points of gap {name}", *points, "score")


def _gap(old: ClozeGap, new: ClozeGap, of: str) -> Iterator[Change]:
    match old, new:
        case ChoiceGap(), ChoiceGap():
            yield from choice_changes(old.choices, new.choices, "gaps", of)
        case TextGap(), TextGap():
            yield from typed_changes(old.answers, new.answers, "gaps", of)
            if old.case_sensitive != new.case_sensitive:
                cases = case_words(old.case_sensitive), case_words(new.case_sensitive)
                yield Change("gaps", f"capitals{of}", *cases, "key")
        case NumberGap(), NumberGap():
            yield from number_changes(old.answers, new.answers, "gaps", of)
        case _:
            raise AssertionError("gaps of one kind are compared")


def case_words(case_sensitive: bool) -> str:
    """Return what `case_sensitive` means."""
    return "matter" if case_sensitive else "do not matter"


def _gap_words(gap: ClozeGap) -> str:
    match gap:
        case ChoiceGap():
            return f"choices {listed(choice.text for choice in gap.choices)}"
        case TextGap():
            return "; ".join(answer.text for answer in gap.answers)
        case NumberGap():
            return "; ".join(answer_words(answer) for answer in gap.answers)
    assert_never(gap)


def rubric_changes(old: Sequence[Criterion], new: Sequence[Criterion]) -> Iterator[Change]:
    """Yield what changed in a rubric, criterion by criterion."""
    pairs = matched(old, new, lambda criterion: criterion.criterion)
    for a, b in pairs:
        if a is None or b is None:
            yield Change("rubric", "criterion", *_both(_criterion_words, a, b), "score")
            continue
        if a.criterion != b.criterion:
            yield Change("rubric", "criterion", a.criterion, b.criterion)
        name = f"criterion “{short(b.criterion)}”"
        if a.points != b.points:
            points = number_words(a.points), number_words(b.points)
            yield Change("rubric", f"points of {name}", *points, "score")
        if a.levels != b.levels:
            scored = [(level.label, level.points) for level in a.levels]
            effect: Effect = (
                "" if scored == [(level.label, level.points) for level in b.levels] else "score"
            )
            yield Change("rubric", f"levels of {name}", _levels(a), _levels(b), effect)
    if _reordered(pairs, old):
        orders = _both(lambda rubric: "; ".join(c.criterion for c in rubric), old, new)
        yield Change("rubric", "order of criteria", *orders)


def _criterion_words(criterion: Criterion) -> str:
    points = number_words(criterion.points)
    return criterion.criterion + (f" ({points} points)" if points else "")


def _levels(criterion: Criterion) -> str | None:
    words = []
    for level in criterion.levels:
        points = "" if level.points is None else f" ({number_words(level.points)})"
        about = f": {level.description}" if level.description else ""
        words.append(f"{level.label}{points}{about}")
    return "; ".join(words) or None
