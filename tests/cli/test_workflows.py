"""What `coursec init` writes for CI and for commits, run as CI and git would run it.

The workflow is parsed as it was written, and its commands run in order with bash in a fresh clone
of the new course. Two things are put in place of what CI has: the step that installs coursec is
left out, since the coursec under test is on the PATH already; and what an action of GitHub's
would do (check out, keep a folder, upload a folder) is done or asserted here.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from coursec.scaffold import new_course

ROOT = Path(__file__).parents[2]
INSTALL = "python -m pip install -r requirements.txt"
BANK = "content/items/averages.yaml"
QUIZ = "content/quizzes/averages.yaml"
FILES = {"github": ".github/workflows/coursec.yml", "gitlab": ".gitlab-ci.yml"}

pytestmark = pytest.mark.skipif(
    not (shutil.which("git") and shutil.which("bash")), reason="git or bash is missing"
)


class Step(NamedTuple):
    name: str
    exit_code: int
    output: str


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with the coursec under test on its PATH, and git without the user's settings."""
    programs = tmp_path / "bin"
    programs.mkdir()
    coursec = programs / "coursec"
    coursec.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m coursec "$@"\n')
    coursec.chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "compiler"))
    for name in [name for name in os.environ if name.startswith(("GIT_", "PRE_COMMIT"))]:
        monkeypatch.delenv(name)
    settings = tmp_path / "gitconfig"
    settings.write_text("[user]\nname = Author\nemail = author@example.org\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path / "pre-commit"))
    return tmp_path


def execute(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=folder, check=False, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )  # fmt: skip


def repository(folder: Path, ci: str | None, edits: dict[str, tuple[str, str]]) -> Path:
    """Make a new course, as its README says put it under version control, and edit it."""
    course = folder / "course"
    for path, data in new_course("Intro", "I-1", "en", ci).items():
        (course / path).parent.mkdir(parents=True, exist_ok=True)
        (course / path).write_bytes(data)
    for path, (old, new) in edits.items():
        text = (course / path).read_text("utf-8")
        assert old in text
        (course / path).write_text(text.replace(old, new), "utf-8")
    readme = (course / "README.md").read_text("utf-8")
    commands = readme.partition("## To start\n")[2].partition("\n## ")[0].strip().splitlines()
    assert len(commands) == 3
    for command in commands:
        assert execute(course, "bash", "-c", command).returncode == 0
    return course


def clone(course: Path, name: str) -> Path:
    target = course.parent / name
    assert execute(course.parent, "git", "clone", "--quiet", str(course), name).returncode == 0
    return target


def parsed(course: Path, ci: str) -> dict[str, Any]:
    # "on" is a word here, as it is for GitHub.
    found = yaml.load((course / FILES[ci]).read_text("utf-8"), yaml.BaseLoader)
    assert isinstance(found, dict)
    return found


def shell(folder: Path, name: str, script: str) -> Step:
    """Run a script as the CIs do: with bash, which ends at the first command that fails."""
    ran = execute(folder, "bash", "-e", "-o", "pipefail", "-c", script)
    return Step(name, ran.returncode, ran.stdout)


def run_github(course: Path, cache: Path, name: str = "clone") -> tuple[list[Step], Path]:
    """Run the workflow; return the steps that ran, and the clone that it ran in."""
    folder = course.parent / name
    steps: list[Step] = []
    kept: Path | None = None
    for step in parsed(course, "github")["jobs"]["course"]["steps"]:
        if "run" in step:
            if step["run"] != INSTALL:
                steps.append(shell(folder, step.get("name", step["run"]), step["run"]))
                if steps[-1].exit_code:
                    return steps, folder
            continue
        action, _, version = step["uses"].partition("@")
        assert re.fullmatch(r"v\d+", version)
        options = step["with"]
        match action:
            case "actions/checkout":
                clone(course, name)
            case "actions/setup-python":
                assert options["cache"] == "pip"
                assert (folder / "requirements.txt").exists()  # what that cache is keyed on
            case "actions/cache":
                kept = folder / options["path"]
                if cache.is_dir():
                    shutil.copytree(cache, kept)
            case "actions/upload-artifact":
                uploaded = folder / options["path"]
                assert any(path.is_file() for path in uploaded.rglob("*.pdf"))
                steps.append(Step(f"upload {options['path']}", 0, ""))
            case _:
                pytest.fail(f"{action} is not known here")
    assert kept is not None
    shutil.copytree(kept, cache, dirs_exist_ok=True)
    return steps, folder


def run_gitlab(course: Path) -> tuple[list[Step], dict[str, Path]]:
    """Run the jobs by stage, each in a clone of its own, which are returned by job."""
    pipeline = parsed(course, "gitlab")
    jobs = {name: job for name, job in pipeline.items() if isinstance(job, dict) and "stage" in job}
    assert pipeline["default"]["before_script"] == [INSTALL]
    steps: list[Step] = []
    folders: dict[str, Path] = {}
    for name, job in sorted(
        jobs.items(), key=lambda pair: pipeline["stages"].index(pair[1]["stage"])
    ):
        folders[name] = clone(course, f"job-{name}")
        steps.append(shell(folders[name], name, "\n".join(job["script"])))
        artifacts = job["artifacts"]
        if steps[-1].exit_code == 0 or artifacts.get("when") == "always":
            reports = artifacts.get("reports", {})
            assert set(reports.values()) <= set(artifacts["paths"])
            assert all((folders[name] / path).exists() for path in artifacts["paths"])
        if steps[-1].exit_code:
            break
    return steps, folders


MISTAKE = {BANK: ("    answer: 66\n", "    answr: 66\n")}
LOSS = {QUIZ: ("# time_limit: 30 min", "time_limit: 30 min")}


def line_of(course: Path, path: str, words: str) -> int:
    lines = (course / path).read_text("utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if words in line)


def test_github_a_clean_course_is_built_and_uploaded(environment: Path) -> None:
    course = repository(environment, "github", {})
    steps, folder = run_github(course, environment / "cache")
    assert [(step.name, step.exit_code) for step in steps] == [
        ("Check", 0),
        ("Build", 0),
        ("upload build", 0),
    ]
    assert "::" not in steps[0].output
    assert "Built and verified 5 files: no errors, no warnings." in steps[1].output
    assert "(unchanged)" not in steps[1].output
    assert (folder / "build/moodle/averages.xml").exists()
    # Nothing that was built is taken for a change of the course.
    assert execute(folder, "git", "status", "--porcelain").stdout == ""


def test_github_a_second_run_makes_nothing_again(environment: Path) -> None:
    course = repository(environment, "github", {})
    run_github(course, environment / "cache")
    steps, _ = run_github(course, environment / "cache", "again")
    assert steps[1].output.count("(unchanged)") == 5


def test_github_a_mistake_fails_the_check_and_is_annotated(environment: Path) -> None:
    course = repository(environment, "github", MISTAKE)
    steps, folder = run_github(course, environment / "cache")
    assert [(step.name, step.exit_code) for step in steps] == [("Check", 1)]
    (annotation,) = (x for x in steps[0].output.splitlines() if "answr" in x)
    properties, _, message = annotation.removeprefix("::error ").partition("::")
    found = dict(pair.split("=", 1) for pair in properties.split(","))
    assert found["file"] == BANK
    assert found["line"] == str(line_of(course, BANK, "answr:"))
    assert message.startswith("The key `answr` is not known here.")
    assert not (folder / "build").exists()


def test_github_a_warning_is_annotated_and_fails_the_build(environment: Path) -> None:
    course = repository(environment, "github", LOSS)
    steps, folder = run_github(course, environment / "cache")
    assert [(step.name, step.exit_code) for step in steps] == [("Check", 0), ("Build", 1)]
    assert f"::warning file={QUIZ},line=" in steps[0].output
    assert "Nothing was written: 1 warning." in steps[1].output
    assert not (folder / "build").exists()


def test_github_the_workflow_may_do_no_more_than_it_must(environment: Path) -> None:
    workflow = parsed(repository(environment, "github", {}), "github")
    assert workflow["permissions"] == {"contents": "read"}
    assert set(workflow["on"]) == {"push", "pull_request"}
    for event in workflow["on"].values():
        assert event["paths"] == ["content/**", "requirements.txt", FILES["github"]]


def test_github_the_steps_that_are_commented_out_work(environment: Path) -> None:
    """They are steps when their `# ` goes, and the file that they upload is made."""
    course = repository(environment, "github", MISTAKE)
    source = (course / FILES["github"]).read_text("utf-8")
    head, _, rest = source.rpartition("has code scanning:\n")
    text = head + "has code scanning:\n" + re.sub("(?m)^      # ", "      ", rest)
    extra = yaml.safe_load(text)["jobs"]["course"]["steps"][-2:]
    assert [step["if"] for step in extra] == ["always()", "always()"]
    assert shell(course, "sarif", extra[0]["run"]).exit_code == 1
    results = json.loads((course / extra[1]["with"]["sarif_file"]).read_text("utf-8"))
    places = [
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for result in results["runs"][0]["results"]
    ]
    assert BANK in places


def test_gitlab_a_clean_course_is_built(environment: Path) -> None:
    course = repository(environment, "gitlab", {})
    steps, folders = run_gitlab(course)
    assert [(step.name, step.exit_code) for step in steps] == [("check", 0), ("build", 0)]
    assert json.loads((folders["check"] / "gl-code-quality-report.json").read_bytes()) == []
    assert (folders["build"] / "build/moodle/averages.xml").exists()


def test_gitlab_a_mistake_is_in_both_reports(environment: Path) -> None:
    course = repository(environment, "gitlab", MISTAKE)
    steps, folders = run_gitlab(course)
    assert [(step.name, step.exit_code) for step in steps] == [("check", 1)]
    line = line_of(course, BANK, "answr:")
    assert f"{BANK}:{line}:5" in steps[0].output  # a person reads it in the job's log
    report = json.loads((folders["check"] / "gl-code-quality-report.json").read_bytes())
    (finding,) = (x for x in report if "answr" in x["description"])
    assert finding["location"]["path"] == BANK
    assert finding["location"]["lines"]["begin"] == line
    junit = ET.parse(folders["check"] / "junit.xml")
    assert any("answr" in ET.tostring(e, "unicode") for e in junit.iter("failure"))


@pytest.mark.skipif(not find_spec("check_jsonschema"), reason="check-jsonschema is missing")
@pytest.mark.parametrize(
    ("ci", "schema"), [("github", "vendor.github-workflows"), ("gitlab", "vendor.gitlab-ci")]
)
def test_the_workflow_is_valid_against_its_published_schema(
    environment: Path, ci: str, schema: str
) -> None:
    course = repository(environment, ci, {})
    program = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema]
    extra = ["--data-transform", "gitlab-ci"] if ci == "gitlab" else []
    checked = execute(course, *program, *extra, FILES[ci])
    assert checked.returncode == 0, checked.stdout
    broken = course / "broken.yml"
    text = (course / FILES[ci]).read_text("utf-8")
    broken.write_text(
        text.replace("runs-on:", "run-on:").replace("expire_in:", "expires:"), "utf-8"
    )
    assert execute(course, *program, *extra, "broken.yml").returncode == 1


PRE_COMMIT = [sys.executable, "-m", "pre_commit"]
needs_pre_commit = pytest.mark.skipif(not find_spec("pre_commit"), reason="pre-commit is missing")


@needs_pre_commit
def test_the_hook_that_others_use_is_valid() -> None:
    checked = execute(ROOT, *PRE_COMMIT, "validate-manifest", ".pre-commit-hooks.yaml")
    assert checked.returncode == 0, checked.stdout


def test_the_hook_that_others_use_runs_for_files_of_a_course() -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    for path in ("content/course.yaml", "course.yaml", BANK, QUIZ, "a/b/media/x.png"):
        assert re.search(hook["files"], path)
    for path in ("README.md", "my-course.yaml", "docs/items.md"):
        assert not re.search(hook["files"], path)


def change(course: Path, old: str, new: str) -> None:
    text = (course / BANK).read_text("utf-8")
    assert old in text
    (course / BANK).write_text(text.replace(old, new), "utf-8")
    assert execute(course, "git", "add", ".").returncode == 0


def assert_the_hook_refuses(course: Path) -> None:
    change(course, "answer: 66", "answr: 66")
    refused = execute(course, "git", "commit", "--message", "A mistake")
    assert refused.returncode == 1
    assert "error[E201] The key `answr` is not known here." in refused.stdout
    change(course, "answr: 66", "answer: 65")
    assert execute(course, "git", "commit", "--message", "Another answer").returncode == 0


@needs_pre_commit
def test_pre_commit_refuses_a_commit_with_a_mistake(environment: Path) -> None:
    course = repository(environment, None, {})
    assert execute(course, *PRE_COMMIT, "validate-config").returncode == 0
    assert execute(course, *PRE_COMMIT, "install").returncode == 0
    assert_the_hook_refuses(course)
    # What is no part of the course is none of its business.
    (course / "notes.txt").write_text("…")
    execute(course, "git", "add", ".")
    assert "Skipped" in execute(course, "git", "commit", "--message", "Notes").stdout


def test_the_plain_hook_of_the_readme_refuses_a_commit_with_a_mistake(environment: Path) -> None:
    course = repository(environment, None, {})
    readme = (course / "README.md").read_text("utf-8")
    (block,) = re.findall(r"(?m)^    printf .*\n    chmod .*$", readme)
    assert shell(course, "install", re.sub("(?m)^    ", "", block)).exit_code == 0
    assert_the_hook_refuses(course)
