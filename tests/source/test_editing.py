"""Laws of editing: only what is meant changes, letter by letter."""

from __future__ import annotations

import difflib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coursec.diagnostics import Diagnostics
from coursec.model.items import Item
from coursec.source.editing import encoded, own_text, with_fields, with_own_text
from coursec.source.layout import Prose, Value
from coursec.source.nodes import compose, data
from coursec.source.workspace import SourceFile
from coursec.source.writing import bank_text
from itemstrategies import banks, words

pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")

REVIEW: dict[str, Value] = {"decision": "accepted", "by": Prose("me: #1", strict=True)}
ACCEPT: dict[tuple[str | int, ...], Value] = {
    ("status",): "approved",
    ("provenance", "review"): REVIEW,
}


def meaning(text: str) -> object:
    sink = Diagnostics()
    node = compose(SourceFile("", text), sink)
    assert node is not None
    assert not sink.errors
    return data(node)


def changed_lines(old: str, new: str) -> list[str]:
    rows = difflib.ndiff(old.split("\n"), new.split("\n"))
    return [row for row in rows if row[:1] in "+-"]


BANK = """\
# A bank.
items:
  # About a.
  - id: a            # the first
    type: short_answer
    stem: |
      Say   it.
      # no comment
    status: draft    # not yet
    answers: [A]
    provenance:      # where from
      drafter: extractive
      evidence:
        - {slide: l#one, digest: 0123456789ab}   # a slide
      drafted: 2026-11-25
    # a comment below

  # About b.
  - {id: b, type: short_answer, stem: "B?", answers: [B],}   # flow

  - id: c
    type: short_answer
    stem: >+
      kept

    provenance: {drafter: ollama, review: {decision: rejected, by: x}}
# The end.
"""


def test_a_decision_changes_its_own_lines_only() -> None:
    new = with_fields(BANK, "a", ACCEPT)
    assert new is not None
    assert changed_lines(BANK, new) == [
        "-     status: draft    # not yet",
        "+     status: approved    # not yet",
        "+       review:",
        "+         decision: accepted",
        '+         by: "me: #1"',
    ]


def test_an_item_in_braces_is_changed_inside_them() -> None:
    new = with_fields(BANK, "b", ACCEPT)
    assert new is not None
    assert changed_lines(BANK, new)[1] == (
        '+   - {id: b, type: short_answer, stem: "B?", answers: [B], status: approved, '
        'provenance: {review: {decision: accepted, by: "me: #1"}}}   # flow'
    )


def test_a_decision_replaces_the_last_one() -> None:
    new = with_fields(BANK, "c", ACCEPT)
    assert new is not None
    assert changed_lines(BANK, new) == [
        "+     status: approved",
        "-     provenance: {drafter: ollama, review: {decision: rejected, by: x}}",
        '+     provenance: {drafter: ollama, review: {decision: accepted, by: "me: #1"}}',
    ]


def test_a_block_is_replaced_whole_and_a_scalar_in_its_line() -> None:
    first = with_fields(BANK, "a", ACCEPT)
    assert first is not None
    new = with_fields(first, "a", {("provenance", "review"): {"decision": "edited"}})
    assert new is not None
    assert changed_lines(first, new) == [
        "-         decision: accepted",
        "+         decision: edited",
        '-         by: "me: #1"',
    ]
    digest: dict[tuple[str | int, ...], Value] = {
        ("provenance", "evidence", 0, "digest"): Prose("ffffffffffff", strict=True)
    }
    new = with_fields(BANK, "a", digest)
    assert new is not None
    assert changed_lines(BANK, new) == [
        "-         - {slide: l#one, digest: 0123456789ab}   # a slide",
        "+         - {slide: l#one, digest: ffffffffffff}   # a slide",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "items:\n  - &x {id: a, type: t}\n  - *x\n",
        "items:\n  - {id: a, type: t}\n  - {id: a, type: t}\n",
        "items:\n  - id: a\n    type: t\n    status: &s draft\n    notes: *s\n",
        "x: &p {drafter: ollama}\nitems:\n  - id: a\n    type: t\n    provenance: *p\n",
        "items:\n  - {id: a, type: t # comment\n    }\n",
        "items: [a\n",
        "items:\n  - id: b\n    type: t\n",
    ],
)
def test_what_cannot_be_changed_safely_is_not(text: str) -> None:
    assert with_fields(text, "a", ACCEPT) is None


def test_an_item_written_into_a_quiz_is_found() -> None:
    quiz = "quiz: q\nsections:\n  - items:\n      - one\n      - id: a\n        type: t\n"
    new = with_fields(quiz, "a", {("status",): "retired"})
    assert new == quiz + "        status: retired\n"


def test_an_item_is_taken_out_and_put_back() -> None:
    own = own_text(BANK, "a")
    assert own is not None
    assert own.startswith("- id: a            # the first\n  type: short_answer\n")
    assert own.endswith("    drafted: 2026-11-25\n")
    assert with_own_text(BANK, "a", own) == BANK
    new = with_own_text(BANK, "a", "- id: z\n  stem: |\n    a\n\n    b\n")
    assert new is not None
    assert "  - id: z\n    stem: |\n      a\n\n      b\n    # a comment below\n" in new
    assert own_text(BANK, "b") is None
    assert with_own_text(BANK, "a", "- id: z\nx: 1\n") is None


@given(banks(), st.data(), words)
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_whatever_a_bank_holds_only_the_decision_changes(
    bank: list[Item], chosen: st.DataObject, by: str
) -> None:
    text = bank_text(bank, lambda asset: asset.path)
    item = chosen.draw(st.sampled_from(bank))
    review: dict[str, Value] = {"decision": "accepted", "by": Prose(by, strict=True)}
    new = with_fields(text, item.id, {("status",): "draft", ("provenance", "review"): review})
    assert new is not None
    before, after = meaning(text), meaning(new)
    for old_one, new_one in zip(before["items"], after["items"], strict=True):  # type: ignore[index]
        if new_one["id"] != item.id:
            assert old_one == new_one
        else:
            assert new_one["status"] == "draft"
            assert new_one["provenance"]["review"] == {"decision": "accepted", "by": by}
    own = own_text(text, item.id)
    assert own is not None
    assert with_own_text(text, item.id, own) == text


@given(
    st.lists(st.sampled_from(["a", "b # c", "", "  x"]), min_size=1, max_size=8),
    st.lists(st.sampled_from(["\n", "\r\n", "\r"]), min_size=8, max_size=8),
    st.booleans(),
    st.booleans(),
    st.integers(0, 7),
)
def test_lines_that_do_not_change_keep_their_ends(
    lines: list[str], ends: list[str], mark: bool, last: bool, place: int
) -> None:
    raw = "".join(line + end for line, end in zip(lines, ends, strict=False))
    if last and raw.endswith(("\r", "\n")) and lines[-1]:
        raw = raw.rstrip("\r\n")
    old = (b"\xef\xbb\xbf" if mark else b"") + raw.encode()
    text = raw.replace("\r\n", "\n").replace("\r", "\n")
    assert encoded(text, old) == old
    rows = text.split("\n")
    at = place % len(rows)
    if at == len(rows) - 1:
        return
    rows[at] = "new line"
    made = encoded("\n".join(rows), old).decode("utf-8-sig")
    assert made.replace("\r\n", "\n").replace("\r", "\n") == "\n".join(rows)
    untouched = [i for i in range(len(rows)) if i != at]
    was, now = old.decode("utf-8-sig").splitlines(keepends=True), made.splitlines(keepends=True)
    assert all(was[i] == now[i] for i in untouched if i < len(was))
