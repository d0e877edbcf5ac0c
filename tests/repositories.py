"""Git repositories made of texts, for tests."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

_WHO = {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER") for what, value in (
    ("NAME", "T"), ("EMAIL", "t@example.org"), ("DATE", "2025-01-01T00:00:00Z"),
)}  # fmt: skip


def git(folder: Path, *arguments: str, given: bytes = b"") -> str:
    """Run git and return what it says."""
    environment = {**os.environ, **_WHO, "GIT_CONFIG_GLOBAL": os.devnull}
    done = subprocess.run(
        ["git", "-C", str(folder), *arguments],
        input=given,
        capture_output=True,
        check=True,
        env=environment,
    )
    return done.stdout.decode().strip()


def commit(folder: Path, message: str = "x") -> str:
    """Commit everything; return the commit."""
    if not (folder / ".git").exists():
        git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", message)
    return git(folder, "rev-parse", "HEAD")


def commit_tree(folder: Path, entries: list[tuple[str, str, bytes]]) -> str:
    """Commit a tree of (mode, name, data) that no work tree could hold; return the commit."""
    rows = b""
    for mode, name, data in entries:
        if mode == "160000":
            kind, found = "commit", "1" * 40
        elif mode == "40000":
            kind, found = "tree", data.decode()
        else:
            kind = "blob"
            found = git(folder, "hash-object", "-w", "--stdin", given=data)
        rows += f"{mode} {kind} {found}\t{name}".encode() + b"\0"
    tree = git(folder, "mktree", "-z", "--missing", given=rows)
    return git(folder, "commit-tree", tree, "-m", "x")
