"""Building: quizzes, assignments and targets to files."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from coursec import __version__
from coursec.diagnostics import Diagnostics, Span
from coursec.diagnostics.renderers.records import record
from coursec.engine.files import write_all
from coursec.engine.manifest import NAME, Entry, Manifest, digest
from coursec.model.artifact import Artifact, Output, Typesetting
from coursec.model.assignment import Assignment
from coursec.model.quiz import Quiz
from coursec.targets import Works, name_of

Progress = Callable[[str, int, int], None]
"""Called before each output is made: (its path, how many are done, how many there are)."""


@dataclass(slots=True)
class Written:
    """What a build did."""

    outputs: list[tuple[str, str, bool]] = field(default_factory=list)
    """(target, path below the output folder, whether its bytes changed), in order."""
    removed: list[str] = field(default_factory=list)
    """Outputs of earlier builds that no quiz makes any more."""


def build(
    works: Works,
    targets: Sequence[str],
    out: Path,
    sink: Diagnostics,
    *,
    sources: Mapping[str, str],
    everything: bool = True,
    proven: bool = False,
    progress: Progress = lambda path, done, total: None,
) -> Written | None:
    """Write the outputs of some quizzes and assignments.

    All are made before the first is written; when one fails, the reason is reported, None
    is returned and nothing has changed. `everything` says that nothing of the course was left
    out by choice, so that outputs nobody makes any more are removed. `proven` reads every import
    file back before anything is written; one that does not say what the author wrote is an error.
    """
    old = Manifest.read(out)
    if old is None:
        sink.report(
            "E604",
            f"{out.as_posix()} holds a {NAME} that is not coursec's.",
            _NOWHERE,
            hint="Choose another folder with --out.",
        )
        return None
    made: dict[str, tuple[Entry, Artifact]] = {}
    planned = [
        (target, work, output) for target in targets for work, output in works.outputs_of(target)
    ]
    for number, (target, work, output) in enumerate(planned):
        progress(output.path, number, len(planned))
        if not _inside(out, output.path):
            message = f"{(out / output.path).parent.as_posix()} leads out of the folder."
            sink.report("E604", message, _NOWHERE, hint="Delete the link.")
            return None
        if output.path in made:
            _report_collision(output.path, work, made[output.path][0].quiz, sink)
            continue
        key = output_key(target, output)
        artifact = _finish(output, key, old, out, work, sink)
        if artifact:
            if proven and isinstance(work, Quiz):
                _prove(work, target, artifact, sink)
            entry = Entry(target, name_of(work), key, digest(artifact.data))
            made[artifact.path] = entry, artifact
    if sink.errors:
        return None
    outputs = {path: entry for path, (entry, _) in made.items()}
    stale = _stale(old, outputs, works.names, targets, out, everything)
    manifest = Manifest(outputs, dict(sources), [record(d, lambda path: path) for d in sink])
    files = [(out / artifact.path, artifact.data) for _, artifact in made.values()]
    try:
        changed = write_all([*files, (out / NAME, manifest.text().encode())])
        for path in stale:
            (out / path).unlink(missing_ok=True)
    except OSError as error:
        name = Path(error.filename or out).as_posix()
        sink.report("E604", f"{name} could not be written: {error.strerror}.", _NOWHERE)
        return None
    return Written(
        [(entry.target, path, out / path in changed) for path, (entry, _) in made.items()], stale
    )


def _prove(quiz: Quiz, target: str, artifact: Artifact, sink: Diagnostics) -> None:
    from coursec.proof.prove import can_be_read, prove

    if can_be_read(target):
        prove(quiz, target, artifact.data, sink)


def _inside(out: Path, path: str) -> bool:
    """Tell whether an output lies in the folder itself, not behind a link that leads out of it."""
    return (out / path).resolve().is_relative_to(out.resolve())


def _report_collision(path: str, work: Quiz | Assignment, other: str, sink: Diagnostics) -> None:
    sink.report(
        "E507",
        f"The quizzes `{other}` and `{name_of(work)}` both make {path}."
        if isinstance(work, Quiz)
        else f"`{other}` and the assignment `{work.name}` both make {path}.",
        work.span or _NOWHERE,
        hint="Give one of them another name.",
    )


_NOWHERE = Span("course.yaml")


def output_key(target: str, output: Output) -> str:
    """Return a digest of everything that an output's bytes depend on."""
    head = f"{__version__} {target} {output.path}".encode()
    match output:
        case Artifact():
            return digest(head, output.data)
        case Typesetting():
            engine = version("typst").encode()
            files = [part for name, data in output.files for part in (name.encode(), data)]
            return digest(head, engine, output.source.encode(), *files)


def _finish(
    output: Output, key: str, old: Manifest, out: Path, work: Quiz | Assignment, sink: Diagnostics
) -> Artifact | None:
    """Return the finished output; a paper that has not changed is not set again."""
    if isinstance(output, Artifact):
        return output
    from coursec.targets.pdf import TypesettingError, typeset

    known = old.outputs.get(output.path)
    if known and known.key == key:
        try:
            data = (out / output.path).read_bytes()
        except OSError:
            data = b""
        if digest(data) == known.digest:
            return Artifact(output.path, data)
    try:
        return Artifact(output.path, typeset(output))
    except TypesettingError as error:
        parts = (*work.items, *work.stimuli.values()) if isinstance(work, Quiz) else work.tasks
        part = next((p for p in parts if p.id == error.item_id), None)
        span = (part and part.span) or work.span or _NOWHERE
        sink.report("E603", str(error), span, item=error.item_id)
        return None


def _stale(
    old: Manifest,
    outputs: dict[str, Entry],
    quizzes: set[str],
    targets: Sequence[str],
    out: Path,
    everything: bool,
) -> list[str]:
    """Return the outputs that this build no longer makes; add those that it did not touch.

    Only files that coursec wrote and nobody has changed since are stale.
    """
    stale = []
    for path, entry in old.outputs.items():
        if path in outputs:
            continue
        if not _inside(out, path):
            continue
        try:
            same = digest((out / path).read_bytes()) == entry.digest
        except OSError:
            continue
        if everything or (entry.target in targets and entry.quiz in quizzes):
            if same:
                stale.append(path)
        else:
            outputs[path] = entry
    return stale
