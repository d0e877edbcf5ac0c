"""Courses out of git: any revision, nothing checked out, nothing run, hostile trees harmless."""

from __future__ import annotations

from pathlib import Path

import pytest

from coursec.diff import revisions
from coursec.diff.compare import compare
from coursec.diff.revisions import GitError, GitMissingError, repository
from courses import COURSE, PNG, write_course
from repositories import commit, commit_tree, git

BANK = "items:\n  - {id: one, type: true_false, stem: One is odd., answer: true}\n"
FILES: dict[str, str | bytes] = {"items/a.yaml": BANK}


@pytest.fixture
def course(tmp_path: Path) -> Path:
    folder = write_course(tmp_path / "repo/content", FILES)
    commit(tmp_path / "repo")
    return folder


def test_a_revision_is_read_as_it_was(course: Path) -> None:
    write_course(course, {"items/a.yaml": BANK.replace("true}", "false}")})
    repo = repository(course)
    side = repo.read(repo.revision("main"))
    assert side
    assert not side.faults
    assert getattr(side.bank.items["one"], "answer", None) is True


def test_the_work_tree_is_left_alone(course: Path) -> None:
    (course.parent / ".gitattributes").write_text("*.yaml filter=bad text eol=crlf\n")
    ran = course.parent / "ran"
    git(course.parent, "config", "filter.bad.smudge", f"touch {ran}")
    git(course.parent, "config", "core.fsmonitor", f"touch {ran}")
    hook = course.parent / ".git/hooks/post-checkout"
    hook.write_text(f"#!/bin/sh\ntouch {ran}\n")
    hook.chmod(0o755)
    before = sorted(path.name for path in (course.parent / ".git").iterdir())
    repo = repository(course)
    side = repo.read(repo.revision("HEAD"))
    assert side
    assert list(side.bank.items) == ["one"]
    assert not ran.exists()
    assert sorted(path.name for path in (course.parent / ".git").iterdir()) == before


@pytest.mark.parametrize(
    "name", ["--output=x", "-h", "", " ", "a\0b", "a\nb", "nope", "HEAD:content"]
)
def test_what_is_no_revision_is_refused(name: str, course: Path) -> None:
    with pytest.raises(GitError):
        repository(course).revision(name)
    assert not (course.parent / "x").exists()


def test_two_dots_and_three(course: Path) -> None:
    fork = git(course.parent, "rev-parse", "HEAD")
    git(course.parent, "checkout", "-q", "-b", "topic")
    topic = commit(course.parent)
    git(course.parent, "checkout", "-q", "main")
    main = commit(course.parent, "y")
    repo = repository(course)
    assert [r and r.commit for r in repo.revisions(["main..topic"])] == [main, topic]
    assert [r and r.commit for r in repo.revisions(["main...topic"])] == [fork, topic]
    assert [r and r.commit for r in repo.revisions(["...topic"])] == [fork, topic]
    assert [r and r.commit for r in repo.revisions(["main"])] == [main, None]


def test_a_course_that_was_not_there_yet(course: Path) -> None:
    git(course.parent, "checkout", "-q", "--orphan", "empty")
    git(course.parent, "rm", "-rqf", ".")
    (course.parent / "README").write_text("x")
    commit(course.parent)
    repo = repository(course.parent / "content")
    assert repo.read(repo.revision("empty")) is None
    assert repo.read(repo.revision("main"))


def test_a_course_may_be_the_whole_repository(tmp_path: Path) -> None:
    commit(write_course(tmp_path / "repo", FILES))
    repo = repository(tmp_path / "repo")
    side = repo.read(repo.revision("HEAD"))
    assert side
    assert list(side.bank.items) == ["one"]


def test_no_repository(tmp_path: Path) -> None:
    with pytest.raises(GitError, match="does not lie in a git repository"):
        repository(write_course(tmp_path, FILES))


def test_no_git(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(course))
    with pytest.raises(GitMissingError):
        repository(course)


def test_a_clone_of_the_last_commits_says_what_to_do(course: Path, tmp_path: Path) -> None:
    first = git(course.parent, "rev-parse", "HEAD")
    commit(course.parent)
    git(tmp_path, "clone", "-q", "--depth=1", course.parent.as_uri(), "shallow")
    with pytest.raises(GitError, match="git fetch --unshallow"):
        repository(tmp_path / "shallow/content").revision(first)


def test_a_hostile_tree_harms_nothing(course: Path, tmp_path: Path) -> None:
    """Links out, files through links, a submodule, odd names: said or passed over."""
    secret = tmp_path / "secret.yaml"
    secret.write_text("items:\n  - {id: secret, type: text, stem: Secret.}\n")
    folder = course.parent
    items = git(
        folder,
        "rev-parse",
        commit_tree(
            folder,
            [
                ("100644", "a.yaml", BANK.encode()),
                ("120000", "absolute.yaml", str(secret).encode()),
                ("120000", "up.yaml", b"../../../secret.yaml"),
                ("120000", "inside.yaml", b"a.yaml"),
                ("120000", "loop.yaml", b"loop.yaml"),
                ("160000", "sub.yaml", b""),
            ],
        )
        + "^{tree}",
    )
    hostile = commit_tree(
        folder,
        [
            ("100644", "course.yaml", COURSE.encode()),
            ("40000", "items", items.encode()),
            ("120000", "lectures", str(tmp_path).encode()),
            ("100644", "media\x07\n.png", PNG),
        ],
    )
    repo = revisions.Repository(folder, "")
    before = sorted(tmp_path.rglob("*"))
    side = repo.read(repo.revision(hostile))
    assert side
    assert list(side.bank.items) == ["one"]
    said = {fault.path: fault.message for fault in side.faults}
    assert "leads outside" in said["items/absolute.yaml"]
    assert "leads outside" in said["items/up.yaml"]
    assert "submodule" in said["items/sub.yaml"]
    assert "items/loop.yaml" in said
    assert sorted(tmp_path.rglob("*")) == before


def test_media_come_along(tmp_path: Path) -> None:
    bank = BANK.replace("One is odd.", '"![A dot](../media/dot.png)"')
    folder = write_course(tmp_path / "repo", {"items/a.yaml": bank, "media/dot.png": PNG})
    commit(folder)
    repo = repository(folder)
    side = repo.read(repo.revision("HEAD"))
    assert side
    assert not side.faults
    assert not compare(side, side)


def test_a_file_that_the_clone_does_not_hold_is_said(course: Path) -> None:
    repo = repository(course)
    head = repo.revision("HEAD")
    blob = git(course.parent, "rev-parse", "HEAD:content/items/a.yaml")
    (course.parent / ".git/objects" / blob[:2] / blob[2:]).unlink()
    side = repo.read(head)
    assert side
    assert [fault.path for fault in side.faults] == ["items/a.yaml"]
    there = revisions.read_side(course)
    diff = compare(side, there)
    assert not diff.items
    assert diff.unread == ("one",)
