"""Assignments: papers and the items in which they are handed in."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from assignment_files import FILES, SOURCE, bank_of, made, notebooks, work_of
from coursec.assembly.hand_in import hand_in
from coursec.cli import main
from coursec.diagnostics import Diagnostics
from coursec.model.artifact import Artifact
from coursec.model.assignment import Assignment
from coursec.model.items import Essay, FileUpload
from coursec.model.quiz import Bank, Quiz
from coursec.model.text import plain
from coursec.targets import emitter
from coursec.targets.assignments.paper import _theme
from coursec.targets.pdf import typeset
from courses import write_course
from pdf_reader import reader, tags, text


@pytest.fixture
def bank(tmp_path: Path) -> Bank:
    return bank_of(tmp_path)


@pytest.fixture
def work(bank: Bank) -> Assignment:
    return work_of(bank)


# Papers


@pytest.fixture
def papers(work: Assignment, bank: Bank) -> dict[str, bytes]:
    return {path: typeset(paper) for path, paper in made(work, bank, "pdf").items()}


def test_the_handout_says_what_is_to_be_done(papers: dict[str, bytes]) -> None:
    said = text(papers["pdf/count-words-handout.pdf"])
    assert "2 tasks · 10 points · Due: 20 March 2026, 23:59" in said
    assert "Builds on 3. Words & counts (Zipf's law)" in said.replace("’", "'")
    assert "Task 1 · Count" in said
    assert "raise NotImplementedError" in said
    assert "Right (6 points): all of it" in said
    assert "Solution" not in said


def test_the_solution_says_so(papers: dict[str, bytes]) -> None:
    pdf = papers["pdf/count-words-solution.pdf"]
    assert str(reader(pdf).metadata.title) == "T-1 – Counting words – Solution"  # type: ignore[union-attr]
    said = text(pdf)
    assert "return dict(Counter(words).most_common())" in said
    assert "They join the other words" in said
    assert "HIDDEN TEST" in said
    assert "NotImplementedError" not in said


def test_papers_are_tagged_and_accessible(papers: dict[str, bytes]) -> None:
    for pdf in papers.values():
        metadata = reader(pdf).trailer["/Root"]["/Metadata"].get_object().get_data().decode()  # type: ignore[index]
        assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
        roles = [tag.role for tag in tags(pdf)]
        assert {"/H1", "/H2", "/Code", "/Table", "/TH", "/Formula", "/Figure"} <= set(roles)
        assert roles.count("/H2") == 2


def test_code_is_coloured_and_readable(work: Assignment, bank: Bank) -> None:
    """Every colour of code has a contrast of 6:1 on the tint below it; WCAG AA asks for 4.5."""
    paper = made(work, bank, "pdf")["pdf/count-words-handout.pdf"]
    content = reader(typeset(paper)).pages[0].get_contents().get_data().decode("latin-1")  # type: ignore[union-attr]
    colours = set(re.findall(r"#([0-9a-f]{6})", _theme())) - {"ffffff"}
    assert len(colours) >= 6

    def light(value: str) -> float:
        parts = [int(value[i : i + 2], 16) / 255 for i in (0, 2, 4)]
        linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    tint = light("f6f6f6")
    assert all((tint + 0.05) / (light(colour) + 0.05) >= 6 for colour in colours)
    used = {tuple(row) for row in re.findall(r"([\d.]+) ([\d.]+) ([\d.]+) scn?\b", content)}
    assert len(used) >= 4


def test_a_paper_that_cannot_be_set_names_the_task(tmp_path: Path) -> None:
    source = (
        "---\ntitle: T\n---\n\n## One {#one points=1}\n\nDo it.\n\n## Two {#two points=1}\n\n漢\n"
    )
    course = write_course(tmp_path / "c", {"assignments/a.md": source})
    result = CliRunner().invoke(main, ["build", str(course), "--format", "concise"])
    assert result.exit_code == 1
    assert "assignments/a.md:9:1: error[E603] No font of the paper has" in result.output


def test_headings_anywhere_skip_no_level(tmp_path: Path) -> None:
    source = "---\ntitle: T\n---\n\n### Read this first\n\nText.\n\n#### And this\n\nText.\n\n"
    source += "## One {#one points=1}\n\n##### Deep\n\nText.\n\n> [!HINT]\n> ###### Deeper\n"
    bank = bank_of(tmp_path, {"assignments/a.md": source})
    for paper in made(bank.assignments["a"], bank, "pdf").values():
        roles = [tag.role for tag in tags(typeset(paper)) if tag.role.startswith("/H")]
        assert roles == ["/H1", "/H2", "/H3", "/H2", "/H3", "/H3"]


# Hand-in items


def handed_in(work: Assignment, bank: Bank) -> Quiz:
    sink = Diagnostics()
    quiz = hand_in(work, bank, sink)
    assert not list(sink)
    return quiz


def test_files_and_words_are_handed_in_apart(work: Assignment, bank: Bank) -> None:
    quiz = handed_in(work, bank)
    upload, essay = quiz.items
    assert isinstance(upload, FileUpload)
    assert isinstance(essay, Essay)
    assert (upload.id, essay.id) == ("count-words-files", "count-words-explain")
    assert (upload.points, essay.points) == (6, 4)
    assert upload.accept == (".ipynb", ".py", ".zip")
    assert essay.stem.blocks == (
        *plain("Look at your counts.").blocks,
        *plain("Why are a few words so frequent?").blocks,
    )
    assert essay.sample_answer is None
    assert [row.criterion for row in essay.rubric] == ["Done"]


def test_several_tasks_are_handed_in_together(tmp_path: Path) -> None:
    task = "## {} {{#{} points=1}}\n\nDo it.\n\n### Rubric\n\n"
    task += "| Criterion | Points |\n|---|--:|\n| Done | 1 |\n\n"
    source = "---\ntitle: T\nhand_in: {accept: [.pdf], max_files: 2}\n---\n\n"
    source += task.format("One", "one") + task.format("Two", "two")
    bank = bank_of(tmp_path, {"assignments/a.md": source})
    (upload,) = handed_in(bank.assignments["a"], bank).items
    assert isinstance(upload, FileUpload)
    assert (upload.points, upload.max_files, upload.accept) == (2, 2, (".pdf",))
    assert [row.criterion for row in upload.rubric] == ["One: Done", "Two: Done"]


def test_several_questions_are_numbered_and_hints_left_out(tmp_path: Path) -> None:
    source = "---\ntitle: T\n---\n\n## One {#one points=1}\n\n> [!QUESTION]\n> Why?\n\n"
    source += "> [!HINT]\n> Think.\n\n> [!QUESTION]\n> How?\n"
    bank = bank_of(tmp_path, {"assignments/a.md": source})
    (essay,) = handed_in(bank.assignments["a"], bank).items
    assert [block.start for block in essay.stem.blocks] == [1, 2]  # type: ignore[union-attr]
    (output,) = emitter("moodle")(handed_in(bank.assignments["a"], bank))
    assert isinstance(output, Artifact)
    assert b"Think" not in output.data


def test_moodle_shows_the_rubric_to_graders_only(work: Assignment, bank: Bank) -> None:
    (output,) = emitter("moodle")(handed_in(work, bank))
    assert isinstance(output, Artifact)
    xml = output.data.decode()
    upload = xml[xml.index("<idnumber>count-words-files") :].partition("</question>")[0]
    assert "<attachments>1</attachments>" in upload
    assert "<filetypeslist>.ipynb,.py,.zip</filetypeslist>" in upload
    assert "all of it" in upload.partition("<graderinfo")[2].partition("</graderinfo>")[0]


def test_german_assignments_speak_german(tmp_path: Path) -> None:
    source = SOURCE.replace("title: Counting words\n", "title: Wörter\nlanguage: de\n")
    bank = bank_of(tmp_path, {**FILES, "assignments/count-words.md": source})
    work = bank.assignments["count-words"]
    said = text(typeset(made(work, bank, "pdf")["pdf/count-words-handout.pdf"]))
    assert "2 Aufgaben · 10 Punkte · Abgabe: 20. März 2026, 23:59 Uhr" in said
    assert "Aufgabe 1 · Count" in said
    assert "Ihre Antwort" in str(notebooks(work, bank)[0])
    assert handed_in(work, bank).items[0].title == "Wörter: Ihre Dateien"
