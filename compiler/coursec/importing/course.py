"""A whole import: files of other tools in, files of a course out, proven to compile."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from coursec.assembly import assemble
from coursec.checks import check_course
from coursec.diagnostics import Diagnostics, Severity, Span
from coursec.importing.plan import Imported, Planner
from coursec.model.items import Item, TextItem
from coursec.model.quiz import Bank, Section
from coursec.model.text import Asset
from coursec.readers import reader
from coursec.readers.formats import detect
from coursec.readers.reading import Reading
from coursec.source.course import read_course
from coursec.source.workspace import MAX_LINE
from coursec.source.writing import bank_text, course_text, quiz_text

_ROUNDS = 8
"""How often what was refused is taken out: a quiz may be refused after its items were."""


@dataclass(slots=True)
class Plan:
    """What an import will write."""

    files: dict[str, bytes] = field(default_factory=dict)
    """By path in the course; none of them is there yet."""
    quizzes: list[Imported] = field(default_factory=list)

    @property
    def items(self) -> int:
        """How many items are new."""
        return sum(len(quiz.items) for quiz in self.quizzes)


def plan_import(files: Sequence[tuple[str, bytes]], root: Path | None, sink: Diagnostics) -> Plan:
    """Return what an import writes; mistakes and losses go into the sink.

    `files` are (name as the user knows it, bytes); `root` is the course that they go into, None
    for a new one. Everything is read back as source before it is returned: an item that the
    language refuses is left out and said.
    """
    found = [(name, reading) for name, data in files for reading in _read(name, data, sink)]
    if not found and not sink.errors:
        sink.report("E705", "There is nothing to import.", Span(files[0][0] if files else ""))
    if sink.errors:
        return Plan()
    bank = _existing(root, sink)
    if sink.errors:
        return Plan()
    language = bank.course.language if bank else _language([reading for _, reading in found])
    planner = Planner(bank, language, sink)
    per_file = Counter(name for name, _ in found)
    quizzes = [planner.quiz(name, reading, per_file[name] == 1) for name, reading in found]
    head = None if root is None else (root / "course.yaml").read_bytes()
    plan = _sound(quizzes, head or _course(quizzes, language), bank, sink)
    if not plan.items and not any(quiz.sections for quiz in quizzes):
        sink.report("E705", "No question can be imported.", Span(files[0][0]))
        return Plan()
    if head is None and plan.files:
        plan.files = {"course.yaml": _course(quizzes, language), **plan.files}
    return plan


def _read(name: str, data: bytes, sink: Diagnostics) -> list[Reading]:
    form = detect(name, data)
    if form is None:
        sink.report(
            "E702",
            "This is no file that can be imported.",
            Span(name),
            hint="GIFT and Aiken (.txt), Moodle XML (.xml) and QTI (.zip) can be.",
        )
        return []
    said = Diagnostics()
    readings = [r for r in reader(form)(name, data, said) if r.items]
    for finding in said:
        # A broken member of an archive does not take the sound ones with it.
        member = readings and finding.code == "E701" and finding.span.path.startswith(f"{name}/")
        sink.report(
            "W706" if member else finding.code,
            finding.message,
            finding.span,
            hint=finding.hint,
            item=finding.item,
        )
    if not readings and not said.errors:
        sink.report("E705", "No question of this file can be imported.", Span(name))
    return readings


def _existing(root: Path | None, sink: Diagnostics) -> Bank | None:
    """Read the course that is there; it must be sound, or its names would not be known."""
    if root is None:
        return None
    said = Diagnostics()
    bank = read_course(root, said)
    if said.errors:
        sink.report(
            "E701",
            f"The course in {root.as_posix()} has mistakes of its own.",
            Span((root / "course.yaml").as_posix()),
            hint="Run `coursec check` and mend them first.",
        )
    return bank


def _language(readings: Sequence[Reading]) -> str:
    """Return the language that most items of the files name."""
    named = Counter(item.language for r in readings for item in r.items if item.language)
    return named.most_common(1)[0][0] if named else "en"


def _course(quizzes: Sequence[Imported], language: str) -> bytes:
    title = next((q.reading.title for q in quizzes if q.reading.title), None) or quizzes[0].name
    return course_text("IMPORTED", title, language).encode()


def _sound(quizzes: Sequence[Imported], head: bytes, bank: Bank | None, sink: Diagnostics) -> Plan:
    """Compile what would be written until nothing of it is refused."""
    for _ in range(_ROUNDS):
        plan = Plan(_files(quizzes, bank), [quiz for quiz in quizzes if quiz.sections])
        refused, banks, rest = _refused(plan, head, bank)
        for quiz in quizzes:
            if quiz.name in banks:
                refused |= _unwritable(quiz, banks[quiz.name], bank)
        if not refused and not rest:
            return plan
        if refused:
            for quiz in quizzes:
                _leave_out(quiz, refused, sink)
            continue
        for quiz in quizzes:
            _simplify(quiz, rest, sink)
    # Nothing half-read is written, whatever the language still refuses.
    for quiz in quizzes:
        why = rest.get(quiz.name) or next(iter(refused.values()), "the language refuses it.")
        _leave_out(quiz, {item.id: why for item in quiz.items}, sink)
        quiz.sections = []
    return Plan()


def _files(quizzes: Sequence[Imported], bank: Bank | None) -> dict[str, bytes]:
    always = bank.course.defaulted if bank else frozenset()
    files: dict[str, bytes] = {}
    for quiz in quizzes:
        if quiz.items:
            text = bank_text(quiz.items, _beside, always)
            files[f"items/{quiz.name}.yaml"] = text.encode()
        if quiz.sections:
            files[f"quizzes/{quiz.name}.yaml"] = _quiz(quiz).encode()
        files.update((path, asset.data) for path, asset in quiz.media.items())
    return files


def _quiz(quiz: Imported) -> str:
    reading = quiz.reading
    return quiz_text(
        id=quiz.name,
        title=reading.title or quiz.name,
        instructions=reading.instructions,
        time_limit=reading.time_limit,
        attempts=reading.attempts,
        shuffle_items=bool(reading.shuffle_items),
        shuffle_choices=bool(reading.shuffle_choices),
        sections=[(s.title, [item.id for item in s.items], s.pick) for s in quiz.sections],
        image=_beside,
    )


def _beside(asset: Asset) -> str:
    return f"../{asset.path}"


def _unwritable(quiz: Imported, why: str, bank: Bank | None) -> dict[str, str]:
    """Return the items because of which a whole bank is refused: those of endless lines, or all."""
    always = bank.course.defaulted if bank else frozenset()
    long = [
        item.id
        for item in quiz.items
        if max(map(len, bank_text([item], _beside, always).split("\n"))) > MAX_LINE
    ]
    return dict.fromkeys(long or [item.id for item in quiz.items], why)


_Wrong = dict[str, str]


def _refused(plan: Plan, head: bytes, bank: Bank | None) -> tuple[_Wrong, _Wrong, _Wrong]:
    """Compile a plan by itself; return what is wrong with items, with banks and with quizzes."""
    said = Diagnostics()
    with tempfile.TemporaryDirectory(prefix="coursec-") as name:
        folder = Path(name)
        for path, data in {"course.yaml": head, **plan.files}.items():
            place = folder / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
        made = read_course(folder, said)
        check_course(made, said)
    known = {} if bank is None else bank.items
    whole = replace(made, items={**known, **made.items})
    if not said.errors:
        for spec in made.quizzes.values():
            assemble(spec, whole, said)
    ours = {item.id for quiz in plan.quizzes for item in quiz.items}
    items: _Wrong = {}
    banks: _Wrong = {}
    quizzes: _Wrong = {}
    for finding in said:
        if finding.severity is not Severity.ERROR:
            continue
        if finding.item in ours:
            items.setdefault(finding.item or "", finding.message)
        else:
            source = Path(finding.span.path)
            wrong = banks if source.parent.name == "items" else quizzes
            wrong.setdefault(source.stem, finding.message)
    return items, banks, quizzes


def _leave_out(quiz: Imported, refused: dict[str, str], sink: Diagnostics) -> None:
    """Take out the items that the language refuses, and say why."""
    for item in quiz.items:
        if item.id in refused:
            _say(f"The question `{item.name}` is left out: {refused[item.id]}", item, sink)
    _keep(quiz, lambda item: item.id not in refused)


def _simplify(quiz: Imported, refused: dict[str, str], sink: Diagnostics) -> None:
    """Take from a quiz that is refused what the language may not have in a draw, then the draws."""
    if quiz.name not in refused:
        return
    sections: list[Section] = []
    for section in quiz.sections:
        if section.pick is None:
            sections.append(section)
            continue
        pool = tuple(item for item in section.items if not isinstance(item, TextItem))
        for item in section.items:
            if isinstance(item, TextItem):
                _say(f"The text `{item.name}` stands in a draw: it is left out there.", item, sink)
        pick = section.pick if section.pick < len(pool) and len(pool) < len(section.items) else None
        if pool:
            sections.append(replace(section, items=pool, pick=pick))
        if pick is None:
            message = f"All {len(pool)} questions are asked instead of {section.pick}."
            sink.report("W708", f"{message} {refused[quiz.name]}", quiz.reading.span or Span(""))
    if sections == quiz.sections:  # nothing is left to simplify: the items stay, the quiz goes
        sections = []
        message = f"The quiz `{quiz.name}` is left out, its items stay: {refused[quiz.name]}"
        sink.report("W706", message, quiz.reading.span or Span(""))
    quiz.sections = sections


def _keep(quiz: Imported, wanted: Callable[[Item], bool]) -> None:
    quiz.items = [item for item in quiz.items if wanted(item)]
    kept = [
        replace(section, items=tuple(item for item in section.items if wanted(item)))
        for section in quiz.sections
    ]
    quiz.sections = [section for section in kept if section.items]


def _say(message: str, item: Item, sink: Diagnostics) -> None:
    sink.report("W706", message, item.span or Span(""), item=item.id)
