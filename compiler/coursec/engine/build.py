"""Building: quizzes and targets to files."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from coursec import __version__
from coursec.diagnostics import Diagnostics, Span
from coursec.diagnostics.render import record
from coursec.engine.files import write
from coursec.engine.manifest import NAME, Entry, Manifest, digest
from coursec.model.artifact import Artifact, Output, Typesetting
from coursec.model.quiz import Quiz
from coursec.targets import emitter

Progress = Callable[[str], None]
"""Called with the path of each output before it is made."""


@dataclass(slots=True)
class Written:
    """What a build did."""

    outputs: list[tuple[str, str, bool]] = field(default_factory=list)
    """(target, path below the output folder, whether its bytes changed), in order."""
    removed: list[str] = field(default_factory=list)
    """Outputs of earlier builds that no quiz makes any more."""


def build(
    quizzes: Sequence[Quiz],
    targets: Sequence[str],
    out: Path,
    sink: Diagnostics,
    *,
    sources: Mapping[str, str],
    everything: bool = True,
    progress: Progress = lambda path: None,
) -> Written | None:
    """Write the outputs of some quizzes.

    All are made before the first is written; when one fails, the reason is reported, None
    is returned and nothing has changed. `everything` says that `quizzes` are all of the
    course, so that outputs of quizzes that are gone are removed.
    """
    old = Manifest.read(out)
    made: list[tuple[Entry, Artifact]] = []
    for target in targets:
        emit = emitter(target)
        for quiz in quizzes:
            for output in emit(quiz):
                progress(output.path)
                key = _key(target, output)
                artifact = _finish(output, key, old, out, quiz, sink)
                if artifact:
                    entry = Entry(target, quiz.id, key, digest(artifact.data))
                    made.append((entry, artifact))
    if sink.errors:
        return None
    written = Written()
    for entry, artifact in made:
        try:
            changed = write(out / artifact.path, artifact.data)
        except OSError as error:
            sink.report(
                "E604", f"{artifact.path} could not be written: {error.strerror}.", _NOWHERE
            )
            continue
        written.outputs.append((entry.target, artifact.path, changed))
    if sink.errors:
        return None
    outputs = {artifact.path: entry for entry, artifact in made}
    _sweep(old, outputs, {quiz.id for quiz in quizzes}, targets, out, everything, written)
    manifest = Manifest(outputs, dict(sources), [record(d, lambda path: path) for d in sink])
    try:
        write(out / NAME, manifest.text().encode())
    except OSError as error:
        sink.report("E604", f"{NAME} could not be written: {error.strerror}.", _NOWHERE)
        return None
    return written


_NOWHERE = Span("course.yaml")


def _key(target: str, output: Output) -> str:
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
    output: Output, key: str, old: Manifest, out: Path, quiz: Quiz, sink: Diagnostics
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
        item = next((i for i in quiz.items if i.id == error.item_id), None)
        span = (item and item.span) or quiz.span or _NOWHERE
        sink.report("E603", str(error), span, item=error.item_id)
        return None


def _sweep(
    old: Manifest,
    outputs: dict[str, Entry],
    quizzes: set[str],
    targets: Sequence[str],
    out: Path,
    everything: bool,
    written: Written,
) -> None:
    """Keep what this build did not touch, remove what it no longer makes.

    Only files that coursec wrote and nobody has changed since are removed.
    """
    for path, entry in old.outputs.items():
        if path in outputs:
            continue
        gone = entry.target in targets and (everything or entry.quiz in quizzes)
        file = out / path
        try:
            same = digest(file.read_bytes()) == entry.digest
        except OSError:
            continue
        if not gone:
            outputs[path] = entry
        elif same:
            file.unlink()
            written.removed.append(path)
