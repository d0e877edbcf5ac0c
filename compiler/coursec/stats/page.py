"""A blueprint as one HTML page that needs nothing else: no script, no font, no address.

What a chart shows stands in the table below it too. Texts are put into a tree, so that nothing
an author wrote can become markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from lxml import html

from coursec.model.numbers import counted
from coursec.stats.blueprint import (
    LEVELS,
    AssignmentCover,
    Blueprint,
    Count,
    Gap,
    LectureCover,
    Matrix,
    QuizCover,
    Table,
)
from coursec.stats.chart import chart
from coursec.stats.style import STYLE
from coursec.stats.survey import number
from coursec.stats.tags import tag

if TYPE_CHECKING:
    from lxml.etree import _Element

_SAFE = "default-src 'none'; style-src 'unsafe-inline'"
"""The page loads nothing and runs nothing, whatever stands in it."""
_HEADS = (*LEVELS, "no level")


def page(blueprint: Blueprint) -> str:
    """Return the page."""
    title = f"{blueprint.course}: {blueprint.title}"
    root = tag(
        "html",
        tag(
            "head",
            tag("meta", charset="utf-8"),
            tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
            tag("meta", name="color-scheme", content="light dark"),
            tag("meta", http_equiv="Content-Security-Policy", content=_SAFE),
            tag("title", f"Blueprint of {title}"),
            tag("style", STYLE),
        ),
        tag(
            "body",
            tag(
                "header", tag("p", "Blueprint", class_="kind"), tag("h1", title), _facts(blueprint)
            ),
            tag("main", *_main(blueprint)),
        ),
        lang="en",
    )
    made = html.tostring(root, doctype="<!DOCTYPE html>", encoding="unicode")
    assert isinstance(made, str)
    return made + "\n"


def _facts(blueprint: Blueprint) -> _Element:
    facts = [
        ("approved questions", number(blueprint.count.items)),
        ("points", number(blueprint.count.points)),
        ("texts", str(blueprint.texts)),
        *((f"{name} items", str(count)) for name, count in blueprint.statuses[1:] if count),
        ("quizzes", str(len(blueprint.quizzes))),
        *([("assignments", str(len(blueprint.assignments)))] if blueprint.assignments else []),
        ("gaps", str(len(blueprint.gaps))),
    ]
    rows = (tag("div", tag("dt", name), tag("dd", value)) for name, value in facts)
    return tag("dl", *rows, class_="facts")


def _main(blueprint: Blueprint) -> Iterator[_Element]:
    if blueprint.left_out:
        words = f"{counted(blueprint.left_out, 'item')} with mistakes could not be counted."
        yield tag("p", words, class_="notice")
    yield _section("gaps", "Gaps", *_gaps(blueprint.gaps))
    yield _section(
        "matrix",
        "Outcomes and Bloom levels",
        chart(blueprint.matrix),
        _matrix(blueprint.matrix, "Approved questions by outcome and Bloom level"),
    )
    # The matrix is the table of outcomes.
    tables = [_table(table) for table in blueprint.tables[1:] if table.rows]
    yield _section("dimensions", "The bank", tag("div", *tables, class_="tables"))
    if blueprint.lectures:
        yield _section("lectures", "Lectures", *map(_lecture, blueprint.lectures))
    for quiz in blueprint.quizzes:
        yield _section(f"quiz-{quiz.id}", f"Quiz: {quiz.title}", *_quiz(quiz))
    if blueprint.assignments:
        yield _section("assignments", "Assignments", _assignments(blueprint.assignments))


def _section(name: str, title: str, *content: _Element) -> _Element:
    head = tag("h2", title, id=f"{name}-title")
    return tag("section", head, *content, id=name, aria_labelledby=f"{name}-title")


def _gaps(gaps: Iterable[Gap]) -> Iterator[_Element]:
    rows = [tag("li", gap.message) for gap in gaps]
    yield tag("ul", *rows, class_="gaps") if rows else tag("p", "There are none.")


def _matrix(matrix: Matrix, caption: str) -> _Element:
    used = len(_HEADS) if matrix.columns[-1].items else len(LEVELS)
    most = max((c.items for row in matrix.rows for c in row.cells), default=Fraction(0))
    heads = [tag("th", head, scope="col") for head in ("Outcome", *_HEADS[:used], "all")]
    body = []
    for row in matrix.rows:
        name = [tag("span", row.name or "none given", class_="code")]
        if row.name and row.label != row.name:
            name.append(tag("span", row.label.removeprefix(row.name).strip(), class_="about"))
        if row.gap:
            name.append(tag("strong", "gap: no question", class_="mark"))
        cells = [_cell(count, most) for count in row.cells[:used]]
        body.append(
            tag(
                "tr",
                tag("th", *name, scope="row"),
                *cells,
                _cell(row.total, Fraction(0)),
                class_="gap" if row.gap else None,
            )
        )
    foot = [_cell(count, Fraction(0)) for count in (*matrix.columns[:used], matrix.total)]
    return tag(
        "div",
        tag(
            "table",
            tag("caption", f"{caption}. Questions, and their points in small print."),
            tag("thead", tag("tr", *heads)),
            tag("tbody", *body),
            tag("tfoot", tag("tr", tag("th", "all", scope="row"), *foot)),
            class_="matrix",
        ),
        class_="wide",
        tabindex="0",
        role="region",
        aria_label=caption,
    )


def _cell(count: Count, most: Fraction) -> _Element:
    """Return a cell; it is the darker, of four shades, the more questions it holds."""
    if not count.items:
        return tag("td", tag("span", "0", class_="zero"))
    shade = 1 + int(3 * count.items / most) if most else 0
    return tag(
        "td",
        number(count.items),
        tag("small", f"{number(count.points)} p."),
        class_=f"shade-{min(shade, 4)}" if shade else None,
    )


def _table(table: Table) -> _Element:
    """Return a table with a bar for each row."""
    most = max((row.count.items for row in table.rows), default=Fraction(0))
    drafts = any(row.drafts for row in table.rows)
    names = [table.title, "questions", "points", *(["drafts"] if drafts else [])]
    body = []
    for row in table.rows:
        label: list[_Element | str] = [row.label]
        if row.gap:
            label.append(tag("strong", "gap", class_="mark"))
        cells = [number(row.count.items), number(row.count.points)]
        cells += [str(row.drafts)] if drafts else []
        body.append(
            tag(
                "tr",
                tag("th", *label, _bar(row.count.items, most), scope="row"),
                *(tag("td", cell) for cell in cells),
                class_="gap" if row.gap else None,
            )
        )
    caption = f"By {table.title.lower().replace('bloom', 'Bloom')}"
    if table.overlaps:
        caption += ". A question with several counts for each"
    return tag(
        "table",
        tag("caption", caption),
        tag("thead", tag("tr", *(tag("th", name, scope="col") for name in names))),
        tag("tbody", *body),
        class_="rows",
    )


def _bar(value: Fraction, most: Fraction) -> _Element:
    """Return a bar below a label; the number stands beside it."""
    length = number(100 * value / most) if most else "0"
    return tag(
        "svg",
        tag("rect", class_="track", width="100", height="4"),
        tag("rect", class_="fill", width=length, height="4"),
        class_="bar",
        viewBox="0 0 100 4",
        preserveAspectRatio="none",
        aria_hidden="true",
        focusable="false",
    )


def _lecture(lecture: LectureCover) -> _Element:
    asked = lecture.slides - len(lecture.missing)
    words = f"{counted(number(lecture.count.items), 'question')} on {asked} of "
    words += counted(lecture.slides, "slide") + "."
    parts = [tag("h3", lecture.title), tag("p", tag("code", lecture.name), " ", words)]
    if lecture.missing:
        rows = (
            tag("li", title, " ", tag("code", f"#{reference.partition('#')[2]}"))
            for reference, title in lecture.missing
        )
        parts += [tag("p", "No question asks about:"), tag("ul", *rows, class_="slides")]
    return tag("article", *parts)


def _quiz(quiz: QuizCover) -> Iterator[_Element]:
    words = f"{counted(number(quiz.count.items), 'question')}, "
    words += counted(number(quiz.count.points), "point") + "."
    if quiz.draws:
        words += f" {'; '.join(quiz.draws)}: each counts its share."
    yield tag("p", words)
    yield _matrix(quiz.matrix, f"Questions of {quiz.title} by outcome and Bloom level")
    tables = [_table(Table(name="type", title="Type", rows=quiz.types))] if quiz.types else []
    if quiz.plan:
        tables.append(_plan(quiz))
    yield tag("div", *tables, class_="tables")


def _plan(quiz: QuizCover) -> _Element:
    rows = []
    for planned in quiz.plan:
        label: list[_Element | str] = [planned.label]
        if not planned.met:
            label.append(tag("strong", "gap", class_="mark"))
        rows.append(
            tag(
                "tr",
                tag("th", *label, scope="row"),
                tag("td", "some" if planned.asked is None else str(planned.asked)),
                tag("td", str(planned.there)),
                class_=None if planned.met else "gap",
            )
        )
    heads = (tag("th", name, scope="col") for name in ("Plan", "asked for", "there"))
    return tag(
        "table",
        tag("caption", "The plan in draft, pools counted in full"),
        tag("thead", tag("tr", *heads)),
        tag("tbody", *rows),
        class_="rows",
    )


def _assignments(assignments: Iterable[AssignmentCover]) -> _Element:
    rows = []
    for one in assignments:
        about = one.title if one.status == "approved" else f"{one.title} ({one.status})"
        rows.append(
            tag(
                "tr",
                tag("th", about, scope="row"),
                tag("td", str(one.tasks)),
                tag("td", number(one.points)),
                tag("td", ", ".join(one.outcomes) or "none"),
            )
        )
    names = ("Assignment", "tasks", "points", "outcomes")
    return tag(
        "table",
        tag("caption", "Tasks and points, and the outcomes that each names"),
        tag("thead", tag("tr", *(tag("th", name, scope="col") for name in names))),
        tag("tbody", *rows),
        class_="rows",
    )
