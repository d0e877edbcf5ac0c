"""From a quiz spec and the bank to a quiz: which items stand where."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase

from coursec.diagnostics import Diagnostics, Span
from coursec.diagnostics.nearest import did_you_mean
from coursec.model.items import Cloze, ClozeGap, Item, NumberGap, Numeric, TextItem
from coursec.model.quiz import Bank, ItemReference, Pool, Quiz, QuizSpec, Section, SectionSpec
from coursec.model.scoring import answers_that_count, can_be_partly_right


def assemble(spec: QuizSpec, bank: Bank, sink: Diagnostics) -> Quiz | None:
    """Find a quiz's items; None when that fails, with the reasons reported."""
    return _Assembler(spec, bank, sink).quiz()


@dataclass(slots=True)
class _Assembler:
    spec: QuizSpec
    bank: Bank
    sink: Diagnostics
    taken: set[str] = field(default_factory=set)
    """Ids of the items that globs and pools must not bring in again."""
    before: int = 0
    """Errors that were there before this quiz."""

    def quiz(self) -> Quiz | None:
        self.before = self.sink.errors
        self.taken.update(r.pattern for s in self.spec.sections for r in s.items)
        # What is named comes first everywhere, so that no pool draws it.
        named = [self.named(section) for section in self.spec.sections]
        self.repeated([item for items in named for item in items])
        found = [
            self.drawn(section.pool) if section.pool and not section.items else items
            for section, items in zip(self.spec.sections, named, strict=True)
        ]
        stimuli = self.stimuli(item for items in found for item in items)
        sections = [
            self.section(number, spec, [used(item) for item in items if item.id not in stimuli])
            for number, (spec, items) in enumerate(zip(self.spec.sections, found, strict=True), 1)
        ]
        if self.sink.errors > self.before or self.refers_to_unsound():
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
            sections=tuple(sections),
            stimuli=stimuli,
        )

    def refers_to_unsound(self) -> bool:
        return any(r.pattern in self.bank.unsound for s in self.spec.sections for r in s.items)

    def lacks(self, spec: SectionSpec) -> bool:
        """Tell whether a section may lack items only because they have mistakes."""
        if spec.pool:
            return bool(self.bank.unsound)
        return any(fnmatchcase(name, r.pattern) for r in spec.items for name in self.bank.unsound)

    def stimuli(self, items: Iterable[Item]) -> dict[str, TextItem]:
        """Return the texts that items rest on, which these bring along."""
        names = sorted({item.stimulus for item in items if item.stimulus})
        found = ((name, self.bank.items.get(name)) for name in names)
        return {name: item for name, item in found if isinstance(item, TextItem)}

    def section(self, number: int, spec: SectionSpec, items: list[Item]) -> Section:
        sound = not self.lacks(spec)
        if spec.pool and spec.items:
            self.report(
                "E409",
                "`items` and `from` stand together in this section.",
                spec.span,
                "Make two sections of them.",
            )
        elif not spec.pool and not spec.items:
            self.report("E508", "This section holds no items.", spec.span, "Add `items` or `from`.")
        elif not items and not spec.pool and sound and self.sink.errors == self.before:
            self.report(
                "E508",
                "This section holds no items: none that it names is left for it.",
                spec.span,
                "Name items that are approved and stand nowhere else in the quiz.",
            )
        if spec.pick is not None and any(isinstance(item, TextItem) for item in items):
            self.report(
                "E409",
                "A text item stands in a section that draws: it could be drawn alone.",
                spec.pick_span,
                "Put it into a section of its own, or make it the stimulus of its items.",
            )
        elif spec.pick is not None and 0 < len(items) < spec.pick and sound:
            self.report(
                "E504",
                f"{spec.pick} items are to be drawn from {len(items)}.",
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
        return self.matching(reference) if _is_glob(name) else self.one(reference)

    def one(self, reference: ItemReference) -> list[Item]:
        name = reference.pattern
        item = self.bank.items.get(name)
        if item is None:
            self.report(
                "E502",
                f"The item `{name}` is not defined in this course.",
                reference.span,
                did_you_mean(name, self.bank.items),
            )
            return []
        cause = held_back(item, self.bank)
        if cause is not None:
            whose = "it" if cause is item else f"its stimulus `{cause.id}`"
            self.report(
                "W509",
                f"The item `{name}` is left out: {whose} has the status {cause.status}.",
                reference.span,
                "Set `status: approved` when it is ready.",
            )
            return []
        return [item]

    def matching(self, reference: ItemReference) -> list[Item]:
        name = reference.pattern
        matched = [item for item in self.approved() if fnmatchcase(item.id, name)]
        hidden = any(fnmatchcase(other, name) for other in self.bank.unsound)
        if not matched and not hidden:
            self.report(
                "E503",
                f"No approved item matches `{name}`.",
                reference.span,
                "`*` stands for any characters, `?` for one.",
            )
        return self.take(matched)

    def take(self, items: list[Item]) -> list[Item]:
        """Return the items that the quiz does not hold yet; it holds them now."""
        fresh = [item for item in items if item.id not in self.taken]
        self.taken.update(item.id for item in fresh)
        return fresh

    def approved(self) -> list[Item]:
        return [item for item in self.bank.items.values() if held_back(item, self.bank) is None]

    def drawn(self, pool: Pool) -> list[Item]:
        """Return the pool: items that the quiz holds elsewhere and texts are not drawn."""
        approved = self.approved()
        before = self.sink.errors
        if not self.bank.unsound:
            self.unknown(pool, approved)
        matched = [
            item
            for item in approved
            if fits(item, pool) and not (isinstance(item, TextItem) and not pool.types)
        ]
        fresh = self.take(matched)
        if not fresh and not self.bank.unsound and self.sink.errors == before:
            self.report(
                "E503",
                "No approved item meets these conditions.",
                pool.span,
                "Items that stand elsewhere in the quiz are not drawn again.",
            )
        return fresh

    def unknown(self, pool: Pool, items: list[Item]) -> None:
        """Report each value of a condition that no item of the course has: a slip of the pen."""
        for values, noun, found in (
            (pool.tags, "tag", _union(items, lambda item: item.tags)),
            (pool.outcomes, "outcome", _union(items, lambda item: item.outcomes)),
            (pool.source, "source", _union(items, _sources)),
        ):
            for value in values:
                if value not in found:
                    message = f"No approved item has the {noun} `{value}`."
                    self.report("E503", message, pool.span, did_you_mean(value, sorted(found)))
        for pattern in pool.items:
            if not any(fnmatchcase(item.id, pattern) for item in items):
                self.report("E503", f"No approved item matches `{pattern}`.", pool.span)

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


def held_back(item: Item, bank: Bank) -> Item | None:
    """Return what keeps an item from being built: itself or its stimulus, or None."""
    if item.status != "approved":
        return item
    stimulus = bank.items.get(item.stimulus) if item.stimulus else None
    return stimulus if stimulus and stimulus.status != "approved" else None


def used(item: Item) -> Item:
    """Return an item without what no student can ever be shown."""
    if isinstance(item, Numeric):
        item = replace(item, answers=answers_that_count(item.answers))
    elif isinstance(item, Cloze):
        item = replace(item, gaps=tuple(map(_used_gap, item.gaps)))
    if item.feedback.partial and not can_be_partly_right(item):
        return replace(item, feedback=replace(item.feedback, partial=None))
    return item


def _used_gap(gap: ClozeGap) -> ClozeGap:
    if isinstance(gap, NumberGap):
        return replace(gap, answers=answers_that_count(gap.answers))
    return gap


def _is_glob(name: str) -> bool:
    return any(character in name for character in "*?[")


def _union(items: list[Item], words: Callable[[Item], Iterable[str]]) -> set[str]:
    return {word for item in items for word in words(item)}


def _sources(item: Item) -> set[str]:
    """Return the slides that an item rests on, and the names of their lectures."""
    return {name for source in item.source for name in (source, source.partition("#")[0])}


def fits(item: Item, pool: Pool) -> bool:
    """Tell whether an item meets every condition of a pool, whatever its status."""
    conditions: tuple[tuple[tuple[str, ...], set[str | None]], ...] = (
        (pool.tags, set(item.tags)),
        (pool.outcomes, set(item.outcomes)),
        (pool.bloom, {item.bloom}),
        (pool.types, {item.kind}),
        (pool.source, set(_sources(item))),
    )
    if any(wanted and not found.intersection(wanted) for wanted, found in conditions):
        return False
    if pool.items and not any(fnmatchcase(item.id, pattern) for pattern in pool.items):
        return False
    if pool.difficulty is None:
        return True
    low, high = pool.difficulty
    return item.difficulty is not None and low <= item.difficulty <= high
