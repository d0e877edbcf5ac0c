"""The packages of the extra `coursec[draft]`: what is said where they are missing."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

_NEEDED = {
    "pypdfium2", "pptx", "docx", "mammoth", "nbformat", "PIL", "numpy", "llama_index", "ollama",
    "psycopg2", "sqlalchemy", "asyncpg", "pgvector",
}  # fmt: skip


@contextmanager
def needs_draft_extra() -> Iterator[None]:
    """Say which package is missing, and how to install it; exit code 3."""
    try:
        yield
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package not in _NEEDED:
            raise
        click.echo(
            f"The package {package} is not installed. Install what drafting needs: "
            "pip install 'coursec[draft]'",
            err=True,
        )
        sys.exit(3)
