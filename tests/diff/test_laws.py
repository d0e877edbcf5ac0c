"""Laws of comparison that hypothesis tries to break."""

from __future__ import annotations

import dataclasses
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from coursec.diagnostics import Span
from coursec.diff.changes import CourseDiff, Side
from coursec.diff.compare import compare
from coursec.diff.items import COMPARE, item_changes
from coursec.model.items import ITEM_TYPES, Item, TextItem
from coursec.model.quiz import Bank, Course, ItemReference, Pool, QuizSpec, SectionSpec
from coursec.proof.itemform import item_fields
from itemstrategies import STIMULUS, banks, items

SETTINGS = settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
QUIZ = QuizSpec(
    id="quiz",
    title="Quiz",
    sections=(
        SectionSpec(items=(ItemReference(pattern="*"),)),
        SectionSpec(pool=Pool(tags=("x",)), pick=1),
    ),
)


def side(found: list[Item], path: str = "items/a.yaml") -> Side:
    placed = [
        replace(item, span=Span(path, number, 1, number, 2)) for number, item in enumerate(found)
    ]
    bank = Bank(
        course=Course(code="T-1", title="Test"),
        items={item.id: item for item in placed},
        quizzes={"quiz": QUIZ},
        lectures={},
    )
    return Side(bank)


def ids(diff: CourseDiff, kind: str) -> set[str]:
    return {item.id for item in diff.items if item.kind == kind}


def test_every_field_of_every_type_is_compared() -> None:
    fields = {
        field.name for kind in ITEM_TYPES for field in dataclasses.fields(kind) if field.compare
    }
    assert fields - {"id"} == set(COMPARE)


@pytest.mark.parametrize("kind", ITEM_TYPES, ids=lambda kind: kind.kind)
@given(data=st.data())
@SETTINGS
def test_a_change_of_one_field_is_named_by_that_field(
    kind: type[Item], data: st.DataObject
) -> None:
    """What no change is named for, the proof's own form of an item does not tell apart."""
    old, other = data.draw(items([kind])), data.draw(items([kind]))
    names = [field.name for field in dataclasses.fields(kind) if field.name in COMPARE]
    name = data.draw(st.sampled_from(names))
    new = replace(old, **{name: getattr(other, name)})
    changes = item_changes(old, new)
    assert {change.field for change in changes} <= {name}
    if not changes:
        assert item_fields(old, "en") == item_fields(new, "en")
        assert (old.status, old.notes) == (new.status, new.notes)
        assert set(old.source) == set(new.source)
    for change in changes:
        assert change.what
        assert change.old is not None or change.new is not None


@pytest.mark.parametrize("kind", [k for k in ITEM_TYPES if k is not TextItem], ids=lambda k: k.kind)
@given(data=st.data())
@SETTINGS
def test_what_earns_otherwise_affects_grades(kind: type[Item], data: st.DataObject) -> None:
    """A change of what is right or what it earns is never told as one of words only."""
    old, other = data.draw(items([kind])), data.draw(items([kind]))
    marked = {"answer", "answers", "case_sensitive", "scoring", "points", "sequence"}
    names = [f.name for f in dataclasses.fields(kind) if f.name in marked]
    name = data.draw(st.sampled_from(names))
    new = replace(old, **{name: getattr(other, name)})
    scored = [k for k, v in item_fields(old, "en").items() if v != item_fields(new, "en").get(k)]
    words_only = all(k.startswith(("feedback", "entry")) for k in scored)
    if scored and not words_only:
        assert any(change.effect for change in item_changes(old, new))


@given(found=banks())
@SETTINGS
def test_nothing_changed_in_a_bank_that_is_the_same(found: list[Item]) -> None:
    assert not compare(side(found), side(found))


@given(old=banks(), new=banks())
@SETTINGS
def test_the_other_way_round_added_is_removed(old: list[Item], new: list[Item]) -> None:
    there, back = compare(side(old), side(new)), compare(side(new), side(old))
    assert ids(there, "added") == ids(back, "removed")
    assert ids(there, "removed") == ids(back, "added")
    assert {(i.old_id, i.id) for i in there.items if i.old_id} == {
        (i.id, i.old_id) for i in back.items if i.old_id
    }
    assert {i.id for i in there.items if i.kind == "changed"} == {
        i.id for i in back.items if i.kind == "changed"
    }


@given(old=banks(), new=banks())
@SETTINGS
def test_every_id_is_told_once(old: list[Item], new: list[Item]) -> None:
    diff = compare(side(old), side(new))
    before, after = {item.id for item in old}, {item.id for item in new}
    gone = ids(diff, "removed") | {item.old_id for item in diff.items if item.old_id}
    assert gone == before - after
    assert ids(diff, "added") | ids(diff, "renamed") == after - before
    assert len({item.id for item in diff.items}) == len(diff.items)


@given(found=banks(), data=st.data())
@SETTINGS
def test_another_id_is_a_new_name(found: list[Item], data: st.DataObject) -> None:
    number = data.draw(st.integers(0, len(found) - 1))
    renamed = replace(found[number], id="renamed-item")
    assume(all(item.id != renamed.id for item in found))
    alike = [replace(item, id="", span=None) for item in found]
    assume(alike.count(alike[number]) == 1)
    old_id = found[number].id
    new = [
        replace(item, stimulus=renamed.id) if item.stimulus == old_id == STIMULUS else item
        for item in found
    ]
    new[number] = renamed
    diff = compare(side(found), side(new))
    assert [(i.kind, i.old_id, i.id, i.changes) for i in diff.items] == [
        ("renamed", old_id, "renamed-item", ())
    ]


@given(found=banks())
@SETTINGS
def test_another_file_is_a_move(found: list[Item]) -> None:
    diff = compare(side(found), side(found, "items/b.yaml"))
    assert {item.kind for item in diff.items} == {"moved"}
    assert {item.old_path for item in diff.items} == {"items/a.yaml"}
    assert not any(item.touches for item in diff.items)
