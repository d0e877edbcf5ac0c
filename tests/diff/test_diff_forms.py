"""The forms of a comparison: text of 80 columns, JSON, Markdown in which nothing is markup."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from pytest_regressions.file_regression import FileRegressionFixture

from coursec.diagnostics.columns import width
from coursec.diff.changes import Change, CourseDiff, ItemChange, QuizChange, Touch
from coursec.diff.compare import compare
from coursec.diff.markdown import markdown
from coursec.diff.record import json_text
from coursec.diff.revisions import read_side
from coursec.diff.terminal import text
from strategies import texts

CONTENT = Path(__file__).parents[2] / "content"
EDITS = {
    "items/tokenization.yaml": [
        ("      - text: A sentence takes fewer tokens than it has words.\n",
         "      - text: A sentence takes fewer tokens than it has words.\n        correct: true\n"),
        ("      - text: Unseen words are built from a list of fixed size.\n        correct: true\n",
         "      - text: Unseen words are built from a list of fixed size.\n"),
        ("the level of tokenization that it fits best", "the one level that it fits best"),
        ("id: emb-lookup-shape", "id: emb-lookup-form"),
    ],
    "items/efficiency.yaml": [("    tolerance: 0\n", "    tolerance: 1\n")],
    "quizzes/tokenization.yaml": [
        ("40 min", "45 min"), ("emb-lookup-shape", "emb-lookup-form"), ("pick: 3", "pick: 4"),
    ],
    "quizzes/problem-formulation.yaml": [("title: From", "title: [From")],
    "lectures/04-tokenization.md": [("It bounds the vocabulary", "It limits the vocabulary")],
    "assignments/word2vec.md": [
        ("{#vocabulary points=15}", "{#vocabulary points=10}"), ("points: 100", "points: 95"),
        ("Work from top to bottom: each", "Each"),
    ],
    "course.yaml": [("Large Language Models Systems", "Large Language Model Systems")],
}  # fmt: skip


@pytest.fixture(scope="module")
def diff(tmp_path_factory: pytest.TempPathFactory) -> CourseDiff:
    folder = tmp_path_factory.mktemp("new") / "content"
    shutil.copytree(CONTENT, folder)
    for name, edits in EDITS.items():
        said = (folder / name).read_text("utf-8")
        for before, after in edits:
            said = said.replace(before, after, 1)
        (folder / name).write_text(said, "utf-8")
    return compare(read_side(CONTENT), read_side(folder))


def test_golden_text(diff: CourseDiff, file_regression: FileRegressionFixture) -> None:
    said = text(diff, "main (1234567)", "working tree", lambda words, style: words)
    assert max(map(width, said.splitlines())) <= 80
    file_regression.check(said, extension=".txt", encoding="utf-8")


def test_golden_markdown(diff: CourseDiff, file_regression: FileRegressionFixture) -> None:
    said = markdown(diff, "main (1234567)", "working tree")
    file_regression.check(said, extension=".md", encoding="utf-8")


def test_golden_json(diff: CourseDiff, file_regression: FileRegressionFixture) -> None:
    said = json_text(diff, "main (1234567)", "working tree")
    assert json.loads(said)["items"][0]["effect"] == "key"
    file_regression.check(said, extension=".json", encoding="utf-8")


def test_nothing_is_said_of_nothing() -> None:
    said = text(CourseDiff(), "a", "b", lambda words, style: words)
    assert said == "a → b\n\nNothing changed.\n"


HOSTILE = st.one_of(
    texts,
    st.sampled_from(
        [
            "</code><script>alert(1)</script>", "`` `", "@all #1 !2 :tada:", "a | b \\| c",
            "/close", "```\n/close\n```", "![x](http://h/x)", "<!-- -->", "[x]: http://h",
            "https://h.example www.h.example", "$x$", "~~~\n</details>\n~~~", "**x** _y_",
        ]
    ),
)  # fmt: skip


@given(old=HOSTILE, new=HOSTILE, name=HOSTILE)
def test_no_text_becomes_markup(old: str, new: str, name: str) -> None:
    """The tree of the Markdown is that of the same comparison of harmless words."""

    def tree(old: str, new: str, name: str) -> list[tuple[str, str]]:
        long = ("\n" + old * 70, "\n" + new * 70)
        item = ItemChange(
            kind="changed",
            id="x",
            name=name,
            type="essay",
            path=name,
            line=1,
            changes=(Change("stem", f"feedback of “{name}”", old, new), Change("stem", "s", *long)),
            touches=(Touch("q"),),
        )
        quiz = QuizChange(kind="changed", id="q", title=name, path="", items=("x",))
        said = markdown(CourseDiff(items=(item,), quizzes=(quiz,)), name, "b")
        tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(said)
        shape = [(token.type, token.tag) for token in tokens]
        inner = [
            (child.type, child.content if child.type == "html_inline" else "")
            for token in tokens
            for child in token.children or ()
            if child.type not in ("text", "text_special")
        ]
        return [*shape, *inner]

    def harmless(words: str) -> str:
        return re.sub(r"[^\n]", "w", words)

    assert tree(old, new, name) == tree(harmless(old), harmless(new), "n")


@given(said=HOSTILE)
def test_the_terminal_is_given_nothing_to_obey(said: str) -> None:
    item = ItemChange(
        kind="changed", id="x", name=said, type="text", path=said, line=1,
        changes=(Change("stem", "stem", said, "\x1b[31m" + said),),
    )  # fmt: skip
    shown = text(CourseDiff(items=(item,)), "a", "b", lambda words, style: words)
    assert re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown) is None
