"""A whole ingest: files of any format in, the files of a course out, nothing written yet."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from hashlib import sha256
from itertools import chain
from pathlib import Path, PurePosixPath

from coursec.diagnostics import Diagnostics, Span
from coursec.drafting.ingest import formats
from coursec.drafting.ingest.listening import overhear
from coursec.drafting.ingest.markdown_out import Section, lecture_text, one_line
from coursec.drafting.ingest.page import Deck, Formed, Page, Picture, texts, with_prose
from coursec.drafting.ingest.prose import prose_of
from coursec.drafting.ingest.record import Record, Repaired, digest, path_of, read_record
from coursec.drafting.ingest.slides import sections
from coursec.drafting.ingest.spacing import is_damaged, mended, repaired
from coursec.drafting.ingest.structure import LECTURE
from coursec.drafting.ingest.vocabulary import Vocabulary
from coursec.importing.names import kebab
from coursec.model.quiz import Bank, Lecture
from coursec.source.course import read_course
from coursec.source.lectures import read_lecture
from coursec.source.workspace import SourceFile, Workspace

_NUMBER = re.compile(r"\D*?(\d{1,3})\b")


@dataclass(slots=True)
class Ingested:
    """What one file came to."""

    lecture: str
    """Name of the lecture."""
    path: str
    """Its file, by path in the course."""
    record: Record
    slides: int
    structural: int
    """Slides that hold structure and no matter."""
    files: dict[str, bytes] = field(default_factory=dict)
    """What is to be written, by path in the course."""


@dataclass(slots=True)
class Course:
    """The course that files are ingested into."""

    root: Path
    bank: Bank

    @classmethod
    def read(cls, root: Path) -> Course:
        """Read a course; its mistakes are none of an ingest's concern."""
        return cls(root, read_course(root, Diagnostics()))

    def file(self, path: str) -> bytes | None:
        """Return the bytes of a file of the course; None where there is none."""
        real = self.root / path
        try:
            return real.read_bytes() if real.is_file() else None
        except OSError:
            return None

    def vocabulary(self, without: str) -> Vocabulary:
        """Return the words of the course, those of one lecture left out."""
        vocabulary = Vocabulary()
        vocabulary.learn(prose_of(self.bank, without))
        return vocabulary

    def titles(self) -> list[str]:
        """Return the titles of all slides of the course."""
        return [s.title for lecture in self.bank.lectures.values() for s in lecture.slides]


def ingest(
    name: str,
    data: bytes,
    course: Course,
    sink: Diagnostics,
    *,
    lecture: str = "",
    folder: Path | None = None,
    repair: bool = True,
    deck: Deck | None = None,
) -> Ingested | None:
    """Return what a file comes to; None, and a finding, where it comes to nothing.

    `lecture` names the lecture, else the file's name does; images that a file names are looked
    for in `folder`. `deck` is the file where it has been read already.
    """
    if deck is None:
        deck = formats.read(name, data, sink, folder=folder, titles=course.titles())
    if deck is None:
        return None
    named = lecture or kebab(re.sub(r"(\.[A-Za-z0-9]{1,6}){1,2}$", "", PurePosixPath(name).name))
    named = named or "lecture"
    path = f"lectures/{named}.md"
    old_data, old = course.file(path), _old_record(course, named)
    if old_data is not None and (old is None or digest(old_data) != old.written):
        _refuse(path, old is not None, sink)
        return None
    before = _old_lecture(named, path, old_data, course)
    media = _Media(named)
    pages, repairs = list(deck.pages), dict[int, list[tuple[str, str]]]()
    if repair:
        pages, repairs = _repaired(pages, course.vocabulary(named), old)
    slides = sections(pages, before.slides if before else (), media.name)
    record = Record(
        source=PurePosixPath(name).name,
        source_digest=digest(data),
        written="",
        codec=deck.codec,
        restored=deck.restored,
        repairs=tuple(
            Repaired(slides[index].id, one_line(b), one_line(a))
            for index, pairs in sorted(repairs.items())
            for b, a in pairs
        ),
        refused=old.refused if old else (),
        dropped=deck.dropped,
        copies=deck.shared,
        media=tuple(media.files),
    )
    title, number = _title(deck, name)
    text = lecture_text(title, number, deck.language, deck.abstract, slides)
    record = replace(record, written=digest(text.encode()))
    files = {path: text.encode(), path_of(named): record.text().encode(), **media.files}
    structural = sum(bool(section.kinds) for section in slides)
    _tell(path, text, slides, record, sink)
    return Ingested(named, path, record, len(slides), structural, files)


def _old_record(course: Course, lecture: str) -> Record | None:
    data = course.file(path_of(lecture))
    return read_record(data) if data is not None else None


def _refuse(path: str, edited: bool, sink: Diagnostics) -> None:
    why = "has been edited since it was ingested" if edited else "was not made by an ingest"
    sink.report(
        "E906",
        f"{path} {why}: it is left as it is.",
        Span(path),
        hint="Name another lecture with --lecture, or delete the file.",
    )


def _old_lecture(name: str, path: str, data: bytes | None, course: Course) -> Lecture | None:
    if data is None:
        return None
    sink = Diagnostics()
    file = SourceFile(path, data.decode("utf-8-sig", "replace"))
    return read_lecture(name, file, Workspace(course.root, sink))


def _title(deck: Deck, name: str) -> tuple[str, int | None]:
    stem = PurePosixPath(name).stem
    first = next((p.title for p in deck.pages if "title" in p.kinds and p.title), "")
    title = deck.title or first or re.sub(r"[-_]+", " ", stem).strip() or "Lecture"
    number = deck.number
    if number is None and len(deck.pages) and (LECTURE.match(title) or LECTURE.match(stem)):
        found = _NUMBER.match(title if LECTURE.match(title) else stem)
        number = int(found[1]) if found else None
    if number is None and (found := re.match(r"(\d{1,2})[-_ ]", stem)):
        number = int(found[1])
    return title, number


def _repaired(
    pages: list[Page], vocabulary: Vocabulary, old: Record | None
) -> tuple[list[Page], dict[int, list[tuple[str, str]]]]:
    """Return (pages with their words repaired, by page what was repaired).

    A file, or a page, that shows no damage is left as it is, but for capitals that stand apart.
    """
    lines = [list(_prose(page)) for page in pages]
    overhear(vocabulary, chain.from_iterable(lines))
    damaged = is_damaged(list(chain.from_iterable(lines)), vocabulary)
    refused = {pair.before for pair in (old.refused if old else ())}
    repairs: dict[int, list[tuple[str, str]]] = {}
    out = []
    for index, page in enumerate(pages):
        found: list[tuple[str, str]] = []
        mend = repaired if damaged or is_damaged(lines[index], vocabulary) else mended

        def change(
            text: str,
            mend: Callable[[str, Vocabulary], str] = mend,
            found: list[tuple[str, str]] = found,
        ) -> str:
            after = mend(text, vocabulary)
            if after == text or one_line(text) in refused:
                return text
            found.append((text, after))
            return after

        out.append(with_prose(page, change))
        if found:
            repairs[index] = found
    return out, repairs


def _prose(page: Page) -> Iterator[str]:
    yield page.title
    for block in page.blocks:
        if not isinstance(block, Picture | Formed):
            yield from (line for text in texts(block) for line in text.split("\n"))


@dataclass(slots=True)
class _Media:
    """Names for images: the same bytes get the same name."""

    lecture: str
    files: dict[str, bytes] = field(default_factory=dict)

    def name(self, picture: Picture) -> str:
        key = sha256(picture.data).hexdigest()[:12]
        path = f"media/{self.lecture}/{key}{picture.suffix}"
        self.files[path] = picture.data
        return f"../{path}"


def _tell(
    path: str,
    text: str,
    slides: list[Section],
    record: Record,
    sink: Diagnostics,
) -> None:
    """Report what was done to a file, at its place in the lecture."""
    lines = text.split("\n")
    place = {section.id: lines.index(section.heading) + 1 for section in slides}

    def at(line: int) -> Span:
        return Span(path, line, 1, line, len(lines[line - 1]) + 1)

    if record.restored:
        count = len(record.restored)
        sink.report(
            "N913",
            f"{count} damaged line{'s' if count != 1 else ''} of {record.source} "
            f"{'were' if count != 1 else 'was'} restored: UTF-8 had been read as {record.codec}.",
            Span(path),
        )
    for pair in record.repairs:
        line = next(
            (n for n in range(place[pair.slide], len(lines) + 1) if pair.after in lines[n - 1]),
            place[pair.slide],
        )
        sink.report("N914", f"`{pair.before}` became `{pair.after}`.", at(line))
    for line_text in record.dropped:
        sink.report("N915", f"`{line_text}` runs along the slides: it is left out.", Span(path))
    if record.copies:
        count = record.copies
        sink.report(
            "N916",
            f"{count} slide{'s' if count != 1 else ''} of {record.source} "
            f"{'say' if count != 1 else 'says'} what another one says: left out.",
            Span(path),
        )
    for number, line_text in enumerate(lines, 1):
        if "![](../media/" in line_text:
            sink.report(
                "W911",
                "This image has no alternative text.",
                at(number),
                hint="Say between the brackets what it shows.",
            )
