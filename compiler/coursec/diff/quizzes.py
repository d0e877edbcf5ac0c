"""The changes between two forms of one quiz: its own settings, its sections, what it holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from coursec.assembly import assemble
from coursec.diagnostics import Diagnostics
from coursec.diff.answers import matched, text_change
from coursec.diff.changes import Change, Touch
from coursec.diff.words import number_words
from coursec.model.items import ZERO
from coursec.model.quiz import Bank, Plan, Pool, Quiz, QuizSpec, SectionSpec, points_of


@dataclass(frozen=True, slots=True)
class Held:
    """What the quizzes of one revision hold."""

    quizzes: Mapping[str, Quiz]
    broken: Mapping[str, str]
    """Why a quiz could not be assembled, by its name."""
    touches: Mapping[str, tuple[Touch, ...]]
    """The quizzes that hold an item, by its id."""


def held(bank: Bank) -> Held:
    """Assemble every quiz of a bank: globs, pools and stimuli are found as `build` finds them."""
    quizzes: dict[str, Quiz] = {}
    broken: dict[str, str] = {}
    touches: dict[str, dict[str, Touch]] = {}
    for name, spec in bank.quizzes.items():
        sink = Diagnostics()
        quiz = assemble(spec, bank, sink)
        if quiz is None:
            messages = [d.message for d in sink if d.code.startswith("E")]
            broken[name] = messages[0] if messages else "It names items that have mistakes."
            continue
        quizzes[name] = quiz
        for section in quiz.sections:
            for item in section.items:
                drawn = section.pick is not None
                touches.setdefault(item.id, {})[name] = Touch(name, drawn)
                if item.stimulus:
                    touches.setdefault(item.stimulus, {}).setdefault(name, Touch(name, drawn))
    return Held(quizzes, broken, {id_: tuple(found.values()) for id_, found in touches.items()})


def quiz_changes(old: QuizSpec, new: QuizSpec, names: Mapping[str, str]) -> list[Change]:
    """Return what changed in a quiz as written; `names` gives the new ids of renamed items."""
    found: list[Change] = []
    for field, what, before, after in (
        ("title", "title", old.title, new.title),
        ("time_limit", "time limit", _minutes(old.time_limit), _minutes(new.time_limit)),
        ("attempts", "attempts", _attempts(old.attempts), _attempts(new.attempts)),
        ("shuffle", "shuffled items", _yes(old.shuffle_items), _yes(new.shuffle_items)),
        ("shuffle", "shuffled choices", _yes(old.shuffle_choices), _yes(new.shuffle_choices)),
        ("print", "paper", old.print.paper, new.print.paper),
        ("print", "versions", number_words(old.print.variants), number_words(new.print.variants)),
        ("print", "seed", number_words(old.print.seed), number_words(new.print.seed)),
        (
            "print",
            "space for answers",
            _yes(old.print.answer_space),
            _yes(new.print.answer_space),
        ),
    ):
        if before != after:
            found.append(Change(field, what, before, after))
    found.extend(text_change("instructions", "instructions", old.instructions, new.instructions))
    for field, what, before, after in _plan(old.draft, new.draft):
        if before != after:
            found.append(Change(field, what, before, after))
    found.extend(_sections(old.sections, new.sections, names))
    return found


def contents_changes(old: Quiz, new: Quiz, names: Mapping[str, str]) -> Iterator[Change]:
    """Yield how the number of items, the points and the order of a quiz as assembled changed."""
    for what, before, after in (
        ("items", _count(old), _count(new)),
        ("points", _points(old), _points(new)),
    ):
        if before != after:
            yield Change("sections", what, before, after, "score" if what == "points" else "")
    first = [names.get(item.id, item.id) for item in old.items]
    second = [item.id for item in new.items]
    kept = [name for name in first if name in set(second)]
    if kept != [name for name in second if name in set(first)]:
        yield Change("sections", "order of items", ", ".join(first), ", ".join(second))


def _count(quiz: Quiz) -> str:
    return str(sum(len(s.items) if s.pick is None else s.pick for s in quiz.sections))


def _points(quiz: Quiz) -> str | None:
    return number_words(sum((points_of(section) for section in quiz.sections), ZERO))


def _minutes(minutes: int | None) -> str | None:
    return None if minutes is None else f"{minutes} min"


def _attempts(attempts: int | None) -> str | None:
    return "unlimited" if attempts == 0 else number_words(attempts)


def _yes(on: bool) -> str:
    return "yes" if on else "no"


def _plan(old: Plan | None, new: Plan | None) -> Iterator[tuple[str, str, str | None, str | None]]:
    a, b = old or Plan(), new or Plan()
    yield "draft", "request for drafts", a.request, b.request
    for what, before, after in (
        ("topics", a.topics, b.topics),
        ("lectures", a.lectures, b.lectures),
        ("items", _wanted(a), _wanted(b)),
        ("Bloom levels", a.bloom, b.bloom),
    ):
        yield "draft", f"{what} for drafts", ", ".join(before) or None, ", ".join(after) or None


def _wanted(plan: Plan) -> list[str]:
    return [f"{count} {kind}" for kind, count in plan.items]


def _sections(
    old: Sequence[SectionSpec], new: Sequence[SectionSpec], names: Mapping[str, str]
) -> Iterator[Change]:
    """Yield what changed in the sections: those of one title belong together."""
    renamed = [_renamed(section, names) for section in old]
    pairs = matched(list(enumerate(renamed, 1)), list(enumerate(new, 1)), lambda s: s[1].title)
    for a, b in pairs:
        if a is None or b is None:
            yield Change("sections", "section", a and _title(*a), b and _title(*b))
        else:
            yield from _section(a, b)
    kept = [a[0] for a, b in pairs if a and b]
    if kept != sorted(kept):
        yield Change("sections", "order of sections", _titles(old), _titles(new))


def _renamed(section: SectionSpec, names: Mapping[str, str]) -> SectionSpec:
    items = tuple(
        replace(reference, pattern=names.get(reference.pattern, reference.pattern))
        for reference in section.items
    )
    return replace(section, items=items)


def _title(number: int, section: SectionSpec) -> str:
    return section.title or f"section {number}"


def _titles(sections: Sequence[SectionSpec]) -> str:
    return "; ".join(_title(number, section) for number, section in enumerate(sections, 1))


def _section(old: tuple[int, SectionSpec], new: tuple[int, SectionSpec]) -> Iterator[Change]:
    name = f"“{new[1].title}”" if new[1].title else f"section {new[0]}"
    a, b = old[1], new[1]
    for what, before, after in (
        ("title of", a.title, b.title),
        ("items named in", _named(a), _named(b)),
        ("draw of", _drawn(a), _drawn(b)),
        ("conditions of", _conditions(a.pool), _conditions(b.pool)),
    ):
        if before != after:
            yield Change("sections", f"{what} {name}", before, after)


def _named(section: SectionSpec) -> str | None:
    return ", ".join(reference.pattern for reference in section.items) or None


def _drawn(section: SectionSpec) -> str:
    return "all" if section.pick is None else number_words(section.pick) or ""


def _conditions(pool: Pool | None) -> str | None:
    if pool is None:
        return None
    parts = [
        f"{name} {', '.join(values)}"
        for name, values in (
            ("tags", pool.tags),
            ("outcomes", pool.outcomes),
            ("bloom", pool.bloom),
            ("type", pool.types),
            ("items", pool.items),
            ("source", pool.source),
        )
        if values
    ]
    if pool.difficulty:
        low, high = pool.difficulty
        parts.append(f"difficulty {number_words(low)} to {number_words(high)}")
    return "; ".join(parts) or "any item"
