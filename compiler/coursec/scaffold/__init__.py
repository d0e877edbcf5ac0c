"""A new course: the folders beside this file are its files, with a few words put in.

`course/` holds what every new course gets, `github/` and `gitlab/` what each CI gets besides.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from coursec import __version__
from coursec.model.text import Heading, RichText, Text
from coursec.resources import schemas
from coursec.source.writing import course_text
from coursec.text.markdown import markdown_text

CIS = ("github", "gitlab")
"""The CIs that a workflow can be written for."""
SCHEMAS = ".coursec/schemas"
"""Where a course keeps the schemas for editors."""


def new_course(title: str, code: str, language: str, ci: str | None = None) -> dict[str, bytes]:
    """Return the files of a new course, by path in its folder.

    `title` and `code` are one line each, `language` is a BCP 47 tag, `ci` one of `CIS`.
    """
    words = {
        "<<head>>": course_text(code, title, language).rstrip("\n"),
        "<<heading>>": _heading(title),
        "<<requirement>>": requirement(),
    }
    files: dict[str, bytes] = {}
    for part in ("course", ci) if ci else ("course",):
        for path, data in _tree(Path(__file__).parent / part):
            files[path] = data if path.endswith(".png") else _filled(data, words)
    files.update((f"{SCHEMAS}/{path}", data) for path, data in _tree(schemas()))
    return dict(sorted(files.items()))


def requirement() -> str:
    """Return what pip installs to get this coursec: a version, or the address it came from."""
    try:
        origin = json.loads(distribution("coursec").read_text("direct_url.json") or "{}")
        address, vcs = str(origin["url"]), origin.get("vcs_info")
        if address.startswith(("https://", "ssh://")):  # not a folder of this machine
            if vcs:
                return f"coursec @ {vcs['vcs']}+{address}@{vcs['commit_id']}"
            return f"coursec @ {address}"
    except (PackageNotFoundError, ValueError, KeyError):
        pass
    return f"coursec=={__version__}"


def _tree(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in folder.rglob("*"):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path.read_bytes()


def _filled(data: bytes, words: dict[str, str]) -> bytes:
    return re.sub("<<[a-z]+>>", lambda mark: words[mark[0]], data.decode()).encode()


def _heading(title: str) -> str:
    heading = Heading(level=1, children=(Text(title),))
    return markdown_text(RichText((heading,)), lambda asset: asset.path)
