"""Every cell of the capability table, proven: an item is built, written and read back.

The golden course uses every type and every feature. Its outputs must be read back as the table
announces, which proves each cell that says how something is carried. That a cell does not announce
more than it must is proven by the change it announces: one that changes nothing is a lie as well.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from coursec.diagnostics import Diagnostics
from coursec.model.items import ITEM_TYPES, Item
from coursec.model.quiz import Quiz
from coursec.proof.compare import compare_items
from coursec.proof.expected import EXPECTED, expected_of
from coursec.proof.prove import output_path, prove
from coursec.readers import reader
from coursec.readers.reading import Reading
from coursec.targets import TARGETS, emitter
from coursec.targets.capability import SUPPORT, TYPES, Carry, left_out, support
from coursec.targets.features import FEATURES, QUIZ_FEATURES
from coursec.targets.page import page
from courses import read

GOLDEN = Path(__file__).parents[1] / "golden/course"
PAGE = Path(__file__).parents[2] / "docs/targets.md"
READABLE = tuple(EXPECTED)


@pytest.fixture(scope="module")
def quiz() -> Quiz:
    return read(GOLDEN)[1][0]


LOST_OUTSIDE = {
    ("gift", "tiny_numbers"),  # Moodle's own marking
    ("moodle", "tiny_numbers"),
    ("gift", "accept"),  # with the whole item
    ("gift", "max_files"),
    ("gift", "gap_points"),  # with the points of the item
}
"""What is lost without a trace in the file's own item."""


@cache
def reading(target: str) -> Reading:
    data = emitter(target)(read(GOLDEN)[1][0])[0].data  # type: ignore[union-attr]
    return reader(expected_of(target).format)("x", data, Diagnostics())[0]


def cells(carry: Carry) -> list[tuple[str, str]]:
    rows = ((target, key) for target in READABLE for key in FEATURES)
    return [row for row in rows if support(*row).carry is carry]


@pytest.mark.parametrize("target", READABLE)
def test_nothing_differs_but_what_is_announced(quiz: Quiz, target: str) -> None:
    sink = Diagnostics()
    (output,) = emitter(target)(quiz)
    assert output.path == output_path(target, quiz)
    prove(quiz, target, output.data, sink)  # type: ignore[union-attr]
    assert [d.message for d in sink] == []


@pytest.mark.parametrize("target", READABLE)
def test_a_change_is_announced_for_each_cell_that_is_not_carried(target: str) -> None:
    changes = expected_of(target).changes
    announced = {key for key in SUPPORT[target] if key in FEATURES}
    assert set(changes) == announced


@pytest.mark.parametrize(("target", "key"), cells(Carry.LOST))
def test_what_is_lost_is_not_there(quiz: Quiz, target: str, key: str) -> None:
    using = [i for i in quiz.items if FEATURES[key].used(i, quiz) and not left_out(target, i)]
    found = {item.id: item for item in reading(target).items}
    if (target, key) in LOST_OUTSIDE:
        assert expected_of(target).changes[key] is None
        return
    assert all(differs(item, found[item.id], quiz) for item in using)


@pytest.mark.parametrize(("target", "key"), cells(Carry.DIFFERENTLY))
def test_what_is_carried_differently_is_there(quiz: Quiz, target: str, key: str) -> None:
    using = [i for i in quiz.items if FEATURES[key].used(i, quiz) and not left_out(target, i)]
    found = {item.id for item in reading(target).items}
    assert all(item.id in found for item in using)


def differs(item: Item, other: Item, quiz: Quiz) -> bool:
    return any(True for _ in compare_items(item, other, quiz.course.language))


@pytest.mark.parametrize("target", READABLE)
def test_a_type_is_left_out_turned_into_another_or_carried(quiz: Quiz, target: str) -> None:
    found = {item.id: item.kind for item in reading(target).items}
    for kind in {type(item).kind for item in quiz.items}:
        cell = TYPES[target].get(kind)
        kept = [i for i in quiz.items if i.kind == kind and not left_out(target, i)]
        if cell is None:
            assert kept
            assert all(found[item.id] == kind for item in kept)
        elif cell.carry is Carry.LOST:
            assert not kept


@pytest.mark.parametrize("target", TARGETS)
def test_the_table_knows_no_other_rows(target: str) -> None:
    assert set(SUPPORT[target]) <= set(FEATURES) | set(QUIZ_FEATURES)
    assert set(TYPES[target]) <= {kind.kind for kind in ITEM_TYPES}


def test_the_page_is_the_table(request: pytest.FixtureRequest) -> None:
    if request.config.getoption("force_regen"):
        PAGE.write_text(page(), "utf-8")
    assert PAGE.read_text("utf-8") == page()
