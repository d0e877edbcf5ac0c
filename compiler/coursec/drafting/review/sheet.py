"""An item as a student sees it, and its key below."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from hashlib import sha256
from string import ascii_uppercase
from typing import assert_never

from coursec.diagnostics.columns import clean
from coursec.drafting.review.rows import Row, row, rows
from coursec.model.items import (
    ONE,
    Choice,
    ChoiceGap,
    Cloze,
    ClozeGap,
    Essay,
    FileUpload,
    Item,
    Matching,
    MultipleChoice,
    NumberAnswer,
    NumberGap,
    Numeric,
    Ordering,
    ShortAnswer,
    SingleChoice,
    TextAnswer,
    TextGap,
    TextItem,
    TrueFalse,
)
from coursec.model.numbers import decimal_text
from coursec.model.text import RichText
from coursec.text.terminal import line_of, text_lines, wrapped

_LINE = "_" * 24
_MOST_LINES = 4


def sheet(item: Item, stimulus: TextItem | None, columns: int) -> list[Row]:
    """Return an item as a student sees it."""
    found: list[Row] = []
    if stimulus is not None:
        found += [*rows(text_lines(stimulus.stem, columns - 2), "", "┆ "), row("")]
    if item.stem:
        found += rows(text_lines(item.stem, columns))
    if isinstance(item, Cloze):
        if item.stem:
            found.append(row(""))
        numbers = {gap.name: number for number, gap in enumerate(item.gaps, 1)}
        found += rows(text_lines(item.text, columns, lambda name: f"[{numbers[name]}: ____]"))
    answers = _answers(item, columns)
    if answers:
        found += [row(""), *answers]
    for hint in item.hints:
        found += rows(wrapped(line_of(hint), columns, "Hint: ", "      "), "faint")
    return found


def key(item: Item, columns: int) -> list[Row]:
    """Return the right answer of an item, and what students read afterwards."""
    found: list[Row] = []
    for line in _key(item):
        found += rows(wrapped(line, columns, "", "  "), "key")
    for name, text in _feedback(item):
        found += rows(wrapped(f"{name}: {line_of(text)}", columns, "", "  "), "faint")
    return found


def _answers(item: Item, columns: int) -> list[Row]:
    """Return what a student answers with."""
    match item:
        case SingleChoice() | MultipleChoice():
            box = "( )" if isinstance(item, SingleChoice) else "[ ]"
            return [
                line for n, c in enumerate(item.choices) for line in _choice(box, n, c, columns)
            ]
        case TrueFalse():
            return rows(["( ) True", "( ) False"], "", "  ")
        case ShortAnswer():
            return [row(f"  Answer: {_LINE}")]
        case Numeric():
            return [row(f"  Answer: {_LINE}" + (f" {clean(item.unit)}" if item.unit else ""))]
        case Matching():
            found = []
            for number, pair in enumerate(item.pairs, 1):
                found += rows(wrapped(line_of(pair.premise), columns, f"  {number}. ", "     "))
                found[-1] = (*found[-1], ("  ____", ""))
            found.append(row(""))
            for letter, text in zip(_letters(), _mixed(item.responses), strict=False):
                found += rows(wrapped(line_of(text), columns, f"  {letter}. ", "     "))
            return found
        case Ordering():
            entries = zip(_letters(), _mixed(item.sequence), strict=False)
            return [
                line for letter, text in entries for line in _block(text, f"  {letter}. ", columns)
            ]
        case Cloze():
            return [line for n, gap in enumerate(item.gaps, 1) for line in _menu(n, gap, columns)]
        case Essay():
            lines = min(item.lines or _MOST_LINES, _MOST_LINES)
            return rows(["_" * min(columns - 4, 60)] * lines, "faint", "  ")
        case FileUpload():
            kinds = ", ".join(item.accept) or "any file"
            return [row(clean(f"  Upload: {kinds}; at most {item.max_files}"))]
        case TextItem():
            return []
    assert_never(item)


def _choice(box: str, number: int, choice: Choice, columns: int) -> list[Row]:
    return _block(choice.text, f"  {box} {_letters()[number]}. ", columns)


def _block(text: RichText, head: str, columns: int) -> list[Row]:
    lines = text_lines(text, max(columns - len(head), 20)) or [""]
    return [row((head if not n else " " * len(head)) + line) for n, line in enumerate(lines)]


def _menu(number: int, gap: ClozeGap, columns: int) -> list[Row]:
    """Return what stands below a cloze for a gap: the choices of a menu."""
    if not isinstance(gap, ChoiceGap):
        return []
    choices = " / ".join(line_of(choice.text) for choice in gap.choices)
    return rows(wrapped(choices, columns, f"  [{number}] ", "      "))


def _key(item: Item) -> list[str]:
    match item:
        case SingleChoice() | MultipleChoice():
            letters = [_letters()[n] for n, choice in enumerate(item.choices) if choice.correct]
            weights = [
                f"{_letters()[n]} earns {decimal_text(choice.weight)}"
                for n, choice in enumerate(item.choices)
                if choice.weight is not None
            ]
            return [f"Key: {', '.join(letters)}" + (f" ({'; '.join(weights)})" if weights else "")]
        case TrueFalse():
            return [f"Key: {'True' if item.answer else 'False'}"]
        case ShortAnswer():
            return ["Key: " + _typed(item.answers, item.case_sensitive)]
        case Numeric():
            return ["Key: " + "; ".join(map(_number, item.answers))]
        case Matching():
            order = list(_mixed(item.responses))
            pairs = [
                f"{number} {_letters()[order.index(pair.response)]}"
                for number, pair in enumerate(item.pairs, 1)
            ]
            return ["Key: " + ", ".join(pairs)]
        case Ordering():
            order = list(_mixed(item.sequence))
            return ["Key: " + ", ".join(_letters()[order.index(entry)] for entry in item.sequence)]
        case Cloze():
            return [f"Key [{n}]: {_gap_key(gap)}" for n, gap in enumerate(item.gaps, 1)]
        case Essay():
            sample = item.sample_answer
            return [f"Sample answer: {line_of(sample)}"] if sample else []
        case FileUpload() | TextItem():
            return []
    assert_never(item)


def _gap_key(gap: ClozeGap) -> str:
    match gap:
        case ChoiceGap():
            return " / ".join(line_of(choice.text) for choice in gap.choices if choice.correct)
        case TextGap():
            return _typed(gap.answers, gap.case_sensitive)
        case NumberGap():
            return "; ".join(map(_number, gap.answers))
    assert_never(gap)


def _typed(answers: Sequence[TextAnswer], case_sensitive: bool) -> str:
    said = " or ".join(clean(answer.text) + _share(answer.weight) for answer in answers)
    return said + (" (capitals count)" if case_sensitive else "")


def _number(answer: NumberAnswer) -> str:
    if answer.value is None:
        said = f"{decimal_text(answer.low)} to {decimal_text(answer.high)}"
    else:
        margin = answer.tolerance
        said = decimal_text(answer.value) + (f" ± {decimal_text(margin)}" if margin else "")
    return said + _share(answer.weight)


def _share(weight: Decimal) -> str:
    return "" if weight == ONE else f" (earns {decimal_text(weight)})"


def _feedback(item: Item) -> list[tuple[str, RichText]]:
    found: list[tuple[str, RichText | None]] = []
    if isinstance(item, SingleChoice | MultipleChoice):
        found += [(f"{_letters()[n]}", choice.feedback) for n, choice in enumerate(item.choices)]
    if isinstance(item, TrueFalse):
        found += [("True", item.feedback_true), ("False", item.feedback_false)]
    feedback = item.feedback
    found += [
        ("Feedback", feedback.general),
        ("When right", feedback.correct),
        ("When partly right", feedback.partial),
        ("When wrong", feedback.incorrect),
    ]
    return [(name, text) for name, text in found if text is not None]


def _mixed(texts: Sequence[RichText]) -> list[RichText]:
    """Return texts in an order that does not give the key away, the same every time."""
    unique = list(dict.fromkeys(texts))
    return sorted(unique, key=lambda text: sha256(line_of(text).encode()).digest())


def _letters() -> list[str]:
    """Return A to Z, then AA to ZZ."""
    return [*ascii_uppercase, *(a + b for a in ascii_uppercase for b in ascii_uppercase)]
