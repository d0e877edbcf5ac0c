"""What a target makes."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Artifact:
    """One output file, complete."""

    path: str
    """Path below the output folder, with forward slashes, such as `gift/week-4.gift.txt`."""
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Typesetting:
    """One paper before it is set: the engine sets it only when it has changed."""

    path: str
    """Path of the PDF below the output folder, such as `pdf/week-4.pdf`."""
    source: str = field(repr=False)
    """A Typst document."""
    files: tuple[tuple[str, bytes], ...] = field(default=(), repr=False)
    """The images that the document names: (name, bytes), sorted by name."""
    items: tuple[tuple[int, str], ...] = field(default=(), repr=False)
    """(line of the source at which an item begins, item id), ascending."""


Output = Artifact | Typesetting
