"""Revisions of a course in git: found, laid out in a folder and read like any course.

git runs with fixed arguments only. Nothing is checked out: no hook, no filter and no textconv
runs, and no index, work tree or configuration is changed.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, NamedTuple

from coursec.diagnostics import Diagnostics, Severity
from coursec.diff.changes import Fault, Side
from coursec.model.quiz import Bank, Course
from coursec.source.course import read_course
from coursec.source.workspace import MAX_FILE

_HASH = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")
_TEXTS = (".yaml", ".yml", ".md")
_IMAGES = (".png", ".jpg", ".jpeg", ".gif", ".svg")
_FOLDERS = ("lectures", "items", "quizzes", "assignments")


class GitError(Exception):
    """What git cannot do with what it was given: one sentence, and what to do."""


class GitMissingError(Exception):
    """There is no git on this machine."""


class Revision(NamedTuple):
    """A commit, by the name that the user gave it."""

    name: str
    commit: str

    def __str__(self) -> str:
        """Return the name with the commit's first digits, where they say more than the name."""
        digits = self.commit[:7]
        return self.name if self.name.startswith(digits) else f"{self.name} ({digits})"


class _Entry(NamedTuple):
    mode: str
    hash: str
    size: int
    path: str


@dataclass(frozen=True, slots=True)
class Repository:
    """A git repository, and where the course lies in it."""

    top: Path
    course: str
    """Path of the course's folder in the repository, with forward slashes; empty for all of it."""

    def revision(self, name: str) -> Revision:
        """Return the commit that a name means. Raises GitError."""
        if name.startswith("-") or not name.isprintable() or not name.strip():
            raise GitError(f"{name!r} is not the name of a revision.")
        found = self._ask(
            "rev-parse", "--verify", "--quiet", "--end-of-options", name + "^{commit}"
        )
        if found is None or not _HASH.fullmatch(found):
            raise GitError(f"git knows no revision {name}.{self._shallow()}")
        return Revision(name, found)

    def revisions(self, names: Sequence[str]) -> tuple[Revision, Revision | None]:
        """Return the revisions to compare; None for the second one is the working tree.

        `A..B` is the same as `A B`; `A...B` compares B with the commit at which it left A.
        """
        if len(names) == 1 and "..." in names[0]:
            left, _, right = names[0].partition("...")
            old, new = self.revision(left or "HEAD"), self.revision(right or "HEAD")
            return self._fork(old, new), new
        if len(names) == 1 and ".." in names[0]:
            left, _, right = names[0].partition("..")
            return self.revision(left or "HEAD"), self.revision(right or "HEAD")
        return self.revision(names[0]), self.revision(names[1]) if len(names) > 1 else None

    def _fork(self, old: Revision, new: Revision) -> Revision:
        found = self._ask("merge-base", old.commit, new.commit)
        if found is None or not _HASH.fullmatch(found):
            raise GitError(f"{old.name} and {new.name} have no commit in common.{self._shallow()}")
        return Revision(old.name, found)

    def _shallow(self) -> str:
        """Return what to do in a clone that holds the last commits only."""
        if self._ask("rev-parse", "--is-shallow-repository") != "true":
            return ""
        return " This clone holds the last commits only: run `git fetch --unshallow` first."

    def read(self, revision: Revision) -> Side | None:
        """Read the course as it was in a revision; None where there was none. Raises GitError."""
        name = f"{revision.commit}:{self.course}" if self.course else f"{revision.commit}^{{tree}}"
        tree = self._ask("rev-parse", "--verify", "--quiet", "--end-of-options", name)
        if tree is None or not _HASH.fullmatch(tree):
            return None
        listing = _run(self.top, "ls-tree", "-r", "-z", "-l", "--full-tree", tree)
        if listing.returncode:
            return None
        entries = [_entry(line) for line in listing.stdout.split(b"\0") if line]
        if not any(entry.path == "course.yaml" for entry in entries):
            return None
        with tempfile.TemporaryDirectory(prefix="coursec-diff-") as name:
            folder = Path(name)
            faults = self._lay_out(entries, folder)
            return read_side(folder, faults)

    def _lay_out(self, entries: Iterable[_Entry], folder: Path) -> list[Fault]:
        """Write the files that a course can hold into an empty folder; say which cannot be."""
        faults: list[Fault] = []
        files: list[_Entry] = []
        links: list[_Entry] = []
        for entry in entries:
            if not _counts(entry.path):
                continue
            if entry.mode == "160000":
                faults.append(Fault(entry.path, 1, "This is a submodule: it is not compared."))
            elif entry.mode == "120000":
                links.append(entry)
            elif entry.size > MAX_FILE:
                message = f"This file is larger than {MAX_FILE // 1024**2} MiB."
                faults.append(Fault(entry.path, 1, message))
            else:
                files.append(entry)
        # Links come last, so that no file is written through one.
        for entry, data in self._blobs([*files, *(e for e in links if e.size <= 4096)]):
            path = folder / entry.path
            try:
                if data is None:
                    raise OSError("this clone does not hold it")
                path.parent.mkdir(parents=True, exist_ok=True)
                if entry.mode != "120000":
                    with path.open("xb") as file:
                        file.write(data)
                elif _stays_inside(entry.path, os.fsdecode(data)):
                    path.symlink_to(os.fsdecode(data))
                else:
                    raise OSError("it is a link that leads outside the course folder")
            except (OSError, ValueError) as error:
                reason = getattr(error, "strerror", None) or str(error)
                faults.append(Fault(entry.path, 1, f"This file cannot be read: {reason}."))
        return faults

    def _blobs(self, entries: Sequence[_Entry]) -> Iterable[tuple[_Entry, bytes | None]]:
        """Yield the bytes of entries; None for one that the clone does not hold."""
        with tempfile.TemporaryFile() as wanted:
            wanted.write("".join(f"{entry.hash}\n" for entry in entries).encode())
            wanted.seek(0)
            with _start(self.top, wanted, "cat-file", "--batch") as process:
                assert process.stdout is not None
                for entry in entries:
                    head = process.stdout.readline().split()
                    if len(head) != 3 or head[1] != b"blob":
                        yield entry, None
                        continue
                    size = int(head[2])
                    yield entry, process.stdout.read(size)
                    process.stdout.read(1)

    def _ask(self, *arguments: str) -> str | None:
        """Return git's answer of one line; None where it has none."""
        done = _run(self.top, *arguments)
        return None if done.returncode else done.stdout.decode("utf-8", "replace").strip()


def repository(course: Path) -> Repository:
    """Find the repository that holds a course's folder. Raises GitError and GitMissingError."""
    real = Path(os.path.realpath(course))
    # A folder of an earlier revision may be gone by now.
    base = next(folder for folder in (real, *real.parents) if folder.is_dir())
    done = _run(base, "rev-parse", "--show-toplevel")
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().partition("\n")[0]
        if "not a git repository" in said:
            raise GitError(f"{course} does not lie in a git repository.")
        raise GitError(f"git refuses: {said.removeprefix('fatal: ')}.")
    top = Path(os.path.realpath(os.fsdecode(done.stdout.removesuffix(b"\n"))))
    inside = real.relative_to(top).as_posix()
    return Repository(top, "" if inside == "." else inside)


def read_side(folder: Path, faults: Iterable[Fault] = ()) -> Side:
    """Read a course for a comparison: what is sound of it, and which files are not."""
    sink = Diagnostics()
    bank = read_course(folder, sink)
    known = list(faults)
    named = {fault.path for fault in known}
    found: dict[str, list[tuple[int, str]]] = {}
    for d in sink:
        if d.severity is Severity.ERROR and d.span.path not in named:
            found.setdefault(d.span.path, []).append((d.span.line, d.message))
    known += [Fault(path, *rows[0], len(rows) - 1) for path, rows in found.items()]
    return Side(bank, tuple(sorted(known, key=lambda fault: fault.path)))


def no_course() -> Side:
    """Return a course that holds nothing, for a revision in which there was none yet."""
    empty = Bank(course=Course(code="", title=""), items={}, quizzes={}, lectures={})
    return Side(empty)


def _counts(path: str) -> bool:
    """Tell whether a file of this path can be part of a course."""
    parts = PurePosixPath(path).parts
    if any(part in ("", ".", "..") or part.startswith(".") for part in path.split("/")):
        return False
    suffix = PurePosixPath(path).suffix.lower()
    named = path == "course.yaml" or (parts[0] in _FOLDERS and suffix in _TEXTS)
    # Whatever lies beside an assignment may be a file of it.
    return named or parts[0] == "assignments" or suffix in _IMAGES or not suffix


def _stays_inside(path: str, target: str) -> bool:
    """Tell whether a link leads, by its words, to something in the folder."""
    if not target or target.startswith(("/", "\\")) or "\0" in target:
        return False
    return not os.path.normpath(f"{os.path.dirname(path)}/{target}".lstrip("/")).startswith("..")


def _entry(line: bytes) -> _Entry:
    """Read `<mode> <type> <hash> <size>TAB<path>`; a blob that is missing has no size."""
    head, _, path = line.partition(b"\t")
    mode, _, name, size = head.decode("ascii").split()
    return _Entry(mode, name, int(size) if size.isdecimal() else 0, os.fsdecode(path))


_QUIET = {
    "LC_ALL": "C",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_LAZY_FETCH": "1",
}
"""git speaks English, takes no lock, asks nothing and uses no network."""


def _command(folder: Path, arguments: Sequence[str]) -> list[str]:
    return ["git", "-C", str(folder), "--no-pager", "--literal-pathspecs", *arguments]


def _environment() -> dict[str, str]:
    # A hook's variables name the repository that runs it, which may be another one.
    own = {k: v for k, v in os.environ.items() if k not in ("GIT_DIR", "GIT_WORK_TREE")}
    return {**own, **_QUIET}


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(  # noqa: S603 -- fixed arguments, no shell
            _command(folder, arguments), capture_output=True, env=_environment(), check=False
        )
    except FileNotFoundError:
        raise GitMissingError from None


def _start(folder: Path, given: IO[bytes], *arguments: str) -> subprocess.Popen[bytes]:
    with suppress(FileNotFoundError):
        return subprocess.Popen(  # noqa: S603
            _command(folder, arguments),
            stdin=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
        )
    raise GitMissingError
