"""Decisions, written into the items' own lines: safely, one at a time, or not at all."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass, replace
from pathlib import Path

from coursec.assembly import assemble
from coursec.checks import check_course, check_writing
from coursec.checks.provenance import Outdated, outdated, stands_there
from coursec.diagnostics import Diagnostic, Diagnostics, Severity, Span
from coursec.engine.files import write_all
from coursec.model.items import Item
from coursec.model.provenance import Evidence, Provenance, Review
from coursec.model.quiz import Bank
from coursec.model.slides import Slides
from coursec.source.course import read_course
from coursec.source.editing import Path as FieldPath
from coursec.source.editing import encoded, own_text, with_fields, with_own_text
from coursec.source.layout import Prose, Short, Value
from coursec.source.nodes import Mapping, Scalar, Sequence, compose
from coursec.source.provenance import provenance_fields, review_fields
from coursec.source.workspace import SourceFile, digest, lines

_BY_HAND = "Open the file and set `status` by hand."


@dataclass(frozen=True, slots=True)
class Trial:
    """An item that somebody has edited, compiled but not written."""

    name: str
    """Its id now."""
    path: str
    text: str
    """The whole file as it would be."""
    bank: Bank
    findings: tuple[Diagnostic, ...]
    """What is found in the item, and every error that the change brings."""

    @property
    def item(self) -> Item | None:
        """The item; None where it has mistakes."""
        return self.bank.items.get(self.name)

    @property
    def sound(self) -> bool:
        """Whether it can be taken."""
        errors = any(d.severity is Severity.ERROR for d in self.findings)
        return self.item is not None and not errors


class Desk:
    """A course on which decisions are taken; it is read again after each."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.sink = Diagnostics()
        """What is found in the course as it is."""
        self.bank = self._read(self.sink)

    @property
    def slides(self) -> Slides:
        """The slides of the course."""
        return Slides(self.bank.lectures)

    def refresh(self) -> None:
        """Read the course again."""
        self.sink = Diagnostics()
        self.bank = self._read(self.sink)

    def findings(self, name: str) -> list[Diagnostic]:
        """Return what is found in an item."""
        return [d for d in self.sink if d.item == name]

    # Decisions: each returns what hinders it, or None

    def accept(self, name: str, by: str, at: str) -> Diagnostic | None:
        """Approve an item without mistakes as it is; its evidence is what the slides say today."""
        item = self.bank.items[name]
        mistake = next((d for d in self.findings(name) if d.severity is Severity.ERROR), None)
        return mistake or self._decide(item, Review(decision="accepted", by=by, at=at))

    def reject(self, name: str, by: str, at: str, reason: str) -> Diagnostic | None:
        """Retire an item: it is kept, with the reason, and built no more."""
        item = self.bank.items[name]
        return self._decide(item, Review(decision="rejected", by=by, at=at, reason=reason))

    def take(self, trial: Trial, by: str, at: str) -> Diagnostic | None:
        """Approve an item as it was edited."""
        item = trial.item
        assert item is not None
        review = Review(decision="edited", by=by, at=at)
        changes = _changes(item, review, trial.bank)
        changed = with_fields(trial.text, trial.name, changes)
        if changed is None:
            return _not_changed(trial.name, Span(trial.path))
        return self._write(trial.path, changed, trial.name)

    def text_to_edit(self, name: str) -> str | None:
        """Return an item's lines; None where they cannot be edited alone."""
        span = self.bank.items[name].span
        source = self._source(span.path) if span else None
        return own_text(source.text, name) if source else None

    def try_out(self, name: str, own: str) -> Trial | str:
        """Compile the course with an item's lines changed; a sentence says why that cannot be."""
        span = self.bank.items[name].span
        source = self._source(span.path) if span else None
        if span is None or source is None:
            return "The item's file cannot be read any more."
        now = _name_of(own)
        if isinstance(now, Diagnostic):
            return f"{now.message} {now.hint}".strip()
        if now is None:
            return "This is not one item: keep the line that begins with `- id:`, and add no other."
        text = with_own_text(source.text, name, own)
        if text is None:
            return "This changes more than the item: mind the indentation."
        data = encoded(text, (self.root / span.path).read_bytes())
        sink = Diagnostics()
        bank = self._read(sink, {span.path: data})
        known = {(d.code, d.message, d.item) for d in self.sink}
        found = [
            d
            for d in sink
            if d.item == now
            or (d.severity is Severity.ERROR and (d.code, d.message, d.item) not in known)
        ]
        return Trial(now, span.path, text, bank, tuple(found))

    # Reading and writing

    def _read(self, sink: Diagnostics, instead: dict[str, bytes] | None = None) -> Bank:
        bank = read_course(self.root, sink, instead)
        check_course(bank, sink)
        made = [assemble(spec, bank, sink) for spec in bank.quizzes.values()]
        check_writing(bank, [quiz for quiz in made if quiz is not None], sink)
        sink.settle(complete=False)
        return bank

    def _source(self, path: str) -> SourceFile | None:
        try:
            return SourceFile(path, lines((self.root / path).read_bytes().decode("utf-8-sig")))
        except (OSError, UnicodeDecodeError):
            return None

    def _decide(self, item: Item, review: Review) -> Diagnostic | None:
        span = item.span or Span("")
        source = self._source(span.path)
        changes = _changes(item, review, self.bank)
        changed = with_fields(source.text, item.id, changes) if source else None
        if changed is None:
            return _not_changed(item.id, span)
        return self._write(span.path, changed, item.id)

    def _write(self, path: str, text: str, name: str) -> Diagnostic | None:
        """Write a file in one step, unless somebody else has changed it since it was read."""
        place = (self.root / path).resolve()
        try:
            old = place.read_bytes()
            if digest(old) != self.bank.sources.get(path):
                self.refresh()
                return Diagnostic(
                    "E976",
                    "The file has been changed since it was read: nothing is written.",
                    Span(path),
                    hint="Look at the item again, and decide again.",
                    item=name,
                )
            mode = place.stat().st_mode
            write_all([(place, encoded(text, old))])
            with contextlib.suppress(OSError):
                os.chmod(place, mode)
        except OSError as error:
            message = f"The file could not be written: {error.strerror}."
            return Diagnostic("E604", message, Span(path), item=name)
        self.refresh()
        return None


def _not_changed(name: str, span: Span) -> Diagnostic:
    message = "The item is laid out in a way in which it cannot be changed safely."
    return Diagnostic("E975", message, span, hint=_BY_HAND, item=name)


def _name_of(own: str) -> str | Diagnostic | None:
    """Return the id of the only item that a text holds; a finding where it is no YAML."""
    sink = Diagnostics()
    root = compose(SourceFile("", own if own.endswith("\n") else own + "\n"), sink)
    if sink.errors:
        return next(iter(sink))
    if not isinstance(root, Sequence) or len(root.entries) != 1:
        return None
    node = root.entries[0]
    name = node.entries.get("id") if isinstance(node, Mapping) else None
    return name.value if isinstance(name, Scalar) else None


def _changes(item: Item, review: Review, bank: Bank) -> dict[FieldPath, Value]:
    """Return the fields that a decision sets."""
    status = "retired" if review.decision == "rejected" else "approved"
    changes: dict[FieldPath, Value] = {}
    if item.status != status:
        changes["status",] = status
    provenance = item.provenance or Provenance()
    slides = Slides(bank.lectures)
    old = outdated(item, slides, bank) if review.decision != "rejected" else []
    today = {id(one.evidence): one.now for one in old}
    before = provenance.evidence
    renewed = [_renewed(one, today, slides) for one in before]
    kept = [one for one in renewed if one is not None]
    same = len(kept) == len(before) and all(
        bool(new.quote) == bool(was.quote) for new, was in zip(kept, before, strict=True)
    )
    if not same:
        whole = replace(provenance, evidence=tuple(kept), review=review)
        return {**changes, ("provenance",): provenance_fields(whole), **_sources(item, old)}
    for number, (new, was) in enumerate(zip(kept, before, strict=True)):
        at: FieldPath = ("provenance", "evidence", number)
        if new.slide != was.slide:
            changes[*at, "slide"] = Prose(new.slide, strict=True)
        if new.digest != was.digest:
            changes[*at, "digest"] = Prose(new.digest, strict=True)
    changes["provenance", "review"] = review_fields(review)
    return {**changes, **_sources(item, old)}


def _renewed(one: Evidence, now: dict[int, str | None], slides: Slides) -> Evidence | None:
    """Return evidence as the slides are today; None where its slide is gone.

    A quote that does not stand there any more is left out: whoever accepts the item has seen it.
    """
    if id(one) not in now:
        return one
    slide = now[id(one)]
    today = slides.digest(slide) if slide else None
    if slide is None or today is None:
        return None
    fresh = replace(one, slide=slide, digest=today)
    return fresh if stands_there(fresh, slides) else replace(fresh, quote="")


def _sources(item: Item, old: list[Outdated]) -> dict[FieldPath, Value]:
    """Return `source` as it is today: slides that have moved by their new references, none gone."""
    new = {one.evidence.slide: one.now for one in old if one.how != "changed"}
    if not any(source in new for source in item.source):
        return {}
    today = [new.get(source, source) for source in item.source]
    now = dict.fromkeys(name for name in today if name)
    return {("source",): Short([Prose(name, strict=True) for name in now])}
