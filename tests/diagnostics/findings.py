"""Findings of any kind, for laws about renderers."""

from __future__ import annotations

from hypothesis import strategies as st

from coursec.diagnostics import CODES, Diagnostic, Span
from coursec.diagnostics.renderers import Run
from strategies import hostile, texts

# Messages quote what authors wrote; an import quotes what others wrote.
_WORDS = st.one_of(
    texts,
    st.text(max_size=20),
    st.lists(
        st.one_of(
            hostile, st.sampled_from(["\n", "\r", "%0A", "::error::", "[a](b)", "{0}", "]]>"])
        ),
        max_size=6,
    ).map("".join),
)
_PATHS = st.sampled_from(
    ["course.yaml", "items/a.yaml", "items/b c: ü,%.yaml", "quizzes/#1?.yaml", "../over/x.yaml"]
)


@st.composite
def spans(draw: st.DrawFn) -> Span:
    """Return a place; the end is not before the start."""
    line, column = draw(st.integers(1, 9)), draw(st.integers(1, 99))
    end = line + draw(st.integers(0, 1))
    after = column + draw(st.integers(0, 9)) if end == line else draw(st.integers(1, 9))
    return Span(draw(_PATHS), line, column, end, after)


def findings() -> st.SearchStrategy[Diagnostic]:
    """Return one finding of any code."""
    return st.builds(
        Diagnostic,
        code=st.sampled_from(sorted(CODES)),
        message=_WORDS,
        span=spans(),
        hint=_WORDS,
        item=st.one_of(st.none(), st.sampled_from(["one", "two"])),
    )


def runs() -> st.SearchStrategy[Run]:
    """Return a run with some findings and some files."""
    return st.builds(
        Run,
        found=st.lists(findings(), max_size=6).map(tuple),
        files=st.sampled_from([(), ("course.yaml",), ("course.yaml", "items/z.yaml")]),
        strict=st.booleans(),
    )


def finding(code: str, message: str = "Something is wrong.", **fields: object) -> Diagnostic:
    """Return a finding with the fields that a test is about."""
    span = fields.pop("span", Span("items/a.yaml", 4, 11, 4, 15))
    return Diagnostic(code, message, span, **fields)  # type: ignore[arg-type]
