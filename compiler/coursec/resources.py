"""Files that come with the program."""

from __future__ import annotations

from pathlib import Path


def schemas() -> Path:
    """Return the folder of the JSON Schemas: in the installed package, or in a checkout."""
    here = Path(__file__).resolve().parent
    installed = here / "schemas"
    return installed if installed.is_dir() else here.parent.parent / "schemas"
