"""The sample course's assignment: built, valid, true to its promise, and run where torch is."""

from __future__ import annotations

import re
import shutil
import zipfile
from importlib.util import find_spec
from pathlib import Path

import nbclient
import nbformat
import pytest
from click.testing import CliRunner

from coursec.checks.leaks import own_lines
from coursec.cli import main
from coursec.diagnostics import Diagnostics
from coursec.source.course import read_course
from targets.pdf_reader import pages

CONTENT = Path(__file__).parents[1] / "content"
NAME = "word2vec"
needs_torch = pytest.mark.skipif(
    not (find_spec("torch") and find_spec("matplotlib")),
    reason="the sample's extra is not installed: pip install -e '.[sample]'",
)


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("sample") / "build"
    result = CliRunner().invoke(
        main, ["build", str(CONTENT), "--quiz", NAME, "--out", str(out), "--verify"]
    )
    assert result.exit_code == 0, result.output
    return out


def test_everything_that_is_handed_out_is_there(out: Path) -> None:
    made = {p.relative_to(out).as_posix() for p in out.rglob(f"{NAME}*")}
    assert made == {
        f"canvas/{NAME}-hand-in.zip",
        f"moodle/{NAME}-hand-in.xml",
        f"notebook/{NAME}-solution.ipynb",
        f"notebook/{NAME}-starter.ipynb",
        f"pdf/{NAME}-handout.pdf",
        f"pdf/{NAME}-solution.pdf",
        f"qti21/{NAME}-hand-in.zip",
        f"starter/{NAME}.zip",
    }


def test_the_notebooks_are_valid(out: Path) -> None:
    for path in (out / "notebook").iterdir():
        nbformat.validate(nbformat.read(path, as_version=4))


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_no_line_of_the_solution_is_in_any_starter(out: Path) -> None:
    work = read_course(CONTENT, Diagnostics()).assignments[NAME]
    lines = [squeezed(line) for line in own_lines(work)]
    assert len(lines) > 30
    notebook = nbformat.read(out / f"notebook/{NAME}-starter.ipynb", as_version=4)
    given = "\n".join(cell.source for cell in notebook.cells)
    handout = " ".join(pages((out / f"pdf/{NAME}-handout.pdf").read_bytes()))
    for path in [*out.glob(f"*/{NAME}-hand-in.*"), *out.glob("starter/*.zip")]:
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                given += "\n".join(archive.read(n).decode() for n in archive.namelist())
        else:
            given += path.read_text("utf-8")
    shown = squeezed(given) + squeezed(handout)
    assert [line for line in lines if line in shown] == []
    solved = squeezed(" ".join(pages((out / f"pdf/{NAME}-solution.pdf").read_bytes())))
    assert [line for line in lines if line in solved]


@needs_torch
def test_the_solution_notebook_runs_from_top_to_bottom(out: Path, tmp_path: Path) -> None:
    shutil.copy(CONTENT / f"assignments/{NAME}/old-harbour.txt", tmp_path)
    notebook = nbformat.read(out / f"notebook/{NAME}-solution.ipynb", as_version=4)
    resources = {"metadata": {"path": str(tmp_path)}}
    nbclient.NotebookClient(notebook, timeout=300, resources=resources).execute()
    plots = [
        output
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if "image/png" in output.get("data", {})
    ]
    assert len(plots) == 1


@needs_torch
def test_the_sample_is_proven_by_running_it() -> None:
    result = CliRunner().invoke(main, ["check", str(CONTENT), "--run", "--time-limit", "300"])
    assert result.exit_code == 0, result.output
    assert f"ran  {NAME}: 14 cells of the solution, 16 tests proven" in result.output
