"""The folder that students start from, as a zip: notebook, script, data, packages, README."""

from __future__ import annotations

from coursec.model.artifact import Artifact
from coursec.model.assignment import Assignment, CodeCell, Handout
from coursec.model.handout import handouts
from coursec.model.quiz import Course
from coursec.targets.assignments.notebook import notebook
from coursec.targets.assignments.words import AssignmentWords, assignment_words, escaped
from coursec.targets.package import pack


def emit(assignment: Assignment, course: Course) -> list[Artifact]:
    """Return `starter/<name>.zip`, whose files lie in a folder of the assignment's name."""
    given, _ = handouts(assignment, course)
    name = assignment.name
    words = assignment_words(assignment.language)
    files = {
        f"{name}/README.md": _readme(given, words).encode(),
        f"{name}/{name}.ipynb": notebook(given),
        f"{name}/{name}.py": script(given).encode(),
        **{f"{name}/{file.name}": file.data for file in assignment.files},
    }
    if assignment.requirements:
        files[f"{name}/requirements.txt"] = "".join(
            f"{line}\n" for line in assignment.requirements
        ).encode()
    return [Artifact(f"starter/{name}.zip", pack(f"{name}/README.md", files))]


def script(handout: Handout) -> str:
    """Return the code of one version as a script, in the cells that editors know by `# %%`."""
    words = assignment_words(handout.assignment.language)
    chunks = [f"# {handout.assignment.title}\n# {handout.course}\n"]
    for number, (task, parts) in enumerate(handout.assignment.sections):
        head = "# %%"
        if task:
            head = f"# %% {words.task.format(number=number)} · {task.title}"
        for cell in (part for part in parts if isinstance(part, CodeCell)):
            chunks.append(f"{head if cell.role != 'test' else f'# %% {words.test}'}\n{cell.code}\n")
    return "\n".join(chunks)


def _readme(handout: Handout, words: AssignmentWords) -> str:
    assignment = handout.assignment
    facts = [handout.course, words.common.count(words.common.points, assignment.points)]
    if assignment.due:
        facts.append(f"{words.due}: {words.date(assignment.due)}")
    lines = [
        f"# {escaped(assignment.title)}",
        "",
        escaped(" · ".join(facts)),
        "",
        f"## {words.readme_start}",
        "",
    ]
    steps = [
        words.readme_notebook.format(file=f"{assignment.name}.ipynb"),
        words.readme_script.format(file=f"{assignment.name}.py"),
        words.readme_gaps,
        words.readme_tests,
    ]
    if assignment.requirements:
        command = "pip install -r requirements.txt"
        steps.insert(0, words.readme_install.format(command=command))
    lines += [f"- {step}" for step in steps]
    head = words.task.format(number="").strip()
    lines += ["", f"| {head} | | {words.points} |", "|---|---|--:|"]
    for number, task in enumerate(assignment.tasks, 1):
        points = words.common.number(task.points)
        title = escaped(task.title).replace("|", "\\|")
        lines.append(f"| {number} | {title} | {points} |")
    if assignment.files:
        lines += ["", f"## {words.files}", ""]
        lines += [f"- `{file.name}` ({len(file.data):,} bytes)" for file in assignment.files]
    hand_in = ", ".join(assignment.accept)
    if assignment.max_files > 1:
        hand_in = words.hand_in_many.format(count=assignment.max_files, types=hand_in)
    return "\n".join([*lines, "", f"{words.hand_in}: {hand_in}", ""])
