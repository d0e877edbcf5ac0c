"""Laws of Markdown: what is written is read, and what can be written stays as it is."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from hypothesis import given, settings

from coursec.diagnostics import Diagnostics
from coursec.model.text import Asset, RichText
from coursec.source.markdown import MarkdownReader
from coursec.source.nodes import Scalar
from coursec.source.workspace import SourceFile, Workspace
from coursec.text.markdown import markdown_text, normal
from richtexts import IMAGES, rich_texts


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
    assert [d for d in sink if d.code != "W313"] == []
    return text


@given(rich_texts())
@settings(max_examples=300)
def test_what_is_written_is_read(text: RichText) -> None:
    made = normal(text)
    assert read(markdown_text(made, beside)) == made


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
