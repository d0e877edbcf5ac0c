"""Assignments: notebooks and the folder that students start from."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import nbclient
import pytest
from nbclient.exceptions import CellExecutionError

from assignment_files import SOLUTION, bank_of, made, notebooks, work_of
from coursec.model.assignment import Assignment
from coursec.model.quiz import Bank
from coursec.targets.pdf import typeset
from pdf_reader import text


@pytest.fixture
def bank(tmp_path: Path) -> Bank:
    return bank_of(tmp_path)


@pytest.fixture
def work(bank: Bank) -> Assignment:
    return work_of(bank)


# Notebooks


def test_notebooks_are_named_after_their_version(work: Assignment, bank: Bank) -> None:
    assert list(made(work, bank, "notebook")) == [
        "notebook/count-words-starter.ipynb",
        "notebook/count-words-solution.ipynb",
    ]


def test_cells_are_named_after_tasks(work: Assignment, bank: Bank) -> None:
    starter, solution = notebooks(work, bank)
    assert [cell.id for cell in starter.cells] == [
        "_about",
        "_text-1",
        "_starter-1",
        "count",
        "count_text-1",
        "count_hint-1",
        "count_starter-1",
        "count_test-1",
        "explain",
        "explain_text-1",
        "explain_question-1",
        "explain_answer-1",
    ]
    assert [cell.id for cell in solution.cells[6:9]] == [
        "count_solution-1",
        "count_test-1",
        "count_test-2",
    ]


def test_a_question_gets_a_field_to_answer_in(work: Assignment, bank: Bank) -> None:
    starter, solution = notebooks(work, bank)
    field = starter.cells[-1]
    assert (field.cell_type, field.metadata.tags) == ("markdown", ["answer"])
    assert field.source == "**Your answer**\n\n*Write your answer here.*"
    assert solution.cells[-1].source.endswith("They join the other words of a sentence.")
    assert "Write your answer" not in str(solution)


def test_cells_say_what_is_needed(work: Assignment, bank: Bank) -> None:
    about = notebooks(work, bank)[0].cells[0].source
    assert about.startswith("# Counting words\n")
    assert "10 points · Due: 20 March 2026, 23:59" in about
    assert "- Builds on: 3. Words & counts (Zipf's law)" in about
    assert "- Files: `corpus.txt`" in about
    assert "- Packages: `numpy`, `matplotlib>=3.8`" in about


def test_images_are_inside_of_the_notebook(work: Assignment, bank: Bank) -> None:
    cell = notebooks(work, bank)[0].cells[1]
    ((name, attachment),) = cell.attachments.items()
    assert f"![A dot](attachment:{name})" in cell.source
    assert list(attachment) == ["image/png"]


def test_markdown_stays_what_it_is(work: Assignment, bank: Bank) -> None:
    cell = notebooks(work, bank)[0].cells[4]
    assert cell.source == (
        "Write `count`, so that $c_w$ is the number of times that $w$ occurs.\n\n"
        "```text\nan example that is not run\n```"
    )


def run(notebook: Any, folder: Path) -> Any:
    resources = {"metadata": {"path": str(folder)}}
    return nbclient.NotebookClient(notebook, timeout=60, resources=resources).execute()


def test_the_solution_runs_from_top_to_bottom(work: Assignment, bank: Bank, tmp_path: Path) -> None:
    (tmp_path / "corpus.txt").write_text("a b a")
    done = run(notebooks(work, bank)[1], tmp_path)
    counts = [cell.execution_count for cell in done.cells if cell.cell_type == "code"]
    assert counts == [1, 2, 3, 4]


def test_the_starter_stops_where_its_first_test_asks_for_the_gap(
    work: Assignment, bank: Bank, tmp_path: Path
) -> None:
    (tmp_path / "corpus.txt").write_text("a b a")
    starter = notebooks(work, bank)[0]
    with pytest.raises(CellExecutionError, match="NotImplementedError"):
        run(starter, tmp_path)
    failed = [
        c for c in starter.cells if any(o.output_type == "error" for o in c.get("outputs", ()))
    ]
    assert [cell.id for cell in failed] == ["count_test-1"]


def test_long_names_make_valid_cells(tmp_path: Path) -> None:
    name = "-".join(["ten-signs"] * 4)
    source = f"---\ntitle: T\n---\n\n## One {{#{name} points=1}}\n\n> [!QUESTION]\n> Why?\n"
    bank = bank_of(tmp_path, {"assignments/a.md": source})
    starter, _ = notebooks(bank.assignments["a"], bank)
    assert max(len(cell.id) for cell in starter.cells) <= 64


def test_what_an_author_writes_is_text(tmp_path: Path) -> None:
    title = "A *title* with `code`, <b>, $5$, #let x, | and [links](http://a.b)"
    heading = "A \\<b>, \\$5\\$, #let x, | and [links](http://a.b)"
    source = f"---\ntitle: {json.dumps(title)}\n---\n\n## {heading} {{#one points=1}}\n\nDo it.\n"
    bank = bank_of(tmp_path, {"assignments/a.md": source})
    work = bank.assignments["a"]
    assert work.title == title
    about = notebooks(work, bank)[0].cells[0].source.split("\n")[0]
    assert (
        about
        == "# A \\*title\\* with \\`code\\`, \\<b>, \\$5\\$, #let x, | and [links\\](http://a.b)"
    )
    for paper in made(work, bank, "pdf").values():
        assert "#let x" in text(typeset(paper))


# The starter folder


def unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_starter_folder_holds_what_students_need(work: Assignment, bank: Bank) -> None:
    (output,) = made(work, bank, "starter").values()
    assert output.path == "starter/count-words.zip"
    files = unpacked(output.data)
    assert list(files) == [
        "count-words/README.md",
        "count-words/corpus.txt",
        "count-words/count-words.ipynb",
        "count-words/count-words.py",
        "count-words/requirements.txt",
    ]
    assert files["count-words/corpus.txt"] == b"a b a\n"
    assert files["count-words/requirements.txt"] == b"numpy\nmatplotlib>=3.8\n"
    notebook = made(work, bank, "notebook")["notebook/count-words-starter.ipynb"]
    assert files["count-words/count-words.ipynb"] == notebook.data
    readme = files["count-words/README.md"].decode()
    assert "pip install -r requirements.txt" in readme
    assert "| 1 | Count | 6 |" in readme


def test_the_script_is_the_code_of_the_notebook(work: Assignment, bank: Bank) -> None:
    (output,) = made(work, bank, "starter").values()
    script = unpacked(output.data)["count-words/count-words.py"].decode()
    compile(script, "script", "exec")
    code = [c.source for c in notebooks(work, bank)[0].cells if c.cell_type == "code"]
    assert all(f"\n{cell}\n" in script for cell in code)
    assert [line for line in script.split("\n") if line.startswith("# %%")] == [
        "# %%",
        "# %% Task 1 · Count",
        "# %% Test",
    ]


def test_nothing_of_the_solution_is_in_the_starter(work: Assignment, bank: Bank) -> None:
    (folder,) = made(work, bank, "starter").values()
    starter = [*unpacked(folder.data).values()]
    starter.append(made(work, bank, "notebook")["notebook/count-words-starter.ipynb"].data)
    starter.append(text(typeset(made(work, bank, "pdf")["pdf/count-words-handout.pdf"])).encode())
    assert not [word for data in starter for word in SOLUTION if word.encode() in data]
    solved = made(work, bank, "notebook")["notebook/count-words-solution.ipynb"].data.decode()
    assert [word for word in SOLUTION if word not in solved] == ["Ask for the type"]
