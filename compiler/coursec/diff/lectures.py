"""The changes of lectures, and the items that rest on slides that changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from coursec.diff.changes import Change, LectureChange
from coursec.model.items import Item
from coursec.model.quiz import Bank, Lecture, Slide


def lecture_changes(old: Bank, new: Bank) -> Iterator[LectureChange]:
    """Yield every lecture that changed, in the order of the course."""
    resting = _by_slide(old.items.values()), _by_slide(new.items.values())
    for name in dict.fromkeys([*new.lectures, *old.lectures]):
        a, b = old.lectures.get(name), new.lectures.get(name)
        if name in old.unsound | new.unsound or a == b:
            continue
        changes = tuple(_slides(a, b))
        slides = [change.field for change in changes if change.old is not None]
        items = sorted({id_ for slide in slides for side in resting for id_ in side.get(slide, ())})
        there = b or a
        assert there
        kept = [id_ for id_ in items if id_ in new.items] if b else items
        yield LectureChange(
            kind="added" if a is None else "removed" if b is None else "changed",
            name=name,
            title=there.title,
            changes=changes if a and b else (),
            items=tuple(kept),
        )


def _by_slide(items: Iterable[Item]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for item in items:
        for source in item.source:
            found.setdefault(source, []).append(item.id)
    return found


def _slides(old: Lecture | None, new: Lecture | None) -> Iterator[Change]:
    """Yield what changed in a lecture; the field of a slide's change is its reference."""
    if old and new:
        for field, what, before, after in (
            ("title", "title", old.title, new.title),
            ("number", "number", _number(old), _number(new)),
            ("abstract", "abstract", old.abstract or None, new.abstract or None),
        ):
            if before != after:
                yield Change(field, what, before, after)
    a = {slide.id: slide for slide in (old.slides if old else ())}
    b = {slide.id: slide for slide in (new.slides if new else ())}
    lecture = new or old
    assert lecture
    for name in dict.fromkeys([*b, *a]):
        first, second = a.get(name), b.get(name)
        if first == second:
            continue
        words = _words(first), _words(second)
        if words[0] == words[1]:
            words = _kinds(first), _kinds(second)
        yield Change(f"{lecture.name}#{name}", f"slide {name}", *words)
    kept = [name for name in a if name in b]
    if old and new and kept != [name for name in b if name in a]:
        yield Change("slides", "order of slides", ", ".join(a), ", ".join(b))


def _words(slide: Slide | None) -> str | None:
    return None if slide is None else f"{slide.title}\n\n{slide.text}".strip()


def _kinds(slide: Slide | None) -> str | None:
    return None if slide is None else ", ".join(sorted(slide.kinds)) or "matter"


def _number(lecture: Lecture) -> str | None:
    return None if lecture.number is None else str(lecture.number)
