"""Workflow commands, read as the runner's documentation says they are read."""

from __future__ import annotations

from hypothesis import given

from coursec.diagnostics import Diagnostic, Span
from coursec.diagnostics.renderers import Run, render, sentence
from findings import finding, runs


def commands(text: str) -> list[tuple[str, dict[str, str], str]]:
    """Read `::name key=value,key=value::data`, one command a line."""
    found = []
    for line in text.replace("\r", "\n").split("\n"):
        if not line:
            continue
        assert line.startswith("::")
        head, separator, data = line[2:].partition("::")
        assert separator
        name, _, properties = head.partition(" ")
        pairs = dict(pair.split("=", 1) for pair in properties.split(","))
        values = {key: decoded(value, "%3A", "%2C") for key, value in pairs.items()}
        found.append((name, values, decoded(data)))
    return found


def decoded(text: str, *more: str) -> str:
    for code in ("%0D", "%0A", *more, "%25"):
        text = text.replace(code, chr(int(code[1:], 16)))
    return text


@given(run=runs())
def test_each_finding_is_one_command_that_says_it(run: Run) -> None:
    read = commands(render("github", run))
    assert len(read) == len(tuple(run.found))
    for (name, values, data), d in zip(read, run.found, strict=True):
        assert name == {"error": "error", "warning": "warning", "note": "notice"}[d.severity.value]
        assert data == sentence(d)
        assert values["file"] == d.span.path
        assert values["title"] == f"{d.code} {d.name}"
        assert (values["line"], values["endLine"]) == (str(d.span.line), str(d.span.end_line))
        assert ("col" in values) is ("endColumn" in values) is (d.span.line == d.span.end_line)


def test_the_command_is_as_documented() -> None:
    d = finding("W601", "100 % lost: a, b.", span=Span("items/a, b: c.yaml", 3, 5, 3, 9))
    assert render("github", Run((d,))) == (
        "::warning file=items/a%2C b%3A c.yaml,line=3,endLine=3,col=5,endColumn=9,"
        "title=W601 lost::100 %25 lost: a, b.\n"
    )


def test_a_message_with_line_ends_stays_one_command() -> None:
    d = Diagnostic("E103", "one\ntwo\r\n::error::three", Span("a"), "four\n")
    ((name, _, data),) = commands(render("github", Run((d,))))
    assert (name, data) == ("error", "one two  ::error::three four ")
