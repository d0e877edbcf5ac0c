"""The comparison of two courses: a pure function of what was read of them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain
from typing import TypeVar

from coursec.diff.assignments import assignment_changes
from coursec.diff.changes import (
    Change,
    CourseDiff,
    ItemChange,
    Kind,
    QuizChange,
    Side,
    Touch,
)
from coursec.diff.items import item_changes
from coursec.diff.lectures import lecture_changes
from coursec.diff.quizzes import Held, contents_changes, held, quiz_changes
from coursec.model.items import Item
from coursec.model.quiz import Course, QuizSpec
from coursec.proof.textform import form

_T = TypeVar("_T")
_COURSE_FILE = "course.yaml"
_EFFECTS = ("key", "score", "")


def compare(old: Side, new: Side) -> CourseDiff:
    """Return everything that changed from one revision of a course to another."""
    names = _renamed_items(old, new)
    before, after = held(old.bank), held(new.bank)
    items, unread = _items(old, new, names, before, after)
    return CourseDiff(
        course=tuple(_course(old, new)),
        items=tuple(sorted(items, key=lambda change: _EFFECTS.index(change.effect))),
        quizzes=tuple(_quizzes(old, new, names, before, after, items)),
        assignments=tuple(assignment_changes(old, new)),
        lectures=tuple(lecture_changes(old.bank, new.bank)),
        unread=tuple(unread),
        old_faults=old.faults,
        new_faults=new.faults,
    )


def _faulty(side: Side) -> set[str]:
    return {fault.path for fault in side.faults}


def _course(old: Side, new: Side) -> Iterator[Change]:
    if _COURSE_FILE in _faulty(old) | _faulty(new):
        return
    a, b = old.bank.course, new.bank.course
    for field, what, before, after in (
        ("course", "code", a.code, b.code),
        ("title", "title", a.title, b.title),
        ("language", "language", a.language, b.language),
        ("targets", "targets", _targets(a), _targets(b)),
    ):
        if before != after:
            yield Change(field, what, before, after)

    outcomes = dict(a.outcomes), dict(b.outcomes)
    for code in dict.fromkeys([*outcomes[1], *outcomes[0]]):
        words = outcomes[0].get(code), outcomes[1].get(code)
        if words[0] != words[1]:
            yield Change("outcomes", f"outcome {code}", *words)


def _targets(course: Course) -> str:
    return "all" if course.targets is None else ", ".join(sorted(course.targets))


# Items.


def _gone(old: Side, new: Side) -> dict[str, Item]:
    """Return the items that are in one revision and neither whole nor broken in the other."""
    bank = new.bank
    # What is missing in a file of which something was read is gone.
    unread = _faulty(new) - {_path(item) for item in bank.items.values()}
    return {
        name: item
        for name, item in old.bank.items.items()
        if name not in bank.items and name not in bank.unsound and _path(item) not in unread
    }


def _path(item: Item) -> str:
    return item.span.path if item.span else ""


def _renamed_items(old: Side, new: Side) -> dict[str, str]:
    """Return the new ids of renamed items by their old ones.

    An item is the same one when everything but its id is; or when its type, its stem and its
    key are, and no other item that is new or gone has that stem.
    """
    gone, come = _gone(old, new), _gone(new, old)
    names = dict(_partners(gone, come, _content))
    taken = set(names.values())
    rest = {name: item for name, item in gone.items() if name not in names}
    fresh = {name: item for name, item in come.items() if name not in taken}
    for a, b in _partners(rest, fresh, _stem):
        changes = item_changes(rest[a], fresh[b])
        if not any(change.effect == "key" for change in changes):
            names[a] = b
    return names


def _partners(
    old: Mapping[str, Item], new: Mapping[str, Item], key: Callable[[Item], Hashable]
) -> Iterator[tuple[str, str]]:
    """Yield the ids of items that alone on their side have an equal key."""
    sides = (_by(old.values(), key), _by(new.values(), key))
    for content, found in sides[0].items():
        others = sides[1].get(content, [])
        if content is not None and len(found) == len(others) == 1:
            yield found[0].id, others[0].id


def _by(values: Iterable[_T], key: Callable[[_T], Hashable]) -> dict[Hashable, list[_T]]:
    found: dict[Hashable, list[_T]] = {}
    for value in values:
        found.setdefault(key(value), []).append(value)
    return found


def _content(item: Item) -> Hashable:
    return item.kind, repr(replace(item, id="", span=None))


def _stem(item: Item) -> Hashable:
    text = form(item.stem) or form(getattr(item, "text", None))
    return (item.kind, text) if text else None


def _items(
    old: Side, new: Side, names: Mapping[str, str], before: Held, after: Held
) -> tuple[list[ItemChange], list[str]]:
    gone, come = _gone(old, new), _gone(new, old)
    first = {new_id: old_id for old_id, new_id in names.items()}
    skipped = _unsure(old, new)
    found: list[ItemChange] = []
    for name, item in new.bank.items.items():
        if name in first:
            a = old.bank.items[first[name]]
            found.append(_changed(a, item, names, skipped, before, after))
        elif name in come:
            found.append(_whole("added", item, after))
        elif name in old.bank.items:
            change = _changed(old.bank.items[name], item, names, skipped, before, after)
            if change.old_path is not None or change.changes:
                found.append(change)
    found += [_whole("removed", item, before) for name, item in gone.items() if name not in names]
    single = old.bank.items.keys() ^ new.bank.items.keys()
    unread = single - gone.keys() - come.keys()
    return found, sorted(unread)


def _unsure(old: Side, new: Side) -> frozenset[str]:
    """Return the fields whose defaults are unknown because a course.yaml cannot be read."""
    unknown: frozenset[str] = frozenset()
    if _COURSE_FILE in _faulty(old):
        unknown |= new.bank.course.defaulted
    if _COURSE_FILE in _faulty(new):
        unknown |= old.bank.course.defaulted
    return unknown


def _whole(kind: Kind, item: Item, there: Held) -> ItemChange:
    return ItemChange(
        kind=kind,
        id=item.id,
        name=item.name,
        type=item.kind,
        path=_path(item),
        line=item.span.line if item.span else 1,
        touches=there.touches.get(item.id, ()),
    )


def _changed(
    old: Item,
    new: Item,
    names: Mapping[str, str],
    skipped: frozenset[str],
    before: Held,
    after: Held,
) -> ItemChange:
    renamed = old.id != new.id
    moved = _path(old) != _path(new)
    if old.stimulus and old.stimulus in names:
        old = replace(old, stimulus=names[old.stimulus])
    changes = item_changes(old, new, skipped)
    touches: tuple[Touch, ...] = ()
    if renamed or any(change.field != "notes" for change in changes):
        touches = _union(before.touches.get(old.id, ()), after.touches.get(new.id, ()))
    return ItemChange(
        kind="renamed" if renamed else "changed" if changes else "moved",
        id=new.id,
        name=new.name,
        type=new.kind,
        path=_path(new),
        line=new.span.line if new.span else 1,
        old_id=old.id if renamed else None,
        old_path=_path(old) if moved else None,
        changes=tuple(changes),
        touches=touches,
    )


def _union(old: Iterable[Touch], new: Iterable[Touch]) -> tuple[Touch, ...]:
    """Return the quizzes of both revisions, as they are in the new one where they are in both."""
    found = {touch.quiz: touch for touch in chain(old, new)}
    return tuple(found[name] for name in sorted(found))


# Quizzes.


def _quizzes(
    old: Side,
    new: Side,
    names: Mapping[str, str],
    before: Held,
    after: Held,
    items: list[ItemChange],
) -> Iterator[QuizChange]:
    gone, come = _lost_quizzes(old, new), _lost_quizzes(new, old)
    renamed = _renamed_quizzes(gone, come)
    first = {b: a for a, b in renamed.items()}
    for name, spec in new.bank.quizzes.items():
        if name in come and name not in first:
            yield _quiz("added", spec, items, broken=after.broken.get(name, ""))
            continue
        earlier = old.bank.quizzes.get(first.get(name, name))
        if earlier is None:
            continue
        changes = quiz_changes(earlier, spec, names)
        a, b = before.quizzes.get(earlier.id), after.quizzes.get(name)
        gained: tuple[str, ...] = ()
        lost: tuple[str, ...] = ()
        if a and b:
            changes += contents_changes(a, b, names)
            had = {names.get(item.id, item.id): item.id for item in a.items}
            has = {item.id for item in b.items}
            gained = tuple(item.id for item in b.items if item.id not in had)
            lost = tuple(id_ for now, id_ in had.items() if now not in has)
        found = _quiz(
            "renamed" if name in first else "changed" if changes else "touched",
            spec,
            items,
            old_id=first.get(name),
            changes=tuple(changes),
            gained=gained,
            lost=lost,
            broken=_broken(earlier.id, name, before, after),
        )
        if found.kind != "touched" or found.items or gained or lost:
            yield found
    for name, spec in gone.items():
        if name not in renamed:
            yield _quiz("removed", spec, items)


def _broken(old: str, new: str, before: Held, after: Held) -> str:
    """Return why a quiz cannot be assembled any more, or could not before."""
    if new in after.broken:
        return after.broken[new]
    return f"Before: {before.broken[old]}" if old in before.broken else ""


def _quiz(
    kind: Kind,
    spec: QuizSpec,
    items: list[ItemChange],
    *,
    old_id: str | None = None,
    changes: tuple[Change, ...] = (),
    gained: tuple[str, ...] = (),
    lost: tuple[str, ...] = (),
    broken: str = "",
) -> QuizChange:
    touched = [
        item for item in items if any(touch.quiz in (spec.id, old_id) for touch in item.touches)
    ]
    return QuizChange(
        kind=kind,
        id=spec.id,
        title=spec.title,
        path=spec.span.path if spec.span else "",
        old_id=old_id,
        changes=changes,
        gained=gained,
        lost=lost,
        items=tuple(item.id for item in touched if item.kind in ("changed", "renamed")),
        keys=tuple(item.id for item in touched if item.effect == "key"),
        broken=broken,
    )


def _lost_quizzes(old: Side, new: Side) -> dict[str, QuizSpec]:
    faulty = _faulty(new)
    return {
        name: spec
        for name, spec in old.bank.quizzes.items()
        if name not in new.bank.quizzes and not (spec.span and spec.span.path in faulty)
    }


def _renamed_quizzes(gone: Mapping[str, QuizSpec], come: Mapping[str, QuizSpec]) -> dict[str, str]:
    def content(spec: QuizSpec) -> Hashable:
        same_title = "" if spec.title == spec.id else spec.title
        return repr(replace(spec, id="", title=same_title, span=None))

    sides = _by(gone.values(), content), _by(come.values(), content)
    return {
        found[0].id: sides[1][key][0].id
        for key, found in sides[0].items()
        if len(found) == len(sides[1].get(key, ())) == 1
    }
