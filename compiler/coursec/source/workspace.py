"""The only reader of files: everything a course holds is read through a `Workspace`."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from hashlib import blake2b
from pathlib import Path

from coursec.diagnostics import Diagnostics, Span
from coursec.diagnostics.nearest import nearest
from coursec.model.text import Asset
from coursec.source.images import media_type

MAX_FILE = 32 * 1024 * 1024
"""Largest source file in bytes; a bank of 10,000 items has about 8 MiB."""
MAX_LINE = 100_000
"""Longest line of a source file in characters."""
MAX_IMAGE = 16 * 1024 * 1024
"""Largest image in bytes."""

# Characters that XML 1.0 cannot hold, and what YAML escapes can smuggle past its reader:
# controls but tab and newline, surrogates, noncharacters. Unicode's three other line ends are
# among them because YAML breaks lines at them and nobody else does.
CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)

_ID = re.compile(rb"\bid[\"']?:\s*[\"']?([a-z0-9]+(?:-[a-z0-9]+)*)")


INVISIBLE = (
    " \t\n\u00a0\u00ad\u115f\u1160\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
    "\u2008\u2009\u200a\u200b\u200c\u200d\u2028\u2029\u202f\u205f\u2060\u3000\u3164\ufeff"
)
"""Characters that show nothing: blanks of every width, and what joins or breaks words unseen."""


class SourceFile:
    """A text file of the course.

    Line ends are normalised to a newline; a byte-order mark is dropped.
    """

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self._starts: list[int] | None = None

    @property
    def starts(self) -> list[int]:
        """Offsets at which the lines begin."""
        if self._starts is None:
            self._starts = [0, *(m.end() for m in re.finditer("\n", self.text))]
        return self._starts

    def offset(self, line: int, column: int) -> int:
        """Return the offset of a place; both count from 1."""
        return self.starts[line - 1] + column - 1

    def position(self, offset: int) -> tuple[int, int]:
        """Return the line and column of an offset; both count from 1."""
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1

    def span(self, start: int, end: int | None = None) -> Span:
        """Return the span between two offsets; without an end, of one character."""
        start = min(max(start, 0), len(self.text))
        end = min(max(start + 1 if end is None else end, start), len(self.text))
        return Span(self.path, *self.position(start), *self.position(end))

    @property
    def whole(self) -> Span:
        """The beginning of the file, for findings that concern all of it."""
        return Span(self.path)


class Workspace:
    """A course folder, read once; `instead` gives the bytes of files that are to be tried out."""

    def __init__(
        self, root: Path, sink: Diagnostics, instead: dict[str, bytes] | None = None
    ) -> None:
        self.root = root
        self.sink = sink
        self._instead = instead or {}
        self._real = root.resolve()
        self.digests: dict[str, str] = {}
        """Digest of every file that was read, by path."""
        self._named: dict[tuple[str, Path], Asset | tuple[str, str, str]] = {}
        self._assets: dict[Path, Asset | tuple[str, str, str]] = {}

    def find(self, folder: str, *suffixes: str) -> list[str]:
        """Return the paths of a folder's files with one of these suffixes, sorted."""
        base = self.root / folder
        found = (
            path.relative_to(self.root)
            for path in base.rglob("*")
            if path.suffix.lower() in suffixes and not path.is_dir()
        )
        names = sorted(p.as_posix() for p in found if not any(q.startswith(".") for q in p.parts))
        for name in names:
            if CONTROL.search(name):
                shown = CONTROL.sub("\ufffd", name)
                self.sink.report(
                    "E101",
                    f"The name of the file {shown} holds characters that cannot be shown.",
                    Span(shown),
                    hint="Rename it.",
                )
        return [name for name in names if not CONTROL.search(name)]

    def read(self, path: str) -> SourceFile | None:
        """Read a text file; what hinders that is reported and gives None."""
        span = Span(path)
        try:
            real = (self.root / path).resolve(strict=True)
            if not real.is_relative_to(self._real):
                self.sink.report(
                    "E101",
                    "This file is a link that leads outside the course folder.",
                    span,
                    hint="Copy the file into the course.",
                )
                return None
            if not real.is_file():
                self.sink.report("E101", "This is not a file that can be read.", span)
                return None
            if real.stat().st_size > MAX_FILE:
                self.sink.report(
                    "E108",
                    f"This file is larger than {MAX_FILE // 1024**2} MiB.",
                    span,
                    hint="Split it into several files.",
                )
                return None
            data = self._instead.get(path)
            if data is None:
                data = real.read_bytes()
            self.digests[path] = digest(data)
        except (OSError, RuntimeError) as error:
            reason = getattr(error, "strerror", None) or "it leads in a circle"
            self.sink.report("E101", f"This file cannot be read: {reason}.", span)
            return None
        return self._decode(path, data)

    def _decode(self, path: str, data: bytes) -> SourceFile | None:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            before = lines(data[: error.start].decode("utf-8", "replace"))
            line = before.count("\n") + 1
            column = len(before) - (before.rfind("\n") + 1) + 1
            self.sink.report(
                "E102",
                "This file is not UTF-8 text: "
                f"byte 0x{data[error.start]:02X} here belongs to no character.",
                Span(path, line, column, line, column + 1),
                hint="Save the file as UTF-8.",
            )
            return None
        source = SourceFile(path, lines(text))
        if not source.text.strip():
            self.sink.report("E109", "This file is empty.", source.whole, hint="Fill or delete it.")
            return None
        if bad := CONTROL.search(source.text):
            self.sink.report(
                "E110",
                f"A character that cannot be shown ({describe(bad[0])}) stands here.",
                source.span(bad.start()),
                hint="Delete it: no learning platform can show it.",
            )
            return None
        starts = source.starts
        ends = [*starts[1:], len(source.text) + 1]
        for number, (start, end) in enumerate(zip(starts, ends, strict=True), 1):
            if end - start > MAX_LINE:
                self.sink.report(
                    "E108",
                    f"This line has {end - start - 1:,} characters; {MAX_LINE:,} are the limit.",
                    Span(path, number, 1, number, 2),
                    hint="Break the line, or keep the data in a file under media/.",
                )
                return None
        return source

    def names(self, path: str) -> list[str]:
        """Return what look like the ids in a file that could not be read.

        An item that hides behind a syntax error is not missing: whoever refers to it has
        made no mistake.
        """
        try:
            if not (self.root / path).is_file():
                return []
            with (self.root / path).open("rb") as file:
                text = file.read(MAX_FILE)
        except OSError:
            return []
        return [match.decode() for match in _ID.findall(text)]

    def asset(self, name: str, file: str) -> Asset | tuple[str, str, str]:
        """Return the image that `file` calls `name`, or (code, message, hint).

        A name is relative to the file that holds it, or else to the course folder.
        """
        key = (name, Path(file).parent)
        if key not in self._named:
            self._named[key] = self._find(name, file)
        return self._named[key]

    def _find(self, name: str, file: str) -> Asset | tuple[str, str, str]:
        tried = [(self.root / file).parent / name, self.root / name]
        path = next((p for p in tried if _exists(p)), None)
        if path is None:
            near = self._similar(name)
            hint = f"Did you mean `{near}`?" if near else "Names are relative to this file."
            outside = [p for p in tried if not _inside(p, self._real)]
            if len(outside) == len(tried):
                return "E304", f"The image `{name}` lies outside the course folder.", _COPY
            return "E303", f"The image `{name}` does not exist.", hint
        real = path.resolve()
        if real not in self._assets:
            self._assets[real] = self._load(name, real)
        return self._assets[real]

    def _load(self, name: str, real: Path) -> Asset | tuple[str, str, str]:
        if not real.is_relative_to(self._real):
            return "E304", f"The image `{name}` lies outside the course folder.", _COPY
        try:
            if real.stat().st_size > MAX_IMAGE:
                return (
                    "E305",
                    f"The image `{name}` is larger than {MAX_IMAGE // 1024**2} MiB.",
                    "Make it smaller: students load it in an examination.",
                )
            data = real.read_bytes()
        except OSError as error:
            return "E303", f"The image `{name}` cannot be read: {error.strerror}.", ""
        kind = media_type(real.name, data)
        if kind is None:
            return (
                "E305",
                f"`{name}` is not a PNG, JPEG, GIF or plain SVG image.",
                "Save it as PNG, or as SVG without scripts, style imports and outside references.",
            )
        asset = Asset(real.relative_to(self._real).as_posix(), kind, data)
        self.digests[asset.path] = digest(data)
        return asset

    def data_file(self, name: str, file: str) -> tuple[str, bytes] | tuple[str, str, str]:
        """Return (path, bytes) of the data file that `file` calls `name`, or (code, message, hint).

        Names are found as those of images are.
        """
        tried = [(self.root / file).parent / name, self.root / name]
        path = next((p for p in tried if _exists(p)), None)
        if path is None:
            folders = sorted({p.parent for p in tried if p.parent.is_dir()})
            near = nearest(Path(name).name, [q.name for p in folders for q in p.iterdir()])
            hint = f"Did you mean `{near}`?" if near else "Names are relative to this file."
            return "E554", f"The data file `{name}` does not exist.", hint
        if not _inside(path, self._real):
            return "E304", f"The data file `{name}` lies outside the course folder.", _COPY
        try:
            if path.stat().st_size > MAX_IMAGE:
                size = f"{MAX_IMAGE // 1024**2} MiB"
                hint = "Hand out a smaller sample, or tell students where to get it."
                return "E108", f"The data file `{name}` is larger than {size}.", hint
            data = path.read_bytes()
        except OSError as error:
            return "E554", f"The data file `{name}` cannot be read: {error.strerror}.", ""
        relative = path.resolve().relative_to(self._real).as_posix()
        self.digests[relative] = digest(data)
        return relative, data

    def _similar(self, name: str) -> str | None:
        media = self.find("media", ".png", ".jpg", ".jpeg", ".gif", ".svg")
        by_name = {path.rsplit("/", 1)[-1]: path for path in media}
        found = nearest(name.rsplit("/", 1)[-1], by_name)
        return by_name[found] if found else None


def lines(text: str) -> str:
    """Return a text with a newline at the end of each line, whatever ended it before."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def digest(data: bytes) -> str:
    """Return a file's digest, as `Bank.sources` holds it."""
    return blake2b(data, digest_size=16).hexdigest()


_COPY = "Copy it into media/ and refer to it there."


def _exists(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _inside(path: Path, root: Path) -> bool:
    try:
        return path.resolve().is_relative_to(root)
    except (OSError, ValueError, RuntimeError):
        return False


def describe(character: str) -> str:
    """Return a character's code point and name, such as `U+0007`."""
    name = unicodedata.name(character, "")
    return f"U+{ord(character):04X}" + (f" {name}" if name else "")
