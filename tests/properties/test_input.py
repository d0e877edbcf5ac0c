"""Laws about what comes in: nothing raises, every place lies inside its file."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import example, given, settings
from hypothesis import strategies as st

from assignment_files import SOURCE
from coursec.diagnostics import Diagnostics
from coursec.diagnostics.renderers import Run, render
from coursec.model.text import Paragraph, Text
from coursec.source.markdown import WORDS, MarkdownReader, markdown_parser
from coursec.source.markdown_tree import TreeBuilder
from coursec.source.nodes import Scalar, compose
from coursec.source.places import locate
from coursec.source.workspace import SourceFile
from courses import PNG, read, write_course
from strategies import characters, hostile

SINK = Path(__file__).parents[1] / "golden/course"
FILES = {
    path: (SINK / path).read_bytes()
    for path in ("course.yaml", "items/sink.yaml", "quizzes/sink.yaml")
} | {"lectures/l.md": b"---\ntitle: L\nnumber: 4\n---\n\n## One\n\n- x\n\n## Two {#two .agenda}\n"}
FILES["assignments/a.md"] = SOURCE.encode()


def check(files: dict[str, str | bytes]) -> None:
    """Read a course of any bytes; places must be where the words are."""
    with TemporaryDirectory() as folder:
        root = write_course(Path(folder), {"media/dot.png": PNG, **files})
        _, _, sink = read(root)
        found = list(sink)
        for d in found:
            assert d.message
            path = root / d.span.path
            data = path.read_bytes() if path.exists() else b""
            text = data.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
            lines = text.removeprefix("\ufeff").split("\n")
            assert 1 <= d.span.line <= d.span.end_line <= len(lines) + 1, d
            assert 1 <= d.span.column <= len([*lines, ""][d.span.line - 1]) + 1, d
            assert (d.span.line, d.span.column) <= (d.span.end_line, d.span.end_column), d
        render("full", Run(found, lines=lambda path: ["x" * 300] * 400))


@given(st.sampled_from(sorted(FILES)), st.binary(max_size=200))
def test_any_bytes_give_findings_and_never_a_traceback(path: str, data: bytes) -> None:
    check({path: data})


@given(st.sampled_from(sorted(FILES)), st.data())
@settings(max_examples=150)
def test_a_mutated_file_gives_findings_and_never_a_traceback(
    path: str, data: st.DataObject
) -> None:
    content = FILES[path]
    lines = content.split(b"\n")
    at = data.draw(st.integers(0, len(lines) - 1))
    match data.draw(st.sampled_from(["drop", "double", "swap", "byte", "insert", "cut"])):
        case "drop":
            del lines[at]
        case "double":
            lines.insert(at, lines[at])
        case "swap":
            other = data.draw(st.integers(0, len(lines) - 1))
            lines[at], lines[other] = lines[other], lines[at]
        case "byte":
            position = data.draw(st.integers(0, len(content) - 1))
            byte = bytes([data.draw(st.integers(0, 255))])
            lines = (content[:position] + byte + content[position + 1 :]).split(b"\n")
        case "insert":
            piece = data.draw(hostile).encode()
            position = data.draw(st.integers(0, len(lines[at])))
            lines[at] = lines[at][:position] + piece + lines[at][position:]
        case "cut":
            lines = lines[:at]
    check({**FILES, path: b"\n".join(lines)})


@given(st.lists(st.one_of(hostile, characters, st.just("\n"), st.just(" ")), max_size=40))
@example(["$", "x", "$"])
@example(["> ", "- ", "a"])
def test_any_text_is_markdown(parts: list[str]) -> None:
    text = "".join(parts)
    body = "".join(f"      {line}\n" for line in text.split("\n"))
    check({"items/a.yaml": f"items:\n  - id: a\n    type: text\n    stem: |2\n{body}"})


@given(st.one_of(st.text(characters, max_size=30), st.text("abc .,-+=1)(:;'\"/#>~|", max_size=12)))
@example("1. x")
@example("- x")
@example("#")
@example("a|b")
@example("   ")
@example("---")
def test_what_passes_for_plain_words_is_plain_words_to_the_parser(text: str) -> None:
    """The short cut around the parser changes nothing."""
    if not WORDS.match(text) or not text:
        return
    reader = MarkdownReader(None, SourceFile("x", text), Diagnostics())  # type: ignore[arg-type]
    node = Scalar(text, reader.file.span(0))
    quick = reader.read(node)
    slow = tuple(TreeBuilder(reader, node).blocks(markdown_parser(False).parse(text)))
    assert quick.blocks == slow == (Paragraph((Text(text),)),)


@given(
    st.text("ab \n\\\"'é𝒳", min_size=1, max_size=20).filter(lambda t: t == t.strip() and t),
    st.sampled_from(["|", '"', "'"]),
    st.data(),
)
def test_every_character_of_a_scalar_has_its_place(
    text: str, style: str, data: st.DataObject
) -> None:
    """Written in any style, a character of the value is found where it stands in the file."""
    if style == "|":
        source = "key: |\n" + "".join(f"  {line}\n" for line in text.split("\n"))
    elif style == '"':
        escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        source = f'key: "{escaped}"\n'
    else:
        if "\n" in text:
            return
        source = "key: '" + text.replace("'", "''") + "'\n"
    file = SourceFile("x.yaml", source)
    node = compose(file, Diagnostics())
    scalar = node.entries["key"]  # type: ignore[union-attr]
    assert isinstance(scalar, Scalar)
    position = data.draw(st.integers(0, len(text) - 1))
    if text[position] in " \n":
        return
    span = locate(file, scalar, position)
    found = source.split("\n")[span.line - 1][span.column - 1]
    assert found == text[position] or (style == '"' and found == "\\")
