"""`coursec schema`."""

from __future__ import annotations

from pathlib import Path

import click

from coursec.engine.files import write_all
from coursec.resources import schemas


@click.command()
@click.argument("name", required=False)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write all schemas into this folder, for an editor to use.",
)
def schema(name: str | None, out: Path | None) -> None:
    """Print the JSON Schema of a kind of file or of an item type.

    Without NAME, list what there is: bank, quiz, course, lecture, and item/TYPE.
    """
    folder = schemas()
    known = {
        path.relative_to(folder).as_posix().removesuffix(".schema.json"): path
        for path in sorted(folder.rglob("*.schema.json"))
    }
    if out:
        try:
            write_all((out / p.relative_to(folder), p.read_bytes()) for p in known.values())
        except OSError as error:
            raise click.FileError(str(out), error.strerror or "") from error
        click.echo(f"Wrote {len(known)} schemas to {out.as_posix()}.")
    elif name is None:
        click.echo("\n".join(known))
    elif name in known:
        click.echo(known[name].read_text("utf-8"), nl=False)
    else:
        raise click.UsageError(f"There is no schema {name}. Known: {', '.join(known)}.")
