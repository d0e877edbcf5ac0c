"""Writing outputs: complete and new, or the old one untouched."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterable
from errno import EEXIST, EISDIR, EXDEV
from pathlib import Path


def write_all(files: Iterable[tuple[Path, bytes]], *, within: Path | None = None) -> set[Path]:
    """Write files, all or none; return those whose bytes changed. Raises OSError.

    `within` is a folder that no link may lead out of: content may come from a stranger.

    Every file's bytes go into a file beside it first; only when all of them are there do
    they take their names. A reader sees the old file or the new one, and a full disk, a
    folder that cannot be made or a crash leaves every old one.
    """
    staged: list[tuple[str, Path]] = []
    try:
        for path, data in files:
            if within is not None and not path.parent.resolve().is_relative_to(within.resolve()):
                raise OSError(EXDEV, "a link leads out of the course's folder", str(path))
            if not _same(path, data):
                staged.append((_stage(path, data), path))
        for name, path in staged:
            os.replace(name, path)
    except BaseException:
        for name, _ in staged:
            with contextlib.suppress(OSError):
                os.unlink(name)
        raise
    return {path for _, path in staged}


def write_new(files: Iterable[tuple[Path, bytes]]) -> None:
    """Write files that are not there yet, all or none, with their folders. Raises OSError.

    Raises FileExistsError before anything is written when one of them is there.
    """
    wanted = list(files)
    paths = [path for path, _ in wanted]
    for path in paths:
        if os.path.lexists(path):
            raise FileExistsError(EEXIST, "it is there already", str(path))
    folders = {folder for path in paths for folder in path.parents if not folder.exists()}
    try:
        write_all(wanted)
    except BaseException:
        for path in paths:
            with contextlib.suppress(OSError):
                path.unlink()
        for folder in sorted(folders, key=lambda folder: len(folder.parts), reverse=True):
            with contextlib.suppress(OSError):
                folder.rmdir()
        raise


def _same(path: Path, data: bytes) -> bool:
    try:
        return path.is_file() and path.read_bytes() == data  # a pipe would not end
    except OSError:
        return False


def _stage(path: Path, data: bytes) -> str:
    """Write the bytes into a temporary file beside the path; return its name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_dir():
        raise IsADirectoryError(EISDIR, "there is a folder of that name", str(path))
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(name, 0o666 & ~umask)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise
    return name
