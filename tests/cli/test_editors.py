"""What an author sees while typing: the schemas of a new course in the real language server."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from coursec.scaffold import new_course
from language_server import SERVER, LanguageServer

BANK = "content/items/averages.yaml"
MODELINE = "# yaml-language-server: $schema="

pytestmark = pytest.mark.skipif(
    not shutil.which("node") or not SERVER.exists(),
    reason="node with `npm install` in tests/node is missing",
)


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("course")
    for path, data in new_course("Intro", "I-1", "en").items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder


def settings_of(course: Path) -> dict[str, Any]:
    source = (course / ".vscode/settings.json").read_text("utf-8")
    found = json.loads(re.sub(r"^\s*//.*$", "", source, flags=re.MULTILINE))
    return {"schemas": found["yaml.schemas"]}


@pytest.fixture(scope="module")
def server(course: Path) -> Iterator[LanguageServer]:
    """The server as VS Code starts it in the course's folder."""
    with LanguageServer(course, settings_of(course)) as running:
        yield running


@pytest.fixture(scope="module")
def plain_server(course: Path) -> Iterator[LanguageServer]:
    """The server as other editors start it: without settings of the course."""
    with LanguageServer(course, {}) as running:
        yield running


def samples(course: Path) -> dict[str, str]:
    found = {p.relative_to(course).as_posix(): p for p in (course / "content").rglob("*.yaml")}
    return {path: file.read_text("utf-8") for path, file in found.items()}


def test_the_sample_files_are_right(
    course: Path, server: LanguageServer, plain_server: LanguageServer
) -> None:
    found = samples(course)
    assert len(found) == 3
    for path, text in found.items():
        assert text.startswith(MODELINE)
        assert server.findings(path, text) == []
        assert plain_server.findings(path, text) == []


@pytest.mark.parametrize(
    ("path", "right", "wrong"),
    [
        ("content/items/averages.yaml", "tolerance: 0.5", "tolerence: 0.5"),
        ("content/quizzes/averages.yaml", "title: Mean", "titel: Mean"),
        ("content/course.yaml", "defaults:", "default:"),
    ],
)
@pytest.mark.parametrize("by", ["settings", "first line"])
def test_a_misspelt_key_is_found(
    course: Path,
    server: LanguageServer,
    plain_server: LanguageServer,
    path: str,
    right: str,
    wrong: str,
    by: str,
) -> None:
    text = samples(course)[path].replace(right, wrong)
    if by == "settings":
        text = "#\n" + text.partition("\n")[2]
    else:  # a name that no setting knows
        path = path.replace(".yaml", ".txt")
    key = wrong.partition(":")[0]
    line = next(i for i, words in enumerate(text.splitlines(), 1) if wrong in words)
    found = (server if by == "settings" else plain_server).findings(path, text)
    assert (line, f"Property {key} is not allowed.") in found


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("type: single_choice", "`matching`: A response to be found for each premise."),
        ("stem: The largest", "The question, in Markdown with $math$."),
        ("choices:", "a bare text is a wrong one.\n\nExample:"),
        ("bloom: understand", "`apply`: Use a method in a given situation."),
        ("tolerance: 0.5", "per cent of the answer"),
        ("relation:", "With choices it is a menu"),
        ("rubric:", "The points of the criteria add up"),
    ],
)
def test_hovering_explains_a_field(
    course: Path, server: LanguageServer, place: str, words: str
) -> None:
    text = samples(course)[BANK]
    server.findings(BANK, text)
    line, column = next(
        (number, line.index(place) + 2)
        for number, line in enumerate(text.splitlines(), 1)
        if place in line and not line.lstrip().startswith("#")
    )
    assert words in server.hover(BANK, line, column)
