"""From a bank to its blueprint: a pure count."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from coursec.assembly import assemble, held_back
from coursec.checks.provenance import states
from coursec.diagnostics import Diagnostics
from coursec.model.assignment import Assignment
from coursec.model.items import ITEM_TYPES, Item, TextItem
from coursec.model.quiz import Bank, Plan, Quiz, QuizSpec
from coursec.stats.blueprint import (
    LEVELS,
    NONE,
    AssignmentCover,
    Blueprint,
    Count,
    Cross,
    Gap,
    LectureCover,
    Matrix,
    Planned,
    QuizCover,
    Row,
    Table,
)

EASY = Decimal("0.3")
"""The greatest `difficulty` of an easy question: 70 % of the students are right."""
MEDIUM = Decimal("0.7")
"""The greatest `difficulty` of a question of medium difficulty."""
_BANDS = {
    "easy": f"easy (up to {EASY})",
    "medium": f"medium (up to {MEDIUM})",
    "hard": f"hard (above {MEDIUM})",
}
_Weighted = Sequence[tuple[Item, Fraction]]
"""Questions, and the share of students that get each of them."""
_ONE = Fraction(1)
_NOTHING = Count()


def band(difficulty: Decimal | None) -> str:
    """Return the band of a difficulty: `easy`, `medium`, `hard`; empty for none."""
    if difficulty is None:
        return NONE
    return "easy" if difficulty <= EASY else "medium" if difficulty <= MEDIUM else "hard"


def survey(bank: Bank) -> Blueprint:
    """Count what the items of a course and of its quizzes cover."""
    status = {item.id: (held_back(item, bank) or item).status for item in bank.items.values()}
    questions = [item for item in bank.items.values() if not isinstance(item, TextItem)]
    asked = [(item, _ONE) for item in questions if status[item.id] == "approved"]
    drafts = [item for item in questions if status[item.id] == "draft"]
    outcomes = dict(bank.course.outcomes)
    tables = (
        _table("outcome", "Outcome", _outcome_rows(outcomes, questions), asked, drafts, _outcomes),
        _table("bloom", "Bloom level", {n: n for n in LEVELS}, asked, drafts, _level),
        _table("difficulty", "Difficulty", _BANDS, asked, drafts, _difficulty),
        _table("type", "Type", _types(questions), asked, drafts, lambda item: (item.kind,)),
        _table("lecture", "Lecture", _lecture_rows(bank), asked, drafts, _lectures_of(bank)),
        _table("tag", "Tag", _tags(questions), asked, drafts, lambda item: item.tags),
    )
    marked = tuple(_marked(table, set(outcomes)) for table in tables)
    lectures = tuple(_lecture(bank, name, asked, drafts) for name in _lecture_rows(bank))
    covers: list[QuizCover] = []
    assignments = tuple(map(_assignment, bank.assignments.values()))
    gaps = _course_gaps(marked, lectures, assignments)
    for spec in bank.quizzes.values():
        quiz = assemble(spec, bank, Diagnostics())
        if quiz is None:
            message = f"The quiz {spec.id} has mistakes and is not counted."
            gaps.append(Gap("quiz", spec.id, spec.id, message))
            continue
        cover = _quiz(quiz, spec, bank)
        covers.append(cover)
        gaps += _quiz_gaps(cover)
    return Blueprint(
        course=bank.course.code,
        title=bank.course.title,
        count=_sum(asked),
        texts=sum(
            status[item.id] == "approved"
            for item in bank.items.values()
            if isinstance(item, TextItem)
        ),
        statuses=(
            *(
                (name, list(status.values()).count(name))
                for name in ("approved", "draft", "retired")
            ),
            ("stale", len(states(bank).stale)),
        ),
        tables=marked,
        matrix=_matrix(_outcome_rows(outcomes, questions), asked, set(outcomes)),
        lectures=lectures,
        quizzes=tuple(covers),
        assignments=assignments,
        gaps=tuple(gaps),
        left_out=len(bank.unsound - bank.items.keys() - bank.lectures.keys()),
    )


def natural(name: str) -> list[tuple[int, int, str]]:
    """Return what sorts TE2 before TE10."""
    parts = re.findall(r"\d+|\D+", name)
    return [(0, int(p), p) if p.isdecimal() else (1, 0, p) for p in parts]


def _sum(items: _Weighted) -> Count:
    counts = (Count(share, share * Fraction(item.points)) for item, share in items)
    return sum(counts, _NOTHING)


# Dimensions: what each question says of itself.

_Values = Callable[[Item], Iterable[str]]


def _outcomes(item: Item) -> Iterable[str]:
    return dict.fromkeys(item.outcomes)


def _level(item: Item) -> Iterable[str]:
    return (item.bloom,) if item.bloom else ()


def _difficulty(item: Item) -> Iterable[str]:
    return (name,) if (name := band(item.difficulty)) else ()


def _lectures_of(bank: Bank) -> _Values:
    return lambda item: [
        name
        for name in dict.fromkeys(source.partition("#")[0] for source in item.source)
        if name in bank.lectures
    ]


def _outcome_rows(listed: Mapping[str, str], items: Iterable[Item]) -> dict[str, str]:
    """Return outcomes with their labels: those of the course, then others that items name."""
    named = {outcome for item in items for outcome in item.outcomes} - listed.keys()
    rows = {code: f"{code} {text}".strip() for code, text in listed.items()}
    other = " (not in course.yaml)" if listed else ""
    return rows | {code: code + other for code in sorted(named, key=natural)}


def _types(items: Iterable[Item]) -> dict[str, str]:
    used = {item.kind for item in items}
    kinds = [kind.kind for kind in ITEM_TYPES if kind.kind in used]
    return {kind: kind.replace("_", " ") for kind in kinds}


def _lecture_rows(bank: Bank) -> dict[str, str]:
    ordered = sorted(
        bank.lectures.values(),
        key=lambda lecture: (lecture.number is None, lecture.number or 0, natural(lecture.name)),
    )
    return {lecture.name: f"{lecture.name}: {lecture.title}" for lecture in ordered}


def _tags(items: Iterable[Item]) -> dict[str, str]:
    tags = {tag for item in items for tag in item.tags}
    return {tag: tag for tag in sorted(tags, key=natural)}


def _table(
    name: str,
    title: str,
    labels: Mapping[str, str],
    asked: _Weighted,
    drafts: Iterable[Item],
    values: _Values,
) -> Table:
    counts = dict.fromkeys([*labels, NONE], _NOTHING)
    waiting = dict.fromkeys([*labels, NONE], 0)
    overlaps = False
    for item, share in asked:
        found = tuple(dict.fromkeys(values(item))) or (NONE,)
        overlaps = overlaps or len(found) > 1
        for value in found:
            counts[value] += _sum([(item, share)])
    for item in drafts:
        for value in tuple(dict.fromkeys(values(item))) or (NONE,):
            waiting[value] += 1
    rows = [
        Row(
            name=value,
            label=labels.get(value, "none given"),
            count=counts[value],
            drafts=waiting[value],
        )
        for value in counts
        if value != NONE or counts[value].items or waiting[value]
    ]
    return Table(name=name, title=title, rows=tuple(rows), overlaps=overlaps)


def _marked(table: Table, outcomes: set[str]) -> Table:
    """Return a table with its gaps: outcomes, levels and lectures that should have questions."""
    wanted = {
        "outcome": outcomes,
        "bloom": set(LEVELS),
        "lecture": {row.name for row in table.rows} - {NONE},
    }.get(table.name, set())
    rows = tuple(
        Row(
            name=row.name,
            label=row.label,
            count=row.count,
            drafts=row.drafts,
            gap=row.name in wanted and not row.count.items,
        )
        for row in table.rows
    )
    return Table(name=table.name, title=table.title, rows=rows, overlaps=table.overlaps)


def _matrix(labels: Mapping[str, str], items: _Weighted, expected: set[str]) -> Matrix:
    """Return outcomes by level; `expected` are the outcomes that should have questions."""
    places = {name: place for place, name in enumerate((*LEVELS, NONE))}
    cells = {name: [_NOTHING] * len(places) for name in (*labels, NONE)}
    columns = [_NOTHING] * len(places)
    totals = dict.fromkeys(cells, _NOTHING)
    for item, share in items:
        one, place = _sum([(item, share)]), places[item.bloom or NONE]
        columns[place] += one
        for outcome in tuple(_outcomes(item)) or (NONE,):
            cells[outcome][place] += one
            totals[outcome] += one
    rows = tuple(
        Cross(
            name=name,
            label=labels.get(name, "none given"),
            cells=tuple(cells[name]),
            total=totals[name],
            gap=name in expected and not totals[name].items,
        )
        for name in cells
        if name != NONE or totals[name].items
    )
    return Matrix(rows=rows, columns=tuple(columns), total=_sum(items))


def _lecture(bank: Bank, name: str, asked: _Weighted, drafts: Iterable[Item]) -> LectureCover:
    lecture = bank.lectures[name]
    slides = [slide for slide in lecture.slides if not slide.kinds]
    named = {source for item, _ in asked for source in item.source}
    here = _lectures_of(bank)
    return LectureCover(
        name=name,
        title=lecture.title,
        slides=len(slides),
        count=_sum([(item, share) for item, share in asked if name in here(item)]),
        drafts=sum(name in here(item) for item in drafts),
        missing=tuple(
            (f"{name}#{slide.id}", slide.title)
            for slide in slides
            if f"{name}#{slide.id}" not in named
        ),
    )


def _quiz(quiz: Quiz, spec: QuizSpec, bank: Bank) -> QuizCover:
    items = [
        (item, _ONE if section.pick is None else Fraction(section.pick, len(section.items)))
        for section in quiz.sections
        for item in section.items
        if not isinstance(item, TextItem)
    ]
    expected = _expected(items, spec, bank)
    named = {outcome for item, _ in items for outcome in item.outcomes}
    questions = [item for item, _ in items]
    labels = {
        code: label
        for code, label in _outcome_rows(dict(bank.course.outcomes), questions).items()
        if code in expected | named
    }
    types = _table("type", "Type", _types(questions), items, (), lambda item: (item.kind,))
    draws = tuple(
        f"{section.pick} of {len(section.items)} are drawn"
        + (f" in {section.title}" if section.title else "")
        for section in quiz.sections
        if section.pick is not None
    )
    return QuizCover(
        id=quiz.id,
        title=quiz.title,
        count=_sum(items),
        matrix=_matrix(labels, items, expected),
        types=types.rows,
        plan=tuple(_planned(spec.draft, questions)),
        draws=draws,
    )


def _expected(items: _Weighted, spec: QuizSpec, bank: Bank) -> set[str]:
    """Return the outcomes that a quiz should test: those that its lectures name.

    Its lectures are those of its plan, or else those that its questions rest on. A lecture names
    the outcomes whose codes stand in its abstract.
    """
    here = _lectures_of(bank)
    lectures = (spec.draft and spec.draft.lectures) or [n for item, _ in items for n in here(item)]
    found = set()
    for name in set(lectures) & bank.lectures.keys():
        words = set(re.findall(r"[\w.-]*\w", bank.lectures[name].abstract))
        found |= {code for code, _ in bank.course.outcomes if code in words}
    return found


def _planned(plan: Plan | None, questions: Sequence[Item]) -> Iterable[Planned]:
    if plan is None:
        return
    for kind, asked in plan.items:
        there = sum(item.kind == kind for item in questions)
        yield Planned(name=kind, label=kind.replace("_", " "), asked=asked, there=there)
    for level in plan.bloom:
        there = sum(item.bloom == level for item in questions)
        yield Planned(name=level, label=f"level {level}", asked=None, there=there)


def _assignment(assignment: Assignment) -> AssignmentCover:
    return AssignmentCover(
        name=assignment.name,
        title=assignment.title,
        status=assignment.status,
        tasks=len(assignment.tasks),
        points=Fraction(assignment.points),
        outcomes=assignment.outcomes,
    )


def _course_gaps(
    tables: Iterable[Table],
    lectures: Iterable[LectureCover],
    assignments: Iterable[AssignmentCover],
) -> list[Gap]:
    found: list[Gap] = []
    for table in tables:
        for row in table.rows:
            waiting = f" ({row.drafts} in draft)" if row.drafts else ""
            if row.gap and table.name == "outcome":
                others = [
                    one.name
                    for one in assignments
                    if one.status == "approved" and row.name in one.outcomes
                ]
                but = f"; the assignment {' and '.join(others)} does" if others else ""
                message = f"No question tests the outcome {row.name}{waiting}{but}."
                found.append(Gap("outcome", None, row.name, message))
            elif row.gap and table.name == "bloom":
                message = f"No question is on the level {row.name}{waiting}."
                found.append(Gap("bloom", None, row.name, message))
    for lecture in lectures:
        missing = len(lecture.missing)
        if missing:
            has = "has" if missing == 1 else "have"
            slides = f"{missing} of {lecture.slides} slides" if lecture.slides > 1 else "Its slide"
            message = f"{lecture.name}: {slides} {has} no question."
            found.append(Gap("slides", None, lecture.name, message))
    return found


def _quiz_gaps(cover: QuizCover) -> Iterable[Gap]:
    for row in cover.matrix.rows:
        if row.gap:
            message = f"{cover.id}: no question tests the outcome {row.name}."
            yield Gap("quiz outcome", cover.id, row.name, message)
    for planned in cover.plan:
        if planned.met:
            continue
        if planned.asked is None:
            message = f"{cover.id}: the plan asks for the {planned.label}; no question has it."
        else:
            there = "1 is" if planned.there == 1 else f"{planned.there or 'none'} are"
            message = (
                f"{cover.id}: the plan asks for {planned.asked} {planned.label}; {there} there."
            )
        yield Gap("quiz plan", cover.id, planned.name, message)


def number(value: Fraction) -> str:
    """Return a number of items or points with two decimals at most."""
    text = f"{float(round(value, 2)):.2f}"
    return text.rstrip("0").rstrip(".")
