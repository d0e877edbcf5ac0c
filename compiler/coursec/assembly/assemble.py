"""From a quiz spec and the bank to a quiz: which items stand where."""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches
from fnmatch import fnmatchcase

from coursec.diagnostics import Diagnostics, Span
from coursec.model.items import Item, TextItem
from coursec.model.quiz import Bank, ItemReference, Pool, Quiz, QuizSpec, Section, SectionSpec


def assemble(spec: QuizSpec, bank: Bank, sink: Diagnostics) -> Quiz | None:
    """Find a quiz's items; None when that fails, with the reasons reported."""
    return _Assembler(spec, bank, sink).quiz()


@dataclass(slots=True)
class _Assembler:
    spec: QuizSpec
    bank: Bank
    sink: Diagnostics
    taken: set[str] = field(default_factory=set)
    """Ids of the items that globs must not bring in again: those named, and those matched."""

    def quiz(self) -> Quiz | None:
        before = self.sink.errors
        self.taken.update(r.pattern for s in self.spec.sections for r in s.items)
        found: list[list[Item] | None] = [
            None if section.pool else self.named(section) for section in self.spec.sections
        ]
        fixed = {item.id for items in found if items for item in items}
        self.repeated([item for items in found if items for item in items])
        sections = [
            self.section(number, spec, self.drawn(spec.pool, fixed) if items is None else items)
            for number, (spec, items) in enumerate(zip(self.spec.sections, found, strict=True), 1)
            if spec.pool or items is not None
        ]
        if self.sink.errors > before or any(self.refers_to_unsound(s) for s in self.spec.sections):
            return None
        names = {item.stimulus for s in sections for item in s.items if item.stimulus}
        stimuli = {
            name: item
            for name in sorted(names)
            if isinstance(item := self.bank.items.get(name), TextItem)
        }
        if len(stimuli) < len(names):
            return None
        return Quiz(
            id=self.spec.id,
            title=self.spec.title,
            instructions=self.spec.instructions,
            time_limit=self.spec.time_limit,
            attempts=self.spec.attempts,
            shuffle_items=self.spec.shuffle_items,
            shuffle_choices=self.spec.shuffle_choices,
            print=self.spec.print,
            span=self.spec.span,
            course=self.bank.course,
            sections=tuple(_without(section, stimuli) for section in sections),
            stimuli=stimuli,
        )

    def refers_to_unsound(self, section: SectionSpec) -> bool:
        return any(reference.pattern in self.bank.unsound for reference in section.items)

    def section(self, number: int, spec: SectionSpec, items: list[Item]) -> Section:
        if spec.pool and spec.items:
            self.report(
                "E409",
                "`items` and `from` stand together in this section.",
                spec.span,
                "Make two sections of them.",
            )
        if not spec.pool and not spec.items:
            self.report("E508", "This section holds no items.", spec.span, "Add `items` or `from`.")
        if spec.pick is not None and items and spec.pick > len(items):
            self.report(
                "E504",
                f"{spec.pick} items are to be drawn, but there are only {len(items)}.",
                spec.pick_span,
                "Draw fewer, or widen the pool.",
            )
        pick = None if spec.pick is None or spec.pick == len(items) else spec.pick
        return Section(id=f"section-{number}", title=spec.title, items=tuple(items), pick=pick)

    def named(self, section: SectionSpec) -> list[Item]:
        return [item for reference in section.items for item in self.resolve(reference)]

    def resolve(self, reference: ItemReference) -> list[Item]:
        name = reference.pattern
        if name in self.bank.unsound:
            return []
        if not _is_glob(name):
            item = self.bank.items.get(name)
            if item is None:
                close = get_close_matches(name, list(self.bank.items), 1, 0.6)
                self.report(
                    "E502",
                    f"The item `{name}` is not defined in this course.",
                    reference.span,
                    f"Did you mean `{close[0]}`?" if close else "",
                )
                return []
            if item.status != "approved":
                self.report(
                    "W509",
                    f"The item `{name}` is left out: its status is {item.status}.",
                    reference.span,
                    "Set `status: approved` when it is ready.",
                )
                return []
            return [item]
        matched = [item for item in self.approved() if fnmatchcase(item.id, name)]
        hidden = any(fnmatchcase(other, name) for other in self.bank.unsound)
        if not matched and not hidden:
            self.report(
                "E503",
                f"No approved item matches `{name}`.",
                reference.span,
                "`*` stands for any characters, `?` for one.",
            )
        fresh = [item for item in matched if item.id not in self.taken]
        self.taken.update(item.id for item in fresh)
        return fresh

    def approved(self) -> list[Item]:
        return [item for item in self.bank.items.values() if item.status == "approved"]

    def drawn(self, pool: Pool | None, fixed: set[str]) -> list[Item]:
        """Return the pool: items that the quiz holds elsewhere and texts are not drawn."""
        assert pool
        matched = [
            item
            for item in self.approved()
            if item.id not in fixed
            and _matches(item, pool)
            and not (isinstance(item, TextItem) and "text" not in pool.types)
        ]
        if not matched and not self.bank.unsound:
            self.report(
                "E503",
                "No approved item meets these conditions.",
                pool.span,
                "Items that stand elsewhere in the quiz are not drawn again.",
            )
        return matched

    def repeated(self, items: list[Item]) -> None:
        seen: set[str] = set()
        for item in items:
            if item.id in seen and not isinstance(item, TextItem):
                self.report(
                    "E510",
                    f"The quiz `{self.spec.id}` holds the item `{item.id}` twice.",
                    self.spec.span,
                    "Name it once.",
                )
            seen.add(item.id)

    def report(self, code: str, message: str, span: Span | None, hint: str = "") -> None:
        self.sink.report(code, message, span or self.spec.span or Span(""), hint=hint)


def _is_glob(name: str) -> bool:
    return any(character in name for character in "*?[")


def _without(section: Section, stimuli: dict[str, TextItem]) -> Section:
    """Leave out texts that the items resting on them bring along."""
    items = tuple(item for item in section.items if item.id not in stimuli)
    return Section(id=section.id, title=section.title, items=items, pick=section.pick)


def _matches(item: Item, pool: Pool) -> bool:
    lectures = {source.partition("#")[0] for source in item.source}
    conditions = (
        (pool.tags, set(item.tags)),
        (pool.outcomes, set(item.outcomes)),
        (pool.bloom, {item.bloom}),
        (pool.types, {item.kind}),
        (pool.source, lectures | set(item.source)),
    )
    if any(wanted and not found.intersection(wanted) for wanted, found in conditions):
        return False
    if pool.items and not any(fnmatchcase(item.id, pattern) for pattern in pool.items):
        return False
    if pool.difficulty is None:
        return True
    low, high = pool.difficulty
    return item.difficulty is not None and low <= item.difficulty <= high
