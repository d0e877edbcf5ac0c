"""Review: what is shown of an item, and that a decision changes nothing else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coursec.checks.provenance import states
from coursec.diagnostics import Diagnostics
from coursec.drafting.review.desk import Desk, Trial
from coursec.drafting.review.proof import evidence
from coursec.drafting.review.rows import Row, painted
from coursec.drafting.review.sheet import key, sheet
from coursec.drafting.review.waiting import of_quiz, reasons, waiting
from coursec.model.items import ITEM_TYPES, Item, TextItem
from coursec.model.quiz import Slide
from coursec.model.slides import digest_of
from coursec.source.course import read_course
from courses import write_course
from itemstrategies import items

pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")

AT = "2026-11-26T10:00:00+00:00"
SLIDE = "- Working memory holds about four chunks.\n- It is short."
SAME = digest_of(Slide(id="working", title="Working memory", text=SLIDE))
LECTURE = f"---\ntitle: Memory\n---\n\n## Working memory {{#working}}\n\n{SLIDE}\n"
BANK = f"""\
# Drafts, by hand and otherwise.
items:
  - id: span        # the first
    type: cloze
    text: Working memory holds about {{{{number}}}} chunks.
    gaps:
      number: {{answers: [four, 4]}}
    source: [memory#working]
    status: draft   # to be decided
    provenance:
      drafter: extractive
      evidence:
        - slide: memory#working
          digest: {SAME}
          quote: Working memory holds about four chunks.
      drafted: 2026-11-25

  # A comment that stays.
  - {{id: other, type: short_answer, stem: "Which store is short?", answers: [working memory]}}
"""


def course(folder: Path, bank: str = BANK, lecture: str = LECTURE, **more: str) -> Desk:
    files: dict[str, str | bytes] = {"items/drafts.yaml": bank, "lectures/memory.md": lecture}
    files |= {name.replace("__", "/") + ".yaml": text for name, text in more.items()}
    return Desk(write_course(folder, files))


def shown(lines: list[Row]) -> str:
    return painted(lines, lambda text, style: text)


def proof(desk: Desk, name: str = "span") -> str:
    return shown(evidence(desk.bank.items[name], desk.slides, desk.bank, 80))


def bank_of(folder: Path) -> str:
    return (folder / "items/drafts.yaml").read_text("utf-8")


# Decisions


def test_who_accepts_an_item_approves_it_and_is_kept(tmp_path: Path) -> None:
    desk = course(tmp_path)
    assert desk.accept("span", "me", AT) is None
    assert desk.bank.items["span"].status == "approved"
    assert bank_of(tmp_path) == BANK.replace("status: draft ", "status: approved ").replace(
        "      drafted: 2026-11-25\n",
        "      drafted: 2026-11-25\n      review:\n        decision: accepted\n        by: me\n"
        f"        at: {AT}\n",
    )
    assert waiting(desk.bank) == []


def test_who_rejects_an_item_retires_it_with_the_reason(tmp_path: Path) -> None:
    desk = course(tmp_path)
    assert desk.reject("span", "me", AT, "Disputed: #4") is None
    item = desk.bank.items["span"]
    assert item.status == "retired"
    assert item.provenance
    assert item.provenance.review
    assert item.provenance.review.reason == "Disputed: #4"
    assert not [d for d in desk.sink if d.code.startswith("W97")]
    assert desk.accept("span", "you", AT) is None
    assert desk.bank.items["span"].status == "approved"


def test_an_item_of_a_person_gets_a_review_only(tmp_path: Path) -> None:
    desk = course(tmp_path)
    assert desk.accept("other", "me", AT) is None
    assert f"provenance: {{review: {{decision: accepted, by: me, at: {AT}" in bank_of(
        tmp_path
    ).replace('"', "")


def test_the_courses_default_is_no_obstacle(tmp_path: Path) -> None:
    folder = write_course(
        tmp_path,
        {
            "course.yaml": "course: T\ntitle: T\ndefaults: {status: draft}\n",
            "items/drafts.yaml": BANK.replace("    status: draft   # to be decided\n", ""),
            "lectures/memory.md": LECTURE,
        },
    )
    desk = Desk(folder)
    assert desk.accept("span", "me", AT) is None
    assert desk.bank.items["span"].status == "approved"
    assert "    status: approved\n    provenance:" in bank_of(folder)


def test_what_somebody_else_has_written_is_not_overwritten(tmp_path: Path) -> None:
    desk = course(tmp_path)
    theirs = BANK.replace("chunks.\n    gaps", "CHUNKS.\n    gaps")
    (tmp_path / "items/drafts.yaml").write_text(theirs, "utf-8")
    fault = desk.accept("span", "me", AT)
    assert fault is not None
    assert fault.code == "E976"
    assert bank_of(tmp_path) == theirs
    assert desk.accept("span", "me", AT) is None  # it has been read again


def test_what_cannot_be_changed_safely_is_left_alone(tmp_path: Path) -> None:
    bank = "items:\n  - {id: span, type: short_answer, stem: Which?, answers: [a] # why\n    }\n"
    desk = course(tmp_path, bank)
    fault = desk.accept("span", "me", AT)
    assert fault is not None
    assert fault.code == "E975"
    assert bank_of(tmp_path) == bank


def test_line_ends_and_the_mode_of_the_file_stay(tmp_path: Path) -> None:
    course(tmp_path)
    path = tmp_path / "items/drafts.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + BANK.replace("\n", "\r\n").encode())
    path.chmod(0o640)
    desk = Desk(tmp_path)
    assert desk.accept("span", "me", AT) is None
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf#")
    assert data.count(b"\r\n") == data.count(b"\n") == BANK.count("\n") + 4
    assert path.stat().st_mode & 0o777 == 0o640
    assert [p.name for p in path.parent.iterdir()] == ["drafts.yaml"]


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = course(tmp_path)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    fault = desk.accept("span", "me", AT)
    assert fault is not None
    assert (fault.code, fault.message) == (
        "E604",
        "The file could not be written: No space left on device.",
    )
    assert bank_of(tmp_path) == BANK


# Slides that change

CHANGED = LECTURE.replace("about four", "only three")
MOVED = LECTURE.replace("{#working}", "{#short-term}")
GONE = LECTURE.replace("Working memory {#working}", "Another")


def test_a_stale_item_shows_what_has_become_of_its_quote(tmp_path: Path) -> None:
    desk = course(tmp_path, lecture=CHANGED)
    assert reasons(desk.bank.items["span"], desk.slides, desk.bank) == ["draft", "stale"]
    assert states(desk.bank).stale == ("span",)
    assert proof(desk) == (
        "memory#working  Working memory\n"
        "  STALE: The slide has changed since the item was written.\n"
        "  Quoted: Working memory holds about four chunks.\n"
        "  Now:    Working memory holds [-about four-] {+only three+} chunks."
    )


def test_a_quote_stands_marked_in_its_surroundings(tmp_path: Path) -> None:
    desk = course(tmp_path)
    assert proof(desk) == (
        "memory#working  Working memory\n"
        "  > - Working memory holds about four chunks.\n"
        "    - It is short."
    )


def test_who_accepts_a_stale_item_accepts_the_slide_of_today(tmp_path: Path) -> None:
    desk = course(tmp_path, lecture=LECTURE.replace("It is short", "It is brief"))
    assert [d.code for d in desk.findings("span")] == ["W971"]
    assert desk.accept("span", "me", AT) is None
    assert desk.findings("span") == []
    assert "quote: Working memory holds about four chunks." in bank_of(tmp_path)
    assert SAME not in bank_of(tmp_path)


def test_a_quote_that_is_gone_is_left_out_when_the_item_is_accepted(tmp_path: Path) -> None:
    desk = course(tmp_path, lecture=CHANGED)
    assert desk.accept("span", "me", AT) is None
    assert desk.findings("span") == []
    assert "quote" not in bank_of(tmp_path)
    assert "slide: memory#working" in bank_of(tmp_path)


def test_a_slide_that_has_moved_is_followed(tmp_path: Path) -> None:
    desk = course(tmp_path, lecture=MOVED)
    assert "STALE: The slide is now memory#short-term." in proof(desk)
    assert "> - Working memory holds about four chunks." in proof(desk)
    assert desk.accept("span", "me", AT) is None
    assert desk.findings("span") == []
    item = desk.bank.items["span"]
    assert item.source == ("memory#short-term",)
    assert item.provenance
    assert item.provenance.evidence[0].slide == "memory#short-term"
    assert item.provenance.evidence[0].quote


def test_evidence_of_a_slide_that_is_gone_is_left_out(tmp_path: Path) -> None:
    desk = course(tmp_path, lecture=GONE)
    assert "STALE: The slide is gone." in proof(desk)
    assert desk.accept("span", "me", AT) is None
    item = desk.bank.items["span"]
    assert item.provenance
    assert item.provenance.evidence == ()
    assert item.provenance.drafter == "extractive"


def test_a_rejected_item_keeps_its_evidence(tmp_path: Path) -> None:
    desk = course(tmp_path, lecture=CHANGED)
    assert desk.reject("span", "me", AT, "Old.") is None
    assert "quote: Working memory holds about four chunks." in bank_of(tmp_path)
    assert states(desk.bank).stale == ()


# Editing


def test_an_edited_item_is_compiled_before_it_is_written(tmp_path: Path) -> None:
    desk = course(tmp_path)
    own = desk.text_to_edit("span")
    assert own is not None
    trial = desk.try_out("span", own.replace("about {{number}}", "at most {{number}}"))
    assert isinstance(trial, Trial)
    assert trial.sound
    assert bank_of(tmp_path) == BANK
    assert desk.take(trial, "me", AT) is None
    text = bank_of(tmp_path)
    assert "holds at most {{number}}" in text
    assert "decision: edited" in text
    assert "status: approved   # to be decided" in text
    assert "  # A comment that stays.\n" in text


def test_an_edit_with_mistakes_is_not_sound(tmp_path: Path) -> None:
    desk = course(tmp_path)
    own = desk.text_to_edit("span")
    assert own is not None
    trial = desk.try_out("span", own.replace("{{number}}", "{{count}}"))
    assert isinstance(trial, Trial)
    assert not trial.sound
    assert {d.code for d in trial.findings} == {"E405", "E406"}
    for text, said in (
        ("- id: a\n  type: [\n", "well-formed"),
        (own + own, "not one item"),
        ("nothing", "not one item"),
        ("", "comments"),
        (own.replace("- id: span", "- id: other"), ""),
    ):
        result = desk.try_out("span", text)
        if said:
            assert isinstance(result, str), text
            assert said in result
        else:
            assert isinstance(result, Trial)
            assert "E404" in {d.code for d in result.findings}
            assert not result.sound


def test_an_item_may_get_another_id(tmp_path: Path) -> None:
    desk = course(tmp_path)
    own = desk.text_to_edit("span")
    assert own is not None
    trial = desk.try_out("span", own.replace("- id: span", "- id: chunks"))
    assert isinstance(trial, Trial)
    assert trial.sound
    assert desk.take(trial, "me", AT) is None
    assert list(desk.bank.items) == ["chunks", "other"]


# The queue


def test_what_waits(tmp_path: Path) -> None:
    bank = BANK + (
        "  - {id: seen, type: short_answer, stem: A?, answers: [a], provenance: "
        "{drafter: ollama, review: {decision: accepted, by: me, at: 2026-01-01T00:00Z}}}\n"
        "  - {id: unseen, type: short_answer, stem: B?, answers: [b], provenance: "
        "{drafter: ollama}}\n"
        "  - {id: against, type: short_answer, stem: C?, answers: [c], provenance: "
        "{review: {decision: rejected, by: me, at: 2026-01-01T00:00Z, reason: No}}}\n"
        "  - {id: old, type: short_answer, stem: D?, answers: [d], status: retired}\n"
    )
    quiz = "quiz: q\ntitle: Q\nsections:\n  - items: [s*, other]\n  - {from: {tags: [x]}}\n"
    desk = course(tmp_path, bank, quizzes__q=quiz)
    found = {item.id: reasons(item, desk.slides, desk.bank) for item in waiting(desk.bank)}
    assert found == {"span": ["draft"], "unseen": ["unreviewed"], "against": ["rejected"]}
    spec = desk.bank.quizzes["q"]
    assert [item.id for item in of_quiz(desk.bank.items.values(), spec)] == [
        "span",
        "other",
        "seen",
    ]


def test_the_drafts_of_a_quiz_belong_to_it(tmp_path: Path) -> None:
    quiz = "quiz: q\ntitle: Q\nsections:\n  - items: [other]\n"
    folder = write_course(
        tmp_path,
        {
            "items/q-drafts.yaml": BANK.replace("id: other", "id: another"),
            "items/own.yaml": BANK.split("\n", 1)[0]
            + "\nitems:\n  - {id: other, type: short_answer, stem: A?, answers: [a]}\n",
            "lectures/memory.md": LECTURE,
            "quizzes/q.yaml": quiz,
        },
    )
    desk = Desk(folder)
    found = of_quiz(desk.bank.items.values(), desk.bank.quizzes["q"])
    assert {item.id for item in found} == {"span", "another", "other"}


# The sheet

GOLDEN = Path(__file__).parents[1] / "golden/course"


def test_every_item_of_the_golden_course_is_shown(
    file_regression: pytest.FixtureRequest,
) -> None:
    bank = read_course(GOLDEN, Diagnostics())
    parts = []
    for item in bank.items.values():
        stimulus = bank.items.get(item.stimulus or "")
        text = stimulus if isinstance(stimulus, TextItem) else None
        parts.append(f"== {item.id} ({item.kind})\n{shown(sheet(item, text, 80))}")
        parts.append(shown(key(item, 80)))
    file_regression.check("\n\n".join(parts) + "\n", extension=".txt", encoding="utf-8")  # type: ignore[attr-defined]


@given(items(ITEM_TYPES), st.integers(30, 120))
@settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_no_item_moves_the_terminal(item: Item, columns: int) -> None:
    for lines in (sheet(item, None, columns), key(item, columns)):
        for line in lines:
            text = "".join(piece for piece, _ in line)
            assert text.isprintable(), text


def test_an_item_with_mistakes_is_not_accepted(tmp_path: Path) -> None:
    desk = course(
        tmp_path, BANK.replace("    status: draft", "    stimulus: gone\n    status: draft", 1)
    )
    before = bank_of(tmp_path)
    fault = desk.accept("span", "me", AT)
    assert fault
    assert fault.code == "E502"
    assert bank_of(tmp_path) == before


def test_an_id_that_stands_in_two_files_is_not_accepted(tmp_path: Path) -> None:
    desk = course(tmp_path, items__twin=BANK)
    fault = desk.accept("span", "me", AT)
    assert fault
    assert fault.code == "E404"
    assert bank_of(tmp_path) == BANK


def test_an_item_whose_slide_is_gone_is_fresh_when_it_is_accepted(tmp_path: Path) -> None:
    desk = course(tmp_path)
    (gone,) = desk.bank.items["span"].source or ("",)
    desk = course(
        tmp_path, lecture="---\ntitle: Memory\n---\n\n## Other {#other}\n\nOther words.\n"
    )
    assert [d.code for d in desk.findings("span") if d.code in ("W505", "W971")]
    assert desk.accept("span", "me", AT) is None
    assert not [d.code for d in desk.findings("span") if d.code in ("W505", "W971")]
    assert gone not in desk.bank.items["span"].source
