"""Laws of Markdown: what is written is read, and what can be written stays as it is."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import example, given, settings

from coursec.diagnostics import Diagnostics
from coursec.model.text import (
    Asset,
    Block,
    BulletList,
    Heading,
    Inline,
    Math,
    Paragraph,
    Quote,
    RichText,
    SoftBreak,
    Table,
    Text,
    walk,
)
from coursec.source.markdown import MarkdownReader
from coursec.source.nodes import Scalar
from coursec.source.workspace import SourceFile, Workspace
from coursec.text.markdown import markdown_text, normal
from courses import but_access
from richtexts import IMAGES, dense_lines, rich_texts


@cache
def workspace() -> Workspace:
    root = Path(mkdtemp())
    (root / "items").mkdir()
    for asset in IMAGES:
        (root / asset.path).parent.mkdir(parents=True, exist_ok=True)
        (root / asset.path).write_bytes(asset.data)
    return Workspace(root, Diagnostics())


def beside(asset: Asset) -> str:
    return f"../{asset.path}"


def read(source: str, *, gaps: bool = False) -> RichText:
    """Read a text; nothing may be found wrong with it but gaps outside of a cloze."""
    sink = Diagnostics()
    file = SourceFile("items/a.yaml", source)
    reader = MarkdownReader(workspace(), file, sink)
    text = reader.read(Scalar(source, file.span(0), "|"), gaps=gaps)
    assert [d for d in but_access(sink) if d.code != "W313"] == []
    return text


@given(rich_texts())
@example(RichText((Paragraph((Text("a"), SoftBreak(), Math("x", display=True), Text(" "))),)))
@settings(max_examples=300)
def test_what_is_written_is_read(text: RichText) -> None:
    made = normal(text)
    assert read(markdown_text(made, beside)) == made


@given(dense_lines)
@settings(max_examples=300)
def test_stress_is_read_where_everything_touches(line: tuple[Inline, ...]) -> None:
    made = normal(RichText((Paragraph(line), Heading(2, line), Table((line,), (), ("",)))))
    assert read(markdown_text(made, beside)) == made
    assert normal(made) == made


@given(rich_texts(gaps=True))
@settings(max_examples=100)
def test_what_is_written_of_a_cloze_is_read(text: RichText) -> None:
    made = normal(text)
    assert read(markdown_text(made, beside), gaps=True) == made


@given(rich_texts())
@settings(max_examples=100)
def test_a_normal_text_stays_as_it_is(text: RichText) -> None:
    made = normal(text)
    assert normal(made) == made


WELL_WRITTEN = (
    "Plain words, 3 * 4 = 12, a_b and snake_case, C:\\new\\table, x[i], AT&T, a < b, {y}, #1.",
    'What does ``print("`")`` print? It costs \\$5.',
    "*stress*, **strong**, *__x__* no, **_both_**",
    "a *b **c** d* e, un*frigging*believable",
    "One\ntwo\\\nthree",
    "A formula $\\frac{a}{b} < \\{1\\}$ in a line, $$x$$ too.",
    "Before\n\n$$\\sum_i x_i$$\n\n$$\nx\n  = y\n$$\n\nafter",
    "1\\. no list\n\n\\- no list\n\n\\# no heading\n\n\\> no quote\n\n\\---\n\n\\===",
    "[link](https://example.org/a?b=1&c=2), <https://example.org/x>, <mailto:a@example.org>",
    "![A \\*dot\\*](../media/dot.png)",
    "# Title\n\n## Sub \\#\n\n###### Deep",
    "- one\n- two\n  - inner\n  - other\n- three",
    "- one\n\n  more\n\n- two",
    "9. nine\n10. ten\n    - inner\n\n3) other list",
    "- a\n\n* another list\n\n- a third",
    "- a\n  ```\n  code\n  ```\n- ___",
    "> A quote.\n>\n> - list\n>   1. inner\n\n> Another.",
    '```python\ndef f():\n\n\treturn "`"\n```',
    "````\n```\n````",
    "| left | centre | right | plain $\\|x\\|$ |\n| :--- | :----: | ----: | ------------- |\n"
    "| a    | `b\\|c` |     1 | **d**         |",
    "a\n\n---\n\nb",
    "`` ` `` and ` `` `",
    "&nbsp;x\u00a0y&nbsp;",
    "\\&amp; stays, & does; a \\<b> c, 1 < 2, \\<!-- x",
)
"""Texts as they are written."""


@pytest.mark.parametrize("source", WELL_WRITTEN)
def test_what_is_well_written_is_written_again(source: str) -> None:
    text = read(source)
    assert normal(text) == text
    assert markdown_text(text, beside) == source


def test_no_text_is_no_markdown() -> None:
    assert markdown_text(RichText(), beside) == ""
    assert normal(RichText()) == RichText()


def test_a_text_keeps_its_place() -> None:
    span = SourceFile("x", "abc").span(0)
    assert normal(RichText((), span)).span == span


def test_what_is_nested_too_deeply_leaves_what_it_holds() -> None:
    block: Block = Table(((Text("a"),),), (), ("",))
    for depth in range(40):
        block = Quote((block,)) if depth % 2 else BulletList(((block, Paragraph((Text("b"),))),))
    made = normal(RichText((block,)))
    assert read(markdown_text(made, beside)) == made
    assert len([node for node in walk(made) if isinstance(node, Table | Paragraph)]) == 21
