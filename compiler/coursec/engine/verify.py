"""Verifying an output folder: every file says what the course says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from coursec.diagnostics import Diagnostics, Span
from coursec.engine.build import output_key
from coursec.engine.manifest import Manifest, digest
from coursec.model.assignment import Assignment
from coursec.model.quiz import Quiz
from coursec.proof.prove import can_be_read, output_path, prove
from coursec.targets import Works


@dataclass(slots=True)
class Verified:
    """What was verified."""

    read: list[str] = field(default_factory=list)
    """Outputs that were read back and compared."""
    sealed: list[str] = field(default_factory=list)
    """Papers, notebooks and folders whose bytes were made from the present sources."""


def verify(works: Works, targets: Sequence[str], out: Path, sink: Diagnostics) -> Verified:
    """Compare what lies in an output folder with the course; mistakes go into the sink.

    Import files are read back. A paper cannot be, nor can what is made of an assignment: it is
    right when the manifest says that these very bytes were made from what the course makes today.
    """
    done = Verified()
    manifest = Manifest.read(out) or Manifest()
    for target in targets:
        if can_be_read(target):
            for quiz in works.quizzes_of(target):
                path = output_path(target, quiz)
                if (data := _bytes(path, out, quiz, sink)) is not None:
                    prove(quiz, target, data, sink)
                    done.read.append(path)
            continue
        for work, output in works.outputs_of(target):
            data = _bytes(output.path, out, work, sink)
            if data is None:
                continue
            entry = manifest.outputs.get(output.path)
            if entry and entry.key == output_key(target, output) and entry.digest == digest(data):
                done.sealed.append(output.path)
            else:
                _missing(f"{output.path} was not made from these sources.", work, sink)
    return done


def _bytes(path: str, out: Path, quiz: Quiz | Assignment, sink: Diagnostics) -> bytes | None:
    try:
        return (out / path).read_bytes()
    except OSError as error:
        _missing(f"{(out / path).as_posix()} cannot be read: {error.strerror}.", quiz, sink)
        return None


def _missing(message: str, quiz: Quiz | Assignment, sink: Diagnostics) -> None:
    hint = "Run `coursec build` first."
    sink.report("E612", message, quiz.span or Span("course.yaml"), hint=hint)
