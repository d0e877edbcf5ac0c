"""What Canvas carries, in its dialect of QTI 1.2."""

from __future__ import annotations

from dataclasses import replace

from coursec.assembly.draw import disorder
from coursec.model.items import (
    ZERO,
    ChoiceGap,
    Cloze,
    ClozeGap,
    FileUpload,
    Item,
    Matching,
    MultipleChoice,
    NumberGap,
    Numeric,
    Ordering,
    Pair,
    ShortAnswer,
    SingleChoice,
    TextAnswer,
    TextGap,
    TextItem,
    max_points,
)
from coursec.model.numbers import decimal_text
from coursec.model.quiz import Quiz, Section
from coursec.model.text import (
    Block,
    BulletList,
    Emphasis,
    Gap,
    Heading,
    Inline,
    Link,
    OrderedList,
    Paragraph,
    Quote,
    RichText,
    Strong,
    Table,
    Text,
    plain,
)
from coursec.proof.expected import Expected
from coursec.proof.expected.changes import (
    any_case,
    changed,
    lead_in_joined,
    no_feedback,
    no_fixed,
    no_gap_fixed,
    no_hints,
    no_partial_feedback,
    no_result_feedback,
    no_rubric,
    partial_scoring,
    plain_drop_downs,
    plain_responses,
    stimulus_above,
    unit_in_stem,
    without,
)
from coursec.proof.expected.gift import spaced_responses
from coursec.readers.reading import Reading
from coursec.text.plain import plain_text


def _equal_choices(item: Item, quiz: Quiz) -> Item:
    """The right choice, or the right ones, share the points."""
    assert isinstance(item, SingleChoice | MultipleChoice)
    return replace(item, choices=tuple(replace(c, weight=None) for c in item.choices))


def _full_answers(item: Item, quiz: Quiz) -> Item:
    """Only answers that earn everything count."""
    assert isinstance(item, ShortAnswer | Numeric)
    return changed(item, answers=tuple(a for a in item.answers if a.weight >= 1))


def _full_gaps(item: Item, quiz: Quiz) -> Item:
    """Only answers that earn everything count in a gap."""
    assert isinstance(item, Cloze)
    return replace(item, gaps=tuple(map(_full_gap, item.gaps)))


def _full_gap(gap: ClozeGap) -> ClozeGap:
    match gap:
        case ChoiceGap():
            return replace(gap, choices=tuple(replace(c, weight=None) for c in gap.choices))
        case TextGap():
            return replace(gap, answers=tuple(a for a in gap.answers if a.weight >= 1))
        case NumberGap():
            return replace(gap, answers=tuple(a for a in gap.answers if a.weight >= 1))


def _no_gap_feedback(item: Item, quiz: Quiz) -> Item:
    assert isinstance(item, Cloze)
    return replace(item, gaps=tuple(map(_silent, item.gaps)))


def _silent(gap: ClozeGap) -> ClozeGap:
    match gap:
        case ChoiceGap():
            return replace(gap, choices=tuple(replace(c, feedback=None) for c in gap.choices))
        case TextGap():
            return replace(gap, answers=tuple(replace(a, feedback=None) for a in gap.answers))
        case NumberGap():
            return replace(gap, answers=tuple(replace(a, feedback=None) for a in gap.answers))


def _equal_gaps(item: Item, quiz: Quiz) -> Item:
    """All gaps are worth the same."""
    assert isinstance(item, Cloze)
    share = item.points / len(item.gaps)
    return replace(item, gaps=tuple(replace(gap, points=share) for gap in item.gaps))


def _typed_numbers(item: Item, quiz: Quiz) -> Item:
    """A number in a gap must be typed as it is written."""
    assert isinstance(item, Cloze)
    return replace(item, gaps=tuple(map(_typed_number, item.gaps)))


def _typed_number(gap: ClozeGap) -> ClozeGap:
    if not isinstance(gap, NumberGap):
        return gap
    answers = tuple(
        TextAnswer(text=decimal_text(a.model), feedback=a.feedback) for a in gap.answers
    )
    return TextGap(name=gap.name, answers=answers, points=gap.points)


def _typed_menus(item: Item, quiz: Quiz) -> Item:
    """Beside typed gaps a drop-down is typed too, its choices in brackets behind it."""
    assert isinstance(item, Cloze)
    shown = {
        gap.name: f" ({' / '.join(plain_text(c.text) for c in gap.choices)})"
        for gap in item.gaps
        if isinstance(gap, ChoiceGap)
    }
    text = RichText(tuple(_with_choices(block, shown) for block in item.text.blocks))
    return replace(item, text=text, gaps=tuple(map(_typed_menu, item.gaps)))


def _typed_menu(gap: ClozeGap) -> ClozeGap:
    if not isinstance(gap, ChoiceGap):
        return gap
    answers = tuple(TextAnswer(text=plain_text(c.text)) for c in gap.choices if c.correct)
    return TextGap(name=gap.name, answers=answers, points=gap.points)


def _with_choices(block: Block, shown: dict[str, str]) -> Block:
    def inlines(children: tuple[Inline, ...]) -> tuple[Inline, ...]:
        out: list[Inline] = []
        for node in children:
            match node:
                case Gap():
                    out += [node, Text(shown[node.name])] if node.name in shown else [node]
                case Emphasis() | Strong() | Link():
                    out.append(replace(node, children=inlines(node.children)))
                case _:
                    out.append(node)
        return tuple(out)

    match block:
        case Paragraph() | Heading():
            return replace(block, children=inlines(block.children))
        case Quote():
            return Quote(tuple(_with_choices(b, shown) for b in block.children))
        case BulletList() | OrderedList():
            entries = tuple(tuple(_with_choices(b, shown) for b in e) for e in block.entries)
            return replace(block, entries=entries)
        case Table():
            rows = tuple(tuple(map(inlines, row)) for row in block.rows)
            return replace(block, header=tuple(map(inlines, block.header)), rows=rows)
        case _:
            return block


def _mean_points(item: Item, quiz: Quiz) -> Item:
    """Each question of a group is worth the mean."""
    pool = next(s for s in quiz.sections if s.pick is not None and item.id in _ids(s))
    total = sum((max_points(one) for one in pool.items), ZERO)
    return changed(item, points=total / len(pool.items))


def _ids(section: Section) -> set[str]:
    return {item.id for item in section.items}


def _accept_in_stem(item: Item, quiz: Quiz) -> Item:
    assert isinstance(item, FileUpload)
    line = Paragraph((Text(", ".join(item.accept)),))
    return replace(item, accept=(), stem=RichText((*item.stem.blocks, line)))


def _as_matching(item: Item, quiz: Quiz) -> Item:
    """An ordering is a matching of its entries, mixed, with their places."""
    assert isinstance(item, Ordering)
    order = disorder(len(item.sequence), item.id)
    pairs = tuple(Pair(premise=item.sequence[p], response=plain(str(p + 1))) for p in order)
    fields = ("id", "title", "stem", "points", "feedback", "language")
    return Matching(pairs=pairs, **{name: getattr(item, name) for name in fields})


def _always(item: Item, quiz: Quiz) -> Item:
    """The quiz decides whether choices are shuffled; labels stay at home."""
    return changed(item, shuffle=None, tags=(), outcomes=(), bloom=None, difficulty=None)


def _arrange(quiz: Quiz, sections: tuple[Section, ...]) -> Reading:
    """Questions outside of groups stand in one row; a title is a text before its section."""
    rows: list[Section] = []
    for section in sections:
        items = section.items
        if section.pick is None:
            if section.title and len(sections) > 1:
                heading = RichText((Heading(1, (Text(section.title),)),))
                title = TextItem(id=f"{quiz.id}_{section.id}", title=section.title, stem=heading)
                items = (title, *items)
            if rows and rows[-1].pick is None:
                rows[-1] = replace(rows[-1], items=(*rows[-1].items, *items))
            else:
                rows.append(replace(section, title=None, items=items))
        else:
            rows.append(replace(section, title=section.title or section.id))
    return Reading(
        name=f"quiz_{quiz.id}",
        title=quiz.title,
        instructions=quiz.instructions,
        time_limit=quiz.time_limit,
        attempts=quiz.attempts,
        shuffle_choices=quiz.shuffle_choices,
        sections=tuple(rows),
    )


EXPECTED = Expected(
    format="qti12",
    path="canvas/{}.zip",
    changes={
        "hints": no_hints,
        "one_try_hints": no_hints,
        "text_feedback": no_feedback,
        "partial_feedback": no_partial_feedback,
        "typed_partial_feedback": no_partial_feedback,
        "cloze_partial_feedback": no_partial_feedback,
        "marked_feedback": no_result_feedback,
        "gap_feedback": _no_gap_feedback,
        "choice_weights": _equal_choices,
        "answer_weights": _full_answers,
        "gap_weights": _full_gaps,
        "all_or_nothing": partial_scoring,
        "case": any_case,
        "uneven_gaps": _equal_gaps,
        "pool_points": _mean_points,
        "unit": unit_in_stem,
        "shuffle": None,
        "fixed": no_fixed,
        "gap_fixed": no_gap_fixed,
        "lead_in": lead_in_joined,
        "stimulus": stimulus_above,
        "language": None,
        "response_markup": plain_responses,
        "response_math": plain_responses,
        "response_image": plain_responses,
        "response_signs": spaced_responses,
        "mixed_gaps": _typed_menus,
        "number_gaps": _typed_numbers,
        "drop_down_markup": plain_drop_downs,
        "drop_down_math": plain_drop_downs,
        "drop_down_image": plain_drop_downs,
        "essay_lines": without("lines"),
        "essay_words": without("min_words", "max_words"),
        "template": without("template"),
        "sample_answer": None,
        "rubric": no_rubric,
        "accept": _accept_in_stem,
        "max_files": lambda item, quiz: changed(item, max_files=1),
        "tags": lambda item, quiz: changed(item, tags=()),
        "outcomes": lambda item, quiz: changed(item, outcomes=()),
        "bloom": without("bloom"),
        "difficulty": without("difficulty"),
    },
    types={Ordering.kind: _as_matching},
    always=_always,
    arrange=_arrange,
)
