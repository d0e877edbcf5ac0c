"""Packages of whole courses, against the official schemas and the checks beside them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from coursec.targets.qti21 import emit
from courses import read
from generate import generate

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("COURSEC_SHARED", ROOT.parent / "shared"))
VALIDATOR = SHARED / "qti-check/validate.py"


@pytest.mark.skipif(not VALIDATOR.is_file(), reason="needs shared/qti-check beside the project")
@pytest.mark.parametrize("name", ["golden", "sample", "bank"])
def test_no_package_has_a_finding(name: str, tmp_path: Path) -> None:
    courses = {"golden": ROOT / "tests/golden/course", "sample": ROOT / "content"}
    course = courses.get(name) or generate(tmp_path, 1000)[0]
    packages = []
    for quiz in read(course)[1]:
        (artifact,) = emit(quiz)
        packages.append(tmp_path / Path(artifact.path).name)
        packages[-1].write_bytes(artifact.data)
    done = subprocess.run(
        [sys.executable, str(VALIDATOR), "--strict", *map(str, packages)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:]
    assert "total problems: 0" in done.stdout or " 0 errors, 0 warnings" in done.stdout
